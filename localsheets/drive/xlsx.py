"""A book as an Excel file: values, formulas, number formats, marks, colours, widths, frozen lines, merges, notes.

Formulas are written without the values they had: who opens the file computes them again.
"""

import io
import re
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from localsheets.books.colors import hexadecimal
from localsheets.books.model import Book, Cell, Sheet
from localsheets.formulas.calculator import calculator
from localsheets.texts.locales import Locale, locale_of
from localsheets.texts.rendering import pattern_of

Json = dict[str, Any]
PIXELS_PER_CHARACTER = 7.0
POINTS_PER_PIXEL = 0.75
LONGEST_TITLE = 31
SIDES = ("top", "right", "bottom", "left")
LINES = {
    "SOLID": "thin",
    "SOLID_MEDIUM": "medium",
    "SOLID_THICK": "thick",
    "DOTTED": "dotted",
    "DASHED": "dashed",
    "DOUBLE": "double",
}
SIDEWAYS = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
UPRIGHT = {"TOP": "top", "MIDDLE": "center", "BOTTOM": "bottom"}


def workbook_bytes(book: Book) -> bytes:
    """Return the Excel file of a book."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet in book.in_order():
        _fill(workbook.create_sheet(_title(sheet.title, set(workbook.sheetnames))), book, sheet)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _title(title: str, taken: set[str]) -> str:
    # Excel refuses some characters and long titles, and does not tell capitals from small letters.
    plain = re.sub(r"[\[\]:*?/\\]", " ", title)[:LONGEST_TITLE].strip() or "Sheet"
    lower, found, number = {name.lower() for name in taken}, plain, 2
    while found.lower() in lower:
        found = f"{plain[: LONGEST_TITLE - len(str(number)) - 1]} {number}"
        number += 1
    return found


def _fill(target: Worksheet, book: Book, sheet: Sheet) -> None:
    locale = locale_of(book.locale)
    for row, column, cell in sheet.cells():
        written = target.cell(row + 1, column + 1)
        _write_value(written, book, sheet, (row, column), cell)
        if cell.format:
            _write_format(written, cell.format, locale)
        if cell.note:
            written.comment = Comment(_plain(cell.note), "")
    _write_sizes(target, sheet)
    if sheet.hidden:
        target.sheet_state = "hidden"
    frozen = sheet.grid.get("frozenRowCount", 0), sheet.grid.get("frozenColumnCount", 0)
    if any(frozen):
        target.freeze_panes = f"{get_column_letter(frozen[1] + 1)}{frozen[0] + 1}"
    for area in sheet.annotations.get("merges", []):
        target.merge_cells(
            start_row=area["startRowIndex"] + 1,
            end_row=area["endRowIndex"],
            start_column=area["startColumnIndex"] + 1,
            end_column=area["endColumnIndex"],
        )


def _write_value(written: ExcelCell, book: Book, sheet: Sheet, place: tuple[int, int], cell: Cell) -> None:
    if cell.formula is not None:
        written.value = excel_formula(_plain(cell.formula), locale_of(book.locale).decimal == ",")
        return
    value = calculator(book).value(sheet, *place)
    written.value = _plain(str(value)) if isinstance(value, str) else value
    if type(value) is str:
        # A text that begins with = is no formula.
        written.data_type = "s"


def _plain(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def excel_formula(formula: str, comma: bool) -> str:
    """Write a formula as the file wants it: commas between arguments, points in numbers."""
    if not comma:
        return formula
    parts = re.split(r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')", formula)
    return "".join(
        part if at % 2 else re.sub(r"(?<=\d),(?=\d)", ".", part).replace(";", ",") for at, part in enumerate(parts)
    )


def _write_format(written: ExcelCell, given: Json, locale: Locale) -> None:
    if "numberFormat" in given:
        kind = given["numberFormat"].get("type")
        written.number_format = "@" if kind == "TEXT" else pattern_of(given["numberFormat"], locale) or "General"
    text = given.get("textFormat", {})
    if text:
        written.font = Font(
            name=text.get("fontFamily"),
            size=text.get("fontSize", 10),
            bold=text.get("bold"),
            italic=text.get("italic"),
            strike=text.get("strikethrough"),
            underline="single" if text.get("underline") else None,
            color=_color(text.get("foregroundColor")),
        )
    if "backgroundColor" in given:
        written.fill = PatternFill("solid", fgColor=_color(given["backgroundColor"]))
    if given.get("borders"):
        written.border = Border(**{side: _side(given["borders"].get(side)) for side in SIDES})
    if given.keys() & {"horizontalAlignment", "verticalAlignment", "wrapStrategy"}:
        written.alignment = Alignment(
            horizontal=SIDEWAYS.get(given.get("horizontalAlignment", "")),
            vertical=UPRIGHT.get(given.get("verticalAlignment", "")),
            wrap_text=given.get("wrapStrategy") == "WRAP",
        )


def _color(given: Json | None) -> str | None:
    return None if given is None else "FF" + hexadecimal(given)[1:].upper()


def _side(given: Json | None) -> Side:
    style = LINES.get((given or {}).get("style", ""))
    return Side(style=style, color=_color((given or {}).get("color"))) if style else Side()


def _write_sizes(target: Worksheet, sheet: Sheet) -> None:
    for at, size in sheet.sizes["COLUMNS"].items():
        column = target.column_dimensions[get_column_letter(at + 1)]
        if "pixelSize" in size:
            column.width = size["pixelSize"] / PIXELS_PER_CHARACTER
        column.hidden = bool(size.get("hiddenByUser"))
    for at, size in sheet.sizes["ROWS"].items():
        row = target.row_dimensions[at + 1]
        if "pixelSize" in size:
            row.height = size["pixelSize"] * POINTS_PER_PIXEL
        row.hidden = bool(size.get("hiddenByUser"))
