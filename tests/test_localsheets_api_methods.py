"""The methods of Sheets v4 beyond what clients use every day: filters, metadata, copies, options, refusals."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from localsheets.server import Running, serve
from tests.held_to_discovery import Held
from tests.localsheets_client import Plain, area, lines


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("methods") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create()
    return client


def loosely() -> None:
    """Let pass what Google takes although its discovery document does not say so."""
    Held.wrong.clear()


def post(book: Plain, method: str, body: Any, **query: Any) -> Any:
    return book.call("POST", f"/v4/spreadsheets/{book.book}{method}", body, **query)


def append(book: Plain, cells: str, values: list[list[Any]], **query: Any) -> Any:
    return post(book, f"/values/{cells}:append", {"values": values}, **({"valueInputOption": "RAW"} | query)).json()


# Appending, as Google's documentation tells it of two tables


@pytest.mark.parametrize(
    ("cells", "start"),
    [("Sheet1", "B7"), ("B4", "B7"), ("C5:D5", "B7"), ("D4", "B7"), ("B2:D4", "B7"), ("A3:G10", "B7")]
    + [("A1", "A3"), ("E4", "E4"), ("A4", "A4")],
)
def test_append_finds_the_table_of_a_range(book: Plain, cells: str, start: str) -> None:
    book.write("A1", [["x", "y", "z"], ["x", "y", "z"], [], ["", "x", "y"], ["", "", "y", "z"], ["", "x", "y", "z"]])
    updated = append(book, cells, [["new"]])["updates"]["updatedRange"]
    assert updated == f"Sheet1!{start}"


def test_append_inserts_rows_when_asked_and_says_what_it_wrote(book: Plain) -> None:
    book.write("A1", [["a"], ["b"], [], ["below"]])
    options = {"insertDataOption": "INSERT_ROWS", "includeValuesInResponse": "true"}
    answer = append(book, "A1", [["c", None, 3], ["d"]], **options)
    assert answer["tableRange"] == "Sheet1!A1:A2"
    assert answer["updates"] == {
        "spreadsheetId": book.book,
        "updatedRange": "Sheet1!A3:C4",
        "updatedRows": 2,
        "updatedColumns": 2,
        "updatedCells": 3,
        "updatedData": {"range": "Sheet1!A3:C4", "majorDimension": "ROWS", "values": [["c", "", "3"], ["d"]]},
    }
    assert book.read("A6") == [["below"]]


# Options


@pytest.mark.parametrize(
    ("render", "dates", "values"),
    [
        ("FORMATTED_VALUE", "SERIAL_NUMBER", ["2", "1/2/2024", "TRUE", "#DIV/0!"]),
        ("unformatted-value", "SERIAL_NUMBER", [2, 45293, True, "#DIV/0!"]),
        ("UNFORMATTED_VALUE", "1", [2, "1/2/2024", True, "#DIV/0!"]),
        ("FORMULA", "SERIAL_NUMBER", ["=1+1", 45293, True, "=1/0"]),
    ],
)
def test_values_are_rendered_as_asked(book: Plain, render: str, dates: str, values: list[Any]) -> None:
    book.write("A1", [["=1+1", "1/2/2024", "TRUE", "=1/0"]])
    (line,) = book.read("A1:D1", render, dateTimeRenderOption=dates)
    loosely()
    assert line[:3] == values[:3]
    assert line[3].startswith(values[3])
    # Unformatted, an error says what is wrong.
    assert ("(" in line[3]) == (render.startswith("unf") or render.startswith("UNF"))


def test_columns_are_written_and_read_and_nulls_left_alone(book: Plain) -> None:
    book.write("A1", [["kept", "old"]])
    body = {"majorDimension": "COLUMNS", "values": [[None, "a"], ["", "b", "c"]]}
    path = f"/v4/spreadsheets/{book.book}/values/A1"
    answer = book.call("PUT", path, body, valueInputOption="RAW").json()
    assert (answer["updatedRange"], answer["updatedRows"], answer["updatedCells"]) == ("Sheet1!A1:B3", 3, 4)
    assert book.read("A1:B3") == [["kept"], ["a", "b"], ["", "c"]]
    assert book.read("A1:B3", majorDimension="COLUMNS") == [["kept", "a"], ["", "b", "c"]]


@pytest.mark.parametrize(
    ("query", "field", "kind"),
    [
        ({"majorDimension": "DIAGONAL"}, "major_dimension", "Dimension"),
        ({"valueRenderOption": "NICE"}, "value_render_option", "ValueRenderOption"),
        ({"dateTimeRenderOption": ""}, "date_time_render_option", "DateTimeRenderOption"),
    ],
)
def test_an_option_that_is_no_word_of_it_is_refused(book: Plain, query: dict, field: str, kind: str) -> None:
    error = book.call("GET", f"/v4/spreadsheets/{book.book}/values/A1", **query).json()["error"]
    text = f"Invalid value at '{field}' (type.googleapis.com/google.apps.sheets.v4.{kind}), \"{[*query.values()][0]}\""
    assert error["message"] == text
    assert error["details"][0]["fieldViolations"] == [{"field": field, "description": text}]


@pytest.mark.parametrize(
    ("cells", "values", "message"),
    [
        ("A1:B1", [[1], [2]], "Requested writing within range [A1:B1], but tried writing to row [2]"),
        ("Z1", [[1, 2]], "Requested writing within range [Z1], but tried writing to column [AA]"),
        ("A1:AD1", [[1]], "Range (Sheet1!A1:AD1) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("A1001", [[1]], "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_a_write_outside_is_refused(book: Plain, cells: str, values: list, message: str) -> None:
    assert book.write(cells, values).json()["error"]["message"] == message
    assert book.read("A1:Z9") == []


# DataFilters and developer metadata


@pytest.fixture()
def marked(book: Plain) -> Plain:
    book.write("A1", [["a", "b"], ["c", "d"], ["e", "f"]])
    entries = [
        {"metadataKey": "row", "location": {"dimensionRange": lines("ROWS", 1, 2)}},
        {"metadataKey": "column", "location": {"dimensionRange": lines("COLUMNS", 1, 2)}},
        {"metadataKey": "tab", "location": {"sheetId": 0}, "visibility": "PROJECT"},
        {"metadataKey": "book", "location": {"spreadsheet": True}},
    ]
    numbered = [{"visibility": "DOCUMENT", "metadataId": 10 + at} | entry for at, entry in enumerate(entries)]
    book.batch(*({"createDeveloperMetadata": {"developerMetadata": entry}} for entry in numbered))
    return book


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({"developerMetadataLookup": {}}, ["book", "row", "column", "tab"]),
        ({"developerMetadataLookup": {"metadataId": 11}}, ["column"]),
        ({"developerMetadataLookup": {"visibility": "PROJECT"}}, ["tab"]),
        ({"developerMetadataLookup": {"locationType": "ROW"}}, ["row"]),
        ({"developerMetadataLookup": {"metadataKey": "none"}}, []),
        ({"a1Range": "B2"}, ["row", "column", "tab"]),
        ({"gridRange": area(0, 0, 1, 1)}, ["tab"]),
    ],
)
def test_metadata_is_searched(marked: Plain, given: dict, keys: list[str]) -> None:
    found = post(marked, "/developerMetadata:search", {"dataFilters": [given]}).json()
    matched = found.get("matchedDeveloperMetadata", [])
    assert [entry["developerMetadata"]["metadataKey"] for entry in matched] == keys
    assert all(len(entry["dataFilters"]) == 1 for entry in matched)


def test_metadata_is_got_by_its_id(marked: Plain) -> None:
    path = f"/v4/spreadsheets/{marked.book}/developerMetadata/"
    assert marked.call("GET", f"{path}10").json()["location"]["locationType"] == "ROW"
    assert marked.call("GET", f"{path}99").status_code == 404
    assert "TYPE_INT32" in marked.call("GET", f"{path}x").json()["error"]["message"]


def test_values_by_filter_come_in_the_order_of_the_book(marked: Plain) -> None:
    filters = [{"a1Range": "B1:B2"}, {"developerMetadataLookup": {"metadataId": 10}}, {"gridRange": area(0, 0, 2, 1)}]
    answer = post(marked, "/values:batchGetByDataFilter", {"dataFilters": filters}).json()
    assert [(found["valueRange"]["range"], found["valueRange"]["values"]) for found in answer["valueRanges"]] == [
        ("Sheet1!A1:A2", [["a"], ["c"]]),
        ("Sheet1!A2:Z2", [["c", "d"]]),
        ("Sheet1!B1:B2", [["b"], ["d"]]),
    ]
    assert "sheetId" not in answer["valueRanges"][0]["dataFilters"][0]["gridRange"]


def test_values_are_written_and_cleared_by_filter(marked: Plain) -> None:
    row = {"developerMetadataLookup": {"metadataKey": "row"}}
    body = {"valueInputOption": "RAW", "data": [{"dataFilter": row, "values": [["new", None]]}]}
    answer = post(marked, "/values:batchUpdateByDataFilter", body).json()
    assert (answer["totalUpdatedCells"], answer["responses"][0]["dataFilter"]) == (1, row)
    assert marked.read("A2:B2") == [["new", "d"]]
    cleared = post(marked, "/values:batchClearByDataFilter", {"dataFilters": [row]}).json()
    assert cleared["clearedRanges"] == ["Sheet1!A2:Z2"]
    assert marked.read("A1:B3") == [["a", "b"], [], ["e", "f"]]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ([], "Must specify at least one dataFilter."),
        ([{}], "Invalid dataFilter[0]: dataFilter.filter must be specified."),
        ([{"a1Range": "A1"}, {"a1Range": "No!A1"}], "Invalid dataFilter[1]: Unable to parse range: No!A1"),
        ([{"gridRange": {"sheetId": 9}}], "Invalid dataFilter[0]: No grid with id: 9"),
        ([{"gridRange": {"startRowIndex": -1}}], "Invalid dataFilter[0]: GridRange indexes must be >= 0"),
        (
            [{"gridRange": {"startRowIndex": 5, "endRowIndex": 2}}],
            "Invalid dataFilter[0]: endRowIndex[2] cannot be before startRowIndex[5]",
        ),
    ],
)
def test_a_filter_that_selects_nothing_sensible_is_refused(book: Plain, filters: list, message: str) -> None:
    answer = post(book, "/values:batchGetByDataFilter", {"dataFilters": filters})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_a_book_is_got_by_filter(marked: Plain) -> None:
    marked.batch({"addSheet": {"properties": {"title": "Autre"}}})
    body = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "row"}}], "includeGridData": True}
    (sheet,) = post(marked, ":getByDataFilter", body).json()["sheets"]
    assert sheet["data"][0]["startRow"] == 1
    assert [cell["formattedValue"] for cell in sheet["data"][0]["rowData"][0]["values"]] == ["c", "d"]
    assert len(post(marked, ":getByDataFilter", {}).json()["sheets"]) == 2


# Copies, creations


@pytest.mark.parametrize(("locale", "title"), [("en_US", "Copy of Sheet1"), ("fr_FR", "Copie de Sheet1")])
def test_a_tab_is_copied_to_another_book(book: Plain, locale: str, title: str) -> None:
    book.write("A1", [["=1+1", "texte"]])
    book.batch({"mergeCells": {"range": area(2, 0, 4, 2)}})
    other = Plain(book.url)
    other.create("Autre", locale)
    copied = post(book, "/sheets/0:copyTo", {"destinationSpreadsheetId": other.book}).json()
    assert (copied["title"], copied["index"], copied["sheetId"] != 0) == (title, 1, True)
    again = post(book, "/sheets/0:copyTo", {"destinationSpreadsheetId": other.book}).json()
    assert again["title"] == f"{title} 2"
    assert other.read(f"{title}!A1:B1", "FORMULA") == [["=1+1", "texte"]]
    assert other.get()["sheets"][1]["merges"][0]["sheetId"] == copied["sheetId"]


def test_a_book_is_created_with_all_that_tabs_carry(server: Running) -> None:
    client = Plain(server.url)
    described = {
        "properties": {"title": "Tout"},
        "merges": [area(0, 0, 1, 2)],
        "basicFilter": {"range": area(1, 0, 5, 2)},
        "protectedRanges": [{"range": area(1, 0, 2, 1), "description": "à garder"}],
        "rowGroups": [{"range": lines("ROWS", 2, 4)}],
    }
    made = client.create("Livre", sheets=[described])["sheets"][0]
    assert made["merges"] == [{"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}]
    assert made["protectedRanges"][0]["requestingUserCanEdit"] is True
    assert made.keys() >= {"basicFilter", "rowGroups"}


# What any request may carry


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"not json", "Invalid JSON payload received. Unexpected token.\nnot json\n^"),
        (b'{"requests":', 'Invalid JSON payload received. Unexpected end of string. Expected a value.\n{"requests":\n'),
        (b"[1]", 'Invalid JSON payload received. Unknown name "": Root element must be a message.'),
        (b'{"nope": 1}', 'Invalid JSON payload received. Unknown name "nope": Cannot find field.'),
    ],
)
def test_a_body_that_is_no_message_is_refused(book: Plain, data: bytes, message: str) -> None:
    url = f"{book.url}/v4/spreadsheets/{book.book}:batchUpdate"
    answer = book.session.post(url, data=data, headers={"Content-Type": "text/plain"}, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(message)


def test_a_form_is_read_as_more_of_the_query(book: Plain) -> None:
    url = f"{book.url}/v4/spreadsheets/{book.book}/values:batchGet"
    book.write("A1", [["x"]])
    long = {"X-HTTP-Method-Override": "GET"}
    answer = book.session.post(url, data={"ranges": ["A1", "A2"]}, headers=long, timeout=5)
    assert [found["range"] for found in answer.json()["valueRanges"]] == ["Sheet1!A1", "Sheet1!A2"]
    loosely()
    wrong = book.session.post(url.replace("batchGet", "batchClear"), data={"ranges": "A1"}, timeout=5)
    assert "Cannot bind query parameter. Field 'ranges'" in wrong.json()["error"]["message"]
    loosely()


def test_a_packed_body_is_unpacked(book: Plain) -> None:
    url = f"{book.url}/v4/spreadsheets/{book.book}/values/A1?valueInputOption=RAW"
    packed = gzip.compress(json.dumps({"values": [["x"]]}).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert book.session.put(url, data=packed, headers=headers, timeout=5).json()["updatedCells"] == 1
    loosely()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"prettyPrint": "false", "alt": "json", "quotaUser": "q", "key": "k", "$.xgafv": "2"}, 200),
        ({"fields": "*"}, 200),
        ({"fields": "sheets(properties(title,sheetId),data.rowData.values(userEnteredValue))"}, 200),
        ({"fields": "sheets/properties/title"}, 200),
        ({"fields": "properties, sheets.properties"}, 400),
        ({"fields": "sheets.properties.name"}, 400),
        ({"includeGridData": "Yes"}, 200),
        ({"includeGridData": "maybe"}, 400),
        ({"$.xgafv": "3"}, 400),
        ({"valueInputOption": "RAW"}, 400),
        ({"alt": "proto"}, 501),
        ({"callback": "read"}, 501),
    ],
)
def test_parameters_are_taken_or_refused(book: Plain, query: dict, status: int) -> None:
    answer = book.call("GET", f"/v4/spreadsheets/{book.book}", **query)
    assert answer.status_code == status, answer.text
    loosely()
    if query.get("fields") == "properties, sheets.properties":
        (violation,) = answer.json()["error"]["details"][0]["fieldViolations"]
        assert violation["field"] == query["fields"]
        assert violation["description"].endswith("for path ' sheets.properties'.")


def test_a_token_may_come_in_the_query(book: Plain) -> None:
    token = book.session.headers.pop("Authorization").removeprefix("Bearer ")
    assert book.call("GET", f"/v4/spreadsheets/{book.book}", access_token=token).status_code == 200


def test_cells_say_how_they_look_and_where_they_lead(book: Plain) -> None:
    book.write("A1", [["texte", 1, "TRUE", '=HYPERLINK("https://example.org","ici")']])
    row = book.get(ranges="A1:D1", includeGridData="true")["sheets"][0]["data"][0]["rowData"][0]["values"]
    looks = [cell["effectiveFormat"] for cell in row]
    assert [look["horizontalAlignment"] for look in looks[:3]] == ["LEFT", "RIGHT", "CENTER"]
    assert looks[0]["textFormat"]["fontFamily"] == "Arial"
    assert (row[3]["hyperlink"], looks[3]["hyperlinkDisplayType"]) == ("https://example.org", "LINKED")
