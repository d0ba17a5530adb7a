"""Who a move of a half-day touches, and what the journal says of the last one."""

from datetime import datetime

import pytest

from rules.move_notices import text
from store import accounts, calendar, moves, people, rosters
from store.models import Enrolment, JournalEntry, SignInSheet
from tests.pages import AUTHOR
from tests.sync_bench import PAGE, Cohort
from tests.unguarded import unguarded


def test_a_move_touches_teachers_participants_marks_and_the_paper(cohort: Cohort) -> None:
    first = cohort.half_days[0]
    accounts.add(AUTHOR, "claire@exemple.fr", "Claire Fontaine", "tutor")
    people.remove(AUTHOR, cohort.participants[5])
    Enrolment.update(waiting=True).where(Enrolment.id == cohort.participants[4]).execute()
    people.change(AUTHOR, cohort.participants[3], {"email": ""})
    rosters.mark(AUTHOR, cohort.participants[0], first, "present", "")
    rosters.mark(AUTHOR, cohort.participants[1], first, "present", "")
    SignInSheet.create(half_day=first, printed_by="Camille", printed_at=datetime(2025, 1, 19, 9))
    found = moves.affected(cohort.id, first, ["claire fontaine", "Claire Fontaine, Denis Morel"])
    assert found.teachers == ("claire fontaine", "Claire Fontaine", "Denis Morel")
    assert set(found.teacher_emails) == {"claire@exemple.fr"}
    assert (found.participants, found.emails) == (4, ("0@exemple.fr", "1@exemple.fr", "2@exemple.fr"))
    assert found.marks == 2
    assert found.printed_at == datetime(2025, 1, 19, 9)
    assert found.returned_at is None


def test_nothing_done_yet_on_a_half_day_is_nothing_told(cohort: Cohort) -> None:
    found = moves.affected(cohort.id, cohort.half_days[0], [""])
    assert (found.teachers, found.teacher_emails, found.marks, found.printed_at) == ((), (), 0, None)


def test_the_last_move_is_what_one_form_changed(cohort: Cohort) -> None:
    first = cohort.half_days[0]
    assert moves.last(cohort.id, first) is None
    calendar.change(PAGE, first, {"teachers": "Claire Fontaine"})
    assert moves.last(cohort.id, first) is None, "what was blank before is no move"
    calendar.change(AUTHOR, first, {"day": "21/01/2025", "start": "10h", "kind": "visit"})
    calendar.change(PAGE, first, {"day": "22/01/2025", "place": "21.2.33"})
    found = moves.last(cohort.id, first)
    assert found.author == PAGE.name
    assert (found.before["day"], found.after["day"]) == ("2025-01-21", "2025-01-22")
    assert (found.before["place"], found.after["place"]) == ("21.2.32", "21.2.33")
    assert found.before["start"] == found.after["start"] == "10:00"
    assert moves.last(cohort.id, cohort.half_days[1]) is None


@pytest.mark.parametrize("first", ["day", "teachers"])
def test_what_is_filled_in_with_a_move_is_told_with_it(cohort: Cohort, first: str) -> None:
    key = cohort.half_days[0]
    values = {"day": "21/01/2025", "teachers": "Claire Fontaine"}
    with unguarded():
        JournalEntry.update(at=datetime(2025, 1, 2, 9)).execute()
    # The order in which both are journalled is that of the fields of the form.
    calendar.change(PAGE, key, {first: values.pop(first), **values})
    found = moves.last(cohort.id, key)
    assert (found.before["teachers"], found.after["teachers"]) == ("", "Claire Fontaine")
    told = text(found.before, found.after, "TEST-2025", "Histoire")
    assert "intervenant·es : Claire Fontaine (au lieu de : à préciser)" in told
    assert "- date : mardi 21 janvier 2025" in told


def test_what_is_filled_in_long_after_a_move_is_not_of_it(cohort: Cohort) -> None:
    key = cohort.half_days[0]
    calendar.change(PAGE, key, {"day": "21/01/2025"})
    with unguarded():
        JournalEntry.update(at=datetime(2025, 1, 2, 9)).where(JournalEntry.object_id == key).execute()
    calendar.change(PAGE, key, {"teachers": "Claire Fontaine"})
    found = moves.last(cohort.id, key)
    assert found.at == datetime(2025, 1, 2, 9)
    assert found.before["teachers"] == found.after["teachers"] == "Claire Fontaine"
    assert found.before["day"] == "2025-01-20"
