"""Keeps books in one SQLite file: what was answered is on the disk."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from localsheets.books.history import OF_SHEET, difference, line_changes, runs_of, sizes_of
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.places import Places, places_of

Json = dict[str, Any]
SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS books (book_id TEXT PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sheets (
    book_id TEXT NOT NULL, sheet_id INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (book_id, sheet_id));
CREATE TABLE IF NOT EXISTS blocks (
    book_id TEXT NOT NULL, sheet_id INTEGER NOT NULL, block INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (book_id, sheet_id, block));
CREATE TABLE IF NOT EXISTS log (
    book_id TEXT NOT NULL, revision INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
    kind TEXT NOT NULL, request TEXT NOT NULL, before TEXT, after TEXT);
CREATE INDEX IF NOT EXISTS log_by_book ON log (book_id, revision);
"""
FORGET_TAB = (
    "DELETE FROM sheets WHERE book_id = ? AND sheet_id = ?",
    "DELETE FROM blocks WHERE book_id = ? AND sheet_id = ?",
)
FORGET_BLOCK = "DELETE FROM blocks WHERE book_id = ? AND sheet_id = ? AND block = ?"
# Lines are kept so many together: writing ten thousand of them takes few statements, writing one a short text.
TOGETHER = 32
Lines = dict[int, dict[int, Cell]]
BLOCK = msgspec.json.Decoder(Lines)
LOG = "SELECT revision, at, actor, kind, request, before, after FROM log WHERE book_id = ? AND revision > ? "
STEPS = (
    "SELECT revision, at, actor, kind, request FROM log "
    "WHERE book_id = ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY rowid DESC"
)


def encoded(value: Any) -> str:
    """Write a value as JSON text."""
    return msgspec.json.encode(value).decode()


decoded = msgspec.json.decode


class Store:
    """Write each change of a book in one transaction, and read everything back at the start."""

    def __init__(self, path: str | Path) -> None:
        self.lock = threading.Lock()
        self.connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        # A paste writes some megabytes at once: large pages and rare checkpoints halve what that costs.
        self.connection.execute("PRAGMA page_size=16384")
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA wal_autocheckpoint=4000")
        # What is committed survives the end of the process, however sudden; a power cut may cost the last moments.
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.execute("PRAGMA busy_timeout=5000")
        self.connection.executescript(SCHEMA)
        self._renew()

    def _renew(self) -> None:
        """Bring a file of an older version up to this one: its log lacked columns, its lines stood one by one."""
        known = {row[1] for row in self.connection.execute("PRAGMA table_info(log)")}
        if "before" not in known:
            self.connection.execute("ALTER TABLE log ADD COLUMN before TEXT")
            self.connection.execute("ALTER TABLE log ADD COLUMN after TEXT")
        if not self.connection.execute("PRAGMA table_info(lines)").fetchall():
            return
        self.connection.execute("BEGIN IMMEDIATE")
        blocks: dict[tuple[str, int, int], Json] = {}
        for book_id, sheet_id, number, text in self.connection.execute("SELECT * FROM lines"):
            blocks.setdefault((book_id, sheet_id, number // TOGETHER), {})[number] = msgspec.Raw(text.encode())
        written = [(*key, encoded(lines)) for key, lines in blocks.items()]
        self.connection.executemany("INSERT INTO blocks VALUES (?, ?, ?, ?)", written)
        self.connection.execute("DROP TABLE lines")
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.connection.close()

    def fact(self, name: str) -> str | None:
        """Return a remembered text, such as the service account's key."""
        with self.lock:
            row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def remember(self, name: str, value: str) -> None:
        """Keep a text under a name."""
        with self.lock:
            self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def facts(self, prefix: str) -> dict[str, str]:
        """Return the remembered texts whose name starts with a prefix."""
        with self.lock:
            rows = self.connection.execute("SELECT name, value FROM facts").fetchall()
        return {name: value for name, value in rows if name.startswith(prefix)}

    def books(self) -> list[Book]:
        """Read every book."""
        with self.lock:
            found = self.connection.execute("SELECT book_id, json FROM books").fetchall()
            return [self._book(book_id, decoded(text)) for book_id, text in found]

    def _book(self, book_id: str, given: Json) -> Book:
        book = Book(book_id, **given)
        query = "SELECT sheet_id, json FROM sheets WHERE book_id = ?"
        for sheet_id, text in self.connection.execute(query, (book_id,)).fetchall():
            book.sheets[sheet_id] = self._sheet(book_id, sheet_id, decoded(text))
        return book

    def _sheet(self, book_id: str, sheet_id: int, given: Json) -> Sheet:
        query = "SELECT json FROM blocks WHERE book_id = ? AND sheet_id = ?"
        lines: Lines = {}
        for (text,) in self.connection.execute(query, (book_id, sheet_id)):
            lines |= BLOCK.decode(text)
        # A file of an older version numbers its lines as the rows they are.
        runs = given.pop("runs", None) or runs_of([(number, number) for number in sorted(lines)])
        sheet = Sheet(sheet_id, **given | {"sizes": sizes_of(given["sizes"])}, places=places_of(runs))
        sheet.rows = {row: lines[number] for row, number in sheet.places.numbers.items()}
        return sheet

    def save(self, old: Book | None, new: Book | None, entry: Json) -> None:
        """Write what differs between two states of a book, and the log entry, in one transaction.

        No new state means that the book is deleted for good; its log stays.
        """
        book_id = (new or old).book_id  # type: ignore[union-attr]
        entry |= dict(zip(("before", "after"), difference(old, new), strict=True))
        written = (book_id, *(entry[name] for name in ENTRY[:4]), *(encoded(entry[name]) for name in ENTRY[4:]))
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                self._save(old, new, book_id)
                self.connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", written)
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def _save(self, old: Book | None, new: Book | None, book_id: str) -> None:
        if new is None:
            self.connection.execute("DELETE FROM books WHERE book_id = ?", (book_id,))
        else:
            self.connection.execute("INSERT OR REPLACE INTO books VALUES (?, ?)", (book_id, encoded(book_json(new))))
        before, after = (book.sheets if book else {} for book in (old, new))
        for sheet_id in before.keys() - after.keys():
            for statement in FORGET_TAB:
                self.connection.execute(statement, (book_id, sheet_id))
        for sheet_id, sheet in after.items():
            if before.get(sheet_id) is not sheet:
                self._save_sheet(book_id, before.get(sheet_id), sheet)

    def _save_sheet(self, book_id: str, old: Sheet | None, new: Sheet) -> None:
        changes = line_changes(old.rows if old else {}, new.rows)
        before = (old and old.places) or Places()
        new.places = before.after(changes)
        key, numbers = (book_id, new.sheet_id), new.places.numbers
        text = encoded(sheet_json(new) | {"runs": new.places.runs})
        self.connection.execute("INSERT OR REPLACE INTO sheets VALUES (?, ?, ?)", (*key, text))
        touched = {before.numbers[row] for row in changes.gone} | {numbers[row] for row in changes.new}
        blocks: dict[int, Lines] = {number // TOGETHER: {} for number in touched}
        for row, number in numbers.items():
            if number // TOGETHER in blocks:
                blocks[number // TOGETHER][number] = new.rows[row]
        written = [(*key, block, encoded(lines)) for block, lines in blocks.items() if lines]
        self.connection.executemany("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?)", written)
        self.connection.executemany(FORGET_BLOCK, [(*key, block) for block, lines in blocks.items() if not lines])

    def changes(self, since: int, until: int) -> list[tuple[int, str, str, str]]:
        """Return (number, book id, moment, kind) of the changes of all books after a number, oldest first."""
        query = "SELECT rowid, book_id, at, kind FROM log WHERE rowid > ? AND rowid <= ? ORDER BY rowid"
        with self.lock:
            return self.connection.execute(query, (since, until)).fetchall()

    def drive_before(self, book_id: str, since: int) -> list[Json]:
        """Return what Drive knew of a book before each change of it after a number, where that changed."""
        query = "SELECT json_extract(before, '$.drive') FROM log WHERE book_id = ? AND rowid > ? ORDER BY rowid"
        with self.lock:
            rows = self.connection.execute(query, (book_id, since)).fetchall()
        return [decoded(text) for (text,) in rows if text]

    def last_change(self) -> int:
        """Return the number of the last change of any book."""
        with self.lock:
            return int(self.connection.execute("SELECT COALESCE(MAX(rowid), 0) FROM log").fetchone()[0])

    def log(
        self,
        book_id: str,
        since: int = 0,
        latest_first: bool = False,
        until: int | None = None,
        most: int | None = None,
    ) -> list[Json]:
        """Return the mutations of a book after a revision, up to another included, oldest first unless asked otherwise.

        `before` and `after` are None for what a file of an older version did not keep.
        """
        query = LOG + ("" if until is None else "AND revision <= ? ")
        query += ("ORDER BY rowid DESC" if latest_first else "ORDER BY rowid") + " LIMIT ?"
        given = (book_id, since, *(() if until is None else (until,)), -1 if most is None else most)
        with self.lock:
            rows = self.connection.execute(query, given).fetchall()
        return [
            dict(zip(ENTRY, (*row[:4], *(text and decoded(text) for text in row[4:])), strict=True)) for row in rows
        ]

    def steps(self, book_id: str, kinds: Sequence[str]) -> list[Json]:
        """Return the mutations of some kinds, the latest first, without what they changed."""
        with self.lock:
            rows = self.connection.execute(STEPS, (book_id, encoded(list(kinds)))).fetchall()
        return [dict(zip(ENTRY, (*row[:4], decoded(row[4])), strict=False)) for row in rows]


ENTRY = ("revision", "at", "actor", "kind", "request", "before", "after")


def book_json(book: Book) -> Json:
    """Return what is kept of a book besides its tabs."""
    names = ("properties", "drive", "order", "named_ranges", "metadata", "revision")
    return {name: getattr(book, name) for name in names}


def sheet_json(sheet: Sheet) -> Json:
    """Return what is kept of a tab besides its cells."""
    return {name: getattr(sheet, name) for name in (*OF_SHEET, "revision")}
