"""Copying, cutting, filling and shifting cells."""

from typing import Any

import pytest

from localsheets.books.model import Cell
from tests.localsheets_books import add_tab, at, formula, grid, make, refusal, run, shown, values

Json = dict[str, Any]
BOLD = {"textFormat": {"bold": True}}
BORDER = {"top": {"style": "SOLID"}}
RULE = {"condition": {"type": "BOOLEAN"}}


def dressed() -> Any:
    """Return a book whose A1 has a value, a format with borders, a note and a rule; B2 has its own."""
    book = make(["=C1+1", None, 41], [None, 7])
    sheet = book.sheets[0]
    sheet.put(0, 0, Cell({"formulaValue": "=C1+1"}, BOLD | {"borders": BORDER}, "note", RULE))
    sheet.put(1, 1, Cell({"numberValue": 7}, {"padding": {"top": 1}}, "sienne", None))
    return book


# What each kind of paste of A1 makes of B2: entered, format, note, rule.
PASTES: dict[str, tuple[Any, Any, Any, Any]] = {
    "PASTE_NORMAL": ({"formulaValue": "=D2+1"}, BOLD | {"borders": BORDER}, "note", RULE),
    "PASTE_VALUES": ({"numberValue": 42}, {"padding": {"top": 1}}, "sienne", None),
    "PASTE_FORMULA": ({"formulaValue": "=D2+1"}, {"padding": {"top": 1}}, "sienne", None),
    "PASTE_FORMAT": ({"numberValue": 7}, BOLD | {"borders": BORDER}, "sienne", None),
    "PASTE_NO_BORDERS": ({"formulaValue": "=D2+1"}, BOLD, "note", RULE),
    "PASTE_DATA_VALIDATION": ({"numberValue": 7}, {"padding": {"top": 1}}, "sienne", RULE),
    "PASTE_CONDITIONAL_FORMATTING": ({"numberValue": 7}, {"padding": {"top": 1}}, "sienne", None),
}


@pytest.mark.parametrize("kind", PASTES)
def test_each_paste_takes_its_part_along(kind: str) -> None:
    book = dressed()
    run(book, {"copyPaste": {"source": grid("A1"), "destination": grid("B2"), "pasteType": kind}})
    cell = at(book, "B2")
    assert (cell.entered, cell.format, cell.note, cell.validation) == PASTES[kind]


@pytest.mark.parametrize(
    ("destination", "orientation", "wanted"),
    [
        pytest.param("D1", "NORMAL", [[1, 2, None, 1, 2], [3, 4, None, 3, 4]], id="from one cell"),
        pytest.param("D1:E4", "NORMAL", [[1, 2, None, 1, 2], [3, 4, None, 3, 4], [None] * 3 + [1, 2]], id="repeated"),
        pytest.param("D1:E3", "NORMAL", [[1, 2, None, 1, 2], [3, 4, None, 3, 4]], id="not a multiple"),
        pytest.param("D1", "TRANSPOSE", [[1, 2, None, 1, 3], [3, 4, None, 2, 4]], id="transposed"),
    ],
)
def test_a_copy_is_repeated_or_transposed(destination: str, orientation: str, wanted: list[Any]) -> None:
    book = make([1, 2], [3, 4])
    place = {"source": grid("A1:B2"), "destination": grid(destination), "pasteOrientation": orientation}
    run(book, {"copyPaste": place})
    assert values(book)[: len(wanted)] == wanted


def test_a_copy_takes_merges_and_conditional_formats_along() -> None:
    book = make()
    rule = {"ranges": [grid("A1:B2")], "booleanRule": {"condition": {"type": "BLANK"}, "format": {}}}
    run(book, {"mergeCells": {"range": grid("A1:B1")}}, {"addConditionalFormatRule": {"rule": rule}})
    run(book, {"copyPaste": {"source": grid("A1:B2"), "destination": grid("D5")}})
    assert [merge["startRowIndex"] for merge in shown(book, "merges")] == [0, 4]
    ranges = shown(book, "conditionalFormats")[0]["ranges"]
    assert [(place["startRowIndex"], place["startColumnIndex"]) for place in ranges] == [(0, 0), (4, 3)]


def test_a_cut_is_followed_by_formulas_and_names() -> None:
    book = make([1, "=A1", "=SUM(A1:A2)", "=SUM(A1:A3)"], [2])
    add_tab(book, 7, "L'autre", ["=Sheet1!A2"])
    run(book, {"addNamedRange": {"namedRange": {"name": "n", "range": grid("A1:A2")}}})
    run(book, {"cutPaste": {"source": grid("A1:A2"), "destination": {"sheetId": 7, "rowIndex": 3, "columnIndex": 2}}})
    assert [formula(book, cell) for cell in ("B1", "C1", "D1")] == [
        "='L''autre'!C4",
        "=SUM('L''autre'!C4:C5)",
        "=SUM(A1:A3)",
    ]
    assert book.named_ranges[0]["range"] == grid("C4:C5", 7)
    assert values(book, 7)[3:] == [[None, None, 1], [None, None, 2]]
    assert at(book, "A1") == Cell()


@pytest.mark.parametrize(
    ("kind", "axis", "place", "wanted", "sum_"),
    [
        pytest.param(
            "insertRange", "ROWS", "A2:A2", [["a", "b"], [None, "d"], ["c", "f"], ["e"]], "=A3&A1", id="insert down"
        ),
        pytest.param(
            "insertRange", "COLUMNS", "A2:A2", [["a", "b"], [None, "c", "d"], ["e", "f"]], "=B2&A1", id="insert right"
        ),
        pytest.param(
            "deleteRange", "ROWS", "A1:A1", [["c", "b"], ["e", "d"], [None, "f"]], "=A1&#REF!", id="delete up"
        ),
        pytest.param(
            "deleteRange", "COLUMNS", "A1:A1", [["b"], ["c", "d"], ["e", "f"]], "=A2&#REF!", id="delete to the left"
        ),
    ],
)
def test_a_part_of_the_grid_shifts(kind: str, axis: str, place: str, wanted: list[Any], sum_: str) -> None:
    book = make(["a", "b"], ["c", "d"], ["e", "f"])
    add_tab(book, 7, "Autre", ["=Sheet1!A2&Sheet1!A1"])
    run(book, {kind: {"range": grid(place), "shiftDimension": axis}})
    assert values(book) == wanted
    assert formula(book, "A1", 7) == sum_.replace("=A", "=Sheet1!A").replace("=B", "=Sheet1!B").replace(
        "&A", "&Sheet1!A"
    )


def test_cells_pushed_beyond_the_grid_make_it_grow() -> None:
    book = make(["a"], rows=1, columns=1)
    run(book, {"insertRange": {"range": grid("A1"), "shiftDimension": "ROWS"}})
    assert (book.sheets[0].row_count, values(book)) == (2, [[], ["a"]])


def test_a_shift_does_not_tear_a_merge() -> None:
    book = make()
    run(book, {"mergeCells": {"range": grid("A5:B5")}})
    assert "merged range" in refusal(book, {"insertRange": {"range": grid("A1"), "shiftDimension": "ROWS"}})
    run(book, {"insertRange": {"range": grid("A1:B1"), "shiftDimension": "ROWS"}})
    assert shown(book, "merges")[0]["startRowIndex"] == 5


@pytest.mark.parametrize(
    ("source", "alternate", "length", "wanted"),
    [
        pytest.param([1, 2], False, 3, [3, 4, 5], id="counting"),
        pytest.param([10, 7.5], False, 2, [5, 2.5], id="counting down by halves"),
        pytest.param([5], False, 2, [5, 5], id="one number is repeated"),
        pytest.param([5], True, 2, [6, 7], id="or counted on"),
        pytest.param(["a", "b"], False, 3, ["a", "b", "a"], id="texts are repeated"),
        pytest.param(["Salle 09"], False, 2, ["Salle 10", "Salle 11"], id="a numbered text"),
        pytest.param(["=C1*2"], False, 2, ["=C2*2", "=C3*2"], id="a formula"),
        pytest.param([True], False, 1, [True], id="a boolean"),
    ],
)
def test_a_series_is_continued(source: list[Any], alternate: bool, length: int, wanted: list[Any]) -> None:
    book = make(*[[value] for value in source])
    place = {"source": grid(f"A1:A{len(source)}"), "dimension": "ROWS", "fillLength": length}
    run(book, {"autoFill": {"useAlternateSeries": alternate, "sourceAndDestination": place}})
    cells = [at(book, f"A{len(source) + 1 + index}") for index in range(length)]
    assert [cell.formula or next(iter((cell.entered or {}).values())) for cell in cells] == wanted


def test_a_series_runs_backwards_and_across() -> None:
    book = make([None, None, 3, 4])
    place = {"source": grid("C1:D1"), "dimension": "COLUMNS", "fillLength": -2}
    run(book, {"autoFill": {"sourceAndDestination": place}})
    assert values(book) == [[1, 2, 3, 4]]
    run(book, {"autoFill": {"range": grid("A1:F1")}})
    assert values(book) == [[1, 2, 3, 4, 5, 6]]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        pytest.param(["January"], "months and days", id="a month"),
        pytest.param([1, 2, 4], "numbers that are not evenly spaced", id="no series"),
    ],
)
def test_series_that_are_not_done_are_named(source: list[Any], what: str) -> None:
    book = make(*[[value] for value in source])
    place = {"source": grid(f"A1:A{len(source)}"), "dimension": "ROWS", "fillLength": 2}
    message = refusal(book, {"autoFill": {"sourceAndDestination": place}})
    assert message == f"501 localsheets does not implement autoFill of {what}."
