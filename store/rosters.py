"""Attendance: one mark per participant and half-day."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from rules.attendance import cell_of, check_mark, mark_of
from rules.values import TYPES, Type
from store import rolls
from store.alphabet import name_key
from store.awaited import AWAITED
from store.changes import Values, journal, moved, parse, refused
from store.db import as_datetime, execute, is_postgresql, joined, rows
from store.errors import Refused, Unknown
from store.journal import Author
from store.models import Mark
from store.models.base import now


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each half-day's column."""
    query = "SELECT id FROM half_day WHERE cohort_id = ? AND deleted_at IS NULL"
    return {row[0]: TYPES["attendance"] for row in rows(query, cohort_id)}


def marks(cohort_id: int) -> list[tuple]:
    """List the marks recorded in a cohort as (enrolment, half-day, status, minutes)."""
    return rows(
        """
        SELECT m.enrolment_id, m.half_day_id, m.status, m.minutes FROM mark m JOIN enrolment e ON e.id = m.enrolment_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting
        """,
        cohort_id,
    )


def snapshot(cohort_id: int) -> dict[str, dict[str, str]]:
    """Return {enrolment: {half-day: cell}} for everyone enrolled; a cell not recorded is ''."""
    blank = dict.fromkeys(types(cohort_id), "")
    query = "SELECT id FROM enrolment WHERE cohort_id = ? AND deleted_at IS NULL AND NOT waiting ORDER BY position, id"
    found = {row[0]: dict(blank) for row in rows(query, cohort_id)}
    for enrolment, half_day, status, minutes in marks(cohort_id):
        if half_day in blank:
            found[enrolment][half_day] = cell_of(status, minutes)
    return found


def held(enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the marks recorded of these participants as {enrolment: {half-day: cell}}."""
    query = Mark.select(Mark.enrolment, Mark.half_day, Mark.status, Mark.minutes)
    found: dict[str, dict[str, str]] = {}
    for enrolment, half_day, status, minutes in rows(query.where(Mark.enrolment.in_(list(enrolments)))):
        found.setdefault(enrolment, {})[half_day] = cell_of(status, minutes)
    return found


_ROSTER = """
    SELECT e.id, p.last_name, p.first_name, m.status, m.minutes, m.by, m.at, e.deleted_at
    FROM enrolment e JOIN participant p ON p.id = e.participant_id
    LEFT JOIN mark m ON m.enrolment_id = e.id AND m.half_day_id = ?
    WHERE {which} AND NOT e.waiting
"""


def roster(half_day_id: str, cohort_id: int) -> list[tuple]:
    """List the lines of a half-day as (enrolment, last name, first name, status or None, minutes, by, at).

    Of whoever is awaited there: somebody who comes later has none before that day.
    """
    return roster_and_left(half_day_id, cohort_id)[0]


def roster_and_left(half_day_id: str, cohort_id: int) -> tuple[list[tuple], list[tuple]]:
    """Return the lines of a half-day, and those of whoever was recorded there and was withdrawn since."""
    query = _ROSTER.format(which=f"e.cohort_id = ? AND {_AWAITED_THERE}")
    found = sorted(rows(query, half_day_id, cohort_id, half_day_id), key=_by_name)
    return (
        [_line(row) for row in found if row[7] is None],
        [_line(row) for row in found if row[7] is not None and row[3]],
    )


_AWAITED_THERE = f"EXISTS (SELECT 1 FROM half_day h WHERE h.id = ? AND {AWAITED})"  # noqa: S608 - words of ours


def _by_name(row: tuple) -> tuple:
    return (name_key(row[1], row[2]), row[0])


def line(half_day_id: str, enrolment_id: str, cohort_id: int | None = None) -> tuple:
    """Return one line of a roster; raise Unknown when nobody of that id is enrolled, or not in this very cohort."""
    where = "e.id = ?" if cohort_id is None else "e.id = ? AND e.cohort_id = ?"
    found = rows(_ROSTER.format(which=where), half_day_id, enrolment_id, *([] if cohort_id is None else [cohort_id]))
    if not found or found[0][7] is not None:
        raise Unknown(enrolment_id)
    return _line(found[0])


def _line(row: tuple) -> tuple:
    return (*row[:6], as_datetime(row[6]))


def of_participant(enrolment_id: str) -> dict[str, tuple]:
    """Return the marks of one participant as {half-day: (status, minutes, by, at)}."""
    found = rows('SELECT half_day_id, status, minutes, "by", at FROM mark WHERE enrolment_id = ?', enrolment_id)
    return {row[0]: (*row[1:4], as_datetime(row[4])) for row in found}


def place(code: str, half_day_id: str, enrolment_id: str) -> int | None:
    """Return the cohort of a line of a roster, or None when its parts are not all of that very cohort."""
    found = rows(
        """
        SELECT c.id FROM cohort c
        JOIN half_day h ON h.cohort_id = c.id AND h.deleted_at IS NULL
        JOIN enrolment e ON e.cohort_id = c.id AND e.deleted_at IS NULL AND NOT e.waiting
        WHERE c.code = ? AND h.id = ? AND e.id = ?
        """,
        code, half_day_id, enrolment_id,
    )  # fmt: skip
    return found[0][0] if found else None


def sheet(cohort_id: int, only: str = "") -> list[tuple]:
    """List everyone, or one enrolment only, as (enrolment, last name, first name, marks).

    `marks` is one text, "half-day=status=minutes" separated by "|", sorted: one aggregate query
    instead of hundreds of rows, and a value that tells at once whether a line has changed.
    """
    found = rows(
        f"""
        SELECT e.id, p.last_name, p.first_name, {marks_text()}
        FROM enrolment e JOIN participant p ON p.id = e.participant_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting{" AND e.id = ?" if only else ""}
        """,  # noqa: S608 - only the name of the engine's aggregate is put in, and a question mark
        cohort_id, *filter(None, [only]),
    )  # fmt: skip
    return sorted(found, key=_by_name)


def marks_text() -> str:
    """Return the SQL of the text of the marks of an enrolment that a query calls e."""
    glue = "string_agg" if is_postgresql() else "group_concat"
    return f"""
        (SELECT {glue}(t.cell, '|') FROM (
            SELECT m.half_day_id || '=' || m.status || '=' || COALESCE(m.minutes, 0) AS cell
            FROM mark m WHERE m.enrolment_id = e.id ORDER BY m.half_day_id) t)
    """  # noqa: S608 - only the name of the engine's aggregate is put in


def names(cohort_id: int) -> list[tuple[str, str, str]]:
    """List everyone who takes part as (enrolment, last name, first name), by name."""
    found = rows(
        """
        SELECT e.id, p.last_name, p.first_name FROM enrolment e JOIN participant p ON p.id = e.participant_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting
        """,
        cohort_id,
    )
    return sorted(found, key=_by_name)


def mark(
    author: Author, enrolment_id: str, half_day_id: str, status: str, minutes: str | None, expected: str | None = None
) -> dict[str, str]:
    """Record one mark; `expected` is the cell its author had read. Return what changed."""
    # The length of the half-day is checked with the others of its row, in `change`.
    cell = cell_of(*check_mark(status, minutes, None))
    return change(author, enrolment_id, {half_day_id: cell}, None if expected is None else {half_day_id: expected})


def change(
    author: Author, enrolment_id: str, raw: Mapping[str, object], expected: Values | None = None,
    at: datetime | None = None,
) -> dict[str, str]:  # fmt: skip
    """Record marks of one participant, {half-day: cell}, at this moment or another; return what changed."""
    with joined():
        cohort_id = _lock(enrolment_id)
        before = _before(cohort_id, enrolment_id, raw)
        values = parse(dict.fromkeys(before, TYPES["attendance"]), raw, lambda name: False)
        _check(values, {half_day: one.length for half_day, one in before.items()})
        current = {half_day: before[half_day].cell for half_day in values}
        changes = moved(current, values, expected)
        rolls.refuse_locked(cohort_id, [half_day for half_day in changes if before[half_day].closed])
        for half_day, cell in changes.items():
            _write(author, enrolment_id, half_day, cell, at or now())
        journal(author, cohort_id, "mark", enrolment_id, current, changes)
    return changes


def _check(cells: Values, lengths: Mapping[str, int]) -> None:
    """Refuse minutes as long as their half-day, before anything is written."""
    for half_day, cell in cells.items():
        try:
            check_mark(*mark_of(cell), lengths[half_day])
        except Refused as error:
            raise refused(half_day, error.message) from error


def _lock(enrolment_id: str) -> int:
    """Keep one participant's marks to this transaction; return their cohort."""
    query = "SELECT cohort_id FROM enrolment WHERE id = ?"
    found = rows(f"{query} FOR UPDATE" if is_postgresql() else query, enrolment_id)
    if not found:
        raise Unknown(enrolment_id)
    return found[0][0]


class _Before(NamedTuple):
    """What a mark is changed from: the minutes of its half-day, its cell, and whether the roll was closed."""

    length: int
    cell: str
    closed: bool


def _before(cohort_id: int, enrolment_id: str, wanted: Iterable[str]) -> dict[str, _Before]:
    """Return what there is at the half-days named, all of this cohort; raise Unknown for any other."""
    keys = list(wanted)
    found = {
        half_day: _Before(length, cell_of(status, minutes) if status else "", bool(closed))
        for half_day, length, status, minutes, closed in rows(
            _BEFORE % ", ".join("?" * len(keys)), enrolment_id, cohort_id, *keys
        )
    }
    for half_day in keys:
        if half_day not in found:
            raise Unknown(half_day)
    return found


_BEFORE = """
    SELECT h.id, h.minutes, m.status, m.minutes, r.closed_at IS NOT NULL
    FROM half_day h LEFT JOIN mark m ON m.half_day_id = h.id AND m.enrolment_id = ?
    LEFT JOIN roll r ON r.half_day_id = h.id
    WHERE h.cohort_id = ? AND h.id IN (%s)
"""


def _write(author: Author, enrolment_id: str, half_day_id: str, cell: str, at: datetime) -> None:
    key = (enrolment_id, half_day_id)
    if not cell:
        execute("DELETE FROM mark WHERE enrolment_id = ? AND half_day_id = ?", *key)
        return
    execute(_UPSERT, *key, *mark_of(cell), author.name, at)


_UPSERT = """
    INSERT INTO mark (enrolment_id, half_day_id, status, minutes, by, at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (half_day_id, enrolment_id) DO UPDATE
    SET status = excluded.status, minutes = excluded.minutes, by = excluded.by, at = excluded.at
"""
