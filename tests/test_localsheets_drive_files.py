"""Drive's files: folders, searches, order, pages, moves, copies, the bin, and what may be asked of them."""

from collections.abc import Iterator

import gspread
import pytest
import requests

from localsheets.drive.list import natural
from localsheets.drive.query import starts_words
from localsheets.server import Running, serve
from tests.localsheets_client import Plain, gspread_client

FOLDER, SHEET = "application/vnd.google-apps.folder", "application/vnd.google-apps.spreadsheet"
FILES = "/drive/v3/files"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("files") / "books.db")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def shelf(server: Running) -> Plain:
    """Give an account with a few files of its own."""
    client = Plain(server.url, "rayon@localsheets.example")
    for name in ("Notes 10", "Notes 2", "Jury d'été", "HelloWorld"):
        client.create(name)
        client.write("A1", [[f"contenu de {name}"]])
    folder = client.call("POST", FILES, {"name": "Dossier", "mimeType": FOLDER, "description": "rangé"}).json()["id"]
    client.call("POST", FILES, {"name": "Dedans", "mimeType": SHEET, "parents": [folder], "properties": {"k": "v"}})
    gone = client.call("POST", FILES, {"name": "Jeté", "mimeType": SHEET}).json()["id"]
    client.call("PATCH", f"{FILES}/{gone}", {"trashed": True})
    star = client.call("GET", FILES, q="name = 'Notes 2'").json()["files"][0]["id"]
    client.call("PATCH", f"{FILES}/{star}", {"starred": True})
    client.book = folder
    return client


def _names(client: Plain, **query: object) -> set[str]:
    answer = client.call("GET", FILES, **query)
    assert answer.status_code == 200, answer.text
    return {file["name"] for file in answer.json()["files"]}


ALL = {"Notes 10", "Notes 2", "Jury d'été", "HelloWorld", "Dossier", "Dedans", "Jeté"}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ALL),
        ("name = 'Notes 2'", {"Notes 2"}),
        ('name = "Notes 2"', {"Notes 2"}),
        ("name != 'Notes 2'", ALL - {"Notes 2"}),
        ("name = 'Jury d\\'été'", {"Jury d'été"}),
        ("name contains 'note'", {"Notes 10", "Notes 2"}),
        ("name contains 'Hello'", {"HelloWorld"}),
        ("name contains 'World'", set()),
        ("fullText contains 'contenu de Jury'", {"Jury d'été"}),
        ("trashed = true", {"Jeté"}),
        ("trashed", {"Jeté"}),
        ("not trashed", ALL - {"Jeté"}),
        ("trashed != true and starred", {"Notes 2"}),
        ("starred = true", {"Notes 2"}),
        (f"mimeType = '{FOLDER}'", {"Dossier"}),
        (f"mimeType != '{FOLDER}' and not (name contains 'Notes' or trashed)", {"Jury d'été", "HelloWorld", "Dedans"}),
        ("name = 'Dedans' or name = 'Notes 2' and starred", {"Dedans", "Notes 2"}),
        ("'root' in parents and starred", {"Notes 2"}),
        ("modifiedTime > '2001-01-01T00:00:00' and createdTime < '2001-01-01'", set()),
        ("modifiedTime >= '2020-06-04T12:00:00-08:00'", ALL),
        ("'me' in owners", ALL),
        ("'rayon@localsheets.example' in writers", ALL),
        ("'ada@example.org' in readers", set()),
        ("properties has { key='k' and value='v' }", {"Dedans"}),
        ("appProperties has { key='k' and value='v' }", set()),
        ("sharedWithMe", set()),
    ],
)  # fmt: skip
def test_a_search_finds(shelf: Plain, q: str, found: set[str]) -> None:
    assert _names(shelf, q=q) == found


@pytest.mark.parametrize(
    "q",
    [
        "name", "name =", "name = 'a", "name > 'a'", "colour = 'red'", "name = 'a' name = 'b'", "(trashed",
        "trashed = 'maybe'", "trashed = maybe", "modifiedTime > 'hier'", "'a' in children", "and trashed", "not",
        "mimeType contains", "properties has { key='k' }", "name = 'a' and", ")", "name in 'a'", "'a' on parents", "é",
    ],
)  # fmt: skip
def test_a_bad_search_is_refused(shelf: Plain, q: str) -> None:
    answer = shelf.call("GET", FILES, q=q)
    assert answer.status_code == 400
    entry = {"message": "Invalid Value", "domain": "global", "reason": "invalid", "location": "q"}
    assert answer.json()["error"]["errors"] == [entry | {"locationType": "parameter"}]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", ["Dedans", "Dossier", "HelloWorld", "Jeté", "Jury d'été", "Notes 10", "Notes 2"]),
        ("name_natural desc", ["Notes 10", "Notes 2", "Jury d'été", "Jeté", "HelloWorld", "Dossier", "Dedans"]),
        ("folder,name desc", ["Dossier", "Notes 2", "Notes 10", "Jury d'été", "Jeté", "HelloWorld", "Dedans"]),
        ("starred, createdTime", ["Notes 2", "Notes 10", "Jury d'été", "HelloWorld", "Dossier", "Dedans", "Jeté"]),
    ],
)
def test_files_come_in_order(shelf: Plain, order: str, names: list[str]) -> None:
    files = shelf.call("GET", FILES, orderBy=order).json()["files"]
    assert [file["name"] for file in files] == names


def test_files_come_a_page_at_a_time(shelf: Plain) -> None:
    names, token = [], ""
    while True:
        answer = shelf.call("GET", FILES, orderBy="name", pageSize=3, pageToken=token).json()
        names.append([file["name"] for file in answer["files"]])
        token = answer.get("nextPageToken")
        if token is None:
            break
        assert shelf.call("GET", FILES, orderBy="name desc", pageSize=3, pageToken=token).status_code == 400
    assert [len(page) for page in names] == [3, 3, 1]
    assert {name for page in names for name in page} == ALL


@pytest.mark.parametrize(
    ("query", "reason", "location"),
    [
        ({"pageSize": 0}, "invalidParameter", "pageSize"),
        ({"pageSize": 1001}, "invalidParameter", "pageSize"),
        ({"pageSize": "dix"}, "invalidParameter", "pageSize"),
        ({"pageToken": "abc"}, "invalid", "pageToken"),
        ({"orderBy": "colour"}, "invalid", "orderBy"),
        ({"fields": "files(colour)"}, "invalidParameter", "fields"),
        ({"fields": "files("}, "invalidParameter", "fields"),
        ({"corpora": "mars"}, "invalid", "corpora"),
        ({"corpora": "drive"}, "required", "driveId"),
    ],
)
def test_a_bad_parameter_is_refused(shelf: Plain, query: dict[str, object], reason: str, location: str) -> None:
    answer = shelf.call("GET", FILES, **query)
    entry = answer.json()["error"]["errors"][0]
    assert (answer.status_code, entry["reason"], entry["location"]) == (400, reason, location)


def test_an_unknown_parameter_is_refused(shelf: Plain) -> None:
    answer = shelf.call("GET", FILES, colour="red")
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_a_file_is_described_whole(shelf: Plain) -> None:
    book = shelf.call("GET", FILES, q="name = 'Dedans'").json()["files"][0]["id"]
    file = shelf.call("GET", f"{FILES}/{book}", fields="*").json()
    assert (file["parents"], file["properties"], file["trashed"], file["ownedByMe"]) == (
        [shelf.book],
        {"k": "v"},
        False,
        True,
    )
    assert file["capabilities"]["canDelete"] is True
    assert file["permissions"][0]["role"] == "owner"
    short = shelf.call("GET", f"{FILES}/{book}").json()
    assert short == {"kind": "drive#file", "id": book, "name": "Dedans", "mimeType": SHEET}
    assert shelf.call("GET", f"{FILES}/root", fields="name").json() == {"name": "My Drive"}


def test_a_file_moves_and_its_folder_takes_it_to_the_bin(shelf: Plain) -> None:
    folder = shelf.call("POST", FILES, {"name": "Tiroir", "mimeType": FOLDER}).json()["id"]
    inner = shelf.call("POST", FILES, {"name": "Boîte", "mimeType": FOLDER, "parents": [folder]}).json()["id"]
    looped = shelf.call("PATCH", f"{FILES}/{folder}", {}, addParents=inner)
    assert (looped.status_code, looped.json()["error"]["errors"][0]["reason"]) == (403, "cyclicMembership")
    shelf.call("PATCH", f"{FILES}/{folder}", {"trashed": True})
    seen = shelf.call("GET", f"{FILES}/{inner}", fields="trashed,explicitlyTrashed").json()
    assert seen == {"trashed": True, "explicitlyTrashed": False}
    moved = shelf.call(
        "PATCH", f"{FILES}/{inner}", {}, removeParents=folder, addParents="root", fields="trashed"
    ).json()
    assert moved == {"trashed": False}
    assert shelf.call("DELETE", f"{FILES}/{inner}").status_code == 204
    assert shelf.call("DELETE", f"{FILES}/trash").status_code == 204
    assert shelf.call("GET", f"{FILES}/{folder}").status_code == 404
    shelf.call("POST", FILES, {"name": "Jeté", "mimeType": SHEET})


def test_versions_grow_and_stars_leave_the_content_alone(server: Running) -> None:
    client = Plain(server.url)
    client.create()
    path, fields = f"{FILES}/{client.book}", "version,modifiedTime"
    first = client.call("GET", path, fields=fields).json()
    client.call("PATCH", path, {"starred": True})
    client.share("ada@example.org")
    second = client.call("GET", path, fields=fields).json()
    assert int(second["version"]) > int(first["version"]) and second["modifiedTime"] == first["modifiedTime"]
    client.write("A1", [["a"]])
    assert client.call("GET", path, fields=fields).json()["modifiedTime"] >= second["modifiedTime"]


def test_gspread_works_in_a_folder(server: Running) -> None:
    client = gspread_client(server.url)
    plain = Plain(server.url)
    folder = plain.call("POST", FILES, {"name": "Promotions", "mimeType": FOLDER}).json()["id"]
    book = client.create("Dans le dossier", folder)
    assert client.open("Dans le dossier", folder).id == book.id
    copy = client.copy(book.id, "Sa copie", folder_id=folder)
    assert {file["id"] for file in client.list_spreadsheet_files(folder_id=folder)} == {book.id, copy.id}
    with pytest.raises(gspread.exceptions.APIError, match="File not found"):
        client.create("Nulle part", "nothing")


def test_about_needs_fields(shelf: Plain) -> None:
    assert shelf.call("GET", "/drive/v3/about").json()["error"]["errors"][0]["reason"] == "required"
    given = shelf.call("GET", "/drive/v3/about", fields="user(emailAddress,me)").json()
    assert given == {"user": {"emailAddress": "rayon@localsheets.example", "me": True}}


@pytest.mark.parametrize(
    ("name", "wanted", "found"),
    [
        ("HelloWorld", "hello", True),
        ("Notes du jury", "du ju", True),
        ("Notes du jury", "ju notes", False),
        ("", "", True),
    ],
)
def test_names_contain_words(name: str, wanted: str, found: bool) -> None:
    assert starts_words(name, wanted) is found


def test_natural_order() -> None:
    assert sorted(["b 10", "b 2", "a", "2", "10"], key=natural) == ["2", "10", "a", "b 2", "b 10"]


def test_an_unknown_field_of_the_body_is_refused(shelf: Plain) -> None:
    assert shelf.call("POST", FILES, {"name": "x", "mimeType": SHEET, "colour": "red"}).status_code == 400
    assert shelf.call("POST", FILES, {"name": "x", "mimeType": "text/plain"}).status_code == 501
    assert requests.get(f"{shelf.url}{FILES}", timeout=5).status_code in (401, 403)
