"""The checks of the rounds from outside, each shown a ledger where all is well and one where something was lost."""

from dataclasses import replace

import pytest

from localsheets.books.model import Cell
from rules.values import TYPES
from store.journal import COVERED
from tests import blackbox_invariants as invariants
from tests.blackbox_ledgers import Entry, Mapped, Put, State, Step, histories, story
from tests.blackbox_people import Click

APP, STAFF = "compte@exemple.fr", "secrétariat"
PLACE = ("enrolment", "P-1", "phone")
SYNCED = {"Participants": {"Téléphone": Mapped("phone", TYPES["phone"], False)}}
CLICK = Click("enrolment", "P-1", "phone", "0611", "0600", 303)


def entry(before: str, after: str, door: str = "page") -> Entry:
    return Entry(1, door, "Camille", before, after)


def puts(*told: tuple[str, str]) -> list[Put]:
    return [Put(number, actor, text) for number, (actor, text) in enumerate(told, start=1)]


def cell(text: str, **more) -> Cell:
    return Cell({"stringValue": text} if text else None, **more)


def step(revision: int, actor: str, **cells: Cell) -> Step:
    state = State({"P-1": cells}, headers=["ID", "Téléphone", "Remarques"])
    return Step(revision, actor, "batchUpdate", {"Participants": state})


@pytest.mark.parametrize(
    ("click", "lines", "good"),
    [
        (CLICK, [entry("0600", "0611")], True),
        (CLICK, [], False),
        (CLICK, [entry("0600", "0611"), entry("0600", "0611")], False),
        (CLICK, [entry("0622", "0611")], False),
        (replace(CLICK, status=409), [], True),
        (replace(CLICK, status=409), [entry("0600", "0611")], False),
        (replace(CLICK, status=None), [], True),
        (replace(CLICK, status=None), [entry("0600", "0611")], True),
        (replace(CLICK, status=None), [entry("0600", "0611"), entry("0600", "0611")], False),
    ],
)
def test_a_click_is_in_the_journal_as_it_was_answered(click: Click, lines: list[Entry], good: bool) -> None:
    assert bool(list(invariants.no_answered_click_is_lost([click], {PLACE: lines}))) is not good


def test_a_gap_in_the_journal_is_told() -> None:
    one, other, chosen = entry("", "a"), entry("a", "b"), entry("a", "x", "settled")
    assert not list(invariants.the_journal_has_no_gap({PLACE: [one, other]}))
    assert not list(invariants.the_journal_has_no_gap({PLACE: [one, chosen, other]}))
    assert list(invariants.the_journal_has_no_gap({PLACE: [one, entry("x", "b")]}))


@pytest.mark.parametrize(
    ("told", "good"),
    [
        ([("", "0600"), (APP, "0611"), (STAFF, "0622")], True),
        ([("", "0600"), (STAFF, "0622")], False),
        ([("", "0600"), (APP, "0611")], False),
        ([("", "0600"), (STAFF, "0622"), (APP, "0611")], False),
    ],
    ids=["read", "never shown", "never typed", "shown too late"],
)
def test_a_click_covered_by_somebody_who_had_not_read_it_is_told(told: list[tuple[str, str]], good: bool) -> None:
    journal = {PLACE: [entry("0600", "0611"), entry("0611", "0622", "sheet")]}
    wrong = list(invariants.whoever_types_over_a_value_had_read_it(journal, {PLACE: puts(*told)}))
    assert bool(wrong) is not good


@pytest.mark.parametrize(
    ("told", "lines", "held", "listed", "good"),
    [
        ([("", "0600"), (STAFF, "0622")], [entry("0600", "0622", "sheet")], "0622", "", True),
        ([("", "0600"), (STAFF, "0622")], [], "0600", "", False),
        ([("", "0600"), (STAFF, "0622")], [entry("0600", "0611")], "0611", "0622", True),
        ([("", "0600"), (STAFF, "0622"), (STAFF, "0633")], [entry("0600", "0633", "sheet")], "0633", "", True),
        ([("", "0600"), (STAFF, "0622"), (APP, "0611")], [entry("0600", "0611")], "0611", "", False),
        ([("", "0600"), (STAFF, "0622"), (APP, "0611"), (APP, "0622")], [entry("0600", "0611")], "0611", "0622", True),
        ([("", "0600"), (STAFF, "0622"), (APP, "0611")], [entry("0600", "0622", "sheet"), entry("0622", "0611")],
         "0611", "", True),
        ([("", "0600"), (STAFF, "0622"), (APP, "0611"), (STAFF, "0633"), (APP, "0622"), (APP, "0633")],
         [entry("0600", "0611"), entry("0611", "0633", "sheet")], "0633", "", False),
        ([("", "0600"), (STAFF, "0622"), (APP, "0611"), (STAFF, "0611")], [entry("0600", "0611")], "0611", "", False),
        ([("", "0600"), (STAFF, "0622"), (APP, "0611")], [entry("0600", "0611"), entry("0622", "0611", COVERED)],
         "0611", "", True),
    ],
    ids=["taken", "forgotten", "listed", "typed over", "covered", "covered and put back", "taken then clicked over",
         "typed over, each put back", "covered, then typed alike", "covered and kept in the journal"],
)  # fmt: skip
def test_a_typed_value_that_is_nowhere_is_told(told, lines, held, listed, good) -> None:
    found = invariants.no_typed_edit_is_lost(
        {PLACE: puts(*told)}, {PLACE: lines}, APP, {PLACE: held}, {PLACE: listed} if listed else {}
    )
    assert bool(list(found)) is not good


@pytest.mark.parametrize(
    ("before", "after", "good"),
    [
        ({"Téléphone": cell("0600")}, {"Téléphone": cell("0611")}, True),
        ({"Remarques": cell("à voir")}, {"Remarques": cell("")}, False),
        ({"Téléphone": cell("0600", note="vu")}, {"Téléphone": cell("0611")}, False),
        ({"Téléphone": Cell({"formulaValue": "=A1"})}, {"Téléphone": cell("0611")}, False),
        ({"Téléphone": cell("0600")}, {"Téléphone": Cell({"formulaValue": "=A1"})}, False),
        ({"Remarques": Cell({"formulaValue": "=B2*2"})}, {"Remarques": Cell({"formulaValue": "=B3*2"})}, True),
        ({"Remarques": Cell({"formulaValue": "=B2*2"})}, {"Remarques": Cell({"formulaValue": "=B2*3"})}, False),
    ],
    ids=["ours", "theirs", "a note", "a formula covered", "a formula written", "a formula followed", "another formula"],
)
def test_what_is_not_ours_and_changed_is_told(before: dict, after: dict, good: bool) -> None:
    steps = [step(1, STAFF, **before), step(2, APP, **after)]
    assert bool(list(invariants.what_is_not_ours_is_untouched(steps, SYNCED, APP))) is not good
    by_staff = [step(1, STAFF, **before), step(2, STAFF, **after)]
    assert not list(invariants.what_is_not_ours_is_untouched(by_staff, SYNCED, APP))


def test_a_row_or_a_tab_that_we_took_away_is_told() -> None:
    gone = Step(2, APP, "batchUpdate", {"Participants": State(headers=["ID", "Téléphone"])})
    [wrong] = invariants.what_is_not_ours_is_untouched([step(1, STAFF, Téléphone=cell("0600")), gone], SYNCED, APP)
    assert "P-1 is gone" in wrong
    emptied = Step(2, APP, "batchUpdate", {})
    assert list(invariants.what_is_not_ours_is_untouched([step(1, STAFF), emptied], SYNCED, APP))


@pytest.mark.parametrize(
    ("left", "good"),
    [
        ({"Téléphone": cell("0600"), "Remarques": cell("à voir")}, True),
        ({"Téléphone": cell("0600"), "Remarques": cell("")}, False),
        ({"Téléphone": cell("0611"), "Remarques": cell("vu")}, False),
    ],
    ids=["all of it", "emptied", "another row"],
)
def test_a_row_may_lose_an_id_that_reached_it_by_mistake_and_nothing_else(left: dict, good: bool) -> None:
    given = step(1, STAFF, Téléphone=cell("0600"), Remarques=cell("à voir"))
    taken_back = Step(2, APP, "batchUpdate", {"Participants": State(headers=given.tabs["Participants"].headers)})
    taken_back.tabs["Participants"].nameless.append(left)
    assert bool(list(invariants.what_is_not_ours_is_untouched([given, taken_back], SYNCED, APP))) is not good


def test_a_grade_in_the_team_s_book_is_told() -> None:
    steps = [step(1, STAFF, Remarques=Cell({"numberValue": 11.37}))]
    assert list(invariants.nothing_of_the_jury_left(steps, {"11.37"}))
    assert not list(invariants.nothing_of_the_jury_left(steps, {"12.01"}))


def test_a_history_tells_who_put_each_value_and_keeps_what_is_refused_as_typed() -> None:
    steps = [
        step(1, STAFF, Téléphone=cell("0600")),
        step(2, APP, Téléphone=cell("0611")),
        step(3, APP, Téléphone=cell("0611"), Remarques=cell("rien")),
        step(4, STAFF, Téléphone=cell("bientôt")),
    ]
    past = histories(steps, SYNCED)
    assert past == {PLACE: [Put(1, "", "0600"), Put(2, APP, "0611"), Put(4, STAFF, "refused: bientôt")]}
    assert "bientôt" in "\n".join(story(steps))
