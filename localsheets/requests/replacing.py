"""The batchUpdate request that finds and replaces texts."""

import re
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from localsheets.books.a1 import Closed
from localsheets.books.lines import check_area
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.ranges import grid_range, sheet_of
from localsheets.errors import invalid
from localsheets.formulas.calculator import calculator
from localsheets.sheets.values_api import typed_cell

Json = dict[str, Any]
Place = tuple[int, int]


@dataclass
class Counts:
    """Count what a replacement changed."""

    occurrences: int = 0
    values: int = 0
    formulas: int = 0
    rows: set[Place] = field(default_factory=set)
    sheets: set[int] = field(default_factory=set)

    def reply(self) -> Json:
        """Return the counts as Google answers them, zeros left out."""
        counts = {
            "valuesChanged": self.values,
            "formulasChanged": self.formulas,
            "rowsChanged": len(self.rows),
            "sheetsChanged": len(self.sheets),
            "occurrencesChanged": self.occurrences,
        }
        return {name: count for name, count in counts.items() if count}


def find_replace(book: Book, given: Json) -> Json:
    """Replace a text in the cells of a range, a tab or all tabs, and count what changed."""
    pattern, plain = _searched(given), given.get("replacement", "")
    replacement = plain
    if given.get("searchByRegex"):
        # Java writes a group as $1 and escapes with a backslash.
        replacement = re.sub(r"\$(\d)", r"\\g<\1>", re.sub(r"\\(?!\$)", r"\\\\", plain)).replace(r"\$", "$")
    counts = Counts()
    for sheet, area in _searched_places(book, given):
        found = _found(book, sheet, area, pattern, given)
        target = book.edit(sheet.sheet_id) if found else sheet
        for row, column, cell, old in found:
            check_area(target, Closed(row, column, row + 1, column + 1))
            new, count = _replaced(pattern, replacement if given.get("searchByRegex") else lambda _: plain, old)
            target.put(row, column, retyped(book, cell, old, new))
            counts.occurrences += count
            counts.formulas += cell.formula is not None
            counts.values += cell.formula is None
            counts.rows.add((sheet.sheet_id, row))
            counts.sheets.add(sheet.sheet_id)
    return counts.reply()


def _found(
    book: Book, sheet: Sheet, area: Closed, pattern: re.Pattern[str], given: Json
) -> list[tuple[int, int, Cell, str]]:
    """List the cells of an area in which the text is found, as (row, column, cell, text)."""
    texts = calculator(book)
    found = []
    for row, column, cell in sheet.cells(area):
        if _concerned(cell, given):
            text = (cell.entered or {}).get("stringValue") or texts.entered_text(sheet, row, column)
            if pattern.search(text):
                found.append((row, column, cell, text))
    return found


def _replaced(pattern: re.Pattern[str], replacement: Any, text: str) -> tuple[str, int]:
    try:
        return pattern.subn(replacement, text)
    except (re.error, IndexError):
        raise invalid(f"Invalid replacement: {replacement}") from None


def _concerned(cell: Cell, given: Json) -> bool:
    return bool(cell.entered) and (cell.formula is None or bool(given.get("includeFormulas")))


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
    if len([name for name in ("range", "sheetId", "allSheets") if given.get(name) is not None]) != 1:
        raise invalid("Exactly one of range, sheetId or allSheets must be set.")
    if "range" in given:
        return [grid_range(book, given["range"])]
    if "sheetId" in given:
        sheet = sheet_of(book, given["sheetId"])
        return [(sheet, sheet.whole())]
    return [(sheet, sheet.whole()) for sheet in book.in_order()]


def retyped(book: Book, cell: Cell, old: str, new: str) -> Cell:
    """Return a cell into which a changed text is typed; what was kept as text against its looks stays text."""
    was_text = "stringValue" in (cell.entered or {})
    if new and was_text and "stringValue" not in (typed_cell(book, Cell(), old).entered or {}):
        return replace(cell, entered={"stringValue": new}, runs=None)
    return replace(typed_cell(book, cell, new), runs=None)
