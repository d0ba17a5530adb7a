"""What the tests of batchUpdate share: a book in memory, requests held against Google's messages, plain readings."""

import re
from typing import Any

from localsheets.books.a1 import parse_area
from localsheets.books.defaults import new_properties
from localsheets.books.model import Book, Cell, Sheet
from localsheets.formulas.calculator import calculator
from localsheets.requests import kinds as requests
from localsheets.schema.messages import schema
from localsheets.sheets.answers import spreadsheet

Json = dict[str, Any]
OWNER = "proprietaire@exemple.fr"
SEGMENT = re.compile(r"(.*?)!(.*)")


def entered(value: Any) -> Json | None:
    """Return an ExtendedValue: numbers, booleans, texts, formulas, None for a blank."""
    if value is None:
        return None
    if isinstance(value, str):
        return {"formulaValue" if value.startswith("=") else "stringValue": value}
    return {"boolValue" if isinstance(value, bool) else "numberValue": value}


def make(*lines: list[Any], rows: int = 20, columns: int = 8, locale: str = "en_US") -> Book:
    """Return a book with one tab, Sheet1, that holds some lines from A1 on."""
    book = Book("livre", new_properties({"locale": locale}), {"owner": OWNER}, actor=OWNER)
    add_tab(book, 0, "Sheet1", *lines, rows=rows, columns=columns)
    return book


def add_tab(book: Book, sheet_id: int, title: str, *lines: list[Any], rows: int = 20, columns: int = 8) -> None:
    """Add a tab with some lines from A1 on."""
    sheet = Sheet(sheet_id, title, rows, columns)
    for row, line in enumerate(lines):
        known = {at: Cell(entered(value)) for at, value in enumerate(line) if value is not None}
        if known:
            sheet.rows[row] = known
    book.add(sheet)


def run(book: Book, *wanted: Json, actor: str = OWNER) -> list[Json]:
    """Carry out requests that fit Google's messages, and return the replies, which must fit them too."""
    book.actor = actor
    checked = [schema().checked(one, "Request", f"requests[{at}]") for at, one in enumerate(wanted)]
    replies = requests.run(book, checked)
    for reply in replies:
        assert schema().checked(reply, "Response") == reply
    return replies


def refusal(book: Book, *wanted: Json, actor: str = OWNER) -> str:
    """Return the message with which requests are refused."""
    try:
        run(book, *wanted, actor=actor)
    except requests.ApiError as refused:
        return f"{refused.code} {refused.message}"
    raise AssertionError("nothing was refused")


def grid(text: str, sheet_id: int = 0) -> Json:
    """Return the GridRange of A1 notation; ends that are not written stay open."""
    area = parse_area(text)
    assert area is not None
    result: Json = {"sheetId": sheet_id}
    for name, start, end in (("Row", area.top, area.bottom), ("Column", area.left, area.right)):
        if end is not None or start:
            result[f"start{name}Index"] = start
        if end is not None:
            result[f"end{name}Index"] = end
    return result


def span(dimension: str, start: int, end: int, sheet_id: int = 0) -> Json:
    """Return a DimensionRange."""
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


def values(book: Book, sheet_id: int = 0) -> list[list[Any]]:
    """Return the computed values of a tab, trailing blanks left out."""
    sheet, known = book.sheets[sheet_id], calculator(book)
    lines = []
    for row in range(max(sheet.rows, default=-1) + 1):
        line = [known.value(sheet, row, column) for column in range(max(sheet.rows.get(row, {}), default=-1) + 1)]
        while line and line[-1] is None:
            line.pop()
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def formula(book: Book, cell: str, sheet_id: int = 0) -> str | None:
    """Return the formula of a cell."""
    return at(book, cell, sheet_id).formula


def at(book: Book, cell: str, sheet_id: int = 0) -> Cell:
    """Return a cell by its A1 name."""
    area = parse_area(cell)
    assert area is not None
    return book.sheets[sheet_id].cell(area.top, area.left)


def shown(book: Book, name: str, sheet_id: int = 0, actor: str = OWNER) -> Any:
    """Return a field of a tab as the API answers it to an account; the answer must fit Google's message."""
    answer = spreadsheet(book, None, [], grid_data=False, actor=actor)
    assert schema().checked(answer, "Spreadsheet") == answer
    sheet = next(sheet for sheet in answer["sheets"] if sheet["properties"]["sheetId"] == sheet_id)
    return sheet.get(name)
