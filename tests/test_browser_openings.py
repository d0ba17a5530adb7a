"""An empty installation in a browser: its first promotion opened with the keyboard, on a screen and on a phone."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from store import db
from tests.browser import CHROMIUM, LAUNCH, NARROW, sideways, violations
from tests.pages import PASSWORD, add_account, make_app

WIDTHS = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 800}, "narrow": NARROW}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an installation that holds one account and nothing else."""
    app = make_app(f"sqlite:///{tmp_path_factory.mktemp('openings')}/store.sqlite")
    db.upgrade()
    with db.connection():
        add_account("coordinator")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    db.database.close()


@pytest.fixture
def page(root: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        page, thrown = browser.new_page(), []
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: thrown.append(error.stack or str(error)))
        page.goto(root)
        page.fill("[name=email]", "coordinator@exemple.fr")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("form.who")
        yield page
        browser.close()
        assert not thrown


def reads_well(page: Page) -> None:
    """Fail on what axe finds, and on a page wider than its window, at each width."""
    for size in WIDTHS.values():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert violations(page) == []
        assert sideways(page) <= 0, size
    page.set_viewport_size(WIDTHS["wide"])  # type: ignore[arg-type]


def test_the_first_cohort_is_opened_from_the_home_page(page: Page, root: str) -> None:
    reads_well(page)
    page.get_by_role("link", name="Ouvrir la première promotion").click()
    reads_well(page)
    page.get_by_label("Titre d'une nouvelle formation").fill("Certificat Culture et économie sociale et solidaire")
    page.get_by_label("Code, repris dans les adresses").fill("cult 2027")
    page.get_by_label("Titre", exact=True).fill("Culture, édition 2027")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("lettres sans accent")
    expect(page.get_by_label("Code, repris dans les adresses")).to_be_focused()
    reads_well(page)
    page.keyboard.press("Control+a")
    page.keyboard.type("cult-2027")
    page.get_by_label("Premier jour").fill("18/01/2027")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{root}/promotions/CULT-2027/")
    expect(page.get_by_role("note")).to_contain_text("rien n'est exigé")
    reads_well(page)
    page.get_by_role("link", name="Le régler").click()
    expect(page.get_by_role("heading", name="Règlement de la promotion")).to_be_visible()
    page.goto(f"{root}/promotions/nouvelle/")
    expect(page.get_by_label("Formation existante")).to_be_visible()
    reads_well(page)
