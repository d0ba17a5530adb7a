"""The invariants that hold once both sides have come to rest, read from both ledgers of a simulated world."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from store import agreement
from store.db import database, rows
from store.journal import COVERED, COVERING, Author
from store.models import JournalEntry
from sync.worksheets import COMPUTED, PUT_BACK, WORKSHEETS
from tests.invariants import must
from tests.simulated_ledger import Edit, Gone
from tests.simulated_views import Row, View

if TYPE_CHECKING:
    from tests.simulated_world import World


def check_rest(world: "World") -> None:
    """Check everything that holds once both sides have come to rest."""
    for kind in world.places:
        seen = world.view(kind)
        paused = tab_of(world, kind).paused
        if not paused and seen.header >= 0:
            each_record_is_there_once(world, kind, seen)
            both_sides_agree_or_say_why(world, kind, seen)
        what_staff_hold_is_untouched(world, kind, seen)
    there = Everywhere(world)
    no_edit_disappears(world, there)
    an_edit_beats_a_deletion_and_nothing_else_does(world, there)
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


def no_edit_disappears(world: "World", there: "Everywhere") -> None:
    """Hold every value that anyone typed to be there, superseded by someone who had read it, or listed."""
    for edit in world.ledger.edits:
        must(there.has(edit) or world.ledger.superseded(edit), "no_edit_disappears", edit)


class Everywhere:
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
        self.put_back = set(rows(put_back.where(JournalEntry.author.in_([PUT_BACK.name, COVERING.name]))))

    def has(self, edit: Edit) -> bool:
        """Tell whether a value is still somewhere that people can find it."""
        kind, key, name = edit.place
        if self._computed(kind, name) and (
            edit.side == "start" or edit.value in self.world.ledger.showed(edit.place, edit.at)
        ):
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


def an_edit_beats_a_deletion_and_nothing_else_does(world: "World", there: Everywhere) -> None:
    """Hold every row deleted in the sheet to be withdrawn, unless the intranet had what the deleter did not see."""
    for (kind, key), gone in world.ledger.gone.items():
        sheet = WORKSHEETS[kind]
        if not sheet.owns_rows or (kind, key) in world.withdrawn or tab_of(world, kind).paused:
            continue
        ours = there.local[kind].get(key, {})
        newer = _edited(world, kind, key, gone, ours)
        unseen = {
            name: value
            for name, value in newer.items()
            if value and value not in gone.seen.get(name, ()) and not _from_the_sheet(key, name)
        }
        removed = key in sheet.removed(world.cohort_id)  # type: ignore[misc]
        must(not (removed and unseen), "an_edit_beats_a_deletion", kind, key, unseen)
        back = (kind, key) in world.brought_back or key in world.signed
        known = any(at < gone.at for at, _ in world.agreed.get((kind, key), ()))
        must(removed or back or newer or not known, "a_deletion_is_carried_out", kind, key, ours)


def _edited(world: "World", kind: str, key: str, gone: Gone, ours: Mapping[str, str]) -> dict[str, str]:
    """Return what the intranet holds and had not been agreed on when the row was deleted in the sheet.

    The same value typed on both sides, and its row deleted before any read, was never seen in the sheet.
    """
    agreed = next((values for at, values in reversed(world.agreed.get((kind, key), ())) if at < gone.at), {})
    return {name: value for name, value in ours.items() if value != agreed.get(name, "")}


def _from_the_sheet(key: str, name: str) -> bool:
    """Tell whether the intranet has a value from the sheet; an answer may have been older than what is there."""
    query = """
        SELECT door FROM journal_entry WHERE object_id = ? AND field = ? AND door <> ? ORDER BY id DESC LIMIT 1
    """
    last = rows(query, key, name, COVERED)
    return last == [("sheet",)]


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
