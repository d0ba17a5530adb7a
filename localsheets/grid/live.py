"""Tells open pages what changes, as it changes: they wait here, at no cost, until there is something to say."""

import threading
import time
from collections import OrderedDict, defaultdict
from typing import Any

import msgspec

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.errors import ApiError
from localsheets.grid.people import People, Person
from localsheets.grid.wire import Wire
from localsheets.serving.answers_http import ENCODER

Json = dict[str, Any]
REMEMBERED = 12
MOST_BEHIND = 200
LONGEST_WAIT = 25.0


class Live:
    """Remember the states of books that pages have, and wake the pages that wait for a newer one."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.changed = threading.Condition()
        self.stopping = False
        self.states: dict[str, OrderedDict[int, Book]] = defaultdict(OrderedDict)
        self.versions: OrderedDict[tuple[str, int], Book] = OrderedDict()
        self.wires: dict[str, Wire] = defaultdict(Wire)
        self.people: dict[str, People] = defaultdict(People)
        shelf.watchers.append(lambda _: self.wake())

    def wake(self) -> None:
        """Let every waiting page look again."""
        with self.changed:
            self.changed.notify_all()

    def stop(self) -> None:
        """Answer every waiting page now, and let none wait any more."""
        self.stopping = True
        self.wake()

    def book(self, book_id: str) -> Book | None:
        """Return a book as it stands, None when there is none."""
        try:
            return self.shelf.get(book_id)
        except ApiError:
            return None

    def wait(self, book_id: str, since: int, people: int, seconds: float) -> None:
        """Return once the book or its people are not as a page knows them, or after a while."""
        end = time.monotonic() + min(max(seconds, 0.0), LONGEST_WAIT)
        with self.changed:
            while not self.stopping:
                book, left = self.book(book_id), end - time.monotonic()
                moved = book is None or book.revision != since or self.people[book_id].version != people
                if moved or left <= 0:
                    return
                self.changed.wait(left)

    def arrive(self, book_id: str, who: str, name: str) -> Person:
        """Note that a page asks, and return its person."""
        with self.changed:
            version = self.people[book_id].version
            person = self.people[book_id].meet(who, name)
            if self.people[book_id].version != version:
                self.changed.notify_all()
            return person

    def answer(self, book: Book, me: Person, known: tuple[int | None, int], place: tuple[int | None, int]) -> Json:
        """Return what a page lacks: of the book since the revision it knows, and of the people."""
        since, version = known
        people = self.people[book.book_id]
        with self.changed:
            # A page that left while it waited must not come back by its own answer.
            people.forget_gone()
            answer: Json = {"people": people.version, "me": {"name": me.name, "color": me.color}}
            if people.version != version:
                answer["others"] = people.others(me.who)
        if since != book.revision:
            answer["book"] = self.difference(book, since, place)
        return answer

    def place(self, book_id: str, who: str, name: str, place: Any) -> None:
        """Note what a person has selected; `place` is None when the page closes."""
        with self.changed:
            if isinstance(place, dict):
                self.people[book_id].move(who, name, place)
            else:
                self.people[book_id].leave(who)
            self.changed.notify_all()

    def difference(self, book: Book, since: int | None, place: tuple[int | None, int]) -> msgspec.Raw:
        """Write a book since a revision; whole, but for most of its lines, when that one is not remembered."""
        wire = self.wires[book.book_id]
        with wire.lock:
            self._remember(book)
            old = self._known(book, since)
            wire.forget(book)
            if old is None:
                return msgspec.Raw(ENCODER.encode(wire.whole(book, *place)))
            written: dict[int, msgspec.Raw] = book.memo.setdefault("changes", {})
            if old.revision not in written:
                written[old.revision] = msgspec.Raw(ENCODER.encode(wire.changes(old, book)))
            return written[old.revision]

    def _known(self, book: Book, since: int | None) -> Book | None:
        """Return the state that a page has, rebuilt when it dates from before a restart; None when it is too old."""
        if since is None or not max(0, book.revision - MOST_BEHIND) < since < book.revision:
            return None
        try:
            return self.states[book.book_id].get(since) or self.shelf.at(book.book_id, since)
        except ApiError:
            return None

    def version(self, book: Book, place: tuple[int | None, int]) -> msgspec.Raw:
        """Write an older version of a book, whole but for most of its lines, and keep it for those."""
        self.versions[book.book_id, book.revision] = book
        while len(self.versions) > REMEMBERED:
            self.versions.popitem(last=False)
        wire = self.wires[book.book_id]
        with wire.lock:
            return msgspec.Raw(ENCODER.encode(wire.whole(book, *place)))

    def _remember(self, book: Book) -> None:
        states = self.states[book.book_id]
        states[book.revision] = book
        while len(states) > REMEMBERED:
            del states[min(states)]

    def state(self, book_id: str, revision: int) -> Book | None:
        """Return a state that some page has, None once it is forgotten."""
        return self.states[book_id].get(revision) or self.versions.get((book_id, revision))

    def lines(self, book: Book, sheet_id: int, start: int, end: int) -> list[msgspec.Raw]:
        """Write some lines of a tab, none for an unknown tab."""
        wire, sheet = self.wires[book.book_id], book.sheets.get(sheet_id)
        if sheet is None:
            return []
        with wire.lock:
            return wire.lines(book, sheet, max(0, start), end)
