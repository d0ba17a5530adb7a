"""What the sync promises, sentence by sentence, and which test holds each: none may vanish unnoticed.

The forty hazards are shown against localsheets through the real guarded write, in `test_hazards_*.py`. The
invariants are held by laws of the plan alone (`plan_*laws.py`, millions of lives), by checks of whole runs
(`invariants.py` and `invariants_at_rest.py` in the simulation, `blackbox_invariants.py` from outside) and by tests of
their own.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent

INVARIANTS: dict[str, tuple[str, ...]] = {
    "converges in two clean cycles and a third writes nothing": (
        "invariants_at_rest.both_sides_agree_or_say_why",
        "plan_life_laws.two_clean_cycles_converge", "test_sync_cycle.test_the_third_cycle_writes_nothing",
    ),
    "no edit disappears: it is there, or superseded by someone who had read it, or listed": (
        "invariants_at_rest.no_edit_disappears",
        "plan_laws.no_edit_disappears", "blackbox_invariants.no_typed_edit_is_lost",
        "blackbox_invariants.whoever_types_over_a_value_had_read_it",
        "test_sync_guard.test_nothing_that_anyone_typed_is_lost_whatever_the_timing",
        "test_sync_covered.test_what_a_crash_left_covered_is_kept_when_somebody_typed_there_since",
    ),
    "replay from any crash point ends the same with the same number of rows": (
        "test_sync_faults.test_a_crash_at_any_step_changes_nothing_in_the_end",
        "test_sync_faults.test_a_crash_around_each_call_changes_nothing_in_the_end",
        "test_hazards_faults.test_hazard_20_a_crash_between_the_write_and_its_bookkeeping",
        "test_hazards_faults.test_hazard_21_a_crash_between_the_commit_and_the_write",
    ),
    "no write ever lands on a row with another id without being put back": (
        "plan_laws.a_write_goes_to_the_row_of_its_record",
        "test_sync_guard.test_lines_that_moved_are_left_as_they_were_but_for_what_landed_right",
        "test_hazards_rows.test_hazard_02_a_sort_during_a_cycle",
    ),
    "no echo": (
        "plan_life_laws.what_was_carried_out_does_not_come_back", "test_hazards_values.test_hazard_36_echo_loops",
    ),
    "base moves only once both sides were seen equal": (
        "invariants.the_base_moves_once_both_sides_were_seen_equal",
        "plan_laws.the_base_moves_only_where_both_sides_are_equal",
        "test_hazards_at_once.test_hazard_27_both_typed_the_same",
    ),
    "a conflict is raised iff all three differ": (
        "plan_laws.a_conflict_is_raised_iff_all_three_differ",
        "test_hazards_at_once.test_hazard_26_the_same_cell_on_both_sides",
    ),
    "deletes are bounded": (
        "invariants_at_rest.an_edit_beats_a_deletion_and_nothing_else_does",
        "plan_row_laws.deletions_are_bounded_and_never_on_a_first_read",
        "plan_row_laws.an_accident_pauses_and_a_wish_does_not",
        "test_hazards_many_rows.test_hazard_39_mass_disappearance_and_an_old_version_restored",
    ),
    "a bad row changes nothing for the others": (
        "invariants_at_rest.a_bad_row_is_said",
        "plan_life_laws.order_and_a_spoilt_row_change_nothing", "test_hazards_values.test_hazard_28_an_invalid_value",
        "test_hazards_faults.test_hazard_17_a_protected_cell",
    ),
    "each record is created at most once on each side": (
        "invariants_at_rest.each_record_is_there_once",
        "plan_row_laws.each_record_is_at_most_once_on_each_side", "blackbox_invariants.each_record_is_there_once",
        "test_hazards_rows.test_hazard_06_a_new_row_without_id",
        "test_hazards_many_rows.test_hazard_40_a_paste_of_thousands_of_rows",
    ),
    "everything outside owned cells is byte-identical": (
        "invariants_at_rest.what_staff_hold_is_untouched",
        "blackbox_invariants.what_is_not_ours_is_untouched",
        "test_hazards_structure.test_hazard_10_what_staff_add_of_their_own",
    ),
    "every written cell is typed, none is a formula": (
        "invariants.every_written_cell_is_typed_and_none_is_a_formula",
        "test_sync_cycle.test_every_write_is_typed",
        "test_hazards_values.test_hazard_30_formula_injection_from_the_app",
    ),
    "no unpublished jury value leaves for an unrestricted book": (
        "invariants.no_unpublished_jury_value_leaves",
        "blackbox_invariants.nothing_of_the_jury_left",
        "test_hazards_jury.test_no_unpublished_jury_value_leaves_for_an_unrestricted_book",
        "test_hazards_jury.test_a_tab_of_the_jury_in_a_book_of_everybody_is_neither_read_nor_written",
    ),
    "signed records never change": (
        "invariants_at_rest.signed_records_never_change",
        "plan_laws.what_belongs_to_the_intranet_is_never_pulled", "test_hazards_jury.test_signed_records_never_change",
        "test_hazards_jury.test_a_person_in_signed_minutes_is_not_withdrawn_by_a_row_deleted",
    ),
    "at most one effective worker": (
        "invariants.at_most_one_effective_worker",
        "test_hazards_at_once.test_hazard_22_two_workers",
        "test_hazards_at_once.test_hazard_23_a_lease_lost_in_a_slow_call",
        "test_hazards_at_once.test_hazard_24_clocks_that_disagree",
    ),
    "every cycle ends, within the call budget": (
        "invariants.check_cycle",
        "test_sync_cycle.test_an_idle_cycle_costs_one_read",
        "test_sync_cycle.test_a_change_of_the_intranet_is_pushed_in_each_tab",
        "test_sync_between.test_a_book_that_never_rests_loses_nothing",
        "test_hazards_faults.test_hazard_18_a_storm_of_429",
        "test_hazards_many_rows.test_hazard_40_a_paste_of_thousands_of_rows",
    ),
    "an answered click is in the database after any crash": (
        "blackbox_invariants.no_answered_click_is_lost",
        "test_hazards_at_once.test_hazard_25_a_click_while_a_write_is_in_flight",
    ),
}  # fmt: skip

HAZARDS = (
    "row inserted between read and write", "sort during a cycle", "a row copied with its id", "id cleared",
    "id edited by hand", "new row without id", "half-typed row waits", "header renamed", "columns moved or inserted",
    "staff's own columns, formulas, colours, notes are never touched", "a mapped column deleted",
    "header row moved, blank lines above", "tab renamed", "tab deleted, duplicated", "book trashed",
    "permission lowered or revoked", "protected cell: the others still go", "a storm of 429",
    "5xx after the write was applied", "crash between write and bookkeeping", "crash between commit and write",
    "two workers", "lease lost in a slow call", "clock skew", "a click while a write is in flight",
    "same cell, both sides", "both typed the same", "invalid value", "a formula in a mapped cell",
    "formula injection from the app", "leading zeros, phones", "2.0 and 2", "a date typed as text",
    "the book's locale changed", "NFC/NFD, no-break and trailing spaces", "echo loops",
    "blank, hidden, filtered rows", "delete against edit", "mass disappearance, an old version restored",
    "a paste of thousands of rows, merged cells",
)  # fmt: skip


@cache
def functions(module: str) -> frozenset[str]:
    """Return the functions that a file of this folder defines."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("sentence", INVARIANTS)
def test_every_invariant_is_held_by_a_named_property(sentence: str) -> None:
    for holder in INVARIANTS[sentence]:
        module, _, name = holder.partition(".")
        assert name in functions(module), holder


@pytest.mark.parametrize("number", range(1, len(HAZARDS) + 1))
def test_every_hazard_has_its_test(number: int) -> None:
    files = sorted(path.stem for path in FOLDER.glob("test_hazards_*.py"))
    named = re.compile(rf"test_hazard_{number:02}_\w+")
    found = {file for file in files for name in functions(file) if named.fullmatch(name)}
    assert len(found) == 1, (HAZARDS[number - 1], found)


def test_there_are_forty_hazards_and_seventeen_invariants() -> None:
    assert (len(HAZARDS), len(INVARIANTS)) == (40, 17)
