"""Comments and replies, and the changes that an account is told of."""

from collections.abc import Iterator

import pytest

from localsheets.server import Running, serve
from tests.localsheets_client import Plain

ADA = "ada@example.org"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("comments") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create()
    return client


@pytest.fixture()
def comments(book: Plain) -> str:
    return f"/drive/v3/files/{book.book}/comments"


def test_comments_need_fields(book: Plain, comments: str) -> None:
    made = book.call("POST", comments, {"content": "Vu"}, fields="id").json()["id"]
    calls = [("GET", comments), ("POST", comments), ("GET", f"{comments}/{made}"), ("PATCH", f"{comments}/{made}")]
    calls += [("GET", f"{comments}/{made}/replies"), ("POST", f"{comments}/{made}/replies")]
    for method, path in calls:
        answer = book.call(method, path, None if method == "GET" else {"content": "x"})
        assert answer.status_code == 400
        assert answer.json()["error"]["message"] == "The 'fields' parameter is required for this method."


def test_a_comment_lives(book: Plain, comments: str) -> None:
    body = {
        "content": "Voir <A1>",
        "anchor": '{"r":"head"}',
        "quotedFileContent": {"mimeType": "text/html", "value": "15"},
    }
    made = book.call("POST", comments, body, fields="*").json()
    assert (made["htmlContent"], made["anchor"], made["quotedFileContent"]["value"], made["resolved"]) == (
        "Voir &lt;A1&gt;",
        '{"r":"head"}',
        "15",
        False,
    )
    assert made["author"] == {"kind": "drive#user", "displayName": "passerelle", "me": True}
    path = f"{comments}/{made['id']}"
    assert book.call("PATCH", path, {"content": "Vu"}, fields="content").json() == {"content": "Vu"}
    reply = book.call("POST", f"{path}/replies", {"action": "resolve"}, fields="id,action").json()
    assert book.call("GET", path, fields="resolved,replies(action)").json() == {
        "resolved": True,
        "replies": [{"action": "resolve"}],
    }
    changed = book.call("PATCH", f"{path}/replies/{reply['id']}", {"content": "Fait"}, fields="content").json()
    assert changed == {"content": "Fait"}
    assert book.call("DELETE", f"{path}/replies/{reply['id']}").status_code == 204
    assert book.call("GET", f"{path}/replies", fields="replies").json() == {"replies": []}
    assert book.call("DELETE", path).status_code == 204
    assert book.call("GET", comments, fields="comments/content,nextPageToken").json() == {"comments": []}
    left = book.call("GET", comments, fields="comments(id,deleted,content)", includeDeleted=True).json()
    assert left == {"comments": [{"id": made["id"], "deleted": True}]}
    answer = book.call("GET", path, fields="id")
    assert (answer.status_code, answer.json()["error"]["message"]) == (404, f"Comment not found: {made['id']}.")


def test_comments_come_a_page_at_a_time(book: Plain, comments: str) -> None:
    for number in range(3):
        book.call("POST", comments, {"content": str(number)}, fields="id")
    first = book.call("GET", comments, fields="*", pageSize=2).json()
    second = book.call("GET", comments, fields="*", pageSize=2, pageToken=first["nextPageToken"]).json()
    assert [len(first["comments"]), len(second["comments"]), "nextPageToken" in second] == [2, 1, False]


def test_only_authors_rewrite_their_comments(book: Plain, comments: str) -> None:
    book.share(ADA, "commenter")
    ada = Plain(book.url, ADA, book.book)
    made = ada.call("POST", comments, {"content": "Question"}, fields="id").json()["id"]
    assert book.call("PATCH", f"{comments}/{made}", {"content": "Autre"}, fields="id").status_code == 403
    assert ada.call("PATCH", f"{comments}/{made}", {"content": "Autre"}, fields="id").status_code == 200
    assert ada.call("POST", comments, {}, fields="id").status_code == 400
    assert ada.call("POST", f"{comments}/{made}/replies", {"action": "close"}, fields="id").status_code == 400


# Changes


def _token(client: Plain) -> str:
    return client.call("GET", "/drive/v3/changes/startPageToken").json()["startPageToken"]


def _changes(client: Plain, token: str, **query: object) -> dict[str, object]:
    return client.call("GET", "/drive/v3/changes", pageToken=token, **query).json()


def test_changes_follow_a_token(book: Plain) -> None:
    token = _token(book)
    assert _changes(book, token) == {"kind": "drive#changeList", "newStartPageToken": token, "changes": []}
    book.write("A1", [["a"]])
    book.write("A1", [["b"]])
    answer = _changes(book, token)
    change = answer["changes"][0]
    assert (len(answer["changes"]), change["fileId"], change["removed"], change["file"]["id"]) == (
        1,
        book.book,
        False,
        book.book,
    )
    assert _changes(book, answer["newStartPageToken"])["changes"] == []


def test_what_is_lost_is_removed(book: Plain) -> None:
    ada = Plain(book.url, ADA)
    token = _token(ada)
    permission = book.share(ADA)["id"]
    assert [change["removed"] for change in _changes(ada, token)["changes"]] == [False]
    token = _token(ada)
    book.call("DELETE", f"/drive/v3/files/{book.book}/permissions/{permission}")
    assert [change["removed"] for change in _changes(ada, token)["changes"]] == [True]
    assert _changes(ada, token, includeRemoved=False)["changes"] == []
    token = _token(ada)
    book.call("DELETE", f"/drive/v3/files/{book.book}")
    assert [change["removed"] for change in _changes(book, token)["changes"]] == [True]
    assert _changes(ada, token)["changes"] == []


def test_changes_come_a_page_at_a_time(book: Plain) -> None:
    token, seen = _token(book), []
    for _ in range(3):
        book.create()
    while token:
        answer = _changes(book, token, pageSize=2)
        seen += [change["fileId"] for change in answer["changes"]]
        token = answer.get("nextPageToken")
    assert len(seen) == len(set(seen)) == 3


@pytest.mark.parametrize("token", ["0", "-1", "abc", "999999", ""])
def test_a_bad_token_is_refused(book: Plain, token: str) -> None:
    assert book.call("GET", "/drive/v3/changes", pageToken=token).status_code == 400
