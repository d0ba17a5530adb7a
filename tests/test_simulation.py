"""The whole engine in one process, seeded: hundreds of small worlds, each held to every invariant.

`make proof` asks for thousands (SIMULATIONS=2000); SCENARIOS=5000000 python -m tests.simulation runs as many on all
cores.
"""

import os
import subprocess
import sys

import pytest

from tests import invariants_at_rest, simulated_pages, simulated_staff, simulated_stage
from tests.invariants import must
from tests.simulated_scripts import Script, draw, lines, shortened
from tests.simulated_world import Shape
from tests.simulation import Failure, run_seeds
from tests.tally import tally

#: Seeds of a run of the tests, less than half a minute of one core; and where they begin.
SEEDS, FIRST, CHUNK = int(os.environ.get("SIMULATIONS", "500")), 1, 100


@pytest.mark.parametrize("first", range(FIRST, FIRST + SEEDS, CHUNK))
def test_whatever_happens_the_invariants_hold(first: int) -> None:
    summary = run_seeds(first, CHUNK)
    assert summary.seeds == CHUNK
    assert summary.cycles > 5 * CHUNK
    assert summary.counts["done"] > CHUNK
    faults = sum(count for what, count in summary.counts.items() if what.startswith("fault"))
    tally(seeds=summary.seeds, cycles=summary.cycles, acts_of_people=summary.counts["done"], faults=faults)


def test_the_seeds_reach_everything_that_can_happen() -> None:
    drawn = [lines(draw(seed)) for seed in range(FIRST, FIRST + SEEDS)]
    text = "\n".join(drawn)
    wanted = ["die", "dies after", "both sides", "deliver", "wait", "cycle of book 1", "by worker 1"]
    faults = [fault for moment in simulated_stage.FAULTS.values() for kind in moment.values() for fault in kind]
    wanted += [f"fault {fault}" for fault in faults]
    wanted += [f"staff: {act} " for act in simulated_staff.ACTS]
    wanted += [f"page: {act} " for act in simulated_pages.ACTS]
    assert [word for word in wanted if word not in text] == []


def test_the_same_seed_ends_the_same_in_another_process() -> None:
    script = "from tests.simulation import digests; print(digests(1, 6))"
    told = {
        subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": number}, capture_output=True, text=True,
            check=True,
        ).stdout
        for number in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1


def test_a_failure_tells_its_seed_and_the_shortest_script_that_still_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants_at_rest, "check_rest", _no_sorting)
    with pytest.raises(Failure) as caught:
        for seed in range(1, 200):
            run_seeds(seed, 1)
    told = str(caught.value)
    assert "SEED=" in told
    assert told.count("staff: sort") == 1
    assert " 2. " not in told


def _no_sorting(world: object) -> None:
    """Stand for an invariant that any sorted tab breaks."""
    sorted_so = any(step.sorts for step in world.steps)  # type: ignore[attr-defined]
    must(not sorted_so, "nobody_sorts")


def test_shortening_keeps_what_is_needed() -> None:
    steps = [["wait", 1], ["deliver"], ["cycle", 0, 0, [["after_read", 0, ["die"]], ["after_read", 0, ["wait", 2]]], 3]]
    script = Script(0, Shape(), steps * 3)

    def fails(tried: Script) -> bool:
        return ": die" in lines(tried) and "deliver" in lines(tried)

    short = shortened(script, fails)
    assert short.steps == [["deliver"], ["cycle", 0, 0, [["after_read", 0, ["die"]]], 0]]


