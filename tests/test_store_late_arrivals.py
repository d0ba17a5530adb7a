"""Somebody who came after the beginning is awaited at nothing before: roster, roll, home page, sheets, certificates."""

from datetime import date

import pytest

from rules.certificates import Span
from store import (
    awaited,
    calendar,
    certificate_lines,
    certificates,
    jury,
    people,
    presents,
    rolls,
    rosters,
    sheet_states,
    sign_in_sheets,
    signatures,
    standings,
    todo,
)
from store.by_version import versions
from tests.pages import AUTHOR, make_app, plain, sign_in
from tests.sync_bench import Cohort

TODAY = date(2025, 3, 1)
PROVIDER = {"name": "Cnam", "address": "", "activity_number": "", "signatory": "", "town": "Paris"}


@pytest.fixture
def late(cohort: Cohort) -> str:
    """Give the first of the six, who takes part from February on: the two half-days of January are not theirs."""
    people.change(AUTHOR, cohort.participants[0], {"begins_on": "2025-02-01"})
    return cohort.participants[0]


def listed(cohort: Cohort, half_day: str) -> set[str]:
    return {line[0] for line in rosters.roster(half_day, cohort.id)}


def test_a_roster_lists_whom_it_awaits(cohort: Cohort, late: str) -> None:
    assert [late in listed(cohort, key) for key in cohort.half_days] == [False, False, True, True]
    assert len(listed(cohort, cohort.half_days[0])) == 5


def test_who_was_there_all_the_same_is_on_both_rosters_of_that_day(cohort: Cohort, late: str) -> None:
    rosters.change(AUTHOR, late, {cohort.half_days[0]: "P"})
    assert [late in listed(cohort, key) for key in cohort.half_days] == [True] * 4
    assert rolls.unrecorded(cohort.half_days[1]) == 6


def test_the_day_itself_is_theirs_and_a_half_day_without_a_date_too(cohort: Cohort, late: str) -> None:
    people.change(AUTHOR, late, {"begins_on": "2025-01-20"})
    assert late in listed(cohort, cohort.half_days[0])
    people.change(AUTHOR, late, {"begins_on": "2025-02-01"})
    undated = calendar.create(AUTHOR, cohort.id, {"kind": "course", "period": "Semaine 3"}, 210)
    assert late in listed(cohort, undated)


def test_a_roll_is_whole_without_them(cohort: Cohort, late: str) -> None:
    first = cohort.half_days[0]
    assert rolls.unrecorded(first) == 5
    assert presents.rest(AUTHOR, first) == 5
    assert late not in {who for who, *_ in rosters.marks(cohort.id)}
    rolls.close(AUTHOR, first)
    asked = {line[1]: line[5:] for line in todo.rolls_not_taken(versions(), TODAY, "12:00")}
    assert first not in asked
    assert asked == {cohort.half_days[1]: (0, 5), cohort.half_days[2]: (0, 6), cohort.half_days[3]: (0, 6)}


def test_hours_not_recorded_are_theirs_alone_and_the_rule_stays_that_of_the_training(cohort: Cohort, late: str) -> None:
    assert awaited.before_arrival(cohort.id, TODAY) == {late: 2}
    lines = {line.enrolment: line.hours for line in standings.of_cohort(cohort.id, people.rule_set(cohort.id), TODAY)}
    assert (lines[late].not_recorded, lines[cohort.participants[1]].not_recorded) == (2, 4)
    assert lines[late].total == lines[cohort.participants[1]].total == 840
    assert jury.hours(cohort.id, TODAY)[late].not_recorded == 2
    rosters.change(AUTHOR, late, {cohort.half_days[0]: "P"})
    assert awaited.before_arrival(cohort.id, TODAY) == {}


def test_a_sheet_to_sign_names_them_from_their_day(cohort: Cohort, late: str) -> None:
    pages = sign_in_sheets.pages(cohort.id, cohort.half_days)
    assert [late in {person.id for person in page.people} for page in pages] == [False, True]
    sign_in_sheets.printed(AUTHOR, cohort.id, cohort.half_days)
    for today in (date(2025, 1, 1), TODAY):
        assert [state.differences for state in sheet_states.state(cohort.id, today)] == [()] * 4
    shown = [late in {line[0] for line in signatures.signatures(cohort.id, key)} for key in cohort.half_days]
    assert shown == [False, False, True, True]


def test_a_certificate_is_theirs_from_that_day_and_asks_nothing_before(cohort: Cohort, late: str) -> None:
    rosters.change(AUTHOR, late, dict.fromkeys(cohort.half_days[2:], "P"))
    (line,) = [line for line in certificate_lines.lines(cohort.id, TODAY) if line.enrolment == late]
    assert (line.hours.missing, line.hours.attended) == ((), 480)
    certificates.issue(AUTHOR, cohort.id, [late], PROVIDER, TODAY)
    certificates.issue(AUTHOR, cohort.id, [late], PROVIDER, TODAY, span=Span("2025-01-01", "2025-02-28"))
    found = certificates.contents(cohort.id, ["CR-2025-0001", "CR-2025-0002"])
    assert [(one["first_day"], one["last_day"]) for one in found] == [
        ("2025-02-01", "2025-02-14"), ("2025-02-01", "2025-02-28")
    ]  # fmt: skip


def test_the_day_is_given_on_the_page_of_the_person(database_url: str, cohort: Cohort) -> None:
    client = sign_in(make_app(database_url), "coordinator")
    who = cohort.participants[0]
    url = f"/promotions/{cohort.code}/participants/{who}/"
    html = plain(client.get(url).text)
    assert "Suit la formation à partir du" in html
    people.change(AUTHOR, who, {"begins_on": "1er février 2025"})
    assert 'value="01/02/2025"' in plain(client.get(url).text)
    assert who not in client.get(f"/promotions/{cohort.code}/seances/{cohort.half_days[0]}/").text
    # Both half-days of a day side by side hold the same lines.
    rosters.change(AUTHOR, who, {cohort.half_days[1]: "A"})
    assert client.get(f"/promotions/{cohort.code}/seances/jour/2025-01-20/").text.count(f"nom-{who}-") >= 2
