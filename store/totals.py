"""What cohorts add up to: people, half-days, hours, and the marks recorded on each half-day."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from peewee import JOIN, fn

from rules.calendar import Slot, Totals, control_totals, counts
from store.by_version import ByVersion
from store.db import rows
from store.journal import COVERED, SETTLED
from store.models import HalfDay, Module


def people_by_cohort() -> dict[int, int]:
    """Return {cohort id: participants enrolled}; a cohort without anybody is left out."""
    return dict(
        rows(
            "SELECT e.cohort_id, COUNT(*) FROM enrolment e WHERE e.deleted_at IS NULL AND NOT e.waiting "
            "GROUP BY e.cohort_id"
        )
    )


def enrolled(cohort_id: int) -> int:
    """Return how many participants are enrolled in a cohort."""
    query = "SELECT COUNT(*) FROM enrolment e WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting"
    return rows(query, cohort_id)[0][0]


def calendar_by_cohort() -> dict[int, tuple[int, int]]:
    """Return {cohort id: (half-days, minutes)} of what counts in the hours of each calendar."""
    query = (
        HalfDay.select(
            HalfDay.cohort, HalfDay.kind, Module.optional, fn.COUNT(HalfDay.id), fn.SUM(HalfDay.minutes)
        )
        .join(Module, JOIN.LEFT_OUTER)
        .where(HalfDay.deleted_at.is_null())
        .group_by(HalfDay.cohort, HalfDay.kind, Module.optional)
    )
    found: dict[int, tuple[int, int]] = {}
    for cohort_id, kind, optional, number, minutes in rows(query):
        if counts(kind, bool(optional)):
            known = found.get(cohort_id, (0, 0))
            found[cohort_id] = (known[0] + number, known[1] + int(minutes))
    return found


def _by_cohort(cohorts: Collection[int], today: date) -> dict[int, tuple[int, int, int]]:
    sizes, hours = people_by_cohort(), calendar_by_cohort()
    return {cohort: (sizes.get(cohort, 0), *hours.get(cohort, (0, 0))) for cohort in cohorts}


_COUNTED = ByVersion(_by_cohort)


def by_cohort(cohorts: Mapping[int, int], today: date) -> dict[int, tuple[int, int, int]]:
    """Return {cohort: (people, half-days, minutes)} of these cohorts, given as {cohort: version}."""
    return _COUNTED.of(cohorts, today)


def recorded(cohort_id: int) -> dict[str, int]:
    """Return {half-day: marks recorded for people enrolled}; a half-day without any is left out."""
    query = """
        SELECT m.half_day_id, COUNT(*) FROM mark m JOIN enrolment e ON e.id = m.enrolment_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting GROUP BY m.half_day_id
    """
    return dict(rows(query, cohort_id))


def former_days(cohort_id: int) -> dict[str, str]:
    """Return {half-day: ISO date it was moved from}, the last one where it moved several times."""
    # A choice between both sides names the value of the sheet, which the calendar never had; so does a value that
    # was covered.
    query = """
        SELECT object_id, "before" FROM journal_entry
        WHERE cohort_id = ? AND kind = 'half_day' AND field = 'day' AND "before" <> '' AND door NOT IN (?, ?)
        ORDER BY id
    """
    return dict(rows(query, cohort_id, SETTLED, COVERED))


def of_calendar(half_days: Iterable[tuple]) -> Totals:
    """Add up the half-days of a calendar, given as `store.calendar.half_days` lists them."""
    return control_totals(
        Slot(row[9], row[10], row[3] or "", row[6].isoformat() if row[6] else "", row[5], bool(row[4]))
        for row in half_days
    )
