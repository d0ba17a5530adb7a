"""What was withdrawn in the last thirty days: who, when, through which door, and back in one click."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from store import calendar, people, removals, totals
from store.journal import Author, entries
from store.models import Enrolment
from store.models.base import now
from tests.line_forms import line_form
from tests.pages import HTMX, csrf, make_app, plain, sign_in
from tests.sync_bench import PAGE, Cohort, make_cohort
from tests.test_pages_people import limit

SHEET = Author("Feuille", "sheet")


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def gone(cohort: Cohort) -> Cohort:
    """Withdraw somebody through the sheet and a half-day on the page."""
    people.remove(SHEET, cohort.participants[0])
    calendar.remove(PAGE, cohort.half_days[0])
    return cohort


def bring_back(client, row: str, headers: dict | None = None):
    html = client.get("/suppressions/").text
    action = re.search(rf'action="(/suppressions/\w+/{row})"', html)[1]
    return client.post(action, data=line_form(html, "data-removal", row), headers=headers or {})


def test_the_list_says_who_when_and_through_which_door(app: Flask, gone: Cohort, count_queries) -> None:
    client = sign_in(app, "coordinator")
    with count_queries(8):
        html = client.get("/suppressions/").text
    for words in ("Arnaud Inès", "20/01/2025 9h30", "Camille Coordination", ">feuille<", "2 lignes retirées"):
        assert words in html, words
    assert "· Feuille" not in html, "the door says it already"
    for page in ("/synchronisation/", f"/promotions/{gone.code}/participants/", f"/promotions/{gone.code}/seances/"):
        assert 'href="/suppressions/' in client.get(page).text


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_row_comes_back_in_one_click(app: Flask, gone: Cohort, headers: dict) -> None:
    client = sign_in(app, "coordinator")
    for row, snapshot, kind in (
        (gone.participants[0], people.snapshot, "enrolment"), (gone.half_days[0], calendar.snapshot, "half_day"),
    ):  # fmt: skip
        answer = bring_back(client, row, headers)
        assert answer.status_code == (200 if headers else 303)
        assert "rétabli" in (answer if headers else client.get(answer.location)).text
        assert row in snapshot(gone.id)
        assert entries(gone.id, 1)[0][1:5] == ("Coordinator", "page", kind, row)
    assert "Rien n'a été retiré." in client.get("/suppressions/").text


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_who_comes_back_to_a_full_promotion_waits_and_is_told_so(app: Flask, gone: Cohort, headers: dict) -> None:
    client, row = sign_in(app, "coordinator"), gone.participants[0]
    limit(gone.id, 5)
    answer = bring_back(client, row, headers)
    html = (answer if headers else client.get(answer.location)).text
    assert "en liste d'attente : la promotion est complète" in plain(unescape(html))
    assert people.snapshot(gone.id)[row]["waiting"] == "oui"
    assert totals.enrolled(gone.id) == 5


def test_the_same_form_twice_brings_back_once(app: Flask, gone: Cohort) -> None:
    client, row = sign_in(app, "coordinator"), gone.participants[0]
    form = line_form(client.get("/suppressions/").text, "data-removal", row)
    for _ in range(2):
        assert client.post(f"/suppressions/enrolment/{row}", data=form).status_code == 303


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_what_somebody_else_brought_back_is_said(app: Flask, gone: Cohort, headers: dict) -> None:
    client = sign_in(app, "coordinator")
    html = client.get("/suppressions/").text
    people.restore(PAGE, gone.participants[0])
    calendar.restore(SHEET, gone.half_days[0])
    for kind, row, who in (("enrolment", gone.participants[0], PAGE.name), ("half_day", gone.half_days[0], "Feuille")):
        form = line_form(html, "data-removal", row)
        answer = client.post(f"/suppressions/{kind}/{row}", data=form, headers=headers)
        assert answer.status_code == (409 if headers else 303)
        page = answer if headers else client.get(answer.location)
        assert f"Cette ligne est déjà rétablie, par {who}." in page.text
    people.remove(SHEET, gone.participants[0])
    assert bring_back(client, gone.participants[0], headers).status_code == (200 if headers else 303)


def test_after_thirty_days_a_row_is_kept_and_no_longer_offered(app: Flask, gone: Cohort) -> None:
    row = gone.participants[0]
    client = sign_in(app, "coordinator")
    form = line_form(client.get("/suppressions/").text, "data-removal", row)
    Enrolment.update(deleted_at=now() - timedelta(days=30, minutes=1)).where(Enrolment.id == row).execute()
    assert row not in client.get("/suppressions/").text
    assert client.post(f"/suppressions/enrolment/{row}", data=form).status_code == 404
    assert row in people.removed(gone.id)
    Enrolment.update(deleted_at=now() - timedelta(days=29, hours=23)).where(Enrolment.id == row).execute()
    assert row in client.get("/suppressions/").text
    assert [found.row for found in removals.withdrawn(now() - timedelta(days=1))] == [gone.half_days[0]]


def test_one_cohort_alone_is_shown(app: Flask, gone: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 1)
    people.remove(PAGE, other.participants[0])
    client = sign_in(app, "reader")
    assert "3 lignes retirées" in client.get("/suppressions/").text
    html = client.get("/suppressions/?promotion=AUTRE-2025").text
    assert "1 ligne retirée" in html
    assert gone.participants[0] not in html
    assert client.get("/suppressions/?promotion=nothing").status_code == 404


def test_only_the_office_brings_back(app: Flask, gone: Cohort) -> None:
    row = gone.participants[0]
    for role in ("tutor", "juror", "reader"):
        client = sign_in(app, role)
        html = client.get("/suppressions/").text
        assert row in html
        assert "Rétablir<" not in html
        token = {"csrf_token": csrf(html)}
        assert client.post(f"/suppressions/enrolment/{row}", data=token).status_code == 403
    assert row in people.removed(gone.id)


def test_what_is_not_withdrawn_or_not_known_is_not_found(app: Flask, gone: Cohort) -> None:
    client = sign_in(app, "coordinator")
    token = {"csrf_token": csrf(client.get("/").text)}
    for kind, row in (
        ("enrolment", gone.participants[1]), ("enrolment", "P-UNKNOWN1"), ("mark", gone.participants[0]),
        ("half_day", gone.participants[0]),
    ):  # fmt: skip
        assert client.post(f"/suppressions/{kind}/{row}", data=token).status_code == 404, (kind, row)


def test_an_open_list_is_told_only_of_what_moved(app: Flask, gone: Cohort) -> None:
    client = sign_in(app, "reader")
    version = re.search(r'data-version="([0-9]+)"', client.get("/suppressions/").text)[1]
    assert client.get(f"/suppressions/?v={version}", headers=HTMX).status_code == 204
    people.restore(PAGE, gone.participants[0])
    assert client.get(f"/suppressions/?v={version}", headers=HTMX).status_code == 200
