"""Who changed what, when, through which door. Written in the same transaction as the change."""

from dataclasses import dataclass
from datetime import datetime

from peewee import IntegrityError

from store.db import database, rows
from store.models import Cohort, JournalEntry, SubmittedForm
from store.models.base import now

#: The doors a change can come through, and how staff call them.
DOORS = {"page": "intranet", "sheet": "feuille", "command": "commande"}


@dataclass(frozen=True)
class Author:
    """Name who changes something, and through which door."""

    name: str
    door: str
    user_id: int | None = None


def record(
    author: Author, cohort_id: int | None, kind: str, object_id: str, field: str, before: str, after: str
) -> None:
    """Write one journal entry and grow the version of its cohort."""
    JournalEntry.insert(
        at=now(), door=author.door, user_id=author.user_id, author=author.name, cohort_id=cohort_id,
        kind=kind, object_id=str(object_id), field=field, before=before, after=after,
    ).execute()  # fmt: skip
    if cohort_id is not None:
        touch(cohort_id)


def touch(cohort_id: int) -> None:
    """Grow the version of a cohort, so that open pages and the sync look at it again."""
    Cohort.update(version=Cohort.version + 1).where(Cohort.id == cohort_id).execute()


def first_time(key: str, user_id: int | None) -> bool:
    """Remember the idempotency key of a form; False when it was carried out already.

    To be called inside the transaction of the change, so that both stay or neither.
    """
    try:
        with database.atomic():
            SubmittedForm.insert(key=key, user_id=user_id, at=now()).execute()
    except IntegrityError:
        return False
    return True


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
