"""How the copy in the hidden tab lies beside the tabs: row by row, or with the rows that a filter hides left out."""

from collections.abc import Mapping
from dataclasses import replace

from sync.answers import Cell
from sync.cells import BLANK, Tab
from sync.guard_places import column_now
from sync.guard_shapes import Write

#: Which line of the copy each row is in, None for a row that is not in it.
Lines = list[int | None]


def reliable(write: Write, tabs: Mapping[int, Tab], reply: bool) -> bool:
    """Tell whether it is known which row each line of the copy is of.

    In the reply the copied ids must be the tab's own, row by row, or all but those of hidden rows; in a
    later read rows may have moved since, so only the ids themselves are compared.
    """
    for sheet_id in write.sheet_ids:
        tab = tabs.get(sheet_id)
        if reply and (tab is None or _lines(write, tabs, sheet_id) is None):
            return False
        if not reply and tab and not _alike(write, tabs[write.scratch_id], tab):
            return False
    return True


def straightened(write: Write, tabs: Mapping[int, Tab]) -> tuple[Tab, set[tuple[int, int]]]:
    """Return the copy with each line in its row's place, and the (sheetId, row) that it left out."""
    scratch, hidden = tabs[write.scratch_id], set()
    for sheet_id in write.sheet_ids:
        lines = _lines(write, tabs, sheet_id) or []
        left_out = {(sheet_id, row) for row, line in enumerate(lines) if line is None}
        if left_out:
            hidden |= left_out
            scratch = replace(scratch, grid=_spread(write, scratch, sheet_id, lines))
    return scratch, hidden


def _lines(write: Write, tabs: Mapping[int, Tab], sheet_id: int) -> Lines | None:
    """Return where each row is in the copy; None when nothing tells."""
    then, rewritten = _ids_then(write, tabs[sheet_id], sheet_id)
    copied = _copied(write, tabs[write.scratch_id], sheet_id)
    if all(row in rewritten or text == copied[row] for row, text in enumerate(then)):
        return list(range(len(then)))
    while copied and not copied[-1]:
        copied.pop()
    lines: Lines = []
    found = 0
    for text in then:
        there = found < len(copied) and text == copied[found]
        lines.append(found if there else None)
        found += there
    # A row that moved under the filter would have been covered without a trace.
    hidden = [touch for touch in write.touches if touch.sheet_id == sheet_id and lines[touch.row] is None]
    column = str(write.id_columns[str(sheet_id)])
    known = all(then[touch.row] == touch.witness.get(column) for touch in hidden)
    return lines if found == len(copied) and known else None


def _ids_then(write: Write, tab: Tab, sheet_id: int) -> tuple[list[str], set[int]]:
    """Return the ids as they were before the write, and the rows of those that it wrote, as they were read."""
    column = write.id_columns[str(sheet_id)]
    ours = {row.row for row in write.new_rows if row.sheet_id == sheet_id}
    rows = [row for row in range(write.heights[str(sheet_id)] + len(ours)) if row not in ours]
    ids = [tab.text(row, write.shifted(sheet_id, column)) for row in rows]
    seen = {touch.row: touch.seen for touch in write.touches if (touch.sheet_id, touch.column) == (sheet_id, column)}
    return [seen.get(row, text) for row, text in enumerate(ids)], set(seen)


def _copied(write: Write, scratch: Tab, sheet_id: int) -> list[str]:
    target = write.copies[f"{sheet_id}:{write.id_columns[str(sheet_id)]}"]
    return [scratch.text(row + 1, target) for row in range(write.heights[str(sheet_id)])]


def _spread(write: Write, scratch: Tab, sheet_id: int, lines: Lines) -> list[list[Cell]]:
    """Lay the copied lines of one tab where their rows are."""
    grid = [list(line) for line in scratch.grid]
    targets = [target for place, target in write.copies.items() if place.startswith(f"{sheet_id}:")]
    grid += [[] for _ in range(len(lines) + 1 - len(grid))]
    for line in grid:
        line += [BLANK] * (max(targets) + 1 - len(line))
    for target in targets:
        for row, at in enumerate(lines):
            grid[row + 1][target] = BLANK if at is None else scratch.cell(at + 1, target)
    return grid


def _alike(write: Write, scratch: Tab, tab: Tab) -> bool:
    """Tell whether most copied ids are still somewhere in the tab."""
    column = write.id_columns[str(tab.sheet_id)]
    rewritten = {touch.row for touch in write.touches if (touch.sheet_id, touch.column) == (tab.sheet_id, column)}
    here = column_now(write, tab, column, reply=False)
    now = set() if here is None else {tab.text(row, here) for row in range(tab.last_row)}
    copied = _copied(write, scratch, tab.sheet_id)
    ids = [text for row, text in enumerate(copied) if text and row not in rewritten]
    return 2 * sum(text in now for text in ids) >= len(ids)
