"""What no spreadsheet can hold is refused, and nothing of it is kept."""

import pytest
import requests
from localsheets_client import Plain, area, cells

LONG = "x" * 50_001
TOO_LONG = "Your input contains more than the maximum of 50000 characters in a single cell."
TIME_ZONE = "updateSpreadsheetProperties"


@pytest.fixture
def plain(sheets_server):
    made = Plain(sheets_server.url)
    made.create()
    return made


def look(**style):
    return {"repeatCell": {"range": area(0, 0, 1, 1), "cell": {"userEnteredFormat": style}, "fields": "*"}}


def zone(name):
    return {TIME_ZONE: {"properties": {"timeZone": name}, "fields": "timeZone"}}


def protected(**editors):
    return {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "editors": editors}}}


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        pytest.param(zone("Mars/Olympus"), "Invalid time zone: Mars/Olympus", id="unknown time zone"),
        pytest.param(zone("GMT+25:00"), "Invalid time zone: GMT+25:00", id="a shift of more than a day"),
        pytest.param(look(numberFormat={"pattern": "0"}), "numberFormat.type must be", id="a pattern of no type"),
        pytest.param(look(textFormat={"fontSize": 0}), "fontSize[0] must be", id="no letters"),
        pytest.param(look(textFormat={"fontSize": 401}), "fontSize[401] must be", id="huge letters"),
        pytest.param(look(textRotation={"angle": 91}), "angle[91] must be", id="turned too far"),
        pytest.param(protected(users=["Paul"]), "Invalid email address: Paul", id="an editor without address"),
        pytest.param(
            {"appendCells": {"rows": [cells(LONG)], "fields": "*"}}, TOO_LONG, id="a text too long for a cell"
        ),
        pytest.param(
            {"appendCells": {"rows": [cells(LONG)], "fields": "userEnteredValue"}},
            TOO_LONG,
            id="too long, values alone",
        ),
        pytest.param(
            {"unmergeCells": {"range": area(-1, 0, 1, 1)}},
            "GridRange.startRowIndex[-1] must not be negative",
            id="a range that starts before the grid",
        ),
        pytest.param(
            {"appendCells": {"rows": [{"values": [{}] * 18_279}], "fields": "userEnteredValue"}},
            "above the limit of",
            id="more columns than there are names",
        ),
        pytest.param(
            {"updateCells": {"rows": [{"values": [{"pivotTable": {}}]}], "start": {}, "fields": "pivotTable"}},
            "localsheets does not implement writing the cell field pivotTable",
            id="a pivot table",
        ),
    ],
)
def test_a_batch_is_refused(plain, request_, said):
    before = plain.get(includeGridData="true")
    answer = plain.batch(request_)
    assert answer.status_code in (400, 501)
    assert said in answer.json()["error"]["message"]
    assert plain.get(includeGridData="true") == before


@pytest.mark.parametrize("name", ["Etc/GMT", "America/New_York", "Europe/Paris", "GMT-07:00", "GMT+5:30", "UTC"])
def test_a_known_time_zone_is_kept(plain, name):
    assert plain.batch(zone(name)).status_code == 200
    assert plain.get()["properties"]["timeZone"] == name


@pytest.mark.parametrize("how", ["RAW", "USER_ENTERED"])
def test_a_value_too_long_is_refused(plain, how):
    answer = plain.write("A1", [[LONG]], how)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, TOO_LONG)
    assert plain.write("A1", [[LONG[1:]]], how).status_code == 200


def test_the_grid_says_that_a_value_is_too_long(plain):
    answer = plain.act({"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": [[LONG]]})
    assert answer.status_code >= 400
    assert "50 000 caractères" in answer.json()["error"]


@pytest.mark.parametrize(
    "properties",
    [
        pytest.param({"properties": {"timeZone": "Mars/Olympus"}}, id="time zone"),
        pytest.param({"sheets": [{"properties": {"gridProperties": {"columnCount": 18_279}}}]}, id="columns"),
        pytest.param({"sheets": [{"data": [{"rowMetadata": [{"pixelSize": -1}]}]}]}, id="pixels"),
    ],
)
def test_no_book_is_made(plain, properties):
    assert plain.call("POST", "/v4/spreadsheets", properties).status_code == 400


def test_channels_beyond_their_bounds_are_brought_back(plain):
    assert plain.batch(look(backgroundColor={"red": 255, "green": -1, "blue": 1})).status_code == 200
    data = plain.get(includeGridData="true")["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert data["userEnteredFormat"]["backgroundColor"] == {"red": 1, "blue": 1}


@pytest.mark.parametrize("fields", ["userEnteredFormat,hyperlink,note,pivotTable", "effectiveValue,note"])
def test_fields_that_only_google_writes_may_be_named(plain, fields):
    plain.write("A1", [["kept"]])
    request = {"updateCells": {"range": area(0, 0, 1, 1), "rows": [{"values": [{"note": "n"}]}], "fields": fields}}
    assert plain.batch(request).status_code == 200
    assert plain.read("A1") == [["kept"]]


def test_a_query_is_held_against_its_words(plain):
    refused = plain.call("GET", f"/v4/spreadsheets/{plain.book}", prettyPrint="zz")
    assert refused.status_code == 400 and "prettyPrint" in refused.json()["error"]["message"]
    assert plain.call("GET", f"/v4/spreadsheets/{plain.book}", prettyPrint="false").status_code == 200
    log = requests.get(f"{plain.url}/_control/log", params={"book": plain.book, "foo": 1}, timeout=5)
    assert (log.status_code, log.json()) == (400, {"error": "Paramètre inconnu : foo."})
