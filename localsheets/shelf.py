"""All the books: one lock each, every change stored before it is seen."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from localsheets.errors import not_found
from localsheets.locales import locale_of
from localsheets.model import Book, Sheet
from localsheets.store import Store

Json = dict[str, Any]


def now_text() -> str:
    """Return the present moment as Drive writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Shelf:
    """Hand out books to read, and change them one change at a time each."""

    def __init__(self, store: Store, clock: Callable[[], str] = now_text) -> None:
        self.store = store
        self.clock = clock
        self.known = {book.book_id: book for book in store.books()}
        self.locks = {book_id: threading.RLock() for book_id in self.known}

    def get(self, book_id: str) -> Book:
        """Return a book as it stands, or refuse with Google's 404."""
        book = self.known.get(book_id)
        if book is None:
            raise not_found()
        return book

    def all(self) -> list[Book]:
        """List the books, last modified first."""
        return sorted(self.known.values(), key=lambda book: book.drive["modifiedTime"], reverse=True)

    @contextmanager
    def change(self, book_id: str, actor: str, kind: str, request: Any) -> Iterator[Book]:
        """Lend a fork of a book; what was done to it is stored and shown when the block ends.

        When the block raises, nothing has happened.
        """
        self.get(book_id)
        with self.locks[book_id]:
            old = self.get(book_id)
            draft = old.fork()
            draft.actor = actor
            yield draft
            self._settle(old, draft, kind, request)

    def _settle(self, old: Book, draft: Book, kind: str, request: Any) -> None:
        draft.revision = old.revision + 1
        draft.drive["modifiedTime"] = self.clock()
        draft.drive["lastModifyingUser"] = draft.actor
        for sheet_id in draft.owned & draft.sheets.keys():
            draft.sheets[sheet_id].revision = draft.revision
        self.store.save(old, draft, self._entry(draft, kind, request))
        draft.owned = set()
        self.known[draft.book_id] = draft

    def _entry(self, book: Book, kind: str, request: Any) -> Json:
        at = book.drive["modifiedTime"]
        return {"revision": book.revision, "at": at, "actor": book.actor, "kind": kind, "request": request}

    def create(self, actor: str, draft: Book, request: Any) -> Book:
        """Put a new book on the shelf; without tabs it gets one, named in its locale."""
        draft.book_id = "1" + token_urlsafe(32)
        draft.actor = actor
        moment = self.clock()
        draft.drive = {
            "createdTime": moment,
            "modifiedTime": moment,
            "trashed": False,
            "owner": actor,
            "lastModifyingUser": actor,
            "permissions": [],
        }
        if not draft.order:
            draft.add(Sheet(0, locale_of(draft.locale).first_tab))
        self._adopt(draft, "create", request)
        return draft

    def _adopt(self, book: Book, kind: str, request: Any) -> None:
        book.revision = 1
        for sheet in book.sheets.values():
            sheet.revision = 1
        self.store.save(None, book, self._entry(book, kind, request))
        book.owned = set()
        self.locks[book.book_id] = threading.RLock()
        self.known[book.book_id] = book

    def delete(self, book_id: str, actor: str) -> None:
        """Remove a book for good."""
        with self.locks[self.get(book_id).book_id]:
            book = self.get(book_id)
            entry = {"revision": book.revision + 1, "at": self.clock(), "actor": actor}
            self.store.delete(book_id, entry | {"kind": "delete", "request": {}})
            del self.known[book_id]
