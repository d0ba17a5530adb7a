"""The routes of Sheets v4."""

import re
from collections.abc import Callable
from typing import Any

from localsheets.books import masks
from localsheets.books.copying import copy_to
from localsheets.errors import ApiError, invalid, invalid_field, missing
from localsheets.requests import kinds as requests
from localsheets.schema.messages import schema
from localsheets.sheets import metadata_api, values_filtered
from localsheets.sheets.answers import spreadsheet
from localsheets.sheets.call import Call
from localsheets.sheets.creating import create
from localsheets.sheets.data_filters import places
from localsheets.sheets.options import DATES, DIMENSION, INPUT, RENDER
from localsheets.sheets.values_api import Rendering, clear, read, value_range, write
from localsheets.sheets.values_append import append
from localsheets.sheets.values_filtered import answered

Json = dict[str, Any]


def answer(call: Call, method: str, path: str) -> Json:
    """Carry out a Sheets call, its path given after /v4/spreadsheets; 501 for an unknown one."""
    for name, verb, pattern, function in ROUTES:
        match = re.fullmatch(pattern, path, re.DOTALL)
        if match and verb == method:
            known = schema().methods[name]
            call.check_query(name)
            if "request" in known:
                call.check_body(known["request"])
            mask = call.mask(blanks=True)
            call.check_mask(mask, known["response"])
            reply = function(call, **match.groupdict())
            # A book is written by its mask from the start: it may hold a hundred thousand cells.
            if mask is None or known["response"] == "Spreadsheet":
                return reply
            return masks.prune(reply, mask, done="updatedSpreadsheet")
    raise missing(f"{method} /v4/spreadsheets{path}")


def get(call: Call, book_id: str) -> Json:
    """Return a book, its grid data when asked for."""
    book = call.shelf.get(book_id)
    grid_data, _ = call.flag("includeGridData"), call.flag("excludeTablesInBandedRanges")
    _check_comments(call.last("commentsViewMode"))
    return spreadsheet(book, call.mask(), call.query.getlist("ranges"), grid_data, call.actor)


def _check_comments(mode: str | None) -> None:
    known = schema().messages["Spreadsheet"]["commentsViewMode"].split("|")
    if mode is not None and mode not in known:
        raise invalid_field("comments_view_mode", f"Invalid value at 'comments_view_mode' (TYPE_ENUM), \"{mode}\"")
    if mode == "COMMENTS_VIEW_MODE_INCLUDED":
        raise missing("comments in a spreadsheet (commentsViewMode)")


def get_by_data_filter(call: Call, book_id: str) -> Json:
    """Return a book, only the tabs and cells that filters select; without filters all of it."""
    book = call.shelf.get(book_id)
    filters = call.body.get("dataFilters") or []
    _check_comments(call.body.get("commentsViewMode"))
    chosen = [place for given in filters for place in places(book, given, "sheet")] if filters else None
    return spreadsheet(book, call.mask(), [], bool(call.body.get("includeGridData")), call.actor, chosen)


def batch_update(call: Call, book_id: str) -> Json:
    """Apply a batch as a whole, and return the book after it when asked to."""
    body = call.body
    _check_comments(body.get("commentsViewMode"))
    with call.shelf.change(book_id, call.actor, "batchUpdate", call.sent) as draft:
        replies = requests.run(draft, body.get("requests") or [])
        mask = call.mask()
        reply: Json = {"spreadsheetId": book_id, "replies": replies}
        if body.get("includeSpreadsheetInResponse"):
            inner = masks.below(mask, "updatedSpreadsheet") if mask is not None else None
            if mask is None or inner is not None:
                # A mask decides on the grid data by itself: the flag is then ignored.
                grid_data = bool(body.get("responseIncludeGridData")) and mask is None
                ranges = body.get("responseRanges") or []
                reply["updatedSpreadsheet"] = spreadsheet(draft, inner, ranges, grid_data, call.actor)
    return reply


def values_get(call: Call, book_id: str, text: str) -> Json:
    """Return the values of a range."""
    rendering = _rendering(call)
    return read(call.shelf.get(book_id), text, rendering)


def values_batch_get(call: Call, book_id: str) -> Json:
    """Return the values of several ranges of one state of the book."""
    rendering = _rendering(call)
    book = call.shelf.get(book_id)
    ranges = [read(book, text, rendering) for text in call.query.getlist("ranges")]
    return {"spreadsheetId": book_id} | ({"valueRanges": ranges} if ranges else {})


def _rendering(call: Call) -> Rendering:
    return Rendering(
        call.choose("valueRenderOption", RENDER),
        call.choose("dateTimeRenderOption", DATES),
        call.choose("majorDimension", DIMENSION),
    )


def _written_back(call: Call) -> Rendering | None:
    """Say how the values just written are to be shown in the answer, if at all."""
    wanted = call.flag("includeValuesInResponse")
    render = call.choose("responseValueRenderOption", RENDER)
    dates = call.choose("responseDateTimeRenderOption", DATES)
    dimension = DIMENSION.read(call.body.get("majorDimension"), "data.major_dimension")
    return Rendering(render, dates, dimension) if wanted else None


def values_update(call: Call, book_id: str, text: str) -> Json:
    """Write the values of a range."""
    how, shown = call.choose("valueInputOption", INPUT), _written_back(call)
    with call.shelf.change(book_id, call.actor, "values.update", _logged(call, text)) as draft:
        sheet, area, reply = write(draft, text, call.body, how)
        if shown:
            reply["updatedData"] = value_range(draft, sheet, area, shown)
    return reply


def _logged(call: Call, text: str) -> Json:
    return {"range": text, "body": call.sent, "query": call.query.to_dict()}


def values_batch_update(call: Call, book_id: str) -> Json:
    """Write the values of several ranges, all or none."""
    body, responses = call.body, []
    how = INPUT.read(body.get("valueInputOption"), "value_input_option")
    with call.shelf.change(book_id, call.actor, "values.batchUpdate", call.sent) as draft:
        for index, data in enumerate(body.get("data") or []):
            try:
                sheet, area, reply = write(draft, data.get("range", ""), data, how, f"data[{index}]")
            except ApiError as refused:
                raise _at(refused, f"data[{index}]") from None
            responses.append((sheet, area, reply, data))
        answers = [reply | answered(draft, sheet, area, data, body) for sheet, area, reply, data in responses]
    return {"spreadsheetId": book_id} | values_filtered.totals(
        [(sheet, area) for sheet, area, *_ in responses], answers
    )


def _at(refused: ApiError, place: str) -> ApiError:
    """Say in which of several ranges something was refused."""
    if refused.code == 400 and "details" not in refused.extra:
        refused.message = f"Invalid {place}: {refused.message}"
    return refused


def values_append(call: Call, book_id: str, text: str) -> Json:
    """Write values under the table found in a range."""
    shown = _written_back(call)
    with call.shelf.change(book_id, call.actor, "values.append", _logged(call, text)) as draft:
        sheet, area, reply = append(draft, text, call.body, call)
        if shown:
            reply["updates"]["updatedData"] = value_range(draft, sheet, area, shown)
    return reply


def values_clear(call: Call, book_id: str, text: str) -> Json:
    """Clear the values of a range."""
    with call.shelf.change(book_id, call.actor, "values.clear", {"range": text}) as draft:
        cleared = clear(draft, text)
    return {"spreadsheetId": book_id, "clearedRange": cleared}


def values_batch_clear(call: Call, book_id: str) -> Json:
    """Clear the values of several ranges, all or none."""
    ranges = call.body.get("ranges") or []
    if not ranges:
        raise invalid("Must specify at least one range.")
    with call.shelf.change(book_id, call.actor, "values.batchClear", call.body) as draft:
        cleared = [clear(draft, text) for text in ranges]
    return {"spreadsheetId": book_id, "clearedRanges": cleared}


BOOK = r"/(?P<book_id>[^/:]+)"
TEXT = r"(?P<text>.+)"
VALUES = "spreadsheets.values."
# The method as Google calls it, how it is reached, and what carries it out.
ROUTES: list[tuple[str, str, str, Callable[..., Json]]] = [
    ("spreadsheets.create", "POST", "", create),
    ("spreadsheets.get", "GET", BOOK, get),
    ("spreadsheets.getByDataFilter", "POST", rf"{BOOK}:getByDataFilter", get_by_data_filter),
    ("spreadsheets.batchUpdate", "POST", rf"{BOOK}:batchUpdate", batch_update),
    ("spreadsheets.developerMetadata.get", "GET", rf"{BOOK}/developerMetadata/(?P<number>[^/]+)", metadata_api.get),
    ("spreadsheets.developerMetadata.search", "POST", rf"{BOOK}/developerMetadata:search", metadata_api.search),
    ("spreadsheets.sheets.copyTo", "POST", rf"{BOOK}/sheets/(?P<sheet_id>[^/:]+):copyTo", copy_to),
    (f"{VALUES}batchGet", "GET", rf"{BOOK}/values:batchGet", values_batch_get),
    (f"{VALUES}batchUpdate", "POST", rf"{BOOK}/values:batchUpdate", values_batch_update),
    (f"{VALUES}batchClear", "POST", rf"{BOOK}/values:batchClear", values_batch_clear),
    (f"{VALUES}batchGetByDataFilter", "POST", rf"{BOOK}/values:batchGetByDataFilter", values_filtered.batch_get),
    (f"{VALUES}batchUpdateByDataFilter", "POST", rf"{BOOK}/values:batchUpdateByDataFilter", values_filtered.update),
    (f"{VALUES}batchClearByDataFilter", "POST", rf"{BOOK}/values:batchClearByDataFilter", values_filtered.clear),
    (f"{VALUES}append", "POST", rf"{BOOK}/values/{TEXT}:append", values_append),
    (f"{VALUES}clear", "POST", rf"{BOOK}/values/{TEXT}:clear", values_clear),
    (f"{VALUES}get", "GET", rf"{BOOK}/values/{TEXT}", values_get),
    (f"{VALUES}update", "PUT", rf"{BOOK}/values/{TEXT}", values_update),
]
