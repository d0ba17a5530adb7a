"""A paused tab: its exact cause, one click to resume, and decisions explained before they are taken."""

import json

import pytest
from flask import Flask

from store import agreement
from store.journal import entries
from store.models import Book, Tab
from tests.books import JURY, STAFF, bind_both, tab_of
from tests.line_forms import line_form
from tests.pages import HTMX, csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort

ROOT = f"/synchronisation/{STAFF}"
LOST = "Colonne introuvable dans l'onglet « Participants » : « Téléphone ». Rétablissez-la."
GONE = "L'onglet « Participants » a disparu du classeur : rétablissez-le."


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def books(cohort: Cohort) -> Cohort:
    return bind_both(cohort)


def pause(why: str, cause: str = "", *fields: str) -> None:
    text = json.dumps({"cause": cause, "fields": fields}) if cause else ""
    Tab.update(paused=why, pause=text).where(Tab.kind == "participants").execute()


ACCIDENT = "6 lignes sur 6 ont disparu d'un coup. Rétablissez-les dans la feuille, ou confirmez."


def confirm(client, html: str, **more: str):
    form = line_form(html, "data-book", STAFF) | more
    return client.post(f"/synchronisation/{STAFF}/confirmer", data=form, headers=HTMX)


def test_an_accident_waits_until_somebody_confirms_what_they_read(app: Flask, books: Cohort) -> None:
    pause(ACCIDENT, "accident")
    client = sign_in(app, "coordinator")
    html = client.get("/synchronisation/").text
    pause(ACCIDENT.replace("6 lignes", "5 lignes"), "accident")
    assert confirm(client, html).status_code == 409
    assert not agreement.tabs(STAFF)[0].confirmed
    html = client.get("/synchronisation/").text
    for _ in range(2):
        assert confirm(client, html).status_code == 200
    assert agreement.tabs(STAFF)[0].confirmed


def test_a_missing_column_cannot_be_confirmed_away(app: Flask, books: Cohort) -> None:
    pause("La colonne « Nom » a disparu : remettez-la.", "columns", "last_name")
    client = sign_in(app, "coordinator")
    html = client.get("/synchronisation/").text
    assert "remettez-la" in html
    assert "Confirmer" not in html
    assert confirm(client, html, tab=str(agreement.tabs(STAFF)[0].id)).status_code == 404


def decide(client, path: str, headers: dict | None = None, **more: str):
    form = line_form(client.get("/synchronisation/").text, "data-book", STAFF) | more
    return client.post(f"{ROOT}/{path}", data=form, headers=headers or {})


def test_the_exact_cause_is_said_with_one_click_to_resume(app: Flask, books: Cohort) -> None:
    pause(LOST, "columns", "phone")
    client = sign_in(app, "coordinator")
    html = client.get("/synchronisation/").text
    for words in ("«\u00a0Téléphone\u00a0»", "Reprendre", "Continuer sans cette colonne", "dès que son en-tête"):
        assert words in html, words
    assert f"/spreadsheets/d/{STAFF}/edit#gid=11" in html
    Book.update(asked_at=None).execute()
    answer = client.post(ROOT, data=line_form(html, "data-book", STAFF))
    assert answer.status_code == 303
    assert Book.get_by_id(STAFF).asked_at is not None
    assert agreement.tabs(STAFF)[0].paused == LOST, "looked at again, and paused until the sheet is mended"


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_tab_goes_on_without_its_column(app: Flask, books: Cohort, headers: dict) -> None:
    agreement.agree(tab_of(STAFF), {books.participants[0]: {"phone": "06", "email": "a@b.fr"}})
    pause(LOST, "columns", "phone")
    client = sign_in(app, "coordinator")
    answer = decide(client, "sans-colonne", headers)
    assert answer.status_code == (200 if headers else 303)
    page = answer if headers else client.get("/synchronisation/")
    assert "reprend sans ce qui lui manque" in page.text
    assert "en pause" not in page.text
    assert agreement.tabs(STAFF)[0].mapping == {"lost": ["phone"]}
    assert agreement.base(tab_of(STAFF)).rows == {books.participants[0]: {"email": "a@b.fr"}}
    assert entries(books.id, 1)[0][1:] == ("Coordinator", "page", "tab", "Participants", "phone", "synced", "left_out")
    html = client.get("/journal/").text
    assert "onglet <b>Participants</b>" in html
    assert "Téléphone" in html
    assert "laissé de côté" in html


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_tab_that_is_gone_is_no_longer_synced(app: Flask, books: Cohort, headers: dict) -> None:
    pause(GONE, "gone")
    client = sign_in(app, "coordinator")
    assert "Rien n'est effacé" in client.get("/synchronisation/").text
    answer = decide(client, "detacher", headers)
    assert answer.status_code == (200 if headers else 303)
    assert agreement.tabs(STAFF) == []
    assert "1 conflit à trancher" in client.get("/conflits/").text, "only the jury's is left"
    page = client.get("/synchronisation/").text
    assert "Classeur de l" in page
    assert "plus synchronisé" in client.get("/journal/").text


def test_each_decision_is_for_its_cause_alone(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    for cause, why in (("accident", ACCIDENT), ("columns", LOST), ("gone", GONE), ("unreadable", "Illisible.")):
        pause(why, cause, *(["phone"] if cause == "columns" else []))
        for path, right in (("confirmer", "accident"), ("sans-colonne", "columns"), ("detacher", "gone")):
            more = {"tab": str(tab_of(STAFF)), "seen": "0"}
            status = decide(client, path, HTMX, **more).status_code
            assert status == (409 if cause == right else 404), (cause, path)
    assert agreement.tabs(STAFF)[0].paused == "Illisible."


def test_a_decision_on_what_has_changed_is_not_taken(app: Flask, books: Cohort) -> None:
    pause(LOST, "columns", "phone")
    client = sign_in(app, "coordinator")
    form = line_form(client.get("/synchronisation/").text, "data-book", STAFF)
    pause(LOST.replace("« Téléphone »", "« Téléphone », « Nom »"), "columns", "phone", "last_name")
    for headers in (HTMX, {}):
        answer = client.post(f"{ROOT}/sans-colonne", data=form, headers=headers)
        assert answer.status_code == 409
        assert "La situation de cet onglet a changé entre-temps" in answer.text
        assert "« Téléphone », « Nom »" in plain(answer.text), "what to read again is there"
    assert agreement.tabs(STAFF)[0].mapping == {}


def test_others_read_the_cause_and_decide_nothing(app: Flask, books: Cohort) -> None:
    pause(LOST, "columns", "phone")
    for role in ("tutor", "juror", "reader"):
        client = sign_in(app, role)
        html = client.get("/synchronisation/").text
        assert "« Téléphone »" in plain(html)
        assert "Reprendre" not in html
        token = {"csrf_token": csrf(html), "tab": str(tab_of(STAFF))}
        for path in ("sans-colonne", "detacher", "confirmer"):
            assert client.post(f"{ROOT}/{path}", data=token).status_code == 403, (role, path)


def test_what_is_decided_about_a_tab_of_the_jury_is_for_the_jury(app: Flask, books: Cohort) -> None:
    Tab.update(paused="x", pause=json.dumps({"cause": "columns", "fields": ["decision"]})).where(
        Tab.kind == "jury"
    ).execute()
    client = sign_in(app, "coordinator")
    form = line_form(client.get("/synchronisation/").text, "data-book", JURY)
    assert client.post(f"/synchronisation/{JURY}/sans-colonne", data=form).status_code == 303
    assert entries(books.id, 1)[0][3] == "jury_tab"
    assert "onglet du jury" in client.get("/journal/").text
    assert "sans la colonne « Décision »" in plain(client.get("/synchronisation/journal-du-jour/").text)
    assert "sans la colonne" not in sign_in(app, "reader").get("/synchronisation/journal-du-jour/").text


def test_a_tab_whose_rows_follow_another_s_says_that_they_come_back(app: Flask, books: Cohort) -> None:
    pause(ACCIDENT, "accident")
    client = sign_in(app, "coordinator")
    assert "sera retiré ou effacé" in client.get("/synchronisation/").text
    Tab.update(kind="papers").where(Tab.id == agreement.tabs(STAFF)[0].id).execute()
    html = client.get("/synchronisation/").text
    assert "seront remises" in html
    assert "sera retiré" not in html
