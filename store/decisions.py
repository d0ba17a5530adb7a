"""What the jury decided of one candidate: the decision, a mention, a remark, and when each may change."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from rules import honours
from rules.deliberations import Candidate, asks_reason, must_step_out
from rules.exchanges import SUMMARY
from rules.jury import DECISIONS, Proposal
from rules.message import Message, Refused
from rules.papers import listed
from rules.rule_set import RuleSet
from rules.values import Type, choice
from store.changes import Values, refused
from store.db import execute, rows
from store.journal import Author
from store.models import Candidacy, Decision, Deliberation
from store.models.base import now

FIELDS = ("decision", "honours", "remark")
UNREASONED = Message(
    "Une délibération est ouverte et cette décision a été prise : la changer demande un motif, "
    "qui se donne en délibération."
)


class ReasonAsked(Refused):
    """A decision that was recorded changes while the jury deliberates, and nobody said why."""

    def __init__(self) -> None:
        super().__init__(UNREASONED)
        self.field = "decision"


class Sitting(NamedTuple):
    """The open deliberation of a candidate, and who stepped out for them."""

    deliberation: int
    stepped_out: tuple[str, ...]


def types(rules: RuleSet) -> dict[str, Type]:
    """Return the type of each field of a decision in a cohort with these rules."""
    mentions = {one.label: one.label for one in rules.honours}
    return {"decision": choice(DECISIONS), "honours": choice(mentions), "remark": SUMMARY}


def held(enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what was decided of these candidates as {enrolment: {field: canonical text}}."""
    columns = [getattr(Decision, name) for name in FIELDS]
    query = Decision.select(Decision.enrolment, *columns).where(Decision.enrolment.in_(list(enrolments)))
    return {row[0]: dict(zip(FIELDS, row[1:], strict=True)) for row in rows(query)}


def sitting(enrolment_id: str) -> Sitting | None:
    """Return the open deliberation that a candidate is part of."""
    query = (
        Candidacy.select(Deliberation.id, Candidacy.stepped_out).join(Deliberation)
        .where((Candidacy.enrolment == enrolment_id) & (Deliberation.state == "open"))
    )  # fmt: skip
    found = rows(query)
    return Sitting(found[0][0], tuple(listed(found[0][1]))) if found else None


#: Members of a deliberation who follow the paper of a candidate: those absent have nothing to step out of.
_TUTORS = """
    SELECT c.enrolment_id, m.name, m.present
    FROM candidacy c
    JOIN paper n ON n.enrolment_id = c.enrolment_id
    JOIN jury_member m ON m.deliberation_id = c.deliberation_id AND m.tutor_id IN (n.tutor_id, n.cotutor_id)
    WHERE c.deliberation_id = ?{one}
    ORDER BY m.id
"""


def tutors(deliberation_id: int, enrolment_id: str = "") -> tuple[dict[str, tuple[str, ...]], ...]:
    """Return {enrolment: names of the members who follow their paper}, of all of them, then of those not away."""
    one, values = (" AND c.enrolment_id = ?", (enrolment_id,)) if enrolment_id else ("", ())
    everybody: dict[str, tuple[str, ...]] = {}
    there: dict[str, tuple[str, ...]] = {}
    for enrolment, name, present in rows(_TUTORS.format(one=one), deliberation_id, *values):
        everybody[enrolment] = (*everybody.get(enrolment, ()), name)
        if present is None or present:
            there[enrolment] = (*there.get(enrolment, ()), name)
    return everybody, there


def checked(enrolment_id: str, current: Values, changes: dict[str, str], reason: str, rules: RuleSet) -> dict[str, str]:
    """Return the changes of a decision with what follows from them; refuse those that may not be.

    A mention goes with an admission, and goes away with it; a remark goes with a decision.
    """
    decision = changes.get("decision", current["decision"])
    if "decision" in changes:
        _refuse_in_session(enrolment_id, current["decision"], decision, reason, rules)
    if decision != honours.WITH and changes.get("honours"):
        raise refused("honours", Message("Une mention accompagne une admission, et aucune autre décision."))
    if not decision and changes.get("remark"):
        raise refused("remark", Message("Prenez d'abord la décision : la remarque l'accompagne."))
    gone = {"honours": decision != honours.WITH, "remark": not decision}
    return changes | {name: "" for name, goes in gone.items() if goes and current[name]}


def _refuse_in_session(enrolment_id: str, before: str, after: str, reason: str, rules: RuleSet) -> None:
    found = sitting(enrolment_id)
    if found is None:
        return
    if asks_reason(before, after) and not reason:
        raise ReasonAsked
    refuse_tutor(found, enrolment_id, rules)


def refuse_tutor(found: Sitting, enrolment_id: str, rules: RuleSet) -> None:
    """Refuse to decide of somebody while a member who follows their paper is still there, where that is the rule."""
    followed = tutors(found.deliberation, enrolment_id)[1].get(enrolment_id, ())
    waited = must_step_out(Candidate("", tutors=followed, stepped_out=found.stepped_out), rules.tutor_member)
    if waited:
        raise refused("decision", Message(
            "%(members)s a suivi cette note : notez d'abord son retrait, le jury décide ensuite.",
            {"members": ", ".join(waited)},
        ))  # fmt: skip


def write(author: Author, enrolment_id: str, current: Values, changes: Values, proposal: Proposal, reason: str) -> None:
    """Keep a decision with what was proposed at that moment: later inputs never change it."""
    key = Decision.enrolment == enrolment_id
    wanted = {name: changes.get(name, current[name]) for name in FIELDS}
    if not wanted["decision"]:
        Decision.delete().where(key).execute()
        return
    values: dict[str, object] = dict(wanted)
    if "decision" in changes:
        found = sitting(enrolment_id)
        why = reason or (_taken_back(found, enrolment_id) if found and not current["decision"] else "")
        values |= _moment(author, proposal) | {"deliberation": found and found.deliberation, "reason": why}
    if not Decision.update(values).where(key).execute():
        Decision.insert(enrolment=enrolment_id, **values).execute()


def explain(enrolment_id: str, reason: str) -> None:
    """Keep why a decision is what it is."""
    Decision.update(reason=reason).where(Decision.enrolment == enrolment_id).execute()


def changed_while_sitting(deliberation_id: int, enrolment_id: str) -> bool:
    """Tell whether an open deliberation changed a decision of a candidate, which asked for a reason."""
    return bool(rows(
        "SELECT 1 FROM journal_entry j JOIN deliberation d ON d.id = ? WHERE j.kind = 'dossier' AND j.object_id = ? "
        "AND j.field = 'decision' AND j.before <> '' AND j.reason <> '' AND j.\"at\" >= d.opened_at LIMIT 1",
        deliberation_id, enrolment_id,
    ))  # fmt: skip


#: Why an open deliberation took its decision back: the next one bears it, as one that changes in one step does.
_TAKEN_BACK = """
    SELECT j.reason FROM journal_entry j JOIN deliberation d ON d.id = ?
    WHERE j.kind = 'dossier' AND j.object_id = ? AND j.field = 'decision' AND j."after" = '' AND j."at" >= d.opened_at
    ORDER BY j.id DESC LIMIT 1
"""


def _taken_back(found: Sitting, enrolment_id: str) -> str:
    reasons = rows(_TAKEN_BACK, found.deliberation, enrolment_id)
    return reasons[0][0] if reasons else ""


def _moment(author: Author, proposal: Proposal) -> dict[str, object]:
    return _advice(proposal) | {"by": author.name, "at": now()}


def _advice(proposal: Proposal) -> dict[str, str]:
    reasons = [[reason.code, str(reason.message), reason.source] for reason in proposal.reasons]
    return {"proposed": proposal.decision or "", "reasons": json.dumps(reasons)}


def confirm(author: Author, enrolment_id: str, deliberation_id: int, proposal: Proposal) -> None:
    """Have a deliberation take a decision as it stands, with what is proposed at that moment."""
    values = _moment(author, proposal) | {"deliberation": deliberation_id}
    Decision.update(values).where(Decision.enrolment == enrolment_id).execute()


def take(deliberation_id: int, proposals: Mapping[str, Proposal]) -> None:
    """Have a session that closes take the decisions of these candidates, with what is proposed of each at that moment.

    Minutes hold one moment: a grade that moved since would else stand beside the reasons that it had before.
    """
    key = Decision.enrolment.in_(list(proposals))
    Decision.update(deliberation=deliberation_id).where(key).execute()
    for enrolment, *told in rows(Decision.select(Decision.enrolment, Decision.proposed, Decision.reasons).where(key)):
        advice = _advice(proposals[enrolment])
        if told != list(advice.values()):
            # Hundreds at once: peewee would take longer to build them than the store to carry them out.
            execute("UPDATE decision SET proposed = ?, reasons = ? WHERE enrolment_id = ?", *advice.values(), enrolment)


class Recorded(NamedTuple):
    """A decision as it was recorded: with what was proposed at that moment and why, as [code, text, source]."""

    decision: str
    proposed: str
    reasons: list[list[str]]
    honours: str
    remark: str
    reason: str
    by: str
    at: datetime
    signed_at: datetime | None
    deliberation: int | None


def recorded(enrolment_id: str) -> Recorded | None:
    """Return the decision recorded of a candidate, None when there is none."""
    query = Decision.select(*(getattr(Decision, name) for name in Recorded._fields))
    found = rows(query.where(Decision.enrolment == enrolment_id))
    return Recorded(*found[0])._replace(reasons=json.loads(found[0][2])) if found else None
