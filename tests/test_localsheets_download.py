"""A book is downloaded from the address of docs.google.com, by those who may read it."""

from collections.abc import Iterator

import pytest
import requests

from localsheets.server import Running, serve
from tests.localsheets_client import Plain

ADA = "ada@example.org"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("download") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create("Élèves", "fr_FR", [{"properties": {"title": "A"}}, {"properties": {"title": "B", "sheetId": 7}}])
    client.write("A!A1:B2", [["Nom", "Note"], ["Ada, dite", "12,5"]])
    client.write("B!A1", [["seul"]])
    return client


def _download(client: Plain, **query: object) -> requests.Response:
    return client.call("GET", f"/spreadsheets/d/{client.book}/export", **query)


@pytest.mark.parametrize(
    ("query", "kind", "content"),
    [
        ({"format": "csv"}, "text/csv", 'Nom,Note\r\n"Ada, dite","12,5"'),
        ({"format": "csv", "gid": 7}, "text/csv", "seul"),
        ({"format": "tsv", "gid": 0}, "text/tab-separated-values", "Nom\tNote\r\nAda, dite\t12,5"),
        ({"exportFormat": "csv", "gid": "7"}, "text/csv", "seul"),
    ],
    ids=["first tab", "a tab", "between tabs", "as links write it"],
)
def test_a_tab_is_downloaded(book: Plain, query: dict[str, object], kind: str, content: str) -> None:
    answer = _download(book, **query)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, kind)
    assert answer.content.decode() == content


def test_a_book_is_downloaded_whole_by_default(book: Plain) -> None:
    answer = _download(book)
    assert answer.content[:2] == b"PK"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%89l%C3%A8ves.xlsx"


def test_the_links_that_drive_gives_lead_to_the_same(book: Plain) -> None:
    links = book.call("GET", f"/drive/v3/files/{book.book}", fields="exportLinks").json()["exportLinks"]
    address = links["text/csv"].replace("https://docs.google.com", book.url)
    assert book.session.get(address, timeout=5).content == _download(book, format="csv").content


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ({"format": "pdf"}, 501, "downloads as pdf"),
        ({"format": "ods"}, 501, "downloads as ods"),
        ({"format": "zip"}, 501, "downloads as zip"),
        ({"format": "xlsx", "gid": 7}, 501, "one sheet as xlsx"),
        ({"format": "csv", "range": "A1"}, 501, "range"),
        ({"format": "doc"}, 400, "doc"),
        ({"format": "csv", "gid": 8}, 400, "Cette feuille"),
        ({"format": "csv", "gid": "x"}, 400, "Cette feuille"),
        ({"format": "csv", "id": "other"}, 404, "Ce classeur"),
    ],
    ids=lambda value: str(value),
)
def test_what_is_not_downloaded_is_said(book: Plain, query: dict[str, object], status: int, word: str) -> None:
    answer = _download(book, **query)
    assert answer.status_code == status
    assert word in answer.text


def test_only_those_who_read_a_book_download_it(server: Running, book: Plain) -> None:
    ada = Plain(server.url, ADA, book.book)
    assert _download(ada, format="csv").status_code == 404
    book.share(ADA, "reader")
    assert _download(ada, format="csv").status_code == 200
    bad = requests.get(f"{server.url}/spreadsheets/d/{book.book}/export", headers={"Authorization": "Bearer no"})
    assert bad.status_code == 401
    # Without a token it is the person at the grid.
    assert requests.get(f"{server.url}/spreadsheets/d/{book.book}/export?format=csv", timeout=5).status_code == 200
