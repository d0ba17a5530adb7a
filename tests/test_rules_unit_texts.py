"""Units typed one a line: read whole, or refused naming the line and what was typed."""

import json
from datetime import date

import pytest

from rules.attendance import AttendanceRule
from rules.message import Refused
from rules.rule_set import Assessment, RuleSet, Unit, as_dict, from_dict
from rules.unit_texts import LONGEST_CODE, LONGEST_TITLE, MOST_CREDITS, MOST_UNITS, read_units, text_of

UNITS = (Unit("RSV206", "Économie sociale ; solidaire", 8), Unit("UE-2", "Méthodologie", 0))


def test_the_lines_shown_give_the_same_units_back():
    assert text_of(UNITS) == "RSV206 ; Économie sociale ; solidaire ; 8\nUE-2 ; Méthodologie ; 0"
    assert read_units(text_of(UNITS)) == UNITS
    assert text_of(()) == ""


DATED = (
    Unit("U1", "A ; b", 4, (Assessment("E1", "Écrit", 2, date(2025, 3, 12)), Assessment("O1", "Oral", 1))),
    Unit("U2", "B", 8, held_on=date(2025, 4, 1)),
)


def test_the_day_of_a_control_ends_its_line_and_is_kept():
    text = "U1 ; A ; b ; 4\n- E1 ; Écrit ; 2 ; 12/03/2025\n- O1 ; Oral ; 1\nU2 ; B ; 8 ; 01/04/2025"
    assert text_of(DATED) == text
    assert read_units(text) == DATED
    assert read_units("U1;A ; b;4\n-E1;Écrit;2;12.03.2025\n-O1;Oral;1\nU2;B;8;2025-04-01") == DATED
    rules = RuleSet(AttendanceRule("none"), DATED)
    assert from_dict(json.loads(json.dumps(as_dict(rules)))) == rules


def test_a_rule_set_without_days_is_written_as_it_was_before_there_were_any():
    written = as_dict(RuleSet(AttendanceRule("none"), (Unit("U1", "A", 4, (Assessment("E1", "É", 2),)),)))["units"]
    assert written == [{"code": "U1", "title": "A", "credits": 4,
                        "assessments": [{"code": "E1", "title": "É", "weight": 2}]}]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" \r\n\n\u00a0\n", ()),
        ("U1;Enquête;4", (Unit("U1", "Enquête", 4),)),
        ("\r\n  U1 ;  Enquête   de terrain ; 04 \r\n\r\nu-2;B;0\r\n",
         (Unit("U1", "Enquête de terrain", 4), Unit("u-2", "B", 0))),
        ("U1\u00a0; Enque\u0302te\u202f; 60", (Unit("U1", "Enquête", 60),)),
        ("U1\t;\tA\t;\t1\rU2;B;2", (Unit("U1", "A", 1), Unit("U2", "B", 2))),
        ("2025;A;b;;3", (Unit("2025", "A;b;", 3),)),
        (f"{'C' * LONGEST_CODE};{'é' * LONGEST_TITLE};{MOST_CREDITS}",
         (Unit("C" * LONGEST_CODE, "é" * LONGEST_TITLE, MOST_CREDITS),)),
        ("\n".join(f"U{n};T;1" for n in range(MOST_UNITS)), tuple(Unit(f"U{n}", "T", 1) for n in range(MOST_UNITS))),
    ],
)  # fmt: skip
def test_units_are_read_as_people_type_them(text, expected):
    assert read_units(text) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("RSV206", ["Ligne 1 ", "« RSV206 »", "code ; intitulé ; crédits"]),
        ("U1;A;4\n\nU2 ; 4", ["Ligne 3 ", "« U2 ; 4 »", "code ; intitulé ; crédits"]),
        ("\n\nU1, A, 4", ["Ligne 3 ", "« U1, A, 4 »"]),
        (" ; A ; 4", ["Ligne 1 ", "« ; A ; 4 »", "code ; intitulé ; crédits"]),
        ("U 1;A;4", ["Ligne 1 ", "« U 1 »", "lettres sans accent"]),
        ("Unité;A;4", ["Ligne 1 ", "« Unité »", "lettres sans accent"]),
        ("-U1;A;4", ["Ligne 1 ", "« -U1 »"]),
        ("U|1=2;A;4", ["Ligne 1 ", "« U|1=2 »"]),
        ("U١;A;4", ["Ligne 1 ", "« U١ »"]),
        (f"{'C' * (LONGEST_CODE + 1)};A;4", ["Ligne 1 ", f"« {'C' * (LONGEST_CODE + 1)} »", "20 caractères"]),
        ("Paper;A;4", ["Ligne 1 ", "« Paper »", "une autre colonne du jury"]),
        ("NOM;A;4", ["Ligne 1 ", "« NOM »", "une autre colonne du jury"]),
        ("U1;A;4\nu1;B;5", ["Ligne 2 ", "« u1 »", "d'une autre unité"]),
        ("U1;;4", ["Ligne 1 ", "« U1;;4 »", "d'intitulé"]),
        (f"U1;{'é' * (LONGEST_TITLE + 1)};4", ["Ligne 1 ", f"« {'é' * 60}… »", "201 caractères, 200 au plus"]),
        ("U1;A;quatre", ["Ligne 1 ", "« quatre »", "de 0 à 60"]),
        ("U1;A;", ["Ligne 1 ", "« U1;A; »", "code ; intitulé ; crédits"]),
        ("U1;A;4,5", ["Ligne 1 ", "« 4,5 »"]),
        ("U1;A;-1", ["Ligne 1 ", "« -1 »"]),
        ("U1;A;61", ["Ligne 1 ", "« 61 »"]),
        ("U1;A;٤", ["Ligne 1 ", "« ٤ »"]),
        ("U1;A;4;31/02/2025", ["Ligne 1 ", "« 31/02/2025 »", "n'est pas un jour du calendrier"]),
        ("U1;A;4\n-E1;É;2;2/13/2025", ["Ligne 2 ", "« 2/13/2025 »", "n'est pas un jour du calendrier"]),
        ("U1;A;12/03/2025", ["Ligne 1 ", "« U1;A »", "code ; intitulé ; crédits"]),
        ("U1;A;4;mars", ["Ligne 1 ", "« mars »"]),
        ("U1;A;4 crédits", ["Ligne 1 ", "« 4 crédits »"]),
        ("\n".join(f"U{n};T;1" for n in range(MOST_UNITS + 1)), ["31 unités", "30 au plus"]),
    ],
)  # fmt: skip
def test_what_is_no_unit_is_refused_at_its_line(text, told):
    with pytest.raises(Refused) as refused:
        read_units(text)
    assert [words for words in told if words not in str(refused.value)] == []
