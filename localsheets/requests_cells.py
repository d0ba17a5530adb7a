"""batchUpdate requests that write cells."""

from typing import Any

from msgspec.structs import replace

from localsheets.a1 import Closed
from localsheets.cellwriting import cell_mask, masked_cell
from localsheets.errors import invalid, missing
from localsheets.masks import Mask
from localsheets.model import Book, Cell, Sheet
from localsheets.ranges import grid_range
from localsheets.requests_metadata import create_developer_metadata

Json = dict[str, Any]


def update_cells(book: Book, given: Json) -> Json:
    """Write rows of CellData from a start or into a range; what a range has more is cleared."""
    mask = cell_mask(given.get("fields"))
    rows = given.get("rows", [])
    if "range" in given:
        sheet, area = grid_range(book, given["range"])
        _check_fits(rows, area)
        _write_block(book.edit(sheet.sheet_id), area, rows, mask, clear=True)
        return {}
    start = given.get("start")
    if start is None:
        raise invalid("Must specify either 'start' or 'range'.")
    sheet = book.sheet(start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    width = max((len(row.get("values", [])) for row in rows), default=0)
    area = Closed(top, left, top + len(rows), left + width)
    if area.bottom > sheet.row_count or area.right > sheet.column_count:
        _beyond(area, sheet.whole())
    _write_block(book.edit(sheet.sheet_id), area, rows, mask, clear=False)
    return {}


def _check_fits(rows: list[Json], area: Closed) -> None:
    width = max((len(row.get("values", [])) for row in rows), default=0)
    _beyond(Closed(area.top, area.left, area.top + len(rows), area.left + width), area)


def _beyond(wanted: Closed, limit: Closed) -> None:
    if wanted.bottom > limit.bottom:
        raise invalid(f"Attempting to write row: {limit.bottom}, beyond the last requested row of: {limit.bottom - 1}")
    if wanted.right > limit.right:
        raise invalid(
            f"Attempting to write column: {limit.right}, beyond the last requested column of: {limit.right - 1}"
        )


def _write_block(sheet: Sheet, area: Closed, rows: list[Json], mask: Mask, clear: bool) -> None:
    for row in range(area.top, area.bottom):
        offset = row - area.top
        values = rows[offset].get("values", []) if offset < len(rows) else []
        end = area.right if clear else area.left + len(values)
        for column in range(area.left, end):
            place = column - area.left
            data = values[place] if place < len(values) else {}
            _write(sheet, row, column, data, mask)


def _write(sheet: Sheet, row: int, column: int, data: Json, mask: Mask) -> None:
    old = sheet.cell(row, column)
    new = masked_cell(old, data or {}, mask)
    if new != old:
        sheet.put(row, column, new)


def append_cells(book: Book, given: Json) -> Json:
    """Write rows after the last one that holds a value, growing the grid when it is full."""
    mask = cell_mask(given.get("fields"))
    rows = given.get("rows", [])
    sheet = book.edit(given.get("sheetId", 0))
    top = sheet.last_row()
    width = max((len(row.get("values", [])) for row in rows), default=0)
    sheet.row_count = max(sheet.row_count, top + len(rows))
    sheet.column_count = max(sheet.column_count, width)
    _write_block(sheet, Closed(top, 0, top + len(rows), width), rows, mask, clear=False)
    return {}


def repeat_cell(book: Book, given: Json) -> Json:
    """Write the same CellData in each cell of a range; relative references follow."""
    mask = cell_mask(given.get("fields"))
    sheet, area = grid_range(book, given.get("range"))
    target, data = book.edit(sheet.sheet_id), given.get("cell") or {}
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            old = target.cell(row, column)
            new = masked_cell(old, data, mask)
            if new.formula is not None and "formulaValue" in (data.get("userEnteredValue") or {}):
                new = new.moved(row - area.top, column - area.left)
            if new != old:
                target.put(row, column, new)
    return {}


def set_data_validation(book: Book, given: Json) -> Json:
    """Keep a validation rule on each cell of a range, or remove it when none is given."""
    sheet, area = grid_range(book, given.get("range"))
    target, rule = book.edit(sheet.sheet_id), given.get("rule") or None
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            cell = target.cell(row, column)
            if cell.validation != rule:
                target.put(row, column, replace(cell, validation=rule))
    return {}


def update_borders(book: Book, given: Json) -> Json:
    """Keep the borders asked for on the cells of a range."""
    sheet, area = grid_range(book, given.get("range"))
    target = book.edit(sheet.sheet_id)
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            sides = _sides(given, row, column, area)
            if sides:
                cell = target.cell(row, column)
                borders = (cell.format or {}).get("borders", {}) | sides
                kept = {side: border for side, border in borders.items() if border.get("style") != "NONE"}
                target.put(row, column, _with_borders(cell, kept))
    return {}


def _sides(given: Json, row: int, column: int, area: Closed) -> Json:
    at_edge = {
        "top": row == area.top,
        "bottom": row == area.bottom - 1,
        "left": column == area.left,
        "right": column == area.right - 1,
    }
    inner = {"top": "innerHorizontal", "bottom": "innerHorizontal", "left": "innerVertical"}
    sides = {}
    for side, outer in at_edge.items():
        name = side if outer else inner.get(side, "innerVertical")
        if name in given:
            sides[side] = given[name]
    return sides


def _with_borders(cell: Cell, borders: Json) -> Cell:
    rest = {name: value for name, value in (cell.format or {}).items() if name != "borders"}
    return replace(cell, format=(rest | {"borders": borders} if borders else rest) or None)


def write_grid_data(book: Book, sheet: Sheet, data: list[Json]) -> None:
    """Write the GridData that a new tab is described with, growing its grid as needed."""
    mask = cell_mask("*")
    for block in data:
        if unknown := block.keys() - {"startRow", "startColumn", "rowData", "columnMetadata", "rowMetadata"}:
            raise missing(f"grid data with {', '.join(sorted(unknown))}")
        top, left, rows = block.get("startRow", 0), block.get("startColumn", 0), block.get("rowData", [])
        width = max((len(row.get("values", [])) for row in rows), default=0)
        sheet.row_count = max(sheet.row_count, top + len(rows))
        sheet.column_count = max(sheet.column_count, left + width)
        _write_block(sheet, Closed(top, left, top + len(rows), left + width), rows, mask, clear=False)
        for axis, name, start in (("ROWS", "rowMetadata", top), ("COLUMNS", "columnMetadata", left)):
            for offset, properties in enumerate(block.get(name, [])):
                _describe_line(book, sheet, axis, start + offset, properties)


def _describe_line(book: Book, sheet: Sheet, axis: str, index: int, properties: Json) -> None:
    kept = {name: properties[name] for name in ("pixelSize", "hiddenByUser") if properties.get(name)}
    if unknown := properties.keys() - {"pixelSize", "hiddenByUser", "developerMetadata"}:
        raise missing(f"dimension properties with {', '.join(sorted(unknown))}")
    if kept:
        sheet.sizes[axis][index] = kept
    span = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": index, "endIndex": index + 1}
    for entry in properties.get("developerMetadata", []):
        create_developer_metadata(book, {"developerMetadata": entry | {"location": {"dimensionRange": span}}})
