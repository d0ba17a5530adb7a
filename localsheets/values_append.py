"""spreadsheets.values.append: Google's guess of a table, and the rows put under it."""

from typing import Any

from localsheets.a1 import Area, Closed, written
from localsheets.model import Book, Sheet
from localsheets.ranges import a1_range
from localsheets.requests_dimensions import insert
from localsheets.values_api import INPUTS, choice, fill, oriented

Json = dict[str, Any]
MODES = ("OVERWRITE", "INSERT_ROWS")


def append(book: Book, text: str, body: Json, options: Json) -> tuple[Sheet, Closed | None, Json]:
    """Write values under the table found in a range; the grid grows when it is full."""
    how = choice(options.get("valueInputOption"), INPUTS, "valueInputOption")
    mode = choice(options.get("insertDataOption"), MODES, "insert_data_option", "OVERWRITE")
    lines = oriented(body)
    sheet, area = a1_range(book, text)
    sheet.resolve(area)
    table = find_table(sheet, area)
    top, left = (table.bottom, table.left) if table else (area.top, area.left)
    answer: Json = {"spreadsheetId": book.book_id}
    if table:
        answer["tableRange"] = written(sheet.title, table)
    width = max((len(line) for line in lines), default=0)
    if mode == "INSERT_ROWS" and lines and top < sheet.row_count:
        insert(book, sheet.sheet_id, "ROWS", top, len(lines), before=top > 0)
    target = book.edit(sheet.sheet_id)
    target.row_count = max(target.row_count, top + len(lines))
    target.column_count = max(target.column_count, left + width)
    closed = Closed(top, left, top + max(len(lines), 1), left + max(width, 1))
    count = fill(book, sheet.sheet_id, closed, lines, how)
    updates: Json = {"spreadsheetId": book.book_id, "updatedRange": written(sheet.title, closed)}
    if count:
        updates |= {"updatedRows": len(lines), "updatedColumns": width, "updatedCells": count}
    return target, closed, answer | {"updates": updates}


def find_table(sheet: Sheet, area: Area) -> Closed | None:
    """Return the block of filled cells that touches a range, the last one when there are several.

    Two blocks are apart when an empty row or column lies between them.
    """
    filled = {(row, column) for row, column, cell in sheet.cells() if cell.entered}
    closed = area.within(sheet.row_count, sheet.column_count)
    inside = [
        (row, column)
        for row, column in filled
        if closed.top <= row < closed.bottom and closed.left <= column < closed.right
    ]
    return _grown(max(inside), filled) if inside else None


def _grown(seed: tuple[int, int], filled: set[tuple[int, int]]) -> Closed:
    known, edge = {seed}, [seed]
    while edge:
        row, column = edge.pop()
        around = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)}
        reached = (around & filled) - known
        known |= reached
        edge += reached
    rows, columns = [row for row, _ in known], [column for _, column in known]
    return Closed(min(rows), min(columns), max(rows) + 1, max(columns) + 1)
