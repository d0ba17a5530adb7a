"""The five programmes hold what their documents announce, to the minute."""

import json
from collections import Counter
from datetime import date

import pytest

from rules.attendance import AttendanceRule, HalfDay, summary
from rules.calendar import KINDS, MODALITIES, check_half_day, control_totals, differences, half_day_minutes
from rules.places import parse_place
from rules.rule_set import SETTINGS, as_dict, checked, from_dict
from store.demonstration.programmes import PROGRAMMES, slots

BY_CODE = {programme.code: programme for programme in PROGRAMMES}
EVERY = pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.code)


def test_the_five_programmes_come_in_order_with_their_participants():
    assert {p.code: p.participants_count for p in PROGRAMMES} == {
        "CULT-2020": 16,
        "CULT-2026": 14,
        "CS26-2025": 30,
        "CS26-UE-2025": 18,
        "MOVSC-2021": 22,
    }
    assert [*BY_CODE] == ["CULT-2020", "CULT-2026", "CS26-2025", "CS26-UE-2025", "MOVSC-2021"]


@pytest.mark.parametrize(
    "code, half_days, hours, days",
    [
        ("CULT-2020", 30, 90.0, 15),
        ("CULT-2026", 30, 90.0, 15),
        ("CS26-2025", 26, 90.0, 14),
        ("CS26-UE-2025", 26, 90.0, 14),
        ("MOVSC-2021", 146, 511.0, 73),
    ],
)
def test_each_calendar_has_its_control_totals(code, half_days, hours, days):
    totals = control_totals(slots(BY_CODE[code]))
    assert (totals.half_days, totals.minutes / 60, totals.days) == (half_days, hours, days)
    assert differences(totals, BY_CODE[code].expected) == []


@EVERY
def test_a_half_day_too_few_is_told(programme):
    totals = control_totals(slots(programme)[1:])
    assert differences(totals, programme.expected)


@EVERY
def test_every_half_day_is_one_the_rules_accept(programme):
    numbers = [module.number for module in programme.modules]
    assert len(numbers) == len(set(numbers))
    assert {day.module for day in programme.half_days} == set(numbers)
    for day in programme.half_days:
        assert day.kind in KINDS
        assert day.modality in MODALITIES
        assert parse_place(day.place) == day.place
        assert bool(day.date) != bool(day.period)
        length = check_half_day(
            day.date or "",
            day.start or "",
            day.end or "",
            period=day.period,
            minutes=day.minutes,
            kind=day.kind,
            modality=day.modality,
        )
        assert length == day.minutes
        if day.start:
            assert half_day_minutes(day.start, day.end) == day.minutes


@EVERY
def test_every_setting_tells_its_source_and_survives_json(programme):
    rules = programme.rule_set
    assert checked(rules) == rules
    assert all(rules.source(setting) for setting in SETTINGS)
    assert from_dict(json.loads(json.dumps(as_dict(rules)))) == rules


@EVERY
def test_the_group_fits_the_rule_set_and_something_is_noted(programme):
    rules = programme.rule_set
    assert (rules.size_min or 0) <= programme.participants_count <= (rules.size_max or 999)
    assert programme.notes
    assert all(note.endswith(".") for note in programme.notes)


def test_the_first_culture_certificate_has_weeks_instead_of_dates():
    programme = BY_CODE["CULT-2020"]
    assert all(day.date is None for day in programme.half_days)
    assert Counter(day.period for day in programme.half_days)["Semaine 5 / janvier 2021"] == 4
    weeks = list(dict.fromkeys(day.period for day in programme.half_days))
    assert [week.split(" / ")[0] for week in weeks] == [f"Semaine {n}" for n in range(1, 10)]
    assert {(day.start, day.end) for day in programme.half_days} == {("09:30", "12:30"), ("14:00", "17:00")}
    assert {day.module for day in programme.half_days if day.kind == "visit"} == {"7", "8", "9"}


def test_the_second_culture_certificate_falls_on_the_printed_weekdays():
    days = sorted({day.date for day in BY_CODE["CULT-2026"].half_days})
    printed = [0, 1, 2, 0, 1, 0, 1, 2, 0, 1, 0, 1, 2, 0, 1]
    assert [date.fromisoformat(day).weekday() for day in days] == printed
    assert (days[0], days[-1]) == ("2026-03-16", "2026-11-17")


@pytest.mark.parametrize("code", ["CS26-2025", "CS26-UE-2025"])
def test_the_half_days_of_2025_are_unequal_as_printed(code):
    programme = BY_CODE[code]
    lengths = Counter(day.minutes / 60 for day in programme.half_days)
    assert lengths == {2.5: 4, 3: 6, 3.5: 8, 4: 4, 4.5: 4}
    per_day = Counter()
    for day in programme.half_days:
        per_day[day.date] += day.minutes
    assert Counter(per_day.values()) == {420: 12, 180: 2}
    tutoring = {day.date for day in programme.half_days if day.kind == "group_tutoring"}
    assert tutoring == {"2025-03-19", "2025-04-15", "2025-05-20"}


def test_the_manager_diploma_has_its_weeks_workshops_and_optional_module():
    programme = BY_CODE["MOVSC-2021"]
    kinds = Counter()
    weeks = Counter()
    workshops = Counter()
    for day in programme.half_days:
        week = day.period.split(" / ")[0]
        kinds[(day.kind, day.modality)] += day.minutes / 60
        weeks[week] += 1
        workshops[week] += day.kind == "workshop"
    gatherings = [f"Regroupement {number}" for number in range(1, 15)]
    assert [weeks[gathering] for gathering in gatherings] == [10] * 14
    assert all(workshops[gathering] in (1, 2) for gathering in gatherings)
    assert sum(workshops.values()) == 22
    assert weeks["Module complémentaire"] == 10
    assert kinds[("seminar", "remote")] == 21
    totals = control_totals(slots(programme))
    assert [minutes / 60 for minutes in totals.by_kind.values()] == [434, 77]
    assert sorted(minutes / 60 for minutes in totals.by_bloc.values()) == [56, 70, 161, 224]


def test_the_rules_differ_as_the_documents_do():
    kinds = {code: programme.rule_set.attendance.kind for code, programme in BY_CODE.items()}
    assert kinds == {
        "CULT-2020": "none",
        "CULT-2026": "none",
        "CS26-2025": "full",
        "CS26-UE-2025": "share",
        "MOVSC-2021": "none",
    }
    handbook = BY_CODE["CS26-UE-2025"].rule_set
    assert [(unit.code, unit.credits) for unit in handbook.units] == [("RSV206", 8), ("RSV207", 4)]
    assert (handbook.fees_required, handbook.pass_mark) == (True, 10)
    culture = BY_CODE["CULT-2026"].rule_set
    assert (culture.pages_min, culture.pages_max, culture.size_min, culture.size_max) == (15, 20, 12, 30)
    manager = BY_CODE["MOVSC-2021"].rule_set
    assert (manager.workshop_min, manager.workshop_max, manager.enrolment_order) == (5, 6, "commission")


@pytest.mark.parametrize(
    "lengths, hours, defaulted",
    [
        ({270: 4}, 18.0, False),
        ({270: 4, 150: 1}, 20.5, True),
        ({150: 4, 180: 2}, 16.0, False),
    ],
)
def test_absences_are_judged_in_hours_on_the_calendar_of_2025(lengths, hours, defaulted):
    programme = BY_CODE["CS26-UE-2025"]
    calendar = [HalfDay(rank, day.minutes, day.module) for rank, day in enumerate(programme.half_days)]
    wanted = Counter(lengths)
    marks = {}
    for day in calendar:
        if wanted[day.minutes]:
            wanted[day.minutes] -= 1
            marks[day.id] = ("absent", None)
    found = summary(marks, programme.rule_set.attendance, calendar)
    assert (found.absent / 60, found.defaulted, len(found.missed)) == (
        hours,
        defaulted,
        sum(lengths.values()),
    )
    full = summary(marks, AttendanceRule("full"), calendar)
    assert full.cannot_comply
