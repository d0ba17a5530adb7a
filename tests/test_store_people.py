"""Cohorts and participants: what a change writes, what is refused, what they add up to."""

import pytest

from rules.calendar import Expected
from store import calendar, names, people, rosters, totals
from store.errors import Changed, Refused, Unknown
from store.models import JournalEntry
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def first(cohort: Cohort) -> str:
    return cohort.participants[0]


def test_a_change_is_canonical_journaled_and_seen_by_open_pages(cohort: Cohort, first: str) -> None:
    version = people.version(cohort.id)
    changed = people.change(AUTHOR, first, {"fees_paid_on": "6/1/2025", "funding": "opco", "last_name": "Arnaud"})
    assert changed == {"fees_paid_on": "2025-01-06", "funding": "opco"}
    assert people.version(cohort.id) > version
    entry = JournalEntry.get(JournalEntry.field == "funding")
    assert (entry.object_id, entry.before, entry.after, entry.door) == (first, "", "opco", "command")


def test_one_bad_value_changes_nothing(cohort: Cohort, first: str) -> None:
    before = people.snapshot(cohort.id)[first]
    for raw, field in (
        ({"employer": "X", "email": "non"}, "email"),
        ({"employer": "X", "first_name": ""}, "first_name"),
        ({"employer": "X", "colour": "red"}, "colour"),
    ):
        with pytest.raises(Refused) as refused:
            people.change(AUTHOR, first, raw)
        assert refused.value.field == field
    assert people.snapshot(cohort.id)[first] == before


def test_a_value_that_moved_meanwhile_is_not_overwritten(cohort: Cohort, first: str) -> None:
    people.change(AUTHOR, first, {"employer": "A"})
    with pytest.raises(Changed) as changed:
        people.change(AUTHOR, first, {"employer": "B"}, {"employer": ""})
    assert (changed.value.expected, changed.value.current) == ("", "A")
    assert people.change(AUTHOR, first, {"employer": "A"}, {"employer": ""}) == {}
    assert people.change(AUTHOR, first, {"employer": "B"}, {"employer": "A"}) == {"employer": "B"}


def test_someone_unknown_is_not_changed(cohort: Cohort) -> None:
    with pytest.raises(Unknown):
        people.change(AUTHOR, "P-NOBODY22", {"employer": "A"})


def test_a_new_participant_comes_last_with_a_paper_to_write(cohort: Cohort) -> None:
    key = people.create(AUTHOR, cohort.id, {"last_name": "Zola", "first_name": "Émile", "email": ""})
    assert list(people.snapshot(cohort.id))[-1] == key
    assert people.enrolled(cohort.id, key)
    assert key in names.of_enrolments([key])
    with pytest.raises(Refused) as refused:
        people.create(AUTHOR, cohort.id, {"last_name": "Zola"})
    assert refused.value.field == "first_name"
    assert len(people.participants(cohort.id)) == 7


def test_a_withdrawn_participant_can_come_back_with_everything(cohort: Cohort, first: str) -> None:
    before = people.snapshot(cohort.id)
    people.remove(AUTHOR, first)
    people.remove(AUTHOR, first)
    assert first not in people.snapshot(cohort.id)
    assert people.removed(cohort.id) == {first}
    assert not people.enrolled(cohort.id, first)
    assert JournalEntry.select().where(JournalEntry.field == "state").count() == 1
    people.restore(AUTHOR, first)
    assert people.snapshot(cohort.id) == before


def test_someone_of_another_cohort_is_not_enrolled_here(cohort: Cohort, first: str) -> None:
    other = make_cohort("AUTRE-2025")
    assert not people.enrolled(other.id, first)
    assert people.cohort("NOWHERE") is None


def test_a_code_names_one_cohort(cohort: Cohort) -> None:
    with pytest.raises(Refused):
        make_cohort(cohort.code)
    assert len(people.cohorts()) == 1


def test_what_a_document_announces_is_given_back(cohort: Cohort) -> None:
    expected = Expected(half_days=4, minutes=840, by_kind={"course": 840})
    key = people.add_cohort(AUTHOR, "P", "C-2", "C", "2025", people.rule_set(cohort.id), expected, "Une.\n\nDeux.")
    assert people.announced(key) == (expected, ["Une.", "Deux."])
    assert people.expected_totals(cohort.id) == Expected()


def test_sizes_and_hours_count_what_counts(cohort: Cohort, first: str) -> None:
    calendar.add_module(cohort.id, 2, "C", "Complément", "", optional=True)
    calendar.create(AUTHOR, cohort.id, {"module": "C", "period": "après", "kind": "course"}, 60)
    calendar.create(AUTHOR, cohort.id, {"period": "après", "kind": "jury"}, 60)
    people.remove(AUTHOR, first)
    assert totals.people_by_cohort() == {cohort.id: 5}
    assert totals.enrolled(cohort.id) == 5
    assert totals.calendar_by_cohort() == {cohort.id: (4, 840)}
    found = totals.of_calendar(calendar.half_days(cohort.id))
    assert (found.half_days, found.minutes, found.days) == (4, 840, 2)


def test_marks_of_the_withdrawn_are_not_counted(cohort: Cohort, first: str) -> None:
    day = cohort.half_days[0]
    for person in cohort.participants[:2]:
        rosters.mark(AUTHOR, person, day, "present", "")
    assert totals.recorded(cohort.id) == {day: 2}
    people.remove(AUTHOR, first)
    assert totals.recorded(cohort.id) == {day: 1}


@pytest.mark.parametrize(("typed", "kept"), [
    ("Pôle emploi", "france_travail"), ("Mon Compte Formation", "cpf"), ("autofinancement", "individual"),
    ("Entreprise", "employer"), ("opérateur de compétences", "opco"),
])  # fmt: skip
def test_what_staff_call_a_funding_is_known(cohort: Cohort, first: str, typed: str, kept: str) -> None:
    people.change(AUTHOR, first, {"funding": typed})
    assert people.snapshot(cohort.id)[first]["funding"] == kept
