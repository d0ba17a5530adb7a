"""batchUpdate requests that copy, cut, sort and replace cells."""

import re
from dataclasses import replace as with_changes
from typing import Any

from msgspec.structs import replace

from localsheets.a1 import Area, Closed
from localsheets.errors import invalid, missing
from localsheets.formula_results import effective
from localsheets.formula_syntax import Ref
from localsheets.formulas import calculator
from localsheets.model import EMPTY, Book, Cell, Sheet
from localsheets.ranges import grid_range
from localsheets.structure import rewrite_formulas
from localsheets.values import parse_entered

Json = dict[str, Any]
Block = list[list[Cell]]
PASTES = ("PASTE_NORMAL", "PASTE_VALUES", "PASTE_FORMULA", "PASTE_FORMAT", "PASTE_NO_BORDERS")


def copy_paste(book: Book, given: Json) -> Json:
    """Copy a range over another, repeated when the destination is a multiple of the source."""
    kind = _paste_type(given)
    source_sheet, source = grid_range(book, given.get("source"))
    target_sheet, wanted = grid_range(book, given.get("destination"))
    transposed = given.get("pasteOrientation") == "TRANSPOSE"
    block = _block(book, source_sheet, source, kind == "PASTE_VALUES")
    block = [list(line) for line in zip(*block, strict=True)] if transposed else block
    area = _tiled(wanted, len(block), len(block[0]) if block else 0, target_sheet)
    target = book.edit(target_sheet.sheet_id)
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            down, across = (row - area.top) % len(block), (column - area.left) % len(block[0])
            origin = (across, down) if transposed else (down, across)
            copied = block[down][across].moved(row - source.top - origin[0], column - source.left - origin[1])
            _paste(target, row, column, copied, kind)
    return {}


def _paste_type(given: Json) -> str:
    kind = given.get("pasteType", "PASTE_NORMAL")
    if kind not in PASTES:
        raise missing(f"the paste type {kind}")
    return str(kind)


def _block(book: Book, sheet: Sheet, area: Closed, computed: bool) -> Block:
    read = _constant if computed else _as_is
    columns = range(area.left, area.right)
    return [[read(book, sheet, row, column) for column in columns] for row in range(area.top, area.bottom)]


def _as_is(_: Book, sheet: Sheet, row: int, column: int) -> Cell:
    return sheet.cell(row, column)


def _constant(book: Book, sheet: Sheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    if cell.formula is None:
        return cell
    return replace(cell, entered=effective(calculator(book).value(sheet, row, column)))


def _tiled(wanted: Closed, height: int, width: int, sheet: Sheet) -> Closed:
    if not height or not width:
        raise invalid("The source range is empty.")
    rows = wanted.height if wanted.height and wanted.height % height == 0 else height
    columns = wanted.width if wanted.width and wanted.width % width == 0 else width
    area = Area(wanted.top, wanted.left, wanted.top + rows, wanted.left + columns)
    return sheet.resolve(area)


def _paste(target: Sheet, row: int, column: int, copied: Cell, kind: str) -> None:
    old = target.cell(row, column)
    if kind in ("PASTE_VALUES", "PASTE_FORMULA"):
        new = replace(old, entered=copied.entered)
    elif kind == "PASTE_FORMAT":
        new = replace(old, format=copied.format)
    elif kind == "PASTE_NO_BORDERS":
        kept = {name: value for name, value in (copied.format or {}).items() if name != "borders"}
        own = {name: value for name, value in (old.format or {}).items() if name == "borders"}
        new = replace(copied, format=(kept | own) or None)
    else:
        new = copied
    if new != old:
        target.put(row, column, new)


def cut_paste(book: Book, given: Json) -> Json:
    """Move a range; formulas that pointed at its cells point at their new place."""
    kind = _paste_type(given)
    sheet, source = grid_range(book, given.get("source"))
    start = given.get("destination") or {}
    target = book.edit(start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    area = target.resolve(Area(top, left, top + source.height, left + source.width))
    block = _block(book, sheet, source, computed=False)
    origin = book.edit(sheet.sheet_id)
    for row in range(source.top, source.bottom):
        for column in range(source.left, source.right):
            old = origin.cell(row, column)
            emptied = replace(old, format=None) if kind == "PASTE_FORMAT" else replace(old, entered=None)
            origin.put(row, column, EMPTY if kind == "PASTE_NORMAL" else emptied)
    for down, line in enumerate(block):
        for across, cell in enumerate(line):
            _paste(target, area.top + down, area.left + across, cell, kind)
    if kind != "PASTE_FORMAT":
        _repoint(book, sheet, source, target, area)
    return {}


def _repoint(book: Book, sheet: Sheet, source: Closed, target: Sheet, area: Closed) -> None:
    down, across = area.top - source.top, area.left - source.left
    title = sheet.title

    def moved(ref: Ref) -> Ref | None:
        spot = ref.area
        if spot.bottom is None or spot.right is None:
            return ref
        if not source.covers(Closed(spot.top, spot.left, spot.bottom, spot.right)):
            return ref
        shifted = Area(spot.top + down, spot.left + across, spot.bottom + down, spot.right + across)
        elsewhere = target.sheet_id != sheet.sheet_id
        return with_changes(ref, area=shifted, title=target.title if elsewhere else ref.title)

    rewrite_formulas(book, sheet.sheet_id, moved, title)


def sort_range(book: Book, given: Json) -> Json:
    """Sort the rows of a range by columns; blanks stay last, row metadata stays in place."""
    sheet, area = grid_range(book, given.get("range"))
    specs = given.get("sortSpecs", [])
    for spec in specs:
        if not area.left <= spec.get("dimensionIndex", 0) < area.right:
            raise invalid(f"Sort column {spec.get('dimensionIndex', 0)} is outside the range.")
    sort_rows(book, sheet, area, [(spec.get("dimensionIndex", 0), _descending(spec)) for spec in specs])
    return {}


def _descending(spec: Json) -> bool:
    order = spec.get("sortOrder", "ASCENDING")
    if order not in ("ASCENDING", "DESCENDING", "SORT_ORDER_UNSPECIFIED"):
        raise invalid(f"Invalid sortOrder: {order}")
    return bool(order == "DESCENDING")


def sort_rows(book: Book, sheet: Sheet, area: Closed, keys: list[tuple[int, bool]]) -> None:
    """Sort the rows of an area by (column, descending) keys, the first one leading."""
    order = list(range(area.top, area.bottom))
    values = calculator(book)
    for column, descending in reversed(keys):
        known = {row: values.value(sheet, row, column) for row in order}
        filled = [row for row in order if known[row] not in (None, "")]
        blank = [row for row in order if known[row] in (None, "")]
        ranks = {row: rank(known[row]) for row in filled}
        order = sorted(filled, key=ranks.__getitem__, reverse=descending) + blank
    columns = range(area.left, area.right)
    block = {row: [sheet.cell(row, column) for column in columns] for row in order}
    target = book.edit(sheet.sheet_id)
    target.reshape()
    for row, origin in zip(range(area.top, area.bottom), order, strict=True):
        if row != origin:
            for column, cell in zip(columns, block[origin], strict=True):
                target.put(row, column, cell.moved(row - origin, 0))


def rank(value: Any) -> tuple[int, Any]:
    """Return what orders a value: numbers, then texts without case, then booleans."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, (int, float)):
        return 0, value
    return 1, str(value).lower()


def find_replace(book: Book, given: Json) -> Json:
    """Replace a text in the cells of a range, a tab or all tabs, and count what changed."""
    pattern = _searched(given)
    replacement = given.get("replacement", "")
    places = _searched_places(book, given)
    counts: Json = {"occurrences": 0, "cells": 0, "formulas": 0, "rows": set(), "sheets": set()}
    for sheet, area in places:
        for row, column, cell in list(sheet.cells(area)):
            _replace_in(book, sheet, (row, column, cell), pattern, replacement, given, counts)
    reply = {
        "valuesChanged": counts["cells"] - counts["formulas"],
        "formulasChanged": counts["formulas"],
        "rowsChanged": len(counts["rows"]),
        "sheetsChanged": len(counts["sheets"]),
        "occurrencesChanged": counts["occurrences"],
    }
    return {name: count for name, count in reply.items() if count}


def _searched(given: Json) -> re.Pattern[str]:
    find = given.get("find", "")
    if not find:
        raise invalid("find must not be empty.")
    text = find if given.get("searchByRegex") else re.escape(find)
    text = rf"\A(?:{text})\Z" if given.get("matchEntireCell") else text
    try:
        return re.compile(text, 0 if given.get("matchCase") else re.IGNORECASE)
    except re.error:
        raise invalid(f"Invalid regular expression: {find}") from None


def _searched_places(book: Book, given: Json) -> list[tuple[Sheet, Closed]]:
    if "range" in given:
        return [grid_range(book, given["range"])]
    if "sheetId" in given:
        sheet = book.sheet(given["sheetId"])
        return [(sheet, sheet.whole())]
    if given.get("allSheets"):
        return [(sheet, sheet.whole()) for sheet in book.in_order()]
    raise invalid("Must specify a range, a sheetId or allSheets.")


def _replace_in(
    book: Book,
    sheet: Sheet,
    place: tuple[int, int, Cell],
    pattern: re.Pattern[str],
    replacement: str,
    given: Json,
    counts: Json,
) -> None:
    row, column, cell = place
    if not cell.entered or (cell.formula is not None and not given.get("includeFormulas")):
        return
    old = calculator(book).entered_text(sheet, row, column)
    literal = re.sub(r"\$(\d)", r"\\\1", replacement) if given.get("searchByRegex") else None
    new, count = pattern.subn(literal if literal is not None else lambda _: replacement, old)
    if not count:
        return
    locale = calculator(book).locale
    value, _ = parse_entered(new, locale, book.today())
    book.edit(sheet.sheet_id).put(row, column, replace(cell, entered=value))
    counts["occurrences"] += count
    counts["cells"] += 1
    counts["formulas"] += cell.formula is not None
    counts["rows"].add((sheet.sheet_id, row))
    counts["sheets"].add(sheet.sheet_id)
