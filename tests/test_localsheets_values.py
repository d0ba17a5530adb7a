"""Plain values written and read over the API, ranges and masks."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localsheets.books import a1, masks
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import a1_range
from localsheets.errors import ApiError
from localsheets.server import Running, serve
from tests.localsheets_client import Plain, area, cells


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("localsheets") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create()
    return client


@pytest.fixture()
def french(server: Running) -> Plain:
    client = Plain(server.url)
    client.create("Classeur", "fr_FR")
    return client


# Over the API


def test_typing_in_a_french_book(french: Plain) -> None:
    french.write("A1", [["12,5", "14/02/2025", "VRAI", "9:30", "'0612"]])
    assert french.read("A1:E1") == [["12,5", "14/02/2025", "VRAI", "09:30", "0612"]]
    unformatted = french.read("A1:E1", "UNFORMATTED_VALUE")
    assert unformatted == [[12.5, 45702, True, 0.3958333333333333, "0612"]]
    texts = french.read("A1:E1", "UNFORMATTED_VALUE", dateTimeRenderOption="FORMATTED_STRING")
    assert texts == [[12.5, "14/02/2025", True, "09:30", "0612"]]


def test_a_text_column_keeps_what_is_typed(french: Plain) -> None:
    text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    french.batch({"repeatCell": {"range": area(0, 0, 9, 1), "cell": text, "fields": "userEnteredFormat"}})
    french.write("A1", [["0612"], ["14/02/2025"], ["=1+1"]])
    assert french.read("A1:A3", "UNFORMATTED_VALUE") == [["0612"], ["14/02/2025"], ["=1+1"]]


def test_raw_keeps_texts_and_types(book: Plain) -> None:
    book.write("A1", [["12", 12, True, "=1+1", "'x"]], "RAW")
    assert book.read("A1:E1", "UNFORMATTED_VALUE") == [["12", 12, True, "=1+1", "'x"]]


def test_null_leaves_a_cell_and_an_empty_text_clears_it(book: Plain) -> None:
    book.write("A1", [["a", "b", "c"]])
    book.write("A1", [[None, "", "C"]])
    assert book.read("A1:C1") == [["a", "", "C"]]


def test_trailing_blanks_are_left_out(book: Plain) -> None:
    book.write("A1", [["", "Hi", ""], ["", "", ""], ["x", "", ""], ["", "", ""]])
    path = f"/v4/spreadsheets/{book.book}/values"
    assert book.call("GET", f"{path}/A1:C4").json() == {
        "range": "Sheet1!A1:C4",
        "majorDimension": "ROWS",
        "values": [["", "Hi"], [], ["x"]],
    }
    assert book.call("GET", f"{path}/D1:D").json() == {"range": "Sheet1!D1:D1000", "majorDimension": "ROWS"}
    columns = book.call("GET", f"{path}/A1:C4", majorDimension="COLUMNS").json()
    assert columns["values"] == [["", "", "x"], ["Hi"]]


def test_batch_get_answers_each_range(book: Plain) -> None:
    book.write("A1", [["a", "b"]])
    path = f"/v4/spreadsheets/{book.book}/values:batchGet"
    answer = book.call("GET", path, ranges=["A:A", "Sheet1!B1", "'Sheet1'"]).json()
    assert [found["range"] for found in answer["valueRanges"]] == [
        "Sheet1!A1:A1000",
        "Sheet1!B1",
        "Sheet1!A1:Z1000",
    ]


def test_batch_update_counts_and_is_all_or_nothing(book: Plain) -> None:
    path = f"/v4/spreadsheets/{book.book}/values:batchUpdate"
    data = [{"range": "A1:B1", "values": [[1, 2]]}, {"range": "A3:B3", "values": [[3, 4]]}]
    answer = book.call("POST", path, {"valueInputOption": "RAW", "data": data}).json()
    totals = {name: value for name, value in answer.items() if name.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 2,
        "totalUpdatedCells": 4,
        "totalUpdatedSheets": 1,
    }
    data = [{"range": "A1", "values": [["lost"]]}, {"range": "Nowhere!A1", "values": [[3]]}]
    refused = book.call("POST", path, {"valueInputOption": "RAW", "data": data})
    assert refused.json()["error"]["message"] == "Invalid data[1]: Unable to parse range: Nowhere!A1"
    assert book.read("A1:B3") == [["1", "2"], [], ["3", "4"]]


def test_append_goes_under_the_table_it_guesses(book: Plain) -> None:
    path = f"/v4/spreadsheets/{book.book}/values/Sheet1:append"
    first = book.call("POST", path, {"values": [["a", "b"]]}, valueInputOption="RAW").json()
    assert "tableRange" not in first
    assert first["updates"]["updatedRange"] == "Sheet1!A1:B1"
    second = book.call("POST", path, {"values": [["c"]]}, valueInputOption="RAW").json()
    assert (second["tableRange"], second["updates"]["updatedRange"]) == ("Sheet1!A1:B1", "Sheet1!A2")


def test_clearing_keeps_formats(book: Plain) -> None:
    book.write("A1", [["14/2/2025"], ["2/14/2025"]])
    path = f"/v4/spreadsheets/{book.book}/values"
    answer = book.call("POST", f"{path}:batchClear", {"ranges": ["A1:A1", "A2:B2"]}).json()
    assert answer["clearedRanges"] == ["Sheet1!A1", "Sheet1!A2:B2"]
    book.write("A2", [[45702]])
    assert book.read("A1:A2") == [[], ["2/14/2025"]]


def test_values_that_are_no_list_are_refused_as_recorded(book: Plain) -> None:
    answer = book.call("PUT", f"/v4/spreadsheets/{book.book}/values/A1", {"values": "X"}, valueInputOption="RAW")
    text = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    assert answer.json()["error"]["message"] == text
    assert answer.json()["error"]["details"][0]["fieldViolations"] == [{"field": "data.values", "description": text}]


def test_writing_beyond_the_range_given_is_refused(book: Plain) -> None:
    assert "tried writing to row [2]" in book.write("A1:B1", [[1], [2]]).json()["error"]["message"]
    assert "tried writing to column [C]" in book.write("A1:B1", [[1, 2, 3]]).json()["error"]["message"]
    assert book.write("A1", [[1, 2], [3]]).json()["updatedCells"] == 3


def test_an_input_option_is_required(book: Plain) -> None:
    answer = book.call("PUT", f"/v4/spreadsheets/{book.book}/values/A1", {"values": [[1]]})
    assert answer.status_code == 400


def test_the_formula_bar_shows_what_was_typed(french: Plain) -> None:
    texts = [["12,5", "=1+1", "14/02/2025", "12%", "VRAI", "P"]]
    french.act({"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": texts})
    (row,) = french.state().json()["sheets"][0]["rows"]
    assert [cell["e"] for cell in row] == texts[0]
    assert [cell.get("n", False) for cell in row] == [True, True, True, True, False, False]


def test_typed_texts_are_never_read_as_formulas(book: Plain) -> None:
    book.batch({"updateCells": {"start": {}, "rows": [cells("=1+1")], "fields": "userEnteredValue"}})
    assert book.read("A1", "FORMULA") == [["=1+1"]]
    assert book.read("A1") == [["=1+1"]]


# A1 notation and masks


@given(some.integers(0, 18277))
def test_letters_name_columns_and_back(column: int) -> None:
    assert a1.column_number(a1.letters(column)) == column


@given(some.text(min_size=1, max_size=20))
def test_any_title_can_be_quoted_and_read_back(title: str) -> None:
    found, closed = a1_range(one_tab(title), f"{a1.quoted(title)}!B2:C3")
    assert (found.title, closed) == (title, a1.Area(1, 1, 3, 3))


def one_tab(title: str) -> Book:
    book = Book("", {"locale": "en_US"}, {})
    book.add(Sheet(0, title))
    return book


@pytest.mark.parametrize("text", ["", "A0", "Nope!A1", "A1:B2:C3", "ABCD1", "A"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="Unable to parse range"):
        a1_range(one_tab("Sheet1"), text)


def test_masks_keep_what_they_name() -> None:
    value = {"a": 1, "b": {"c": 2, "d": 3}, "e": [{"f": 4, "g": 5}, {"g": 6}]}
    assert masks.prune(value, masks.parse("a,b(c),e/f")) == {"a": 1, "b": {"c": 2}, "e": [{"f": 4}, {}]}
    assert masks.prune(value, masks.parse("*")) == value
    assert masks.prune(value, masks.parse("b.c,b")) == {"b": {"c": 2, "d": 3}}


@pytest.mark.parametrize("text", ["a(", "a,,b", "a)", "(a)", "a(b"])
def test_what_is_no_mask_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="Invalid field selection"):
        masks.parse(text)


def test_an_overlay_takes_only_masked_fields() -> None:
    old = {"bold": True, "size": 10, "color": {"red": 1}}
    new = {"size": 12, "italic": True}
    assert masks.overlay(old, new, masks.parse("size,color.red")) == {"bold": True, "size": 12}
