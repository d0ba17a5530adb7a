"""The planner alone, on perturbed tables: hundreds of thousands of scenarios, and laws that can be broken."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sync.plan import Columns, Plan, Push, Sheet, Side, Turned, merge
from tests import plan_moves as moves
from tests import plan_proof, plan_scripts
from tests.plan_draws import bytes_of
from tests.plan_laws import Broken
from tests.plan_lives import Planner, Script, draw, live, play, written_down
from tests.plan_world import World

ROOT = Path(__file__).resolve().parent.parent
#: What a run of the tests proves; SCENARIOS=… python -m tests.plan_proof proves more.
SCENARIOS = 200_000
#: Plans judged in a second of one core, whatever else the machine does meanwhile.
RATE = 8_000


def test_the_first_lives_break_no_law() -> None:
    """What a mistake of the planner is caught by within the second."""
    proof = plan_proof.run(range(3000))
    assert not proof.failure, proof.failure


def test_no_scenario_breaks_a_law_and_everything_happened() -> None:
    proof = plan_proof.prove(SCENARIOS, lambda so_far: None)
    assert not proof.failure, proof.failure
    assert proof.scenarios >= SCENARIOS
    assert proof.seldom() == []


@pytest.mark.alone
def test_thousands_of_plans_are_judged_in_a_second_of_one_core() -> None:
    # A floor that a loaded machine reaches too; `make proof` prints what a quiet one does: ten to twenty thousand.
    # In a process of its own: the thousands of tests that this one holds would be walked by its collector meanwhile.
    judged = "from tests import plan_proof; print(plan_proof.run(range(8000)).rate)"
    done = subprocess.run([sys.executable, "-c", judged], cwd=ROOT, check=True, capture_output=True, text=True)
    assert float(done.stdout) >= RATE


def test_a_seed_is_the_same_life_at_any_time() -> None:
    assert bytes_of(7).hex().startswith("f99079a8eac6f051")
    lives = [live(7), live(7)]
    for life in lives:
        draw(life, 7)
    assert written_down(lives[0], 7) == written_down(lives[1], 7)
    # Played from what was written down, it comes to the same place.
    again = play(written_down(lives[0], 7)).scene.world
    assert (again.local, again.ids, again.texts) == (lives[0].scene.world.local, again.ids, again.texts)


# -- each law can be broken -------------------------------------------------------------------------


def spoiling(spoil: Callable[[Plan, Columns, Side, Sheet], None]) -> Planner:
    def planner(columns: Columns, side: Side, sheet: Sheet) -> Plan:
        plan = merge(columns, side, sheet)
        spoil(plan, columns, side, sheet)
        return plan

    return planner


def pulled_instead(plan: Plan, *_: object) -> None:
    for push in plan.pushes:
        plan.pulls.setdefault(push.row, {})[push.field] = push.seen
    plan.pushes.clear()


def written_over(plan: Plan, side: Side, sheet: Sheet, turned: Turned) -> None:
    place = sheet.fields.index(turned.field)
    seen = sheet.texts[plan.known[turned.row]][place]
    plan.refused.remove(turned)
    plan.pushes.append(Push(turned.row, turned.index, turned.field, side.local[turned.row][place], seen))


def refused_written_over(plan: Plan, columns: Columns, side: Side, sheet: Sheet) -> None:
    for turned in [t for t in plan.refused if t.row in plan.known and columns.policies[t.field] == "intranet wins"]:
        if sheet.odd[turned.index][turned.field].refusal:
            written_over(plan, side, sheet, turned)


def formula_written_over(plan: Plan, columns: Columns, side: Side, sheet: Sheet) -> None:
    for turned in [t for t in plan.refused if t.row in plan.known]:
        if not sheet.odd[turned.index][turned.field].refusal:
            written_over(plan, side, sheet, turned)


def forget_a_row(plan: Plan, *_: object) -> None:
    for key in list(plan.known)[:1]:
        del plan.known[key]


def guess_an_id(plan: Plan, columns: Columns, side: Side, sheet: Sheet) -> None:
    nobody = [p for p, at in enumerate(sheet.indexes) if p not in plan.known.values() and at not in sheet.odd]
    for key, place in zip([key for key in side.local if key not in plan.known], nobody, strict=False):
        plan.known[key], plan.ids[sheet.indexes[place]] = place, key


def work_on_a_paused_tab(plan: Plan, *_: object) -> None:
    if plan.paused:
        plan.missing["P-0"] = 1


def append_twice(plan: Plan, *_: object) -> None:
    plan.appends += plan.appends[:1]


def born_at_once(plan: Plan, *_: object) -> None:
    plan.births += [row for row in plan.waiting if not any(cell.refusal for cell in row.cells.values())]


def by_place(plan: Plan, *_: object) -> None:
    plan.ripening |= bool(plan.known) and not plan.paused and 0 not in plan.known.values()


def never_done(plan: Plan, *_: object) -> None:
    plan.ripening = True


def rash(columns: Columns, side: Side, sheet: Sheet) -> Plan:
    plan = merge(columns, side, sheet)
    return merge(columns, replace(side, confirmed=True), sheet) if plan.paused else plan


def delete_at_once(columns: Columns, side: Side, sheet: Sheet) -> Plan:
    return merge(columns, replace(side, missing=dict.fromkeys(side.local, 1)), sheet)


def done_twice(plan: Plan, *_: object) -> None:
    plan.pushes += plan.pushes[:1]


def no_plan(plan: Plan, *_: object) -> None:
    if plan.clashes:
        raise KeyError("P-0")


def put_back_wrongly(plan: Plan, *_: object) -> None:
    plan.pushes = [push._replace(put_back=not push.put_back) for push in plan.pushes]


def one_row_lower(plan: Plan, *_: object) -> None:
    plan.pushes = [push._replace(index=push.index + 1) for push in plan.pushes]


SPOILT: dict[str, Planner] = {
    "a_conflict_is_raised_iff_all_three_differ": spoiling(lambda plan, *_: plan.clashes.clear()),
    "the_base_moves_only_where_both_sides_are_equal": spoiling(lambda plan, *_: plan.agreed.clear()),
    "no_side_is_favoured": spoiling(pulled_instead),
    "no_edit_disappears": spoiling(lambda plan, *_: plan.pulls.clear()),
    "a_refused_value_stays_as_typed": spoiling(refused_written_over),
    "a_formula_is_never_written_over": spoiling(formula_written_over),
    "what_belongs_to_the_intranet_is_never_pulled": spoiling(put_back_wrongly),
    "a_write_goes_to_the_row_of_its_record": spoiling(one_row_lower),
    "an_id_is_believed_wherever_its_row_is": spoiling(forget_a_row),
    "an_id_is_given_back_only_without_doubt": spoiling(guess_an_id),
    "an_accident_pauses_and_a_wish_does_not": rash,
    "a_pause_changes_nothing": spoiling(work_on_a_paused_tab),
    "deletions_are_bounded_and_never_on_a_first_read": delete_at_once,
    "a_missing_row_is_counted_deleted_or_written_again": spoiling(lambda plan, *_: plan.appends.clear()),
    "each_record_is_at_most_once_on_each_side": spoiling(append_twice),
    "a_birth_is_complete_valid_and_read_twice": spoiling(born_at_once),
    "a_row_that_is_no_records_is_born_waits_or_is_refused": spoiling(lambda plan, *_: plan.waiting.clear()),
    "a_withdrawn_row_comes_back_only_by_a_wish": spoiling(lambda plan, *_: plan.restored.clear()),
    "order_and_a_spoilt_row_change_nothing": spoiling(by_place),
    "two_clean_cycles_converge": spoiling(never_done),
    plan_scripts.ONCE: spoiling(done_twice),
    plan_scripts.NO_PLAN: spoiling(no_plan),
}  # fmt: skip


@pytest.mark.parametrize("law", SPOILT)
def test_a_planner_that_breaks_a_law_is_told_so_by_a_short_script(law: str) -> None:
    proof = plan_proof.run(range(12_000), SPOILT[law])
    told = proof.failure.splitlines()
    assert law.replace("_", " ") in told[0]
    assert len([line for line in told if line.startswith("    ")]) < 16, proof.failure


def test_a_cycle_that_forgets_what_it_wrote_is_an_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = World.carry_out
    monkeypatch.setattr(World, "carry_out", lambda *told, sent, remembered: whole(*told, sent=sent, remembered=False))
    assert "what was carried out does not come back" in plan_proof.run(range(1000)).failure


def test_every_law_is_shown_to_be_breakable() -> None:
    assert {*SPOILT, "what_was_carried_out_does_not_come_back"} == {*plan_scripts.LAWS, plan_scripts.ONCE,
                                                                    plan_scripts.NO_PLAN}  # fmt: skip


def test_the_script_of_a_failure_is_a_test_to_paste() -> None:
    law = "a_conflict_is_raised_iff_all_three_differ"
    told = plan_proof.run(range(1000), SPOILT[law]).failure
    assert "intranet: " in told
    assert "sheet: row " in told
    pasted: dict[str, object] = {"play": lambda script: play(script, SPOILT[law]), "Script": Script, "moves": moves}
    exec(told[told.index("def test_") :], pasted)  # noqa: S102 - the proof's own words
    [test] = [found for name, found in pasted.items() if name.startswith("test_")]
    with pytest.raises(Broken):
        test()


# -- found by the proof -------------------------------------------------------------------------------


def test_a_copy_stays_one_when_the_intranet_renames_what_it_was_made_from() -> None:
    life = play(Script("people", {"P-0": ("Ada", "", "a")}, (
        (moves.copy, 0, 1),
        (moves.ours, "P-0", "name", "Bea"),
        *[(moves.cycle, "full")] * 4,
    )))  # fmt: skip
    assert life.scene.world.minted == 0


def test_an_id_stays_with_its_row_when_what_was_pushed_makes_a_copy_more_like_the_agreement() -> None:
    play(Script("people", {"P-0": ("Ada", "", "a"), "P-1": ("Ada", "", "a")}, (
        (moves.copy, 1, 2),
        (moves.theirs, 1, "name", "Cléo"),
        (moves.ours, "P-1", "phone", "b"),
        (moves.theirs, 2, "phone", "b"),
        (moves.ours, "P-1", "name", "ADA"),
        *[(moves.cycle, "full")] * 3,
    )))  # fmt: skip


def test_a_copy_that_was_born_gets_its_own_id_after_a_crash() -> None:
    life = play(Script("half_days", {"P-0": ("Ada", "Bea", "c", "c"), "P-1": ("Bea", "Cléo", "c", "")}, (
        (moves.copy, 1, 0),
        (moves.theirs, 0, "day", "ADA"),
        (moves.cycle, "full"),
        (moves.misspell, 2, "place", "!"),
        (moves.cycle, "unsent"),
        (moves.cycle, "full"),
    )))  # fmt: skip
    assert life.scene.world.ids == ["B-1", "P-0", "P-1"]
    assert life.scene.world.minted == 1


def test_an_emptied_copy_takes_no_id_because_another_row_waits_that_is_alike() -> None:
    life = play(Script("people", {"P-0": ("ADA", "", "c")}, (
        (moves.copy, 0, 0),
        (moves.copy, 0, 0),
        (moves.rename, 2, "P-3"),
        (moves.blank, 0),
        *[(moves.cycle, "full")] * 3,
    )))  # fmt: skip
    assert life.scene.world.local["P-0"] == ("ADA", "", "c")


def test_an_id_stays_with_its_row_after_a_crash_though_every_row_that_bears_it_was_renamed() -> None:
    play(Script("half_days", {"P-3": ("Cléo", "Cléo", "c", "")}, (
        (moves.copy, 0, 0),
        (moves.theirs, 0, "sum", "b"),
        (moves.ours, "P-3", "day", "Bea"),
        (moves.theirs, 1, "day", "Ada"),
        (moves.ours, "P-3", "hour", "Ada"),
        (moves.theirs, 0, "hour", "Ada"),
        (moves.cycle, "unremembered"),
        (moves.cycle, "full"),
    )))  # fmt: skip


def test_a_copy_alike_a_row_whose_id_was_cleared_takes_no_id_after_a_crash() -> None:
    play(Script("people", {"P-0": ("ADA", "b", "a"), "P-1": ("ADA", "b", "c")}, (
        (moves.rename, 0, ""),
        (moves.theirs, 0, "phone", "c"),
        (moves.copy, 1, 0),
        (moves.cycle, "unsent"),
        (moves.ours, "P-1", "name", "Ada"),
        (moves.theirs, 2, "name", "Cléo"),
        (moves.cycle, "full"),
        (moves.cycle, "full"),
    )))  # fmt: skip


def test_of_two_rows_alike_the_emptied_one_is_the_copy() -> None:
    life = play(Script("jury", {"P-0": ("Cléo", "c", "b", "c"), "P-2": ("Cléo", "b", "c", "c")}, (
        (moves.copy, 1, 1),
        (moves.cycle, "unsent"),
        (moves.delete, 0),
        (moves.blank, 1),
        (moves.cycle, "unsent"),
        (moves.cycle, "full"),
    )))  # fmt: skip
    assert life.scene.world.local["P-2"] == ("Cléo", "b", "c", "c")


def test_of_two_rows_alike_the_one_that_is_still_as_agreed_keeps_the_id() -> None:
    life = play(Script("mixed", {"P-2": ("Ada", "c", "", "a", "a")}, (
        (moves.copy, 0, 1),
        (moves.cycle, "full"),
        (moves.blank, 1),
        (moves.theirs, 1, "sum", "a"),
        (moves.cycle, "full"),
        (moves.cycle, "full"),
    )))  # fmt: skip
    assert life.scene.world.local["P-2"] == ("Ada", "c", "", "a", "a")


def test_an_emptied_row_keeps_its_id_beside_a_copy_that_was_given_another_name() -> None:
    life = play(Script("half_days", {"P-0": ("Ada", "Ada", "b", "")}, (
        (moves.blank, 0),
        (moves.copy, 0, 1),
        (moves.theirs, 1, "hour", "Cléo"),
        (moves.theirs, 0, "sum", "a"),
        (moves.theirs, 1, "day", "Bea"),
        *[(moves.cycle, "full")] * 3,
    )))  # fmt: skip
    assert life.scene.world.ids == ["P-0", "B-1"]


def test_an_emptied_copy_takes_no_id_after_a_crash() -> None:
    play(Script("mixed", {"P-1": ("Cléo", "a", "b", "b", "b"), "P-2": ("Ada", "a", "b", "b", "b")}, (
        (moves.blank, 0),
        (moves.copy, 0, 1),
        (moves.cycle, "full"),
        (moves.ours, "P-1", "sum", ""),
        (moves.ours, "P-1", "theirs", "b"),
        (moves.cycle, "unremembered"),
        (moves.cycle, "full"),
    )))  # fmt: skip
