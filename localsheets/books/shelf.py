"""All the books: one lock each, every change stored before it is seen."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from localsheets.books.history import undo
from localsheets.books.model import Book, Sheet
from localsheets.books.store import Store
from localsheets.errors import invalid, not_found
from localsheets.texts.locales import locale_of

Json = dict[str, Any]
# What leaves the moment of the last modification as it was: it is not about the content.
ASIDE = ("permissions.", "comments.", "replies.", "star")
# What a new file may bring of its own.
KEPT = (
    "mimeType",
    "parents",
    "description",
    "starredBy",
    "properties",
    "appProperties",
    "writersCanShare",
    "copyRequiresWriterPermission",
)


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
        #: Called with the id of each book that changed, came or went.
        self.watchers: list[Callable[[str], None]] = []
        # What sends notifications, once the server has one.
        self.pusher: Any = None
        # Told of each change once it is stored: (before, after, kind); None is no book.
        self.listeners: list[Callable[[Book | None, Book | None, str], None]] = []

    def _tell(self, old: Book | None, new: Book | None, kind: str) -> None:
        book_id = (new or old).book_id  # type: ignore[union-attr]
        for watcher in self.watchers:
            watcher(book_id)
        for listener in self.listeners:
            listener(old, new, kind)

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
        moment = self.clock()
        if not kind.startswith(ASIDE):
            draft.drive["modifiedTime"] = moment
            draft.drive["lastModifyingUser"] = draft.actor
        for sheet_id in draft.owned & draft.sheets.keys():
            draft.sheets[sheet_id].revision = draft.revision
        self.store.save(old, draft, self._entry(draft, kind, request, moment))
        draft.owned = set()
        self.known[draft.book_id] = draft
        self._tell(old, draft, kind)

    def _entry(self, book: Book, kind: str, request: Any, at: str) -> Json:
        return {"revision": book.revision, "at": at, "actor": book.actor, "kind": kind, "request": request}

    def create(self, actor: str, draft: Book, request: Any) -> Book:
        """Put a new book on the shelf; without tabs it gets one, named in its locale.

        What its `drive` says already is kept; a file of another type, such as a folder, has no tab.
        """
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
        } | {name: value for name, value in draft.drive.items() if name in KEPT}
        if not draft.order and "mimeType" not in draft.drive:
            draft.add(Sheet(0, locale_of(draft.locale).first_tab))
        self._adopt(draft, "create", request)
        return draft

    def _adopt(self, book: Book, kind: str, request: Any) -> None:
        book.revision = 1
        for sheet in book.sheets.values():
            sheet.revision = 1
        self.store.save(None, book, self._entry(book, kind, request, book.drive["createdTime"]))
        book.owned = set()
        self.locks[book.book_id] = threading.RLock()
        self.known[book.book_id] = book
        self._tell(None, book, kind)

    def delete(self, book_id: str, actor: str) -> None:
        """Remove a book for good."""
        with self.locks[self.get(book_id).book_id]:
            book = self.get(book_id)
            entry = {"revision": book.revision + 1, "at": self.clock(), "actor": actor}
            self.store.save(book, None, entry | {"kind": "delete", "request": {}})
            del self.known[book_id]
            self._tell(book, None, "delete")

    def at(self, book_id: str, revision: int) -> Book:
        """Return a book as it was at a revision; who it is shared with is as today. 400 for an unknown one."""
        book = self.get(book_id)
        if not 1 <= revision <= book.revision:
            raise invalid(f"No revision {revision}: the book has 1 to {book.revision}.")
        draft = book.fork()
        for entry in self.store.log(book_id, revision, latest_first=True):
            if entry["before"] is None:
                raise invalid(f"What the book was before revision {entry['revision']} was not kept.")
            if entry["revision"] <= book.revision:
                undo(draft, entry["before"], entry["after"])
        draft.revision = revision
        return draft

    def restore(self, book_id: str, revision: int, actor: str) -> Book:
        """Make an older version of a book the current one, as a new revision; its title stays."""
        with self.change(book_id, actor, "restore", {"revision": revision}) as draft:
            old = self.at(book_id, revision)
            draft.order, draft.named_ranges, draft.metadata = old.order, old.named_ranges, old.metadata
            draft.properties = old.properties | {"title": draft.title}
            draft.sheets = {
                sheet_id: draft.sheets[sheet_id] if draft.sheets.get(sheet_id) == sheet else sheet
                for sheet_id, sheet in old.sheets.items()
            }
            draft.owned = {sheet_id for sheet_id in draft.sheets if draft.sheets[sheet_id] is old.sheets[sheet_id]}
        return draft
