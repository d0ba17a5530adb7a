"""The guarded write: one atomic batch that first copies what it is about to cover.

Half a second passes between our read and our write, and the API has no precondition. So the batch
copies the columns it touches, values only, into a hidden tab, then writes, and asks for the copy
back. The copy shows what each cell held at the very instant of the write: whatever a person typed
meanwhile is known, and put back. Pure: builds requests, reads replies, calls nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sync.layout import Tab, address, text_of

SCRATCH_TITLE = "_passerelle"
#: Rows copied below the last one read, for lines that people add meanwhile.
MARGIN = 50
VALUE = "userEnteredValue"


@dataclass(frozen=True)
class Touch:
    """One cell to write, and everything that tells whether it is still the right one."""

    sheet_id: int
    row: int
    column: int
    value: Mapping[str, Any]
    #: What the cell held when it was read, as text.
    seen: str
    #: What other cells of the row held when it was read: {column: text}. The id, as a rule.
    witness: Mapping[str, str]
    #: Which agreement this write settles: tab kind, record, field, canonical value. Blank for a repair.
    kind: str = ""
    key: str = ""
    field: str = ""
    canonical: str = ""


@dataclass(frozen=True)
class Append:
    """A new row: its cells by column, and the agreement that it settles."""

    sheet_id: int
    cells: Mapping[str, Mapping[str, Any]]
    formats: Mapping[str, Mapping[str, Any]]
    kind: str
    key: str
    agreed: Mapping[str, str]


@dataclass(frozen=True)
class NewColumn:
    """A new column of a matrix: where, its header, the field it holds."""

    sheet_id: int
    column: int
    header_row: int
    header: str
    field: str


@dataclass
class Write:
    """One batch: what it writes and where the copies of what it covers go."""

    nonce: str
    scratch_id: int
    touches: list[Touch] = field(default_factory=list)
    appends: list[Append] = field(default_factory=list)
    new_columns: list[NewColumn] = field(default_factory=list)
    #: Where each column is copied: "sheet_id:column" to a column of the hidden tab.
    copies: dict[str, int] = field(default_factory=dict)
    #: Rows copied, by sheet.
    heights: dict[str, int] = field(default_factory=dict)
    id_columns: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the write as plain JSON values, to be kept until its outcome is known."""
        return asdict(self)

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> "Write":
        """Read back a write kept as JSON."""
        plain = dict(body)
        plain["touches"] = [Touch(**touch) for touch in body["touches"]]
        plain["appends"] = [Append(**append) for append in body["appends"]]
        plain["new_columns"] = [NewColumn(**column) for column in body["new_columns"]]
        return cls(**plain)


@dataclass(frozen=True)
class Repair:
    """Something a write covered by accident: the value to put back, and the row it belongs to."""

    sheet_id: int
    column: int
    #: Where it was covered, and the id that row carried.
    row: int
    id: str
    value: Mapping[str, Any]
    written: Mapping[str, Any]


@dataclass
class Outcome:
    """What a write really did."""

    landed: list[Touch] = field(default_factory=list)
    appended: list[Append] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    #: The copy is not this write's own: it did not happen, or not yet.
    unknown: bool = False
    #: The copy is not aligned with the tab (a filter hid rows): only a new read can tell.
    misaligned: bool = False


def lay_out(write: Write, tabs: Mapping[int, Tab]) -> None:
    """Give every column that the write touches or relies on its place in the hidden tab."""
    for touch in write.touches:
        tab = tabs[touch.sheet_id]
        write.heights[str(touch.sheet_id)] = min(tab.row_count, tab.last_row + MARGIN)
        for column in (touch.column, *map(int, touch.witness)):
            # Column 0 holds the nonce.
            write.copies.setdefault(f"{touch.sheet_id}:{column}", len(write.copies) + 1)


def requests(write: Write, scratch: Tab | None) -> list[dict[str, Any]]:
    """Return the requests of the batch, in order: room, copies, nonce, cells, new rows, new columns.

    `scratch` is the hidden tab as it is, None when somebody deleted it: it is then made again.
    """
    return [
        *_room(write, scratch),
        *_copies(write),
        _nonce(write),
        *_cells(write.touches),
        *(_append(append) for append in write.appends),
        *(request for column in _rightmost_first(write.new_columns) for request in _new_column(column)),
    ]


def scratch_tab(sheet_id: int, rows: int = 200, columns: int = 26) -> dict[str, Any]:
    """Return the request that makes the hidden tab of the pre-images."""
    grid = {"rowCount": rows, "columnCount": columns}
    properties = {"sheetId": sheet_id, "title": SCRATCH_TITLE, "hidden": True, "gridProperties": grid}
    return {"addSheet": {"properties": properties}}


def _room(write: Write, scratch: Tab | None) -> Iterable[dict[str, Any]]:
    rows = max((*write.heights.values(), 0)) + 1
    columns = len(write.copies) + 1
    if scratch is None:
        yield scratch_tab(write.scratch_id, rows, columns)
    elif rows > scratch.row_count or columns > scratch.column_count:
        grid = {"rowCount": max(rows, scratch.row_count), "columnCount": max(columns, scratch.column_count)}
        properties = {"sheetId": write.scratch_id, "gridProperties": grid}
        fields = "gridProperties(rowCount,columnCount)"
        yield {"updateSheetProperties": {"properties": properties, "fields": fields}}


def _copies(write: Write) -> Iterable[dict[str, Any]]:
    for place, target in write.copies.items():
        sheet_id, column = map(int, place.split(":"))
        height = write.heights[str(sheet_id)]
        yield {
            "copyPaste": {
                "source": _range(sheet_id, 0, height, column),
                "destination": _range(write.scratch_id, 1, height + 1, target),
                "pasteType": "PASTE_VALUES",
            }
        }


def _range(sheet_id: int, start_row: int, end_row: int, column: int) -> dict[str, int]:
    return {
        "sheetId": sheet_id,
        "startRowIndex": start_row,
        "endRowIndex": end_row,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }


def _nonce(write: Write) -> dict[str, Any]:
    start = {"sheetId": write.scratch_id, "rowIndex": 0, "columnIndex": 0}
    rows = [{"values": [{VALUE: {"stringValue": write.nonce}}]}]
    return {"updateCells": {"start": start, "rows": rows, "fields": VALUE}}


def _cells(touches: list[Touch]) -> Iterable[dict[str, Any]]:
    """Write each run of neighbouring cells of a column with one request."""
    run: list[Touch] = []
    for touch in sorted(touches, key=lambda t: (t.sheet_id, t.column, t.row)):
        if run and (touch.sheet_id, touch.column, touch.row) != (run[0].sheet_id, run[0].column, run[-1].row + 1):
            yield _run(run)
            run = []
        run.append(touch)
    if run:
        yield _run(run)


def _run(run: list[Touch]) -> dict[str, Any]:
    start = {"sheetId": run[0].sheet_id, "rowIndex": run[0].row, "columnIndex": run[0].column}
    rows = [{"values": [{VALUE: dict(touch.value)} if touch.value else {}]} for touch in run]
    return {"updateCells": {"start": start, "rows": rows, "fields": VALUE}}


def _append(append: Append) -> dict[str, Any]:
    width = max(map(int, append.cells)) + 1
    values: list[dict[str, Any]] = [{} for _ in range(width)]
    for column, value in append.cells.items():
        if value:
            values[int(column)] = {VALUE: dict(value)}
    for column, number_format in append.formats.items():
        values[int(column)]["userEnteredFormat"] = {"numberFormat": dict(number_format)}
    fields = f"{VALUE},userEnteredFormat.numberFormat" if append.formats else VALUE
    return {"appendCells": {"sheetId": append.sheet_id, "rows": [{"values": values}], "fields": fields}}


def _rightmost_first(columns: list[NewColumn]) -> list[NewColumn]:
    """Order insertions so that none moves the place of the next."""
    return sorted(reversed(columns), key=lambda column: -column.column)


def _new_column(column: NewColumn) -> Iterable[dict[str, Any]]:
    place = {"sheetId": column.sheet_id, "dimension": "COLUMNS", "startIndex": column.column}
    span = {**place, "endIndex": column.column + 1}
    yield {"insertDimension": {"range": span, "inheritFromBefore": column.column > 0}}
    start = {"sheetId": column.sheet_id, "rowIndex": column.header_row, "columnIndex": column.column}
    rows = [{"values": [{VALUE: {"stringValue": column.header}}]}]
    yield {"updateCells": {"start": start, "rows": rows, "fields": VALUE}}
    yield column_metadata(column.sheet_id, column.column, column.field)


def column_metadata(sheet_id: int, column: int, field_name: str) -> dict[str, Any]:
    """Return the request that marks a column with the field it holds, wherever it moves later."""
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    item = {
        "metadataKey": "passerelle",
        "metadataValue": field_name,
        "location": {"dimensionRange": span},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": item}}


def ranges(write: Write, titles: Mapping[int, str]) -> list[str]:
    """Return the A1 ranges to ask back: the hidden copy, then the id and touched columns of each tab."""
    height = max((*write.heights.values(), 0)) + 1
    asked = [f"'{titles.get(write.scratch_id, SCRATCH_TITLE)}'!A1:{address(len(write.copies), height - 1)}"]
    for sheet_id in sorted({touch.sheet_id for touch in write.touches}):
        title = titles[sheet_id].replace("'", "''")
        columns = {touch.column for touch in write.touches if touch.sheet_id == sheet_id}
        columns.add(write.id_columns[str(sheet_id)])
        last = write.heights[str(sheet_id)] - 1
        asked += [f"'{title}'!{address(column, 0)}:{address(column, last)}" for column in sorted(columns)]
    return asked


def verify(write: Write, tabs: Mapping[int, Tab], reply: bool) -> Outcome:
    """Tell from the hidden copy what the write really did.

    `tabs` is the book after it: in the reply of the very call (`reply`), or in a later read. The
    nonce says whether the copy is this write's own: without it the write did not happen, or not
    yet, and nothing is known of it.
    """
    scratch = tabs.get(write.scratch_id)
    if scratch is None or text_of(scratch.raw(0, 0)) != write.nonce:
        return Outcome(unknown=True)
    if not _reliable(write, tabs, reply):
        return Outcome(misaligned=True)
    outcome = Outcome(appended=list(write.appends))
    for touch in write.touches:
        held = _held(write, scratch, touch.sheet_id, touch.row, touch.column)
        moved = any(
            text_of(_held(write, scratch, touch.sheet_id, touch.row, int(column))) != text
            for column, text in touch.witness.items()
        )
        if not moved and text_of(held) in (touch.seen, text_of(touch.value)):
            outcome.landed.append(touch)
        elif text_of(held) != text_of(touch.value):
            outcome.repairs.append(_repair(write, scratch, touch, held))
    return outcome


def _reliable(write: Write, tabs: Mapping[int, Tab], reply: bool) -> bool:
    """Tell whether the copy is aligned with the tabs: with a filter in force it may have skipped rows.

    In the reply the copied ids must be the tab's own, row by row; in a later read rows may have
    moved since, so only the ids themselves are compared.
    """
    for place, target in write.copies.items():
        sheet_id, column = map(int, place.split(":"))
        if column != write.id_columns[str(sheet_id)]:
            continue
        ours = {touch.row for touch in write.touches if (touch.sheet_id, touch.column) == (sheet_id, column)}
        rows = [row for row in range(write.heights[str(sheet_id)]) if row not in ours]
        copied = [text_of(tabs[write.scratch_id].raw(row + 1, target)) for row in rows]
        if reply:
            if copied != [text_of(tabs[sheet_id].raw(row, column)) for row in rows]:
                return False
        elif sheet_id in tabs and rows and not _alike(copied, tabs[sheet_id], column):
            return False
    return True


def _alike(copied: list[str], tab: Tab, column: int) -> bool:
    """Tell whether most copied ids are still somewhere in the tab."""
    now = {text_of(tab.raw(row, column)) for row in range(tab.last_row)}
    ids = [text for text in copied if text]
    return 2 * sum(text in now for text in ids) >= len(ids)


def _held(write: Write, scratch: Tab, sheet_id: int, row: int, column: int) -> Mapping[str, Any]:
    return scratch.raw(row + 1, write.copies[f"{sheet_id}:{column}"])


def _repair(write: Write, scratch: Tab, touch: Touch, held: Mapping[str, Any]) -> Repair:
    id_column = write.id_columns[str(touch.sheet_id)]
    carried = ""
    if f"{touch.sheet_id}:{id_column}" in write.copies:
        carried = text_of(_held(write, scratch, touch.sheet_id, touch.row, id_column))
    return Repair(touch.sheet_id, touch.column, touch.row, carried, held, touch.value)


def put_back(repairs: list[Repair], tabs: Mapping[int, Tab], id_columns: Mapping[str, int]) -> list[Touch]:
    """Return the cells that put right what a write covered, wherever their rows are now.

    A cell is left alone when it no longer holds what we wrote: somebody has typed there since.
    """
    touches = []
    for repair in repairs:
        tab, id_column = tabs[repair.sheet_id], id_columns[str(repair.sheet_id)]
        row = _row_now(repair, tab, id_column)
        if row is None or text_of(tab.raw(row, repair.column)) != text_of(repair.written):
            continue
        witness = {} if repair.column == id_column else {str(id_column): text_of(tab.raw(row, id_column))}
        seen = text_of(tab.raw(row, repair.column))
        touches.append(Touch(repair.sheet_id, row, repair.column, repair.value, seen, witness))
    return touches


def _row_now(repair: Repair, tab: Tab, id_column: int) -> int | None:
    if repair.column == id_column:
        # Our id landed on this row: it is where that id now stands.
        carried = text_of(repair.written)
    else:
        carried = repair.id
    if not carried:
        return repair.row
    found = [row for row in range(tab.last_row) if text_of(tab.raw(row, id_column)) == carried]
    return found[0] if len(found) == 1 else (repair.row if repair.row in found else None)
