"""What is still between both sides: the cells that both moved, and the values that the rules refuse."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, Case, fn

from store.agreement import agree
from store.db import database, rows
from store.errors import Changed
from store.journal import COVERED, SETTLED, Author, record, touch
from store.leases import moment
from store.models import Book, Cohort, Conflict, JournalEntry, Refusal, Tab
from store.models.base import now
from store.records import OF_TAB, RECORDS

#: The sides of a conflict, either of which may be kept.
SIDES = ("intranet", "sheet")


class ListedConflict(NamedTuple):
    """An open conflict, where it is, and who put the intranet's value there ('' when the journal does not say)."""

    id: int
    cohort: str
    book: str
    sheet_id: int
    tab: str
    kind: str
    row: str
    field: str
    address: str
    label: str
    #: None where both sides never agreed on anything.
    base: str | None
    local: str
    remote: str
    since: datetime
    author: str | None
    at: datetime | None


class ListedRefusal(NamedTuple):
    """A refused value, where it is, and why."""

    id: int
    cohort: str
    book: str
    sheet_id: int
    tab: str
    kind: str
    row: str
    field: str
    address: str
    label: str
    typed: str
    reason: str
    since: datetime


class Moved(NamedTuple):
    """How many lines of a list are new, are gone, or say something else than before."""

    new: int = 0
    gone: int = 0
    altered: int = 0


def list_conflicts(tab_id: int, found: Iterable[Mapping[str, str | None]]) -> Moved:
    """Make the open conflicts of a tab exactly these; one that stays keeps its date. Return what moved."""
    return _list(Conflict, tab_id, found, ("base", "local", "remote"))


def list_refusals(tab_id: int, found: Iterable[Mapping[str, str]]) -> Moved:
    """Make the refusals of a tab exactly these; one that stays keeps its date. Return what moved."""
    return _list(Refusal, tab_id, found, ("typed", "reason"))


def listed(tab_id: int) -> tuple[int, int]:
    """Count the conflicts and the refusals listed for a tab."""
    return tuple(table.select().where(table.tab == tab_id).count() for table in (Conflict, Refusal))


def of_tab(tab_id: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the conflicts and the refusals listed for one tab, each as its values by name."""
    place = ("row", "field", "address", "label")
    found = []
    for table, values in ((Conflict, ("base", "local", "remote")), (Refusal, ("typed", "reason"))):
        names = (*place, *values)
        query = table.select(*(getattr(table, name) for name in names)).where(table.tab == tab_id).order_by(table.id)
        found.append([dict(zip(names, row, strict=True)) for row in rows(query)])
    return found[0], found[1]


def reasons(tab_id: int) -> dict[tuple[str, str], str]:
    """Return why each refused cell of a tab is, as {(row, field): reason}."""
    query = Refusal.select(Refusal.row, Refusal.field, Refusal.reason).where(Refusal.tab == tab_id)
    return {(row, name): reason for row, name, reason in rows(query)}


def _list(table: type, tab_id: int, found: Iterable[Mapping[str, Any]], values: tuple[str, ...]) -> Moved:
    wanted = {(item["row"], item["field"]): item for item in found}
    fields = ("row", "field", "address", "label", *values)
    columns = ", ".join(f'"{name}"' for name in fields)
    query = f'SELECT id, {columns} FROM {table._meta.table_name} WHERE tab_id = ?'  # noqa: S608 - names of our own
    known = {(row[1], row[2]): tuple(row) for row in rows(query, tab_id)}
    new_ones = altered = 0
    gone = [known[key][0] for key in known.keys() - wanted.keys()]
    if gone:
        table.delete().where(table.id.in_(gone)).execute()
    for key, item in wanted.items():
        new = tuple(item[name] for name in fields)
        if key not in known:
            table.insert(tab=tab_id, since=now(), **dict(zip(fields, new, strict=True))).execute()
            new_ones += 1
        elif known[key][1:] != new:
            table.update(dict(zip(fields, new, strict=True))).where(table.id == known[key][0]).execute()
            altered += 1
    return Moved(new_ones, len(gone), altered)


# -- questions ------------------------------------------------------------------------------------


def conflicts(
    cohort_id: int | None = None, audiences: Iterable[str] = ("staff", "jury")
) -> list[ListedConflict]:
    """List open conflicts by cohort and tab, the newest first; who put the intranet's value comes along."""
    entry = JournalEntry.alias()
    newest = entry.select(fn.MAX(entry.id)).where(
        (entry.kind == Case(Tab.kind, tuple(OF_TAB.items())))
        & (entry.object_id == Conflict.row)
        & (entry.field == Conflict.field)
        & (entry.after == Conflict.local)
        & (entry.door != COVERED)
    )
    values = (Conflict.base, Conflict.local, Conflict.remote, Conflict.since, JournalEntry.author, JournalEntry.at)
    query = _between(Conflict, values, cohort_id, audiences)
    query = query.switch(Conflict).join(JournalEntry, JOIN.LEFT_OUTER, on=(JournalEntry.id == newest))
    return [ListedConflict(*row) for row in rows(query)]


def refusals(cohort_id: int | None = None, audiences: Iterable[str] = ("staff", "jury")) -> list[ListedRefusal]:
    """List refused values by cohort and tab, the newest first."""
    values = (Refusal.typed, Refusal.reason, Refusal.since)
    return [ListedRefusal(*row) for row in rows(_between(Refusal, values, cohort_id, audiences))]


def _between(table: type, values: tuple, cohort_id: int | None, audiences: Iterable[str]):
    query = (
        table.select(
            table.id, Cohort.code, Book.id, Tab.sheet_id, Tab.title, Tab.kind, table.row, table.field,
            table.address, table.label, *values,
        )
        .join(Tab).join(Book).switch(Tab).join(Cohort)
        .where(Book.audience.in_(list(audiences)))
        .order_by(Cohort.code, Tab.title, Tab.id, table.since.desc(), table.id.desc())
    )  # fmt: skip
    return query if cohort_id is None else query.where(Tab.cohort == cohort_id)


# -- choices --------------------------------------------------------------------------------------

#: What the author of a choice had read of a conflict: the value of the intranet, that of the sheet.
Seen = tuple[str, str]


def settle(author: Author, conflict_id: int, side: str, seen: Seen | None = None) -> None:
    """Choose a side of a conflict: the base becomes the other side's value, so that this one travels.

    `side` is one of SIDES. The next cycle carries the value; if that side has moved again meanwhile,
    what travels is its newest value. A conflict that is no longer open is left alone. Raises Changed
    when its values are no longer those that the author had read.
    """
    with database.atomic():
        for found in _opened([conflict_id]):
            _check(found, seen)
            _keep(author, [found], side)


def settle_all(author: Author, side: str, seen: Mapping[int, Seen]) -> set[int]:
    """Choose one side of several conflicts, {conflict: what its author had read}; return those left alone.

    One that moved since it was read, or that is no longer open, is left.
    """
    with database.atomic():
        still = [found for found in _opened(seen) if seen[found.id] == (found.local, found.remote)]
        _keep(author, still, side)
    return set(seen) - {found.id for found in still}


def settle_with(author: Author, conflict_id: int, raw: str, seen: Seen | None = None) -> None:
    """Settle a conflict with a third value, which becomes the intranet's by the ordinary verb and travels.

    Raises Refused when the rules refuse it, Changed when a value is no longer the one its author had read.
    """
    with database.atomic():
        for found in _opened([conflict_id]):
            _check(found, seen)
            kind = OF_TAB[found.kind]
            RECORDS[kind].change(author, found.row, {found.field: raw}, {found.field: found.local})
            value = RECORDS[kind].held([found.row]).get(found.row, {}).get(found.field, "")
            _close(author, [(found, value, found.remote)])


class _Open(NamedTuple):
    id: int
    tab_id: int
    row: str
    field: str
    local: str
    remote: str
    kind: str
    cohort_id: int


def _opened(wanted: Iterable[int]) -> list[_Open]:
    """Return those of these conflicts that are still open, their books locked and asked for a cycle.

    The books first and in order, as a cycle does: transactions that lock in the same order never block each other.
    """
    keys = Conflict.id.in_(list(wanted))
    for (book_id,) in sorted(rows(Conflict.select(Tab.book).join(Tab).where(keys).distinct())):
        Book.update(asked_at=moment(), retry_at=0).where(Book.id == book_id).execute()
    columns = (Conflict.id, Conflict.tab, Conflict.row, Conflict.field, Conflict.local, Conflict.remote)
    query = Conflict.select(*columns, Tab.kind, Tab.cohort).join(Tab).where(keys)
    return [_Open(*row) for row in rows(query)]


def _check(found: _Open, seen: Seen | None) -> None:
    for read, current in zip(seen or (), (found.local, found.remote), strict=False):
        if read != current:
            raise Changed(read, current)


def _keep(author: Author, chosen: list[_Open], side: str) -> None:
    ends = [(found.local, found.remote) if side == "intranet" else (found.remote, found.local) for found in chosen]
    _close(author, [(found, *end) for found, end in zip(chosen, ends, strict=True)])


def _close(author: Author, settled: list[tuple[_Open, str, str]]) -> None:
    """Close conflicts, each with the value kept and the one given up, which becomes the base: the other travels.

    The journal keeps what was given up, so that it can be restored.
    """
    choice = Author(author.name, SETTLED, author.user_id)
    bases: dict[int, dict[str, dict[str, str]]] = {}
    for found, kept, given_up in settled:
        bases.setdefault(found.tab_id, {}).setdefault(found.row, {})[found.field] = given_up
        if given_up != kept:
            record(choice, found.cohort_id, OF_TAB[found.kind], found.row, found.field, given_up, kept)
    for tab_id, agreed in bases.items():
        agree(tab_id, agreed)
    for cohort_id in {found.cohort_id for found, *_ in settled}:
        touch(cohort_id)
    Conflict.delete().where(Conflict.id.in_([found.id for found, *_ in settled])).execute()
