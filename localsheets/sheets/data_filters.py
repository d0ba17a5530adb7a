"""DataFilter: ranges by A1 text, by grid, or by the developer metadata that marks them."""

from typing import Any

from localsheets.books.a1 import Area, Closed, named
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import a1_range, visible
from localsheets.errors import invalid
from localsheets.sheets.metadata_lookup import every, matches, place_of

Json = dict[str, Any]
Place = tuple[Sheet, Closed]
WAYS = ("developerMetadataLookup", "a1Range", "gridRange")
EDGES = (("Row", "startRowIndex", "endRowIndex"), ("Column", "startColumnIndex", "endColumnIndex"))


def places(book: Book, given: Json, word: str = "grid") -> list[Place]:
    """Return the tabs and rectangles that a filter selects; `word` is what a refusal calls an unknown tab."""
    way = _way(given)
    if way == "a1Range":
        sheet, area = a1_range(book, given["a1Range"])
        return [(sheet, visible(sheet, area))]
    if way == "gridRange":
        return [_grid_place(book, given["gridRange"], word)]
    return [place for entry in every(book) if matches(book, entry, given) for place in _marked(book, entry["location"])]


def _way(given: Json) -> str:
    ways = [name for name in WAYS if name in given]
    if len(ways) != 1:
        raise invalid("dataFilter.filter must be specified.")
    return ways[0]


def _grid_place(book: Book, given: Json, word: str) -> Place:
    sheet = book.sheets.get(given.get("sheetId", 0))
    if sheet is None:
        raise invalid(f"No {word} with id: {given.get('sheetId', 0)}")
    if any(given.get(name, 0) < 0 for _, *names in EDGES for name in names):
        raise invalid("GridRange indexes must be >= 0")
    for axis, first, last in EDGES:
        if first in given and last in given and given[last] < given[first]:
            raise invalid(f"end{axis}Index[{given[last]}] cannot be before start{axis}Index[{given[first]}]")
    area = Area(
        given.get("startRowIndex", 0),
        given.get("startColumnIndex", 0),
        given.get("endRowIndex"),
        given.get("endColumnIndex"),
    )
    if area.top >= sheet.row_count or area.left >= sheet.column_count:
        limits = f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
        raise invalid(f"Range ({named(sheet.title, area)}) exceeds grid limits. {limits}")
    return sheet, area.within(sheet.row_count, sheet.column_count)


def _marked(book: Book, location: Json) -> list[Place]:
    """Return the rectangles that metadata marks; that of the book marks every tab."""
    place = place_of(book, location)
    if place is None:
        return [(sheet, sheet.whole()) for sheet in book.in_order()]
    return [(book.sheet(place[0]), place[1])]
