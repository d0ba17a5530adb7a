"""The batchUpdate requests that the grid page may send, as steps that can be undone."""

from typing import Any

from localsheets.books.model import Book
from localsheets.books.ranges import dimension_range
from localsheets.books.structure import Change, Deleted, Inserted, Moved
from localsheets.requests import kinds as requests

Json = dict[str, Any]
#: What moved, to undo it: the tab, the axis and the change of its lines.
Lines = tuple[int, str, Change]
OFFERED = {
    "addNamedRange",
    "addProtectedRange",
    "clearBasicFilter",
    "copyPaste",
    "cutPaste",
    "deleteDimension",
    "deleteNamedRange",
    "deleteProtectedRange",
    "duplicateSheet",
    "findReplace",
    "autoResizeDimensions",
    "insertDimension",
    "mergeCells",
    "moveDimension",
    "repeatCell",
    "setBasicFilter",
    "setDataValidation",
    "sortRange",
    "unmergeCells",
    "updateBorders",
    "updateDimensionProperties",
    "updateSheetProperties",
}


def is_offered(request: Any) -> bool:
    """Tell whether the page may send a request."""
    return isinstance(request, dict) and len(request) == 1 and not request.keys() - OFFERED


def carry_out(book: Book, given: list[Json]) -> list[Lines]:
    """Carry out requests on a fork of a book; returns the changes of lines, in order.

    Raises `ApiError` as the API does.
    """
    moved: list[Lines] = []
    for request in given:
        change = _lines(book, request)
        requests.run(book, [request])
        moved += [change] if change else []
    return moved


def _lines(book: Book, request: Json) -> Lines | None:
    """Return how a request moves lines; one that is wrong is refused later, when it is carried out."""
    (kind, given), *_ = request.items()
    if kind not in ("insertDimension", "deleteDimension", "moveDimension") or not isinstance(given, dict):
        return None
    sheet, axis, start, end = dimension_range(book, given.get("source" if kind == "moveDimension" else "range"))
    if kind == "insertDimension":
        return sheet.sheet_id, axis, Inserted(start, end - start)
    if kind == "deleteDimension":
        return sheet.sheet_id, axis, Deleted(start, end)
    to = given.get("destinationIndex", 0)
    return None if start <= to <= end else (sheet.sheet_id, axis, Moved(start, end, to))
