"""The guarded write: one atomic batch that first copies what it is about to cover.

Half a second passes between our read and our write, and the API has no precondition. So the batch
copies the columns it touches, values only, into a hidden tab, then writes, and asks for the copy
back. The copy shows what each cell held at the very instant of the write: whatever a person typed
meanwhile is known, and put back. Pure: builds requests, reads replies, calls nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.cells import Tab, text_of
from sync.guard_copies import reliable, straightened
from sync.guard_requests import column_metadata, free_title, ranges, requests, scratch_tab, tab_of
from sync.guard_shapes import SCRATCH_TITLE, VALUE, NewColumn, NewRow, Outcome, Repair, Touch, Write
from sync.layout import HEADER_ROWS

__all__ = ["SCRATCH_TITLE", "VALUE", "NewColumn", "NewRow", "Outcome", "Repair", "Touch", "Write", "column_metadata",
           "free_title", "lay_out", "origin_after", "put_back", "ranges", "requests", "scratch_tab", "tab_of",
           "verify"]  # fmt: skip

#: A cell: sheetId, row, column.
Place = tuple[int, int, int]
#: Rows copied below the last one read, for lines that people add meanwhile; and rows left out at the end
#: of the grid, so that lines deleted meanwhile do not make the copy reach beyond it.
MARGIN, SLACK = 50, 25


def origin_after(bodies: Iterable[Mapping[str, Any]]) -> int:
    """Return the first column of the hidden tab that is free of writes whose outcome is not known, as kept."""
    return max((body.get("origin", 0) + len(body["copies"]) + 1 for body in bodies), default=0)


def lay_out(write: Write, tabs: Mapping[int, Tab], origin: int = 0) -> None:
    """Give every column that the write touches or relies on its place in the hidden tab, from a column on."""
    write.origin = origin
    for sheet_id in {*write.sheet_ids, *(column.sheet_id for column in write.new_columns)}:
        tab = tabs[sheet_id]
        write.heights[str(sheet_id)] = max(1, tab.last_row, min(tab.row_count - SLACK, tab.last_row + MARGIN))
        write.sizes[str(sheet_id)] = [tab.row_count, tab.column_count]
    relied_on = list(dict.fromkeys(_relied_on(write)))
    for place, (sheet_id, column) in enumerate(relied_on, start=origin + 1):
        write.copies[f"{sheet_id}:{column}"] = place
    added = {(row.sheet_id, int(column)) for row in write.new_rows for column in row.cells}
    _name(write, tabs, {*relied_on, *added})


def _relied_on(write: Write) -> Iterable[tuple[int, int]]:
    for touch in write.touches:
        yield touch.sheet_id, touch.column
        for column in touch.witness:
            yield touch.sheet_id, int(column)
    for sheet_id in write.sheet_ids:
        yield sheet_id, write.id_columns[str(sheet_id)]


def _name(write: Write, tabs: Mapping[int, Tab], columns: Iterable[tuple[int, int]]) -> None:
    """Keep what stands above each column: one inserted beside it before the write arrives is then noticed."""
    rewritten: dict[tuple[int, int], list[str]] = {}
    for touch in write.touches:
        if touch.row == tabs[touch.sheet_id].header_row:
            rewritten.setdefault((touch.sheet_id, touch.column), []).append(text_of(touch.value))
    for sheet_id, column in columns:
        tab = tabs[sheet_id]
        texts = [tab.header(column)] if tab.header_row >= 0 else []
        texts += rewritten.get((sheet_id, column), [])
        write.headers[f"{sheet_id}:{column}"] = [text for text in texts if text]


def _named_so(write: Write, place: str, tab: Tab, column: int) -> bool:
    """Tell whether one of the first cells of a column is still the header that stood there."""
    expected = write.headers.get(place)
    return not expected or any(tab.text(row, column) in expected for row in range(HEADER_ROWS + 1))


def verify(write: Write, tabs: Mapping[int, Tab], reply: bool) -> Outcome:
    """Tell from the hidden copy what the write really did.

    `tabs` is the book after it: in the reply of the very call (`reply`), or in a later read. The
    nonce says whether the copy is this write's own: without it the write did not happen, or not
    yet, and nothing is known of it.
    """
    scratch = tabs.get(write.scratch_id)
    if scratch is None or scratch.text(0, write.origin) != write.nonce:
        return Outcome(unknown=True)
    if not reliable(write, tabs, reply):
        return Outcome(misaligned=True)
    scratch, hidden = straightened(write, tabs) if reply else (scratch, set())
    outcome = Outcome()
    for touch in write.touches:
        if (touch.sheet_id, touch.row) in hidden:
            # Nobody can type where a filter hides the row.
            outcome.landed.append(touch)
            continue
        held = _held(write, scratch, touch.sheet_id, touch.row, touch.column)
        if not _moved(write, scratch, touch) and text_of(held) in (touch.seen, text_of(touch.value)):
            outcome.landed.append(touch)
        elif text_of(held) != text_of(touch.value):
            outcome.repairs.append(_repair(write, scratch, touch, held))
    for row in write.new_rows:
        if _columns_kept(write, row, tabs):
            outcome.appended.append(row)
        elif reply:
            outcome.misplaced.append(row)
    return outcome


def _moved(write: Write, scratch: Tab, touch: Touch) -> bool:
    """Tell whether another row or another column stood where this cell was written."""
    place = f"{touch.sheet_id}:{touch.column}"
    if not _named_so(write, place, scratch, write.copies[place]):
        return True
    return any(
        text_of(_held(write, scratch, touch.sheet_id, touch.row, int(column))) != text
        for column, text in touch.witness.items()
    )


def _columns_kept(write: Write, row: NewRow, tabs: Mapping[int, Tab]) -> bool:
    tab = tabs.get(row.sheet_id)
    return tab is not None and all(
        _named_so(write, f"{row.sheet_id}:{column}", tab, write.shifted(row.sheet_id, int(column)))
        for column in row.cells
    )


def _held(write: Write, scratch: Tab, sheet_id: int, row: int, column: int) -> Mapping[str, Any]:
    return scratch.raw(row + 1, write.copies[f"{sheet_id}:{column}"])


def _repair(write: Write, scratch: Tab, touch: Touch, held: Mapping[str, Any]) -> Repair:
    id_column = write.id_columns[str(touch.sheet_id)]
    carried = text_of(_held(write, scratch, touch.sheet_id, touch.row, id_column))
    return Repair(touch.sheet_id, touch.column, touch.row, carried, held, touch.value)


# -- putting right ------------------------------------------------------------------------------


def put_back(write: Write, outcome: Outcome, tabs: Mapping[int, Tab], reply: bool) -> list[Touch]:
    """Return the cells that put right what a write covered, wherever their rows are now.

    A cell is left alone when it no longer holds what we wrote: somebody has typed there since.
    What a repair did not manage to put back is still to be.
    """
    cells = _uncovered(write, outcome, tabs, reply)
    if write.repair:
        cells |= _unlanded(write, outcome, tabs, cells)
    for new in outcome.misplaced:
        for column in new.cells:
            place = write.shifted(new.sheet_id, int(column))
            touch = Touch(new.sheet_id, new.row, place, {}, text_of(new.cells[column]), {})
            cells[new.sheet_id, new.row, place] = touch
    return list(cells.values())


def _uncovered(write: Write, outcome: Outcome, tabs: Mapping[int, Tab], reply: bool) -> dict[Place, Touch]:
    cells = {}
    for repair in outcome.repairs:
        id_column = write.shifted(repair.sheet_id, write.id_columns[str(repair.sheet_id)])
        column, tab = write.shifted(repair.sheet_id, repair.column), tabs.get(repair.sheet_id)
        # The reply is of the very instant of the write: nothing has moved since.
        row = repair.row if reply or tab is None else _row_now(repair, tab, column, id_column)
        if tab and row is not None and tab.text(row, column) == text_of(repair.written):
            cells[tab.sheet_id, row, column] = _put(tab, row, column, repair.value, id_column)
    return cells


def _unlanded(
    write: Write, outcome: Outcome, tabs: Mapping[int, Tab], uncovered: Mapping[Place, Touch]
) -> dict[Place, Touch]:
    """Return what a repair has still to put back, where its rows are now, unless somebody typed there."""
    cells = {}
    for touch in write.touches:
        tab, id_column = tabs.get(touch.sheet_id), write.id_columns[str(touch.sheet_id)]
        if tab is None or touch in outcome.landed:
            continue
        carried = touch.seen if touch.column == id_column else touch.witness.get(str(id_column))
        row = _row_of(tab, carried, id_column, touch.row)
        if row is None:
            continue
        place = (touch.sheet_id, row, touch.column)
        # The cell may itself have just been covered by another line of this repair.
        held = uncovered[place].value if place in uncovered else tab.raw(row, touch.column)
        if text_of(held) == touch.seen:
            cells[place] = _put(tab, row, touch.column, touch.value, id_column)
    return cells


def _put(tab: Tab, row: int, column: int, value: Mapping[str, Any], id_column: int) -> Touch:
    witness = {} if column == id_column else {str(id_column): tab.text(row, id_column)}
    return Touch(tab.sheet_id, row, column, value, tab.text(row, column), witness)


def _row_now(repair: Repair, tab: Tab, column: int, id_column: int) -> int | None:
    # Our id landed on a row: that row is where the id now stands.
    carried = text_of(repair.written) if column == id_column else repair.id
    return _row_of(tab, carried, id_column, repair.row)


def _row_of(tab: Tab, carried: str | None, id_column: int, otherwise: int) -> int | None:
    """Return where a row is now by the id it carried, None when nothing tells."""
    if carried is None:
        return otherwise
    if not carried:
        # A row without id can only be where it was.
        return None if tab.text(otherwise, id_column) else otherwise
    found = [row for row in range(tab.last_row) if tab.text(row, id_column) == carried]
    return found[0] if len(found) == 1 else (otherwise if otherwise in found else None)
