"""One tab as it was read: its cells, and the small steps between a cell, its text and its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.answers import Area, Cell, Protected, Value

Extended = Mapping[str, Any]
BLANK = Cell()


@dataclass
class Tab:
    """One tab as it is now."""

    sheet_id: int
    title: str
    row_count: int
    column_count: int
    #: Its cells by row then column, ragged: blank ones at the end of a row are not there.
    grid: list[list[Cell]]
    metadata: dict[int, str] = field(default_factory=dict)
    #: Ranges that some may not edit.
    protected: list[Protected] = field(default_factory=list)
    #: Ranges merged into their first cell.
    merges: list[Area] = field(default_factory=list)
    header_row: int = -1
    #: How many lines its headers take, `header_row` the lowest: staff write days above half-days.
    header_lines: int = 1
    #: Where new rows go: before what sums the others up at the bottom; None for after the last row.
    body_end: int | None = None
    #: Field to column index, the id included.
    columns: dict[str, int] = field(default_factory=dict)
    #: Why this tab cannot be synced, in French; '' when it can.
    trouble: str = ""
    #: Fields agreed on before whose column is not there.
    lost: list[str] = field(default_factory=list)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell, a blank one where the answer has none."""
        if row >= len(self.grid) or column >= len(self.grid[row]):
            return BLANK
        return self.grid[row][column]

    def text(self, row: int, column: int) -> str:
        """Return what a cell comes to as plain text."""
        return text_of(bare(self.cell(row, column).effectiveValue))

    def header(self, column: int) -> str:
        """Return what stands above a column: of several lines, the lowest that says something."""
        rows = range(self.header_row, max(-1, self.header_row - self.header_lines), -1)
        texts = (self.text(row, column) for row in rows)
        return next((text for text in texts if text), "")

    def raw(self, row: int, column: int) -> Extended:
        """Return what a cell comes to as an ExtendedValue of Google, {} when it is blank."""
        return extended_of(self.cell(row, column).effectiveValue)

    def formula(self, row: int, column: int) -> bool:
        """Tell whether a formula was entered in a cell."""
        return self.cell(row, column).userEnteredValue.formulaValue is not None

    def forbids(self, row: int, column: int) -> bool:
        """Tell whether a protection keeps us from writing in a cell."""
        return any(protected.forbids(row, column) for protected in self.protected)

    def covers(self, row: int, column: int) -> bool:
        """Tell whether a merge hides a cell: all but its first one."""
        return any(
            area.holds(row, column) and (row, column) != (area.startRowIndex, area.startColumnIndex)
            for area in self.merges
        )

    def forbids_insertion(self, dimension: str, at: int) -> bool:
        """Tell whether a protection keeps us from inserting ROWS or COLUMNS before one."""
        return any(protected.forbids_insertion(dimension, at) for protected in self.protected)

    @property
    def last_row(self) -> int:
        """Return the index after the last row that holds anything."""
        return len(self.grid)

    @property
    def end(self) -> int:
        """Return where the next new row goes."""
        return self.last_row if self.body_end is None else self.body_end


def bare(value: Value) -> str | float | bool | None:
    """Return the Python value of what a cell comes to, None for an error."""
    for found in (value.stringValue, value.numberValue, value.boolValue):
        if found is not None:
            return found
    return None


def extended_of(value: Value) -> dict[str, Any]:
    """Return a value as Google's ExtendedValue."""
    if value.errorValue is not None:
        return {"errorValue": {"type": value.errorValue.type}}
    found = bare(value)
    return {"stringValue": ""} if found == "" else extended(found)


def plain(value: Extended) -> str | float | bool | None:
    """Return the bare value of an ExtendedValue, None when it is blank."""
    for name in ("stringValue", "numberValue", "boolValue"):
        if name in value:
            return value[name]
    return None


def text_of(value: Extended | str | float | bool | None) -> str:
    """Return a value, bare or an ExtendedValue, as plain text: 12.0 is '12'."""
    found = plain(value) if isinstance(value, Mapping) else value
    if found is None:
        return ""
    if isinstance(found, bool):
        return "VRAI" if found else "FAUX"
    if isinstance(found, float | int) and float(found).is_integer():
        return str(int(found))
    return str(found)


def extended(value: str | float | bool | None) -> dict[str, Any]:
    """Return the typed ExtendedValue of a bare value: never parsed by Google, never a formula."""
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, float | int):
        return {"numberValue": value}
    return {"stringValue": value}


def address(column: int, row: int) -> str:
    """Return the A1 address of a cell given by its zero-based column and row."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
