"""The cells of one tab as adoption reads them: plain values, which are formulas, which are merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rules.value_texts import as_text

#: What a cell comes to.
Value = str | float | bool | None


@dataclass(frozen=True)
class Grid:
    """One tab: what each cell comes to, by row then column, ragged; nothing here changes."""

    sheet_id: int
    title: str
    values: Sequence[Sequence[Value]]
    #: Cells that hold a formula, as (row, column).
    formulas: frozenset[tuple[int, int]] = frozenset()
    #: Merged rectangles, as (first row, row after, first column, column after).
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    #: Marks left by an earlier binding: {column: field}.
    marks: Mapping[int, str] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Return the number of rows down to the last that holds anything."""
        return len(self.values)

    @property
    def width(self) -> int:
        """Return the number of columns up to the last that holds anything."""
        return max(map(len, self.values), default=0)

    def value(self, row: int, column: int) -> Value:
        """Return what a cell comes to, None when it is blank."""
        line = self.values[row] if 0 <= row < len(self.values) else ()
        return line[column] if column < len(line) else None

    def text(self, row: int, column: int) -> str:
        """Return what a cell comes to as a text, '' when it is blank."""
        return as_text(self.value(row, column))

    def spread(self, row: int, column: int) -> Value:
        """Return what a cell comes to; a cell merged with others shows what the first of them holds."""
        found = self.value(row, column)
        if found not in (None, ""):
            return found
        for top, bottom, left, right in self.merges:
            if top <= row < bottom and left <= column < right:
                return self.value(top, left)
        return None
