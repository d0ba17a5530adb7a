"""Exhaustive: small scenarios × every call × every fault, and a crash after every lasting effect of every cycle.

Each disturbed run must end as the undisturbed one. Where people still act in the middle of the disturbed cycle or of a
later one, when they act depends on what was disturbed, and it is enough that every invariant holds.
"""

from collections.abc import Iterator

import pytest

from tests import invariants_at_rest
from tests.exhaustive_scenarios import SCENARIOS
from tests.simulated_scripts import LONG, Script, Step, lines
from tests.simulated_sheets import AFTER, BEFORE
from tests.simulated_stage import Stage
from tests.simulation import Laboratory, laboratory
from tests.tally import tally

#: A read is tried again: only one that fails so often fails at all.
TRIES = 3
TRIED_AGAIN = ("500", "html", "connect", "timeout", "reset", "truncated")


@pytest.fixture(scope="module")
def found() -> Iterator[Laboratory]:
    """Give a laboratory for all scenarios."""
    with laboratory() as made:
        yield made


def disturbed(stage: Stage, steps: list[Step]) -> Iterator[tuple[list[Step], bool]]:
    """Yield a scenario with one thing going wrong, for everything that can, as told by an undisturbed run.

    With it, whether nobody acts any more in the middle of that cycle or of a later one.
    """
    runs = iter(stage.workers.finished)
    last = max((place for place, step in enumerate(steps) if _depends_on_when(step)), default=-1)
    for place, step in enumerate(steps):
        if step[0] != "cycle":
            continue
        run, (kind, book, worker, events, _) = next(run for run in runs if run.outer), step
        # Once the lease of the dead is over, a worker tries again.
        again = [["wait", LONG], [kind, book, worker, [], 0]]
        for event in around(run.kinds):
            tried = [*steps[:place], [kind, book, worker, [*events, *event], 0], *again, *steps[place + 1 :]]
            yield tried, place > last
        for count in range(1, run.lasting + 1):
            yield [*steps[:place], [kind, book, worker, events, count], *again, *steps[place + 1 :]], place > last


def _depends_on_when(step: Step) -> bool:
    """Tell whether what people do in a step depends on when it comes: inside a cycle, or back to an older version."""
    return bool(step[0] == "cycle" and step[3]) or "restore_version" in step


def around(kinds: list[str]) -> Iterator[list[Step]]:
    """Yield every fault and every death around every call of a cycle, as its events."""
    for kind in ("read", "write"):
        for turn in range(kinds.count(kind)):
            for fault in BEFORE[kind]:
                often = TRIES if kind == "read" and fault in TRIED_AGAIN else 1
                yield [[f"before_{kind}", turn + more, ["fault", fault]] for more in range(often)]
            yield from ([[f"after_{kind}", turn, ["fault", fault]]] for fault in AFTER[kind])
            yield from ([[f"{when}_{kind}", turn, ["die"]]] for when in ("before", "after"))


def holds(found: Laboratory, script: Script, expected: object, strict: bool) -> bool:
    """Play a disturbed scenario and hold it to its end; tell whether it was as if nothing had gone wrong."""
    try:
        _, stage = found.play(script)
        ended = invariants_at_rest.summary(stage.world)
        assert ended == expected or not strict, f"ended as {ended}\ninstead of {expected}"
    except Exception as error:
        raise AssertionError(f"{error}\n{lines(script)}") from error
    return ended == expected


@pytest.mark.parametrize("name", SCENARIOS)
def test_whatever_goes_wrong_in_a_scenario_it_ends_as_if_nothing_had(found: Laboratory, name: str) -> None:
    shape, steps = SCENARIOS[name]
    _, stage = found.play(Script(name, shape, steps))
    expected = invariants_at_rest.summary(stage.world)
    runs = same = held = 0
    for tried, strict in disturbed(stage, steps):
        same += holds(found, Script(name, shape, tried), expected, strict)
        runs, held = runs + 1, held + strict
    assert runs > 0
    tally(scenarios=1, disturbed_runs=runs, held_to_the_same_end=held, ended_the_same=same)


def test_there_are_at_least_forty_scenarios() -> None:
    assert len(SCENARIOS) >= 40
