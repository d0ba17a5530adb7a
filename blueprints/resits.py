"""The queue of resits: who waits for one, when it is held, and its grade beside the first one."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from blueprints import access, candidates, cells, htmx
from blueprints.cells import Problem
from rules.grades import RESIT, RESIT_ON, entered
from rules.values import GRADE_LABELS, display_date, display_decimal
from store import grades, people, resits
from store.resits import Resit

bp = Blueprint("resits", __name__, url_prefix="/promotions/<code>/jury/rattrapages")


@bp.get("/")
def index(code: str) -> Response:
    """Show the resits that wait, then those that were graded."""
    cohort = access.jury(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort)


def _page(cohort: Any, wrong: str = "", problems: Mapping[str, Problem] | None = None) -> Response:
    """Render every line; `wrong` is the line whose last change met these problems."""
    problems, found = problems or {}, resits.resits(cohort.id)
    rows = [_html(cohort.code, one, problems if _line_id(one) == wrong else {}) for one in found]
    return htmx.render(
        "resits/index.html", "resits/_resits.html", cells.status(problems), cohort=cohort, rows=rows,
        due=sum(one.due for one in found), words=GRADE_LABELS, covered=candidates.covered(cohort),
        address=url_for("resits.index", code=cohort.code), sealed=len({one.key for one in found if one.sealed}),
        sealed_due=any(one.sealed and one.due for one in found),
    )  # fmt: skip


def _line_id(one: Resit) -> str:
    return f"{one.key}-{one.work}"


def _html(
    code: str, one: Resit, problems: Mapping[str, Problem] | None = None, saved: bool = False
) -> str:
    return htmx.fragment(
        "resits/_row.html", one=one, row=_line_id(one), first=display_decimal(one.first), saved=saved,
        first_label=_(GRADE_LABELS[one.first]) if one.first in GRADE_LABELS else "",
        action=url_for("resits.change", code=code, key=one.key, work=one.work), problems=problems or {},
        day=(f"{RESIT_ON}{one.work}", display_date(one.day), one.day),
        grade=(f"{RESIT}{one.work}", display_decimal(one.grade), one.grade), version=htmx.digest(one),
    )  # fmt: skip


@bp.post("/<key>/<work>")
def change(code: str, key: str, work: str) -> Response:
    """Record the day of a resit or its grade; answer with its line, or go back to the page."""
    cohort = access.cohort(code)
    rules = people.rule_set(cohort.id)
    if work not in {one.work for one in entered(rules)}:
        abort(404)
    candidates.enrolment(cohort, key, work)
    types = {name: grades.types(rules)[name] for name in (f"{RESIT_ON}{work}", f"{RESIT}{work}")}
    problems = cells.save(candidates.verb(cohort, work), key, types, types)
    if htmx.wanted():
        return _answer(cohort, key, work, problems)
    if problems:
        return _page(cohort, f"{key}-{work}", problems)
    return htmx.done(f"{url_for('resits.index', code=code)}#ligne-{key}-{work}")


def _answer(cohort: Any, key: str, work: str, problems: Mapping[str, Problem]) -> Response:
    found = [one for one in resits.resits(cohort.id) if (one.key, one.work) == (key, work)]
    if not found:
        # Nothing is left of it: the line goes.
        return htmx.finish("")
    return htmx.finish(_html(cohort.code, found[0], problems, saved=not problems), cells.status(problems))
