"""Schedules of faults: what a client sees of each one, and what the book then holds."""

import base64
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import requests

from localsheets.faults.kinds import KINDS, Asked, kind_of
from localsheets.faults.match import Progress
from localsheets.faults.reading import BadSchedule
from localsheets.faults.schedule import FAULTS, read_schedule
from localsheets.server import serve
from localsheets.staff.actions import ACTIONS, RESTORE
from tests.localsheets_client import Plain

Json = dict[str, Any]
SOON = 0.2
SERVERS: dict[str, Any] = {}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    running = serve(port=0, data=tmp_path_factory.mktemp("faults") / "sheets.sqlite")
    SERVERS[running.url] = running
    yield running
    running.stop()


@pytest.fixture(scope="module")
def account(server: Any) -> Plain:
    return Plain(server.url)


@pytest.fixture
def book(server: Any, account: Plain) -> Iterator[Plain]:
    requests.delete(f"{server.url}/_control/faults", timeout=5)
    account.create()
    account.write("A1", [["avant"]])
    yield account
    requests.delete(f"{server.url}/_control/faults", timeout=5)


def load(book: Plain, *rules: Json, **more: Any) -> Json:
    answer = requests.post(f"{book.url}/_control/faults", json={"rules": list(rules), **more}, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.json()


def status(book: Plain) -> Json:
    return requests.get(f"{book.url}/_control/faults", timeout=5).json()


def journal(book: Plain) -> list[Json]:
    return requests.get(f"{book.url}/_control/requests", params={"book": book.book}, timeout=5).json()["requests"]


def shelf_of(book: Plain) -> Any:
    """Return the books of the server, as no fault can show them."""
    return SERVERS[book.url].faults.shelf


def held(book: Plain, row: int = 0) -> str:
    """Return what a cell of column A really holds."""
    entered = shelf_of(book).get(book.book).sheets[0].cell(row, 0).entered
    return (entered or {}).get("stringValue", "")


def write(book: Plain, text: str = "après") -> requests.Response:
    return book.write("A1", [[text]])


# --- which requests a rule falls on -----------------------------------------------------------------------------------

READ, WRITE, FILE, TOKEN = "values.get", "spreadsheets.batchUpdate", "drive.files.get", "token"
ROUND = [READ, WRITE, READ, FILE, WRITE, READ, TOKEN, WRITE, READ, WRITE]
MATCHES = {
    "no condition": ({}, list(range(1, 11))),
    "one request": ({"request": 3}, [3]),
    "several requests": ({"request": [3, 5]}, [3, 5]),
    "from": ({"from": 8}, [8, 9, 10]),
    "to": ({"to": 2}, [1, 2]),
    "every": ({"every": 4}, [4, 8]),
    "every from": ({"from": 2, "every": 4}, [2, 6, 10]),
    "every from the first": ({"from": 1, "every": 5}, [1, 6]),
    "a kind": ({"kind": "drive.files.get"}, [4]),
    "several kinds": ({"kind": ["drive.files.get", "token"]}, [4, 7]),
    "reads": ({"kind": "reads"}, [1, 3, 4, 6, 9]),
    "writes": ({"kind": "writes"}, [2, 5, 8, 10]),
    "sheets": ({"kind": "sheets"}, [1, 2, 3, 5, 6, 8, 9, 10]),
    "drive": ({"kind": "drive"}, [4]),
    "the second that fits": ({"kind": "writes", "nth": 2}, [5]),
    "the first and third that fit": ({"kind": "writes", "nth": [1, 3]}, [2, 8]),
    "at most": ({"kind": "reads", "times": 2}, [1, 3]),
    "a book": ({"book": "b1"}, [1, 3, 5, 7, 9]),
    "a book by its title": ({"book": "Notes"}, [2, 4, 6, 8, 10]),
    "an account": ({"account": "b@x"}, [6, 7, 8, 9, 10]),
    "after a while": ({"after_seconds": 7.5}, [8, 9, 10]),
    "never": ({"probability": 0}, []),
    "all at once": ({"kind": "writes", "account": "b@x", "from": 9}, [10]),
}


@pytest.mark.parametrize(("when", "expected"), MATCHES.values(), ids=MATCHES)
def test_a_rule_falls_on_the_requests_it_describes(when, expected):
    progress = Progress(read_schedule({"rules": [{"when": when, "fault": "500"}]}))
    assert [number for number, fired in enumerate(_run(progress), 1) if fired.faults] == expected
    assert progress.rules[0].fired == len(expected)


def _run(progress: Progress, kinds: list[str] = ROUND) -> list[Any]:
    titles = {"b2": "Notes"}
    fired = []
    for number, kind in enumerate(kinds, 1):
        book = f"b{2 - number % 2}"
        asked = Asked(kind, book, "a@x" if number <= 5 else "b@x", titles.get(book, ""))
        fired.append(progress.next(asked, float(number)))
    return fired


def test_a_probability_draws_the_same_with_the_same_seed():
    def drawn(seed: int) -> list[int]:
        given = {"seed": seed, "rules": [{"when": {"probability": 0.3}, "fault": "500"}]}
        return [fired.number for fired in _run(Progress(read_schedule(given)), [READ] * 300) if fired.faults]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert 60 < len(drawn(1)) < 120


def test_one_fault_ends_a_request_and_the_others_do_not_count():
    rules = [{"fault": "503"}, {"fault": "reset"}, {"fault": "slow", "ms": 1}, {"fault": "slow", "ms": 2}]
    progress = Progress(read_schedule({"rules": rules}))
    (fired,) = _run(progress, [READ])
    assert [rule.fault for rule in fired.faults] == ["503", "slow", "slow"]
    assert [count.fired for count in progress.rules] == [1, 0, 1, 1]


def test_stale_falls_on_reads_and_duplicate_on_writes_only():
    progress = Progress(read_schedule({"rules": [{"fault": "stale", "revisions": 1}, {"fault": "duplicate"}]}))
    fired = _run(progress, [READ, WRITE, TOKEN])
    assert [[rule.fault for rule in one.faults] for one in fired] == [["stale"], ["duplicate"], []]


KIND_PATHS = {
    ("POST", "/v4/spreadsheets"): "spreadsheets.create",
    ("GET", "/v4/spreadsheets/B"): "spreadsheets.get",
    ("POST", "/v4/spreadsheets/B:batchUpdate"): "spreadsheets.batchUpdate",
    ("POST", "/v4/spreadsheets/B:getByDataFilter"): "spreadsheets.getByDataFilter",
    ("GET", "/v4/spreadsheets/B/values/A1:B2"): "values.get",
    ("PUT", "/v4/spreadsheets/B/values/A1:B2"): "values.update",
    ("GET", "/v4/spreadsheets/B/values:batchGet"): "values.batchGet",
    ("POST", "/v4/spreadsheets/B/values:batchUpdate"): "values.batchUpdate",
    ("POST", "/v4/spreadsheets/B/values:batchClear"): "values.batchClear",
    ("POST", "/v4/spreadsheets/B/values:batchGetByDataFilter"): "values.batchGetByDataFilter",
    ("POST", "/v4/spreadsheets/B/values:batchUpdateByDataFilter"): "values.batchUpdateByDataFilter",
    ("POST", "/v4/spreadsheets/B/values:batchClearByDataFilter"): "values.batchClearByDataFilter",
    ("POST", "/v4/spreadsheets/B/values/A1:B2:append"): "values.append",
    ("POST", "/v4/spreadsheets/B/values/A1:B2:clear"): "values.clear",
    ("POST", "/v4/spreadsheets/B/sheets/7:copyTo"): "sheets.copyTo",
    ("GET", "/v4/spreadsheets/B/developerMetadata/3"): "developerMetadata.get",
    ("POST", "/v4/spreadsheets/B/developerMetadata:search"): "developerMetadata.search",
    ("GET", "/drive/v3/files"): "drive.files.list",
    ("POST", "/drive/v3/files"): "drive.files.create",
    ("POST", "/upload/drive/v3/files"): "drive.files.create",
    ("GET", "/drive/v3/files/B"): "drive.files.get",
    ("PATCH", "/drive/v3/files/B"): "drive.files.update",
    ("DELETE", "/drive/v3/files/B"): "drive.files.delete",
    ("POST", "/drive/v3/files/B/copy"): "drive.files.copy",
    ("GET", "/drive/v3/files/B/export"): "drive.files.export",
    ("POST", "/drive/v3/files/B/watch"): "drive.files.watch",
    ("GET", "/drive/v3/files/B/permissions"): "drive.permissions.list",
    ("POST", "/drive/v3/files/B/permissions"): "drive.permissions.create",
    ("DELETE", "/drive/v3/files/B/permissions/9"): "drive.permissions.delete",
    ("GET", "/drive/v3/files/B/comments/4/replies"): "drive.replies.list",
    ("GET", "/drive/v3/changes"): "drive.changes.list",
    ("GET", "/drive/v3/changes/startPageToken"): "drive.changes.getStartPageToken",
    ("POST", "/drive/v3/channels/stop"): "drive.channels.stop",
    ("POST", "/token"): "token",
    ("POST", "/v4/spreadsheets/B:frob"): "other",
    ("GET", "/drive/v3/files/B/frob"): "other",
}


@pytest.mark.parametrize(("request_line", "kind"), KIND_PATHS.items(), ids=[" ".join(line) for line in KIND_PATHS])
def test_each_request_has_the_name_of_its_method(request_line, kind):
    found, book = kind_of(*request_line) or ("", "")
    assert found == kind
    assert kind in KINDS
    assert book == ("B" if "/B" in request_line[1] and kind != "other" else "")


@pytest.mark.parametrize("path", ["/", "/spreadsheets/d/B/state", "/_control/faults", "/service-account.json"])
def test_pages_and_control_are_no_requests_of_the_api(path):
    assert kind_of("GET", path) is None


# --- what is refused --------------------------------------------------------------------------------------------------

BAD = {
    "not an object": ([], "un objet est attendu, pas une liste"),
    "unknown key": ({"rule": []}, "la clé « rule » n’existe pas ; le plus proche : « rules »"),
    "rules no list": ({"rules": {}}, "rules : une liste est attendue"),
    "bad seed": ({"seed": "x"}, "seed : un nombre entier d’au moins 0 est attendu, pas « x »"),
    "no fault": ({"rules": [{"when": {}}]}, "rules[0] : il manque « fault »"),
    "unknown fault": ({"rules": [{"fault": "tiemout"}]}, "rules[0].fault : « tiemout » n’existe pas"),
    "unknown kind": (
        {"rules": [{"fault": "500"}, {"when": {"kind": "value.get"}, "fault": "500"}]},
        "rules[1].when.kind : « value.get » n’existe pas ; le plus proche : « values.get »",
    ),
    "probability over one": ({"rules": [{"when": {"probability": 1.5}, "fault": "500"}]}, "entre 0 et 1"),
    "request zero": ({"rules": [{"when": {"request": [1, 0]}, "fault": "500"}]}, "rules[0].when.request[1]"),
    "no such moment": ({"rules": [{"fault": "truncated", "at": "before"}]}, "rules[0].at : « before » n’existe pas"),
    "option of another fault": ({"rules": [{"fault": "500", "seconds": 1}]}, "la clé « seconds » n’existe pas"),
    "negative wait": ({"rules": [{"fault": "timeout", "seconds": -1}]}, "rules[0].seconds"),
    "not a number": ({"rules": [{"fault": "slow", "ms": "vite"}]}, "rules[0].ms : un nombre entre 1 et 3600000"),
    "slow without ms": ({"rules": [{"fault": "slow"}]}, "il manque « ms »"),
    "late without seconds": ({"rules": [{"fault": "late"}]}, "il manque « seconds »"),
    "stale without age": ({"rules": [{"fault": "stale"}]}, "« revisions » ou « seconds »"),
    "stale writes": ({"rules": [{"fault": "stale", "revisions": 1, "when": {"kind": "writes"}}]}, "ne lit rien"),
    "duplicate reads": ({"rules": [{"fault": "duplicate", "when": {"kind": "values.get"}}]}, "ne change rien"),
    "staff without name": ({"staff": [{"at": "after_read", "do": [{"do": "trash"}]}]}, "staff[0].by : un texte"),
    "staff without moment": ({"staff": [{"by": "x", "do": [{"do": "trash"}]}]}, "staff[0].at : rien n’existe pas"),
    "unknown action": (
        {"staff": [{"by": "x", "at": "after_read", "do": [{"do": "sorte", "column": "A"}]}]},
        "staff[0].do[0].do : « sorte » n’existe pas ; le plus proche : « sort »",
    ),
    "action lacks a key": (
        {"staff": [{"by": "x", "at": "after_read", "do": [{"do": "rename_tab"}]}]},
        "staff[0].do[0] : il manque « to »",
    ),
    "value not typed": (
        {"staff": [{"by": "x", "at": "after_read", "do": [{"do": "edit", "cell": "A1", "value": 1.5}]}]},
        "comme une personne la taperait",
    ),
    "edit nowhere": (
        {"staff": [{"by": "x", "at": "after_read", "do": [{"do": "edit", "value": "1"}]}]},
        "il manque « cell »",
    ),
    "clock without book": (
        {"staff": [{"by": "x", "at": "seconds", "seconds": 1, "do": [{"do": "trash"}]}]},
        "demande « book »",
    ),
    "read moment of writes": (
        {"staff": [{"by": "x", "at": "after_read", "when": {"kind": "writes"}, "do": [{"do": "trash"}]}]},
        "ne va pas avec le moment « after_read »",
    ),
}


@pytest.mark.parametrize(("given", "said"), BAD.values(), ids=BAD)
def test_a_bad_schedule_is_refused_with_what_and_where(given, said):
    with pytest.raises(BadSchedule) as refused:
        read_schedule(given)
    assert said in str(refused.value)


def test_a_bad_schedule_is_refused_by_the_control_address_and_the_old_one_stays(book):
    load(book, {"name": "gardée", "fault": "slow", "ms": 1})
    answer = requests.post(f"{book.url}/_control/faults", json={"rules": [{"fault": "oups"}]}, timeout=5)
    assert answer.status_code == 400
    assert "rules[0].fault : « oups » n’existe pas" in answer.json()["error"]
    assert requests.post(f"{book.url}/_control/faults", data=b"{", timeout=5).status_code == 400
    assert [rule["name"] for rule in status(book)["rules"]] == ["gardée"]


BAD_FILES = {
    "missing": (None, "le fichier ne se lit pas"),
    "no JSON": ("{rules", "ce n’est pas du JSON"),
    "bad rule": ('{"rules": [{"fault": "oups"}]}', "rules[0].fault : « oups » n’existe pas"),
}


@pytest.mark.parametrize(("text", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_the_command_refuses_a_bad_file_with_status_2(tmp_path, text, said):
    path = tmp_path / "pannes.json"
    if text is not None:
        path.write_text(text)
    command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", str(tmp_path / "d"), "--faults", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert f"localsheets ne démarre pas : {path} : {said}" in done.stderr
    assert not (tmp_path / "d").exists()


def test_a_schedule_may_be_given_at_the_start(tmp_path):
    path = tmp_path / "pannes.json"
    path.write_text(json.dumps({"seed": 3, "rules": [{"when": {"kind": "token"}, "fault": "503"}]}))
    running = serve(port=0, data=tmp_path / "sheets.sqlite", faults=path)
    try:
        assert requests.post(f"{running.url}/token", timeout=5).status_code == 503
        shown = requests.get(f"{running.url}/_control/faults", timeout=5).json()
    finally:
        running.stop()
    assert (shown["request"], shown["rules"][0]["fired"], shown["schedule"]["seed"]) == (1, 1, 3)


# --- refusals in JSON and HTML ----------------------------------------------------------------------------------------

STATUSES = {"429": 429, "500": 500, "502": 502, "503": 503, "401": 401, "html": 503}
MOMENTS = {"before": "avant", "after": "après"}


@pytest.mark.parametrize(("at", "left"), MOMENTS.items(), ids=MOMENTS)
@pytest.mark.parametrize(("fault", "code"), STATUSES.items(), ids=STATUSES)
def test_a_refused_write_has_its_effect_only_when_the_fault_comes_after(book, fault, code, at, left):
    load(book, {"when": {"kind": "values.update"}, "fault": fault, "at": at})
    answer = write(book)
    assert answer.status_code == code
    assert "Retry-After" not in answer.headers
    if fault == "html":
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "That’s an error." in answer.text
    else:
        assert answer.json()["error"]["code"] == code
    assert held(book) == left
    (entry,) = [entry for entry in journal(book) if entry["faults"]]
    assert (entry["status"], entry["effect"]) == (code, at == "after")
    assert entry["faults"] == [{"name": "rules[0]", "fault": fault, "at": at}]


@pytest.mark.parametrize("code", [500, 502, 503])
def test_html_pages_have_each_server_error(book, code):
    load(book, {"fault": "html", "status": code})
    answer = write(book)
    assert answer.status_code == code
    assert f"<title>Error {code} (Server Error)!!1</title>" in answer.text


QUOTA_ANSWERS = {
    "values.get": (
        "Read requests",
        "Read requests per minute per user",
        "read_requests",
        "ReadRequestsPerMinutePerUser",
    ),
    "values.update": (
        "Write requests",
        "Write requests per minute per user",
        "write_requests",
        "WriteRequestsPerMinutePerUser",
    ),
}


@pytest.mark.parametrize("kind", QUOTA_ANSWERS)
def test_a_429_has_the_recorded_body(book, kind):
    metric, limit, metric_name, limit_name = QUOTA_ANSWERS[kind]
    load(book, {"fault": 429})
    answer = write(book) if kind == "values.update" else book.call("GET", f"/v4/spreadsheets/{book.book}/values/A1")
    error = answer.json()["error"]
    assert error["message"] == (
        f"Quota exceeded for quota metric '{metric}' and limit '{limit}' of service 'sheets.googleapis.com' "
        "for consumer 'project_number:1071851248496'."
    )
    assert error["status"] == "RESOURCE_EXHAUSTED"
    (detail,) = error["details"]
    assert detail["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"
    assert detail["reason"] == "RATE_LIMIT_EXCEEDED"
    assert detail["metadata"]["quota_metric"] == f"sheets.googleapis.com/{metric_name}"
    assert detail["metadata"]["quota_limit"] == limit_name


def test_drive_refuses_in_its_own_shape(book):
    load(book, {"when": {"kind": "drive"}, "fault": "503"})
    error = book.call("GET", f"/drive/v3/files/{book.book}").json()["error"]
    assert error["errors"] == [{"message": "Backend Error", "domain": "global", "reason": "backendError"}]
    assert book.read("A1") == [["avant"]]


def test_the_token_exchange_can_be_refused_too(book):
    load(book, {"when": {"kind": "token", "account": "robot@x"}, "fault": "500"})
    claims = base64.urlsafe_b64encode(b'{"iss": "robot@x"}').decode().rstrip("=")
    answer = requests.post(f"{book.url}/token", data={"assertion": f"e30.{claims}.c2ln"}, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (500, "internal_failure")
    assert requests.post(f"{book.url}/token", data={"assertion": "e30.e30.e30"}, timeout=5).status_code == 400


# --- connections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "left"), MOMENTS.items(), ids=MOMENTS)
def test_a_reset_breaks_the_connection(book, at, left):
    load(book, {"when": {"kind": "writes"}, "fault": "reset", "at": at})
    with pytest.raises(requests.ConnectionError, match="(?i)reset by peer"):
        write(book)
    assert held(book) == left
    assert journal(book)[-1]["status"] == "reset"
    assert book.read("A1") == [[left]]


@pytest.mark.parametrize(("at", "left"), MOMENTS.items(), ids=MOMENTS)
def test_a_timeout_holds_the_connection_until_the_client_gives_up(book, at, left):
    load(book, {"when": {"kind": "writes"}, "fault": "timeout", "at": at})
    with pytest.raises(requests.ReadTimeout):
        book.session.put(
            f"{book.url}/v4/spreadsheets/{book.book}/values/A1",
            json={"values": [["après"]]},
            params={"valueInputOption": "RAW"},
            timeout=SOON,
        )
    assert held(book) == left
    assert book.read("A1") == [[left]]


@pytest.mark.alone
def test_a_timeout_of_some_seconds_ends_without_an_answer(book):
    load(book, {"when": {"kind": "writes"}, "fault": "timeout", "seconds": SOON})
    start = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        write(book)
    assert SOON <= time.monotonic() - start < SOON + 2
    assert held(book) == "avant"


def _raw(book: Plain, path: str) -> tuple[bytes, bytes]:
    """Return head and body of an answer, byte for byte, until the server closes."""
    host, port = book.url.removeprefix("http://").split(":")
    token = book.session.headers["Authorization"]
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body


def test_a_truncated_answer_announces_its_full_length(book):
    load(book, {"when": {"kind": "reads"}, "fault": "truncated"})
    head, body = _raw(book, f"/v4/spreadsheets/{book.book}/values/A1")
    announced = int(next(line for line in head.lower().split(b"\r\n") if b"content-length" in line).split(b":")[1])
    assert head.startswith(b"HTTP/1.1 200")
    assert 0 < len(body) == announced // 2
    with pytest.raises(ValueError, match="Unterminated|Expecting"):
        json.loads(body)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        book.read("A1")


def test_a_truncated_answer_may_lack_its_last_chunk(book):
    load(book, {"when": {"kind": "reads"}, "fault": "truncated", "how": "chunked", "bytes": 10})
    head, body = _raw(book, f"/v4/spreadsheets/{book.book}/values/A1")
    assert b"transfer-encoding: chunked" in head.lower()
    assert body.startswith(b"a\r\n")
    assert not body.endswith(b"0\r\n\r\n")


def test_a_truncated_answer_may_look_complete(book):
    load(book, {"when": {"kind": "reads"}, "fault": "truncated", "how": "silent", "bytes": 12})
    answer = book.call("GET", f"/v4/spreadsheets/{book.book}/values/A1")
    assert (answer.status_code, len(answer.content)) == (200, 12)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_truncated_write_is_applied(book):
    load(book, {"when": {"kind": "writes"}, "fault": "truncated"})
    with pytest.raises(requests.exceptions.RequestException):
        write(book)
    assert held(book) == "après"


def test_a_slow_answer_comes_whole(book):
    load(book, {"fault": "slow", "ms": 150}, {"fault": "slow", "ms": 100, "at": "after"})
    start = time.monotonic()
    assert write(book).status_code == 200
    assert time.monotonic() - start >= 0.25
    assert held(book) == "après"


# --- what the book holds ----------------------------------------------------------------------------------------------


def test_a_stale_read_shows_the_book_some_revisions_ago(book):
    for text in ("b", "c", "d"):
        write(book, text)
    load(book, {"when": {"kind": "reads", "times": 3}, "fault": "stale", "revisions": 2})
    assert book.read("A1") == [["b"]]
    sheets = book.get(ranges="A1", fields="sheets.data.rowData.values.formattedValue")["sheets"]
    assert sheets[0]["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "b"
    version = int(book.call("GET", f"/drive/v3/files/{book.book}", fields="version").json()["version"])
    assert version == shelf_of(book).get(book.book).revision - 2
    assert book.read("A1") == [["d"]]


def test_a_stale_read_shows_the_book_some_seconds_ago(book):
    time.sleep(0.15)
    write(book, "frais")
    load(book, {"when": {"kind": "reads", "times": 1}, "fault": "stale", "seconds": 0.1})
    assert book.read("A1") == [["avant"]]
    assert book.read("A1") == [["frais"]]


def test_a_stale_read_never_goes_before_the_first_revision(book):
    load(book, {"when": {"kind": "reads"}, "fault": "stale", "revisions": 99})
    assert book.read("A1") == []


def test_a_duplicate_write_is_carried_out_twice(book):
    load(book, {"when": {"kind": "values.append"}, "fault": "duplicate"})
    path = f"/v4/spreadsheets/{book.book}/values/A1:append"
    answer = book.call("POST", path, {"values": [["ajout"]]}, valueInputOption="RAW")
    assert answer.json()["updates"]["updatedRange"].endswith("A3")
    assert [held(book, row) for row in range(3)] == ["avant", "ajout", "ajout"]
    entry = journal(book)[-1]
    assert len(entry["revisions"]) == 2


def test_a_duplicate_answers_the_second_time_unless_told(book):
    add = {"addSheet": {"properties": {"title": "Notes"}}}
    load(book, {"when": {"kind": "spreadsheets.batchUpdate"}, "fault": "duplicate"})
    assert book.batch(add).status_code == 400
    assert "Notes" in shelf_of(book).get(book.book).titles()
    load(book, {"when": {"kind": "spreadsheets.batchUpdate"}, "fault": "duplicate", "answer": "first"})
    add["addSheet"]["properties"]["title"] = "Autre"
    assert book.batch(add).status_code == 200


def test_a_duplicate_may_be_delivered_later(book):
    load(book, {"when": {"kind": "values.update", "times": 1}, "fault": "duplicate", "seconds": SOON})
    assert write(book, "deux fois").status_code == 200
    write(book, "entre")
    assert held(book) == "entre"
    assert _comes(lambda: held(book) == "deux fois")


def _comes(test: Any, within: float = 3.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if test():
            return True
        time.sleep(0.02)
    return False


LATE_ANSWERS = {"503": 503, "500": 500, "html": 503}


@pytest.mark.parametrize(("answer", "code"), LATE_ANSWERS.items(), ids=LATE_ANSWERS)
def test_a_late_effect_lands_after_the_refusal(book, answer, code):
    load(book, {"when": {"kind": "writes"}, "fault": "late", "seconds": SOON, "answer": answer})
    assert write(book).status_code == code
    assert held(book) == "avant"
    assert journal(book)[-1]["effect"] is False
    assert _comes(lambda: held(book) == "après")
    assert _comes(lambda: journal(book)[-1].get("landed", {}).get("status") == 200)
    assert journal(book)[-1]["effect"] is True


def test_a_late_effect_lands_after_the_client_gave_up(book):
    load(book, {"when": {"kind": "writes"}, "fault": "late", "seconds": 2 * SOON, "answer": "timeout", "hold": SOON})
    with pytest.raises(requests.ConnectionError):
        write(book)
    assert held(book) == "avant"
    assert _comes(lambda: held(book) == "après")


def test_a_late_effect_is_forgotten_with_its_schedule(book):
    load(book, {"when": {"kind": "writes"}, "fault": "late", "seconds": SOON})
    write(book)
    requests.delete(f"{book.url}/_control/faults", timeout=5)
    time.sleep(2 * SOON)
    assert held(book) == "avant"


def test_faults_combine(book):
    load(
        book,
        {"fault": "slow", "ms": 100},
        {"when": {"kind": "writes"}, "fault": "duplicate"},
        {"fault": "503", "at": "after"},
    )
    start = time.monotonic()
    path = f"/v4/spreadsheets/{book.book}/values/A1:append"
    answer = book.call("POST", path, {"values": [["ajout"]]}, valueInputOption="RAW")
    assert answer.status_code == 503
    assert time.monotonic() - start >= 0.1
    assert [held(book, row) for row in range(3)] == ["avant", "ajout", "ajout"]


# --- control ----------------------------------------------------------------------------------------------------------


def test_the_status_counts_requests_and_firings(book):
    assert load(book, {"name": "une", "when": {"request": 2}, "fault": "503"})["request"] == 0
    assert [book.call("GET", f"/v4/spreadsheets/{book.book}").status_code for _ in range(3)] == [200, 503, 200]
    shown = status(book)
    assert shown["request"] == 3
    assert shown["rules"] == [{"name": "une", "fault": "503", "fired": 1, "requests": [2]}]
    load(book)
    assert (status(book)["request"], status(book)["rules"]) == (0, [])


def test_a_cleared_schedule_does_nothing_any_more(book):
    load(book, {"fault": "503"})
    assert requests.delete(f"{book.url}/_control/faults", timeout=5).json()["schedule"] == {}
    assert write(book).status_code == 200


def test_the_journal_says_what_became_of_each_request(book):
    load(book)
    write(book)
    book.batch({"deleteSheet": {"sheetId": 99}})
    book.read("A1")
    entries = journal(book)[-3:]
    assert [entry["kind"] for entry in entries] == ["values.update", "spreadsheets.batchUpdate", "values.get"]
    assert [entry["status"] for entry in entries] == [200, 400, 200]
    assert [entry["effect"] for entry in entries] == [True, False, False]
    assert [entry["number"] for entry in entries] == [1, 2, 3]
    assert {entry["account"] for entry in entries} == {"passerelle@localsheets.example"}
    assert entries[0]["revisions"] == [shelf_of(book).get(book.book).revision]
    since = {"since": entries[1]["serial"], "book": book.book}
    later = requests.get(f"{book.url}/_control/requests", params=since, timeout=5).json()["requests"]
    assert later == entries[2:]


def test_the_log_may_start_after_a_revision(book):
    revision = shelf_of(book).get(book.book).revision
    write(book)
    wanted = {"book": book.book, "since": revision}
    (entry,) = requests.get(f"{book.url}/_control/log", params=wanted, timeout=5).json()
    assert (entry["revision"], entry["kind"], entry["actor"]) == (
        revision + 1,
        "values.update",
        "passerelle@localsheets.example",
    )


def test_a_request_sent_in_chunks_is_carried_out(book):
    load(book, {"when": {"kind": "writes"}, "fault": "slow", "ms": 1})
    host = book.url.removeprefix("http://")
    connection = HTTPConnection(host, timeout=5)
    headers = {"Authorization": book.session.headers["Authorization"], "Content-Type": "application/json"}
    path = f"/v4/spreadsheets/{book.book}/values/A1?valueInputOption=RAW"
    body = [b'{"values": ', b'[["morceaux"]]}']
    connection.request("PUT", path, iter(body), headers, encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()
    assert held(book) == "morceaux"


def test_a_server_that_stops_lets_go_of_held_connections(tmp_path):
    running = serve(port=0, data=tmp_path / "sheets.sqlite", faults={"rules": [{"fault": "timeout", "seconds": 60}]})
    connection = HTTPConnection(running.url.removeprefix("http://"), timeout=5)
    connection.request("POST", "/token", b"")
    time.sleep(0.1)
    running.stop()
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()


# --- the page that describes it all -----------------------------------------------------------------------------------

PAGE = Path(__file__).parent.parent / "docs" / "localsheets-faults.md"
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_each_documented_schedule_is_one(example):
    assert read_schedule(example).given == example


def test_each_fault_and_each_action_has_an_example():
    rules = [rule for example in EXAMPLES for rule in example.get("rules", [])]
    acts = [act for example in EXAMPLES for rule in example.get("staff", []) for act in rule["do"]]
    assert {rule["fault"] for rule in rules} == set(FAULTS)
    assert {act["do"] for act in acts} == {*ACTIONS, RESTORE}
