"""Find the header rows of a tab: not always the first, sometimes two lines with merged cells above."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rules.half_day_texts import Written, read, read_under
from rules.value_texts import as_text
from rules.value_times import FIRST_YEAR, LAST_YEAR, display_date, parse_date
from sync.adoption.grid import Grid, Value
from sync.layout import HEADER_ROWS

#: A header is never longer than this: a sentence above a table is no header.
LONGEST = 80


@dataclass(frozen=True)
class Header:
    """What stands above one column."""

    column: int
    #: Both lines read as one: a text, or the serial number of a date.
    value: Value
    #: The text of the lowest cell that says something.
    text: str

    @cached_property
    def written(self) -> Written:
        """Return what it says of a half-day."""
        return read(self.value)

    @property
    def shown(self) -> str:
        """Return it as people see it in the sheet."""
        return shown(self.value)


@dataclass(frozen=True)
class Layout:
    """A possible header: its lowest row, how many lines it has, what stands above each column."""

    row: int
    lines: int
    headers: tuple[Header, ...]


def shown(value: Value) -> str:
    """Return a header as people see it: the serial number of a day as that day."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        written = read(value)
        if written.dated and FIRST_YEAR <= (written.year or 0) <= LAST_YEAR:
            return f"{display_date(parse_date(float(int(value))))} {written.start}".strip()
    return " ".join(as_text(value).split())


def layouts(grid: Grid) -> Iterator[Layout]:
    """Give every possible header of a tab: each of the first rows, alone and with the row above it."""
    for row in range(min(HEADER_ROWS, grid.height)):
        one = _layout(grid, row, 1)
        if len(one.headers) > 1:
            yield one
        if row:
            two = _layout(grid, row, 2)
            if len(two.headers) > 1 and len(two.headers) >= len(one.headers):
                yield two


def _layout(grid: Grid, row: int, lines: int) -> Layout:
    found = []
    above: Value = None
    for column in range(grid.width):
        below = grid.value(row, column)
        if lines == 2:
            above = _above(grid, row - 1, column, above)
        value = below if lines == 1 else _joined(grid, row, column, above)
        text = as_text(below) or (as_text(grid.spread(row - 1, column)) if lines == 2 else "")
        if as_text(value) and len(as_text(value)) <= LONGEST:
            found.append(Header(column, value, text or as_text(value)))
    return Layout(row, lines, tuple(found))


def _above(grid: Grid, row: int, column: int, before: Value) -> Value:
    """Return what the upper line says over a column: a day written once stands over the columns beside it too."""
    found = grid.spread(row, column)
    if as_text(found):
        return found
    return before if as_text(before) and read(before).says_when else None


def _joined(grid: Grid, row: int, column: int, above: Value) -> Value:
    below = grid.value(row, column)
    if not as_text(below):
        # « Nom » in the upper line only; a day to the left says nothing of a column without a lower line.
        return grid.spread(row - 1, column)
    mine = read(below)
    if mine.rest or (mine.dated and (mine.half or mine.start)):
        # « Total » beside the half-days of a day is none of them.
        return below
    both = read_under(above, below)
    told = read(both)
    return both if told.says_when and told != mine else below
