"""Who a move of a half-day touches, and what the last one was."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from rules.move_notices import TOLD
from rules.teachers import key, names
from store import calendar
from store.db import as_datetime, rows
from store.journal import SETTLED
from store.models import User


class Affected(NamedTuple):
    """Who is affected by a move, how to write to them, and what was done already on that half-day."""

    teachers: tuple[str, ...]
    teacher_emails: tuple[str, ...]
    participants: int
    emails: tuple[str, ...]
    marks: int
    printed_at: datetime | None
    returned_at: datetime | None


class Move(NamedTuple):
    """The last move of a half-day: what it was and is, as canonical texts, who did it and when."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    author: str
    at: datetime


def affected(cohort_id: int, half_day_id: str, teachers: Iterable[str]) -> Affected:
    """Return who a move touches; `teachers` are the cells that name them, before and after."""
    people = rows(
        """
        SELECT p.email FROM enrolment e JOIN participant p ON p.id = e.participant_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting ORDER BY e.position
        """,
        cohort_id,
    )
    known = {key(name): email for name, email in rows(User.select(User.name, User.email).where(User.active))}
    who = tuple(dict.fromkeys(name for cell in teachers for name in names(cell)))
    marks = rows("SELECT COUNT(*) FROM mark WHERE half_day_id = ?", half_day_id)[0][0]
    paper = rows("SELECT printed_at, returned_at FROM sign_in_sheet WHERE half_day_id = ?", half_day_id)
    printed, returned = paper[0] if paper else (None, None)
    return Affected(
        who, tuple(known[key(name)] for name in who if key(name) in known), len(people),
        tuple(dict.fromkeys(row[0] for row in people if row[0])), marks, as_datetime(printed), as_datetime(returned),
    )  # fmt: skip


#: Values changed by one form are journalled one after the other, within this time.
_ONE_FORM = timedelta(seconds=5)
#: What a half-day is born with, within this one.
_BIRTH = timedelta(seconds=1)


def last(cohort_id: int, half_day_id: str) -> Move | None:
    """Return the last move of a half-day as the journal tells it, None when it never moved."""
    fields = ", ".join("?" for _ in TOLD)
    about = f"cohort_id = ? AND kind = 'half_day' AND object_id = ? AND door <> ? AND field IN ({fields})"
    values = (cohort_id, half_day_id, SETTLED, *TOLD)
    # What is filled in for the first time is no move by itself, and is told with the one that it comes with: what a
    # half-day was born with is not.
    found = rows(
        f"""
        SELECT author, at, (SELECT MIN(at) FROM journal_entry WHERE kind = 'half_day' AND object_id = ?)
        FROM journal_entry WHERE {about} AND "before" <> '' ORDER BY id DESC LIMIT 1
        """,  # noqa: S608
        half_day_id, *values,
    )  # fmt: skip
    if not found:
        return None
    author, at, born = found[0][0], as_datetime(found[0][1]), as_datetime(found[0][2])
    assert at is not None
    assert born is not None
    together = rows(
        f"""
        SELECT field, "before" FROM journal_entry
        WHERE {about} AND author = ? AND at BETWEEN ? AND ? AND ("before" <> '' OR at > ?) ORDER BY id DESC
        """,  # noqa: S608
        *values, author, at - _ONE_FORM, at + _ONE_FORM, born + _BIRTH,
    )  # fmt: skip
    now = calendar.held([half_day_id])[half_day_id]
    # The oldest of one form wins: what a value was before all of them.
    return Move(now | dict(together), now, author, at)


