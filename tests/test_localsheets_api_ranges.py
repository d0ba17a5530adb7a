"""Ranges are read as Google reads them: every notation, every way to name a tab, and what is refused."""

import pytest

from localsheets.books.a1 import named, written
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import a1_range, visible
from localsheets.errors import ApiError


@pytest.fixture(scope="module")
def book() -> Book:
    book = Book("", {"locale": "en_US"}, {})
    for number, title in enumerate(["Sheet1", "Data", "R1C1", "D3", "it's", "has!bang", "Deux mots"]):
        book.add(Sheet(number, title))
    spot = {"sheetId": 1, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}
    book.named_ranges = [{"namedRangeId": "1", "name": "Notes", "range": spot}]
    return book


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("A1", "Sheet1!A1"),
        ("a1:b2", "Sheet1!A1:B2"),
        ("$A$1:$B$2", "Sheet1!A1:B2"),
        ("B2:A1", "Sheet1!A1:B2"),
        ("A:B", "Sheet1!A1:B1000"),
        ("2:3", "Sheet1!A2:Z3"),
        ("A5:B", "Sheet1!A5:B1000"),
        ("A1:AA5", "Sheet1!A1:Z5"),
        ("Data", "Data!A1:Z1000"),
        ("data!A1", "Data!A1"),
        ("'Data'!A1:A1", "Data!A1"),
        ("!B2", "Sheet1!B2"),
        ("D3", "Sheet1!D3"),
        ("'D3'", "'D3'!A1:Z1000"),
        ("'it''s'!A1", "'it''s'!A1"),
        ("it's!A1", "'it''s'!A1"),
        ("has!bang!A1", "'has!bang'!A1"),
        ("has!bang", "'has!bang'!A1:Z1000"),
        ("Deux mots!A1", "'Deux mots'!A1"),
        ("R1C1", "Sheet1!A1"),
        ("'R1C1'!A1", "'R1C1'!A1"),
        ("R1C1:R2C2", "Sheet1!A1:B2"),
        ("R3C3:R1C1", "Sheet1!A1:C3"),
        ("R[1]C[1]", "Sheet1!B2"),
        ("Data!R[3]C[1]", "Data!B4"),
        ("R1C1:R2", "Sheet1!A1:Z2"),
        ("R1C1:C2", "Sheet1!A1:B1000"),
        ("R1C1:R2000C50", "Sheet1!A1:Z1000"),
        ("R[1]", "Sheet1!A2:Z2"),
        ("RC", "Sheet1!A1"),
        ("R2", "Sheet1!R2"),
        ("Notes", "Data!A2:A3"),
        ("notes", "Data!A2:A3"),
        ("'Sheet1'!Notes", "Data!A2:A3"),
    ],
)
def test_a_range_is_read(book: Book, text: str, read: str) -> None:
    sheet, area = a1_range(book, text)
    assert written(sheet.title, visible(sheet, area)) == read


@pytest.mark.parametrize(
    "text",
    ["", "A0", "A1:A0", "Z", "Data!B", "Data!2", "Nope", "Nope!A1", "Data!", "A1:", " A1", "A1: B2", "A1:R2C2"]
    + ["R1C1:B2", "R0C1", "R[-1]C[0]", "R2C2:R1C1", "R[1]C[1]:R[0]C[0]", "A1:B2:C3", "[['1', '2']]"],
)
def test_what_is_no_range_is_refused_word_for_word(book: Book, text: str) -> None:
    with pytest.raises(ApiError) as refused:
        a1_range(book, text)
    assert refused.value.message == f"Unable to parse range: {text}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A1001", "Sheet1!A1001"),
        ("Data!AA1:AB2", "Data!AA1:AB2"),
        ("ZZ:ZZ", "Sheet1!ZZ"),
        ("AA:AB", "Sheet1!AA:AB"),
        ("1001:1002", "Sheet1!1001:1002"),
        ("RC1", "Sheet1!RC1"),
        ("'D3'!A1001", "'D3'!A1001"),
    ],
)
def test_a_range_that_starts_beyond_the_grid_is_refused_by_its_name(book: Book, text: str, shown: str) -> None:
    sheet, area = a1_range(book, text)
    assert named(sheet.title, area) == shown
    with pytest.raises(ApiError, match="exceeds grid limits. Max rows: 1000, max columns: 26"):
        visible(sheet, area)
