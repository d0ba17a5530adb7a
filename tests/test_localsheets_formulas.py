"""Formulas compute, follow the lines that move, and say what is wrong."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.structure import Deleted, Inserted, Moved, restructure
from localsheets.formulas.calculator import calculator
from localsheets.formulas.entry import stored, worded
from localsheets.formulas.registry import FUNCTIONS
from localsheets.formulas.results import effective
from localsheets.formulas.syntax import translate
from localsheets.server import Running, serve
from localsheets.texts.locales import FRENCH, locale_of
from tests.localsheets_client import Plain, area, cells, lines


def book_of(values: list[list[Any]], locale: str = "fr_FR") -> Book:
    """Make a book of one tab from plain values; texts that start with = are formulas."""
    book = Book("book", {"title": "t", "locale": locale, "timeZone": "Etc/GMT"}, {})
    sheet = Sheet(0, "Notes")
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if value is not None:
                sheet.put(row, column, cell_of(value))
    book.add(sheet)
    return book


def cell_of(value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell({"boolValue": value})
    if isinstance(value, str):
        return Cell({"formulaValue": stored(value, FRENCH)} if value.startswith("=") else {"stringValue": value})
    return Cell({"numberValue": value})


def result(formula: str, values: list[list[Any]] | None = None, locale: str = "fr_FR") -> Any:
    book = book_of(values or [], locale)
    book.edit(0).put(50, 20, cell_of(formula))
    return calculator(book).value(book.sheets[0], 50, 20)


MARKS = [["P", 10], ["P 3", 12.5], ["A", None], [None, "x"], ["R 15", True], ["p", 0]]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3-4/2", 5),
        ("=(1+2)*3", 9),
        ("=2^3^1", 8),
        ("=-2^2", 4),
        ("=5-3-1", 1),
        ("=50%*4", 2),
        ("=12,5*2", 25),
        ('="a"&1,5&VRAI', "a1,5VRAI"),
        ('="dit ""oui"""', 'dit "oui"'),
        ("=B1>B2", False),
        ('="a"="A"', True),
        ("=SUM(B1:B6)", 22.5),
        ("=SOMME(B1;B2;1)", 23.5),
        ("=SUM(B1;B2)", 22.5),
        ("=AVERAGE(B1:B6)", 7.5),
        ("=COUNT(B1:B6)", 3),
        ("=COUNTA(A1:A6)", 5),
        ("=COUNTBLANK(A1:A6)", 1),
        ('=COUNTIF(A1:A6;"P*")', 3),
        ('=COUNTIF(A1:A6;"P")', 2),
        ('=COUNTIF(A1:A6;"R ??")', 1),
        ('=COUNTIF(B:B;">=10")', 2),
        ('=COUNTIF(B1:B6;"<>0")', 5),
        ("=NB.SI(B1:B6;12,5)", 1),
        ('=SUMIF(A1:A2;"P*";B1:B2)', 22.5),
        ('=IF(B1>9;"oui";"non")', "oui"),
        ("=SI(B1>90;1)", False),
        ("=AND(B1>1;B2>1)", True),
        ("=OR(B1>100;B2>1)", True),
        ("=ROUND(2,345;2)", 2.35),
        ("=ARRONDI(-0,5)", -1),
        ("=MIN(B1:B6)", 0),
        ("=MAX(B:B)", 12.5),
        ("=IFERROR(1/0;7)", 7),
        ('=CONCATENATE("a";B1;"b")', "a10b"),
        ("=B4", "x"),
        ("=C9", None),
        ("=Notes!B1+'Notes'!B2", 22.5),
        ("=$B$1+B$2", 22.5),
    ],
)
def test_formulas(formula: str, value: Any) -> None:
    assert result(formula, MARKS) == value


@pytest.mark.parametrize(
    ("formula", "code", "kind"),
    [
        ("=1/0", "#DIV/0!", "DIVIDE_BY_ZERO"),
        ("=AVERAGE(C1:C3)", "#DIV/0!", "DIVIDE_BY_ZERO"),
        ("=NOPE(1)", "#NAME?", "NAME"),
        ("=nope", "#NAME?", "NAME"),
        ("=A1+1", "#VALUE!", "VALUE"),
        ("=Ailleurs!A1", "#REF!", "REF"),
        ("=#REF!+1", "#REF!", "REF"),
        ("=ZZ1", "#REF!", "REF"),
        ("=U51", "#REF!", "REF"),
        ("=SUM(U:U)", "#REF!", "REF"),
        ("=(1", "#ERROR!", "ERROR"),
        ("=1+", "#ERROR!", "ERROR"),
        ("=ROUND()", "#N/A", "N_A"),
    ],
)
def test_errors(formula: str, code: str, kind: str) -> None:
    found = result(formula, MARKS)
    assert found == code
    assert effective(found)["errorValue"]["type"] == kind


def test_a_cycle_is_an_error_in_each_of_its_cells() -> None:
    book = book_of([["=B1", "=C1", "=A1"]])
    values = calculator(book)
    assert [values.value(book.sheets[0], 0, column) for column in range(3)] == ["#REF!"] * 3


def test_a_long_chain_is_computed() -> None:
    book = book_of([[1], *([f"=A{row}+1"] for row in range(1, 900))])
    assert calculator(book).value(book.sheets[0], 899, 0) == 900


def test_a_long_cycle_ends() -> None:
    book = book_of([[f"=A{row % 400 + 1}"] for row in range(1, 401)])
    assert calculator(book).value(book.sheets[0], 0, 0) == "#REF!"


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("=A1+$A1+A$1+$A$1", "=B3+$A3+B$1+$A$1"),
        ("=SUM(A1:B$2)", "=SUM(B3:C$2)"),
        ("=SUM(A:A)+SUM(2:2)", "=SUM(B:B)+SUM(4:4)"),
        ("='Été'!A1&\"A1\"", "='Été'!B3&\"A1\""),
        ("=LOG10(A1)", "=LOG10(B3)"),
        ("=not a ( formula §", "=not a ( formula §"),
    ],
)
def test_a_copied_formula_follows(formula: str, moved: str) -> None:
    assert translate(formula, 2, 1) == moved


def test_a_reference_pushed_out_of_the_grid_is_lost() -> None:
    assert translate("=A1+1", -1, 0) == "=#REF!+1"


@pytest.mark.parametrize(
    ("change", "written"),
    [
        (Inserted(1, 2), "=SUM(A1:A6)+A4+A6"),
        (Inserted(4, 1), "=SUM(A1:A4)+A2+A4"),
        (Deleted(1, 2), "=SUM(A1:A3)+#REF!+A3"),
        (Deleted(0, 4), "=SUM(#REF!)+#REF!+#REF!"),
        (Moved(1, 2, 4), "=SUM(A1:A4)+A4+A3"),
        (Moved(3, 4, 0), "=SUM(A1:A4)+A3+A1"),
    ],
)
def test_references_follow_rows(change: Any, written: str) -> None:
    book = book_of([[1], [2], [3], [4]])
    book.edit(0).put(9, 5, cell_of("=SUM(A1:A4)+A2+A4"))
    restructure(book, 0, "ROWS", change)
    (formula,) = [cell.formula for _, _, cell in book.sheets[0].cells() if cell.formula]
    assert formula == written


Changes = some.one_of(
    some.builds(Inserted, some.integers(0, 6), some.integers(1, 3)),
    some.tuples(some.integers(0, 5), some.integers(1, 3), some.integers(0, 9))
    .map(lambda drawn: Moved(drawn[0], drawn[0] + drawn[1], drawn[2]))
    .filter(lambda moved: not moved.start < moved.to < moved.end),
)


@settings(deadline=None)
@given(some.lists(Changes, max_size=4), some.sampled_from(["ROWS", "COLUMNS"]))
def test_a_reference_reads_the_same_cell_wherever_lines_go(changes: list[Any], axis: str) -> None:
    grid = [[row * 10 + column for column in range(8)] for row in range(8)]
    book = book_of(grid)
    other = Sheet(1, "L'autre")
    for row in range(8):
        for column in range(8):
            other.put(row, column, cell_of(f"=Notes!{chr(65 + column)}{row + 1}"))
    book.add(other)
    for change in changes:
        restructure(book, 0, axis, change)
    values = calculator(book)
    found = [[values.value(book.sheets[1], row, column) for column in range(8)] for row in range(8)]
    assert found == grid


@given(some.integers(0, 5), some.integers(1, 3), some.integers(0, 9))
def test_a_move_is_a_permutation(start: int, count: int, to: int) -> None:
    moved = Moved(start, start + count, to)
    if not start < to < start + count:
        assert sorted(moved.point(index) for index in range(12)) == list(range(12))


# Over the API


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("localsheets") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create("Formules", "fr_FR", [{"properties": {"title": "Notes"}}, {"properties": {"title": "Bilan"}}])
    return client


def test_formulas_are_computed_again_after_each_write(book: Plain) -> None:
    book.write("Notes!A1", [["10"], ["12,5"]])
    book.write("Bilan!A1", [["=AVERAGE(Notes!A1:A2)", '=IF(A1>=10;"admis";"ajourné")']])
    assert book.read("Bilan!A1:B1") == [["11,25", "admis"]]
    revision = book.state().json()["revision"]
    book.write("Notes!A1", [["2"]])
    assert book.read("Bilan!A1:B1") == [["7,25", "ajourné"]]
    shown = {sheet["title"]: sheet["rows"] for sheet in book.state(revision).json()["sheets"]}
    assert shown["Bilan"][0][1] == {"f": "ajourné", "e": '=SI(A1>=10;"admis";"ajourné")'}


def test_formulas_follow_rows_in_other_tabs_and_tabs_that_change_name(book: Plain) -> None:
    book.write("Notes!A1", [["1"], ["2"]])
    book.write("Bilan!A1", [["=Notes!A2"]])
    renamed = {"properties": {"sheetId": 0, "title": "L'année"}, "fields": "title"}
    book.batch(
        {"insertDimension": {"range": lines("ROWS", 0, 3)}},
        {"updateSheetProperties": renamed},
    )
    assert book.read("Bilan!A1", "FORMULA") == [["='L''année'!A5"]]
    assert book.read("Bilan!A1") == [["2"]]


def test_a_deleted_tab_leaves_ref_errors(book: Plain) -> None:
    book.write("Bilan!A1", [["=Notes!A2+1"]])
    book.batch({"deleteSheet": {"sheetId": 0}})
    assert book.read("Bilan!A1") == [["#REF!"]]


def test_a_sorted_row_keeps_its_relative_references(book: Plain) -> None:
    book.write("Notes!A1", [["3", "=A1*10"], ["1", "=A2*10"], ["2", "=A3*10"]])
    spec = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    book.batch({"sortRange": {"range": area(0, 0, 3, 2), "sortSpecs": spec}})
    assert book.read("Notes!A1:B3") == [["1", "10"], ["2", "20"], ["3", "30"]]
    assert book.read("Notes!B1:B3", "FORMULA") == [["=A1*10"], ["=A2*10"], ["=A3*10"]]


def test_pasted_values_are_constants_and_errors_stay_errors(book: Plain) -> None:
    book.write("Notes!A1", [["=1+1", "=1/0"]])
    paste = {"source": area(0, 0, 1, 2), "destination": area(2, 0, 3, 2), "pasteType": "PASTE_VALUES"}
    book.batch({"copyPaste": paste})
    assert book.read("Notes!A3:B3", "FORMULA") == [[2, "#DIV/0!"]]
    mask = "sheets(data(rowData(values(userEnteredValue))))"
    rows = book.get(ranges="Notes!A3:B3", fields=mask)["sheets"][0]["data"][0]["rowData"]
    assert rows[0]["values"][1]["userEnteredValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"


def test_named_ranges_are_read_by_formulas(book: Plain) -> None:
    book.write("Notes!A1", [["1"], ["2"], ["3"]])
    book.batch({"addNamedRange": {"namedRange": {"name": "Toutes", "range": area(0, 0, 3, 1)}}})
    book.write("Bilan!A1", [["=SUM(Toutes)"]])
    assert book.read("Bilan!A1") == [["6"]]


def test_a_batch_computes_again_between_its_requests(book: Plain) -> None:
    book.write("Notes!A1", [["1", "=A1*10"]])

    def paste(row: int) -> dict:
        copied = {"source": area(0, 1, 1, 2), "destination": area(row, 1, row + 1, 2)}
        return {"copyPaste": copied | {"pasteType": "PASTE_VALUES"}}

    write = {"updateCells": {"start": {}, "rows": [cells(2)], "fields": "userEnteredValue"}}
    book.batch(paste(1), write, paste(2))
    assert book.read("Notes!B1:B3") == [["20"], ["10"], ["20"]]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_formula_read_in_french_is_stored_as_it_was(name: str) -> None:
    formula = f'={name}(A1;"{name}(")'
    french = locale_of("fr_FR")
    assert stored(worded(formula, french), french) == formula
    assert worded(formula, locale_of("en_US")) == formula
