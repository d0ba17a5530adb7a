"""What a calculator may keep of the one before: the values of formulas that read nothing that changed."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any

from localsheets.books.a1 import Area
from localsheets.books.model import Book
from localsheets.formulas.syntax import Ref

Place = tuple[int, int, int]
BOOKS_KEPT = 16
MOST_CHANGES = 3_000
FAR = 10**9
_recent: "OrderedDict[str, Any]" = OrderedDict()
_lock = threading.Lock()


class Memory:
    """Hold the known values of a book's formulas with what each of them reads."""

    def __init__(self, book: Book) -> None:
        self.known: dict[Place, Any] = {}
        self.inputs: dict[Place, list[Ref]] = {}
        self.unlearnt: dict[Place, list[Ref]] = {}
        self.volatile: set[Place] = set()
        self.named: set[Place] = set()
        self.readers = Readers()
        self.circular: set[Place] = set()
        self.rows = {sheet.sheet_id: sheet.rows for sheet in book.sheets.values()}
        self.frame = _frame(book)
        # Lines without formulas that spread, by identity: lines that nobody touched are not searched again.
        self.calm: dict[int, Any] = {}

    def reads(self, place: Place, refs: list[Ref], compiled: Any) -> None:
        """Note what a formula is about to read."""
        self.inputs[place] = self.unlearnt[place] = refs
        if compiled.volatile:
            self.volatile.add(place)
        if compiled.names:
            self.named.add(place)


def _frame(book: Book) -> Any:
    """Return all but the cells: when any of it differs nothing is kept."""
    tabs = [(tab.sheet_id, tab.title, tab.row_count, tab.column_count, tab.shape) for tab in book.in_order()]
    names = [(named["name"], named["range"]) for named in book.named_ranges]
    return book.locale, book.properties.get("timeZone"), tabs, names


def makers(calculator: Any, earlier: Any, makes: Callable[[str], bool]) -> list[Place]:
    """List the formulas that may spread, in reading order; lines known to hold none are not searched again."""
    calm, before = calculator.memory.calm, earlier.memory.calm if earlier else {}
    found = []
    for sheet_id, rows in calculator.memory.rows.items():
        for row, line in rows.items():
            if before.get(id(line)) is not line:
                held = {column: cell.entered for column, cell in line.items() if cell.entered}
                columns = [at for at, given in held.items() if "formulaValue" in given and makes(given["formulaValue"])]
                if columns:
                    found += [(sheet_id, row, column) for column in columns]
                    continue
            calm[id(line)] = line
    return sorted(found)


def latest(book: Book) -> Any:
    """Return the last calculator of a stored state of a book, if it is still kept."""
    with _lock:
        return _recent.get(book.book_id)


def remember(calculator: Any) -> None:
    """Keep a calculator of a stored book for the next state of that book."""
    with _lock:
        _recent[calculator.book.book_id] = calculator
        _recent.move_to_end(calculator.book.book_id)
        while len(_recent) > BOOKS_KEPT:
            _recent.popitem(last=False)


def recall(calculator: Any, earlier: Any) -> None:
    """Take over from the last calculator of the same book what has not changed since."""
    if earlier is None or earlier.running or earlier.spills.any or calculator.spills.any:
        return
    old, new = earlier.memory, calculator.memory
    changed = _changed(old, new) if old.frame == new.frame else None
    if changed is None:
        return
    with _lock:
        gone = _dependents(earlier, changed | old.volatile | old.circular)
    if gone is None:
        return
    new.known.update(old.known)
    new.inputs.update(old.inputs)
    for place in gone:
        new.known.pop(place, None)
        new.inputs.pop(place, None)
    new.named.update(old.named - gone)
    new.readers = old.readers


def _changed(old: Memory, new: Memory) -> set[Place] | None:
    """List the cells that differ between two states, None when they are too many to follow."""
    changed: set[Place] = set()
    for sheet_id, rows in new.rows.items():
        before = old.rows[sheet_id]
        if rows is before:
            continue
        for row in rows.keys() | before.keys():
            one, two = before.get(row), rows.get(row)
            if one is two:
                continue
            one, two = one or {}, two or {}
            for column in one.keys() | two.keys():
                if one.get(column) is not two.get(column):
                    changed.add((sheet_id, row, column))
            if len(changed) > MOST_CHANGES:
                return None
    return changed


class Readers:
    """Find the formulas that read a cell; handed from one calculator to the next, so it only grows.

    What a formula read before it was replaced stays: at worst it is computed again for nothing.
    """

    def __init__(self) -> None:
        self.known: dict[Place, list[Ref]] = {}
        self.cells: dict[Place, list[Place]] = defaultdict(list)
        self.lines: dict[tuple[int, int], list[tuple[int, int, Place]]] = defaultdict(list)
        self.columns: dict[tuple[int, int], list[tuple[int, int, Place]]] = defaultdict(list)
        self.blocks: list[tuple[int, Area, Place]] = []

    def learn(self, inputs: dict[Place, list[Ref]], titles: dict[str, int]) -> None:
        """Add what formulas read, where it is not known yet."""
        for place, refs in list(inputs.items()):
            if self.known.get(place) == refs:
                continue
            self.known[place] = refs
            for ref in refs:
                sheet_id = place[0] if ref.title is None else titles.get(ref.title.lower(), -1)
                self._add(sheet_id, ref.area, place)

    def _add(self, sheet_id: int, area: Area, place: Place) -> None:
        top, left, bottom, right = area.top, area.left, area.bottom, area.right
        if bottom == top + 1 and right == left + 1:
            self.cells[sheet_id, top, left].append(place)
        elif right == left + 1:
            self.columns[sheet_id, left].append((top, bottom or FAR, place))
        elif bottom == top + 1:
            self.lines[sheet_id, top].append((left, right or FAR, place))
        else:
            self.blocks.append((sheet_id, area, place))

    def of(self, place: Place) -> list[Place]:
        """List the formulas that read a cell."""
        sheet_id, row, column = place
        found = list(self.cells.get(place, ()))
        found += [at for start, end, at in self.columns.get((sheet_id, column), ()) if start <= row < end]
        found += [at for start, end, at in self.lines.get((sheet_id, row), ()) if start <= column < end]
        for block, area, at in self.blocks:
            inside = area.top <= row < (area.bottom or FAR) and area.left <= column < (area.right or FAR)
            if inside and block == sheet_id:
                found.append(at)
        return found


def _dependents(calculator: Any, changed: set[Place]) -> set[Place] | None:
    """List the cells whose value may have changed; None when it is quicker to compute all again.

    Formulas with named ranges are always computed again: their ranges are not in what they read.
    """
    memory = calculator.memory
    if not memory.inputs:
        return changed
    fresh, memory.unlearnt = memory.unlearnt, {}
    memory.readers.learn(fresh, calculator.titles)
    gone = changed | memory.named
    waiting = list(gone)
    while waiting:
        for place in memory.readers.of(waiting.pop()):
            if place not in gone:
                gone.add(place)
                waiting.append(place)
        if len(gone) > 4 * MOST_CHANGES:
            return None
    return gone
