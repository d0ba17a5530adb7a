"""Attendance: the marks people record, and the hours they make."""

import pytest

from rules.attendance import (
    STATUSES,
    AttendanceRule,
    HalfDay,
    cell_of,
    check_mark,
    hours_text,
    mark_of,
    parse_cell,
    standing,
    summary,
)
from rules.attendance_examples import examples
from rules.message import Refused

# The half-days of the certificate of 2025, in minutes: 26 of them, 90 hours.
LENGTHS = [150] * 4 + [180] * 6 + [210] * 8 + [240] * 4 + [270] * 4
CALENDAR = [HalfDay(i, minutes) for i, minutes in enumerate(LENGTHS)]
SHARE = AttendanceRule("share", 20, "Livret d'accueil, § 4.4")
FULL = AttendanceRule("full", source="Programme")


def of_length(minutes, count):
    return [day.id for day in CALENDAR if day.minutes == minutes][:count]


def absent_on(ids, status="absent"):
    return {day.id: (status if day.id in ids else "present", None) for day in CALENDAR}


def test_four_long_afternoons_are_exactly_the_limit():
    found = summary(absent_on(of_length(270, 4)), SHARE, CALENDAR)
    assert (found.total, found.absent, found.allowed, found.left) == (5400, 1080, 1080, 0)
    assert not found.defaulted
    assert not found.cannot_comply
    assert found.attended == 72 * 60


def test_one_more_morning_is_too_much_although_under_a_fifth_of_the_half_days():
    found = summary(absent_on(of_length(270, 4) + of_length(150, 1)), SHARE, CALENDAR)
    assert found.absent == 20.5 * 60
    assert len(found.missed) == 5
    assert 5 / 26 < 0.2
    assert found.defaulted
    assert found.cannot_comply
    assert found.left == 0


def test_six_short_half_days_are_not_too_much_although_over_a_fifth_of_them():
    found = summary(absent_on(of_length(150, 4) + of_length(180, 2)), SHARE, CALENDAR)
    assert found.absent == 16 * 60
    assert len(found.missed) == 6
    assert 6 / 26 > 0.2
    assert not found.defaulted
    assert found.left == 2 * 60


def test_a_justified_absence_counts_unless_the_rule_says_otherwise():
    marks = absent_on(of_length(270, 4) + of_length(150, 1), "justified")
    assert summary(marks, SHARE, CALENDAR).defaulted
    lenient = AttendanceRule("share", 20, justified_counts=False)
    found = summary(marks, lenient, CALENDAR)
    assert (found.absent, found.defaulted, len(found.missed)) == (0, False, 5)
    assert found.attended == 5400 - 20.5 * 60


def test_lateness_counts_only_where_the_rule_says_so():
    marks = {0: ("late", 30), 4: ("left_early", 20)}
    assert summary(marks, SHARE, CALENDAR).absent == 0
    assert summary(marks, AttendanceRule("share", 20, late_counts=True), CALENDAR).absent == 50
    assert summary(marks, SHARE, CALENDAR).attended == 120 + 160


def test_not_recorded_is_not_absent_and_only_the_past_is_missing():
    calendar = [HalfDay(1, 180), HalfDay(2, 180), HalfDay(3, 180, past=False)]
    found = summary({1: ("remote", None)}, SHARE, calendar)
    assert (found.absent, found.not_recorded, found.attended) == (0, 1, 180)


def test_a_presence_typed_before_its_day_is_no_time_spent_there():
    calendar = [HalfDay(1, 180), HalfDay(2, 180, past=False, ahead=True), HalfDay(3, 180, past=False, ahead=True)]
    found = summary({1: ("present", None), 2: ("present", None), 3: ("absent", None)}, SHARE, calendar)
    assert (found.attended, found.absent, found.total) == (180, 180, 540)


def test_optional_half_days_count_nowhere():
    calendar = [HalfDay(1, 180), HalfDay(2, 600, optional=True)]
    found = summary({1: ("present", None), 2: ("absent", None)}, SHARE, calendar)
    assert (found.total, found.absent, found.missed, found.not_recorded) == (180, 0, (), 0)


def test_full_participation_is_lost_at_the_first_absence():
    assert not summary(absent_on([]), FULL, CALENDAR).cannot_comply
    found = summary(absent_on([0]), FULL, CALENDAR)
    assert found.cannot_comply
    assert not found.defaulted
    assert (found.allowed, found.left) == (0, 0)


def test_without_a_rule_nothing_is_allowed_nor_lost():
    found = summary(absent_on([d.id for d in CALENDAR]), AttendanceRule("none"), CALENDAR)
    assert (found.allowed, found.left, found.defaulted, found.cannot_comply) == (None, None, False, False)


@pytest.mark.parametrize("kind, share", [("share", None), ("share", 101), ("sometimes", None)])
def test_a_rule_that_means_nothing_is_refused(kind, share):
    with pytest.raises(ValueError):
        AttendanceRule(kind, share)


def test_every_status_goes_to_its_cell_and_back():
    for status in STATUSES:
        minutes = 15 if status.has_minutes else None
        assert mark_of(cell_of(status.code, minutes)) == (status.code, minutes)


@pytest.mark.parametrize(
    "typed, cell",
    [
        ("", ""),
        ("p", "P"),
        ("Présent", "P"),
        ("présent·e", "P"),
        ("présent(e)", "P"),
        ("R15", "R 15"),
        ("r 15 min", "R 15"),
        ("retard : 15 mn", "R 15"),
        ("D:30", "D 30"),
        ("départ 30", "D 30"),
        ("ABSENT", "A"),
        ("aj", "AJ"),
        ("absence justifiée", "AJ"),
        ("visio", "V"),
        ("à distance", "V"),
        ("R 15,0", "R 15"),
    ],
)
def test_cells_are_read_as_people_type_them(typed, cell):
    assert parse_cell(typed) == cell


@pytest.mark.parametrize(
    "typed", ["R", "D", "R 0", "R 601", "R 1,5", "R -5", "P 15", "A 10", "Q", "15", "R quinze", "R 1٥"]
)
def test_cells_that_mean_nothing_are_refused_in_french(typed):
    with pytest.raises(Refused) as refusal:
        parse_cell(typed)
    assert str(refusal.value) == str(refusal.value.message)
    assert str(refusal.value).endswith(".")


def test_a_mark_is_checked_against_its_half_day():
    assert check_mark("late", "179", 180) == ("late", 179)
    assert check_mark("late", 15.0, None) == ("late", 15)
    assert check_mark("present", "", 180) == ("present", None)
    assert check_mark("", None, 180) == ("", None)


@pytest.mark.parametrize(
    "status, minutes",
    [
        ("late", None),
        ("late", ""),
        ("late", "181"),
        ("left_early", "180"),
        ("late", "0"),
        ("late", "7.5"),
        ("late", "abc"),
        ("late", True),
        ("absent", "10"),
        ("", 5),
        ("holiday", None),
    ],
)
def test_a_mark_that_cannot_be_is_refused(status, minutes):
    with pytest.raises(Refused):
        check_mark(status, minutes, 180)


def test_durations_are_written_in_french():
    assert [hours_text(m) for m in (0, 45, 1080, 1230, -90)] == [
        "0 h",
        "45 min",
        "18 h",
        "20 h 30",
        "-1 h 30",
    ]


@pytest.mark.parametrize(
    ("absent", "total", "rule", "expected"),
    [
        (0, 5400, SHARE, ("fine", 0)),
        (539, 5400, SHARE, ("fine", 0)),
        (540, 5400, SHARE, ("watched", 50)),
        (863, 5400, SHARE, ("watched", 50)),
        (864, 5400, SHARE, ("watched", 80)),
        (1080, 5400, SHARE, ("watched", 80)),
        (1081, 5400, SHARE, ("defaulted", 0)),
        (1080, 5400, AttendanceRule("share", 20, thresholds=(100,)), ("watched", 100)),
        (1079, 5400, AttendanceRule("share", 20, thresholds=()), ("fine", 0)),
        (0, 0, SHARE, ("fine", 0)),
        (0, 5400, AttendanceRule("full"), ("fine", 0)),
        (1, 5400, AttendanceRule("full"), ("impossible", 0)),
        (5400, 5400, AttendanceRule("none"), ("free", 0)),
    ],
)
def test_where_somebody_stands(absent, total, rule, expected):
    assert standing(absent, total, rule) == expected


@pytest.mark.parametrize("thresholds", [(0,), (101,), (50.5,), (-1, 50)])
def test_a_threshold_is_a_whole_percentage(thresholds):
    with pytest.raises(ValueError, match="threshold"):
        AttendanceRule("share", 20, thresholds=thresholds)


def test_the_worked_examples_are_those_of_the_documents():
    found = examples()
    assert [(one.summary.absent, one.summary.total, one.standing) for one in found] == [
        (18 * 60, 90 * 60, "watched"), (20 * 60 + 30, 90 * 60, "defaulted"), (16 * 60, 90 * 60, "watched"),
    ]  # fmt: skip
    assert [one.half_days for one in found] == [26, 26, 26]
    # Counting half-days says the contrary of the two last.
    assert [round(one.naive, 1) for one in found] == [15.4, 19.2, 23.1]
