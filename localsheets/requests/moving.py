"""batchUpdate requests that sort and shuffle rows."""

import random
from typing import Any

from localsheets.books.model import Book
from localsheets.books.ranges import grid_range
from localsheets.books.sorting import check_sortable, reorder, sort_rows
from localsheets.errors import invalid, missing

__all__ = ["randomize_range", "sort_range", "sort_rows"]

Json = dict[str, Any]


def sort_range(book: Book, given: Json) -> Json:
    """Sort the rows of a range by columns; blanks stay last, row metadata stays in place."""
    sheet, area = grid_range(book, given.get("range"))
    specs = given.get("sortSpecs") or []
    for spec in specs:
        if spec.keys() - {"dimensionIndex", "sortOrder"}:
            raise missing("sorting by colour or by a data source column")
        if not area.left <= spec.get("dimensionIndex", 0) < area.right:
            raise invalid(f"Sort column {spec.get('dimensionIndex', 0)} is outside the range.")
    sort_rows(book, sheet, area, [(spec.get("dimensionIndex", 0), _descending(spec)) for spec in specs])
    return {}


def _descending(spec: Json) -> bool:
    return bool(spec.get("sortOrder") == "DESCENDING")


def randomize_range(book: Book, given: Json) -> Json:
    """Put the rows of a range in a random order."""
    sheet, area = grid_range(book, given.get("range"))
    check_sortable(sheet, area)
    places = list(range(area.top, area.bottom))
    drawn = random.sample(places, len(places))
    reorder(book.edit(sheet.sheet_id), area, list(zip(drawn, places, strict=True)))
    return {}
