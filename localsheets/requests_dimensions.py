"""batchUpdate requests that change rows and columns."""

from typing import Any

from msgspec.structs import replace

from localsheets import masks
from localsheets.errors import invalid
from localsheets.formulas import calculator
from localsheets.model import Book, Sheet
from localsheets.ranges import axis_of, dimension_range, size_of
from localsheets.structure import FROZEN, Deleted, Inserted, Moved, restructure

Json = dict[str, Any]
NOUNS = {"ROWS": "row", "COLUMNS": "column"}


def insert_dimension(book: Book, given: Json) -> Json:
    """Insert empty rows or columns, formatted like their neighbour."""
    sheet, axis, start, end = dimension_range(book, given.get("range"))
    before = bool(given.get("inheritFromBefore"))
    size = size_of(sheet, axis)
    if before and start == 0:
        raise invalid("Cannot inherit from before when inserting at the start.")
    if start > size or (start == size and not before):
        raise invalid(f"range.startIndex[{start}] must be less than the grid size ({size})")
    insert(book, sheet.sheet_id, axis, start, end - start, before)
    return {}


def insert(book: Book, sheet_id: int, axis: str, at: int, count: int, before: bool) -> None:
    """Insert lines, then give them the format of the line before or after."""
    restructure(book, sheet_id, axis, Inserted(at, count))
    sheet = book.edit(sheet_id)
    model = at - 1 if before else at + count
    for row, column, cell in list(sheet.cells()):
        index = row if axis == "ROWS" else column
        if index != model or not cell.format:
            continue
        for new in range(at, at + count):
            place = (new, column) if axis == "ROWS" else (row, new)
            sheet.put(*place, replace(sheet.cell(*place), format=cell.format))


def delete_dimension(book: Book, given: Json) -> Json:
    """Delete rows or columns."""
    sheet, axis, start, end = dimension_range(book, given.get("range"))
    check_deletable(sheet, axis, start, end)
    restructure(book, sheet.sheet_id, axis, Deleted(start, end))
    return {}


def check_deletable(sheet: Sheet, axis: str, start: int, end: int) -> None:
    """Refuse to delete what is not there, or all that is there."""
    size, noun = size_of(sheet, axis), NOUNS[axis]
    if end > size:
        raise invalid(
            f"Cannot delete a {noun} that doesn't exist. "
            f"Tried to delete {noun} index {end - 1} but there are only {size} {noun}s."
        )
    if end - start == size:
        raise invalid(f"You can't delete all the {noun}s on the sheet.")
    frozen = sheet.grid.get(FROZEN[axis], 0)
    if frozen and start <= frozen and end == size:
        raise invalid(f"You can't delete all the non-frozen {noun}s on the sheet.")


def append_dimension(book: Book, given: Json) -> Json:
    """Add empty rows or columns at the end of a tab."""
    axis, length = axis_of(given.get("dimension")), given.get("length", 0)
    if length < 1:
        raise invalid(f"length[{length}] must be positive")
    sheet = book.edit(given.get("sheetId", 0))
    if axis == "ROWS":
        sheet.row_count += length
    else:
        sheet.column_count += length
    return {}


def move_dimension(book: Book, given: Json) -> Json:
    """Move rows or columns before an index counted as before the move."""
    sheet, axis, start, end = dimension_range(book, given.get("source"))
    to, size = given.get("destinationIndex", 0), size_of(sheet, axis)
    if end > size or not 0 <= to <= size:
        raise invalid(f"Cannot move {NOUNS[axis]}s {start} to {end} to {to}: there are only {size}.")
    if start < to < end:
        raise invalid("The destination cannot be inside the source.")
    frozen = sheet.grid.get(FROZEN[axis], 0)
    if start < frozen < end:
        raise invalid("Cannot move frozen and non-frozen lines together.")
    restructure(book, sheet.sheet_id, axis, Moved(start, end, to))
    return {}


def update_dimension_properties(book: Book, given: Json) -> Json:
    """Keep sizes and hidden marks of rows or columns."""
    sheet, axis, start, end = dimension_range(book, given.get("range"))
    if end > size_of(sheet, axis):
        raise invalid(f"range.endIndex[{end}] is beyond the grid")
    mask = masks.parse(given.get("fields") or "")
    wanted = given.get("properties") or {}
    known = {"pixelSize", "hiddenByUser", masks.ALL}
    if unknown := mask.keys() - known:
        raise invalid(f"Invalid field: {', '.join(sorted(unknown))}")
    sizes = book.edit(sheet.sheet_id).sizes[axis]
    for index in range(start, end):
        laid = masks.overlay(sizes.get(index, {}), wanted, mask)
        kept = {name: value for name, value in laid.items() if value}
        if kept:
            sizes[index] = kept
        else:
            sizes.pop(index, None)
    return {}


def auto_resize_dimensions(book: Book, given: Json) -> Json:
    """Fit columns to their longest shown text, at seven pixels a letter; rows to their default."""
    sheet, axis, start, end = dimension_range(book, given.get("dimensions"))
    target = book.edit(sheet.sheet_id)
    for index in range(start, min(end, size_of(sheet, axis))):
        size = target.sizes[axis].setdefault(index, {})
        size.pop("pixelSize", None)
        longest = _longest(book, target, index) if axis == "COLUMNS" else 0
        if longest:
            size["pixelSize"] = longest * 7 + 8
        if not size:
            del target.sizes[axis][index]
    return {}


def _longest(book: Book, sheet: Sheet, column: int) -> int:
    values = calculator(book)
    return max((len(values.text(sheet, row, column)) for row in sheet.rows), default=0)
