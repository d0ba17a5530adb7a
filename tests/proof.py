"""Prove the sync, and prove the proof: what ran, how many, how long, what was caught.

    make proof
    SCENARIOS=100000000 make proof

The planner alone first, then each suite of tests that the sync has here, then every bug planted on purpose.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import plan_proof
from tests.planted import BUGS
from tests.tally import added_up

ROOT = Path(__file__).resolve().parent.parent
#: Scenarios of the planner when SCENARIOS does not say.
SCENARIOS = 500_000
#: Simulations of the whole engine, each a small world: four times those of a run of the tests.
SIMULATIONS = "2000"
#: The suites, by what they are and how the names of their files begin. A suite that is not there is told.
SUITES = {
    "the merge, case by case": ("test_plan_cells", "test_plan_rows"),
    "two people and a worker, drawn": ("test_plan_machine",),
    "the guarded write": ("test_sync_guard",),
    "forty hazards": ("test_hazards",),
    "the whole engine, simulated": ("test_simulation",),
    "every call, every fault, every crash": ("test_exhaustive",),
    "the product from outside": ("test_blackbox",),
}


class _Counter:
    """Count what pytest says of each test."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []

    def line(self, text: str) -> None:
        """Read a line of pytest's verbose report."""
        if " PASSED" in text:
            self.passed += 1
        elif " FAILED" in text or " ERROR" in text:
            self.failed.append(text.split(" ")[0])


def say(text: str = "") -> None:
    """Print a line at once."""
    print(text, flush=True)


def prove_the_planner() -> bool:
    """Run the proof of the planner on all cores."""
    began = time.monotonic()
    proof = plan_proof.prove(int(os.environ.get("SCENARIOS", SCENARIOS)), lambda so_far: None)
    took = time.monotonic() - began
    say(f"{'the planner alone':<40}{proof.scenarios:>13,} scenarios{took:>8.0f} s"
        f"   {proof.rate:,.0f} a second of one core; {len(plan_proof.LAWS)} laws")  # fmt: skip
    for line in [*proof.seldom(), *proof.failure.splitlines()]:
        say(f"    {line}")
    return not proof.failure and not proof.seldom()


def prove_a_suite(name: str, files: list[Path]) -> bool:
    """Run the tests of one suite."""
    began, counted = time.monotonic(), _Counter()
    given = [sys.executable, "-m", "pytest", "-vv", "-p", "no:cacheprovider", *map(str, files)]
    # SCENARIOS is for the planner, which makes thousands a second: the suites run what every run of them does, more
    # simulations apart, and `python -m tests.simulation` as many of those as anybody wants.
    alone = {"SIMULATIONS": SIMULATIONS} | {name: value for name, value in os.environ.items() if name != "SCENARIOS"}
    with tempfile.NamedTemporaryFile() as tallies:
        with subprocess.Popen(
            given, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=alone | {"TALLIES": tallies.name},
        ) as process:  # fmt: skip
            kept = [line.rstrip() for line in _lines(process, counted)]
        through = added_up(Path(tallies.name))
    took = time.monotonic() - began
    say(f"{name:<40}{counted.passed:>13,} tests    {took:>8.0f} s   {len(counted.failed) or 'none'} failed"
        + (f"   {through}" if through else ""))  # fmt: skip
    if process.returncode:
        say("\n".join(f"    {line}" for line in kept[-40:]))
    return not process.returncode and counted.passed > 0


def _lines(process: subprocess.Popen[str], counted: _Counter) -> Iterator[str]:
    for line in process.stdout or ():
        counted.line(line)
        yield line


def prove_the_proof() -> bool:
    """Plant every bug, and tell which test caught it, after how long."""
    began, missed, tried = time.monotonic(), [], 0
    say()
    say(f"{len(BUGS)} bugs planted, one at a time:")
    # In a process where nothing of ours is imported yet.
    given = [sys.executable, "-m", "tests.planted"]
    with subprocess.Popen(given, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            told = json.loads(line)
            _tell(told)
            missed += [] if told["caught"] else [told["name"]]
            tried += 1
    took = time.monotonic() - began
    say(f"{tried - len(missed)} of {len(BUGS)} caught in {took:.0f} s.")
    return tried == len(BUGS) and not missed


def _tell(told: dict[str, Any]) -> None:
    bug = BUGS[told["name"]]
    test = bug.caught_by.split()[-1].removeprefix("tests/")
    say(f"    {'caught' if told['caught'] else 'MISSED'} after {told['seconds']:5.1f} s  {bug.name}: {bug.mistake}")
    say(f"{'':>27}by {test}")
    if not told["caught"]:
        say("\n".join(f"        {line}" for line in told["why"].splitlines()))


def main() -> int:
    """Run everything and print the report."""
    began = time.monotonic()
    good = [prove_the_planner()]
    for name, prefixes in SUITES.items():
        files = sorted(path for prefix in prefixes for path in (ROOT / "tests").glob(f"{prefix}*.py"))
        if files:
            good.append(prove_a_suite(name, files))
        else:
            say(f"{name:<40}{'not here':>13}")
            good.append(False)
    good.append(prove_the_proof())
    say()
    say(f"{'Everything holds' if all(good) else 'NOT PROVEN'}: {time.monotonic() - began:.0f} s in all.")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
