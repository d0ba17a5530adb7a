"""Filters, conditional formats, colours in bands, groups, metadata, rich texts: kept and answered as Google does."""

from typing import Any

import pytest

from localsheets.sheets.answers import spreadsheet
from tests.localsheets_books import add_tab, at, grid, make, refusal, run, shown, span, values

Json = dict[str, Any]
GREATER = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "2"}]}
PLACE = {"startRowIndex": 0, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 2}


def group(start: int, end: int, axis: str = "COLUMNS") -> Json:
    return {"range": span(axis, start, end)}


# What is grouped, then ungrouped, and the (start, end, depth) left: the examples of Google's reference first.
GROUPS: list[tuple[str, list[tuple[int, int]], list[tuple[int, int]], list[tuple[int, int, int]]]] = [
    ("a superset", [(1, 4), (1, 5)], [], [(1, 5, 1), (1, 4, 2)]),
    ("a subset", [(1, 5), (2, 4)], [], [(1, 5, 1), (2, 4, 2)]),
    ("an overlap", [(1, 4), (2, 5)], [], [(1, 5, 1), (2, 4, 2)]),
    ("a part deleted", [(1, 5), (2, 4)], [(3, 5)], [(1, 4, 1), (2, 3, 2)]),
    ("apart", [(1, 2), (4, 6)], [], [(1, 2, 1), (4, 6, 1)]),
    ("side by side", [(1, 2), (2, 4)], [], [(1, 4, 1)]),
    ("the same twice", [(1, 3), (1, 3)], [], [(1, 3, 1), (1, 3, 2)]),
    ("a hole", [(1, 6)], [(3, 4)], [(1, 3, 1), (4, 6, 1)]),
    ("all gone", [(1, 3)], [(1, 3)], []),
]


@pytest.mark.parametrize("axis", ["ROWS", "COLUMNS"])
@pytest.mark.parametrize(
    ("added", "deleted", "wanted"), [case[1:] for case in GROUPS], ids=[case[0] for case in GROUPS]
)
def test_groups_nest_and_split(axis: str, added: list[Any], deleted: list[Any], wanted: list[Any]) -> None:
    book = make()
    replies = run(
        book,
        *({"addDimensionGroup": group(*ends, axis)} for ends in added),
        *({"deleteDimensionGroup": group(*ends, axis)} for ends in deleted),
    )
    answered = next(iter(replies[-1].values())).get("dimensionGroups", [])
    assert answered == (shown(book, "rowGroups" if axis == "ROWS" else "columnGroups") or [])
    spans = [(one["range"]["startIndex"], one["range"]["endIndex"], one["depth"]) for one in answered]
    assert spans == wanted


def test_a_folded_group_hides_its_lines() -> None:
    book = make()
    run(book, {"addDimensionGroup": group(1, 3)})
    folded = group(1, 3) | {"depth": 1, "collapsed": True}
    run(book, {"updateDimensionGroup": {"dimensionGroup": folded, "fields": "collapsed"}})
    assert shown(book, "columnGroups")[0]["collapsed"] is True
    assert book.sheets[0].sizes["COLUMNS"] == {1: {"hiddenByUser": True}, 2: {"hiddenByUser": True}}
    run(book, {"updateDimensionGroup": {"dimensionGroup": folded | {"collapsed": False}, "fields": "*"}})
    assert ("collapsed" in shown(book, "columnGroups")[0], book.sheets[0].sizes["COLUMNS"]) == (False, {})
    assert "no dimension group" in refusal(
        book, {"updateDimensionGroup": {"dimensionGroup": folded | {"depth": 2}, "fields": "collapsed"}}
    )


@pytest.mark.parametrize(
    ("criteria", "hidden"),
    [
        pytest.param({"hiddenValues": ["2"]}, [2], id="hidden values"),
        pytest.param({"condition": GREATER}, [1, 2], id="a condition"),
    ],
)
def test_a_filter_hides_rows(criteria: Json, hidden: list[int]) -> None:
    book = make(["t"], [1], [2], [3])
    specs = [{"columnIndex": 0, "filterCriteria": criteria}]
    assert run(book, {"setBasicFilter": {"filter": {"range": grid("A1:B4"), "filterSpecs": specs}}}) == [{}]
    wanted = {"range": PLACE, "criteria": {"0": criteria}, "filterSpecs": [{"filterCriteria": criteria}]}
    assert shown(book, "basicFilter") == wanted
    data = spreadsheet(book, None, [], grid_data=True)["sheets"][0]["data"][0]
    assert [row for row, line in enumerate(data["rowMetadata"]) if line.get("hiddenByFilter")] == hidden
    run(book, {"clearBasicFilter": {"sheetId": 0}})
    assert (shown(book, "basicFilter"), book.sheets[0].sizes["ROWS"]) == (None, {})


def test_a_filter_sorts_below_its_header() -> None:
    book = make(["t"], [1], [3], [2])
    specs = [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]
    run(book, {"setBasicFilter": {"filter": {"range": grid("A1:B4"), "sortSpecs": specs}}})
    assert values(book) == [["t"], [3], [2], [1]]
    assert shown(book, "basicFilter")["sortSpecs"] == [{"sortOrder": "DESCENDING"}]


def test_filter_views_are_kept_and_hide_nothing() -> None:
    book = make(["t"], [1], [2], [3])
    view = {"filterViewId": 5, "title": "Vue", "range": grid("A1:B4"), "criteria": {"0": {"condition": GREATER}}}
    kept = {
        "filterViewId": 5,
        "title": "Vue",
        "range": PLACE,
        "criteria": {"0": {"condition": GREATER}},
        "filterSpecs": [{"filterCriteria": {"condition": GREATER}}],
    }
    assert run(book, {"addFilterView": {"filter": view}}) == [{"addFilterView": {"filter": kept}}]
    assert book.sheets[0].sizes["ROWS"] == {}
    reply = run(book, {"duplicateFilterView": {"filterId": 5}})[0]["duplicateFilterView"]["filter"]
    assert reply == kept | {"filterViewId": reply["filterViewId"], "title": "Copy of Vue"}
    assert run(book, {"updateFilterView": {"filter": {"filterViewId": 5, "title": "Neuf"}, "fields": "title"}}) == [{}]
    assert run(book, {"deleteFilterView": {"filterId": reply["filterViewId"]}}) == [{}]
    assert shown(book, "filterViews") == [kept | {"title": "Neuf"}]


def boolean(kind: str) -> Json:
    style = {"backgroundColor": {"red": 1}, "backgroundColorStyle": {"rgbColor": {"red": 1}}}
    return {"ranges": [grid("A1:B4")], "booleanRule": {"condition": {"type": kind}, "format": style}}


def answered(rule: Json) -> Json:
    return rule | {"ranges": [PLACE]}


def test_conditional_formats_are_inserted_moved_replaced_and_deleted() -> None:
    book = make()
    blank, filled = boolean("BLANK"), boolean("NOT_BLANK")
    assert run(
        book,
        {"addConditionalFormatRule": {"rule": blank}},
        {"addConditionalFormatRule": {"rule": filled, "index": 0}},
    ) == [{}, {}]
    assert shown(book, "conditionalFormats") == [answered(filled), answered(blank)]
    moved = run(book, {"updateConditionalFormatRule": {"index": 0, "newIndex": 1}})
    assert moved == [{"updateConditionalFormatRule": {"newRule": answered(filled), "newIndex": 1}}]
    replaced = run(book, {"updateConditionalFormatRule": {"index": 1, "rule": blank}})[0]
    assert replaced == {
        "updateConditionalFormatRule": {"newRule": answered(blank), "newIndex": 1, "oldRule": answered(filled)}
    }
    assert run(book, {"deleteConditionalFormatRule": {"index": 1}}) == [
        {"deleteConditionalFormatRule": {"rule": answered(blank)}}
    ]
    assert len(shown(book, "conditionalFormats")) == 1


def test_bands_are_added_changed_and_deleted() -> None:
    book = make()
    rows = {"headerColor": {"red": 1}, "firstBandColor": {"green": 1}, "secondBandColor": {}}
    reply = run(book, {"addBanding": {"bandedRange": {"range": grid("A1:B4"), "rowProperties": rows}}})[0]
    band = reply["addBanding"]["bandedRange"]
    assert band["range"] == PLACE
    assert band["rowProperties"]["headerColorStyle"] == {"rgbColor": {"red": 1}}
    wanted = {"bandedRangeId": band["bandedRangeId"], "rowProperties": {"firstBandColor": {"blue": 1}}}
    assert run(book, {"updateBanding": {"bandedRange": wanted, "fields": "rowProperties.firstBandColor"}}) == [{}]
    kept = shown(book, "bandedRanges")[0]["rowProperties"]
    assert (kept["firstBandColor"], kept["firstBandColorStyle"]) == ({"blue": 1}, {"rgbColor": {"blue": 1}})
    assert run(book, {"deleteBanding": {"bandedRangeId": band["bandedRangeId"]}}) == [{}]
    assert shown(book, "bandedRanges") is None


# Developer metadata: four entries, then what each lookup selects

LOCATIONS: dict[str, Json] = {
    "book": {"spreadsheet": True},
    "tab": {"sheetId": 7},
    "row": {"dimensionRange": span("ROWS", 2, 3, 7)},
    "column": {"dimensionRange": span("COLUMNS", 1, 2, 7)},
    "elsewhere": {"dimensionRange": span("ROWS", 2, 3)},
}


def annotated() -> Any:
    book = make()
    add_tab(book, 7, "Autre")
    for number, (key, location) in enumerate(LOCATIONS.items(), start=1):
        entry = {"metadataId": number, "metadataKey": key, "metadataValue": "v", "visibility": "DOCUMENT"}
        run(book, {"createDeveloperMetadata": {"developerMetadata": entry | {"location": location}}})
    return book


def lookup(**given: Any) -> Json:
    return {"developerMetadataLookup": given}


EXACT = {"locationMatchingStrategy": "EXACT_LOCATION"}
LOOKUPS: list[tuple[str, Json, str]] = [
    ("everything", lookup(), "book tab row column elsewhere"),
    ("an id", lookup(metadataId=3), "row"),
    ("a key", lookup(metadataKey="tab"), "tab"),
    ("a value and a type", lookup(metadataValue="v", locationType="ROW"), "row elsewhere"),
    ("another value", lookup(metadataValue="w"), ""),
    ("another visibility", lookup(visibility="PROJECT"), ""),
    ("the book", lookup(metadataLocation={"spreadsheet": True}), "book"),
    ("what meets a tab", lookup(metadataLocation={"sheetId": 7}), "tab row column"),
    ("a tab exactly", lookup(metadataLocation={"sheetId": 7}, **EXACT), "tab"),
    ("what meets a row", lookup(metadataLocation={"dimensionRange": span("ROWS", 2, 3, 7)}), "tab row column"),
    ("a row exactly", lookup(metadataLocation={"dimensionRange": span("ROWS", 2, 3, 7)}, **EXACT), "row"),
    ("what meets another row", lookup(metadataLocation={"dimensionRange": span("ROWS", 5, 6, 7)}), "tab column"),
    ("a range", {"gridRange": grid("A1:A9", 7)}, "tab row"),
    ("a range in A1", {"a1Range": "Autre!B1:B2"}, "tab column"),
]


@pytest.mark.parametrize(("given", "wanted"), [case[1:] for case in LOOKUPS], ids=[case[0] for case in LOOKUPS])
def test_a_filter_selects_metadata(given: Json, wanted: str) -> None:
    book = annotated()
    reply = run(book, {"deleteDeveloperMetadata": {"dataFilter": given}})[0]["deleteDeveloperMetadata"]
    gone = [entry["metadataKey"] for entry in reply.get("deletedDeveloperMetadata", [])]
    assert sorted(gone) == sorted(wanted.split())
    left = run(book, {"deleteDeveloperMetadata": {"dataFilter": lookup()}})[0]["deleteDeveloperMetadata"]
    assert len(left.get("deletedDeveloperMetadata", [])) == len(LOCATIONS) - len(gone)


def test_the_book_has_nothing_that_meets_it() -> None:
    given = lookup(metadataLocation={"spreadsheet": True}, locationMatchingStrategy="INTERSECTING_LOCATION")
    assert "specified as INTERSECTING" in refusal(annotated(), {"deleteDeveloperMetadata": {"dataFilter": given}})


def test_metadata_is_changed_by_its_mask_and_may_move() -> None:
    book = annotated()
    wanted = {"metadataValue": "neuf", "location": {"dimensionRange": span("COLUMNS", 4, 5)}}
    request = {"dataFilters": [lookup(metadataKey="row")], "developerMetadata": wanted}
    reply = run(book, {"updateDeveloperMetadata": request | {"fields": "metadataValue"}})[0]
    entry = reply["updateDeveloperMetadata"]["developerMetadata"][0]
    assert (entry["metadataValue"], entry["location"]["locationType"]) == ("neuf", "ROW")
    reply = run(book, {"updateDeveloperMetadata": request | {"fields": "location"}})[0]
    entry = reply["updateDeveloperMetadata"]["developerMetadata"][0]
    place = {"dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}
    assert entry["location"] == {"locationType": "COLUMN", "dimensionRange": place}
    assert [known["metadataKey"] for known in book.sheets[0].metadata] == ["elsewhere", "row"]
    assert [known["metadataKey"] for known in book.sheets[7].metadata] == ["tab", "column"]


# Cells


def rich(text: str, runs: list[Json]) -> Json:
    cell = {"userEnteredValue": {"stringValue": text}, "textFormatRuns": runs}
    return {"updateCells": {"range": grid("A1"), "rows": [{"values": [cell]}], "fields": "*"}}


def test_rich_text_lasts_as_long_as_its_text() -> None:
    book = make()
    runs = [{"startIndex": 3, "format": {"bold": True}}, {"format": {"italic": True}}]
    run(book, rich("un deux", runs))
    mask = {"sheets": {"data": {"rowData": {"values": {"textFormatRuns": {"*": {}}}}}}}
    cells = spreadsheet(book, mask, [], grid_data=False)["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert cells[0]["textFormatRuns"] == [{"format": {"italic": True}}, runs[0]]
    run(book, {"findReplace": {"find": "deux", "replacement": "trois", "allSheets": True}})
    assert at(book, "A1").runs is None
    assert "within the text" in refusal(book, rich("un", runs))


def test_a_colour_replaces_its_other_writing() -> None:
    book = make()
    for color in ({"red": 1}, {"blue": 1}):
        style = {"userEnteredFormat": {"backgroundColorStyle" if "red" in color else "backgroundColor": color}}
        if "red" in color:
            style = {"userEnteredFormat": {"backgroundColorStyle": {"rgbColor": color}}}
        field = "userEnteredFormat." + next(iter(style["userEnteredFormat"]))
        run(book, {"repeatCell": {"range": grid("A1"), "cell": style, "fields": field}})
        assert at(book, "A1").format == {"backgroundColor": color, "backgroundColorStyle": {"rgbColor": color}}


def test_a_rule_is_kept_without_its_defaults_and_writing_does_not_ask_it() -> None:
    book = make()
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "oui"}]}, "strict": True}
    given = rule | {"showCustomUi": False, "inputMessage": ""}
    run(book, {"setDataValidation": {"range": grid("A1:A2"), "rule": given}})
    assert at(book, "A2").validation == rule
    cell = {"userEnteredValue": {"stringValue": "non"}}
    run(book, {"repeatCell": {"range": grid("A1"), "cell": cell, "fields": "userEnteredValue"}})
    assert (at(book, "A1").entered, at(book, "A1").validation) == ({"stringValue": "non"}, rule)
    run(book, {"setDataValidation": {"range": grid("A1:A2")}})
    assert at(book, "A2").is_empty()


def test_a_copied_tab_has_ids_of_its_own() -> None:
    book = make(["a"])
    run(
        book,
        {"addProtectedRange": {"protectedRange": {"protectedRangeId": 5, "range": grid("A1:B4")}}},
        {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 8, "insertSheetIndex": 1}},
    )
    copied = shown(book, "protectedRanges", 8)[0]
    assert copied["protectedRangeId"] != 5
    assert copied["range"] == {"sheetId": 8} | PLACE
