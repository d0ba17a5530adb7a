"""What the rules propose to the jury for one participant, and why. The jury decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rules.attendance import Summary, hours_text
from rules.message import Message
from rules.rule_set import RuleSet, Unit

DECISIONS = {
    "admitted": "admis·e",
    "adjourned": "ajourné·e",
    "defaulted": "défaillant·e",
    "resit": "rattrapage",
}


@dataclass(frozen=True)
class Work:
    """What was graded: a grade cell, that of the resit, and who reported a plagiarism.

    Cells are canonical (see rules.values): '', '14.5', ABS, EXC, PLAG, ATT. The first grade is
    kept beside the resit's, which is the one that counts once it is there.
    """

    grade: str = ""
    resit: str = ""
    reported_by: str = ""

    @property
    def counting(self) -> str:
        """Give the cell that counts."""
        return self.resit or self.grade


@dataclass(frozen=True)
class Dossier:
    """What is known of one participant on the day of the jury.

    units: unit code -> work; parts: unit code -> assessment code -> work, of units made of assessments. paper_due: the
    deposit is closed, so a missing paper is missing. did_not_sit: absent from the whole final examination or continuous
    assessment. fees_paid: None when nobody has said.
    """

    attendance: Summary | None = None
    units: Mapping[str, Work] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Work]] = field(default_factory=dict)
    paper: Work = Work()
    paper_deposited: bool = False
    paper_due: bool = True
    did_not_sit: bool = False
    fees_paid: bool | None = None


@dataclass(frozen=True)
class Reason:
    """One named reason of a proposal, with the document that founds it."""

    code: str
    message: Message
    source: str = ""


@dataclass(frozen=True)
class Proposal:
    """A proposed decision, None while something is awaited.

    credits: those of the units at the pass mark, whatever the decision. holds: what holds the
    release of the certificate, never the decision.
    """

    decision: str | None
    reasons: tuple[Reason, ...]
    credits: int
    holds: tuple[Message, ...]


# What a reason leads to, strongest first. The last two let nothing be decided, or take it back. What befell an
# assessment is named and leads to nothing by itself: the grade of its unit does.
_OUTCOMES = (
    ("defaulted", ("hours_over", "did_not_sit")),
    ("adjourned", ("hours_full", "below", "absent", "plagiarism", "no_paper")),
    ("resit", ("resit_due",)),
    (None, ("awaited",)),
)


def proposal(dossier: Dossier, rule_set: RuleSet) -> Proposal:
    """Propose a decision for one participant, with its named reasons.

    Each unit and the paper must reach the pass mark; nothing compensates. What already excludes
    the certificate decides at once; otherwise anything awaited leaves the decision open.
    """
    reasons = (*_attendance_reasons(dossier, rule_set), *_unit_reasons(dossier, rule_set),
               *_paper_reasons(dossier, rule_set))
    codes = {reason.code for reason in reasons}
    decision: str | None = "admitted"
    for outcome, leading in _OUTCOMES:
        if codes & set(leading):
            decision = outcome
            break
    return Proposal(decision, reasons, credits(dossier, rule_set), _holds(dossier, rule_set))


def did_not_sit(works: Collection[Work]) -> bool:
    """Tell whether somebody was absent, without a justification, from every control there was."""
    return bool(works) and all(work.counting == "ABS" for work in works)


def credits(dossier: Dossier, rule_set: RuleSet) -> int:
    """Add the credits of the units whose grade reaches the pass mark."""
    return sum(unit.credits for unit in rule_set.units
               if reaches(dossier.units.get(unit.code, Work()), rule_set.pass_mark))


def reaches(work: Work, pass_mark: Decimal) -> bool:
    """Tell whether the grade that counts reaches the pass mark: the credits of that unit are obtained."""
    cell = work.counting
    return cell[:1].isdigit() and Decimal(cell) >= pass_mark


def _attendance_reasons(dossier: Dossier, rule_set: RuleSet) -> list[Reason]:
    found = []
    hours, source = dossier.attendance, rule_set.source("attendance")
    if hours is not None and hours.defaulted:
        found.append(Reason("hours_over", Message(
            "Heures : absent·e %(absent)s, %(allowed)s permises.",
            {"absent": hours_text(hours.absent), "allowed": hours_text(hours.allowed or 0)}), source))
    elif hours is not None and hours.cannot_comply:
        found.append(Reason("hours_full", Message(
            "Heures : absent·e %(absent)s, la participation à tous les modules est demandée.",
            {"absent": hours_text(hours.absent)}), source))
    if dossier.did_not_sit:
        found.append(Reason("did_not_sit", Message("N'a pas composé aux évaluations."), source))
    return found


def _unit_reasons(dossier: Dossier, rule_set: RuleSet) -> list[Reason]:
    found, source = [], rule_set.source("pass_mark")
    for unit in rule_set.units:
        work = dossier.units.get(unit.code, Work())
        reason = _work_reason(unit.code, work, rule_set.pass_mark, source)
        found += [reason] if reason else []
        found += _part_reasons(unit, work.counting, dossier.parts.get(unit.code, {}), source)
    return found


def _part_reasons(unit: Unit, cell: str, parts: Mapping[str, Work], source: str) -> list[Reason]:
    """Name what befell assessments of a unit; the same in all of them is what its own cell says."""
    if cell in ("ABS", "PLAG"):
        return []
    named = ((f"{unit.code} {one.code}", parts.get(one.code, Work())) for one in unit.assessments)
    return [reason for label, work in named if (reason := _part_reason(label, work, source))]


def _part_reason(label: str, work: Work, source: str) -> Reason | None:
    named: dict[str, object] = {"work": label, "teacher": work.reported_by}
    if work.counting == "ABS":
        return Reason("part_absent", Message("%(work)s : absent·e à cette épreuve, 0.", named), source)
    if work.counting != "PLAG":
        return None
    if work.reported_by:
        return Reason("part_plagiarism", Message("%(work)s : plagiat signalé par %(teacher)s, 0 à cette épreuve.",
                                                 named), source)  # fmt: skip
    return Reason("part_plagiarism", Message("%(work)s : plagiat signalé, 0 à cette épreuve.", named), source)


def _work_reason(label: str, work: Work, pass_mark: Decimal, source: str) -> Reason | None:
    """Give the reason why a work does not reach the pass mark, None when it does."""
    cell = work.counting
    named: dict[str, object] = {"work": label}
    if cell in ("", "ATT"):
        return Reason("awaited", Message("%(work)s : en attente de la note.", named), source)
    if cell == "ABS":
        return Reason("absent", Message("%(work)s : absent·e au contrôle, 0.", named), source)
    if cell == "EXC":
        return Reason("resit_due", Message("%(work)s : absence justifiée, rattrapage dû.", named), source)
    if cell == "PLAG":
        return _plagiarism(label, work, source)
    if reaches(work, pass_mark):
        return None
    named |= {"grade": cell.replace(".", ","), "pass_mark": str(pass_mark).replace(".", ",")}
    return Reason("below", Message("%(work)s : %(grade)s, au-dessous de %(pass_mark)s.", named), source)


def _plagiarism(label: str, work: Work, source: str) -> Reason:
    if work.reported_by:
        return Reason("plagiarism", Message("%(work)s : plagiat signalé par %(teacher)s, 0.",
                                            {"work": label, "teacher": work.reported_by}), source)
    return Reason("plagiarism", Message("%(work)s : plagiat signalé, 0.", {"work": label}), source)


def _paper_reasons(dossier: Dossier, rule_set: RuleSet) -> list[Reason]:
    if not rule_set.paper_required:
        return []
    work, label, source = dossier.paper, rule_set.paper_kind, rule_set.source("paper_required")
    if work.counting in ("", "ABS") and not dossier.paper_deposited:
        if dossier.paper_due:
            return [Reason("no_paper", Message("%(work)s : pas de dépôt.", {"work": label}), source)]
        return [Reason("awaited", Message("%(work)s : en attente du dépôt.", {"work": label}), source)]
    if work.counting == "" and not rule_set.paper_graded:
        return []
    reason = _work_reason(label, work, rule_set.pass_mark, source)
    return [reason] if reason else []


def _holds(dossier: Dossier, rule_set: RuleSet) -> tuple[Message, ...]:
    if not rule_set.fees_required or dossier.fees_paid:
        return ()
    if dossier.fees_paid is None:
        return (Message("Délivrance retenue : le paiement des frais n'est pas constaté."),)
    return (Message("Délivrance retenue : les frais ne sont pas acquittés en totalité."),)
