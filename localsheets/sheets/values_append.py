"""spreadsheets.values.append: Google's guess of a table, and the rows put under it."""

from typing import Any

from localsheets.books.a1 import Closed, written
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import a1_range, visible
from localsheets.errors import invalid
from localsheets.requests.dimensions import insert
from localsheets.sheets.call import Call
from localsheets.sheets.options import INPUT, INSERT
from localsheets.sheets.values_api import counted, fill, oriented

Json = dict[str, Any]
MOST_CELLS = 10_000_000


def append(book: Book, text: str, body: Json, call: Call) -> tuple[Sheet, Closed, Json]:
    """Write values under the table found in a range; the grid grows when it is full."""
    how, mode = call.choose("valueInputOption", INPUT), call.choose("insertDataOption", INSERT)
    lines = oriented(body)
    sheet, area = a1_range(book, text)
    closed = visible(sheet, area)
    table = find_table(sheet, closed)
    top, left = (table.bottom, table.left) if table else (closed.top, closed.left)
    answer: Json = {"spreadsheetId": book.book_id}
    if table:
        answer["tableRange"] = written(sheet.title, table)
    width = max((len(line) for line in lines), default=0)
    if mode == "INSERT_ROWS" and lines and top < sheet.row_count:
        insert(book, sheet.sheet_id, "ROWS", top, len(lines), before=top > 0)
    target = book.edit(sheet.sheet_id)
    _grow(book, target, top + len(lines), left + width)
    filled = Closed(top, left, top + max(len(lines), 1), left + max(width, 1))
    fill(book, sheet.sheet_id, filled, lines, how)
    updates: Json = {"spreadsheetId": book.book_id, "updatedRange": written(sheet.title, filled)}
    return target, filled, answer | {"updates": updates | counted(lines)}


def _grow(book: Book, sheet: Sheet, rows: int, columns: int) -> None:
    rows, columns = max(sheet.row_count, rows), max(sheet.column_count, columns)
    others = sum(other.row_count * other.column_count for other in book.in_order() if other is not sheet)
    if (rows, columns) != (sheet.row_count, sheet.column_count) and others + rows * columns > MOST_CELLS:
        raise invalid(
            f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
        )
    sheet.row_count, sheet.column_count = rows, columns


def find_table(sheet: Sheet, area: Closed) -> Closed | None:
    """Return the table that a range touches, the last one when there are several.

    A table is the smallest rectangle that holds a filled cell and has no filled cell right around it.
    """
    tables = [table for seed in _seeds(sheet, area) if (table := _grown(sheet, *seed)).meets(area)]
    return max(tables, key=lambda table: (table.bottom, table.right), default=None)


def _seeds(sheet: Sheet, area: Closed) -> list[tuple[int, int]]:
    """Return filled cells of whose tables one may be the last that the range touches.

    That is the last one inside, or around a blank range the nearest one each way: it may lie within their table.
    """
    inside = [(row, column) for row, column, cell in sheet.cells(area) if cell.entered]
    if inside:
        return [inside[-1]]
    filled = [(row, column) for row, column, cell in sheet.cells() if cell.entered]
    same_rows = [seed for seed in filled if area.top <= seed[0] < area.bottom]
    same_columns = [seed for seed in filled if area.left <= seed[1] < area.right]
    sides = (
        [seed for seed in same_rows if seed[1] < area.left],
        [seed for seed in same_rows if seed[1] >= area.right],
        [seed for seed in same_columns if seed[0] < area.top],
        [seed for seed in same_columns if seed[0] >= area.bottom],
    )
    at = (lambda seed: -seed[1], lambda seed: seed[1], lambda seed: -seed[0], lambda seed: seed[0])
    return [min(side, key=near) for side, near in zip(sides, at, strict=True) if side]


def _grown(sheet: Sheet, row: int, column: int) -> Closed:
    top, left, bottom, right = row, column, row + 1, column + 1

    def filled(rows: range, columns: range) -> bool:
        return any(sheet.cell(row, column).entered for row in rows for column in columns)

    while True:
        before = (top, left, bottom, right)
        while filled(range(top - 1, top), range(left - 1, right + 1)):
            top -= 1
        while filled(range(bottom, bottom + 1), range(left - 1, right + 1)):
            bottom += 1
        while filled(range(top - 1, bottom + 1), range(left - 1, left)):
            left -= 1
        while filled(range(top - 1, bottom + 1), range(right, right + 1)):
            right += 1
        if before == (top, left, bottom, right):
            return Closed(top, left, bottom, right)
