"""spreadsheets.values by DataFilter: reading, writing and clearing the ranges that filters select."""

from typing import Any

from localsheets.books.a1 import Area, Closed, written
from localsheets.books.model import Book, Sheet
from localsheets.errors import ApiError, invalid
from localsheets.sheets.call import Call
from localsheets.sheets.data_filters import Place, places
from localsheets.sheets.options import DATES, DIMENSION, INPUT, RENDER
from localsheets.sheets.values_api import Rendering, clear_area, oriented, value_range, write_lines

Json = dict[str, Any]


def batch_get(call: Call, book_id: str) -> Json:
    """Return the values of the ranges that filters select, each with the filters that selected it.

    They come in the order of the book: by tab, then by the column and the row where they start.
    """
    body = call.body
    book = call.shelf.get(book_id)
    rendering = Rendering(
        RENDER.read(body.get("valueRenderOption"), "value_render_option"),
        DATES.read(body.get("dateTimeRenderOption"), "date_time_render_option"),
        DIMENSION.read(body.get("majorDimension"), "major_dimension"),
    )
    chosen = _chosen(book, body.get("dataFilters"))
    ranges = [
        {"valueRange": value_range(book, sheet, area, rendering), "dataFilters": [echo(given) for given in filters]}
        for (sheet, area), filters in chosen
    ]
    return {"spreadsheetId": book_id} | ({"valueRanges": ranges} if ranges else {})


def _chosen(book: Book, filters: list[Json] | None) -> list[tuple[Place, list[Json]]]:
    """Return each range that some filter selects, with its filters, in the order of the book."""
    if not filters:
        raise invalid("Must specify at least one dataFilter.")
    found: dict[tuple[int, Closed], tuple[Place, list[Json]]] = {}
    for index, given in enumerate(filters):
        for sheet, area in _places(book, given, f"dataFilter[{index}]"):
            found.setdefault((sheet.sheet_id, area), ((sheet, area), []))[1].append(given)

    def where(entry: tuple[Place, list[Json]]) -> tuple[int, ...]:
        (sheet, area), _ = entry
        return book.order.index(sheet.sheet_id), area.left, area.top, area.right, area.bottom

    return sorted(found.values(), key=where)


def _places(book: Book, given: Json, name: str) -> list[Place]:
    try:
        return places(book, given)
    except ApiError as refused:
        if refused.code == 400:
            refused.message = f"Invalid {name}: {refused.message}"
        raise


def echo(given: Json) -> Json:
    """Return a filter as answers repeat it: a sheetId of 0 is left out."""
    grid = given.get("gridRange")
    if grid is None:
        return given
    return {"gridRange": {name: value for name, value in grid.items() if name != "sheetId" or value}}


def update(call: Call, book_id: str) -> Json:
    """Write values into the ranges that filters select, all or none; they must fit in each of them."""
    body, written_to = call.body, []
    how = INPUT.read(body.get("valueInputOption"), "value_input_option")
    with call.shelf.change(book_id, call.actor, "values.batchUpdateByDataFilter", body) as draft:
        for index, data in enumerate(body.get("data") or []):
            lines = oriented(data, f"data[{index}]")
            given = data.get("dataFilter") or {}
            for sheet, area in _places(draft, given, f"data[{index}]"):
                target, filled, reply = _write(draft, sheet, area, lines, how)
                written_to.append((target, filled, reply | {"dataFilter": echo(given)}, data))
        responses = [
            {name: value for name, value in reply.items() if name != "spreadsheetId"}
            | answered(draft, sheet, area, data, body)
            for sheet, area, reply, data in written_to
        ]
    return {"spreadsheetId": book_id} | totals([(sheet, area) for sheet, area, *_ in written_to], responses)


def _write(book: Book, sheet: Sheet, area: Closed, lines: list[list[Any]], how: str) -> tuple[Sheet, Closed, Json]:
    text = written(sheet.title, area)
    height, width = len(lines), max((len(line) for line in lines), default=0)
    if height > area.height or width > area.width:
        raise invalid(f"Requested writing within range [{text}], but the values do not fit in it.")
    target = Area(area.top, area.left, area.bottom, area.right)
    return write_lines(book, sheet, target, lines, how, text)


def answered(book: Book, sheet: Sheet, area: Closed, data: Json, body: Json) -> Json:
    """Return the `updatedData` of one range when the body of a batch asks for the values written."""
    if not body.get("includeValuesInResponse"):
        return {}
    rendering = Rendering(
        RENDER.read(body.get("responseValueRenderOption"), "response_value_render_option"),
        DATES.read(body.get("responseDateTimeRenderOption"), "response_date_time_render_option"),
        DIMENSION.read(data.get("majorDimension"), "data.major_dimension"),
    )
    return {"updatedData": value_range(book, book.sheets[sheet.sheet_id], area, rendering)}


def totals(places: list[Place], responses: list[Json]) -> Json:
    """Count what a batch wrote, each row and column once and zeros left out, before its answers one by one."""
    written_to = [place for place, reply in zip(places, responses, strict=True) if "updatedCells" in reply]
    counts = {
        "totalUpdatedRows": len({(tab.sheet_id, row) for tab, area in written_to for row in area.rows()}),
        "totalUpdatedColumns": len({(tab.sheet_id, column) for tab, area in written_to for column in area.columns()}),
        "totalUpdatedCells": sum(reply.get("updatedCells", 0) for reply in responses),
        "totalUpdatedSheets": len({tab.sheet_id for tab, _ in written_to}),
    }
    kept: Json = {name: count for name, count in counts.items() if count}
    return kept | ({"responses": responses} if responses else {})


def clear(call: Call, book_id: str) -> Json:
    """Clear the ranges that filters select, all or none."""
    with call.shelf.change(book_id, call.actor, "values.batchClearByDataFilter", call.body) as draft:
        chosen = _chosen(draft, call.body.get("dataFilters"))
        cleared = [clear_area(draft, sheet, area) for (sheet, area), _ in chosen]
    return {"spreadsheetId": book_id} | ({"clearedRanges": cleared} if cleared else {})
