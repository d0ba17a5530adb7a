"""Every page of the site in a browser: nothing that axe finds, nothing wider than a phone."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from store import accounts, calendar, certificates, db, people, sign_in_sheets
from store.models import JournalEntry
from tests import site_map
from tests.books import bind_both
from tests.browser import NARROW
from tests.pages import AUTHOR
from tests.served import WIDE, Site, reads_well
from tests.sync_bench import Cohort
from tests.unguarded import unguarded

#: A promotion of the demonstration with units, papers, marks and grades.
CODE = "CS26-UE-2025"
TODAY = date(2025, 6, 1)
WINDOWS = {"wide": WIDE["viewport"], "narrow": NARROW}


def everything() -> Cohort:
    """Load the demonstration, and give each page that lists something a line to show."""
    site_map.fill()
    cohort_id = people.cohort(CODE)[0]
    half_days = list(calendar.snapshot(cohort_id))
    cohort = Cohort(cohort_id, CODE, list(people.snapshot(cohort_id)), half_days)
    bind_both(cohort)
    first = people.snapshot(cohort_id)[cohort.participants[0]]
    people.create(AUTHOR, cohort_id, {"last_name": first["last_name"].upper(), "first_name": first["first_name"]})
    people.remove(AUTHOR, people.create(AUTHOR, cohort_id, {"last_name": "Partie", "first_name": "Léa"}))
    calendar.change(AUTHOR, half_days[0], {"day": "2025-01-18"})
    sign_in_sheets.printed(AUTHOR, cohort_id, half_days[:2])
    certificates.issue(AUTHOR, cohort_id, cohort.participants[:2], {}, TODAY, accepted=True)
    # A line of the journal looks like any other: axe takes a second for a hundred of them.
    kept = JournalEntry.select(JournalEntry.id).order_by(JournalEntry.id.desc()).limit(60)
    with unguarded():
        JournalEntry.delete().where(JournalEntry.id.not_in([row.id for row in kept])).execute()
    return cohort


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return everything


@pytest.fixture(scope="module")
def addresses(_served: Site) -> list[str]:
    with db.connection():
        return site_map.everybody() + site_map.of_cohort(_served.cohort.id, CODE)


def test_every_page_of_the_site_is_in_the_map(_served: Site, addresses: list[str]) -> None:
    assert site_map.reached(_served.app, addresses) == site_map.pages(_served.app)


def test_what_is_left_out_of_the_map_is_no_page(_served: Site) -> None:
    known = {rule.endpoint for rule in _served.app.url_map.iter_rules()}
    assert known >= site_map.FILES | site_map.OUTSIDE


@pytest.mark.parametrize("window", WINDOWS)
def test_every_page_is_accessible_and_fits(site: Site, addresses: list[str], window: str) -> None:
    page = site.open(site.url, "admin", viewport=WINDOWS[window])
    for address in addresses:
        answer = page.goto(site.url + address)
        assert answer is not None and answer.status == 200, address
        assert page.locator("form.who").count() == 1, address
        reads_well(page)


@pytest.mark.parametrize("window", WINDOWS)
def test_what_is_read_before_signing_in_is_accessible_and_fits(site: Site, window: str) -> None:
    with db.connection():
        invitation = accounts.add(AUTHOR, f"{window}@exemple.fr", "Personne Invitée", "reader")
    page = site.visit(f"{site.url}/connexion", viewport=WINDOWS[window])
    reads_well(page)
    page.fill("[name=email]", "personne@exemple.fr")
    page.fill("[name=password]", "rien de connu")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    reads_well(page)
    page.goto(f"{site.url}/invitation/{invitation}")
    reads_well(page)
    # What the browser would not let through, the server answers.
    page.eval_on_selector("main form", "form => { form.noValidate = true }")
    page.fill("[name=password]", "court")
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    reads_well(page)


@pytest.mark.parametrize("window", WINDOWS)
def test_an_error_is_accessible_and_fits(site: Site, window: str) -> None:
    page = site.open(site.url, viewport=WINDOWS[window])
    for address, status in (("/nulle-part/", 404), ("/comptes/", 403)):
        answer = page.goto(site.url + address)
        assert answer is not None and answer.status == status
        reads_well(page)
