"""What a change did to a book is written down whole: every older version can be rebuilt from it."""

import random

import pytest

from localsheets.books.history import changed_cells, difference, line_changes
from localsheets.books.model import Cell
from localsheets.books.shelf import Shelf
from localsheets.books.store import Store, book_json, sheet_json
from localsheets.errors import ApiError
from tests.localsheets_client import Plain, area, cells, lines


def line(*values):
    return {column: Cell({"numberValue": value}) for column, value in enumerate(values)}


A, B, C, D = line(1), line(2), line(3), line(4)


@pytest.mark.parametrize(
    ("old", "new", "gone", "came", "moved"),
    [
        pytest.param({}, {}, [], [], [], id="nothing"),
        pytest.param({0: A, 1: B}, {0: A, 1: B}, [], [], [], id="the same"),
        pytest.param({0: A}, {0: B}, [0], [0], [], id="rewritten"),
        pytest.param({0: A, 1: B, 2: C}, {0: A, 2: B, 3: C}, [], [], [(1, 2, 2)], id="a line inserted"),
        pytest.param({0: A, 1: B, 2: C}, {0: A, 1: C}, [1], [], [(2, 1, 1)], id="a line deleted"),
        pytest.param({0: A, 1: B, 2: C}, {0: C, 1: A, 2: B}, [], [], [(0, 1, 2), (2, 0, 1)], id="a line moved up"),
        pytest.param({0: A, 1: B}, {0: A, 1: B, 2: A}, [], [2], [], id="a line at two places is new at one"),
        pytest.param({0: A, 1: B}, {0: B, 1: D}, [0], [1], [(1, 0, 1)], id="moved and rewritten"),
    ],
)
def test_lines_are_known_again(old, new, gone, came, moved):
    assert line_changes(old, new) == (gone, came, moved)


def snapshot(book):
    """Return all that a version must give back; Drive's facts are today's."""
    kept = {name: value for name, value in book_json(book).items() if name not in ("drive", "revision")}
    tabs = {
        sheet_id: (
            {name: value for name, value in sheet_json(sheet).items() if name != "revision"},
            sheet.rows,
        )
        for sheet_id, sheet in book.sheets.items()
    }
    return kept, tabs


def steps(rng, caller):
    """Return one random change of the book, as a batchUpdate request."""
    at, size = rng.randrange(1, 8), rng.randrange(1, 3)
    value = rng.choice([rng.random(), "mot", True, None])
    place = {"sheetId": 0, "rowIndex": at, "columnIndex": rng.randrange(4)}
    return rng.choice(
        [
            {"updateCells": {"start": place, "rows": [cells(value, rng.random())], "fields": "userEnteredValue"}},
            {"insertDimension": {"range": lines("ROWS", at, at + size)}},
            {"insertDimension": {"range": lines("COLUMNS", 2, 3)}},
            {"deleteDimension": {"range": lines("ROWS", at, at + size)}},
            {"moveDimension": {"source": lines("ROWS", at, at + 1), "destinationIndex": rng.randrange(1, at + 1)}},
            {"sortRange": {"range": area(1, 0, 9, 6), "sortSpecs": [{"dimensionIndex": 1}]}},
            {"repeatCell": {"range": area(at, 0, at + 2, 3), "cell": {"note": "vu"}, "fields": "note"}},
            {"addSheet": {"properties": {"title": f"T{rng.random()}"}}},
            {"updateSheetProperties": {"properties": {"sheetId": 0, "title": f"R{at}"}, "fields": "title"}},
            {"duplicateSheet": {"sourceSheetId": 0}},
            {"mergeCells": {"range": area(at, 0, at + 1, 2)}},
            {"addNamedRange": {"namedRange": {"name": f"n{rng.randrange(10**9)}", "range": area(at, 0, at + 1, 2)}}},
        ]
    )


@pytest.mark.parametrize("seed", range(6))
def test_every_version_is_rebuilt_from_the_log(sheets_server, tmp_path, seed):
    rng = random.Random(seed)
    caller = Plain(sheets_server.url)
    caller.create(sheets=[{"properties": {"sheetId": 0, "title": "A"}}])
    caller.write("A1:D6", [["a", "b", "c", "d"], *([rng.randrange(9) for _ in range(4)] for _ in range(5))])
    store = Store(tmp_path / "sheets.sqlite")
    versions = {}
    for _ in range(25):
        caller.batch(steps(rng, caller))
        book = Shelf(store).get(caller.book)
        versions[book.revision] = snapshot(book)
    shelf = Shelf(store)
    assert len(versions) > 10
    for revision, wanted in versions.items():
        assert snapshot(shelf.at(caller.book, revision)) == wanted, revision
    first = min(versions)
    shelf.restore(caller.book, first, "grille")
    again = Shelf(store).get(caller.book)
    kept, tabs = snapshot(again)
    assert tabs == versions[first][1]
    assert again.revision == max(versions) + 1
    assert snapshot(Shelf(store).at(caller.book, max(versions)))[1] == versions[max(versions)][1]
    store.close()


def test_a_typed_cell_is_logged_with_who_before_and_after(sheets_server):
    caller = Plain(sheets_server.url)
    caller.create()
    caller.write("B2", [["avant"]])
    caller.act({"type": "set", "sheetId": 0, "row": 1, "column": 1, "values": [["après"]]})
    entry = sheets_server.store.log(caller.book)[-1]
    assert entry["actor"] == "grille"
    rest = [None] * 4
    assert entry["before"]["sheets"] == {"0": {"lines": {"1": {"1": [{"stringValue": "avant"}, *rest]}}}}
    assert entry["after"]["sheets"] == {"0": {"lines": {"1": {"1": [{"stringValue": "après"}, *rest]}}}}
    changed = list(changed_cells(entry["before"], entry["after"]))
    assert [(sheet, row, column, new.entered) for sheet, row, column, _, new in changed] == [
        (0, 1, 1, {"stringValue": "après"})
    ]


def test_an_inserted_line_is_logged_as_moved_lines_not_as_rewritten_ones(sheets_server):
    caller = Plain(sheets_server.url)
    caller.create()
    caller.write("A1:A50", [[number] for number in range(50)])
    caller.batch({"insertDimension": {"range": lines("ROWS", 3, 5)}})
    entry = sheets_server.store.log(caller.book)[-1]
    half = entry["after"]["sheets"]["0"]
    assert (half["row_count"], half["moved"]) == (1002, [[3, 5, 47]])
    assert "lines" not in half


def test_a_deleted_book_is_logged_whole(sheets_server):
    caller = Plain(sheets_server.url)
    caller.create()
    caller.write("A1", [["gardé"]])
    caller.call("DELETE", f"/drive/v3/files/{caller.book}")
    entry = sheets_server.store.log(caller.book)[-1]
    assert (entry["kind"], entry["after"]) == ("delete", {"sheets": {"0": None}})
    assert entry["before"]["sheets"]["0"]["lines"] == {"0": {"0": [{"stringValue": "gardé"}, None, None, None, None]}}


def test_no_book_differs_from_no_book_in_nothing():
    assert difference(None, None) == ({}, {})


def test_lines_that_only_moved_are_not_written_again(sheets_server, tmp_path):
    caller = Plain(sheets_server.url)
    caller.create()
    caller.write("A1:A50", [[number] for number in range(50)])
    written = []
    sheets_server.store.connection.set_trace_callback(written.append)
    caller.batch({"insertDimension": {"range": lines("ROWS", 3, 4)}}, {"updateCells": typed(3, "ici")})
    sheets_server.store.connection.set_trace_callback(None)
    blocks = [text for text in written if "INTO blocks" in text]
    assert len(blocks) == 1
    store = Store(tmp_path / "sheets.sqlite")
    column = [line[0].entered for _, line in sorted(Shelf(store).get(caller.book).sheets[0].rows.items())]
    store.close()
    assert column == [{"numberValue": at} for at in (0, 1, 2)] + [{"stringValue": "ici"}] + [
        {"numberValue": at} for at in range(3, 50)
    ]


def typed(row, text):
    """Return an updateCells request for the first cell of a row."""
    start = {"sheetId": 0, "rowIndex": row, "columnIndex": 0}
    return {"start": start, "rows": [cells(text)], "fields": "userEnteredValue"}


def test_a_file_of_an_older_version_is_read_and_goes_on(sheets_server, tmp_path):
    caller = Plain(sheets_server.url)
    caller.create()
    caller.write("A1:A3", [["a"], ["b"], ["c"]])
    connection = sheets_server.store.connection
    connection.execute("UPDATE sheets SET json = json_remove(json, '$.runs')")
    connection.execute("CREATE TABLE lines (book_id TEXT, sheet_id INTEGER, number INTEGER, json TEXT)")
    connection.execute(
        "INSERT INTO lines SELECT book_id, sheet_id, one.key, one.value FROM blocks, json_each(blocks.json) AS one"
    )
    connection.execute("DELETE FROM blocks")
    connection.execute("ALTER TABLE log DROP COLUMN before")
    connection.execute("ALTER TABLE log DROP COLUMN after")
    store = Store(tmp_path / "sheets.sqlite")
    shelf = Shelf(store)
    assert shelf.get(caller.book).sheets[0].rows[2] == {0: Cell({"stringValue": "c"})}
    with shelf.change(caller.book, "grille", "actions", {}) as draft:
        draft.edit(0).put(0, 0, Cell({"stringValue": "z"}))
    assert shelf.at(caller.book, 2).sheets[0].rows[0] == {0: Cell({"stringValue": "a"})}
    with pytest.raises(ApiError, match="before revision 2 was not kept"):
        shelf.at(caller.book, 1)
    store.close()
