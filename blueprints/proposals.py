"""A balanced proposal of tutors beside today's state; nothing is saved before it is accepted, whole or line by line."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeTimedSerializer

from blueprints import access, htmx
from blueprints.forms import once
from rules.message import Message
from store import proposals
from store.errors import Refused
from store.proposals import Accepted, Line, Proposal

bp = Blueprint("proposals", __name__, url_prefix="/promotions/<code>/notes/proposition")
#: The proposal that every paper may be part of; the other one leaves those that somebody follows.
EVERYTHING = "tout"
#: A proposal may be accepted for this long: what moved meanwhile is told, line by line.
LIFE = 12 * 3600


@bp.get("/")
def index(code: str) -> Response:
    """Show the proposal beside today's state; nothing is written."""
    return _page(access.cohort(code), request.args.get("mode") == EVERYTHING)


@bp.post("/")
def accept(code: str) -> Response:
    """Carry out all the lines, the ticked ones or a single one; tell those that moved meanwhile."""
    cohort = access.cohort(code)
    anew = request.form.get("mode") == EVERYTHING
    try:
        lines = [Accepted(*values) for values in _serializer(cohort.id).loads(request.form.get("lines", ""), LIFE)]
    except BadData:
        return _page(cohort, anew, _("Cette proposition n'est plus valable : en voici une nouvelle."), 422)
    wanted = _wanted(lines)
    if not wanted:
        return _page(cohort, anew, _("Cochez au moins une ligne."), 422)
    done, told = 0, []
    with once() as first:
        if first:
            done, told = proposals.accept(access.author(), cohort.id, wanted)
    text = ngettext("%(num)d ligne acceptée.", "%(num)d lignes acceptées.", done) if done else ""
    if told:
        return _page(cohort, anew, text, 409, _told(told, wanted))
    return htmx.done(_address(code, anew), text)


def _wanted(lines: list[Accepted]) -> list[Accepted]:
    """Return the lines that the button pressed speaks of: all, those ticked, or one by its paper."""
    which = request.form.get("accept", "ticked")
    if which == "all":
        return lines
    papers = set(request.form.getlist("keep")) if which == "ticked" else {which}
    if papers - {line.paper for line in lines}:
        abort(404)
    return [line for line in lines if line.paper in papers]


def _told(told: Iterable[tuple[str, Message]], lines: Iterable[Accepted]) -> list[tuple[str, str, str]]:
    """Return (person, tutor proposed, why not) of each line left as it is."""
    by_paper = {line.paper: line for line in lines}
    return [(by_paper[paper].person, by_paper[paper].tutor, htmx.say(message)) for paper, message in told]


def _address(code: str, anew: bool) -> str:
    return url_for("proposals.index", code=code, **({"mode": EVERYTHING} if anew else {}))


def _serializer(cohort_id: int) -> URLSafeTimedSerializer:
    """Sign the lines shown, so that what is accepted, and the sentence in the journal, is what was proposed."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"proposal-{cohort_id}")


def _page(
    cohort: access.Cohort, anew: bool, message: str = "", status: int = 200,
    told: list[tuple[str, str, str]] | None = None,
) -> Response:  # fmt: skip
    context: dict[str, Any] = {"failed": ""}
    try:
        context |= _shown(cohort, proposals.proposal(cohort.id, anew))
    except Refused as error:
        # The page itself is as it should be; it is the computation that gave nothing.
        context["failed"], status = htmx.say(error.message), 503 if status == 200 else status
    return htmx.render(
        "proposals/index.html", "proposals/_proposal.html", status, cohort=cohort, anew=anew, message=message,
        told=told or [], wrong=status == 422, everything=EVERYTHING, **context,
    )  # fmt: skip


def _shown(cohort: access.Cohort, found: Proposal) -> dict[str, Any]:
    """Return what the page shows of a proposal, in this visitor's language."""
    signed = [_accepted(line) for line in found.lines]
    return {
        "found": found, "gaps": [htmx.say(message) for message in found.gaps],
        "signed": _serializer(cohort.id).dumps(signed),
        "lines": [(line, [htmx.say(message) for message in line.why]) for line in found.lines],
        "highest": max((max(load.before, load.after, load.capacity or 0) for load in found.loads), default=0) or 1,
    }  # fmt: skip


def _accepted(line: Line) -> Accepted:
    """Return a line as it is accepted; the journal is in French, whoever reads the page."""
    *values, why = line
    return Accepted(*values, " ".join(map(str, why)))
