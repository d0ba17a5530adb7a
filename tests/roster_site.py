"""A cohort of thirty served to browsers: what the browser tests of rosters share."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import request
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from store import db, people, rosters
from store.journal import Author
from tests.browser import violations
from tests.pages import PASSWORD, add_account, make_app
from tests.sync_bench import PAGE, Cohort, make_cohort

COUNT = 30
COLLEAGUE = Author("Nour Collègue", "page")


class Site:
    """The product over one cohort, and as many people at a browser as a test asks for."""

    def __init__(self, url: str, cohort: Cohort, browser: Browser) -> None:
        self.url, self.cohort, self.browser = url, cohort, browser
        self.root = f"{url}/promotions/{cohort.code}"
        self.contexts: list[BrowserContext] = []
        self.failures: list[str] = []
        #: Seconds that the answer to a mark takes.
        self.delay = 0.0

    def roster(self, number: int = 0) -> str:
        """Return the address of the roster of one half-day."""
        return f"{self.root}/seances/{self.cohort.half_days[number]}/"

    def open(self, address: str, role: str = "coordinator", **options: object) -> Page:
        """Open an address as somebody of this role, in a browser of their own."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 700}, "locale": "fr-FR"} | options)
        context.set_default_timeout(8000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.failures.append(error.stack or str(error)))
        page.goto(address)
        page.fill("[name=email]", f"{role}@exemple.fr")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("form.who")
        page.goto(address)
        return page

    def cells(self, number: int = 0) -> dict[str, str]:
        """Return {participant: cell} of one half-day as the store has it."""
        half_day = self.cohort.half_days[number]
        with db.connection():
            return {who: row[half_day] for who, row in rosters.snapshot(self.cohort.id).items()}

    def clear(self) -> None:
        """Take every mark and roll away, and close every window."""
        for context in self.contexts:
            context.close()
        failures, self.contexts, self.failures, self.delay = self.failures, [], [], 0.0
        with db.connection():
            for table in ("mark", "roll", "journal_entry"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
            db.execute("UPDATE cohort SET version = version + 1")
        assert not failures, failures


@contextmanager
def served(folder: Path, browser: Browser) -> Iterator[Site]:
    """Serve a cohort of thirty from a store of its own."""
    app = make_app(f"sqlite:///{folder}/store.sqlite")
    db.upgrade()
    with db.connection():
        cohort = make_cohort()
        for number in range(COUNT - len(cohort.participants)):
            names = {"last_name": f"Martin{number:02}", "first_name": "Alix"}
            cohort.participants.append(people.create(PAGE, cohort.id, names))
        for role in ("coordinator", "admin"):
            add_account(role)

    @app.before_request
    def late() -> None:
        if request.method == "POST" and "presences" in request.path:
            time.sleep(site.delay)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    site = Site(f"http://127.0.0.1:{server.port}", cohort, browser)
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    db.database.close()


def order(page: Page) -> list[str]:
    """List the participants of a roster from top to bottom."""
    return page.eval_on_selector_all(".roster .line", "lines => lines.map(line => line.dataset.participant)")


def line(who: str) -> str:
    """Return the selector of somebody's line."""
    return f'.line[data-participant="{who}"]'


def focused(page: Page) -> str:
    """Return whose line has the focus, '' when none has."""
    return page.evaluate("document.activeElement.closest('.line')?.dataset.participant || ''")


def settled(page: Page) -> None:
    """Wait until no line is on its way."""
    page.wait_for_function("() => !document.querySelector('.line.saving, .line.unsent')")


def accessible(page: Page) -> None:
    """Fail when axe finds something wrong on a page."""
    assert violations(page) == []


def colleague(site: Site, who: str, cell: str, number: int = 0) -> None:
    """Record a mark as somebody else."""
    with db.connection():
        rosters.change(COLLEAGUE, who, {site.cohort.half_days[number]: cell})
