"""What points at lines follows them: formulas, ranges, filters, rules, metadata, sizes."""

from typing import Any

import pytest

from localsheets.books.changes import Change, Deleted, Inserted, Moved
from localsheets.books.structure import restructure
from tests.localsheets_books import add_tab, at, formula, grid, make, run, shown, span

Json = dict[str, Any]
GONE = None
# Where the span of lines 4 to 8 (half open, from zero) goes.
SPANS: list[tuple[str, Change, tuple[int, int] | None]] = [
    ("inserted before", Inserted(2, 2), (6, 10)),
    ("inserted at its start", Inserted(4, 2), (6, 10)),
    ("inserted inside", Inserted(5, 2), (4, 10)),
    ("inserted at its last line", Inserted(7, 1), (4, 9)),
    ("inserted at its end", Inserted(8, 2), (4, 8)),
    ("inserted after", Inserted(9, 2), (4, 8)),
    ("deleted before", Deleted(1, 3), (2, 6)),
    ("deleted up to its start", Deleted(2, 4), (2, 6)),
    ("deleted over its start", Deleted(3, 6), (3, 5)),
    ("deleted inside", Deleted(5, 7), (4, 6)),
    ("deleted over its end", Deleted(6, 10), (4, 6)),
    ("deleted from its end", Deleted(8, 10), (4, 8)),
    ("deleted after", Deleted(9, 11), (4, 8)),
    ("deleted exactly", Deleted(4, 8), GONE),
    ("deleted around", Deleted(3, 9), GONE),
    ("moved whole down", Moved(4, 8, 12), (8, 12)),
    ("moved whole up", Moved(4, 8, 1), (1, 5)),
    ("others moved over it from above", Moved(0, 2, 10), (2, 6)),
    ("others moved over it from below", Moved(10, 12, 1), (6, 10)),
    ("others moved inside it", Moved(10, 12, 6), (4, 10)),
    ("its middle moved within it", Moved(5, 6, 7), (4, 8)),
    ("others moved before it stay before", Moved(0, 1, 3), (4, 8)),
]
IDS = [name for name, _, _ in SPANS]
AXES = ("ROWS", "COLUMNS")


def on(axis: str, start: int, end: int) -> Json:
    """Return a GridRange that covers lines of an axis, and two lines of the other one."""
    rows, columns = ((start, end), (1, 3)) if axis == "ROWS" else ((1, 3), (start, end))
    ends = {"startRowIndex": rows[0], "endRowIndex": rows[1]}
    return {"sheetId": 0} | ends | {"startColumnIndex": columns[0], "endColumnIndex": columns[1]}


def answered(axis: str, wanted: tuple[int, int] | None) -> Json | None:
    if wanted is None:
        return None
    return {name: value for name, value in on(axis, *wanted).items() if name != "sheetId"}


ATTACHED: dict[str, Any] = {
    "merges": lambda place: {"mergeCells": {"range": place}},
    "protectedRanges": lambda place: {"addProtectedRange": {"protectedRange": {"range": place}}},
    "basicFilter": lambda place: {"setBasicFilter": {"filter": {"range": place}}},
    "filterViews": lambda place: {"addFilterView": {"filter": {"range": place}}},
    "bandedRanges": lambda place: {
        "addBanding": {"bandedRange": {"range": place, "rowProperties": {"firstBandColor": {}, "secondBandColor": {}}}}
    },
    "conditionalFormats": lambda place: {
        "addConditionalFormatRule": {
            "rule": {"ranges": [place], "booleanRule": {"condition": {"type": "BLANK"}, "format": {}}}
        }
    },
}


def place_of(attached: Any) -> Json | None:
    if isinstance(attached, list):
        attached = attached[0] if attached else None
    if attached is None:
        return None
    return attached.get("range") or (attached.get("ranges") or [attached])[0]


# A merge refuses to be torn by a move: that is among the errors.
TEARING = ("others moved inside it", "its middle moved within it")
ATTACHED_CASES = [
    pytest.param(name, change, wanted, id=f"{name}, {how}")
    for name in ATTACHED
    for how, change, wanted in SPANS
    if name != "merges" or how not in TEARING
]


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize(("name", "change", "wanted"), ATTACHED_CASES)
def test_what_is_attached_to_a_range_follows(
    name: str, axis: str, change: Change, wanted: tuple[int, int] | None
) -> None:
    book = make(rows=20, columns=20)
    run(book, ATTACHED[name](on(axis, 4, 8)))
    restructure(book, 0, axis, change)
    assert place_of(shown(book, name)) == answered(axis, wanted)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize(("change", "wanted"), [(change, wanted) for _, change, wanted in SPANS], ids=IDS)
def test_names_groups_and_formulas_follow(axis: str, change: Change, wanted: tuple[int, int] | None) -> None:
    book = make(rows=20, columns=20)
    add_tab(book, 7, "L'autre", ["=SUM(nom)", "=SUM(Sheet1!$E$5:$H$8)", "=SUM(Sheet1!E:H)", "=SUM(Sheet1!5:8)"])
    run(
        book,
        {"addNamedRange": {"namedRange": {"name": "nom", "range": on(axis, 4, 8)}}},
        {"addDimensionGroup": {"range": span(axis, 4, 8)}},
    )
    restructure(book, 0, axis, change)
    places = [named["range"] for named in book.named_ranges]
    assert places == ([] if wanted is None else [on(axis, *wanted)])
    groups = shown(book, "rowGroups" if axis == "ROWS" else "columnGroups") or []
    assert [(group["range"]["startIndex"], group["range"]["endIndex"]) for group in groups] == (
        [] if wanted is None else [wanted]
    )
    letters = "ABCDEFGHIJKLMNOPQRST"
    rows, columns = ("5", "8"), ("E", "H")
    if wanted and axis == "ROWS":
        rows = (str(wanted[0] + 1), str(wanted[1]))
    elif wanted:
        columns = (letters[wanted[0]], letters[wanted[1] - 1])
    both = "#REF!" if wanted is None else f"Sheet1!${columns[0]}${rows[0]}:${columns[1]}${rows[1]}"
    whole_columns = "#REF!" if wanted is None and axis == "COLUMNS" else f"Sheet1!{columns[0]}:{columns[1]}"
    whole_rows = "#REF!" if wanted is None and axis == "ROWS" else f"Sheet1!{rows[0]}:{rows[1]}"
    assert formula(book, "B1", 7) == f"=SUM({both})"
    assert formula(book, "C1", 7) == f"=SUM({whole_columns})"
    assert formula(book, "D1", 7) == f"=SUM({whole_rows})"


# Where line 5 (from zero) goes, with its cell, its metadata, its size.
POINTS: list[tuple[str, Change, int | None]] = [
    ("inserted before", Inserted(5, 3), 8),
    ("inserted after", Inserted(6, 3), 5),
    ("deleted before", Deleted(1, 3), 3),
    ("deleted with it", Deleted(5, 6), None),
    ("deleted after", Deleted(6, 8), 5),
    ("moved down", Moved(5, 6, 9), 8),
    ("moved up", Moved(5, 6, 2), 2),
    ("moved past, downwards", Moved(2, 4, 9), 3),
    ("moved past, upwards", Moved(8, 9, 0), 6),
    ("moved beside", Moved(8, 9, 6), 5),
]


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize(
    ("change", "wanted"), [(change, wanted) for _, change, wanted in POINTS], ids=[name for name, _, _ in POINTS]
)
def test_a_line_takes_along_its_cell_metadata_and_size(axis: str, change: Change, wanted: int | None) -> None:
    place = "B6" if axis == "ROWS" else "F2"
    book = make([f"={place}"], rows=20, columns=20)
    ends = grid(place)
    run(
        book,
        {
            "updateCells": {
                "range": ends,
                "rows": [{"values": [{"userEnteredValue": {"numberValue": 12}, "note": "ici"}]}],
                "fields": "*",
            }
        },
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": "cle",
                    "visibility": "DOCUMENT",
                    "location": {"dimensionRange": span(axis, 5, 6)},
                }
            }
        },
        {
            "updateDimensionProperties": {
                "range": span(axis, 5, 6),
                "properties": {"pixelSize": 77, "hiddenByUser": True},
                "fields": "pixelSize,hiddenByUser",
            }
        },
    )
    # The formula stands out of the way on the other axis, and before every change.
    restructure(book, 0, axis, change)
    sheet = book.sheets[0]
    sizes = {index: size for index, size in sheet.sizes[axis].items() if size.get("hiddenByUser")}
    if wanted is None:
        assert (sheet.metadata, sizes) == ([], {})
        return
    name = f"B{wanted + 1}" if axis == "ROWS" else f"{'ABCDEFGHIJ'[wanted]}2"
    assert (at(book, name).entered, at(book, name).note) == ({"numberValue": 12}, "ici")
    assert sheet.metadata[0]["location"]["dimensionRange"] == span(axis, wanted, wanted + 1)
    assert sizes == {wanted: {"pixelSize": 77, "hiddenByUser": True}}
    first = [cell.formula for _, _, cell in sheet.cells() if cell.formula]
    assert first == [f"={name}"]


# Formulas of rules, criteria by column number, open ends


def rule(text: str) -> Json:
    return {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": text}]}}


def test_the_formulas_of_rules_follow() -> None:
    book = make(rows=20)
    add_tab(book, 7, "Listes")
    listed = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Listes!$A$2:$A$9"}]}}
    run(
        book,
        {"setDataValidation": {"range": grid("B2:B4"), "rule": listed}},
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [grid("B2:B4")], "booleanRule": rule("=Listes!$A$2>1") | {"format": {}}}
            }
        },
    )
    restructure(book, 7, "ROWS", Inserted(0, 1))
    kept = at(book, "B3").validation
    assert kept is not None and kept["condition"]["values"] == [{"userEnteredValue": "=Listes!$A$3:$A$10"}]
    assert at(book, "B2").validation is kept
    shown_rule = shown(book, "conditionalFormats")[0]["booleanRule"]["condition"]
    assert shown_rule["values"] == [{"userEnteredValue": "=Listes!$A$3>1"}]


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        pytest.param(Inserted(0, 1), ["2", "3"], id="inserted before"),
        pytest.param(Deleted(1, 2), ["1"], id="the first one deleted"),
        pytest.param(Moved(1, 2, 4), ["1", "3"], id="the first one moved"),
    ],
)
def test_the_columns_of_a_filter_follow(change: Change, columns: list[str]) -> None:
    book = make(["a", "b", "c", "d"], rows=20)
    hidden = {"hiddenValues": ["x"]}
    specs = [{"columnIndex": column, "filterCriteria": hidden} for column in (1, 2)]
    run(book, {"setBasicFilter": {"filter": {"range": grid("A1:D9"), "filterSpecs": specs}}})
    restructure(book, 0, "COLUMNS", change)
    kept = shown(book, "basicFilter")
    assert sorted(kept["criteria"]) == columns
    assert sorted(str(spec["columnIndex"]) for spec in kept["filterSpecs"]) == columns


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        pytest.param("A5:A", Inserted(2, 2), "A7:A", id="inserted before an open end"),
        pytest.param("A5:A", Inserted(9, 2), "A5:A", id="inserted in an open end"),
        pytest.param("A5:A", Deleted(4, 6), "A5:A", id="its first rows deleted"),
        pytest.param("A5:A", Deleted(2, 6), "A3:A", id="deleted over its start"),
        pytest.param("A:A", Deleted(2, 6), "A:A", id="a whole column"),
    ],
)
def test_open_ends_follow(text: str, change: Change, wanted: str) -> None:
    book = make(rows=20)
    add_tab(book, 7, "Autre", [f"=SUM(Sheet1!{text})"])
    run(book, {"addNamedRange": {"namedRange": {"name": "ouvert", "range": grid(text)}}})
    restructure(book, 0, "ROWS", change)
    assert formula(book, "A1", 7) == f"=SUM(Sheet1!{wanted})"
    assert book.named_ranges[0]["range"] == grid(wanted)


def test_moved_rows_are_the_very_same_lines() -> None:
    book = make(["a", 1], ["b", 2], ["c", 3])
    lines = dict(book.sheets[0].rows)
    run(book, {"insertDimension": {"range": span("ROWS", 1, 2)}})
    rows = book.sheets[0].rows
    assert [rows[0] is lines[0], rows[2] is lines[1], rows[3] is lines[2]] == [True, True, True]
    run(book, {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}]}})
    rows = book.sheets[0].rows
    assert [rows[0] is lines[2], rows[1] is lines[1], rows[2] is lines[0]] == [True, True, True]
