"""The text that tells of a move: what changed with what it was, and an address that a mail program opens."""

from urllib.parse import parse_qs, urlsplit

import pytest

from rules.move_notices import LONGEST_LINK, mail_link, moves, subject, text

BEFORE = {
    "day": "2025-03-03", "start": "09:30", "end": "12:30", "place": "21.2.32", "teachers": "Claire Fontaine",
    "period": "", "kind": "course", "module": "2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False), ({"day": "2025-03-04"}, True), ({"start": "10:00"}, True), ({"end": "13:00"}, True),
        ({"place": ""}, True), ({"teachers": "Denis Morel"}, True), ({"module": "3"}, False),
        ({"kind": "visit"}, False), ({"day": "2025-03-03"}, False),
    ],
)  # fmt: skip
def test_a_move_is_what_people_may_have_noted_otherwise(changes: dict, expected: bool) -> None:
    assert moves(BEFORE, changes) is expected


def test_what_was_blank_is_no_move_once_it_is_known() -> None:
    assert not moves({**BEFORE, "place": "", "teachers": ""}, {"place": "21.2.32", "teachers": "Claire Fontaine"})


def test_the_text_says_what_changes_and_nothing_else() -> None:
    found = text(BEFORE, {"day": "2025-03-04", "place": ""}, "CS26, 2025", "2 Droit")
    assert found == (
        "Bonjour,\n\n"
        "La séance « 2 Droit » du lundi 3 mars 2025, 9h30-12h30 (CS26, 2025) change\u00a0:\n"
        "- date : mardi 4 mars 2025 (au lieu de : lundi 3 mars 2025)\n"
        "- lieu : à préciser (au lieu de : 21.2.32)\n\n"
        "Merci d'en prendre note."
    )
    assert subject(BEFORE, "CS26") == "CS26 : changement pour la séance du lundi 3 mars 2025, 9h30-12h30"


def test_hours_are_told_together_and_a_half_day_without_date_by_its_period() -> None:
    assert "- horaires : 10h-12h30 (au lieu de : 9h30-12h30)" in text(BEFORE, {"start": "10:00"}, "A", "")
    undated = BEFORE | {"day": "", "start": "", "end": "", "period": "Semaine 3"}
    assert "La séance du Semaine 3 (A)" in text(undated, {"place": "Paris"}, "A", "")


def test_the_address_opens_a_message_whose_participants_are_in_blind_copy() -> None:
    hidden = ["a&b@exemple.fr", "c@exemple.fr"]
    link = mail_link(["claire@exemple.fr"], hidden, "Séance & date", "Bonjour,\n1 + 1 = 2 ?")
    parts = urlsplit(link)
    assert (parts.scheme, parts.path) == ("mailto", "claire@exemple.fr")
    assert parse_qs(parts.query) == {
        "bcc": ["a&b@exemple.fr,c@exemple.fr"], "subject": ["Séance & date"], "body": ["Bonjour,\n1 + 1 = 2 ?"],
    }  # fmt: skip


def test_an_address_too_long_to_open_is_left_out() -> None:
    assert mail_link([], ["quelquun.au.nom.assez.long@exemple.fr"] * 60, "S", "B") == ""
    assert 0 < len(mail_link([], ["a@exemple.fr"] * 30, "S", "B")) <= LONGEST_LINK
