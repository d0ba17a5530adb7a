"""Google Sheets inside the process: localsheets' own methods over books in memory, and sessions that can fail.

No server and no file: a session answers in the place of the HTTP one that gspread's client holds, so that the
adapter of the sync, its masks, its retries and its errors are those of production.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import requests
from werkzeug.datastructures import MultiDict

from localsheets.books import masks
from localsheets.books.model import Book, Sheet
from localsheets.books.shelf import Shelf
from localsheets.errors import ApiError
from localsheets.serving.answers_http import ENCODER
from localsheets.serving.gate import check_shared
from localsheets.sheets import routes
from localsheets.sheets.answers import spreadsheet
from localsheets.sheets.call import Call
from tests.simulated_store import pulse
from tests.simulated_time import Clock

Json = dict[str, Any]
ROOT = "https://sheets.simulated"
ACCOUNT = "passerelle@simulated.example"
STAFF = "secretariat@exemple.fr"
#: Seconds that one call takes, there and back.
LATENCY = 0.38
#: Older states of a book that a stale read may answer from.
KEPT = 40


class Unstored:
    """The file of localsheets, for books that nobody keeps."""

    def books(self) -> list[Book]:
        """Return no book."""
        return []

    def save(self, old: Book | None, new: Book | None, entry: Json) -> None:
        """Forget a change at once."""


@dataclass(frozen=True)
class Asked:
    """One call of the API, as it left."""

    method: str
    path: str
    params: Mapping[str, str]
    body: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        """Tell a read from a write."""
        return "read" if self.method == "GET" else "write"

    @property
    def book_id(self) -> str:
        """Return the book that the call is about, '' when it makes one."""
        return self.path.strip("/").partition(":")[0].partition("/")[0]


@dataclass
class Google:
    """Every book, as it is and as it was; the writes that are still on their way."""

    clock: Clock
    shelf: Shelf = field(init=False)
    past: dict[str, list[Book]] = field(default_factory=dict)
    late: list[Asked] = field(default_factory=list)
    #: Called with the state before and after whenever a call of the sync changed a book.
    changed: Callable[[Book, Book], None] = lambda before, after: None
    _pieces: dict[tuple[str, int, str], tuple[tuple, msgspec.Raw]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shelf = Shelf(Unstored(), lambda: self.clock.moment().isoformat())  # type: ignore[arg-type]

    def book(self, book_id: str) -> Book:
        """Return a book as it is now."""
        return self.shelf.get(book_id)

    def keep(self, books: Mapping[str, Book]) -> None:
        """Have these books and no others, without any past."""
        self.shelf.known = dict(books)
        self.shelf.locks = {book_id: threading.RLock() for book_id in books}
        self.past = {book_id: [book] for book_id, book in books.items()}
        self.late.clear()

    @contextmanager
    def change(self, book_id: str, who: str = STAFF) -> Iterator[Book]:
        """Lend a book to somebody who changes it."""
        with self.shelf.change(book_id, who, "actions", None) as draft:
            yield draft
        self._remember(book_id)

    def _remember(self, book_id: str) -> None:
        states = self.past.setdefault(book_id, [])
        states.append(self.shelf.get(book_id))
        del states[:-KEPT]

    def carry_out(self, asked: Asked) -> bytes:
        """Do what a call asks and return the answer; raise ApiError when it is refused."""
        writes = asked.kind == "write"
        body = dict(asked.body or {})
        check_shared(self.shelf, ACCOUNT, asked.path, writes, body)
        if not writes and set(asked.params) <= {"fields", "prettyPrint"}:
            return self.whole(self.shelf.get(asked.book_id), asked.params["fields"])
        before = self.shelf.known.get(asked.book_id)
        query = MultiDict(asked.params)
        call = Call(self.shelf, ACCOUNT, query, body, msgspec.json.encode(body) if writes else b"")
        answer = ENCODER.encode(routes.answer(call, asked.method, asked.path))
        if writes and before is not None:
            self._remember(asked.book_id)
            self.changed(before, self.shelf.get(asked.book_id))
        return answer

    def whole(self, book: Book, fields: str) -> bytes:
        """Return a whole book behind a mask; tabs that nobody touched since are not written again."""
        mask = masks.parse(fields)
        answer = spreadsheet(book, mask, [], grid_data=False, actor=ACCOUNT, chosen=[])
        answer["sheets"] = [self._piece(book, sheet, fields, mask) for sheet in book.in_order()]
        return ENCODER.encode(answer)

    def _piece(self, book: Book, sheet: Sheet, fields: str, mask: masks.Mask) -> msgspec.Raw:
        key = (book.book_id, sheet.sheet_id, fields, tuple(book.order))
        # A tab with formulas may show what another one holds.
        seen = tuple(map(id, (sheet, *(book.in_order() if _computes(sheet) else ()))))
        known = self._pieces.get(key)
        if known is None or known[0] != seen:
            chosen = [(sheet, sheet.whole())]
            [found] = spreadsheet(book, mask, [], grid_data=False, actor=ACCOUNT, chosen=chosen)["sheets"]
            known = self._pieces[key] = (seen, msgspec.Raw(ENCODER.encode(found)))
        return known[1]

    def land(self, asked: Asked) -> bool:
        """Let a write that seemed lost take effect now; False when Google refuses it."""
        try:
            self.carry_out(asked)
        except ApiError:
            return False
        return True


def _computes(sheet: Sheet) -> bool:
    return any(cell.formula is not None for _, _, cell in sheet.cells())


# -- sessions ------------------------------------------------------------------------------------

REFUSALS = {
    "400": (400, b'{"error": {"code": 400, "message": "Cellule prot\\u00e9g\\u00e9e.", "status": "INVALID_ARGUMENT"}}'),
    "403": (403, b'{"error": {"code": 403, "message": "The caller does not have permission"}}'),
    "404": (404, b'{"error": {"code": 404, "message": "Requested entity was not found."}}'),
    "429": (429, b'{"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}}'),
    "500": (500, b'{"error": {"code": 500, "message": "Internal error encountered.", "status": "INTERNAL"}}'),
    "html": (502, b"<!DOCTYPE html><title>Error 502 (Server Error)!!1</title>"),
}
SILENCES = {
    "connect": requests.ConnectTimeout,
    "timeout": requests.ReadTimeout,
    "reset": requests.ConnectionError,
}
#: What may go wrong before a call has any effect, and after it had its own.
BEFORE = {"read": ("403", "404", "429", "500", "html", "connect", "timeout", "reset", "truncated", "stale"),
          "write": ("400", "403", "404", "429", "500", "html", "connect", "timeout", "reset", "late")}  # fmt: skip
AFTER = {"read": (), "write": ("500", "html", "timeout", "reset", "truncated", "repeated", "late again")}
#: Faults after which the write will arrive, or arrive again, later on.
LATE = ("late", "late again")

Meet = Callable[[str, Asked], str]


class Session:
    """The connection of one worker to Google: what happens around each call is told by `meet`.

    `meet(moment, call)` is asked before and after each call ("before_read", "after_write"…), may do anything
    meanwhile, and returns the fault to suffer, '' for none.
    """

    def __init__(self, google: Google, meet: Meet) -> None:
        self.google, self.meet = google, meet
        self.calls: list[Asked] = []

    def request(
        self, method: str, url: str, params: Any = None, json: Any = None, **_: object
    ) -> requests.Response:
        """Carry a call out, or fail as Google and networks do."""
        path = url.removeprefix(ROOT).removeprefix("/v4/spreadsheets")
        asked = Asked(method.upper(), path, dict(params or {}), json)
        self.calls.append(asked)
        fault = self.meet(f"before_{asked.kind}", asked)
        self.google.clock.advance(LATENCY / 2)
        if fault:
            return self._fail_before(fault, asked)
        status, answer = self._effect(asked)
        fault = self.meet(f"after_{asked.kind}", asked)
        self.google.clock.advance(LATENCY / 2)
        return self._fail(fault, asked, answer) if fault else _response(status, answer)

    def _effect(self, asked: Asked) -> tuple[int, bytes]:
        try:
            answer = self.google.carry_out(asked)
        except ApiError as refused:
            return refused.code, ENCODER.encode(refused.body())
        if asked.kind == "write":
            pulse.lasts()
        return 200, answer

    def _fail_before(self, fault: str, asked: Asked) -> requests.Response:
        if fault == "stale":
            states = self.google.past[asked.book_id]
            return _response(200, self.google.whole(states[max(0, len(states) - 2)], asked.params["fields"]))
        if fault == "truncated":
            return _response(200, b'{"spreadsheetId": "abc", "sheets": [{"proper')
        return self._fail(fault, asked, b"")

    def _fail(self, fault: str, asked: Asked, answer: bytes) -> requests.Response:
        if fault in LATE:
            self.google.late.append(asked)
            raise requests.ReadTimeout(fault)
        if fault == "repeated":
            self.google.land(asked)
            raise requests.ReadTimeout(fault)
        if fault in SILENCES:
            raise SILENCES[fault](fault)
        if fault == "truncated":
            return _response(200, answer[: len(answer) // 2])
        return _response(*REFUSALS[fault])


def _response(status: int, body: bytes) -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer._content, answer.encoding = status, body, "utf-8"
    return answer
