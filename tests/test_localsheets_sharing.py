"""Books are seen, read and written by those they are shared with, and by nobody else."""

from collections.abc import Iterator

import pytest
import requests

from localsheets.server import Running, serve
from tests.localsheets_client import Plain

ADA, BOB = "ada@cnam.example", "bob@cnam.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("sharing") / "books.db")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def people(server: Running) -> dict[str, Plain]:
    return {email: Plain(server.url, email) for email in (ADA, BOB)}


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create("Promotion")
    return client


def _statuses(person: Plain, book_id: str) -> dict[str, int]:
    sheet, file = f"/v4/spreadsheets/{book_id}", f"/drive/v3/files/{book_id}"
    values = {"values": [["x"]]}
    calls = {
        "read": person.call("GET", f"{sheet}/values/A1"),
        "write": person.call("PUT", f"{sheet}/values/A1", values, valueInputOption="RAW"),
        "file": person.call("GET", file),
        "export": person.call("GET", f"{file}/export", mimeType="text/csv"),
        "comment": person.call("POST", f"{file}/comments", {"content": "Vu"}, fields="id"),
        "permissions": person.call("GET", f"{file}/permissions"),
        "rename": person.call("PATCH", file, {"name": "Autre"}),
        "trash": person.call("PATCH", file, {"trashed": True}),
        "delete": person.call("DELETE", file),
    }
    return {name: answer.status_code for name, answer in calls.items()}


ALL = ("read", "write", "file", "export", "comment", "permissions", "rename", "trash", "delete")


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        ({}, (403, 403, 404, 404, 404, 404, 404, 404, 404)),
        ({"type": "user", "emailAddress": ADA, "role": "reader"}, (200, 403, 200, 200, 403, 403, 403, 403, 403)),
        ({"type": "user", "emailAddress": ADA, "role": "commenter"}, (200, 403, 200, 200, 200, 403, 403, 403, 403)),
        ({"type": "user", "emailAddress": ADA, "role": "writer"}, (200, 200, 200, 200, 200, 200, 200, 403, 403)),
        ({"type": "user", "emailAddress": BOB, "role": "writer"}, (403, 403, 404, 404, 404, 404, 404, 404, 404)),
        ({"type": "anyone", "role": "reader"}, (200, 403, 200, 200, 403, 403, 403, 403, 403)),
        ({"type": "anyone", "role": "writer"}, (200, 200, 200, 200, 200, 200, 200, 403, 403)),
        ({"type": "domain", "domain": "cnam.example", "role": "reader"}, (200, 403, 200, 200, 403, 403, 403, 403, 403)),
        ({"type": "domain", "domain": "autre.example", "role": "writer"}, (403, 403) + (404,) * 7),
        (
            {"type": "group", "emailAddress": "equipe@cnam.example", "role": "writer"},
            (200, 200, 200, 200, 200, 200, 200, 403, 403),
        ),
    ],
    ids=[
        "nobody", "reader", "commenter", "writer", "another", "anyone reads", "anyone writes",
        "domain", "another domain", "group",
    ],
)  # fmt: skip
def test_what_each_role_may_do(people: dict[str, Plain], book: Plain, shared: dict[str, str], expected: tuple) -> None:
    if shared:
        assert book.call("POST", f"/drive/v3/files/{book.book}/permissions", shared).status_code == 200
    assert _statuses(people[ADA], book.book) == dict(zip(ALL, expected, strict=True))


def test_the_refusals_have_the_recorded_bodies(people: dict[str, Plain], book: Plain) -> None:
    ada = people[ADA]
    assert ada.call("GET", f"/v4/spreadsheets/{book.book}").json() == {
        "error": {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}
    }
    error = ada.call("GET", f"/drive/v3/files/{book.book}").json()["error"]
    assert (error["message"], error["errors"][0]["reason"]) == (f"File not found: {book.book}.", "notFound")
    assert ada.call("GET", "/v4/spreadsheets/nothing").status_code == 404


def test_a_refused_write_has_no_effect(people: dict[str, Plain], book: Plain) -> None:
    book.share(ADA, "reader")
    before = book.call("GET", f"/drive/v3/files/{book.book}", fields="version").json()
    people[ADA].call("PUT", f"/v4/spreadsheets/{book.book}/values/A1", {"values": [["x"]]}, valueInputOption="RAW")
    after = book.call("GET", f"/drive/v3/files/{book.book}", fields="version").json()
    assert (book.read("A1"), after) == ([], before)


def test_a_list_shows_only_what_the_account_sees(people: dict[str, Plain], book: Plain) -> None:
    def listed(person: Plain, **query: str) -> set[str]:
        return {file["id"] for file in person.call("GET", "/drive/v3/files", **query).json()["files"]}

    assert book.book not in listed(people[BOB])
    book.share(BOB, "reader")
    assert book.book in listed(people[BOB], q="sharedWithMe")
    assert book.book not in listed(book, q="sharedWithMe = true")
    book.call("DELETE", f"/drive/v3/files/{book.book}/permissions/{_id_of(book, BOB)}")
    book.call("POST", f"/drive/v3/files/{book.book}/permissions", {"type": "anyone", "role": "reader"})
    assert book.book not in listed(people[BOB])


def _id_of(book: Plain, email: str) -> str:
    path = f"/drive/v3/files/{book.book}/permissions"
    found = book.call("GET", path, fields="permissions(id,emailAddress)").json()["permissions"]
    return next(entry["id"] for entry in found if entry["emailAddress"] == email)


def test_a_folder_hands_its_permissions_down(people: dict[str, Plain], book: Plain) -> None:
    body = {"name": "Dossier", "mimeType": "application/vnd.google-apps.folder"}
    folder = book.call("POST", "/drive/v3/files", body).json()["id"]
    moved = book.call("PATCH", f"/drive/v3/files/{book.book}", {}, addParents=folder, fields="parents").json()
    assert moved == {"parents": [folder]}
    assert people[ADA].call("GET", f"/v4/spreadsheets/{book.book}").status_code == 403
    shared = {"type": "user", "role": "writer", "emailAddress": ADA}
    book.call("POST", f"/drive/v3/files/{folder}/permissions", shared)
    assert people[ADA].call("GET", f"/v4/spreadsheets/{book.book}").status_code == 200
    found = people[ADA].call("GET", "/drive/v3/files", q=f"'{folder}' in parents").json()["files"]
    assert [file["id"] for file in found] == [book.book]
    refused = book.call("GET", f"/v4/spreadsheets/{folder}")
    assert (refused.status_code, refused.json()["error"]["status"]) == (400, "FAILED_PRECONDITION")


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"role": "reader"}, 400, "required"),
        ({"type": "user", "emailAddress": ADA}, 400, "required"),
        ({"type": "user", "role": "reader"}, 400, "invalid"),
        ({"type": "user", "role": "reader", "emailAddress": "ada"}, 400, "invalid"),
        ({"type": "domain", "role": "reader"}, 400, "required"),
        ({"type": "martian", "role": "reader"}, 400, "invalid"),
        ({"type": "user", "role": "king", "emailAddress": ADA}, 400, "invalid"),
        ({"type": "user", "role": "organizer", "emailAddress": ADA}, 403, "invalidRoleForItem"),
        ({"type": "user", "role": "owner", "emailAddress": ADA}, 403, "forbidden"),
    ],
)
def test_permissions_that_make_no_sense(book: Plain, body: dict[str, str], status: int, reason: str) -> None:
    answer = book.call("POST", f"/drive/v3/files/{book.book}/permissions", body)
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (status, reason)


def test_a_permission_is_changed_and_removed(people: dict[str, Plain], book: Plain) -> None:
    permission = book.share(ADA, "reader")
    path = f"/drive/v3/files/{book.book}/permissions/{permission['id']}"
    assert book.call("PATCH", path, {"role": "writer"}).json()["role"] == "writer"
    assert book.call("GET", path, fields="role,emailAddress").json() == {"role": "writer", "emailAddress": ADA}
    assert people[ADA].call("DELETE", path).status_code == 204
    answer = book.call("GET", path)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        404,
        f"Permission not found: {permission['id']}.",
    )


def test_ownership_needs_a_flag_and_consent(people: dict[str, Plain], server: Running) -> None:
    ada, bob = people[ADA], people[BOB]
    ada.create("À céder")
    path = f"/drive/v3/files/{ada.book}/permissions"
    outside = {"type": "user", "role": "owner", "emailAddress": "eve@autre.example"}
    refused = ada.call("POST", path, outside, transferOwnership=True)
    assert refused.json()["error"]["errors"][0]["reason"] == "consentRequiredForOwnershipTransfer"
    given = ada.call("POST", path, outside | {"emailAddress": BOB}, transferOwnership=True)
    assert given.json()["role"] == "owner"
    file = bob.call("GET", f"/drive/v3/files/{ada.book}", fields="ownedByMe,permissions(role,emailAddress)").json()
    assert file["ownedByMe"] is True
    assert {(entry["emailAddress"], entry["role"]) for entry in file["permissions"]} == {
        (BOB, "owner"),
        (ADA, "writer"),
    }


def test_a_pending_owner_accepts(people: dict[str, Plain], book: Plain) -> None:
    permission = book.share(ADA, "writer")
    path = f"/drive/v3/files/{book.book}/permissions/{permission['id']}"
    assert book.call("PATCH", path, {"role": "writer", "pendingOwner": True}).status_code == 200
    accepted = people[ADA].call("PATCH", path, {"role": "owner"}, transferOwnership=True)
    assert (accepted.status_code, accepted.json()["role"]) == (200, "owner")


# The page


def test_a_person_shares_and_unshares_from_the_page(people: dict[str, Plain], book: Plain, server: Running) -> None:
    address = f"{server.url}/spreadsheets/d/{book.book}/share"
    page = requests.get(address, timeout=5).text
    assert "passerelle@localsheets.example" in page and ADA not in page
    shown = requests.post(address, {"address": ADA, "role": "writer"}, timeout=5)
    assert (shown.status_code, "Éditeur" in shown.text, ADA in shown.text) == (200, True, True)
    assert people[ADA].call("GET", f"/v4/spreadsheets/{book.book}").status_code == 200
    assert ADA not in requests.post(address, {"remove": _id_of(book, ADA)}, timeout=5).text
    assert people[ADA].call("GET", f"/v4/spreadsheets/{book.book}").status_code == 403


@pytest.mark.parametrize("form", [{"address": "ada", "role": "writer"}, {"address": ADA, "role": "owner"}])
def test_the_page_says_what_is_wrong(book: Plain, server: Running, form: dict[str, str]) -> None:
    answer = requests.post(f"{server.url}/spreadsheets/d/{book.book}/share", form, timeout=5)
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


def test_the_page_of_an_unknown_book(server: Running) -> None:
    assert requests.get(f"{server.url}/spreadsheets/d/nothing/share", timeout=5).status_code == 404


def test_the_index_links_to_sharing_and_leaves_folders_out(book: Plain, server: Running) -> None:
    folder = book.call(
        "POST", "/drive/v3/files", {"name": "Un dossier", "mimeType": "application/vnd.google-apps.folder"}
    )
    page = requests.get(server.url, timeout=5).text
    assert f"/spreadsheets/d/{book.book}/share" in page
    assert folder.json()["id"] not in page
    assert requests.get(f"{server.url}/spreadsheets/d/{folder.json()['id']}/edit", timeout=5).status_code == 404


@pytest.mark.parametrize("when", ["created", "updated"])
def test_a_reader_takes_no_copy_of_a_file_that_keeps_copies_to_its_writers(server, people, when):
    owner, kept = Plain(server.url), {"copyRequiresWriterPermission": True}
    named = {"name": "Gardé", "mimeType": "application/vnd.google-apps.spreadsheet"}
    book_id = owner.call("POST", "/drive/v3/files", named | (kept if when == "created" else {})).json()["id"]
    if when == "updated":
        assert owner.call("PATCH", f"/drive/v3/files/{book_id}", kept).status_code == 200
    file = f"/drive/v3/files/{book_id}"
    for person, role in ((ADA, "reader"), (BOB, "writer")):
        owner.call("POST", f"{file}/permissions", {"type": "user", "role": role, "emailAddress": person})
    refused = people[ADA].call("POST", f"{file}/copy", {})
    assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (403, "cannotCopyFile")
    assert people[ADA].call("GET", f"{file}/export", mimeType="text/csv").status_code == 403
    assert people[BOB].call("POST", f"{file}/copy", {}).status_code == 200
