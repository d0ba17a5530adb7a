"""One simulated world: a store in memory, its books, workers, people on both sides, and the two ledgers."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from localsheets.books.model import Book
from localsheets.errors import ApiError
from localsheets.grid.actions import Impossible
from localsheets.grid.history import Step
from localsheets.requests import kinds as requests
from rules.values import TYPES, Type
from store import agreement, people, rosters, tutoring
from store.db import rows
from store.models import Tab
from sync import cycle, dress
from sync.book import Sheets
from sync.worksheets import WORKSHEETS
from tests import simulated_store
from tests.simulated_ledger import Ledger
from tests.simulated_sheets import ACCOUNT, ROOT, STAFF, Google, Meet, Session
from tests.simulated_time import Clock
from tests.simulated_views import View, view
from tests.sync_bench import PAGE, make_cohort

#: Blank rows under the last one of each tab.
SPARE = 6


@dataclass(frozen=True)
class Shape:
    """How big a world is: people, half-days, and which tabs are bound."""

    people: int = 4
    half_days: int = 2
    kinds: tuple[str, ...] = ("participants", "half_days", "attendance", "papers")


SHAPES = (
    Shape(4, 2),
    Shape(3, 2, ("participants",)),
    Shape(6, 2, ("participants", "attendance")),
    Shape(2, 3, ("half_days", "attendance")),
    Shape(5, 1, ("participants", "papers")),
    Shape(3, 2, ("participants", "attendance", "jury")),
    Shape(2, 2, ("participants", "half_days", "attendance", "papers", "jury")),
)


@dataclass(frozen=True)
class Place:
    """Where a tab is: its book and its sheetId."""

    book: str
    sheet_id: int


@dataclass(frozen=True)
class Template:
    """A world ready to begin, built once for each shape: its store, its books, its cohort."""

    store: bytes
    books: Mapping[str, Book]
    cohort_id: int
    places: Mapping[str, Place]


@dataclass
class Doing:
    """What an act of the staff moves, so that it can be taken back."""

    lines: list = field(default_factory=list)
    sorts: bool = False
    #: Whether it can be taken back: taking back itself cannot.
    again: bool = True


@dataclass
class World:
    """Everything of one simulation."""

    clock: Clock
    google: Google
    cohort_id: int
    places: Mapping[str, Place]
    types: Mapping[str, Mapping[str, Type]]
    ledger: Ledger = field(default_factory=Ledger)
    steps: list[Step] = field(default_factory=list)
    doing: Doing = field(default_factory=Doing)
    shown_by_pages: dict[str, Mapping] = field(default_factory=dict)
    withdrawn: dict[tuple[str, str], float] = field(default_factory=dict)
    brought_back: dict[tuple[str, str], float] = field(default_factory=dict)
    #: What signed dossiers held when they were signed.
    signed: dict[str, Mapping[str, str]] = field(default_factory=dict)
    confirmed: bool = False
    #: The agreement of each row as the last cycle left it: {(tab, row): text}.
    bases: dict[tuple[int, str], str] = field(default_factory=dict)
    #: Everything that was agreed on for each row, in order: {(kind, row): [(moment, values)]}.
    agreed: dict[tuple[str, str], list[tuple[float, Mapping[str, str]]]] = field(default_factory=dict)
    _views: dict[str, tuple[object, View]] = field(default_factory=dict)

    @property
    def now(self) -> float:
        """Return the present moment, in seconds."""
        return self.clock.seconds

    @property
    def books(self) -> list[str]:
        """List the books, the staff's first: what is born there goes to the jury's."""
        return list(dict.fromkeys(place.book for place in self.places.values()))

    def local(self, kind: str) -> dict[str, dict[str, str]]:
        """Return what the intranet holds of a tab."""
        return WORKSHEETS[kind].snapshot(self.cohort_id)

    def shown(self, kind: str, name: str, value: str) -> str:
        """Return how a person types a value in the sheet."""
        return self.types[kind].get(name, TYPES["attendance"]).display(value)

    def view(self, kind: str) -> View:
        """Look at a tab as it is now."""
        place = self.places[kind]
        book = self.google.book(place.book)
        sheet = book.sheets.get(place.sheet_id)
        if sheet is None:
            return View(kind, -1, {}, {})
        known = self._views.get(kind)
        if known is None or known[0] is not sheet:
            known = self._views[kind] = (sheet, view(kind, book, sheet, self.types[kind]))
        return known[1]

    def views(self, book_id: str) -> dict[str, View]:
        """Look at every bound tab of a book."""
        return {kind: self.view(kind) for kind, place in self.places.items() if place.book == book_id}

    def act(self, book_id: str, act: Callable[[Book], None]) -> bool:
        """Let a person of the staff act, and note what they did; False when it cannot be done."""
        before, seen = self.google.book(book_id), self.views(book_id)
        self.doing = Doing()
        try:
            with self.google.change(book_id) as draft:
                act(draft)
        except (Impossible, ApiError):
            return False
        if self.doing.again:
            self.steps.append(Step(before, self.google.book(book_id), self.doing.lines, self.doing.sorts))
        for kind, after in self.views(book_id).items():
            if after is not seen[kind]:
                self.ledger.acted(kind, seen[kind], after, self.now)
        return True

    def written(self, before: Book, after: Book) -> None:
        """Note what a write of the sync changed."""
        for kind, place in self.places.items():
            same = before.sheets.get(place.sheet_id) is after.sheets.get(place.sheet_id)
            if place.book == after.book_id and not same:
                was = self._views.get(kind, (None, View(kind, -1, {}, {})))[1]
                self.ledger.wrote(kind, was, self.view(kind), self.now)


# -- building ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _account() -> dict[str, str]:
    """Make a service account; its key opens nothing."""
    key = rsa.generate_private_key(65537, 2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {"type": "service_account", "client_email": ACCOUNT, "token_uri": f"{ROOT}/token",
            "private_key": key.private_bytes(*form).decode()}  # fmt: skip


def connect(google: Google, meet: Meet) -> Sheets:
    """Open a connection to the simulated Google: the adapter of production over a session of ours."""
    sheets = Sheets(_account(), ROOT, ROOT)
    sheets.http.session = Session(google, meet)
    return sheets


def quiet(moment: str, asked: object) -> str:
    """Let nothing happen around a call."""
    return ""


def build(clock: Clock, shape: Shape) -> Template:
    """Fill a store and its books, and run the cycles that agree on everything."""
    clock.begin(shape)
    google = Google(clock)
    sheets = connect(google, quiet)
    cohort = make_cohort(count=shape.people)
    for extra in cohort.half_days[shape.half_days :]:
        WORKSHEETS["half_days"].remove(PAGE, extra)  # type: ignore[misc]
    _fill(cohort.id, cohort.participants, cohort.half_days[: shape.half_days])
    audiences = ["staff", "jury"] if "jury" in shape.kinds else ["staff"]
    books = {audience: dress.create_book(sheets, cohort.id, cohort.code, audience) for audience in audiences}
    Tab.delete().where(Tab.kind.not_in(shape.kinds)).execute()
    places = {tab.kind: Place(book, tab.sheet_id) for book in books.values() for tab in agreement.tabs(book)}
    for book in books.values():
        _trim(google, book, {place.sheet_id: kind for kind, place in places.items() if place.book == book})
        for _ in range(3):
            cycle.run(book, sheets, "builder")
    known = {book: google.book(book) for book in books.values()}
    return Template(simulated_store.saved(), known, cohort.id, places)


def _fill(cohort_id: int, participants: list[str], half_days: list[str]) -> None:
    """Give everybody values that could be lost."""
    papers = {owner: paper for paper, owner in tutoring.owners(cohort_id).items()}
    for number, key in enumerate(participants):
        people.change(PAGE, key, {"employer": f"Structure {number}", "fees_paid_on": f"2024-12-{number + 1:02d}"})
        tutoring.change(PAGE, papers[key], {"title": f"Mémoire {number}", "pages": str(1990 + number)})
        for half_day in half_days[number % 2 :]:
            rosters.change(PAGE, key, {half_day: f"R {141 + number}"})
        WORKSHEETS["jury"].change(PAGE, key, {"grade-RSV206": f"{number + 1}.0{number + 1}"})


def _trim(google: Google, book_id: str, bound: Mapping[int, str]) -> None:
    """Keep the bound tabs alone, in a small grid, share the book, and let staff write beside each row."""
    with google.change(book_id, ACCOUNT) as draft:
        draft.drive["owner"] = STAFF
        draft.drive["permissions"] = [{"id": "1", "type": "user", "role": "writer", "emailAddress": ACCOUNT}]
        for sheet in [sheet for sheet in draft.in_order() if not sheet.hidden]:
            if sheet.sheet_id not in bound:
                draft.remove(sheet.sheet_id)
                continue
            last, width = sheet.last_row(), max(max(line) for line in sheet.rows.values() if line)
            spare = {"sheetId": sheet.sheet_id, "dimension": "ROWS", "startIndex": last + SPARE,
                     "endIndex": sheet.row_count}  # fmt: skip
            requests.run(draft, [{"deleteDimension": {"range": spare}}])
            target = draft.edit(sheet.sheet_id)
            remarks = max(column for column, cell in target.rows[0].items() if cell.entered)
            for row in range(1, last):
                old = target.cell(row, remarks)
                target.put(row, remarks, old.holding({"stringValue": f"{bound[sheet.sheet_id]} {row}"}))
            target.column_count = max(width + 2, remarks + 3)


def begin(clock: Clock, template: Template, seed: object) -> World:
    """Begin a simulation from a template."""
    clock.begin(seed)
    simulated_store.put_back(template.store)
    google = Google(clock)
    google.keep(template.books)
    types = {kind: {column.field: column.type for column in WORKSHEETS[kind].columns(template.cohort_id)}
             for kind in template.places}  # fmt: skip
    world = World(clock, google, template.cohort_id, template.places, types)
    google.changed = world.written
    world.ledger.begin({kind: world.view(kind) for kind in template.places}, world.now)
    query = 'SELECT t.kind, t.id, a."row", a.cells FROM agreed_row a JOIN tab t ON t.id = a.tab_id'
    for kind, tab, key, text in rows(query):
        world.bases[tab, key] = text
        world.agreed[kind, key] = [(-math.inf, json.loads(text))]
    return world


def as_json(book: Book) -> str:
    """Return everything that a book holds, as text: what two runs of one seed must have alike."""
    sheets = {
        sheet.sheet_id: [sheet.title, sheet.row_count, sheet.column_count, sheet.properties, sheet.metadata,
                         sheet.annotations, sheet.sizes,
                         [(row, column, cell.entered, cell.format, cell.note) for row, column, cell in sheet.cells()]]
        for sheet in book.in_order()
    }  # fmt: skip
    return json.dumps(sheets, default=str, sort_keys=True)
