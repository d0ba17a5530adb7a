"""Range texts: A1 and R1C1 notation, with or without a tab's title before them."""

import re
from dataclasses import dataclass

from localsheets.books.a1 import Area, parse_area

R1C1_END = re.compile(
    r"(?P<row>R(?:(?P<row_number>\d+)|\[(?P<row_offset>\d+)\])?)?"
    r"(?P<column>C(?:(?P<column_number>\d+)|\[(?P<column_offset>\d+)\])?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Axis:
    """Hold one half of an R1C1 corner: its index (None is unbounded) and the number as it was written."""

    index: int | None
    number: int | None = None
    relative: bool = False


def cells_area(text: str) -> Area | None:
    """Read the part of a range without its title, as A1 first and then as R1C1; None when it is neither.

    `RC1` is therefore the cell in column RC, while `R1C1` is A1. The two notations do not mix.
    """
    area = parse_area(text)
    return area if area is not None else _r1c1_area(text)


def _r1c1_area(text: str) -> Area | None:
    corners = [_corner(part) for part in text.split(":")]
    if len(corners) > 2 or any(corner is None for corner in corners):
        return None
    first, last = corners[0], corners[-1]
    if first is None or last is None or (len(corners) == 2 and _just_reversed(first, last)):
        return None
    top, bottom = _span(first[0].index, last[0].index)
    left, right = _span(first[1].index, last[1].index)
    return Area(top, left, bottom, right)


def _just_reversed(first: tuple[_Axis, _Axis], last: tuple[_Axis, _Axis]) -> bool:
    """Tell whether a range ends one before its start on an axis: Google reads that one as empty and refuses it."""
    return any(
        start.number is not None and end.number == start.number - 1 and start.relative == end.relative
        for start, end in zip(first, last, strict=True)
    )


def _span(first: int | None, last: int | None) -> tuple[int, int | None]:
    if first is None or last is None:
        return first or 0, None if last is None else last + 1
    return min(first, last), max(first, last) + 1


def _corner(part: str) -> tuple[_Axis, _Axis] | None:
    match = R1C1_END.fullmatch(part)
    if match is None or not part:
        return None
    numbers = (match["row_number"], match["column_number"])
    if any(number is not None and int(number) == 0 for number in numbers):
        return None
    axes = [_axis(match, name) for name in ("row", "column")]
    for at, other in ((0, 1), (1, 0)):
        # A letter that is absent leaves its axis open beside a numbered one, and means the first line otherwise.
        if axes[at].index is None and axes[other].number is None:
            axes[at] = _Axis(0)
    return axes[0], axes[1]


def _axis(match: re.Match[str], name: str) -> _Axis:
    if match[f"{name}_number"]:
        number = int(match[f"{name}_number"])
        return _Axis(number - 1, number)
    if match[f"{name}_offset"]:
        number = int(match[f"{name}_offset"])
        return _Axis(number, number, relative=True)
    return _Axis(0) if match[name] else _Axis(None)


def title_and_cells(text: str) -> tuple[str, str] | None:
    """Split a range at its last exclamation mark, the title still quoted; None without one."""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else None


def unquoted(title: str) -> str:
    """Return a title without the quotes around it."""
    if len(title) > 1 and title[0] == title[-1] == "'":
        return title[1:-1].replace("''", "'")
    return title


def is_quoted(text: str) -> bool:
    """Tell whether a whole text is one quoted title."""
    return bool(re.fullmatch(r"'(?:[^']|'')*'", text, re.DOTALL))
