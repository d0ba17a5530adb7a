"""What is still between both sides: the cells that both moved, and the values that the rules refuse."""

from collections.abc import Iterable, Mapping

from store.agreement import agree
from store.db import database, rows
from store.journal import touch
from store.models import Book, Cohort, Conflict, Refusal, Tab
from store.models.base import now


def list_conflicts(tab_id: int, found: Iterable[Mapping[str, str]]) -> int:
    """Make the open conflicts of a tab exactly these; one that stays keeps its date. Return how many changed."""
    return _list(Conflict, tab_id, found, ("base", "local", "remote"))


def list_refusals(tab_id: int, found: Iterable[Mapping[str, str]]) -> int:
    """Make the refusals of a tab exactly these; one that stays keeps its date. Return how many changed."""
    return _list(Refusal, tab_id, found, ("typed", "reason"))


def listed(tab_id: int) -> tuple[int, int]:
    """Count the conflicts and the refusals listed for a tab."""
    return tuple(table.select().where(table.tab == tab_id).count() for table in (Conflict, Refusal))


def _list(table: type, tab_id: int, found: Iterable[Mapping[str, str]], values: tuple[str, ...]) -> int:
    wanted = {(item["row"], item["field"]): item for item in found}
    fields = ("row", "field", "address", "label", *values)
    query = table.select(table.id, *(getattr(table, name) for name in fields)).where(table.tab == tab_id)
    known = {(row[1], row[2]): row for row in rows(query)}
    changed = 0
    for key in known.keys() - wanted.keys():
        changed += table.delete().where(table.id == known[key][0]).execute()
    for key, item in wanted.items():
        new = tuple(item[name] for name in fields)
        if key not in known:
            table.insert(tab=tab_id, since=now(), **dict(zip(fields, new, strict=True))).execute()
            changed += 1
        elif known[key][1:] != new:
            table.update(dict(zip(fields, new, strict=True))).where(table.id == known[key][0]).execute()
            changed += 1
    return changed


def conflicts(cohort_id: int | None = None, audiences: Iterable[str] = ("staff", "jury")) -> list[tuple]:
    """List open conflicts as (id, cohort code, book id, sheetId, tab, kind, row, field, address, label,
    base, local, remote, since)."""
    return _between(Conflict, (Conflict.base, Conflict.local, Conflict.remote), cohort_id, audiences)


def refusals(cohort_id: int | None = None, audiences: Iterable[str] = ("staff", "jury")) -> list[tuple]:
    """List refused values as (id, cohort code, book id, sheetId, tab, kind, row, field, address, label,
    typed, reason, since)."""
    return _between(Refusal, (Refusal.typed, Refusal.reason), cohort_id, audiences)


def _between(table: type, values: tuple, cohort_id: int | None, audiences: Iterable[str]) -> list[tuple]:
    query = (
        table.select(
            table.id, Cohort.code, Book.id, Tab.sheet_id, Tab.title, Tab.kind, table.row, table.field,
            table.address, table.label, *values, table.since,
        )
        .join(Tab).join(Book).join(Cohort)
        .where(Book.audience.in_(list(audiences)))
        .order_by(table.since.desc(), table.id.desc())
    )  # fmt: skip
    return rows(query if cohort_id is None else query.where(Book.cohort == cohort_id))


def settle(conflict_id: int, side: str) -> None:
    """Choose a side of a conflict: the base becomes the other side's value, so that this one travels.

    `side` is "intranet" or "sheet". The next cycle carries the value; if that side has moved again
    meanwhile, what travels is its newest value.
    """
    with database.atomic():
        conflict = Conflict.get_or_none(Conflict.id == conflict_id)
        if conflict is None:
            return
        superseded = conflict.remote if side == "intranet" else conflict.local
        parent = Tab.select(Book.id, Book.cohort).join(Book).where(Tab.id == conflict.tab_id).tuples().get()
        # The book first, as a cycle does: two transactions that lock in the same order never block each other.
        Book.update(asked_at=now()).where(Book.id == parent[0]).execute()
        agree(conflict.tab_id, {conflict.row: {conflict.field: superseded}})
        Conflict.delete().where(Conflict.id == conflict_id).execute()
        touch(parent[1])
