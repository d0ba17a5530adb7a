"""Inserting, deleting and moving rows and columns: everything that points at them follows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from localsheets.books.a1 import Area, Closed
from localsheets.books.changes import Change, Deleted, Inserted, Moved
from localsheets.books.following import ENDS, follow, follow_annotations, follow_metadata
from localsheets.books.lines import own_line
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.protections import protected_cell
from localsheets.errors import invalid
from localsheets.formulas.syntax import Ref, rewrite

__all__ = ["ENDS", "FROZEN", "Change", "Deleted", "Inserted", "Moved", "restructure", "rewrite_formulas"]

Json = dict[str, Any]
Rewriting = Callable[[Ref], Ref | None]
ENDLESS = 10**8
FROZEN = {"ROWS": "frozenRowCount", "COLUMNS": "frozenColumnCount"}


def restructure(book: Book, sheet_id: int, axis: str, change: Change) -> None:
    """Apply a change of lines to a tab, and to all that refers to it anywhere in the book."""
    sheet = book.edit(sheet_id)
    _check_allowed(sheet, axis, change)
    if isinstance(change, Moved):
        _check_merges(sheet, axis, change)
    sheet.reshape()
    _move_cells(sheet, axis, change)
    _resize(sheet, axis, change)
    sheet.sizes[axis] = {
        moved: size for index, size in sheet.sizes[axis].items() if (moved := change.point(index)) is not None
    }
    sheet.metadata = follow_metadata(sheet.metadata, axis, change)
    sheet.annotations = follow_annotations(sheet.annotations, axis, change)
    _follow_names(book, sheet_id, axis, change)
    rewrite_formulas(book, sheet_id, lambda ref: _shifted(ref, axis, change), sheet.title)


def _follow_names(book: Book, sheet_id: int, axis: str, change: Change) -> None:
    kept = []
    for named in book.named_ranges:
        if named["range"].get("sheetId", 0) != sheet_id:
            kept.append(named)
        elif (followed := follow(named["range"], axis, change)) is not None:
            kept.append(named | {"range": followed})
    book.named_ranges = kept


def _check_allowed(sheet: Sheet, axis: str, change: Change) -> None:
    """Refuse to take protected lines away or along, and to open a gap inside a protected range."""
    for guard in sheet.forbidden:
        area = guard.area
        first, last = (area.top, area.bottom) if axis == "ROWS" else (area.left, area.right)
        split = change.at if isinstance(change, Inserted) else change.to if isinstance(change, Moved) else first
        if guard.whole or first < split < last:
            raise protected_cell()
        if not isinstance(change, Inserted) and guard.meets(_lines(sheet, axis, change.start, change.end)):
            raise protected_cell()


def _lines(sheet: Sheet, axis: str, start: int, end: int) -> Closed:
    if axis == "ROWS":
        return Closed(start, 0, end, sheet.column_count)
    return Closed(0, start, sheet.row_count, end)


def _check_merges(sheet: Sheet, axis: str, change: Moved) -> None:
    noun = "row" if axis == "ROWS" else "column"
    for merge in sheet.annotations.get("merges", []):
        start, end = (merge[name] for name in ENDS[axis])
        torn = start < change.end and change.start < end and not (change.start <= start and end <= change.end)
        if torn or start < change.to < end:
            raise invalid(
                f"Sorry, it is not possible to move a {noun} to a position that crosses a merged cell. "
                "Please unmerge and try again."
            )


def _move_cells(sheet: Sheet, axis: str, change: Change) -> None:
    if axis == "ROWS":
        moved = {change.point(row): line for row, line in sheet.rows.items()}
        sheet.replace_rows({row: line for row, line in moved.items() if row is not None})
        return
    first = change.at if isinstance(change, Inserted) else change.start
    first = min(first, change.to) if isinstance(change, Moved) else first
    # A line that has nothing where the change happens stays the very same one.
    sheet.replace_rows({row: _moved_line(line, change, first) for row, line in sheet.rows.items()})


def _moved_line(line: dict[int, Cell], change: Change, first: int) -> dict[int, Cell]:
    if max(line) < first:
        return line
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


def rewrite_formulas(book: Book, sheet_id: int, change: Rewriting, title: str) -> None:
    """Rewrite the references to one tab in all formulas of the book, those of rules included.

    `change` sees only references to that tab; `title` is the one that formulas call it by.
    """
    for other in book.in_order():
        mine = other.sheet_id == sheet_id

        def concerned(ref: Ref, mine: bool = mine) -> Ref | None:
            named = mine if ref.title is None else ref.title.lower() == title.lower()
            return change(ref) if named else ref

        _rewrite_cells(book, other, concerned)
        annotations = _rewritten(other.annotations, concerned)
        if annotations is not other.annotations:
            book.edit(other.sheet_id).annotations = annotations


def _rewrite_cells(book: Book, sheet: Sheet, change: Rewriting) -> None:
    altered: list[tuple[int, int, Cell]] = []
    rules: dict[int, Json] = {}
    for row, line in sheet.rows.items():
        for column, cell in line.items():
            entered, rule = cell.entered, cell.validation
            new = cell
            if entered is not None and "formulaValue" in entered:
                formula = entered["formulaValue"]
                if (text := rewrite(formula, change)) != formula:
                    new = new.holding({"formulaValue": text})
            if rule is not None:
                # Cells of a column share their rule: it is looked at once.
                if id(rule) not in rules:
                    rules[id(rule)] = _rewritten(rule, change)
                if rules[id(rule)] is not rule:
                    new = Cell(new.entered, new.format, new.note, rules[id(rule)], new.runs)
            if new is not cell:
                altered.append((row, column, new))
    if altered:
        target = book.edit(sheet.sheet_id)
        for row, column, cell in altered:
            own_line(target, row)[column] = cell


def _rewritten(value: Any, change: Rewriting) -> Any:
    """Return JSON with the formulas of its conditions rewritten; the same object when none changed."""
    if isinstance(value, list):
        items = [_rewritten(item, change) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if not isinstance(value, dict):
        return value
    result = value
    for name, inner in value.items():
        if name == "userEnteredValue" and isinstance(inner, str):
            new: Any = rewrite(inner, change) if inner.startswith("=") else inner
            new = inner if new == inner else new
        else:
            new = _rewritten(inner, change)
        if new is not inner:
            result = result | {name: new}
    return result


def _shifted(ref: Ref, axis: str, change: Change) -> Ref | None:
    area = ref.area
    start, end = (area.top, area.bottom) if axis == "ROWS" else (area.left, area.right)
    if end is None:
        if start == 0:
            return ref
        rest = change.span(start, ENDLESS)
        moved: tuple[int, int | None] | None = None if rest is None else (rest[0], None)
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
