"""Undo and redo of the grid page's own steps, without wiping what others wrote since."""

import copy
from dataclasses import dataclass
from typing import Any

import msgspec

from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.structure import Change, Deleted, Inserted, Moved, restructure
from localsheets.grid.actions import Impossible, Lines
from localsheets.requests.sheets import rename

Json = dict[str, Any]
Place = tuple[int, int, int]
PARTS = ("entered", "format", "note", "validation", "runs")
SORTED_SINCE = "Quelqu’un a écrit depuis dans les lignes triées : le tri reste comme il est."
ATTACHED = ("annotations", "metadata", "sizes", "grid", "properties", "row_count", "column_count")


@dataclass
class Step:
    """Hold a book before and after a step, and the changes of lines in between."""

    before: Book
    after: Book
    lines: list[Lines]
    sorts: bool = False

    def undo(self, draft: Book) -> list[Place]:
        """Take the step back on a fork of the book as it is now; returns the cells left as others wrote them."""
        return self._travel(draft, self.after, self.before, [_inverse(lines) for lines in reversed(self.lines)])

    def redo(self, draft: Book) -> list[Place]:
        """Do the step again on a fork of the book as it is now; returns the cells left as others wrote them."""
        return self._travel(draft, self.before, self.after, self.lines)

    def _travel(self, draft: Book, origin: Book, target: Book, lines: list[Lines]) -> list[Place]:
        if self.sorts:
            _check_same_rows(draft, origin, target)
        return travel(draft, origin, target, lines)


def sorts(actions: list[Json]) -> bool:
    """Tell whether actions put rows in another order without moving lines."""
    return any(
        action.get("type") == "sort" or any("sortRange" in request for request in action.get("requests") or [])
        for action in actions
    )


def _check_same_rows(draft: Book, origin: Book, target: Book) -> None:
    """Refuse when rows to put back in order were written since: a cell left behind would stand in another's row."""
    for sheet_id, then in origin.sheets.items():
        now, wanted = draft.sheets.get(sheet_id), target.sheets.get(sheet_id)
        if now is None or wanted is None or now is then:
            continue
        for row in then.rows.keys() | wanted.rows.keys():
            line = then.rows.get(row, {})
            if line != wanted.rows.get(row, {}) and line != now.rows.get(row, {}):
                raise Impossible(SORTED_SINCE)


def _inverse(lines: Lines) -> Lines:
    sheet_id, axis, change = lines
    return sheet_id, axis, _inverted(change)


def _inverted(change: Change) -> Change:
    if isinstance(change, Inserted):
        return Deleted(change.at, change.at + change.count)
    if isinstance(change, Deleted):
        return Inserted(change.start, change.end - change.start)
    count = change.end - change.start
    if change.to <= change.start:
        return Moved(change.to, change.to + count, change.end)
    return Moved(change.to - count, change.to, change.start)


def travel(draft: Book, origin: Book, target: Book, lines: list[Lines]) -> list[Place]:
    """Bring on a draft what leads from one state of the book to another, and nothing else.

    Returns the cells (tab, row, column) that someone else wrote since: they stay as they are.
    Raises `Impossible` when someone moved lines since, or filled what would disappear.
    """
    touched = [sheet_id for sheet_id in origin.sheets if origin.sheets[sheet_id] is not target.sheets.get(sheet_id)]
    for sheet_id in touched:
        now = draft.sheets.get(sheet_id)
        if now is None or now.shape != origin.sheets[sheet_id].shape:
            raise Impossible("Des lignes, des colonnes ou un onglet ont bougé depuis : rien n’a été changé.")
    expected = origin.fork()
    for sheet_id, axis, change in lines:
        if sheet_id not in target.sheets or sheet_id not in draft.sheets:
            continue
        if isinstance(change, Deleted):
            _check_untouched(draft.sheets[sheet_id], expected.sheets[sheet_id], axis, change)
        restructure(draft, sheet_id, axis, change)
        restructure(expected, sheet_id, axis, change)
    _travel_tabs(draft, origin, target)
    left: list[Place] = []
    for sheet_id in touched:
        if sheet_id in target.sheets:
            left += _travel_sheet(draft, expected.sheets[sheet_id], target.sheets[sheet_id])
    return left


def _check_untouched(now: Sheet, expected: Sheet, axis: str, change: Deleted) -> None:
    if _entered(now, axis, change) != _entered(expected, axis, change):
        raise Impossible("Ce qui disparaîtrait a été rempli depuis : rien n’a été changé.")


def _entered(sheet: Sheet, axis: str, change: Deleted) -> dict[tuple[int, int], object]:
    return {
        (row, column): cell.entered
        for row, column, cell in sheet.cells()
        if change.start <= (row if axis == "ROWS" else column) < change.end and cell.entered
    }


def _travel_tabs(draft: Book, origin: Book, target: Book) -> None:
    for sheet_id in origin.sheets.keys() - target.sheets.keys():
        if draft.sheets[sheet_id].rows != origin.sheets[sheet_id].rows:
            raise Impossible("L’onglet a été rempli depuis : il n’a pas été retiré.")
        draft.remove(sheet_id)
    for sheet_id in target.sheets.keys() - origin.sheets.keys():
        sheet = target.sheets[sheet_id]
        if sheet_id in draft.sheets or sheet.title in draft.titles():
            raise Impossible(f"Un onglet s’appelle déjà « {sheet.title} ».")
        draft.add(sheet.fork(), min(target.order.index(sheet_id), len(draft.order)))
    if sorted(draft.order) == sorted(target.order) and origin.order != target.order:
        draft.order = list(target.order)
    if draft.title == origin.title != target.title:
        draft.properties = draft.properties | {"title": target.title}
    if draft.named_ranges == origin.named_ranges != target.named_ranges:
        draft.named_ranges = copy.deepcopy(target.named_ranges)


def _travel_sheet(draft: Book, expected: Sheet, target: Sheet) -> list[Place]:
    sheet = draft.edit(target.sheet_id)
    if sheet.title == expected.title != target.title:
        if target.title in draft.titles():
            raise Impossible(f"Un onglet s’appelle déjà « {target.title} ».")
        rename(draft, sheet.sheet_id, target.title)
    fresh = target.fork()
    for name in ATTACHED:
        if getattr(sheet, name) == getattr(expected, name):
            setattr(sheet, name, getattr(fresh, name))
    left: list[Place] = []
    for (row, column), cell in _differences(expected, target).items():
        now, then = sheet.cell(row, column), expected.cell(row, column)
        result, whole = _brought(now, then, cell)
        if not whole:
            left.append((sheet.sheet_id, row, column))
        sheet.put(row, column, result)
    sheet.shape = target.shape
    return left


def _brought(now: Cell, expected: Cell, target: Cell) -> tuple[Cell, bool]:
    """Return a cell with its parts that differ brought back, those written over since left; and whether none was."""
    if now == expected:
        return target, True
    parts, whole = {}, True
    for name in PARTS:
        then, wanted, found = getattr(expected, name), getattr(target, name), getattr(now, name)
        if then != wanted and found == then:
            parts[name] = wanted
        elif found not in (then, wanted) and then != wanted:
            whole = False
    return msgspec.structs.replace(now, **parts), whole


def _differences(old: Sheet, new: Sheet) -> dict[tuple[int, int], Cell]:
    """Return the cells of the new tab, blanks included, wherever it differs from the old one."""
    found = {}
    for row in old.rows.keys() | new.rows.keys():
        before, after = old.rows.get(row, {}), new.rows.get(row, {})
        if before is after:
            continue
        for column in before.keys() | after.keys():
            if old.cell(row, column) != new.cell(row, column):
                found[row, column] = new.cell(row, column)
    return found
