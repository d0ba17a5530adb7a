"""Computes what cells show: lazily, and again only where something that a formula reads has changed."""

from math import isfinite
from typing import Any

from localsheets.books.a1 import Area, Closed
from localsheets.books.model import Book, Cell, Sheet
from localsheets.formulas.compile import Env, template
from localsheets.formulas.memory import Memory, latest, makers, recall, remember
from localsheets.formulas.results import CODES
from localsheets.formulas.spills import Spills, makes
from localsheets.formulas.syntax import FormulaError, Ref, cut, reference
from localsheets.formulas.values import ErrorValue, Formatted, Grid, Linked, Raised, fail
from localsheets.texts.locales import locale_of
from localsheets.texts.rendering import general, is_date_format, is_text_format, shown
from localsheets.texts.serials import plain

Json = dict[str, Any]
Place = tuple[int, int, int]
# Python's own stack is the limit: a longer chain of formulas is computed in several descents.
DEEPEST = 220
PLAIN = frozenset((int, str, bool))
PARSE_ERROR = ErrorValue("#ERROR!", "Formula parse error.")
CIRCULAR = ErrorValue(
    "#REF!", "Circular dependency detected. To resolve with iterative calculation, see File > Settings."
)
TOO_LARGE = ErrorValue("#NUM!", "Numeric value is greater than 1.79769E+308 and cannot be displayed properly.")


class Deeper(Exception):
    """Name the formula at which a descent stopped."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


class Calculator:
    """Compute the values of one book as it stands."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.today = book.today()
        self.titles = {title.lower(): sheet_id for title, sheet_id in book.titles().items()}
        self.names = {named["name"].upper(): named["range"] for named in book.named_ranges}
        self.locale = locale_of(book.locale)
        self.comma = self.locale.comma_decimal
        self.memory = Memory(book)
        self.known: dict[Place, Any] = self.memory.known
        self.running: dict[Place, int] = {}
        self.weight = 0
        # Ranges are read once for all formulas that name them, and keep what lookups learn of them.
        self.grids: dict[tuple[int, Area], Grid] = {}
        earlier = latest(book)
        self.spills = Spills(self, makers(self, earlier, makes))
        recall(self, earlier)

    # What others ask

    def value(self, sheet: Sheet, row: int, column: int) -> Any:
        """Return the computed value of a cell: None, bool, number, text or ErrorValue."""
        cell = sheet.cell(row, column)
        if cell.entered is not None and "formulaValue" not in cell.entered and "errorValue" not in cell.entered:
            return next(iter(cell.entered.values()))
        found = self.settled(sheet, row, column)
        if found.__class__ is Formatted:
            return plain(float(found))
        return str(found) if found.__class__ is Linked else found

    def number_format(self, sheet: Sheet, row: int, column: int) -> Json | None:
        """Return the number format of a cell: the one it was given, or the one its formula brings."""
        cell = sheet.cell(row, column)
        given = (cell.format or {}).get("numberFormat")
        if given or (cell.entered is not None and "formulaValue" not in cell.entered):
            return given
        found = self.settled(sheet, row, column)
        return found.format if found.__class__ is Formatted else None

    def hyperlink(self, sheet: Sheet, row: int, column: int) -> str | None:
        """Return the address that a formula links its cell to."""
        found = self.settled(sheet, row, column)
        return found.url if found.__class__ is Linked else None

    def text(self, sheet: Sheet, row: int, column: int) -> str:
        """Return what a cell shows."""
        cell = sheet.cell(row, column)
        given = (cell.format or {}).get("numberFormat")
        if cell.entered is not None and "formulaValue" not in cell.entered:
            return shown(self.value(sheet, row, column), given, self.locale)
        found = self.settled(sheet, row, column)
        return shown(found, given or (found.format if found.__class__ is Formatted else None), self.locale)

    def spread_over(self, sheet: Sheet) -> dict[int, dict[int, Any]]:
        """Return the blank cells of a tab that show a part of an array, by row and column."""
        return self.spills.of(sheet) if self.spills.any else {}

    def spread_at(self, sheet: Sheet, row: int, column: int) -> bool:
        """Tell whether a blank cell shows a part of an array."""
        self.spills.settle()
        return self.spills.at(sheet, row, column) is not None

    def entered_text(self, sheet: Sheet, row: int, column: int) -> str:
        """Return what the formula bar shows: the formula, or the value as it would be typed."""
        cell = sheet.cell(row, column)
        if cell.formula is not None:
            return cell.formula
        value = self.value(sheet, row, column)
        given = (cell.format or {}).get("numberFormat")
        if isinstance(value, str) or is_date_format(given):
            return shown(value, given, self.locale)
        if isinstance(value, float) and (given or {}).get("type") == "PERCENT":
            return general(value * 100, self.locale) + "%"
        return shown(value, None, self.locale)

    # How cells are computed

    def settled(self, sheet: Sheet, row: int, column: int) -> Any:
        """Return a value with its format; formulas that lie too deep are computed first, from a fresh stack."""
        self.spills.settle()
        place = (sheet.sheet_id, row, column)
        if place in self.known:
            return self.known[place]
        waiting = [place]
        while True:
            try:
                if len(waiting) == 1:
                    return self.at(sheet, row, column)
                sheet_id, line, across = waiting[-1]
                self.at(self.book.sheets[sheet_id], line, across)
                waiting.pop()
            except Deeper as deeper:
                if deeper.place in waiting:
                    self.known[deeper.place] = CIRCULAR
                waiting.append(deeper.place)

    def at(self, sheet: Sheet, row: int, column: int) -> Any:
        """Return the value of a cell, numbers with the format that they would bring to a formula."""
        line = sheet.rows.get(row)
        cell = line.get(column) if line else None
        entered = cell.entered if cell is not None else None
        if cell is None or entered is None:
            return self.spills.at(sheet, row, column) if self.spills.any else None
        if "formulaValue" in entered:
            return self._formula(sheet, row, column, cell)
        (kind,) = entered
        value = entered[kind]
        if kind == "numberValue":
            return self._formatted(value, cell) if cell.format else value
        return ErrorValue(CODES[value["type"]], value.get("message", "")) if kind == "errorValue" else value

    def _formatted(self, value: Any, cell: Cell) -> Any:
        given = (cell.format or {}).get("numberFormat")
        if not given or is_text_format(given) or value.__class__ is bool or not isinstance(value, (int, float)):
            return value
        return Formatted(value, given)

    def _formula(self, sheet: Sheet, row: int, column: int, cell: Cell) -> Any:
        place = (sheet.sheet_id, row, column)
        found = self.known.get(place, self)
        if found is not self:
            return found
        if place in self.running:
            self._close_circle(place)
            return CIRCULAR
        try:
            shape, texts = cut(cell.entered["formulaValue"])
            compiled = template(shape, self.comma)
            refs = [reference(text) for text in texts]
        except FormulaError:
            self.known[place] = PARSE_ERROR
            return PARSE_ERROR
        depth = compiled.depth
        if self.running and self.weight + depth > DEEPEST:
            raise Deeper(place)
        self.memory.reads(place, refs, compiled)
        self.running[place] = depth
        self.weight += depth
        try:
            result = compiled.run(Env(self, sheet, refs, row, column))
        except Raised as raised:
            result = raised.value
        except OverflowError:
            result = TOO_LARGE
        finally:
            del self.running[place]
            self.weight -= depth
        if place in self.memory.circular:
            result = CIRCULAR
        elif result.__class__ not in PLAIN:
            result = self._finished(place, result)
        self.known[place] = result = self._formatted(result, cell) if cell.format else result
        return result

    def _finished(self, place: Place, result: Any) -> Any:
        """Return what a formula gives its cell: the corner of an array, a whole number."""
        if result.__class__ is Grid:
            return self.spills.spread(place, result)
        if result.__class__ is float:
            return plain(result) if isfinite(result) else TOO_LARGE
        return result

    def _close_circle(self, place: Place) -> None:
        """Mark every formula of a circle: each of them is an error."""
        chain = list(self.running)
        self.memory.circular.update(chain[chain.index(place) :])

    # What formulas refer to

    def _sheet_of(self, ref: Ref, sheet: Sheet) -> Sheet:
        if ref.title is None:
            return sheet
        sheet_id = self.titles.get(ref.title.lower())
        if sheet_id is None:
            raise fail("#REF!", f"Unresolved sheet name '{ref.title}'.")
        return self.book.sheets[sheet_id]

    def single(self, ref: Ref, sheet: Sheet) -> Any:
        """Return the value of the cell that a reference names."""
        sheet = self._sheet_of(ref, sheet)
        row, column = ref.area.top, ref.area.left
        if row >= sheet.row_count or column >= sheet.column_count:
            raise fail("#REF!", "Reference does not exist.")
        return self.at(sheet, row, column)

    def grid(self, ref: Ref, sheet: Sheet) -> Grid:
        """Return the cells that a reference names; long ranges are read once for all formulas."""
        sheet = self._sheet_of(ref, sheet) if ref.title is not None else sheet
        area = ref.area
        shared = area.bottom is None or area.bottom - area.top > 1
        found = self.grids.get((sheet.sheet_id, area)) if shared else None
        if found is not None:
            return found
        if area.top >= sheet.row_count or area.left >= sheet.column_count:
            raise fail("#REF!", "Reference does not exist.")
        grid = self._cells(sheet, area.within(sheet.row_count, sheet.column_count))
        if shared:
            self.grids[sheet.sheet_id, area] = grid
        return grid

    def named(self, name: str) -> Grid:
        """Return the cells of a named range."""
        given = self.names.get(name.upper())
        if given is None:
            raise fail("#NAME?", f"Unknown range name: '{name.upper()}'.")
        sheet, closed = named_area(given, self.book)
        return self._cells(sheet, closed)

    def _cells(self, sheet: Sheet, area: Closed) -> Grid:
        bottom = area.bottom
        if bottom - area.top > 8:
            last = max(max(sheet.rows, default=-1) + 1, self.spills.last_row(sheet))
            bottom = max(min(bottom, last), area.top + 1)
        columns = range(area.left, area.right)
        lines = [self._line(sheet, row, columns) for row in range(area.top, bottom)]
        return Grid(lines, area.top, area.left, area.height, area.width)

    def _line(self, sheet: Sheet, row: int, columns: range) -> list[Any]:
        """Return a line of cells; numbers without a format, the most frequent ones, are read here."""
        line = sheet.rows.get(row)
        if line is None and not self.spills.any:
            return [None] * len(columns)
        found = []
        for column in columns:
            cell = line.get(column) if line else None
            value = None
            if cell is not None and cell.format is None and cell.entered is not None:
                value = cell.entered.get("numberValue")
            found.append(self.at(sheet, row, column) if value is None else value)
        return found


def named_area(grid_range: Json, book: Book) -> tuple[Sheet, Closed]:
    """Return the tab and the closed rectangle of a stored GridRange."""
    sheet = book.sheets.get(grid_range.get("sheetId", 0))
    if sheet is None:
        raise fail("#REF!", "Reference does not exist.")
    whole = sheet.whole()
    return sheet, Closed(
        grid_range.get("startRowIndex", 0),
        grid_range.get("startColumnIndex", 0),
        min(grid_range.get("endRowIndex", whole.bottom), whole.bottom),
        min(grid_range.get("endColumnIndex", whole.right), whole.right),
    )


def calculator(book: Book) -> Calculator:
    """Return the calculator of this state of the book, made once, from what the last one still knows."""
    found = book.memo.get("calculator")
    if found is None or (found.memory.volatile and found.today != book.today()):
        found = book.memo["calculator"] = Calculator(book)
        if not book.owned:
            remember(found)
    return found
