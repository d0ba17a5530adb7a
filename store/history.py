"""What became of the values of one record, from the journal, and giving them back what they were before."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from store.changes import Values
from store.db import rows
from store.errors import Unknown
from store.journal import Author
from store.models import JournalEntry
from store.records import RECORDS


class Entry(NamedTuple):
    """One change of one value: when, by whom, through which door, from what to what as canonical texts, and why."""

    id: int
    at: datetime
    author: str
    door: str
    field: str
    before: str
    after: str
    reason: str


_COLUMNS = (
    JournalEntry.id, JournalEntry.at, JournalEntry.author, JournalEntry.door, JournalEntry.field,
    JournalEntry.before, JournalEntry.after, JournalEntry.reason,
)  # fmt: skip


def entries(kind: str, row: str, field: str = "", before: int | None = None, limit: int = 200) -> list[Entry]:
    """List the changes of a record, or of one field of it, the newest first; `before` an entry when it is given."""
    wanted = (JournalEntry.kind == kind) & (JournalEntry.object_id == row)
    if field:
        wanted &= JournalEntry.field == field
    if before is not None:
        wanted &= JournalEntry.id < before
    query = JournalEntry.select(*_COLUMNS).where(wanted).order_by(JournalEntry.id.desc()).limit(limit)
    return [Entry(*found) for found in rows(query)]


def fields(kind: str, row: str, keys: Iterable[int]) -> dict[int, str]:
    """Return {entry: field} of those of these entries that are about this record."""
    query = JournalEntry.select(JournalEntry.id, JournalEntry.field)
    of_record = (JournalEntry.kind == kind) & (JournalEntry.object_id == row)
    return dict(rows(query.where(JournalEntry.id.in_(list(keys)) & of_record)))


def restore(
    author: Author, kind: str, row: str, keys: Iterable[int], expected: Values | None = None
) -> Mapping[str, str]:
    """Give values back what they were before these entries of the journal: an edit like any other.

    `expected` is what its author had read of each field. Raises Unknown for an entry of another
    record, Refused and Changed as the verb of the record does. Return what changed.
    """
    wanted = set(keys)
    query = JournalEntry.select(JournalEntry.field, JournalEntry.before).where(
        JournalEntry.id.in_(list(wanted)) & (JournalEntry.kind == kind) & (JournalEntry.object_id == row)
    )
    values = dict(rows(query))
    if not values or len(values) != len(wanted):
        raise Unknown(row)
    return RECORDS[kind].change(author, row, values, expected)
