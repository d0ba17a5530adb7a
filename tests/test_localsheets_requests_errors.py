"""Requests that Google refuses are refused in its words."""

from typing import Any

import pytest

from tests.localsheets_books import grid, make, refusal, run, span

Json = dict[str, Any]
BAND = {"rowProperties": {"firstBandColor": {}, "secondBandColor": {}}}
RULE = {"ranges": [grid("A1:B2")], "booleanRule": {"condition": {"type": "BLANK"}, "format": {}}}


def properties(fields: str, **wanted: Any) -> Json:
    return {"updateSheetProperties": {"properties": wanted, "fields": fields}}


def condition(kind: str, *texts: str) -> Json:
    return {"condition": {"type": kind, "values": [{"userEnteredValue": text} for text in texts]}}


# What is done first, what is refused, and the message.
CASES: list[tuple[str, list[Json], Json, str]] = [
    ("an unknown tab in a range", [], {"mergeCells": {"range": grid("A1", 9)}}, "No grid with id: 9"),
    ("an unknown tab", [], {"deleteSheet": {"sheetId": 9}}, "No sheet with id: 9"),
    ("an unknown tab to update", [], properties("title", sheetId=9, title="x"), "No sheet with id: 9"),
    (
        "a range outside of the grid",
        [],
        {"sortRange": {"range": grid("A1:B30"), "sortSpecs": []}},
        "Range (Sheet1!A1:B30) exceeds grid limits. Max rows: 20, max columns: 8",
    ),
    (
        "a title twice",
        [],
        {"addSheet": {"properties": {"title": "sheet1"}}},
        'A sheet with the name "sheet1" already exists. Please enter another name.',
    ),
    ("no title", [], properties("title", sheetId=0, title=""), "The sheet name cannot be empty."),
    ("the only tab", [], {"deleteSheet": {"sheetId": 0}}, "You can't remove all the sheets in a document."),
    ("the only tab hidden", [], properties("hidden", hidden=True), "You can't hide all the sheets in a document."),
    (
        "all rows",
        [],
        {"deleteDimension": {"range": span("ROWS", 0, 20)}},
        "You can't delete all the rows on the sheet.",
    ),
    (
        "all columns",
        [],
        {"deleteDimension": {"range": span("COLUMNS", 0, 8)}},
        "You can't delete all the columns on the sheet.",
    ),
    (
        "all rows that are not frozen",
        [properties("gridProperties.frozenRowCount", gridProperties={"frozenRowCount": 2})],
        {"deleteDimension": {"range": span("ROWS", 2, 20)}},
        "Sorry, it is not possible to delete all non-frozen rows.",
    ),
    (
        "rows that do not exist",
        [],
        {"deleteDimension": {"range": span("ROWS", 18, 25)}},
        "Cannot delete a row that doesn't exist. Tried to delete row index 24 but there are only 20 rows.",
    ),
    (
        "rows inserted at the end",
        [],
        {"insertDimension": {"range": span("ROWS", 20, 22)}},
        "range.startIndex must be less than the grid size (20) if inheritFromBefore is false.",
    ),
    (
        "rows inserted beyond the end",
        [],
        {"insertDimension": {"range": span("ROWS", 21, 22), "inheritFromBefore": True}},
        "range.startIndex is larger than current grid size (20)",
    ),
    (
        "every row frozen",
        [],
        properties("gridProperties.frozenRowCount", gridProperties={"frozenRowCount": 20}),
        "You can't freeze all visible rows on the sheet.",
    ),
    (
        "too many cells",
        [],
        {"appendDimension": {"dimension": "ROWS", "length": 2_000_000}},
        "This action would increase the number of cells in the workbook above the limit of 10000000 cells.",
    ),
    (
        "a part of a merge",
        [{"mergeCells": {"range": grid("A1:B2")}}],
        {"mergeCells": {"range": grid("B2:C3")}},
        "You must select all cells in a merged range to merge or unmerge them.",
    ),
    (
        "a part of a merge undone",
        [{"mergeCells": {"range": grid("A1:B2")}}],
        {"unmergeCells": {"range": grid("A1")}},
        "You must select all cells in a merged range to merge or unmerge them.",
    ),
    (
        "frozen and other rows merged",
        [properties("gridProperties.frozenRowCount", gridProperties={"frozenRowCount": 1})],
        {"mergeCells": {"range": grid("A1:A2")}},
        "You can't merge frozen and non-frozen rows.",
    ),
    (
        "a part of a merge frozen",
        [{"mergeCells": {"range": grid("A1:A2")}}],
        properties("gridProperties.frozenRowCount", gridProperties={"frozenRowCount": 1}),
        "Sorry, you can't freeze rows which contain only part of a merged cell.",
    ),
    (
        "a merge across the edge of a filter",
        [{"setBasicFilter": {"filter": {"range": grid("A1:B9")}}}],
        {"mergeCells": {"range": grid("B9:C9")}},
        "You can't merge cells that cross the borders of an existing filter.",
    ),
    (
        "a sort over a vertical merge",
        [{"mergeCells": {"range": grid("B2:B3")}}],
        {"sortRange": {"range": grid("A1:C9"), "sortSpecs": [{"dimensionIndex": 0}]}},
        "You can't sort a range containing vertical merges. There is a vertical merge at B2:B3.",
    ),
    (
        "a row moved into a merge",
        [{"mergeCells": {"range": grid("B2:B3")}}],
        {"moveDimension": {"source": span("ROWS", 6, 7), "destinationIndex": 2}},
        "Sorry, it is not possible to move a row to a position that crosses a merged cell. "
        "Please unmerge and try again.",
    ),
    (
        "more rows than the range",
        [],
        {"updateCells": {"range": grid("A1:B1"), "rows": [{}, {}], "fields": "*"}},
        "Attempting to write row: 1, beyond the last requested row of: 0",
    ),
    (
        "more columns than the grid",
        [],
        {"updateCells": {"start": {"columnIndex": 7}, "rows": [{"values": [{}, {}]}], "fields": "*"}},
        "Attempting to write column: 8, beyond the last requested column of: 7",
    ),
    (
        "a start outside of the grid",
        [],
        {"updateCells": {"start": {"rowIndex": 40}, "rows": [{"values": [{}]}], "fields": "*"}},
        "GridCoordinate.rowIndex[40] is after last row in grid[19]",
    ),
    (
        "no fields",
        [],
        {"repeatCell": {"range": grid("A1"), "cell": {}}},
        "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
    ),
    (
        "an unknown field",
        [],
        {"repeatCell": {"range": grid("A1"), "cell": {}, "fields": "userEnteredFormat.textFormat.fat"}},
        "Invalid field: user_entered_format.text_format.fat",
    ),
    (
        "a name twice",
        [{"addNamedRange": {"namedRange": {"name": "Nom", "range": grid("A1")}}}],
        {"addNamedRange": {"namedRange": {"name": "nom", "range": grid("A2")}}},
        "Cannot add named range with name nom, a named range with that name already exists.",
    ),
    ("an unknown name", [], {"deleteNamedRange": {"namedRangeId": "7"}}, "No named range with ID: 7"),
    ("an unknown protection", [], {"deleteProtectedRange": {"protectedRangeId": 7}}, "No protected range with ID: 7"),
    (
        "editors of a warning",
        [],
        {"addProtectedRange": {"protectedRange": {"range": grid("A1"), "warningOnly": True, "editors": {}}}},
        "ProtectedRange is warningOnly. Editors cannot be set on it.",
    ),
    (
        "colours over colours",
        [{"addBanding": {"bandedRange": {"range": grid("A1:B9")} | BAND}}],
        {"addBanding": {"bandedRange": {"range": grid("B9:C9")} | BAND}},
        "You cannot add alternating background colors to a range that already has alternating background colors.",
    ),
    (
        "no conditional format there",
        [{"addConditionalFormatRule": {"rule": RULE}}],
        {"deleteConditionalFormatRule": {"index": 1}},
        "No conditional format on sheet: 0 at index: 1",
    ),
    (
        "a condition of lists in a conditional format",
        [],
        {"addConditionalFormatRule": {"rule": RULE | {"booleanRule": condition("ONE_OF_LIST", "a") | {"format": {}}}}},
        "ConditionType 'ONE_OF_LIST' is not supported in conditional formatting.",
    ),
    (
        "a condition with too few values",
        [],
        {"setDataValidation": {"range": grid("A1"), "rule": condition("NUMBER_BETWEEN", "1")}},
        "ConditionType 'NUMBER_BETWEEN' does not take 1 values.",
    ),
    (
        "metadata without key",
        [],
        {
            "createDeveloperMetadata": {
                "developerMetadata": {"visibility": "PROJECT", "location": {"spreadsheet": True}}
            }
        },
        "Developer metadata must always have a key specified.",
    ),
    (
        "metadata on two rows",
        [],
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": "k",
                    "visibility": "PROJECT",
                    "location": {"dimensionRange": span("ROWS", 1, 3)},
                }
            }
        },
        "DimensionRange must represent a single row or column.",
    ),
]


@pytest.mark.parametrize(
    ("before", "refused", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_refusal_speaks_as_google_does(before: list[Json], refused: Json, message: str) -> None:
    book = make(["a", "b"], ["c", "d"])
    if before:
        run(book, *before)
    kind = next(iter(refused))
    assert refusal(book, refused) == f"400 Invalid requests[0].{kind}: {message}"
