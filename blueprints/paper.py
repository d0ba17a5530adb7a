"""One paper, everything about it on one page: who follows it, its milestones, its days, exchanges and deposit."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, request

from blueprints import access, cells, htmx, paper_page
from blueprints.paper_page import FIELDS_OF, Trouble
from rules.papers import MILESTONES
from rules.values import Type
from store import following, tutoring

bp = Blueprint("paper", __name__, url_prefix="/promotions/<code>/notes/<paper_id>")


@bp.get("/")
def index(code: str, paper_id: str) -> Response:
    """Show one paper; while the page stays open, answer 204 until something moves."""
    cohort = access.paper(code, paper_id)
    return htmx.nothing_new() if htmx.unchanged(cohort.version) else paper_page.show(cohort, paper_id)


@bp.post("/etapes")
def steps(code: str, paper_id: str) -> Response:
    """Note the day or the remark of a milestone, or what was done in a half-day of tutoring."""
    cohort, key = access.paper(code, paper_id), request.form.get("line", "")
    if key in FIELDS_OF or not (key in MILESTONES and key or key in following.tutoring_days(cohort.id)):
        abort(404)
    return _save(cohort, paper_id, key, following.change, following.types(cohort.id))


@bp.post("/depot")
def deposit(code: str, paper_id: str) -> Response:
    """Change what the paper is about, or what is known of its deposit."""
    cohort, key = access.paper(code, paper_id), request.form.get("line", "")
    if key not in FIELDS_OF:
        abort(404)
    return _save(cohort, paper_id, key, following.deposit, tutoring.types(cohort.id))


def _save(
    cohort: access.Cohort, paper_id: str, key: str, verb: cells.Verb, types: Mapping[str, Type]
) -> Response:
    """Save the cells of one line; answer with it, or go back to the page."""
    problems = cells.save(verb, paper_id, types, paper_page.fields_of(key))
    trouble = Trouble(key, problems=problems, status=cells.status(problems), saved=not problems)
    if htmx.wanted():
        return htmx.finish(paper_page.line(paper_page.frame(cohort, paper_id), key, trouble), trouble.status)
    if problems:
        return paper_page.show(cohort, paper_id, trouble)
    return htmx.done(f"{paper_page.root(cohort.code, paper_id)}#ligne-{key}")
