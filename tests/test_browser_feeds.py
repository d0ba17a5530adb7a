"""Calendars to subscribe to and exports to compare, in a browser: made, copied, renewed, read on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from store import calendar
from tests.browser import NARROW
from tests.pages import AUTHOR
from tests.served import Site, reads_well
from tests.sync_bench import Cohort, make_cohort
from tests.test_pages_comparisons import HEAD, event

#: A screen, a phone, and what a page must show without scrolling sideways.
WIDTHS = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 800}, "narrow": NARROW}


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return with_teachers


def with_teachers() -> Cohort:
    """Make a small cohort with two teachers."""
    cohort = make_cohort()
    for key in cohort.half_days[:2]:
        calendar.change(AUTHOR, key, {"teachers": "Marie-Christine de La Rochefoucauld-Montbel, Inès Faye"})
    return cohort


@pytest.fixture
def page(site: Site) -> Page:
    return site.open(f"{site.root}/seances/", permissions=["clipboard-read", "clipboard-write"])


def reads_well_at_each_width(page: Page) -> None:
    """Fail on what axe finds, and on a page wider than its window, at each width."""
    for size in WIDTHS.values():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        reads_well(page)
    page.set_viewport_size(WIDTHS["wide"])  # type: ignore[arg-type]


def test_an_address_is_made_copied_renewed_and_ended(page: Page) -> None:
    page.get_by_role("link", name="S'abonner").click()
    reads_well_at_each_width(page)
    line = page.locator("li.feed").first
    line.get_by_role("button", name="Créer l'adresse").click()
    address = line.get_by_role("textbox").input_value()
    assert "/calendriers/" in address
    assert "BEGIN:VCALENDAR" in page.request.get(address).text()
    line.get_by_role("button", name="Copier").click()
    expect(page.locator("#announce")).to_have_text("Copié")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.locator("li.feed").nth(1).get_by_role("button", name="Créer l'adresse").click()
    reads_well_at_each_width(page)
    line.get_by_role("button", name="Renouveler").click()
    expect(line.get_by_role("textbox")).not_to_have_value(address)
    assert page.request.get(address).status == 404
    line.get_by_role("button", name="Supprimer").click()
    expect(line.get_by_role("textbox")).to_have_count(0)


def test_an_export_is_compared(page: Page, tmp_path: Path) -> None:
    export = tmp_path / "export.ics"
    lines = (event("20250120", "1000", "1230"), event("20250120", "1400", "1700", place="30.0.1"),
             event("20250310", "0900", "1230"), event("20250411", "0900", "1200", "Réunion de rentrée"))  # fmt: skip
    export.write_text(f"{HEAD}{''.join(lines)}END:VCALENDAR\r\n")
    page.get_by_role("link", name="Comparer avec Hyperplanning").click()
    page.set_input_files("#calendar", export)
    page.get_by_role("button", name="Comparer").click()
    expect(page.locator("table.differences")).to_have_count(3)
    reads_well_at_each_width(page)
    export.write_text("n'importe quoi")
    page.set_input_files("#calendar", export)
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("alert")).to_contain_text("Ligne 1")
    expect(page.locator("#calendar")).to_be_focused()
    reads_well_at_each_width(page)
