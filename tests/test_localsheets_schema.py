"""Bodies are held against Google's own messages: by the fast way and the careful one alike."""

import json
from pathlib import Path

import googleapiclient
import pytest

from localsheets.errors import ApiError
from localsheets.schema.discovery import table, written
from localsheets.schema.fast import fits
from localsheets.schema.messages import MESSAGES, checked, schema

DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"


@pytest.mark.parametrize("name", ["sheets.v4", "drive.v3"])
def test_the_messages_are_those_of_the_discovery_document(name):
    document = json.loads((DOCUMENTS / f"{name}.json").read_text())
    assert (MESSAGES / f"{name}.json").read_text() == written(table(document))


def request(kind, **given):
    return {"requests": [{kind: given}]}


@pytest.mark.parametrize(
    ("body", "fast", "wanted"),
    [
        pytest.param({}, True, {}, id="nothing"),
        pytest.param(request("deleteSheet", sheetId=3), True, request("deleteSheet", sheetId=3), id="as it must be"),
        pytest.param(request("deleteSheet", sheet_id=3), False, request("deleteSheet", sheetId=3), id="snake case"),
        pytest.param(request("deleteSheet", sheetId="3"), False, request("deleteSheet", sheetId=3), id="text number"),
        pytest.param(request("deleteSheet", sheetId=None), False, request("deleteSheet"), id="null"),
        pytest.param({"requests": {"deleteSheet": {}}}, False, request("deleteSheet"), id="one for a list"),
        pytest.param({"requests": [[{"deleteSheet": {}}]]}, False, request("deleteSheet"), id="a list in a list"),
        pytest.param(
            request("sortRange", sortSpecs=[{"sortOrder": "DESCENDING"}]),
            True,
            request("sortRange", sortSpecs=[{"sortOrder": "DESCENDING"}]),
            id="a known word",
        ),
        pytest.param(
            request("setBasicFilter", filter={"criteria": {"2": {"hiddenValues": ["a"]}}}),
            True,
            request("setBasicFilter", filter={"criteria": {"2": {"hiddenValues": ["a"]}}}),
            id="a map",
        ),
    ],
)
def test_what_fits(body, fast, wanted):
    assert fits(json.dumps(body).encode(), "BatchUpdateSpreadsheetRequest") is fast
    assert checked(body, "BatchUpdateSpreadsheetRequest") == wanted


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            {"foo": 1}, 'Invalid JSON payload received. Unknown name "foo": Cannot find field.', id="unknown name"
        ),
        pytest.param(
            {"requests": [{"paint": {}}]},
            "Invalid JSON payload received. Unknown name \"paint\" at 'requests[0]': Cannot find field.",
            id="unknown kind",
        ),
        pytest.param(
            request("deleteSheet", sheetId="x"),
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"x\"",
            id="not a number",
        ),
        pytest.param(
            request("deleteSheet", sheetId=2**31),
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), 2147483648",
            id="beyond 32 bits",
        ),
        pytest.param(
            request("deleteSheet", sheetId=True),
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), true",
            id="a boolean for a number",
        ),
        pytest.param(
            request("sortRange", sortSpecs=[{"sortOrder": "UP"}]),
            "Invalid value at 'requests[0].sort_range.sort_specs[0].sort_order' "
            '(type.googleapis.com/google.apps.sheets.v4.SortOrder), "UP"',
            id="unknown word",
        ),
        pytest.param(
            request("addSheet", properties=[]),
            "Invalid value at 'requests[0].add_sheet.properties' "
            "(type.googleapis.com/google.apps.sheets.v4.SheetProperties), []",
            id="not a message",
        ),
    ],
)
def test_what_does_not_fit(body, message):
    assert not fits(json.dumps(body).encode(), "BatchUpdateSpreadsheetRequest")
    with pytest.raises(ApiError) as refused:
        checked(body, "BatchUpdateSpreadsheetRequest")
    assert (refused.value.code, refused.value.message) == (400, message)


def test_every_message_can_be_read_the_fast_way():
    for kind in schema().messages:
        assert fits(b"{}", kind)
        assert not fits(b'{"no such field": 1}', kind)
