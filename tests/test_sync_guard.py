"""The guarded write on plain data: a tiny sheet that applies batches, and people who act in between."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import guard
from sync.answers import Cell, Value
from sync.cells import Tab, address, text_of
from sync.guard import NewColumn, NewRow, Outcome, Touch, Write
from tests.plan_tables import random_tables

SHEET, SCRATCH = 7, 99
Grid = list[list[Any]]


class Book:
    """A sheet and its hidden tab, in memory: it applies the few requests that a guarded write sends."""

    def __init__(self, lines: Grid) -> None:
        self.grids: dict[int, Grid] = {SHEET: copy.deepcopy(lines), SCRATCH: []}

    def tabs(self) -> dict[int, Tab]:
        return {sheet_id: self._tab(sheet_id) for sheet_id in self.grids}

    def _tab(self, sheet_id: int) -> Tab:
        grid = self.grids[sheet_id]
        cells = [[Cell(effectiveValue=Value(**value)) if value else Cell() for value in line] for line in grid]
        tab = Tab(sheet_id, f"tab {sheet_id}", 100, 26, cells)
        tab.header_row = 0
        return tab

    def at(self, sheet_id: int, row: int, column: int) -> dict:
        grid = self.grids[sheet_id]
        return grid[row][column] if row < len(grid) and column < len(grid[row]) else {}

    def put(self, sheet_id: int, row: int, column: int, value: dict) -> None:
        grid = self.grids[sheet_id]
        grid += [[] for _ in range(row + 1 - len(grid))]
        grid[row] += [{} for _ in range(column + 1 - len(grid[row]))]
        grid[row][column] = value

    def apply(self, batch: list[dict]) -> None:
        for request in batch:
            [(kind, body)] = request.items()
            getattr(self, "_" + kind)(body)

    def _addSheet(self, body: dict) -> None:
        self.grids[body["properties"]["sheetId"]] = []

    def _updateSheetProperties(self, body: dict) -> None:
        assert body["fields"] == "gridProperties(rowCount,columnCount)"

    def _copyPaste(self, body: dict) -> None:
        source, target = body["source"], body["destination"]
        assert body["pasteType"] == "PASTE_VALUES"
        for offset in range(source["endRowIndex"] - source["startRowIndex"]):
            value = self.at(source["sheetId"], source["startRowIndex"] + offset, source["startColumnIndex"])
            self.put(target["sheetId"], target["startRowIndex"] + offset, target["startColumnIndex"], value)

    def _updateCells(self, body: dict) -> None:
        if "range" in body:
            assert (body["range"]["sheetId"], body["rows"]) == (SCRATCH, [])
            self.grids[SCRATCH] = [line[: body["range"]["startColumnIndex"]] for line in self.grids[SCRATCH]]
            return
        start = body["start"]
        for down, line in enumerate(body["rows"]):
            for across, cell in enumerate(line["values"]):
                value = cell.get("userEnteredValue", {})
                assert "formulaValue" not in value
                self.put(start["sheetId"], start["rowIndex"] + down, start["columnIndex"] + across, value)

    def _insertDimension(self, body: dict) -> None:
        span = body["range"]
        grid, count = self.grids[span["sheetId"]], span["endIndex"] - span["startIndex"]
        if span["dimension"] == "ROWS":
            grid += [[] for _ in range(span["startIndex"] - len(grid))]
            grid[span["startIndex"] : span["startIndex"]] = [[] for _ in range(count)]
        else:
            for line in grid:
                line[span["startIndex"] : span["startIndex"]] = [{} for _ in range(count)]

    def _createDeveloperMetadata(self, body: dict) -> None:
        assert body["developerMetadata"]["visibility"] == "DOCUMENT"

    def _repeatCell(self, body: dict) -> None:
        assert body["fields"] == "userEnteredFormat.numberFormat"


def text(value: str) -> dict[str, Any]:
    return {"stringValue": value} if value else {}


def lines(*rows: str) -> Grid:
    """Make a grid from lines such as 'P1 Ada a1 b1', '-' for a blank cell."""
    return [[text("" if word == "-" else word) for word in row.split()] for row in rows]


START = lines("ID Nom Tel Mel", "P1 Ada t1 m1", "P2 Bea t2 m2", "P3 Cléo t3 m3", "P4 Dora - m4")


def touch(row: int, column: int, value: str, field: str = "tel") -> Touch:
    seen = text_of(START[row][column])
    key = text_of(START[row][0])
    return Touch(SHEET, row, column, text(value), seen, {"0": key}, "people", key, field, value)


def write(*touches: Touch, rows: tuple[NewRow, ...] = (), columns: tuple[NewColumn, ...] = ()) -> Write:
    made = Write("n1", SCRATCH, list(touches), list(rows), list(columns), id_columns={str(SHEET): 0})
    guard.lay_out(made, Book(START).tabs())
    return made


def send(book: Book, sent: Write) -> Outcome:
    book.apply(guard.requests(sent, book.tabs().get(SCRATCH)))
    return guard.verify(sent, book.tabs(), reply=True)


def mend(book: Book, sent: Write, outcome: Outcome, between: Callable[[Book], None] | None = None) -> None:
    """Put back what a write covered, as often as it takes, while a person may act before the first repair."""
    for number in range(5):
        touches = guard.put_back(sent, outcome, book.tabs(), reply=True)
        if not touches:
            return
        sent = Write(f"r{number}", SCRATCH, touches, id_columns=sent.id_columns, repair=True)
        guard.lay_out(sent, book.tabs())
        if between:
            between(book)
            between = None
        outcome = send(book, sent)
    raise AssertionError("never mended")


def by_id(book: Book) -> dict[str, list[str]]:
    found = {}
    for line in book.grids[SHEET]:
        texts = [text_of(value) for value in line]
        found[texts[0] if texts else ""] = (texts[1:] + [""] * 3)[:3]
    return found


def test_nothing_moved_everything_lands() -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"), touch(4, 2, "new4"), touch(2, 3, "", "mel"))
    outcome = send(book, sent)
    assert [t.key for t in outcome.landed] == ["P1", "P4", "P2"]
    assert outcome.repairs == []
    assert by_id(book) == {"ID": ["Nom", "Tel", "Mel"], "P1": ["Ada", "new1", "m1"], "P2": ["Bea", "t2", ""],
                           "P3": ["Cléo", "t3", "m3"], "P4": ["Dora", "new4", "m4"]}  # fmt: skip


@pytest.mark.parametrize("typed", ["typed", ""])
def test_what_a_person_typed_in_the_cell_meanwhile_is_put_back(typed: str) -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"), touch(2, 2, "new2"))
    book.put(SHEET, 1, 2, text(typed))
    outcome = send(book, sent)
    assert [t.key for t in outcome.landed] == ["P2"]
    assert by_id(book)["P1"][1] == "new1"
    mend(book, sent, outcome)
    assert by_id(book)["P1"][1] == typed


def test_a_person_who_typed_the_same_value_meanwhile_is_agreed_with() -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"))
    book.put(SHEET, 1, 2, text("new1"))
    assert [t.key for t in send(book, sent).landed] == ["P1"]


def swap(book: Book) -> None:
    grid = book.grids[SHEET]
    grid[1:] = grid[:0:-1]


def insert(book: Book) -> None:
    book.grids[SHEET].insert(1, [])


def insert_above(book: Book) -> None:
    book.grids[SHEET].insert(0, [])


def delete(book: Book) -> None:
    del book.grids[SHEET][1]


def column_first(book: Book) -> None:
    for line in book.grids[SHEET]:
        line.insert(0, {})


def column_before(book: Book) -> None:
    for line in book.grids[SHEET]:
        line.insert(2, {})


MOVES = [swap, insert, insert_above, delete, column_first, column_before]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_lines_that_moved_are_left_as_they_were_but_for_what_landed_right(move: Callable[[Book], None]) -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"), touch(2, 2, "new2"), touch(4, 2, "new4"))
    move(book)
    expected = copy.deepcopy(book.grids[SHEET])
    outcome = send(book, sent)
    landed = {t.key for t in outcome.landed}
    mend(book, sent, outcome)
    [tel] = [line.index(text("Tel")) for line in expected if text("Tel") in line]
    for line in expected:
        if line and text_of(line[0]) in landed:
            line[tel] = text(f"new{text_of(line[0])[1]}")
    assert _texts(book.grids[SHEET]) == _texts(expected)


def _texts(grid: Grid) -> list[list[str]]:
    found = [[text_of(value) for value in line] for line in grid]
    found = ["\t".join(line).rstrip("\t").split("\t") for line in found]
    while found and found[-1] == [""]:
        found.pop()
    return found


def test_an_id_that_landed_on_a_row_that_moved_is_taken_off() -> None:
    start = [*START, *lines("- Zoé t5 m5")]
    book = Book(start)
    sent = Write("n1", SCRATCH, [Touch(SHEET, 5, 0, text("P9"), "", {"1": "Zoé", "2": "t5"})],
                 id_columns={str(SHEET): 0})  # fmt: skip
    guard.lay_out(sent, book.tabs())
    book.grids[SHEET].insert(5, lines("P8 Yves t8 m8")[0])
    outcome = send(book, sent)
    assert outcome.landed == []
    mend(book, sent, outcome)
    assert by_id(book)["P8"] == ["Yves", "t8", "m8"]
    assert "P9" not in by_id(book)


# -- new rows and columns ---------------------------------------------------------------------------


def new_row(key: str = "P9", row: int = 5) -> NewRow:
    cells = {"0": text(key), "1": text("Zoé"), "2": text("t9")}
    return NewRow(SHEET, row, cells, {}, "people", key, {"name": "Zoé", "tel": "t9"})


def test_a_new_row_covers_nothing_of_what_was_typed_there_meanwhile() -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"), rows=(new_row(),))
    book.grids[SHEET].append(lines("- Yves t8 m8")[0])
    outcome = send(book, sent)
    assert [row.key for row in outcome.appended] == ["P9"]
    assert [t.key for t in outcome.landed] == ["P1"]
    assert _texts(book.grids[SHEET])[5:] == [["P9", "Zoé", "t9"], ["", "Yves", "t8", "m8"]]


@pytest.mark.parametrize("move", [column_first, column_before], ids=lambda move: move.__name__)
def test_a_new_row_whose_columns_moved_is_emptied_to_be_sent_again(move: Callable[[Book], None]) -> None:
    book, sent = Book(START), write(rows=(new_row(),))
    move(book)
    before = _texts(book.grids[SHEET])
    outcome = send(book, sent)
    assert (outcome.appended, [row.key for row in outcome.misplaced]) == ([], ["P9"])
    mend(book, sent, outcome)
    assert _texts(book.grids[SHEET]) == before


def test_several_new_columns_keep_their_order_and_move_no_cell_of_the_same_write() -> None:
    columns = tuple(NewColumn(SHEET, 2, 0, header, header) for header in ("J1", "J2"))
    book, sent = Book(START), write(touch(1, 3, "new", "mel"), columns=columns)
    outcome = send(book, sent)
    assert len(outcome.landed) == 1
    top = [["ID", "Nom", "J1", "J2", "Tel", "Mel"], ["P1", "Ada", "", "", "t1", "new"]]
    assert _texts(book.grids[SHEET])[:2] == top
    assert f"'tab {SHEET}'!{address(5, 0)}:F{sent.heights[str(SHEET)]}" in guard.ranges(sent, {SHEET: f"tab {SHEET}"})


# -- what is not known ---------------------------------------------------------------------------


def test_a_copy_that_is_not_this_write_s_own_tells_nothing() -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"))
    assert guard.verify(sent, book.tabs(), reply=False).unknown
    send(book, sent)
    other = write(touch(1, 2, "new1"))
    other.nonce = "another"
    assert guard.verify(other, book.tabs(), reply=False).unknown
    del book.grids[SCRATCH]
    assert guard.verify(sent, book.tabs(), reply=False).unknown


def test_a_copy_that_skipped_rows_is_laid_beside_its_rows_by_their_ids() -> None:
    """With a filter in force the copy may leave hidden rows out: its ids are not the tab's, row by row."""
    book, sent = Book(START), write(touch(1, 2, "new1"), touch(2, 2, "new2"), touch(4, 2, "new4"))
    book.put(SHEET, 4, 2, text("typed"))
    send(book, sent)
    del book.grids[SCRATCH][3]
    outcome = guard.verify(sent, book.tabs(), reply=True)
    assert ([t.key for t in outcome.landed], [r.id for r in outcome.repairs]) == (["P1", "P2"], ["P4"])
    mend(book, sent, outcome)
    assert by_id(book)["P4"][1] == "typed"


@pytest.mark.parametrize("move", [swap, insert], ids=["swap", "insert"])
def test_a_copy_that_skipped_rows_while_they_moved_is_not_believed(move: Callable[[Book], None]) -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"), touch(3, 2, "new3"))
    move(book)
    send(book, sent)
    # Line 3 of the tab is hidden: its row had moved there.
    del book.grids[SCRATCH][4]
    assert guard.verify(sent, book.tabs(), reply=True).misaligned
    assert guard.verify(sent, book.tabs(), reply=True).landed == []


def test_a_write_whose_outcome_is_unknown_keeps_its_copy_when_another_follows() -> None:
    """It lands after the read that did not see it, over what a person typed, just before the next write."""
    book, late = Book(START), write(touch(1, 2, "new1"))
    following = Write("n2", SCRATCH, [touch(2, 2, "new2")], id_columns={str(SHEET): 0})
    guard.lay_out(following, book.tabs(), guard.origin_after([json.loads(json.dumps(late.as_dict()))]))
    book.put(SHEET, 1, 2, text("typed"))
    book.apply(guard.requests(late, book.tabs().get(SCRATCH)))
    assert [t.key for t in send(book, following).landed] == ["P2"]
    outcome = guard.verify(late, book.tabs(), reply=False)
    [back] = guard.put_back(late, outcome, book.tabs(), reply=False)
    assert (text_of(back.value), by_id(book)["P2"][1]) == ("typed", "new2")
    first = Write("n3", SCRATCH, [back], id_columns={str(SHEET): 0})
    guard.lay_out(first, book.tabs(), guard.origin_after([]))
    assert (first.origin, following.origin) == (0, 3)


def test_after_a_crash_the_hidden_tab_tells_what_landed() -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"), rows=(new_row(),))
    kept = Write.from_dict(json.loads(json.dumps(sent.as_dict())))
    assert kept == sent
    book.put(SHEET, 1, 2, text("typed"))
    send(book, sent)
    swap(book)
    outcome = guard.verify(kept, book.tabs(), reply=False)
    assert (outcome.landed, [row.key for row in outcome.appended]) == ([], ["P9"])
    [back] = guard.put_back(kept, outcome, book.tabs(), reply=False)
    assert (text_of(back.value), by_id(book)["P1"][1]) == ("typed", "new1")
    assert text_of(book.at(SHEET, back.row, 0)) == "P1"


def test_after_a_crash_a_cell_typed_since_is_left_alone() -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"))
    book.put(SHEET, 1, 2, text("typed"))
    send(book, sent)
    book.put(SHEET, 1, 2, text("typed again"))
    outcome = guard.verify(sent, book.tabs(), reply=False)
    assert guard.put_back(sent, outcome, book.tabs(), reply=False) == []


def test_an_older_write_that_lands_late_is_undone_where_it_covered_newer_values() -> None:
    book, old = Book(START), write(touch(1, 2, "old"))
    book.put(SHEET, 1, 2, text("newer"))
    outcome = send(book, old)
    mend(book, old, outcome)
    assert by_id(book)["P1"][1] == "newer"


def test_a_repair_never_sent_is_still_to_be_done_wherever_its_row_is() -> None:
    book, sent = Book(START), write(touch(1, 2, "new1"))
    book.put(SHEET, 1, 2, text("typed"))
    outcome = send(book, sent)
    touches = guard.put_back(sent, outcome, book.tabs(), reply=True)
    repair = Write("r", SCRATCH, touches, id_columns={str(SHEET): 0}, repair=True)
    guard.lay_out(repair, book.tabs())
    swap(book)
    unknown = guard.verify(repair, book.tabs(), reply=False)
    assert unknown.unknown
    backs = guard.put_back(repair, unknown, book.tabs(), reply=False)
    assert [(text_of(back.value), text_of(book.at(SHEET, back.row, 0))) for back in backs] == [("typed", "P1")]
    book.put(SHEET, backs[0].row, 2, text("typed again"))
    assert guard.put_back(repair, unknown, book.tabs(), reply=False) == []


# -- the law ---------------------------------------------------------------------------------------

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("type"), st.integers(1, 4), st.integers(2, 3), st.sampled_from(["x", "y", ""])),
        st.tuples(st.just("permute"), st.permutations(range(1, 5))),
        st.tuples(st.just("insert"), st.integers(1, 4)),
    ),
    max_size=3,
)


def do(book: Book, acts: list[tuple]) -> None:
    for act in acts:
        grid = book.grids[SHEET]
        if act[0] == "type":
            book.put(SHEET, act[1], act[2], text(act[3]))
        elif act[0] == "permute":
            grid[1:5] = [grid[place] for place in act[1]]
        else:
            grid.insert(act[1], [])


@given(acts=ACTS, later=ACTS, wanted=st.dictionaries(st.sampled_from([(r, c) for r in range(1, 5) for c in (2, 3)]),
                                                     st.sampled_from(["n1", "n2", ""]), min_size=1))  # fmt: skip
@random_tables
def test_nothing_that_anyone_typed_is_lost_whatever_the_timing(
    acts: list[tuple], later: list[tuple], wanted: dict[tuple[int, int], str]
) -> None:
    """Whatever happens before the write, and rows moved again before its repair.

    A value of ours may stay on a blank row that moved twice: it has no id to be found by, and covers nothing.
    """
    later = [act for act in later if act[0] == "permute"]
    book, sent = Book(START), write(*(touch(row, column, value) for (row, column), value in wanted.items()))
    do(book, acts)
    truth = by_id(book)
    outcome = send(book, sent)
    mend(book, sent, outcome, lambda moving: do(moving, later))
    for done in outcome.landed:
        truth[done.key][done.column - 1] = done.canonical
    found = by_id(book)
    if later:
        found.pop("", None), truth.pop("", None)
    assert found == truth
