"""How values are ordered, and rows moved in that order."""

import unicodedata
from functools import lru_cache
from typing import Any

from localsheets.books.a1 import Closed, written
from localsheets.books.lines import check_area, own_line, settle
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.ranges import closed_of, stored_range
from localsheets.errors import invalid
from localsheets.formulas.calculator import calculator
from localsheets.formulas.values import ErrorValue

Json = dict[str, Any]
Line = dict[int, Cell]


def sort_rows(book: Book, sheet: Sheet, area: Closed, keys: list[tuple[int, bool]]) -> None:
    """Sort the rows of an area by (column, descending) keys, the first one leading; blanks stay last.

    Rows that are hidden stay where they are.
    """
    check_sortable(sheet, area)
    sizes = sheet.sizes["ROWS"]
    hidden = {row for row, size in sizes.items() if size.get("hiddenByUser") or size.get("hiddenByFilter")}
    places = [row for row in range(area.top, area.bottom) if row not in hidden]
    order = places
    values = calculator(book)
    for column, descending in reversed(keys):
        known = {row: values.value(sheet, row, column) for row in order if row in sheet.rows}
        ranks = {row: rank(value) for row, value in known.items() if value not in (None, "")}
        filled = [row for row in order if row in ranks]
        blank = [row for row in order if row not in ranks]
        order = sorted(filled, key=ranks.__getitem__, reverse=descending) + blank
    reorder(book.edit(sheet.sheet_id), area, list(zip(order, places, strict=True)))


def check_sortable(sheet: Sheet, area: Closed) -> None:
    """Refuse to move the rows of an area that holds vertical merges."""
    for merge in sheet.annotations.get("merges", []):
        spot = closed_of(merge)
        if spot.meets(area) and spot.height > 1:
            where = written(sheet.title, spot).rpartition("!")[2]
            raise invalid(f"You can't sort a range containing vertical merges. There is a vertical merge at {where}.")
        if spot.meets(area) and not area.covers(spot):
            raise invalid("You can't sort a range that contains a part of a merge.")


def reorder(target: Sheet, area: Closed, moves: list[tuple[int, int]]) -> None:
    """Move the cells of rows of an area, given as pairs of (from, to) that hold the same rows on both sides."""
    moves = [(origin, to) for origin, to in moves if origin != to]
    if not moves:
        return
    check_area(target, area)
    target.reshape()
    old = {origin: target.rows.get(origin) or {} for origin, _ in moves}
    owned = target.fresh.copy()
    wide = area.left == 0 and area.right >= target.column_count
    for origin, to in moves:
        line = old[origin]
        part = {} if wide else {at: cell for at, cell in old[to].items() if not area.left <= at < area.right}
        inside = wide or (min(line, default=area.left) >= area.left and max(line, default=area.left) < area.right)
        if inside and not part and not _has_formula(line):
            # The very same line, so that the history sees that it only moved.
            _place(target, to, line, origin in owned)
            continue
        moved = {column: _moved(cell, to - origin) for column, cell in line.items() if area.left <= column < area.right}
        _place(target, to, part | moved, True)
    _follow_merges(target, area, dict(moves))


def _has_formula(line: Line) -> bool:
    for cell in line.values():
        entered = cell.entered
        if entered is not None and "formulaValue" in entered:
            return True
    return False


def _moved(cell: Cell, down: int) -> Cell:
    return cell if cell.formula is None else cell.moved(down, 0)


def _place(target: Sheet, row: int, line: Line, fresh: bool) -> None:
    target.rows.pop(row, None)
    target.fresh.discard(row)
    if line:
        target.rows[row] = line
        if fresh:
            target.fresh.add(row)


def _follow_merges(target: Sheet, area: Closed, places: dict[int, int]) -> None:
    merges = target.annotations.get("merges")
    if merges:
        spots = [closed_of(merge) for merge in merges]
        target.annotations["merges"] = [
            stored_range(target, Closed(places[spot.top], spot.left, places[spot.top] + 1, spot.right))
            if area.covers(spot) and spot.top in places
            else merge
            for merge, spot in zip(merges, spots, strict=True)
        ]


def rank(value: Any) -> tuple[int, Any]:
    """Return what orders a value: numbers, then texts without case, then booleans, then errors."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, (int, float)):
        return 0, value
    if isinstance(value, ErrorValue):
        return 3, str(value)
    return 1, collated(str(value))


@lru_cache(maxsize=20_000)
def collated(text: str) -> tuple[str, str]:
    """Return what orders a text: its letters without case and accents, then its accents."""
    folded = text.casefold()
    if folded.isascii():
        return folded, ""
    apart = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)), apart


def clear_lines(target: Sheet, area: Closed) -> None:
    """Empty an area altogether."""
    for row in [row for row in target.rows if area.top <= row < area.bottom]:
        line = own_line(target, row)
        for column in [column for column in line if area.left <= column < area.right]:
            del line[column]
        settle(target, row)
