"""What the browser tests share: the product running, a person at the intranet, a person at a spreadsheet."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bench.processes import Stack
from store import agreement, db
from tests.pages import csrf

LAUNCH = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
#: The browser without its own windows opens a page at less than half the cost; the pages are drawn by the same code.
SHELL, WINDOWED = Path("/usr/lib/chromium/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = SHELL if SHELL.exists() else WINDOWED
PASSWORD = "demonstration"
#: What a page may take beside other tests; what is promised in seconds is asked for by the tests that run alone.
STEP_MS = 15_000
expect.set_options(timeout=STEP_MS)
AXE = Axe()
#: Level AA, which RGAA follows.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "RGAAv4"]
#: What axe finds, cut down in the page: carrying everything that passes out of it takes longer than looking.
LOOK = """options => axe.run(options).then(found => ({
  passes: found.passes.length,
  violations: found.violations.map(rule => ({
    id: rule.id, nodes: rule.nodes.slice(0, 4).map(node => JSON.stringify(node.target) + node.html.slice(0, 160)),
  })),
}))"""
#: Content that a window as narrow as a phone must show without scrolling sideways.
NARROW = {"width": 320, "height": 640}


def eventually(question: Callable[[], Any], within: float, what: str = "") -> Any:
    """Ask until the answer is true and return it; fail after `within` seconds with the last answer."""
    deadline = time.monotonic() + within
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"{what or question} still {answer!r} after {within} s"
        time.sleep(0.1)


class Window:
    """One tab of a browser; whatever its page throws fails the test that looks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.failures: list[str] = []
        page.on("pageerror", lambda error: self.failures.append(error.stack or str(error)))

    def clean(self) -> None:
        """Fail if the page threw an error of its own."""
        assert not self.failures, self.failures


class Person(Window):
    """Somebody signed in to the intranet."""

    def __init__(self, context: BrowserContext, url: str, account: str) -> None:
        super().__init__(context.new_page())
        self.context, self.url, self.account = context, url, account

    def sign_in(self) -> "Person":
        """Fill in the form of the sign-in page."""
        self.go("/connexion")
        self.fill_sign_in()
        expect(self.page.locator("form.who")).to_be_visible()
        return self

    def fill_sign_in(self) -> None:
        """Send the sign-in form that is on the page."""
        self.page.fill("[name=email]", f"{self.account}@passerelle.example")
        self.page.fill("[name=password]", PASSWORD)
        self.page.get_by_role("button", name="Se connecter").click()

    def go(self, path: str) -> "Person":
        """Open a page of the intranet."""
        answer = self.page.goto(self.url + path)
        assert answer is not None and answer.status < 400, (path, answer and answer.status)
        return self

    def participant(self, key: str) -> Locator:
        """Return somebody's line on a roster or in the list of participants."""
        return self.page.locator(f'[data-participant="{key}"]')

    def paper(self, key: str) -> Locator:
        """Return the line of a paper."""
        return self.page.locator(f'[data-paper="{key}"]')

    def dossier(self, key: str) -> Locator:
        """Return the line of a candidate."""
        return self.page.locator(f'[data-dossier="{key}"]')

    def status(self, key: str) -> str:
        """Return the status shown on somebody's line of the roster."""
        return self.participant(key).locator("[name=status]:checked").get_attribute("value")

    def mark(self, key: str, status: str) -> None:
        """Click a status on somebody's line, without waiting for the answer."""
        self.participant(key).locator(f"label.s-{status or 'none'}").click()

    def keys(self, attribute: str) -> list[str]:
        """List the ids of the lines of this page, from top to bottom."""
        lines = self.page.locator(f"[data-{attribute}]")
        return lines.evaluate_all(f"lines => lines.map(line => line.dataset.{attribute})")


class Book(Window):
    """Somebody at the grid of a spreadsheet."""

    def __init__(self, page: Page, url: str) -> None:
        super().__init__(page)
        self.url = url
        page.goto(f"{url}/edit")
        page.wait_for_function("document.body.dataset.revision !== undefined")

    # -- what the book holds, as the server says it ---------------------------------------------

    def sheet(self, title: str) -> dict[str, Any]:
        """Return a tab as the server holds it."""
        state = requests.get(f"{self.url}/state", timeout=10).json()
        return next(sheet for sheet in state["sheets"] if sheet["title"] == title)

    def rows(self, title: str, kind: str = "f") -> dict[str, dict[str, str]]:
        """Return {id: {header: text}} of a tab; `kind` is "f" for what is shown, "e" for what was entered."""
        header, *lines = ([(cell or {}).get(kind, "") for cell in row] for row in self.sheet(title)["rows"])
        found = {}
        for line in lines:
            line += [""] * (len(header) - len(line))
            if not any(line):
                continue
            values = dict(zip(header, line, strict=False))
            key = values.pop("ID") or f"sans identifiant {len(found)}"
            assert key not in found, f"{key} stands twice in {title}"
            found[key] = values
        return found

    def value(self, title: str, key: str, header: str) -> str:
        """Return what a cell shows."""
        return self.rows(title)[key][header]

    def headers(self, title: str) -> list[str]:
        """List the headers of a tab."""
        return [(cell or {}).get("f", "") for cell in self.sheet(title)["rows"][0]]

    def address(self, title: str, key: str, header: str) -> str:
        """Return where a cell stands now, such as B3."""
        rows = [[(cell or {}).get("f", "") for cell in row] for row in self.sheet(title)["rows"]]
        row = next(index for index, line in enumerate(rows) if line and line[0] == key)
        return f"{_letters(rows[0].index(header))}{row + 1}"

    # -- what a person does in it -----------------------------------------------------------------

    def open(self, title: str) -> "Book":
        """Show a tab."""
        self.page.locator(f'[data-sheet="{title}"]').click()
        return self

    def select(self, title: str, address: str) -> Locator:
        """Go to a cell by its address and return it."""
        sheet_id = self.sheet(title)["sheetId"]
        self.page.evaluate("hash => { location.hash = hash }", f"gid={sheet_id}&range={address}")
        expect(self.page.locator("#address")).to_have_value(address)
        self.page.evaluate("history.replaceState(null, '', location.pathname)")
        return self.page.locator(f'[data-cell="{address}"]')

    def at(self, title: str, key: str, header: str) -> Locator:
        """Go to the cell of an id and a header, and return it."""
        return self.select(title, self.address(title, key, header))

    def type(self, title: str, key: str, header: str, text: str) -> None:
        """Type in a cell with the keyboard; '' empties it."""
        self.at(title, key, header)
        self.enter(text)

    def enter(self, text: str) -> None:
        """Type in the selected cell and press Enter."""
        self.page.locator("#editor").focus()
        if text:
            self.page.keyboard.type(text)
            self.page.keyboard.press("Enter")
        else:
            self.page.keyboard.press("Delete")
        self.saved()

    def append(self, title: str, *texts: str) -> None:
        """Type a new row under the last one, its ID left blank."""
        # Painted cells are there too, far below the last one that says something.
        lines = [any((cell or {}).get("f") for cell in row) for row in self.sheet(title)["rows"]]
        self.select(title, f"B{len(lines) - lines[::-1].index(True) + 1}")
        for text in texts:
            self.page.keyboard.type(text)
            self.page.keyboard.press("Tab")
        self.saved()

    def sort(self, title: str, header: str, descending: bool = False) -> None:
        """Sort the rows of a tab by a column, with the button of the toolbar."""
        self.select(title, f"{_letters(self.headers(title).index(header))}2")
        self.page.get_by_role("button", name="Trier Z→A" if descending else "Trier A→Z", exact=True).click()
        self.saved()

    def saved(self) -> None:
        """Wait until the page says that everything is saved."""
        expect(self.page.locator("#status")).to_have_text("Enregistré")


def signed_in(url: str, email: str, password: str) -> list[dict[str, str]]:
    """Send the sign-in form, and return the cookies that it leaves: a browser takes ten times as long at it."""
    with requests.Session() as session:
        token = csrf(session.get(f"{url}/connexion", timeout=10).text)
        sent = {"csrf_token": token, "email": email, "password": password}
        answer = session.post(f"{url}/connexion", data=sent, allow_redirects=False, timeout=10)
        assert answer.status_code == 303, answer.text
        return [{"name": cookie.name, "value": cookie.value or "", "url": url} for cookie in session.cookies]


def _letters(column: int) -> str:
    name = ""
    while column >= 0:
        name, column = chr(65 + column % 26) + name, column // 26 - 1
    return name


class Stage:
    """The whole product running, and as many windows on it as a test asks for."""

    def __init__(self, stack: Stack, browser: Browser) -> None:
        self.stack, self.browser = stack, browser
        self.contexts: list[BrowserContext] = []
        self.windows: list[Window] = []
        db.connect(stack.environ["DATABASE_URL"])
        self.books = {(state["cohort"], state["audience"]): state["book"] for state in self.states()}

    def context(self, **options: Any) -> BrowserContext:
        """Open a browser of its own, with no cookie."""
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR"} | options
        context = self.browser.new_context(**options)
        context.set_default_timeout(STEP_MS)
        self.contexts.append(context)
        return context

    def person(self, account: str, **options: Any) -> Person:
        """Sign somebody in, in a browser of their own."""
        person = Person(self.context(**options), self.stack.web_url, account).sign_in()
        self.windows.append(person)
        return person

    def book(self, cohort: str, audience: str = "staff") -> Book:
        """Open the spreadsheet of a cohort."""
        url = f"{self.stack.sheets_url}/spreadsheets/d/{self.books[cohort, audience]}"
        book = Book(self.context().new_page(), url)
        self.windows.append(book)
        return book

    def close(self) -> None:
        """Close every window of a test, then fail if a page threw an error."""
        for context in self.contexts:
            context.close()
        windows, self.contexts, self.windows = self.windows, [], []
        for window in windows:
            window.clean()

    def states(self) -> list[dict[str, Any]]:
        """Return the state of each book, as `sync status` says it."""
        with db.connection():
            return agreement.states()

    def status(self, cohort: str, audience: str = "staff") -> dict[str, Any]:
        """Return the state of one book."""
        return next(state for state in self.states() if state["book"] == self.books[cohort, audience])

    def calm(self, cohort: str, audience: str = "staff", within: float = 15) -> None:
        """Wait until a book has nothing left to send."""
        eventually(lambda: not self.status(cohort, audience)["pending"], within, "nothing left to send")

    @contextmanager
    def paused_worker(self) -> Iterator[None]:
        """Hold the sync worker still, at a moment when it is not writing in the store."""
        worker = self.stack.processes["worker"]
        while True:
            os.kill(worker.pid, signal.SIGSTOP)
            if self._store_is_free():
                break
            os.kill(worker.pid, signal.SIGCONT)
            time.sleep(0.05)
        try:
            yield
        finally:
            os.kill(worker.pid, signal.SIGCONT)

    def _store_is_free(self) -> bool:
        path = self.stack.environ["DATABASE_URL"].removeprefix("sqlite:///")
        connection = sqlite3.connect(path, timeout=0.5, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()
        return True


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe-core finds wrong at level AA on this page: rules and the elements concerned."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate(LOOK, {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]})
    assert found["passes"], "axe looked at nothing"
    return [(rule["id"], rule["nodes"]) for rule in found["violations"]]


def sideways(page: Page) -> int:
    """Return by how many pixels the page scrolls sideways."""
    return page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
