"""GridRange and DimensionRange, between JSON and rectangles."""

from typing import Any

from localsheets.a1 import Area, Closed, parse
from localsheets.errors import invalid
from localsheets.model import Book, Sheet

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
        if start < 0 or (end is not None and end < start):
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
    """Return the tab and the rectangle of a range in A1 notation or of a named range.

    A name belongs to the book: the tab that may stand before it says nothing.
    """
    titles = book.titles()
    for named in book.named_ranges:
        if named["name"] in (text, text.rpartition("!")[2]):
            stored = named["range"]
            return book.sheet(stored.get("sheetId", 0)), _open(stored)
    title, area = parse(text, titles)
    if title is not None and title not in titles:
        raise invalid(f"Unable to parse range: {text}")
    return (book.in_order()[0] if title is None else book.sheets[titles[title]]), area


def _open(stored: Json) -> Area:
    return Area(
        stored.get("startRowIndex", 0),
        stored.get("startColumnIndex", 0),
        stored.get("endRowIndex"),
        stored.get("endColumnIndex"),
    )
