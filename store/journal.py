"""Who changed what, when, through which door. Written in the same transaction as the change.

Each entry is sealed over the one before it in its cohort (rules/chain.py), and the database refuses to change one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rules.chain import seal
from store.db import execute, is_postgresql, joined, rows
from store.models import JournalEntry
from store.models.base import now

#: Of a choice between both sides: the entry goes from the value that was given up to the one that was kept.
SETTLED = "settled"
#: Of a value typed in the sheet that a write of the sync covered and could not put back: the entry goes from that
#: value, which no side ever held in agreement, to the one that the intranet has. It changed nothing.
COVERED = "covered"
#: The field under which a row that the sheet deleted, and that is written there again, is told.
ROW = "sheet_row"
#: The doors a change can come through, and how staff call them.
DOORS = {
    "page": "intranet", "sheet": "feuille", "command": "commande", SETTLED: "conflit tranché",
    COVERED: "écriture de la synchronisation",
}  # fmt: skip


@dataclass(frozen=True)
class Author:
    """Name who changes something, and through which door."""

    name: str
    door: str
    user_id: int | None = None


#: Who is written in the journal for a value covered by a write: Google does not say which person typed it.
COVERING = Author("Feuille (valeur couverte par une écriture, gardée ici)", COVERED)



class Entry(NamedTuple):
    """One change, as the journal tells it."""

    kind: str
    object_id: str
    field: str
    before: str
    after: str
    reason: str = ""


_INSERT = """
    INSERT INTO journal_entry (seal, id, at, door, user_id, author, cohort_id, kind, object_id, field, "before",
        "after", reason)
    VALUES {lines}
"""
_LINE = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#: Lines that one statement adds: both engines bound the values of one.
TOGETHER = 500
#: The seal of the last entry of a cohort, or of those that are of none, and the number of the next entry.
_LAST = "SELECT journal_seal, {next} FROM cohort WHERE id = ?{lock}"
_LAST_OF_NONE = """
    SELECT COALESCE((SELECT seal FROM journal_entry WHERE cohort_id IS NULL ORDER BY id DESC LIMIT 1), ''), {next}
"""
#: Key of the PostgreSQL advisory lock under which entries of no cohort are written one at a time.
OF_NONE_LOCK = 7_277_355_4


def record(
    author: Author, cohort_id: int | None, kind: str, object_id: str, field: str, before: str, after: str,
    reason: str = "",
) -> None:  # fmt: skip
    """Write one journal entry, with why when its author said so, and grow the version of its cohort."""
    record_all(author, cohort_id, [Entry(kind, object_id, field, before, after, reason)])


def record_all(author: Author, cohort_id: int | None, entries: Sequence[Entry]) -> None:
    """Write journal entries in their order, and grow the version of their cohort: few statements, however many."""
    if not entries:
        return
    with joined():
        last, number = _last(cohort_id)
        lines = list(_sealed(author, cohort_id, entries, last, _numbers(number, len(entries))))
        for some in (lines[at : at + TOGETHER] for at in range(0, len(lines), TOGETHER)):
            statement = _INSERT.format(lines=", ".join([_LINE] * len(some)))
            execute(statement, *(value for line in some for value in line))
        if cohort_id is not None:
            execute("UPDATE cohort SET version = version + 1, journal_seal = ? WHERE id = ?", lines[-1][0], cohort_id)


def _sealed(
    author: Author, cohort_id: int | None, entries: Sequence[Entry], last: str, numbers: Sequence[int]
) -> Iterator[tuple]:
    """Give each entry as it is kept, sealed over the one before it."""
    for number, entry in zip(numbers, entries, strict=True):
        values = (
            # As text, so that the seal covers every letter that is kept.
            number, now().isoformat(" ", "microseconds"), author.door, author.user_id, author.name, cohort_id,
            entry.kind, str(entry.object_id), entry.field, entry.before, entry.after, entry.reason,
        )  # fmt: skip
        last = seal(last, values)
        yield last, *values


def _numbers(first: int, count: int) -> list[int]:
    """Return the numbers of this many entries, of which the first is known; the chain is kept to this transaction."""
    if count == 1 or not is_postgresql():
        return list(range(first, first + count))
    # Those of another cohort may be drawn in between.
    query = "SELECT nextval('journal_entry_id_seq') FROM generate_series(2, ?)"
    return [first, *(number for (number,) in rows(query, count))]


def _last(cohort_id: int | None) -> tuple[str, int]:
    """Return the seal that the next entry follows and its number, keeping the chain to this transaction."""
    if is_postgresql():
        following, lock = "nextval('journal_entry_id_seq')", " FOR UPDATE"
        if cohort_id is None:
            rows("SELECT pg_advisory_xact_lock(?)", OF_NONE_LOCK)
    else:
        following, lock = "(SELECT COALESCE(MAX(id), 0) + 1 FROM journal_entry)", ""
    if cohort_id is None:
        return rows(_LAST_OF_NONE.format(next=following))[0]
    return rows(_LAST.format(next=following, lock=lock), cohort_id)[0]


def keep_covered(cohort_id: int, kind: str, object_id: str, field: str, value: str, held: str) -> None:
    """Keep a value that a write of the sync covered, once, beside what the intranet holds."""
    last = JournalEntry.select(JournalEntry.door, JournalEntry.before).where(
        (JournalEntry.kind == kind) & (JournalEntry.object_id == object_id) & (JournalEntry.field == field)
    )
    # A write that stays without an answer is looked at again by every cycle.
    if rows(last.order_by(JournalEntry.id.desc()).limit(1)) != [(COVERED, value)]:
        record(COVERING, cohort_id, kind, object_id, field, value, held)


def touch(cohort_id: int) -> None:
    """Grow the version of a cohort, so that open pages and the sync look at it again."""
    execute("UPDATE cohort SET version = version + 1 WHERE id = ?", cohort_id)


def first_time(key: str, user_id: int | None) -> bool:
    """Remember the idempotency key of a form; False when it was carried out already.

    To be called inside the transaction of the change, so that both stay or neither.
    """
    added = execute(
        "INSERT INTO submitted_form (key, user_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", key, user_id, now()
    )
    return added == 1


def forget_forms(before: datetime) -> int:
    """Forget the keys of forms carried out before this moment; return how many."""
    return execute("DELETE FROM submitted_form WHERE at < ?", before)


def last_change(kind: str, object_id: str, field: str) -> tuple[str, str, datetime] | None:
    """Return (author, door, moment) of the last change of one value, or None."""
    found = rows(
        JournalEntry.select(JournalEntry.author, JournalEntry.door, JournalEntry.at)
        .where(
            (JournalEntry.kind == kind) & (JournalEntry.object_id == str(object_id)) & (JournalEntry.field == field)
        )
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return found[0] if found else None


def entries(cohort_id: int | None = None, limit: int = 200) -> list[tuple]:
    """List the newest entries as (at, author, door, kind, object, field, before, after)."""
    query = JournalEntry.select(
        JournalEntry.at, JournalEntry.author, JournalEntry.door, JournalEntry.kind,
        JournalEntry.object_id, JournalEntry.field, JournalEntry.before, JournalEntry.after,
    ).order_by(JournalEntry.id.desc()).limit(limit)  # fmt: skip
    if cohort_id is not None:
        query = query.where(JournalEntry.cohort_id == cohort_id)
    return rows(query)
