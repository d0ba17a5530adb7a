"""Resits of a cohort: who waits for one, when it is, and those that were graded beside the first grade."""

from typing import NamedTuple

from rules.grades import GRADE, PAPER, RESIT, RESIT_ON, Graded, entered, resit_due
from rules.jury import Work
from store import candidate_numbers, grade_grid, people
from store.db import rows


class Resit(NamedTuple):
    """One resit: whose, of what, the first cell, its day and its grade; `due` as long as it has none.

    sealed: minutes hold the dossier, whose grades only a new deliberation changes.
    """

    key: str
    name: str
    work: str
    label: str
    first: str
    day: str
    grade: str
    due: bool
    sealed: bool = False


def resits(cohort_id: int) -> list[Resit]:
    """List the resits of a cohort, those that wait first, then by work and name; units by number while covered."""
    rules = people.rule_set(cohort_id)
    covered = candidate_numbers.covered(cohort_id, rules)
    decided = dict(rows(
        "SELECT d.enrolment_id, d.decision FROM decision d JOIN enrolment e ON e.id = d.enrolment_id "
        "WHERE e.cohort_id = ?", cohort_id,
    ))  # fmt: skip
    named = grade_grid.named(cohort_id, covered)
    numbered = grade_grid.numbered(cohort_id) if covered else named
    found = [
        resit for one in entered(rules) for who in (named if one.work == PAPER else numbered)
        if (resit := _resit(one, who, decided.get(who.key, ""), rules.pass_mark)) is not None
    ]  # fmt: skip
    return sorted(found, key=lambda resit: not resit.due)


def _resit(one: Graded, who: grade_grid.Candidate, decision: str, pass_mark: object) -> Resit | None:
    first, grade, day = (who.fields.get(f"{name}{one.work}", "") for name in (GRADE, RESIT, RESIT_ON))
    due = resit_due(Work(first, grade), decision, pass_mark)  # type: ignore[arg-type]
    if not (due or grade or day):
        return None
    return Resit(who.key, who.name, one.work, one.label, first, day, grade, due, who.sealed)
