"""Computes what cells show: lazily, once per revision of a book."""

from typing import Any

from localsheets.a1 import Closed
from localsheets.formula_functions import (
    DIV,
    FRENCH_NAMES,
    FUNCTIONS,
    NAME,
    NUM,
    REF,
    ErrorValue,
    Raised,
    number,
    scalar,
    truth,
)
from localsheets.formula_results import ARITHMETIC, CODES, COMPARE, PARSE_ERROR, comparable, power
from localsheets.formula_syntax import FormulaError, Node, Ref, tree
from localsheets.locales import locale_of
from localsheets.model import Book, Sheet
from localsheets.rendering import general, is_date_format, shown
from localsheets.serials import plain

Place = tuple[int, int, int]
# Python's own stack is the limit: a longer chain of formulas is computed in several descents.
DEEPEST = 60


class Deeper(Exception):
    """Name the formula at which a descent stopped."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


class Calculator:
    """Compute the values of one book as it stands."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.titles = {title.lower(): sheet_id for title, sheet_id in book.titles().items()}
        self.locale = locale_of(book.locale)
        self.known: dict[Place, Any] = {}
        self.running: set[Place] = set()

    def value(self, sheet: Sheet, row: int, column: int) -> Any:
        """Return the computed value of a cell: None, bool, number, text or ErrorValue."""
        entered = sheet.cell(row, column).entered
        if not entered:
            return None
        if "formulaValue" in entered:
            return self._settled((sheet.sheet_id, row, column))
        if "errorValue" in entered:
            return ErrorValue(CODES[entered["errorValue"]["type"]])
        return next(iter(entered.values()))

    def _settled(self, place: Place) -> Any:
        """Compute a formula; what lies too deep is computed first, from a fresh stack."""
        waiting = [place]
        while waiting:
            if waiting[-1] in self.known:
                waiting.pop()
                continue
            try:
                self._compute(waiting[-1])
            except Deeper as deeper:
                if deeper.place in waiting:
                    self.known[deeper.place] = REF
                waiting.append(deeper.place)
        return self.known[place]

    def _compute(self, place: Place) -> None:
        sheet_id, row, column = place
        formula = str(self.book.sheets[sheet_id].cell(row, column).formula)
        self.running.add(place)
        try:
            result = self._result(place, formula)
        finally:
            self.running.discard(place)
        self.known[place] = result

    def _result(self, place: Place, formula: str) -> Any:
        try:
            node = tree(formula, self.locale.decimal == ",")
            result = scalar(self.evaluate(node, self.book.sheets[place[0]]))
        except FormulaError:
            return PARSE_ERROR
        except Raised as raised:
            return raised.value
        except OverflowError:
            return NUM
        if result is None:
            return 0
        return plain(result) if isinstance(result, float) else result

    def text(self, sheet: Sheet, row: int, column: int) -> str:
        """Return what a cell shows."""
        given = (sheet.cell(row, column).format or {}).get("numberFormat")
        return shown(self.value(sheet, row, column), given, self.locale)

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

    def evaluate(self, node: Node, sheet: Sheet) -> Any:
        """Return the value of a syntax tree read from a tab; a range gives a list of lines."""
        kind = node[0]
        if kind in ("number", "text"):
            return node[1]
        if kind == "error":
            raise Raised(ErrorValue(node[1]))
        if kind == "ref":
            return self._referred(node[1], sheet)
        if kind == "call":
            return self._call(node[1], node[2], sheet)
        if kind == "binary":
            return self._binary(node[1], node[2], node[3], sheet)
        if kind == "unary":
            operand = number(self.evaluate(node[2], sheet))
            return -operand if node[1] == "-" else operand
        if kind == "name":
            return self._named(node[1], sheet)
        return None

    def _named(self, name: str, sheet: Sheet) -> Any:
        if name in ("TRUE", "FALSE", "VRAI", "FAUX"):
            return name in ("TRUE", "VRAI")
        for named in self.book.named_ranges:
            if named["name"].upper() == name:
                return self._lines(*named_area(named["range"], self.book))
        raise Raised(NAME)

    def _referred(self, ref: Ref, sheet: Sheet) -> Any:
        if ref.title is not None:
            sheet_id = self.titles.get(ref.title.lower())
            if sheet_id is None:
                raise Raised(REF)
            sheet = self.book.sheets[sheet_id]
        area = ref.area.within(sheet.row_count, sheet.column_count)
        if area.top >= sheet.row_count or area.left >= sheet.column_count:
            raise Raised(REF)
        if not ref.is_range:
            value = self._at(sheet, area.top, area.left)
            if isinstance(value, ErrorValue):
                raise Raised(value)
            return value
        return self._lines(sheet, area)

    def _lines(self, sheet: Sheet, area: Closed) -> list[list[Any]]:
        bottom = min(area.bottom, max(sheet.rows, default=-1) + 1)
        bottom = max(bottom, area.top + 1)
        columns = range(area.left, area.right)
        return [[self._at(sheet, row, column) for column in columns] for row in range(area.top, bottom)]

    def _at(self, sheet: Sheet, row: int, column: int) -> Any:
        place = (sheet.sheet_id, row, column)
        if sheet.cell(row, column).formula is None:
            return self.value(sheet, row, column)
        if place in self.running:
            return REF
        if place not in self.known:
            if len(self.running) > DEEPEST:
                raise Deeper(place)
            self._compute(place)
        return self.known[place]

    def _call(self, name: str, arguments: tuple[Node, ...], sheet: Sheet) -> Any:
        name = FRENCH_NAMES.get(name, name)
        if name == "IF":
            return self._if(arguments, sheet)
        if name in ("IFERROR", "ISERROR"):
            return self._if_error(name, arguments, sheet)
        if name == "ISBLANK":
            return self.evaluate(arguments[0], sheet) is None
        function = FUNCTIONS.get(name)
        if function is None:
            raise Raised(NAME)
        given = [self.evaluate(argument, sheet) for argument in arguments]
        try:
            return function(*given)
        except TypeError:
            raise Raised(ErrorValue("#N/A")) from None

    def _if(self, arguments: tuple[Node, ...], sheet: Sheet) -> Any:
        if not 2 <= len(arguments) <= 3:
            raise Raised(ErrorValue("#N/A"))
        if truth(self.evaluate(arguments[0], sheet)):
            return self.evaluate(arguments[1], sheet)
        return self.evaluate(arguments[2], sheet) if len(arguments) == 3 else False

    def _if_error(self, name: str, arguments: tuple[Node, ...], sheet: Sheet) -> Any:
        try:
            value = scalar(self.evaluate(arguments[0], sheet))
        except Raised:
            if name == "ISERROR":
                return True
            return self.evaluate(arguments[1], sheet) if len(arguments) > 1 else ""
        return False if name == "ISERROR" else value

    def _binary(self, sign: str, left: Node, right: Node, sheet: Sheet) -> Any:
        one, two = scalar(self.evaluate(left, sheet)), scalar(self.evaluate(right, sheet))
        if sign == "&":
            return self._text(one) + self._text(two)
        if sign in COMPARE:
            return COMPARE[sign](*comparable(one, two))
        first, second = number(one), number(two)
        if sign == "/":
            if second == 0:
                raise Raised(DIV)
            return first / second
        if sign == "^":
            return power(first, second)
        return ARITHMETIC[sign](first, second)

    def _text(self, value: Any) -> str:
        return shown(value, None, self.locale)


def named_area(grid_range: dict[str, Any], book: Book) -> tuple[Sheet, Closed]:
    """Return the tab and the closed rectangle of a stored GridRange."""
    sheet = book.sheets.get(grid_range.get("sheetId", 0))
    if sheet is None:
        raise Raised(REF)
    whole = sheet.whole()
    return sheet, Closed(
        grid_range.get("startRowIndex", 0),
        grid_range.get("startColumnIndex", 0),
        min(grid_range.get("endRowIndex", whole.bottom), whole.bottom),
        min(grid_range.get("endColumnIndex", whole.right), whole.right),
    )


def calculator(book: Book) -> Calculator:
    """Return the calculator of this state of the book, made once."""
    if "calculator" not in book.memo:
        book.memo["calculator"] = Calculator(book)
    return book.memo["calculator"]
