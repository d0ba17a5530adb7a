"""What the jury sees and enters: one line per candidate, what the rules propose, what was decided."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for
from flask_babel import gettext as _

from blueprints import access, candidates, cells, htmx, wording
from blueprints.cells import Problem
from rules.deliberations import STATES
from rules.grades import computed
from rules.jury import DECISIONS
from rules.papers import MILESTONES
from rules.rule_set import SETTINGS, RuleSet
from rules.values import GRADE_LABELS, display_decimal
from store import deliberations, grade_anomalies, jury, people
from store.jury import Line

bp = Blueprint("jury", __name__, url_prefix="/promotions/<code>/jury")


@bp.get("/")
def index(code: str) -> Response:
    """Show the dossiers; while the page stays open, answer 204 until something moves."""
    cohort = access.jury(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort)


def _page(cohort: Any, wrong: str = "", problems: Mapping[str, Problem] | None = None) -> Response:
    """Render every line; `wrong` is the candidate whose last change met these problems."""
    problems = problems or {}
    rules, lines = people.rule_set(cohort.id), jury.lines(cohort.id, htmx.today())
    frame = _frame(cohort, rules)
    rows = [_html(frame, line, problems) if problems and line.id == wrong else _row(frame, line) for line in lines]
    return htmx.render(
        "jury/index.html", "jury/_dossiers.html", cells.status(problems),
        cohort=cohort, rows=rows, counts=_counts(cohort, lines), settings=_settings(rules), words=GRADE_LABELS,
        address=url_for("jury.index", code=cohort.code), sitting=deliberations.current(cohort.id), states=STATES,
    )  # fmt: skip


def _settings(rules: RuleSet) -> list[tuple[str, str, str]]:
    """List the rules in force as (label, value, source); those that limit nothing are left out."""
    found = [(_(label), wording.setting(rules, name), rules.source(name)) for name, label in SETTINGS.items()]
    return [setting for setting in found if setting[1]]


def _counts(cohort: Any, lines: list[Line]) -> dict[str, Any]:
    """Count the decisions, those still to take, and those that the rules would not propose any more."""
    by_decision = Counter(line.decision for line in lines)
    anomalies = grade_anomalies.count(cohort.id, people.version(cohort.id), htmx.today())
    return {
        "decisions": [(_(label), by_decision[code]) for code, label in DECISIONS.items()],
        "waiting": by_decision[""], "total": len(lines), "drifted": sum(line.drifted for line in lines),
        "sealed": sum(line.sealed for line in lines),
        "anomalies": anomalies, "anomalies_at": url_for("grade_anomalies.index", code=cohort.code),
    }  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """All that the lines of one page share, and that what is kept of them depends on.

    works: (work, short label, title) of each grade; today: an instant of today is shown without its date.
    """

    target: str
    papers: str
    works: tuple[tuple[str, str, str], ...]
    worked_out: frozenset[str]
    covered: bool
    fees_required: bool
    credits: bool
    language: str
    today: date


def _frame(cohort: Any, rules: RuleSet) -> Frame:
    code, covered = cohort.code, candidates.covered(cohort)
    # Under a number, grades of units stand beside no name.
    units = () if covered else tuple((unit.code, unit.code, unit.title) for unit in rules.units)
    paper = ((jury.PAPER, _(rules.paper_kind).capitalize(), ""),) if jury.paper_shown(cohort.id, rules) else ()
    works = (*units, *paper)
    target = url_for("jury.change", code=code, enrolment_id="-")[:-1]
    papers = url_for("paper.index", code=code, paper_id="-").removesuffix("-/")
    return Frame(
        target, papers, works, computed(rules), covered, rules.fees_required, bool(units), htmx.language(), htmx.today()
    )


def _html(
    frame: Frame, line: Line, problems: Mapping[str, Problem] | None = None, saved: bool = False
) -> str:
    grades = [
        (f"grade-{work}", label, title, display_decimal(line.grades.get(work, "")), line.grades.get(work, ""),
         work in frame.worked_out, display_decimal(line.resits.get(work, "")))
        for work, label, title in frame.works
    ]
    reasons = [(htmx.say(reason.message), reason.source) for reason in line.proposal.reasons]
    return htmx.fragment(
        "jury/_row.html", line=line, grades=grades, reasons=reasons, problems=problems or {}, saved=saved,
        frame=frame, action=f"{frame.target}{line.id}", at=htmx.moment(line.at),
        milestone=_(MILESTONES[line.milestone]) if line.milestone else "",
        holds=[htmx.say(hold) for hold in line.proposal.holds],
        proposed=_(DECISIONS[line.proposal.decision]) if line.proposal.decision else _("en attente"),
        decided=_(DECISIONS[line.decision]) if line.decision else "",
        decisions=[("", _("à décider")), *((code, _(label)) for code, label in DECISIONS.items())],
        version=htmx.digest((
            line.id, line.last_name, line.first_name, grades, line.hours.absent, line.hours.total, line.milestone,
            line.paper, line.deposited_on, line.fees_paid_on, line.proposal, line.decision, line.proposed, line.by,
            line.at, line.sealed,
        )),
    )  # fmt: skip


#: The same facts give the very same line, and it the same HTML, which is kept.
_row = lru_cache(maxsize=4096)(_html)


@bp.post("/<enrolment_id>")
def change(code: str, enrolment_id: str) -> Response:
    """Record grades and the decision of one candidate; answer with their line, or go back to the page."""
    cohort = access.enrolment(code, enrolment_id)
    types = jury.types(cohort.id)
    problems = cells.save(jury.change, enrolment_id, types, types)
    if htmx.wanted():
        return _answer(cohort, enrolment_id, problems)
    if problems:
        return _page(cohort, enrolment_id, problems)
    return htmx.done(f"{url_for('jury.index', code=code)}#ligne-{enrolment_id}")


def _answer(cohort: Any, enrolment_id: str, problems: Mapping[str, Problem]) -> Response:
    """Return the line alone, with the counts that its change may have moved."""
    lines = jury.lines(cohort.id, htmx.today())
    line = next((line for line in lines if line.id == enrolment_id), None)
    if line is None:
        abort(404)
    html = _html(_frame(cohort, people.rule_set(cohort.id)), line, problems, saved=not problems)
    counts = render_template("jury/_counts.html", swapped=True, counts=_counts(cohort, lines))
    return htmx.finish(html + counts, cells.status(problems))
