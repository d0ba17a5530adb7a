"""The colours that the rules of a tab give to its cells: alternating bands, and conditional formats."""

from collections.abc import Callable, Iterator
from typing import Any

from localsheets.books.a1 import Closed
from localsheets.books.colors import hexadecimal
from localsheets.books.filters import CONDITIONS
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import closed_of
from localsheets.errors import ApiError
from localsheets.formulas.calculator import Calculator, Deeper, calculator
from localsheets.formulas.compile import template
from localsheets.formulas.entry import stored
from localsheets.formulas.env import Env
from localsheets.formulas.syntax import FormulaError, cut, reference, translate
from localsheets.formulas.values import Raised

Json = dict[str, Any]
Test = Callable[[Sheet, int, int], bool]
Place = tuple[int, int]
BAND = ("headerColor", "firstBandColor", "secondBandColor", "footerColor")
MARKS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s"}
#: Conditions that a blank cell may fulfil; the others are tried on filled cells only.
OF_BLANKS = {"BLANK", "CUSTOM_FORMULA"}
MOST_TRIED = 200_000


def bands(sheet: Sheet) -> list[Json]:
    """Return the alternating colours of a tab: their edges, and header, first, second, footer colours."""
    found = []
    for band in sheet.annotations.get("bandedRanges", []):
        area = closed_of(band["range"])
        edges = [area.top, area.left, min(area.bottom, sheet.row_count) - 1, min(area.right, sheet.column_count) - 1]
        shades = {name: _shades(band.get(f"{name}Properties")) for name in ("row", "column")}
        found.append({"area": edges} | {name: given for name, given in shades.items() if given})
    return found


def _shades(given: Json | None) -> list[str | None] | None:
    return [hexadecimal(given[name]) if given.get(name) is not None else None for name in BAND] if given else None


def painted(book: Book, sheet: Sheet) -> Json | None:
    """Return what the conditional formats of a tab draw: the looks, and runs [look, column, first row, last row].

    Of several rules that a cell fulfils the first one counts. Gradients and conditions on dates are not drawn.
    """
    looks: list[Json] = []
    chosen: dict[Place, int] = {}
    left = MOST_TRIED
    for rule in sheet.annotations.get("conditionalFormats", []):
        boolean = rule.get("booleanRule")
        test = _test(calculator(book), boolean["condition"], closed_of(rule["ranges"][0])) if boolean else None
        if test is None:
            continue
        looks.append(_look(boolean.get("format") or {}))
        for row, column in _places(calculator(book), sheet, rule):
            left -= 1
            if left > 0 and (row, column) not in chosen and test(sheet, row, column):
                chosen[row, column] = len(looks) - 1
    return {"looks": looks, "runs": _runs(chosen)} if chosen else None


def _look(given: Json) -> Json:
    text = given.get("textFormat", {})
    look: Json = {short: text[name] for name, short in MARKS.items() if name in text}
    if "backgroundColor" in given:
        look["bg"] = hexadecimal(given["backgroundColor"])
    if "foregroundColor" in text:
        look["fg"] = hexadecimal(text["foregroundColor"])
    return look


def _places(values: Calculator, sheet: Sheet, rule: Json) -> Iterator[Place]:
    """List the cells on which a rule is tried."""
    blanks = rule["booleanRule"]["condition"]["type"] in OF_BLANKS
    spread = values.spread_over(sheet)
    for area in map(closed_of, rule["ranges"]):
        bottom, right = min(area.bottom, sheet.row_count), min(area.right, sheet.column_count)
        for row in range(area.top, bottom) if blanks else sorted(sheet.rows.keys() | spread.keys()):
            if not area.top <= row < bottom:
                continue
            line, shown = sheet.rows.get(row, {}), spread.get(row, {})
            for column in range(area.left, right):
                if blanks or column in shown or (column in line and line[column].entered is not None):
                    yield row, column


def _runs(chosen: dict[Place, int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for column, row in sorted((column, row) for row, column in chosen):
        look = chosen[row, column]
        if runs and runs[-1][:2] == [look, column] and runs[-1][3] == row - 1:
            runs[-1][3] = row
        else:
            runs.append([look, column, row, row])
    return runs


def _test(values: Calculator, condition: Json, first: Closed) -> Test | None:
    """Return what tells whether a cell fulfils a condition; None for one that is not drawn."""
    kind = condition["type"]
    operands = [str(value.get("userEnteredValue", "")) for value in condition.get("values", [])]
    if kind == "CUSTOM_FORMULA":
        return _custom(values, operands[0], first)
    numbers = [_number(operand) for operand in operands]
    wanted, number = (operands[0].lower(), numbers[0]) if operands else ("", None)
    if kind.startswith("NUMBER_") and None in numbers or any(operand.startswith("=") for operand in operands):
        return None
    if kind in ("NUMBER_BETWEEN", "NUMBER_NOT_BETWEEN"):
        low, high = sorted(numbers)
        return lambda sheet, row, column: _between(values.value(sheet, row, column), low, high, kind)
    if kind not in CONDITIONS:
        return None
    asked = CONDITIONS[kind]
    return lambda sheet, row, column: bool(
        asked(values.text(sheet, row, column), values.value(sheet, row, column), wanted, number or 0.0)
    )


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _between(value: Any, low: float, high: float, kind: str) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return (low <= value <= high) == (kind == "NUMBER_BETWEEN")


def _custom(values: Calculator, formula: str, first: Closed) -> Test | None:
    """Return the test of a formula written for the first cell of a rule; its references follow the other cells."""
    try:
        known = stored(formula, values.locale)
    except ApiError:
        return None

    def fulfils(sheet: Sheet, row: int, column: int) -> bool:
        values.spills.settle()
        while True:
            try:
                shape, texts = cut(translate(known, row - first.top, column - first.left))
                refs = [reference(text) for text in texts]
                return template(shape, values.comma).run(Env(values, sheet, refs, row, column)) in (True, 1)
            except Deeper as deeper:
                sheet_id, down, across = deeper.place
                values.settled(values.book.sheets[sheet_id], down, across)
            except (FormulaError, Raised, OverflowError):
                return False

    return fulfils
