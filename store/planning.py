"""A calendar as a whole: its days, its faults, its publication, and many half-days added at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from rules.calendar import Expected, Totals, differences
from rules.calendar_checks import Announced, Fault, Limits, Planned, check
from rules.message import Message
from rules.values import TYPES, Type
from store import calendar, modules, people, public_holidays, totals
from store.changes import Values, canonical, journal, locked, moved, parse, refused, stored
from store.db import as_date, as_datetime, database, rows
from store.errors import Refused
from store.journal import Author, record
from store.models import Cohort
from store.models.base import now

#: The first and the last day of a promotion.
DAYS = ("first_day", "last_day")
_TYPES = {"first_day": TYPES["date"], "last_day": TYPES["date"]}


class State(NamedTuple):
    """The days of a promotion, when its calendar was published and by whom, and what changed since."""

    first_day: date | None
    last_day: date | None
    published_at: datetime | None
    published_by: str
    changes: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""


def types() -> dict[str, Type]:
    """Return the type of each field of the days of a promotion."""
    return _TYPES


def state(cohort_id: int) -> State:
    """Return how the calendar of a cohort stands."""
    found = rows("SELECT first_day, last_day, published_at, published_by FROM cohort WHERE id = ?", cohort_id)[0]
    known = State(as_date(found[0]), as_date(found[1]), as_datetime(found[2]), found[3])
    if known.published_at is None:
        return known
    changes = rows(
        """
        SELECT COUNT(*), MAX(id) FROM journal_entry
        WHERE cohort_id = ? AND kind IN ('half_day', 'module') AND at > ?
        """,
        cohort_id, known.published_at,
    )[0]  # fmt: skip
    if not changes[0]:
        return known
    last = rows("SELECT at, author FROM journal_entry WHERE id = ?", changes[1])[0]
    return known._replace(changes=changes[0], changed_at=as_datetime(last[0]), changed_by=last[1])


def days(cohort_id: int) -> dict[str, str]:
    """Return the first and the last day of a promotion as {field: canonical text}."""
    found = state(cohort_id)
    return {"first_day": canonical(found.first_day), "last_day": canonical(found.last_day)}


def set_days(author: Author, cohort_id: int, raw: Mapping[str, object], expected: Values | None = None) -> Values:
    """Set the first and the last day of a promotion; return what changed."""
    given = parse(_TYPES, raw, lambda _name: False)
    with database.atomic():
        row = locked(Cohort.select().where(Cohort.id == cohort_id)).get()
        current = {name: canonical(getattr(row, name)) for name in DAYS}
        changes = moved(current, given, expected)
        first, last = ({**current, **changes}[name] for name in DAYS)
        if first and last and first > last:
            raise refused("last_day", Message("Le dernier jour doit venir après le premier."))
        if changes:
            columns = {name: stored(Cohort, name, text) for name, text in changes.items()}
            Cohort.update(columns).where(Cohort.id == cohort_id).execute()
            journal(author, cohort_id, "cohort", row.code, current, changes)
    return changes


# -- Faults ----------------------------------------------------------------------------------------------


def planned(half_days: Iterable[tuple], cohort: str = "") -> list[Planned]:
    """Return half-days, as `calendar.half_days` lists them, as the checks see them."""
    return [
        Planned(
            row[0], cohort, row[6], row[7], row[8], row[9], row[1] or "", row[2] or "", row[12], row[13],
            row[11] == "remote", row[5], row[10] == "jury",
        )
        for row in half_days
    ]  # fmt: skip


def elsewhere(cohort_id: int, on: Iterable[date]) -> list[Planned]:
    """List the half-days of every other cohort on these days, in one query."""
    wanted = sorted(set(on))
    if not wanted:
        return []
    found = rows(
        f"""
        SELECT h.id, c.code, h.day, h.start, h."end", h.minutes, m.number, m.title, h.place, h.teachers, h.modality
        FROM half_day h JOIN cohort c ON c.id = h.cohort_id LEFT JOIN module m ON m.id = h.module_id
        WHERE h.cohort_id <> ? AND h.deleted_at IS NULL AND h.day IN ({", ".join("?" for _ in wanted)})
        ORDER BY h.day, h.start, c.code
        """,  # noqa: S608
        cohort_id, *wanted,
    )  # fmt: skip
    return [
        Planned(*row[:2], as_date(row[2]), *row[3:6], row[6] or "", row[7] or "", *row[8:10], row[10] == "remote")
        for row in found
    ]


def faults(cohort_id: int, half_days: Sequence[tuple] | None = None) -> list[Fault]:
    """List what does not hold together in the calendar of a cohort."""
    lines = calendar.half_days(cohort_id) if half_days is None else half_days
    announced = [Announced(row[1], row[2], row[5]) for row in modules.listed(cohort_id)]
    return _checked(cohort_id, planned(lines), announced)


def faults_of(cohort_id: int | None, half_days: Sequence[Planned], among: Iterable[tuple] = ()) -> list[Fault]:
    """List the faults that half-days would have in a cohort, beside those of `among` that are there already.

    Without a cohort, those of one to be opened.
    """
    keys = {one.id for one in half_days}
    found = _checked(cohort_id, [*half_days, *planned(among)])
    return [fault for fault in found if fault.half_day in keys or fault.other in keys]


def _checked(cohort_id: int | None, half_days: list[Planned], announced: Iterable[Announced] = ()) -> list[Fault]:
    on = {one.day for one in half_days if one.day}
    known = rows("SELECT first_day, last_day FROM cohort WHERE id = ?", cohort_id) if cohort_id else []
    first, last = map(as_date, known[0]) if known else (None, None)
    limits = Limits(public_holidays.among(on), first, last)
    return check(half_days, announced, limits, elsewhere(cohort_id or 0, on))


# -- Publication -------------------------------------------------------------------------------------------


def control(cohort_id: int) -> tuple[Totals, Expected, list[Message]]:
    """Return what a calendar adds up to, what it must add up to, and each difference in French."""
    found, expected = totals.of_calendar(calendar.half_days(cohort_id)), people.expected_totals(cohort_id)
    return found, expected, differences(found, expected)


def publish(author: Author, cohort_id: int) -> None:
    """Publish a calendar as it stands; raise Refused with the first difference when a control total is wrong."""
    with database.atomic():
        row = locked(Cohort.select().where(Cohort.id == cohort_id)).get()
        found, _expected, gaps = control(cohort_id)
        if gaps:
            raise Refused(gaps[0])
        if not found.half_days:
            raise Refused(Message("Ce calendrier est vide."))
        at = now()
        Cohort.update(published_at=at, published_by=author.name).where(Cohort.id == cohort_id).execute()
        before = canonical(row.published_at.date() if row.published_at else None)
        record(author, cohort_id, "cohort", row.code, "published", before, canonical(at.date()))


# -- Many at once --------------------------------------------------------------------------------------------


class Slot(NamedTuple):
    """When one of many half-days is: canonical texts; the length counts where there are no hours."""

    day: str = ""
    start: str = ""
    end: str = ""
    period: str = ""
    minutes: int | None = None


def create_many(author: Author, cohort_id: int, common: Mapping[str, object], slots: Iterable[Slot]) -> list[str]:
    """Add a half-day for each slot, all or none; return their ids."""
    with database.atomic():
        return [
            calendar.create(
                author, cohort_id,
                {**common, "day": slot.day, "start": slot.start, "end": slot.end, "period": slot.period}, slot.minutes,
            )
            for slot in slots
        ]  # fmt: skip


def common(cohort_id: int, raw: Mapping[str, object]) -> dict[str, str]:
    """Return the canonical values that half-days to come have in common; raise Refused as `calendar.create` would."""
    return parse(calendar.types(cohort_id), raw, calendar.REQUIRED.__contains__)
