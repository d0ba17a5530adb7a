"""The secret addresses of calendars: who may make them, what whoever has one reads, and what ends them."""

import re
from datetime import timedelta
from html import unescape

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from store import calendar, feeds, people
from store.db import execute
from store.models import Feed
from store.models.base import now
from tests.pages import AUTHOR, csrf, make_app, sign_in
from tests.sync_bench import NAMES, Cohort, make_cohort
from tests.unguarded import unguarded

TEACHER = "Inès Faye"


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def office(app: Flask, cohort: Cohort) -> FlaskClient:
    calendar.change(AUTHOR, cohort.half_days[0], {"teachers": TEACHER})
    return sign_in(app, "coordinator")


def page(cohort: Cohort) -> str:
    return f"/promotions/{cohort.code}/seances/abonnements/"


def send(client: FlaskClient, cohort: Cohort, path: str, **data: str):
    token = csrf(client.get(page(cohort)).text)
    return client.post(page(cohort) + path, data={"csrf_token": token, **data})


def addresses(html: str) -> list[str]:
    """List the addresses that a page shows, by their path."""
    return re.findall(r'value="http://localhost(/calendriers/[^"]+)"', html)


def events(client: FlaskClient, path: str) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(client.get(path).data).walk("VEVENT")


def test_an_address_is_made_on_the_page_and_read_by_anybody(app: Flask, cohort: Cohort, office: FlaskClient) -> None:
    assert not addresses(office.get(page(cohort)).text)
    assert send(office, cohort, "creer").status_code == 303
    html = office.get(page(cohort)).text
    [path] = addresses(html)
    assert "lit ce calendrier sans se connecter" in html
    assert f'href="webcal://localhost{path}"' in html
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    found = events(app.test_client(), path)
    assert [str(one["UID"]) for one in found] == [f"{key}@passerelle" for key in cohort.half_days]
    assert str(found[0]["URL"]) == f"http://localhost/promotions/{cohort.code}/seances/{cohort.half_days[0]}/"
    assert str(found[0]["SUMMARY"]) == "1 · Histoire"


def test_no_participant_is_ever_named(app: Flask, cohort: Cohort) -> None:
    for path in (feeds.feed(AUTHOR, cohort.id), feeds.feed(AUTHOR, teacher=TEACHER)):
        text = app.test_client().get(f"/calendriers/{path}.ics").text.replace("\r\n ", "")
        assert not [name for name in NAMES if name[0] in text]


def test_a_teacher_s_address_is_of_every_promotion(app: Flask, cohort: Cohort, office: FlaskClient) -> None:
    other = make_cohort("AUTRE-2025")
    calendar.change(AUTHOR, other.half_days[2], {"teachers": "Denis Morel, INES FAYE"})
    assert send(office, cohort, "creer", teacher=TEACHER).status_code == 303
    [path] = addresses(office.get(page(cohort)).text)
    assert addresses(office.get(page(other)).text) == [path]
    assert [str(one["SUMMARY"]) for one in events(app.test_client(), path)] == [
        "1 · Histoire (TEST-2025)", "1 · Histoire (AUTRE-2025)",
    ]  # fmt: skip


def test_a_renewed_address_ends_the_former_at_once(app: Flask, cohort: Cohort, office: FlaskClient) -> None:
    send(office, cohort, "creer")
    [former] = addresses(office.get(page(cohort)).text)
    assert send(office, cohort, "renouveler").status_code == 303
    [path] = addresses(office.get(page(cohort)).text)
    reader = app.test_client()
    assert (reader.get(former).status_code, reader.get(path).status_code) == (404, 200)
    assert send(office, cohort, "arreter").status_code == 303
    assert reader.get(path).status_code == 404
    assert not addresses(office.get(page(cohort)).text)


@pytest.mark.parametrize("token", ["x", "x" * 5000, "..%2f", "é", "%F0%9F%98%80", "' OR 1=1 --"])
def test_an_address_that_is_none_is_not_found(app: Flask, cohort: Cohort, token: str) -> None:
    feeds.feed(AUTHOR, cohort.id)
    assert app.test_client().get(f"/calendriers/{token}.ics").status_code == 404


def test_the_same_form_sent_twice_renews_once(cohort: Cohort, office: FlaskClient) -> None:
    send(office, cohort, "creer", form_key="once-made")
    send(office, cohort, "renouveler", form_key="once")
    [path] = addresses(office.get(page(cohort)).text)
    send(office, cohort, "renouveler", form_key="once")
    assert addresses(office.get(page(cohort)).text) == [path]


def test_somebody_who_teaches_nothing_here_is_refused(cohort: Cohort, office: FlaskClient) -> None:
    answer = send(office, cohort, "creer", teacher="Personne d'ici")
    assert answer.status_code == 422
    assert "« Personne d'ici » n'intervient dans aucune demi-journée" in unescape(answer.text).replace("\u00a0", " ")
    assert not Feed.select().count()


def test_the_address_of_somebody_who_left_can_be_ended(cohort: Cohort, office: FlaskClient) -> None:
    send(office, cohort, "creer", teacher=TEACHER)
    calendar.change(AUTHOR, cohort.half_days[0], {"teachers": ""})
    html = office.get(page(cohort)).text
    assert "1 autre adresse en service" in html
    assert len(addresses(html)) == 1
    assert send(office, cohort, "arreter", teacher=TEACHER).status_code == 303
    assert not Feed.select().count()


def test_what_did_not_change_is_not_sent_again(app: Flask, cohort: Cohort) -> None:
    path = f"/calendriers/{feeds.feed(AUTHOR, cohort.id)}.ics"
    with unguarded():
        for table in ("journal_entry", "feed"):
            execute(f"UPDATE {table} SET at = ?", now() - timedelta(minutes=5))  # noqa: S608
    reader = app.test_client()
    first = reader.get(path).headers
    known = {"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
    for header, value in known.items():
        again = reader.get(path, headers={header: value})
        assert (again.status_code, again.data) == (304, b""), header
    calendar.remove(AUTHOR, cohort.half_days[0])
    for header, value in known.items():
        assert reader.get(path, headers={header: value}).status_code == 200, header
    # What changed in this very second may change again in it: only its ETag tells.
    assert "Last-Modified" not in reader.get(path).headers


def test_a_calendar_costs_three_queries(app: Flask, cohort: Cohort, count_queries) -> None:
    path = f"/calendriers/{feeds.feed(AUTHOR, cohort.id)}.ics"
    reader = app.test_client()
    reader.get(path)
    with count_queries(3):
        assert reader.get(path).status_code == 200


def test_the_page_is_for_the_office_and_costs_little(
    app: Flask, cohort: Cohort, office: FlaskClient, count_queries
) -> None:
    with count_queries(14):
        office.get(page(cohort))
    for role in ("reader", "tutor", "juror"):
        client = sign_in(app, role)
        assert client.get(page(cohort)).status_code == 403
        token = csrf(client.get("/").text)
        for path in ("creer", "renouveler", "arreter"):
            assert client.post(page(cohort) + path, data={"csrf_token": token}).status_code == 403
        assert "abonnements/" not in client.get(f"/promotions/{cohort.code}/seances/mois/").text
    assert 'href="/promotions/TEST-2025/seances/abonnements/"' in office.get(f"/promotions/{cohort.code}/seances/").text
    assert office.get("/promotions/INCONNUE/seances/abonnements/").status_code == 404
    assert office.post(page(cohort) + "creer").status_code == 400
    assert not Feed.select().count()


def test_the_journal_says_it_in_french(cohort: Cohort, office: FlaskClient) -> None:
    send(office, cohort, "creer")
    send(office, cohort, "renouveler")
    html = office.get("/journal/").text
    for words in ("calendrier à abonner", "Adresse secrète", "renouvelée"):
        assert words in html
    assert not [one for (one,) in Feed.select(Feed.token).tuples() if one in html]


def test_a_cohort_that_goes_takes_its_address(cohort: Cohort) -> None:
    feeds.feed(AUTHOR, cohort.id)
    empty = people.add_cohort(AUTHOR, "P", "VIDE", "Vide", "", people.rule_set(cohort.id))
    feeds.feed(AUTHOR, empty)
    execute("DELETE FROM cohort WHERE id = ?", empty)
    assert [one for (one,) in Feed.select(Feed.cohort).tuples()] == [cohort.id]
