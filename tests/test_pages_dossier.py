"""The dossier of one candidate: every fact with what the rules say of it and where they say so."""

import dataclasses
import json
import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rules.rule_set import Assessment, Honours, Unit, as_dict
from store import deliberations, following, following_reports, jury, people, rosters, tutoring, unit_reports
from store.models import Cohort as CohortRow
from store.models import Decision
from tests.jury_sessions import AUTHOR, PASSED, opened, passing
from tests.pages import HTMX, make_app, sign_in
from tests.pages import plain as tied
from tests.sync_bench import PAGE, TUTORS, Cohort, make_cohort

SOURCES = {"pass_mark": "003 p. 4", "fees_required": "003 p. 7"}


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def client(app: Flask, cohort: Cohort) -> FlaskClient:
    return sign_in(app, "juror")


def page(client: FlaskClient, cohort: Cohort, place: int = 0) -> str:
    answer = client.get(f"/promotions/{cohort.code}/jury/dossiers/{cohort.participants[place]}/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", tied(unescape(answer.text))).split())


def set_rules(cohort: Cohort, **changed: object) -> None:
    rules = dataclasses.replace(people.rule_set(cohort.id), **changed)
    CohortRow.update(rule_set=json.dumps(as_dict(rules))).where(CohortRow.id == cohort.id).execute()


def test_hours_units_paper_fees_and_plagiarism_stand_with_their_sources(client: FlaskClient, cohort: Cohort) -> None:
    who, set_up = cohort.participants[0], {"sources": SOURCES, "fees_required": True, "double_marking": True}
    set_rules(cohort, **set_up)
    paper = tutoring.beside(who)[1]
    tutoring.change(PAGE, paper, {"title": "Le bénévolat", "tutor": TUTORS[0], "pages": "18"})
    following.change(PAGE, paper, {"reached-plan": "2025-02-03", "remark-plan": "Plan trop long"})
    following_reports.report(PAGE, paper, "E. Bucolo", "Trois pages copiées")
    unit_reports.report(PAGE, who, "RSV207", "L. Petit", "Devoir identique")
    jury.change(AUTHOR, who, {"grade-RSV206": "9,5", "grade-RSV207": "15", "grade-paper": "14"})
    jury.change(AUTHOR, who, {"marker1-RSV206": "Jean Un", "marking1-RSV206": "9"})
    rosters.change(PAGE, who, {cohort.half_days[0]: "A"})
    html = page(client, cohort)
    for text in (
        "3 h d'absence sur 14 h", "2 h 48 permises", "Défaillant·e au-delà de 20 % des heures d'absence. Source : 003",
        "RSV206 : 9,5, au-dessous de 10. Source : 003 p. 4", "4 crédits", "Atteint la note minimale de 10.",
        "Jean Un 9",
        "Le bénévolat", "18 pages", f"suivi par {TUTORS[0]}", "Plan : 03/02/2025 Plan trop long",
        "signalé par E. Bucolo : Trois pages copiées", "RSV207 · signalé par L. Petit : Devoir identique",
        "non constatés Source : 003 p. 7", "Délivrance retenue", "Dossier 1 sur 6", "Rien n'est décidé.",
    ):  # fmt: skip
        assert text in html, text


def test_a_dossier_asks_few_questions_however_many_things_are_known(
    client: FlaskClient, cohort: Cohort, count_queries
) -> None:
    who = cohort.participants[0]
    set_rules(cohort, double_marking=True)
    passing(cohort)
    paper = tutoring.beside(who)[1]
    tutoring.change(PAGE, paper, {"tutor": TUTORS[0]})
    for number in range(3):
        following_reports.report(PAGE, paper, f"Rapporteur {number}", "Copié")
        unit_reports.report(PAGE, who, "RSV207", f"Lectrice {number}", "Copié")
    jury.change(AUTHOR, who, {"marker1-RSV206": "Jean Un", "marking1-RSV206": "9"})
    key = opened(cohort, TUTORS[0])
    page(client, cohort)
    with count_queries(14):
        html = page(client, cohort)
    assert f"Siège au jury et suit cette note : {TUTORS[0]}." in html
    assert "en délibération" in html
    assert [html.index(name) for name in ("Rapporteur 2", "Rapporteur 0", "Lectrice 2", "Lectrice 0")] == sorted(
        html.index(name) for name in ("Rapporteur 2", "Rapporteur 0", "Lectrice 2", "Lectrice 0")
    )
    deliberations.abandon(AUTHOR, key)
    assert "Siège au jury" not in page(client, cohort)


def test_a_dossier_of_another_cohort_or_withdrawn_is_not_found(client: FlaskClient, cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    root = f"/promotions/{cohort.code}/jury/dossiers/"
    for who in (other.participants[0], "P-AAAAAAAA"):
        assert client.get(f"{root}{who}/").status_code == 404
    people.remove(AUTHOR, cohort.participants[0])
    assert client.get(f"{root}{cohort.participants[0]}/").status_code == 404


def test_the_paper_stands_against_what_the_rule_set_asks_of_it(client: FlaskClient, cohort: Cohort) -> None:
    sources = {"paper_required": "002 p. 3", "pages_max": "002 p. 5"}
    set_rules(cohort, pages_min=15, pages_max=20, paper_due=date(2025, 6, 2), similarity_max=20, sources=sources)
    paper = tutoring.beside(cohort.participants[0])[1]
    tutoring.change(PAGE, paper, {"deposited_on": "2025-06-04", "pages": "23", "similarity": "31"})
    html = page(client, cohort)
    for text in (
        "Déposée 2 jours après la date limite du 02/06/2025.", "23 pages : 20 au plus sont attendues.",
        "Similitude de 31 % : au-delà de 20 %", "Écrit exigé : oui. Source : 002 p. 3",
        "Pages, au plus : 20. Source : 002 p. 5", "Dépôt de l'écrit, au plus tard le : 02/06/2025.",
    ):  # fmt: skip
        assert text in html, text
    tutoring.change(PAGE, paper, {"deposited_on": "2025-06-02", "pages": "20", "similarity": "20"})
    html = page(client, cohort)
    assert "Dans les temps" in html
    assert "sont attendues" not in html
    assert "Similitude de" not in html
    set_rules(cohort, paper_required=False)
    html = page(client, cohort)
    assert "Écrit exigé : non." in html
    assert "Pages, au plus" not in html
    assert "Dans les temps" not in html


def test_a_paper_that_is_not_graded_names_the_document_that_says_so(client: FlaskClient, cohort: Cohort) -> None:
    set_rules(cohort, paper_graded=False, sources={"paper_graded": "002 p. 4", "pass_mark": "003 p. 4"})
    tutoring.change(PAGE, tutoring.beside(cohort.participants[0])[1], {"deposited_on": "2025-06-02"})
    assert "Aucune note n'est demandée. 002 p. 4" in page(client, cohort)


def test_a_resit_stands_beside_the_first_grade_and_is_the_one_that_counts(client: FlaskClient, cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {**PASSED, "grade-RSV206": "ABS"})
    jury.change(AUTHOR, who, {"resit-RSV206": "11,5"})
    html = page(client, cohort)
    assert "ABS 11,5 Atteint la note minimale" in html


def test_assessments_stand_under_their_unit(client: FlaskClient, cohort: Cohort) -> None:
    parts = (Assessment("DS", "Devoir", 1), Assessment("EX", "Examen", 3))
    set_rules(cohort, units=(Unit("RSV206", "Économie sociale", 8, parts),))
    jury.change(AUTHOR, cohort.participants[0], {"grade-RSV206:DS": "8", "grade-RSV206:EX": "12"})
    html = page(client, cohort)
    assert "RSV206 Économie sociale 8 crédits 11" in html
    assert "DS Devoir 8" in html
    assert "coefficient 3" in html
    jury.change(AUTHOR, cohort.participants[0], {"grade-RSV206:DS": "ABS", "grade-RSV206:EX": "16"})
    html = page(client, cohort)
    assert "RSV206 Économie sociale 8 crédits 12" in html
    assert html.count("RSV206 DS : absent·e à cette épreuve, 0.") == 2, "in the proposal, and beside the assessment"
    assert "coefficient 1 · RSV206 DS : absent·e" in html


def test_a_mention_is_proposed_with_the_grade_that_it_is_read_on(client: FlaskClient, cohort: Cohort) -> None:
    set_rules(cohort, honours=(Honours("bien", Decimal(14)),))
    passing(cohort)
    assert "mention proposée : bien d'après la note de l'écrit, 14,5" in page(client, cohort)
    jury.change(AUTHOR, cohort.participants[0], {"grade-paper": "13,99"})
    assert "mention proposée" not in page(client, cohort)


def test_an_input_changes_the_proposal_and_never_the_decision(client: FlaskClient, cohort: Cohort) -> None:
    passing(cohort)
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {"decision": "admitted"})
    assert "La proposition a changé" not in page(client, cohort)
    rosters.change(PAGE, who, dict.fromkeys(cohort.half_days, "A"))
    html = page(client, cohort)
    assert "La proposition a changé depuis la décision. La décision reste celle du jury." in html
    assert "Proposition défaillant·e" in html
    assert "Proposition d'alors : admis·e" in html
    assert Decision.get().decision == "admitted"


def test_an_open_page_learns_what_moved_and_only_then(client: FlaskClient, cohort: Cohort) -> None:
    url = f"/promotions/{cohort.code}/jury/dossiers/{cohort.participants[0]}/"
    version = re.search(r'data-version="(\d+)"', client.get(url).text)[1]
    assert client.get(f"{url}?v={version}", headers=HTMX).status_code == 204
    jury.change(AUTHOR, cohort.participants[0], PASSED)
    answer = client.get(f"{url}?v={version}", headers=HTMX)
    assert (answer.status_code, "<html" in answer.text) == (200, False)


def test_what_is_not_there_and_who_may_not_read(app: Flask, client: FlaskClient, cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    root = f"/promotions/{cohort.code}/jury/dossiers/"
    assert client.get(f"{root}{other.participants[0]}/").status_code == 404
    assert client.get(f"{root}P-NOWHERE/").status_code == 404
    people.remove(PAGE, cohort.participants[1])
    assert client.get(f"{root}{cohort.participants[1]}/").status_code == 404
    for role in ("reader", "tutor"):
        assert sign_in(app, role).get(f"{root}{cohort.participants[0]}/").status_code == 403


def test_the_page_asks_the_store_as_much_for_one_candidate_as_for_many(
    app: Flask, client: FlaskClient, cohort: Cohort, count_queries
) -> None:
    passing(cohort)
    page(client, cohort)
    with count_queries(30):
        page(client, cohort)


def test_units_under_a_number_are_in_no_dossier(client: FlaskClient, cohort: Cohort) -> None:
    set_rules(cohort, units=(Unit("RSV206", "Économie sociale", 8),))
    jury.change(AUTHOR, cohort.participants[0], {"grade-RSV206": "17,25"})
    assert "17,25" in page(client, cohort)
    set_rules(cohort, anonymous=True)
    assert "17,25" not in page(client, cohort)
