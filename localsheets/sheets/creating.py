"""spreadsheets.create: a book made from its description."""

from typing import Any

from localsheets.books.defaults import new_properties
from localsheets.books.model import Book
from localsheets.errors import missing
from localsheets.requests.cells import write_grid_data
from localsheets.requests.dimensions import check_size
from localsheets.requests.kinds import KINDS
from localsheets.requests.sheets import new_sheet
from localsheets.sheets.answers import spreadsheet
from localsheets.sheets.call import Call

Json = dict[str, Any]
# What a description may repeat of an answer, without effect: Google decides on it.
READ_ONLY = {"spreadsheetId", "spreadsheetUrl", "commentsViewMode"}
BOOK = {"properties", "sheets", "namedRanges", "developerMetadata"} | READ_ONLY
# Each list that a tab is described with, and the request that adds one of its items under a name.
LISTS = {
    "merges": ("mergeCells", "range"),
    "protectedRanges": ("addProtectedRange", "protectedRange"),
    "filterViews": ("addFilterView", "filter"),
    "bandedRanges": ("addBanding", "bandedRange"),
    "developerMetadata": ("createDeveloperMetadata", "developerMetadata"),
    "charts": ("addChart", "chart"),
    "slicers": ("addSlicer", "slicer"),
    "tables": ("addTable", "table"),
}
GROUPS = ("rowGroups", "columnGroups")
SHEET = {"properties", "data", "basicFilter", "conditionalFormats", *GROUPS, *LISTS}


def create(call: Call) -> Json:
    """Create a book with its properties, tabs, data, names and all that tabs carry."""
    body = call.body
    if unknown := body.keys() - BOOK:
        raise missing(f"creating a spreadsheet with {', '.join(sorted(unknown))}")
    draft = Book("", new_properties(body.get("properties") or {}), {"owner": call.actor})
    draft.actor = call.actor
    described = body.get("sheets") or []
    for index, given in enumerate(described):
        _add_sheet(draft, given, index)
    for named in body.get("namedRanges") or []:
        KINDS["addNamedRange"](draft, {"namedRange": named})
    for entry in body.get("developerMetadata") or []:
        _run(draft, "createDeveloperMetadata", {"developerMetadata": {"location": {"spreadsheet": True}} | entry})
    for sheet, given in zip(draft.in_order(), described, strict=True):
        _describe(draft, sheet.sheet_id, given)
    book = call.shelf.create(call.actor, draft, body)
    return spreadsheet(book, call.mask(), [], grid_data=False, actor=call.actor)


def _add_sheet(draft: Book, given: Json, index: int) -> None:
    if unknown := given.keys() - SHEET:
        raise missing(f"creating a sheet with {', '.join(sorted(unknown))}")
    wanted = dict(given.get("properties") or {})
    if index == 0 and "sheetId" not in wanted:
        wanted["sheetId"] = 0
    sheet = new_sheet(draft, wanted)
    draft.add(sheet)
    write_grid_data(draft, sheet, given.get("data") or [])
    check_size(draft, sheet)


def _describe(draft: Book, sheet_id: int, given: Json) -> None:
    for name, (kind, field) in LISTS.items():
        for value in given.get(name) or []:
            _run(draft, kind, {field: _on_sheet(name, value, sheet_id)})
    for index, rule in enumerate(given.get("conditionalFormats") or []):
        ranges = [{"sheetId": sheet_id} | area for area in rule.get("ranges") or []]
        _run(draft, "addConditionalFormatRule", {"rule": rule | {"ranges": ranges}, "index": index})
    if "basicFilter" in given:
        _run(draft, "setBasicFilter", {"filter": _on_sheet("basicFilter", given["basicFilter"], sheet_id)})
    for name in GROUPS:
        for group in given.get(name) or []:
            _add_group(draft, group, sheet_id)


def _add_group(draft: Book, group: Json, sheet_id: int) -> None:
    span = {"sheetId": sheet_id} | (group.get("range") or {})
    _run(draft, "addDimensionGroup", {"range": span})
    if group.get("collapsed"):
        wanted = group | {"range": span}
        _run(draft, "updateDimensionGroup", {"dimensionGroup": wanted, "fields": "collapsed"})


def _run(draft: Book, kind: str, given: Json) -> None:
    if kind not in KINDS:
        raise missing(f"creating a sheet with what {kind} adds")
    KINDS[kind](draft, given)


def _on_sheet(name: str, given: Json, sheet_id: int) -> Json:
    """Say on which tab a description is, where it leaves it out."""
    if name == "merges":
        return {"sheetId": sheet_id} | given
    if name == "developerMetadata":
        return {"location": {"sheetId": sheet_id}} | given
    return given | {"range": {"sheetId": sheet_id} | (given.get("range") or {})}
