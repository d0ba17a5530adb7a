"""What was withdrawn of late: participants and half-days, by whom, when, through which door."""

from datetime import datetime, timedelta
from typing import NamedTuple

from store.db import as_datetime, rows
from store.models import JournalEntry
from store.models.base import now

#: A withdrawn row is offered for this long. It is kept in the store beyond, with everything recorded of it:
#: its history says when it was withdrawn, and an edit of it in the sheet still brings it back.
LIFE = timedelta(days=30)


class Removal(NamedTuple):
    """A row withdrawn: its kind for the journal, and who did it ('' when the journal does not say)."""

    kind: str
    row: str
    cohort: str
    at: datetime
    author: str
    door: str


_WITHDRAWN = """
    SELECT '{kind}', r.id, c.code, r.deleted_at, COALESCE(j.author, ''), COALESCE(j.door, '')
    FROM {table} r JOIN cohort c ON c.id = r.cohort_id
    LEFT JOIN journal_entry j ON j.id = (
        SELECT MAX(k.id) FROM journal_entry k
        WHERE k.kind = '{kind}' AND k.object_id = r.id AND k.field = 'state' AND k."after" = '{after}')
    WHERE r.deleted_at >= ?
"""
_OF = {
    "enrolment": _WITHDRAWN.format(kind="enrolment", table="enrolment", after="withdrawn"),
    "half_day": _WITHDRAWN.format(kind="half_day", table="half_day", after="removed"),
}


def withdrawn(since: datetime | None = None, code: str = "") -> list[Removal]:
    """List the rows withdrawn since a moment, thirty days ago by default, the newest first; `code` keeps one cohort."""
    moment = now() - LIFE if since is None else since
    found = [row for query in _OF.values() for row in rows(query, moment)]
    removals = [Removal(*row[:3], as_datetime(row[3]), *row[4:]) for row in found]
    return sorted((row for row in removals if code in ("", row.cohort)), key=lambda row: row.at, reverse=True)


def brought_back(kind: str, row: str) -> str | None:
    """Return who brought back a row that was withdrawn once; None when it still is, or never was."""
    if kind not in _OF:
        return None
    entry = JournalEntry.select(JournalEntry.author, JournalEntry.before).where(
        (JournalEntry.kind == kind) & (JournalEntry.object_id == row) & (JournalEntry.field == "state")
    )
    found = rows(entry.order_by(JournalEntry.id.desc()).limit(1))
    return found[0][0] if found and found[0][1] in ("withdrawn", "removed") else None
