"""The workers of a simulation: cycles of the sync, with what happens around each of their calls."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from store import agreement
from store.db import connection, rows
from store.leases import LeaseLost
from sync import cycle
from sync.book import BookTrouble, Sheets
from sync.report import Report
from tests import invariants
from tests.simulated_sheets import Asked, Google
from tests.simulated_store import Crash, pulse
from tests.simulated_world import World, connect, quiet

WORKERS = ("first", "second")
#: What happens around a call: (moment, how many such calls came before in the cycle, step).
Event = tuple[str, int, Sequence[Any]]


@dataclass
class Run:
    """One cycle of one worker, as it goes."""

    owner: str
    book: str
    events: Sequence[Event]
    epoch: int = -1
    moments: Counter = field(default_factory=Counter)
    #: Whether anything happened around its calls, or was left to settle before it.
    disturbed: bool = False
    ended: str = ""
    report: Report | None = None
    asked: list[Asked] = field(default_factory=list)
    #: How many of its effects would outlive it.
    lasting: int = 0
    #: Whether it ran inside no other one's call.
    outer: bool = True

    @property
    def kinds(self) -> list[str]:
        """List what it called, "read" or "write"."""
        return [asked.kind for asked in self.asked]


@lru_cache(maxsize=4)
def _sheets(owner: str) -> Sheets:
    """Open each worker's connection once: what makes it costs more than a cycle."""
    return connect(Google.__new__(Google), quiet)


class Workers:
    """Run cycles in a world; `perform` does what a script says happens around calls, and names a fault or ''."""

    def __init__(self, world: World, perform: Callable[[Sequence[Any]], str]) -> None:
        self.world, self.perform = world, perform
        self.running: list[Run] = []
        self.finished: list[Run] = []
        self.log: list[str] = []

    def cycle(self, book: str, owner: str, events: Sequence[Event] = (), die_after: int = 0) -> Run:
        """Run one cycle to whatever end it comes to, and hold it to what every cycle must be."""
        run = Run(owner, book, events, disturbed=bool(die_after), outer=not self.running)
        run.disturbed |= bool(rows("SELECT 1 FROM intent WHERE book_id = ? AND settled = ?", book, False))
        sheets = _sheets(owner)
        sheets.http.session.google = self.world.google
        sheets.http.session.meet = lambda moment, asked: self._meet(run, moment, asked)
        self.running.append(run)
        with pulse.another(die_after):
            run.ended = self._run(run, sheets)
            run.lasting = pulse.count
        self.finished.append(self.running.pop())
        self.log.append(f"{self.world.now:.3f} {owner} {book} {run.ended} {run.report and run.report.as_dict()}")
        invariants.check_cycle(self.world, run)
        return run

    def _run(self, run: Run, sheets: Sheets) -> str:
        """Run a cycle as the worker does, and say how it ended."""
        try:
            try:
                run.report = cycle.run(run.book, sheets, run.owner)
            except BookTrouble as trouble:
                with connection():
                    agreement.failed(run.book, str(trouble), 1.0)
                return type(trouble).__name__
        except LeaseLost:
            return "lost"
        except Crash:
            pulse.revive()
            return "died"
        return "done" if run.report else "held"

    def _meet(self, run: Run, moment: str, asked: Asked) -> str:
        """Let happen around a call what was to happen then; return the fault that it is to suffer."""
        if moment.startswith("before"):
            self._begin_call(run, asked)
        turn = run.moments[moment]
        run.moments[moment] += 1
        fault = ""
        for when, count, step in run.events:
            if (when, count) == (moment, turn):
                run.disturbed = True
                if step[0] == "die":
                    pulse.die()
                with pulse.another():
                    fault = self.perform(step) or fault
        return fault

    def _begin_call(self, run: Run, asked: Asked) -> None:
        with pulse.another():
            if run.epoch < 0:
                run.epoch = rows("SELECT epoch FROM book WHERE id = ?", run.book)[0][0]
            invariants.check_call(self.world, run, asked)
        run.asked.append(asked)
        self.log.append(f"{self.world.now:.3f} {run.owner} {asked.method} {asked.path} {asked.body}")

