"""What waits after the juries of several cohorts: holders to transmit by a day, transmissions to rectify."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from rules import after_jury
from store import rectifications, release
from store.by_version import ByVersion
from store.db import rows


@dataclass(frozen=True)
class Waiting:
    """Holders of one promotion to transmit by a day: how many, and how that stands."""

    cohort: str
    due: date
    people: int
    standing: str


def to_transmit(cohorts: Mapping[int, int], today: date) -> list[Waiting]:
    """List what is late or nearly due in these cohorts, given as {cohort: version}, the first due first."""
    found = [one for waiting, _left in _WAITING.of(cohorts, today).values() for one in waiting]
    return sorted(found, key=lambda one: (one.due, one.cohort))


def awaiting_rectification(cohorts: Mapping[int, int], today: date) -> list[tuple[str, int]]:
    """List the cohorts, of these {cohort: version}, where people are to be rectified, as (code, how many)."""
    return [left for _waiting, left in _WAITING.of(cohorts, today).values() if left[1]]


def _waiting(cohorts: Collection[int], today: date) -> dict[int, tuple[list[Waiting], tuple[str, int]]]:
    """Return what is to be transmitted and how many are to be rectified, of the cohorts that published something."""
    marks = ", ".join("?" * len(cohorts))
    query = f"""
        SELECT DISTINCT c.id, c.code FROM deliberation d JOIN cohort c ON c.id = d.cohort_id
        WHERE d.published_at IS NOT NULL AND c.id IN ({marks})
    """  # noqa: S608 - only as many marks as there are cohorts
    return {
        cohort_id: (_waiting_in(cohort_id, code, today),
                    (code, sum(one.rectified_on is None for one in rectifications.to_rectify(cohort_id))))
        for cohort_id, code in rows(query, *cohorts)
    }  # fmt: skip


def _waiting_in(cohort_id: int, code: str, today: date) -> list[Waiting]:
    by_day: dict[date, int] = {}
    for one in release.holders(cohort_id, today):
        if one.due and one.standing(today) in ("late", "soon"):
            by_day[one.due] = by_day.get(one.due, 0) + 1
    return [Waiting(code, due, number, after_jury.standing(due, None, today)) for due, number in by_day.items()]


_WAITING = ByVersion(_waiting)
