"""The values that formulas work on: errors, formatted numbers, ranges, and how they change into each other.

A value is None (blank), a bool, a number, a text or an `ErrorValue`; a range or an array is a `Grid`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from localsheets.texts.locales import Locale
from localsheets.texts.rendering import shown
from localsheets.texts.typed_dates import moment
from localsheets.texts.typed_numbers import number as typed_number

Json = dict[str, Any]
Lines = list[list[Any]]


class ErrorValue(str):
    """Hold an error code such as #DIV/0! as a value, with the message that explains it."""

    message: str

    def __new__(cls, code: str, message: str = "") -> "ErrorValue":
        """Make the value of a code."""
        made = super().__new__(cls, code)
        made.message = message
        return made


class Raised(Exception):
    """Carry an error value out of a computation."""

    def __init__(self, value: ErrorValue) -> None:
        super().__init__(value)
        self.value = value


def fail(code: str, message: str = "") -> Raised:
    """Build the exception that makes a formula an error."""
    return Raised(ErrorValue(code, message))


class Formatted(float):
    """Hold a number with the number format that it brings along: a date stays a date."""

    __slots__ = ("format",)
    format: Json

    def __new__(cls, value: float, number_format: Json) -> "Formatted":
        """Make the number with its format."""
        made = super().__new__(cls, value)
        made.format = number_format
        return made


class Linked(str):
    """Hold the label of a link with its address."""

    url: str

    def __new__(cls, label: str, url: str) -> "Linked":
        """Make the label with its address."""
        made = super().__new__(cls, label)
        made.url = url
        return made


class Grid:
    """Hold lines of values: a range of cells, or an array that a function made.

    `top` and `left` are where a range starts; `index` keeps what lookups remember of it.
    """

    __slots__ = ("height", "index", "left", "lines", "top", "width")

    def __init__(self, lines: Lines, top: int = -1, left: int = -1, height: int = 0, width: int = 0) -> None:
        self.lines = lines
        self.top = top
        self.left = left
        # A range may reach below the last line that holds anything.
        self.height = height or len(lines)
        self.width = width or (len(lines[0]) if lines else 0)
        self.index: dict[Any, Any] = {}

    def cells(self) -> Iterator[Any]:
        """Yield the values line by line."""
        for line in self.lines:
            yield from line

    def at(self, row: int, column: int) -> Any:
        """Return a value by its place in the grid; blank below the last known line."""
        return self.lines[row][column] if row < len(self.lines) else None


def format_of(value: Any) -> Json | None:
    """Return the number format that a value brings, None when it brings none."""
    return value.format if value.__class__ is Formatted else None


def kept(value: float, *sources: Any) -> float:
    """Give a number the first format among those that it was computed from."""
    for source in sources:
        if source.__class__ is Formatted:
            return Formatted(value, source.format)
    return value


def number(value: Any, locale: Locale, name: str = "", place: int = 1) -> float:
    """Return a number, or raise #VALUE! for a text that is none; a blank is 0."""
    if value is None:
        return 0
    if value.__class__ is bool:
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, ErrorValue):
        raise Raised(value)
    read = read_number(value, locale)
    if read is None:
        said = f"But '{value}' is a text and cannot be coerced to a number."
        raise fail("#VALUE!", f"Function {name} parameter {place} expects number values. {said}")
    return read


def read_number(text: str, locale: Locale) -> float | None:
    """Read a text as a number, a percent, an amount, a date or a time; None when it is none."""
    text = text.strip()
    if not any(character.isdecimal() for character in text):
        return None
    found = typed_number(text, locale) or moment(text, locale, date.today())
    if found is None:
        return None
    return Formatted(found[0], found[1]) if found[1] else found[0]


def truth(value: Any, name: str = "", place: int = 1) -> bool:
    """Return a boolean, or raise #VALUE! for a text that is none; a blank is false."""
    if isinstance(value, str):
        if isinstance(value, ErrorValue):
            raise Raised(value)
        word = value.strip().upper()
        if word in ("TRUE", "VRAI", "FALSE", "FAUX"):
            return word in ("TRUE", "VRAI")
        said = f"But '{value}' is a text and cannot be coerced to a boolean."
        raise fail("#VALUE!", f"Function {name} parameter {place} expects boolean values. {said}")
    return bool(value)


def text(value: Any, locale: Locale) -> str:
    """Return a value as formulas join it to a text: as it would be shown."""
    if value is None:
        return ""
    if isinstance(value, str):
        if isinstance(value, ErrorValue):
            raise Raised(value)
        return value
    return shown(value, format_of(value), locale)


def flat(arguments: Iterable[Any]) -> Iterator[tuple[Any, bool]]:
    """Yield every value with whether it came from a range; raise the first error."""
    for argument in arguments:
        if isinstance(argument, Grid):
            for value in argument.cells():
                if value.__class__ is ErrorValue:
                    raise Raised(value)
                yield value, True
        else:
            if argument.__class__ is ErrorValue:
                raise Raised(argument)
            yield argument, False


def numbers(arguments: tuple[Any, ...], locale: Locale, name: str) -> list[float]:
    """List the numbers: in ranges only true numbers count, elsewhere everything must be one."""
    found: list[float] = []
    for place, argument in enumerate(arguments, start=1):
        if isinstance(argument, Grid):
            for value in argument.cells():
                kind = value.__class__
                if kind is float or kind is int or kind is Formatted:
                    found.append(value)
                elif kind is ErrorValue:
                    raise Raised(value)
        else:
            found.append(number(argument, locale, name, place))
    return found


def is_number(value: Any) -> bool:
    """Tell a number from a boolean and all else."""
    return value.__class__ is float or value.__class__ is int or value.__class__ is Formatted


def rank(value: Any) -> int:
    """Order kinds as Sheets does: numbers, then texts, then booleans."""
    return 2 if value.__class__ is bool else 1 if isinstance(value, str) else 0


def comparable(one: Any, two: Any) -> tuple[Any, Any]:
    """Make two values comparable: numbers, then texts without case, then booleans; blanks adapt."""
    one, two = _blank_as(one, two), _blank_as(two, one)
    ranks = rank(one), rank(two)
    if ranks[0] != ranks[1]:
        return ranks
    return (one.lower(), two.lower()) if ranks[0] == 1 else (one, two)


def _blank_as(value: Any, other: Any) -> Any:
    if value is not None:
        return value
    return "" if isinstance(other, str) else False if other.__class__ is bool else 0
