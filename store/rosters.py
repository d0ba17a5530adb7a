"""Attendance: one mark per participant and half-day."""

from collections.abc import Mapping
from datetime import date, timedelta

from peewee import JOIN, fn

from rules.attendance import cell_of, check_mark, mark_of
from rules.message import Message
from rules.values import TYPES, Type
from store.changes import Values, journal, locked, moved, parse, refused
from store.db import database, is_postgresql, rows
from store.errors import Refused, Unknown
from store.journal import Author
from store.models import Cohort, Enrolment, HalfDay, Mark, Module, Participant
from store.models.base import now


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each half-day's column."""
    query = HalfDay.select(HalfDay.id).where((HalfDay.cohort == cohort_id) & HalfDay.deleted_at.is_null())
    return {row[0]: TYPES["attendance"] for row in rows(query)}


def marks(cohort_id: int) -> list[tuple]:
    """List the marks recorded in a cohort as (enrolment, half-day, status, minutes)."""
    return rows(
        Mark.select(Mark.enrolment, Mark.half_day, Mark.status, Mark.minutes)
        .join(Enrolment)
        .where((Enrolment.cohort == cohort_id) & Enrolment.deleted_at.is_null())
    )


def snapshot(cohort_id: int) -> dict[str, dict[str, str]]:
    """Return {enrolment: {half-day: cell}} for everyone enrolled; a cell not recorded is ''."""
    blank = dict.fromkeys(types(cohort_id), "")
    enrolled = Enrolment.select(Enrolment.id).where(
        (Enrolment.cohort == cohort_id) & Enrolment.deleted_at.is_null()
    )
    found = {row[0]: dict(blank) for row in rows(enrolled.order_by(Enrolment.position, Enrolment.id))}
    for enrolment, half_day, status, minutes in marks(cohort_id):
        if half_day in blank:
            found[enrolment][half_day] = cell_of(status, minutes)
    return found


def roster(half_day_id: str, cohort_id: int) -> list[tuple]:
    """List a half-day's lines as (enrolment, last name, first name, status or None, minutes, by, at)."""
    on = (Mark.enrolment == Enrolment.id) & (Mark.half_day == half_day_id)
    return rows(
        Enrolment.select(
            Enrolment.id, Participant.last_name, Participant.first_name, Mark.status, Mark.minutes, Mark.by, Mark.at
        )
        .join(Participant)
        .switch(Enrolment)
        .join(Mark, JOIN.LEFT_OUTER, on=on)
        .where((Enrolment.cohort == cohort_id) & Enrolment.deleted_at.is_null())
        .order_by(Participant.last_name, Participant.first_name, Enrolment.id)
    )


def sheet(cohort_id: int) -> list[tuple]:
    """List everyone as (enrolment, last name, first name, marks), for the attendance of a whole cohort.

    `marks` is one text, "half-day=status=minutes" separated by "|", sorted: one aggregate query
    instead of hundreds of rows, and a value that tells at once whether a line has changed.
    """
    glue = "string_agg" if is_postgresql() else "group_concat"
    return rows(
        f"""
        SELECT e.id, p.last_name, p.first_name,
               (SELECT {glue}(t.cell, '|') FROM (
                    SELECT m.half_day_id || '=' || m.status || '=' || COALESCE(m.minutes, 0) AS cell
                    FROM mark m WHERE m.enrolment_id = e.id ORDER BY m.half_day_id) t)
        FROM enrolment e JOIN participant p ON p.id = e.participant_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL
        ORDER BY p.last_name, p.first_name, e.id
        """,  # noqa: S608 - only the name of the engine's aggregate is put in
        cohort_id,
    )


def mark(
    author: Author, enrolment_id: str, half_day_id: str, status: str, minutes: str | None, expected: str | None = None
) -> dict[str, str]:
    """Record one mark; `expected` is the cell its author had read. Return what changed."""
    length = HalfDay.select(HalfDay.minutes).where(HalfDay.id == half_day_id).scalar()
    if length is None:
        raise Unknown(half_day_id)
    cell = cell_of(*check_mark(status, minutes, length))
    return change(author, enrolment_id, {half_day_id: cell}, None if expected is None else {half_day_id: expected})


def change(
    author: Author, enrolment_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Record marks of one participant, {half-day: cell}; return what changed."""
    with database.atomic():
        enrolment = locked(Enrolment.select().where(Enrolment.id == enrolment_id)).first()
        if enrolment is None:
            raise Unknown(enrolment_id)
        lengths = _lengths(enrolment.cohort_id, raw)
        values = parse(dict.fromkeys(lengths, TYPES["attendance"]), raw, lambda name: False)
        current = dict.fromkeys(values, "")
        query = Mark.select(Mark.half_day, Mark.status, Mark.minutes).where(
            (Mark.enrolment == enrolment_id) & Mark.half_day.in_(list(values))
        )
        current |= {half_day: cell_of(status, minutes) for half_day, status, minutes in rows(query)}
        changes = moved(current, values, expected)
        for half_day, cell in changes.items():
            _write(author, enrolment_id, half_day, cell, lengths[half_day])
        journal(author, enrolment.cohort_id, "mark", enrolment_id, current, changes)
    return changes


def _lengths(cohort_id: int, wanted: Mapping[str, object]) -> dict[str, int]:
    """Return the minutes of the half-days named, all of this cohort; raise Unknown for any other."""
    query = HalfDay.select(HalfDay.id, HalfDay.minutes).where(
        (HalfDay.cohort == cohort_id) & HalfDay.id.in_(list(wanted))
    )
    found = dict(rows(query))
    for half_day in wanted:
        if half_day not in found:
            raise Unknown(half_day)
    return found


def _write(author: Author, enrolment_id: str, half_day_id: str, cell: str, length: int) -> None:
    key = (Mark.enrolment == enrolment_id) & (Mark.half_day == half_day_id)
    if not cell:
        Mark.delete().where(key).execute()
        return
    try:
        status, minutes = check_mark(*mark_of(cell), length)
    except Refused as error:
        raise refused(half_day_id, Message(error.message.text, error.message.values)) from error
    values = {"status": status, "minutes": minutes, "by": author.name, "at": now()}
    if not Mark.update(values).where(key).execute():
        Mark.insert(enrolment=enrolment_id, half_day=half_day_id, **values).execute()


def unfinished(today: date, days: int = 60) -> list[tuple]:
    """List the half-days of the last `days` days whose roster is not complete.

    Each is (cohort code, half-day, day, start, module title, marks recorded, people enrolled).
    """
    enrolled = (
        Enrolment.select(Enrolment.cohort, fn.COUNT(Enrolment.id).alias("n"))
        .where(Enrolment.deleted_at.is_null())
        .group_by(Enrolment.cohort)
        .alias("enrolled")
    )
    recorded = (
        Mark.select(Mark.half_day, fn.COUNT(Mark.enrolment).alias("n"))
        .join(Enrolment)
        .where(Enrolment.deleted_at.is_null())
        .group_by(Mark.half_day)
        .alias("recorded")
    )
    marked = fn.COALESCE(recorded.c.n, 0)
    return rows(
        HalfDay.select(Cohort.code, HalfDay.id, HalfDay.day, HalfDay.start, Module.title, marked, enrolled.c.n)
        .join(Cohort)
        .switch(HalfDay)
        .join(Module, JOIN.LEFT_OUTER)
        .switch(HalfDay)
        .join(enrolled, on=(enrolled.c.cohort_id == HalfDay.cohort))
        .join(recorded, JOIN.LEFT_OUTER, on=(recorded.c.half_day_id == HalfDay.id))
        .where(
            HalfDay.deleted_at.is_null()
            & (HalfDay.day <= today)
            & (HalfDay.day >= today - timedelta(days=days))
            & (marked < enrolled.c.n)
        )
        .order_by(HalfDay.day.desc(), HalfDay.start)
    )
