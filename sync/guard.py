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
from sync.guard_places import columns_moved, named_so, strayed
from sync.guard_put_back import given_up, inherit, put_back, repairing
from sync.guard_requests import (
    column_metadata,
    forget_writes,
    free_title,
    ranges,
    requests,
    scratch_tab,
    tab_of,
)
from sync.guard_shapes import SCRATCH_TITLE, VALUE, Covered, NewColumn, NewRow, Outcome, Repair, Touch, Write

__all__ = ["SCRATCH_TITLE", "VALUE", "Covered", "NewColumn", "NewRow", "Outcome", "Repair", "Touch", "Write",
           "column_metadata", "columns_moved", "forget_writes", "free_title", "given_up", "inherit", "lay_out",
           "origin_after", "put_back", "ranges", "repairing", "requests", "scratch_tab", "tab_of",
           "verify"]  # fmt: skip

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
        if mark := tabs[sheet_id].metadata.get(column):
            write.marks[f"{sheet_id}:{column}"] = mark
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
        elif row.sheet_id in tabs:
            # In a later read, its columns may have moved before it arrived or since.
            outcome.misplaced += strayed(write, row, tabs[row.sheet_id])
    return outcome


def _moved(write: Write, scratch: Tab, touch: Touch) -> bool:
    """Tell whether another row or another column stood where this cell was written."""
    place = f"{touch.sheet_id}:{touch.column}"
    if not named_so(write, place, scratch, write.copies[place]):
        return True
    return any(
        text_of(_held(write, scratch, touch.sheet_id, touch.row, int(column))) != text
        for column, text in touch.witness.items()
    )


def _columns_kept(write: Write, row: NewRow, tabs: Mapping[int, Tab]) -> bool:
    tab = tabs.get(row.sheet_id)
    return tab is not None and all(
        named_so(write, f"{row.sheet_id}:{column}", tab, write.shifted(row.sheet_id, int(column)))
        for column in row.cells
    )


def _held(write: Write, scratch: Tab, sheet_id: int, row: int, column: int) -> Mapping[str, Any]:
    return scratch.raw(row + 1, write.copies[f"{sheet_id}:{column}"])


def _repair(write: Write, scratch: Tab, touch: Touch, held: Mapping[str, Any]) -> Repair:
    id_column = write.id_columns[str(touch.sheet_id)]
    carried = text_of(_held(write, scratch, touch.sheet_id, touch.row, id_column))
    return Repair(
        touch.sheet_id, touch.column, touch.row, carried, held, touch.value, touch.key, touch.field
    )  # fmt: skip
