"""Quotas count reads and writes a minute, apart, for an account and for its project."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from localsheets.errors import ApiError
from localsheets.server import Running, serve
from localsheets.serving.quotas import Limits, Quotas
from tests.localsheets_client import Plain

ROOT = Path(__file__).parent.parent
ADA, BOB = "ada@projet.example", "bob@projet.example"


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("spent", "refused", "limit"),
    [
        ([(ADA, False)] * 3, (ADA, False), "ReadRequestsPerMinutePerUser"),
        ([(ADA, True)] * 3, (ADA, True), "WriteRequestsPerMinutePerUser"),
        ([(ADA, False)] * 3 + [(BOB, False)] * 2, (BOB, False), "ReadRequestsPerMinutePerProject"),
        ([(ADA, True)] * 3, (ADA, False), None),
        ([(ADA, False)] * 3, (BOB, False), None),
        ([(ADA, False)] * 3 + [(BOB, False)] * 2, ("eve@autre.example", False), None),
    ],
    ids=["reads", "writes", "project", "reads are not writes", "another account", "another project"],
)
def test_what_is_counted(spent: list[tuple[str, bool]], refused: tuple[str, bool], limit: str | None) -> None:
    quotas = Quotas(Limits(3, 5), Clock())
    for actor, writes in spent:
        quotas.spend(actor, writes)
    if limit is None:
        quotas.spend(*refused)
        return
    with pytest.raises(ApiError) as raised:
        quotas.spend(*refused)
    assert raised.value.body()["error"]["details"][0]["metadata"]["quota_limit"] == limit


def test_a_minute_later_all_is_given_again() -> None:
    clock = Clock()
    quotas = Quotas(Limits(1, 5), clock)
    quotas.spend(ADA, True)
    clock.now = 59.9
    with pytest.raises(ApiError):
        quotas.spend(ADA, True)
    clock.now = 60.0
    quotas.spend(ADA, True)


@pytest.fixture()
def server(tmp_path: Path) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path / "books.db", quotas=3)
    yield running
    running.stop()


def test_the_answer_is_the_recorded_one(server: Running) -> None:
    client = Plain(server.url)
    client.create()
    client.write("A1", [["a"]])
    client.batch({"updateSheetProperties": {"properties": {"sheetId": 0, "index": 0}, "fields": "index"}})
    answer = client.write("A1", [["b"]])
    error = answer.json()["error"]
    assert (answer.status_code, error["status"], "Retry-After" in answer.headers) == (429, "RESOURCE_EXHAUSTED", False)
    start = "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of"
    assert error["message"].startswith(start + " service 'sheets.googleapis.com' for consumer 'project_number:")
    detail = error["details"][0]
    assert detail["metadata"].keys() == {"service", "consumer", "quota_metric", "quota_limit"}
    assert (detail["reason"], detail["domain"]) == ("RATE_LIMIT_EXCEEDED", "googleapis.com")
    # Refused, the write did nothing; reads and Drive go on.
    assert client.read("A1") == [["a"]]
    assert client.call("GET", f"/drive/v3/files/{client.book}").status_code == 200


def test_the_control_address_changes_the_quotas(server: Running) -> None:
    client, address = Plain(server.url), f"{server.url}/_control/quota"
    client.create()
    shown = requests.post(address, json={"perAccount": 1, "perProject": None}, timeout=5).json()
    assert (shown["perAccount"], shown["perProject"], shown["used"]) == (1, None, [])
    assert [client.call("GET", f"/v4/spreadsheets/{client.book}").status_code for _ in range(2)] == [200, 429]
    assert requests.get(address, timeout=5).json()["used"][0] | {"secondsLeft": 0} == {
        "kind": "read",
        "who": "localsheets.example",
        "count": 1,
        "secondsLeft": 0,
    }
    requests.post(address, json={"perAccount": None}, timeout=5)
    assert client.call("GET", f"/v4/spreadsheets/{client.book}").status_code == 200


@pytest.mark.parametrize("body", [[], {"perAccount": -1}, {"perAccount": True}, {"perMinute": 3}, {"perProject": "3"}])
def test_a_bad_quota_is_refused(server: Running, body: object) -> None:
    answer = requests.post(f"{server.url}/_control/quota", json=body, timeout=5)
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)


def test_a_bad_quota_on_the_command_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", str(tmp_path / "b.db"), "--quota", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, "nombre entier" in done.stderr) == (2, True)
