"""A message holds one member of a union at most, by the fast way of reading and by the careful one."""

import json

import pytest
from localsheets_client import Plain

from localsheets.errors import ApiError
from localsheets.schema.fast import fits
from localsheets.schema.messages import checked, schema
from localsheets.schema.unions import UNIONS, members

TWO = [
    pytest.param(
        {"deleteSheet": {"sheetId": 1}, "addSheet": {}}, "requests[0]", "kind", "addSheet", id="two kinds of a request"
    ),
    pytest.param(
        {"findReplace": {"find": "a", "allSheets": True, "sheet_id": 0}},
        "requests[0].find_replace",
        "scope",
        "sheet_id",
        id="a name as it was written",
    ),
    pytest.param(
        {"repeatCell": {"cell": {"userEnteredValue": {"numberValue": 1, "stringValue": "a"}}}},
        "requests[0].repeat_cell.cell.user_entered_value",
        "value",
        "stringValue",
        id="two values of a cell",
    ),
    pytest.param(
        {"repeatCell": {"cell": {"userEnteredFormat": {"textRotation": {"angle": 0, "vertical": False}}}}},
        "requests[0].repeat_cell.cell.user_entered_format.text_rotation",
        "type",
        "vertical",
        id="a zero and a false are set too",
    ),
    pytest.param(
        {
            "appendCells": {
                "rows": [{}, {"values": [{}, {"userEnteredValue": {"boolValue": True, "formulaValue": "="}}]}]
            }
        },
        "requests[0].append_cells.rows[1].values[1].user_entered_value",
        "value",
        "formulaValue",
        id="two values of a cell of a row",
    ),
    pytest.param(
        {"updateCells": {"start": {}, "range": {}}}, "requests[0].update_cells", "area", "range", id="empty messages"
    ),
    pytest.param(
        {"createDeveloperMetadata": {"developerMetadata": {"location": {"spreadsheet": True, "sheetId": 0}}}},
        "requests[0].create_developer_metadata.developer_metadata.location",
        "location",
        "sheetId",
        id="two places of metadata",
    ),
]


@pytest.mark.parametrize(("request_", "path", "union", "second"), TWO)
def test_two_members_are_refused(request_, path, union, second):
    body = {"requests": [request_]}
    assert not fits(json.dumps(body).encode(), "BatchUpdateSpreadsheetRequest")
    with pytest.raises(ApiError) as refused:
        checked(body, "BatchUpdateSpreadsheetRequest")
    text = f"Invalid value at '{path}' (oneof), oneof field '{union}' is already set. Cannot set '{second}'"
    assert (refused.value.code, refused.value.message) == (400, text)
    assert refused.value.extra["details"][0]["fieldViolations"] == [{"field": path, "description": text}]


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param({"findReplace": {"find": "a", "allSheets": True}}, id="one member"),
        pytest.param(
            {"repeatCell": {"cell": {"userEnteredFormat": {"backgroundColor": {}, "backgroundColorStyle": {}}}}},
            id="a colour and its style are no union",
        ),
    ],
)
def test_one_member_is_read_at_once(request_):
    assert fits(json.dumps({"requests": [request_]}).encode(), "BatchUpdateSpreadsheetRequest")


def test_a_null_sets_nothing():
    body = {"requests": [{"findReplace": {"find": "a", "sheetId": None, "allSheets": True}}]}
    assert checked(body, "BatchUpdateSpreadsheetRequest") == {
        "requests": [{"findReplace": {"find": "a", "allSheets": True}}]
    }


def test_each_union_is_of_fields_that_the_message_has():
    for kind in UNIONS:
        fields = schema().messages[kind]
        assert len(members(kind, tuple(fields))) > 1 and members(kind, tuple(fields)) <= fields.keys(), kind


def test_over_http_nothing_is_written(sheets_server):
    plain = Plain(sheets_server.url)
    plain.create()
    both = {"start": {"sheetId": 0}, "range": {"sheetId": 0}}
    answer = plain.batch({"updateCells": both | {"fields": "*"}})
    assert answer.status_code == 400 and "oneof field 'area' is already set" in answer.json()["error"]["message"]
    filters = {"dataFilters": [{"a1Range": "A1", "gridRange": {"sheetId": 0}}]}
    refused = plain.call("POST", f"/v4/spreadsheets/{plain.book}/values:batchGetByDataFilter", filters)
    assert refused.json()["error"]["message"] == (
        "Invalid value at 'data_filters[0]' (oneof), oneof field 'filter' is already set. Cannot set 'gridRange'"
    )
