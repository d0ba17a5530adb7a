"""Merging one cell from three values: every case, then laws that hold for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.plan import BOTH, COMPUTED, INTRANET_WINS, SHEET_WINS, Cell, Columns, Plan
from tests.plan_tables import COLUMNS, VALUES, Side, merge, random_tables, row

NOTHING, AGREE, PULL, PUSH, CLASH, REFUSE = "nothing", "agree", "pull", "push", "clash", "refuse"

#: policy, base (None: never agreed), intranet, sheet, what must happen.
CASES = [
    (BOTH, "a", "a", "a", NOTHING),
    (BOTH, "a", "b", "b", AGREE),
    (BOTH, "a", "b", "a", PUSH),
    (BOTH, "a", "a", "b", PULL),
    (BOTH, "a", "b", "c", CLASH),
    (BOTH, "a", "", "a", PUSH),
    (BOTH, "a", "a", "", PULL),
    (BOTH, "a", "", "b", CLASH),
    (BOTH, "a", "b", "", CLASH),
    (BOTH, "a", "", "", AGREE),
    (BOTH, "", "b", "", PUSH),
    (BOTH, "", "", "b", PULL),
    (BOTH, "", "b", "c", CLASH),
    (BOTH, None, "", "", AGREE),
    (BOTH, None, "b", "b", AGREE),
    (BOTH, None, "b", "", PUSH),
    (BOTH, None, "", "b", PULL),
    (BOTH, None, "b", "c", CLASH),
    (BOTH, "a", "a", "!x", REFUSE),
    (BOTH, "a", "b", "!x", REFUSE),
    (BOTH, None, "b", "!x", REFUSE),
    (SHEET_WINS, "a", "b", "c", PULL),
    (SHEET_WINS, "a", "b", "a", PUSH),
    (SHEET_WINS, "a", "b", "!x", REFUSE),
    (INTRANET_WINS, "a", "b", "c", PUSH),
    (INTRANET_WINS, "a", "a", "c", PULL),
    (COMPUTED, "a", "a", "a", NOTHING),
    (COMPUTED, "a", "b", "a", PUSH),
    (COMPUTED, "a", "a", "b", PUSH),
    (COMPUTED, "a", "b", "c", PUSH),
    (COMPUTED, "a", "a", "!x", PUSH),
    (COMPUTED, None, "a", "", PUSH),
    (COMPUTED, "a", "b", "b", AGREE),
]


def plan_cell(policy: str, base: str | None, local: str, remote: str | Cell) -> Plan:
    side = Side({"P-1": {"f": local}}, {} if base is None else {"P-1": {"f": base}})
    return merge(Columns({"f": policy}), side, [row(4, "P-1", f=remote)])


def happened(plan: Plan) -> str:
    found = {PULL: plan.pulls, PUSH: plan.pushes, AGREE: plan.agreed, CLASH: plan.clashes, REFUSE: plan.refused}
    names = [name for name, items in found.items() if items]
    assert len(names) <= 1, names
    return names[0] if names else NOTHING


@pytest.mark.parametrize(("policy", "base", "local", "remote", "expected"), CASES)
def test_every_case_of_a_cell(policy: str, base: str | None, local: str, remote: str, expected: str) -> None:
    assert happened(plan_cell(policy, base, local, remote)) == expected


def test_a_formula_is_read_but_never_overwritten() -> None:
    formula = Cell("b", formula=True)
    assert happened(plan_cell(BOTH, "a", "a", formula)) == PULL
    for policy, base, local in ((BOTH, "b", "c"), (INTRANET_WINS, "a", "c"), (COMPUTED, "a", "c")):
        plan = plan_cell(policy, base, local, formula)
        assert happened(plan) == REFUSE
        assert "formule" in plan.refused[0].reason


def test_an_edit_of_a_computed_cell_is_told_from_a_change_of_ours() -> None:
    assert plan_cell(COMPUTED, "a", "a", "b").pushes[0].put_back
    assert not plan_cell(COMPUTED, "a", "b", "a").pushes[0].put_back
    assert not plan_cell(COMPUTED, None, "b", "").pushes[0].put_back


def test_a_field_that_only_one_side_has_is_left_alone() -> None:
    side = Side({"P-1": {"f": "a"}}, {"P-1": {"f": "a", "g": "x"}})
    plan = merge(Columns({"f": BOTH, "g": BOTH}), side, [row(1, "P-1", f="a", g="b")])
    assert happened(plan) == NOTHING


values = st.one_of(st.none(), VALUES)


@given(base=values, local=VALUES, remote=VALUES)
@random_tables
def test_a_conflict_if_and_only_if_all_three_differ(base: str | None, local: str, remote: str) -> None:
    plan = plan_cell(BOTH, base, local, remote)
    if base is None:
        assert bool(plan.clashes) == (local != remote and bool(local) and bool(remote))
    else:
        assert bool(plan.clashes) == (len({base, local, remote}) == 3)


@given(policy=st.sampled_from(sorted(set(COLUMNS.policies.values()))), base=values, local=VALUES, remote=VALUES)
@random_tables
def test_the_base_moves_only_to_a_value_that_both_sides_hold(
    policy: str, base: str | None, local: str, remote: str
) -> None:
    plan = plan_cell(policy, base, local, remote)
    assert plan.agreed in ({}, {"P-1": {"f": local}})
    assert bool(plan.agreed) == (local == remote and base != local)


@given(base=values, local=VALUES, remote=VALUES)
@random_tables
def test_neither_side_is_favoured(base: str | None, local: str, remote: str) -> None:
    mirror = {PULL: PUSH, PUSH: PULL}
    there, back = happened(plan_cell(BOTH, base, local, remote)), happened(plan_cell(BOTH, base, remote, local))
    assert back == mirror.get(there, there)


@given(policy=st.sampled_from(sorted(set(COLUMNS.policies.values()))), base=values, local=VALUES, typed=VALUES)
@random_tables
def test_a_refused_value_is_never_pulled(policy: str, base: str | None, local: str, typed: str) -> None:
    plan = plan_cell(policy, base, local, "!" + typed)
    assert plan.pulls == {}
    assert plan.agreed == {}
    assert bool(plan.pushes) == (policy == COMPUTED)
