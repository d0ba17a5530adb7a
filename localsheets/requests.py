"""The kinds of batchUpdate requests, and how a batch is carried out."""

from collections.abc import Callable
from typing import Any

from localsheets import (
    requests_borders,
    requests_cells,
    requests_cleaning,
    requests_copying,
    requests_dimensions,
    requests_filling,
    requests_filters,
    requests_formats,
    requests_groups,
    requests_metadata,
    requests_moving,
    requests_names,
    requests_protections,
    requests_replacing,
    requests_sheets,
    requests_shifting,
)
from localsheets.errors import ApiError, invalid, invalid_field, missing
from localsheets.model import Book

Json = dict[str, Any]
KINDS: dict[str, Callable[[Book, Json], Json]] = {
    "addBanding": requests_formats.add_banding,
    "addConditionalFormatRule": requests_formats.add_conditional_format_rule,
    "addDimensionGroup": requests_groups.add_dimension_group,
    "addFilterView": requests_filters.add_filter_view,
    "addNamedRange": requests_names.add_named_range,
    "addProtectedRange": requests_protections.add_protected_range,
    "addSheet": requests_sheets.add_sheet,
    "appendCells": requests_cells.append_cells,
    "appendDimension": requests_dimensions.append_dimension,
    "autoFill": requests_filling.auto_fill,
    "autoResizeDimensions": requests_dimensions.auto_resize_dimensions,
    "clearBasicFilter": requests_filters.clear_basic_filter,
    "copyPaste": requests_copying.copy_paste,
    "createDeveloperMetadata": requests_metadata.create_developer_metadata,
    "cutPaste": requests_copying.cut_paste,
    "deleteBanding": requests_formats.delete_banding,
    "deleteConditionalFormatRule": requests_formats.delete_conditional_format_rule,
    "deleteDeveloperMetadata": requests_metadata.delete_developer_metadata,
    "deleteDimension": requests_dimensions.delete_dimension,
    "deleteDimensionGroup": requests_groups.delete_dimension_group,
    "deleteDuplicates": requests_cleaning.delete_duplicates,
    "deleteFilterView": requests_filters.delete_filter_view,
    "deleteNamedRange": requests_names.delete_named_range,
    "deleteProtectedRange": requests_protections.delete_protected_range,
    "deleteRange": requests_shifting.delete_range,
    "deleteSheet": requests_sheets.delete_sheet,
    "duplicateFilterView": requests_filters.duplicate_filter_view,
    "duplicateSheet": requests_sheets.duplicate_sheet,
    "findReplace": requests_replacing.find_replace,
    "insertDimension": requests_dimensions.insert_dimension,
    "insertRange": requests_shifting.insert_range,
    "mergeCells": requests_names.merge_cells,
    "moveDimension": requests_dimensions.move_dimension,
    "pasteData": requests_cleaning.paste_data,
    "randomizeRange": requests_moving.randomize_range,
    "repeatCell": requests_cells.repeat_cell,
    "setBasicFilter": requests_filters.set_basic_filter,
    "setDataValidation": requests_cells.set_data_validation,
    "sortRange": requests_moving.sort_range,
    "textToColumns": requests_cleaning.text_to_columns,
    "trimWhitespace": requests_cleaning.trim_whitespace,
    "unmergeCells": requests_names.unmerge_cells,
    "updateBanding": requests_formats.update_banding,
    "updateBorders": requests_borders.update_borders,
    "updateCells": requests_cells.update_cells,
    "updateConditionalFormatRule": requests_formats.update_conditional_format_rule,
    "updateDeveloperMetadata": requests_metadata.update_developer_metadata,
    "updateDimensionGroup": requests_groups.update_dimension_group,
    "updateDimensionProperties": requests_dimensions.update_dimension_properties,
    "updateFilterView": requests_filters.update_filter_view,
    "updateNamedRange": requests_names.update_named_range,
    "updateProtectedRange": requests_protections.update_protected_range,
    "updateSheetProperties": requests_sheets.update_sheet_properties,
    "updateSpreadsheetProperties": requests_sheets.update_spreadsheet_properties,
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
