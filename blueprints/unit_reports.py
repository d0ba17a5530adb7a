"""Plagiarism reported in the work of a unit by a named person, and such a report taken back: both with why."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, candidates, htmx
from blueprints.forms import once
from rules.grades import PAPER, entered
from store import candidate_numbers, grade_grid, people, unit_reports
from store.errors import Refused, Unknown

bp = Blueprint("unit_reports", __name__, url_prefix="/promotions/<code>/jury/plagiats")
_TYPED = ("who", "work", "reporter", "reason", "grade")


@bp.get("/")
def index(code: str) -> Response:
    """Show the reports, those taken back included, and the form of a new one."""
    return _page(access.cohort(code))


def _page(
    cohort: Any, problem: str = "", field: str = "", typed: Mapping[str, str] | None = None, about: int = 0,
    status: int = 200,
) -> Response:  # fmt: skip
    works = {one.work: one.label for one in entered(people.rule_set(cohort.id)) if one.work != PAPER}
    names = _names(cohort)
    found = [
        (names.get(one.enrolment, "–"), works.get(one.work, one.work), htmx.moment(one.report.at),
         htmx.moment(one.report.withdrawn_at), one.report)
        for one in unit_reports.reports(cohort.id)
    ]  # fmt: skip
    return htmx.render(
        "unit_reports/index.html", "unit_reports/_reports.html", status, cohort=cohort, works=works, reports=found,
        people=candidates.listed(cohort), problem=problem, field=field, typed=typed or {}, about=about,
    )  # fmt: skip


def _names(cohort: Any) -> dict[str, str]:
    """Return {enrolment: name}, or the number that stands for it while names are covered."""
    if not candidates.covered(cohort):
        return {who.key: who.name for who in grade_grid.named(cohort.id)}
    return {key: str(number) for key, number in candidate_numbers.numbers(cohort.id).items()}


@bp.post("/")
def report(code: str) -> Response:
    """Note who found plagiarism in which work and why; grade the work so only when the same form says so."""
    cohort = access.cohort(code)
    typed = {name: request.form.get(name, "") for name in _TYPED}
    enrolment = candidates.enrolment(cohort, typed["who"], typed["work"] if typed["work"] != PAPER else "")
    try:
        with once() as first:
            if first:
                unit_reports.report(
                    access.author(), enrolment, typed["work"], typed["reporter"], typed["reason"],
                    grade=typed["grade"] == "oui",
                )  # fmt: skip
    except Refused as error:
        return _page(cohort, htmx.say(error.message), getattr(error, "field", ""), typed, status=422)
    return htmx.done(url_for("unit_reports.index", code=code), _("Signalement noté."))


@bp.post("/<int:report_id>")
def take_back(code: str, report_id: int) -> Response:
    """Take a report back, with why: it stays to be read."""
    cohort, reason = access.cohort(code), request.form.get("reason", "")
    try:
        with once() as first:
            if first:
                unit_reports.take_back(access.author(), cohort.id, report_id, reason)
    except Unknown:
        abort(404)
    except Refused as error:
        return _page(cohort, htmx.say(error.message), "", {"withdrawn": reason}, report_id, 422)
    return htmx.done(url_for("unit_reports.index", code=code), _("Signalement retiré : il reste lisible."))
