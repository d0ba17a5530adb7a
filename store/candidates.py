"""The candidates of one deliberation: where the jury stands, what it decides of each, who stepped out for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rules import deliberations, honours
from rules.exchanges import SUMMARY
from rules.message import Message
from rules.papers import BETWEEN, listed
from store import decisions, jury, people
from store.changes import Values, journal, locked, moved, refused, reserved
from store.db import database, rows
from store.errors import Refused, Unknown
from store.journal import Author, Entry, record, record_all, touch
from store.models import Candidacy, Decision, Deliberation, JuryMember

CLOSED = Message("Cette délibération n'est pas ouverte : rien ne s'y décide.")


@dataclass(frozen=True)
class Line:
    """One candidate of a deliberation: their dossier, and what the session knows of them.

    dossier: as `jury.lines` gives it. taken: this session took the decision, another was only prepared. tutors: the
    members who follow their paper, those away included; there: those of them who are not away.
    """

    position: int
    dossier: jury.Line
    decision: str
    honours: str
    remark: str
    reason: str
    taken: bool
    tutors: tuple[str, ...]
    there: tuple[str, ...]
    stepped_out: tuple[str, ...]
    proposed_honours: str

    @property
    def id(self) -> str:
        """Return the enrolment of the candidate."""
        return self.dossier.id

    @property
    def name(self) -> str:
        """Return the name of the candidate, the family name first."""
        return f"{self.dossier.last_name} {self.dossier.first_name}"

    @property
    def departs(self) -> bool:
        """Tell whether the decision is another than what was proposed when it was taken."""
        return bool(self.decision) and self.decision != self.dossier.proposed

    @property
    def candidate(self) -> deliberations.Candidate:
        """Return what the rules of a session look at."""
        return deliberations.Candidate(
            self.name, self.decision, self.taken, self.there, self.stepped_out, self.id
        )  # fmt: skip


class Place(NamedTuple):
    """Where one candidate stands in a deliberation: enough to count, and to go from one to another."""

    id: str
    name: str
    decision: str
    honours: str


_PLACES = """
    SELECT c.enrolment_id, p.last_name || ' ' || p.first_name, COALESCE(d.decision, ''), COALESCE(d.honours, '')
    FROM candidacy c JOIN enrolment e ON e.id = c.enrolment_id JOIN participant p ON p.id = e.participant_id
    LEFT JOIN decision d ON d.enrolment_id = c.enrolment_id
    WHERE c.deliberation_id = ? AND e.deleted_at IS NULL AND NOT e.waiting ORDER BY c.position
"""


def places(deliberation_id: int) -> list[Place]:
    """List where the candidates of a deliberation stand, in its order; those who left the cohort are not there."""
    return [Place(*row) for row in rows(_PLACES, deliberation_id)]


def line(cohort_id: int, deliberation_id: int, enrolment_id: str, today: date) -> Line | None:
    """Return one candidate of a deliberation as `lines` lists them, None when they are not among them."""
    found = lines(cohort_id, deliberation_id, today, only=enrolment_id)
    return found[0] if found else None


def lines(cohort_id: int, deliberation_id: int, today: date, only: str = "") -> list[Line]:
    """List the candidates of a deliberation, or one only; those who left the cohort meanwhile are not there."""
    rules = people.rule_set(cohort_id)
    dossiers = {line.id: line for line in jury.lines(cohort_id, today, only)}
    everybody, there = decisions.tutors(deliberation_id, only)
    found = []
    for enrolment, place, out, decision, mention, remark, reason, taken_by in rows(_CANDIDATES, deliberation_id):
        if enrolment in dossiers:
            dossier = dossiers[enrolment]
            found.append(Line(
                place, dossier, decision or "", mention or "", remark or "", reason or "",
                bool(decision) and taken_by == deliberation_id, everybody.get(enrolment, ()), there.get(enrolment, ()),
                tuple(listed(out)), honours.proposed(rules, counting(dossier), dossier.proposal.decision),
            ))  # fmt: skip
    return found


def called(deliberation_id: int, enrolment_id: str) -> bool:
    """Tell whether somebody is a candidate of a deliberation."""
    key = (Candidacy.deliberation == deliberation_id) & (Candidacy.enrolment == enrolment_id)
    return Candidacy.select().where(key).exists()


def counting(dossier: jury.Line) -> dict[str, str]:
    """Return the grade of each work that counts: that of the resit once it is there."""
    return {**dossier.grades, **dossier.resits}


_CANDIDATES = """
    SELECT c.enrolment_id, c.position, c.stepped_out, d.decision, d.honours, d.remark, d.reason, d.deliberation_id
    FROM candidacy c LEFT JOIN decision d ON d.enrolment_id = c.enrolment_id
    WHERE c.deliberation_id = ? ORDER BY c.position
"""


def stand_at(deliberation_id: int, enrolment_id: str) -> None:
    """Remember the candidate that an open deliberation stands at; every screen of it follows."""
    with database.atomic():
        cohort_id = _open(deliberation_id, enrolment_id)
        moved = Deliberation.update(at_enrolment=enrolment_id).where(
            (Deliberation.id == deliberation_id) & (Deliberation.at_enrolment != enrolment_id)
        )
        if moved.execute():
            touch(cohort_id)


def _open(deliberation_id: int, enrolment_id: str) -> int:
    """Keep an open deliberation of this candidate to this transaction, and return its cohort.

    Before anything else: a deliberation is always locked before its dossiers, and these before their cohort. Raises
    Unknown, or Refused when it is not open.
    """
    list(reserved(Deliberation.select(Deliberation.id).where(Deliberation.id == deliberation_id)))
    query = (
        Candidacy.select(Deliberation.cohort, Deliberation.state).join(Deliberation)
        .where((Candidacy.deliberation == deliberation_id) & (Candidacy.enrolment == enrolment_id))
    )  # fmt: skip
    found = rows(query)
    if not found:
        raise Unknown(enrolment_id)
    if found[0][1] != "open":
        raise Refused(CLOSED)
    return found[0][0]


def decide(
    author: Author, deliberation_id: int, enrolment_id: str, raw: Mapping[str, object], reason: str = "",
    expected: Values | None = None,
) -> dict[str, str]:  # fmt: skip
    """Decide of one candidate in an open deliberation; return what changed.

    raw: some of `decisions.FIELDS`. A decision given again as it stands is confirmed: this session then took it, with
    what is proposed now. Raises `decisions.ReasonAsked` when a recorded decision changes without a reason.
    """
    why = _reason(reason)
    with database.atomic():
        _open(deliberation_id, enrolment_id)
        enrolment = jury.keep(enrolment_id)
        given = {name: value for name, value in raw.items() if name in decisions.FIELDS}
        changes = jury.change(author, enrolment_id, given, expected, why)
        if raw.get("decision") and "decision" not in changes:
            changes |= _confirm(author, deliberation_id, enrolment)
    return changes


def explain(
    author: Author, deliberation_id: int, enrolment_id: str, reason: str, expected: str | None = None
) -> dict[str, str]:
    """Keep why a decision that is taken is what it is, in an open deliberation; return what changed.

    Nothing asks for it, save where the decision was changed while the jury sat: it is then written anew, never blank.
    Raises Changed when `expected`, what its author had read, is another text now.
    """
    why = _reason(reason)
    with database.atomic():
        cohort_id = _open(deliberation_id, enrolment_id)
        jury.keep(enrolment_id)
        recorded = decisions.recorded(enrolment_id)
        if recorded is None:
            raise refused("why", Message("Prenez d'abord la décision : son motif l'accompagne."))
        current = {"reason": recorded.reason}
        changes = moved(current, {"reason": why}, None if expected is None else {"reason": expected})
        if changes and not why and decisions.changed_while_sitting(deliberation_id, enrolment_id):
            raise refused("why", Message("Cette décision a changé en séance : son motif se réécrit, sans s'effacer."))
        if changes:
            decisions.explain(enrolment_id, why)
            journal(author, cohort_id, "dossier", enrolment_id, current, changes)
    return changes


def _reason(text: str) -> str:
    try:
        return SUMMARY.parse(text)
    except Refused as error:
        raise refused("reason", error.message) from None


def _confirm(author: Author, deliberation_id: int, enrolment: jury.Enrolment) -> dict[str, str]:
    """Have this session take a decision that was only prepared, or that no longer agreed with its proposal."""
    recorded = Decision.get(Decision.enrolment == enrolment.id)
    advice = jury.proposed(enrolment)
    if recorded.deliberation_id == deliberation_id and recorded.proposed == (advice.decision or ""):
        return {}
    found = decisions.sitting(enrolment.id)
    if found is not None:
        decisions.refuse_tutor(found, enrolment.id, people.rule_set(enrolment.cohort_id))
    decisions.confirm(author, enrolment.id, deliberation_id, advice)
    record(author, enrolment.cohort_id, "dossier", enrolment.id, "confirmed", "", recorded.decision)
    return {"confirmed": recorded.decision}


def take_all(author: Author, cohort_id: int, deliberation_id: int, today: date) -> None:
    """Have a session that closes take what is decided of its candidates, prepared or flagged decisions included."""
    found = [line.dossier for line in lines(cohort_id, deliberation_id, today)]
    decisions.take(deliberation_id, {one.id: one.proposal for one in found})
    told = [Entry("dossier", one.id, "confirmed", "", one.decision) for one in found if one.drifted]
    record_all(author, cohort_id, told)


def step_out(author: Author, deliberation_id: int, enrolment_id: str, name: str, out: bool = True) -> None:
    """Note that a member stepped out for one candidate, or that they did not after all."""
    with database.atomic():
        cohort_id = _open(deliberation_id, enrolment_id)
        jury.keep(enrolment_id)
        named = JuryMember.select().where((JuryMember.deliberation == deliberation_id) & (JuryMember.name == name))
        if not named.exists():
            raise Unknown(name)
        key = (Candidacy.deliberation == deliberation_id) & (Candidacy.enrolment == enrolment_id)
        before = rows(locked(Candidacy.select(Candidacy.stepped_out).where(key)))[0][0]
        names = [one for one in listed(before) if one != name] + ([name] if out else [])
        after = BETWEEN.join(sorted(names))
        if after == before:
            return
        if not out:
            _refuse_decided(enrolment_id, deliberation_id, cohort_id)
        Candidacy.update(stepped_out=after).where(key).execute()
        record(author, cohort_id, "dossier", enrolment_id, "stepped_out", before, after)


def _refuse_decided(enrolment_id: str, deliberation_id: int, cohort_id: int) -> None:
    """Refuse that somebody was there after all for a decision that their leaving allowed."""
    taken = (Decision.enrolment == enrolment_id) & (Decision.deliberation == deliberation_id)
    if people.rule_set(cohort_id).tutor_member == "step_out" and Decision.select().where(taken).exists():
        raise Refused(Message("La décision a été prise pendant ce retrait : annulez-la d'abord, avec un motif."))
