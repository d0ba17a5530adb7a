"""Papers, who follows each, how far it is, and how much each tutor has to follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from blueprints import access, cells, htmx
from blueprints.cells import Problem
from rules.papers import MILESTONES, load, page_difference
from store import people, tutoring

bp = Blueprint("tutoring", __name__, url_prefix="/promotions/<code>/notes")

#: What a tutor changes of the papers that they follow.
TUTOR_FIELDS = ("title", "problem", "milestone", "deposited_on", "pages", "link", "report_link", "similarity")


@bp.get("/")
def index(code: str) -> Response:
    """Show the papers with their tutors; while the page stays open, answer 204 until something moves."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort)


def _page(cohort: Any, wrong: str = "", problems: Mapping[str, Problem] | None = None) -> Response:
    """Render every line; `wrong` is the paper whose last change met these problems."""
    problems = problems or {}
    papers, frame = access.papers_seen(cohort.id), _frame(cohort)
    shown, filtered = _filtered(papers)
    rows = [
        _html(frame, _fields(line), line, problems) if line[0] == wrong else _row(frame, _fields(line), line)
        for line in shown
    ]
    return htmx.render(
        "tutoring/index.html", "tutoring/_papers.html", cells.status(problems),
        cohort=cohort, rows=rows, address=_address(cohort.code, filtered),
        filtered=filtered, editable=any(_fields(line) for line in shown), **_loads(cohort, papers),
    )  # fmt: skip


def _filtered(papers: list[tuple]) -> tuple[list[tuple], dict[str, str]]:
    """Keep the lines that the address asks for; return them with that part of the address."""
    if request.args.get("sans") == "tuteur":
        return [line for line in papers if not line[6]], {"sans": "tuteur"}
    tutor = request.args.get("tuteur", "")
    if tutor:
        return [line for line in papers if line[6] == tutor], {"tuteur": tutor}
    return papers, {}


def _address(code: str, filtered: Mapping[str, str]) -> str:
    page = url_for("tutoring.index", code=code)
    return f"{page}?{urlencode(filtered)}" if filtered else page


def _loads(cohort: Any, papers: list[tuple]) -> dict[str, Any]:
    """Return what the panel of load shows: each tutor's papers and capacity, and the papers nobody follows.

    A tutor sees no load: it would leave out the papers that they may not see.
    """
    known = tutoring.tutors(cohort.id)
    capacity = {row[1]: row[2] for row in known}
    loads = load({line[0]: line[6] or None for line in papers}, [row[1] for row in known], capacity)
    loads = {} if access.confined() else loads
    page = url_for("tutoring.index", code=cohort.code)
    return {
        "loads": [(name, f"{page}?{urlencode({'tuteur': name})}", held) for name, held in loads.items()],
        "orphans": sum(1 for line in papers if not line[6]), "total": len(papers), "everything": page,
    }  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """All that the lines of one page share; pages: the fewest and the most that the rule set asks for."""

    target: str
    tutors: tuple[str, ...]
    workshops: bool
    pages: tuple[int | None, int | None]
    language: str


def _frame(cohort: Any) -> Frame:
    rules = people.rule_set(cohort.id)
    return Frame(
        target=url_for("tutoring.change", code=cohort.code, paper_id="-")[:-1],
        tutors=tuple(row[1] for row in tutoring.tutors(cohort.id)),
        workshops=bool(rules.workshop_max or rules.workshop_min),
        pages=(rules.pages_min, rules.pages_max),
        language=htmx.language(),
    )


def _fields(line: tuple) -> tuple[str, ...]:
    """Return what the person of this request may change of one paper."""
    if current_user.role in access.OFFICE:
        return tutoring.FIELDS
    return TUTOR_FIELDS if current_user.role == "tutor" and current_user.id in line[16:18] else ()


def _html(
    frame: Frame, fields: tuple[str, ...], line: tuple,
    problems: Mapping[str, Problem] | None = None, saved: bool = False,
) -> str:  # fmt: skip
    paper = dict(zip(tutoring.FIELDS, line[4:16], strict=True))
    paper |= {"id": line[0], "last_name": line[2], "first_name": line[3]}
    difference = page_difference(paper["pages"], *frame.pages)
    return htmx.fragment(
        "tutoring/_row.html", paper=paper, fields=fields, problems=problems or {}, saved=saved,
        workshops=frame.workshops, version=htmx.digest((frame, fields, line)), action=f"{frame.target}{paper['id']}",
        tutors=[("", _("sans tuteur")), *((name, name) for name in frame.tutors)],
        milestones=[(code, _(label)) for code, label in MILESTONES.items()],
        milestone=_(MILESTONES.get(paper["milestone"], "")), difference=htmx.say(difference or ""),
    )  # fmt: skip


#: The same line for the same rights gives the same HTML, so it is kept.
_row = lru_cache(maxsize=4096)(_html)


@bp.post("/<paper_id>")
def change(code: str, paper_id: str) -> Response:
    """Change cells of a paper; answer with its line and the load of tutors, or go back to the page."""
    cohort = access.paper(code, paper_id)
    fields = tutoring.FIELDS if current_user.role in access.OFFICE else TUTOR_FIELDS
    if any(name in request.form or f"keep-{name}" in request.form for name in set(tutoring.FIELDS) - set(fields)):
        abort(403)
    problems = cells.save(tutoring.change, paper_id, tutoring.types(cohort.id), fields)
    if htmx.wanted():
        return _answer(cohort, paper_id, problems)
    if problems:
        return _page(cohort, paper_id, problems)
    return htmx.done(f"{url_for('tutoring.index', code=code)}#ligne-{paper_id}")


def _answer(cohort: Any, paper_id: str, problems: Mapping[str, Problem]) -> Response:
    papers = access.papers_seen(cohort.id)
    line = next((line for line in papers if line[0] == paper_id), None)
    if line is None:
        abort(404)
    html = _html(_frame(cohort), _fields(line), line, problems, saved=not problems)
    panel = render_template("tutoring/_load.html", swapped=True, filtered={}, **_loads(cohort, papers))
    return htmx.finish(html + panel, cells.status(problems))
