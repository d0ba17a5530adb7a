"""A promotion opened on a page: from an empty installation to its first page, refusals, rights, English."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store import people
from tests.build_pages import told, values_of
from tests.pages import csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort

PAGE = "/promotions/nouvelle/"
NEW = {
    "programme": "", "new_programme": "Certificat Culture", "code": "cult-2027", "title": "Culture, 2027",
    "period": "", "first_day": "18/01/2027", "last_day": "25/06/2027", "rules": "",
}  # fmt: skip


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def send(client: FlaskClient, key: str = "", **values: str) -> TestResponse:
    token = csrf(client.get("/").text)
    return client.post(PAGE, data={"csrf_token": token, "form_key": key, **NEW, **values})


def shown(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return plain(unescape(answer.text))


def test_an_empty_installation_leads_to_its_first_cohort(app: Flask) -> None:
    client = sign_in(app, "coordinator")
    for address in ("/", "/promotions/", "/synchronisation/connecter/"):
        assert f'href="{PAGE}"' in shown(client, address), address
    html = shown(client, PAGE)
    assert "rien n'est exigé" in html
    assert 'name="programme"' not in html
    answer = send(client)
    assert (answer.status_code, answer.location) == (303, "/promotions/CULT-2027/")
    html = shown(client, answer.location)
    assert "La promotion CULT-2027 est ouverte." in html
    assert "Ce règlement n'est pas encore réglé : rien n'est exigé" in html
    assert 'href="reglement/"' in html
    assert 'href="/synchronisation/connecter/"' in html
    assert "Ouvrir la première promotion" not in shown(client, "/")
    assert f'href="{PAGE}"' in shown(client, "/promotions/")
    for page in ("seances/", "participants/", "presences/", "assiduite/", "notes/", "jury/", "reglement/",
                 "emargement/", "attestations/", "seances/controles/", "seances/modules/"):  # fmt: skip
        assert client.get(f"/promotions/CULT-2027/{page}").status_code == 200, page
    assert "Formation" in shown(client, "/journal/")


def test_readers_of_an_empty_installation_are_not_sent_where_they_may_not_go(app: Flask) -> None:
    client = sign_in(app, "reader")
    for address in ("/", "/promotions/"):
        html = shown(client, address)
        assert "Aucune promotion n'est ouverte." in html
        assert PAGE not in html


def test_a_rule_that_was_set_is_no_longer_said_to_be_missing(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "coordinator")
    assert send(client, programme="Certificat d'essai", new_programme="", rules=cohort.code).status_code == 303
    html = shown(client, "/promotions/CULT-2027/")
    assert "pas encore réglé" not in html
    assert f"Règlement repris de {cohort.code}." in html


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"code": "TEST-2025"}, "Il y a déjà une promotion TEST-2025."), ({"code": "é è"}, "se compose"),
        ({"new_programme": ""}, "Choisissez une formation"), ({"title": "<b>" * 100}, "trop long"),
        ({"first_day": "bientôt"}, "« bientôt » n'est pas une date"), ({"last_day": "01/01/2020"}, "dernier jour"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_beside_what_was_typed(app: Flask, cohort: Cohort, values: dict, says: str) -> None:
    client = sign_in(app, "coordinator")
    answer = send(client, **values)
    html = plain(unescape(answer.text))
    assert answer.status_code == 422
    assert says in told(html)
    for name, text in (NEW | values).items():
        if name not in ("programme", "rules"):
            assert text in values_of(html, name)
    name = next(iter(values))
    assert f'name="{name}"' in html.partition('aria-invalid="true"')[0].rpartition("<label")[2]
    assert [row[1] for row in people.cohorts()] == [cohort.code]


def test_a_form_sent_twice_opens_one(app: Flask) -> None:
    client = sign_in(app, "coordinator")
    for _ in range(2):
        answer = send(client, key="twice")
        assert (answer.status_code, answer.location) == (303, "/promotions/CULT-2027/")
    assert len(people.cohorts()) == 1


def test_opening_is_for_the_office_and_reads_in_english(app: Flask, cohort: Cohort, count_queries) -> None:
    for role in ("tutor", "juror", "reader"):
        client = sign_in(app, role)
        assert client.get(PAGE).status_code == 403
        assert send(client).status_code == 403
        assert PAGE not in shown(client, "/promotions/")
    client = sign_in(app, "admin")
    with count_queries(4):
        client.get(PAGE)
    client.post("/langue", data={"csrf_token": csrf(client.get("/").text), "lang": "en", "suite": "/"})
    assert "New cohort" in shown(client, PAGE)
    assert "nothing is required" in shown(client, PAGE)
