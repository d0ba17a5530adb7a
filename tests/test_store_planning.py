"""A calendar as a whole: faults across cohorts, publication, days of the promotion, many half-days at once."""

from datetime import date

import pytest

from rules.calendar_checks import Planned
from store import calendar, modules, people, planning, public_holidays
from store.errors import Changed, Refused
from store.models import Cohort as CohortTable
from store.models import HalfDay, JournalEntry
from store.planning import Slot
from tests.pages import AUTHOR
from tests.sync_bench import Bench, Cohort, make_cohort

COMMON = {"module": "1", "kind": "course", "modality": "on_site", "place": "", "teachers": ""}


def kinds(cohort_id: int) -> list[str]:
    return [fault.kind for fault in planning.faults(cohort_id)]


def announce(cohort: Cohort, totals: str) -> None:
    CohortTable.update(expected_totals=totals).where(CohortTable.id == cohort.id).execute()


# -- Public holidays --------------------------------------------------------------------------------


def test_the_public_holidays_are_those_of_metropolitan_france_in_french() -> None:
    found = public_holidays.of_year(2025)
    assert len(found) == 11
    assert found[date(2025, 5, 8)] == "Fête de la Victoire"
    assert found[date(2025, 6, 9)] == "Lundi de Pentecôte"
    # Good Friday and the 26th of December are days off in Alsace and Moselle alone.
    assert not public_holidays.is_one(date(2025, 4, 18))
    assert not public_holidays.is_one(date(2025, 12, 26))
    asked = [date(2025, 12, 25), date(2026, 1, 1), date(2026, 1, 2)]
    assert list(public_holidays.among(asked)) == asked[:2]


# -- Faults -----------------------------------------------------------------------------------------


def test_a_calendar_is_checked_with_the_others_on_its_days(cohort: Cohort, count_queries) -> None:
    assert kinds(cohort.id) == []
    other = make_cohort("AUTRE-2025")
    # Both use room 21.2.32 at the same hours of the same four half-days.
    with count_queries(4):
        found = planning.faults(cohort.id)
    assert [fault.kind for fault in found] == ["room"] * 4
    assert [fault.half_day for fault in found] == cohort.half_days
    assert {fault.other_cohort for fault in found} == {"AUTRE-2025"}
    assert {fault.other for fault in found} == set(other.half_days)
    calendar.remove(AUTHOR, other.half_days[0])
    calendar.change(AUTHOR, other.half_days[1], {"modality": "remote"})
    assert kinds(cohort.id) == ["room"] * 2


def test_a_teacher_in_two_cohorts_at_once_is_found_whatever_the_spelling(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    calendar.change(AUTHOR, cohort.half_days[0], {"teachers": "Claire Fontaine, Denis Morel", "place": ""})
    calendar.change(AUTHOR, other.half_days[0], {"teachers": "DENIS MOREL"})
    found = [fault for fault in planning.faults(cohort.id) if fault.kind == "teacher"]
    assert [str(fault.message) for fault in found] == [
        "Denis Morel est aussi attendu·e dans AUTRE-2025 : 9h30-12h30, 1 Histoire."
    ]


def test_faults_of_days_off_of_the_promotion_s_days_and_of_announced_hours(cohort: Cohort) -> None:
    calendar.change(AUTHOR, cohort.half_days[0], {"day": "01/05/2025"})
    planning.set_days(AUTHOR, cohort.id, {"first_day": "20/01/2025", "last_day": "30/04/2025"})
    modules.change(AUTHOR, calendar.modules(cohort.id)[0][0], {"expected_minutes": "14h"})
    assert kinds(cohort.id) == ["holiday", "outside"]
    modules.change(AUTHOR, calendar.modules(cohort.id)[0][0], {"expected_minutes": "15h"})
    assert kinds(cohort.id) == ["holiday", "outside", "programme"]


def test_a_room_or_a_length_that_came_from_old_data_is_found(cohort: Cohort) -> None:
    with pytest.raises(Refused, match="n'existe pas"):
        calendar.change(AUTHOR, cohort.half_days[0], {"place": "45.1.1"})
    HalfDay.update(place="45.1.1", minutes=200).where(HalfDay.id == cohort.half_days[0]).execute()
    assert kinds(cohort.id) == ["length", "access"]


def test_faults_of_half_days_to_come_are_told_beside_those_that_are_there(cohort: Cohort) -> None:
    to_come = [
        Planned("new-0", cohort.code, date(2025, 1, 20), "10:00", "11:00", 60),
        Planned("new-1", cohort.code, date(2025, 1, 21), "10:00", "11:00", 60),
        Planned("new-2", cohort.code, date(2025, 1, 21), "10:30", "11:30", 60),
        Planned("new-3", cohort.code, date(2025, 5, 1), "10:30", "11:30", 60),
    ]
    found = planning.faults_of(cohort.id, to_come, calendar.half_days(cohort.id))
    assert [(fault.half_day, fault.kind) for fault in found] == [
        ("new-0", "overlap"), ("new-1", "overlap"), ("new-3", "holiday"),
    ]  # fmt: skip


def test_the_calendars_of_the_demonstration_have_no_fault_and_may_be_published(filled: str) -> None:
    for cohort_id, code, *_rest in people.cohorts():
        assert planning.faults(cohort_id) == [], code
        planning.publish(AUTHOR, cohort_id)
    # Only two of the five documents print the days of their promotion.
    known = {code: planning.days(cohort_id) for cohort_id, code, *_rest in people.cohorts()}
    assert {code: days for code, days in known.items() if any(days.values())} == {
        "CS26-2025": {"first_day": "2025-01-20", "last_day": "2025-05-21"},
        "MOVSC-2021": {"first_day": "2021-02-01", "last_day": "2022-12-09"},
    }


# -- Days of the promotion ----------------------------------------------------------------------------


def test_the_days_of_a_promotion_are_set_and_compared(cohort: Cohort) -> None:
    assert planning.days(cohort.id) == {"first_day": "", "last_day": ""}
    planning.set_days(AUTHOR, cohort.id, {"first_day": "20/01/2025"}, {"first_day": ""})
    with pytest.raises(Changed):
        planning.set_days(AUTHOR, cohort.id, {"first_day": "21/01/2025"}, {"first_day": ""})
    with pytest.raises(Refused, match="après le premier") as refused:
        planning.set_days(AUTHOR, cohort.id, {"last_day": "19/01/2025"})
    assert refused.value.field == "last_day"
    planning.set_days(AUTHOR, cohort.id, {"last_day": "20/01/2025"})
    assert planning.days(cohort.id) == {"first_day": "2025-01-20", "last_day": "2025-01-20"}
    entry = JournalEntry.get((JournalEntry.kind == "cohort") & (JournalEntry.field == "last_day"))
    assert (entry.object_id, entry.before, entry.after) == (cohort.code, "", "2025-01-20")


# -- Publication ------------------------------------------------------------------------------------------


def test_a_wrong_total_prevents_publication_with_its_difference(cohort: Cohort) -> None:
    announce(cohort, '{"minutes": 900}')
    with pytest.raises(Refused) as refused:
        planning.publish(AUTHOR, cohort.id)
    assert str(refused.value) == "heures, total : 14 h au calendrier, 15 h annoncées (-1 h)."
    assert planning.state(cohort.id).published_at is None
    announce(cohort, '{"minutes": 840, "half_days": 4, "days": 2}')
    planning.publish(AUTHOR, cohort.id)
    state = planning.state(cohort.id)
    assert state.published_at is not None
    assert (state.published_by, state.changes) == (AUTHOR.name, 0)


def test_an_empty_calendar_is_not_published(cohort: Cohort) -> None:
    for half_day in cohort.half_days:
        calendar.remove(AUTHOR, half_day)
    with pytest.raises(Refused, match="vide"):
        planning.publish(AUTHOR, cohort.id)


def test_a_change_after_the_publication_is_told_until_it_is_published_again(cohort: Cohort) -> None:
    planning.publish(AUTHOR, cohort.id)
    people.change(AUTHOR, cohort.participants[0], {"employer": "Ailleurs"})
    assert planning.state(cohort.id).changes == 0
    calendar.change(AUTHOR, cohort.half_days[0], {"end": "13h"})
    modules.add(AUTHOR, cohort.id, {"number": "3", "title": "Gestion"})
    state = planning.state(cohort.id)
    assert (state.changes, state.changed_by) == (3, AUTHOR.name)
    assert state.changed_at is not None
    planning.publish(AUTHOR, cohort.id)
    assert planning.state(cohort.id).changes == 0
    entries = JournalEntry.select().where(JournalEntry.field == "published").order_by(JournalEntry.id)
    assert [bool(entry.before) for entry in entries] == [False, True]


# -- Many at once -----------------------------------------------------------------------------------------


def test_many_half_days_are_added_all_or_none(cohort: Cohort) -> None:
    before = calendar.snapshot(cohort.id)
    slots = [Slot("2025-03-03", "09:30", "12:30"), Slot(period="Semaine 9", minutes=210)]
    slots.append(Slot("2025-03-04", "12:00", "09:00"))
    with pytest.raises(Refused):
        planning.create_many(AUTHOR, cohort.id, COMMON, slots)
    assert calendar.snapshot(cohort.id) == before
    made = planning.create_many(AUTHOR, cohort.id, COMMON, slots[:2])
    found = calendar.snapshot(cohort.id)
    assert found[made[0]] == {**COMMON, "period": "", "day": "2025-03-03", "start": "09:30", "end": "12:30"}
    assert (found[made[1]]["period"], calendar.half_day(cohort.id, made[1])["minutes"]) == ("Semaine 9", 210)


@pytest.mark.parametrize(
    ("raw", "field"), [({"kind": ""}, "kind"), ({"place": "45.1.1"}, "place"), ({"module": "99"}, "module")]
)
def test_what_half_days_have_in_common_is_checked_before_any_is_made(cohort: Cohort, raw: dict, field: str) -> None:
    assert planning.common(cohort.id, {**COMMON, "place": "salle 21.2.32"})["place"] == "21.2.32"
    with pytest.raises(Refused) as refused:
        planning.common(cohort.id, COMMON | raw)
    assert refused.value.field == field


def test_half_days_added_at_once_reach_the_sheet_and_their_row_outlives_them(bench: Bench) -> None:
    made = planning.create_many(AUTHOR, bench.cohort.id, COMMON, [Slot("2025-03-03", "09:30", "12:30")])
    bench.calm()
    assert made[0] in bench.ids("Séances")
    calendar.remove(AUTHOR, made[0])
    bench.calm()
    assert (made[0] in bench.ids("Séances"), made[0] in calendar.snapshot(bench.cohort.id)) == (True, False)
