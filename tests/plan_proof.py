"""Prove the planner alone: perturbed tables, correlated edits, and every law of SHEETS.md, seed after seed.

    SCENARIOS=100000000 .venv/bin/python -m tests.plan_proof

A scenario is one plan that is made and judged. A seed is the life
of one small table: both sides agree on it, people move on both, a plan is made, judged by every law and carried
out, people move again, and so on until nothing is left to do. Each tab, unless in doubt, is planned a second time in
another order, one spoilt row among its rows, and must come to the same: that is a second plan, and counts as one.
"""

import gc
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from multiprocessing import Pool

from sync.plan import merge as the_planner
from tests import plan_moves as moves
from tests.plan_laws import REFUSE, Case
from tests.plan_lives import Planner, draw, live, written_down
from tests.plan_scripts import LAWS, SAID, report

#: Seeds of one chunk: a second or so.
CHUNK = 4000
#: Scenarios of one chunk, nearly.
_OF_CHUNK = CHUNK * 6
DEFAULT = 2_000_000

#: What must have happened at least once in this many scenarios, or the proof proves nothing.
EVERY = {
    "pulled": 30, "pushed": 20, "put back": 40, "agreed": 50, "conflict": 50, "refused": 45, "formula read": 90,
    "formula kept": 140, "no base": 65, "id given back": 50, "born": 75, "waiting": 60, "left a copy": 60,
    "missing": 25, "deleted": 95, "written again": 40, "edit beats deletion": 70, "restored": 450, "paused": 55,
    "confirmed": 300, "signed": 80, "withdrawn": 35, "nothing to do": 12, moves.UNSENT: 60, moves.UNREMEMBERED: 120,
}  # fmt: skip
#: Each kind of move must have been made at least once in this many scenarios.
EVERY_MOVE = 1000
#: At most this share of the tabs may be too ambiguous to plan in another order.
MOST_IN_DOUBT = 0.08


@dataclass
class Proof:
    """What was run, and what happened in it."""

    scenarios: int = 0
    lives: int = 0
    #: Processor time, in seconds.
    seconds: float = 0.0
    covered: Counter = field(default_factory=Counter)
    failure: str = ""

    def add(self, other: "Proof") -> None:
        """Add what another process ran."""
        self.scenarios += other.scenarios
        self.lives += other.lives
        self.seconds += other.seconds
        self.covered += other.covered
        self.failure = self.failure or other.failure

    @property
    def rate(self) -> float:
        """Return the scenarios a second on one core."""
        return self.scenarios / self.seconds if self.seconds else 0.0

    def seldom(self) -> list[str]:
        """Name what happened too seldom for the proof to mean anything."""
        every = EVERY | {move.__name__: EVERY_MOVE for move in SAID}
        told = [
            f"{what}: {self.covered[what]} times in {self.scenarios} scenarios, one in {n} expected"
            for what, n in every.items()
            if self.covered[what] * n < self.scenarios
        ]
        if self.covered["in doubt"] > MOST_IN_DOUBT * self.scenarios:
            told.append(f"too many tabs in doubt: {self.covered['in doubt']} in {self.scenarios} scenarios")
        return told


def run(seeds: Iterable[int], planner: Planner = the_planner) -> Proof:
    """Live the lives of these seeds; stop at the first that breaks a law."""
    proof = Proof()
    witness = _Witness(proof.covered)
    gc.disable()
    started = time.process_time()
    try:
        for seed in seeds:
            life = live(seed, planner, witness)
            try:
                draw(life, seed)
            except Exception:  # noqa: BLE001 - told below, with the shortest script that does the same
                proof.failure = report(seed, written_down(life, seed), planner)
                break
            proof.lives += 1
            proof.scenarios += life.planned
            for move, *given in life.scene.done:
                proof.covered[move.__name__] += 1
                if move is moves.cycle and given[0] != moves.FULL:
                    proof.covered[given[0]] += 1
    finally:
        proof.seconds = time.process_time() - started
        gc.enable()
    return proof


class _Witness:
    """Count what happens."""

    def __init__(self, covered: Counter) -> None:
        self.covered = covered

    def __call__(self, case: Case, doubt: bool) -> None:
        count, plan, world = self.covered, case.plan, case.world
        if doubt:
            count["in doubt"] += 1
        if plan.paused:
            count["paused"] += 1
            return
        if case.cells:
            self._cells(case)
        if case.strangers:
            self._any(("born", plan.births), ("waiting", plan.waiting), ("left a copy", plan.copies))
        if plan.appends:
            count["written again"] += 1
            count["edit beats deletion"] += any(key in world.base for key in plan.appends)
        if plan.ids or plan.missing or plan.deletions or plan.restored:
            self._any(("id given back", plan.ids), ("missing", plan.missing), ("deleted", plan.deletions),
                      ("restored", plan.restored))  # fmt: skip
        if world.signed or world.removed or world.confirmed:
            self._any(("signed", world.signed), ("withdrawn", world.removed), ("confirmed", world.confirmed))
        if not (case.done or plan.writes or plan.changes_rows or plan.ripening):
            count["nothing to do"] += 1

    def _any(self, *found: tuple[str, object]) -> None:
        for what, some in found:
            if some:
                self.covered[what] += 1

    def _cells(self, case: Case) -> None:
        count = self.covered
        for what in {*case.done.values()}:
            count[what] += 1
        for push in case.plan.pushes:
            count["put back"] += push.put_back
        for key, name, _, before, _, _, cell in case.cells:
            if cell and cell.formula and not cell.refusal:
                count["formula kept" if case.done.get((key, name)) == REFUSE else "formula read"] += 1
            if before is None:
                count["no base"] += 1


# -- all cores ----------------------------------------------------------------------------------------


def prove(scenarios: int, told: Callable[[Proof], None], processes: int = 0, first: int = 0) -> Proof:
    """Run at least so many scenarios on all cores, or until a law is broken; `told` of the whole after each chunk."""
    proof, chunk = Proof(), first
    with Pool(processes or os.cpu_count(), initializer=_deaf) as pool:
        while proof.scenarios < scenarios and not proof.failure:
            wanted = ceil((scenarios - proof.scenarios) / _OF_CHUNK)
            try:
                for part in pool.imap_unordered(_run_chunk, range(chunk, chunk + wanted)):
                    proof.add(part)
                    told(proof)
                    if proof.failure:
                        break
            except KeyboardInterrupt:
                print(f"stopped: FIRST={(chunk + proof.lives // CHUNK) * CHUNK} goes on from there", flush=True)
                pool.terminate()
                break
            chunk += wanted
    return proof


def _deaf() -> None:
    """Leave Ctrl-C to the process that adds up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run_chunk(number: int) -> Proof:
    return run(range(number * CHUNK, (number + 1) * CHUNK))


class _Told:
    """Say how far the proof is, every few seconds."""

    def __init__(self, every: float = 5.0) -> None:
        self.every, self.began = every, time.monotonic()
        self.last = self.began

    def __call__(self, proof: Proof) -> None:
        if time.monotonic() - self.last >= self.every:
            self.last = time.monotonic()
            print(f"{proof.scenarios:>13,} scenarios, {self.last - self.began:6.0f} s", flush=True)


def main() -> int:
    """Prove as many scenarios as SCENARIOS says, and tell what happened in them."""
    scenarios, began = int(os.environ.get("SCENARIOS", DEFAULT)), time.monotonic()
    first = int(os.environ.get("FIRST", "0")) // CHUNK
    proof = prove(scenarios, _Told(), first=first)
    if proof.failure:
        print(proof.failure)
        return 1
    took = time.monotonic() - began
    print(f"{proof.scenarios:,} scenarios in the lives of {proof.lives:,} tables, {len(LAWS)} laws, none broken.")
    print(f"{took:.1f} s; {proof.rate:,.0f} plans a second of one core, most tabs planned in two orders.")
    print("Of them: " + ", ".join(f"{what} {count:,}" for what, count in proof.covered.most_common()) + ".")
    for line in proof.seldom():
        print(f"Too seldom: {line}")
    return 1 if proof.seldom() else 0


if __name__ == "__main__":
    sys.exit(main())
