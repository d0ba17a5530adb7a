"""What is proposed for a tab: headers in many spellings, orders of names, doubts that are said; pure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import participant_headers
from rules.footers import sums_up
from rules.full_names import FIRST_LAST, LAST_COMMA_FIRST, LAST_FIRST
from rules.half_day_matching import Slot
from rules.values import TYPES, choice
from sync.adoption import vocabulary
from sync.adoption.columns import Known, guesses
from sync.adoption.grid import Grid
from sync.adoption.headers import layouts
from sync.adoption.likeness import best
from sync.adoption.name_order import name_order
from sync.adoption.proposal import propose, reading
from sync.adoption.shapes import ENOUGH, Proposal
from sync.worksheets import COMPUTED, Column

FIELDS = {
    "participants": {"last_name": ("Nom", "name"), "first_name": ("Prénom", "name"), "email": ("Courriel", "email"),
                     "phone": ("Téléphone", "phone"), "employer": ("Structure", "text"),
                     "funding": ("Financement", "text"), "fees_paid_on": ("Frais réglés le", "date")},
    "half_days": {"module": ("Module", "text"), "period": ("Période", "text"), "day": ("Date", "date"),
                  "start": ("Début", "time"), "end": ("Fin", "time"), "kind": ("Type", "text"),
                  "modality": ("Modalité", "text"), "place": ("Lieu", "text"), "teachers": ("Intervenants", "text")},
    "attendance": {"last_name": ("Nom", "name"), "first_name": ("Prénom", "name")},
    "papers": {"last_name": ("Nom", "name"), "first_name": ("Prénom", "name"), "title": ("Titre", "text"),
               "problem": ("Problématique", "text"), "tutor": ("Tuteur", "text"), "workshop": ("Atelier", "text"),
               "milestone": ("Étape", "text"), "deposited_on": ("Déposée le", "date"), "pages": ("Pages", "integer"),
               "link": ("Lien", "link")},
}  # fmt: skip
CALENDAR = [Slot("a", "2025-01-20", "09:30", "20/01/2025 9h30"), Slot("b", "2025-01-20", "14:00", "20/01/2025 14h"),
            Slot("c", "2025-02-14", "09:00", "14/02/2025 9h")]  # fmt: skip
PEOPLE = [("Arnaud", "Inès"), ("Bernard", "Théo"), ("Le Goff", "Yann")]


def known(kind: str) -> Known:
    follows = kind in ("attendance", "papers")
    columns = [
        Column(name, header, TYPES[type_], COMPUTED if follows and type_ == "name" else "both")
        for name, (header, type_) in FIELDS[kind].items()
    ]
    if kind == "attendance":
        columns += [Column(slot.key, slot.label, TYPES["attendance"]) for slot in CALENDAR]
    return Known(kind, columns, CALENDAR, PEOPLE)


KINDS = {kind: known(kind) for kind in FIELDS}


def chosen(kind: str, *lines: list, **more: Any) -> dict[str, str]:
    """Return {header: field} of what is proposed for a tab read as one kind."""
    one = reading(Grid(1, more.pop("title", ""), lines, **more), KINDS[kind])
    return {guess.header: guess.field for guess in one.columns if guess.field}


# -- headers --------------------------------------------------------------------------------------

HEADERS = [
    # Each line: a kind, a header as staff write it, the field it is; '' when it is theirs alone.
    ("participants", "NOM", "last_name"),
    ("participants", "Nom de famille", "last_name"),
    ("participants", "Prénom", "first_name"),
    ("participants", "prenom", "first_name"),
    ("participants", "Prénon", "first_name"),
    ("participants", "Nom / Prénom", "full_name"),
    ("participants", "Nom et prénom du stagiaire", "full_name"),
    ("participants", "Auditeur·rice", "full_name"),
    ("participants", "Stagaire", "full_name"),
    ("participants", "Mél", "email"),
    ("participants", "e-mail", "email"),
    ("participants", "Adresse électronique", "email"),
    ("participants", "Courriel professionnel", "email"),
    ("participants", "Tél.", "phone"),
    ("participants", "N° de portable", "phone"),
    ("participants", "Telephonne", "phone"),
    ("participants", "Employeur", "employer"),
    ("participants", "Structure employeuse", "employer"),
    ("participants", "Financeur", "funding"),
    ("participants", "Mode de finacement", "funding"),
    ("participants", "Réglé le", "fees_paid_on"),
    ("participants", "Date de naissance", ""),
    ("participants", "Adresse postale", ""),
    ("participants", "Remarques", ""),
    ("participants", "N°", ""),
    ("participants", "Nom du chien", ""),
    ("half_days", "Jour", "day"),
    ("half_days", "Heure début", "start"),
    ("half_days", "Heure de fin", "end"),
    ("half_days", "Salle", "place"),
    ("half_days", "Intervenant(e)s", "teachers"),
    ("half_days", "Formateur", "teachers"),
    ("half_days", "Présentiel / distanciel", "modality"),
    ("half_days", "Durée", ""),
    ("half_days", "Horaires", ""),
    ("papers", "Sujet", "title"),
    ("papers", "Problematique", "problem"),
    ("papers", "Directrice de mémoire", "tutor"),
    ("papers", "Tuteur/trice", "tutor"),
    ("papers", "Etat d'avancement", "milestone"),
    ("papers", "Rendu le", "deposited_on"),
    ("papers", "Nb de pages", "pages"),
    ("papers", "Nom du tuteur en entreprise", ""),
    ("papers", "Commentaires", ""),
]


@pytest.mark.parametrize(("kind", "header", "field"), HEADERS)
def test_a_header_is_recognised_whatever_its_spelling(kind: str, header: str, field: str) -> None:
    names = [] if field in ("last_name", "full_name") else ["Nom"]
    others = [] if field in ("first_name", "full_name") else ["Prénom"]
    beside = ["Mail"] if field == "full_name" else []
    found = chosen(kind, [*names, *others, header, *beside])
    assert found.get(header, "") == field


def test_each_choice_says_why_and_each_column_left_too() -> None:
    one = reading(Grid(1, "", [["Nom", "Prénon", "Mail", "Remarques", "Truc"], *[["A", "B", "a@exemple.fr"]] * 4]),
                  KINDS["participants"])  # fmt: skip
    assert [guess.reason for guess in one.columns] == [
        "s'appelle « Nom », comme dans l'intranet", "« Prénon » ressemble à « Prénom »",
        "« Mail » veut dire « Courriel » ; 4 valeurs sur 4 : des adresses électroniques",
        "reste à vous : ni lue ni écrite", "ne ressemble à rien de ce qui est synchronisé"]  # fmt: skip


def test_values_undo_what_a_header_says_and_say_what_it_does_not() -> None:
    lines = [["Nom", "Prénom", "Mail", "Contact"], *[["A", "B", "oui", f"{n}@exemple.fr"] for n in range(5)]]
    one = reading(Grid(1, "", lines), KINDS["participants"])
    _last, _first, mail, contact = one.columns
    assert (mail.field, mail.others) == ("", ("email",))
    assert "0 valeur sur 5" in mail.reason
    assert contact.field == "email"
    assert "malgré l'en-tête" in contact.reason


def test_two_columns_that_are_as_much_one_field_are_both_left_to_choose() -> None:
    one = reading(Grid(1, "", [["Nom", "Prénom", "Mail perso", "Mail pro"]]), KINDS["participants"])
    assert [(guess.field, guess.others) for guess in one.columns[2:]] == [("", ("email",)), ("", ("email",))]
    assert "laquelle est-ce ?" in one.columns[2].reason
    found = chosen("participants", ["Nom", "Prénom", "Mail", "Mail pro"])
    assert (found["Mail"], found.get("Mail pro")) == ("email", None)


def test_a_column_called_nom_may_hold_both_names() -> None:
    lines = [["Nom", "Mail"], ["DUPONT Jeanne", "a@b.fr"], ["MARTIN Paul", "c@d.fr"], ["LE GOFF Yann", "e@f.fr"]]
    one = reading(Grid(1, "", lines), KINDS["participants"])
    assert (one.columns[0].field, one.name_order, one.trouble) == ("full_name", LAST_FIRST, "")
    assert "plusieurs mots" in one.columns[0].reason


@pytest.mark.parametrize(
    ("lines", "row", "height"),
    [
        ([["Titre"], [], ["maj 12/01"], ["Nom", "Prénom", "Mail"]], 3, 1),
        ([["Nom", "Prénom", "Mail"], ["A", "B", "c@d.fr"]], 0, 1),
        # Groups above: the line below says enough by itself.
        ([["Identité", "", "Coordonnées"], ["Nom", "Prénom", "Mail"]], 1, 1),
        # A title, groups, then the names of the columns.
        ([["Promo 2025"], ["Identité", "", "Coordonnées"], ["Nom", "Prénom", "Mail"]], 2, 1),
        # Half of the headers above, half below.
        ([["Nom", "Prénom", "Coordonnées", ""], ["", "", "Mail", "Tél"]], 1, 2),
    ],
)
def test_header_rows_are_found_where_they_are(lines: list, row: int, height: int) -> None:
    one = reading(Grid(1, "", lines), KINDS["participants"])
    assert (one.header_row, one.header_lines, one.trouble) == (row, height, "")


def test_a_day_merged_above_its_half_days_is_part_of_their_headers() -> None:
    lines = [["", "20/01", "", "14/02"], ["Stagiaire", "AM", "PM", "AM"], ["A B", "P", "A", "P"]]
    merged = chosen("attendance", *lines, merges=((0, 1, 1, 3),))
    assert merged == {"Stagiaire": "full_name", "AM 20/01": "a", "PM 20/01": "b", "AM 14/02": "c"}
    assert chosen("attendance", *lines) == merged, "written once and not merged"
    above = [["Feuille d'appel"], ["", "Module 1", "", "Module 2"]]
    assert chosen("attendance", *above, *lines, merges=((1, 2, 1, 3), (2, 3, 1, 3))) == merged, "a group of days above"


def test_dates_above_other_things_are_no_half_days() -> None:
    found = chosen("attendance", ["Nom", "Prénom", "20/01 matin", "Inscrit le 20/01", "Total 14/02"])
    assert found == {"Nom": "last_name", "Prénom": "first_name", "20/01 matin": "a"}
    marks = [["Nom", "Prénom", "20/01 matin"], *[["A", "B", "12,50 €"]] * 4]
    one = reading(Grid(1, "", marks), KINDS["attendance"])
    assert (one.columns[2].field, one.columns[2].others) == ("", ("a",))
    assert "0 valeur sur 4" in one.columns[2].reason


@pytest.mark.parametrize(
    ("title", "marks", "signs"),
    [
        ("Appel", "x x X x", "« x »"),
        ("Appel", "1 1 0 1", "« 1 » = présent·e, « 0 » = absent·e"),
        ("Appel", "✓ ✓ ✓ P A", "« ✓ » = présent·e"),
        ("Appel", "oui non Oui oui", "« oui » = présent·e, « non » = absent·e"),
        ("Appel", "x x x AJ", "« x » = présent·e"),
        # Minutes or hours, a list of absences, too few to tell, marks of ours.
        ("Appel", "1 1 15 1", ""),
        ("Absences", "x x x x", ""),
        ("Appel", "x . . . x . x . . .", ""),
        ("Appel", "1 0 0 0 1 0 1 0", ""),
        ("Appel", "x x A", ""),
        ("Appel", "P P A P", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("numbers", [True, False])
def test_ticks_are_marks_when_nothing_contradicts_it(title: str, marks: str, signs: str, numbers: bool) -> None:
    given = [float(mark) if numbers and mark.isdigit() else mark.strip(".") or None for mark in marks.split()]
    lines = [["Nom", "Prénom", "20/01 matin"], *[["Arnaud", "Inès", mark] for mark in given]]
    guess = reading(Grid(1, title, lines), KINDS["attendance"]).columns[2]
    assert guess.ticks == bool(signs)
    assert ("présent·e" in guess.reason) == bool(signs)
    assert signs in guess.reason
    assert guess.field == "a" or not signs


# -- order of names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "texts", "order", "told"),
    [
        ("Stagiaire", ["DUPONT Jeanne", "MARTIN Paul"], LAST_FIRST, "noms en capitales : 2"),
        ("Stagiaire", ["Jeanne DUPONT", "Paul MARTIN"], FIRST_LAST, "noms en capitales : 2"),
        ("Stagiaire", ["Jeanne Dupont", "Paul Martin", "Zoé Le Goff"], FIRST_LAST, "prénoms courants : 2"),
        ("Stagiaire", ["Dupont Jeanne", "Durand Paul"], LAST_FIRST, "prénoms courants : 2"),
        ("Stagiaire", ["Dupont, Jeanne", "Martin, Paul"], LAST_COMMA_FIRST, "virgule"),
        ("Stagiaire", ["Yann Le Goff"], FIRST_LAST, "personnes connues"),
        ("Stagiaire", ["Le Goff Yann", "Inconnu Machin"], LAST_FIRST, "personnes connues"),
        ("Nom Prénom", ["Xu Yi"], LAST_FIRST, "l'en-tête dit le nom d'abord"),
        ("Prénom NOM", ["Xu Yi"], FIRST_LAST, "l'en-tête dit le prénom d'abord"),
        ("Prénom", ["Xu Yi"], "", "rien ne dit"),
        ("Stagiaire", ["Xu Yi"], "", "rien ne dit"),
        ("Stagiaire", ["DUPONT Jeanne", "Paul MARTIN"], "", "se contredisent"),
        ("Stagiaire", [], "", "rien ne dit"),
    ],
)
def test_the_order_of_names_is_told_by_the_values(header: str, texts: list[str], order: str, told: str) -> None:
    found = name_order(header, texts, PEOPLE)
    assert found.order == order
    assert told in found.reason


@pytest.mark.parametrize("text", ["TOTAL", "Total :", "Sous-total", "Moyenne", "Nb présents", "Nombre d'inscrits",
                                  "Effectif", "Présents", "Absentes :", "Taux de présence"])  # fmt: skip
def test_rows_that_sum_others_up_are_known(text: str) -> None:
    assert sums_up(text)


@pytest.mark.parametrize("text", ["Dupont", "Sommer", "Totain", "Présent", "Nombre", "Effectife", "Moyennet", ""])
def test_people_are_not_taken_for_totals(text: str) -> None:
    assert not sums_up(text)


# -- whole books ----------------------------------------------------------------------------------

LIST = [["Nom", "Prénom", "Mail"], ["Arnaud", "Inès", "i@exemple.fr"]]
CALL = [["Nom", "Prénom", "20/01 matin", "20/01 PM"], ["Arnaud", "Inès", "P", "A"]]


def kinds_of(*grids: Grid) -> dict[str, str]:
    return {tab.title: tab.kind for tab in propose("", grids, KINDS, {}).tabs}


def test_tabs_are_told_apart_by_what_they_hold() -> None:
    assert kinds_of(Grid(1, "Feuille 1", LIST), Grid(2, "Feuille 2", CALL), Grid(3, "Vide", [])) == {
        "Feuille 1": "participants", "Feuille 2": "attendance", "Vide": ""}  # fmt: skip


def test_two_tabs_as_likely_are_both_left_to_choose() -> None:
    strangers = [["Nom", "Prénom", "Mail"], ["X", "Y", "x@exemple.fr"]]
    found = propose("", [Grid(1, "Groupe A", strangers), Grid(2, "Groupe B", strangers)], KINDS, {})
    assert [tab.kind for tab in found.tabs] == ["", ""]
    assert "« Groupe B » ressemble autant à « Participants »" in found.tabs[0].doubts[0]
    # Those of the promotion are told from the others by the people it knows.
    told = kinds_of(Grid(1, "Groupe A", strangers), Grid(2, "Groupe B", LIST))
    assert told == {"Groupe A": "", "Groupe B": "participants"}


def test_a_kind_of_the_other_audience_is_named_and_not_proposed() -> None:
    staff = {kind: one for kind, one in KINDS.items() if kind != "attendance"}
    other = {"jury": Known("jury", KINDS["attendance"].columns, CALENDAR)}
    [tab] = propose("", [Grid(1, "Appel", CALL)], staff, other).tabs
    assert tab.kind == ""
    assert "réservé au jury" in tab.doubts[0]


def test_a_proposal_comes_back_from_json_as_it_was() -> None:
    found = propose("Promo", [Grid(1, "A", LIST), Grid(2, "B", CALL)], KINDS, {})
    assert Proposal.from_dict(found.as_dict()) == found


CELL = st.one_of(
    st.none(), st.text(max_size=12), st.floats(0, 60_000), st.booleans(),
    st.sampled_from([header for _, header, _ in HEADERS] + ["20/01", "20/01 AM", "AM", "PM", "P", "A", "R 15", "TOTAL",
                                                            "i@exemple.fr", "DUPONT Jeanne", "14/02/2025 9h"]),
)  # fmt: skip


@given(st.lists(st.lists(CELL, max_size=7), max_size=7), st.sampled_from(list(KINDS)))
def test_whatever_a_tab_holds_no_field_is_given_twice_nor_below_the_threshold(lines: list, kind: str) -> None:
    grid = Grid(1, "Onglet", lines)
    for layout in layouts(grid):
        found = guesses(grid, layout, KINDS[kind])
        fields = [guess.field for guess in found if guess.field]
        assert len(fields) == len(set(fields))
        assert not ({"last_name", "first_name"} & set(fields) and "full_name" in fields)
        assert all(guess.score >= ENOUGH for guess in found if guess.field)
        assert all(guess.reason for guess in found)
    [tab] = propose("", [grid], KINDS, {}).tabs
    assert not tab.kind or not tab.readings[tab.kind].trouble


@given(st.text(max_size=20), st.sampled_from(vocabulary.THEIRS))
def test_likeness_is_a_hundred_for_the_same_word_and_never_more(text: str, spelling: str) -> None:
    assert best(spelling.upper(), (spelling,))[0] == 100
    assert 0 <= best(text, (spelling,))[0] <= 100


def test_a_choice_is_proved_by_its_list() -> None:
    funding = choice({"cpf": "CPF", "opco": "OPCO"})
    names = [Column("last_name", "Nom", TYPES["name"]), Column("first_name", "Prénom", TYPES["name"])]
    one = Known("participants", [*names, Column("funding", "Financement", funding)])
    lines = [["Nom", "Prénom", "Financement"], *[["A", "B", value] for value in ("cpf", "Opco", "lundi", "mardi", "x")]]
    assert reading(Grid(1, "", lines), one).columns[2].field == ""


@pytest.mark.parametrize("kind", ["participants", "attendance", "papers", "jury"])
def test_columns_of_people_have_one_table_of_words_for_imports_and_adoptions(kind: str) -> None:
    for name, words in participant_headers.HEADERS.items():
        if kind == "participants" or name in ("last_name", "first_name", "full_name"):
            assert vocabulary.spellings(kind, Column(name, "En-tête", TYPES["text"])) == ("En-tête", *words)
