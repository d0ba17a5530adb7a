"""A book written for the grid page: what each cell shows, and how."""

from typing import Any

from localsheets.books.model import EMPTY, Book, Cell, Sheet
from localsheets.formulas.calculator import Calculator, calculator
from localsheets.formulas.entry import worded
from localsheets.grid.look import cell_look, names, protections, sheet_look
from localsheets.texts.rendering import is_text_format

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
        "names": names(book),
        "sheets": [sheet_state(book, sheet) for sheet in book.in_order() if sheet.revision > known or _computes(sheet)],
    }


def _computes(sheet: Sheet) -> bool:
    """Tell whether a tab holds formulas: a change elsewhere may change what it shows."""
    return any(cell.formula is not None for line in sheet.rows.values() for cell in line.values())


def sheet_state(book: Book, sheet: Sheet) -> Json:
    """Return one tab with its cells, trailing blanks left out."""
    return sheet_attributes(book, sheet) | {
        "index": book.order.index(sheet.sheet_id),
        "rows": _rows(calculator(book), sheet),
    }


def sheet_attributes(book: Book, sheet: Sheet) -> Json:
    """Return what the page shows of a tab besides its cells and its place among the others."""
    sizes = sheet.sizes["COLUMNS"]
    return {
        "sheetId": sheet.sheet_id,
        "title": sheet.title,
        "hidden": sheet.hidden,
        "rowCount": sheet.row_count,
        "columnCount": sheet.column_count,
        "frozenRowCount": sheet.grid.get("frozenRowCount", 0),
        "frozenColumnCount": sheet.grid.get("frozenColumnCount", 0),
        "columnWidths": {str(at): size["pixelSize"] for at, size in sizes.items() if "pixelSize" in size},
        "protected": protections(sheet),
    } | sheet_look(book, sheet)


def _rows(values: Calculator, sheet: Sheet) -> list[list[Json | None]]:
    rows = []
    spread = values.spread_over(sheet)
    for row in range(max([*sheet.rows, *spread], default=-1) + 1):
        line = sheet.rows.get(row, {})
        shown = line.keys() | spread.get(row, {}).keys()
        cells = [
            cell_state(values, sheet, row, column, line.get(column, EMPTY)) if column in shown else None
            for column in range(max(shown, default=-1) + 1)
        ]
        while cells and cells[-1] is None:
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def cell_state(values: Calculator, sheet: Sheet, row: int, column: int, cell: Cell) -> Json | None:
    """Return what a cell shows (f), what the formula bar shows (e), and how; None for nothing at all."""
    written: Json = {}
    if cell.entered:
        value = values.value(sheet, row, column)
        typed = values.entered_text(sheet, row, column)
        typed = worded(typed, values.locale) if cell.formula is not None else typed
        written = {"f": values.text(sheet, row, column), "e": typed}
        if _is_number(value) and not is_text_format((cell.format or {}).get("numberFormat")):
            written["n"] = True
        if isinstance(value, bool):
            written["t"] = value
    elif values.spills.any and values.spread_at(sheet, row, column):
        # A part of an array is shown, and nothing is typed there.
        written = {"f": values.text(sheet, row, column), "e": ""}
        if _is_number(values.value(sheet, row, column)):
            written["n"] = True
    look = cell_look(cell)
    if not written and not look:
        return None
    return ({"f": "", "e": ""} | written) | look
