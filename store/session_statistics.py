"""A session of the jury in numbers, from what its minutes sealed: for the jury, since grades are never published."""

from dataclasses import dataclass

from rules import session_statistics as rules
from rules.minutes import works
from rules.session_statistics import Distribution
from store import minutes, people
from store.db import rows
from store.errors import Unknown
from store.registers import UNKNOWN


@dataclass(frozen=True)
class Statistics:
    """What is counted of the candidates of some minutes.

    grades: (work, its label, its title, distribution). fundings: (French label, admitted, all).
    """

    candidates: int
    decisions: list[tuple[str, int]]
    grades: list[tuple[str, str, str, Distribution]]
    hours: list[tuple[int, int]]
    fundings: list[tuple[str, int, int]]


def of_minutes(cohort_id: int, number: str) -> Statistics:
    """Count the candidates of minutes of this very cohort; raise Unknown for any other number."""
    if not rows("SELECT 1 FROM minutes WHERE number = ? AND cohort_id = ?", number, cohort_id):
        raise Unknown(number)
    data = minutes.contents(number)
    lines, fundings = data["candidates"], _fundings(cohort_id)
    return Statistics(
        candidates=len(lines),
        decisions=rules.decisions(line["decision"] for line in lines),
        grades=[
            (work, label, title, rules.distribution(_cell(line, work) for line in lines))
            for work, label, title, _credits in works(data)
        ],
        hours=rules.hours_absent((line["hours"]["absent"], line["hours"]["total"]) for line in lines),
        fundings=rules.admitted_by([(fundings.get(line["id"], UNKNOWN), line["decision"]) for line in lines]),
    )


def _cell(line: dict, work: str) -> str:
    """Return the grade that counts: that of the resit once it is there."""
    grade = line["grades"].get(work, {})
    return grade.get("resit", "") or grade.get("grade", "")


def _fundings(cohort_id: int) -> dict[str, str]:
    query = "SELECT id, funding FROM enrolment WHERE cohort_id = ?"
    return {key: people.FUNDINGS.get(funding or "", UNKNOWN) for key, funding in rows(query, cohort_id)}
