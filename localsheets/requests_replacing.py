"""The batchUpdate request that finds and replaces texts."""

import re
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from localsheets.a1 import Closed
from localsheets.errors import invalid
from localsheets.formulas import calculator
from localsheets.lines import check_area
from localsheets.model import Book, Cell, Sheet
from localsheets.ranges import grid_range, sheet_of
from localsheets.values_api import typed_cell

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
    pattern, replacement = _searched(given), given.get("replacement", "")
    if given.get("searchByRegex"):
        # Java writes a group as $1 and escapes with a backslash.
        replacement = re.sub(r"\$(\d)", r"\\g<\1>", re.sub(r"\\(?!\$)", r"\\\\", replacement)).replace(r"\$", "$")
    counts = Counts()
    for sheet, area in _searched_places(book, given):
        places = [(row, column) for row, column, cell in sheet.cells(area) if _concerned(cell, given)]
        for place in places:
            _replace_in(book, sheet.sheet_id, place, pattern, replacement, bool(given.get("searchByRegex")), counts)
    return counts.reply()


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


def _replace_in(
    book: Book,
    sheet_id: int,
    place: Place,
    pattern: re.Pattern[str],
    replacement: str,
    by_regex: bool,
    counts: Counts,
) -> None:
    sheet = book.sheets[sheet_id]
    row, column = place
    cell = sheet.cell(row, column)
    old = calculator(book).entered_text(sheet, row, column)
    try:
        new, count = pattern.subn(replacement if by_regex else lambda _: replacement, old)
    except (re.error, IndexError):
        raise invalid(f"Invalid replacement: {replacement}") from None
    if not count:
        return
    target = book.edit(sheet_id)
    check_area(target, Closed(row, column, row + 1, column + 1))
    target.put(row, column, retyped(book, cell, old, new))
    counts.occurrences += count
    counts.formulas += cell.formula is not None
    counts.values += cell.formula is None
    counts.rows.add((sheet_id, row))
    counts.sheets.add(sheet_id)


def retyped(book: Book, cell: Cell, old: str, new: str) -> Cell:
    """Return a cell into which a changed text is typed; what was kept as text against its looks stays text."""
    was_text = "stringValue" in (cell.entered or {})
    if new and was_text and "stringValue" not in (typed_cell(book, Cell(), old).entered or {}):
        return replace(cell, entered={"stringValue": new}, runs=None)
    return replace(typed_cell(book, cell, new), runs=None)
