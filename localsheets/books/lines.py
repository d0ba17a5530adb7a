"""Lines of cells written many at a time."""

from typing import Any

from localsheets.books.a1 import Closed
from localsheets.books.model import Cell, Sheet
from localsheets.books.protections import check_free
from localsheets.errors import invalid

Json = dict[str, Any]
Line = dict[int, Cell]
MOST_CHARACTERS = 50_000


def own_line(sheet: Sheet, row: int) -> Line:
    """Return a line that may be written, copied once per change; give it to `settle` afterwards.

    Protections are not looked at: ask `check_free` first.
    """
    if row not in sheet.fresh:
        sheet.rows[row] = dict(sheet.rows.get(row, ()))
        sheet.fresh.add(row)
    return sheet.rows.setdefault(row, {})


def settle(sheet: Sheet, row: int) -> None:
    """Forget a line that ended up without cells."""
    if not sheet.rows.get(row):
        sheet.rows.pop(row, None)
        sheet.fresh.discard(row)


def set_cell(line: Line, column: int, cell: Cell) -> None:
    """Put a cell in a line that may be written; an empty one is forgotten."""
    if cell.is_empty():
        line.pop(column, None)
    else:
        line[column] = cell


def set_value(line: Line, column: int, entered: Json | None) -> None:
    """Put a value in a cell of a line that may be written: all else of the cell stays, but runs of its old text."""
    old = line.get(column)
    if old is None:
        if entered is not None:
            line[column] = Cell(entered)
    elif old.entered != entered or old.runs is not None:
        set_cell(line, column, Cell(entered, old.format, old.note, old.validation))


def check_length(text: str) -> None:
    """Refuse a text that no cell holds."""
    if len(text) > MOST_CHARACTERS:
        raise invalid(f"Your input contains more than the maximum of {MOST_CHARACTERS} characters in a single cell.")


def check_area(sheet: Sheet, area: Closed) -> None:
    """Refuse to write an area of a tab in which the account may not write every cell."""
    if sheet.forbidden:
        check_free(sheet.forbidden, area)
