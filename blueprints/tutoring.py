"""Papers, who follows each, how far it is: the board, and the cells of one paper."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_login import current_user

from blueprints import access, assigning, cells, htmx, paper_board, paper_lines
from blueprints.cells import Problem
from blueprints.paper_lines import TUTOR_FIELDS
from rules.board import View
from store import following, tutoring

bp = Blueprint("tutoring", __name__, url_prefix="/promotions/<code>/notes")


@bp.get("/")
def index(code: str) -> Response:
    """Show the papers with their tutors; while the page stays open, answer 204 until something moves."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return paper_board.page(cohort)


@bp.post("/<paper_id>")
def change(code: str, paper_id: str) -> Response:
    """Change cells of a paper; answer with its line and the load of tutors, or go back to the page."""
    cohort = access.paper(code, paper_id)
    fields = tutoring.FIELDS if current_user.role in access.OFFICE else TUTOR_FIELDS
    if any(name in request.form or f"keep-{name}" in request.form for name in set(tutoring.FIELDS) - set(fields)):
        abort(403)
    problems = _saved(cohort, paper_id, fields)
    if htmx.wanted():
        return _answer(cohort, paper_id, problems)
    if problems:
        return paper_board.show(paper_board.of(cohort), wrong=paper_id, problems=problems)
    return htmx.done(f"{_page(code)}#ligne-{paper_id}")


def _saved(cohort: access.Cohort, paper_id: str, fields: tuple[str, ...]) -> dict[str, Problem]:
    """Save the cells of a paper, with the reason that the office may give; return what is wrong, by field."""
    reason = request.form.get("reason", "").strip() if "tutor" in fields else ""
    if wrong := assigning.reason_refused():
        return {"reason": Problem(wrong, reason)}
    return cells.save(partial(following.deposit, reason=reason), paper_id, tutoring.types(cohort.id), fields)


def _page(code: str) -> str:
    """Return the address of the board that a plain form was sent from, its filters kept."""
    page, sent_from = url_for("tutoring.index", code=code), urlsplit(request.referrer or "")
    return f"{page}?{sent_from.query}" if sent_from.path == page and sent_from.query else page


def _answer(cohort: access.Cohort, paper_id: str, problems: Mapping[str, Problem]) -> Response:
    found = paper_board.of(cohort)
    line = next((line for line in found.lines if line.id == paper_id), None)
    if line is None:
        abort(404)
    html = paper_lines.row(found.frame, paper_lines.fields(line), line, problems, saved=not problems)
    panel = render_template("tutoring/_load.html", swapped=True, **paper_board.panel(found, View()))
    return htmx.finish(html + panel, cells.status(problems))
