"""One round: the product is started, used from both doors while everything goes wrong, then left to calm down."""

import json
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from store import agreement, between, db, tutoring
from store.models.base import now
from sync.book import Sheets
from sync.dress import create_book
from sync.worksheets import WORKSHEETS
from tests.blackbox import Cluster, Product, eventually
from tests.blackbox_invariants import between_both_sides, in_the_store
from tests.blackbox_ledgers import KINDS, Books, Entry, Place, Step, journal
from tests.blackbox_people import Click, Hand, Pages, Target, in_sheets, on_pages, planned
from tests.blackbox_trouble import events, schedule
from tests.line_forms import line_form
from tests.pages import add_account
from tests.sync_bench import make_cohort

#: How many steps each person takes, and how many things staff do at exact moments of calls.
ON_PAGES, IN_SHEETS, PLANNED = 60, 45, 8
FORMULA = "=100+20"
#: The values that both sides change, by tab: the headers of a few columns.
SHARED = {
    "Participants": ("Téléphone", "Courriel", "Structure"),
    "Séances": ("Lieu", "Intervenants"),
    "Notes": ("Titre", "Problématique"),
    "Jury": ("RSV206", "RSV207"),
}


@dataclass
class Evening:
    """Where things stand once calm is back: both ledgers, and what waits for people."""

    clicks: list[Click]
    journal: dict[Place, list[Entry]]
    held: dict[Place, str]
    listed: dict[Place, str]
    revisions: dict[str, int]


@dataclass
class Round:
    """A round of one seed."""

    seed: int
    folder: Path
    cluster: Cluster = field(default_factory=Cluster)
    failures: list[BaseException] = field(default_factory=list)
    struck: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.product = Product(self.folder, self.cluster.url)
        account = json.loads(self.product.start_sheets())
        self.account: str = account["client_email"]
        self.product.release()
        db.connect(self.cluster.url)
        with db.connection():
            self.cohort = make_cohort()
            self._open_books(account)
            accounts = {role: add_account(role) for role in ("coordinator", "juror")}
            self.targets = list(self._shared())
        for name in ("web", "worker-1", "worker-2"):
            self.product.start(name)
        self.pages = {role: Pages(self.product, self.cohort.code, email) for role, email in accounts.items()}
        for person in self.pages.values():
            person.sign_in()
        self._type_formula()
        self.calm()
        #: Books as they were dressed: what comes after is the round.
        self.dressed = self.revisions()

    def _open_books(self, account: dict[str, Any]) -> None:
        roots = self.product.sheets_url, f"{self.product.sheets_url}/drive"
        sheets = Sheets(account, *roots)
        self.books = {name: create_book(sheets, self.cohort.id, self.cohort.code, name) for name in ("staff", "jury")}

    def _type_formula(self) -> None:
        """Type a formula in a cell of ours, which nobody touches again: its value is read, it is never covered."""
        with db.connection():
            owners = tutoring.owners(self.cohort.id)
        paper = next(paper for paper, owner in owners.items() if owner == self.cohort.participants[0])
        place = {"tab": "Notes", "row_where": {"ID": paper}, "column": "Pages"}
        self.staff({"do": "edit", **place, "value": FORMULA})

    def _shared(self) -> Iterable[Target]:
        """List the values that both sides change: not those of the last participant, who leaves, nor of the formula."""
        people, days = self.cohort.participants[:5], self.cohort.half_days[:3]
        papers = [paper for paper, owner in tutoring.owners(self.cohort.id).items() if owner in people]
        keys = {"Participants": people, "Séances": days, "Notes": papers, "Jury": people, "Présences": people}
        for sheet in WORKSHEETS.values():
            wanted = {c.header: c.field for c in sheet.columns(self.cohort.id)}
            headers = SHARED.get(sheet.title) or [header for header, name in wanted.items() if name in days]
            for header in headers:
                for key in keys[sheet.title]:
                    book = self.books[sheet.audience]
                    yield Target(KINDS[sheet.title], key, wanted[header], book, sheet.title, header)

    def staff(self, action: dict[str, Any]) -> None:
        """Do one thing in the team's book."""
        self.product.control("/_control/staff", {"by": "secrétariat", "book": self.books["staff"], "do": [action]})

    def hand(self, by: str) -> Hand:
        """Return what one author will do."""
        return Hand(by, random.Random(f"{self.seed} {by}"), self.targets)

    # -- the round ----------------------------------------------------------------------------------

    def play(self) -> None:
        """Let everybody work and everything go wrong, all at once, to the end of their steps."""
        self.product.control("/_control/faults", schedule(self.draw, planned(self.hand("planned"), PLANNED)))
        leaver = self.cohort.participants[5]
        steps = (
            on_pages(self.pages, self.hand("page"), ON_PAGES),
            in_sheets(self.product, self.hand("staff"), self.books, IN_SHEETS, leaver),
            events(self.product, self.cluster, random.Random(f"{self.seed} trouble"), self.struck),
        )
        threads = [threading.Thread(target=self._walk, args=(walk,)) for walk in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.product.control("/_control/faults", method="DELETE")
        if self.failures:
            raise self.failures[0]

    def _walk(self, steps: Iterable[Callable[[], None]]) -> None:
        try:
            for step in steps:
                if self.failures:
                    return
                step()
        except BaseException as failure:  # noqa: BLE001 - told by the test, in its own thread
            self.failures.append(failure)

    def calm(self, within: float = 90) -> None:
        """Wait until a cycle of each book finds nothing to do."""
        before: dict[str, Any] = {}

        def quiet() -> bool:
            moment = now()
            with db.connection():
                for book in self.books.values():
                    agreement.ask(book)
            self._cycled(moment, within)
            states = {state["book"]: state["last_change"] for state in self._states()}
            same = states == before and not any(state["pending"] for state in self._states())
            before.update(states)
            return same

        eventually(quiet, within, f"calm: {before}")

    def _cycled(self, moment: Any, within: float) -> None:
        eventually(lambda: all(self._fresh(state, moment) for state in self._states()), within, "a cycle of each book")

    @staticmethod
    def _fresh(state: dict[str, Any], moment: Any) -> bool:
        return state["asked_at"] is None and state["last_success"] is not None and state["last_success"] > moment

    def _states(self) -> list[dict[str, Any]]:
        with db.connection():
            return agreement.states()

    def evening(self) -> Evening:
        """Take down both ledgers and what waits for people."""
        clicks = [click for person in self.pages.values() for click in person.clicks]
        revisions = self.revisions()
        with db.connection():
            return Evening(clicks, journal(), in_the_store(self.cohort.id), between_both_sides(), revisions)

    def revisions(self) -> dict[str, int]:
        """Return how far each book is."""
        return {book: self.product.control(f"/spreadsheets/d/{book}/state")["revision"] for book in self.books.values()}

    def settle(self) -> int:
        """Choose a side of every conflict, as people do on the page; return how many there were."""
        with db.connection():
            found = between.conflicts()
        for row in found:
            person = self.pages["juror" if row.kind == "jury" else "coordinator"]
            html = person.page("/conflits/")
            form = line_form(html or "", "id", f"conflit-{row.id}")
            side = self.draw.choice(between.SIDES)
            assert person.send(f"/conflits/{row.id}", form | {"side": side}, 3, htmx=False) == 303
        return len(found)

    def third_cycle_writes(self) -> list[dict[str, Any]]:
        """Stop the workers, run three cycles of each book, and return the writes that the last ones made."""
        self.product.stop("worker-1", "worker-2")
        since = 0
        for _ in range(3):
            since = max([since, *(one["serial"] for one in self.product.control("/_control/requests")["requests"])])
            self.product.command("flask --app app sync once")
            time.sleep(0.1)
        asked = self.product.control(f"/_control/requests?since={since}")["requests"]
        return [one for one in asked if one["kind"] == "spreadsheets.batchUpdate"]

    def steps(self) -> dict[str, list[Step]]:
        """Stop everything and return each state of each book, by audience."""
        self.product.stop()
        books = Books(self.product.sheets_data)
        found = {audience: books.steps(book, self.dressed[book]) for audience, book in self.books.items()}
        books.close()
        return found

    def close(self) -> None:
        """Stop what still runs and forget the files."""
        for name in tuple(self.product.processes):
            self.product.kill(name)
        if db.database.obj is not None and hasattr(db.database.obj, "close_all"):
            db.database.close_all()
        self.cluster.close()
        shutil.rmtree(self.folder, ignore_errors=True)

