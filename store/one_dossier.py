"""What the page of one dossier asks beside its line: few questions, each about this candidate alone."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from rules.deliberations import OVER
from rules.grades import MARKERS, MARKINGS, PAPER, RESIT_ON
from store.db import as_datetime, rows
from store.plagiarism_reports import Reported

_BESIDE = """
    SELECT g.work, 0, CAST(g.resit_on AS VARCHAR(10)), '' FROM grade g
    WHERE g.enrolment_id = ? AND g.resit_on IS NOT NULL
    UNION ALL SELECT m.work, m.place, m.marker, m.value FROM marking m WHERE m.enrolment_id = ?
    UNION ALL SELECT '', -1, CAST(h.day AS VARCHAR(10)), '' FROM mark k JOIN half_day h ON h.id = k.half_day_id
    WHERE k.enrolment_id = ? AND k.status = 'justified' AND h.day IS NOT NULL AND h.deleted_at IS NULL
"""
_REPORTED = "r.id, r.reporter, r.reason, r.by, r.at, r.withdrawn_by, r.withdrawn_at, r.withdrawn_reason"
_REPORTS = f"""
    SELECT r.work, {_REPORTED} FROM unit_report r WHERE r.enrolment_id = ?
    UNION ALL SELECT '{PAPER}', {_REPORTED} FROM plagiarism_report r JOIN paper n ON n.id = r.paper_id
    WHERE n.enrolment_id = ?
"""  # noqa: S608 - columns of ours and the name of a work
_SESSION = """
    SELECT d.id, d.state = 'open' AND c.enrolment_id IS NOT NULL, m.name
    FROM deliberation d
    LEFT JOIN candidacy c ON c.deliberation_id = d.id AND c.enrolment_id = ?
    LEFT JOIN paper n ON n.enrolment_id = ?
    LEFT JOIN jury_member m ON m.deliberation_id = d.id AND m.tutor_id IN (n.tutor_id, n.cotutor_id)
    WHERE d.cohort_id = ? AND d.state NOT IN (?, ?) ORDER BY d.id DESC, m.president DESC, m.id
"""


def beside(enrolment_id: str, works: Iterable[str]) -> tuple[dict[str, str], frozenset[date]]:
    """Return what stands beside the grades of these works, and the days on which an absence was justified.

    The first is {field: canonical text}: days of resits, markings.
    """
    kept, found, days = set(works), {}, set()
    for work, place, first, second in rows(_BESIDE, *[enrolment_id] * 3):
        if place < 0:
            days.add(date.fromisoformat(first))
        elif work not in kept:
            continue
        elif place:
            found |= {f"{MARKERS[place - 1]}{work}": first, f"{MARKINGS[place - 1]}{work}": second}
        else:
            found[f"{RESIT_ON}{work}"] = first
    return found, frozenset(days)


def reports(enrolment_id: str) -> list[tuple[str, Reported]]:
    """List the reports of plagiarism as (work, report): of the paper, then of units, the newest first."""
    found = [
        (work, Reported(*cells[:4], as_datetime(cells[4]), cells[5], as_datetime(cells[6]), cells[7]))  # type: ignore[arg-type]
        for work, *cells in rows(_REPORTS, enrolment_id, enrolment_id)
    ]
    return sorted(found, key=lambda row: (row[0] != PAPER, -row[1].id))


class Session(NamedTuple):
    """The jury to come of a candidate: their open session, and its members who follow their paper."""

    sitting: int | None = None
    members: tuple[str, ...] = ()


def session(cohort_id: int, enrolment_id: str) -> Session:
    """Return what the sessions of a cohort that are not over are to one candidate."""
    found = rows(_SESSION, enrolment_id, enrolment_id, cohort_id, *OVER)
    if not found:
        return Session()
    newest = found[0][0]
    return Session(
        next((key for key, sits, _name in found if sits), None),
        tuple(name for key, _sits, name in found if key == newest and name),
    )
