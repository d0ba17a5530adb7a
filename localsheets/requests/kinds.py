"""The kinds of batchUpdate requests, and how a batch is carried out."""

from collections.abc import Callable
from typing import Any

from localsheets.books.model import Book
from localsheets.errors import ApiError, invalid, invalid_field, missing
from localsheets.requests import (
    borders,
    cells,
    cleaning,
    copying,
    dimensions,
    filling,
    filters,
    formats,
    groups,
    metadata,
    moving,
    names,
    protections,
    replacing,
    sheets,
    shifting,
)

Json = dict[str, Any]
KINDS: dict[str, Callable[[Book, Json], Json]] = {
    "addBanding": formats.add_banding,
    "addConditionalFormatRule": formats.add_conditional_format_rule,
    "addDimensionGroup": groups.add_dimension_group,
    "addFilterView": filters.add_filter_view,
    "addNamedRange": names.add_named_range,
    "addProtectedRange": protections.add_protected_range,
    "addSheet": sheets.add_sheet,
    "appendCells": cells.append_cells,
    "appendDimension": dimensions.append_dimension,
    "autoFill": filling.auto_fill,
    "autoResizeDimensions": dimensions.auto_resize_dimensions,
    "clearBasicFilter": filters.clear_basic_filter,
    "copyPaste": copying.copy_paste,
    "createDeveloperMetadata": metadata.create_developer_metadata,
    "cutPaste": copying.cut_paste,
    "deleteBanding": formats.delete_banding,
    "deleteConditionalFormatRule": formats.delete_conditional_format_rule,
    "deleteDeveloperMetadata": metadata.delete_developer_metadata,
    "deleteDimension": dimensions.delete_dimension,
    "deleteDimensionGroup": groups.delete_dimension_group,
    "deleteDuplicates": cleaning.delete_duplicates,
    "deleteFilterView": filters.delete_filter_view,
    "deleteNamedRange": names.delete_named_range,
    "deleteProtectedRange": protections.delete_protected_range,
    "deleteRange": shifting.delete_range,
    "deleteSheet": sheets.delete_sheet,
    "duplicateFilterView": filters.duplicate_filter_view,
    "duplicateSheet": sheets.duplicate_sheet,
    "findReplace": replacing.find_replace,
    "insertDimension": dimensions.insert_dimension,
    "insertRange": shifting.insert_range,
    "mergeCells": names.merge_cells,
    "moveDimension": dimensions.move_dimension,
    "pasteData": cleaning.paste_data,
    "randomizeRange": moving.randomize_range,
    "repeatCell": cells.repeat_cell,
    "setBasicFilter": filters.set_basic_filter,
    "setDataValidation": cells.set_data_validation,
    "sortRange": moving.sort_range,
    "textToColumns": cleaning.text_to_columns,
    "trimWhitespace": cleaning.trim_whitespace,
    "unmergeCells": names.unmerge_cells,
    "updateBanding": formats.update_banding,
    "updateBorders": borders.update_borders,
    "updateCells": cells.update_cells,
    "updateConditionalFormatRule": formats.update_conditional_format_rule,
    "updateDeveloperMetadata": metadata.update_developer_metadata,
    "updateDimensionGroup": groups.update_dimension_group,
    "updateDimensionProperties": dimensions.update_dimension_properties,
    "updateFilterView": filters.update_filter_view,
    "updateNamedRange": names.update_named_range,
    "updateProtectedRange": protections.update_protected_range,
    "updateSheetProperties": sheets.update_sheet_properties,
    "updateSpreadsheetProperties": sheets.update_spreadsheet_properties,
}
ANSWERING = (
    "addBanding",
    "addDimensionGroup",
    "addFilterView",
    "addNamedRange",
    "addProtectedRange",
    "addSheet",
    "createDeveloperMetadata",
    "deleteConditionalFormatRule",
    "deleteDeveloperMetadata",
    "deleteDimensionGroup",
    "deleteDuplicates",
    "duplicateFilterView",
    "duplicateSheet",
    "findReplace",
    "trimWhitespace",
    "updateConditionalFormatRule",
    "updateDeveloperMetadata",
)


def run(book: Book, requests: list[Json]) -> list[Json]:
    """Carry out a batch on a fork of a book, in order, and return the replies.

    Raises at the first request that cannot be carried out; the caller then drops the fork.
    """
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_run_one(book, index, request) for index, request in enumerate(requests)]


def _run_one(book: Book, index: int, request: Json) -> Json:
    kinds = [kind for kind, given in request.items() if given is not None]
    if not kinds:
        raise invalid(f"Invalid requests[{index}]: No request set.")
    if len(kinds) > 1:
        place, text = f"requests[{index}]", f"oneof field 'kind' is already set. Cannot set '{kinds[1]}'"
        raise invalid_field(place, f"Invalid value at '{place}' (oneof), {text}")
    kind = kinds[0]
    if kind not in KINDS:
        raise missing(f"the batchUpdate request {kind}")
    try:
        reply = KINDS[kind](book, request[kind])
    except ApiError as refused:
        if refused.code == 400:
            refused.message = f"Invalid requests[{index}].{kind}: {refused.message}"
        raise
    return {kind: reply} if kind in ANSWERING else {}
