"""What waits for the juries of every cohort at once: sessions left open, decisions that their proposal left."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from store import jury, signed
from store.by_version import ByVersion
from store.db import rows


class Waiting(NamedTuple):
    """What waits for the jury of one cohort; deliberation: the one that is open, 0 for none."""

    code: str
    deliberation: int
    candidates: int
    decided: int
    drifted: int


_OPEN = """
    SELECT d.cohort_id, d.id,
           (SELECT COUNT(*) FROM candidacy k JOIN enrolment e ON e.id = k.enrolment_id
            WHERE k.deliberation_id = d.id AND e.deleted_at IS NULL AND NOT e.waiting),
           (SELECT COUNT(*) FROM candidacy k JOIN enrolment e ON e.id = k.enrolment_id
            JOIN decision x ON x.enrolment_id = k.enrolment_id
            WHERE k.deliberation_id = d.id AND e.deleted_at IS NULL AND NOT e.waiting)
    FROM deliberation d WHERE d.state = 'open' AND d.cohort_id IN ({cohorts})
"""
_RECORDED = """
    SELECT DISTINCT e.cohort_id FROM decision d JOIN enrolment e ON e.id = d.enrolment_id
    WHERE d.signed_at IS NULL AND e.cohort_id IN ({cohorts})
"""


def waiting(cohorts: Mapping[int, int], today: date) -> list[Waiting]:
    """List what waits for the juries of these cohorts, {cohort: version}, by code.

    Only a decision that no minutes hold may still follow its proposal: one that was sealed is told on its dossier.
    """
    return sorted(_WAITING.of(cohorts, today).values())


def _waiting(cohorts: Collection[int], today: date) -> dict[int, Waiting]:
    marks = ", ".join("?" * len(cohorts))
    sessions = {row[0]: row[1:] for row in rows(_OPEN.format(cohorts=marks), *cohorts)}
    drifted = {row[0]: _drifted(row[0], today) for row in rows(_RECORDED.format(cohorts=marks), *cohorts)}
    codes = dict(rows(f"SELECT id, code FROM cohort WHERE id IN ({marks})", *cohorts))  # noqa: S608 - question marks
    return {
        key: Waiting(codes[key], *sessions.get(key, (0, 0, 0)), drifted.get(key, 0))
        for key in cohorts if key in sessions or drifted.get(key)
    }  # fmt: skip


def _drifted(cohort_id: int, today: date) -> int:
    sealed = signed.dossiers(cohort_id)
    return sum(line.drifted for line in jury.lines(cohort_id, today) if line.id not in sealed)


_WAITING = ByVersion(_waiting)
