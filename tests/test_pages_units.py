"""The units of a promotion, typed one a line in the form of its rule set."""

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask

from rules.rule_set import PLAIN, Unit
from store import between, jury, people
from tests.books import JURY, bind_both, tab_of
from tests.line_forms import line_form
from tests.pages import AUTHOR, make_app, sign_in
from tests.papers import plain
from tests.sync_bench import Cohort
from tests.test_pages_standings import Rules

TWO = "RSV206 ; Économie sociale ; 8\r\nRSV207 ; Enquête ; 4"


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def shown(html: str) -> str:
    return unescape(re.search(r'<textarea name="units"[^>]*>\n([^<]*)</textarea>', html)[1])


def test_the_first_promotion_of_an_installation_is_given_units(app: Flask, cohort: Cohort) -> None:
    cohort_id = people.add_cohort(AUTHOR, "Premier", "PREMIERE", "Première", "", PLAIN)
    first = Cohort(cohort_id, "PREMIERE", [], [])
    form = Rules(app, first)
    assert shown(form.html) == ""
    typed = TWO + "\r\nu-3 ; Projet <collectif> ; 0\r\n"
    assert form.send(units=typed, **{"source-units": "Livret, § 5.1"}).status_code == 303
    rules = people.rule_set(cohort_id)
    assert rules.units[2] == Unit("u-3", "Projet <collectif>", 0)
    assert rules.source("units") == "Livret, § 5.1"
    html = Rules(app, first).html
    assert shown(html) == typed.strip().replace("\r\n", "\n")
    text = plain(unescape(re.sub(r"<[^>]+>", " ", html[html.index("<h2>Changements") :])))
    for words in ("unités d'enseignement", "u-3 ; Projet <collectif> ; 0", "vide", "Livret, § 5.1"):
        assert words in text
    assert "RSV207" in form.client.get("/promotions/PREMIERE/jury/").text


def test_the_day_of_a_control_is_typed_at_the_end_of_its_line(app: Flask, cohort: Cohort) -> None:
    typed = TWO + " ; 12/03/2025"
    form = Rules(app, cohort)
    assert form.send(units=typed, reason="Date fixée").status_code == 303
    assert people.rule_set(cohort.id).units[-1].held_on == date(2025, 3, 12)
    form = Rules(app, cohort)
    assert shown(form.html).endswith("; 12/03/2025")
    assert "Une ligne peut finir par la date de l'épreuve" in plain(unescape(form.html))
    # Sent back as it was shown, then without the day.
    assert form.send().status_code == 303
    assert people.rule_set(cohort.id).units[-1].held_on == date(2025, 3, 12)
    assert Rules(app, cohort).send(units=TWO, reason="Date retirée").status_code == 303
    assert people.rule_set(cohort.id).units[-1].held_on is None


def test_a_form_sent_as_it_was_shown_changes_nothing(app: Flask, cohort: Cohort) -> None:
    version = people.version(cohort.id)
    assert Rules(app, cohort).send().status_code == 303
    assert people.version(cohort.id) == version


def test_units_change_with_a_reason_once_teaching_has_begun(app: Flask, cohort: Cohort) -> None:
    answer = Rules(app, cohort).send(units=TWO + "\r\nU3 ; Autre ; 2")
    assert (answer.status_code, "donnez le motif" in answer.text) == (422, True)
    assert shown(answer.text).endswith("U3 ; Autre ; 2")
    assert len(people.rule_set(cohort.id).units) == 2
    assert Rules(app, cohort).send(units=TWO + "\r\nU3 ; Autre ; 2", reason="Conseil du 3 mars").status_code == 303
    assert len(people.rule_set(cohort.id).units) == 3
    assert "Conseil du 3 mars" in Rules(app, cohort).html


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("\r\nRSV206 ; Économie", "Unités d'enseignement : Ligne 2 : « RSV206 ; Économie » n'est pas de la forme"),
        (TWO + "\r\nrsv207 ; Bis ; 2", "Ligne 3 : le code « rsv207 » est déjà celui d'une autre unité"),
        ("RSV 206 ; Économie ; 8", "Ligne 1 : le code « RSV 206 » n'est pas fait de lettres"),
        ("RSV206 ; Économie ; 8 ; 31/02/2025", "Ligne 1 : « 31/02/2025 » n'est pas un jour du calendrier"),
        ("RSV206 ; Économie ; <b>", "Ligne 1 : « <b> » n'est pas un nombre entier de crédits, de 0 à 60"),
    ],
)
def test_a_line_that_is_no_unit_is_refused_and_stays_typed(app: Flask, cohort: Cohort, typed: str, told: str) -> None:
    answer = Rules(app, cohort).send(units=typed, lock_days="3", reason="Essai")
    assert answer.status_code == 422
    assert told in plain(unescape(answer.text))
    assert shown(answer.text).replace("\r", "") == typed.replace("\r", "")
    marks = 'aria-describedby="err-rules about-units" aria-invalid="true" autofocus'
    assert re.search(rf'<textarea name="units"[^>]*{marks}>', answer.text)
    rules = people.rule_set(cohort.id)
    assert (len(rules.units), rules.lock_days) == (2, 14)


def test_a_unit_with_grades_stays_and_the_page_says_how_many_it_has(app: Flask, cohort: Cohort) -> None:
    for key in cohort.participants[:3]:
        jury.change(AUTHOR, key, {"grade-RSV207": "11"})
    answer = Rules(app, cohort).send(units="RSV206 ; Économie sociale ; 8", reason="Essai")
    assert answer.status_code == 422
    assert "comprises : RSV207 (3)." in plain(unescape(answer.text))
    assert len(people.rule_set(cohort.id).units) == 2


def test_units_that_somebody_changed_meanwhile_are_told(app: Flask, cohort: Cohort) -> None:
    form = Rules(app, cohort)
    Rules(app, cohort).send(units=TWO + "\r\nU3 ; Autre ; 2", reason="Premier")
    answer = form.send(units="RSV206 ; Économie sociale ; 8", reason="Second")
    assert answer.status_code == 409
    assert "U3 ; Autre ; 2" in unescape(answer.text)
    assert shown(answer.text) == "RSV206 ; Économie sociale ; 8"
    assert len(people.rule_set(cohort.id).units) == 3


@pytest.mark.parametrize("role", ["reader", "tutor", "juror"])
def test_units_are_read_by_all_and_changed_by_the_office(app: Flask, cohort: Cohort, role: str) -> None:
    form = Rules(app, cohort, role)
    assert "RSV206 ; Économie sociale ; 8" in shown(form.html)
    assert re.search(r'<textarea name="units"[^>]*disabled', form.html)
    assert form.send(units="", reason="x").status_code == 403
    assert len(people.rule_set(cohort.id).units) == 2


def test_a_conflict_under_a_unit_taken_out_is_shown_and_settled(app: Flask, cohort: Cohort) -> None:
    bind_both(cohort)
    place = {"row": cohort.participants[0], "field": "grade-RSV207", "address": "F2", "label": "Arnaud Inès · RSV207"}
    between.list_conflicts(tab_of(JURY), [place | {"base": "14", "local": "", "remote": "15"}])
    assert Rules(app, cohort).send(units="RSV206 ; Économie sociale ; 8", reason="Essai").status_code == 303
    client, [key] = sign_in(app, "juror"), [row.id for row in between.conflicts() if row.field == "grade-RSV207"]
    form = line_form(client.get("/conflits/").text, "data-conflict", str(key))
    answer = client.post(f"/conflits/{key}", data=form | {"side": "third", "third": "12"})
    assert (answer.status_code, "Champ inconnu" in answer.text) == (422, True)
    answer = client.post(f"/conflits/{key}", data=form | {"side": "sheet", "form_key": ""})
    assert answer.status_code == 303
    assert key not in [row.id for row in between.conflicts()]
