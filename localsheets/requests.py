"""The kinds of batchUpdate requests, and how a batch is carried out."""

from collections.abc import Callable
from typing import Any

from localsheets import (
    requests_cells,
    requests_dimensions,
    requests_metadata,
    requests_moving,
    requests_notes,
    requests_sheets,
)
from localsheets.errors import ApiError, invalid, missing
from localsheets.model import Book

Json = dict[str, Any]
KINDS: dict[str, Callable[[Book, Json], Json]] = {
    "updateCells": requests_cells.update_cells,
    "appendCells": requests_cells.append_cells,
    "repeatCell": requests_cells.repeat_cell,
    "setDataValidation": requests_cells.set_data_validation,
    "updateBorders": requests_cells.update_borders,
    "copyPaste": requests_moving.copy_paste,
    "cutPaste": requests_moving.cut_paste,
    "sortRange": requests_moving.sort_range,
    "findReplace": requests_moving.find_replace,
    "insertDimension": requests_dimensions.insert_dimension,
    "deleteDimension": requests_dimensions.delete_dimension,
    "appendDimension": requests_dimensions.append_dimension,
    "moveDimension": requests_dimensions.move_dimension,
    "updateDimensionProperties": requests_dimensions.update_dimension_properties,
    "autoResizeDimensions": requests_dimensions.auto_resize_dimensions,
    "addSheet": requests_sheets.add_sheet,
    "deleteSheet": requests_sheets.delete_sheet,
    "duplicateSheet": requests_sheets.duplicate_sheet,
    "updateSheetProperties": requests_sheets.update_sheet_properties,
    "updateSpreadsheetProperties": requests_sheets.update_spreadsheet_properties,
    "addProtectedRange": requests_notes.add_protected_range,
    "updateProtectedRange": requests_notes.update_protected_range,
    "deleteProtectedRange": requests_notes.delete_protected_range,
    "setBasicFilter": requests_notes.set_basic_filter,
    "clearBasicFilter": requests_notes.clear_basic_filter,
    "mergeCells": requests_notes.merge_cells,
    "unmergeCells": requests_notes.unmerge_cells,
    "addConditionalFormatRule": requests_notes.add_conditional_format_rule,
    "addNamedRange": requests_notes.add_named_range,
    "deleteNamedRange": requests_notes.delete_named_range,
    "addDimensionGroup": requests_notes.add_dimension_group,
    "deleteDimensionGroup": requests_notes.delete_dimension_group,
    "createDeveloperMetadata": requests_metadata.create_developer_metadata,
    "updateDeveloperMetadata": requests_metadata.update_developer_metadata,
    "deleteDeveloperMetadata": requests_metadata.delete_developer_metadata,
}
ANSWERING = (
    "addSheet",
    "duplicateSheet",
    "addProtectedRange",
    "addNamedRange",
    "addDimensionGroup",
    "deleteDimensionGroup",
    "createDeveloperMetadata",
    "updateDeveloperMetadata",
    "deleteDeveloperMetadata",
    "findReplace",
)


def run(book: Book, requests: list[Json]) -> list[Json]:
    """Carry out a batch on a fork of a book, in order, and return the replies.

    Raises at the first request that cannot be carried out; the caller then drops the fork.
    """
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_run_one(book, index, request) for index, request in enumerate(requests)]


def _run_one(book: Book, index: int, request: Json) -> Json:
    if not isinstance(request, dict) or len(request) != 1:
        raise invalid(f"Invalid requests[{index}]: exactly one kind of request must be set.")
    (kind, given), *_ = request.items()
    if kind not in KINDS:
        raise missing(f"the batchUpdate request {kind}")
    try:
        reply = KINDS[kind](book, given or {})
    except ApiError as refused:
        if refused.code == 400:
            refused.message = f"Invalid requests[{index}].{kind}: {refused.message}"
        raise
    return {kind: reply} if kind in ANSWERING else {}


def run_created(book: Book, described: Json) -> None:
    """Attach to a book being created what its description says of names, metadata and tabs."""
    for named in described.get("namedRanges") or []:
        KINDS["addNamedRange"](book, {"namedRange": named})
    for entry in described.get("developerMetadata") or []:
        KINDS["createDeveloperMetadata"](book, {"developerMetadata": entry})
    for sheet, given in zip(book.in_order(), described.get("sheets") or [], strict=False):
        if unknown := given.keys() - CREATED.keys() - {"properties", "data", "basicFilter"}:
            raise missing(f"creating a sheet with {', '.join(sorted(unknown))}")
        for name, (kind, field) in CREATED.items():
            for value in given.get(name) or []:
                KINDS[kind](book, {field: _on_sheet(value, sheet.sheet_id)})
        if "basicFilter" in given:
            KINDS["setBasicFilter"](book, {"filter": _on_sheet(given["basicFilter"], sheet.sheet_id)})


CREATED = {
    "merges": ("mergeCells", "range"),
    "protectedRanges": ("addProtectedRange", "protectedRange"),
    "conditionalFormats": ("addConditionalFormatRule", "rule"),
    "developerMetadata": ("createDeveloperMetadata", "developerMetadata"),
}


def _on_sheet(given: Json, sheet_id: int) -> Json:
    """Say on which tab a description is, where it leaves it out."""
    if "startRowIndex" in given or "endRowIndex" in given:
        return {"sheetId": sheet_id} | given
    if "range" in given:
        return given | {"range": {"sheetId": sheet_id} | given["range"]}
    if "location" in given:
        return given
    return given
