"""One simulated world played: step after step, then brought to rest and held to every invariant."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from store import agreement, intents
from store.db import rows
from store.models import JournalEntry
from tests import invariants_at_rest, simulated_pages, simulated_staff, simulated_store
from tests.invariants import must
from tests.simulated_cycles import WORKERS, Run, Workers
from tests.simulated_scripts import LONG, Script, told
from tests.simulated_sheets import AFTER, BEFORE
from tests.simulated_world import World, as_json

FAULTS = {"before": BEFORE, "after": AFTER}
#: Cycles run before the clean ones, to settle what the last disturbance left.
SETTLING = 3


class Stage:
    """Play one script in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.workers = Workers(world, self.perform)
        self.counts: Counter = Counter()

    def play(self, script: Script, telling: bool = False) -> str:
        """Play every step, come to rest, check everything; return the hash of how it all ended."""
        for step in script.steps:
            if telling:
                print(f"{self.world.now:.2f} {told(step)}")
            self.perform(step)
        self.rest()
        if telling:
            print("\n".join(self.workers.log))
        invariants_at_rest.check_rest(self.world)
        return self.digest()

    def perform(self, step: Sequence[Any]) -> str:
        """Do one step; return the fault that it asks for, '' for none."""
        kind, *rest = step
        self.counts[kind if kind != "fault" else f"fault {rest[0]}"] += 1
        if kind == "fault":
            return rest[0]
        if kind == "staff":
            self.counts["done"] += simulated_staff.perform(self.world, *rest)
        elif kind == "page":
            self.counts["done"] += simulated_pages.perform(self.world, *rest)
        elif kind == "both":
            self._both(*rest)
        elif kind in ("cycle", "worker"):
            self._cycle(*rest)
        elif kind == "wait":
            self.world.clock.advance(rest[0])
        elif kind == "deliver" and self.world.google.late:
            self.world.google.land(self.world.google.late.pop(0))
        return ""

    def _both(self, kind: str, row: int, name: int, number: int, other: int) -> None:
        """Have a page and a person of the staff change the very same cell, to the same value or another."""
        seen, mine = self.world.view(kind), self.world.local(kind)
        keys = sorted(mine.keys() & seen.alone.keys())
        if not keys:
            return
        key = keys[row % len(keys)]
        index = [found.id for found in seen.rows].index(key)
        names = simulated_pages.names(kind, mine[key])
        columns = sorted(seen.columns.keys() - {"id"})
        field = names[name % len(names)] if names else ""
        if field in columns:
            simulated_pages.perform(self.world, "change", kind, sorted(mine).index(key), names.index(field), number)
            simulated_staff.perform(self.world, "type_in", kind, index, columns.index(field), other or number)

    def _cycle(self, book: int, worker: int, events: Sequence[Any], die_after: int) -> Run:
        busy = {run.owner for run in self.workers.running}
        owners = [name for name in WORKERS if name not in busy]
        books = self.world.books
        return self.workers.cycle(books[book % len(books)], owners[worker % len(owners)], events, die_after)

    # -- coming to rest ----------------------------------------------------------------------------

    def rest(self) -> None:
        """Let every write land, every lease end, then hold both sides to agree in two clean cycles."""
        while self.world.google.late:
            self.world.google.land(self.world.google.late.pop(0))
            self._round()
        self.world.clock.advance(LONG)
        for _ in range(SETTLING):
            if not any(run.report is None or run.report.again for run in self._round()):
                break
        if self._unsettled():
            self.world.clock.advance(intents.LIFE / timedelta(seconds=1) + 1)
            self._round()
        must(not self._unsettled(), "every_write_is_settled", self._unsettled())
        self._confirm()
        first, second = self._round(), self._round()
        before = self._left()
        third = self._round()
        name = "converges_in_two_clean_cycles_and_a_third_writes_nothing"
        for run in third:
            must(run.ended == "done" and run.report is not None, name, run.ended)
            done = (run.report.writes, run.report.pulled, run.report.created, run.report.removed)
            must(done == (0, 0, 0, 0) and not run.report.again, name, run.report, [r.report for r in (*first, *second)])
        if any(run.report and run.report.again for run in second):
            # Columns that the second one added are agreed on by the third, that writes nothing.
            before = self._left()
            self._round()
        must(self._left() == before, "no_echo", before, self._left())

    def _confirm(self) -> None:
        """Confirm what tabs are paused for, as a person would in the end."""
        paused = [tab.id for book in self.world.books for tab in agreement.tabs(book) if tab.paused]
        for tab in paused:
            agreement.confirm(tab)
            self.world.confirmed = True
        if paused:
            self._round()

    def _round(self) -> list[Run]:
        self.world.clock.advance(5)
        return [self.workers.cycle(book, WORKERS[0]) for book in self.world.books]

    def _unsettled(self) -> list[tuple]:
        return rows("SELECT nonce, body FROM intent WHERE settled = ?", False)

    def _left(self) -> tuple:
        """Return what a cycle without anything to do leaves as it is."""
        tabs = [tab.id for book in self.world.books for tab in agreement.tabs(book)]
        bases = [sorted(agreement.base(tab).rows.items()) for tab in tabs]
        states = [self.world.google.book(book).revision for book in self.world.books]
        return JournalEntry.select().count(), states, hashlib.sha256(repr(bases).encode()).hexdigest()

    def digest(self) -> str:
        """Return a hash of both final states and of every call."""
        parts = [simulated_store.digest(), *(as_json(self.world.google.book(book)) for book in self.world.books)]
        return hashlib.sha256("\n".join([*parts, *self.workers.log]).encode()).hexdigest()
