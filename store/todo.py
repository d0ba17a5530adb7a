"""What waits for somebody in every cohort at once: kept by cohort, so that a page costs no more than what changed."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from store.awaited import AWAITED
from store.by_version import ByVersion
from store.db import as_date, rows

#: How far back a roll that nobody took is still asked for.
ASKED_FOR = timedelta(days=60)

_NOT_TAKEN = """
    SELECT h.cohort_id, c.code, h.id, h.day, h.start, m.title,
           (SELECT COUNT(*) FROM mark k JOIN enrolment e ON e.id = k.enrolment_id
            WHERE k.half_day_id = h.id AND e.deleted_at IS NULL AND NOT e.waiting) AS recorded,
           (SELECT COUNT(*) FROM enrolment e
            WHERE e.cohort_id = h.cohort_id AND e.deleted_at IS NULL AND NOT e.waiting AND {awaited}) AS awaited
    FROM half_day h JOIN cohort c ON c.id = h.cohort_id
    LEFT JOIN module m ON m.id = h.module_id
    LEFT JOIN roll r ON r.half_day_id = h.id
    WHERE h.cohort_id IN ({cohorts}) AND h.deleted_at IS NULL AND h.day <= ? AND h.day >= ? AND r.closed_at IS NULL
"""


def rolls_not_taken(cohorts: Mapping[int, int], today: date, hour: str) -> list[tuple]:
    """List the half-days of the last sixty days whose roll is neither complete nor closed, the newest first.

    Of these cohorts, given as {cohort: version}. `hour` is that of Paris, as 14:00: one of today is told once it has
    begun. Each is (cohort code, half-day, day, start, module title, marks recorded, people awaited).
    """
    known = (line for lines in _ROLLS.of(cohorts, today).values() for line in lines)
    # One without an hour may have begun at any.
    found = [line for line in known if line[2] < today or (line[3] or "") <= hour]
    found.sort(key=lambda line: (line[3], line[0], line[1]))
    return sorted(found, key=lambda line: line[2], reverse=True)


def _rolls(cohorts: Collection[int], today: date) -> dict[int, list[tuple]]:
    marks = ", ".join("?" * len(cohorts))
    found: dict[int, list[tuple]] = {}
    for cohort_id, code, half_day, day, start, title, recorded, enrolled in rows(
        _NOT_TAKEN.format(cohorts=marks, awaited=AWAITED), *cohorts, today, today - ASKED_FOR
    ):
        if recorded < enrolled:
            found.setdefault(cohort_id, []).append((code, half_day, as_date(day), start, title, recorded, enrolled))
    return found


_ROLLS = ByVersion(_rolls)


def papers_without_tutor(cohorts: Mapping[int, int], today: date) -> list[tuple[str, int]]:
    """List those of these cohorts, {cohort: version}, with papers that nobody follows, as (cohort code, how many)."""
    return list(_WITHOUT_TUTOR.of(cohorts, today).values())


def _without_tutor(cohorts: Collection[int], _today: date) -> dict[int, tuple[str, int]]:
    marks = ", ".join("?" * len(cohorts))
    found = rows(
        f"""
        SELECT c.id, c.code, COUNT(*)
        FROM paper n JOIN enrolment e ON e.id = n.enrolment_id JOIN cohort c ON c.id = e.cohort_id
        WHERE c.id IN ({marks}) AND n.tutor_id IS NULL AND e.deleted_at IS NULL AND NOT e.waiting
        GROUP BY c.id, c.code
        """,  # noqa: S608 - question marks alone are put in
        *cohorts,
    )
    return {cohort_id: (code, count) for cohort_id, code, count in found}


_WITHOUT_TUTOR = ByVersion(_without_tutor)
