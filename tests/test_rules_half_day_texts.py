"""What staff write above the columns of attendance: many spellings, one half-day; doubt is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.half_day_matching import Slot, match
from rules.half_day_texts import AFTERNOON, EITHER, MORNING, Written, read, read_all, read_under
from rules.value_times import show_date

CALENDAR = [
    Slot("a", "2025-01-20", "09:30", "20/01/2025 9h30"),
    Slot("b", "2025-01-20", "14:00", "20/01/2025 14h"),
    Slot("c", "2025-02-14", "09:00", "14/02/2025 9h"),
    Slot("d", "2025-02-14", "14:00", "14/02/2025 14h"),
    Slot("e", "2025-03-05", "14:00", "05/03/2025 14h"),
]
FIFTH = 45721  # 05/03/2025

READ = [
    ("20/01", Written(20, 1)),
    ("20/1", Written(20, 1)),
    ("20/01/2025", Written(20, 1, 2025)),
    ("20/01/25", Written(20, 1, 2025)),
    ("20-01-25", Written(20, 1, 2025)),
    ("20.01.2025", Written(20, 1, 2025)),
    ("2025-01-20", Written(20, 1, 2025)),
    ("20 janvier", Written(20, 1)),
    ("20 janv.", Written(20, 1)),
    ("20janv", Written(20, 1)),
    ("20-janv.-25", Written(20, 1, 2025)),
    ("1er février 2025", Written(1, 2, 2025)),
    ("4 fevirer", Written(4, 2)),
    ("20 Jan 2025", Written(20, 1, 2025)),
    ("lundi 20 janvier 2025", Written(20, 1, 2025, weekday=0)),
    ("lun. 20 janv. AM", Written(20, 1, weekday=0, half=EITHER)),
    ("Mar 4 mars", Written(4, 3, weekday=1)),
    ("20/01/2025 matin", Written(20, 1, 2025, half=MORNING)),
    ("20/01 – matin", Written(20, 1, half=MORNING)),
    ("20/01 Après-midi", Written(20, 1, half=AFTERNOON)),
    ("20/01 aprem.", Written(20, 1, half=AFTERNOON)),
    ("20/01 p.m.", Written(20, 1, half=AFTERNOON)),
    ("20/01\nPM", Written(20, 1, half=AFTERNOON)),
    ("20-01-25 14h", Written(20, 1, 2025, start="14:00")),
    ("20/01 9h30-12h30", Written(20, 1, start="09:30")),
    ("20/01 9-12h", Written(20, 1, start="09:00")),
    ("20/01 (14h à 17h)", Written(20, 1, start="14:00")),
    ("20 janv 14 h 30", Written(20, 1, start="14:30")),
    ("14/02 09:00", Written(14, 2, start="09:00")),
    ("Séance 3", Written(number=3)),
    ("SCÉANCE N°3", Written(number=3)),
    ("demi-journée 12", Written(number=12)),
    ("S3", Written(number=3)),
    ("J1 matin", Written(day_number=1, half=MORNING)),
    ("Jour 2", Written(day_number=2)),
    ("Séance du 20/01", Written(20, 1, rest="seance du")),
    ("M", Written(half=MORNING)),
    (45677, Written(20, 1, 2025)),
    (45677.3958333333, Written(20, 1, 2025, start="09:30")),
    (3, Written(bare=3)),
    ("3", Written(bare=3)),
    ("Présences 12", Written(rest="presences 12")),
    ("Absences", Written(rest="absences")),
    ("Mars", Written(rest="mars")),
    ("20/13", Written(rest="20 13")),
    ("9,75", Written(rest="9 75")),
    ("", Written()),
    (None, Written()),
    (True, Written(rest="VRAI")),
]


@pytest.mark.parametrize(("raw", "expected"), READ)
def test_a_spelling_is_read(raw: object, expected: Written) -> None:
    assert read(raw) == expected


def test_am_is_what_its_neighbours_make_of_it() -> None:
    assert [one.half for one in read_all(["20/01 AM", "20/01 PM"])] == [MORNING, AFTERNOON]
    assert [one.half for one in read_all(["20/01 M", "20/01 AM"])] == [MORNING, AFTERNOON]
    assert [one.half for one in read_all(["20/01 AM", "14/02 AM"])] == [EITHER, EITHER]


def test_am_is_what_the_other_column_of_its_day_makes_of_it_in_a_tab_of_many_hands() -> None:
    mixed = ["lun. 20 janv. AM", "lun. 20 janv. PM", "14/02 M", "14/02 AM", "05/03 AM"]
    assert [one.half for one in read_all(mixed)] == [MORNING, AFTERNOON, MORNING, AFTERNOON, EITHER]
    # « M » above a column that names no day is no half-day: a title, or a letter of the staff's own.
    assert [one.half for one in read_all(["M", "20/01 AM", "14/02 PM"])] == [MORNING, MORNING, AFTERNOON]


@pytest.mark.parametrize(
    ("above", "below", "header"),
    [
        ("20/01", "AM", "AM 20/01"),
        (45677, "matin", "matin 20/01/2025"),
        ("Janvier 2025", 20, "20 Janvier 2025"),
        ("Séance", 3, "Séance 3"),
        ("lundi 20 janvier", 0.3958333333, "09:30 lundi 20 janvier"),
        ("20/01", "", "20/01"),
        ("", "Nom", "Nom"),
        (None, 45677, 45677),
    ],
)
def test_two_lines_are_one_header(above: object, below: object, header: object) -> None:
    assert read_under(above, below) == header


MATCHED = [
    # Each line: the headers of a tab from left to right, and the half-days they are.
    (["20/01 AM", "20/01 PM", "14/02 AM", "14/02 PM", "05/03"], "abcde"),
    (["20/01 M", "20/01 AM", "14/02 M", "14/02 AM", "05/03"], "abcde"),
    (["lun. 20 janv. matin", "lun. 20 janv. aprèm"], "ab"),
    # Both ways of writing in one tab, and a column « M » that is no half-day.
    (["lun. 20 janv. AM", "lun. 20 janv. PM", "14/02 matin", "14/02 après-midi"], "abcd"),
    (["2025-01-20 am", "2025-01-20 pm", "14/02 M", "14/02 AM", "05/03 AM"], "abcde"),
    (["M", "20/01 AM", "20/01 PM", "14/02 AM"], ".abc"),
    (["20-01-25 9h30", "20-01-25 14h", "14 février 9h"], "abc"),
    (["20/01/2025 9h30", "20/01/2025 14h"], "ab"),
    # An hour that is not quite the calendar's still tells morning from afternoon.
    (["20/01 9h", "20/01 13h30"], "ab"),
    # Two columns of one day, side by side: from left to right.
    (["20/01", "20/01", "14/02", "14/02"], "abcd"),
    # One column for two half-days, or two of them far apart: to be chosen.
    (["20/01", "05/03"], ".e"),
    (["20/01", "14/02 9h", "20/01"], ".c."),
    # Twice the same half-day: which of the two is meant is not guessed.
    (["20/01 matin", "20/01 9h30"], ".."),
    (["Séance 1", "Séance 2", "Séance 3", "Séance 4", "Séance 5"], "abcde"),
    ([1, 2, 3, 4, 5], "abcde"),
    ([1, 2, 3], "..."),
    # Three numbers for three days of two half-days or one.
    (["Séance 1", "Séance 2", "Séance 3"], "..e"),
    (["J1 matin", "J1 PM", "J2 matin", "J3"], "abce"),
    (["Séance 2 matin", "Séance 2 après-midi"], "cd"),
    ([FIFTH, 45677.3958333], "ea"),
    # Contradictions, other years, days without any half-day.
    (["mardi 20 janvier", "20/01/2024 matin", "21/01"], "..."),
    (["vendredi 14 février matin"], "c"),
    (["05/03 matin", "AM 14/02"], ".d"),
    (["Total", "Absences", "Nom", "", None], "....."),
]


@pytest.mark.parametrize(("headers", "expected"), MATCHED)
def test_columns_are_matched_with_half_days(headers: list, expected: str) -> None:
    assert "".join(choice.key or "." for choice in match(headers, CALENDAR)) == expected


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (["mardi 20 janvier"], "le 20/01/2025 est un lundi"),
        (["21/01"], "aucune demi-journée n'est au calendrier le 21/01"),
        (["20/01"], "2 demi-journées : laquelle ?"),
        (["20/01 AM"], "« AM » est-il le matin ou l'après-midi ?"),
        (["05/03 matin"], "rien n'est au calendrier le matin"),
        (["20/01 matin", "20/01 9h30"], "2 colonnes disent la même chose"),
        (["Séance 12"], "il n'y a pas de 12e demi-journée"),
        (["J9"], "pas au calendrier"),
    ],
)
def test_a_doubt_is_said(headers: list, told: str) -> None:
    choice = match(headers, CALENDAR)[0]
    assert (choice.key, choice.looks) == ("", True)
    assert told in choice.reason


def test_the_year_is_the_calendars_and_a_weekday_settles_two_of_them() -> None:
    over_two_years = [*CALENDAR, Slot("z", "2026-01-20", "09:30", "20/01/2026 9h30")]
    first, second, third = match(["20/01 9h30", "mardi 20/01", "20/01/2025 matin"], over_two_years)
    assert (first.key, first.others) == ("", ("a", "b", "z"))
    assert "l'année manque" in first.reason
    assert (second.key, third.key) == ("z", "a")


def test_a_calendar_without_dates_is_matched_by_its_own_headers() -> None:
    undated = [Slot("a", "", "09:30", "1 Semaine 3 / décembre 2020 matin"),
               Slot("b", "", "14:00", "1 Semaine 3 / décembre 2020 après-midi")]  # fmt: skip
    found = match(["1 semaine 3 / Decembre 2020 MATIN", "20/01"], undated)
    assert [choice.key for choice in found] == ["a", ""]


HEADER = st.one_of(
    st.text(alphabet="0123456789/-. hjsmapvenlunéà", max_size=16), st.floats(0, 60000), st.sampled_from(
        [header for headers, _ in MATCHED for header in headers]))  # fmt: skip


@given(st.lists(HEADER, max_size=8))
def test_no_half_day_is_ever_given_twice_and_every_choice_says_why(headers: list) -> None:
    found = match(headers, CALENDAR)
    keys = [choice.key for choice in found if choice.key]
    assert len(keys) == len(set(keys))
    assert len(found) == len(headers)
    assert all(choice.reason for choice in found if choice.key or choice.looks)
    assert all(choice.score >= 75 for choice in found if choice.key)


@given(st.integers(0, len(CALENDAR) - 1), st.sampled_from(["{d}/{m} {h}", "{d} {w} {h}", "{s} {h}", "{h} {d}-{m}-25"]))
def test_any_dated_spelling_comes_back_to_its_half_day(place: int, pattern: str) -> None:
    slot = CALENDAR[place]
    year, month, day = map(int, slot.day.split("-"))
    words = ("", "janvier", "févr.", "mars")
    header = pattern.format(d=day, m=month, w=words[month], s=f"{day:02d}/{month:02d}/{year}",
                            h="matin" if slot.start < "13" else "aprèm")  # fmt: skip
    assert match([header], CALENDAR)[0].key == slot.key
    assert match([show_date(slot.day) + int(slot.start[:2]) / 24], CALENDAR)[0].key == slot.key
