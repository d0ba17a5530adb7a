"""Cells put in or taken out of a part of the grid: the rest of their band shifts, the others stay."""

from dataclasses import replace
from typing import Any

from localsheets.books.a1 import Area, Closed
from localsheets.books.changes import Change, Deleted, Inserted
from localsheets.books.following import ENDS, follow_ends, is_grid_range
from localsheets.books.lines import check_area
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.ranges import closed_of
from localsheets.books.structure import rewrite_formulas
from localsheets.errors import invalid
from localsheets.formulas.syntax import Ref

Json = dict[str, Any]
CROSS = {"ROWS": ("startColumnIndex", "endColumnIndex"), "COLUMNS": ("startRowIndex", "endRowIndex")}


def shift(book: Book, sheet_id: int, axis: str, area: Closed, change: Inserted | Deleted) -> None:
    """Apply a change of lines to the columns of an area alone (or to its rows alone, along COLUMNS)."""
    sheet = book.edit(sheet_id)
    band = _band(sheet, axis, area)
    check_area(sheet, band)
    _check_merges(sheet, band)
    sheet.reshape()
    _shift_cells(sheet, axis, area, change)
    sheet.annotations = {
        name: followed
        for name, value in sheet.annotations.items()
        if (followed := _follow(value, axis, area, change)) not in (None, [])
    }
    book.named_ranges = [
        named | {"range": followed} if named["range"].get("sheetId", 0) == sheet_id else named
        for named in book.named_ranges
        if (followed := _follow(named["range"], axis, area, change)) is not None
        or named["range"].get("sheetId", 0) != sheet_id
    ]
    rewrite_formulas(book, sheet_id, lambda ref: _shifted(ref, axis, area, change), sheet.title)


def _band(sheet: Sheet, axis: str, area: Closed) -> Closed:
    if axis == "ROWS":
        return Closed(area.top, area.left, max(sheet.row_count, area.bottom), area.right)
    return Closed(area.top, area.left, area.bottom, max(sheet.column_count, area.right))


def _check_merges(sheet: Sheet, band: Closed) -> None:
    for merge in sheet.annotations.get("merges", []):
        spot = closed_of(merge)
        if spot.meets(band) and not band.covers(spot):
            raise invalid("You must select all cells in a merged range to shift them.")


def _shift_cells(sheet: Sheet, axis: str, area: Closed, change: Change) -> None:
    rows: dict[int, dict[int, Cell]] = {}
    for row, line in sheet.rows.items():
        if axis == "COLUMNS":
            inside = area.top <= row < area.bottom
            rows[row] = _points(line, change) if inside else line
            continue
        here = {column: cell for column, cell in line.items() if area.left <= column < area.right}
        to = change.point(row)
        if not here or to == row:
            rows[row] = rows[row] | line if row in rows else line
            continue
        rows[row] = rows.get(row, {}) | {column: cell for column, cell in line.items() if column not in here}
        if to is not None:
            rows[to] = rows.get(to, {}) | here
    sheet.replace_rows(rows)
    if axis == "ROWS":
        sheet.row_count = max(sheet.row_count, max(sheet.rows, default=-1) + 1)
    else:
        last = max((max(line) for line in sheet.rows.values()), default=-1)
        sheet.column_count = max(sheet.column_count, last + 1)


def _points(line: dict[int, Cell], change: Change) -> dict[int, Cell]:
    moved = {change.point(column): cell for column, cell in line.items()}
    return {column: cell for column, cell in moved.items() if column is not None}


def _follow(value: Any, axis: str, area: Closed, change: Change) -> Any:
    """Move the ranges that lie wholly in the band; those that reach out of it stay."""
    if isinstance(value, list):
        followed = [_follow(item, axis, area, change) for item in value]
        return [item for item in followed if item is not None]
    if not isinstance(value, dict):
        return value
    if is_grid_range(value):
        start, end = CROSS[axis]
        low, high = (area.left, area.right) if axis == "ROWS" else (area.top, area.bottom)
        inside = low <= value.get(start, 0) and value.get(end, 10**8) <= high
        return follow_ends(value, ENDS[axis], change) if inside else value
    result = {}
    for name, inner in value.items():
        followed = _follow(inner, axis, area, change)
        if followed is None or (name == "ranges" and inner and not followed):
            return None
        result[name] = followed
    return result


def _shifted(ref: Ref, axis: str, area: Closed, change: Change) -> Ref | None:
    spot = ref.area
    if spot.bottom is None or spot.right is None:
        return ref
    if axis == "ROWS":
        if not area.left <= spot.left < spot.right <= area.right:
            return ref
        span = change.span(spot.top, spot.bottom)
        return None if span is None else replace(ref, area=Area(span[0], spot.left, span[1], spot.right))
    if not area.top <= spot.top < spot.bottom <= area.bottom:
        return ref
    span = change.span(spot.left, spot.right)
    return None if span is None else replace(ref, area=Area(spot.top, span[0], spot.bottom, span[1]))
