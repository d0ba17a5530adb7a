"""Channels: who watches a file or all changes is told by a POST without a body."""

import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from localsheets.server import Running, serve
from tests.localsheets_client import Plain


class Callback:
    """Stand where notifications arrive, and answer them as told."""

    def __init__(self) -> None:
        self.got: queue.Queue[dict[str, str]] = queue.Queue()
        self.statuses: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.got.put({name.lower(): value for name, value in self.headers.items()} | {"body": body.decode()})
                self.send_response(outer.statuses.pop(0) if outer.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/push"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def next(self) -> dict[str, str]:
        return self.got.get(timeout=5)

    def states(self, count: int) -> list[str]:
        return [self.next()["x-goog-resource-state"] for _ in range(count)]

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("watch") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create()
    return client


@pytest.fixture()
def callback() -> Iterator[Callback]:
    given = Callback()
    yield given
    given.stop()


def _watch(book: Plain, callback: Callback, channel: str, **more: object) -> dict[str, str]:
    body = {"id": channel, "type": "web_hook", "address": callback.address, "token": "secret"} | more
    answer = book.call("POST", f"/drive/v3/files/{book.book}/watch", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_watched_file_tells_what_happens(book: Plain, callback: Callback) -> None:
    channel = _watch(book, callback, "canal-1")
    assert (channel["kind"], channel["id"], channel["token"]) == ("api#channel", "canal-1", "secret")
    assert 3500 < int(channel["expiration"]) / 1000 - time.time() <= 3600
    hello = callback.next()
    assert {name: hello.get(f"x-goog-{name}") for name in ("resource-state", "message-number", "changed")} == {
        "resource-state": "sync",
        "message-number": "1",
        "changed": None,
    }
    assert (hello["x-goog-channel-id"], hello["x-goog-channel-token"], hello["body"]) == ("canal-1", "secret", "")
    assert (hello["x-goog-resource-id"], hello["x-goog-resource-uri"]) == (
        channel["resourceId"],
        channel["resourceUri"],
    )
    assert hello["x-goog-channel-expiration"].endswith("GMT")
    path = f"/drive/v3/files/{book.book}"
    book.write("A1", [["a"]])
    book.call("PATCH", path, {"name": "Autre"})
    book.share("ada@example.org")
    told = [callback.next() for _ in range(3)]
    assert [(one["x-goog-resource-state"], one["x-goog-changed"]) for one in told] == [
        ("update", "content"),
        ("update", "properties"),
        ("update", "permissions"),
    ]
    assert [one["x-goog-message-number"] for one in told] == ["2", "3", "4"]
    book.call("PATCH", path, {"trashed": True})
    book.call("PATCH", path, {"trashed": False})
    book.call("DELETE", path)
    assert callback.states(3) == ["trash", "untrash", "remove"]


def test_a_person_at_the_grid_is_told_of(book: Plain, callback: Callback) -> None:
    _watch(book, callback, "canal-2")
    done = book.act({"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": [["x"]]})
    assert (done.status_code, callback.states(2)) == (200, ["sync", "update"])


def test_all_changes_are_watched_and_stopped(book: Plain, callback: Callback) -> None:
    token = book.call("GET", "/drive/v3/changes/startPageToken").json()["startPageToken"]
    body = {"id": "canal-3", "type": "web_hook", "address": callback.address}
    channel = book.call("POST", "/drive/v3/changes/watch", body, pageToken=token).json()
    again = book.call("POST", "/drive/v3/changes/watch", body, pageToken=token)
    assert (again.status_code, again.json()["error"]["errors"][0]["reason"]) == (400, "channelIdNotUnique")
    book.create()
    assert callback.states(2) == ["sync", "change"]
    stopped = {"id": "canal-3", "resourceId": channel["resourceId"]}
    assert book.call("POST", "/drive/v3/channels/stop", stopped).status_code == 204
    book.create()
    with pytest.raises(queue.Empty):
        callback.got.get(timeout=0.3)
    assert book.call("POST", "/drive/v3/channels/stop", stopped).status_code == 404


def test_who_does_not_see_the_file_is_not_told(book: Plain, callback: Callback) -> None:
    ada = Plain(book.url, "ada@example.org", book.book)
    body = {"id": "canal-4", "type": "web_hook", "address": callback.address}
    assert ada.call("POST", f"/drive/v3/files/{book.book}/watch", body).status_code == 404
    token = ada.call("GET", "/drive/v3/changes/startPageToken").json()["startPageToken"]
    assert ada.call("POST", "/drive/v3/changes/watch", body, pageToken=token).status_code == 200
    book.write("A1", [["a"]])
    book.share("ada@example.org")
    assert callback.states(2) == ["sync", "change"]
    with pytest.raises(queue.Empty):
        callback.got.get(timeout=0.2)


def test_a_refused_notification_is_sent_again(book: Plain, callback: Callback) -> None:
    callback.statuses = [503, 200]
    _watch(book, callback, "canal-5")
    assert [callback.next()["x-goog-message-number"] for _ in range(2)] == ["1", "1"]


@pytest.mark.alone
def test_notifications_may_be_late(book: Plain, callback: Callback, server: Running) -> None:
    shown = requests.post(f"{server.url}/_control/push", json={"delay": 0.4}, timeout=5).json()
    assert shown["delay"] == 0.4
    _watch(book, callback, "canal-6")
    assert callback.states(1) == ["sync"]
    began = time.monotonic()
    book.write("A1", [["a"]])
    assert time.monotonic() - began < 0.4
    callback.states(1)
    assert time.monotonic() - began >= 0.4
    requests.post(f"{server.url}/_control/push", json={"delay": 0}, timeout=5)


@pytest.mark.parametrize("body", [{}, {"delay": -1}, {"delay": "3"}, {"delay": True}, []])
def test_a_bad_delay_is_refused(server: Running, body: object) -> None:
    assert requests.post(f"{server.url}/_control/push", json=body, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"address": "http://ailleurs.example/push"}, "push.webhookUrlNotHttps"),
        ({"address": "ftp://127.0.0.1/push"}, "push.webhookUrlNotHttps"),
        ({"address": None}, "required"),
        ({"id": None}, "required"),
        ({"type": "pigeon"}, "channelTypeUnknown"),
        ({"expiration": "12"}, "invalid"),
        ({"expiration": "demain"}, "invalid"),
    ],
)
def test_a_bad_channel_is_refused(book: Plain, changed: dict[str, object], reason: str) -> None:
    body = {"id": "canal-7", "type": "web_hook", "address": "http://127.0.0.1:1/push"} | changed
    answer = book.call("POST", f"/drive/v3/files/{book.book}/watch", body)
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (400, reason)
