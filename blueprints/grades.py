"""Grades entered as a table, cell by cell, from the keyboard or a spreadsheet; and what two markers gave of a work."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, cells, grade_views, htmx
from blueprints.cells import Partly, Problem
from blueprints.forms import once
from blueprints.grade_views import AT, PAPER_ALONE, SEEN, View
from rules.grades import MARKERS, entered
from rules.values import GRADE_LABELS
from store import candidate_numbers, grade_grid, people
from store.errors import Refused

bp = Blueprint("grades", __name__, url_prefix="/promotions/<code>/jury/notes")
#: What is asked of each line: {candidate: {field: typed}}, and what its author had read of it.
Asked = dict[str, tuple[dict[str, str], dict[str, str]]]
Problems = dict[str, dict[str, Problem]]


@bp.get("/")
def index(code: str) -> Response:
    """Show the table of all grades; while names are covered, units by number, and the paper apart."""
    cohort = access.jury(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _kept_page(grade_views.of_grades(cohort, _paper_alone()))


@bp.get("/corrections/")
def markings(code: str) -> Response:
    """Show what two markers gave of one work, and the grade agreed on."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _kept_page(_of_markers(cohort))


def _paper_alone() -> bool:
    return request.args.get("vue") == PAPER_ALONE


def _of_markers(cohort: Any) -> View:
    works = [one.work for one in entered(people.rule_set(cohort.id))]
    view = grade_views.of_markers(cohort, request.args.get("travail", works[0]))
    if view is None:
        abort(404)
    return view


# -- the page -----------------------------------------------------------------------------------------


def _kept_page(view: View) -> Response:
    parts = _kept_section(view, view.cohort.id, view.cohort.version, access.role() in access.OFFICE)
    return htmx.finish_around("" if htmx.wanted() else _around(view, htmx.HERE), parts)


# The version of a cohort grows with any change to it: two requests of one version show the same.
@lru_cache(maxsize=8)
def _kept_section(view: View, cohort_id: int, version: int, office: bool) -> list[list[bytes]]:
    return htmx.cut(_section(view, {}))


def _around(view: View, section: str, problem: str = "") -> str:
    return render_template(
        "grades/index.html", cohort=view.cohort, board=section, view=view, words=GRADE_LABELS, problem=problem,
        without=candidate_numbers.lacking(view.cohort.id) if view.numbered else 0, works=entered(view.rules),
        double=view.rules.double_marking, name=request.form.get("name", ""),
        paper_alone=view.covered and not view.numbered and not view.work,
    )  # fmt: skip


def _section(view: View, problems: Problems) -> str:
    found = grade_views.drawn(view, view.candidates())
    return render_template(
        "grades/_grid.html", cohort=view.cohort, view=view, rows=grade_views.lines(view, found, problems), at=AT,
        sealed=sum(line[-1] for line in found),
        address=_address(view), action=_action(view), columns=htmx.digest((view.columns, view.groups)),
        wrong=sum(map(len, problems.values())),
    )  # fmt: skip


def _address(view: View) -> str:
    if view.work:
        return url_for("grades.markings", code=view.cohort.code, travail=view.work)
    alone = PAPER_ALONE if view.covered and not view.numbered else None
    return url_for("grades.index", code=view.cohort.code, vue=alone)


def _action(view: View) -> str:
    if view.work:
        return url_for("grades.save_markings", code=view.cohort.code, travail=view.work)
    alone = PAPER_ALONE if view.covered and not view.numbered else None
    return url_for("grades.save", code=view.cohort.code, vue=alone)


# -- saving --------------------------------------------------------------------------------------------------


@bp.post("/")
def save(code: str) -> Response:
    """Save the cells that were changed, each on its own; answer with their lines, or go back to the page."""
    return _save(grade_views.of_grades(access.cohort(code), _paper_alone()))


@bp.post("/corrections/")
def save_markings(code: str) -> Response:
    """Save what two markers gave, and the grade agreed on, each cell on its own."""
    return _save(_of_markers(access.cohort(code)))


def _save(view: View) -> Response:
    asked = dict(_asked(view))
    if unknown := asked.keys() - {who.key for who in view.candidates(asked)}:
        abort(404, description=", ".join(sorted(unknown)))
    problems = _carry_out(view, asked)
    status = cells.status({f"{key}{name}": one for key, found in problems.items() for name, one in found.items()})
    if htmx.wanted():
        rows = grade_views.lines(view, grade_views.drawn(view, view.candidates(asked)), problems)
        return htmx.finish(render_template("grades/_rows.html", rows=rows), status)
    if problems:
        return htmx.finish(_around(view, _section(view, problems)), status)
    count = sum(len(wanted) for wanted, _seen in asked.values())
    said = ngettext("%(num)d cellule enregistrée.", "%(num)d cellules enregistrées.", count)
    return htmx.done(_address(view), said if count else _("Rien n'a changé."))


def _asked(view: View) -> Iterator[tuple[str, tuple[dict[str, str], dict[str, str]]]]:
    """Give what was changed of each line sent, and what its author had read; a cell left as it was is left out."""
    types, typed = view.types, {}
    for name, text in request.form.items():
        field, at, key = name.removeprefix("keep-").partition(AT)
        if at and field in types and (name.startswith("keep-") or f"keep-{name}" not in request.form):
            typed.setdefault(key, {})[field] = text
    for key, texts in typed.items():
        seen = dict(zip(view.fields, request.form.get(f"seen{AT}{key}", "").split(SEEN), strict=False))
        if len(seen) != len(view.fields):
            abort(400)
        wanted = {name: text for name, text in texts.items() if not cells.same(types[name], text, seen[name])}
        yield key, (wanted, {name: seen[name] for name in wanted})


def _carry_out(view: View, asked: Asked) -> Problems:
    """Save each cell on its own, once; one that is refused holds no other back and leaves the form free to be sent."""
    problems: Problems = {}
    try:
        with once() as first:
            if first:
                problems = _attempt(view, asked)
            if problems:
                raise Partly
    except Partly:
        good = {
            key: ({name: text for name, text in wanted.items() if name not in problems.get(key, {})}, seen)
            for key, (wanted, seen) in asked.items()
        }
        for key, found in _attempt(view, good).items():
            problems.setdefault(key, {}).update(found)
    return problems


def _attempt(view: View, asked: Mapping[str, tuple[dict[str, str], dict[str, str]]]) -> Problems:
    found, types = {}, view.types
    with grade_grid.kept(view.cohort.id, asked, view.numbered):
        for key, (wanted, seen) in asked.items():
            if wrong := cells.attempt(view.verb, key, types, wanted, seen):
                found[key] = wrong
    return found


@bp.post("/corrections/noms")
def name_markers(code: str) -> Response:
    """Name one of the two markers of a work for everybody for whom nobody is named yet."""
    cohort = access.cohort(code)
    view, name = _of_markers(cohort), request.form.get("name", "")
    field = f"{MARKERS[request.form.get('place') == '2']}{view.work}"
    try:
        if not view.types[field].parse(name):
            raise Refused("Indiquez qui a corrigé.")
        with once() as first:
            count = _name(view, field, name) if first else 0
    except Refused as error:
        return htmx.finish(_around(view, _section(view, {}), htmx.say(error.message)), 422)
    return htmx.done(_address(view), ngettext("%(num)d ligne a reçu ce nom.", "%(num)d lignes ont reçu ce nom.", count))


def _name(view: View, field: str, name: str) -> int:
    """Name a marker line by line; leave out who is in signed minutes, or was given one meanwhile."""
    without = [who.key for who in view.candidates() if not who.fields.get(field)]
    with grade_grid.kept(view.cohort.id, without, view.numbered):
        return sum(not cells.attempt(view.verb, key, view.types, {field: name}, {field: ""}) for key in without)
