"""Plagiarism reported of a paper by a named person, and such a report taken back: both with why."""

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from blueprints import access, htmx, paper_page
from blueprints.forms import once
from blueprints.paper_page import REPORT, Trouble
from store import following_reports
from store.errors import Refused

bp = Blueprint("plagiarism", __name__, url_prefix="/promotions/<code>/notes/<paper_id>/plagiat")


@bp.post("")
def report(code: str, paper_id: str) -> Response:
    """Note who found plagiarism and why; grade the paper so only when the same form says so."""
    cohort, form = access.paper(code, paper_id), request.form
    typed = {name: form.get(name, "") for name in ("reporter", "reason", "grade")}
    try:
        with once() as first:
            if first:
                graded = typed["grade"] == "oui"
                following_reports.report(access.author(), paper_id, typed["reporter"], typed["reason"], graded)
    except Refused as error:
        trouble = Trouble(REPORT, htmx.say(error.message), getattr(error, "field", ""), typed, status=422)
        return paper_page.show(cohort, paper_id, trouble)
    return htmx.done(f"{paper_page.root(code, paper_id)}#plagiat", _("Signalement noté."))


@bp.post("/<int:report_id>")
def take_back(code: str, paper_id: str, report_id: int) -> Response:
    """Take a report back, with why."""
    cohort, reason = access.paper(code, paper_id), request.form.get("reason", "")
    try:
        with once() as first:
            if first:
                following_reports.take_back(access.author(), paper_id, report_id, reason)
    except Refused as error:
        place = f"{REPORT}-{report_id}"
        return paper_page.show(cohort, paper_id, Trouble(place, htmx.say(error.message), "", {"reason": reason},
                                                          status=422))  # fmt: skip
    return htmx.done(f"{paper_page.root(code, paper_id)}#plagiat", _("Signalement retiré : il reste lisible."))
