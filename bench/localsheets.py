"""Time the stand-in on a tab of 10,000 × 12 cells, beside the same JSON merely parsed and dumped.

    python bench/localsheets.py [--rows N] [--times N]

Each line gives the median of a call over HTTP, and how many times the floor it takes: the client's
own reading and writing of the same JSON with the standard library. Exits 1 over a limit.
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

    def __init__(self, times: int) -> None:
        self.times, self.good = times, True

    def line(self, name: str, call: Callable[[], requests.Response], limit: float | None) -> None:
        """Print one measured call beside its floor."""
        taken, floors = [], []
        for _ in range(self.times):
            started = time.perf_counter()
            answer = call()
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
    meter, book = Meter(times), f"/v4/spreadsheets/{caller.book}"
    end = f"A1:L{rows}"
    counter = iter(range(1000))
    many = f"{book}/values:batchGet"
    plain = {"valueRenderOption": "UNFORMATTED_VALUE"}

    def written(how: str) -> requests.Response:
        return caller.write(end, values(rows, next(counter)), how)

    def updated() -> requests.Response:
        given = {"rows": typed(values(rows, next(counter))), "fields": "userEnteredValue"}
        return caller.batch({"updateCells": given | {"start": {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}}})

    meter.line("write, values.update RAW", lambda: written("RAW"), WRITE)
    meter.line("write, values.update USER_ENTERED", lambda: written("USER_ENTERED"), None)
    meter.line("write, batchUpdate of typed cells", updated, WRITE)
    meter.line("read, values.batchGet", lambda: caller.call("GET", many, ranges=end, **plain), READ)
    meter.line("read, values.get formatted", lambda: caller.call("GET", f"{book}/values/{end}"), READ)
    meter.line("read, get masked to values", lambda: caller.call("GET", book, ranges=end, fields=ENTERED), None)
    meter.line("one cell written", lambda: caller.write("C5", [[str(next(counter))]], "RAW"), None)
    meter.line("a row inserted near the top", lambda: caller.batch(inserted()), None)
    meter.line("sorted by a column", lambda: caller.batch(sorting(rows, next(counter) % 2)), None)
    return meter.good


def inserted() -> dict:
    """Return the insertion of one row."""
    return {"insertDimension": {"range": lines("ROWS", 2, 3)}}


def sorting(rows: int, descending: int) -> dict:
    """Return a sort of the whole tab."""
    spec = {"dimensionIndex": 0, "sortOrder": "DESCENDING" if descending else "ASCENDING"}
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": rows, "startColumnIndex": 0, "endColumnIndex": COLUMNS}
    return {"sortRange": {"range": area, "sortSpecs": [spec]}}


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
