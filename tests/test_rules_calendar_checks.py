"""Faults of a calendar: a table of cases for each kind, and each named once with its place."""

from dataclasses import replace
from datetime import date

import pytest

from rules.calendar_checks import FAULTS, Announced, Fault, Limits, Planned, at_once, check
from rules.places import is_room, wrong_room
from rules.teachers import key, names

MONDAY = date(2025, 3, 3)
ONE = Planned("S-1", "A", MONDAY, "09:30", "12:30", 180, "1", "Histoire", "21.2.32", "Claire Fontaine, Denis Morel")
OTHER = replace(ONE, id="S-2", cohort="B", place="21.2.33", teachers="Inès Faye")
HOLIDAYS = {date(2025, 5, 8): "Fête de la Victoire", date(2026, 11, 1): "Toussaint"}


def kinds(faults: list[Fault]) -> list[str]:
    return [fault.kind for fault in faults]


def test_a_calendar_that_holds_together_has_no_fault() -> None:
    afternoon = replace(ONE, id="S-2", start="14:00", end="17:00")
    undated = replace(ONE, id="S-3", day=None, start="", end="", minutes=210, period="Semaine 3")
    limits = Limits(HOLIDAYS, MONDAY, MONDAY)
    assert check([ONE, afternoon, undated], [Announced("1", "Histoire", 570)], limits, [OTHER]) == []
    assert check([]) == []


@pytest.mark.parametrize(
    ("day", "expected", "told"),
    [
        (date(2025, 5, 8), ["holiday"], "férié : Fête de la Victoire"),
        (date(2026, 11, 1), ["holiday"], "Toussaint"),
        (date(2025, 3, 2), ["sunday"], "dimanche"),
        (date(2025, 3, 8), [], ""),
        (date(2025, 5, 7), [], ""),
    ],
)
def test_a_day_off_is_one_fault(day: date, expected: list[str], told: str) -> None:
    found = check([replace(ONE, day=day)], limits=Limits(HOLIDAYS))
    assert kinds(found) == expected
    assert all(told in str(fault.message) and fault.half_day == "S-1" and fault.day == day for fault in found)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, []),
        (MONDAY, MONDAY, []),
        (date(2025, 3, 4), None, ["outside"]),
        (None, date(2025, 3, 2), ["outside"]),
        (date(2025, 3, 1), date(2025, 3, 31), []),
    ],
)
def test_a_half_day_stands_within_the_promotion(first: date | None, last: date | None, expected: list[str]) -> None:
    found = check([ONE, replace(ONE, id="S-9", day=None)], limits=Limits({}, first, last))
    assert kinds(found) == expected
    assert all("03/2025" in str(fault.message) for fault in found)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("12:30", "14:00", False), ("08:00", "09:30", False), ("14:00", "17:00", False), ("", "", False),
        ("12:29", "14:00", True), ("08:00", "09:31", True), ("09:30", "12:30", True), ("10:00", "11:00", True),
        ("09:00", "18:00", True),
    ],
)  # fmt: skip
def test_two_half_days_of_a_cohort_overlap_once(start: str, end: str, expected: bool) -> None:
    other = replace(ONE, id="S-2", start=start, end=end, minutes=0)
    assert at_once(ONE, other) is at_once(other, ONE) is expected
    found = [fault for fault in check([ONE, other]) if fault.kind != "length"]
    assert kinds(found) == (["overlap"] if expected else [])
    if expected:
        assert (found[0].half_day, found[0].other, found[0].other_cohort) == ("S-1", "S-2", "A")
        assert "1 Histoire" in str(found[0].message)


def test_another_day_or_no_day_overlaps_nothing() -> None:
    assert check([ONE, replace(ONE, id="S-2", day=date(2025, 3, 4))]) == []
    assert check([replace(ONE, day=None), replace(ONE, id="S-2", day=None)]) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"teachers": "Denis Morel"}, ["teacher"]),
        ({"teachers": "denis  morel et Inès Faye"}, ["teacher"]),
        ({"teachers": "Claire Fontaine / Denis Morel"}, ["teacher", "teacher"]),
        ({"teachers": "Denis Morel", "remote": True}, ["teacher"]),
        ({"teachers": "MOREL Denis"}, ["teacher"]),
        ({"teachers": "M. Denis Morel, Denis MOREL"}, ["teacher"]),
        ({"teachers": "Denis"}, []),
        ({"teachers": "", "place": ""}, []),
        ({"place": "21.2.32"}, ["room"]),
        ({"place": "21.2.32", "remote": True}, []),
        ({"place": "21.2.32", "start": "14:00", "end": "17:00"}, []),
        ({"place": "21.2.32", "day": date(2025, 3, 4)}, []),
        ({"place": "21.2.32", "teachers": "Denis Morel"}, ["teacher", "room"]),
    ],
)
def test_a_teacher_or_a_room_is_in_one_cohort_at_a_time(changes: dict, expected: list[str]) -> None:
    found = check([ONE], elsewhere=[replace(OTHER, **changes)])
    assert kinds(found) == expected
    assert all((fault.other, fault.other_cohort) == ("S-2", "B") for fault in found)
    assert all("B : 9h30-12h30, 1 Histoire" in str(fault.message) for fault in found)


def test_a_dash_is_nobody() -> None:
    assert check([replace(ONE, teachers="—")], elsewhere=[replace(OTHER, teachers="—")]) == []


@pytest.mark.parametrize(
    ("place", "room"),
    [
        ("21.2.32", True), ("21A.2.32", True), ("Salle 12", True), ("amphi Abbé-Grégoire", True),
        ("Opale, 21 rue des Malmaisons", False), ("Paris", False), ("", False),
    ],
)  # fmt: skip
def test_only_a_room_holds_one_group_at_a_time(place: str, room: bool) -> None:
    assert is_room(place) is room
    one, other = replace(ONE, place=place), replace(OTHER, place=place.upper())
    assert kinds(check([one], elsewhere=[other])) == (["room"] if room else [])


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("45.1.1", True), ("salle 45.1.1", True), ("0.1.1", True), ("21.2.32", False), ("61.0.4", False),
        ("ENS.1.12", False), ("Théâtre de la Ville", False), ("", False),
        ("Salle 45.1.1 (40 places)", True), ("45 . 1 . 1", True), ("amphi 45.1.1, Conté", True),
        ("21.2.32 ou 45.1.2", True), ("salle 21.2.32 puis 30.1.4", False), ("Tél. 01.45.67.89.10", False),
        ("visite du 12.03.2026", False), ("45.1", False),
    ],
)  # fmt: skip
def test_the_access_of_a_room_exists(place: str, wrong: bool) -> None:
    assert (wrong_room(place) is not None) is wrong
    found = check([replace(ONE, place=place)])
    assert kinds(found) == (["access"] if wrong else [])
    assert all("n'existe pas" in str(fault.message) for fault in found)


@pytest.mark.parametrize(
    ("start", "end", "minutes", "expected"),
    [
        ("09:30", "12:30", 180, []), ("09:30", "12:30", 210, ["length"]), ("", "", 210, []),
        ("14:00", "18:30", 270, []), ("14:00", "18:30", 269, ["length"]),
    ],
)  # fmt: skip
def test_a_half_day_lasts_what_its_hours_say(start: str, end: str, minutes: int, expected: list[str]) -> None:
    assert kinds(check([replace(ONE, start=start, end=end, minutes=minutes)])) == expected


@pytest.mark.parametrize(
    ("announced", "expected"),
    [
        (None, []), (360, []),
        (330, ["1 Histoire : 6 h au calendrier, 5 h 30 annoncées (+30 min)."]),
        (420, ["1 Histoire : 6 h au calendrier, 7 h annoncées (-1 h)."]),
    ],
)  # fmt: skip
def test_a_module_lasts_what_the_programme_announces(announced: int | None, expected: list[str]) -> None:
    afternoon = replace(ONE, id="S-2", start="14:00", end="17:00")
    jury = replace(ONE, id="S-3", day=date(2025, 3, 4), jury=True)
    elsewhere = replace(ONE, id="S-4", day=date(2025, 3, 5), module="2")
    found = check([ONE, afternoon, jury, elsewhere], [Announced("1", "Histoire", announced)])
    assert [str(fault.message) for fault in found] == expected
    assert all((fault.kind, fault.module, fault.half_day) == ("programme", "1", "") for fault in found)


def test_a_module_without_any_half_day_is_told_once() -> None:
    assert kinds(check([], [Announced("1", "Histoire", 360), Announced("2", "Droit")])) == ["programme"]


def test_faults_come_in_the_order_of_the_days_each_once() -> None:
    sunday = replace(ONE, id="S-5", day=date(2025, 3, 2), place="45.1.1", minutes=200)
    found = check([ONE, replace(ONE, id="S-2"), sunday], [Announced("1", "H", 1)], Limits({}, MONDAY))
    assert kinds(found) == ["sunday", "outside", "length", "access", "overlap", "programme"]
    assert len({(fault.kind, fault.half_day, str(fault.message)) for fault in found}) == len(found)
    assert set(kinds(found)) <= set(FAULTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []), ("Claire Fontaine", ["Claire Fontaine"]), ("A, B ; C/D", ["A", "B", "C", "D"]),
        ("Claire  Fontaine et Denis Morel", ["Claire Fontaine", "Denis Morel"]), ("A & B + A", ["A", "B"]),
        ("Étienne Juet", ["Étienne Juet"]), ("A,\nB,", ["A", "B"]),
    ],
)  # fmt: skip
def test_teachers_are_told_apart(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Claire Fontaine", "FONTAINE Claire", True), ("Inès Faye", "ines  faye", True),
        ("Nadine Richez-Battesti", "Richez Battesti Nadine", True), ("Mme Faye", "Faye", True),
        ("M. Morel", "Mme Morel", True), ("Claire M.", "Claire", False), ("M.", "M", True),
        ("Faye", "Inès Faye", False),
    ],
)  # fmt: skip
def test_a_teacher_is_one_person_whatever_the_order_of_their_name(one: str, other: str, same: bool) -> None:
    assert (key(one) == key(other)) is same
