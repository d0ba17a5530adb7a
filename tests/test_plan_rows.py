"""Which record each row is, which are gone, which are new: every case, then laws on random tables."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.plan import BOTH, Columns, Plan, SheetRow
from tests.plan_tables import COLUMNS, FIELDS, VALUES, Side, carry_out, merge, random_tables, row, tables

SIMPLE = Columns({"name": BOTH, "note": BOTH}, frozenset({"name"}), ("name",), owns_rows=True)
FOLLOWER = Columns({"name": BOTH, "note": BOTH}, keys=("name",))


def people(*names: str) -> dict[str, dict[str, str]]:
    return {f"P-{n}": {"name": name, "note": f"note {n}"} for n, name in enumerate(names)}


def rows_of(table: dict[str, dict[str, str]]) -> list[SheetRow]:
    return [row(index, key, **cells) for index, (key, cells) in enumerate(table.items(), start=1)]


TWELVE = people(*(f"Nom {chr(65 + n)}" for n in range(12)))


def idle(plan: Plan) -> bool:
    done = (plan.pulls, plan.pushes, plan.agreed, plan.clashes, plan.appends, plan.ids, plan.births, plan.deletions)
    return not any(done) and not plan.paused


def test_rows_are_known_by_their_id_wherever_they_are() -> None:
    assert idle(merge(SIMPLE, Side(TWELVE, TWELVE), rows_of(TWELVE)[::-1]))


def test_a_record_that_the_sheet_never_had_is_appended() -> None:
    plan = merge(SIMPLE, Side(TWELVE, {}), rows_of(TWELVE)[:10])
    assert plan.appends == ["P-10", "P-11"]
    assert plan.deletions == []


# -- deletions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "missing", "deleted", "paused"),
    [(1, 0, 0, False), (1, 1, 1, False), (3, 1, 3, False), (4, 0, 0, True), (4, 1, 0, True), (12, 1, 0, True)],
)
def test_deletions_take_two_reads_and_are_bounded(gone: int, missing: int, deleted: int, paused: bool) -> None:
    keys = list(TWELVE)[:gone]
    side = Side(TWELVE, TWELVE, missing=dict.fromkeys(keys, missing))
    plan = merge(SIMPLE, side, rows_of(TWELVE)[gone:])
    assert (len(plan.deletions), bool(plan.paused)) == (deleted, paused)
    assert plan.appends == []


def test_a_tab_of_two_that_lost_both_is_an_accident() -> None:
    two = people("Ada", "Bea")
    assert "2 lignes sur 2" in merge(SIMPLE, Side(two, two, missing={"P-0": 1, "P-1": 1}), []).paused


def test_a_confirmed_mass_deletion_is_carried_out_at_once() -> None:
    plan = merge(SIMPLE, Side(TWELVE, TWELVE, confirmed=True), rows_of(TWELVE)[6:])
    assert plan.deletions == list(TWELVE)[:6]


def test_an_edit_beats_a_deletion() -> None:
    local = {**TWELVE, "P-0": {"name": "Nom A", "note": "neuf"}}
    plan = merge(SIMPLE, Side(local, TWELVE, missing={"P-0": 1}), rows_of(TWELVE)[1:])
    assert (plan.deletions, plan.appends) == ([], ["P-0"])


def test_a_tab_that_follows_deletes_nothing() -> None:
    plan = merge(FOLLOWER, Side(TWELVE, TWELVE, missing={"P-0": 1}), rows_of(TWELVE)[1:])
    assert (plan.deletions, plan.appends) == ([], ["P-0"])


def test_a_record_brought_back_in_the_intranet_returns_to_the_sheet() -> None:
    plan = merge(SIMPLE, Side(TWELVE, TWELVE, missing={"P-0": 2}), rows_of(TWELVE)[1:])
    assert (plan.deletions, plan.appends) == ([], ["P-0"])


def withdrawn(rows: list[SheetRow], missing: dict[str, int]) -> Plan:
    local = {key: cells for key, cells in TWELVE.items() if key != "P-0"}
    return merge(SIMPLE, Side(local, TWELVE, frozenset({"P-0"}), missing), rows)


def test_a_withdrawn_row_comes_back_only_by_a_wish() -> None:
    rows = rows_of(TWELVE)
    assert withdrawn(rows, {}).restored == []
    assert withdrawn(rows, {"P-0": 2}).restored == ["P-0"]
    edited = [row(1, "P-0", name="Nom A", note="neuf"), *rows[1:]]
    assert withdrawn(edited, {}).restored == ["P-0"]
    refused = [row(1, "P-0", name="Nom A", note="!neuf"), *rows[1:]]
    assert withdrawn(refused, {}).restored == []


def test_rows_emptied_at_once_pause_the_tab_but_one_column_is_a_wish() -> None:
    columns = Columns({"name": BOTH, "note": BOTH, "x": BOTH})
    table = {key: {**cells, "x": "x"} for key, cells in TWELVE.items()}
    emptied = [row(n, key, name="", note="", x="") for n, key in enumerate(table)]
    assert "vidées" in merge(columns, Side(table, table), emptied).paused
    one_column = [row(n, key, **{**cells, "note": ""}) for n, (key, cells) in enumerate(table.items())]
    plan = merge(columns, Side(table, table), one_column)
    assert (plan.paused, len(plan.pulls)) == ("", 12)


# -- identity ------------------------------------------------------------------------------------


def test_a_row_that_lost_its_id_is_recognised_by_what_it_holds() -> None:
    rows = [row(1, "", name="Nom A", note="note 0"), *rows_of(TWELVE)[1:]]
    plan = merge(SIMPLE, Side(TWELVE, TWELVE), rows)
    assert (plan.ids, plan.births, plan.missing) == ({1: "P-0"}, [], {})


def test_a_row_that_lost_its_id_and_was_edited_is_recognised_by_its_name() -> None:
    rows = [row(1, "???", name="NOM A", note="neuf"), *rows_of(TWELVE)[1:]]
    plan = merge(SIMPLE, Side(TWELVE, TWELVE), rows)
    assert plan.ids == {1: "P-0"}
    assert plan.pulls["P-0"] == {"name": "NOM A", "note": "neuf"}


def test_two_records_of_the_same_name_are_never_guessed_by_it() -> None:
    table = people("Ada", "Ada", "Bea", "Cléo")
    rows = [row(1, "", name="Ada", note="x"), row(2, "", name="Ada", note="y"), *rows_of(table)[2:]]
    plan = merge(SIMPLE, Side(table, table), rows)
    assert plan.ids == {}


def test_rows_alike_in_everything_are_given_back_in_any_order() -> None:
    table = {"P-0": {"name": "Ada", "note": ""}, "P-1": {"name": "Ada", "note": ""}}
    plan = merge(SIMPLE, Side(table, table), [row(1, "", name="Ada", note=""), row(2, "", name="Ada", note="")])
    assert sorted(plan.ids.values()) == ["P-0", "P-1"]


def test_the_row_equal_to_the_agreement_keeps_an_id_that_two_rows_bear() -> None:
    copy = row(9, "P-0", name="Zoé", note="neuf")
    plan = merge(SIMPLE, Side(TWELVE, TWELVE), [copy, *rows_of(TWELVE)])
    assert plan.where("P-0") == 1
    assert plan.waiting == [copy]
    assert plan.pulls == {}


def test_a_copy_left_alike_is_refused_rather_than_born() -> None:
    for note in ("note 0", "autre note"):
        rows = [*rows_of(TWELVE), row(20, "P-0", name="Nom A", note=note)]
        plan = merge(SIMPLE, Side(TWELVE, TWELVE, waiting=[{"name": "Nom A", "note": note}]), rows)
        assert (plan.births, plan.waiting) == ([], [])
        assert "copie" in plan.refused[0].reason


def test_a_copy_stays_a_copy_when_the_intranet_renames_what_it_was_made_from() -> None:
    renamed = {**TWELVE, "P-0": {"name": "Nom Z", "note": "note 0"}}
    rows = [*rows_of(TWELVE), row(20, "P-0", **TWELVE["P-0"])]
    side = Side(renamed, TWELVE)
    for _ in range(4):
        plan = merge(SIMPLE, side, rows)
        assert (plan.births, plan.waiting, len(plan.copies)) == ([], [], 1)
        side, rows = carry_out(side, rows, plan)
    rows[-1] = row(20, "P-0", name="Zoé", note="note 0")
    side, rows = carry_out(side, rows, merge(SIMPLE, side, rows))
    assert len(merge(SIMPLE, side, rows).births) == 1


def test_a_paused_tab_gives_no_id_back() -> None:
    rows = [row(1, "", name="Nom A", note="note 0"), *rows_of(TWELVE)[6:]]
    plan = merge(SIMPLE, Side(TWELVE, TWELVE), rows)
    assert plan.paused
    assert not plan.writes


# -- births --------------------------------------------------------------------------------------


def test_a_birth_needs_two_identical_reads() -> None:
    rows = [*rows_of(TWELVE), row(20, "", name="Zoé", note="")]
    first = merge(SIMPLE, Side(TWELVE, TWELVE), rows)
    assert (first.births, first.ripening, len(first.waiting)) == ([], True, 1)
    changed = merge(SIMPLE, Side(TWELVE, TWELVE, waiting=[{"name": "Zo", "note": ""}]), rows)
    assert (changed.births, changed.ripening) == ([], True)
    second = merge(SIMPLE, Side(TWELVE, TWELVE, waiting=[{"name": "Zoé", "note": ""}]), rows)
    assert second.births == [rows[-1]]


def test_one_row_read_before_vouches_for_one_row_only() -> None:
    rows = [row(1, "", name="Zoé", note=""), row(2, "", name="Zoé", note="")]
    plan = merge(SIMPLE, Side({}, {}, waiting=[{"name": "Zoé", "note": ""}]), rows)
    assert (len(plan.births), len(plan.waiting)) == (1, 1)


@pytest.mark.parametrize("cells", [{"name": "", "note": "x"}, {"name": "!x", "note": ""}, {"name": "Zoé", "note": "!"}])
def test_an_incomplete_or_refused_row_is_not_born(cells: dict[str, str]) -> None:
    texts = dict(cells)
    plan = merge(SIMPLE, Side({}, {}, waiting=[texts]), [row(1, "", **cells)])
    assert plan.births == []
    assert not plan.ripening


def test_a_blank_row_is_nothing() -> None:
    assert idle(merge(SIMPLE, Side({}, {}), [row(1, "", name="", note="")]))


def test_a_tab_that_follows_refuses_a_row_of_its_own() -> None:
    plan = merge(FOLLOWER, Side({}, {}), [row(1, "", name="Zoé", note="")])
    assert "Participants" in plan.refused[0].reason
    assert plan.waiting == []


# -- laws ------------------------------------------------------------------------------------------


@given(tables())
@random_tables
def test_carrying_out_plans_converges(drawn: tuple[Side, list[SheetRow]]) -> None:
    side, rows = drawn
    for _ in range(6):
        plan = merge(COLUMNS, side, rows)
        plan.clashes.clear()
        if plan.paused or (idle(plan) and not plan.ripening and not plan.restored):
            return
        side, rows = carry_out(side, rows, plan)
    raise AssertionError(f"still busy: {plan}")


@given(tables())
@random_tables
def test_what_is_settled_is_the_same_on_both_sides_and_in_the_base(drawn: tuple[Side, list[SheetRow]]) -> None:
    side, rows = drawn
    for _ in range(6):
        plan = merge(COLUMNS, side, rows)
        if plan.paused:
            return
        side, rows = carry_out(side, rows, plan)
    disputed = {(clash.row, clash.field) for clash in plan.clashes}
    copies = {item.index for item in plan.refused}
    shown = [item for item in rows if item.id in side.local and item.index not in copies]
    assert Counter(item.id for item in shown) == Counter(list(side.local))
    for item in shown:
        for name in FIELDS:
            if (item.id, name) not in disputed:
                held = (side.local[item.id][name], item.cells[name].value, side.base[item.id].get(name))
                assert len(set(held)) == 1, (item.id, name, held)


@given(tables())
@random_tables
def test_deletions_are_bounded_and_never_on_a_first_read(drawn: tuple[Side, list[SheetRow]]) -> None:
    side, rows = drawn
    assert merge(COLUMNS, side, rows).deletions == []
    again = Side(side.local, side.base, missing=dict.fromkeys(side.base, 1))
    assert len(merge(COLUMNS, again, rows).deletions) <= max(3, len(side.base) // 10)


@given(tables(), VALUES)
@random_tables
def test_a_bad_row_changes_nothing_for_the_others(drawn: tuple[Side, list[SheetRow]], value: str) -> None:
    side, rows = drawn
    bad = row(99, "", name="Zoé", note="!" + value, sum="", theirs="!", ours="")
    with_bad, without = merge(COLUMNS, side, [*rows, bad]), merge(COLUMNS, side, rows)
    assert with_bad.paused == without.paused
    for part in ("pulls", "pushes", "agreed", "clashes", "births", "deletions", "ids"):
        assert getattr(with_bad, part) == getattr(without, part)


@given(tables())
@random_tables
def test_each_row_is_born_at_most_once_and_no_record_appears_twice(drawn: tuple[Side, list[SheetRow]]) -> None:
    side, rows = drawn
    births: Counter = Counter()
    for _ in range(5):
        plan = merge(COLUMNS, side, rows)
        if plan.paused:
            return
        births.update(item.index for item in plan.births)
        assert len(set(plan.ids.values())) == len(plan.ids)
        assert len(set(plan.appends)) == len(plan.appends)
        assert not set(plan.appends) & set(plan.known)
        side, rows = carry_out(side, rows, plan)
    assert max(births.values(), default=0) <= 1


@given(tables(), st.randoms(use_true_random=False))
@random_tables
def test_the_order_of_rows_changes_nothing(drawn: tuple[Side, list[SheetRow]], chance: object) -> None:
    side, rows = drawn
    if len({item.id for item in rows}) < len(rows):
        return
    moved = [SheetRow(index, item.id, item.cells) for index, item in enumerate(chance.sample(rows, len(rows)))]
    first, second = merge(COLUMNS, side, rows), merge(COLUMNS, side, moved)
    assert first.pulls == second.pulls
    assert first.agreed == second.agreed
    assert sorted(first.appends) == sorted(second.appends)
    assert {(p.row, p.field, p.value) for p in first.pushes} == {(p.row, p.field, p.value) for p in second.pushes}
