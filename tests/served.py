"""The product served to browsers over one cohort, and people at them: what the browser tests share."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from store import db
from tests.browser import CHROMIUM, LAUNCH, STEP_MS, sideways, signed_in, violations
from tests.pages import PASSWORD, add_account, new_app
from tests.sync_bench import Cohort, make_cohort

#: Who may sign in, by the roles of their accounts.
ROLES = ("coordinator", "admin")
#: A window of a screen; colours that move into one another are no colours to judge.
WIDE = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR", "reduced_motion": "reduce"}
SIGN_IN = "[name=password]"


class Site:
    """The product over one cohort, and as many people at a browser as a test asks for."""

    def __init__(self, app: Flask, url: str, cohort: Cohort, browser: Browser) -> None:
        self.app, self.url, self.cohort, self.browser = app, url, cohort, browser
        self.root = f"{url}/promotions/{cohort.code}"
        self.contexts: list[BrowserContext] = []
        self.failures: list[str] = []
        #: The cookies of a role that has signed in.
        self.signed_in: dict[str, list[dict[str, str]]] = {}
        #: Seconds that the answer to a form of the cohort takes.
        self.delay = 0.0

    def half_day(self, number: int = 0) -> str:
        """Return the address of the roster of one half-day."""
        return f"{self.root}/seances/{self.cohort.half_days[number]}/"

    def open(self, address: str, role: str = "coordinator", **options: object) -> Page:
        """Open an address as somebody of this role, in a browser of their own."""
        page = self._at(address, self._cookies(role), **options)
        if page.locator(SIGN_IN).count():
            # A test ended that sign-in.
            del self.signed_in[role]
            page.context.add_cookies(self._cookies(role))
            page.goto(address)
        return page

    def _cookies(self, role: str) -> list[dict[str, str]]:
        if role not in self.signed_in:
            self.signed_in[role] = signed_in(self.url, f"{role}@exemple.fr", PASSWORD)
        return self.signed_in[role]

    def visit(self, address: str, **options: object) -> Page:
        """Open an address in a browser of its own, where nobody is signed in."""
        return self._at(address, [], **options)

    def _at(self, address: str, cookies: list[dict[str, str]], **options: object) -> Page:
        context = self.browser.new_context(**WIDE | options)
        context.set_default_timeout(STEP_MS)
        context.add_cookies(cookies)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.failures.append(error.stack or str(error)))
        page.goto(address)
        return page

    def close_windows(self) -> None:
        """Close every window of a test, then fail if a page threw an error."""
        for context in self.contexts:
            context.close()
        failures, self.contexts, self.failures = self.failures, [], []
        assert not failures, failures


def sign_in(page: Page, role: str = "coordinator") -> None:
    """Fill in the sign-in form that is on a page."""
    page.fill("[name=email]", f"{role}@exemple.fr")
    page.fill(SIGN_IN, PASSWORD)
    page.press(SIGN_IN, "Enter")
    page.wait_for_selector("form.who")


def accessible(page: Page) -> None:
    """Fail when axe finds something wrong on a page."""
    assert violations(page) == []


def reads_well(page: Page) -> None:
    """Fail on what axe finds, and on a page that scrolls sideways."""
    assert violations(page) == [], page.url
    assert sideways(page) <= 0, page.url


@contextmanager
def served(store: Path, browser: Browser, fill: Callable[[], Cohort] = make_cohort) -> Iterator[Site]:
    """Serve what `fill` makes in an empty store."""
    app = new_app(f"sqlite:///{store}")
    with db.connection():
        cohort = fill()
        for role in ROLES:
            add_account(role)

    @app.before_request
    def late() -> None:
        if request.method == "POST" and "promotions" in request.path:
            time.sleep(site.delay)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    site = Site(app, f"http://127.0.0.1:{server.port}", cohort, browser)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        db.database.close()


# -- fixtures -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run one browser for the tests of a file."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        yield running
        running.close()


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    """Say what the site of a file holds: a small cohort, unless the file says otherwise."""
    return make_cohort


@pytest.fixture(scope="module")
def _served(
    tmp_path_factory: pytest.TempPathFactory, _migrated: Path, browser: Browser, filling: Callable[[], Cohort]
) -> Iterator[Site]:
    store = tmp_path_factory.mktemp("served") / "store.sqlite"
    store.write_bytes(_migrated.read_bytes())
    with served(store, browser, filling) as site:
        yield site


@pytest.fixture
def site(_served: Site) -> Iterator[Site]:
    """Serve one cohort, once for the tests of a file; a window lasts one test."""
    yield _served
    _served.close_windows()
