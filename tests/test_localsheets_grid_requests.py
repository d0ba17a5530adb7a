"""What the grid page may ask beyond typing, and that each of it can be undone and redone."""

import pytest

from tests.localsheets_client import Plain, area, lines

ROWS = [["Nom", "Heures", "Salle"], ["Martin", 12, "A"], ["Zola", 7, "B"], ["Aubry", 30, "A"], ["Nadaud", "=B2+B3", ""]]
BOLD = {"cell": {"userEnteredFormat": {"textFormat": {"bold": True}}}, "fields": "userEnteredFormat.textFormat.bold"}
LIST = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "A"}, {"userEnteredValue": "B"}]}}
FILTER = {"range": area(0, 0, 5, 3), "criteria": {"2": {"hiddenValues": ["A"]}}}
SOLID = {"style": "SOLID", "color": {"red": 1}}


@pytest.fixture
def plain(sheets_server):
    client = Plain(sheets_server.url)
    grid = {"rowCount": 20, "columnCount": 6}
    client.create(
        sheets=[
            {"properties": {"sheetId": 0, "title": "Un", "gridProperties": grid}},
            {"properties": {"sheetId": 5, "title": "Deux", "gridProperties": grid}},
        ]
    )
    client.write("Un!A1", ROWS)
    client.write("Deux!A1", [["=Un!B2"]])
    return client


def everything(plain):
    book = plain.get(includeGridData="true")
    return {name: value for name, value in book.items() if name in ("sheets", "namedRanges", "properties")}


REQUESTS = {
    "format": {"repeatCell": {"range": area(0, 0, 1, 3), **BOLD}},
    "merge": {"mergeCells": {"range": area(1, 0, 3, 1), "mergeType": "MERGE_ALL"}},
    "borders": {"updateBorders": {"range": area(0, 0, 2, 2), "top": SOLID, "innerVertical": SOLID}},
    "list": {"setDataValidation": {"range": area(1, 2, 5, 3), "rule": LIST}},
    "insert rows": {"insertDimension": {"range": lines("ROWS", 2, 4), "inheritFromBefore": True}},
    "insert columns": {"insertDimension": {"range": lines("COLUMNS", 1, 2), "inheritFromBefore": False}},
    "delete rows": {"deleteDimension": {"range": lines("ROWS", 1, 3)}},
    "delete columns": {"deleteDimension": {"range": lines("COLUMNS", 1, 2)}},
    "move rows": {"moveDimension": {"source": lines("ROWS", 1, 2), "destinationIndex": 4}},
    "move columns": {"moveDimension": {"source": lines("COLUMNS", 0, 1), "destinationIndex": 3}},
    "hide rows": {
        "updateDimensionProperties": {
            "range": lines("ROWS", 2, 3),
            "properties": {"hiddenByUser": True},
            "fields": "hiddenByUser",
        }
    },
    "sort": {"sortRange": {"range": area(1, 0, 5, 3), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}},
    "filter": {"setBasicFilter": {"filter": FILTER}},
    "copy": {"copyPaste": {"source": area(1, 0, 2, 3), "destination": area(8, 0, 10, 3), "pasteType": "PASTE_NORMAL"}},
    "cut": {"cutPaste": {"source": area(1, 1, 2, 2), "destination": {"sheetId": 5, "rowIndex": 3, "columnIndex": 3}}},
    "replace": {"findReplace": {"find": "a", "replacement": "o", "sheetId": 0}},
    "freeze": {
        "updateSheetProperties": {
            "properties": {"sheetId": 0, "gridProperties": {"frozenRowCount": 1}},
            "fields": "gridProperties.frozenRowCount",
        }
    },
    "reorder tabs": {"updateSheetProperties": {"properties": {"sheetId": 0, "index": 2}, "fields": "index"}},
    "colour a tab": {
        "updateSheetProperties": {"properties": {"sheetId": 0, "tabColor": {"red": 1}}, "fields": "tabColor"}
    },
    "duplicate": {"duplicateSheet": {"sourceSheetId": 0, "insertSheetIndex": 1, "newSheetId": 9}},
    "name": {"addNamedRange": {"namedRange": {"name": "heures", "range": area(1, 1, 5, 2)}}},
    "protect": {"addProtectedRange": {"protectedRange": {"range": area(0, 0, 1, 3)}}},
}


@pytest.mark.parametrize("request_made", REQUESTS.values(), ids=REQUESTS.keys())
def test_a_request_of_the_page_is_undone_and_redone(plain, request_made):
    before = everything(plain)
    assert plain.act({"type": "requests", "requests": [request_made]}).status_code == 200
    after = everything(plain)
    assert after != before
    assert plain.page("undo").status_code == 200
    assert everything(plain) == before
    assert plain.page("redo").status_code == 200
    assert everything(plain) == after


def test_a_request_that_the_page_does_not_offer_is_refused(plain):
    made = plain.act({"type": "requests", "requests": [{"updateSpreadsheetProperties": {}}]})
    assert (made.status_code, made.json()) == (400, {"error": "Cette action n’existe pas."})


def test_refusals_are_in_french_and_change_nothing(plain):
    plain.batch({"mergeCells": {"range": area(1, 0, 3, 1), "mergeType": "MERGE_ALL"}})
    before = everything(plain)
    given = [REQUESTS["format"], {"unmergeCells": {"range": area(1, 0, 2, 1)}}]
    made = plain.act({"type": "requests", "requests": given})
    assert made.status_code == 400
    assert made.json()["error"] == "Sélectionnez en entier les cellules fusionnées, puis recommencez."
    assert everything(plain) == before


def hidden(plain):
    sheet = plain.get(includeGridData="true", ranges="Un!A1:A5")["sheets"][0]
    return [at for at, row in enumerate(sheet["data"][0]["rowMetadata"]) if row.get("hiddenByFilter")]


@pytest.mark.parametrize(
    ("column", "wanted", "rows"),
    [
        ("2", {"hiddenValues": ["A"]}, [1, 3]),
        ("2", {"hiddenValues": [""]}, [4]),
        ("1", {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "12"}]}}, [1, 2]),
        ("0", {"condition": {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "A"}]}}, []),
        ("2", {"condition": {"type": "NOT_BLANK"}}, [4]),
    ],
    ids=["a value", "blanks", "a number", "a text", "not blank"],
)
def test_a_filter_hides_rows(plain, column, wanted, rows):
    plain.batch({"setBasicFilter": {"filter": {"range": area(0, 0, 5, 3), "criteria": {column: wanted}}}})
    assert hidden(plain) == rows
    plain.batch({"clearBasicFilter": {"sheetId": 0}})
    assert hidden(plain) == []


def test_the_state_carries_what_the_page_shows(plain):
    plain.batch(
        REQUESTS["format"],
        REQUESTS["merge"],
        REQUESTS["list"],
        REQUESTS["filter"],
        REQUESTS["name"],
        REQUESTS["colour a tab"],
        REQUESTS["borders"],
    )
    state = plain.state().json()
    sheet = state["sheets"][0]
    assert state["names"] == [{"name": "heures", "sheetId": 0, "area": [1, 1, 4, 1]}]
    assert sheet["merges"] == [[1, 0, 2, 0]]
    assert sheet["filteredRows"] == [1, 3]
    assert sheet["filter"] == {"area": [0, 0, 4, 2], "criteria": {"2": {"hiddenValues": ["A"]}}}
    assert sheet["color"] == "#ff0000"
    assert sheet["rows"][0][0]["b"] is True
    assert sheet["rows"][0][0]["o"] == ["1px solid #ff0000", "1px solid #ff0000", None, None]
    assert sheet["rules"][sheet["rows"][1][2]["r"]]["values"] == ["A", "B"]
