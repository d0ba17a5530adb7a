"""A protected cell refuses the whole batch of who may not edit it, and of nobody else."""

from typing import Any

import pytest

from tests.localsheets_books import OWNER, at, grid, make, refusal, run, shown, span

Json = dict[str, Any]
OTHER = "autre@exemple.fr"
EDITOR = "Editeur@exemple.fr"
PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)
WRITE = {"userEnteredValue": {"numberValue": 1}}


def protect(text: str | None, **more: Any) -> Json:
    place = {"sheetId": 0} if text is None else grid(text)
    return {"addProtectedRange": {"protectedRange": {"protectedRangeId": 5, "range": place} | more}}


def write(text: str) -> Json:
    return {"repeatCell": {"range": grid(text), "cell": WRITE, "fields": "userEnteredValue"}}


B2D4 = protect("B2:D4", editors={"users": [EDITOR]})
TAB = protect(None, unprotectedRanges=[grid("A1:A3"), grid("B1:C1")])
RENAME = {"updateSheetProperties": {"properties": {"title": "x"}, "fields": "title"}}
COLUMN = protect("A:A")
# What is protected, what another account asks for, whether it is refused.
CASES: list[tuple[str, Json, Json, bool]] = [
    ("a cell inside", B2D4, write("C3"), True),
    ("a cell beside", B2D4, write("E3"), False),
    ("a range that touches it", B2D4, write("D4:F6"), True),
    (
        "a value that is there already",
        B2D4,
        {"updateCells": {"range": grid("C3"), "rows": [{"values": [{}]}], "fields": "note"}},
        True,
    ),
    ("a format inside", B2D4, {"updateBorders": {"range": grid("B2"), "top": {"style": "SOLID"}}}, True),
    ("a rule inside", B2D4, {"setDataValidation": {"range": grid("B2")}}, True),
    ("a merge over it", B2D4, {"mergeCells": {"range": grid("A1:B2")}}, True),
    ("a copy onto it", B2D4, {"copyPaste": {"source": grid("F1"), "destination": grid("B2")}}, True),
    ("a copy from it", B2D4, {"copyPaste": {"source": grid("B2"), "destination": grid("F1")}}, False),
    ("a cut from it", B2D4, {"cutPaste": {"source": grid("B2"), "destination": {"rowIndex": 9}}}, True),
    (
        "a sort of its rows",
        B2D4,
        {"sortRange": {"range": grid("A1:D6"), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}},
        True,
    ),
    ("its row deleted", B2D4, {"deleteDimension": {"range": span("ROWS", 2, 3)}}, True),
    ("another row deleted", B2D4, {"deleteDimension": {"range": span("ROWS", 5, 6)}}, False),
    ("its row moved", B2D4, {"moveDimension": {"source": span("ROWS", 1, 2), "destinationIndex": 9}}, True),
    ("a row moved into it", B2D4, {"moveDimension": {"source": span("ROWS", 6, 7), "destinationIndex": 2}}, True),
    ("a row inserted above", B2D4, {"insertDimension": {"range": span("ROWS", 1, 2)}}, False),
    ("a row inserted inside", B2D4, {"insertDimension": {"range": span("ROWS", 2, 3)}}, True),
    ("a text replaced inside", B2D4, {"findReplace": {"find": "c", "replacement": "x", "allSheets": True}}, True),
    ("its tab renamed", B2D4, RENAME, False),
    ("its tab deleted", B2D4, {"deleteSheet": {"sheetId": 0}}, True),
    ("its protection changed", B2D4, {"deleteProtectedRange": {"protectedRangeId": 5}}, True),
    ("cells put before it", B2D4, {"insertRange": {"range": grid("B1"), "shiftDimension": "ROWS"}}, True),
    ("an exception of a tab", TAB, write("A2"), False),
    ("a range of two exceptions", TAB, write("A1:C1"), False),
    ("a range beyond the exceptions", TAB, write("A1:C2"), True),
    (
        "a protected tab renamed",
        TAB,
        {"updateSheetProperties": {"properties": {"title": "x"}, "fields": "title"}},
        True,
    ),
    ("rows added to a protected tab", TAB, {"appendDimension": {"dimension": "ROWS", "length": 1}}, True),
    ("a row of a protected tab deleted", TAB, {"deleteDimension": {"range": span("ROWS", 15, 16)}}, True),
    ("lines of a protected tab hidden", TAB, {"addDimensionGroup": {"range": span("ROWS", 1, 3)}}, True),
    ("a whole column, below", COLUMN, write("A20"), True),
    ("beside a whole column", COLUMN, write("B20"), False),
    ("a mere warning", protect("B2:D4", warningOnly=True), write("C3"), False),
    (
        "what the domain may edit",
        protect("B2:D4", editors={"domainUsersCanEdit": True}),
        write("C3"),
        False,
    ),
]


@pytest.mark.parametrize(
    ("protection", "wanted", "refused"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_who_may_not_edit_is_refused(protection: Json, wanted: Json, refused: bool) -> None:
    book = make(["a", 2], ["b", "c", "d"], ["e"], ["f"])
    run(book, {"addSheet": {"properties": {"sheetId": 9}}}, protection)
    if refused:
        kind = next(iter(wanted))
        assert refusal(book, wanted, actor=OTHER) == f"400 Invalid requests[0].{kind}: {PROTECTED}"
    else:
        run(book, wanted, actor=OTHER)


@pytest.mark.parametrize("actor", [OWNER, "editeur@exemple.fr", "grille"])
@pytest.mark.parametrize("wanted", [case[2] for case in CASES if case[1] is B2D4], ids=str)
def test_editors_the_owner_and_the_person_at_the_grid_may(actor: str, wanted: Json) -> None:
    book = make(["a", 2], ["b", "c", "d"], ["e"], ["f"])
    run(book, {"addSheet": {"properties": {"sheetId": 9}}}, B2D4)
    run(book, wanted, actor=actor)


def test_each_account_sees_whether_it_may_edit() -> None:
    book = make()
    reply = run(book, B2D4)[0]["addProtectedRange"]["protectedRange"]
    place = {"startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 4}
    assert reply == {
        "protectedRangeId": 5,
        "range": place,
        "requestingUserCanEdit": True,
        "editors": {"users": [EDITOR]},
    }
    seen = shown(book, "protectedRanges", actor=EDITOR.lower())[0]
    assert (seen["requestingUserCanEdit"], seen["editors"]) == (True, {"users": sorted([EDITOR, OWNER])})
    assert shown(book, "protectedRanges", actor=OTHER) == [{"protectedRangeId": 5, "range": place}]


def test_a_protection_of_a_named_range_goes_where_it_goes() -> None:
    book = make()
    run(book, {"addNamedRange": {"namedRange": {"namedRangeId": "n", "name": "zone", "range": grid("A1:A3")}}})
    run(book, {"addProtectedRange": {"protectedRange": {"protectedRangeId": 5, "namedRangeId": "n"}}})
    assert "protected" in refusal(book, write("A2"), actor=OTHER)
    moved = {"namedRange": {"namedRangeId": "n", "range": grid("C1:C3")}, "fields": "range"}
    run(book, {"updateNamedRange": moved})
    run(book, write("A2"), actor=OTHER)
    assert "protected" in refusal(book, write("C2"), actor=OTHER)


def test_a_protection_is_updated_by_its_mask() -> None:
    book = make()
    run(book, B2D4)
    wanted = {"protectedRangeId": 5, "description": "clos", "warningOnly": True, "range": grid("A1")}
    run(book, {"updateProtectedRange": {"protectedRange": wanted, "fields": "description"}})
    assert shown(book, "protectedRanges")[0]["description"] == "clos"
    assert "protected" in refusal(book, write("C3"), actor=OTHER)
    run(book, {"updateProtectedRange": {"protectedRange": wanted, "fields": "warningOnly,range"}})
    kept = shown(book, "protectedRanges")[0]
    assert (kept["warningOnly"], kept["range"]["endRowIndex"], "editors" in kept) == (True, 1, False)
    run(book, write("A1"), actor=OTHER)
    assert at(book, "A1").entered == {"numberValue": 1}
