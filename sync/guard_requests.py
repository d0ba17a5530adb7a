"""The requests of a guarded write, in order: room, copies, nonce, cells, new rows, new columns."""

from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

from sync.cells import Tab, address
from sync.guard_shapes import SCRATCH_TITLE, VALUE, NewColumn, NewRow, Touch, Write
from sync.layout import METADATA_KEY

Request = dict[str, Any]
#: Key of the metadata of the book that numbers the writes of the last minutes.
WRITE_KEY = "passerelle-write"


def requests(write: Write, scratch: Tab | None, title: str = SCRATCH_TITLE) -> list[Request]:
    """Return the requests of the batch, in order.

    `scratch` is the hidden tab as it is, None when somebody deleted it: it is then made again, with this title.
    """
    return [
        *_once(write),
        *_room(write, scratch, title),
        _clean(write),
        *_copies(write),
        _nonce(write),
        *_cells(write.touches),
        *_new_rows(write),
        *_new_columns(write),
    ]


def _once(write: Write) -> Iterable[Request]:
    """Mark the book with a number for this write, and for those that it cancels: Google takes each only once.

    A write that arrives again, or after another has cancelled it, is then refused as a whole. (That the
    numbers of developer metadata are unique in a book is documented.)
    """
    for nonce in (*write.cancels, write.nonce):
        item = {"metadataId": _number(nonce), "metadataKey": WRITE_KEY, "location": {"spreadsheet": True}}
        yield {"createDeveloperMetadata": {"developerMetadata": item | {"visibility": "DOCUMENT"}}}
    for nonce in write.served:
        lookup = {"metadataId": _number(nonce), "metadataKey": WRITE_KEY}
        yield {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


def forget_writes() -> Request:
    """Return the request that takes away the marks of all writes, from a book that is ours no more."""
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": WRITE_KEY}}}}


def _number(nonce: str) -> int:
    """Return the number of a write: positive, in 31 bits."""
    return crc32(nonce.encode()) % (2**31 - 1) + 1


def tab_of(request: Request) -> int | None:
    """Return the tab that a request is about, None when it is about none of ours."""
    [body] = request.values()
    item = body.get("developerMetadata", {}).get("location", {})
    where = body.get("source") or body.get("start") or body.get("range") or item.get("dimensionRange") or body
    return where.get("sheetId")


def free_title(titles: Iterable[str]) -> str:
    """Return a title for the hidden tab that none of these tabs has."""
    taken = {title.casefold() for title in titles}
    wanted = (SCRATCH_TITLE, *(f"{SCRATCH_TITLE} {number}" for number in range(2, len(taken) + 3)))
    return next(title for title in wanted if title not in taken)


def scratch_tab(sheet_id: int, rows: int = 200, columns: int = 26, title: str = SCRATCH_TITLE) -> Request:
    """Return the request that makes the hidden tab of the pre-images."""
    grid = {"rowCount": rows, "columnCount": columns}
    properties = {"sheetId": sheet_id, "title": title, "hidden": True, "gridProperties": grid}
    return {"addSheet": {"properties": properties}}


def _room(write: Write, scratch: Tab | None, title: str) -> Iterable[Request]:
    rows = max((*write.heights.values(), 0)) + 1
    columns = write.origin + write.width
    if scratch is None:
        yield scratch_tab(write.scratch_id, rows, columns, title)
    elif rows > scratch.row_count or columns > scratch.column_count:
        grid = {"rowCount": max(rows, scratch.row_count), "columnCount": max(columns, scratch.column_count)}
        properties = {"sheetId": write.scratch_id, "gridProperties": grid}
        fields = "gridProperties(rowCount,columnCount)"
        yield {"updateSheetProperties": {"properties": properties, "fields": fields}}


def _clean(write: Write) -> Request:
    """Empty the hidden tab: what a filter keeps from being copied must not be taken for an older copy's."""
    area = {"sheetId": write.scratch_id, "startColumnIndex": write.origin}
    return {"updateCells": {"range": area, "rows": [], "fields": VALUE}}


def _copies(write: Write) -> Iterable[Request]:
    for place, target in write.copies.items():
        sheet_id, column = map(int, place.split(":"))
        height = write.heights[str(sheet_id)]
        yield {
            "copyPaste": {
                "source": _area(sheet_id, 0, height, column),
                "destination": _area(write.scratch_id, 1, height + 1, target),
                "pasteType": "PASTE_VALUES",
            }
        }


def _area(sheet_id: int, start_row: int, end_row: int, column: int) -> dict[str, int]:
    return {
        "sheetId": sheet_id,
        "startRowIndex": start_row,
        "endRowIndex": end_row,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }


def _nonce(write: Write) -> Request:
    return _update(write.scratch_id, 0, write.origin, [[{"stringValue": write.nonce}]])


def _update(sheet_id: int, row: int, column: int, lines: list[list[Mapping[str, Any]]]) -> Request:
    """Write typed values only: never parsed, never a formula, formats kept."""
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    rows = [{"values": [{VALUE: dict(value)} if value else {} for value in line]} for line in lines]
    return {"updateCells": {"start": start, "rows": rows, "fields": VALUE}}


def _cells(touches: list[Touch]) -> Iterable[Request]:
    """Write each run of neighbouring cells of a column with one request."""
    run: list[Touch] = []
    for touch in sorted(touches, key=lambda t: (t.sheet_id, t.column, t.row)):
        if run and (touch.sheet_id, touch.column, touch.row) != (run[0].sheet_id, run[0].column, run[-1].row + 1):
            yield _run(run)
            run = []
        run.append(touch)
    if run:
        yield _run(run)


def _run(run: list[Touch]) -> Request:
    return _update(run[0].sheet_id, run[0].row, run[0].column, [[touch.value] for touch in run])


def _new_rows(write: Write) -> Iterable[Request]:
    """Insert rows of our own, then fill them: what people type below meanwhile is pushed down, not covered."""
    for sheet_id in sorted({row.sheet_id for row in write.new_rows}):
        rows = sorted((row for row in write.new_rows if row.sheet_id == sheet_id), key=lambda row: row.row)
        yield from _insertion(sheet_id, "ROWS", rows[0].row, len(rows), write.sizes[str(sheet_id)][0])
        width = max(int(column) for row in rows for column in row.cells) + 1
        lines = [[row.cells.get(str(column), {}) for column in range(width)] for row in rows]
        yield _update(sheet_id, rows[0].row, 0, lines)
        yield from _number_formats(rows)


def _insertion(sheet_id: int, dimension: str, start: int, count: int, size: int) -> Iterable[Request]:
    """Insert lines, in a grid made one longer when they come after its last: nothing can be there to cover."""
    if start >= size:
        yield {"appendDimension": {"sheetId": sheet_id, "dimension": dimension, "length": 1}}
    span = {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": start + count}
    # A new row looks like the blank one below it, not like the last person's, who may be coloured.
    yield {"insertDimension": {"range": span, "inheritFromBefore": dimension == "COLUMNS" and start > 0}}


def _number_formats(rows: list[NewRow]) -> Iterable[Request]:
    for column, number_format in rows[0].formats.items():
        yield {
            "repeatCell": {
                "range": _area(rows[0].sheet_id, rows[0].row, rows[0].row + len(rows), int(column)),
                "cell": {"userEnteredFormat": {"numberFormat": dict(number_format)}},
                "fields": "userEnteredFormat.numberFormat",
            }
        }


def _new_columns(write: Write) -> Iterable[Request]:
    for column in _rightmost_first(write.new_columns):
        yield from _new_column(column, write.sizes[str(column.sheet_id)][1])


def _rightmost_first(columns: list[NewColumn]) -> list[NewColumn]:
    """Order insertions so that none moves the place of the next; of one place, the last comes first."""
    places = sorted(enumerate(columns), key=lambda item: (item[1].column, item[0]), reverse=True)
    return [column for _, column in places]


def _new_column(column: NewColumn, size: int) -> Iterable[Request]:
    yield from _insertion(column.sheet_id, "COLUMNS", column.column, 1, size)
    yield _update(column.sheet_id, column.header_row, column.column, [[{"stringValue": column.header}]])
    yield column_metadata(column.sheet_id, column.column, column.field)


def column_metadata(sheet_id: int, column: int, field_name: str) -> Request:
    """Return the request that marks a column with the field it holds, wherever it moves later."""
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    item = {
        "metadataKey": METADATA_KEY,
        "metadataValue": field_name,
        "location": {"dimensionRange": span},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": item}}


def ranges(write: Write, titles: Mapping[int, str]) -> list[str]:
    """Return the A1 ranges to ask back: the hidden copy, then the columns that tell what happened in each tab."""
    height = max((*write.heights.values(), 0)) + 1
    asked = [_span(titles.get(write.scratch_id, SCRATCH_TITLE), write.origin, write.origin + len(write.copies), height)]
    for sheet_id in write.sheet_ids:
        added = [row for row in write.new_rows if row.sheet_id == sheet_id]
        columns = {touch.column for touch in write.touches if touch.sheet_id == sheet_id}
        columns |= {int(column) for row in added for column in row.cells} | {write.id_columns[str(sheet_id)]}
        rows = write.heights[str(sheet_id)] + len(added)
        places = sorted({write.shifted(sheet_id, column) for column in columns})
        asked += [_span(titles[sheet_id], column, column, rows) for column in places]
    return asked


def _span(title: str, first: int, last: int, rows: int) -> str:
    quoted = title.replace("'", "''")
    return f"'{quoted}'!{address(first, 0)}:{address(last, rows - 1)}"
