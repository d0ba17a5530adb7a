"""Keeps books in one SQLite file: what was answered is on the disk."""

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

from localsheets.model import Book, Cell, Sheet

Json = dict[str, Any]
SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS books (book_id TEXT PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sheets (
    book_id TEXT NOT NULL, sheet_id INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (book_id, sheet_id));
CREATE TABLE IF NOT EXISTS lines (
    book_id TEXT NOT NULL, sheet_id INTEGER NOT NULL, number INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (book_id, sheet_id, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
    book_id TEXT NOT NULL, revision INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
    kind TEXT NOT NULL, request TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS log_by_book ON log (book_id, revision);
"""


class Store:
    """Write each change of a book in one transaction, and read everything back at the start."""

    def __init__(self, path: str | Path) -> None:
        self.lock = threading.Lock()
        self.connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute("PRAGMA busy_timeout=5000")
        self.connection.executescript(SCHEMA)

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
            return [self._book(book_id, json.loads(text)) for book_id, text in found]

    def _book(self, book_id: str, given: Json) -> Book:
        book = Book(book_id, **given)
        query = "SELECT sheet_id, json FROM sheets WHERE book_id = ?"
        for sheet_id, text in self.connection.execute(query, (book_id,)).fetchall():
            book.sheets[sheet_id] = self._sheet(book_id, sheet_id, json.loads(text))
        return book

    def _sheet(self, book_id: str, sheet_id: int, given: Json) -> Sheet:
        sizes = given.pop("sizes")
        sheet = Sheet(sheet_id, **given)
        sheet.sizes = {axis: {int(at): size for at, size in known.items()} for axis, known in sizes.items()}
        query = "SELECT number, json FROM lines WHERE book_id = ? AND sheet_id = ?"
        for number, text in self.connection.execute(query, (book_id, sheet_id)):
            sheet.rows[number] = {int(column): Cell(*cell) for column, cell in json.loads(text).items()}
        return sheet

    def save(self, old: Book | None, new: Book, entry: Json) -> None:
        """Write what differs between two states of a book, and the log entry, in one transaction."""
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                self._save(old, new, entry)
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def _save(self, old: Book | None, new: Book, entry: Json) -> None:
        self.connection.execute("INSERT OR REPLACE INTO books VALUES (?, ?)", (new.book_id, json.dumps(book_json(new))))
        before = old.sheets if old else {}
        for sheet_id in before.keys() - new.sheets.keys():
            self._drop("sheets", new.book_id, sheet_id)
            self._drop("lines", new.book_id, sheet_id)
        for sheet_id, sheet in new.sheets.items():
            if before.get(sheet_id) is not sheet:
                self._save_sheet(new.book_id, before.get(sheet_id), sheet)
        self._log(new.book_id, entry)

    def _drop(self, table: str, book_id: str, sheet_id: int) -> None:
        statement = {
            "sheets": "DELETE FROM sheets WHERE book_id = ? AND sheet_id = ?",
            "lines": "DELETE FROM lines WHERE book_id = ? AND sheet_id = ?",
        }[table]
        self.connection.execute(statement, (book_id, sheet_id))

    def _save_sheet(self, book_id: str, old: Sheet | None, new: Sheet) -> None:
        key = (book_id, new.sheet_id)
        self.connection.execute("INSERT OR REPLACE INTO sheets VALUES (?, ?, ?)", (*key, json.dumps(sheet_json(new))))
        before = old.rows if old else {}
        gone = [(*key, number) for number in before.keys() - new.rows.keys()]
        self.connection.executemany("DELETE FROM lines WHERE book_id = ? AND sheet_id = ? AND number = ?", gone)
        written = [
            (*key, number, json.dumps(line_json(line), ensure_ascii=False))
            for number, line in new.rows.items()
            if before.get(number) is not line
        ]
        self.connection.executemany("INSERT OR REPLACE INTO lines VALUES (?, ?, ?, ?)", written)

    def delete(self, book_id: str, entry: Json) -> None:
        """Forget a book; its log stays."""
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("DELETE FROM books WHERE book_id = ?", (book_id,))
            self.connection.execute("DELETE FROM sheets WHERE book_id = ?", (book_id,))
            self.connection.execute("DELETE FROM lines WHERE book_id = ?", (book_id,))
            self._log(book_id, entry)
            self.connection.execute("COMMIT")

    def _log(self, book_id: str, entry: Json) -> None:
        values = (entry["revision"], entry["at"], entry["actor"], entry["kind"], json.dumps(entry["request"]))
        self.connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)", (book_id, *values))

    def log(self, book_id: str) -> list[Json]:
        """Return the mutations of a book, oldest first."""
        query = "SELECT revision, at, actor, kind, request FROM log WHERE book_id = ? ORDER BY rowid"
        with self.lock:
            rows = self.connection.execute(query, (book_id,)).fetchall()
        names = ("revision", "at", "actor", "kind", "request")
        return [dict(zip(names, (*row[:4], json.loads(row[4])), strict=True)) for row in rows]


def book_json(book: Book) -> Json:
    """Return what is kept of a book besides its tabs."""
    names = ("properties", "drive", "order", "named_ranges", "metadata", "revision")
    return {name: getattr(book, name) for name in names}


def sheet_json(sheet: Sheet) -> Json:
    """Return what is kept of a tab besides its cells."""
    names = (
        "title",
        "row_count",
        "column_count",
        "properties",
        "grid",
        "sizes",
        "annotations",
        "metadata",
        "revision",
    )
    return {name: getattr(sheet, name) for name in names}


def line_json(line: dict[int, Cell]) -> Json:
    """Return one line of cells as {column: [entered, format, note, validation]}."""
    return {str(column): [cell.entered, cell.format, cell.note, cell.validation] for column, cell in line.items()}
