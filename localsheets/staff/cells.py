"""What a person types, pastes, clears, copies and sorts in a tab, on a fork of the book."""

from typing import Any

from localsheets.books.a1 import Closed
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import range_json
from localsheets.requests import kinds as requests
from localsheets.sheets.values_api import typed_cell
from localsheets.staff.places import Undone, area_of, cell_of, column_of, header_place, row_of, tab_of

Json = dict[str, Any]
MOST_CELLS = 10_000_000


def edit(book: Book, action: Json) -> None:
    """Type a text into a cell, in the locale of the book."""
    sheet = tab_of(book, action)
    row, column = cell_of(book, sheet, action)
    if row >= sheet.row_count or column >= sheet.column_count:
        raise Undone("La cellule est hors de la grille.")
    _type(book, sheet, row, column, [[str(action["value"])]])


def paste(book: Book, action: Json) -> None:
    """Paste a block of texts, given or generated, at a cell or under the last filled row; the grid grows."""
    sheet = tab_of(book, action)
    if action.get("end"):
        row, column = sheet.last_row(), 0
    else:
        row, column = cell_of(book, sheet, action)
    _type(book, sheet, row, column, _block(action))


def _block(action: Json) -> list[list[str | None]]:
    if "values" in action:
        return [[None if text is None else str(text) for text in line] for line in action["values"]]
    first = action.get("first", 1)
    return [
        [text.replace("{n}", str(number)) for text in action["line"]]
        for number in range(first, first + action.get("rows", 200))
    ]


def _type(book: Book, sheet: Sheet, row: int, column: int, lines: list[Any]) -> None:
    target = book.edit(sheet.sheet_id)
    target.row_count = max(target.row_count, row + len(lines))
    target.column_count = max(target.column_count, column + max((len(line) for line in lines), default=0))
    if target.row_count * target.column_count > MOST_CELLS:
        raise Undone("L’onglet dépasserait dix millions de cellules.")
    for down, line in enumerate(lines):
        for across, text in enumerate(line):
            old = target.cell(row + down, column + across)
            if text is not None and (new := typed_cell(book, old, text)) != old:
                target.put(row + down, column + across, new)


def clear(book: Book, action: Json) -> None:
    """Empty cells; formats stay."""
    sheet = tab_of(book, action)
    _empty(book, sheet, area_of(book, sheet, action))


def empty_tab(book: Book, action: Json) -> None:
    """Select all and press Delete; `header_rows` may be spared."""
    sheet = tab_of(book, action)
    _empty(book, sheet, Closed(action.get("header_rows", 0), 0, sheet.row_count, sheet.column_count))


def _empty(book: Book, sheet: Sheet, area: Closed) -> None:
    target = book.edit(sheet.sheet_id)
    for row, column, cell in list(target.cells(area)):
        if cell.entered:
            target.put(row, column, cell.emptied())


def rename_header(book: Book, action: Json) -> None:
    """Type another name over a header."""
    sheet = tab_of(book, action)
    place = header_place(book, sheet, action["column"], action.get("header_row"))
    if place is None:
        column = column_of(book, sheet, action["column"], action.get("header_row"))
        place = action.get("header_row", 1) - 1, column
    _type(book, sheet, *place, [[action["to"]]])


def copy_row(book: Book, action: Json) -> None:
    """Copy a row with all that it holds, its id too, under itself or after the last filled row."""
    sheet = tab_of(book, action)
    origin = row_of(book, sheet, action)
    if action.get("to", "below") == "below":
        landing = origin + 1
        span = {"sheetId": sheet.sheet_id, "dimension": "ROWS", "startIndex": landing, "endIndex": landing + 1}
        requests.run(book, [{"insertDimension": {"range": span, "inheritFromBefore": True}}])
    else:
        landing = sheet.last_row()
        target = book.edit(sheet.sheet_id)
        target.row_count = max(target.row_count, landing + 1)
    copied = {"source": _row(sheet, origin), "destination": _row(sheet, landing), "pasteType": "PASTE_NORMAL"}
    requests.run(book, [{"copyPaste": copied}])


def _row(sheet: Sheet, row: int) -> Json:
    area = Closed(row, 0, row + 1, sheet.column_count)
    return {"sheetId": sheet.sheet_id} | range_json(sheet.sheet_id, area)


def sort(book: Book, action: Json) -> None:
    """Sort the rows under the header by a column."""
    sheet = tab_of(book, action)
    column = column_of(book, sheet, action["column"], action.get("header_row"))
    top = action.get("header_rows", 1)
    area = Closed(top, 0, max(top + 1, sheet.last_row()), sheet.column_count)
    if area.bottom > sheet.row_count:
        raise Undone("Il n’y a rien à trier.")
    order = "DESCENDING" if action.get("descending") else "ASCENDING"
    spec = {"dimensionIndex": column, "sortOrder": order}
    given = {"sheetId": sheet.sheet_id} | range_json(sheet.sheet_id, area)
    requests.run(book, [{"sortRange": {"range": given, "sortSpecs": [spec]}}])


def note(book: Book, action: Json) -> None:
    """Leave a note on cells; an empty text takes it away."""
    _repeat(book, action, {"note": action["text"]}, "note")


def colour(book: Book, action: Json) -> None:
    """Fill cells with a colour written #rrggbb."""
    digits = action["colour"].removeprefix("#")
    try:
        levels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    except ValueError:
        raise Undone(f"« {action['colour']} » n’est pas une couleur.") from None
    filled = {"backgroundColor": dict(zip(("red", "green", "blue"), levels, strict=True))}
    _repeat(book, action, {"userEnteredFormat": filled}, "userEnteredFormat.backgroundColor")


def _repeat(book: Book, action: Json, cell: Json, fields: str) -> None:
    sheet = tab_of(book, action)
    given = {"sheetId": sheet.sheet_id} | range_json(sheet.sheet_id, area_of(book, sheet, action))
    requests.run(book, [{"repeatCell": {"range": given, "cell": cell, "fields": fields}}])
