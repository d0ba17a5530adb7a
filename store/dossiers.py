"""What is known of each candidate and what the rules propose: the lines of the jury, and everybody's hours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from rules.attendance import HalfDay, Summary, summary
from rules.calendar import counts
from rules.grades import JOINT, PAPER, unit_of
from rules.jury import Dossier, Proposal, Work, did_not_sit, proposal
from rules.rule_set import RuleSet
from store import awaited, candidate_numbers, people
from store.alphabet import name_key
from store.db import is_postgresql, rows
from store.rosters import marks_text, sheet


@dataclass(frozen=True, eq=False)
class Line:
    """One candidate as the jury sees them: the facts, what the rules propose, what was decided.

    The same facts give the very same line, so that what is drawn from it can be kept.
    """

    id: str
    last_name: str
    first_name: str
    hours: Summary
    #: What each work was graded first, and at its resit.
    grades: Mapping[str, str]
    resits: Mapping[str, str]
    milestone: str
    deposited: bool
    deposited_on: date | None
    fees_paid_on: date | None
    proposal: Proposal
    decision: str
    #: What was proposed when the decision was recorded.
    proposed: str
    by: str
    at: datetime | None
    #: The id of their paper.
    paper: str
    #: Whether the decision is in signed minutes: nothing of the dossier changes any more.
    sealed: bool = False

    @property
    def drifted(self) -> bool:
        """Tell whether the rules propose something else than when the decision was recorded."""
        return bool(self.decision) and self.proposed != (self.proposal.decision or "")


def line(cohort_id: int, enrolment_id: str, today: date, rule_set: RuleSet | None = None) -> Line | None:
    """Return one candidate of a cohort as `lines` lists them, None when they are not among them."""
    found = lines(cohort_id, today, enrolment_id, rule_set)
    return found[0] if found else None


def lines(cohort_id: int, today: date, only: str = "", rule_set: RuleSet | None = None) -> list[Line]:
    """List every candidate of a cohort, or one only, with a proposal computed from the facts of this moment.

    rule_set: the one in force, when whoever asks has read it already.
    """
    rule_set = rule_set or people.rule_set(cohort_id)
    rules, days = _Rules(rule_set), _days(cohort_id, today)
    found = [_line(row[:4], row[4:], rules, days) for row in _known(cohort_id, rule_set, only)]
    return sorted(found, key=lambda line: (name_key(line.last_name, line.first_name), line.id))


@dataclass(frozen=True, eq=False)
class _Calendar:
    """The half-days of a cohort on one day, equal only to itself: a cheap key for what is computed from it."""

    days: tuple[HalfDay, ...]
    today: date


def _days(cohort_id: int, today: date) -> _Calendar:
    found = rows(
        """
        SELECT h.id, h.minutes, m.number, m.title, m.optional, h.day, h.kind
        FROM half_day h LEFT JOIN module m ON m.id = h.module_id
        WHERE h.cohort_id = ? AND h.deleted_at IS NULL
        ORDER BY h.day IS NULL, h.day, h.start, h.position
        """,
        cohort_id,
    )
    return _calendar(tuple(map(tuple, found)), today)


@lru_cache(maxsize=64)
def _calendar(half_days: tuple[tuple, ...], today: date) -> _Calendar:
    """Return the one calendar made of these rows: they are compared once a page, not once a candidate.

    Keyed by the rows themselves, it can never be that of an older calendar or of a change undone.
    """
    return _Calendar(
        tuple(
            HalfDay(
                key, minutes, number or "", title or "", optional=not counts(kind, bool(optional)),
                past=_past(day, today), ahead=bool(day) and not _past(day, today),
            )  # fmt: skip
            for key, minutes, number, title, optional, day, kind in half_days
        ),
        today,
    )


def _past(day: date | str | None, today: date) -> bool:
    found = _as_date(day)
    return found is not None and found <= today


def _as_date(value: date | str | None) -> date | None:
    # Read without the models, a date of SQLite is still its text.
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None  # type: ignore[return-value]


def _as_moment(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _known(cohort_id: int, rules: RuleSet, only: str) -> list[tuple]:
    """List the facts of each candidate with who reported plagiarism in their units; nothing of units under numbers."""
    if candidate_numbers.covered(cohort_id, rules):
        return [(*row[:4], _of_paper(row[4] or ""), *row[5:], ()) for row in _facts(cohort_id, only)]
    reports: dict[str, tuple] = {}
    for key, *found in rows(_UNIT_REPORTS, cohort_id) if rules.units else ():
        reports[key] = (*reports.get(key, ()), tuple(found))
    return [(*row, reports.get(row[0], ())) for row in _facts(cohort_id, only)]


def _of_paper(cells: str) -> str:
    return "|".join(cell for cell in cells.split("|") if cell.startswith(f"{PAPER}="))


_UNIT_REPORTS = """
    SELECT r.enrolment_id, r.work, r.reporter FROM unit_report r JOIN enrolment e ON e.id = r.enrolment_id
    WHERE e.cohort_id = ? AND r.withdrawn_at IS NULL ORDER BY r.id
"""


def _facts(cohort_id: int, only: str) -> list[tuple]:
    """List what is known of each candidate, or of one only, their marks and their grades each in one text.

    Each is (enrolment, last name, first name, marks, grades, milestone, deposited_on, fees_paid_on, decision, proposed,
    by, at, who reported plagiarism, paper, whether it is sealed).
    """
    glue = "string_agg" if is_postgresql() else "group_concat"
    return rows(
        f"""
        SELECT e.id, p.last_name, p.first_name, {marks_text()},
               (SELECT {glue}(t.cell, '|') FROM (
                    SELECT g.work || '=' || g.value || '=' || g.resit AS cell FROM grade g
                    WHERE g.enrolment_id = e.id ORDER BY g.work) t),
               n.milestone, n.deposited_on, e.fees_paid_on, d.decision, d.proposed, d."by", d."at",
               (SELECT r.reporter FROM plagiarism_report r
                WHERE r.paper_id = n.id AND r.withdrawn_at IS NULL ORDER BY r.id LIMIT 1), n.id, d.signed_at IS NOT NULL
        FROM enrolment e
        JOIN participant p ON p.id = e.participant_id
        LEFT JOIN paper n ON n.enrolment_id = e.id
        LEFT JOIN decision d ON d.enrolment_id = e.id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting{" AND e.id = ?" if only else ""}
        """,  # noqa: S608 - only the name of the engine's aggregate is put in, and a question mark
        cohort_id, *filter(None, [only]),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Rules:
    """Make a rule set, which holds a dictionary, the key of a cache: two are equal when they are the same."""

    rules: RuleSet

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rules) and other.rules is self.rules


@lru_cache(maxsize=4096)
def _line(who: tuple, facts: tuple, rules: _Rules, days: _Calendar) -> Line:
    cells, milestone, deposited_on, fees, decision, proposed, by, at, reporter, paper, sealed, reported = facts
    deposited = bool(deposited_on) or milestone == "deposited"
    # A payment announced for a day to come is none yet.
    paid_on = _as_date(fees) if _past(fees, days.today) else None
    hours, works, advice = _advice(
        who[3] or "", cells or "", deposited, paid_on is not None, rules, days, reporter or "", reported
    )
    return Line(
        id=who[0], last_name=who[1], first_name=who[2], hours=hours,
        grades={work: cell.grade for work, cell in works.items()},
        resits={work: cell.resit for work, cell in works.items() if cell.resit}, milestone=milestone or "",
        deposited=deposited, deposited_on=_as_date(deposited_on), fees_paid_on=paid_on, proposal=advice,
        decision=decision or "", proposed=proposed or "", by=by or "", at=_as_moment(at), paper=paper or "",
        sealed=bool(sealed),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _advice(
    marks: str, grades: str, deposited: bool, fees: bool, rules: _Rules, days: _Calendar, reporter: str = "",
    reported: tuple[tuple[str, str], ...] = (),
) -> tuple[Summary, dict[str, Work], Proposal]:  # fmt: skip
    """Apply the rules to one candidate; the same facts give the same answer, so it is kept."""
    hours = summary(read_marks(marks), rules.rules.attendance, days.days)
    works = _works(grades, reporter, reported)
    units = {unit.code: works.get(unit.code, Work()) for unit in rules.rules.units}
    dossier = Dossier(
        attendance=hours,
        units=units,
        parts={
            unit.code: {one.code: works.get(f"{unit.code}{JOINT}{one.code}", Work()) for one in unit.assessments}
            for unit in rules.rules.units if unit.assessments
        },
        did_not_sit=did_not_sit(units.values()),
        paper=works.get(PAPER, Work(reported_by=reporter)),
        paper_deposited=deposited,
        # Without a last day, a paper that is not there is missing.
        paper_due=rules.rules.paper_due is None or days.today > rules.rules.paper_due,
        fees_paid=True if fees else None,
    )
    return hours, works, proposal(dossier, rules.rules)


def _works(cells: str, reporter: str, reported: tuple[tuple[str, str], ...]) -> dict[str, Work]:
    """Read the grades of one line: {work: its cells}; plagiarism in an assessment is that of its unit too."""
    who = dict(reversed([(name, by) for work, by in reported for name in (work, unit_of(work))])) | {PAPER: reporter}
    found = {}
    for cell in cells.split("|") if cells else ():
        work, grade, resit = cell.split("=")
        found[work] = Work(grade, resit, who.get(work, ""))
    return found


def read_marks(text: str) -> dict[str, tuple[str, int | None]]:
    """Read the marks of one line of `rosters.sheet`: {half-day: (status, minutes)}."""
    found = {}
    for cell in text.split("|"):
        if cell:
            half_day, status, minutes = cell.split("=")
            found[half_day] = (status, int(minutes) or None)
    return found


def hours(cohort_id: int, today: date) -> dict[str, Summary]:
    """Return what each enrolled participant has missed, and what the rule makes of it."""
    return {row[0]: row[3] for row in hours_of_all(cohort_id, people.rule_set(cohort_id), today)}


def hours_of(cohort_id: int, marks: Mapping[str, tuple], today: date, unawaited: int = 0) -> Summary:
    """Return what these marks, {half-day: (status, minutes, …)}, make of the hours of one participant.

    unawaited: half-days without a mark at which they were not awaited, since they came later.
    """
    recorded = {half_day: mark[:2] for half_day, mark in marks.items()}
    return _awaited(
        summary(recorded, people.rule_set(cohort_id).attendance, _days(cohort_id, today).days), unawaited
    )


def hours_of_all(cohort_id: int, rule_set: RuleSet, today: date) -> list[tuple[str, str, str, Summary]]:
    """List everybody enrolled as (enrolment, last name, first name, hours), by name."""
    rules, days, late = _Rules(rule_set), _days(cohort_id, today), awaited.before_arrival(cohort_id, today)
    return [
        (*row[:3], _awaited(_advice(row[3] or "", "", False, False, rules, days)[0], late.get(row[0], 0)))
        for row in sheet(cohort_id)
    ]


def _awaited(found: Summary, unawaited: int) -> Summary:
    return replace(found, not_recorded=found.not_recorded - unawaited) if unawaited else found
