"""Count what it costs to carry changes into a spreadsheet, and what becomes of staff's own work, tool by tool.

    python bench/calls.py [--only TOOL …]

Each tool carries the same changes into the same tabs (ours: a promotion's two books; the others: one
copy of both), as its own documentation shows it. Calls and cells are counted by the server, which is
localsheets. Seconds: calls at Google's median of 0.38 s, and the seconds measured here without any
delay. Twice each: alone, then while staff type in each tab after the tool read it and before it writes.
What was kept is seen by comparing the book before and after, cell by cell.
"""

import argparse
import dataclasses
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.callers.job import credentials  # noqa: E402 - the repository must be importable first
from bench.calls_books import Json, ask, neutral, promotion, settings_of  # noqa: E402
from bench.calls_books import books as made_books  # noqa: E402
from bench.calls_cells import Kept, choose, compare  # noqa: E402
from bench.calls_server import Running, Tally  # noqa: E402
from store import agreement, db  # noqa: E402
from sync import worker  # noqa: E402
from sync.book import Sheets  # noqa: E402

CALL = 0.38
#: Seconds after which a tool that repeats a refused call for ever is stopped.
PATIENCE = 90.0
OURS = "ours"
TOOLS = {
    OURS: "Passerelle, its cycle",
    "pygsheets_cells": "pygsheets, update_value",
    "pygsheets_frame": "pygsheets, set_dataframe",
    "gspread_dataframe_tab": "gspread-dataframe, whole tabs",
    "gspread_dataframe_columns": "gspread-dataframe, columns",
    "django_gsheets_push": "django-gsheets, push_to_sheet",
    "django_gsheets_sync": "django-gsheets, sync_sheet",
}
HEADINGS = ("tool", "reads", "writes", "cells", "seconds", "of which bare", "delivered", "formulas", "own cells",
            "others altered", "typed meanwhile")  # fmt: skip
NOTE = """
delivered: changes that the sheet shows afterwards. formulas, own cells: staff's, identical afterwards. others altered:
cells that nobody changed and that differ. typed meanwhile: cells typed between the tool's read and its write that still
say so. Google's hosts are replaced by localsheets' address in each tool, as a user of a proxy would do: gspread and
pygsheets by their HTTP client, django-gsheets by the api_endpoint of its `build`."""


@dataclass(frozen=True)
class Scenario:
    """What is changed: so many cells in each tab of a promotion of so many people and half-days."""

    name: str
    people: int
    half_days: int
    changes: dict[str, int]
    #: Whether staff have a column of their own among ours, beside those on the right.
    inserted: bool = False


FIVE_TABS = dict.fromkeys(("participants", "half_days", "attendance", "papers", "jury"), 6)
SCENARIOS = (
    Scenario("30 changed cells over five tabs", 40, 10, FIVE_TABS),
    Scenario("The same, in tabs where staff inserted a column among ours", 40, 10, FIVE_TABS, inserted=True),
    Scenario("10 changes in 1,000 rows", 1000, 4, {"participants": 10}),
)


@dataclass
class Result:
    """How a tool did: what it asked when nobody typed, what it left of the book, and of what staff typed."""

    tool: str
    tally: Tally
    bare: float
    kept: Kept
    typed: tuple[int, int] = (0, 0)
    #: What the tool said when it stopped by itself.
    stopped: str = ""

    @property
    def seconds(self) -> float:
        """Return the seconds it takes against Google."""
        return (self.tally.reads + self.tally.writes + self.tally.drive) * CALL + self.bare

    def line(self) -> tuple[str, ...]:
        """Return the line of the table."""
        kept, typed, tally = self.kept, self.typed, self.tally
        reads = f"{tally.reads} +{tally.drive} Drive" if tally.drive else str(tally.reads)
        return (
            TOOLS[self.tool], reads, str(tally.writes), str(tally.cells),
            f"{self.seconds:.1f}", f"{self.bare:.2f}", "{}/{}".format(*kept.delivered), "{}/{}".format(*kept.formulas),
            "{}/{}".format(*kept.own), str(kept.altered), "{}/{}".format(*typed),
        )  # fmt: skip


class Stage:
    """A server with the books of one scenario, and the tools that act on them one after the other."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        self.scenario, self.running = scenario, Running(folder)
        self.url, self.database = self.running.url, f"sqlite:///{folder / 'store.sqlite'}"
        settings = settings_of(self.url, self.database)
        db.connect(self.database)
        db.upgrade()
        self.cohort = promotion(scenario.people, scenario.half_days)
        sheets = Sheets(settings.service_account(), self.url, f"{self.url}/drive")
        self.token = credentials(self.url).token
        self.books = made_books(self.cohort, worker.connect(settings), sheets, self.url, scenario.inserted)
        #: What the tools work on, as it was before any of them: each takes a copy.
        self.copied = neutral(self.url, self.token, self.books)

    def measure(self, tool: str) -> Result:
        """Let a tool carry the changes alone, then again while staff type."""
        alone = self._run(tool, 1, typing=False)
        beside = self._run(tool, 2, typing=True)
        alone.typed = beside.kept.typed
        alone.stopped = alone.stopped or beside.stopped
        return alone

    def conflicts(self) -> int:
        """Count the cells that wait for a person to choose, both values readable."""
        with db.connection():
            return sum(state["conflicts"] for state in agreement.states())

    def _run(self, tool: str, turn: int, typing: bool) -> Result:
        job: Json = {"url": self.url, "book": "", "tabs": []}
        chosen = (self.url, self.cohort, self.books, self.scenario.changes, turn)
        if tool == OURS:
            cells = choose(*chosen)
            job |= {"database": self.database, "verbs": cells.verbs()}
        else:
            job["book"] = ask(f"{self.url}/drive/v3/files/{self.copied.book}/copy", {}, self.token)["id"]
            cells = choose(*chosen, copy=job["book"])
            job["tabs"] = cells.tabs(self.copied.headers)
        before = cells.read(self.url)
        if typing:
            for book, actions in cells.typing().items():
                self.running.door.meanwhile(self.token, book, actions)
        else:
            cells.typed.clear()
        seconds, stopped = in_its_own_process(tool, job)
        tally = dataclasses.replace(self.running.door.tally)
        return Result(tool, tally, seconds, compare(before, cells.read(self.url), cells), stopped=stopped)

    def stop(self) -> None:
        """Stop the server."""
        self.running.stop()


def in_its_own_process(tool: str, job: Json) -> tuple[float, str]:
    """Run the program of a tool; return the seconds it took, and what it said if it stopped by itself."""
    command = [sys.executable, "-m", f"bench.callers.{tool}"]
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=ROOT, input=json.dumps(job), capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as still:
        said = (still.stderr or b"").decode().strip().splitlines()
        return PATIENCE, f"still trying after {PATIENCE:.0f} s: {said[-1][-200:] if said else 'without a word'}"
    if done.returncode:
        return 0.0, done.stderr.strip().splitlines()[-1]
    return json.loads(done.stdout.splitlines()[-1])["seconds"], ""


def good(result: Result, scenario: Scenario) -> bool:
    """Say whether ours did what it must: a read and a write for each book, everything delivered and kept."""
    books = 2 if "jury" in scenario.changes else 1
    kept = result.kept
    return (
        (result.tally.reads, result.tally.writes, kept.altered, result.stopped) == (2, books, 0, "")
        and all(got == most for got, most in (kept.delivered, kept.formulas, kept.own, result.typed))
    )  # fmt: skip


def shown(results: list[Result]) -> Iterator[str]:
    """Return the lines of the table, its columns aligned."""
    lines = [HEADINGS, *(result.line() for result in results)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADINGS))]
    for line in lines:
        first, *others = (text.ljust(width) if at == 0 else text.rjust(width)
                          for at, (text, width) in enumerate(zip(line, widths, strict=True)))  # fmt: skip
        yield "  ".join((first, *others))
    yield from (f"{TOOLS[result.tool]} stopped: {result.stopped}" for result in results if result.stopped)


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(TOOLS), default=list(TOOLS), help="measure these tools")
    only, within = parser.parse_args().only, True
    for scenario in SCENARIOS:
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(Path(folder), scenario)
            results = [stage.measure(tool) for tool in only]
            print(f"\n{scenario.name}\n", *shown(results), sep="\n")
            if OURS in only:
                print(f"Cells that ours lists for a person to choose, typed on both sides: {stage.conflicts()}")
            within = within and all(good(result, scenario) for result in results if result.tool == OURS)
            stage.stop()
    print(NOTE)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
