"""Calendars to subscribe to and exports to compare, in a browser: made, copied, renewed, read on a phone."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from store import calendar, db
from tests.browser import CHROMIUM, LAUNCH, NARROW, sideways, violations
from tests.pages import AUTHOR, PASSWORD, add_account, make_app
from tests.sync_bench import make_cohort
from tests.test_pages_comparisons import HEAD, event

#: A screen, a phone, and what a page must show without scrolling sideways.
WIDTHS = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 800}, "narrow": NARROW}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve one small cohort with two teachers."""
    app = make_app(f"sqlite:///{tmp_path_factory.mktemp('feeds')}/store.sqlite")
    db.upgrade()
    with db.connection():
        cohort = make_cohort()
        for key in cohort.half_days[:2]:
            calendar.change(AUTHOR, key, {"teachers": "Marie-Christine de La Rochefoucauld-Montbel, Inès Faye"})
        add_account("coordinator")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/promotions/{cohort.code}/seances/"
    server.shutdown()
    thread.join()
    db.database.close()


@pytest.fixture(scope="module")
def context(root: str) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto(root)
        page.fill("[name=email]", "coordinator@exemple.fr")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("form.who")
        yield context
        browser.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page, thrown = context.new_page(), []
    page.on("pageerror", lambda error: thrown.append(error.stack or str(error)))
    yield page
    page.close()
    assert not thrown


def reads_well(page: Page) -> None:
    """Fail on what axe finds, and on a page wider than its window, at each width."""
    for size in WIDTHS.values():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert violations(page) == []
        assert sideways(page) <= 0, size
    page.set_viewport_size(WIDTHS["wide"])  # type: ignore[arg-type]


def test_an_address_is_made_copied_renewed_and_ended(page: Page, root: str) -> None:
    page.goto(root)
    page.get_by_role("link", name="S'abonner").click()
    reads_well(page)
    line = page.locator("li.feed").first
    line.get_by_role("button", name="Créer l'adresse").click()
    address = line.get_by_role("textbox").input_value()
    assert "/calendriers/" in address
    assert "BEGIN:VCALENDAR" in page.request.get(address).text()
    line.get_by_role("button", name="Copier").click()
    expect(page.locator("#announce")).to_have_text("Copié")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.locator("li.feed").nth(1).get_by_role("button", name="Créer l'adresse").click()
    reads_well(page)
    line.get_by_role("button", name="Renouveler").click()
    expect(line.get_by_role("textbox")).not_to_have_value(address)
    assert page.request.get(address).status == 404
    line.get_by_role("button", name="Supprimer").click()
    expect(line.get_by_role("textbox")).to_have_count(0)


def test_an_export_is_compared(page: Page, root: str, tmp_path: Path) -> None:
    export = tmp_path / "export.ics"
    lines = (event("20250120", "1000", "1230"), event("20250120", "1400", "1700", place="30.0.1"),
             event("20250310", "0900", "1230"), event("20250411", "0900", "1200", "Réunion de rentrée"))  # fmt: skip
    export.write_text(f"{HEAD}{''.join(lines)}END:VCALENDAR\r\n")
    page.goto(root)
    page.get_by_role("link", name="Comparer avec Hyperplanning").click()
    page.set_input_files("#calendar", export)
    page.get_by_role("button", name="Comparer").click()
    expect(page.locator("table.differences")).to_have_count(3)
    reads_well(page)
    export.write_text("n'importe quoi")
    page.set_input_files("#calendar", export)
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("alert")).to_contain_text("Ligne 1")
    expect(page.locator("#calendar")).to_be_focused()
    reads_well(page)
