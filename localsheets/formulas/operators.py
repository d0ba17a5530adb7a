"""The operators of formulas, on single values and on arrays value by value."""

import operator
from collections.abc import Callable
from typing import Any

from localsheets.formulas.values import (
    ErrorValue,
    Formatted,
    Grid,
    Raised,
    comparable,
    fail,
    format_of,
    kept,
    number,
    text,
)
from localsheets.texts.locales import Locale

NAMES = {"+": "ADD", "-": "MINUS", "*": "MULTIPLY", "/": "DIVIDE", "^": "POW", "&": "CONCAT"}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
PLAIN = frozenset((int, float))
DURATION = {"type": "TIME", "pattern": "[h]:mm:ss"}


def power(base: float, exponent: float) -> float:
    """Raise a number to a power; #DIV/0! and #NUM! where there is no result."""
    if base == 0 and exponent < 0:
        raise fail("#DIV/0!", "Function POW parameter 2 cannot be negative when parameter 1 is zero.")
    try:
        result = float(base) ** exponent
    except OverflowError:
        raise fail("#NUM!", "Numeric value is greater than 1.79769E+308 and cannot be displayed properly.") from None
    if isinstance(result, complex):
        raise fail("#NUM!", f"POW({base:g},{exponent:g}) does not evaluate to a real number.")
    return result


def divide(one: float, two: float) -> float:
    """Divide, or raise #DIV/0!."""
    if two == 0:
        raise fail("#DIV/0!", "Function DIVIDE parameter 2 cannot be zero.")
    return one / two


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divide,
    "^": power,
}


def combine(sign: str, one: Any, two: Any, locale: Locale) -> Any:
    """Return what an operator makes of two single values."""
    if one.__class__ in PLAIN and two.__class__ in PLAIN:
        if sign in ARITHMETIC:
            return ARITHMETIC[sign](one, two)
        if sign != "&":
            return COMPARE[sign](one, two)
    if sign == "&":
        return text(one, locale) + text(two, locale)
    for value in (one, two):
        if value.__class__ is ErrorValue:
            raise Raised(value)
    if sign in COMPARE:
        return COMPARE[sign](*comparable(one, two))
    first, second = number(one, locale, NAMES[sign], 1), number(two, locale, NAMES[sign], 2)
    result = ARITHMETIC[sign](float(first), float(second))
    return _formatted(sign, first, second, result)


def _formatted(sign: str, one: Any, two: Any, result: float) -> float:
    """Give a result the number format that its operands bring."""
    left, right = (format_of(value) or {} for value in (one, two))
    kinds = left.get("type"), right.get("type")
    if sign == "-" and kinds[0] in ("DATE", "DATE_TIME") and kinds[1] in ("DATE", "DATE_TIME"):
        return result if kinds == ("DATE", "DATE") else Formatted(result, DURATION)
    if sign == "-" and kinds[1] in ("DATE", "DATE_TIME"):
        return result
    if sign == "+" and {*kinds} == {"DATE", "TIME"}:
        return Formatted(result, {"type": "DATE_TIME"})
    if sign in "+-":
        return kept(result, one, two)
    if sign == "*":
        return kept(result, *(value for value, kind in zip((one, two), kinds, strict=True) if kind in _SCALED))
    if sign == "/" and kinds[0] in (*_SCALED, "PERCENT") and kinds[1] is None:
        return kept(result, one)
    return result


_SCALED = ("CURRENCY", "TIME")


def spread(compute: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    """Compute value by value where some of the values are arrays; a single line or column is repeated."""
    grids = [value for value in values if isinstance(value, Grid)]
    if not grids:
        return compute(*values)
    height, width = max(grid.height for grid in grids), max(grid.width for grid in grids)
    lines = []
    for row in range(height):
        lines.append([_one(compute, values, row, column) for column in range(width)])
    return Grid(lines)


def _one(compute: Callable[..., Any], values: tuple[Any, ...], row: int, column: int) -> Any:
    given = []
    for value in values:
        if isinstance(value, Grid):
            down, across = (0 if value.height == 1 else row), (0 if value.width == 1 else column)
            if down >= value.height or across >= value.width:
                return ErrorValue("#N/A", "Argument out of range.")
            value = value.at(down, across)
        given.append(value)
    try:
        return compute(*given)
    except Raised as raised:
        return raised.value
