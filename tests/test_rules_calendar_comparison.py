"""An exported calendar beside ours: what is paired with what, and how each pair differs."""

from datetime import date

import pytest

from rules.calendar_comparison import DIFFERENCES, LIKE, Event, compare, counted, likeness, same_place

ROOM = "21.2.32"


def at(day: int, start: str = "09:30", end: str = "12:30", title: str = "Droit du travail", place: str = ROOM) -> Event:
    return Event(date(2025, 3, day), start, end, title, place)


#: (ours, theirs, [(our day, their day, kinds)])
CASES = {
    "the same": ([at(3)], [at(3)], [(3, 3, ("same",))]),
    "a title that says more": ([at(3)], [at(3, title="CS26 - DROIT DU TRAVAIL - M. Morel")], [(3, 3, ("same",))]),
    "another title": ([at(3)], [at(3, title="Comptabilité")], [(3, 3, ("title",))]),
    "no title": ([at(3)], [at(3, title="")], [(3, 3, ("same",))]),
    "no title of ours": ([at(3, title="")], [at(3)], [(3, 3, ("same",))]),
    "later by half an hour": ([at(3)], [at(3, "10:00", "13:00")], [(3, 3, ("hours",))]),
    "afternoon for morning": ([at(3)], [at(3, "14:00", "17:00")], [(3, 3, ("hours",))]),
    "afternoon, another title": (
        [at(3)], [at(3, "14:00", "17:00", "Comptabilité")], [(3, None, ("only_here",)), (None, 3, ("only_there",))],
    ),
    "another room": ([at(3)], [at(3, place="21.2.33")], [(3, 3, ("room",))]),
    "a room among several": ([at(3)], [at(3, place="Salle 21.2.33, Salle 21.2.32 (40 places)")], [(3, 3, ("same",))]),
    "no room there": ([at(3)], [at(3, place="")], [(3, 3, ("same",))]),
    "a room that we do not know": ([at(3, place="")], [at(3)], [(3, 3, ("room",))]),
    "hours and room": ([at(3)], [at(3, "10:00", "13:00", place="30.0.1")], [(3, 3, ("hours", "room"))]),
    "moved": ([at(3)], [at(10)], [(3, 10, ("moved",))]),
    "moved, to other hours": ([at(3)], [at(10, "14:00", "17:00")], [(3, 10, ("moved", "hours"))]),
    "moved to the nearest of the same hours": (
        [at(10)], [at(3), at(11, "14:00", "17:00"), at(20)],
        [(None, 11, ("only_there",)), (10, 3, ("moved",)), (None, 20, ("only_there",))],
    ),
    "another title elsewhere is not moved": (
        [at(3)], [at(10, title="Comptabilité")], [(3, None, ("only_here",)), (None, 10, ("only_there",))],
    ),
    "without titles nothing is moved": (
        [at(3, title="")], [at(10, title="")], [(3, None, ("only_here",)), (None, 10, ("only_there",))],
    ),
    "what stays is not taken for what moves": ([at(3), at(4)], [at(4), at(5)], [(3, 5, ("moved",)), (4, 4, ("same",))]),
    "two at one time: the title tells": (
        [at(3)], [at(3, title="Comptabilité"), at(3, place="30.0.1")], [(3, 3, ("room",)), (None, 3, ("only_there",))],
    ),
    "two half-days, one long event": (
        [at(3), at(3, "14:00", "17:00")], [at(3, "09:30", "17:00")], [(3, 3, ("hours",)), (3, None, ("only_here",))],
    ),
    "a day without hours": ([at(3)], [at(3, "", "")], [(3, 3, ("same",))]),
    "a day without hours, of something else": (
        [at(3)], [at(3, "", "", "Vacances")], [(None, 3, ("only_there",)), (3, None, ("only_here",))],
    ),
    "touching is not overlapping": (
        [at(3)], [at(3, "12:30", "14:00", "Déjeuner")], [(3, None, ("only_here",)), (None, 3, ("only_there",))],
    ),
    "moved onto another's slot": (
        [at(3), at(4, title="Comptabilité")], [at(4)],
        [(3, 4, ("moved",)), (4, None, ("only_here",))],
    ),
    "moved onto another's slot, which moves too": (
        [at(3), at(4, title="Comptabilité")], [at(4), at(5, title="Comptabilité")],
        [(3, 4, ("moved",)), (4, 5, ("moved",))],
    ),
    "exchanged": (
        [at(3), at(4, title="Comptabilité")], [at(3, title="Comptabilité"), at(4)],
        [(3, 4, ("moved",)), (4, 3, ("moved",))],
    ),
    "morning and afternoon exchanged": (
        [at(3), at(3, "14:00", "17:00", "Comptabilité")], [at(3, title="Comptabilité"), at(3, "14:00", "17:00")],
        [(3, 3, ("hours",)), (3, 3, ("hours",))],
    ),
    "a like title on the day comes before one on another day": (
        [at(3)], [at(3, "14:00", "17:00"), at(10)], [(3, 3, ("hours",)), (None, 10, ("only_there",))],
    ),
    "a like title at the moment comes before one on the day": (
        [at(3)], [at(3, "14:00", "17:00"), at(3, "10:00", "13:00")],
        [(3, 3, ("hours",)), (None, 3, ("only_there",))],
    ),
    "retitled in place, with nothing alike elsewhere": (
        [at(3), at(4)], [at(3, title="Comptabilité"), at(4)], [(3, 3, ("title",)), (4, 4, ("same",))],
    ),
    "an event without a title keeps its moment": (
        [at(3)], [at(3, title=""), at(10)], [(3, 3, ("same",)), (None, 10, ("only_there",))],
    ),
    "a title at the moment comes before none": (
        [at(3)], [at(3, title="", place="30.0.1"), at(3)], [(3, 3, ("same",)), (None, 3, ("only_there",))],
    ),
    "nothing here": ([], [at(3)], [(None, 3, ("only_there",))]),
    "nothing there": ([at(3)], [], [(3, None, ("only_here",))]),
    "nothing at all": ([], [], []),
}  # fmt: skip


@pytest.mark.parametrize(("here", "there", "expected"), CASES.values(), ids=CASES.keys())
def test_each_half_day_and_each_event_is_told_once(here: list[Event], there: list[Event], expected: list) -> None:
    found = compare(here, there)
    told = [(p.here.day.day if p.here else None, p.there.day.day if p.there else None, p.kinds) for p in found]
    assert sorted(told, key=str) == sorted(expected, key=str)
    assert [pair.day for pair in found] == sorted(pair.day for pair in found)


def test_the_order_of_the_file_changes_nothing() -> None:
    here = [at(day) for day in range(1, 9)]
    there = [at(day + 1, place="30.0.1" if day % 3 else ROOM) for day in range(1, 9)]
    assert compare(here, there) == compare(here, there[::-1])


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        (ROOM, "salle 21.2.32", True),
        (ROOM, "21.2.032", False),
        ("21.2.32B", "21.2.32", False),
        ("Opale", "OPALE", True),
        ("Opale", "Centre Opale, Paris", True),
        ("Opale", "Opaline", False),
        ("", "", True),
        ("", "Opale", False),
        ("Opale", "  ", True),
        ("Amphi (A)", "amphi (a)", True),
    ],
)
def test_places_are_compared_as_people_write_them(here: str, there: str, same: bool) -> None:
    assert same_place(here, there) is same


@pytest.mark.parametrize(
    ("title", "summary", "like"),
    [
        ("Histoire de l'ESS", "HISTOIRE DE L’ESS (cours)", True),
        ("Économie sociale", "Economie sociale - Mme Faye", True),
        ("Droit", "Droit des associations", True),
        ("Droit des associations", "Comptabilité des associations", False),
        ("Histoire de l'ESS", "CS26 Histoire ESS", True),
        ("Histoire de l'ESS", "Histoir de l'ESS", True),
        ("Atelier 1", "Atelier 2", False),
        ("Atelier 1", "CS26 - atelier 1 - groupe 2", True),
        ("Atelier", "Atelier 2", True),
        ("Droit", "", False),
        ("", "", False),
    ],
)
def test_titles_are_alike(title: str, summary: str, like: bool) -> None:
    assert (likeness(title, summary) >= LIKE) is like


def test_a_pair_that_differs_twice_counts_twice() -> None:
    found = counted(compare([at(3), at(4)], [at(3, "10:00", "13:00", place="30.0.1"), at(4)]))
    assert list(found) == list(DIFFERENCES)
    assert {kind: number for kind, number in found.items() if number} == {"same": 1, "hours": 1, "room": 1}


def test_a_big_export_is_compared_quickly() -> None:
    here = [Event(date(2025, 1 + n % 12, 1 + n % 28), "09:30", "12:30", f"Module {n % 14}") for n in range(60)]
    there = [Event(date(2026, 1 + n % 12, 1 + n % 28), "09:30", "12:30", f"Cours {n} de groupe") for n in range(3000)]
    assert len(compare(here, there)) == 3060
