"""batchUpdate requests that clean data: spaces, duplicates, texts split into columns, pasted texts."""

import csv
import re
from typing import Any

from msgspec.structs import replace

from localsheets.books.a1 import Closed
from localsheets.books.lines import check_area, own_line, set_cell, settle
from localsheets.books.model import EMPTY, Book, Cell, Sheet
from localsheets.books.ranges import axis_of, grid_range
from localsheets.errors import invalid, missing
from localsheets.formulas.calculator import calculator
from localsheets.requests.dimensions import check_size
from localsheets.requests.pasting import pasted
from localsheets.sheets.values_api import typed_cell

Json = dict[str, Any]
DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}
GUESSED = (",", ";", "\t", "|", " ")


def trim_whitespace(book: Book, given: Json) -> Json:
    """Take the spaces around texts away, make one of several inside, and count the cells that changed."""
    sheet, area = grid_range(book, given.get("range"))
    target, count = book.edit(sheet.sheet_id), 0
    check_area(target, area)
    for row, column, cell in list(target.cells(area)):
        text = (cell.entered or {}).get("stringValue")
        if text is None or (new := " ".join(text.split())) == text:
            continue
        target.put(row, column, replace(cell, entered={"stringValue": new} if new else None, runs=None))
        count += 1
    return {"cellsChangedCount": count} if count else {}


def delete_duplicates(book: Book, given: Json) -> Json:
    """Take out rows of a range that repeat an earlier one, whatever their case, and count them."""
    sheet, area = grid_range(book, given.get("range"))
    columns = _compared(given.get("comparisonColumns") or [], sheet, area)
    values, seen, kept = calculator(book), set(), []
    for row in range(area.top, area.bottom):
        key = tuple(_same(values.value(sheet, row, column)) for column in columns)
        if key not in seen:
            seen.add(key)
            kept.append(row)
    removed = area.height - len(kept)
    if removed:
        _pack(book, sheet, area, kept)
    return {"duplicatesRemovedCount": removed} if removed else {}


def _compared(given: list[Json], sheet: Sheet, area: Closed) -> list[int]:
    columns: set[int] = set()
    for span in given:
        start, end = span.get("startIndex", 0), span.get("endIndex", sheet.column_count)
        inside = area.left <= start < end <= area.right
        if axis_of(span.get("dimension")) != "COLUMNS" or span.get("sheetId", 0) != sheet.sheet_id or not inside:
            raise invalid("Comparison columns must be columns within the range.")
        columns.update(range(start, end))
    return sorted(columns) or list(range(area.left, area.right))


def _same(value: Any) -> tuple[str, Any]:
    return (type(value).__name__, value.lower()) if isinstance(value, str) else (str(type(value) is bool), value)


def _pack(book: Book, sheet: Sheet, area: Closed, kept: list[int]) -> None:
    target = book.edit(sheet.sheet_id)
    check_area(target, area)
    columns = range(area.left, area.right)
    ups = [area.top + at - row for at, row in enumerate(kept)]
    block = [[sheet.cell(row, column).moved(up, 0) for column in columns] for row, up in zip(kept, ups, strict=True)]
    for row in range(area.top, area.bottom):
        cells = block[row - area.top] if row - area.top < len(block) else [EMPTY] * area.width
        line = own_line(target, row)
        for column, cell in zip(columns, cells, strict=True):
            set_cell(line, column, cell)
        settle(target, row)


def text_to_columns(book: Book, given: Json) -> Json:
    """Split the texts of one column over the columns beside it, each part read as if it was typed."""
    sheet, area = grid_range(book, given.get("source"))
    if area.width != 1:
        raise invalid("The source range must span exactly one column.")
    known = [(row, (cell.entered or {}).get("stringValue")) for row, _, cell in sheet.cells(area)]
    cells = [(row, text) for row, text in known if text is not None]
    delimiter = _delimiter(given, [text for _, text in cells])
    if not delimiter:
        return {}
    split = [(row, text.split(delimiter)) for row, text in cells if delimiter in text]
    width = max((len(parts) for _, parts in split), default=1)
    target = book.edit(sheet.sheet_id)
    target.column_count = max(target.column_count, area.left + width)
    check_size(book, target)
    for row, parts in split:
        check_area(target, Closed(row, area.left, row + 1, area.left + len(parts)))
        for across, part in enumerate(parts):
            old = target.cell(row, area.left + across)
            target.put(row, area.left + across, replace(typed_cell(book, old, part.strip()), runs=None))
    return {}


def _delimiter(given: Json, texts: list[str]) -> str | None:
    kind = given.get("delimiterType", "DELIMITER_TYPE_UNSPECIFIED")
    if kind == "CUSTOM":
        if not given.get("delimiter"):
            raise invalid("A custom delimiter must not be empty.")
        return str(given["delimiter"])
    if kind == "AUTODETECT":
        counts = {candidate: sum(candidate in text for text in texts) for candidate in GUESSED}
        best = max(GUESSED, key=lambda candidate: counts[candidate])
        return best if counts[best] else None
    if kind not in DELIMITERS:
        raise invalid("A delimiterType must be specified.")
    return DELIMITERS[kind]


def paste_data(book: Book, given: Json) -> Json:
    """Paste a text cut into lines and columns, read as if it was typed; the grid grows as needed."""
    if given.get("html"):
        raise missing("pasting HTML")
    if not given.get("delimiter"):
        raise invalid("Either a delimiter or html must be specified.")
    place, kind = given.get("coordinate") or {}, given.get("type", "PASTE_NORMAL")
    target = book.edit(book.sheet(place.get("sheetId", 0)).sheet_id)
    top, left = place.get("rowIndex", 0), place.get("columnIndex", 0)
    rows = _cut(given.get("data", ""), given["delimiter"])
    width = max((len(row) for row in rows), default=0)
    target.row_count = max(target.row_count, top + len(rows))
    target.column_count = max(target.column_count, left + width)
    check_size(book, target)
    check_area(target, Closed(top, left, top + len(rows), left + width))
    for down, texts in enumerate(rows):
        line = own_line(target, top + down)
        for across, text in enumerate(texts):
            old = line.get(left + across, EMPTY)
            set_cell(line, left + across, pasted(old, _typed(book, old, text, kind), kind))
        settle(target, top + down)
    return {}


def _typed(book: Book, old: Cell, text: str, kind: str) -> Cell:
    typed = typed_cell(book, old, text)
    return replace(typed, runs=None) if kind == "PASTE_NORMAL" else typed


def _cut(text: str, delimiter: str) -> list[list[str]]:
    if len(delimiter) == 1:
        return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    return [line.split(delimiter) for line in re.split(r"\r\n|\r|\n", text)]
