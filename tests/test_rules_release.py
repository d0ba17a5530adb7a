"""What follows a jury: days due, what holds a release, a session in numbers. Tables of cases."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest

from rules import session_statistics
from rules.after_jury import months_after, standing, surveys
from rules.attendance import AttendanceRule
from rules.release import FEES, holds
from rules.rule_set import RuleSet

DAY = date(2027, 1, 15)


@pytest.mark.parametrize(("day", "months", "after"), [
    (date(2027, 1, 15), 3, date(2027, 4, 15)),
    (date(2027, 1, 31), 3, date(2027, 4, 30)),
    (date(2026, 11, 30), 3, date(2027, 2, 28)),
    (date(2027, 11, 30), 3, date(2028, 2, 29)),
    (date(2027, 11, 29), 3, date(2028, 2, 29)),
    (date(2028, 2, 29), 12, date(2029, 2, 28)),
    (date(2028, 2, 29), 48, date(2032, 2, 29)),
    (date(2027, 10, 31), 1, date(2027, 11, 30)),
    (date(2027, 12, 31), 1, date(2028, 1, 31)),
    (date(2027, 12, 31), 2, date(2028, 2, 29)),
    (date(2027, 9, 1), 4, date(2028, 1, 1)),
    (date(2027, 12, 1), 12, date(2028, 12, 1)),
    (date(2027, 6, 30), 24, date(2029, 6, 30)),
])  # fmt: skip
def test_a_day_some_months_later(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


@pytest.mark.parametrize(("today", "done", "stands"), [
    (date(2027, 3, 15), None, "ahead"),
    (date(2027, 3, 16), None, "soon"),
    (date(2027, 4, 15), None, "soon"),
    (date(2027, 4, 16), None, "late"),
    (date(2027, 4, 16), date(2027, 4, 16), "done"),
    (date(2027, 1, 16), date(2027, 1, 16), "done"),
])  # fmt: skip
def test_a_transmission_is_late_the_day_after_its_last(today: date, done: date | None, stands: str) -> None:
    assert standing(months_after(DAY, 3), done, today) == stands


def test_surveys_follow_one_another_whatever_the_order_they_were_typed_in() -> None:
    assert surveys(date(2027, 8, 31), (24, 6, 6)) == [(6, date(2028, 2, 29)), (24, date(2029, 8, 31))]
    assert surveys(DAY, ()) == []


# -- what holds a release ---------------------------------------------------------------------------

CONDITIONS = ("charte signée", "carte rendue")
RULES = RuleSet(AttendanceRule("none"), fees_required=True, release_conditions=CONDITIONS)


@pytest.mark.parametrize("missing", [
    chosen for count in range(4) for chosen in combinations((FEES, *CONDITIONS), count)
])  # fmt: skip
def test_each_thing_that_is_missing_holds_alone_and_with_the_others(missing: tuple[str, ...]) -> None:
    met = {name: DAY for name in CONDITIONS if name not in missing}
    found = holds(RULES, None if FEES in missing else DAY, met, DAY)
    assert tuple(hold.code for hold in found) == missing
    assert all(str(hold.message) for hold in found)
    assert all(name in str(hold.message) for name in missing if name != FEES for hold in found if hold.code == name)


@pytest.mark.parametrize("to_come", [
    chosen for count in range(1, 4) for chosen in combinations((FEES, *CONDITIONS), count)
])  # fmt: skip
def test_a_day_to_come_holds_until_it_is_there(to_come: tuple[str, ...]) -> None:
    days = {name: DAY if name in to_come else DAY - timedelta(days=1) for name in (FEES, *CONDITIONS)}
    met = {name: days[name] for name in CONDITIONS}
    before = holds(RULES, days[FEES], met, DAY - timedelta(days=1))
    assert tuple(hold.code for hold in before) == to_come
    assert all("annoncé pour le 15/01/2027" in str(hold.message) for hold in before)
    assert holds(RULES, days[FEES], met, DAY) == ()


def test_what_the_rule_set_does_not_ask_for_holds_nothing() -> None:
    assert holds(RuleSet(AttendanceRule("none")), None, {}, DAY) == ()
    assert holds(RuleSet(AttendanceRule("none"), fees_required=True), DAY, {"ancienne condition": DAY}, DAY) == ()


# -- a session in numbers ---------------------------------------------------------------------------


def test_decisions_are_all_counted_and_those_that_nobody_got() -> None:
    counted = session_statistics.decisions(["admitted", "adjourned", "admitted"])
    assert counted == [("admitted", 2), ("adjourned", 1), ("defaulted", 0), ("resit", 0)]


@pytest.mark.parametrize(("cell", "bar"), [
    ("0", 0), ("1.99", 0), ("2", 2), ("9.99", 8), ("10", 10), ("11.99", 10), ("18", 18), ("19.99", 18), ("20", 18),
    ("20.00", 18),
])  # fmt: skip
def test_a_grade_is_in_one_bar(cell: str, bar: int) -> None:
    found = session_statistics.distribution([cell])
    assert [(low, number) for low, _high, number in found.bars if number] == [(bar, 1)]


def test_what_is_no_grade_is_counted_apart_and_in_no_mean() -> None:
    found = session_statistics.distribution(["10", "PLAG", "ABS", "", "14.55", "ABS", "12"])
    assert found.apart == (("", 1), ("ABS", 2), ("PLAG", 1))
    assert (found.graded, found.mean, found.median) == (3, Decimal("12.18"), Decimal("12.00"))
    assert sum(number for *_bar, number in found.bars) == 3
    nobody = session_statistics.distribution(["ABS"])
    assert (nobody.graded, nobody.mean, nobody.median) == (0, None, None)


@pytest.mark.parametrize(("absent", "planned", "share"), [
    (0, 5400, 0), (1, 5400, 5), (270, 5400, 5), (271, 5400, 10), (1080, 5400, 20), (1081, 5400, -1), (5400, 5400, -1),
    (0, 0, 0), (60, 0, 0),
])  # fmt: skip
def test_hours_absent_are_told_by_share_exactly(absent: int, planned: int, share: int) -> None:
    found = session_statistics.hours_absent([(absent, planned)])
    assert [place for place, number in found if number] == [share]
    assert [place for place, _number in found] == [0, 5, 10, 15, 20, -1]


def test_admitted_are_counted_by_group_the_largest_first() -> None:
    groups = [("CPF", "admitted"), ("OPCO", "admitted"), ("CPF", "resit"), ("employeur", "defaulted")]
    assert session_statistics.admitted_by(groups) == [("CPF", 1, 2), ("OPCO", 1, 1), ("employeur", 0, 1)]
