"""A calendar copied to the next edition: new ids, the same days of the week, all or nothing."""

from datetime import date

import pytest

from store import calendar, copying, modules, people, planning
from store.errors import Refused
from store.models import Cohort as CohortTable
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def source(cohort: Cohort) -> Cohort:
    calendar.create(AUTHOR, cohort.id, {"kind": "course", "module": "2", "period": "Semaine 3"}, 210)
    modules.change(AUTHOR, calendar.modules(cohort.id)[0][0], {"expected_minutes": "14h", "bloc": "Bloc 1"})
    return cohort


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        (date(2026, 1, 19), 52), (date(2026, 1, 20), 52), (date(2026, 1, 22), 52), (date(2026, 1, 23), 53),
        (date(2026, 1, 26), 53), (date(2025, 1, 20), 0), (date(2024, 1, 22), -52),
    ],
)  # fmt: skip
def test_a_first_day_moves_the_calendar_by_whole_weeks(source: Cohort, day: date, weeks: int) -> None:
    assert copying.weeks_to(source.id, day) == weeks


def test_each_day_keeps_its_day_of_the_week_and_what_has_no_date_stays_so(source: Cohort) -> None:
    before = [row[6] for row in calendar.half_days(source.id)]
    copies = copying.proposed(source.id, 52)
    after = [date.fromisoformat(one.values["day"]) if one.values["day"] else None for one in copies]
    assert [day and (day.weekday(), day.year) for day in after] == [day and (day.weekday(), 2026) for day in before]
    assert (copies[-1].values["period"], copies[-1].minutes) == ("Semaine 3", 210)


def test_an_edition_is_opened_under_the_same_rules_and_holds_the_same_calendar(source: Cohort) -> None:
    CohortTable.update(expected_totals='{"minutes": 1050}').where(CohortTable.id == source.id).execute()
    new = copying.edition(" test-2026 ", "Promotion  d'essai, 2026", "lundi 19 janvier 2026")
    weeks = copying.weeks_to(source.id, new.first_day)
    target = copying.open_cohort(AUTHOR, source.id, new, weeks)
    made = copying.copy(AUTHOR, source.id, target, weeks)
    assert people.cohort("TEST-2026")[:5] == (
        target, "TEST-2026", "Promotion d'essai, 2026", "Certificat d'essai", "19 janvier 2026 – 13 février 2026",
    )  # fmt: skip
    assert people.rule_set(target) == people.rule_set(source.id)
    assert planning.days(target) == {"first_day": "2026-01-19", "last_day": "2026-02-13"}
    assert set(made).isdisjoint(source.half_days)
    assert [row[1:6] for row in modules.listed(target)] == [row[1:6] for row in modules.listed(source.id)]
    assert {row[0] for row in modules.listed(target)}.isdisjoint({row[0] for row in modules.listed(source.id)})
    theirs, ours = calendar.half_days(source.id), calendar.half_days(target)
    assert [(row[1], *row[5:6], *row[7:]) for row in ours] == [(row[1], *row[5:6], *row[7:]) for row in theirs]
    assert planning.control(target)[2] == []
    assert people.participants(target) == []


def test_a_copy_goes_into_a_cohort_that_exists_and_keeps_its_modules(source: Cohort) -> None:
    target = make_cohort("AUTRE-2026")
    modules.change(AUTHOR, calendar.modules(target.id)[0][0], {"title": "Autre histoire"})
    without = [source.half_days[0]]
    made = copying.copy(AUTHOR, source.id, target.id, 52, without)
    assert len(made) == 4
    assert [row[2] for row in calendar.modules(target.id)] == ["Autre histoire", "Droit"]
    assert len(calendar.half_days(target.id)) == 8


def test_faults_are_known_before_anything_is_copied(source: Cohort) -> None:
    # Fourteen weeks after 13 January 2025 comes 21 April, Easter Monday.
    calendar.change(AUTHOR, source.half_days[0], {"day": "13/01/2025"})
    copies = copying.proposed(source.id, 14)
    found = copying.faults(source.id, copies)
    assert {key: told[0].kind for key, told in found.items()} == {source.half_days[0]: "holiday"}
    target = make_cohort("AUTRE-2025")
    planning.set_days(AUTHOR, target.id, {"last_day": "30/04/2025"})
    found = copying.faults(source.id, copies, target.id)
    assert [fault.kind for fault in found[source.half_days[2]]] == ["outside"]
    same_days = copying.faults(source.id, copying.proposed(source.id, 0), target.id)
    assert "overlap" in [fault.kind for fault in same_days[source.half_days[2]]]


@pytest.mark.parametrize(
    ("code", "title", "day", "field", "told"),
    [
        ("", "T", "19/01/2026", "code", "se compose"),
        ("CS 26", "T", "19/01/2026", "code", "se compose"),
        ("a/b", "T", "19/01/2026", "code", "se compose"),
        ("É26", "T", "19/01/2026", "code", "se compose"),
        ("test-2025", "T", "19/01/2026", "code", "déjà une promotion TEST-2025"),
        ("T-2026", " ", "19/01/2026", "title", "titre"),
        ("T-2026", "T", "", "first_day", "premier jour"),
        ("T-2026", "T", "demain", "first_day", "n'est pas une date"),
    ],
)
def test_an_edition_that_cannot_be_is_refused_with_its_field(
    source: Cohort, code: str, title: str, day: str, field: str, told: str
) -> None:
    with pytest.raises(Refused, match=told) as refused:
        copying.edition(code, title, day)
    assert refused.value.field == field


def test_a_calendar_without_dates_moves_with_the_months_that_it_names(source: Cohort) -> None:
    for place, row in enumerate(calendar.half_days(source.id)):
        key, month = row[0], ("novembre 2020", "décembre 2020")[place % 2]
        calendar.change(AUTHOR, key, {"day": "", "period": f"Semaine 3 / {month}"})
    planning.set_days(AUTHOR, source.id, {"first_day": "", "last_day": ""})
    assert copying.first_day(source.id) == date(2020, 11, 1)
    weeks = copying.weeks_to(source.id, date(2021, 11, 3))
    periods = {one.values["period"] for one in copying.proposed(source.id, weeks)}
    assert periods == {"Semaine 3 / novembre 2021", "Semaine 3 / décembre 2021"}
