"""batchUpdate requests that insert and delete cells of a part of the grid."""

from typing import Any

from localsheets.books.changes import Deleted, Inserted
from localsheets.books.model import Book
from localsheets.books.ranges import axis_of, grid_range
from localsheets.books.shifting import shift
from localsheets.requests.dimensions import check_size

Json = dict[str, Any]


def insert_range(book: Book, given: Json) -> Json:
    """Insert empty cells; those in their place and beyond move down, or right; the grid grows as needed."""
    sheet, area = grid_range(book, given.get("range"))
    axis = axis_of(given.get("shiftDimension"))
    start, count = (area.top, area.height) if axis == "ROWS" else (area.left, area.width)
    if count:
        shift(book, sheet.sheet_id, axis, area, Inserted(start, count))
        check_size(book, book.sheets[sheet.sheet_id])
    return {}


def delete_range(book: Book, given: Json) -> Json:
    """Delete cells; those beyond move up, or left, to take their place."""
    sheet, area = grid_range(book, given.get("range"))
    axis = axis_of(given.get("shiftDimension"))
    start, end = (area.top, area.bottom) if axis == "ROWS" else (area.left, area.right)
    if end > start:
        shift(book, sheet.sheet_id, axis, area, Deleted(start, end))
    return {}
