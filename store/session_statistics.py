"""A session of the jury in numbers, from what minutes sealed: for the jury, since grades are never published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules import session_statistics as rules
from rules.minutes import rank, works
from rules.session_statistics import Distribution
from store import minutes, people
from store.db import rows
from store.errors import Unknown
from store.registers import UNKNOWN


@dataclass(frozen=True)
class Statistics:
    """What is counted of the candidates of some minutes.

    grades: (work, its label, its title, distribution). fundings: (French label, admitted, all). corrected: the later
    minutes that decide again of some of them, and whose lines are counted in their place.
    """

    candidates: int
    decisions: list[tuple[str, int]]
    grades: list[tuple[str, str, str, Distribution]]
    hours: list[tuple[int, int]]
    fundings: list[tuple[str, int, int]]
    corrected: list[str]


def of_minutes(cohort_id: int, number: str) -> Statistics:
    """Count the candidates of minutes of this very cohort as they stand now; raise Unknown for any other number."""
    if not rows("SELECT 1 FROM minutes WHERE number = ? AND cohort_id = ?", number, cohort_id):
        raise Unknown(number)
    data, standing = minutes.contents(number), minutes.results(cohort_id, published=False)
    kept, fundings = [standing[line["id"]] for line in data["candidates"]], _fundings(cohort_id)
    lines = [one.line for one in kept]
    return Statistics(
        candidates=len(lines),
        decisions=rules.decisions(line["decision"] for line in lines),
        grades=[
            (work, label, title, rules.distribution(_cell(line, work) for line in lines))
            for work, label, title, _credits in works({**data, "candidates": lines})
        ],
        hours=rules.hours_absent((line["hours"]["absent"], line["hours"]["total"]) for line in lines),
        fundings=rules.admitted_by([(fundings.get(line["id"], UNKNOWN), line["decision"]) for line in lines]),
        corrected=sorted({one.number for one in kept} - {number}, key=rank),
    )


def _cell(line: Mapping[str, Any], work: str) -> str:
    """Return the grade that counts: that of the resit once it is there."""
    grade = line["grades"].get(work, {})
    return grade.get("resit", "") or grade.get("grade", "")


def _fundings(cohort_id: int) -> dict[str, str]:
    query = "SELECT id, funding FROM enrolment WHERE cohort_id = ?"
    return {key: people.FUNDINGS.get(funding or "", UNKNOWN) for key, funding in rows(query, cohort_id)}
