"""Grades, proposals and decisions of the jury."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from rules.attendance import HalfDay, Summary, summary
from rules.calendar import counts
from rules.jury import DECISIONS, Dossier, Proposal, Work, proposal
from rules.message import Message
from rules.rule_set import RuleSet
from rules.values import TYPES, Type, choice
from store import people, signed
from store.alphabet import name_key
from store.changes import Values, journal, locked, moved, parse, refused
from store.db import database, is_postgresql, rows
from store.errors import Unknown
from store.journal import Author
from store.models import Decision, Enrolment, Grade, Paper, PlagiarismReport
from store.models.base import now
from store.rosters import sheet

PAPER = "paper"


def works(cohort_id: int) -> list[str]:
    """List what is graded in a cohort: the code of each unit, then the paper."""
    return [unit.code for unit in people.rule_set(cohort_id).units] + [PAPER]


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field of a dossier."""
    return {f"grade-{work}": TYPES["grade"] for work in works(cohort_id)} | {"decision": choice(DECISIONS)}


def headers(cohort_id: int) -> dict[str, str]:
    """Return {field: header} of what the jury enters."""
    rules = people.rule_set(cohort_id)
    named = {f"grade-{unit.code}": unit.code for unit in rules.units}
    return named | {f"grade-{PAPER}": rules.paper_kind.capitalize(), "decision": "Décision"}


@dataclass(frozen=True, eq=False)
class Line:
    """One candidate as the jury sees them: the facts, what the rules propose, what was decided.

    The same facts give the very same line, so that what is drawn from it can be kept.
    """

    id: str
    last_name: str
    first_name: str
    hours: Summary
    grades: Mapping[str, str]
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

    @property
    def drifted(self) -> bool:
        """Tell whether the rules propose something else than when the decision was recorded."""
        return bool(self.decision) and self.proposed != (self.proposal.decision or "")


def lines(cohort_id: int, today: date) -> list[Line]:
    """List every candidate of a cohort, with a proposal computed from the facts of this moment."""
    rules, days = _Rules(people.rule_set(cohort_id)), _days(cohort_id, today)
    facts = {row[0]: row[1:] for row in _facts(cohort_id)}
    found = [_line(tuple(row), facts[row[0]], rules, days) for row in sheet(cohort_id) if row[0] in facts]
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


def _facts(cohort_id: int) -> list[tuple]:
    """List what is known of each candidate, their grades in one text.

    Each is (enrolment, grades, milestone, deposited_on, fees_paid_on, decision, proposed, by, at,
    who reported plagiarism, paper).
    """
    glue = "string_agg" if is_postgresql() else "group_concat"
    return rows(
        f"""
        SELECT e.id,
               (SELECT {glue}(t.cell, '|') FROM (
                    SELECT g.work || '=' || g.value AS cell FROM grade g
                    WHERE g.enrolment_id = e.id ORDER BY g.work) t),
               n.milestone, n.deposited_on, e.fees_paid_on, d.decision, d.proposed, d."by", d."at",
               (SELECT r.reporter FROM plagiarism_report r
                WHERE r.paper_id = n.id AND r.withdrawn_at IS NULL ORDER BY r.id LIMIT 1), n.id
        FROM enrolment e
        LEFT JOIN paper n ON n.enrolment_id = e.id
        LEFT JOIN decision d ON d.enrolment_id = e.id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting
        """,  # noqa: S608 - only the name of the engine's aggregate is put in
        cohort_id,
    )


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
    grades, milestone, deposited_on, fees, decision, proposed, by, at, reporter, paper = facts
    deposited = bool(deposited_on) or milestone == "deposited"
    hours, entered, advice = _advice(
        who[3] or "", grades or "", deposited, bool(fees), rules, days, reporter or ""
    )
    return Line(
        id=who[0], last_name=who[1], first_name=who[2], hours=hours, grades=entered, milestone=milestone or "",
        deposited=deposited, deposited_on=_as_date(deposited_on), fees_paid_on=_as_date(fees), proposal=advice,
        decision=decision or "", proposed=proposed or "", by=by or "", at=_as_moment(at), paper=paper or "",
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _advice(
    marks: str, grades: str, deposited: bool, fees: bool, rules: _Rules, days: _Calendar, reporter: str = ""
) -> tuple[Summary, dict[str, str], Proposal]:
    """Apply the rules to one candidate; the same facts give the same answer, so it is kept."""
    hours = summary(read_marks(marks), rules.rules.attendance, days.days)
    entered = dict(cell.split("=", 1) for cell in grades.split("|") if cell)
    units = {unit.code: Work(entered.get(unit.code, "")) for unit in rules.rules.units}
    dossier = Dossier(
        attendance=hours,
        units=units,
        paper=Work(entered.get(PAPER, ""), reported_by=reporter),
        paper_deposited=deposited,
        # Without a last day, a paper that is not there is missing.
        paper_due=rules.rules.paper_due is None or days.today > rules.rules.paper_due,
        fees_paid=True if fees else None,
    )
    return hours, entered, proposal(dossier, rules.rules)


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


def hours_of(cohort_id: int, marks: Mapping[str, tuple], today: date) -> Summary:
    """Return what these marks, {half-day: (status, minutes, …)}, make of the hours of one participant."""
    recorded = {half_day: mark[:2] for half_day, mark in marks.items()}
    return summary(recorded, people.rule_set(cohort_id).attendance, _days(cohort_id, today).days)


def hours_of_all(cohort_id: int, rule_set: RuleSet, today: date) -> list[tuple[str, str, str, Summary]]:
    """List everybody enrolled as (enrolment, last name, first name, hours), by name."""
    rules, days = _Rules(rule_set), _days(cohort_id, today)
    return [(*row[:3], _advice(row[3] or "", "", False, False, rules, days)[0]) for row in sheet(cohort_id)]


def snapshot(cohort_id: int, today: date | None = None) -> dict[str, dict[str, str]]:
    """Return every dossier as {enrolment: {field: canonical text}}, the proposal in French included."""
    fields = [f"grade-{work}" for work in works(cohort_id)]
    found = {}
    for line in lines(cohort_id, today or date.today()):
        row = {name: line.grades.get(name.removeprefix("grade-"), "") for name in fields}
        row |= {"decision": line.decision, "proposal": sentence(line.proposal)}
        row["hours_absent"] = TYPES["decimal"].parse(round(line.hours.absent / 60, 2))
        found[line.id] = row
    return found


def held(enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the grades and the decisions of these candidates as {enrolment: {field: canonical text}}."""
    keys = list(enrolments)
    found: dict[str, dict[str, str]] = {}
    for key, work, value in rows(Grade.select(Grade.enrolment, Grade.work, Grade.value).where(Grade.enrolment << keys)):
        found.setdefault(key, {})[f"grade-{work}"] = value
    for key, value in rows(Decision.select(Decision.enrolment, Decision.decision).where(Decision.enrolment << keys)):
        found.setdefault(key, {})["decision"] = value
    return found


def sentence(advice: Proposal) -> str:
    """Return a proposal and its reasons as one French line."""
    label = DECISIONS.get(advice.decision or "", "en attente")
    reasons = " ".join(str(reason.message) for reason in advice.reasons)
    return f"{label} — {reasons}" if reasons else label


def change(
    author: Author, enrolment_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Record grades and the decision of one candidate; return what changed."""
    with database.atomic():
        enrolment = keep(enrolment_id)
        values = parse(types(enrolment.cohort_id), raw, lambda name: False)
        current = dict.fromkeys(values, "") | _current(enrolment_id)
        changes = moved(current, values, expected)
        signed.refuse_signed(enrolment_id, changes)
        if changes.get(f"grade-{PAPER}") == "PLAG":
            _refuse_unreported(enrolment_id)
        for name, value in changes.items():
            if name == "decision":
                _decide(author, enrolment, value)
            else:
                _grade(enrolment_id, name.removeprefix("grade-"), value)
        journal(author, enrolment.cohort_id, "dossier", enrolment_id, current, changes)
    return changes


def keep(enrolment_id: str) -> Enrolment:
    """Keep one dossier to this transaction; raise Unknown when there is none."""
    enrolment = locked(Enrolment.select().where(Enrolment.id == enrolment_id)).first()
    if enrolment is None:
        raise Unknown(enrolment_id)
    return enrolment


def _refuse_unreported(enrolment_id: str) -> None:
    """Refuse plagiarism as the grade of a paper of which nobody reported any."""
    standing = PlagiarismReport.select().join(Paper).where(
        (Paper.enrolment == enrolment_id) & PlagiarismReport.withdrawn_at.is_null()
    )
    if not standing.exists():
        raise refused(f"grade-{PAPER}", Message(
            "Plagiat non signalé : sur la page de cette note, à « Plagiat », indiquez d'abord qui l'a constaté et "
            "pourquoi. PLAG sera alors accepté.", {}
        ))


def _current(enrolment_id: str) -> dict[str, str]:
    return {"decision": ""} | held([enrolment_id]).get(enrolment_id, {})


def _grade(enrolment_id: str, work: str, value: str) -> None:
    key = (Grade.enrolment == enrolment_id) & (Grade.work == work)
    if not value:
        Grade.delete().where(key).execute()
    elif not Grade.update(value=value).where(key).execute():
        Grade.insert(enrolment=enrolment_id, work=work, value=value).execute()


def _decide(author: Author, enrolment: Enrolment, decision: str) -> None:
    """Keep the decision with what was proposed at that moment: later inputs never change it."""
    key = Decision.enrolment == enrolment.id
    if not decision:
        Decision.delete().where(key).execute()
        return
    line = next(line for line in lines(enrolment.cohort_id, date.today()) if line.id == enrolment.id)
    reasons = [[reason.code, str(reason.message), reason.source] for reason in line.proposal.reasons]
    values = {
        "decision": decision, "proposed": line.proposal.decision or "", "reasons": json.dumps(reasons),
        "by": author.name, "at": now(),
    }  # fmt: skip
    if not Decision.update(values).where(key).execute():
        Decision.insert(enrolment=enrolment.id, **values).execute()
