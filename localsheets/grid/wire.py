"""A book written short for the grid page: whole, or as what changed since a state the page already has.

A line is a list of cells, a cell one of: null; a text that shows what was typed; [shown] or [shown, typed],
a number; an object as in `grid_state`, `e` left out when it is the same as `f`.
"""

import threading
from typing import Any, NamedTuple

import msgspec

from localsheets.books.history import line_changes
from localsheets.books.model import EMPTY as BLANK
from localsheets.books.model import Book, Cell, Sheet
from localsheets.formulas.calculator import Calculator, calculator
from localsheets.grid.follow import columns_map, rows_map
from localsheets.grid.look import names
from localsheets.grid.state import cell_state, sheet_attributes
from localsheets.serving.answers_http import ENCODER

Json = dict[str, Any]
Line = dict[int, Cell]
FIRST_LINES = 150
SPARE_LINES = 5000
EMPTY = msgspec.Raw(b"[]")


class Kept(NamedTuple):
    """Hold a line and how it is written; what computes is written for one state of the book only."""

    line: Line
    text: msgspec.Raw | None


class Wire:
    """Write the states of one book, and keep the lines that were written: most never change."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.locale = ""
        self.kept: dict[int, Kept] = {}

    def forget(self, book: Book) -> None:
        """Let go of the lines that are not in a book any more, once they are many."""
        lines = [line for sheet in book.sheets.values() for line in sheet.rows.values()]
        if len(self.kept) > 2 * len(lines) + SPARE_LINES:
            self.kept = {id(line): self.kept[id(line)] for line in lines if id(line) in self.kept}

    def whole(self, book: Book, sheet_id: int | None = None, row: int = 0) -> Json:
        """Write a book with the first lines of one tab, and those around a row of it."""
        shown = book.sheets.get(sheet_id) if sheet_id is not None else None
        if shown is None or shown.hidden:
            shown = next((sheet for sheet in book.in_order() if not sheet.hidden), None)
        sheets = []
        for sheet in book.in_order():
            starts = sorted({0, max(0, row - FIRST_LINES // 2)}) if sheet is shown else []
            chunks = [[start, self.lines(book, sheet, start, start + FIRST_LINES)] for start in starts]
            sheets.append(_attributes(book, sheet) | {"size": _size(book, sheet), "chunks": chunks})
        return _head(book) | {"sheets": sheets}

    def lines(self, book: Book, sheet: Sheet, start: int, end: int) -> list[msgspec.Raw]:
        """Write the lines of a tab from one row up to another that is not included."""
        return [self.line(book, sheet, row) for row in range(start, min(end, _size(book, sheet)))]

    def line(self, book: Book, sheet: Sheet, row: int) -> msgspec.Raw:
        """Write one line."""
        spread = _spread(book, sheet).get(row)
        line = sheet.rows.get(row)
        if spread:
            return self._memo(book, sheet, row, (line or {}) | {at: BLANK for at in spread if at not in (line or {})})
        if line is None:
            return EMPTY
        kept = self._known(book, line)
        if kept is not None and kept.text is not None:
            return kept.text
        text = self._memo(book, sheet, row, line)
        if kept is None:
            kept = self.kept[id(line)] = Kept(line, None if _computes(line) else text)
        return text

    def _memo(self, book: Book, sheet: Sheet, row: int, line: Line) -> msgspec.Raw:
        """Write a line once for one state of a book."""
        written: dict[tuple[int, int], msgspec.Raw] = book.memo.setdefault("lines", {})
        place = sheet.sheet_id, row
        if place not in written:
            written[place] = _written(calculator(book), sheet, row, line)
        return written[place]

    def _known(self, book: Book, line: Line) -> Kept | None:
        if self.locale != book.locale:
            self.locale, self.kept = book.locale, {}
        return self.kept.get(id(line))

    def changes(self, old: Book, new: Book) -> Json:
        """Write what leads from a state that the page has to a newer one."""
        if old.locale != new.locale:
            return self.whole(new)
        sheets = [self._tab(old, new, sheet) for sheet in new.in_order()]
        return _head(new) | {"base": old.revision, "sheets": [sheet for sheet in sheets if sheet]}

    def _tab(self, old: Book, new: Book, sheet: Sheet) -> Json | None:
        before = old.sheets.get(sheet.sheet_id)
        if before is None:
            return _attributes(new, sheet) | {"size": _size(new, sheet), "chunks": []}
        attributes = _attributes(new, sheet) if before is not sheet or _draws_elsewhere(old, before) else None
        changed: Json = {"size": _size(new, sheet)}
        came: set[int] = set()
        if before is not sheet:
            gone, new_rows, moved = line_changes(before.rows, sheet.rows)
            came = set(new_rows)
            changed |= {"gone": gone, "moved": moved}
            rows = _spread(old, before)
            landed = {to + row - start for row in rows for start, to, count in moved if _in(row, start, count)}
            came |= {row for row in landed if row < changed["size"]}
            changed |= {"rowsMap": rows_map(before, sheet), "columnsMap": columns_map(before, sheet)}
        came |= self._recomputed(old, new, before, sheet, came) | self._respread(old, new, before, sheet, came)
        if attributes is not None and before is sheet and attributes == _attributes(old, before):
            attributes = None
        if attributes is None and not came and _size(old, before) == changed["size"]:
            return None
        changed["new"] = {str(row): self.line(new, sheet, row) for row in sorted(came)}
        return (attributes or {"sheetId": sheet.sheet_id}) | {"patch": changed}

    def _recomputed(self, old: Book, new: Book, before: Sheet, sheet: Sheet, came: set[int]) -> set[int]:
        """List the lines left in place whose formulas show something else."""
        rows = [row for row in self._computing(new, sheet) if row not in came]
        return {
            row
            for row in rows
            if before.rows.get(row) is not sheet.rows[row] or self.line(old, before, row) != self.line(new, sheet, row)
        }

    def _respread(self, old: Book, new: Book, before: Sheet, sheet: Sheet, came: set[int]) -> set[int]:
        """List the lines where arrays that formulas spread show something else."""
        size = _size(new, sheet)
        rows = [row for row in _spread(old, before).keys() | _spread(new, sheet).keys() if row < size]
        return {row for row in rows if row not in came and self.line(old, before, row) != self.line(new, sheet, row)}

    def _computing(self, book: Book, sheet: Sheet) -> list[int]:
        """List the rows of a tab that hold formulas."""
        found: dict[int, list[int]] = book.memo.setdefault("computing", {})
        if sheet.sheet_id not in found:
            found[sheet.sheet_id] = [row for row, line in sheet.rows.items() if self._line_computes(book, line)]
        return found[sheet.sheet_id]

    def _line_computes(self, book: Book, line: Line) -> bool:
        kept = self._known(book, line)
        return kept.text is None if kept is not None else _computes(line)


def _head(book: Book) -> Json:
    head = {"revision": book.revision, "title": book.title, "locale": book.locale}
    return head | {"order": book.order, "names": names(book)}


def _attributes(book: Book, sheet: Sheet) -> Json:
    found: dict[int, Json] = book.memo.setdefault("attributes", {})
    if sheet.sheet_id not in found:
        found[sheet.sheet_id] = sheet_attributes(book, sheet)
    return found[sheet.sheet_id]


def _draws_elsewhere(book: Book, sheet: Sheet) -> bool:
    """Tell whether a tab draws what stands elsewhere: a change there may change its choices or its colours."""
    if sheet.annotations.get("conditionalFormats"):
        return True
    return any(rule["kind"] == "ONE_OF_RANGE" for rule in _attributes(book, sheet)["rules"].values())


def _size(book: Book, sheet: Sheet) -> int:
    return max(max(sheet.rows, default=-1), max(_spread(book, sheet), default=-1)) + 1


def _spread(book: Book, sheet: Sheet) -> dict[int, dict[int, Any]]:
    """Return the blank cells of a tab that show a part of an array, worked out once for a state of a book."""
    found: dict[int, dict[int, dict[int, Any]]] = book.memo.setdefault("spread", {})
    if sheet.sheet_id not in found:
        found[sheet.sheet_id] = calculator(book).spread_over(sheet)
    return found[sheet.sheet_id]


def _in(row: int, start: int, count: int) -> bool:
    return start <= row < start + count


def _computes(line: Line) -> bool:
    return any(cell.entered is not None and "formulaValue" in cell.entered for cell in line.values())


def _written(values: Calculator, sheet: Sheet, row: int, line: Line) -> msgspec.Raw:
    cells: list[Any] = [None] * (max(line, default=-1) + 1)
    for column, cell in line.items():
        cells[column] = _short(values, sheet, row, column, cell)
    while cells and cells[-1] is None:
        cells.pop()
    return msgspec.Raw(ENCODER.encode(cells))


def _short(values: Calculator, sheet: Sheet, row: int, column: int, cell: Cell) -> Any:
    entered = cell.entered
    if entered and cell.format is None and cell.note is None and cell.validation is None:
        if "stringValue" in entered:
            return entered["stringValue"]
        if "numberValue" in entered:
            return [values.text(sheet, row, column)]
    given = cell_state(values, sheet, row, column, cell)
    if given is None:
        return None
    if given.keys() == {"f", "e", "n"}:
        return [given["f"]] if given["f"] == given["e"] else [given["f"], given["e"]]
    if given["f"] == given["e"]:
        del given["e"]
        return given["f"] if given.keys() == {"f"} else given
    return given
