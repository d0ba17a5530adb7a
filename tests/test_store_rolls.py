"""Rolls closed, locked and opened again, the rest marked present at once, and taking it back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from store import db, history, people, presents, rolls, rosters
from store.errors import Refused, Unknown
from store.journal import Author
from store.models import Enrolment, JournalEntry, Mark, Roll
from store.models.base import now
from tests.sync_bench import Bench, Cohort
from tests.unguarded import unguarded

CAMILLE, NOUR = Author("Camille", "page"), Author("Nour", "page")
SHEET = Author("Feuille Google", "sheet")


@pytest.fixture
def half_day(cohort: Cohort) -> str:
    return cohort.half_days[0]


def later(monkeypatch: pytest.MonkeyPatch, **delay: int) -> None:
    """Let the rolls live some time later."""
    moment = now() + timedelta(**delay)
    monkeypatch.setattr(rolls, "now", lambda: moment)


def cells(cohort: Cohort, half_day: str) -> list[str]:
    return [row[half_day] for row in rosters.snapshot(cohort.id).values()]


def state(cohort: Cohort, half_day: str) -> rolls.Roll:
    return rolls.states(cohort.id, [half_day])[half_day]


def journalled(half_day: str) -> list[tuple[str, str, str, str]]:
    query = JournalEntry.select(JournalEntry.author, JournalEntry.field, JournalEntry.before, JournalEntry.after)
    return db.rows(query.where((JournalEntry.kind == "roll") & (JournalEntry.object_id == half_day)).order_by(
        JournalEntry.id))  # fmt: skip


def test_closing_with_lines_not_recorded_asks_first_and_names_how_many(cohort: Cohort, half_day: str) -> None:
    rosters.change(CAMILLE, cohort.participants[0], {half_day: "A"})
    for accepted in (0, 4):
        with pytest.raises(rolls.Incomplete) as refused:
            rolls.close(CAMILLE, half_day, accepted)
        assert refused.value.count == 5
    assert state(cohort, half_day).closed_at is None
    rolls.close(CAMILLE, half_day, 5)
    found = state(cohort, half_day)
    assert (found.closed_by, found.lock_days, found.locked(now())) == ("Camille", 14, False)
    assert journalled(half_day) == [("Camille", "state", "", "closed")]


def test_a_roll_closed_meanwhile_stays_whose_it_was(cohort: Cohort, half_day: str) -> None:
    rolls.close(CAMILLE, half_day, 6)
    at = state(cohort, half_day).closed_at
    rolls.close(NOUR, half_day)
    assert (state(cohort, half_day).closed_by, state(cohort, half_day).closed_at) == ("Camille", at)
    assert len(journalled(half_day)) == 1


def test_a_closed_roll_is_still_marked_until_it_is_locked(
    cohort: Cohort, half_day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = cohort.participants[0]
    rolls.close(CAMILLE, half_day, 6)
    later(monkeypatch, days=13, hours=23)
    rosters.change(NOUR, who, {half_day: "P"})
    later(monkeypatch, days=14, seconds=1)
    for author in (NOUR, SHEET):
        with pytest.raises(Refused, match="verrouillé") as refused:
            rosters.change(author, who, {half_day: "A", cohort.half_days[1]: "A"})
        assert refused.value.field == half_day
        assert "20/01/2025 9h30" in str(refused.value)
        assert "Camille" in str(refused.value)
    assert rosters.held([who])[who] == {half_day: "P"}
    # The same value again changes nothing, and is no reason to refuse a whole line of the sheet.
    assert rosters.change(SHEET, who, {half_day: "P", cohort.half_days[1]: "A"}) == {cohort.half_days[1]: "A"}


def test_a_rule_set_without_a_delay_never_locks(
    cohort: Cohort, half_day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = replace(people.rule_set(cohort.id), lock_days=None)
    monkeypatch.setattr(people, "rule_set", lambda cohort_id: rules)
    rolls.close(CAMILLE, half_day, 6)
    later(monkeypatch, days=4000)
    assert rosters.change(NOUR, cohort.participants[0], {half_day: "A"}) == {half_day: "A"}


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * (rolls.LONGEST_REASON + 1)])
def test_opening_a_roll_again_asks_for_a_reason(cohort: Cohort, half_day: str, reason: str) -> None:
    rolls.close(CAMILLE, half_day, 6)
    with pytest.raises(Refused) as refused:
        rolls.reopen(NOUR, half_day, reason)
    assert refused.value.field == "reason"
    assert state(cohort, half_day).closed_by == "Camille"


def test_a_roll_opened_again_says_who_and_why_and_resets_nothing(
    cohort: Cohort, half_day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosters.change(CAMILLE, cohort.participants[0], {half_day: "R 15"})
    rolls.close(CAMILLE, half_day, 5)
    later(monkeypatch, days=30)
    before = cells(cohort, half_day)
    rolls.reopen(NOUR, half_day, " Feuille\n retrouvée ")
    assert cells(cohort, half_day) == before
    found = state(cohort, half_day)
    assert (found.closed_at, found.reopened_by, found.reason) == (None, "Nour", "Feuille retrouvée")
    rosters.change(NOUR, cohort.participants[1], {half_day: "A"})
    assert journalled(half_day)[1:] == [
        ("Nour", "state", "closed", "reopened"), ("Nour", "reason", "", "Feuille retrouvée"),
    ]  # fmt: skip
    rolls.close(CAMILLE, half_day, 4)
    assert (state(cohort, half_day).closed_by, state(cohort, half_day).reason) == ("Camille", "Feuille retrouvée")


def test_a_roll_that_is_open_is_not_opened_again(cohort: Cohort, half_day: str) -> None:
    rolls.reopen(NOUR, half_day, "Pour voir")
    assert Roll.select().count() == 0
    assert journalled(half_day) == []


def test_there_is_no_roll_of_an_unknown_half_day(cohort: Cohort) -> None:
    for verb in (lambda: rolls.close(CAMILLE, "S-NONE"), lambda: rolls.reopen(CAMILLE, "S-NONE", "x")):
        with pytest.raises(Unknown):
            verb()


def test_the_rest_present_touches_only_lines_not_recorded(cohort: Cohort, half_day: str) -> None:
    for who, cell in zip(cohort.participants, ("A", "AJ", "R 10"), strict=False):
        rosters.change(NOUR, who, {half_day: cell})
    before = Mark.select().count()
    assert presents.rest(CAMILLE, half_day) == 3
    assert cells(cohort, half_day) == ["A", "AJ", "R 10", "P", "P", "P"]
    assert Mark.select().count() == before + 3
    assert presents.rest(CAMILLE, half_day) == 0
    entries = JournalEntry.select().where((JournalEntry.kind == "mark") & (JournalEntry.author == "Camille"))
    assert [(entry.before, entry.after, entry.field) for entry in entries] == [("", "P", half_day)] * 3


def test_those_withdrawn_or_waiting_are_in_no_roll(cohort: Cohort, half_day: str) -> None:
    gone, waits = cohort.participants[:2]
    people.remove(CAMILLE, gone)
    Enrolment.update(waiting=True).where(Enrolment.id == waits).execute()
    assert rolls.unrecorded(half_day) == 4
    assert presents.rest(CAMILLE, half_day) == 4
    assert {row[0] for row in db.rows(Mark.select(Mark.enrolment))} == set(cohort.participants[2:])
    assert len(rosters.roster(half_day, cohort.id)) == 4


def test_taking_the_rest_back_leaves_what_changed_since(cohort: Cohort, half_day: str) -> None:
    first, second, third = cohort.participants[:3]
    rosters.change(NOUR, first, {half_day: "P"})
    presents.rest(CAMILLE, half_day)
    at, count = presents.batch(rosters.roster(half_day, cohort.id))
    assert count == 5
    rosters.change(NOUR, second, {half_day: "A"})
    rosters.change(NOUR, third, {half_day: "A"})
    rosters.change(NOUR, third, {half_day: "P"})
    assert presents.take_back(CAMILLE, half_day, at) == 3
    assert set(presents.undoable(cohort.id, half_day)) == {first, second, third}
    assert cells(cohort, half_day) == ["P", "A", "P", "", "", ""]
    assert presents.take_back(CAMILLE, half_day, at) == 0
    assert presents.batch(rosters.roster(half_day, cohort.id)) is None


def test_the_rest_present_is_refused_whole_once_locked(
    cohort: Cohort, half_day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolls.close(CAMILLE, half_day, 6)
    later(monkeypatch, days=15)
    with pytest.raises(Refused, match="verrouillé"):
        presents.rest(NOUR, half_day)
    assert cells(cohort, half_day) == [""] * 6


def test_a_mark_is_taken_back_from_its_last_entry(cohort: Cohort, half_day: str) -> None:
    who = cohort.participants[0]
    rosters.change(NOUR, who, {half_day: "A"})
    rosters.change(CAMILLE, who, {half_day: "R 15"})
    entry, before = presents.undoable(cohort.id, half_day)[who]
    assert (before, presents.undoable(cohort.id, half_day, who)) == ("A", {who: (entry, "A")})
    history.restore(CAMILLE, "mark", who, [entry], {half_day: "R 15"})
    assert rosters.held([who])[who][half_day] == "A"
    assert presents.undoable(cohort.id, half_day)[who][1] == "R 15"
    assert presents.undoable(cohort.id, cohort.half_days[1]) == {}
    with unguarded():
        JournalEntry.update(at=now() - presents.RECENT - timedelta(seconds=1)).execute()
    assert presents.undoable(cohort.id, half_day) == {}


def test_everybody_at_once_waits_for_nobody_for_ever(cohort: Cohort, half_day: str) -> None:
    """Gestures on a whole roster and marks of single lines, all at the same instant: none is lost, none stuck."""

    def rest(_number: int) -> int:
        with db.connection():
            return presents.rest(CAMILLE, half_day)

    def single(number: int) -> int:
        with db.connection():
            rosters.change(NOUR, cohort.participants[-1 - number % 3], {half_day: "A"})
            return 0

    with ThreadPoolExecutor(6) as pool:
        tasks = [pool.submit(single if number % 3 else rest, number) for number in range(9)]
        counts = [task.result(timeout=30) for task in tasks]
    assert sum(counts) <= 6
    assert all(cells(cohort, half_day))
    assert cells(cohort, half_day)[-3:].count("A") >= 1


def test_a_mark_typed_in_the_sheet_on_a_locked_roll_is_listed_as_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort, half_day = bench.cohort, bench.cohort.half_days[0]
    who = cohort.participants[0]
    rolls.close(CAMILLE, half_day, 6)
    later(monkeypatch, days=15)
    column = next(h for h in bench.headers("Présences") if h.startswith("20/01/2025 9h30"))
    bench.type("Présences", who, column, "A")
    report = bench.cycle()
    assert report.refused == 1, report
    assert who not in rosters.held([who])
    assert bench.cell("Présences", who, column) == "A"
    rolls.reopen(NOUR, half_day, "Feuille papier retrouvée")
    bench.calm()
    assert rosters.held([who])[who] == {half_day: "A"}
