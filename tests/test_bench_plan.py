"""What bench/plan.py measures stays right, and grossly within its limits."""

import gc

import pytest

from bench import plan_timing as bench
from bench.merger import OURS
from bench.tables import Case, case

#: Rows, and how far beyond a limit the machine's noise may lead.
COUNT, NOISE = 2_000, 1.5


def plainly(made: Case) -> int:
    """Count the cells that differ as one does by hand, one at a time: what a merge is held against."""
    return sum(
        made.ours[key][at] != text or key not in made.theirs or made.theirs[key][at] != text
        for key, row in made.base.items()
        for at, text in enumerate(row)
    )


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_merge_is_right_in_both_orders(shuffled: bool) -> None:
    assert bench.merged(OURS, COUNT, shuffled, 0)[1] == "right"


def test_a_wrong_merge_is_told() -> None:
    made = bench.apart(case(COUNT))
    table, clashes = OURS.result(made, OURS.merge(OURS.ready(made)))
    key = next(key for key, row in made.right.items() if row != made.base[key] and key not in made.kept)
    assert bench.judged(made, (table, clashes)) == "right"
    assert bench.judged(made, (table | {key: made.base[key]}, clashes)) != "right"
    assert bench.judged(made, (table, set())) != "right"


@pytest.mark.alone
@pytest.mark.parametrize("shuffled", [False, True])
def test_the_merge_takes_a_part_of_comparing_cell_by_cell(shuffled: bool) -> None:
    made = bench.apart(case(COUNT, shuffled=shuffled))
    ready = OURS.ready(made)
    ours, by_hand = bench.in_turn([lambda: OURS.merge(ready), lambda: plainly(made)], 1)
    assert ours * 2 < by_hand


@pytest.mark.alone
def test_the_whole_way_is_held_to_json_loads_with_and_without_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "TIMES_LOADS", bench.TIMES_LOADS * NOISE)
    assert bench.from_bytes(COUNT, 0.7)
    assert gc.isenabled()
    monkeypatch.setattr(bench, "TIMES_LOADS", 0.1)
    assert not bench.from_bytes(COUNT, 0.1)
