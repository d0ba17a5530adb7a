"""Count what a cycle of the sync costs, against localsheets answering as slowly as Google.

    python bench/cycle.py [--latency MS]

An idle cycle costs 1 read; one with changes on both sides 1 read and 1 write, however many cells
over however many tabs. Each time is printed beside its floor: as many bare calls.
"""

import argparse
import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.processes import Stack  # noqa: E402 - the repository must be importable first
from settings import Settings  # noqa: E402
from store import agreement, db, people, rosters, tutoring  # noqa: E402
from store.journal import Author  # noqa: E402
from sync import worker  # noqa: E402
from sync.report import Report  # noqa: E402

AUTHOR = Author("Mesure", "command")
CODE = "CS26-2025"


def one_cycle(state: dict, google: worker.Metered, latency: float, name: str, limit: tuple[int, int]) -> bool:
    """Run one cycle and print its calls, its time and its floor; tell whether it is within its limit."""
    started = time.perf_counter()
    report, trouble = worker.attempt(state, lambda: google)
    seconds = time.perf_counter() - started
    assert report is not None, trouble
    floor = (report.reads + report.writes) * latency
    good = (report.reads, report.writes) == limit
    print(
        f"{name:<44}{report.reads} read {report.writes} write  {seconds:6.3f} s = {seconds / floor:5.2f} x its floor"
        f"  ({_moved(report)}){'' if good else '   OVER ' + str(limit)}"
    )
    return good


def _moved(report: Report) -> str:
    return f"{report.pulled} in, {report.pushed} out, {report.created} new"


def type_in(stack: Stack, book: str, cells: list[tuple[int, int, int, str]]) -> None:
    """Type in the grid as a person would."""
    actions = [
        {"type": "set", "sheetId": sheet, "row": row, "column": column, "values": [[text]]}
        for sheet, row, column, text in cells
    ]
    request = urllib.request.Request(  # noqa: S310 - an address of this machine
        f"{stack.sheets_url}/spreadsheets/d/{book}/actions",
        json.dumps({"actions": actions}).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).read()  # noqa: S310


def click(cohort_id: int, count: int) -> None:
    """Change marks and papers on the intranet."""
    half_days = list(rosters.types(cohort_id))
    for number, key in enumerate(list(rosters.snapshot(cohort_id))[:count]):
        rosters.change(AUTHOR, key, {half_days[number % len(half_days)]: "R 10"})
    for paper in list(tutoring.snapshot(cohort_id))[:3]:
        tutoring.change(AUTHOR, paper, {"title": "Un titre changé sur l'intranet"})


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=int, default=380, help="milliseconds of each call (Google's median)")
    latency = parser.parse_args().latency
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), latency) as stack:
        settings = Settings.from_environ(stack.environ)
        db.connect(settings.database_url)
        google = worker.connect(settings)
        with db.connection():
            cohort_id = people.cohort(CODE)[0]
            state = next(s for s in agreement.states() if s["cohort"] == CODE and s["audience"] == "staff")
            worker.attempt(state, lambda: google)
            tabs = {tab.kind: tab.sheet_id for tab in agreement.tabs(state["book"])}
            results = [one_cycle(state, google, latency / 1000, "idle", (1, 0))]
            click(cohort_id, 30)
            results.append(one_cycle(state, google, latency / 1000, "33 changes on the intranet, two tabs", (1, 1)))
            phones = [(tabs["participants"], row, 4, f"01020304{row:02}") for row in range(1, 21)]
            type_in(stack, state["book"], phones)
            results.append(one_cycle(state, google, latency / 1000, "20 cells typed in the sheet", (1, 0)))
            click(cohort_id, 12)
            type_in(stack, state["book"], [(tabs["papers"], 20 + row, 3, f"Titre {row}") for row in range(10)])
            rosters.change(AUTHOR, next(iter(rosters.snapshot(cohort_id))), {list(rosters.types(cohort_id))[2]: "AJ"})
            results.append(one_cycle(state, google, latency / 1000, "changes on both sides", (1, 1)))
            results.append(one_cycle(state, google, latency / 1000, "idle again", (1, 0)))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
