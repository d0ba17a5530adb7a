"""Time the stand-in on a tab of 10,000 × 12 cells, beside the same JSON merely parsed and dumped.

    python bench/localsheets.py [--rows N] [--times N]

Each line gives the median of a call over HTTP, its body written beforehand and its answer not yet read,
and how many times the floor it takes: the same JSON parsed and dumped with the standard library.
Exits 1 over a limit.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.processes import ROOT, free_port, wait_for  # noqa: E402 - the repository must be importable first
from tests.localsheets_client import Plain, lines  # noqa: E402

COLUMNS = 12
READ, WRITE = 0.150, 0.300  # seconds
ENTERED = "sheets.data.rowData.values(userEnteredValue,effectiveValue)"


def values(rows: int, shift: int = 0) -> list[list[object]]:
    """Return rows as staff keep them: a number, an id, names, marks, blanks."""
    return [
        [row + shift, f"P{row:05}", f"Nom {row}", "Prénom", 12.5, True, "", 14, "P", "R 15", row % 7, "fin"]
        for row in range(rows)
    ]


def typed(rows: list[list[object]]) -> list[dict]:
    """Return the same rows as RowData."""
    kinds = {int: "numberValue", float: "numberValue", bool: "boolValue", str: "stringValue"}
    return [
        {"values": [{"userEnteredValue": {kinds[type(value)]: value}} if value != "" else {} for value in row]}
        for row in rows
    ]


class Meter:
    """Time calls and keep whether all were within their limits."""

    def __init__(self, caller: Plain, times: int) -> None:
        self.caller, self.session, self.times, self.good = caller, caller.session, times, True

    def ready(self, method: str, path: str, body: object = None, **query: str) -> requests.PreparedRequest:
        """Write a request to the last byte."""
        made = requests.Request(method, self.caller.url + path, json=body, params=query)
        return self.session.prepare_request(made)

    def line(self, name: str, call: Callable[[], requests.PreparedRequest], limit: float | None) -> None:
        """Print one measured call beside its floor."""
        taken, floors = [], []
        for _ in range(self.times):
            ready = call()
            started = time.perf_counter()
            answer = self.session.send(ready, timeout=60)
            taken.append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.text[:300]
            floors.append(_floor(answer))
        over = limit is not None and median(taken) > limit
        self.good = self.good and not over
        size = max(len(answer.content), len(answer.request.body or b"")) / 1e6
        print(
            f"{name:<44}{median(taken) * 1000:7.0f} ms = {median(taken) / max(median(floors), 1e-4):5.1f} x its floor"
            f"  ({size:.1f} MB){f'   OVER {limit * 1000:.0f} ms' if over and limit else ''}"
        )


def _floor(answer: requests.Response) -> float:
    texts = [text for text in (answer.content, answer.request.body) if text]
    started = time.perf_counter()
    for text in texts:
        json.dumps(json.loads(text))
    return time.perf_counter() - started


def measure(caller: Plain, rows: int, times: int) -> bool:
    """Print every line; tell whether all limits were held."""
    meter, book = Meter(caller, times), f"/v4/spreadsheets/{caller.book}"
    end = f"A1:L{rows}"
    counter = iter(range(1000))
    plain = {"ranges": end, "valueRenderOption": "UNFORMATTED_VALUE"}

    def written(how: str, cells: str, given: list) -> requests.PreparedRequest:
        return meter.ready("PUT", f"{book}/values/{cells}", {"values": given}, valueInputOption=how)

    def many(how: str) -> requests.PreparedRequest:
        return written(how, end, values(rows, next(counter)))

    def batch(kind: str, given: dict) -> requests.PreparedRequest:
        return meter.ready("POST", f"{book}:batchUpdate", {"requests": [{kind: given}]})

    def updated() -> requests.PreparedRequest:
        given = {"rows": typed(values(rows, next(counter))), "fields": "userEnteredValue"}
        return batch("updateCells", given | {"start": {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}})

    meter.line("write, values.update RAW", lambda: many("RAW"), WRITE)
    meter.line("write, values.update USER_ENTERED", lambda: many("USER_ENTERED"), WRITE)
    meter.line("write, batchUpdate of typed cells", updated, WRITE)
    meter.line("read, values.batchGet", lambda: meter.ready("GET", f"{book}/values:batchGet", **plain), READ)
    meter.line("read, values.get formatted", lambda: meter.ready("GET", f"{book}/values/{end}"), READ)
    meter.line("read, get masked to values", lambda: meter.ready("GET", book, ranges=end, fields=ENTERED), None)
    meter.line("one cell written", lambda: written("RAW", "C5", [[str(next(counter))]]), None)
    meter.line("a row inserted near the top", lambda: batch("insertDimension", inserted()), None)
    meter.line("sorted by a column", lambda: batch("sortRange", sorting(rows, next(counter) % 2)), None)
    return meter.good


def inserted() -> dict:
    """Return the insertion of one row."""
    return {"range": lines("ROWS", 2, 3)}


def sorting(rows: int, descending: int) -> dict:
    """Return a sort of the whole tab."""
    spec = {"dimensionIndex": 0, "sortOrder": "DESCENDING" if descending else "ASCENDING"}
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": rows, "startColumnIndex": 0, "endColumnIndex": COLUMNS}
    return {"range": area, "sortSpecs": [spec]}


def main() -> None:
    """Start the stand-in as people do, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "localsheets", "--port", str(port), "--data", f"{folder}/sheets.sqlite"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(f"http://127.0.0.1:{port}/")
                caller = Plain(f"http://127.0.0.1:{port}")
                grid = {"rowCount": given.rows + 1000, "columnCount": 26}
                caller.create(sheets=[{"properties": {"sheetId": 0, "title": "Mesure", "gridProperties": grid}}])
                good = measure(caller, given.rows, given.times)
            finally:
                server.terminate()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
