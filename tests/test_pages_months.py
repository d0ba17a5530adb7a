"""The calendar month by month: its days, public holidays, the months beside it."""

import pytest
from flask import Flask

from store import calendar, people
from tests.build_pages import Builder
from tests.pages import AUTHOR, HTMX, make_app
from tests.sync_bench import Cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Builder:
    return Builder(app, cohort, "reader")


def test_a_month_shows_its_half_days_and_leads_to_their_roster(page: Builder, count_queries) -> None:
    page.get("mois/")
    with count_queries(8):
        html = page.get("mois/?mois=2025-01")
    assert "<h1>Janvier 2025</h1>" in html
    assert html.count('class="slot"') == 2
    for half_day in page.cohort.half_days[:2]:
        assert f'href="{page.root}{half_day}/"' in html
    assert "9h30–12h30" in html
    assert "Jour de l'an" in html
    assert "samedi" in html
    assert 'scope="col">dimanche' not in html
    assert 'href="/promotions/TEST-2025/seances/mois/?mois=2024-12"' in html
    assert 'href="/promotions/TEST-2025/seances/mois/?mois=2025-02"' in html


def test_a_sunday_is_shown_when_something_is_on_one(page: Builder) -> None:
    calendar.change(AUTHOR, page.cohort.half_days[0], {"day": "26/01/2025"})
    html = page.get("mois/?mois=2025-01")
    assert 'scope="col">dimanche' in html
    assert html.count('class="slot"') == 2


@pytest.mark.parametrize("asked", ["", "?mois=", "?mois=mars", "?mois=2025-13", "?mois=1871-03", "?mois=9999-01"])
def test_without_a_month_that_can_be_the_nearest_one_is_shown(page: Builder, asked: str) -> None:
    assert "<h1>Février 2025</h1>" in page.get(f"mois/{asked}")


def test_an_empty_calendar_shows_the_present_month_and_what_has_no_date_is_told(page: Builder) -> None:
    for half_day in page.cohort.half_days:
        calendar.remove(AUTHOR, half_day)
    calendar.create(AUTHOR, page.cohort.id, {"kind": "course", "period": "Semaine 1"}, 60)
    html = page.get("mois/")
    assert 'class="slot' not in html
    assert "1 demi-journée est sans date." in html


def test_an_open_month_is_told_of_what_moved(page: Builder) -> None:
    version = people.version(page.cohort.id)
    address = f"{page.root}mois/?mois=2025-01&v={version}"
    assert page.client.get(address, headers=HTMX).status_code == 204
    calendar.change(AUTHOR, page.cohort.half_days[0], {"start": "10h"})
    answer = page.client.get(address, headers=HTMX)
    assert "<!doctype" not in answer.text
    assert "10h–12h30" in answer.text
    assert page.client.get("/promotions/NOWHERE/seances/mois/").status_code == 404
