"""The state of the books, conflicts and refusals: what is said, who chooses, what never leaks."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask

from blueprints.sheets import age
from store import agreement, between, people
from store.models import Book
from store.models.base import now
from tests.books import CANARY, JURY, STAFF, bind_both, conflict, tab_of
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, make_app, sign_in
from tests.sync_bench import Cohort

ACCOUNT = {
    "client_email": "passerelle@projet.example", "token_uri": "https://oauth2.test/token",
    "private_key": "-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----",
}  # fmt: skip


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url, service_account_json=json.dumps(ACCOUNT))


@pytest.fixture
def books(cohort: Cohort) -> Cohort:
    return bind_both(cohort)


def test_each_book_says_how_it_stands(app: Flask, books: Cohort, count_queries) -> None:
    agreement.succeeded(STAFF, {books.id: 0}, True)
    agreement.failed(JURY, "Le classeur n'est plus partagé.", 300)
    client = sign_in(app, "coordinator")
    with count_queries(12):
        html = client.get("/synchronisation/").text
    assert "passerelle@projet.example" in html
    assert f'href="https://docs.google.com/spreadsheets/d/{STAFF}/edit"' in html
    for words in ("moins d&#39;une minute", "1 conflit<", "1 refus<", "attendent", "plus partagé.", "Nouvel essai à"):
        assert words in html, words


def test_what_is_not_in_conflict_is_up_to_date(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "reader")
    agreement.succeeded(STAFF, {books.id: people.cohorts()[0][5]}, False)
    html = client.get("/synchronisation/").text
    assert "Le reste est à jour." in html
    assert "À jour." not in html
    tab = tab_of(STAFF)
    between.list_conflicts(tab, [])
    between.list_refusals(tab, [])
    assert ">À jour.<" in client.get("/synchronisation/").text


def current(html: str) -> list[tuple[str, str]]:
    """List the links that say where the reader is, as (address, how)."""
    return re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', html)


def test_both_menus_say_where_one_is(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "admin")
    home = "/synchronisation/"
    assert current(client.get(home).text) == [(home, "page"), (home, "page")]
    for address in ("/conflits/", "/refus/", "/suppressions/", f"{home}journal-du-jour/"):
        assert current(client.get(address).text)[:2] == [(home, "true"), (address, "page")], address
    assert current(client.get(f"{home}connecter/").text) == [(home, "true"), (home, "true")]
    for address in ("/", "/promotions/", "/journal/", "/comptes/"):
        assert current(client.get(address).text)[0] == (address, "page"), address
    assert current(client.get(f"/promotions/{books.code}/").text) == [("/promotions/", "true")]
    for address in ("/synchronisation/", "/conflits/", "/refus/", "/suppressions/", f"{home}connecter/"):
        html = client.get(address).text
        assert html.index('href="/suppressions/"') < html.index("<main"), address


def test_no_line_of_a_refusal_begins_with_a_sign_and_an_address_breaks_after_its_at(app: Flask, books: Cohort) -> None:
    typed = {"typed": "laure.herve5@exemple.fr", "reason": "« laure@exemple.fr » : déjà prise ; voyez <Paul> ?"}
    place = {"row": books.participants[0], "field": "email", "address": "D3", "label": "Arnaud Inès · Courriel"}
    between.list_refusals(tab_of(STAFF), [place | typed])
    html = sign_in(app, "reader").get("/refus/").text
    assert "<b>laure.herve5@<wbr>exemple.fr</b>" in html
    assert (
        "«\u00a0laure@<wbr>exemple.fr\u00a0»\u00a0: déjà prise\u202f; voyez &lt;Paul&gt;\u202f?" in html
    )


def test_no_book_yet_says_how_to_bind_one(app: Flask, cohort: Cohort) -> None:
    assert "sync bind" in sign_in(app, "coordinator").get("/synchronisation/").text


@pytest.mark.parametrize(("given", "told"), [("", "GOOGLE_SERVICE_ACCOUNT_JSON manque"), ("{", "lisible")])
def test_a_damaged_service_account_is_said_first(database_url: str, given: str, told: str) -> None:
    app = make_app(database_url, service_account_json=given)
    html = sign_in(app, "coordinator").get("/synchronisation/").text
    assert told in html
    assert "Pour relier un classeur" not in html


@pytest.mark.parametrize("role", ["tutor", "reader"])
@pytest.mark.parametrize("url", ["/synchronisation/", "/conflits/", "/refus/", "/"])
def test_nothing_of_the_jury_reaches_others(app: Flask, books: Cohort, role: str, url: str) -> None:
    agreement.failed(JURY, "Secret", 300)
    html = sign_in(app, role).get(url).text
    assert not [word for word in CANARY if word in html]


def test_the_jury_sees_its_own(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "juror")
    assert "Classeur du jury" in client.get("/synchronisation/").text
    assert "17,77" in client.get("/conflits/").text
    assert "Secret" in client.get("/refus/").text


def test_asking_for_a_cycle_marks_the_book(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    form = line_form(client.get("/synchronisation/").text, "data-book", STAFF)
    answer = client.post(f"/synchronisation/{STAFF}", data=form, headers=HTMX)
    assert answer.status_code == 200
    assert "commence dans quelques secondes" in answer.text
    assert Book.get_by_id(STAFF).asked_at is not None
    assert Book.get_by_id(JURY).asked_at is None


def test_asking_without_javascript_goes_back_to_the_book(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    form = line_form(client.get("/synchronisation/").text, "data-book", STAFF)
    answer = client.post(f"/synchronisation/{STAFF}", data=form)
    assert (answer.status_code, answer.location) == (303, f"/synchronisation/#classeur-{STAFF}")
    assert "Synchronisation demandée" in client.get(answer.location).text


def test_an_unknown_book_is_not_found(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    data = {"csrf_token": csrf(client.get("/").text)}
    assert client.post("/synchronisation/nothing", data=data).status_code == 404
    assert client.post("/synchronisation/nothing/confirmer", data=data).status_code == 404


def test_a_request_that_nothing_answers_says_what_to_start(app: Flask, books: Cohort) -> None:
    Book.update(asked_at=now() - timedelta(minutes=5)).where(Book.id == STAFF).execute()
    assert "flask sync run" in sign_in(app, "reader").get("/synchronisation/").text


def test_an_open_page_is_told_only_of_what_moved(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    for url in ("/synchronisation/", "/conflits/", "/refus/"):
        version = re.search(r'data-version="([0-9]+)"', client.get(url).text)[1]
        assert client.get(f"{url}?v={version}", headers=HTMX).status_code == 204, url
    between.settle(AUTHOR, conflict("participants"), "sheet")
    assert client.get(f"/conflits/?v={version}", headers=HTMX).status_code == 200


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "il y a moins d'une minute"),
        (timedelta(seconds=59), "il y a moins d'une minute"),
        (timedelta(seconds=61), "il y a 1 minute"),
        (timedelta(minutes=59), "il y a 59 minutes"),
        (timedelta(hours=2), "il y a 2 heures"),
        (timedelta(days=3), "il y a 3 jours"),
        (None, "jamais"),
    ],
)
def test_an_age_is_said_in_words(ago: timedelta | None, words: str, database_url: str) -> None:
    moment = now()
    with make_app(database_url).test_request_context():
        assert age(None if ago is None else moment - ago, moment) == words
