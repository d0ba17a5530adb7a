"""Put right what a guarded write covered, wherever it is by then. Pure."""

from collections.abc import Mapping
from typing import Any

from sync.cells import Tab, text_of
from sync.guard_places import column_now, named_so, row_of, top_text
from sync.guard_shapes import Outcome, Repair, Touch, Write

#: A cell: sheetId, row, column.
Place = tuple[int, int, int]


def put_back(write: Write, outcome: Outcome, tabs: Mapping[int, Tab], reply: bool) -> list[Touch]:
    """Return the cells that put right what a write covered, wherever their rows and columns are now.

    A cell is left alone when it no longer holds what we wrote: somebody has typed there since.
    What a repair did not manage to put back is still to be.
    """
    cells = _uncovered(write, outcome, tabs, reply)
    if write.repair:
        cells |= _unlanded(write, outcome, tabs, cells, reply)
    for new in outcome.misplaced:
        for column, value in new.cells.items():
            place, written = write.shifted(new.sheet_id, int(column)), text_of(value)
            if reply or (written and tabs[new.sheet_id].text(new.row, place) == written):
                cells[new.sheet_id, new.row, place] = Touch(new.sheet_id, new.row, place, {}, written, {})
    return list(cells.values())


def repairing(write: Write, touches: list[Touch], tabs: Mapping[int, Tab], nonce: str, reply: bool) -> Write:
    """Return the write that carries out what is to be put back, still to be laid out."""
    columns = {}
    for sheet, column in write.id_columns.items():
        tab = tabs.get(int(sheet))
        now = column_now(write, tab, column, reply) if tab else None
        columns[sheet] = write.shifted(int(sheet), column) if now is None else now
    return Write(nonce, write.scratch_id, touches, id_columns=columns, repair=True)


def inherit(repair: Write, write: Write, tabs: Mapping[int, Tab], reply: bool) -> None:
    """Have a repair know its columns: by what the write that it mends knew of them, else by what stands on top."""
    for place, known in repair.headers.items():
        sheet_id, column = map(int, place.split(":"))
        if not known and sheet_id in tabs:
            repair.headers[place] = top_text(tabs[sheet_id], column)
    for place, header in write.headers.items():
        sheet_id, column = map(int, place.split(":"))
        tab = tabs.get(sheet_id)
        now = column_now(write, tab, column, reply) if tab else None
        # Where another column stands by now, what is known of this one is not said of it.
        if tab and now is not None and f"{sheet_id}:{now}" in repair.copies and named_so(write, place, tab, now):
            repair.headers[f"{sheet_id}:{now}"] = header
            if place in write.marks:
                repair.marks[f"{sheet_id}:{now}"] = write.marks[place]


def _uncovered(write: Write, outcome: Outcome, tabs: Mapping[int, Tab], reply: bool) -> dict[Place, Touch]:
    cells = {}
    for repair in outcome.repairs:
        tab = tabs.get(repair.sheet_id)
        found = tab and _cell_now(write, repair, tab, tabs[write.scratch_id], reply)
        if tab and found:
            row, column, id_column = found
            cells[tab.sheet_id, row, column] = _put(tab, row, column, repair.value, id_column)
    return cells


def _cell_now(
    write: Write, repair: Repair, tab: Tab, scratch: Tab, reply: bool
) -> tuple[int, int, int] | None:
    """Return the row, the column and the column of the ids of a covered cell; None when it is to be left alone."""
    then, place = write.id_columns[str(tab.sheet_id)], f"{tab.sheet_id}:{repair.column}"
    id_column = column_now(write, tab, then, reply)
    # Where another column stood, all that is known of it is where it was.
    right = named_so(write, place, scratch, write.copies[place])
    column = column_now(write, tab, repair.column, reply or not right)
    if id_column is None or column is None:
        return None
    written = text_of(repair.written)
    row: int | None = repair.row
    if not reply and not right:
        # Nor were the ids copied: the cell is known by what we wrote in it.
        row = _holding(tab, column, written, repair.row)
    elif not reply:
        # Our id landed on a row: that row is where the id now stands.
        row = row_of(tab, written if repair.column == then else repair.id, id_column, repair.row)
    return None if row is None or tab.text(row, column) != written else (row, column, id_column)


def _holding(tab: Tab, column: int, text: str, otherwise: int) -> int | None:
    """Return the row of a column that holds a text: the one where it was, or the only one."""
    found = [row for row in range(tab.last_row) if tab.text(row, column) == text]
    return otherwise if otherwise in found else found[0] if len(found) == 1 and text else None


def _unlanded(
    write: Write, outcome: Outcome, tabs: Mapping[int, Tab], uncovered: Mapping[Place, Touch], reply: bool
) -> dict[Place, Touch]:
    """Return what a repair has still to put back, where its rows are now, unless somebody typed there."""
    cells = {}
    for touch in write.touches:
        tab, then = tabs.get(touch.sheet_id), write.id_columns[str(touch.sheet_id)]
        if tab is None or touch in outcome.landed:
            continue
        id_column, column = (column_now(write, tab, at, reply) for at in (then, touch.column))
        if id_column is None or column is None:
            continue
        carried = touch.seen if touch.column == then else touch.witness.get(str(then))
        row = row_of(tab, carried, id_column, touch.row)
        if row is None:
            continue
        place = (touch.sheet_id, row, column)
        # The cell may itself have just been covered by another line of this repair.
        held = uncovered[place].value if place in uncovered else tab.raw(row, column)
        if text_of(held) == touch.seen:
            cells[place] = _put(tab, row, column, touch.value, id_column)
    return cells


def _put(tab: Tab, row: int, column: int, value: Mapping[str, Any], id_column: int) -> Touch:
    witness = {} if column == id_column else {str(id_column): tab.text(row, id_column)}
    return Touch(tab.sheet_id, row, column, value, tab.text(row, column), witness)
