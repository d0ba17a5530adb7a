"""Formulas over the states of a book: computed again where something changed, spread, shown, refused."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from localsheets.books.model import Book, Cell, Sheet
from localsheets.formulas.calculator import calculator
from localsheets.formulas.entry import stored
from localsheets.server import Running, serve
from localsheets.texts.locales import ENGLISH
from tests.localsheets_client import Plain, area, lines


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("localsheets") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create("Formulas", "en_US", [{"properties": {"title": "Notes"}}, {"properties": {"title": "Bilan"}}])
    return client


def cells_of(book: Plain, where: str, mask: str) -> list[dict[str, Any]]:
    data = book.get(ranges=where, fields=f"sheets(data(rowData(values({mask}))))")["sheets"][0]["data"][0]
    return data["rowData"][0]["values"]


def test_what_reads_a_changed_cell_is_computed_again_and_nothing_else(book: Plain) -> None:
    book.write("Notes!A1", [[1, "=A1+1", "=SUM(B1:B2)", "=COUNTIF(A:A,1)"], [5, "=A2+1", "=Bilan!A1"]])
    book.write("Bilan!A1", [["=SUM(Notes!A:A)"]])
    assert book.read("Notes!A1:D2") == [["1", "2", "8", "1"], ["5", "6", "6"]]
    book.write("Notes!A2", [[1]])
    assert book.read("Notes!A1:D2") == [["1", "2", "4", "2"], ["1", "2", "2"]]
    book.write("Notes!B1", [["=A1*10"]])
    assert book.read("Notes!A1:D2") == [["1", "10", "12", "2"], ["1", "2", "2"]]
    book.batch({"insertDimension": {"range": lines("ROWS", 0, 1)}})
    assert book.read("Notes!B2:C3", "FORMULA") == [["=A2*10", "=SUM(B2:B3)"], ["=A3+1", "=Bilan!A1"]]
    assert book.read("Notes!A2:D3") == [["1", "10", "12", "2"], ["1", "2", "2"]]


def test_a_circle_that_is_opened_is_an_error_no_more(book: Plain) -> None:
    book.write("A1", [["=B1", "=A1"]])
    assert book.read("A1:B1") == [["#REF!", "#REF!"]]
    book.write("B1", [[3]])
    assert book.read("A1:B1") == [["3", "3"]]


def test_a_named_range_that_moves_is_read_again(book: Plain) -> None:
    book.write("A1", [[1], [2], [3]])
    book.batch({"addNamedRange": {"namedRange": {"name": "some", "namedRangeId": "n", "range": area(0, 0, 2, 1)}}})
    book.write("C1", [["=SUM(some)"]])
    assert book.read("C1") == [["3"]]
    book.write("A1", [[10]])
    assert book.read("C1") == [["12"]]
    moved = {"namedRangeId": "n", "name": "some", "range": area(0, 0, 3, 1)}
    book.batch({"updateNamedRange": {"namedRange": moved, "fields": "range"}})
    assert book.read("C1") == [["15"]]


def test_errors_are_explained_without_formats(book: Plain) -> None:
    book.write("A1", [["=1/0", "=NA()"]])
    assert book.read("A1:B1") == [["#DIV/0!", "#N/A"]]
    expected = [["#DIV/0! (Function DIVIDE parameter 2 cannot be zero.)", "#N/A"]]
    assert book.read("A1:B1", "UNFORMATTED_VALUE") == expected


def test_a_formula_brings_its_number_format(book: Plain) -> None:
    book.write("A1", [["2/14/2025", "=A1+1", "=TODAY()", "=IF(FALSE,1,)", '=""']])
    given = cells_of(book, "A1:E1", "userEnteredFormat,effectiveFormat(numberFormat),formattedValue,effectiveValue")
    brought = {"type": "DATE", "pattern": "M/d/yyyy"}
    assert given[1] == {
        "effectiveValue": {"numberValue": 45703},
        "formattedValue": "2/15/2025",
        "effectiveFormat": {"numberFormat": brought},
    }
    assert given[2]["effectiveFormat"]["numberFormat"] == {"type": "DATE"}
    assert [cell.keys() & {"effectiveValue", "formattedValue"} for cell in given[3:]] == [set(), set()]
    texts = book.read("A1:B1", "UNFORMATTED_VALUE", dateTimeRenderOption="FORMATTED_STRING")
    assert texts == [["2/14/2025", "2/15/2025"]]


def test_a_link_is_told(book: Plain) -> None:
    book.write("A1", [['=HYPERLINK("https://example.org","page")']])
    (cell,) = cells_of(book, "A1", "hyperlink,effectiveValue,effectiveFormat(hyperlinkDisplayType,textFormat(link))")
    assert cell["hyperlink"] == "https://example.org"
    assert cell["effectiveValue"] == {"stringValue": "page"}
    assert cell["effectiveFormat"] == {
        "hyperlinkDisplayType": "LINKED",
        "textFormat": {"link": {"uri": "https://example.org"}},
    }


def test_arrays_spread_over_blank_cells(book: Plain) -> None:
    book.write("A1", [["b", 2], ["a", 1], ["b", 3]])
    book.write("D1", [["=UNIQUE(A1:A3)", "=SORT(A1:B3,2,FALSE)"]])
    book.write("D5", [["=COUNTA(D1:D4)", "=ARRAYFORMULA(B1:B3*10)"]])
    assert book.read("D1:F7") == [
        ["b", "b", "3"],
        ["a", "b", "2"],
        ["", "a", "1"],
        [],
        ["2", "20"],
        ["", "10"],
        ["", "30"],
    ]
    assert book.read("D1:F3", "FORMULA") == [["=UNIQUE(A1:A3)", "=SORT(A1:B3,2,FALSE)"]]
    book.write("E2", [["taken"]])
    assert book.read("E1:F2") == [["#REF!"], ["taken"]]
    (cell, *_) = cells_of(book, "E1", "effectiveValue")
    message = "Array result was not expanded because it would overwrite data in E2."
    assert cell["effectiveValue"]["errorValue"] == {"type": "REF", "message": message}
    book.write("E2", [[""]])
    book.write("B1", [[9]])
    assert book.read("E1:F3") == [["b", "9"], ["b", "3"], ["a", "1"]]


def test_an_array_that_reads_another_is_right(book: Plain) -> None:
    book.write("A1", [["=ARRAYFORMULA(C1:C3*2)", "=FILTER(A1:A3,A1:A3>2)", 1], [None, None, 2], [None, None, 3]])
    assert book.read("A1:B3") == [["2", "4"], ["4", "6"], ["6"]]


def test_functions_that_are_missing_are_refused_at_once(book: Plain) -> None:
    refused = book.write("A1", [['=IMPORTRANGE("x","y")']])
    assert refused.status_code == 501
    assert refused.json()["error"]["message"] == "localsheets does not implement the function IMPORTRANGE."
    row = {"values": [{"userEnteredValue": {"formulaValue": "=QUERY(A:A)"}}]}
    update = {"start": {}, "rows": [row], "fields": "userEnteredValue"}
    assert (
        book.call(
            "POST", f"/v4/spreadsheets/{book.book}:batchUpdate", {"requests": [{"updateCells": update}]}
        ).status_code
        == 501
    )
    assert book.read("A1") == []


def _large(rows: int) -> Book:
    found = Book("large", {"title": "t", "locale": "en_US", "timeZone": "Etc/GMT"}, {})
    sheet = Sheet(0, "Notes", row_count=rows + 10)
    for row in range(rows):
        for column in range(5):
            sheet.put(row, column, Cell({"numberValue": row * column % 37}))
        formulas = (f"=A{row + 1}*2", f'=IF(B{row + 1}>10,"A","B")', f"=SUM(A{row + 1}:E{row + 1})")
        for column, formula in enumerate(formulas, start=6):
            sheet.put(row, column, Cell({"formulaValue": stored(formula, ENGLISH)}))
    found.add(sheet)
    found.owned = set()
    return found


def _read(found: Book) -> list[Any]:
    values, sheet = calculator(found), found.sheets[0]
    return [values.value(sheet, row, column) for row in sheet.rows for column in (6, 7, 8)]


def test_many_formulas_are_computed_fast_and_kept() -> None:
    found = _large(4_000)
    before = time.process_time()
    first = _read(found)
    computing = time.process_time() - before
    assert first[:6] == [0, "B", 0, 0, "B", 10]
    draft = found.fork()
    draft.edit(0).put(1, 0, Cell({"numberValue": 100}))
    draft.owned = set()
    kept = len(calculator(draft).known)
    assert kept == 3 * 4_000 - 2
    assert _read(draft)[3:6] == [200, "B", 110]
    # Generous: a machine that runs nothing else needs a tenth of it.
    assert computing < 4


def test_many_counts_over_a_long_column_read_it_once() -> None:
    found = _large(4_000)
    draft = found.fork()
    sheet = draft.edit(0)
    for row in range(200):
        sheet.put(row, 12, Cell({"formulaValue": f"=COUNTIF(B:B,{row})+VLOOKUP({row % 30},B:C,2,FALSE)"}))
    draft.owned = set()
    before = time.process_time()
    values = calculator(draft)
    total = sum(values.value(draft.sheets[0], row, 12) for row in range(200))
    assert total > 4_000
    assert time.process_time() - before < 2
