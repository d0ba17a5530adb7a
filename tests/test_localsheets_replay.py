"""The replay of recordings notices whatever differs, and follows ids that the other side minted."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.recordings import kind_of, recorder_of, scenery
from bench.replay import NOTHING, Ids, Player, compare
from localsheets.server import Running
from tests.localsheets_client import credentials

ROOT = Path(__file__).parent.parent
SHEETS, DRIVE = "https://sheets.googleapis.com/v4/spreadsheets", "https://www.googleapis.com/drive/v3/files"
GRID = {"rowCount": 5, "columnCount": 3}
MIME = "application/vnd.google-apps.spreadsheet"
THEIRS, OLDER, HIDDEN = (f"1{letter * 30}-{letter}x4" for letter in "abz")


def pair(method: str, uri: str, body: Any, answer: Any, status: int = 200) -> dict[str, Any]:
    return {"method": method, "uri": uri, "body": body, "status": status, "answer": answer}


def created(name: str, file_id: str) -> dict[str, Any]:
    answer = {"kind": "drive#file", "id": file_id, "name": name, "mimeType": MIME}
    return pair("POST", DRIVE, {"name": name, "mimeType": MIME}, answer)


#: A tab is added, filled by its minted id, and read; a named range is made and deleted.
ADD_TAB = pair(
    "POST",
    f"{SHEETS}/{THEIRS}:batchUpdate?fields=replies",
    {"requests": [{"addSheet": {"properties": {"title": "Notes", "gridProperties": GRID}}}]},
    {"replies": [{"addSheet": {"properties": {
        "sheetId": 123456789, "title": "Notes", "index": 1, "sheetType": "GRID",
        "gridProperties": GRID,
    }}}]},
)  # fmt: skip
FILL = pair(
    "POST",
    f"{SHEETS}/{THEIRS}:batchUpdate",
    {"requests": [{"updateCells": {
        "start": {"sheetId": 123456789, "rowIndex": 0, "columnIndex": 0},
        "rows": [{"values": [{"userEnteredValue": {"stringValue": "Ada"}}, {"userEnteredValue": {"numberValue": 15}}]}],
        "fields": "userEnteredValue",
    }}]},
    {"spreadsheetId": THEIRS, "replies": [{}]},
)  # fmt: skip
READ = pair(
    "GET",
    f"{SHEETS}/{THEIRS}/values/Notes%21A1%3AB2?valueRenderOption=UNFORMATTED_VALUE",
    None,
    {"range": "Notes!A1:B2", "majorDimension": "ROWS", "values": [["Ada", 15]]},
)
TABS = pair(
    "GET",
    f"{SHEETS}/{THEIRS}?fields=spreadsheetId,spreadsheetUrl,sheets.properties(sheetId,title)",
    None,
    {
        "spreadsheetId": THEIRS,
        "sheets": [
            {"properties": {"sheetId": 0, "title": "Sheet1"}},
            {"properties": {"sheetId": 123456789, "title": "Notes"}},
        ],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{THEIRS}/edit",
    },
)  # fmt: skip
FIRST = [created("Essai", THEIRS), ADD_TAB, FILL, READ, TABS]

#: An account that holds a file from before, and asks for another's.
LISTED = {
    "kind": "drive#fileList",
    "files": [
        {"id": THEIRS, "name": "Essai", "createdTime": "2026-02-02T10:00:00.000Z"},
        {"id": OLDER, "name": "Ancien", "createdTime": "2025-02-02T10:00:00.000Z"},
    ],
}
SECOND = [
    created("Essai", THEIRS),
    pair("GET", f"{DRIVE}?q=trashed%3Dfalse&fields=kind,files(id,name,createdTime)", None, LISTED),
    pair("GET", f"{SHEETS}/{OLDER}?fields=properties.title", None, {"properties": {"title": "Ancien"}}),
    pair("DELETE", f"{DRIVE}/{OLDER}", None, None, 204),
]  # fmt: skip


@pytest.fixture
def player(sheets_server: Running) -> Player:
    def token(email: str) -> str:
        return str(credentials(sheets_server.url, email).token)

    return Player(sheets_server.url, token, "recorder@example.com")


def played(player: Player, interactions: list[dict[str, Any]]) -> list[list[str]]:
    """Return the paths that differ in each pair."""
    return [[one.path for one in pair.differences] for pair in player.play(interactions)]


@pytest.mark.parametrize("interactions", [FIRST, SECOND], ids=["ids are followed", "older files are put up"])
def test_a_true_recording_is_equal(player: Player, interactions: list[dict[str, Any]]) -> None:
    assert played(player, interactions) == [[] for _ in interactions]


def _set(path: str, value: Any) -> Any:
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))

    def spoil(interactions: list[dict[str, Any]]) -> None:
        holder: Any = interactions
        for part in parents:
            holder = holder[part]
        if value is NOTHING:
            del holder[last]
        else:
            holder[last] = value

    return spoil


@pytest.mark.parametrize(
    ("spoil", "index", "path"),
    [
        (_set("3.answer.more", 1), 3, ".more"),
        (_set("3.answer.majorDimension", NOTHING), 3, ".majorDimension"),
        (_set("3.answer.values.0.1", "15"), 3, ".values[0][1]"),
        (_set("3.answer.values.0.1", 15.0), 3, ".values[0][1]"),
        (_set("3.answer.values.0.0", "Bob"), 3, ".values[0][0]"),
        (_set("3.answer.values.0", ["Ada", 15, ""]), 3, ".values[0][2]"),
        (_set("3.answer.values.0", ["Ada"]), 3, ".values[0][1]"),
        (_set("4.answer.sheets.1.properties.sheetId", 0), 4, ".sheets[1].properties.sheetId"),
        (_set("4.answer.sheets.0.properties.sheetId", 7), 4, ".sheets[0].properties.sheetId"),
        (_set("4.answer.spreadsheetUrl", NOTHING), 4, ".spreadsheetUrl"),
        (_set("3.status", 404), 3, "(status)"),
        (_set("2.answer", {"spreadsheetId": OLDER, "replies": [{}]}), 2, ".spreadsheetId"),
    ],
    ids=[
        "a key we lack", "a key too many", "a text for a number", "a float for a whole number", "another text",
        "a shorter list", "a longer list", "another tab's id", "an id that nobody mints", "a link we should not have",
        "another status", "another book's id",
    ],
)  # fmt: skip
def test_a_spoilt_answer_is_noticed(player: Player, spoil: Any, index: int, path: str) -> None:
    interactions = copy.deepcopy(FIRST)
    spoil(interactions)
    assert played(player, interactions)[index] == [path]


@pytest.mark.parametrize(
    ("theirs", "ours", "paths"),
    [
        ({"modifiedTime": "2020"}, {"modifiedTime": "2026"}, []),
        ({"modifiedTime": "2020"}, {"modifiedTime": 2026}, [".modifiedTime"]),
        ({"a": True}, {"a": 1}, [".a"]),
        ({"a": None}, {}, [".a"]),
        ([{"id": "anyoneWithLink"}], [{"id": "12"}], ["[0].id"]),
        ([{"sheetId": 41}, {"sheetId": 42}], [{"sheetId": 7}, {"sheetId": 7}], ["[1].sheetId"]),
        ([{"sheetId": 41}, {"sourceSheetId": 41}], [{"sheetId": 7}, {"sourceSheetId": 8}], ["[1].sourceSheetId"]),
        ([{"id": "1abcd"}, "no 1abcd here"], [{"id": "1efgh"}, "no 1efgh here"], []),
        ({"a": []}, {"a": {}}, [".a"]),
    ],
    ids=["times", "a time's type", "true is not 1", "null is not nothing", "an id that is a word", "one for two",
         "families", "ids in sentences", "list or object"],
)  # fmt: skip
def test_comparison(theirs: Any, ours: Any, paths: list[str]) -> None:
    assert [one.path for one in compare(theirs, ours, Ids())] == paths


def test_an_id_that_the_recorder_chose_is_no_other(player: Player) -> None:
    ids = Ids()
    body = {"requests": [{"addSheet": {"properties": {"sheetId": 77}}}]}
    assert ids.outgoing(body) == body
    assert [one.path for one in compare({"sheetId": 77}, {"sheetId": 78}, ids)] == [".sheetId"]


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/v4/spreadsheets", "spreadsheets.create"),
        ("GET", "/v4/spreadsheets/1a?fields=x", "spreadsheets.get"),
        ("POST", "/v4/spreadsheets/1a:getByDataFilter", "spreadsheets.getByDataFilter"),
        ("GET", "/v4/spreadsheets/1a/values:batchGet?ranges=A1", "spreadsheets.values.batchGet"),
        ("GET", "/v4/spreadsheets/1a/values/Notes%21A1", "spreadsheets.values.get"),
        ("PUT", "/v4/spreadsheets/1a/values/A1", "spreadsheets.values.update"),
        ("POST", "/v4/spreadsheets/1a/values/A1:B2:append", "spreadsheets.values.append"),
        ("POST", "/v4/spreadsheets/1a/sheets/4:copyTo", "spreadsheets.sheets.copyTo"),
        ("GET", "/drive/v3/files?q=x", "files.list"),
        ("PATCH", "/drive/v3/files/1a", "files.update"),
        ("GET", "/drive/v3/files/1a/export?mimeType=text/csv", "files.export"),
        ("GET", "/drive/v3/files/1a/permissions", "files.permissions.list"),
        ("DELETE", "/drive/v3/files/1a/permissions/4", "files.permissions.delete"),
    ],
)
def test_kinds(method: str, path: str, kind: str) -> None:
    assert kind_of(method, f"https://sheets.googleapis.com{path}") == kind


def test_scenery_is_put_up_before_what_is_younger() -> None:
    hidden = pair("GET", f"{SHEETS}/{HIDDEN}", None, {"error": {"code": 403}}, 403)
    unknown = pair("GET", f"{SHEETS}/1{'q' * 40}", None, {"error": {"code": 404}}, 404)
    found = scenery([unknown, *SECOND, hidden])
    placed = [(at, file.name, bool(file.account)) for at, files in found.items() for file in files]
    assert sorted(placed) == [(0, "", True), (1, "Ancien", False)]


def test_the_recorder_is_the_account_that_answers_name() -> None:
    answer = {"users": ["robot@project.iam.gserviceaccount.com"]}
    assert recorder_of([[pair("GET", DRIVE, None, answer)]]) == "robot@project.iam.gserviceaccount.com"
    assert recorder_of([FIRST]) == "recorder@example.com"


@pytest.mark.parametrize(("spoilt", "status"), [(False, 0), (True, 1)], ids=["equal", "different"])
def test_the_command_prints_and_judges(tmp_path: Path, spoilt: bool, status: int) -> None:
    interactions = copy.deepcopy(FIRST)
    if spoilt:
        interactions[3]["answer"]["values"] = [["Ada", 16]]
    (tmp_path / "one.json").write_text(json.dumps({"recording": "one", "interactions": interactions}))
    command = [sys.executable, "bench/google_answers.py", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == status, done.stderr
    assert ("values[0][1]: expected 16, got 15" in done.stdout) == spoilt
    assert f"{4 if spoilt else 5} / 5" in done.stdout


def test_the_command_says_when_there_is_nothing_to_play(tmp_path: Path) -> None:
    command = [sys.executable, "bench/google_answers.py", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "No recordings in" in done.stderr
