"""No parameter of a call is taken and forgotten: it shows in the answer or in the book, or it is refused."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from localsheets.drive import routes as drive
from localsheets.schema.messages import schema
from localsheets.server import Running, serve
from localsheets.sheets import routes as sheets
from tests.honesty import samples
from tests.localsheets_client import Plain

Json = dict[str, Any]
BOOK, FILE = "/v4/spreadsheets/{book}", "/drive/v3/files/{book}"
SHEET = "application/vnd.google-apps.spreadsheet"
KEY = {"developerMetadataLookup": {"metadataId": 5}}
HOOK = {"id": "canal", "type": "web_hook", "address": "https://example.org/"}
PAIR = [["a", "2025-01-01"], [None, "=1/3"]]
RAW = {"valueRenderOption": "UNFORMATTED_VALUE"}
TYPED = {
    "valueInputOption": "USER_ENTERED",
    "includeValuesInResponse": "true",
    "responseValueRenderOption": "UNFORMATTED_VALUE",
}
# Each method: how it is called, its query and its body.
CALLS: dict[str, tuple[str, str, Json, Json | None]] = {
    "spreadsheets.create": ("POST", "/v4/spreadsheets", {}, {}),
    "spreadsheets.get": ("GET", BOOK, {}, None),
    "spreadsheets.getByDataFilter": ("POST", BOOK + ":getByDataFilter", {}, {"dataFilters": [{"a1Range": "A1"}]}),
    "spreadsheets.batchUpdate": ("POST", BOOK + ":batchUpdate", {}, {"requests": [{"addSheet": {}}]}),
    "spreadsheets.developerMetadata.get": ("GET", BOOK + "/developerMetadata/5", {}, None),
    "spreadsheets.developerMetadata.search": ("POST", BOOK + "/developerMetadata:search", {}, {"dataFilters": [KEY]}),
    "spreadsheets.sheets.copyTo": ("POST", BOOK + "/sheets/0:copyTo", {}, {"destinationSpreadsheetId": "{book}"}),
    "spreadsheets.values.batchGet": ("GET", BOOK + "/values:batchGet", {"ranges": "A1:B2"} | RAW, None),
    "spreadsheets.values.get": ("GET", BOOK + "/values/A1:B2", RAW, None),
    "spreadsheets.values.clear": ("POST", BOOK + "/values/A1:clear", {}, {}),
    "spreadsheets.values.batchClear": ("POST", BOOK + "/values:batchClear", {}, {"ranges": ["A1"]}),
    "spreadsheets.values.batchGetByDataFilter": (
        "POST",
        BOOK + "/values:batchGetByDataFilter",
        {},
        {"dataFilters": [{"a1Range": "A1:B2"}]},
    ),
    "spreadsheets.values.batchClearByDataFilter": (
        "POST",
        BOOK + "/values:batchClearByDataFilter",
        {},
        {"dataFilters": [{"a1Range": "A1"}]},
    ),
    "spreadsheets.values.batchUpdate": (
        "POST",
        BOOK + "/values:batchUpdate",
        {},
        {"valueInputOption": "RAW", "data": [{"range": "A1", "values": [["1", "2"]]}]},
    ),
    "spreadsheets.values.batchUpdateByDataFilter": (
        "POST",
        BOOK + "/values:batchUpdateByDataFilter",
        {},
        {"valueInputOption": "RAW", "data": [{"dataFilter": {"a1Range": "A1"}, "values": [["1", "2"]]}]},
    ),
    "spreadsheets.values.append": (
        "POST",
        BOOK + "/values/A1:append",
        TYPED,
        {"values": [["0012", "1/2/2025", "=1/3"]]},
    ),
    "spreadsheets.values.update": (
        "PUT",
        BOOK + "/values/A1:C1",
        TYPED,
        {"values": [["0012", "1/2/2025", "=1/3"]]},
    ),
    "about.get": ("GET", "/drive/v3/about", {"fields": "*"}, None),
    "files.create": ("POST", "/drive/v3/files", {}, {"name": "Neuf", "mimeType": SHEET}),
    "files.list": ("GET", "/drive/v3/files", {"fields": "*"}, None),
    "files.generateIds": ("GET", "/drive/v3/files/generateIds", {}, None),
    "files.get": ("GET", FILE, {}, None),
    "files.update": ("PATCH", FILE, {}, {"name": "Autre"}),
    "files.copy": ("POST", FILE + "/copy", {}, {}),
    "files.export": ("GET", FILE + "/export", {"mimeType": "text/csv"}, None),
    "files.watch": ("POST", FILE + "/watch", {}, HOOK),
    "comments.list": ("GET", FILE + "/comments", {"fields": "*"}, None),
    "comments.create": ("POST", FILE + "/comments", {"fields": "*"}, {"content": "Bien"}),
    "permissions.create": (
        "POST",
        FILE + "/permissions",
        {},
        {"type": "user", "role": "reader", "emailAddress": "b@x.org"},
    ),
    "permissions.list": ("GET", FILE + "/permissions", {}, None),
    "changes.getStartPageToken": ("GET", "/drive/v3/changes/startPageToken", {}, None),
    "changes.list": ("GET", "/drive/v3/changes", {"pageToken": "1", "fields": "*"}, None),
    "changes.watch": ("POST", "/drive/v3/changes/watch", {"pageToken": "1"}, HOOK),
}
#: Parameters that change nothing to see, each with the reason.
SILENT = {
    "prettyPrint": "blanks between the words of an answer",
    "key": "names a project: the token already does",
    "quotaUser": "quotas count by the account of the token",
    "access_token": "the header bears the token",
    "oauth_token": "the header bears the token",
    "uploadType": "said of uploads, which have addresses of their own",
    "upload_protocol": "said of uploads, which have addresses of their own",
    "$.xgafv": "the form of errors alone",
    "excludeTablesInBandedRanges": "there are no tables",
    "supportsAllDrives": "there are no shared drives",
    "supportsTeamDrives": "there are no shared drives",
    "includeItemsFromAllDrives": "there are no shared drives",
    "includeTeamDriveItems": "there are no shared drives",
    "includeCorpusRemovals": "a file leaves the changes only when it is gone",
    "enforceSingleParent": "deprecated: a file has one parent",
    "ignoreDefaultVisibility": "no domain shares its files by default",
    "enforceExpansiveAccess": "deprecated: a folder's permission is never narrowed",
    "ocrLanguage": "no image is read",
    "acknowledgeAbuse": "no file is flagged",
    "emailMessage": "no mail leaves",
    "sendNotificationEmail": "no mail leaves",
    "transferOwnership": "says yes to the role of owner, read with that role alone",
    "files.list pageSize": "one file alone: see the tests of lists",
    "permissions.list pageSize": "one permission alone: see the tests of sharing",
    "moveToNewOwnersRoot": "read with transferOwnership alone",
    "includeRemoved": "nothing is removed here: see the tests of changes",
    "includeDeleted": "nothing is deleted here: see the tests of comments",
    "changes.watch pageSize": "what is told has no pages",
    "changes.watch spaces": "what is told has no pages",
    "commentsViewMode": "there are no comments in books, and including them is refused",
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
#: Drawn anew for each call.
WORDS = "id|spreadsheetId|spreadsheetUrl|webViewLink|sheetId|expiration|fileId|version|startPageToken|nextPageToken"
DRAWN = re.compile(rf'"({WORDS}|newStartPageToken|resource\w+)": "?[^",}}]*"?')


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("honest") / "books.db")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(server: Running) -> Plain:
    return Plain(server.url)


def _called(client: Plain, name: str, more: Json) -> tuple[int, str]:
    """Call a method on a new account's only book; return the status, and all that is seen of it after."""
    for file in client.call("GET", "/drive/v3/files").json()["files"]:
        client.call("DELETE", f"/drive/v3/files/{file['id']}")
    client.create(sheets=[{"properties": {"title": "A"}}, {"properties": {"title": "B"}}])
    client.write("A!A1:B2", PAIR)
    metadata = {"metadataId": 5, "metadataKey": "k", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}
    client.batch({"createDeveloperMetadata": {"developerMetadata": metadata}})
    for text in ("un", "deux") if name.startswith("comments.") else ():
        client.call("POST", f"/drive/v3/files/{client.book}/comments", {"content": text}, fields="id")
    verb, path, query, body = CALLS[name]
    body = json.loads(json.dumps(body).replace("{book}", client.book)) if body is not None else None
    answer = client.call(verb, path.replace("{book}", client.book), body, **query | more)
    grid = client.get(includeGridData="true")
    file = client.call("GET", f"/drive/v3/files/{client.book}", fields="*").json()
    text = f"{answer.text}\n{json.dumps([grid, file])}".replace('":', '": ').replace('":  ', '": ')
    return answer.status_code, DRAWN.sub("", MOMENT.sub("", text)).replace(client.book, "")


@cache
def _plain(client: Plain, name: str) -> tuple[int, str]:
    return _called(client, name, {})


def _parameters(name: str) -> Iterator[tuple[str, str]]:
    known = schema("drive.v3" if name in {route[3] for route in drive.ROUTES} else "sheets.v4")
    own = known.methods[name]["parameters"]
    placed = set(re.findall(r"\{(\w+)\}", known.methods[name]["http"].replace("+", "")))
    # What all methods share is held to it once for each of the two.
    shared = known.parameters if name in ("spreadsheets.get", "files.get") else {}
    for word, kind in (own | shared).items():
        if word not in placed | SILENT.keys() | {"fields"} and f"{name} {word}" not in SILENT:
            yield word, kind.strip("[]")


CASES = [(name, word, kind) for name in CALLS for word, kind in _parameters(name)]


@pytest.mark.parametrize(("name", "word", "kind"), CASES, ids=[f"{name} {word}" for name, word, _ in CASES])
def test_a_parameter_shows_or_is_refused(client: Plain, name: str, word: str, kind: str) -> None:
    plain = _plain(client, name)
    query = CALLS[name][2]
    values = samples(kind, word, query.get(word) == "true" if kind == "boolean" else query.get(word))
    silent = 0
    for value in values:
        status, text = _called(client, name, {word: str(value).lower() if kind == "boolean" else value})
        assert status < 500 or status == 501
        silent += status < 400 and (status, text) == plain
    # Of the words of an enumeration one is what is meant when none is said.
    allowed = 1 if "|" in kind else 0
    assert silent <= allowed


def test_every_method_is_held_to_it() -> None:
    known = {route[0] for route in sheets.ROUTES} | {route[3] for route in drive.ROUTES}
    # These have no parameter beside those of their addresses, or the same as a method that is here.
    without = {"files.delete", "files.emptyTrash", "channels.stop"}
    within = {name for name in known if name.startswith(("replies.", "comments.", "permissions."))}
    assert known - CALLS.keys() <= without | within


@pytest.mark.parametrize("mode", ["COMMENTS_VIEW_MODE_INCLUDED", "COMMENTS_VIEW_MODE_OMITTED"])
def test_comments_are_never_left_out_unsaid(client: Plain, mode: str) -> None:
    client.create()
    path, status = f"/v4/spreadsheets/{client.book}", 501 if mode.endswith("INCLUDED") else 200
    asked = {"commentsViewMode": mode}
    assert client.call("GET", path, **asked).status_code == status
    assert client.call("POST", f"{path}:getByDataFilter", asked).status_code == status
    assert client.batch({"addSheet": {}}, **asked).status_code == status
