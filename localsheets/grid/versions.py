"""The history of a book as the grid page shows it: who did what, older versions, and how one becomes current again."""

from typing import Any

from flask import Flask, Response, request

from localsheets.books.history import line_changes, undo
from localsheets.books.model import Book, Sheet
from localsheets.books.shelf import Shelf
from localsheets.errors import ApiError
from localsheets.grid.cell_history import cell_history
from localsheets.grid.follow import columns_map, place, rows_map
from localsheets.grid.live import Live
from localsheets.grid.people import actor_of
from localsheets.grid.sentences import Teller
from localsheets.serving.answers_http import json_answer
from localsheets.texts.locales import locale_of

Json = dict[str, Any]
ROOT = "/spreadsheets/d/<book_id>"
PAGE = 30
MOST_PAGE = 100
MOST_MARKED = 5000
UNKNOWN = "Ce classeur n’existe pas ou a été supprimé."
NOT_KEPT = "Cette version n’a pas été gardée."


def register(app: Flask, shelf: Shelf, live: Live) -> None:
    """Add the routes of the history to the server."""
    versions = Versions(shelf, live)
    app.add_url_rule(f"{ROOT}/history", view_func=versions.history)
    app.add_url_rule(f"{ROOT}/history/cell", view_func=versions.cell)
    app.add_url_rule(f"{ROOT}/version", view_func=versions.version)
    app.add_url_rule(f"{ROOT}/restore", view_func=versions.restore, methods=["POST"])


class Versions:
    """Answer what the history panel asks."""

    def __init__(self, shelf: Shelf, live: Live) -> None:
        self.shelf = shelf
        self.live = live

    def history(self, book_id: str) -> Response:
        """List what was done to a book, the latest first, a page at a time."""
        book = self.live.book(book_id)
        if book is None:
            return json_answer({"error": UNKNOWN}, 404)
        before = request.args.get("before", book.revision + 1, type=int)
        size = min(max(1, request.args.get("most", PAGE, type=int)), MOST_PAGE)
        entries = self.shelf.store.log(book_id, 0, latest_first=True, until=before - 1, most=size)
        teller = Teller(_titles(book), locale_of(book.locale), self._moments(book_id, entries))
        told = []
        for entry in entries:
            told.append(teller.tell(entry))
            teller.titles |= _earlier_titles(entry)
        return json_answer({"entries": told, "more": bool(entries) and entries[-1]["revision"] > 1})

    def _moments(self, book_id: str, entries: list[Json]) -> dict[int, str]:
        """Return when the versions that were restored had been made."""
        found = {}
        for entry in entries:
            if entry["kind"] == "restore":
                revision = entry["request"]["revision"]
                for made in self.shelf.store.log(book_id, revision - 1, until=revision):
                    found[revision] = made["at"]
        return found

    def cell(self, book_id: str) -> Response:
        """List what one cell held, the latest first."""
        book = self.live.book(book_id)
        if book is None:
            return json_answer({"error": UNKNOWN}, 404)
        sheet_id, row, column = (request.args.get(name, 0, type=int) for name in ("sheet", "row", "column"))
        return json_answer({"entries": cell_history(self.shelf, book, sheet_id, row, column)})

    def version(self, book_id: str) -> Response:
        """Answer an older version of a book, and the cells that its last change wrote."""
        if self.live.book(book_id) is None:
            return json_answer({"error": UNKNOWN}, 404)
        given = request.args
        try:
            book = self.shelf.at(book_id, given.get("revision", 0, type=int))
        except ApiError:
            return json_answer({"error": NOT_KEPT}, 404)
        place = given.get("sheet", type=int), given.get("row", 0, type=int)
        return json_answer({"book": self.live.version(book, place), "marked": self._marked(book)})

    def _marked(self, book: Book) -> Json:
        """List by tab the cells [row, column] that the last change of a version wrote."""
        entries = self.shelf.store.log(book.book_id, book.revision - 1, until=book.revision)
        if book.revision < 2 or not entries or entries[0]["before"] is None:
            return {}
        older = book.fork()
        undo(older, entries[0]["before"], entries[0]["after"])
        return {
            str(sheet_id): _written_cells(older.sheets.get(sheet_id), sheet)
            for sheet_id, sheet in book.sheets.items()
            if older.sheets.get(sheet_id) is not sheet
        }

    def restore(self, book_id: str) -> Response:
        """Make an older version current, as a new revision."""
        body = request.get_json(silent=True)
        revision = body.get("revision") if isinstance(body, dict) else None
        if self.live.book(book_id) is None or not isinstance(revision, int):
            return json_answer({"error": UNKNOWN}, 404)
        try:
            book = self.shelf.restore(book_id, revision, actor_of(body))
        except ApiError:
            return json_answer({"error": NOT_KEPT}, 404)
        return json_answer({"revision": book.revision})


def _titles(book: Book) -> dict[int, str]:
    return {sheet.sheet_id: sheet.title for sheet in book.in_order()}


def _earlier_titles(entry: Json) -> dict[int, str]:
    """Return the titles that tabs had before an entry, where it changed them."""
    halves = ((entry["before"] or {}).get("sheets") or {}).items()
    return {int(sheet_id): half["title"] for sheet_id, half in halves if half and "title" in half}


def _written_cells(old: Sheet | None, new: Sheet) -> list[list[int]]:
    """List the cells of a tab that differ from where they were before, at most so many."""
    if old is None:
        old = Sheet(new.sheet_id, new.title)
    rows, columns = rows_map(old, new), columns_map(old, new)
    came = set(line_changes(old.rows, new.rows).new)
    origins = {place(rows, row): row for row in old.rows}
    found: list[list[int]] = []
    for row in sorted(came):
        before = old.rows.get(origins.get(row, -1), {})
        moved = {place(columns, column): cell for column, cell in before.items()}
        line = new.rows[row]
        found += [[row, at] for at in sorted({*line, *moved} - {None}) if line.get(at) != moved.get(at)]
        if len(found) > MOST_MARKED:
            break
    emptied = [row for row in old.rows if place(rows, row) == row and row not in new.rows]
    found += [[row, at] for row in emptied for at in old.rows[row]]
    return found[:MOST_MARKED]
