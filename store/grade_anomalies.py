"""Anomalies of the grades of a cohort before its jury sits, worked out of what is held at this moment."""

from collections.abc import Collection, Mapping
from datetime import date

from rules.grade_anomalies import Anomaly, Candidate, anomalies
from rules.grades import MARKINGS
from rules.rule_set import RuleSet
from store import candidate_numbers, grade_grid, people, signed
from store.by_version import ByVersion
from store.db import rows

_GRADED = """
    SELECT DISTINCT c.id, c.code FROM grade g JOIN enrolment e ON e.id = g.enrolment_id
    JOIN cohort c ON c.id = e.cohort_id WHERE c.id IN ({cohorts}) ORDER BY c.code
"""
_BESIDE = """
    SELECT e.id, n.tutor_id IS NOT NULL, d.decision FROM enrolment e
    LEFT JOIN paper n ON n.enrolment_id = e.id LEFT JOIN decision d ON d.enrolment_id = e.id WHERE e.cohort_id = ?
"""


def found(cohort_id: int) -> tuple[list[Anomaly], dict[str, str]]:
    """Return the anomalies of a cohort, and {key: name} of the candidates; units by number while names are covered."""
    rules = people.rule_set(cohort_id)
    covered = candidate_numbers.covered(cohort_id, rules)
    by_name = grade_grid.named(cohort_id, covered)
    named, names = _candidates(cohort_id, by_name), {who.key: who.name for who in by_name}
    if not covered:
        return anomalies(named, rules), names
    listed = grade_grid.numbered(cohort_id)
    numbered = _candidates(cohort_id, listed, candidate_numbers.numbers(cohort_id))
    return _both(numbered, named, rules), names | {who.key: who.name for who in listed}


def _both(numbered: list[Candidate], named: list[Candidate], rules: RuleSet) -> list[Anomaly]:
    return [*anomalies(numbered, rules, paper=False), *anomalies(named, rules, units=False)]


def _candidates(
    cohort_id: int, listed: list[grade_grid.Candidate], numbers: Mapping[str, int] | None = None
) -> list[Candidate]:
    """Make of the lines of a table what the rule asks; with `numbers`, a line is that of whoever bears its key.

    What is in signed minutes is left out: nobody corrects it any more.
    """
    bearers = {str(number): key for key, number in (numbers or {}).items()}
    sealed, reported = signed.dossiers(cohort_id), grade_grid.reporters(cohort_id)
    beside = {key: rest for key, *rest in rows(_BESIDE, cohort_id)}
    made = []
    for who in listed:
        key = bearers.get(who.key, who.key)
        if key in sealed:
            continue
        tutored, decision = beside.get(key, (True, ""))
        works = grade_grid.works_of(who.fields, reported.get(key, {}))
        made.append(Candidate(who.key, works, _markings(who.fields), bool(tutored), decision or ""))
    return made


def _markings(fields: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    works = {name.partition("-")[2] for name in fields if name.startswith(MARKINGS)}
    return {work: tuple(fields.get(f"{name}{work}", "") for name in MARKINGS) for work in works}


def counted(cohorts: Mapping[int, int], today: date) -> list[tuple[str, int]]:
    """List (cohort code, anomalies) of those of these cohorts, {cohort: version}, that have some."""
    return list(_COUNTS.of(cohorts, today).values())


def count(cohort_id: int, version: int, today: date) -> int:
    """Count the anomalies of one cohort, kept for as long as nothing of it changes."""
    return sum(number for _code, number in counted({cohort_id: version}, today))


def _counts(cohorts: Collection[int], today: date) -> dict[int, tuple[str, int]]:
    marks = ", ".join("?" * len(cohorts))
    graded = rows(_GRADED.format(cohorts=marks), *cohorts)
    numbers = {cohort_id: (code, len(found(cohort_id)[0])) for cohort_id, code in graded}
    return {cohort_id: told for cohort_id, told in numbers.items() if told[1]}


_COUNTS = ByVersion(_counts)
