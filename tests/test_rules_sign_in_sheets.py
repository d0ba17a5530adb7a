"""Sheets to sign: which half-days share a page, how many names, what no longer agrees, what contradicts the roll."""

import pytest

from rules.sign_in_sheets import (
    BLANK_LINES,
    EMPTY_LINES,
    Person,
    Slot,
    contradictions,
    days,
    differences,
    missing,
    printed,
    sheets,
)


def slot(key: str = "S-1", day: str = "2025-01-20", start: str = "09:30", end: str = "12:30", **more: str) -> Slot:
    return Slot(key, day, more.pop("period", ""), start, end, 180, **more)


def people(count: int) -> list[Person]:
    return [Person(f"P-{number}", f"Nom{number:02d}", "Prénom") for number in range(count)]


def test_half_days_of_one_day_share_a_sheet_and_undated_ones_that_of_their_period() -> None:
    given = [
        slot("S-1"), slot("S-2", start="14:00", end="17:00"), slot("S-3", day="2025-01-21"),
        slot("S-4", day="", period="Semaine 3"), slot("S-5", day="", period="Semaine 3"),
        slot("S-6", day="", period="Semaine 4"),
    ]  # fmt: skip
    assert [[one.id for one in day] for day in days(given)] == [["S-1", "S-2"], ["S-3"], ["S-4", "S-5"], ["S-6"]]


def test_a_sheet_never_has_more_columns_than_can_be_signed() -> None:
    assert [len(day) for day in days([slot(f"S-{n}") for n in range(9)])] == [2, 2, 2, 2, 1]


@pytest.mark.parametrize(
    ("count", "sizes", "blanks"),
    [
        (0, [0], [EMPTY_LINES]),
        (1, [1], [BLANK_LINES]),
        (30, [30], [BLANK_LINES]),
        (31, [16, 15], [0, BLANK_LINES]),
        (40, [20, 20], [0, BLANK_LINES]),
        (60, [30, 30], [0, BLANK_LINES]),
        (61, [21, 21, 19], [0, 0, BLANK_LINES]),
    ],
)
def test_names_are_shared_over_as_few_pages_as_hold_them(count: int, sizes: list[int], blanks: list[int]) -> None:
    found = sheets([slot()], people(count))
    assert [len(sheet.people) for sheet in found] == sizes
    assert [sheet.blank for sheet in found] == blanks
    assert [(sheet.page, sheet.pages) for sheet in found] == [(n + 1, len(sizes)) for n in range(len(sizes))]
    assert [sheet.first for sheet in found] == [1 + sum(sizes[:n]) for n in range(len(sizes))]
    assert [person for sheet in found for person in sheet.people] == people(count)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({}, []),
        ({"start": "09:31"}, ["9h30–12h30", "9h31–12h30"]),
        ({"end": "12:29"}, ["9h30–12h30", "9h30–12h29"]),
        ({"day": "2025-01-21"}, ["20/01/2025", "21/01/2025"]),
        ({"place": "21.2.32"}, ["lieu", "—", "21.2.32"]),
        ({"modality": "remote"}, ["présentiel", "à distance"]),
        ({"teachers": "Une autre"}, ["intervenant·es", "Une autre"]),
        ({"module": "4", "title": "Droit"}, ["module", "4 · Droit"]),
        ({"kind": "visit"}, []),
    ],
)
def test_a_sheet_printed_before_a_change_no_longer_agrees(after: dict, words: list[str]) -> None:
    kept = printed(slot(), people(2))
    found = differences(kept, slot(**after), people(2))
    assert len(found) == bool(words)
    assert all(word in str(found[0]) for word in words)


def test_a_half_day_without_hours_is_compared_by_its_length() -> None:
    before, after = slot(start="", end=""), Slot("S-1", "2025-01-20", "", "", "", 210)
    assert [str(found) for found in differences(printed(before, []), after, [])] == [
        "horaires : « 180 min » sur la feuille, « 210 min » au calendrier"
    ]


def test_who_came_and_who_left_since_the_print_is_told_by_name() -> None:
    kept = printed(slot(), people(2))
    found = [str(message) for message in differences(kept, slot(), people(3)[1:])]
    assert found == [
        "pas sur la feuille imprimée : Nom02 Prénom", "sur la feuille, mais plus dans la promotion : Nom00 Prénom"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "signed", "words"),
    [
        ("present", True, ""), ("late", True, ""), ("left_early", True, ""), ("present", None, ""),
        ("present", False, "sans signature"), ("late", False, "sans signature"),
        ("left_early", False, "sans signature"),
        ("absent", True, "relevé·e absent·e"), ("justified", True, "relevé·e absent·e"), ("absent", False, ""),
        ("remote", True, "à distance"), ("remote", False, ""), ("", True, "pas relevé·e"), ("", False, ""),
    ],
)  # fmt: skip
def test_the_roll_and_the_signatures_are_held_against_each_other(status: str, signed: bool | None, words: str) -> None:
    found = contradictions([("DUPONT Jeanne", status, signed)])
    assert len(found) == bool(words)
    assert not found or (words in str(found[0]) and "DUPONT Jeanne" in str(found[0]))


@pytest.mark.parametrize(
    ("done", "past", "steps"),
    [
        ((), False, ()),
        ((), True, ("printed", "returned", "teacher_signed", "scan")),
        (("printed",), True, ("returned", "teacher_signed", "scan")),
        (("returned", "scan"), True, ("teacher_signed",)),
        (("printed", "returned", "teacher_signed", "scan"), True, ()),
    ],
)
def test_a_half_day_that_took_place_waits_for_each_step(done: tuple, past: bool, steps: tuple) -> None:
    assert missing(dict.fromkeys(done, True), past) == steps
