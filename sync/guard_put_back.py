"""Put right what a guarded write covered, wherever it is by then. Pure."""

from collections.abc import Mapping
from typing import Any

from sync.cells import Tab, text_of
from sync.guard_places import column_now, named_so, row_of, top_text
from sync.guard_shapes import Covered, Outcome, Repair, Touch, Write

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


def given_up(write: Write, outcome: Outcome, tabs: Mapping[int, Tab], reply: bool) -> list[Covered]:
    """Return the known values that a write covered and that cannot be put back, those that stand there again left out.

    Somebody typed there since, perhaps without having seen them; or their row cannot be told any more.
    """
    backs = _uncovered(write, outcome, tabs, reply)
    lost = [repair for repair in outcome.repairs if _place_of(write, repair, tabs, reply) is None]
    found = [
        (repair.column, Covered(
            repair.sheet_id, (repair.id, repair.key), _field_of(write, repair, tabs, reply), repair.value
        ))
        for repair in lost
    ]  # fmt: skip
    for touch in write.touches if write.repair else ():
        if touch not in outcome.landed and _awaited(write, touch, tabs, backs, reply) is None:
            found.append((touch.column, Covered(touch.sheet_id, (touch.key,), touch.field, touch.value)))
    return [item for column, item in found if not _stands(write, item, column, tabs, reply)]


def _stands(write: Write, item: Covered, column: int, tabs: Mapping[int, Tab], reply: bool) -> bool:
    """Tell whether the cell holds a value again, wherever its row and its column are by now."""
    tab = tabs.get(item.sheet_id)
    if tab is None:
        return False
    ids, at = (column_now(write, tab, place, reply) for place in (write.id_columns[str(item.sheet_id)], column))
    if ids is None or at is None:
        return False
    rows = [row for row in range(tab.last_row) if item.rows[0] and tab.text(row, ids) == item.rows[0]]
    return any(tab.text(row, at) == text_of(item.value) for row in rows)


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
        found = _place_of(write, repair, tabs, reply)
        if found:
            tab, (row, column, id_column) = tabs[repair.sheet_id], found
            whose = (repair.id or repair.key, _field_of(write, repair, tabs, reply))
            cells[tab.sheet_id, row, column] = _put(tab, row, column, repair.value, id_column, *whose)
    return cells


def _place_of(write: Write, repair: Repair, tabs: Mapping[int, Tab], reply: bool) -> tuple[int, int, int] | None:
    tab = tabs.get(repair.sheet_id)
    return _cell_now(write, repair, tab, tabs[write.scratch_id], reply) if tab else None


def _cell_now(
    write: Write, repair: Repair, tab: Tab, scratch: Tab, reply: bool
) -> tuple[int, int, int] | None:
    """Return the row, the column and the column of the ids of a covered cell; None when it is to be left alone."""
    then, place = write.id_columns[str(tab.sheet_id)], f"{tab.sheet_id}:{repair.column}"
    id_column = column_now(write, tab, then, reply)
    right = named_so(write, place, scratch, write.copies[place])
    column = _column_of(write, repair, tab, scratch, reply)
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


def _column_of(write: Write, repair: Repair, tab: Tab, scratch: Tab, reply: bool) -> int | None:
    """Return where the column of a covered cell is now, None when nothing tells."""
    place = f"{tab.sheet_id}:{repair.column}"
    if named_so(write, place, scratch, write.copies[place]):
        return column_now(write, tab, repair.column, reply)
    # Another column stood there: it is known by where it was, and later on by the header that was copied with it.
    header = [] if reply else top_text(scratch, write.copies[place])
    named = [at for at in range(tab.column_count) if header and top_text(tab, at) == header]
    return named[0] if len(named) == 1 else column_now(write, tab, repair.column, reply=True)


def _field_of(write: Write, repair: Repair, tabs: Mapping[int, Tab], reply: bool) -> str:
    """Return the field of a covered cell: the one that was to be written, unless another column stood there."""
    tab, scratch, place = tabs.get(repair.sheet_id), tabs[write.scratch_id], f"{repair.sheet_id}:{repair.column}"
    if tab is None or named_so(write, place, scratch, write.copies[place]):
        return repair.field
    column = _column_of(write, repair, tab, scratch, reply)
    return tab.metadata.get(-1 if column is None else column, repair.field)


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
        found = None if touch in outcome.landed else _awaited(write, touch, tabs, uncovered, reply)
        if found:
            tab, (row, column, id_column) = tabs[touch.sheet_id], found
            cells[touch.sheet_id, row, column] = _put(
                tab, row, column, touch.value, id_column, touch.key, touch.field
            )  # fmt: skip
    return cells


def _awaited(
    write: Write, touch: Touch, tabs: Mapping[int, Tab], uncovered: Mapping[Place, Touch], reply: bool
) -> tuple[int, int, int] | None:
    """Return where a value that a repair did not put back is to be, as the others do; None to leave it alone."""
    tab, then = tabs.get(touch.sheet_id), write.id_columns[str(touch.sheet_id)]
    if tab is None:
        return None
    id_column, column = (column_now(write, tab, at, reply) for at in (then, touch.column))
    if id_column is None or column is None:
        return None
    carried = touch.seen if touch.column == then else touch.witness.get(str(then))
    row = row_of(tab, carried, id_column, touch.row)
    if row is None:
        return None
    place = (touch.sheet_id, row, column)
    # The cell may itself have just been covered by another line of this repair.
    held = uncovered[place].value if place in uncovered else tab.raw(row, column)
    return (row, column, id_column) if text_of(held) == touch.seen else None


def _put(
    tab: Tab, row: int, column: int, value: Mapping[str, Any], id_column: int, key: str, field: str
) -> Touch:
    witness = {} if column == id_column else {str(id_column): tab.text(row, id_column)}
    return Touch(tab.sheet_id, row, column, value, tab.text(row, column), witness, key=key, field=field)
