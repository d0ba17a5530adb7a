"""batchUpdate requests that change rows and columns."""

from typing import Any

from localsheets.books import masks
from localsheets.books.lines import own_line, set_cell, settle
from localsheets.books.model import EMPTY, Book, Cell, Sheet
from localsheets.books.protections import check_tab
from localsheets.books.ranges import axis_of, dimension_range, sheet_of, size_of
from localsheets.books.structure import FROZEN, Deleted, Inserted, Moved, restructure
from localsheets.errors import invalid, missing
from localsheets.formulas.calculator import calculator
from localsheets.requests.fields import field_mask

Json = dict[str, Any]
NOUNS = {"ROWS": "row", "COLUMNS": "column"}
MOST_CELLS = 10_000_000
MOST_COLUMNS = 18_278


def insert_dimension(book: Book, given: Json) -> Json:
    """Insert empty rows or columns, formatted like their neighbour."""
    sheet, axis, start, end = dimension_range(book, given.get("range"))
    before = bool(given.get("inheritFromBefore"))
    size = size_of(sheet, axis)
    if before and start == 0:
        raise invalid("range.startIndex must be greater than 0 if inheritFromBefore is true.")
    if start > size:
        raise invalid(f"range.startIndex is larger than current grid size ({size})")
    if start == size and not before:
        raise invalid(f"range.startIndex must be less than the grid size ({size}) if inheritFromBefore is false.")
    insert(book, sheet.sheet_id, axis, start, end - start, before)
    check_size(book, book.sheets[sheet.sheet_id])
    return {}


def check_size(book: Book, changed: Sheet) -> None:
    """Refuse a tab that makes the book, or itself, larger than Google allows."""
    if sum(sheet.row_count * sheet.column_count for sheet in book.sheets.values()) > MOST_CELLS:
        raise invalid(
            f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
        )
    if changed.column_count > MOST_COLUMNS:
        raise invalid(
            f"This action would increase the number of columns in the sheet above the limit of {MOST_COLUMNS}."
        )


def insert(book: Book, sheet_id: int, axis: str, at: int, count: int, before: bool) -> None:
    """Insert lines, then give them the size, formats and rules of the line before or after."""
    restructure(book, sheet_id, axis, Inserted(at, count))
    sheet = book.edit(sheet_id)
    model = at - 1 if before else at + count
    size = sheet.sizes[axis].get(model, {}).get("pixelSize")
    if size:
        for new in range(at, at + count):
            sheet.sizes[axis][new] = {"pixelSize": size}
    if axis == "ROWS":
        looks = {column: _look(cell) for column, cell in sheet.rows.get(model, {}).items()}
        line = {column: look for column, look in looks.items() if look is not EMPTY}
        for new in range(at, at + count) if line else ():
            own_line(sheet, new).update(line)
        return
    for row in [row for row, line in sheet.rows.items() if _look(line.get(model, EMPTY)) is not EMPTY]:
        line = own_line(sheet, row)
        for new in range(at, at + count):
            line[new] = _look(line[model])


def _look(cell: Cell) -> Cell:
    """Return what an empty neighbour inherits from a cell."""
    if cell.format or cell.validation:
        return Cell(None, cell.format, None, cell.validation)
    return EMPTY


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
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {noun}s.")


def append_dimension(book: Book, given: Json) -> Json:
    """Add empty rows or columns at the end of a tab."""
    if "tableId" in given:
        raise missing("appending rows or columns to a table")
    axis, length = axis_of(given.get("dimension")), given.get("length", 0)
    if length < 1:
        raise invalid(f"length[{length}] must be positive")
    sheet = book.edit(sheet_of(book, given.get("sheetId")).sheet_id)
    check_tab(sheet.forbidden)
    if axis == "ROWS":
        sheet.row_count += length
    else:
        sheet.column_count += length
    check_size(book, sheet)
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
        raise invalid(f"Cannot move frozen and non-frozen {NOUNS[axis]}s together.")
    restructure(book, sheet.sheet_id, axis, Moved(start, end, to))
    return {}


def update_dimension_properties(book: Book, given: Json) -> Json:
    """Keep sizes and hidden marks of rows or columns."""
    mask = field_mask(given.get("fields"), "DimensionProperties")
    if given.get("dataSourceSheetRange"):
        raise missing("columns of data sources")
    sheet, axis, start, end = dimension_range(book, given.get("range"))
    if end > size_of(sheet, axis):
        raise invalid(f"range.endIndex[{end}] is after last {NOUNS[axis]} in grid[{size_of(sheet, axis)}]")
    wanted = given.get("properties") or {}
    if unknown := wanted.keys() & {"developerMetadata", "dataSourceColumnReference"}:
        raise missing(f"updating {', '.join(sorted(unknown))} of rows or columns")
    if refused := mask.keys() - {"pixelSize", "hiddenByUser", masks.ALL}:
        raise invalid(f"Field cannot be updated: {', '.join(sorted(refused))}")
    check_pixels(wanted)
    target = book.edit(sheet.sheet_id)
    check_tab(target.forbidden)
    sizes = target.sizes[axis]
    for index in range(start, end):
        old = sizes.get(index, {})
        kept = {name: old[name] for name in ("hiddenByFilter",) if old.get(name)}
        for name in ("pixelSize", "hiddenByUser"):
            asked = masks.below(mask, name) is not None
            if value := wanted.get(name) if asked else old.get(name):
                kept[name] = value
        if kept:
            sizes[index] = kept
        else:
            sizes.pop(index, None)
    return {}


def check_pixels(properties: Json) -> None:
    """Refuse a row or a column of less than nothing."""
    if properties.get("pixelSize", 0) < 0:
        raise invalid(f"pixelSize[{properties['pixelSize']}] must not be negative")


def auto_resize_dimensions(book: Book, given: Json) -> Json:
    """Fit columns to their longest shown text, at seven pixels a letter; rows to their default."""
    if given.get("dataSourceSheetDimensions"):
        raise missing("columns of data sources")
    sheet, axis, start, end = dimension_range(book, given.get("dimensions"))
    target = book.edit(sheet.sheet_id)
    check_tab(target.forbidden)
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
    return max((len(values.text(sheet, row, column)) for row, line in sheet.rows.items() if column in line), default=0)


def clear_line(sheet: Sheet, row: int, left: int, right: int) -> None:
    """Empty a part of a line altogether."""
    line = own_line(sheet, row)
    for column in [column for column in line if left <= column < right]:
        set_cell(line, column, EMPTY)
    settle(sheet, row)
