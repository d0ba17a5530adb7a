"""One candidate's dossier: the facts, what the rule set says of each with its source, the proposal and the decision."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from blueprints import access, dossier_paper, grade_views, htmx
from rules import honours
from rules.grades import GRADE, JOINT, MARKERS, MARKINGS, PAPER, RESIT, RESIT_ON, entered
from rules.jury import DECISIONS, Reason
from rules.papers import MILESTONES
from rules.rule_set import Assessment, RuleSet, Unit
from rules.values import display_date, display_decimal
from store import (
    candidate_numbers,
    candidates,
    decisions,
    jury,
    minutes,
    one_dossier,
    people,
    rosters,
)

bp = Blueprint("dossier", __name__, url_prefix="/promotions/<code>/jury/dossiers/<enrolment_id>")


@dataclass(frozen=True)
class Graded:
    """One work as pages show it; part: an assessment, within its unit. verdict: what the rule set says of it."""

    label: str
    title: str
    credits: str
    grade: str
    resit: str
    verdict: str
    source: str
    reached: bool
    part: bool = False
    resit_on: str = ""
    markings: tuple[tuple[str, str], ...] = ()
    held_on: str = ""
    #: Absences that were justified on the day of the control, which change nothing by themselves.
    absences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is known of a candidate, and what the rules make of it."""

    absent: int
    allowed: int | None
    total: int
    broken: bool
    rule: str
    rule_source: str
    works: tuple[Graded, ...]
    credits: int
    paper: str
    milestone: str
    deposited: str
    fees: str
    fees_source: str
    proposed: str
    proposal: str
    reasons: tuple[tuple[str, str], ...]
    holds: tuple[str, ...]
    honours: str
    why: str


def facts(
    cohort: access.Cohort, line: jury.Line, rules: RuleSet, held: Mapping[str, str] | None = None,
    away: Collection[date] = (),
) -> Facts:  # fmt: skip
    """Return what pages show of a dossier; `held` adds what is entered beside its grades, `away` justified absences."""
    cells, why = candidates.counting(line), honours.why(rules, candidates.counting(line))
    advice = line.proposal
    return Facts(
        absent=line.hours.absent, allowed=line.hours.allowed, total=line.hours.total,
        broken=bool(line.hours.defaulted or line.hours.cannot_comply), rule=htmx.attendance_rule(rules),
        rule_source=rules.source("attendance"), works=tuple(_works(line, rules, held or {}, away)),
        credits=advice.credits,
        paper=line.paper, milestone=_(MILESTONES[line.milestone]) if line.milestone else "",
        deposited=_deposited(line), fees=_fees(line, rules), fees_source=rules.source("fees_required"),
        proposed=advice.decision or "", proposal=_(DECISIONS[advice.decision]) if advice.decision else _("en attente"),
        reasons=tuple((htmx.say(one.message), one.source) for one in advice.reasons),
        holds=tuple(htmx.say(hold) for hold in advice.holds),
        honours=honours.proposed(rules, cells, advice.decision), why=htmx.say(why) if why else "",
    )  # fmt: skip


def _deposited(line: jury.Line) -> str:
    if line.deposited_on:
        return _("déposée le %(day)s", day=display_date(line.deposited_on.isoformat()))
    return _("déposée") if line.deposited else _("pas de dépôt")


def _fees(line: jury.Line, rules: RuleSet) -> str:
    if line.fees_paid_on:
        return _("acquittés le %(day)s", day=display_date(line.fees_paid_on.isoformat()))
    return _("non constatés") if rules.fees_required else _("non demandés avant délivrance")


def _works(line: jury.Line, rules: RuleSet, held: Mapping[str, str], away: Collection[date]) -> list[Graded]:
    """List the works: each unit, its assessments under it, then the paper."""
    controls = {one.work: one.held_on for one in entered(rules)}
    return [_with_day(line, one, work, held, controls.get(work), away) for work, one in _listed(line, rules, held)]


def _with_day(
    line: jury.Line, one: Graded, work: str, held: Mapping[str, str], held_on: date | None, away: Collection[date]
) -> Graded:
    cells = {f"{GRADE}{work}": line.grades.get(work, ""), f"{RESIT}{work}": line.resits.get(work, "")}
    cells[f"{RESIT_ON}{work}"] = held.get(f"{RESIT_ON}{work}", "")
    day = display_date(held_on.isoformat()) if held_on else ""
    return replace(one, held_on=day, absences=tuple(grade_views.absences(cells, work, held_on, away)))


def _listed(line: jury.Line, rules: RuleSet, held: Mapping[str, str]) -> Iterator[tuple[str, Graded]]:
    reasons = {str(one.message.values["work"]): one for one in line.proposal.reasons if "work" in one.message.values}
    for unit in rules.units:
        yield unit.code, _graded(line, rules, held, unit.code, unit.code, unit.title, reasons.get(unit.code),
                                 str(unit.credits))  # fmt: skip
        for one in unit.assessments:
            reason = reasons.get(f"{unit.code} {one.code}")
            yield f"{unit.code}{JOINT}{one.code}", _assessment(line, held, unit, one, reason)
    kind = rules.paper_kind
    if rules.paper_required or PAPER in line.grades:
        yield PAPER, _graded(line, rules, held, PAPER, _(kind).capitalize(), "", reasons.get(kind))


def _graded(
    line: jury.Line, rules: RuleSet, held: Mapping[str, str], work: str, label: str, title: str,
    reason: Reason | None, credits: str = "",
) -> Graded:  # fmt: skip
    verdict, source = (htmx.say(reason.message), reason.source) if reason else _reached(line, rules, work)
    return Graded(
        label, title, credits, display_decimal(line.grades.get(work, "")), display_decimal(line.resits.get(work, "")),
        verdict, source, reached=reason is None, resit_on=_resit_on(held, work), markings=_markings(held, work),
    )  # fmt: skip


def _reached(line: jury.Line, rules: RuleSet, work: str) -> tuple[str, str]:
    """Say of a work without any reason against it what is met, and which document asks it."""
    if not candidates.counting(line).get(work):
        return _("Aucune note n'est demandée."), rules.source("paper_graded")
    said = _("Atteint la note minimale de %(mark)s.", mark=str(rules.pass_mark).replace(".", ","))
    return said, rules.source("pass_mark")


def _assessment(
    line: jury.Line, held: Mapping[str, str], unit: Unit, one: Assessment, reason: Reason | None
) -> Graded:  # fmt: skip
    work, weight = f"{unit.code}{JOINT}{one.code}", _("coefficient %(weight)s", weight=one.weight)
    return Graded(
        one.code, one.title, "", display_decimal(line.grades.get(work, "")), display_decimal(line.resits.get(work, "")),
        f"{weight} · {htmx.say(reason.message)}" if reason else weight, "", reached=True, part=True,
        resit_on=_resit_on(held, work), markings=_markings(held, work),
    )  # fmt: skip


def _resit_on(held: Mapping[str, str], work: str) -> str:
    return display_date(held[f"{RESIT_ON}{work}"]) if held.get(f"{RESIT_ON}{work}") else ""


def _markings(held: Mapping[str, str], work: str) -> tuple[tuple[str, str], ...]:
    found = ((held.get(f"{who}{work}", ""), held.get(f"{what}{work}", ""))
             for who, what in zip(MARKERS, MARKINGS, strict=True))  # fmt: skip
    return tuple((marker, display_decimal(value)) for marker, value in found if marker)


# -- the page --------------------------------------------------------------------------------------------


@bp.get("/")
def index(code: str, enrolment_id: str) -> Response:
    """Show the whole dossier of one candidate; while it stays open, answer 204 until something moves."""
    cohort = access.jury(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    names, rules = rosters.names(cohort.id), people.rule_set(cohort.id)
    place = next((rank for rank, one in enumerate(names) if one[0] == enrolment_id), None)
    line = jury.line(cohort.id, enrolment_id, htmx.today(), rules) if place is not None else None
    if place is None or line is None:
        abort(404)
    # Under a number, what is of a unit stands beside no name.
    covered = candidate_numbers.covered(cohort.id, rules)
    works = [one.work for one in entered(rules) if not (covered and one.unit)]
    (held, away), session = one_dossier.beside(line.id, works), one_dossier.session(cohort.id, line.id)
    return htmx.render(
        "dossier/index.html", "dossier/_dossier.html",
        cohort=cohort, line=line, facts=facts(cohort, line, rules, held, () if covered else away), rules=rules,
        decision=_decision(cohort, line, session), paper=dossier_paper.paper(line, rules), members=session.members,
        reports=_reports(line, covered), previous=names[place - 1] if place else None,
        next=names[place + 1] if place + 1 < len(names) else None, place=place + 1, total=len(names),
        jury=url_for("jury.index", code=code), address=url_for("dossier.index", code=code, enrolment_id=enrolment_id),
    )  # fmt: skip


def _decision(cohort: access.Cohort, line: jury.Line, session: one_dossier.Session) -> dict[str, Any]:
    """Return the decision of a candidate: what minutes sealed, and what is recorded where nothing is sealed now."""
    recorded = decisions.recorded(line.id)
    current = recorded if recorded and recorded.signed_at is None else None
    sealed = minutes.results(cohort.id, published=False).get(line.id)
    then = line.proposed if current else sealed.line["proposed"] if sealed else None
    return {
        "recorded": current, "sealed": sealed,
        "labels": {code: _(label) for code, label in DECISIONS.items()} | {"": _("en attente")},
        "at": htmx.moment(recorded.at) if recorded else "", "sitting": session.sitting,
        # Of what is sealed, the proposal of that moment is the one in the minutes.
        "drifted": then is not None and then != (line.proposal.decision or ""),
    }  # fmt: skip


def _reports(line: jury.Line, covered: bool) -> list[tuple[str, Any, str]]:
    """List the reports of plagiarism about this candidate as (work, report, when); of units, not under a number."""
    found = [row for row in one_dossier.reports(line.id) if row[0] == PAPER or not covered]
    return [(_("Écrit") if work == PAPER else work, one, htmx.moment(one.at)) for work, one in found]
