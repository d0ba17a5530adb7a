"""A book written for the grid page: what each cell shows, and how."""

from typing import Any

from localsheets.colors import hexadecimal
from localsheets.formulas import Calculator, calculator
from localsheets.model import Book, Cell, Sheet
from localsheets.rendering import is_text_format

Json = dict[str, Any]


def state(book: Book, since: int | None) -> Json | None:
    """Return the book for the page: None when nothing changed, only changed tabs after `since`."""
    if since == book.revision:
        return None
    known = since if since is not None and 0 <= since < book.revision else -1
    return {
        "revision": book.revision,
        "title": book.title,
        "locale": book.locale,
        "order": book.order,
        "sheets": [sheet_state(book, sheet) for sheet in book.in_order() if sheet.revision > known or _computes(sheet)],
    }


def _computes(sheet: Sheet) -> bool:
    """Tell whether a tab holds formulas: a change elsewhere may change what it shows."""
    return any(cell.formula is not None for line in sheet.rows.values() for cell in line.values())


def sheet_state(book: Book, sheet: Sheet) -> Json:
    """Return one tab with its cells, trailing blanks left out."""
    sizes = sheet.sizes["COLUMNS"]
    return {
        "sheetId": sheet.sheet_id,
        "title": sheet.title,
        "hidden": sheet.hidden,
        "index": book.order.index(sheet.sheet_id),
        "rowCount": sheet.row_count,
        "columnCount": sheet.column_count,
        "frozenRowCount": sheet.grid.get("frozenRowCount", 0),
        "frozenColumnCount": sheet.grid.get("frozenColumnCount", 0),
        "columnWidths": {str(at): size["pixelSize"] for at, size in sizes.items() if "pixelSize" in size},
        "protected": [_protected(entry, sheet) for entry in sheet.annotations.get("protectedRanges", [])],
        "rows": _rows(calculator(book), sheet),
    }


def _protected(entry: Json, sheet: Sheet) -> Json:
    given = entry.get("range", {})
    return {
        "startRow": given.get("startRowIndex", 0),
        "endRow": given.get("endRowIndex", sheet.row_count),
        "startColumn": given.get("startColumnIndex", 0),
        "endColumn": given.get("endColumnIndex", sheet.column_count),
    }


def _rows(values: Calculator, sheet: Sheet) -> list[list[Json | None]]:
    rows = []
    for row in range(max(sheet.rows, default=-1) + 1):
        line = sheet.rows.get(row, {})
        cells = [
            _cell(values, sheet, row, column) if column in line else None for column in range(max(line, default=-1) + 1)
        ]
        while cells and cells[-1] is None:
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell(values: Calculator, sheet: Sheet, row: int, column: int) -> Json | None:
    cell = sheet.cell(row, column)
    written: Json = {}
    if cell.entered:
        value = values.value(sheet, row, column)
        written = {"f": values.text(sheet, row, column), "e": values.entered_text(sheet, row, column)}
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_number and not is_text_format((cell.format or {}).get("numberFormat")):
            written["n"] = True
    look = _look(cell)
    if not written and not look:
        return None
    return ({"f": "", "e": ""} | written) | look


def _look(cell: Cell) -> Json:
    given: Json = cell.format or {}
    look: Json = {}
    text = given.get("textFormat", {})
    if text.get("bold"):
        look["b"] = True
    if "backgroundColor" in given:
        look["bg"] = hexadecimal(given["backgroundColor"])
    if "foregroundColor" in text:
        look["fg"] = hexadecimal(text["foregroundColor"])
    return {name: value for name, value in look.items() if (name, value) != ("bg", "#ffffff")}
