"""Values of formulas: how they combine, and how the API writes them."""

import operator
from collections.abc import Callable
from typing import Any

from localsheets.formula_functions import DIV, NAME, NUM, REF, VALUE, ErrorValue, Raised
from localsheets.serials import plain

PARSE_ERROR = ErrorValue("#ERROR!")
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
KINDS = {
    "#REF!": "REF",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#NAME?": "NAME",
    "#VALUE!": "VALUE",
    "#N/A": "N_A",
    "#NUM!": "NUM",
    "#ERROR!": "ERROR",
}
CODES = {kind: code for code, kind in KINDS.items()}


def power(base: float, exponent: float) -> float:
    """Raise a number to a power; #DIV/0! and #NUM! where there is no result."""
    if base == 0 and exponent < 0:
        raise Raised(DIV)
    result = base**exponent
    if isinstance(result, complex):
        raise Raised(NUM)
    return result


def comparable(one: Any, two: Any) -> tuple[Any, Any]:
    """Order values as Sheets does: numbers, then texts without case, then booleans; blanks adapt."""
    one, two = _blank_as(one, two), _blank_as(two, one)
    ranks = [2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0 for value in (one, two)]
    if ranks[0] != ranks[1]:
        return ranks[0], ranks[1]
    return (one.lower(), two.lower()) if ranks[0] == 1 else (one, two)


def _blank_as(value: Any, other: Any) -> Any:
    if value is not None:
        return value
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0


def effective(value: Any) -> dict[str, Any] | None:
    """Write a computed value as the API's ExtendedValue; None for a blank."""
    if value is None:
        return None
    if isinstance(value, ErrorValue):
        return {"errorValue": {"type": KINDS.get(value, "ERROR"), "message": _explained(value)}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": plain(value)}
    return {"stringValue": value}


def _explained(value: ErrorValue) -> str:
    known = {
        REF: "Reference does not exist or depends on itself.",
        DIV: "Division by zero.",
        NAME: "Unknown function or range name.",
        VALUE: "A parameter has the wrong type.",
        PARSE_ERROR: "Formula parse error.",
    }
    return known.get(value, "The formula cannot be computed.")
