"""Exchanges between a participant and a tutor: noted, changed, withdrawn and brought back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from peewee import fn

from rules.exchanges import LENGTH, LINKS, SUMMARY
from rules.values import TYPES, Type
from store.changes import Values, canonical, journal, locked, moved, parse, stored
from store.db import as_date, joined, rows
from store.errors import Unknown
from store.following import keep, refuse_future
from store.journal import Author, record
from store.models import Enrolment, Exchange, Paper
from store.models.base import mint, now

#: What the journal calls one.
KIND = "exchange"
FIELDS = ("day", "minutes", "summary", "links")
REQUIRED = frozenset({"day"})
TYPES_OF = {"day": TYPES["date"], "minutes": LENGTH, "summary": SUMMARY, "links": LINKS}


class Noted(NamedTuple):
    """One exchange as it is noted; withdrawn: since when, or None."""

    id: str
    day: date
    minutes: int | None
    summary: str
    links: str
    by: str
    at: datetime
    withdrawn: datetime | None


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field of an exchange."""
    return TYPES_OF


def exchanges(paper_id: str) -> list[Noted]:
    """List the exchanges about one paper, the newest first, those withdrawn included."""
    columns = (Exchange.id, Exchange.day, Exchange.minutes, Exchange.summary, Exchange.links, Exchange.by, Exchange.at,
               Exchange.deleted_at)  # fmt: skip
    query = Exchange.select(*columns).where(Exchange.paper == paper_id)
    return [Noted(*row) for row in rows(query.order_by(Exchange.day.desc(), Exchange.at.desc(), Exchange.id))]


def last_days(cohort_id: int) -> dict[str, date]:
    """Return {paper: day of its newest exchange} of a cohort."""
    query = (
        Exchange.select(Exchange.paper, fn.MAX(Exchange.day)).join(Paper).join(Enrolment)
        .where((Enrolment.cohort == cohort_id) & Exchange.deleted_at.is_null()).group_by(Exchange.paper)
    )  # fmt: skip
    return {paper: day for paper, found in rows(query) if (day := as_date(found))}


def of_paper(exchange_id: str) -> str | None:
    """Return the paper that an exchange is about, None when there is no such exchange."""
    found = rows(Exchange.select(Exchange.paper).where(Exchange.id == exchange_id))
    return found[0][0] if found else None


def held(exchanges: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what these exchanges hold, those withdrawn included, as {id: {field: canonical text}}."""
    columns = [getattr(Exchange, name) for name in FIELDS]
    query = Exchange.select(Exchange.id, *columns).where(Exchange.id.in_(list(exchanges)))
    return {row[0]: dict(zip(FIELDS, map(canonical, row[1:]), strict=True)) for row in rows(query)}


def add(author: Author, paper_id: str, raw: Mapping[str, object]) -> str:
    """Note an exchange about a paper; return its id.

    Raises Refused, naming the field: no day, a day yet to come, a length or a link that is none.
    """
    values = parse(TYPES_OF, {"day": ""} | dict(raw), REQUIRED.__contains__)
    refuse_future("day", values["day"])
    with joined():
        cohort_id, key = keep(paper_id), mint("X")
        Exchange.insert(id=key, paper=paper_id, by=author.name, at=now(), **_columns(values)).execute()
        journal(author, cohort_id, KIND, key, {}, {name: value for name, value in values.items() if value})
    return key


def change(
    author: Author, exchange_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Change values of an exchange; return what changed. One that was withdrawn is brought back first."""
    values = parse(TYPES_OF, raw, REQUIRED.__contains__)
    with joined():
        cohort_id = _keep(exchange_id)[0]
        current = held([exchange_id])[exchange_id]
        changes = moved(current, values, expected)
        refuse_future("day", changes.get("day", ""))
        if changes:
            Exchange.update(_columns(changes)).where(Exchange.id == exchange_id).execute()
            journal(author, cohort_id, KIND, exchange_id, current, changes)
    return changes


def remove(author: Author, exchange_id: str) -> None:
    """Withdraw an exchange noted by mistake; it can be brought back."""
    _set_gone(author, exchange_id, gone=True)


def restore(author: Author, exchange_id: str) -> None:
    """Bring an exchange back."""
    _set_gone(author, exchange_id, gone=False)


def _set_gone(author: Author, exchange_id: str, gone: bool) -> None:
    with joined():
        cohort_id, withdrawn = _keep(exchange_id)
        if (withdrawn is not None) == gone:
            return
        Exchange.update(deleted_at=now() if gone else None).where(Exchange.id == exchange_id).execute()
        was, will = ("noted", "taken_back") if gone else ("taken_back", "noted")
        record(author, cohort_id, KIND, exchange_id, "state", was, will)


def _keep(exchange_id: str) -> tuple[int, datetime | None]:
    found = locked(Exchange.select().where(Exchange.id == exchange_id)).first()
    if found is None:
        raise Unknown(exchange_id)
    query = Paper.select(Enrolment.cohort).join(Enrolment).where(Paper.id == found.paper_id)
    return rows(query)[0][0], found.deleted_at


def _columns(values: Values) -> dict[str, object]:
    return {name: stored(Exchange, name, value) for name, value in values.items()}
