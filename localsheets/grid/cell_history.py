"""Who changed one cell, when, and from what to what: its trace followed back through the log."""

from typing import Any

from localsheets.books.history import line_of
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.shelf import Shelf
from localsheets.grid.follow import columns_map, place, rows_map
from localsheets.grid.sentences import reshaped, written
from localsheets.texts.locales import locale_of

Json = dict[str, Any]
AT_ONCE = 100
MOST_ENTRIES = 2000
MOST_FOUND = 60


def cell_history(shelf: Shelf, book: Book, sheet_id: int, row: int, column: int) -> list[Json]:
    """List the changes of one cell, the latest first; it is followed where its line came from."""
    trace = Trace(sheet_id, row, column)
    locale, found = locale_of(book.locale), []
    until = book.revision
    while until > max(0, book.revision - MOST_ENTRIES) and len(found) < MOST_FOUND and not trace.ended:
        entries = shelf.store.log(book.book_id, 0, latest_first=True, until=until, most=AT_ONCE)
        for entry in entries:
            change = trace.back(entry)
            if change is not None:
                old, new = change
                told = {name: entry[name] for name in ("revision", "at", "actor", "kind")}
                kind = "value" if old[:1] != new[:1] else "look"
                found.append(told | {"what": kind, "old": written(old, locale), "new": written(new, locale)})
        if not entries:
            break
        until = entries[-1]["revision"] - 1
    return found[:MOST_FOUND]


class Trace:
    """Hold where a cell stood, further and further back."""

    def __init__(self, sheet_id: int, row: int, column: int) -> None:
        self.key = str(sheet_id)
        self.row = row
        self.column = column
        self.ended = False

    def back(self, entry: Json) -> tuple[list[Any], list[Any]] | None:
        """Step back over an entry; returns what the cell held before and after it when that differs."""
        if self.ended or entry["before"] is None:
            self.ended = True
            return None
        after = (entry["after"].get("sheets") or {}).get(self.key)
        if after is None:
            return None
        before = entry["before"]["sheets"][self.key]
        new = self._cell(after)
        if before is None:
            self.ended = True
            return ([], new) if new else None
        if not reshaped(before, after):
            old = self._cell(before)
            known = str(self.row) in after.get("lines", {}) or str(self.row) in before.get("lines", {})
            return (old, new) if known and old != new else None
        return self._moved_back(before, after, new)

    def _cell(self, half: Json) -> list[Any]:
        return (half.get("lines") or {}).get(str(self.row), {}).get(str(self.column)) or []

    def _moved_back(self, before: Json, after: Json, new: list[Any]) -> tuple[list[Any], list[Any]] | None:
        for origin, to, count in after.get("moved") or []:
            if to <= self.row < to + count:
                self.row += origin - to
                return None
        if str(self.row) not in after.get("lines", {}):
            return None
        stand_ins = [({-1: Cell(note="moved")}, run, at) for run in after.get("moved") or [] for at in range(run[2])]
        old = _small(before, {run[0] + at: line for line, run, at in stand_ins})
        now = _small(after, {run[1] + at: line for line, run, at in stand_ins})
        rows, columns = rows_map(old, now), columns_map(old, now)
        origin = next((row for row in old.rows if place(rows, row) == self.row), None)
        wide = range(max((column for line in old.rows.values() for column in line), default=0) + 1)
        column = next((at for at in wide if place(columns, at) == self.column), None)
        if origin is None or column is None:
            self.ended = True
            return ([], new) if new else None
        self.row, self.column = origin, column
        past = self._cell(before)
        return (past, new) if past[:1] != new[:1] else None


def _small(half: Json, lines: dict[int, dict[int, Cell]]) -> Sheet:
    """Build a tab of only the lines that an entry touched; moved ones are known by what they are."""
    sheet = Sheet(0, "", half.get("row_count", 0), half.get("column_count", 0))
    sheet.rows = {int(row): line_of(line) for row, line in (half.get("lines") or {}).items()} | lines
    return sheet
