"""Inserting, deleting and moving rows and columns: everything that points at them follows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from localsheets.a1 import Area, Closed
from localsheets.formula_syntax import Ref, rewrite
from localsheets.model import Book, Cell, Sheet
from localsheets.protections import protected_cell

Json = dict[str, Any]
ENDS = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}
FROZEN = {"ROWS": "frozenRowCount", "COLUMNS": "frozenColumnCount"}


@dataclass(frozen=True, slots=True)
class Inserted:
    """Make room for `count` lines before line `at`."""

    at: int
    count: int

    def point(self, index: int) -> int | None:
        """Return where a line goes, None when it is gone."""
        return index + self.count if index >= self.at else index

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a half-open span goes, None when nothing of it is left."""
        return start + self.count * (start >= self.at), end + self.count * (end > self.at)


@dataclass(frozen=True, slots=True)
class Deleted:
    """Take away the lines of a half-open span."""

    start: int
    end: int

    def point(self, index: int) -> int | None:
        """Return where a line goes, None when it is gone."""
        if index < self.start:
            return index
        return None if index < self.end else index - (self.end - self.start)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a half-open span goes, None when nothing of it is left."""
        first, last = (self._before(edge) for edge in (start, end))
        return (first, last) if last > first else None

    def _before(self, edge: int) -> int:
        return edge - max(0, min(edge, self.end) - self.start)


@dataclass(frozen=True, slots=True)
class Moved:
    """Move the lines of a half-open span before line `to`, as numbered before the move."""

    start: int
    end: int
    to: int

    def point(self, index: int) -> int | None:
        """Return where a line goes, None when it is gone."""
        count = self.end - self.start
        if self.start <= index < self.end:
            return index + self._landing() - self.start
        if self.end <= index < self.to:
            return index - count
        return index + count if self.to <= index < self.start else index

    def _landing(self) -> int:
        return self.to - (self.end - self.start) if self.to > self.start else self.to

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a half-open span goes, None when nothing of it is left."""
        if self.start <= start and end <= self.end:
            offset = self._landing() - self.start
            return start + offset, end + offset
        if start <= self.start and self.end <= end and start <= self.to <= end:
            return start, end
        shrunk = Deleted(self.start, self.end).span(start, end)
        if shrunk is None:
            return None
        return Inserted(self._landing(), self.end - self.start).span(*shrunk)


Change = Inserted | Deleted | Moved


def restructure(book: Book, sheet_id: int, axis: str, change: Change) -> None:
    """Apply a change of lines to a tab, and to all that refers to it anywhere in the book."""
    sheet = book.edit(sheet_id)
    if isinstance(change, Deleted):
        _check_allowed(sheet, axis, change)
    sheet.reshape()
    _move_cells(sheet, axis, change)
    _resize(sheet, axis, change)
    sheet.sizes[axis] = {
        moved: size for index, size in sheet.sizes[axis].items() if (moved := change.point(index)) is not None
    }
    sheet.metadata = _follow_metadata(sheet.metadata, axis, change)
    sheet.annotations = {
        name: followed
        for name, value in sheet.annotations.items()
        if (followed := follow(value, axis, change)) not in (None, [])
    }
    book.named_ranges = [
        named | {"range": followed} if named["range"].get("sheetId", 0) == sheet_id else named
        for named in book.named_ranges
        if (followed := follow(named["range"], axis, change)) is not None
        or named["range"].get("sheetId", 0) != sheet_id
    ]
    title = sheet.title
    rewrite_formulas(book, sheet_id, lambda ref: _shifted(ref, axis, change), title)


def _check_allowed(sheet: Sheet, axis: str, change: Deleted) -> None:
    lost = Closed(change.start, 0, change.end, sheet.column_count)
    if axis == "COLUMNS":
        lost = Closed(0, change.start, sheet.row_count, change.end)
    if any(area.meets(lost) for area in sheet.forbidden):
        raise protected_cell()


def _move_cells(sheet: Sheet, axis: str, change: Change) -> None:
    if axis == "ROWS":
        moved = {change.point(row): line for row, line in sheet.rows.items()}
        sheet.replace_rows({row: line for row, line in moved.items() if row is not None})
        return
    sheet.replace_rows({row: _moved_line(line, change) for row, line in sheet.rows.items()})


def _moved_line(line: dict[int, Cell], change: Change) -> dict[int, Cell]:
    moved = {change.point(column): cell for column, cell in line.items()}
    return {column: cell for column, cell in moved.items() if column is not None}


def _resize(sheet: Sheet, axis: str, change: Change) -> None:
    frozen = sheet.grid.get(FROZEN[axis], 0)
    grown = 0
    if isinstance(change, Inserted):
        grown = change.count
        sheet.grid[FROZEN[axis]] = frozen + (grown if change.at < frozen else 0)
    elif isinstance(change, Deleted):
        grown = change.start - change.end
        sheet.grid[FROZEN[axis]] = frozen - max(0, min(frozen, change.end) - change.start)
    if axis == "ROWS":
        sheet.row_count += grown
    else:
        sheet.column_count += grown


def _follow_metadata(entries: list[Json], axis: str, change: Change) -> list[Json]:
    kept = []
    for entry in entries:
        span = entry["location"].get("dimensionRange")
        if span is None or span["dimension"] != axis:
            kept.append(entry)
            continue
        moved = change.span(span["startIndex"], span["endIndex"])
        if moved is not None:
            span["startIndex"], span["endIndex"] = moved
            kept.append(entry)
    return kept


def follow(value: Any, axis: str, change: Change) -> Any:
    """Return stored JSON with every range in it moved; a range that is gone takes its owner along."""
    if isinstance(value, list):
        followed = [follow(item, axis, change) for item in value]
        return [item for item in followed if item is not None]
    if not isinstance(value, dict):
        return value
    if "dimension" in value and "startIndex" in value:
        mine = value["dimension"] == axis
        return _follow_ends(value, ("startIndex", "endIndex"), change) if mine else value
    if "startRowIndex" in value or "endRowIndex" in value or "startColumnIndex" in value:
        return _follow_ends(value, ENDS[axis], change)
    result = {}
    for name, inner in value.items():
        followed = follow(inner, axis, change)
        if followed is None or (name == "ranges" and inner and not followed):
            return None
        result[name] = followed
    return result


def _follow_ends(given: Json, names: tuple[str, str], change: Change) -> Json | None:
    start, end = names
    if end not in given:
        return given
    moved = change.span(given.get(start, 0), given[end])
    return None if moved is None else given | {start: moved[0], end: moved[1]}


def rewrite_formulas(book: Book, sheet_id: int, change: Callable[[Ref], Ref | None], title: str) -> None:
    """Rewrite the references to one tab in all formulas of the book.

    `change` sees only references to that tab; `title` is the one that formulas call it by.
    """
    for other in book.in_order():
        mine = other.sheet_id == sheet_id

        def concerned(ref: Ref, mine: bool = mine) -> Ref | None:
            named = mine if ref.title is None else ref.title.lower() == title.lower()
            return change(ref) if named else ref

        _rewrite_sheet(book, other, concerned)


def _rewrite_sheet(book: Book, sheet: Sheet, change: Callable[[Ref], Ref | None]) -> None:
    altered = []
    for row, line in sheet.rows.items():
        for column, cell in line.items():
            formula = cell.formula
            if formula is not None and (text := rewrite(formula, change)) != formula:
                altered.append((row, column, cell.holding({"formulaValue": text})))
    if altered:
        target = book.edit(sheet.sheet_id)
        for row, column, cell in altered:
            target.put(row, column, cell)


def _shifted(ref: Ref, axis: str, change: Change) -> Ref | None:
    area = ref.area
    start, end = (area.top, area.bottom) if axis == "ROWS" else (area.left, area.right)
    if end is None:
        if start == 0:
            return ref
        point = change.point(start)
        moved: tuple[int, int | None] | None = None if point is None else (point, None)
    elif end - start == 1 and not ref.is_range:
        point = change.point(start)
        moved = None if point is None else (point, point + 1)
    else:
        moved = change.span(start, end)
    if moved is None:
        return None
    if axis == "ROWS":
        return replace(ref, area=Area(moved[0], area.left, moved[1], area.right))
    return replace(ref, area=Area(area.top, moved[0], area.bottom, moved[1]))
