"""Requests that change many values at once: replacing, cleaning, splitting, sorting, pasting texts."""

from typing import Any

import pytest

from localsheets.books.model import Cell
from tests.localsheets_books import add_tab, at, formula, grid, make, refusal, run, span, values

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("asked", "wanted", "counts"),
    [
        pytest.param({"find": "ab"}, [["x", "xc"], ["xx", 12, "=A1"]], (3, 0, 2, 4), id="whatever the case"),
        pytest.param({"find": "ab", "matchCase": True}, [["x", "ABc"], ["xAb", 12]], (2, 0, 2, 2), id="with its case"),
        pytest.param({"find": "ab", "matchEntireCell": True}, [["x", "ABc"], ["abAb", 12]], (1, 0, 1, 1), id="whole"),
        pytest.param(
            {"find": "(a)(b)", "searchByRegex": True, "replacement": "$2$1", "matchCase": True},
            [["ba", "ABc"], ["baAb", 12]],
            (2, 0, 2, 2),
            id="an expression",
        ),
        pytest.param({"find": "1", "replacement": "3"}, [["ab", "ABc"], ["abAb", 32]], (1, 0, 1, 1), id="a digit"),
        pytest.param(
            {"find": "A1", "replacement": "B1", "includeFormulas": True},
            [["ab", "ABc"], ["abAb", 12, "=B1"]],
            (0, 1, 1, 1),
            id="in formulas",
        ),
        pytest.param({"find": "zz"}, [["ab", "ABc"], ["abAb", 12]], (0, 0, 0, 0), id="nothing"),
    ],
)
def test_find_and_replace(asked: Json, wanted: list[list[Any]], counts: tuple[int, int, int, int]) -> None:
    book = make(["ab", "ABc"], ["abAb", 12, "=A1"])
    reply = run(book, {"findReplace": {"replacement": "x", "allSheets": True} | asked})[0]["findReplace"]
    sheet = book.sheets[0]
    got = [[_typed(cell) for cell in sheet.rows[row].values()] for row in sorted(sheet.rows)]
    assert [line[: len(want)] for line, want in zip(got, wanted, strict=True)] == wanted
    names = ("valuesChanged", "formulasChanged", "rowsChanged", "occurrencesChanged")
    assert tuple(reply.get(name, 0) for name in names) == counts
    assert reply.get("sheetsChanged", 0) == min(1, counts[2])


def _typed(cell: Cell) -> Any:
    return next(iter((cell.entered or {}).values()))


def test_a_replacement_stays_in_its_range_or_tab() -> None:
    book = make(["a", "a"])
    add_tab(book, 7, "Autre", ["a"])
    run(book, {"findReplace": {"find": "a", "replacement": "b", "range": grid("A1")}})
    assert (values(book), values(book, 7)) == ([["b", "a"]], [["a"]])
    run(book, {"findReplace": {"find": "a", "replacement": "b", "sheetId": 7}})
    assert (values(book), values(book, 7)) == ([["b", "a"]], [["b"]])
    refused = refusal(book, {"findReplace": {"find": "a", "allSheets": True, "sheetId": 7}})
    assert "oneof field 'scope' is already set. Cannot set 'sheetId'" in refused


def test_a_text_that_looks_like_a_number_stays_a_text_when_replaced() -> None:
    book = make(["0612", "le 5"])
    run(book, {"findReplace": {"find": "06", "replacement": "07", "allSheets": True}})
    run(book, {"findReplace": {"find": "le ", "replacement": "", "allSheets": True}})
    assert values(book) == [["0712", 5]]


def test_spaces_are_trimmed() -> None:
    book = make(["  a   b ", "=A1"], ["ok", " \t "], [7])
    assert run(book, {"trimWhitespace": {"range": {"sheetId": 0}}}) == [{"trimWhitespace": {"cellsChangedCount": 2}}]
    assert values(book) == [["a b", "a b"], ["ok"], [7]]
    assert run(book, {"trimWhitespace": {"range": grid("A3")}}) == [{"trimWhitespace": {}}]


@pytest.mark.parametrize(
    ("columns", "wanted", "count"),
    [
        pytest.param([], [["a", 1], ["b", 1], ["a", 2], [None, None, "loin"]], 1, id="by whole rows"),
        pytest.param([span("COLUMNS", 0, 1)], [["a", 1], ["b", 1], [], [None, None, "loin"]], 2, id="by a column"),
    ],
)
def test_duplicates_are_taken_out(columns: list[Json], wanted: list[Any], count: int) -> None:
    book = make(["a", 1], ["b", 1], ["A", 1], ["a", 2, "loin"])
    reply = run(book, {"deleteDuplicates": {"range": grid("A1:B4"), "comparisonColumns": columns}})
    assert reply == [{"deleteDuplicates": {"duplicatesRemovedCount": count}}]
    assert values(book) == wanted


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        pytest.param({"delimiterType": "COMMA"}, [["a", "b", 3], ["c;d"]], id="by commas"),
        pytest.param({"delimiterType": "SEMICOLON"}, [["a,b,3"], ["c", "d"]], id="by semicolons"),
        pytest.param({"delimiterType": "CUSTOM", "delimiter": ",b,"}, [["a", 3], ["c;d"]], id="by a text"),
        pytest.param({"delimiterType": "AUTODETECT"}, [["a", "b", 3], ["c;d"]], id="by what is found"),
    ],
)
def test_texts_are_split_over_columns(asked: Json, wanted: list[Any]) -> None:
    book = make(["a,b,3"], ["c;d"])
    run(book, {"textToColumns": {"source": grid("A1:A9")} | asked})
    assert values(book) == wanted


def test_texts_are_split_from_one_column_only() -> None:
    assert "exactly one column" in refusal(make(), {"textToColumns": {"source": grid("A1:B2")}})


@pytest.mark.parametrize(
    ("locale", "text", "wanted"),
    [
        pytest.param("en_US", 'a,1.5\n"b, c",TRUE\n', [["a", 1.5], ["b, c", True]], id="quoted, as typed"),
        pytest.param("fr_FR", 'a,"1,5"\nVRAI,=A1', [["a", 1.5], [True, "a"]], id="in French"),
    ],
)
def test_a_text_is_pasted_as_typed_and_the_grid_grows(locale: str, text: str, wanted: list[Any]) -> None:
    book = make(rows=1, columns=1, locale=locale)
    run(book, {"pasteData": {"coordinate": {}, "data": text, "delimiter": ",", "type": "PASTE_NORMAL"}})
    assert values(book) == wanted
    assert (book.sheets[0].row_count, book.sheets[0].column_count) == (2, 2)


# Sorting

MIXED = [["b", 2], [True, 1], ["Éa", 3], [None, 4], [10, 5], ["ea", 6], [9, 7], [False, 8], ["eb", 9]]


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        pytest.param("ASCENDING", [7, 5, 2, 6, 3, 9, 8, 1, 4], id="numbers, texts, booleans, blanks"),
        pytest.param("DESCENDING", [1, 8, 9, 3, 6, 2, 5, 7, 4], id="the other way round, blanks last all the same"),
    ],
)
def test_kinds_of_values_have_an_order(order: str, wanted: list[int]) -> None:
    book = make(*MIXED)
    specs = [{"dimensionIndex": 0, "sortOrder": order}]
    run(book, {"sortRange": {"range": grid("A1:B9"), "sortSpecs": specs}})
    assert [line[1] for line in values(book)] == wanted


def test_a_sort_takes_cells_along_and_leaves_the_rows_as_they_are() -> None:
    book = make([2, "=A1*10", "x"], [1, "=A2*10", "y"])
    book.sheets[0].put(0, 0, Cell({"numberValue": 2}, {"textFormat": {"bold": True}}, "note"))
    location = {"dimensionRange": span("ROWS", 0, 1)}
    run(
        book,
        {
            "createDeveloperMetadata": {
                "developerMetadata": {"metadataKey": "k", "visibility": "PROJECT", "location": location}
            }
        },
        {
            "updateDimensionProperties": {
                "range": span("ROWS", 0, 1),
                "properties": {"pixelSize": 50},
                "fields": "pixelSize",
            }
        },
        {"sortRange": {"range": grid("A1:B2"), "sortSpecs": [{"dimensionIndex": 0}]}},
    )
    assert values(book) == [[1, 10, "x"], [2, 20, "y"]]
    assert (formula(book, "B1"), formula(book, "B2")) == ("=A1*10", "=A2*10")
    assert (at(book, "A2").note, at(book, "A2").format) == ("note", {"textFormat": {"bold": True}})
    sheet = book.sheets[0]
    assert sheet.sizes["ROWS"] == {0: {"pixelSize": 50}}
    assert sheet.metadata[0]["location"]["dimensionRange"]["startIndex"] == 0


def test_hidden_rows_stay_in_a_sort() -> None:
    book = make([3], [2], [1])
    hide = {"range": span("ROWS", 1, 2), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    run(book, {"updateDimensionProperties": hide})
    run(book, {"sortRange": {"range": grid("A1:A3"), "sortSpecs": [{"dimensionIndex": 0}]}})
    assert values(book) == [[1], [2], [3]]


def test_shuffled_rows_are_the_same_rows() -> None:
    book = make(*[[number, number * 2] for number in range(20)])
    run(book, {"randomizeRange": {"range": grid("A1:B20")}})
    lines = values(book)
    assert sorted(line[0] for line in lines) == list(range(20))
    assert all(line[1] == line[0] * 2 for line in lines)


def test_cells_are_appended_under_the_last_value_and_rows_added() -> None:
    book = make(["a"], [None], ["b"], rows=4)
    rows = [{"values": [{"userEnteredValue": {"numberValue": number}}]} for number in (1, 2)]
    run(book, {"appendCells": {"sheetId": 0, "rows": rows, "fields": "*"}})
    assert (values(book), book.sheets[0].row_count) == ([["a"], [], ["b"], [1], [2]], 5)
