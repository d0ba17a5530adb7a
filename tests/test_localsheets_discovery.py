"""What tests hold the stand-in to: the discovery documents, read strictly."""

from typing import Any

import pytest
from werkzeug.test import Client

from localsheets.server import Running
from tests import conftest
from tests.discovery import Schemas, document, method_of, wrong_exchange
from tests.held_to_discovery import Held

SHEETS = "/v4/spreadsheets"
CELL = {"userEnteredValue": {"numberValue": 1}}


def schema(name: str, value: Any, asked: bool = False) -> str | None:
    return Schemas(document("sheets.v4")["schemas"], asked).named(name)(value)


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("Spreadsheet", {}, None),
        ("Spreadsheet", {"spreadsheetId": "1a", "sheets": [{"properties": {"sheetId": 0}}]}, None),
        ("Spreadsheet", {"sheets": [{"data": [{"rowData": [{"values": [CELL, {}]}]}]}]}, None),
        ("Spreadsheet", {"revision": 3}, ".revision: unknown field"),
        ("Spreadsheet", {"sheets": {}}, ".sheets: not a list: {}"),
        ("Sheet", {"properties": {"index": "4"}}, ".properties.index: not a whole number: '4'"),
        ("Spreadsheet", {"properties": {"locale": None}}, ".properties.locale: not a text: None"),
        ("SheetProperties", {"sheetId": 2**31}, ".sheetId: out of int32: 2147483648"),
        ("SheetProperties", {"sheetId": True}, ".sheetId: not a whole number: True"),
        ("SheetProperties", {"sheetId": 1.0}, ".sheetId: not a whole number: 1.0"),
        ("SheetProperties", {"hidden": 1}, ".hidden: not a boolean: 1"),
        ("SheetProperties", {"sheetType": "TABLE"}, ".sheetType: not of its enum: 'TABLE'"),
        ("Color", {"red": 1, "green": 0.5}, None),
        ("Color", {"red": "1"}, ".red: not a number: '1'"),
        ("Color", {"red": True}, ".red: not a number: True"),
        ("ValueRange", {"values": [["a", 1, True, None]]}, None),
        ("ValueRange", {"values": ["a"]}, ".values[0]: not a list: 'a'"),
        ("BatchUpdateSpreadsheetResponse", {"replies": [{}]}, None),
        ("BatchUpdateSpreadsheetResponse", {"replies": [{}, {"addTab": {}}]}, ".replies[1].addTab: unknown field"),
        ("Spreadsheet", [], ": not an object: []"),
    ],
)  # fmt: skip
def test_answers_are_read_strictly(name: str, value: Any, wrong: str | None) -> None:
    assert schema(name, value) == wrong


def test_a_list_in_a_list_of_messages_is_part_of_it() -> None:
    nested = {"requests": [[{"deleteSheet": {"sheetId": 1}}]]}
    assert schema("BatchUpdateSpreadsheetRequest", nested, asked=True) is None
    assert schema("BatchUpdateSpreadsheetRequest", nested) is not None


@pytest.mark.parametrize(("given", "fine"), [("16.5", True), ("-3", True), ("seize", False), (True, False)])
def test_a_number_in_a_request_may_be_a_text(given: Any, fine: bool) -> None:
    assert (schema("ExtendedValue", {"numberValue": given}, asked=True) is None) == fine
    assert schema("ExtendedValue", {"numberValue": given}) is not None


def test_a_null_in_a_request_is_a_field_not_set() -> None:
    assert schema("ValueRange", {"values": [["a"]], "majorDimension": None}, asked=True) is None
    assert schema("ValueRange", {"values": [["a"]], "majorDimension": "UP"}, asked=True) is not None


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("size", "12", None),
        ("size", 12, ".size: not a text: 12"),
        ("size", "12.5", ".size: not int64: '12.5'"),
        ("size", str(2**63), f".size: not int64: '{2**63}'"),
        ("createdTime", "2026-02-14T09:30:00.000Z", None),
        ("createdTime", "14/02/2026", ".createdTime: not date-time: '14/02/2026'"),
        ("exportLinks", {"text/csv": "https://x.example"}, None),
        ("exportLinks", {"text/csv": 1}, ".exportLinks.text/csv: not a text: 1"),
    ],
)
def test_formats_and_maps_of_drive(field: str, value: Any, wrong: str | None) -> None:
    assert Schemas(document("drive.v3")["schemas"], False).named("File")({field: value}) == wrong


@pytest.mark.parametrize(
    ("verb", "path", "name"),
    [
        ("POST", SHEETS, "sheets.spreadsheets.create"),
        ("GET", f"{SHEETS}/1a", "sheets.spreadsheets.get"),
        ("POST", f"{SHEETS}/1a:batchUpdate", "sheets.spreadsheets.batchUpdate"),
        ("GET", f"{SHEETS}/1a/values/'a/b:c'!A1:B2", "sheets.spreadsheets.values.get"),
        ("POST", f"{SHEETS}/1a/values/A1:B2:append", "sheets.spreadsheets.values.append"),
        ("GET", f"{SHEETS}/1a/values:batchGet", "sheets.spreadsheets.values.batchGet"),
        ("DELETE", "/drive/v3/files/trash", "drive.files.emptyTrash"),
        ("GET", "/drive/v3/files/1a", "drive.files.get"),
        ("POST", "/upload/drive/v3/files", "drive.files.create"),
        ("GET", "/drive/v3/changes/startPageToken", "drive.changes.getStartPageToken"),
        ("PUT", f"{SHEETS}/1a", None),
        ("GET", "/drive/v3/folders", None),
    ],
)
def test_calls_are_told_apart(verb: str, path: str, name: str | None) -> None:
    found = method_of(verb, path)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("verb", "path", "query", "body", "answer", "wrong"),
    [
        ("GET", f"{SHEETS}/1a", [("ranges", "A1"), ("ranges", "B2"), ("fields", "sheets")], None, {}, None),
        ("GET", f"{SHEETS}/1a", [("fields", "a"), ("fields", "b")], None, {}, "?fields: given more than once"),
        ("GET", f"{SHEETS}/1a", [("range", "A1")], None, {}, "?range: unknown parameter"),
        ("GET", f"{SHEETS}/1a", [("spreadsheetId", "1")], None, {}, "?spreadsheetId: unknown parameter"),
        ("GET", f"{SHEETS}/1a", [("includeGridData", "yes")], None, {}, "?includeGridData: not a boolean: yes"),
        ("GET", f"{SHEETS}/1a/values/A1", [("majorDimension", "UP")], None, {}, "?majorDimension: not of its enum: UP"),
        ("GET", "/drive/v3/files", [("pageSize", "ten")], None, {}, "?pageSize: not a whole number: ten"),
        ("GET", f"{SHEETS}/1a", [], {"x": 1}, {}, "body: this call takes none"),
        ("POST", f"{SHEETS}/1a:batchUpdate", [], {"requests": [{"x": {}}]}, {}, "body.requests[0].x: unknown field"),
        ("POST", f"{SHEETS}/1a:batchUpdate", [], {"requests": []}, {"x": 1}, "answer.x: unknown field"),
        ("DELETE", "/drive/v3/files/1a", [], None, None, None),
        ("DELETE", "/drive/v3/files/1a", [], None, {}, "answer: should be empty: {}"),
    ],
)
def test_exchanges(
    verb: str, path: str, query: list[tuple[str, str]], body: Any, answer: Any, wrong: str | None
) -> None:
    found = wrong_exchange(verb, path, query, body, answer)
    assert found == (f"{method_of(verb, path).name}: {wrong}" if wrong else None)


def test_a_call_that_google_has_not_is_noticed() -> None:
    assert wrong_exchange("GET", f"{SHEETS}/1a/tabs", [], None, {}) == f"GET {SHEETS}/1a/tabs: no such call"


def passed(path: str, status: int, answer: bytes, kind: str = "application/json", **request: Any) -> list[str]:
    """Return what is noticed when an application answers so."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        assert environ["wsgi.input"].read() == (request.get("data") or b""), "the application reads the body too"
        start_response(f"{status} X", [("Content-Type", kind)])
        return [answer]

    Held.wrong.clear()
    said = Client(Held(app)).open(path, **request)
    assert (said.status_code, said.data) == (status, answer)
    found, Held.wrong[:] = list(Held.wrong), []
    return found


NAME = "sheets.spreadsheets"


@pytest.mark.parametrize(
    ("path", "status", "answer", "request_options", "wrong"),
    [
        (f"{SHEETS}/1a", 200, b'{"spreadsheetId": "1a"}', {}, []),
        (f"{SHEETS}/1a", 200, b'{"revision": 1}', {}, [f"{NAME}.get: answer.revision: unknown field"]),
        (f"{SHEETS}/1a", 404, b'{"revision": 1}', {}, []),
        (f"{SHEETS}/1a?x=1", 200, b"{}", {}, [f"{NAME}.get: ?x: unknown parameter"]),
        (f"{SHEETS}/1a", 200, b"{", {}, ["not JSON"]),
        (f"{SHEETS}/1a", 200, b"<p>", {"kind": "text/html"}, ["not an object"]),
        (f"{SHEETS}/1a/values/%27%C3%A9%2Fa%27%21A1", 200, b"{}", {}, []),
        (SHEETS, 200, b"{}", {"method": "POST", "data": b'{"x": 1}'}, [f"{NAME}.create: body.x: unknown field"]),
        (SHEETS, 400, b"{}", {"method": "POST", "data": b'{"x": 1}'}, []),
        ("/drive/v3/files/1a/export?mimeType=text/csv", 200, b"a,b", {"kind": "text/csv"}, []),
        ("/drive/v3/files/1a", 204, b"", {"method": "DELETE"}, []),
        ("/_control/log", 200, b"[1]", {}, []),
    ],
    ids=[
        "good", "unknown field", "a refusal", "unknown parameter", "broken", "a page", "words in the path",
        "unknown field in the body", "a refused body", "a file", "empty", "not Google's",
    ],
)  # fmt: skip
def test_what_passes_is_looked_at(
    path: str, status: int, answer: bytes, request_options: dict[str, Any], wrong: list[str]
) -> None:
    found = passed(path, status, answer, **request_options)
    assert len(found) == len(wrong)
    assert all(part in whole for part, whole in zip(wrong, found, strict=True))


def test_the_description_of_a_file_that_is_sent_is_looked_at() -> None:
    body = b'--b\r\nContent-Type: application/json\r\n\r\n{"title": "a"}\r\n'
    body += b"--b\r\nContent-Type: text/csv\r\n\r\n1,2\r\n--b--"
    sent = {"method": "POST", "data": body, "content_type": "multipart/related; boundary=b"}
    found = passed("/upload/drive/v3/files?uploadType=multipart", 200, b'{"id": "1a"}', **sent)
    assert found == ["drive.files.create: body.title: unknown field"]


def test_every_stand_in_of_the_tests_is_held(sheets_server: Running) -> None:
    assert isinstance(sheets_server.server.app.wsgi_app, Held)


def test_what_was_noticed_fails_the_test() -> None:
    calling = conftest.pytest_runtest_call(None)
    next(calling)
    Held.wrong.append("x: unknown field")
    with pytest.raises(AssertionError, match="x: unknown field"):
        next(calling)
    Held.wrong.clear()
