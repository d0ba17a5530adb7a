"""The invariants of the sync, each a check with a name, read from both ledgers of a simulated world.

Those of a call and of a cycle are checked at each of them; those of the whole once everything has come to rest.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from store import agreement
from store.db import database, rows
from store.journal import Author
from store.models import JournalEntry
from sync.worksheets import COMPUTED, PUT_BACK, WORKSHEETS
from tests.simulated_ledger import Edit
from tests.simulated_values import CHOICES
from tests.simulated_views import Row, View

if TYPE_CHECKING:
    from tests.simulated_cycles import Run
    from tests.simulated_sheets import Asked
    from tests.simulated_world import World

Json = dict[str, Any]
#: What one guarded write may ask, and nothing else.
ALLOWED = {"addSheet", "updateSheetProperties", "copyPaste", "updateCells", "insertDimension", "appendDimension",
           "repeatCell", "createDeveloperMetadata", "deleteDeveloperMetadata"}  # fmt: skip
TYPED = {"stringValue", "numberValue", "boolValue"}
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
        must(len(value) <= 1 and value.keys() <= TYPED, "every_written_cell_is_typed", place, value)
        must(not str(value.get("stringValue", "")).startswith("=") or value, "no_formula", place, value)
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
    secret = {value for row in world.local("jury").values() for name, value in row.items() if name.startswith("grade-")}
    secret = {value for value in secret if "." in value}
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


# -- at rest -------------------------------------------------------------------------------------


def check_rest(world: "World") -> None:
    """Check everything that holds once both sides have come to rest."""
    for kind in world.places:
        seen = world.view(kind)
        paused = tab_of(world, kind).paused
        if not paused and seen.header >= 0:
            each_record_is_there_once(world, kind, seen)
            both_sides_agree_or_say_why(world, kind, seen)
        what_staff_hold_is_untouched(world, kind, seen)
    no_edit_disappears(world)
    a_bad_row_is_said(world)
    signed_records_never_change(world)


def tab_of(world: "World", kind: str) -> agreement.BoundTab:
    """Return what the store knows of a tab."""
    return next(tab for tab in agreement.tabs(world.places[kind].book) if tab.kind == kind)


def _listed(world: "World", kind: str) -> tuple[dict, dict]:
    """Return the conflicts and the refusals of a tab, by (row, field)."""
    tab = tab_of(world, kind).id
    conflicts = rows('SELECT "row", field, base, local, remote FROM conflict WHERE tab_id = ?', tab)
    refusals = rows('SELECT "row", field, typed, reason FROM refusal WHERE tab_id = ?', tab)
    return {item[:2]: item[2:] for item in conflicts}, {item[:2]: item[2:] for item in refusals}


def each_record_is_there_once(world: "World", kind: str, seen: View) -> None:
    """Hold every record to one row of the sheet, copies that were told of left out."""
    said = {row for row, _ in _listed(world, kind)[1]}
    for key in world.local(kind):
        found = seen.by_id.get(key, [])
        # A copy is told of; one that was emptied since, or only begun again, waits to be a row.
        copies = [row for row in found if f"ligne {row.index + 1}" in said or _begun(world, kind, row)]
        once = found and (len(found) - len(copies) <= 1 or len(found) == 1)
        must(once, "each_record_is_created_at_most_once_on_each_side", kind, key, [row.index for row in found])


def both_sides_agree_or_say_why(world: "World", kind: str, seen: View) -> None:
    """Hold every cell to the same value on both sides, its base included, or to a line that says why not."""
    conflicts, refusals = _listed(world, kind)
    base, local = agreement.base(tab_of(world, kind).id).rows, world.local(kind)
    expected: set[tuple[str, str]] = set()
    for key, mine in local.items():
        row = seen.alone.get(key)
        for name in mine.keys() & seen.columns.keys() if row else ():
            theirs, place = row.cells.get(name, ""), (key, name)
            before = base.get(key, {}).get(name)
            if theirs == mine[name]:
                must(before == theirs, "base_moves_once_both_sides_were_seen_equal", kind, place, before, theirs)
            elif place in conflicts:
                expected.add(place)
                must(conflicts[place][1:] == (mine[name], theirs), "a_conflict_is_raised_iff_all_three_differ", kind,
                     place, conflicts[place], mine[name], theirs)  # fmt: skip
                must(before not in (mine[name], theirs), "a_conflict_is_raised_iff_all_three_differ", kind, place,
                     before, mine[name], theirs)  # fmt: skip
            else:
                must(place in refusals, "both_sides_agree", kind, place, "base", before, "intranet", mine[name],
                     "sheet", theirs)  # fmt: skip
                must(theirs.startswith("!") or name in row.formulas or _is_refused(world, kind, key, name, theirs),
                     "a_refusal_has_a_reason", kind, place, refusals[place])  # fmt: skip
    # Where two rows bear one id, which of them the record is remains to be said by staff.
    left = {place for place in conflicts.keys() - expected if len(seen.by_id.get(place[0], ())) == 1}
    must(not left, "a_conflict_is_raised_iff_all_three_differ", kind, left)


def _is_refused(world: "World", kind: str, key: str, name: str, value: str) -> bool:
    """Tell whether the rules of a whole row refuse a value that is right by itself: tried, then undone."""
    with database.atomic() as trial:
        try:
            WORKSHEETS[kind].change(Author("essai", "page"), key, {name: value})
        except Exception as error:  # noqa: BLE001 - whatever the verb answers
            return type(error).__name__ in ("Refused", "Unknown")
        finally:
            trial.rollback()
    return False


def what_staff_hold_is_untouched(world: "World", kind: str, seen: View) -> None:
    """Hold the staff's own columns to what staff put there, each text beside the row that it was beside."""
    ledger = world.ledger
    must(+ledger.own[kind] == seen.own, "everything_outside_owned_cells_is_identical", kind, "gone:",
         dict(ledger.own[kind] - seen.own), "come:", dict(seen.own - ledger.own[kind]))  # fmt: skip
    known = world.local(kind).keys()
    now = {text: row.id for row in seen.rows for text in row.own if text != "="}
    for text, key in ledger.beside[kind].items():
        if key in known and (kind, key) not in ledger.disturbed:
            must(now.get(text) == key, "no_write_lands_on_a_row_with_another_id", kind, text, key, now.get(text))


def no_edit_disappears(world: "World") -> None:
    """Hold every value that anyone typed to be there, superseded by someone who had read it, or listed."""
    there = _Everywhere(world)
    for edit in world.ledger.edits:
        must(there.has(edit) or world.ledger.superseded(edit), "no_edit_disappears", edit)


class _Everywhere:
    """All that both sides hold or list at the end, withdrawn rows included."""

    def __init__(self, world: "World") -> None:
        self.world = world
        with database.atomic() as trial:
            for kind in ("participants", "half_days"):
                for key in WORKSHEETS[kind].removed(world.cohort_id):
                    WORKSHEETS[kind].restore(Author("essai", "page"), key)
            self.local = {kind: world.local(kind) for kind in {*world.places, "participants", "half_days"}}
            trial.rollback()
        self.views = {kind: world.view(kind) for kind in world.places}
        self.listed = {(kind, field, value) for kind in world.places for listed in _listed(world, kind)
                       for (_, field), values in listed.items() for value in values}  # fmt: skip
        put_back = JournalEntry.select(JournalEntry.object_id, JournalEntry.field, JournalEntry.before)
        self.put_back = set(rows(put_back.where(JournalEntry.author == PUT_BACK.name)))

    def has(self, edit: Edit) -> bool:
        """Tell whether a value is still somewhere that people can find it."""
        kind, key, name = edit.place
        if edit.side == "start" and self._computed(kind, name):
            # What the intranet alone decides on was put there by nobody.
            return True
        if edit.side != "page" and name not in self.views[kind].columns:
            # Whoever deleted the tab or the column had read it: the tab waits for them, and says so.
            return True
        if not key or (kind, key) in self.world.ledger.disturbed:
            return self._anywhere(kind, name, edit.value)
        row = self.views[kind].alone.get(key) if kind in self.views else None
        return (
            (row is not None and row.cells.get(name, "") == edit.value)
            or self.local[kind].get(key, {}).get(name) == edit.value
            or (kind, name, edit.value) in self.listed
            or (key, name, edit.value.removeprefix("!")) in self.put_back
        )

    def _computed(self, kind: str, name: str) -> bool:
        """Tell whether a column belongs to the intranet alone."""
        policies = {column.field: column.policy for column in WORKSHEETS[kind].columns(self.world.cohort_id)}
        return policies.get(name) == COMPUTED

    def _anywhere(self, kind: str, name: str, value: str) -> bool:
        return (
            not value
            or (kind in self.views and bool(self.views[kind].values[name, value]))
            or any(row.get(name) == value for row in self.local[kind].values())
            or (kind, name, value) in self.listed
            or any(item[1:] == (name, value.removeprefix("!")) for item in self.put_back)
        )


def a_bad_row_is_said(world: "World") -> None:
    """Hold every row that became no record to a line that says why, unless it is only begun."""
    for kind in world.places:
        seen, known = world.view(kind), world.local(kind)
        if tab_of(world, kind).paused or seen.header < 0:
            continue
        _, refusals = _listed(world, kind)
        said = {row for row, _ in refusals}
        removed = WORKSHEETS[kind].removed(world.cohort_id)  # type: ignore[misc]
        for row in seen.rows:
            if row.cells and row.id not in known and row.id not in removed:
                begun = WORKSHEETS[kind].owns_rows and _begun(world, kind, row)
                must(f"ligne {row.index + 1}" in said or begun, "a_bad_row_is_said", kind, row)


def _begun(world: "World", kind: str, row: Row) -> bool:
    """Tell whether a row lacks what a record needs."""
    required = {column.field for column in WORKSHEETS[kind].columns(world.cohort_id) if column.required}
    filled = {name for name, value in row.cells.items() if not value.startswith("!")}
    return not row.cells or not required <= filled


def signed_records_never_change(world: "World") -> None:
    """Hold what is in signed minutes to what it was, whatever the sheet says."""
    now = world.local("jury")
    for key, row in world.signed.items():
        entered = {name for name in row if name.startswith("grade-") or name == "decision"}
        must(all(now.get(key, row)[name] == row[name] for name in entered), "signed_records_never_change", key, row,
             now.get(key))  # fmt: skip


def summary(world: "World") -> Mapping[str, object]:
    """Return what both sides hold, whatever ids were minted: what a disturbed run must end like."""
    found: dict[str, object] = {}
    for kind in world.places:
        mine = sorted(sorted(row.items()) for row in world.local(kind).values())
        theirs = sorted(sorted(row.cells.items()) for row in world.view(kind).rows if row.cells)
        found[kind] = (mine, theirs)
    return found
