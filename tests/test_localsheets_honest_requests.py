"""No field of a request is taken and forgotten: it shows, or it is refused."""

import copy
import json
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from localsheets.books.defaults import new_properties
from localsheets.books.model import Book, Sheet
from localsheets.errors import ApiError
from localsheets.requests.kinds import KINDS, run
from localsheets.schema.messages import schema
from localsheets.sheets.answers import spreadsheet
from tests.honesty import variants
from tests.localsheets_client import area, cells, lines

Json = dict[str, Any]
OWNER = "ada@example.org"
RED, BLUE = {"red": 1}, {"blue": 1}
RULE = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "3"}]}}
RICH = {
    "userEnteredValue": {"formulaValue": '="a."&1'},
    "userEnteredFormat": {"textFormat": {"italic": True}, "borders": {"top": {"style": "SOLID"}}},
    "dataValidation": RULE,
}
BOLD = {"format": {"textFormat": {"bold": True}}, "condition": {"type": "NOT_BLANK"}}
ROWS = [
    cells("Nom", "Note", "Rang", None),
    cells("Ada", 15, 1, " deux  mots ", " e "),
    cells("Grace", 12, 2, "a, b;c "),
    cells("ada", 9, 3, "x;y z"),
    cells("Ada", 15, 1, "xA.y"),
]
KEY = {"metadataId": 5, "metadataKey": "clé", "metadataValue": "v", "visibility": "DOCUMENT"}
STAGE: list[Json] = [
    {"updateCells": {"start": {"sheetId": 0}, "rows": ROWS, "fields": "userEnteredValue"}},
    {
        "updateCells": {
            "start": {"sheetId": 7},
            "rows": [cells("Note"), cells(1), cells(2)],
            "fields": "userEnteredValue",
        }
    },
    {"updateCells": {"start": {"sheetId": 0, "columnIndex": 6}, "rows": [cells(1)], "fields": "userEnteredValue"}},
    {
        "updateCells": {
            "start": {"sheetId": 0, "rowIndex": 28},
            "rows": [{"values": [RICH, *cells(5, 6, 7)["values"]]}],
            "fields": "*",
        }
    },
    {"mergeCells": {"range": area(17, 8, 19, 10)}},
    {"setBasicFilter": {"filter": {"range": area(0, 0, 3, 1, 7), "criteria": {"0": {"hiddenValues": ["2"]}}}}},
    {"addNamedRange": {"namedRange": {"namedRangeId": "n1", "name": "noms", "range": area(0, 0, 3, 1)}}},
    {"addProtectedRange": {"protectedRange": {"protectedRangeId": 3, "range": area(9, 0, 10, 2)}}},
    {"addFilterView": {"filter": {"filterViewId": 4, "title": "vue", "range": area(0, 0, 5, 3)}}},
    {"addConditionalFormatRule": {"rule": {"ranges": [area(0, 0, 2, 2)], "booleanRule": BOLD}}},
    {"addConditionalFormatRule": {"rule": {"ranges": [area(0, 0, 9, 9), area(28, 0, 29, 1)], "booleanRule": BOLD}}},
    {"createDeveloperMetadata": {"developerMetadata": KEY | {"location": {"sheetId": 0}}}},
    {"addDimensionGroup": {"range": lines("ROWS", 5, 8)}},
    {
        "addBanding": {
            "bandedRange": {
                "bandedRangeId": 6,
                "range": area(12, 0, 16, 2),
                "rowProperties": {"firstBandColor": RED, "secondBandColor": BLUE},
            }
        }
    },
]
BASES: dict[str, Json] = {
    "addBanding": {
        "bandedRange": {"range": area(20, 0, 24, 4), "rowProperties": {"firstBandColor": RED, "secondBandColor": BLUE}}
    },
    "addConditionalFormatRule": {"rule": {"ranges": [area(0, 0, 2, 2)], "booleanRule": BOLD}},
    "addDimensionGroup": {"range": lines("ROWS", 1, 2)},
    "addFilterView": {"filter": {"range": area(0, 0, 5, 3)}},
    "addNamedRange": {"namedRange": {"name": "notes", "range": area(0, 1, 3, 2)}},
    "addProtectedRange": {"protectedRange": {"range": area(0, 0, 2, 2)}},
    "addSheet": {"properties": {"title": "Ajout"}},
    "appendCells": {"sheetId": 0, "rows": [cells("fin", 1)], "fields": "*"},
    "appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 2},
    "autoFill": {"range": area(0, 6, 6, 7)},
    "autoResizeDimensions": {"dimensions": lines("COLUMNS", 0, 1)},
    "clearBasicFilter": {"sheetId": 7},
    "copyPaste": {"source": area(28, 0, 29, 2), "destination": area(25, 0, 26, 2)},
    "createDeveloperMetadata": {
        "developerMetadata": {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}
    },
    "cutPaste": {"source": area(28, 0, 29, 2), "destination": {"sheetId": 0, "rowIndex": 25}},
    "deleteBanding": {"bandedRangeId": 6},
    "deleteConditionalFormatRule": {"sheetId": 0, "index": 0},
    "deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 5}}},
    "deleteDimension": {"range": lines("ROWS", 0, 1)},
    "deleteDimensionGroup": {"range": lines("ROWS", 5, 8)},
    "deleteDuplicates": {"range": area(1, 0, 5, 3)},
    "deleteFilterView": {"filterId": 4},
    "deleteNamedRange": {"namedRangeId": "n1"},
    "deleteProtectedRange": {"protectedRangeId": 3},
    "deleteRange": {"range": area(1, 0, 2, 1), "shiftDimension": "ROWS"},
    "deleteSheet": {"sheetId": 8},
    "duplicateFilterView": {"filterId": 4},
    "duplicateSheet": {"sourceSheetId": 0, "newSheetName": "Double"},
    "findReplace": {"find": "a.", "replacement": "X", "sheetId": 0},
    "insertDimension": {"range": lines("ROWS", 29, 30)},
    "insertRange": {"range": area(1, 0, 2, 1), "shiftDimension": "ROWS"},
    "mergeCells": {"range": area(20, 0, 23, 2)},
    "moveDimension": {"source": lines("ROWS", 1, 2), "destinationIndex": 4},
    "pasteData": {"coordinate": {"sheetId": 0, "rowIndex": 25}, "data": "1;2", "delimiter": ";"},
    "randomizeRange": {"range": area(1, 0, 5, 3)},
    "repeatCell": {"range": area(0, 0, 1, 1), "cell": {"userEnteredValue": {"stringValue": "x"}}, "fields": "*"},
    "setBasicFilter": {"filter": {"range": area(0, 0, 5, 3)}},
    "setDataValidation": {"range": area(1, 0, 3, 1, 7), "rule": RULE},
    "sortRange": {"range": area(1, 0, 5, 3), "sortSpecs": [{"dimensionIndex": 1}]},
    "textToColumns": {"source": area(2, 3, 3, 4), "delimiterType": "SEMICOLON"},
    "trimWhitespace": {"range": area(1, 3, 2, 4)},
    "unmergeCells": {"range": area(17, 8, 19, 10)},
    "updateBanding": {
        "bandedRange": {
            "bandedRangeId": 6,
            "range": area(12, 0, 16, 2),
            "rowProperties": {"firstBandColor": RED, "secondBandColor": BLUE},
        },
        "fields": "*",
    },
    "updateBorders": {"range": area(20, 0, 22, 2), "top": {"style": "SOLID"}},
    "updateCells": {"range": area(0, 0, 1, 1), "rows": [cells("x")], "fields": "*"},
    "updateConditionalFormatRule": {"index": 0, "rule": {"ranges": [area(0, 0, 2, 2)], "booleanRule": BOLD}},
    "updateDeveloperMetadata": {
        "dataFilters": [{"developerMetadataLookup": {"metadataId": 5}}],
        "developerMetadata": {"metadataKey": "k"},
        "fields": "*",
    },
    "updateDimensionGroup": {
        "dimensionGroup": {"range": lines("ROWS", 5, 8), "depth": 1},
        "fields": "*",
    },
    "updateDimensionProperties": {"range": lines("ROWS", 1, 2), "properties": {"pixelSize": 40}, "fields": "*"},
    "updateFilterView": {"filter": {"filterViewId": 4, "title": "autre", "range": area(0, 0, 5, 3)}, "fields": "*"},
    "updateNamedRange": {
        "namedRange": {"namedRangeId": "n1", "name": "notes", "range": area(0, 1, 3, 2)},
        "fields": "*",
    },
    "updateProtectedRange": {
        "protectedRange": {"protectedRangeId": 3, "range": area(9, 0, 10, 2)},
        "fields": "*",
    },
    "updateSheetProperties": {
        "properties": {
            "sheetId": 0,
            "title": "Feuille",
            "gridProperties": {"rowCount": 30, "columnCount": 10, "rowGroupControlAfter": False},
        },
        "fields": "*",
    },
    "updateSpreadsheetProperties": {"properties": {"title": "Autre"}, "fields": "*"},
}
#: Fields without an effect to see, each with the reason. A name may be a field, or a field of one kind.
SILENT: dict[str, str] = {
    "Color.alpha": "Google keeps colours without it",
    "Border.width": "deprecated: the style decides",
    "ProtectedRange.requestingUserCanEdit": "read-only",
    "DimensionProperties.hiddenByFilter": "read-only",
    "DeveloperMetadataLocation.locationType": "read-only",
    "CellData.formattedValue": "read-only, left aside in whole cells",
    "CellData.hyperlink": "read-only, left aside in whole cells",
    "effectiveFormat": "read-only, left aside in whole cells",
    "effectiveValue": "read-only, left aside in whole cells",
    "TextToColumnsRequest.delimiter": "read with the type CUSTOM alone",
    "UpdateConditionalFormatRuleRequest.sheetId": "read with newIndex alone",
    "PasteDataRequest.type": "a plain text has no formats: whatever pastes values pastes it whole",
    "deleteDeveloperMetadata DimensionRange.dimension": "all rows and all columns are the same tab",
    "updateDeveloperMetadata DimensionRange.dimension": "all rows and all columns are the same tab",
}


@cache
def _stage() -> Book:
    book = Book("id", new_properties({"title": "Promotion"}), {"owner": OWNER})
    book.actor = OWNER
    for number, title in ((0, "Notes"), (7, "Autre"), (8, "Vide")):
        book.add(Sheet(number, title, 30, 10))
    run(book, copy.deepcopy(STAGE))
    return book


def _after(kind: str, given: Json) -> str:
    """Return all that a request answers and leaves behind."""
    book = _stage().fork()
    book.actor = OWNER
    random.seed(1)
    checked = schema().checked({kind: given}, "Request", "requests[0]")
    replies = run(book, [checked])
    return json.dumps([replies, spreadsheet(book, None, [], grid_data=True)], sort_keys=True)


def _silent(kind: str) -> Iterator[str]:
    base = BASES[kind]
    before = _after(kind, base)
    known = schema().messages["Request"][kind]
    still: dict[tuple[str, str], int] = {}
    for field, path, given in variants(schema(), known, base):
        try:
            shows = _after(kind, given) != before
        except ApiError as refused:
            shows = 400 <= refused.code < 500 or refused.code == 501
        if not shows:
            still[field, path] = still.get((field, path), 0) + 1
    for (field, path), count in still.items():
        message, name = field.split(".")
        # Of the words of an enumeration one is what is meant when none is said.
        if "|" in schema().messages[message][name] and count == 1:
            continue
        yield f"{field} at {path}"


def test_every_kind_is_held_to_it() -> None:
    assert BASES.keys() == KINDS.keys()


def _excused(kind: str, found: str) -> bool:
    field, _, path = found.partition(" at ")
    return bool({field, f"{kind} {field}", *path.split(".")} & SILENT.keys())


@pytest.mark.parametrize("kind", BASES)
def test_a_field_shows_or_is_refused(kind: str) -> None:
    assert [found for found in _silent(kind) if not _excused(kind, found)] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("effectiveValue", {"numberValue": 1}),
        ("effectiveFormat", {}),
        ("formattedValue", "1"),
        ("hyperlink", "http://a"),
    ],
)
def test_what_is_read_only_in_a_cell_is_not_written_by_name(name: str, value: Any) -> None:
    with pytest.raises(ApiError, match=name):
        _after("repeatCell", BASES["repeatCell"] | {"cell": {name: value}, "fields": name})
