"""A mark corrected away from its roster: by keyboard, by click, by two people, offline, without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from store import db, people
from tests.browser import eventually
from tests.roster_site import COLLEAGUE, cells, clear, colleague, thirty
from tests.served import Site, accessible, reads_well
from tests.sync_bench import Cohort

OPEN = "#correction .line"


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return thirty


@pytest.fixture
def site(_served: Site) -> Iterator[Site]:
    yield _served
    clear(_served)


@pytest.fixture
def who(site: Site) -> str:
    return site.cohort.participants[1]


def cell(site: Site, who: str, number: int = 0) -> str:
    """Return the selector of what opens a mark."""
    return f'[data-correct="{who}.{site.cohort.half_days[number]}"]'


def module(site: Site) -> str:
    return f"{site.root}/modules/1/presences/"


def person(site: Site, who: str) -> str:
    return f"{site.root}/participants/{who}/presences/"


def opens(page: Page, mark: str) -> None:
    page.click(mark)
    page.wait_for_selector(OPEN)


def test_from_cell_to_cell_by_keyboard_and_back_to_it(site: Site, who: str) -> None:
    page = site.open(module(site))
    page.focus(cell(site, who))
    for key in ("ArrowDown", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.dataset.correct") == f"{who}.{site.cohort.half_days[1]}"
    page.keyboard.press("Enter")
    page.wait_for_selector(OPEN)
    page.wait_for_function("() => document.activeElement.name === 'status'")
    accessible(page)
    page.keyboard.press("r")
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    # The table says so at once, and not at its next look.
    begun = page.evaluate("performance.now()")
    expect(page.locator(cell(site, who, 1))).to_have_text("R 15")
    assert page.evaluate("performance.now()") - begun < 2500
    assert cells(site, 1)[who] == "R 15"
    assert page.evaluate("document.activeElement.closest('#correction') !== null")
    accessible(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.correct") == f"{who}.{site.cohort.half_days[1]}"
    expect(page.locator(OPEN)).to_have_count(0)
    accessible(page)


def test_by_click_on_the_page_of_a_person_and_taken_back(site: Site, who: str) -> None:
    colleague(site, who, "AJ")
    page = site.open(person(site, who))
    opens(page, cell(site, who))
    page.click(f"{OPEN} label.s-present")
    row = page.locator(f"#demi-{site.cohort.half_days[0]}")
    expect(row).to_contain_text("présent·e")
    assert cells(site)[who] == "P"
    page.click(f"{OPEN} .undo")
    expect(row).to_contain_text("absence justifiée")
    assert cells(site)[who] == "AJ"
    accessible(page)
    page.click("#correction [data-close]")
    expect(page.locator(OPEN)).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.correct") == f"{who}.{site.cohort.half_days[0]}"


def test_a_colleague_who_was_quicker_is_told_of(site: Site, who: str) -> None:
    page = site.open(module(site))
    opens(page, cell(site, who))
    # Written after what this page has read, before its next look.
    page.evaluate("document.querySelector('[data-live]').removeAttribute('hx-trigger')")
    page.route("**/presences/?*v=*", lambda route: route.fulfill(status=204))
    colleague(site, who, "AJ")
    page.click(f"{OPEN} label.s-absent")
    assert "absence justifiée" in page.wait_for_selector(f"{OPEN} .error").inner_text()
    assert cells(site)[who] == "AJ"
    accessible(page)


def test_what_a_colleague_marks_comes_into_the_line_that_is_open(site: Site, who: str) -> None:
    page = site.open(person(site, who))
    opens(page, cell(site, who))
    colleague(site, who, "V")
    page.wait_for_selector(f"{OPEN} [value=remote]:checked", state="attached")
    page.wait_for_function("() => document.activeElement.name === 'status'")


def test_whoever_is_withdrawn_meanwhile_closes_with_a_word(site: Site) -> None:
    with db.connection():
        gone = people.create(COLLEAGUE, site.cohort.id, {"last_name": "Partant", "first_name": "Lou"})
    page = site.open(module(site))
    opens(page, cell(site, gone))
    with db.connection():
        people.remove(COLLEAGUE, gone)
    page.wait_for_selector("#roster-told p")
    expect(page.locator(OPEN)).to_have_count(0)
    expect(page.locator(cell(site, gone))).to_have_count(0)
    # The page goes on.
    colleague(site, site.cohort.participants[0], "A")
    expect(page.locator(cell(site, site.cohort.participants[0]))).to_have_text("A")


def test_without_a_connection_what_is_typed_waits_and_nothing_covers_it(site: Site, who: str) -> None:
    page = site.open(module(site))
    opens(page, cell(site, who))
    page.context.set_offline(True)
    page.keyboard.press("a")
    page.wait_for_selector(f"{OPEN}.unsent")
    page.keyboard.press("Escape")
    page.click(cell(site, who, 1))
    expect(page.locator(f"{OPEN}.unsent")).to_have_attribute("data-half-day", site.cohort.half_days[0])
    page.context.set_offline(False)
    eventually(lambda: cells(site)[who] == "A", 15)
    expect(page.locator(cell(site, who))).to_have_text("A")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_what_waits_outlives_the_page_and_is_found_again(site: Site, who: str) -> None:
    page = site.open(person(site, who))
    opens(page, cell(site, who))
    page.context.set_offline(True)
    page.keyboard.press("j")
    page.wait_for_selector(f"{OPEN}.unsent")
    # The browser closed before the connection came back.
    stored = page.evaluate("JSON.stringify(localStorage)")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(module(site))
    assert page.evaluate("JSON.stringify(localStorage)") == stored
    page.click("#roster-held a")
    page.wait_for_selector(OPEN)
    eventually(lambda: cells(site)[who] == "AJ", 15)
    eventually(lambda: page.evaluate("Object.keys(localStorage).length") == 0, 15)


def test_opening_without_a_connection_says_so(site: Site, who: str) -> None:
    page = site.open(module(site))
    page.context.set_offline(True)
    page.click(cell(site, who))
    expect(page.locator("#roster-told")).to_contain_text("Hors connexion")


def test_without_javascript_a_mark_opens_is_saved_and_closed(site: Site, who: str) -> None:
    page = site.open(module(site), java_script_enabled=False)
    page.click(cell(site, who))
    page.check(f"{OPEN} [value=absent]", force=True)
    page.click(f"{OPEN} .plain-only")
    assert cells(site)[who] == "A"
    expect(page.locator(cell(site, who))).to_have_text("A")
    page.click("#correction [data-close]")
    expect(page.locator(OPEN)).to_have_count(0)


def test_both_pages_read_well_on_a_narrow_screen_with_a_mark_open(site: Site, who: str) -> None:
    for address in (module(site), person(site, who)):
        page = site.open(address, viewport={"width": 320, "height": 640})
        reads_well(page)
        opens(page, cell(site, who))
        reads_well(page)
        page.keyboard.press("r")
        reads_well(page)
