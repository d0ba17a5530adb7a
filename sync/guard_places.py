"""Where the columns and rows of a write stand later on, whatever people moved since."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from sync.cells import Tab, text_of
from sync.guard_shapes import NewRow, Write
from sync.layout import HEADER_ROWS


def named_so(write: Write, place: str, tab: Tab, column: int) -> bool:
    """Tell whether one of the first cells of a column is still the header that stood there."""
    expected = write.headers.get(place)
    return not expected or any(tab.text(row, column) in expected for row in range(HEADER_ROWS + 1))


def top_text(tab: Tab, column: int) -> list[str]:
    """Return the first text of a column, if any is near its top: what it can be told by for a moment."""
    texts = (tab.text(row, column) for row in range(HEADER_ROWS + 1))
    return list(islice(filter(None, texts), 1))


def columns_moved(write: Write, tabs: Mapping[int, Tab]) -> bool:
    """Tell from the hidden copy whether another column stood where one of a write was to be."""
    scratch = tabs[write.scratch_id]
    return any(not named_so(write, place, scratch, column) for place, column in write.copies.items())


def column_now(write: Write, tab: Tab, column: int, reply: bool) -> int | None:
    """Return where a column of a write stands, by its mark, else by its header; None when nothing tells.

    In the reply of the very call (`reply`) only the columns that the write itself inserted have moved it.
    """
    place, then = f"{tab.sheet_id}:{column}", write.shifted(tab.sheet_id, column)
    if reply:
        return then
    mark = write.marks.get(place)
    marked = [at for at, name in tab.metadata.items() if name == mark]
    if mark and len(marked) == 1:
        return marked[0]
    if named_so(write, place, tab, then):
        return then
    named = [at for at in range(tab.column_count) if named_so(write, place, tab, at)]
    return None if len(named) > 1 else named[0] if named else then


def strayed(write: Write, new: NewRow, tab: Tab) -> list[NewRow]:
    """Return a new row where it is now when it arrived in other columns than its own, nothing when it did not."""
    then = write.id_columns[str(new.sheet_id)]
    key = text_of(new.cells[str(then)])
    for id_column in {column_now(write, tab, then, reply=False), write.shifted(new.sheet_id, then)} - {None}:
        found = [row for row in range(tab.last_row) if tab.text(row, id_column) == key]
        if len(found) == 1:
            cells = {int(column): text_of(value) for column, value in new.cells.items()}
            places = {column: column_now(write, tab, column, reply=False) for column in cells}
            right = all(at is not None and tab.text(found[0], at) == cells[column] for column, at in places.items())
            return [] if right else [replace(new, row=found[0])]
    return []


def row_of(tab: Tab, carried: str | None, id_column: int, otherwise: int) -> int | None:
    """Return where a row is now by the id it carried, None when nothing tells."""
    if carried is None:
        return otherwise
    if not carried:
        # A row without id can only be where it was.
        return None if tab.text(otherwise, id_column) else otherwise
    found = [row for row in range(tab.last_row) if tab.text(row, id_column) == carried]
    return found[0] if len(found) == 1 else (otherwise if otherwise in found else None)
