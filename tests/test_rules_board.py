"""The board of papers: what an address asks for, the order of lines, their headings, what is marked in words."""

from datetime import date

import pytest

from rules.board import (
    GROUPINGS,
    SORTS,
    Line,
    View,
    arguments,
    grouped,
    is_late,
    loads,
    marks,
    next_workshop,
    shown,
    view,
    workshops,
)
from rules.papers import Load

TODAY, DUE = date(2025, 6, 20), date(2025, 6, 16)
BLANK = Line("N-0", "P-0", "", "", "", "", "", "", "", None, None, "", "", "", "", None, frozenset())


def line(name: str, **values: object) -> Line:
    return BLANK._replace(id=f"N-{name}", last_name=name, **values)


LINES = [
    line("Étienne", title="Tiers-lieux", tutor="Anne", workshop="Atelier 10", milestone="plan",
         exchanged_on=date(2025, 3, 2)),
    line("Arnaud", title="L'école", cotutor="Anne", tutor="Bruno", workshop="Atelier 9", milestone="deposited",
         deposited_on=DUE, exchanged_on=date(2025, 5, 2)),
    line("Zola", problem="À quelles conditions ?"),
]  # fmt: skip


def names(**asked: object) -> list[str]:
    return [found.last_name for found in shown(LINES, View(**asked), DUE, TODAY)]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({}, ["Arnaud", "Étienne", "Zola"]),
        ({"tutor": "Anne"}, ["Arnaud", "Étienne"]),
        ({"workshop": "Atelier 9"}, ["Arnaud"]),
        ({"milestone": "plan"}, ["Étienne"]),
        ({"milestone": "aucune"}, ["Zola"]),
        ({"without": "tuteur"}, ["Zola"]),
        ({"without": "atelier"}, ["Zola"]),
        ({"late": True}, ["Étienne", "Zola"]),
        ({"search": "ETIENNE tiers"}, ["Étienne"]),
        ({"search": "etienne ecole"}, []),
        ({"search": "conditions"}, ["Zola"]),
        ({"search": "bruno"}, ["Arnaud"]),
        ({"tutor": "Anne", "late": True}, ["Étienne"]),
    ],
)
def test_a_view_keeps_the_lines_that_it_asks_for(asked: dict, kept: list[str]) -> None:
    assert names(**asked) == kept
    assert View(**asked).filtered == (asked != {})


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-nom", ["Zola", "Étienne", "Arnaud"]), ("titre", ["Arnaud", "Étienne", "Zola"]),
        ("tuteur", ["Zola", "Étienne", "Arnaud"]), ("atelier", ["Zola", "Arnaud", "Étienne"]),
        ("etape", ["Zola", "Étienne", "Arnaud"]), ("echange", ["Zola", "Étienne", "Arnaud"]),
        ("-echange", ["Arnaud", "Étienne", "Zola"]), ("depot", ["Arnaud", "Étienne", "Zola"]),
    ],
)  # fmt: skip
def test_lines_are_sorted_as_asked(sort: str, order: list[str]) -> None:
    assert names(sort=sort) == order


def test_an_address_gives_its_view_back() -> None:
    every = [View(by=by, sort=way + sort, tutor="Anne", late=True, search="tiers")
             for by in GROUPINGS for sort in SORTS for way in ("", "-")]  # fmt: skip
    for asked in (*every, View(), View(without="atelier", workshop="A & B", milestone="aucune")):
        assert view(arguments(asked)) == asked
    assert arguments(View()) == {}
    assert view({"par": "hasard", "tri": "--nom", "sans": "raison", "q": " x "}) == View(search="x")


def test_lines_stand_under_the_heading_of_their_tutor_or_workshop() -> None:
    lines = shown(LINES, View(), DUE, TODAY)
    by_tutor = [(group.name, [one.last_name for one in group.lines]) for group in grouped(lines, "tuteur", ["Chloé"])]
    assert by_tutor == [("", ["Zola"]), ("Anne", ["Étienne"]), ("Bruno", ["Arnaud"]), ("Chloé", [])]
    assert [group.name for group in grouped(lines, "atelier")] == ["", "Atelier 9", "Atelier 10"]
    assert [group.name for group in grouped([], "tuteur", ["Chloé"])] == ["Chloé"]


def test_a_cotutored_paper_counts_for_both() -> None:
    found = loads(LINES, {"Anne": 1, "Bruno": None, "Chloé": 2})
    assert found == {"Anne": Load(2, 1, True), "Bruno": Load(1, None, False), "Chloé": Load(0, 2, False)}
    assert loads([line("Gone", tutor="Odile")], {})["Odile"].count == 1


def test_a_workshop_outside_its_size_is_said() -> None:
    lines = [line(str(n), workshop="Atelier 1" if n < 7 else "Atelier 2") for n in range(13)]
    found = workshops(lines, 5, 6)
    assert {name: (count, str(words or "")) for name, (count, words) in found.items()} == {
        "Atelier 1": (7, "6 au plus sont attendus"), "Atelier 2": (6, ""),
    }  # fmt: skip
    assert str(workshops(lines[9:], 5, 6)["Atelier 2"][1]) == "5 au moins sont attendus"
    assert workshops(lines, None, None)["Atelier 1"] == (7, None)


@pytest.mark.parametrize(("taken", "name"), [
    ([], "Atelier 1"), (["Atelier 2", "Atelier 10"], "Atelier 11"), (["Lyon"], "Atelier 1"), (["Groupe 3"], "Groupe 4"),
])  # fmt: skip
def test_a_new_workshop_is_named_after_the_others(taken: list[str], name: str) -> None:
    assert next_workshop(taken) == name


def test_what_is_to_be_looked_at_is_said_in_words() -> None:
    odd = line("Odd", tutor="Anne", wishes="bruno; permaculture; Culture", pages=12,
               excluded=(("Anne", "lien familial"), ("Chloé", "conflit")))  # fmt: skip
    words = [str(mark) for mark in marks(odd, ["Anne", "Bruno"], ["culture"], DUE, (15, 20))]
    assert words == [
        "Anne ne doit pas suivre cette note : lien familial.",
        "Vœu « permaculture » : ni un tuteur, ni un thème suivi ici.",
        "12 pages : 15 au moins sont attendues.",
    ]  # fmt: skip
    assert str(next(marks(odd, [], [], None, reasons=False))) == "Anne ne doit pas suivre cette note."
    late = line("Late", deposited_on=TODAY)
    assert [str(mark) for mark in marks(late, [], [], DUE)] == ["Déposée après le 16/06/2025."]
    assert list(marks(BLANK, [], [], None)) == list(marks(BLANK, [], [], DUE)) == []
    assert [is_late(BLANK, DUE, day) for day in (DUE, TODAY)] == [False, True]
