"""Where the rows and columns of an older state of a tab stand in a newer one.

What a person types must not land in another record because someone inserted a row above meanwhile.
A map is a list of [first, shift]: from line `first` on, lines stand `shift` further, None when they are gone.
"""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from localsheets.books.history import line_changes
from localsheets.books.model import Cell, Sheet

Map = list[list[int | None]]
Line = Mapping[int, Cell]
STAYS: Map = [[0, 0]]
SAMPLE = 40


def rows_map(old: Sheet, new: Sheet) -> Map:
    """Say where each row of an older state of a tab stands now."""
    if old.rows is new.rows or (old.rows == new.rows and old.row_count == new.row_count):
        return STAYS
    gone, came, moved = line_changes(old.rows, new.rows)
    shifts: dict[int, int | None] = {row: 0 for row in old.rows if new.rows.get(row) is old.rows[row]}
    for origin, place, count in moved:
        shifts |= dict.fromkeys(range(origin, origin + count), place - origin)
    _pair(old.rows, new.rows, gone, set(came), shifts, new.row_count - old.row_count)
    return _pieces(shifts)


def columns_map(old: Sheet, new: Sheet) -> Map:
    """Say where each column of an older state of a tab stands now, from what its first rows hold."""
    distance = new.column_count - old.column_count
    known, sample = rows_map(old, new), sorted(old.rows)[:SAMPLE]
    places = {row: place(known, row) for row in sample}
    before = _columns({at: old.rows[row] for row, at in places.items() if at is not None})
    after = _columns({at: new.rows[at] for at in places.values() if at is not None and at in new.rows})
    if distance == 0 and (before.keys() == after.keys() and all(_alike(before[at], after[at]) for at in before)):
        return STAYS
    shifts: dict[int, int | None] = {}
    _pair(before, after, sorted(before), set(after), shifts, distance)
    return _pieces(shifts)


def _columns(rows: Mapping[int, Line]) -> dict[int, dict[int, Cell]]:
    found: dict[int, dict[int, Cell]] = {}
    for row, line in rows.items():
        for column, cell in line.items():
            if cell.entered:
                found.setdefault(column, {})[row] = cell
    return found


def _pair(
    old: Mapping[int, Line],
    new: Mapping[int, Line],
    gone: list[int],
    came: set[int],
    shifts: dict[int, int | None],
    distance: int,
) -> None:
    """Find rewritten lines again by what they still hold, where their neighbours went or where they were."""
    known = sorted(shifts)
    for row in gone:
        at = bisect_right(known, row)
        near = {shifts[known[index]] for index in (at - 1, at) if 0 <= index < len(known)}
        wanted = {0, distance, *near} - {None}
        if wanted == {0}:
            shifts[row] = 0
            came.discard(row)
            continue
        places = [row + shift for shift in wanted if shift is not None and row + shift in came]
        best = max(places, key=lambda place: (_likeness(old[row], new[place]), -abs(place - row)), default=None)
        if best is None or (distance and _likeness(old[row], new[best]) == 0):
            # With as many lines as before, a line that is not found again was emptied where it is.
            shifts[row] = None if distance else 0
            continue
        shifts[row] = best - row
        came.discard(best)


def _likeness(one: Line, other: Line) -> int:
    """Count what two lines hold alike: twice when it stands at the same place."""
    same = sum(1 for at, cell in one.items() if cell.entered and at in other and other[at].entered == cell.entered)
    values = {repr(cell.entered) for cell in other.values() if cell.entered}
    return same + sum(1 for cell in one.values() if cell.entered and repr(cell.entered) in values)


def _alike(one: Line, other: Line) -> bool:
    return not one or _likeness(one, other) > 0


def _pieces(shifts: dict[int, int | None]) -> Map:
    """Write shifts by line as a map; lines that held nothing go with the one above them."""
    pieces: Map = []
    for line in sorted(shifts):
        if not pieces or pieces[-1][1] != shifts[line]:
            if pieces and pieces[-1][1] is None:
                # Blank lines under a deleted one follow the next line that is still there.
                pieces.append([line if shifts[line] is None else _after_gone(shifts, line), shifts[line]])
            else:
                pieces.append([line, shifts[line]])
    if pieces and pieces[0][1] == 0:
        pieces[0][0] = 0
    return [[0, 0], *pieces] if not pieces or pieces[0][0] else pieces


def _after_gone(shifts: dict[int, int | None], line: int) -> int:
    while line and line - 1 not in shifts:
        line -= 1
    return line


def place(known: Map, line: int) -> int | None:
    """Return where a line stands now, None when it is gone."""
    found: Any = known[max(0, bisect_right(known, line, key=lambda piece: piece[0] or 0) - 1)]
    return None if found[1] is None else line + found[1]
