"""Lists that staff send: headers, values, who is who, places; by tables of cases."""

import pytest

from rules.message import Refused
from rules.participant_headers import HEADERS, fields_of, header_row
from rules.participant_import import CHANGED, CREATED, REFUSED, SAME, plan
from rules.values import TYPES, choice

TYPED = {
    "last_name": TYPES["name"], "first_name": TYPES["name"], "email": TYPES["email"], "phone": TYPES["phone"],
    "employer": TYPES["text"], "funding": choice({"cpf": "CPF", "employer": "employeur"}),
    "agreement_on": TYPES["date"], "waiting": TYPES["yes_no"],
}  # fmt: skip
BLANK = dict.fromkeys(TYPED, "")
HELD = {
    "P-1": BLANK | {"last_name": "Arnaud", "first_name": "Inès", "email": "ines@exemple.fr"},
    "P-2": BLANK | {"last_name": "Martin", "first_name": "Zoé", "email": "zoe@exemple.fr"},
    "P-3": BLANK | {"last_name": "Martin", "first_name": "Zoé"},
}
HEADER = ["Nom", "Prénom", "Courriel", "Téléphone", "Structure"]


def outcomes(*rows: list, header: list | None = None, free: int | None = None) -> list[str]:
    return [line.outcome for line in plan([header or HEADER, *rows], TYPED, HELD, free).lines]


@pytest.mark.parametrize(("header", "fields"), [
    (["NOM", "Prénoms", "E-mail"], ["last_name", "first_name", "email"]),
    (["Nom de famille *", "PRENOM", "Tél."], ["last_name", "first_name", "phone"]),
    (["Stagiaire", "Employeur", "Financeur"], ["full_name", "employer", "funding"]),
    (["Identité", "GSM", "PEC", "Solde le"], ["full_name", "phone", "funding", "fees_paid_on"]),
    (["Nom", "Nom", "Prénom"], ["last_name", "first_name"]),
    (["Convention signée le", "Liste d’attente", "Date de naissance"], ["agreement_on", "waiting"]),
])  # fmt: skip
def test_staff_call_columns_in_many_ways(header: list[str], fields: list[str]) -> None:
    assert list(fields_of(header).values()) == fields


def test_a_word_names_one_field_and_is_written_as_it_is_compared() -> None:
    words = [word for words in HEADERS.values() for word in words]
    assert len(words) == len(set(words))
    assert [list(fields_of([word]).values()) for word in words] == [
        [name] for name, listed in HEADERS.items() for _word in listed
    ]  # fmt: skip


def test_a_title_over_a_list_is_not_its_headers() -> None:
    assert header_row([["Participants", ""], ["", ""], ["Nom et prénom", "Ville"], ["Zola Émile", "Paris"]]) == 2
    assert header_row([["Nom", "Prénom", ""], ["Stagiaire", "x", "y"]]) == 0


@pytest.mark.parametrize(("row", "outcome"), [
    (["Zola", "Émile", "e@exemple.fr", "", ""], CREATED),
    (["ARNAUD", "ines", "", "", ""], SAME),
    (["Arnaud", "Inès", "", "0612345678", ""], CHANGED),
    (["Martin", "Zoé", "zoe@exemple.fr", "", "Ville"], CHANGED),
    (["Martin", "Zoé", "", "", "Ville"], REFUSED),
    (["Zola", "Émile", "ines@exemple.fr", "", ""], REFUSED),
    (["Zola", "", "", "", ""], REFUSED),
    (["Zola", "Émile", "pas une adresse", "", ""], REFUSED),
    (["Zola", "Émile", "", "=1+1", ""], REFUSED),
    (["Zola", "Émile", "", "", "=HYPERLINK(1)"], REFUSED),
])  # fmt: skip
def test_each_line_says_what_it_would_do(row: list, outcome: str) -> None:
    assert outcomes(row) == [outcome]


def test_a_refusal_says_where_and_what_was_typed() -> None:
    listing = plan([["Liste"], [], HEADER, ["Zola", "Émile", "non", "abc", ""]], TYPED, HELD)
    [line] = listing.lines
    assert (line.number, line.outcome) == (4, REFUSED)
    assert [(found.column, found.typed) for found in line.problems] == [("Courriel", "non"), ("Téléphone", "abc")]


def test_a_phone_that_lost_its_zero_finds_it_again() -> None:
    [line] = plan([HEADER, ["Zola", "Émile", "", 612345678.0, ""]], TYPED, HELD).lines
    assert line.values["phone"] == "0612345678"


def test_a_blank_cell_erases_nothing_and_a_known_name_is_not_respelt() -> None:
    [line] = plan([HEADER, ["ARNAUD", "INES", "ines@exemple.fr", "", ""]], TYPED, HELD).lines
    assert (line.outcome, line.key, line.changes) == (SAME, "P-1", {})


def test_one_person_twice_in_a_list_is_taken_once() -> None:
    zola, arnaud = ["Zola", "Émile", "", "", ""], ["Arnaud", "Inès", "", "", "Ville"]
    assert outcomes(zola, arnaud, zola, arnaud) == [CREATED, CHANGED, REFUSED, REFUSED]


@pytest.mark.parametrize(("first", "again", "outcome"), [
    (["Zola", "Émile", "e@exemple.fr", "", ""], ["ZOLA", "emile", "", "", ""], REFUSED),
    (["Zola", "Émile", "", "", ""], ["Zola", "Émile", "e@exemple.fr", "", ""], REFUSED),
    (["Zola", "Émile", "", "", ""], ["Zola", "Émile", "", "", ""], REFUSED),
    (["Zola", "Émile", "e@exemple.fr", "", ""], ["Sand", "George", "e@exemple.fr", "", ""], REFUSED),
    (["Zola", "Émile", "e@exemple.fr", "", ""], ["Zola", "Émile", "autre@exemple.fr", "", ""], CREATED),
    (["Zola", "Émile", "pas une adresse", "", ""], ["Zola", "Émile", "e@exemple.fr", "", ""], CREATED),
])  # fmt: skip
def test_a_list_creates_nobody_twice_nor_two_people_under_one_address(first: list, again: list, outcome: str) -> None:
    assert outcomes(first, again)[1] == outcome


def test_full_names_are_split() -> None:
    rows = [["DUPONT Jeanne"], ["de la Tour Anne"]]
    lines = plan([["Nom et prénom"], *rows], TYPED, HELD).lines
    assert [(line.values["last_name"], line.values["first_name"]) for line in lines] == [
        ("DUPONT", "Jeanne"), ("de la Tour", "Anne"),
    ]  # fmt: skip
    [line] = plan([["Prénom Nom"], ["Jeanne DUPONT"]], TYPED, HELD).lines
    assert (line.values["last_name"], line.values["first_name"]) == ("DUPONT", "Jeanne")


def test_places_go_in_the_order_of_the_list_and_then_the_waiting_list() -> None:
    rows = [["A", "Un"], ["Bé", "Deux"], ["Cé", "Trois"]]
    lines = plan([["Nom", "Prénom"], *rows], TYPED, HELD, free=2).lines
    assert [line.waits for line in lines] == [False, False, True]
    assert not any(line.waits for line in plan([["Nom", "Prénom"], *rows], TYPED, HELD, free=None).lines)


def test_columns_that_are_nobodys_are_named() -> None:
    listing = plan([["Nom", "Âge", "Prénom", "", "Ville"], ["Zola", "40", "Émile", "", "Paris"]], TYPED, HELD)
    assert listing.left == ["Âge", "Ville"]


@pytest.mark.parametrize("rows", [[["Zola", "Émile"]], [["Nom", "Courriel"], ["Zola", "z@exemple.fr"]], [[]]])
def test_a_list_without_names_is_refused_whole(rows: list) -> None:
    with pytest.raises(Refused, match="Aucune ligne d'en-têtes"):
        plan(rows, TYPED, HELD)
