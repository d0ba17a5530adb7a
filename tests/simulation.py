"""Run seeded simulations of the whole engine: SCENARIOS=5000000 python -m tests.simulation

One process, a virtual clock, a Google Sheets in memory. Each seed draws a small cohort and a script of edits on both
sides, faults, crashes and two workers; whatever happened, the invariants must hold once all has come to rest. The
same seed ends with the same hash. A failure prints its seed and the shortest script that still fails:
SEED=123 python -m tests.simulation plays it again, step by step.
"""

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests import invariants, simulated_store
from tests.invariants import must
from tests.simulated_scripts import Script, draw, lines, shortened
from tests.simulated_stage import Stage
from tests.simulated_time import Clock, unreal
from tests.simulated_world import Shape, Template, begin, build


class Failure(Exception):
    """A seed that breaks an invariant; the message says all that is needed to play it again."""


@dataclass
class Summary:
    """What simulations did, all together."""

    seeds: int = 0
    cycles: int = 0
    counts: Counter = field(default_factory=Counter)

    def add(self, other: "Summary") -> None:
        """Add what others did."""
        self.seeds += other.seeds
        self.cycles += other.cycles
        self.counts.update(other.counts)


class Laboratory:
    """A store and a clock for simulations, and a world ready for each shape."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.templates: dict[Shape, Template] = {}
        self.empty = simulated_store.saved()

    def template(self, shape: Shape) -> Template:
        """Return the template of a shape, built when it is first needed."""
        if shape not in self.templates:
            simulated_store.put_back(self.empty)
            self.templates[shape] = build(self.clock, shape)
        return self.templates[shape]

    def play(self, script: Script, telling: bool = False) -> tuple[str, Stage]:
        """Play a script; return its hash and the stage after it."""
        stage = Stage(begin(self.clock, self.template(script.shape), script.seed))
        return stage.play(script, telling), stage

    def fails(self, script: Script, like: str) -> bool:
        """Tell whether a script fails the same way."""
        try:
            self.play(script)
        except Exception as error:  # noqa: BLE001 - whatever breaks, in the engine or in an invariant
            return _name(error) == like
        return False

    def check(self, seed: int, summary: Summary) -> None:
        """Run one seed; raise Failure with its shortest script when it breaks anything."""
        script = draw(seed)
        try:
            digest, stage = self.play(script)
            if seed % 25 == 0:
                again, _ = self.play(script)
                must(digest == again, "the_same_seed_ends_with_the_same_hash", digest, again)
        except Exception as error:  # noqa: BLE001 - whatever breaks, in the engine or in an invariant
            raise Failure(self.report(script, error)) from error
        summary.seeds += 1
        summary.cycles += len([line for line in stage.workers.log if " done " in line])
        summary.counts.update(stage.counts)

    def report(self, script: Script, error: Exception) -> str:
        """Return all that is needed to understand a failure and play it again."""
        short = shortened(script, lambda tried: self.fails(tried, _name(error)))
        try:
            self.play(short)
        except Exception as found:  # noqa: BLE001 - the same, in fewer steps
            error = found
            error.__context__ = None
        trace = "" if isinstance(error, invariants.Broken) else "".join(traceback.format_exception(error, limit=-4))
        return (
            f"seed {script.seed}: {error}\n{trace}{lines(short)}\n"
            f"to play it again: SEED={script.seed} python -m tests.simulation"
        )


def _name(error: Exception) -> str:
    return str(error).partition(":")[0] if isinstance(error, invariants.Broken) else type(error).__name__


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """Give a laboratory in a store of its own."""
    with unreal() as clock, simulated_store.in_memory():
        yield Laboratory(clock)


def run_seeds(first: int, count: int) -> Summary:
    """Run so many seeds from the first; raise Failure at the first that breaks an invariant."""
    summary = Summary()
    with laboratory() as found:
        for seed in range(first, first + count):
            found.check(seed, summary)
    return summary


def digests(first: int, count: int) -> list[str]:
    """Return the hash with which each of so many seeds ends."""
    with laboratory() as found:
        return [found.play(draw(seed))[0] for seed in range(first, first + count)]


# -- overnight -----------------------------------------------------------------------------------

CHUNK = 500


def _chunk(seeds: range) -> tuple[Summary, list[str]]:
    """Run some seeds to the last; return what they did, and what there is to say of those that failed."""
    summary, failures = Summary(), []
    with laboratory() as found:
        for seed in seeds:
            try:
                found.check(seed, summary)
            except Failure as failure:
                failures.append(str(failure))
    return summary, failures


def overnight(count: int, first: int) -> int:
    """Run seeds on every core until there were enough, or somebody stops it; return how many failed."""
    summary, started, failed, last = Summary(), time.monotonic(), 0, first + count
    chunks = [range(seed, min(seed + CHUNK, last)) for seed in range(first, last, CHUNK)]
    with multiprocessing.get_context("spawn").Pool(initializer=_deaf) as pool:
        try:
            for done, failures in pool.imap(_chunk, chunks):
                failed += len(failures)
                summary.add(done)
                print("\n".join(failures), end="\n" if failures else "", flush=True)
                rate = (summary.seeds + failed) / (time.monotonic() - started)
                told = f"{summary.seeds} simulations, {summary.cycles} cycles, {rate:.0f} a second, {failed} failed"
                print(told, flush=True)
        except KeyboardInterrupt:
            print(f"stopped: FIRST={first + summary.seeds + failed} goes on from there", flush=True)
            pool.terminate()
    print(dict(summary.counts.most_common()))
    return failed


def _deaf() -> None:
    """Leave Ctrl-C to the process that adds up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _again(seed: int) -> int:
    """Play one seed again, telling everything; its shortest script when it fails."""
    with laboratory() as found:
        script = draw(seed)
        print(lines(script))
        try:
            digest, _ = found.play(script, telling=True)
        except Exception as error:  # noqa: BLE001 - whatever breaks, in the engine or in an invariant
            print(found.report(script, error))
            return 1
        print(digest)
    return 0


def main() -> int:
    """Play one seed again, or run many."""
    if "SEED" in os.environ:
        return _again(int(os.environ["SEED"]))
    return min(1, overnight(int(os.environ.get("SCENARIOS", "2000")), int(os.environ.get("FIRST", "1"))))


if __name__ == "__main__":
    sys.exit(main())
