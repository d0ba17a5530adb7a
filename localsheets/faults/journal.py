"""What became of each request: kept in memory, the latest ones, for those who judge a client afterwards."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf, now_text
from localsheets.errors import ApiError

Json = dict[str, Any]
KEPT = 10_000


class Journal:
    """Keep one entry for each request of the API, in the order of their arrival."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.entries: deque[Json] = deque(maxlen=KEPT)
        self.serial = 0

    def open(self, number: int, kind: str, account: str, book: str) -> Json:
        """Add the entry of a request that arrives; `number` counts from the loading of the schedule."""
        with self.lock:
            self.serial += 1
            entry = {"serial": self.serial, "number": number, "at": now_text(), "kind": kind, "account": account}
            entry |= {"book": book, "status": None, "faults": [], "effect": False, "revisions": []}
            self.entries.append(entry)
        return entry

    def since(self, serial: int, book: str = "") -> list[Json]:
        """Return the entries after one, of one book when it is named."""
        with self.lock:
            return [
                dict(entry)
                for entry in self.entries
                if entry["serial"] > serial and (not book or entry["book"] == book)
            ]


class View:
    """Stand between a request and the shelf: write down what the request settles, or show an older state."""

    def __init__(self, shelf: Shelf, entry: Json, past: Any = None) -> None:
        self.shelf = shelf
        self.entry = entry
        self.past = past

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shelf, name)

    def get(self, book_id: str) -> Book:
        """Return a book as it stands, or as it stood for a stale read."""
        book = self.shelf.get(book_id)
        return self.older(book) if self.past else book

    def all(self) -> list[Book]:
        """List the books, as they stand or stood."""
        books = self.shelf.all()
        return [self.older(book) for book in books] if self.past else books

    @property
    def known(self) -> Mapping[str, Book]:
        """Return the books by their ids, as they stand or stood."""
        return Past(self) if self.past else self.shelf.known

    def older(self, book: Book) -> Book:
        """Return a book as a stale read shows it; one whose past is not known stays as it is."""
        try:
            return past_state(self.shelf, book, **self.past)
        except ApiError as refused:
            self.entry["note"] = f"lecture à jour : {refused.message}"
            return book

    @contextmanager
    def change(self, book_id: str, actor: str, kind: str, request: Any) -> Iterator[Book]:
        """Lend a fork of a book, and write down the revision that it becomes."""
        with self.shelf.change(book_id, actor, kind, request) as draft:
            yield draft
        self._settled(draft.book_id, draft.revision)

    def create(self, *given: Any, **more: Any) -> Book:
        """Put a new book on the shelf, and write it down."""
        book = self.shelf.create(*given, **more)
        self._settled(book.book_id, book.revision)
        return book

    def restore(self, *given: Any, **more: Any) -> Book:
        """Bring an older version back, and write it down."""
        book = self.shelf.restore(*given, **more)
        self._settled(book.book_id, book.revision)
        return book

    def delete(self, book_id: str, actor: str) -> None:
        """Remove a book for good, and write it down."""
        self.shelf.delete(book_id, actor)
        self._settled(book_id, None)

    def _settled(self, book_id: str, revision: int | None) -> None:
        self.entry["book"] = self.entry["book"] or book_id
        self.entry["effect"] = True
        self.entry["revisions"] = [*self.entry["revisions"], revision]


class Past(Mapping[str, Book]):
    """Show each book of a shelf as it stood, when it is asked for."""

    def __init__(self, view: View) -> None:
        self.view = view

    def __getitem__(self, book_id: str) -> Book:
        return self.view.older(self.view.shelf.known[book_id])

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.view.shelf.known))

    def __len__(self) -> int:
        return len(self.view.shelf.known)


def past_state(shelf: Shelf, book: Book, revisions: int = 0, seconds: float = 0.0) -> Book:
    """Return a book as it was so many revisions or seconds ago, or at its very first revision."""
    revision = max(1, book.revision - revisions)
    if seconds:
        revision = _revision_before(shelf, book, seconds)
    if revision == book.revision:
        return book
    old = shelf.at(book.book_id, revision)
    old.drive = old.drive | {"modifiedTime": _moment(shelf, book, revision)}
    return old


def _revision_before(shelf: Shelf, book: Book, seconds: float) -> int:
    limit = datetime.now(UTC) - timedelta(seconds=seconds)
    for entry in shelf.store.log(book.book_id, latest_first=True):
        if entry["revision"] <= book.revision and datetime.fromisoformat(entry["at"]) <= limit:
            return int(entry["revision"])
    return 1


def _moment(shelf: Shelf, book: Book, revision: int) -> str:
    entries = shelf.store.log(book.book_id, revision - 1)
    return str(entries[0]["at"]) if entries else str(book.drive["modifiedTime"])
