"""The stand-in for Google Sheets answers an unmodified gspread as Google does."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gspread
import pytest
import requests
from cryptography.hazmat.primitives import serialization

from localsheets.server import Running, serve
from tests.localsheets_client import Plain, area, cells, credentials, gspread_client, lines

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("localsheets") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create()
    return client


@pytest.fixture(scope="module")
def client(server: Running) -> gspread.Client:
    return gspread_client(server.url)


# gspread, unmodified


def test_gspread_creates_writes_and_reads(client: gspread.Client) -> None:
    book = client.create("Promotion 2026")
    sheet = book.sheet1
    sheet.update([["Nom", "Note"], ["Ada", 15]], "A1")
    sheet.append_row(["Grace", "=B2+1"], value_input_option="USER_ENTERED")
    assert sheet.get_all_records() == [{"Nom": "Ada", "Note": 15}, {"Nom": "Grace", "Note": 16}]
    assert (sheet.find("Grace").row, sheet.find("Grace").col) == (3, 1)
    assert client.open("Promotion 2026").id == book.id


def test_gspread_manages_tabs(client: gspread.Client) -> None:
    book = client.create("Onglets")
    added = book.add_worksheet("Séances 2026", 20, 5)
    added.update_title("Séances")
    added.resize(rows=30)
    added.freeze(rows=1)
    again = book.worksheet("Séances")
    assert (again.row_count, again.frozen_row_count, again.index) == (30, 1, 1)
    copy = again.duplicate(new_sheet_name="Copie")
    book.del_worksheet(again)
    assert {sheet.title for sheet in book.worksheets()} == {"Sheet1", "Copie"}
    assert copy.row_count == 30


def test_gspread_sorts_formats_and_clears(client: gspread.Client) -> None:
    sheet = client.create("Tri").sheet1
    sheet.update([["b", 2], ["c", 3], ["a", 1]], "A1")
    sheet.sort((2, "des"), range="A1:B3")
    assert sheet.col_values(1) == ["c", "b", "a"]
    sheet.format("A1:B1", {"textFormat": {"bold": True}})
    sheet.batch_clear(["A1:B1"])
    assert sheet.get("A1:B3") == [[], ["b", "2"], ["a", "1"]]


# Tokens


@pytest.mark.parametrize(
    ("method", "header", "status", "word"),
    [
        ("GET", None, 403, "PERMISSION_DENIED"),
        ("POST", None, 401, "UNAUTHENTICATED"),
        ("GET", "Bearer ya29.unknown", 401, "UNAUTHENTICATED"),
    ],
)
def test_a_call_without_a_good_token_is_refused(
    server: Running, method: str, header: str | None, status: int, word: str
) -> None:
    headers = {"Authorization": header} if header else {}
    path = "/v4/spreadsheets/abc" if method == "GET" else "/v4/spreadsheets"
    answer = requests.request(method, server.url + path, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["error"]["status"]) == (status, word)
    assert "errors" not in answer.json()["error"]
    older = requests.request(method, server.url + path, headers=headers, params={"$.xgafv": 1}, timeout=5)
    assert older.json()["error"]["errors"][0]["domain"] == "global"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "a.b.c"}, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}, "invalid_grant"),
    ],
)
def test_a_bad_assertion_gets_no_token(server: Running, form: dict[str, str], error: str) -> None:
    answer = requests.post(f"{server.url}/token", data=form, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_with_a_key_another_signature_is_refused(tmp_path: Path) -> None:
    first = serve(data=tmp_path / "first.db")
    account = requests.get(f"{first.url}/service-account.json", timeout=5).json()
    first.stop()
    private = serialization.load_pem_private_key(account["private_key"].encode(), None)
    key = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    same = serve(data=tmp_path / "first.db", public_key=key)
    assert credentials(same.url).token
    same.stop()
    other = serve(data=tmp_path / "other.db", public_key=key)
    with pytest.raises(Exception, match="Invalid JWT Signature"):
        credentials(other.url)
    other.stop()


# Books


def test_create_answers_as_recorded(server: Running) -> None:
    answer = Plain(server.url).create("Essai")
    properties = answer["properties"]
    assert len(answer["spreadsheetId"]) == 44
    assert (properties["locale"], properties["autoRecalc"], properties["timeZone"]) == (
        "en_US",
        "ON_CHANGE",
        "Etc/GMT",
    )
    assert properties["defaultFormat"]["textFormat"]["fontFamily"] == "arial,sans,sans-serif"
    assert properties["spreadsheetTheme"]["themeColors"][2]["color"]["rgbColor"]["red"] == 0.25882354
    assert answer["sheets"] == [
        {
            "properties": {
                "sheetId": 0,
                "title": "Sheet1",
                "index": 0,
                "sheetType": "GRID",
                "gridProperties": {"rowCount": 1000, "columnCount": 26},
            }
        }
    ]


def test_create_with_tabs_and_data(server: Running) -> None:
    client = Plain(server.url)
    sheets = [
        {"properties": {"title": "Présences"}, "data": [{"rowData": [cells("ID", "Nom"), cells("x1", 12.5)]}]},
        {"properties": {"title": "Caché", "hidden": True, "gridProperties": {"rowCount": 5}}},
    ]
    answer = client.create("Deux onglets", "fr_FR", sheets)
    assert [sheet["properties"]["title"] for sheet in answer["sheets"]] == ["Présences", "Caché"]
    assert answer["sheets"][1]["properties"]["hidden"] is True
    assert client.read("Présences") == [["ID", "Nom"], ["x1", "12,5"]]


def test_a_french_book_names_its_first_tab_in_french(server: Running) -> None:
    answer = Plain(server.url).create("Classeur", "fr_FR")
    assert answer["sheets"][0]["properties"]["title"] == "Feuille 1"


def test_a_mask_that_names_grid_fields_brings_the_data(book: Plain) -> None:
    book.write("A1", [["a", 1], ["=B1+1", ""]])
    mask = "sheets(properties(sheetId),data(rowData(values(userEnteredValue,effectiveValue))))"
    assert book.get(fields=mask) == {
        "sheets": [
            {
                "properties": {"sheetId": 0},
                "data": [
                    {
                        "rowData": [
                            {
                                "values": [
                                    {
                                        "userEnteredValue": {"stringValue": "a"},
                                        "effectiveValue": {"stringValue": "a"},
                                    },
                                    {
                                        "userEnteredValue": {"numberValue": 1},
                                        "effectiveValue": {"numberValue": 1},
                                    },
                                ]
                            },
                            {
                                "values": [
                                    {
                                        "userEnteredValue": {"formulaValue": "=B1+1"},
                                        "effectiveValue": {"numberValue": 2},
                                    }
                                ]
                            },
                        ]
                    }
                ],
            }
        ]
    }
    assert "data" not in book.get()["sheets"][0]


def test_ranges_choose_tabs_and_say_where_they_start(book: Plain) -> None:
    book.batch({"addSheet": {"properties": {"title": "Autre", "sheetId": 7}}})
    book.write("C3", [["x"]])
    answer = book.get(ranges="Sheet1!B2:C4", includeGridData="true")
    (sheet,) = answer["sheets"]
    (data,) = sheet["data"]
    assert (data["startRow"], data["startColumn"]) == (1, 1)
    assert data["rowData"][0] == {}
    assert data["rowData"][1]["values"][1]["formattedValue"] == "x"
    assert len(data["rowMetadata"]) == 3
    assert data["columnMetadata"][0]["pixelSize"] == 100


def test_an_unknown_book_is_404(book: Plain) -> None:
    answer = book.call("GET", "/v4/spreadsheets/nowhere")
    assert answer.status_code == 404
    assert answer.json() == {
        "error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
    }


def test_large_answers_are_packed_when_asked(book: Plain) -> None:
    packed = book.call("GET", f"/v4/spreadsheets/{book.book}")
    assert packed.headers["Content-Encoding"] == "gzip"
    book.session.headers["Accept-Encoding"] = "identity"
    assert "Content-Encoding" not in book.call("GET", f"/v4/spreadsheets/{book.book}").headers


# Batches


def test_a_batch_is_all_or_nothing(book: Plain) -> None:
    before = book.get(includeGridData="true")
    answer = book.batch(
        {"updateCells": {"start": {}, "rows": [cells("lost")], "fields": "userEnteredValue"}},
        {"addSheet": {"properties": {"title": "Lost"}}},
        {"deleteDimension": {"range": lines("ROWS", 5, 2000)}},
    )
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
    assert error["message"].startswith("Invalid requests[2].deleteDimension: Cannot delete a row that doesn't")
    assert book.get(includeGridData="true") == before


def test_hiding_the_last_tab_is_refused_as_recorded(book: Plain) -> None:
    answer = book.batch({"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}})
    assert answer.json() == {
        "error": {
            "code": 400,
            "message": "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document.",
            "status": "INVALID_ARGUMENT",
        }
    }


def test_out_of_the_grid_is_400(book: Plain) -> None:
    rule = {"range": area(999, 0, 1001, 1), "rows": [cells(1)], "fields": "userEnteredValue"}
    assert "exceeds grid limits" in book.batch({"updateCells": rule}).json()["error"]["message"]
    assert "exceeds grid limits" in book.write("A1001", [[1]]).json()["error"]["message"]
    wide = {"start": {"columnIndex": 25}, "rows": [cells(1, 2)], "fields": "userEnteredValue"}
    assert "beyond the last requested column" in book.batch({"updateCells": wide}).json()["error"]["message"]


def test_what_is_not_there_is_501_and_named(book: Plain) -> None:
    answer = book.batch({"addChart": {}})
    assert answer.status_code == 501
    assert "addChart" in answer.json()["error"]["message"]
    for method, path in (("GET", f"/v4/spreadsheets/{book.book}/nothing"), ("PUT", "/drive/v3/changes")):
        answer = book.call(method, path)
        assert answer.status_code == 501
        assert f"{method} {path}" in answer.json()["error"]["message"]
    assert requests.get(f"{book.url}/elsewhere", timeout=5).status_code == 501


def test_unknown_fields_are_400_as_at_google(book: Plain) -> None:
    answer = book.batch({"updateCells": {"startt": {}}})
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
    message = "Invalid JSON payload received. Unknown name \"startt\" at 'requests[0].update_cells': Cannot find field."
    assert error["message"] == message
    assert error["details"][0]["fieldViolations"] == [{"field": "requests[0].update_cells", "description": message}]
    assert book.batch({"noSuchKind": {}}).status_code == 400
    assert book.call("GET", f"/v4/spreadsheets/{book.book}", fields="sheets(nothing)").status_code == 400


@pytest.mark.parametrize("bad", ["x", 1.5, {"a": 1}, True])
def test_a_value_of_the_wrong_type_is_400(book: Plain, bad: object) -> None:
    answer = book.batch({"deleteSheet": {"sheetId": bad}})
    assert answer.status_code == 400
    assert "requests[0].delete_sheet.sheet_id" in answer.json()["error"]["message"]


def test_update_cells_clears_what_the_range_has_more(book: Plain) -> None:
    book.write("A1", [["a", "b"], ["c", "d"], ["e", "f"]])
    rule = {"range": area(0, 0, 2, 2), "rows": [cells("A")], "fields": "userEnteredValue"}
    assert book.batch({"updateCells": rule}).json() == {"spreadsheetId": book.book, "replies": [{}]}
    assert book.read("A1:B3") == [["A"], [], ["e", "f"]]


def test_update_cells_keeps_the_formats_it_does_not_name(book: Plain) -> None:
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    book.batch({"repeatCell": {"range": area(0, 0, 1, 1), "cell": bold, "fields": "userEnteredFormat"}})
    book.batch({"updateCells": {"start": {}, "rows": [cells("x")], "fields": "userEnteredValue"}})
    (data,) = book.get(includeGridData="true", ranges="A1")["sheets"][0]["data"]
    (cell,) = data["rowData"][0]["values"]
    assert (cell["userEnteredValue"], cell["userEnteredFormat"]["textFormat"]) == (
        {"stringValue": "x"},
        {"bold": True},
    )
    assert cell["effectiveFormat"]["textFormat"]["fontSize"] == 10


def test_append_cells_goes_after_the_last_value_and_grows_the_grid(book: Plain) -> None:
    grid = {"sheetId": 0, "gridProperties": {"rowCount": 4, "columnCount": 3}}
    mask = "gridProperties.rowCount,gridProperties.columnCount"
    book.batch({"updateSheetProperties": {"properties": grid, "fields": mask}})
    book.write("B3", [["last"]])
    rows = [cells("x1"), cells("x2"), cells("x3")]
    book.batch({"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}})
    assert book.read("A1:C6") == [[], [], ["", "last"], ["x1"], ["x2"], ["x3"]]
    assert book.get()["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 6


def test_a_pre_image_is_taken_and_answered_by_the_same_batch(book: Plain) -> None:
    book.batch({"addSheet": {"properties": {"sheetId": 9, "title": "_sync", "hidden": True}}})
    book.write("A1", [["ID", "P"], ["k1", "old"], ["k2", "=1+1"]])
    book.write("'_sync'!A1", [["left over", "from", "before"], ["x", "y"], ["z", "w"], ["more"]])
    mask = (
        "replies,updatedSpreadsheet(sheets(properties(sheetId),"
        "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue)))))"
    )
    answer = book.batch(
        {
            "copyPaste": {
                "source": area(0, 0, 4, 2),
                "destination": area(0, 0, 4, 2, 9),
                "pasteType": "PASTE_VALUES",
            }
        },
        {
            "updateCells": {
                "start": {"rowIndex": 1, "columnIndex": 1},
                "rows": [cells("new")],
                "fields": "userEnteredValue",
            }
        },
        fields=mask,
        includeSpreadsheetInResponse=True,
        responseRanges=["'_sync'!A1:B4", "Sheet1!B2:B2"],
    ).json()
    assert answer["replies"] == [{}, {}]
    touched, hidden = answer["updatedSpreadsheet"]["sheets"]
    rows = hidden["data"][0]["rowData"]
    copied = [[cell.get("userEnteredValue") for cell in row.get("values", [])] for row in rows]
    assert copied == [
        [{"stringValue": "ID"}, {"stringValue": "P"}],
        [{"stringValue": "k1"}, {"stringValue": "old"}],
        [{"stringValue": "k2"}, {"numberValue": 2}],
    ]
    (data,) = touched["data"]
    assert (data["startRow"], data["startColumn"]) == (1, 1)
    assert data["rowData"][0]["values"][0]["effectiveValue"] == {"stringValue": "new"}


def test_a_format_copied_is_no_value_and_a_small_source_is_repeated(book: Plain) -> None:
    book.write("A1:B1", [["x", "=A1"]])
    paste = {"source": area(0, 0, 1, 2), "destination": area(1, 0, 3, 2), "pasteType": "PASTE_NORMAL"}
    book.batch({"copyPaste": paste})
    assert book.read("A1:B3", "FORMULA") == [["x", "=A1"], ["x", "=A2"], ["x", "=A3"]]


def test_cut_cells_take_the_formulas_that_read_them_along(book: Plain) -> None:
    book.write("A1", [[1, "=A1+1", "=SUM(A1:A3)"]])
    cut = {"source": area(0, 0, 1, 1), "destination": {"rowIndex": 4, "columnIndex": 0}}
    book.batch({"cutPaste": cut})
    assert book.read("A1:C5", "FORMULA") == [["", "=A5+1", "=SUM(A1:A3)"], [], [], [], [1]]


def test_find_and_replace_counts(book: Plain) -> None:
    book.write("A1", [["Alpha", "alphabet"], ["beta", "=1+1"]])
    answer = book.batch({"findReplace": {"find": "alpha", "replacement": "o", "allSheets": True}}).json()
    assert answer["replies"] == [
        {"findReplace": {"valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 2}}
    ]
    assert book.read("A1:B2") == [["o", "obet"], ["beta", "2"]]


# Structure


def metadata(book: Plain, key: str, axis: str, at: int) -> dict:
    place = {"dimensionRange": lines(axis, at, at + 1)}
    entry = {"metadataKey": key, "metadataValue": key, "visibility": "DOCUMENT", "location": place}
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def places(book: Plain, axis: str) -> dict[str, int]:
    answer = book.get(fields=f"sheets(data({axis}Metadata(developerMetadata)))")
    found = {}
    for at, described in enumerate(answer["sheets"][0]["data"][0][f"{axis}Metadata"]):
        for entry in described.get("developerMetadata", []):
            assert entry["location"]["dimensionRange"]["startIndex"] == at
            found[entry["metadataKey"]] = at
    return found


def test_column_metadata_follows_insertions_moves_and_deletions(book: Plain) -> None:
    created = book.batch(metadata(book, "name", "COLUMNS", 1), metadata(book, "mark", "COLUMNS", 3)).json()
    assert created["replies"][0]["createDeveloperMetadata"]["developerMetadata"]["location"] == {
        "locationType": "COLUMN",
        "dimensionRange": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
    }
    book.batch({"insertDimension": {"range": lines("COLUMNS", 1, 3)}})
    assert places(book, "column") == {"name": 3, "mark": 5}
    book.batch({"moveDimension": {"source": lines("COLUMNS", 5, 6), "destinationIndex": 0}})
    assert places(book, "column") == {"mark": 0, "name": 4}
    book.batch({"deleteDimension": {"range": lines("COLUMNS", 0, 1)}})
    assert places(book, "column") == {"name": 3}


def test_row_metadata_follows_moves_and_stays_in_a_sort(book: Plain) -> None:
    book.write("A1", [["b"], ["c"], ["a"]])
    book.batch(metadata(book, "first", "ROWS", 0))
    book.batch({"sortRange": {"range": area(0, 0, 3, 1), "sortSpecs": [{"dimensionIndex": 0}]}})
    assert book.read("A1:A3") == [["a"], ["b"], ["c"]]
    assert places(book, "row") == {"first": 0}
    book.batch({"moveDimension": {"source": lines("ROWS", 0, 1), "destinationIndex": 3}})
    assert book.read("A1:A3") == [["b"], ["c"], ["a"]]
    assert places(book, "row") == {"first": 2}


def test_metadata_is_updated_and_deleted_by_what_it_says(book: Plain) -> None:
    book.batch(metadata(book, "a", "COLUMNS", 0), metadata(book, "b", "COLUMNS", 1))
    lookup = {"developerMetadataLookup": {"metadataKey": "a"}}
    change = {"dataFilters": [lookup], "developerMetadata": {"metadataKey": "z"}, "fields": "metadataKey"}
    book.batch({"updateDeveloperMetadata": change})
    assert places(book, "column") == {"z": 0, "b": 1}
    gone = {"developerMetadataLookup": {"metadataKey": "b"}}
    book.batch({"deleteDeveloperMetadata": {"dataFilter": gone}})
    assert places(book, "column") == {"z": 0}


def test_a_sort_puts_blanks_last_and_numbers_before_texts(book: Plain) -> None:
    book.write("A1", [["b", 1], [10, 2], ["", 3], ["A", 4], [9, 5]])
    spec = {"dimensionIndex": 0, "sortOrder": "ASCENDING"}
    book.batch({"sortRange": {"range": area(0, 0, 5, 2), "sortSpecs": [spec]}})
    assert [row[1] for row in book.read("A1:B5")] == ["5", "2", "4", "1", "3"]
    book.batch({"sortRange": {"range": area(0, 0, 5, 2), "sortSpecs": [spec | {"sortOrder": "DESCENDING"}]}})
    assert [row[1] for row in book.read("A1:B5")] == ["1", "4", "2", "5", "3"]


def test_inserted_rows_look_like_their_neighbour(book: Plain) -> None:
    text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    book.batch({"repeatCell": {"range": area(1, 0, 2, 1), "cell": text, "fields": "userEnteredFormat"}})
    book.batch({"insertDimension": {"range": lines("ROWS", 2, 4), "inheritFromBefore": True}})
    book.write("A4:A5", [["0612"], ["0612"]])
    assert book.read("A4:A5") == [["0612"], ["612"]]


def test_merges_and_filters_and_protections_follow_inserted_rows(book: Plain) -> None:
    book.batch(
        {"mergeCells": {"range": area(1, 0, 3, 2), "mergeType": "MERGE_ALL"}},
        {"setBasicFilter": {"filter": {"range": area(0, 0, 10, 3)}}},
        {"addProtectedRange": {"protectedRange": {"range": area(0, 0, 1000, 1)}}},
        {"addNamedRange": {"namedRange": {"name": "zone", "range": area(1, 0, 3, 2)}}},
        {"insertDimension": {"range": lines("ROWS", 1, 3)}},
    )
    answer = book.get()
    (sheet,) = answer["sheets"]
    assert sheet["merges"] == [{k: v for k, v in area(3, 0, 5, 2).items() if k != "sheetId"}]
    assert sheet["basicFilter"]["range"]["endRowIndex"] == 12
    assert sheet["protectedRanges"][0]["range"]["endRowIndex"] == 1002
    assert answer["namedRanges"][0]["range"]["startRowIndex"] == 3


def test_a_cell_protected_against_an_account_refuses_its_whole_batch(server: Running, book: Plain) -> None:
    protection = {"range": area(0, 0, 5, 1), "editors": {"users": []}}
    book.batch({"addProtectedRange": {"protectedRange": protection}})
    book.share("autre@localsheets.example")
    other = Plain(server.url, "autre@localsheets.example", book.book)
    answer = other.batch(
        {"updateCells": {"start": {"columnIndex": 1}, "rows": [cells("ok")], "fields": "userEnteredValue"}},
        {"updateCells": {"start": {}, "rows": [cells("no")], "fields": "userEnteredValue"}},
    )
    assert answer.status_code == 400
    assert "protected cell" in answer.json()["error"]["message"]
    assert book.read("A1:B1") == []
    assert book.write("A1", [["owner"]]).status_code == 200


# Drive


def test_drive_knows_renames_trashes_shares_and_deletes(book: Plain) -> None:
    path = f"/drive/v3/files/{book.book}"
    before = book.call("GET", path, fields="version,modifiedTime,trashed,name").json()
    assert (before["name"], before["trashed"]) == ("Essai", False)
    assert book.call("PATCH", path, {"name": "Autre nom", "trashed": True}).status_code == 200
    after = book.call("GET", path, fields="version,trashed,name").json()
    assert (after["name"], after["trashed"]) == ("Autre nom", True)
    assert int(after["version"]) > int(before["version"])
    assert book.get()["properties"]["title"] == "Autre nom"
    shared = book.call("POST", f"{path}/permissions", {"type": "user", "role": "writer", "emailAddress": "a@b.c"})
    listed = book.call("GET", f"{path}/permissions", fields="permissions(id,role)").json()["permissions"]
    assert {"id": shared.json()["id"], "role": "writer"} in listed
    assert book.call("DELETE", f"{path}/permissions/{shared.json()['id']}").status_code == 204
    assert book.call("DELETE", path).status_code == 204
    gone = book.call("GET", path)
    assert (gone.status_code, gone.json()["error"]["message"]) == (404, f"File not found: {book.book}.")
    assert book.call("GET", f"/v4/spreadsheets/{book.book}").status_code == 404


# The grid page


def test_the_state_is_cheap_when_nothing_changed_and_partial_when_little_did(book: Plain) -> None:
    book.batch({"addSheet": {"properties": {"sheetId": 5, "title": "Deux"}}})
    whole = book.state().json()
    assert [sheet["sheetId"] for sheet in whole["sheets"]] == [0, 5]
    assert book.state(whole["revision"]).status_code == 204
    book.write("Deux!A1", [["x"]])
    changed = book.state(whole["revision"]).json()
    assert changed["order"] == [0, 5]
    assert [sheet["title"] for sheet in changed["sheets"]] == ["Deux"]
    assert changed["sheets"][0]["rows"] == [[{"f": "x", "e": "x"}]]


def test_actions_are_one_step_undone_and_redone(book: Plain) -> None:
    book.act({"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": [["Nom", "Note"], ["Ada", "15"]]})
    answer = book.act(
        {"type": "insertRows", "sheetId": 0, "at": 1, "count": 1},
        {"type": "set", "sheetId": 0, "row": 1, "column": 0, "values": [["Bob", "=B3"]]},
    )
    assert answer.json()["revision"] == book.state().json()["revision"]
    filled = [["Nom", "Note"], ["Bob", "15"], ["Ada", "15"]]
    assert book.read("A1:B9") == filled
    assert book.page("undo").status_code == 200
    assert book.read("A1:B9") == [["Nom", "Note"], ["Ada", "15"]]
    assert book.page("redo").status_code == 200
    assert book.read("A1:B9") == filled


def test_an_undo_leaves_what_others_wrote_since(book: Plain) -> None:
    book.act({"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": [["mine"]]})
    book.write("B1", [["theirs"]])
    assert book.page("undo").status_code == 200
    assert book.read("A1:B1") == [["", "theirs"]]


def test_an_undone_deletion_brings_back_cells_formulas_and_metadata(book: Plain) -> None:
    book.write("A1", [["a", "=A2"], ["b", 2], ["c", 3]])
    book.batch(metadata(book, "k", "ROWS", 1))
    book.act({"type": "deleteRows", "sheetId": 0, "at": 1, "count": 1})
    book.write("C1", [["since"]])
    assert book.read("A1:C3", "FORMULA") == [["a", "=#REF!", "since"], ["c", 3]]
    assert book.page("undo").status_code == 200
    assert book.read("A1:C3", "FORMULA") == [["a", "=A2", "since"], ["b", 2], ["c", 3]]
    assert places(book, "row") == {"k": 1}


@pytest.mark.parametrize(
    "since",
    [
        {"insertDimension": {"range": lines("ROWS", 0, 1)}},
        {"sortRange": {"range": area(0, 0, 3, 1), "sortSpecs": [{"dimensionIndex": 0}]}},
    ],
)
def test_an_undo_is_refused_once_lines_moved(book: Plain, since: dict) -> None:
    book.write("A1", [["b"], ["a"], ["c"]])
    book.act({"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": [["mine"]]})
    book.batch(since)
    before = book.read("A1:A9")
    answer = book.page("undo")
    assert (answer.status_code, "bougé" in answer.json()["error"]) == (409, True)
    assert book.read("A1:A9") == before


def test_an_undo_never_takes_away_a_row_that_was_filled_since(book: Plain) -> None:
    book.act({"type": "insertRows", "sheetId": 0, "at": 0, "count": 1})
    book.write("A1", [["theirs"]])
    assert book.page("undo").status_code == 409
    assert book.read("A1") == [["theirs"]]


def test_every_action_of_the_page(book: Plain) -> None:
    sheet = {"sheetId": 0}
    book.act(sheet | {"type": "set", "row": 0, "column": 0, "values": [["N"], ["3"], ["1"], ["2"]]})
    book.act(sheet | {"type": "sort", "column": 0, "descending": False, "headerRows": 1})
    assert book.read("A1:A4") == [["N"], ["1"], ["2"], ["3"]]
    book.act(sheet | {"type": "moveRows", "from": 3, "count": 1, "to": 1})
    assert book.read("A1:A4") == [["N"], ["3"], ["1"], ["2"]]
    book.act(sheet | {"type": "insertColumns", "at": 0, "count": 1})
    assert book.read("A1:B1") == [["", "N"]]
    book.act(sheet | {"type": "deleteColumns", "at": 0, "count": 1})
    book.act({"type": "addSheet", "title": "Neuf"})
    added = book.state().json()["order"][1]
    book.act({"type": "renameSheet", "sheetId": added, "title": "Renommé"})
    assert book.get()["sheets"][1]["properties"]["title"] == "Renommé"
    book.act({"type": "deleteSheet", "sheetId": added})
    for _ in range(8):
        assert book.page("undo").status_code == 200
    assert book.read("A1:B4") == []
    assert len(book.get()["sheets"]) == 1
    for _ in range(8):
        assert book.page("redo").status_code == 200
    assert book.read("A1:A4") == [["N"], ["3"], ["1"], ["2"]]


@pytest.mark.parametrize(
    "action",
    [
        {"type": "set", "sheetId": 99, "row": 0, "column": 0, "values": [["x"]]},
        {"type": "set", "sheetId": 0, "row": -1, "column": 0, "values": [["x"]]},
        {"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": "x"},
        {"type": "deleteRows", "sheetId": 0, "at": 0, "count": 1000},
        {"type": "addSheet", "title": "sheet1"},
        {"type": "deleteSheet", "sheetId": 0},
        {"type": "dance"},
    ],
)
def test_an_impossible_action_changes_nothing_and_says_why(book: Plain, action: dict) -> None:
    good = {"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": [["lost"]]}
    answer = book.act(good, action)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith((".", "»."))
    assert book.read("A1") == []


def test_the_log_tells_who_did_what(book: Plain) -> None:
    book.write("A1", [["x"]])
    book.act({"type": "addSheet", "title": "Neuf"})
    log = requests.get(f"{book.url}/_control/log", params={"book": book.book}, timeout=5).json()
    assert [(entry["revision"], entry["kind"], entry["actor"]) for entry in log] == [
        (1, "create", "passerelle@localsheets.example"),
        (2, "values.update", "passerelle@localsheets.example"),
        (3, "actions", "grille"),
    ]


def test_the_pages_are_french(book: Plain) -> None:
    home = requests.get(f"{book.url}/", timeout=5).text
    assert "Classeurs" in home
    assert f"/spreadsheets/d/{book.book}/edit" in home
    assert requests.get(f"{book.url}/spreadsheets/d/{book.book}/edit", timeout=5).status_code == 200
    missing = requests.get(f"{book.url}/spreadsheets/d/nowhere/edit", timeout=5)
    assert (missing.status_code, "n’existe pas" in missing.text) == (404, True)


# Durability


@contextlib.contextmanager
def process(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen, str]]:
    command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", str(data), *options]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield running, running.stdout.readline().split()[-1]
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


def test_nothing_answered_is_lost_to_a_kill(tmp_path: Path) -> None:
    with process(tmp_path / "books.db") as (running, url):
        client = Plain(url)
        client.create("Solide")
        for number in range(20):
            client.write(f"A{number + 1}", [[number]])
        client.batch({"insertDimension": {"range": lines("ROWS", 0, 1)}}, metadata(client, "k", "COLUMNS", 2))
        before = client.get(includeGridData="true")
        running.send_signal(signal.SIGKILL)
        running.wait()
    with process(tmp_path / "books.db") as (running, url):
        again = Plain(url, book=client.book)
        assert again.get(includeGridData="true") == before
        assert again.read("A2:A21") == [[str(number)] for number in range(20)]
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0


@pytest.mark.alone
def test_latency_is_slept_around_the_effect_not_inside_a_lock(tmp_path: Path) -> None:
    running = serve(data=tmp_path / "slow.db", latency_ms=200)
    client = Plain(running.url)
    client.create()
    start = time.monotonic()
    client.read("A1")
    assert 0.2 <= time.monotonic() - start < 0.4
    start = time.monotonic()
    client.state()
    assert time.monotonic() - start < 0.15
    running.stop()


def test_writers_at_once_lose_nothing(book: Plain) -> None:
    def add(number: int) -> int:
        own = Plain(book.url, book=book.book)
        row = [cells(f"writer {number}")]
        answers = [
            own.batch({"appendCells": {"sheetId": 0, "rows": row, "fields": "userEnteredValue"}}) for _ in range(5)
        ]
        return sum(answer.status_code == 200 for answer in answers)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(add, range(4))) == 20
    written = book.read("A1:A99")
    assert sorted(written) == sorted([[f"writer {number}"] for number in range(4) for _ in range(5)])


def test_a_parameter_that_no_call_has_is_refused(book: Plain) -> None:
    answer = book.call("GET", f"/v4/spreadsheets/{book.book}", includeGridDatas="true")
    assert answer.status_code == 400
    assert 'Unknown name "includeGridDatas"' in answer.json()["error"]["message"]
