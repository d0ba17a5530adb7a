"""The few things that binding writes in a spreadsheet that staff made, and how they are taken away again.

Marks on columns, which nobody sees; a column of ids after the last one used; the hidden tab of the
pre-images. Values, formats and formulas of the staff are never among them. Pure: builds requests.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync.answers import Cell, Value
from sync.cells import Tab
from sync.guard import column_metadata, forget_writes, scratch_tab
from sync.layout import ID, ID_HEADER, METADATA_KEY

Request = dict[str, Any]
PROTECTION = "Identifiants de Passerelle"
TEXT_FORMAT = {"type": "TEXT", "pattern": "@"}


#: The filters of a tab as Google lists them: the basic one, and the named views, which have an id.
Filters = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Mark:
    """A mark found on a column: where it stands, and its own number."""

    column: int
    number: int


@dataclass(frozen=True)
class Target:
    """One tab to bind: where its headers are, which column holds what, and where its ids go."""

    sheet_id: int
    kind: str
    title: str
    header_row: int
    header_lines: int
    #: {field: (column, the header of staff above it)}.
    columns: Mapping[str, tuple[int, str]]
    id_column: int
    #: Whether the column of ids is ours to add; else an earlier binding left it.
    id_added: bool
    #: What the sync has to know of the tab besides: order of names, half-days left out, spellings.
    more: Mapping[str, Any]

    @property
    def mapping(self) -> dict[str, Any]:
        """Return what the store keeps of it."""
        headers = {name: header for name, (_, header) in self.columns.items()}
        lines = {"header_lines": self.header_lines} if self.header_lines > 1 else {}
        return {"headers": headers, "id_added": self.id_added, **lines, **self.more}


def dressed(tab: Tab, target: Target) -> Tab:
    """Return a tab as it will be once it is bound."""
    grid = [list(row) for row in tab.grid]
    grid += [[] for _ in range(target.header_row + 1 - len(grid))]
    row = grid[target.header_row]
    row += [Cell()] * (target.id_column + 1 - len(row))
    header = Value(stringValue=ID_HEADER)
    row[target.id_column] = Cell(header, header)
    marks = {column: name for name, (column, _) in target.columns.items()} | {target.id_column: ID}
    width = max(tab.column_count, target.id_column + 1)
    return replace(tab, grid=grid, metadata=marks, column_count=width, header_row=-1, columns={}, trouble="")


def placed(tab: Tab | None, target: Target) -> bool:
    """Tell whether a tab carries the marks of its binding, each under the header that it had."""
    if tab is None:
        return False
    found = {name: column for column, name in tab.metadata.items()}
    if found.keys() != {*target.columns, ID}:
        return False
    seen = replace(tab, header_row=target.header_row, header_lines=target.header_lines)
    right = all(seen.header(found[name]) == header for name, (_, header) in target.columns.items())
    return right and tab.text(target.header_row, found[ID]) == ID_HEADER


# -- binding ------------------------------------------------------------------------------------


def binding(targets: Sequence[Target], tabs: Mapping[int, Tab], scratch_id: int, filters: Filters) -> list[Request]:
    """Return the requests that mark every tab, in one batch."""
    asked = [] if scratch_id in tabs else [scratch_tab(scratch_id)]
    for target in targets:
        tab = tabs[target.sheet_id]
        if tab.metadata:
            asked.append(_forget(target.sheet_id))
        if target.id_added and ID not in tab.metadata.values():
            asked += _ids(target, tab)
            asked += _widened(target, filters)
        marks = {column: name for name, (column, _) in target.columns.items()} | {target.id_column: ID}
        asked += [column_metadata(target.sheet_id, column, name) for column, name in sorted(marks.items())]
    return asked


def _ids(target: Target, tab: Tab) -> Iterable[Request]:
    """Add the column of ids: always inserted, so that it covers nothing that somebody puts there meanwhile."""
    start = target.id_column
    area = {"sheetId": target.sheet_id, "startColumnIndex": start, "endColumnIndex": start + 1}
    if start >= tab.column_count:
        yield {"appendDimension": {"sheetId": target.sheet_id, "dimension": "COLUMNS", "length": 1}}
    span = {"sheetId": target.sheet_id, "dimension": "COLUMNS", "startIndex": start, "endIndex": start + 1}
    yield {"insertDimension": {"range": span, "inheritFromBefore": False}}
    yield {
        "updateCells": {
            "start": {"sheetId": target.sheet_id, "rowIndex": target.header_row, "columnIndex": start},
            "rows": [{"values": [{"userEnteredValue": {"stringValue": ID_HEADER}}]}],
            "fields": "userEnteredValue",
        }
    }
    yield {
        "repeatCell": {
            "range": {**area, "startRowIndex": target.header_row + 1},
            "cell": {"userEnteredFormat": {"numberFormat": TEXT_FORMAT}},
            "fields": "userEnteredFormat.numberFormat",
        }
    }
    yield {"addProtectedRange": {"protectedRange": {"range": area, "description": PROTECTION, "warningOnly": True}}}


def _widened(target: Target, filters: Filters) -> Iterable[Request]:
    """Stretch the filters that end where the ids begin: sorted by them, each row keeps its id."""
    for view in filters:
        area = view.get("range", {})
        if (area.get("sheetId", 0), area.get("endColumnIndex")) != (target.sheet_id, target.id_column):
            continue
        wider = {**area, "endColumnIndex": target.id_column + 1}
        if "filterViewId" in view:
            filter_view = {"filterViewId": view["filterViewId"], "range": wider}
            yield {"updateFilterView": {"filter": filter_view, "fields": "range"}}
        else:
            # Its order of sorting is left out: it would sort the rows of the staff again, here and now.
            kept = {name: view[name] for name in ("filterSpecs",) if name in view}
            yield {"setBasicFilter": {"filter": {"range": wider, **kept}}}


# -- taking away --------------------------------------------------------------------------------


def unbinding(
    sheets: Mapping[int, bool], marks: Mapping[int, Mapping[str, Mark]], scratch_id: int | None
) -> list[Request]:
    """Return the requests that take the marks of some tabs away; {sheetId: whether the ids go too}.

    `marks` are those found now, {sheetId: {field: mark}}. The column of ids is deleted only if the mark
    of the ids still stands on that very column when the batch arrives: else the whole batch is refused,
    since its number would then be taken twice.
    """
    asked: list[Request] = []
    for sheet_id, with_ids in sheets.items():
        mark = marks.get(sheet_id, {}).get(ID)
        if with_ids and mark:
            asked += _without_ids(sheet_id, mark)
        if marks.get(sheet_id):
            asked.append(_forget(sheet_id))
    if scratch_id is not None:
        asked += [{"deleteSheet": {"sheetId": scratch_id}}, forget_writes()]
    return asked


def _without_ids(sheet_id: int, mark: Mark) -> Iterable[Request]:
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": mark.column, "endIndex": mark.column + 1}
    lookup = {
        "metadataId": mark.number,
        "metadataLocation": {"dimensionRange": span},
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    yield {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
    token = {"metadataId": mark.number, "metadataKey": METADATA_KEY, "metadataValue": "undone"}
    where = {"location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    yield {"createDeveloperMetadata": {"developerMetadata": token | where}}
    yield {"deleteDimension": {"range": span}}
    number = {"developerMetadataLookup": {"metadataId": mark.number}}
    yield {"deleteDeveloperMetadata": {"dataFilter": number}}


def _forget(sheet_id: int) -> Request:
    """Delete every mark of ours in a tab, whichever column it stands on now."""
    lookup = {
        "metadataKey": METADATA_KEY,
        "locationType": "COLUMN",
        "metadataLocation": {"sheetId": sheet_id},
        "locationMatchingStrategy": "INTERSECTING_LOCATION",
    }
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
