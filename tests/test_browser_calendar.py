"""A calendar built in a browser: many half-days from a sentence, one moved by keyboard, on a screen and on a phone."""

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from store import calendar, db
from tests.browser import CHROMIUM, LAUNCH, NARROW, sideways, violations
from tests.pages import PASSWORD, add_account, make_app
from tests.sync_bench import Cohort, make_cohort

PAGES = ("", "mois/?mois=2025-01", "ajouter/", "ajouter/plusieurs/", "modules/", "controles/", "copier/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Cohort]]:
    """Serve one small cohort."""
    url = f"sqlite:///{tmp_path_factory.mktemp('calendar')}/store.sqlite"
    app = make_app(url)
    db.upgrade()
    with db.connection():
        cohort = make_cohort()
        add_account("coordinator")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/promotions/{cohort.code}/seances/", cohort
    server.shutdown()
    thread.join()
    db.database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        yield browser
        browser.close()


def opened(browser: Browser, address: str, **options: object) -> Page:
    """Sign somebody in, in a browser of their own, and open the calendar."""
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(8000)
    page.failures = []
    page.on("pageerror", lambda error: page.failures.append(error.stack or str(error)))
    page.goto(address)
    page.fill("[name=email]", "coordinator@exemple.fr")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("#calendar")
    return page


@pytest.mark.parametrize("options", [{}, {"viewport": NARROW}], ids=["wide", "narrow"])
def test_every_page_is_accessible_and_fits(site: tuple[str, Cohort], browser: Browser, options: dict) -> None:
    page = opened(browser, site[0], **options)
    for path in PAGES:
        page.goto(site[0] + path)
        assert violations(page) == [], path
        assert sideways(page) == 0, path
    page.context.close()


@pytest.mark.parametrize("options", [{}, {"viewport": NARROW}], ids=["wide", "narrow"])
def test_many_are_added_from_a_sentence_by_keyboard(site: tuple[str, Cohort], browser: Browser, options: dict) -> None:
    address, cohort = site
    page = opened(browser, address, **options)
    month = "mai" if options else "mars"
    page.get_by_role("link", name="Ajouter", exact=True).click()
    page.get_by_role("link", name="Plusieurs à la fois").click()
    page.get_by_label("Module").select_option("2")
    page.get_by_label("Jours et horaires").fill(f"tous les jeudis de {month}, 9h30-12h30 et 14h-17h")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Aperçu")).to_be_visible()
    lines = page.locator("#apercu tbody tr")
    expect(lines).to_have_count(10 if options else 8)
    assert violations(page) == []
    assert sideways(page) == 0
    if options:
        # 1, 8 and 29 May 2025 are public holidays.
        expect(page.locator("#apercu .faulty")).to_have_count(6)
        for box in page.locator("#apercu .faulty input").all():
            box.uncheck()
    else:
        expect(page.locator("#apercu .faulty")).to_have_count(0)
    before = len(calendar.snapshot(cohort.id))
    page.get_by_role("button", name="Créer les demi-journées cochées").press("Enter")
    expect(page.locator(".flash")).to_contain_text("demi-journées sont ajoutées")
    assert len(calendar.snapshot(cohort.id)) == before + (4 if options else 8)
    assert "#ligne-" in page.url
    assert page.failures == []
    page.context.close()


def test_one_is_moved_by_keyboard_once_its_page_has_said_who_is_affected(
    site: tuple[str, Cohort], browser: Browser
) -> None:
    address, cohort = site
    page, key = opened(browser, address), cohort.half_days[3]
    line = page.locator(f"#ligne-{key}")
    line.get_by_role("link", name="modifier").focus()
    page.keyboard.press("Enter")
    expect(line.get_by_label("Date", exact=True)).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("17/02/2025")
    page.keyboard.press("Enter")
    expect(line.locator(".notice")).to_contain_text("6 participant·es")
    # The button is reached without a further key, and nothing is saved before it is pressed.
    expect(line.get_by_role("button", name="Enregistrer ce déplacement")).to_be_focused()
    assert calendar.snapshot(cohort.id)[key]["day"] == "2025-02-14"
    line.locator(".notice summary").click()
    expect(line.locator(".message textarea").first).to_have_value(re.compile("- date : lundi 17 février 2025"))
    assert violations(page) == []
    line.get_by_role("button", name="Enregistrer ce déplacement").press("Enter")
    expect(line).to_contain_text("déplacée du 14/02/2025")
    assert calendar.snapshot(cohort.id)[key]["day"] == "2025-02-17"
    assert violations(page) == []
    line.get_by_role("link", name="prévenir").click()
    expect(page.locator("#move")).to_contain_text("Dernier déplacement")
    assert violations(page) == []
    assert page.failures == []
    page.context.close()


def test_a_month_left_open_shows_what_others_moved(site: tuple[str, Cohort], browser: Browser) -> None:
    address, cohort = site
    page = opened(browser, address)
    page.goto(address + "mois/?mois=2025-01")
    slot = page.locator(f'.slot[href$="/{cohort.half_days[1]}/"]')
    expect(slot).to_contain_text("14h–17h")
    with db.connection():
        calendar.change(calendar.Author("Ailleurs", "page"), cohort.half_days[1], {"start": "15h"})
    expect(slot).to_contain_text("15h–17h")
    assert violations(page) == []
    assert page.failures == []
    page.context.close()
