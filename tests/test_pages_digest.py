"""The digest: what the sync did of late, in sentences, for those who may know it."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from blueprints import digest
from store import between, outcomes, people
from store.journal import keep_covered, record
from store.models import Adoption, Book, Conflict, Outcome, Refusal, Tab
from store.models.base import now
from tests.books import CANARY, JURY, STAFF, bind_both, conflict
from tests.pages import HTMX, make_app, plain, sign_in
from tests.sync_bench import PAGE, Cohort

ADDRESS = "/synchronisation/journal-du-jour/"


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def busy(cohort: Cohort) -> Cohort:
    """A day in which a lot happened in both books of a cohort."""
    bind_both(cohort)
    note = outcomes.note
    note(STAFF, cohort.id, "attendance", "Présences", pulled=13, pushed=1)
    note(STAFF, cohort.id, "attendance", "Présences", pulled=1, put_back=2)
    note(STAFF, cohort.id, "papers", "Notes", pushed=3, opened=2)
    note(STAFF, cohort.id, "participants", "Participants", created=1, removed=2, opened=1, closed=1)
    note(STAFF, cohort.id, "half_days", "Séances", created=1, paused="La colonne « Date » manque.")
    note(JURY, cohort.id, "jury", "Jury", pulled=77)
    Tab.update(paused="La colonne « Date » manque.", pause='{"cause": "columns", "fields": ["day"]}').where(
        Tab.kind == "participants"
    ).execute()
    people.change(PAGE, cohort.participants[0], {"funding": "opco"})
    between.settle(PAGE, conflict("participants"), "sheet")
    return cohort


def test_a_day_is_told_in_sentences(app: Flask, busy: Cohort, count_queries) -> None:
    client = sign_in(app, "juror")
    with count_queries(12):
        html = plain(client.get(ADDRESS).text)
    for words in (
        "Depuis hier", "14 présences", "1 personne ajoutée, 2 personnes retirées", "1 demi-journée ajoutée",
        "3 valeurs de notes de validation", "2 valeurs de l'intranet remises en place",
        "Conflits : 3 ouverts, 1 tranché par Camille Coordination, 1 refermé", "« Séances » mis en pause",
        "« Date » manque", "77 valeurs du jury", "1 conflit à trancher", "2 valeurs refusées",
        "l'onglet « Participants » en pause",
    ):  # fmt: skip
        assert words in html.replace("&#39;", "'"), words


@pytest.mark.parametrize("role", ["tutor", "reader"])
def test_nothing_of_the_jury_is_told_to_others(app: Flask, busy: Cohort, role: str) -> None:
    between.settle(PAGE, conflict("jury"), "sheet")
    client = sign_in(app, role)
    for address in (ADDRESS, f"{ADDRESS}?jours=30", "/synchronisation/"):
        html = client.get(address).text
        assert not [word for word in (*CANARY, "77 val", "91 val", "jury", "Jury") if word in html], address
    html = client.get(ADDRESS).text
    assert "1 tranché par" in html, "the jury's choice is not counted"
    assert "14 présences" in html


def test_what_a_write_covered_is_told_to_those_who_may_know_it(app: Flask, busy: Cohort) -> None:
    first, second = busy.participants[:2]
    keep_covered(busy.id, "enrolment", first, "phone", "0722222222", "")
    keep_covered(busy.id, "dossier", second, "grade-RSV206", "12.5", "")
    assert "1 valeur tapée dans la feuille, qu&#39;une écriture a couverte" in sign_in(app, "reader").get(ADDRESS).text
    assert "2 valeurs tapées dans la feuille" in sign_in(app, "juror").get(ADDRESS).text


def test_the_page_of_the_books_has_it_in_one_sentence(app: Flask, busy: Cohort) -> None:
    html = sign_in(app, "reader").get("/synchronisation/").text
    assert (
        "14 valeurs reçues, 4 valeurs envoyées, 1 personne ajoutée, 2 personnes retirées, 1 demi-journée ajoutée, "
        "3 conflits ouverts, 1 valeur refusée." in html
    )
    assert f'href="{ADDRESS}"' in html


def test_refusals_and_pauses_are_told_once_they_began_of_late(app: Flask, busy: Cohort) -> None:
    outcomes.note(STAFF, busy.id, "participants", "Participants", paused="La colonne « Date » manque.")
    client = sign_in(app, "juror")
    assert "2 valeurs refusées, 1 onglet en pause." in client.get("/synchronisation/").text
    assert "2 nouvelles valeurs refusées dans la feuille." in client.get(ADDRESS).text
    before = now() - timedelta(days=3)
    Refusal.update(since=before).execute()
    Outcome.update(at=before).where(Outcome.paused != "").execute()
    html = client.get("/synchronisation/").text
    assert "conflits ouverts." in html
    assert "nouvelles valeurs" not in client.get(ADDRESS).text
    assert "2 nouvelles valeurs" in client.get(f"{ADDRESS}?jours=7").text


def test_what_an_unbound_book_did_is_still_told_and_who_unbound_it(app: Flask, busy: Cohort) -> None:
    for book, audience in ((STAFF, "staff"), (JURY, "jury")):
        Adoption.insert(
            cohort=busy.id, book_id=book, audience=audience, state="undone", title=f"Classeur {audience}",
            asked_by=PAGE.name, asked_at=now(),
        ).execute()  # fmt: skip
        for before, after in (("", "bound"), ("bound", "rebound"), ("bound", "unbound")):
            record(PAGE, busy.id, "book", book, "binding", before, after)
        Book.delete().where(Book.id == book).execute()
    html = plain(sign_in(app, "juror").get(ADDRESS).text)
    for words in ("14 présences", "77 valeurs du jury", "1 tranché par Camille", "« Séances » mis en pause"):
        assert words in html, words
    for book in ("Classeur staff", "Classeur jury"):
        for verb in ("a relié le", "a relié autrement le", "a cessé de synchroniser le"):
            assert f"Camille Coordination {verb} classeur « {book} »." in html
    html = plain(sign_in(app, "reader").get(ADDRESS).text)
    assert "14 présences" in html
    assert "Classeur staff" in html
    assert not [word for word in (*CANARY, "77 val", "jury") if word in html]


def test_a_calm_day_says_so(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "reader")
    assert "Rien n'a bougé" in client.get(ADDRESS).text
    assert "rien n&#39;a bougé" in client.get("/synchronisation/").text


def test_what_is_older_is_a_link_away(app: Flask, busy: Cohort) -> None:
    Outcome.update(at=now() - timedelta(days=3)).execute()
    client = sign_in(app, "coordinator")
    assert "14 présences" not in client.get(ADDRESS).text
    assert "14 présences" in client.get(f"{ADDRESS}?jours=7").text
    assert "14 présences" in client.get(f"{ADDRESS}?jours=30").text
    for strange in ("0", "-1", "365", "x"):
        assert "Depuis hier" in client.get(f"{ADDRESS}?jours={strange}").text


def test_what_waits_is_told_even_when_nothing_moved(app: Flask, busy: Cohort) -> None:
    Outcome.delete().execute()
    html = plain(sign_in(app, "coordinator").get(ADDRESS).text)
    assert "1 conflit à trancher" in html
    assert "l&#39;onglet « Participants » en pause" in html
    Conflict.delete().execute()


def test_an_open_page_is_told_only_of_what_moved(app: Flask, busy: Cohort) -> None:
    client = sign_in(app, "reader")
    version = re.search(r'data-version="([0-9]+)"', client.get(ADDRESS).text)[1]
    assert client.get(f"{ADDRESS}?v={version}", headers=HTMX).status_code == 204
    outcomes.note(STAFF, busy.id, "papers", "Notes", pulled=1)
    answer = client.get(f"{ADDRESS}?v={version}", headers=HTMX)
    assert answer.text.startswith('<section id="digest"')


def test_a_day_begins_at_the_last_full_hour_of_the_day_before() -> None:
    assert digest.start(datetime(2026, 3, 2, 9, 47, 12, 5)) == datetime(2026, 3, 1, 9)
    assert digest.start(datetime(2026, 3, 8, 9, 0), 7) == datetime(2026, 3, 1, 9)
