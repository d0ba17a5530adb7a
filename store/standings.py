"""Who is near the limit of the attendance rule, in every cohort at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rules.attendance import STANDINGS, Summary, minutes_counted, standing
from rules.rule_set import RuleSet
from store import jury, people, totals
from store.alphabet import name_key
from store.by_version import ByVersion
from store.db import rows

#: A cohort whose last half-day is older than this has nobody left to warn.
OVER = timedelta(days=60)
#: What is worth a warning, the gravest first.
WARNED = ("defaulted", "impossible", "watched")

_ABSENCES = """
    SELECT c.id, c.code, e.id, p.last_name, p.first_name,
           SUM(CASE WHEN m.status = 'absent' THEN h.minutes ELSE 0 END),
           SUM(CASE WHEN m.status = 'justified' THEN h.minutes ELSE 0 END),
           SUM(CASE WHEN m.status IN ('late', 'left_early')
                    THEN CASE WHEN m.minutes < h.minutes THEN m.minutes ELSE h.minutes END ELSE 0 END)
    FROM mark m
    JOIN half_day h ON h.id = m.half_day_id AND h.deleted_at IS NULL AND h.kind <> 'jury'
    LEFT JOIN module d ON d.id = h.module_id
    JOIN enrolment e ON e.id = m.enrolment_id AND e.deleted_at IS NULL AND NOT e.waiting
    JOIN participant p ON p.id = e.participant_id
    JOIN cohort c ON c.id = e.cohort_id
    WHERE c.id IN ({cohorts}) AND m.status IN ('absent', 'justified', 'late', 'left_early')
          AND NOT COALESCE(d.optional, ?)
          AND EXISTS (SELECT 1 FROM half_day l WHERE l.cohort_id = c.id AND l.deleted_at IS NULL AND l.day >= ?)
    GROUP BY c.id, c.code, e.id, p.last_name, p.first_name
"""


@dataclass(frozen=True)
class Standing:
    """Where one participant of a cohort stands: their hours, one of STANDINGS, the threshold reached in percent."""

    enrolment: str
    last_name: str
    first_name: str
    hours: Summary
    state: str
    threshold: int


def of_cohort(cohort_id: int, rules: RuleSet, today: date) -> list[Standing]:
    """List where everybody enrolled in a cohort stands, the gravest first, then by hours absent and by name."""
    found = [
        Standing(enrolment, last, first, hours, *standing(hours.absent, hours.total, rules.attendance))
        for enrolment, last, first, hours in jury.hours_of_all(cohort_id, rules, today)
    ]
    grave = list(STANDINGS)
    # Sorting keeps the order of names among equals.
    return sorted(found, key=lambda line: (-grave.index(line.state), -line.threshold, -line.hours.absent))


def near(cohorts: Mapping[int, int], today: date) -> list[tuple[str, str, str, str, str, int, int, int]]:
    """List whom the rule is about to catch, or has caught, in those of {cohort: version} that are not over.

    Each is (cohort code, enrolment, last name, first name, standing, threshold in percent, minutes absent,
    minutes planned), the gravest first. The same figures as the page of the cohort.
    """
    found = _NEAR.of(cohorts, today)
    return sorted((line for lines in found.values() for line in lines), key=_gravity)


def _near(cohorts: Collection[int], today: date) -> dict[int, list[tuple]]:
    marks = ", ".join("?" * len(cohorts))
    absences = rows(_ABSENCES.format(cohorts=marks), *cohorts, False, today - OVER)
    planned, rules = totals.calendar_by_cohort(), people.rule_sets({row[0] for row in absences})
    found: dict[int, list[tuple]] = {}
    for cohort_id, code, enrolment, last, first, absent, justified, partial in absences:
        rule = rules[cohort_id].attendance
        missed = minutes_counted(int(absent), int(justified), int(partial or 0), rule)
        total = planned.get(cohort_id, (0, 0))[1]
        state, threshold = standing(missed, total, rule)
        if state in WARNED:
            found.setdefault(cohort_id, []).append((code, enrolment, last, first, state, threshold, missed, total))
    return found


_NEAR = ByVersion(_near)


def _gravity(line: tuple) -> tuple:
    code, enrolment, last, first, state, threshold, missed, total = line
    return WARNED.index(state), -threshold, -missed, code, name_key(last, first), enrolment


def counted(lines: Iterable[tuple]) -> list[tuple[str, str, int]]:
    """Add up what `near` lists as (cohort code, standing, people), in the same order."""
    found: dict[tuple[str, str], int] = {}
    for line in lines:
        found[line[0], line[4]] = found.get((line[0], line[4]), 0) + 1
    return [(code, state, number) for (code, state), number in found.items()]
