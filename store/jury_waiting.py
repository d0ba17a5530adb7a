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


#: The session open in each of these cohorts, if any, and whether somebody has a decision that no minutes hold.
_OPEN = """
    SELECT c.id, c.code, d.id,
           (SELECT COUNT(*) FROM candidacy k JOIN enrolment e ON e.id = k.enrolment_id
            WHERE k.deliberation_id = d.id AND e.deleted_at IS NULL AND NOT e.waiting),
           (SELECT COUNT(*) FROM candidacy k JOIN enrolment e ON e.id = k.enrolment_id
            JOIN decision x ON x.enrolment_id = k.enrolment_id
            WHERE k.deliberation_id = d.id AND e.deleted_at IS NULL AND NOT e.waiting),
           EXISTS (SELECT 1 FROM decision x JOIN enrolment e ON e.id = x.enrolment_id
                   WHERE e.cohort_id = c.id AND x.signed_at IS NULL)
    FROM cohort c LEFT JOIN deliberation d ON d.cohort_id = c.id AND d.state = 'open'
    WHERE c.id IN ({cohorts})
"""


def waiting(cohorts: Mapping[int, int], today: date) -> list[Waiting]:
    """List what waits for the juries of these cohorts, {cohort: version}, by code.

    Only a decision that no minutes hold may still follow its proposal: one that was sealed is told on its dossier.
    """
    return sorted(_WAITING.of(cohorts, today).values())


def _waiting(cohorts: Collection[int], today: date) -> dict[int, Waiting]:
    marks, found = ", ".join("?" * len(cohorts)), {}
    for key, code, session, called, decided, recorded in rows(_OPEN.format(cohorts=marks), *cohorts):
        drifted = _drifted(key, today) if recorded else 0
        if session or drifted:
            found[key] = Waiting(code, session or 0, called, decided, drifted)
    return found


def _drifted(cohort_id: int, today: date) -> int:
    sealed = signed.dossiers(cohort_id)
    return sum(line.drifted for line in jury.lines(cohort_id, today) if line.id not in sealed)


_WAITING = ByVersion(_waiting)
