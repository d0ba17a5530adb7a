"""A server killed with -9 at any moment keeps every write that it answered, and no half of one."""

import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.localsheets_client import Plain, cells

Json = dict[str, Any]
ROUNDS = 6
WRITERS = 3
WIDTH = 4
SEED = 20250214


def _free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def running(port: int, data: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the command, ready to answer; whatever happens, it is gone at the end."""
    command = [sys.executable, "-m", "localsheets", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("localsheets: http")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Writer(threading.Thread):
    """Write batches in a loop, each of two rows in two tabs, and remember which ones were answered."""

    def __init__(self, url: str, book: str, session: requests.Session, name: str, column: int) -> None:
        super().__init__(daemon=True)
        self.url = f"{url}/v4/spreadsheets/{book}:batchUpdate"
        self.session = session
        self.label = name
        self.column = column
        self.sent = 0
        self.answered: list[str] = []

    def run(self) -> None:
        while True:
            mark = f"{self.label}.{self.sent}"
            self.sent += 1
            try:
                answer = self.session.post(self.url, json={"requests": self._batch(mark)}, timeout=10)
            except requests.RequestException:
                return
            assert answer.status_code == 200, answer.text
            self.answered.append(mark)

    def _batch(self, mark: str) -> list[Json]:
        def written(sheet: int, row: int, *values: str) -> Json:
            start = {"sheetId": sheet, "rowIndex": row, "columnIndex": self.column}
            return {"updateCells": {"start": start, "rows": [cells(*values)], "fields": "userEnteredValue"}}

        appended = {"appendCells": {"sheetId": 1, "rows": [cells(mark, *[mark] * WIDTH)], "fields": "userEnteredValue"}}
        return [written(0, 0, mark), appended, written(0, 1, mark)]


def _new_book(url: str) -> Plain:
    client = Plain(url)
    tabs = [{"properties": {"sheetId": number, "title": title}} for number, title in ((0, "Marques"), (1, "Suite"))]
    client.create(sheets=tabs)
    return client


def _written_until_killed(
    process: subprocess.Popen[str], client: Plain, turn: int, drawn: random.Random
) -> list[Writer]:
    writers = []
    for number in range(WRITERS):
        session = requests.Session()
        session.headers.update(client.session.headers)
        writers.append(Writer(client.url, client.book, session, f"t{turn}.w{number}", number))
    for writer in writers:
        writer.start()
    while not all(writer.answered for writer in writers):
        assert process.poll() is None, "the server died by itself"
        time.sleep(0.005)
    time.sleep(drawn.uniform(0.0, 0.15))
    process.send_signal(signal.SIGKILL)
    process.wait()
    for writer in writers:
        writer.join(timeout=15)
        assert not writer.is_alive()
    return writers


def _check(client: Plain, writers: list[Writer]) -> None:
    appended = [line[0] for line in client.read("Suite!A:A")]
    last = client.read("Marques!A1:C2")
    log = requests.get(f"{client.url}/_control/log", params={"book": client.book}, timeout=10).json()
    logged = [entry["request"]["requests"][1]["appendCells"]["rows"][0]["values"] for entry in log[1:]]
    marks = [values[0]["userEnteredValue"]["stringValue"] for values in logged]
    assert appended == marks, "the log and the book tell different stories"
    assert [entry["revision"] for entry in log] == list(range(1, len(log) + 1))
    for number, writer in enumerate(writers):
        mine = [mark for mark in appended if mark.startswith(f"{writer.label}.")]
        assert mine[: len(writer.answered)] == writer.answered
        assert len(mine) in (len(writer.answered), len(writer.answered) + 1), "at most the last one is in doubt"
        assert (last[0][number], last[1][number]) == (mine[-1], mine[-1]), "half of a batch"
    for line in client.read("Suite!A:E"):
        assert line == [line[0]] * (WIDTH + 1), "half of a row"


def test_every_answered_write_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    drawn = random.Random(SEED)
    port, data = _free_port(), tmp_path / "sheets.sqlite"
    rounds: list[tuple[Plain, list[Writer]]] = []
    for turn in range(ROUNDS):
        with running(port, data) as process:
            for client, writers in rounds:
                _check(client, writers)
            client = _new_book(f"http://127.0.0.1:{port}")
            rounds.append((client, _written_until_killed(process, client, turn, drawn)))
    with running(port, data):
        for client, writers in rounds:
            _check(client, writers)
    assert all(writer.answered for _, writers in rounds for writer in writers)
