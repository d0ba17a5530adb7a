"""Promotions and participants: what each page says, who changes what, two people on one line."""

import json
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints.people import LINE
from rules.rule_set import as_dict
from store import agreement, people, totals
from store.models import Cohort as CohortTable
from store.models import JournalEntry
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Participants:
    """The page of participants as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client: FlaskClient = sign_in(app, role)
        self.cohort, self.url = cohort, f"/promotions/{cohort.code}/participants/"
        self.html = self.client.get(self.url).text
        self.first = cohort.participants[0]

    def form(self, key: str = "") -> dict[str, str]:
        return line_form(self.html, "data-participant", key or self.first)

    def send(self, htmx: bool = True, **values: str):
        return self.client.post(f"{self.url}{self.first}", data=self.form() | values, headers=HTMX if htmx else {})

    def add(self, htmx: bool = True, form_key: str = "k1", **values: str):
        data = {"csrf_token": csrf(self.html), "form_key": form_key} | values
        return self.client.post(f"{self.url}ajouter", data=data, headers=HTMX if htmx else {})

    def stored(self) -> dict[str, str]:
        return people.snapshot(self.cohort.id)[self.first]


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Participants:
    return Participants(app, cohort)


def test_each_participant_has_a_line_with_every_field(page: Participants, count_queries) -> None:
    with count_queries(12):
        page.client.get(page.url)
    assert page.html.count("data-participant=") == 6
    form = page.form()
    assert {name: form[name] for name in ("last_name", "phone")} == {"last_name": "Arnaud", "phone": "0612345670"}
    assert {f"seen-{name}" for name in LINE} <= set(form)


def test_a_value_is_saved_and_its_line_comes_back(page: Participants) -> None:
    answer = page.send(employer="La Fabrique", funding="cpf", fees_paid_on="6 janvier 2025")
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<li")
    assert "La Fabrique" in answer.text
    stored = page.stored()
    assert (stored["employer"], stored["funding"], stored["fees_paid_on"]) == ("La Fabrique", "cpf", "2025-01-06")
    assert line_form(answer.text, "data-participant", page.first)["fees_paid_on"] == "06/01/2025"


def test_only_what_its_author_changed_is_written(page: Participants) -> None:
    people.change(AUTHOR, page.first, {"email": "elsewhere@exemple.fr"})
    assert page.send(employer="La Fabrique").status_code == 200
    assert page.stored()["email"] == "elsewhere@exemple.fr"
    written = {entry.field for entry in JournalEntry.select().where(JournalEntry.author == "Coordinator")}
    assert written == {"employer"}


def test_a_refused_value_stays_in_its_field_with_the_reason(page: Participants) -> None:
    answer = page.send(email="pas une adresse", employer="La Fabrique")
    assert answer.status_code == 422
    assert "n&#39;est pas une adresse électronique" in answer.text
    form = line_form(answer.text, "data-participant", page.first)
    assert (form["email"], form["employer"]) == ("pas une adresse", "La Fabrique")
    assert page.stored()["employer"] == ""


def test_a_name_cannot_become_blank(page: Participants) -> None:
    assert page.send(last_name=" ").status_code == 422
    assert page.stored()["last_name"] == "Arnaud"


def test_two_people_on_one_value_the_second_is_told(page: Participants) -> None:
    people.change(AUTHOR, page.first, {"phone": "0700000000"})
    answer = page.send(phone="0711111111")
    assert answer.status_code == 409
    assert "Entre-temps" in answer.text
    assert "0700000000" in answer.text
    form = line_form(answer.text, "data-participant", page.first)
    assert (form["phone"], form["seen-phone"]) == ("0711111111", "0700000000")
    assert page.stored()["phone"] == "0700000000"
    again = page.client.post(f"{page.url}{page.first}", data=form, headers=HTMX)
    assert again.status_code == 200
    assert page.stored()["phone"] == "0711111111"


def test_a_form_sent_twice_changes_things_once(page: Participants) -> None:
    assert page.send(employer="Un").status_code == 200
    people.change(AUTHOR, page.first, {"employer": ""})
    assert page.send(employer="Un").status_code == 200
    assert page.stored()["employer"] == ""


def test_without_javascript_the_form_goes_back_to_its_line(page: Participants) -> None:
    answer = page.send(htmx=False, employer="La Fabrique")
    assert (answer.status_code, answer.location) == (303, f"{page.url}#ligne-{page.first}")
    page.html = page.client.get(page.url).text
    assert page.form()["employer"] == "La Fabrique"
    refused = page.send(htmx=False, email="non")
    assert refused.status_code == 422
    assert "<!doctype html>" in refused.text
    assert line_form(refused.text, "data-participant", page.first)["email"] == "non"


def test_someone_of_another_cohort_is_not_found(page: Participants) -> None:
    other = make_cohort("AUTRE-2025").participants[0]
    data = page.form() | {"last_name": "Zola"}
    assert page.client.post(f"{page.url}{other}", data=data).status_code == 404
    assert page.client.post(f"{page.url}P-NOBODY22", data=data).status_code == 404
    assert page.client.get("/promotions/NOWHERE/participants/").status_code == 404


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_others_read_without_any_field(app: Flask, page: Participants, role: str) -> None:
    seen = Participants(app, page.cohort, role)
    assert "Arnaud" in seen.html
    assert 'name="last_name"' not in seen.html
    data = page.form() | {"csrf_token": csrf(seen.html), "last_name": "Zola"}
    assert seen.client.post(f"{page.url}{page.first}", data=data).status_code == 403
    assert page.stored()["last_name"] == "Arnaud"


def test_who_has_paid_is_shown_to_those_who_release_certificates(app: Flask, page: Participants) -> None:
    people.change(AUTHOR, page.first, {"fees_paid_on": "2031-12-25"})
    shown = {role: "25/12/2031" in Participants(app, page.cohort, role).html
             for role in ("admin", "coordinator", "juror", "tutor", "reader")}  # fmt: skip
    assert shown == {"admin": True, "coordinator": True, "juror": True, "tutor": False, "reader": False}


def test_enrolling_someone_gives_them_a_line_and_an_empty_form(page: Participants) -> None:
    answer = page.add(last_name="Zola", first_name="Émile", email="Emile@Exemple.fr")
    assert answer.status_code == 200
    assert answer.headers["HX-Trigger"] == "renewed"
    assert "Zola Émile est inscrit·e" in answer.text
    assert 'value="Zola"' not in answer.text
    assert "emile@exemple.fr" in page.client.get(page.url).text


def test_enrolling_twice_with_one_form_enrols_once(page: Participants) -> None:
    for _ in range(2):
        assert page.add(last_name="Zola", first_name="Émile").status_code == 200
    assert totals.enrolled(page.cohort.id) == 7


def test_an_incomplete_enrolment_says_what_is_missing(page: Participants) -> None:
    answer = page.add(last_name="Zola", phone="abc")
    assert answer.status_code == 422
    assert 'value="Zola"' in answer.text
    whole = page.add(htmx=False, form_key="k2", last_name="Zola")
    assert whole.status_code == 422
    assert "<!doctype html>" in whole.text
    assert 'value="Zola"' in whole.text
    assert totals.enrolled(page.cohort.id) == 6


def test_without_javascript_enrolling_goes_back_to_the_list(page: Participants) -> None:
    answer = page.add(htmx=False, last_name="Zola", first_name="Émile")
    assert (answer.status_code, answer.location) == (303, page.url)


def test_an_open_page_is_told_only_of_what_moved(page: Participants) -> None:
    version = people.version(page.cohort.id)
    assert page.client.get(f"{page.url}?v={version}", headers=HTMX).status_code == 204
    people.change(AUTHOR, page.first, {"employer": "Ailleurs"})
    answer = page.client.get(f"{page.url}?v={version}", headers=HTMX)
    assert answer.status_code == 200
    assert "<!doctype" not in answer.text
    assert "Ailleurs" in answer.text


def test_what_is_typed_is_never_markup(page: Participants) -> None:
    answer = page.send(employer='<script>alert(1)</script>"x')
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_list_of_promotions_counts_people_and_hours(app: Flask, cohort: Cohort, count_queries) -> None:
    client = sign_in(app, "reader")
    with count_queries(12):
        html = client.get("/promotions/").text
    assert "TEST-2025" in html
    assert "14 h" in html
    assert "/promotions/TEST-2025/jury/" not in html
    assert "/promotions/TEST-2025/jury/" in sign_in(app, "juror").get("/promotions/").text


def test_no_promotion_yet_is_said(app: Flask) -> None:
    assert "Aucune promotion" in sign_in(app, "admin").get("/promotions/").text


def test_the_overview_shows_each_rule_with_its_source(app: Flask, cohort: Cohort, count_queries) -> None:
    client = sign_in(app, "reader")
    with count_queries(12):
        html = client.get("/promotions/TEST-2025/").text
    assert "défaillant·e au-delà de 20 % des heures" in html
    assert ">003<" in html
    assert "Aucun document n'annonce de total" in unescape(html)
    assert "conformes au document" not in html
    CohortTable.update(expected_totals='{"half_days": 4}').execute()
    assert "conformes au document" in client.get("/promotions/TEST-2025/").text


def test_the_overview_says_in_words_where_totals_differ(app: Flask, cohort: Cohort) -> None:
    CohortTable.update(expected_totals='{"half_days": 5, "minutes": 900}', notes="Une note.\nUne autre.").execute()
    html = plain(sign_in(app, "reader").get("/promotions/TEST-2025/").text)
    assert "demi-journées : 4 au calendrier, 5 annoncé(e)s (-1)." in html
    assert "heures, total : 14 h au calendrier, 15 h annoncées (-1 h)." in html
    assert "<li>Une autre.</li>" in html


def test_the_jury_book_is_named_only_to_those_who_may(app: Flask, cohort: Cohort) -> None:
    agreement.bind("book-jury", cohort.id, "jury", "Classeur du jury", 1, {})
    for role, told in (("admin", True), ("juror", True), ("tutor", False), ("reader", False)):
        html = sign_in(app, role).get(f"/promotions/{cohort.code}/").text
        assert ("réservé au jury" in html) is told, role


def test_the_list_is_narrowed_by_words_and_states(page: Participants, count_queries) -> None:
    people.change(AUTHOR, page.cohort.participants[1], {"waiting": "oui", "arrived_on": "2025-01-02"})
    people.change(AUTHOR, page.first, {"agreement_on": "2025-01-02", "employer": "Régie du Nord"})

    def found(question: str) -> list[str]:
        html = page.client.get(f"{page.url}{question}").text
        return [key for key in page.cohort.participants if f'data-participant="{key}"' in html]

    everyone = page.cohort.participants
    assert found("") == everyone
    assert found("?q=etienne+zoe") == [everyone[4]]
    assert found("?q=REGIE") == [page.first]
    assert found("?q=0612345670") == []
    assert found("?etat=attente") == [everyone[1]]
    assert found("?etat=convention") == everyone[2:]
    assert found("?etat=convention&q=zoe") == [everyone[4]]
    assert found("?etat=n-importe") == everyone
    people.remove(AUTHOR, everyone[5])
    assert found("?etat=retires") == [everyone[5]]
    assert "Aucune ligne ne correspond" in plain(page.client.get(f"{page.url}?q=personne").text)
    with count_queries(12):
        page.client.get(f"{page.url}?q=a&etat=attente")


def test_who_has_not_paid_is_looked_for_by_those_who_may_know(app: Flask, page: Participants) -> None:
    people.change(AUTHOR, page.first, {"fees_paid_on": "2025-01-02"})
    assert page.client.get(f"{page.url}?etat=frais").text.count("data-participant=") == 5
    reader = sign_in(app, "reader").get(f"{page.url}?etat=frais").text
    assert reader.count("data-participant=") == 6
    assert "frais non réglés" not in reader


def test_a_narrowed_list_stays_so_when_it_is_refreshed(page: Participants) -> None:
    html = page.client.get(f"{page.url}?q=zoé&etat=convention").text
    assert f'hx-get="{page.url}?q=zo%C3%A9&amp;etat=convention"' in html
    assert 'name="q" value="zoé"' in html
    assert '<option value="convention" selected>' in html


def test_a_full_promotion_offers_the_waiting_list(page: Participants) -> None:
    limit(page.cohort.id, 6)
    answer = page.add(last_name="Zola", first_name="Émile")
    assert answer.status_code == 422
    assert "La promotion est complète : 6 inscrit·es pour 6 place(s)." in plain(answer.text)
    assert 'value="Zola"' in plain(answer.text)
    assert len(people.participants(page.cohort.id)) == 6
    waits = page.add(last_name="Zola", first_name="Émile", place="attente")
    assert "Zola Émile est en liste d&#39;attente." in plain(waits.text)
    assert (totals.enrolled(page.cohort.id), len(people.waiting(page.cohort.id))) == (6, 1)
    html = page.client.get(page.url).text
    assert "attente n° 1" in html
    assert "6 inscrit·es · 1 en liste d'attente · 6 places au plus" in plain(unescape(html))
    beyond = page.add(form_key="k2", last_name="Sand", first_name="George", place="au-dela")
    assert beyond.status_code == 200
    assert "Il y a 1 inscription(s) de trop." in plain(page.client.get(page.url).text)


def test_without_javascript_a_full_promotion_says_so_too(page: Participants) -> None:
    limit(page.cohort.id, 6)
    answer = page.add(htmx=False, last_name="Zola", first_name="Émile")
    assert answer.status_code == 422
    assert "<!doctype html>" in plain(answer.text)
    assert 'name="place" value="au-dela"' in plain(answer.text)
    assert page.add(htmx=False, last_name="Zola", first_name="Émile", place="attente").status_code == 303


def test_a_line_of_the_waiting_list_is_changed_like_the_others(page: Participants) -> None:
    people.change(AUTHOR, page.first, {"waiting": "oui"})
    answer = page.send(employer="La Fabrique")
    assert answer.status_code == 200
    assert "attente n° 1" in plain(answer.text)
    people.remove(AUTHOR, page.first)
    assert page.send(employer="Ailleurs").status_code == 404


def limit(cohort_id: int, most: int) -> None:
    rules = replace(people.rule_set(cohort_id), size_max=most)
    CohortTable.update(rule_set=json.dumps(as_dict(rules))).where(CohortTable.id == cohort_id).execute()
