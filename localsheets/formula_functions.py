"""The functions that formulas may call, on computed values.

A value is None (blank), a bool, a number, a text or an `ErrorValue`; a range is a list of lines.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from localsheets.serials import serial


class ErrorValue(str):
    """Hold an error code such as #DIV/0! as a value."""

    __slots__ = ()


REF, DIV, NAME, VALUE = (ErrorValue(code) for code in ("#REF!", "#DIV/0!", "#NAME?", "#VALUE!"))
NOT_AVAILABLE, NUM = ErrorValue("#N/A"), ErrorValue("#NUM!")
COMPARISON = re.compile(r"(<>|<=|>=|=|<|>)(.*)", re.DOTALL)


class Raised(Exception):
    """Carry an error value out of a computation."""

    def __init__(self, value: ErrorValue) -> None:
        super().__init__(value)
        self.value = value


def flat(arguments: Iterable[Any]) -> list[tuple[Any, bool]]:
    """List every value with whether it came from a range; raise the first error."""
    found: list[tuple[Any, bool]] = []
    for argument in arguments:
        if isinstance(argument, list):
            found += [(value, True) for line in argument for value in line]
        else:
            found.append((argument, False))
    for value, _ in found:
        if isinstance(value, ErrorValue):
            raise Raised(value)
    return found


def scalar(value: Any) -> Any:
    """Return a single value; a range of one cell counts as one."""
    if isinstance(value, list):
        value = value[0][0] if value and value[0] else None
    if isinstance(value, ErrorValue):
        raise Raised(value)
    return value


def number(value: Any) -> float:
    """Return a number, or raise #VALUE! for a text that is none."""
    value = scalar(value)
    if value is None:
        return 0
    if isinstance(value, (bool, int, float)):
        return float(value) if isinstance(value, float) else int(value)
    try:
        return float(str(value).strip().replace(",", "."))
    except ValueError:
        raise Raised(VALUE) from None


def numbers(arguments: Iterable[Any]) -> list[float]:
    """List the numbers: in ranges only true numbers count, elsewhere everything must be one."""
    found = []
    for value, from_range in flat(arguments):
        if from_range and (isinstance(value, (bool, str)) or value is None):
            continue
        found.append(number(value))
    return found


def truth(value: Any) -> bool:
    """Return a boolean, or raise #VALUE! for a text that is none."""
    value = scalar(value)
    if isinstance(value, str):
        word = value.strip().upper()
        if word in ("TRUE", "VRAI"):
            return True
        if word in ("FALSE", "FAUX"):
            return False
        raise Raised(VALUE)
    return bool(value)


def matches(value: Any, criterion: Any) -> bool:
    """Tell whether a cell satisfies a COUNTIF criterion: `>=10`, `P*`, `R ?`, 3, "A"."""
    match = COMPARISON.fullmatch(criterion) if isinstance(criterion, str) else None
    operator, operand = (match[1], match[2]) if match else ("=", criterion)
    if isinstance(operand, str):
        operand = _as_number(operand)
    if operator in ("=", "<>"):
        return _equals(value, operand) == (operator == "=")
    if isinstance(value, bool) or isinstance(value, str) != isinstance(operand, str) or value is None:
        return False
    left, right = (str(value).lower(), operand.lower()) if isinstance(operand, str) else (value, operand)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]


def _as_number(text: str) -> Any:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return {"TRUE": True, "VRAI": True, "FALSE": False, "FAUX": False}.get(text.upper(), text)


def _equals(value: Any, operand: Any) -> bool:
    if operand == "" and isinstance(operand, str):
        return value is None or value == ""
    if isinstance(operand, str):
        return isinstance(value, str) and bool(_wildcard(operand).fullmatch(value))
    if isinstance(operand, bool) or isinstance(value, bool):
        return value is operand
    return isinstance(value, (int, float)) and value == operand


def _wildcard(text: str) -> re.Pattern[str]:
    parts = re.findall(r"~[*?~]|\*|\?|[^*?~]+|~", text)
    known = {"*": ".*", "?": "."}
    pattern = "".join(known.get(part) or re.escape(part.removeprefix("~") or part) for part in parts)
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def _average(*arguments: Any) -> float:
    found = numbers(arguments)
    if not found:
        raise Raised(DIV)
    return sum(found) / len(found)


def _rounded(mode: str) -> Callable[..., float]:
    def rounded(value: Any, places: Any = 0) -> float:
        step = Decimal(1).scaleb(-int(number(places)))
        return float(Decimal(repr(number(value))).quantize(step, rounding=mode))

    return rounded


def _count_if(area: Any, criterion: Any) -> int:
    lines = area if isinstance(area, list) else [[area]]
    wanted = scalar(criterion)
    return sum(matches(value, wanted) for line in lines for value in line)


def _sum_if(area: Any, criterion: Any, summed: Any = None) -> float:
    lines, wanted = area if isinstance(area, list) else [[area]], scalar(criterion)
    sums = lines if summed is None else summed
    total = 0.0
    for line, adds in zip(lines, sums, strict=False):
        pairs = zip(line, adds, strict=False)
        total += sum(add for value, add in pairs if _is_number(add) and matches(value, wanted))
    return total


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _day(year: Any, month: Any, day: Any) -> float:
    carried, index = divmod(int(number(month)) - 1, 12)
    try:
        first = date(int(number(year)) + carried, index + 1, 1)
    except ValueError:
        raise Raised(NUM) from None
    return serial(first) + int(number(day)) - 1


def _text(value: Any) -> str:
    value = scalar(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _booleans(arguments: Iterable[Any]) -> list[bool]:
    return [truth(value) for value, from_range in flat(arguments) if not (from_range and value in (None, ""))]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *given: sum(numbers(given)),
    "AVERAGE": _average,
    "COUNT": lambda *given: sum(
        _is_number(value) for given_one in given for line in _lines(given_one) for value in line
    ),
    "COUNTA": lambda *given: sum(
        value is not None for given_one in given for line in _lines(given_one) for value in line
    ),
    "COUNTBLANK": lambda *given: sum(
        value in (None, "") for given_one in given for line in _lines(given_one) for value in line
    ),
    "COUNTIF": _count_if,
    "SUMIF": _sum_if,
    "AND": lambda *given: all(_booleans(given)),
    "OR": lambda *given: any(_booleans(given)),
    "NOT": lambda value: not truth(value),
    "ROUND": _rounded(ROUND_HALF_UP),
    "ROUNDUP": _rounded(ROUND_UP),
    "ROUNDDOWN": _rounded(ROUND_DOWN),
    "ABS": lambda value: abs(number(value)),
    "INT": lambda value: number(value) // 1,
    "MIN": lambda *given: min(numbers(given), default=0),
    "MAX": lambda *given: max(numbers(given), default=0),
    "CONCATENATE": lambda *given: "".join(_text(value) for value, _ in flat(given)),
    "LEN": lambda value: len(_text(value)),
    "UPPER": lambda value: _text(value).upper(),
    "LOWER": lambda value: _text(value).lower(),
    "TRIM": lambda value: " ".join(_text(value).split()),
    "DATE": _day,
    "TRUE": lambda: True,
    "FALSE": lambda: False,
}


def _lines(value: Any) -> list[list[Any]]:
    return value if isinstance(value, list) else [[value]]


# French names are accepted in any book: Sheets shows them, but stores and sends the English ones.
FRENCH_NAMES = {
    "SOMME": "SUM",
    "MOYENNE": "AVERAGE",
    "NB": "COUNT",
    "NBVAL": "COUNTA",
    "NB.VIDE": "COUNTBLANK",
    "NB.SI": "COUNTIF",
    "SOMME.SI": "SUMIF",
    "SI": "IF",
    "SIERREUR": "IFERROR",
    "ET": "AND",
    "OU": "OR",
    "NON": "NOT",
    "ARRONDI": "ROUND",
    "CONCATENER": "CONCATENATE",
    "VRAI": "TRUE",
    "FAUX": "FALSE",
}
