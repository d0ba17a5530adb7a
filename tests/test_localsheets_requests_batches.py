"""Batches are applied as a whole and in order; what is not carried out is named."""

from typing import Any

import pytest

from localsheets.books.model import Cell
from localsheets.errors import ApiError
from localsheets.requests.kinds import KINDS
from localsheets.schema.messages import schema
from tests.localsheets_books import add_tab, grid, make, refusal, run, span, values
from tests.localsheets_client import Plain

Json = dict[str, Any]
MISSING = [
    "addCommentReply",
    "addChart",
    "addDataSource",
    "addSlicer",
    "addTable",
    "cancelDataSourceRefresh",
    "deleteComment",
    "deleteCommentReply",
    "deleteDataSource",
    "deleteEmbeddedObject",
    "deleteTable",
    "insertComment",
    "refreshDataSource",
    "updateChartSpec",
    "updateCommentPost",
    "updateDataSource",
    "updateEmbeddedObjectBorder",
    "updateEmbeddedObjectPosition",
    "updateSlicerSpec",
    "updateTable",
]


@pytest.mark.parametrize("kind", MISSING)
def test_what_is_not_done_is_named(kind: str) -> None:
    assert refusal(make(), {kind: {}}) == f"501 localsheets does not implement the batchUpdate request {kind}."


@pytest.mark.parametrize(
    ("request_", "what"),
    [
        pytest.param(
            {"sortRange": {"range": grid("A1:B2"), "sortSpecs": [{"backgroundColor": {"red": 1}}]}},
            "sorting by colour or by a data source column",
            id="sorting by colour",
        ),
        pytest.param({"pasteData": {"data": "<b>", "html": True}}, "pasting HTML", id="HTML"),
        pytest.param(
            {"repeatCell": {"range": grid("A1"), "cell": {"pivotTable": {"source": {}}}, "fields": "pivotTable"}},
            "writing the cell field pivotTable",
            id="pivot tables",
        ),
        pytest.param({"appendCells": {"tableId": "t", "rows": [], "fields": "*"}}, "appending to a table", id="tables"),
    ],
)
def test_parts_of_requests_that_are_not_done_are_named(request_: Json, what: str) -> None:
    assert refusal(make(["a"]), request_) == f"501 localsheets does not implement {what}."


def test_every_kind_of_google_is_done_or_named() -> None:
    assert set(schema().messages["Request"]) == set(KINDS) | set(MISSING)


def test_a_batch_is_applied_as_a_whole_or_not_at_all(sheets_server: Any) -> None:
    book = Plain(sheets_server.url)
    book.create()
    book.write("A1:A2", [["un"], ["deux"]])
    answer = book.batch(
        {"deleteDimension": {"range": span("ROWS", 0, 1)}},
        {"addSheet": {"properties": {"title": "Neuf"}}},
        {"deleteSheet": {"sheetId": 5}},
    )
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": 400,
        "message": "Invalid requests[2].deleteSheet: No sheet with id: 5",
        "status": "INVALID_ARGUMENT",
    }
    assert book.read("A1:A2") == [["un"], ["deux"]]
    assert [sheet["properties"]["title"] for sheet in book.get()["sheets"]] == ["Sheet1"]


def test_requests_are_applied_in_order() -> None:
    book = make(["a"], ["b"], ["c"])
    add_tab(book, 7, "Autre")
    run(
        book,
        {"deleteDimension": {"range": span("ROWS", 0, 1)}},
        {"deleteDimension": {"range": span("ROWS", 0, 1)}},
        {"copyPaste": {"source": grid("A1"), "destination": grid("A1", 7)}},
    )
    assert values(book, 7) == [["c"]]


def test_two_kinds_in_one_request_are_refused() -> None:
    message = "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'deleteSheet'"
    assert refusal(make(), {"clearBasicFilter": {}, "deleteSheet": {}}) == f"400 {message}"
    assert refusal(make(), {}) == "400 Invalid requests[0]: No request set."


def test_an_empty_batch_is_refused() -> None:
    assert refusal(make()) == "400 Must specify at least one request."


def test_a_refusal_is_an_api_error_that_keeps_its_cell() -> None:
    book = make(["a"])
    with pytest.raises(ApiError):
        run(book, {"updateCells": {"range": grid("A1"), "rows": [{}, {}], "fields": "*"}})
    assert book.sheets[0].cell(0, 0) == Cell({"stringValue": "a"})
