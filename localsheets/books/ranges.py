"""GridRange and DimensionRange, between JSON and rectangles."""

from typing import Any

from localsheets.books.a1 import Area, Closed
from localsheets.books.model import Book, Sheet
from localsheets.books.notation import cells_area, is_quoted, title_and_cells, unquoted
from localsheets.errors import invalid

Json = dict[str, Any]
AXES = ("ROWS", "COLUMNS")


def grid_range(book: Book, given: Json | None) -> tuple[Sheet, Closed]:
    """Return the tab and the rectangle of a GridRange; 400 outside the grid or upside down."""
    given = given or {}
    sheet = book.sheet(given.get("sheetId", 0))
    area = Area(
        given.get("startRowIndex", 0),
        given.get("startColumnIndex", 0),
        given.get("endRowIndex"),
        given.get("endColumnIndex"),
    )
    for name, start, end in (("Row", area.top, area.bottom), ("Column", area.left, area.right)):
        if start < 0:
            raise invalid(f"GridRange.start{name}Index[{start}] must not be negative")
        if end is not None and end < start:
            raise invalid(f"GridRange: end{name}Index[{end}] must be after start{name}Index[{start}]")
    return sheet, sheet.resolve(area)


def open_range(book: Book, given: Json | None) -> Json:
    """Return a GridRange as it is kept for names and protections: ends that were left open stay so."""
    sheet, area = grid_range(book, given)
    closed = stored_range(sheet, area)
    result: Json = {"sheetId": sheet.sheet_id}
    for start, end in (("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex")):
        if end in (given or {}):
            result |= {start: closed[start], end: closed[end]}
        elif (given or {}).get(start):
            result[start] = closed[start]
    return result


def stored_range(sheet: Sheet, area: Closed) -> Json:
    """Write a rectangle with the id of its tab, as it is kept."""
    return {"sheetId": sheet.sheet_id} | range_json(sheet.sheet_id, area)


def sheet_of(book: Book, sheet_id: int | None) -> Sheet:
    """Return the tab that a request is about, or refuse an unknown id as these requests do."""
    if (sheet_id or 0) not in book.sheets:
        raise invalid(f"No sheet with id: {sheet_id or 0}")
    return book.sheets[sheet_id or 0]


def range_json(sheet_id: int, area: Closed) -> Json:
    """Write a rectangle as a GridRange; like Google, leaves out a sheetId of 0."""
    written = {
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }
    return ({"sheetId": sheet_id} if sheet_id else {}) | written


def bare_zero(given: Any) -> Any:
    """Return stored JSON as Google answers it: a range on sheet 0 does not name it."""
    if isinstance(given, list):
        return [bare_zero(item) for item in given]
    if not isinstance(given, dict):
        return given
    is_range = not given.keys().isdisjoint(("startRowIndex", "startColumnIndex", "endRowIndex", "dimension"))
    return {
        name: bare_zero(value) for name, value in given.items() if not (is_range and name == "sheetId" and value == 0)
    }


def closed_of(given: Json) -> Closed:
    """Return the rectangle of a GridRange that was stored closed."""
    return Closed(given["startRowIndex"], given["startColumnIndex"], given["endRowIndex"], given["endColumnIndex"])


def dimension_range(book: Book, given: Json | None) -> tuple[Sheet, str, int, int]:
    """Return the tab, axis and half-open span of a DimensionRange inside its grid."""
    given = given or {}
    sheet = book.sheet(given.get("sheetId", 0))
    axis = axis_of(given.get("dimension"))
    size = size_of(sheet, axis)
    start, end = given.get("startIndex", 0), given.get("endIndex", size)
    if start < 0 or end <= start:
        raise invalid(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
    return sheet, axis, start, end


def axis_of(given: Any) -> str:
    """Return ROWS or COLUMNS, or refuse."""
    if given not in AXES:
        raise invalid("No dimension specified.")
    return str(given)


def size_of(sheet: Sheet, axis: str) -> int:
    """Return how many rows or columns a tab has."""
    return sheet.row_count if axis == "ROWS" else sheet.column_count


def a1_range(book: Book, text: str) -> tuple[Sheet, Area]:
    """Return the tab and the rectangle of a range text: A1, R1C1, a tab's title or a named range.

    Without a title, cells come before names, and a named range before a tab of the same name.
    """
    if (parts := title_and_cells(text)) is not None:
        title, cells = parts
        sheet, area = _titled(book, title), cells_area(cells)
        if sheet is not None and area is not None:
            return sheet, area
        if sheet is not None and (found := _named(book, cells)) is not None:
            # A name belongs to the book: the tab before it says nothing.
            return found
    elif (area := cells_area(text)) is not None:
        return _first(book), area
    elif (found := _named(book, text)) is not None:
        return found
    sheet = _titled(book, text) if text else None
    if sheet is None:
        raise invalid(f"Unable to parse range: {text}")
    return sheet, Area()


def visible(sheet: Sheet, area: Area) -> Closed:
    """Cut a range at the grid's end, as reading does; one that starts beyond it is refused."""
    if area.top >= sheet.row_count or area.left >= sheet.column_count:
        sheet.resolve(area)
    return area.within(sheet.row_count, sheet.column_count)


def _first(book: Book) -> Sheet:
    """Return the tab meant when none is named: the first one that people see."""
    return next((sheet for sheet in book.in_order() if not sheet.hidden), book.in_order()[0])


def _titled(book: Book, title: str) -> Sheet | None:
    """Return the tab with a title, whatever its case and quoted or not; an empty title is the first tab."""
    bare = unquoted(title) if is_quoted(title) else title
    if not bare:
        return _first(book)
    same = [sheet for sheet in book.in_order() if sheet.title.casefold() == bare.casefold()]
    return next((sheet for sheet in same if sheet.title == bare), same[0] if same else None)


def _named(book: Book, text: str) -> tuple[Sheet, Area] | None:
    for named in book.named_ranges:
        if named["name"].casefold() == text.casefold():
            stored = named["range"]
            return book.sheet(stored.get("sheetId", 0)), _open(stored)
    return None


def _open(stored: Json) -> Area:
    return Area(
        stored.get("startRowIndex", 0),
        stored.get("startColumnIndex", 0),
        stored.get("endRowIndex"),
        stored.get("endColumnIndex"),
    )
