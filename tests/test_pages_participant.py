"""The page of one participant: fields, dated states, a place given, kept waiting, withdrawn and brought back."""

import re
from html import unescape

import pytest
from flask import Flask

from store import jury, people, rosters
from store.models import JournalEntry
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain, sign_in
from tests.signing import sign
from tests.sync_bench import Cohort, make_cohort
from tests.test_pages_people import limit


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Page:
    """The page of the first participant as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.key = cohort.participants[0]
        self.url = f"/promotions/{cohort.code}/participants/{self.key}/"

    @property
    def html(self) -> str:
        return plain(unescape(self.client.get(self.url).text))

    def form(self) -> dict[str, str]:
        found = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', self.html)
        return dict(found) | {"form_key": "k-page"}

    def send(self, htmx: bool = True, **values: str):
        return self.client.post(self.url, data=self.form() | values, headers=HTMX if htmx else {})

    def place(self, action: str, key: str = "p1"):
        data = {"csrf_token": csrf(self.html), "form_key": key, "action": action}
        return self.client.post(f"{self.url}place", data=data)

    def stored(self) -> dict[str, str]:
        return people.held([self.key])[self.key]


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Page:
    return Page(app, cohort)


def test_every_field_is_there_with_its_papers(page: Page, count_queries) -> None:
    with count_queries(14):
        html = page.html
    for label in ("Tarif", "Dossier reçu le", "Accusé de réception le", "Convention le", "Engagement le"):
        assert label in html
    assert "inscrit·e" in html


def test_dated_states_are_saved_and_shown(page: Page) -> None:
    answer = page.send(agreement_on="6 janvier 2025", tariff="1 725 €")
    assert answer.status_code == 200
    assert 'value="06/01/2025"' in plain(answer.text)
    assert (page.stored()["agreement_on"], page.stored()["tariff"]) == ("2025-01-06", "1 725 €")
    written = {entry.field for entry in JournalEntry.select().where(JournalEntry.author == "Coordinator")}
    assert written == {"agreement_on", "tariff"}
    listed = page.client.get(f"/promotions/{page.cohort.code}/participants/").text
    assert "1 sur 4" in listed


def test_a_wrong_date_stays_with_its_reason(page: Page) -> None:
    answer = page.send(committed_on="bientôt", tariff="1 725 €")
    assert answer.status_code == 422
    assert 'value="bientôt"' in plain(answer.text)
    assert 'aria-invalid="true"' in plain(answer.text)
    assert page.stored()["tariff"] == ""


def test_two_people_on_one_date_the_second_is_told(page: Page) -> None:
    form = page.form()
    people.change(AUTHOR, page.key, {"agreement_on": "2025-01-06"})
    answer = page.client.post(page.url, data=form | {"agreement_on": "07/01/2025"}, headers=HTMX)
    assert answer.status_code == 409
    assert "« Convention le » est devenu « 06/01/2025 »" in plain(answer.text)
    assert page.stored()["agreement_on"] == "2025-01-06"


def test_without_javascript_the_form_comes_back_to_its_page(page: Page) -> None:
    answer = page.send(htmx=False, tariff="1 725 €")
    assert (answer.status_code, answer.location) == (303, page.url)
    refused = page.send(htmx=False, email="non", form_key="k2")
    assert refused.status_code == 422
    assert "<!doctype html>" in refused.text


def test_a_place_is_given_and_taken_back_keeping_the_past(page: Page) -> None:
    day = page.cohort.half_days[0]
    rosters.mark(AUTHOR, page.key, day, "late", "15")
    assert page.place("attente").status_code == 303
    assert "attente n° 1" in page.html
    assert page.key not in rosters.snapshot(page.cohort.id)
    assert page.place("inscrire", "p2").status_code == 303
    assert rosters.snapshot(page.cohort.id)[page.key][day] == "R 15"
    assert page.place("retirer", "p3").status_code == 303
    assert "retiré·e de la promotion" in page.html
    assert 'name="last_name"' not in page.html
    assert page.place("retablir", "p4").status_code == 303
    assert rosters.snapshot(page.cohort.id)[page.key][day] == "R 15"
    told = [(e.field, e.before, e.after) for e in JournalEntry.select().where(JournalEntry.author == "Coordinator")]
    assert told == [("waiting", "", "oui"), ("waiting", "oui", ""), ("state", "enrolled", "withdrawn"),
                    ("state", "withdrawn", "enrolled")]  # fmt: skip


def test_who_comes_back_to_a_full_promotion_waits_and_is_told_so(page: Page) -> None:
    people.remove(AUTHOR, page.key)
    limit(page.cohort.id, 5)
    answer = page.place("retablir")
    assert answer.status_code == 303
    assert "C'est rétabli, en liste d'attente : la promotion est complète." in page.html
    assert page.stored()["waiting"] == "oui"
    assert page.place("au-dela", "p2").status_code == 303
    assert page.key in rosters.snapshot(page.cohort.id)
    people.remove(AUTHOR, page.key)
    limit(page.cohort.id, 6)
    assert page.place("retablir", "p3").status_code == 303
    assert "C'est rétabli : la feuille" in page.html
    assert page.stored()["waiting"] == ""


def test_a_full_promotion_gives_a_place_only_knowingly(page: Page) -> None:
    people.change(AUTHOR, page.key, {"waiting": "oui"})
    limit(page.cohort.id, 5)
    assert "La promotion est complète : 5 inscrit·es pour 5 place(s)." in page.html
    refused = page.place("inscrire")
    assert refused.status_code == 422
    assert page.stored()["waiting"] == "oui"
    assert page.place("au-dela", "p2").status_code == 303
    assert page.stored()["waiting"] == ""


def test_who_is_in_signed_minutes_keeps_their_place(page: Page) -> None:
    jury.change(AUTHOR, page.key, {"decision": "admitted"})
    sign(AUTHOR, page.cohort.id)
    for number, action in enumerate(("attente", "retirer")):
        answer = page.place(action, f"p{number}")
        assert answer.status_code == 422
        assert "scellé par un procès-verbal" in plain(answer.text)
    assert people.enrolled(page.cohort.id, page.key)


def test_someone_of_another_cohort_is_not_found(page: Page) -> None:
    other = make_cohort("AUTRE-2025").participants[0]
    base = f"/promotions/{page.cohort.code}/participants/"
    data = {"csrf_token": csrf(page.html), "form_key": "k", "action": "retirer"}
    for key in (other, "P-NOBODY22"):
        assert page.client.get(f"{base}{key}/").status_code == 404
        assert page.client.post(f"{base}{key}/", data=data).status_code == 404
        assert page.client.post(f"{base}{key}/place", data=data).status_code == 404
    assert page.place("n-importe").status_code == 422


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_others_read_without_any_field(app: Flask, page: Page, role: str) -> None:
    people.change(AUTHOR, page.key, {"fees_paid_on": "2031-12-25", "agreement_on": "2031-12-24"})
    seen = Page(app, page.cohort, role)
    assert "24/12/2031" in seen.html
    assert ("25/12/2031" in seen.html) is (role == "juror")
    assert 'name="last_name"' not in seen.html
    assert seen.place("retirer").status_code == 403
