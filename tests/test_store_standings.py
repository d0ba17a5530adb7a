"""Whom the attendance rule is about to catch: one question for every cohort, the same figures as each cohort's page."""

from datetime import date, timedelta

import pytest

from rules.attendance import standing
from store import calendar, jury, people, rosters, rule_sets, standings
from store.by_version import versions
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort

TODAY = date(2025, 2, 1)
CELLS = ("A", "AJ", "R 45", "D 170", "P", "V", "")


def test_the_figures_are_those_of_the_page(cohort: Cohort) -> None:
    calendar.add_module(cohort.id, 2, "9", "Facultatif", "", True)
    extra = {"module": "9", "day": "2025-01-30", "start": "9h", "end": "12h", "kind": "course"}
    optional = calendar.create(AUTHOR, cohort.id, extra)
    council = calendar.create(AUTHOR, cohort.id, {"day": "2025-01-31", "start": "9h", "end": "12h", "kind": "jury"})
    for number, who in enumerate(cohort.participants):
        cells = {key: CELLS[(number + at) % len(CELLS)] for at, key in enumerate(cohort.half_days)}
        rosters.change(AUTHOR, who, cells | {optional: "A", council: "A"})
    for texts in ({}, {"late_counts": "oui", "justified_counts": "non"}, {"kind": "full"}):
        if texts:
            rule_sets.change(AUTHOR, cohort.id, texts, {}, "Essai", {}, TODAY)
        rule = people.rule_set(cohort.id).attendance
        expected = {}
        for who, hours in jury.hours(cohort.id, TODAY).items():
            state, threshold = standing(hours.absent, hours.total, rule)
            if state in standings.WARNED:
                expected[who] = (state, threshold, hours.absent, hours.total)
        assert {line[1]: line[4:] for line in standings.near(versions(), TODAY)} == expected
        assert expected


def test_the_gravest_come_first_and_add_up_by_cohort(cohort: Cohort) -> None:
    first, second, third = cohort.participants[:3]
    rosters.change(AUTHOR, first, {cohort.half_days[0]: "R 10"})
    rosters.change(AUTHOR, second, dict.fromkeys(cohort.half_days, "A"))
    rosters.change(AUTHOR, third, {cohort.half_days[0]: "A"})
    other = make_cohort("AUTRE-2025", 1)
    rosters.change(AUTHOR, other.participants[0], dict.fromkeys(other.half_days, "A"))
    found = standings.near(versions(), TODAY)
    assert [line[4] for line in found] == ["defaulted", "defaulted", "defaulted"]
    assert {line[1] for line in found} == {second, third, other.participants[0]}
    assert {(code, state): number for code, state, number in standings.counted(found)} == {
        (cohort.code, "defaulted"): 2, (other.code, "defaulted"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("days", [59, 61])
def test_a_cohort_that_is_over_warns_nobody(cohort: Cohort, days: int) -> None:
    rosters.change(AUTHOR, cohort.participants[0], dict.fromkeys(cohort.half_days, "A"))
    last = max(row[6] for row in calendar.half_days(cohort.id))
    assert bool(standings.near(versions(), last + timedelta(days=days))) == (days < 60)


def test_withdrawn_people_and_half_days_do_not_count(cohort: Cohort) -> None:
    for who in cohort.participants[:2]:
        rosters.change(AUTHOR, who, {cohort.half_days[0]: "A"})
    people.remove(AUTHOR, cohort.participants[0])
    assert [line[1] for line in standings.near(versions(), TODAY)] == [cohort.participants[1]]
    calendar.remove(AUTHOR, cohort.half_days[0])
    assert standings.near(versions(), TODAY) == []


def test_three_queries_for_every_cohort_and_none_for_those_that_did_not_move(cohort: Cohort, count_queries) -> None:
    for number in range(3):
        other = make_cohort(f"AUTRE-{number}", 2)
        rosters.change(AUTHOR, other.participants[0], dict.fromkeys(other.half_days, "A"))
    found = versions()
    with count_queries(3):
        assert len(standings.near(found, TODAY)) == 3
    with count_queries(0):
        assert len(standings.near(found, TODAY)) == 3
    rosters.change(AUTHOR, other.participants[1], dict.fromkeys(other.half_days, "A"))
    assert len(standings.near(versions(), TODAY)) == 4
    people.remove(AUTHOR, other.participants[1])
    assert len(standings.near(versions(), TODAY)) == 3
