"""What the cycles did that is worth telling: facts of one tab each, added up by those who ask, kept thirty days."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from peewee import fn

from store.db import as_datetime, rows
from store.journal import COVERED, SETTLED
from store.models import Adoption, Book, Cohort, Conflict, JournalEntry, Outcome, Refusal, Tab
from store.models.base import now
from store.pauses import OF_AUDIENCE

LIFE = timedelta(days=30)
COUNTS = ("pulled", "pushed", "created", "removed", "restored", "opened", "closed", "put_back")


def note(book_id: str, cohort_id: int, kind: str, title: str, **facts: object) -> None:
    """Keep what a cycle did in one tab, when it did anything; forget what is too old to be told."""
    if any(facts.values()):
        Outcome.delete().where(Outcome.at < now() - LIFE).execute()
        audience = Book.select(Book.audience).where(Book.id == book_id)
        Outcome.insert(
            book=book_id, audience=audience, cohort=cohort_id, kind=kind, title=title, at=now(), **facts
        ).execute()


class Tally(NamedTuple):
    """What the cycles of a time did in one kind of tab of a cohort."""

    cohort: str
    kind: str
    pulled: int
    pushed: int
    created: int
    removed: int
    restored: int
    opened: int
    closed: int
    put_back: int


def tallies(since: datetime, audiences: Iterable[str]) -> list[Tally]:
    """Add up what the cycles did since a moment, by cohort and kind of tab."""
    sums = [fn.SUM(getattr(Outcome, name)) for name in COUNTS]
    query = (
        Outcome.select(Cohort.code, Outcome.kind, *sums)
        .join(Cohort)
        .where((Outcome.at >= since) & Outcome.audience.in_(list(audiences)))
        .group_by(Cohort.code, Outcome.kind)
        .order_by(Cohort.code, Outcome.kind)
    )  # fmt: skip
    return [Tally(*row[:2], *map(int, row[2:])) for row in rows(query)]


class Event(NamedTuple):
    """A tab that was paused (`why` says for what, in French) or went on (`why` is '')."""

    cohort: str
    at: datetime
    title: str
    why: str


def events(since: datetime, audiences: Iterable[str]) -> list[Event]:
    """List the pauses that began and ended since a moment, the oldest first."""
    query = (
        Outcome.select(Cohort.code, Outcome.at, Outcome.title, Outcome.paused)
        .join(Cohort)
        .where(
            (Outcome.at >= since) & Outcome.audience.in_(list(audiences))
            & ((Outcome.paused != "") | Outcome.resumed)
        )
        .order_by(Outcome.id)
    )  # fmt: skip
    return [Event(*row) for row in rows(query)]


def paused_since(audiences: Iterable[str]) -> list[tuple[str, str, datetime | None]]:
    """List the tabs paused now as (cohort, title, since when or None when that is too long ago to be known)."""
    began = (
        Outcome.select(fn.MAX(Outcome.at))
        .where((Outcome.book == Tab.book) & (Outcome.cohort == Tab.cohort) & (Outcome.kind == Tab.kind)
               & (Outcome.paused != ""))  # fmt: skip
    )
    query = (
        Tab.select(Cohort.code, Tab.title, began.alias("began"))
        .join(Cohort).switch(Tab).join(Book)
        .where((Tab.pause != "") & Book.audience.in_(list(audiences)))
        .order_by(Cohort.code, Tab.id)
    )  # fmt: skip
    return [(code, title, as_datetime(at)) for code, title, at in rows(query)]


def waiting(audiences: Iterable[str]) -> list[tuple[str, int, int]]:
    """List the cohorts with open conflicts or refused values as (cohort, conflicts, refusals)."""
    wanted = list(audiences)
    conflicts, refusals = (
        dict(rows(
            table.select(Cohort.code, fn.COUNT(table.id))
            .join(Tab).join(Book).switch(Tab).join(Cohort)
            .where(Book.audience.in_(wanted)).group_by(Cohort.code)
        ))
        for table in (Conflict, Refusal)
    )  # fmt: skip
    codes = sorted(conflicts.keys() | refusals.keys())
    return [(code, conflicts.get(code, 0), refusals.get(code, 0)) for code in codes]


def refused(since: datetime, audiences: Iterable[str]) -> list[tuple[str, int]]:
    """Count the values refused since a moment, and still so, as (cohort, how many)."""
    query = (
        Refusal.select(Cohort.code, fn.COUNT(Refusal.id))
        .join(Tab).join(Book).switch(Tab).join(Cohort)
        .where((Refusal.since >= since) & Book.audience.in_(list(audiences)))
        .group_by(Cohort.code).order_by(Cohort.code)
    )  # fmt: skip
    return rows(query)


def choices(since: datetime, audiences: Iterable[str]) -> list[tuple[str, str, str, str, str, int]]:
    """List what people decided since a moment as (cohort, author, kind, field, after, how many).

    Conflicts that they settled have '' for kind, field and after; the others are about a paused tab,
    whose title stands for the kind.
    """
    wanted = set(audiences)
    tabs = [kind for audience, kind in OF_AUDIENCE.items() if audience in wanted]
    recent = JournalEntry.at >= since
    settled = recent & (JournalEntry.door == SETTLED)
    if "jury" not in wanted:
        settled &= JournalEntry.kind != "dossier"
    query = JournalEntry.select(Cohort.code, JournalEntry.author, fn.COUNT(JournalEntry.id))
    query = query.join(Cohort, on=(JournalEntry.cohort_id == Cohort.id)).where(settled)
    counted = rows(query.group_by(Cohort.code, JournalEntry.author).order_by(Cohort.code, JournalEntry.author))
    found = [(code, author, "", "", "", number) for code, author, number in counted]
    query = JournalEntry.select(
        Cohort.code, JournalEntry.author, JournalEntry.object_id, JournalEntry.field, JournalEntry.after
    ).join(Cohort, on=(JournalEntry.cohort_id == Cohort.id))
    decided = rows(query.where(recent & JournalEntry.kind.in_(tabs)).order_by(JournalEntry.id))
    return found + [(*row, 1) for row in decided]


def covered(since: datetime, audiences: Iterable[str]) -> list[tuple[str, int]]:
    """Count, by cohort, the typed values that a write covered since a moment, and that the history keeps."""
    wanted = (JournalEntry.at >= since) & (JournalEntry.door == COVERED)
    if "jury" not in set(audiences):
        wanted &= JournalEntry.kind != "dossier"
    query = JournalEntry.select(Cohort.code, fn.COUNT(JournalEntry.id))
    query = query.join(Cohort, on=(JournalEntry.cohort_id == Cohort.id)).where(wanted)
    return rows(query.group_by(Cohort.code).order_by(Cohort.code))


def bindings(since: datetime, audiences: Iterable[str]) -> list[tuple[str, str, str, str]]:
    """List the spreadsheets bound, bound otherwise and unbound since a moment as (cohort, author, title, what)."""
    title = Adoption.select(fn.MAX(Adoption.title)).where(
        (Adoption.book_id == JournalEntry.object_id) & Adoption.audience.in_(list(audiences))
    )
    query = (
        JournalEntry.select(Cohort.code, JournalEntry.author, title, JournalEntry.after)
        .join(Cohort, on=(JournalEntry.cohort_id == Cohort.id))
        .where((JournalEntry.at >= since) & (JournalEntry.kind == "book") & (JournalEntry.field == "binding"))
        .order_by(JournalEntry.id)
    )
    # Without a title, it is a spreadsheet that others know of, and not this person.
    return [row for row in rows(query) if row[2] is not None]
