"""What a change did to a book: written down as what differs, read back to rebuild older versions.

A difference has two halves, `before` and `after`, each naming only what differs:

    {"properties": …, "order": …, "named_ranges": …, "metadata": …, "drive": …,
     "sheets": {sheetId: {attribute: value, "lines": {row: line}}, sheetId of no tab: None}}

`after` also lists the lines that only moved: `"moved": [[from, to, count], …]`. A line is
`{column: [entered, format, note, …]}`, the fields of its cells.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from localsheets.books.model import EMPTY, Book, Cell, Sheet

Json = dict[str, Any]
Lines = dict[int, dict[int, Cell]]
OF_BOOK = ("properties", "drive", "order", "named_ranges", "metadata")
OF_SHEET = ("title", "row_count", "column_count", "properties", "grid", "sizes", "annotations", "metadata")
# Moments and names of the last change are in the entry itself.
OF_ENTRY = ("modifiedTime", "lastModifyingUser")


class Changes(NamedTuple):
    """Hold how the lines of a tab differ: gone ones, new ones, runs of moved ones (from, to, count)."""

    gone: list[int]
    new: list[int]
    moved: list[tuple[int, int, int]]


def line_changes(old: Lines, new: Lines) -> Changes:
    """Compare two states of a tab's lines; a line is known again by the object that holds it."""
    left = {row for row, line in old.items() if new.get(row) is not line}
    came = [row for row, line in new.items() if old.get(row) is not line]
    places = {id(old[row]): row for row in left}
    pairs = sorted((places.pop(id(new[row])), row) for row in came if id(new[row]) in places)
    left.difference_update(origin for origin, _ in pairs)
    arrived = {row for _, row in pairs}
    return Changes(sorted(left), sorted(row for row in came if row not in arrived), runs_of(pairs))


def runs_of(pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Gather sorted pairs that grow together as (first, second, count)."""
    runs: list[tuple[int, int, int]] = []
    for origin, place in pairs:
        if runs and (origin, place) == (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]):
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((origin, place, 1))
    return runs


def difference(old: Book | None, new: Book | None) -> tuple[Json, Json]:
    """Return what differs between two states of a book, as (before, after); None is no book."""
    before, after = _book_half(old), _book_half(new)
    same = [name for name in before.keys() & after.keys() if before[name] == after[name]]
    halves = [{name: half[name] for name in half if name not in same} for half in (before, after)]
    sheets: tuple[Json, Json] = {}, {}
    olds, news = (book.sheets if book else {} for book in (old, new))
    for sheet_id in [*olds, *(news.keys() - olds.keys())]:
        if olds.get(sheet_id) is not news.get(sheet_id):
            pair = _sheet_difference(olds.get(sheet_id), news.get(sheet_id))
            if pair[0] != pair[1]:
                sheets[0][str(sheet_id)], sheets[1][str(sheet_id)] = pair
    if sheets[0]:
        halves = [half | {"sheets": found} for half, found in zip(halves, sheets, strict=True)]
    return halves[0], halves[1]


def _book_half(book: Book | None) -> Json:
    if book is None:
        return {}
    half = {name: getattr(book, name) for name in OF_BOOK}
    return half | {"drive": {name: value for name, value in book.drive.items() if name not in OF_ENTRY}}


def _sheet_difference(old: Sheet | None, new: Sheet | None) -> tuple[Json | None, Json | None]:
    if old is None or new is None:
        return _whole(old), _whole(new)
    before, after = _attributes(old), _attributes(new)
    for name in OF_SHEET:
        if before[name] == after[name]:
            del before[name], after[name]
    changes = line_changes(old.rows, new.rows)
    both = set(changes.gone).intersection(changes.new)
    equal = {row for row in both if old.rows[row] == new.rows[row]}
    for half, rows, lines in ((before, changes.gone, old.rows), (after, changes.new, new.rows)):
        written = {row: lines[row] for row in rows if row not in equal}
        if written:
            half["lines"] = written
    if changes.moved:
        after["moved"] = [list(run) for run in changes.moved]
    return before, after


def _attributes(sheet: Sheet) -> Json:
    return {name: getattr(sheet, name) for name in OF_SHEET}


def _whole(sheet: Sheet | None) -> Json | None:
    if sheet is None:
        return None
    return _attributes(sheet) | {"lines": dict(sheet.rows)}


def line_of(given: Json) -> dict[int, Cell]:
    """Read a line as JSON keeps it."""
    return {int(column): Cell(*cell) for column, cell in given.items()}


def sizes_of(given: Json) -> dict[str, dict[int, Json]]:
    """Read the sizes of lines, whose numbers JSON keeps as texts."""
    return {axis: {int(at): size for at, size in known.items()} for axis, known in given.items()}


def undo(draft: Book, before: Json, after: Json) -> None:
    """Take a difference back on a fork of the book that it led to; Drive's own facts stay."""
    for name in OF_BOOK:
        if name in before and name != "drive":
            setattr(draft, name, before[name])
    for text, half in (before.get("sheets") or {}).items():
        sheet_id, other = int(text), after["sheets"][text]
        if half is None:
            del draft.sheets[sheet_id]
        elif other is None:
            draft.sheets[sheet_id] = _sheet_of(sheet_id, half)
            draft.owned.add(sheet_id)
        else:
            _undo_sheet(draft.edit(sheet_id), half, other)
    draft.memo.clear()


def _sheet_of(sheet_id: int, half: Json) -> Sheet:
    given = {name: half[name] for name in OF_SHEET} | {"sizes": sizes_of(half["sizes"])}
    sheet = Sheet(sheet_id, **given)
    sheet.rows = {int(row): line_of(line) for row, line in half["lines"].items()}
    return sheet


def _undo_sheet(sheet: Sheet, before: Json, after: Json) -> None:
    for name in OF_SHEET:
        if name in before:
            setattr(sheet, name, sizes_of(before[name]) if name == "sizes" else before[name])
    rows = dict(sheet.rows)
    for row in after.get("lines") or {}:
        del rows[int(row)]
    moved = [(origin + at, place + at) for origin, place, count in after.get("moved") or [] for at in range(count)]
    taken = {origin: rows.pop(place) for origin, place in moved}
    rows |= taken
    rows |= {int(row): line_of(line) for row, line in (before.get("lines") or {}).items()}
    sheet.reshape()
    sheet.replace_rows(rows)


def changed_cells(before: Json, after: Json) -> Iterator[tuple[int, int, int, Cell, Cell]]:
    """Yield (sheetId, row, column, old cell, new cell) of the cells that a difference rewrote in place.

    Whole tabs that came or went are not among them, nor what only moved.
    """
    for text, half in (before.get("sheets") or {}).items():
        other = after["sheets"][text]
        if half is None or other is None:
            continue
        olds, news = half.get("lines") or {}, other.get("lines") or {}
        for row in sorted({*olds, *news}, key=int):
            old, new = line_of(olds.get(row) or {}), line_of(news.get(row) or {})
            for column in sorted({*old, *new}):
                pair = old.get(column, EMPTY), new.get(column, EMPTY)
                if pair[0] != pair[1]:
                    yield int(text), int(row), column, *pair
