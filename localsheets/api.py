"""The routes of Sheets v4."""

import re
from collections.abc import Callable
from typing import Any

from localsheets import masks, requests
from localsheets.answers import spreadsheet
from localsheets.call import Call
from localsheets.defaults import new_properties
from localsheets.errors import invalid, missing
from localsheets.model import Book, Sheet
from localsheets.requests_cells import write_grid_data
from localsheets.requests_sheets import new_sheet
from localsheets.schema import check_mask
from localsheets.values_api import RENDERS, choice, clear, read, trimmed, value_lines, write
from localsheets.values_append import append

Json = dict[str, Any]


def answer(call: Call, method: str, path: str) -> Json:
    """Carry out a Sheets call, its path given after /v4/spreadsheets; 501 for an unknown one."""
    for known_method, pattern, function, taken, given in ROUTES:
        match = re.fullmatch(pattern, path, re.DOTALL)
        if match and known_method == method:
            call.check_query(QUERY)
            call.check_body(taken)
            mask = call.mask()
            check_mask(mask, given)
            reply = function(call, **match.groupdict())
            return reply if mask is None else masks.prune(reply, mask)
    raise missing(f"{method} /v4/spreadsheets{path}")


def create(call: Call) -> Json:
    """Create a book with its properties, tabs and data."""
    body = call.body
    if unknown := body.keys() - {"properties", "sheets", "namedRanges", "developerMetadata"}:
        raise missing(f"creating a spreadsheet with {', '.join(sorted(unknown))}")
    properties = new_properties(body.get("properties") or {})
    draft = Book("", properties, {"owner": call.actor})
    for index, given in enumerate(body.get("sheets") or []):
        _add_described(draft, given, index)
    requests.run_created(draft, body)
    book = call.shelf.create(call.actor, draft, body)
    return spreadsheet(book, call.mask(), [], grid_data=False)


def _add_described(draft: Book, given: Json, index: int) -> None:
    wanted = dict(given.get("properties") or {})
    if index == 0 and "sheetId" not in wanted:
        wanted["sheetId"] = 0
    sheet = new_sheet(draft, wanted)
    draft.add(sheet)
    write_grid_data(draft, sheet, given.get("data") or [])


def get(call: Call, book_id: str) -> Json:
    """Return a book, its grid data when asked for."""
    book = call.shelf.get(book_id)
    grid_data = call.flag("includeGridData")
    return spreadsheet(book, call.mask(), call.query.getlist("ranges"), grid_data, call.actor)


def batch_update(call: Call, book_id: str) -> Json:
    """Apply a batch as a whole, and return the book after it when asked to."""
    body = call.body
    with call.shelf.change(book_id, call.actor, "batchUpdate", body) as draft:
        replies = requests.run(draft, body.get("requests") or [])
        mask = call.mask()
        reply: Json = {"spreadsheetId": book_id, "replies": replies}
        if body.get("includeSpreadsheetInResponse"):
            inner = masks.below(mask, "updatedSpreadsheet") if mask is not None else None
            if mask is None or inner is not None:
                grid_data = bool(body.get("responseIncludeGridData")) and mask is None
                ranges = body.get("responseRanges") or []
                reply["updatedSpreadsheet"] = spreadsheet(draft, inner, ranges, grid_data)
    return reply


def values_get(call: Call, book_id: str, text: str) -> Json:
    """Return the values of a range."""
    return read(call.shelf.get(book_id), text, call.query)


def values_batch_get(call: Call, book_id: str) -> Json:
    """Return the values of several ranges of one state of the book."""
    book = call.shelf.get(book_id)
    ranges = [read(book, text, call.query) for text in call.query.getlist("ranges")]
    return {"spreadsheetId": book_id} | ({"valueRanges": ranges} if ranges else {})


def values_update(call: Call, book_id: str, text: str) -> Json:
    """Write the values of a range."""
    with call.shelf.change(book_id, call.actor, "values.update", _logged(call, text)) as draft:
        sheet, area, reply = write(draft, text, call.body, call.query.get("valueInputOption"))
        if call.flag("includeValuesInResponse"):
            reply["updatedData"] = _written_back(draft, sheet, area, call.query, reply["updatedRange"])
    return reply


def _logged(call: Call, text: str) -> Json:
    return {"range": text, "body": call.body, "query": call.query.to_dict()}


def _written_back(book: Book, sheet: Sheet, area: Any, options: Json, text: str) -> Json:
    render = options.get("responseValueRenderOption")
    chosen = choice(render, RENDERS, "response_value_render_option", "FORMATTED_VALUE")
    dates = options.get("responseDateTimeRenderOption") or "SERIAL_NUMBER"
    lines = trimmed(value_lines(book, sheet, area, chosen, dates))
    return {"range": text, "majorDimension": "ROWS"} | ({"values": lines} if lines else {})


def values_batch_update(call: Call, book_id: str) -> Json:
    """Write the values of several ranges, all or none."""
    body, responses, sheets = call.body, [], set()
    with call.shelf.change(book_id, call.actor, "values.batchUpdate", body) as draft:
        for index, data in enumerate(body.get("data") or []):
            if "range" not in data:
                raise invalid(f"Invalid data[{index}]: a range is needed.")
            sheet, area, reply = write(draft, data["range"], data, body.get("valueInputOption"))
            sheets.add(sheet.sheet_id)
            if body.get("includeValuesInResponse"):
                reply["updatedData"] = _written_back(draft, sheet, area, body, reply["updatedRange"])
            responses.append(reply)
    totals = {
        "totalUpdatedRows": sum(reply.get("updatedRows", 0) for reply in responses),
        "totalUpdatedColumns": max((reply.get("updatedColumns", 0) for reply in responses), default=0),
        "totalUpdatedCells": sum(reply.get("updatedCells", 0) for reply in responses),
        "totalUpdatedSheets": len(sheets),
    }
    kept = {name: total for name, total in totals.items() if total}
    return {"spreadsheetId": book_id} | kept | ({"responses": responses} if responses else {})


def values_append(call: Call, book_id: str, text: str) -> Json:
    """Write values under the table found in a range."""
    with call.shelf.change(book_id, call.actor, "values.append", _logged(call, text)) as draft:
        sheet, area, reply = append(draft, text, call.body, call.query)
        if call.flag("includeValuesInResponse"):
            updates = reply["updates"]
            updates["updatedData"] = _written_back(draft, sheet, area, call.query, updates["updatedRange"])
    return reply


def values_clear(call: Call, book_id: str, text: str) -> Json:
    """Clear the values of a range."""
    with call.shelf.change(book_id, call.actor, "values.clear", {"range": text}) as draft:
        cleared = clear(draft, text)
    return {"spreadsheetId": book_id, "clearedRange": cleared}


def values_batch_clear(call: Call, book_id: str) -> Json:
    """Clear the values of several ranges, all or none."""
    with call.shelf.change(book_id, call.actor, "values.batchClear", call.body) as draft:
        cleared = [clear(draft, text) for text in call.body.get("ranges") or []]
    return {"spreadsheetId": book_id, "clearedRanges": cleared}


QUERY = {
    "ranges",
    "includeGridData",
    "majorDimension",
    "valueRenderOption",
    "dateTimeRenderOption",
    "valueInputOption",
    "insertDataOption",
    "includeValuesInResponse",
    "responseValueRenderOption",
    "responseDateTimeRenderOption",
}
BOOK = r"/(?P<book_id>[^/:]+)"
TEXT = r"(?P<text>.+)"
# Method, path, function, then the messages that the call takes and gives.
ROUTES: list[tuple[str, str, Callable[..., Json], str, str]] = [
    ("POST", "", create, "Spreadsheet", "Spreadsheet"),
    ("GET", BOOK, get, "Nothing", "Spreadsheet"),
    ("POST", rf"{BOOK}:batchUpdate", batch_update, "BatchUpdate", "BatchUpdateResponse"),
    ("GET", rf"{BOOK}/values:batchGet", values_batch_get, "Nothing", "BatchGetValues"),
    ("POST", rf"{BOOK}/values:batchUpdate", values_batch_update, "BatchValues", "BatchUpdateValues"),
    ("POST", rf"{BOOK}/values:batchClear", values_batch_clear, "BatchClear", "BatchClearValues"),
    ("POST", rf"{BOOK}/values/{TEXT}:append", values_append, "ValueRange", "AppendValues"),
    ("POST", rf"{BOOK}/values/{TEXT}:clear", values_clear, "Nothing", "ClearValues"),
    ("GET", rf"{BOOK}/values/{TEXT}", values_get, "Nothing", "ValueRange"),
    ("PUT", rf"{BOOK}/values/{TEXT}", values_update, "ValueRange", "UpdateValues"),
]
