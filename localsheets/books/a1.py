"""A1 notation, and the rectangle that every range becomes."""

import re
from dataclasses import dataclass

CELL = re.compile(r"(\$?[A-Za-z]{1,3})?(\$?[1-9]\d{0,6})?")
PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
R1C1_TITLE = re.compile(r"(R\d*)?(C\d*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Area:
    """Hold a half-open rectangle, zero-based; a `None` end is open."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None

    def within(self, row_count: int, column_count: int) -> "Closed":
        """Close open ends at the grid's limits and cut what lies beyond."""
        bottom = row_count if self.bottom is None else min(self.bottom, row_count)
        right = column_count if self.right is None else min(self.right, column_count)
        return Closed(self.top, self.left, bottom, right)

    def exceeds(self, row_count: int, column_count: int) -> bool:
        """Tell whether any given edge lies outside the grid."""
        rows_out = self.top >= row_count or (self.bottom or 0) > row_count
        return rows_out or self.left >= column_count or (self.right or 0) > column_count


@dataclass(frozen=True, slots=True)
class Closed:
    """Hold a half-open rectangle whose four edges are known."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return max(0, self.bottom - self.top)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return max(0, self.right - self.left)

    def rows(self) -> range:
        """Return the numbers of its rows."""
        return range(self.top, self.bottom)

    def columns(self) -> range:
        """Return the numbers of its columns."""
        return range(self.left, self.right)

    def has(self, row: int, column: int) -> bool:
        """Tell whether a cell lies inside."""
        return self.top <= row < self.bottom and self.left <= column < self.right

    def covers(self, other: "Closed") -> bool:
        """Tell whether the other rectangle lies wholly inside."""
        rows = self.top <= other.top and other.bottom <= self.bottom
        return rows and self.left <= other.left and other.right <= self.right

    def meets(self, other: "Closed") -> bool:
        """Tell whether the two rectangles share a cell."""
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right


def letters(column: int) -> str:
    """Name a zero-based column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """Number a column from its letters, zero-based."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def quoted(title: str) -> str:
    """Write a tab's title as A1 notation wants it, quoted when it must be."""
    if PLAIN_TITLE.fullmatch(title) and not is_cells(title) and not R1C1_TITLE.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def is_cells(text: str) -> bool:
    """Tell whether a text reads as a cell or a range without a title."""
    parts = text.split(":")
    if len(parts) > 2 or not all(part and CELL.fullmatch(part) for part in parts):
        return False
    return len(parts) == 2 or bool(re.fullmatch(r"\$?[A-Za-z]+\$?\d+", text))


def parse_area(cells: str) -> Area | None:
    """Read `A1`, `A1:B2`, `A:C`, `2:3` or `B2:B`; None when it is none of them."""
    parts = cells.split(":")
    if not is_cells(cells):
        return None
    corners = [_corner(part) for part in parts]
    (row1, column1), (row2, column2) = corners[0], corners[-1]
    if len(parts) == 1 and (row1 is None or column1 is None):
        return None
    top, bottom = _ends(row1, row2)
    left, right = _ends(column1, column2)
    return Area(top, left, bottom, right)


def _corner(part: str) -> tuple[int | None, int | None]:
    match = CELL.fullmatch(part)
    name, digits = (match[1], match[2]) if match else (None, None)
    row = int(digits.lstrip("$")) - 1 if digits else None
    return row, column_number(name.lstrip("$")) if name else None


def _ends(first: int | None, last: int | None) -> tuple[int, int | None]:
    known = [end for end in (first, last) if end is not None]
    if len(known) < 2:
        return (known[0] if known else 0), None
    return min(known), max(known) + 1


def written(title: str, area: Closed) -> str:
    """Write a range the way Google does in its answers."""
    first = f"{letters(area.left)}{area.top + 1}"
    last = f"{letters(area.right - 1)}{area.bottom}"
    return f"{quoted(title)}!{first if first == last else f'{first}:{last}'}"


def named(title: str, area: Area) -> str:
    """Write a range that may be open the way Google names it when it refuses it: whole columns by letters alone."""
    rows = area.bottom is not None or area.top > 0
    columns = area.right is not None or area.left > 0 or not rows
    first = (letters(area.left) if columns else "") + (str(area.top + 1) if rows else "")
    last = (letters(area.right - 1) if area.right is not None else "") + (
        str(area.bottom) if area.bottom is not None else ""
    )
    return f"{quoted(title)}!{first if first == last else f'{first}:{last}'}"
