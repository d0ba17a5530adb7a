"""The invariants of every call and of every cycle of the sync, each a check with a name.

Those of the whole, once everything has come to rest, are in `invariants_at_rest`.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from store.db import database, rows
from store.journal import COVERED
from sync.worksheets import HEADER
from tests.simulated_values import CHOICES

if TYPE_CHECKING:
    from tests.simulated_cycles import Run
    from tests.simulated_sheets import Asked
    from tests.simulated_world import World

Json = dict[str, Any]
#: What one guarded write may ask, and nothing else.
ALLOWED = {"addSheet", "updateSheetProperties", "copyPaste", "updateCells", "insertDimension", "appendDimension",
           "repeatCell", "createDeveloperMetadata", "deleteDeveloperMetadata"}  # fmt: skip
TYPED = {"stringValue", "numberValue", "boolValue"}
#: What the intranet computes, or follows from another tab.
COMPUTED_FIELDS = ("last_name", "first_name", "hours_absent", "proposal", "result")
#: One read and one write for a cycle that nothing disturbs; a write that must put something back is followed by others.
READS, WRITES, REPAIRS = 1, 1, 3


class Broken(AssertionError):
    """An invariant does not hold; the first word is its name."""


def must(holds: object, name: str, *details: object) -> None:
    """Raise Broken unless an invariant holds."""
    if not holds:
        raise Broken(f"{name}: " + " ".join(str(detail) for detail in details))


# -- at each call --------------------------------------------------------------------------------


def check_call(world: "World", run: "Run", asked: "Asked") -> None:
    """Check what holds whenever the sync calls Google."""
    must(not database.in_transaction(), "no_transaction_is_open_during_a_call", asked.path)
    if asked.kind == "write":
        at_most_one_effective_worker(run)
        batch = (asked.body or {}).get("requests", [])
        every_written_cell_is_typed_and_none_is_a_formula(batch)
        nothing_but_values_is_written(world, run, batch)
        no_unpublished_jury_value_leaves(world, run, batch)


def at_most_one_effective_worker(run: "Run") -> None:
    """Hold a write to the epoch of its worker: nobody has taken the book since."""
    epoch = rows("SELECT epoch FROM book WHERE id = ?", run.book)[0][0]
    must(epoch == run.epoch, "at_most_one_effective_worker", "epoch", run.epoch, "writes under", epoch)


def _cells(batch: list[Json]) -> Iterator[tuple[int, int, int, Json]]:
    """Yield what a batch writes, as (sheetId, row, column, value)."""
    for request in batch:
        given = request.get("updateCells")
        if given and "range" in given:
            # Only the hidden tab is emptied so.
            yield given["range"]["sheetId"], 0, 0, {}
        elif given:
            start = given["start"]
            for down, line in enumerate(given["rows"]):
                for across, cell in enumerate(line.get("values", [])):
                    yield (start.get("sheetId", 0), start.get("rowIndex", 0) + down,
                           start.get("columnIndex", 0) + across, cell.get("userEnteredValue") or {})  # fmt: skip


def every_written_cell_is_typed_and_none_is_a_formula(batch: list[Json]) -> None:
    """Hold every cell written to a typed value, and every write of cells to their values alone."""
    for *place, value in _cells(batch):
        must("formulaValue" not in value, "no_written_cell_is_a_formula", place, value)
        must(len(value) <= 1 and value.keys() <= TYPED, "every_written_cell_is_typed", place, value)
    for request in batch:
        fields = request.get("updateCells", {}).get("fields", "userEnteredValue")
        must(fields == "userEnteredValue", "every_written_cell_is_typed", "writes", fields)


def nothing_but_values_is_written(world: "World", run: "Run", batch: list[Json]) -> None:
    """Hold a batch to values, lines of its own and the hidden tab: formats, notes and other tabs stay as they are."""
    hidden = rows("SELECT scratch_id FROM book WHERE id = ?", run.book)[0][0]
    bound = {place.sheet_id for place in world.places.values() if place.book == run.book}
    emptied = [request["updateCells"]["range"] for request in batch if "range" in request.get("updateCells", {})]
    must(all(area["sheetId"] == hidden for area in emptied), "everything_outside_owned_cells_is_identical", emptied)
    new: set[tuple[int, int]] = set()
    for request in batch:
        [(kind, given)] = request.items()
        must(kind in ALLOWED, "everything_outside_owned_cells_is_identical", kind)
        if kind == "copyPaste":
            must(given["destination"]["sheetId"] == hidden and given["pasteType"] == "PASTE_VALUES",
                 "everything_outside_owned_cells_is_identical", given)  # fmt: skip
        elif kind in ("addSheet", "updateSheetProperties"):
            must(given["properties"]["sheetId"] == hidden, "everything_outside_owned_cells_is_identical", given)
        elif kind == "insertDimension":
            span = given["range"]
            if span["dimension"] == "ROWS":
                new |= {(span["sheetId"], row) for row in range(span["startIndex"], span["endIndex"])}
        elif kind == "repeatCell":
            span = given["range"]
            lines = {(span["sheetId"], row) for row in range(span["startRowIndex"], span["endRowIndex"])}
            must(lines <= new and given["fields"] == "userEnteredFormat.numberFormat",
                 "everything_outside_owned_cells_is_identical", given)  # fmt: skip
    for sheet_id, row, column, _ in _cells(batch):
        must(sheet_id in bound | {hidden}, "everything_outside_owned_cells_is_identical", sheet_id, row, column)


def no_unpublished_jury_value_leaves(world: "World", run: "Run", batch: list[Json]) -> None:
    """Hold the staff's book free of grades and decisions: they are not communicable."""
    jury = world.places.get("jury")
    if jury is not None and run.book == jury.book:
        return
    secret = {value for (value,) in rows("SELECT value FROM grade") if "." in value}
    for *place, value in _cells(batch):
        shown = {str(value.get("numberValue")), str(value.get("stringValue", "")).replace(",", ".")}
        must(not shown & secret and value.get("stringValue") not in CHOICES["decision"],
             "no_unpublished_jury_value_leaves", place, value)  # fmt: skip


# -- at each cycle -------------------------------------------------------------------------------


def check_cycle(world: "World", run: "Run") -> None:
    """Check what holds at the end of every cycle, whatever happened to it."""
    must(not database.in_transaction(), "every_cycle_ends", "in a transaction")
    kinds = run.kinds
    reads, writes = (3, REPAIRS) if run.disturbed else (READS, WRITES)
    must(kinds.count("read") <= reads and kinds.count("write") <= writes, "every_cycle_ends_within_the_call_budget",
         kinds)  # fmt: skip
    if run.report is not None and not world.confirmed:
        bound = sum(max(3, len(world.local(kind)) // 10 + 1) for kind in ("participants", "half_days"))
        must(run.report.removed <= bound, "deletes_are_bounded", run.report)
    the_base_moves_once_both_sides_were_seen_equal(world, run)


def the_base_moves_once_both_sides_were_seen_equal(world: "World", run: "Run") -> None:
    """Hold every value newly agreed on to have been, at some time, in the cell and in the intranet."""
    query = """
        SELECT t.kind, t.id, a."row", a.cells FROM agreed_row a JOIN tab t ON t.id = a.tab_id WHERE t.book_id = ?
    """
    for kind, tab, key, text in rows(query, run.book):
        before = world.bases.get((tab, key))
        if before == text:
            continue
        world.bases[tab, key] = text
        world.agreed.setdefault((kind, key), []).append((world.now, json.loads(text)))
        if key == HEADER or (kind, key) in world.ledger.disturbed or before is None:
            continue
        old, row = json.loads(before), world.view(kind).alone.get(key)
        for name, value in json.loads(text).items():
            if value and value != old.get(name) and row is not None:
                place = (kind, key, name)
                shown = world.ledger.showed(place) | {row.cells.get(name, "")}
                must(value in shown, "base_moves_once_both_sides_were_seen_equal", place, value, "sheet", shown)
                must(_was_ours(world, kind, key, name, value), "base_moves_once_both_sides_were_seen_equal", place,
                     value, "intranet", world.local(kind).get(key))  # fmt: skip


def _was_ours(world: "World", kind: str, key: str, name: str, value: str) -> bool:
    """Tell whether the intranet holds a value, or held it, or computes it."""
    if world.local(kind).get(key, {}).get(name) == value or name in COMPUTED_FIELDS:
        return True
    query = """
        SELECT 1 FROM journal_entry WHERE object_id = ? AND field = ? AND ("before" = ? OR "after" = ?) AND door <> ?
    """
    return bool(rows(query, key, name, value, value, COVERED))
