"""batchUpdate requests that write cells."""

from typing import Any

from msgspec.structs import replace

from localsheets.books.a1 import Closed
from localsheets.books.conditions import validation_rule
from localsheets.books.lines import check_area, own_line, set_cell, settle
from localsheets.books.model import EMPTY, Book, Sheet
from localsheets.books.ranges import grid_range, sheet_of
from localsheets.errors import invalid, missing
from localsheets.requests.cells_written import Writer, cell_mask, is_value_only, write_values, writer
from localsheets.requests.dimensions import check_pixels, check_size
from localsheets.requests.metadata import create_developer_metadata

Json = dict[str, Any]


def update_cells(book: Book, given: Json) -> Json:
    """Write rows of CellData from a start or into a range; what a range has more is cleared."""
    mask = cell_mask(given.get("fields"))
    rows = given.get("rows", [])
    if "range" in given and "start" in given:
        raise invalid("Only one of 'start' or 'range' may be set.")
    if "range" in given:
        sheet, area = grid_range(book, given["range"])
        _check_fits(rows, area)
        _write_block(book.edit(sheet.sheet_id), area, rows, writer(mask), clear=True)
        return {}
    if given.get("start") is None:
        raise invalid("Must specify either 'start' or 'range'.")
    sheet, top, left = coordinate(book, given["start"])
    area = Closed(top, left, top + len(rows), left + _width(rows))
    if area.bottom > sheet.row_count or area.right > sheet.column_count:
        _beyond(area, sheet.whole())
    _write_block(book.edit(sheet.sheet_id), area, rows, writer(mask), clear=False)
    return {}


def coordinate(book: Book, given: Json | None) -> tuple[Sheet, int, int]:
    """Return the tab, row and column of a GridCoordinate inside its grid."""
    given = given or {}
    sheet = book.sheet(given.get("sheetId", 0))
    row, column = given.get("rowIndex", 0), given.get("columnIndex", 0)
    for noun, index, size in (("row", row, sheet.row_count), ("column", column, sheet.column_count)):
        if index < 0:
            raise invalid(f"GridCoordinate.{noun}Index[{index}] must not be negative")
        if index >= size:
            raise invalid(f"GridCoordinate.{noun}Index[{index}] is after last {noun} in grid[{size - 1}]")
    return sheet, row, column


def _width(rows: list[Json]) -> int:
    return max((len(row.get("values", ())) for row in rows), default=0)


def _check_fits(rows: list[Json], area: Closed) -> None:
    _beyond(Closed(area.top, area.left, area.top + len(rows), area.left + _width(rows)), area)


def _beyond(wanted: Closed, limit: Closed) -> None:
    if wanted.bottom > limit.bottom:
        raise invalid(f"Attempting to write row: {limit.bottom}, beyond the last requested row of: {limit.bottom - 1}")
    if wanted.right > limit.right:
        raise invalid(
            f"Attempting to write column: {limit.right}, beyond the last requested column of: {limit.right - 1}"
        )


def _write_block(sheet: Sheet, area: Closed, rows: list[Json], write: Writer, clear: bool) -> None:
    check_area(sheet, area)
    for offset in range(area.height):
        values = rows[offset].get("values", ()) if offset < len(rows) else ()
        row = area.top + offset
        if not values and row not in sheet.rows:
            continue
        line = own_line(sheet, row)
        column = area.left + len(values)
        if is_value_only(write):
            write_values(line, area.left, values)
        else:
            for at, data in enumerate(values, area.left):
                set_cell(line, at, write(line.get(at, EMPTY), data or {}))
        if clear:
            for column in [known for known in line if column <= known < area.right]:
                set_cell(line, column, write(line[column], {}))
        settle(sheet, row)


def append_cells(book: Book, given: Json) -> Json:
    """Write rows after the last one that holds a value, growing the grid when it is full."""
    if "tableId" in given:
        raise missing("appending to a table")
    mask = cell_mask(given.get("fields"))
    rows = given.get("rows", [])
    sheet = book.edit(sheet_of(book, given.get("sheetId")).sheet_id)
    top, width = sheet.last_row(), _width(rows)
    sheet.row_count = max(sheet.row_count, top + len(rows))
    sheet.column_count = max(sheet.column_count, width)
    check_size(book, sheet)
    _write_block(sheet, Closed(top, 0, top + len(rows), width), rows, writer(mask), clear=False)
    return {}


def repeat_cell(book: Book, given: Json) -> Json:
    """Write the same CellData in each cell of a range; relative references follow."""
    mask = cell_mask(given.get("fields"))
    sheet, area = grid_range(book, given.get("range"))
    target, data, write = book.edit(sheet.sheet_id), given.get("cell") or {}, writer(mask)
    check_area(target, area)
    moving = "formulaValue" in (data.get("userEnteredValue") or {})
    nothing = write(EMPTY, data).is_empty()
    for row in range(area.top, area.bottom):
        if nothing and row not in target.rows:
            continue
        line = own_line(target, row)
        columns = [column for column in line if area.left <= column < area.right] if nothing else None
        for column in range(area.left, area.right) if columns is None else columns:
            new = write(line.get(column, EMPTY), data)
            set_cell(line, column, new.moved(row - area.top, column - area.left) if moving else new)
        settle(target, row)
    return {}


def set_data_validation(book: Book, given: Json) -> Json:
    """Keep a validation rule on each cell of a range, or remove it when none is given.

    Rows that a filter hides are left out unless the request says otherwise.
    """
    sheet, area = grid_range(book, given.get("range"))
    target, rule = book.edit(sheet.sheet_id), validation_rule(given.get("rule"))
    check_area(target, area)
    sizes, every = target.sizes["ROWS"], bool(given.get("filteredRowsIncluded"))
    for row in range(area.top, area.bottom):
        if not every and sizes.get(row, {}).get("hiddenByFilter") or (rule is None and row not in target.rows):
            continue
        line = own_line(target, row)
        for column in range(area.left, area.right):
            cell = line.get(column, EMPTY)
            if cell.validation != rule:
                set_cell(line, column, replace(cell, validation=rule))
        settle(target, row)
    return {}


def write_grid_data(book: Book, sheet: Sheet, data: list[Json]) -> None:
    """Write the GridData that a new tab is described with, growing its grid as needed."""
    write = writer(cell_mask("*"))
    for block in data:
        if unknown := block.keys() - {"startRow", "startColumn", "rowData", "columnMetadata", "rowMetadata"}:
            raise missing(f"grid data with {', '.join(sorted(unknown))}")
        top, left, rows = block.get("startRow", 0), block.get("startColumn", 0), block.get("rowData", [])
        width = _width(rows)
        sheet.row_count = max(sheet.row_count, top + len(rows))
        sheet.column_count = max(sheet.column_count, left + width)
        _write_block(sheet, Closed(top, left, top + len(rows), left + width), rows, write, clear=False)
        for axis, name, start in (("ROWS", "rowMetadata", top), ("COLUMNS", "columnMetadata", left)):
            for offset, properties in enumerate(block.get(name, [])):
                _describe_line(book, sheet, axis, start + offset, properties)


def _describe_line(book: Book, sheet: Sheet, axis: str, index: int, properties: Json) -> None:
    kept = {name: properties[name] for name in ("pixelSize", "hiddenByUser") if properties.get(name)}
    if unknown := properties.keys() - {"pixelSize", "hiddenByUser", "developerMetadata"}:
        raise missing(f"dimension properties with {', '.join(sorted(unknown))}")
    check_pixels(properties)
    if kept:
        sheet.sizes[axis][index] = kept
    span = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": index, "endIndex": index + 1}
    for entry in properties.get("developerMetadata", []):
        create_developer_metadata(book, {"developerMetadata": entry | {"location": {"dimensionRange": span}}})
