"""Arrays that formulas spread over the cells around them."""

from typing import Any

from localsheets.books.a1 import letters
from localsheets.books.model import Sheet
from localsheets.formulas.syntax import cut
from localsheets.formulas.values import ErrorValue, Grid

Place = tuple[int, int, int]
MAKERS = ("{", "ARRAYFORMULA", "FILTER", "SORT", "UNIQUE", "TRANSPOSE", "SEQUENCE", "SPLIT", "FLATTEN")
ROUNDS = 5


class Spills:
    """Hold which cells show a part of an array, worked out before any formula is read."""

    def __init__(self, calculator: Any, makers: list[Place]) -> None:
        self.calculator = calculator
        self.makers = makers
        self.any = bool(self.makers)
        self.cells: dict[Place, Any] = {}
        self.sources: dict[Place, Place] = {}
        self.state = "settled" if not self.makers else "unknown"

    def at(self, sheet: Sheet, row: int, column: int) -> Any:
        """Return what an array shows in a blank cell, None where there is none."""
        return self.cells.get((sheet.sheet_id, row, column))

    def of(self, sheet: Sheet) -> dict[int, dict[int, Any]]:
        """Return the cells of a tab that show parts of arrays, by row and column."""
        self.settle()
        found: dict[int, dict[int, Any]] = {}
        for (sheet_id, row, column), value in self.cells.items():
            if sheet_id == sheet.sheet_id:
                found.setdefault(row, {})[column] = value
        return found

    def last_row(self, sheet: Sheet) -> int:
        """Return the number of rows up to the last one that an array reaches."""
        if not self.cells:
            return 0
        return max((row for sheet_id, row, _ in self.cells if sheet_id == sheet.sheet_id), default=-1) + 1

    def settle(self) -> None:
        """Compute all arrays until what they read of each other no longer changes."""
        if self.state != "unknown":
            return
        calculator = self.calculator
        self.state = "settling"
        before = dict(calculator.known)
        for _ in range(ROUNDS):
            last = dict(self.sources)
            shown = dict(self.cells)
            calculator.known.clear()
            calculator.known.update(before)
            calculator.grids.clear()
            self.cells, self.sources = dict(shown), {}
            for sheet_id, row, column in self.makers:
                sheet = calculator.book.sheets[sheet_id]
                calculator.settled(sheet, row, column)
            self.cells = {place: value for place, value in self.cells.items() if place in self.sources}
            if self.sources == last and self.cells == shown:
                break
        self.state = "settled"

    def spread(self, place: Place, grid: Grid) -> Any:
        """Put an array around the formula that made it; returns what its own cell shows."""
        if not grid.height or not grid.width:
            return None
        refusal = self._refusal(place, grid)
        if refusal is not None:
            return refusal
        sheet_id, top, left = place
        for row in range(grid.height):
            for column in range(grid.width):
                spot = (sheet_id, top + row, left + column)
                if spot != place:
                    self.cells[spot] = grid.at(row, column)
                    self.sources[spot] = place
        return grid.at(0, 0)

    def _refusal(self, place: Place, grid: Grid) -> ErrorValue | None:
        sheet_id, top, left = place
        sheet = self.calculator.book.sheets[sheet_id]
        for lacking, what in (
            (top + grid.height - sheet.row_count, "rows"),
            (left + grid.width - sheet.column_count, "columns"),
        ):
            if lacking > 0:
                text = f"Result was not automatically expanded, please insert more {what} ({lacking})."
                return ErrorValue("#REF!", text)
        for row in range(top, top + grid.height):
            line = sheet.rows.get(row, {})
            for column in range(left, left + grid.width):
                spot = (sheet_id, row, column)
                cell = line.get(column)
                taken = cell is not None and cell.entered is not None
                if spot != place and (taken or self.sources.get(spot, place) != place):
                    where = f"{letters(column)}{row + 1}"
                    said = f"Array result was not expanded because it would overwrite data in {where}."
                    return ErrorValue("#REF!", said)
        return None


def makes(formula: str) -> bool:
    """Tell whether a formula may give an array: one of the words stands outside its texts."""
    upper = formula.upper()
    if not any(word in upper for word in MAKERS):
        return False
    shape, _ = cut(upper)
    return any(word in part for part in shape if not part.startswith('"') for word in MAKERS)
