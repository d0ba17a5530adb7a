"""Which rows a tab's filter hides."""

from collections.abc import Callable
from typing import Any

from localsheets.books.a1 import Closed
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import closed_of
from localsheets.errors import missing
from localsheets.formulas.calculator import Calculator, calculator

Json = dict[str, Any]
Test = Callable[[str, Any, str, float], bool]
#: What a condition asks of a cell: its shown text, its value, then the condition's text and number.
CONDITIONS: dict[str, Test] = {
    "BLANK": lambda text, value, wanted, number: text == "",
    "NOT_BLANK": lambda text, value, wanted, number: text != "",
    "TEXT_CONTAINS": lambda text, value, wanted, number: wanted in text.lower(),
    "TEXT_NOT_CONTAINS": lambda text, value, wanted, number: wanted not in text.lower(),
    "TEXT_STARTS_WITH": lambda text, value, wanted, number: text.lower().startswith(wanted),
    "TEXT_ENDS_WITH": lambda text, value, wanted, number: text.lower().endswith(wanted),
    "TEXT_EQ": lambda text, value, wanted, number: text.lower() == wanted,
    "NUMBER_GREATER": lambda text, value, wanted, number: _number(value) and value > number,
    "NUMBER_GREATER_THAN_EQ": lambda text, value, wanted, number: _number(value) and value >= number,
    "NUMBER_LESS": lambda text, value, wanted, number: _number(value) and value < number,
    "NUMBER_LESS_THAN_EQ": lambda text, value, wanted, number: _number(value) and value <= number,
    "NUMBER_EQ": lambda text, value, wanted, number: _number(value) and value == number,
    "NUMBER_NOT_EQ": lambda text, value, wanted, number: not _number(value) or value != number,
}


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def criteria(given: Json) -> dict[int, Json]:
    """Return the criteria of a filter by column, in either of their two writings."""
    found = {int(column): wanted for column, wanted in (given.get("criteria") or {}).items()}
    for spec in given.get("filterSpecs") or []:
        found[spec.get("columnIndex", 0)] = spec.get("filterCriteria") or {}
    return found


def shown_filters(given: Any) -> Any:
    """Return a stored filter, or a list of them, as Google answers it: zeros are left out."""
    if isinstance(given, list):
        return [shown_filters(one) for one in given]
    specs = {
        name: [_without_zeros(spec) for spec in given[name]] for name in ("filterSpecs", "sortSpecs") if name in given
    }
    return given | specs


def _without_zeros(spec: Json) -> Json:
    return {name: value for name, value in spec.items() if isinstance(value, dict) or value != 0}


def apply_filter(book: Book, sheet_id: int) -> None:
    """Mark the rows that the tab's filter hides now, and no others; a tab without filter hides none."""
    sheet = book.edit(sheet_id)
    given = sheet.annotations.get("basicFilter")
    hidden = _hidden_rows(book, sheet, given) if given else set()
    sizes = sheet.sizes["ROWS"]
    for row in [row for row, size in sizes.items() if size.get("hiddenByFilter") and row not in hidden]:
        kept = {name: value for name, value in sizes[row].items() if name != "hiddenByFilter"}
        if kept:
            sizes[row] = kept
        else:
            del sizes[row]
    for row in hidden:
        sizes[row] = sizes.get(row, {}) | {"hiddenByFilter": True}


def _hidden_rows(book: Book, sheet: Sheet, given: Json) -> set[int]:
    area: Closed = closed_of(given["range"])
    tests = [(column, _test(wanted)) for column, wanted in criteria(given).items()]
    values = calculator(book)
    return {
        row
        for row in range(area.top + 1, area.bottom)
        if any(not test(values, sheet, row, column) for column, test in tests)
    }


def _test(wanted: Json) -> Callable[[Calculator, Sheet, int, int], bool]:
    """Return what tells whether a cell stays in sight."""
    hidden = set(wanted.get("hiddenValues") or [])
    condition = wanted.get("condition") or {}
    kind = condition.get("type")
    if kind and kind not in CONDITIONS:
        raise missing(f"filtering by the condition {kind}")
    operand = str(((condition.get("values") or [{}])[0]).get("userEnteredValue", ""))
    try:
        number = float(operand.replace(",", "."))
    except ValueError:
        number = 0.0

    def stays(values: Calculator, sheet: Sheet, row: int, column: int) -> bool:
        text = values.text(sheet, row, column)
        if text in hidden:
            return False
        return not kind or bool(CONDITIONS[kind](text, values.value(sheet, row, column), operand.lower(), number))

    return stays
