"""The lines of a sheet that came back: which are signed, as somebody reads them, beside what the roll says."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx, wording
from blueprints.forms import once
from blueprints.sign_in_sheets import PAGE, hours, when
from rules.attendance import cell_of
from rules.sign_in_sheets import contradictions
from store import sign_in_sheets, signatures
from store.errors import Changed, Refused

bp = Blueprint("signatures", __name__)
SHEET = PAGE + "<half_day_id>/"


@bp.get(SHEET)
def index(code: str, half_day_id: str) -> Response:
    """Show the lines of a sheet; while it stays open, answer 204 until something moves."""
    cohort, _half_day = access.half_day(code, half_day_id)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort, half_day_id)


def _page(cohort: access.Cohort, half_day_id: str, wrong: str = "", error: str = "", status: int = 200) -> Response:
    """Render every line; `wrong` is the one whose last change was turned down, and `error` says why."""
    lines = signatures.signatures(cohort.id, half_day_id)
    slot = next(slot for slot in sign_in_sheets.slots(cohort.id) if slot.id == half_day_id)
    page = url_for("signatures.index", code=cohort.code, half_day_id=half_day_id)
    editable = access.may("signatures.sign")
    return htmx.render(
        "signatures/index.html", "signatures/_signatures.html", status,
        cohort=cohort, slot=slot, facts=sign_in_sheets.facts(half_day_id), when=when(slot), hours=hours(slot),
        rows=[_line(page, editable, line, error if line[0] == wrong else "") for line in lines],
        signed=sum(line[5] is True for line in lines), total=len(lines), editable=editable, here=page,
        sheets=url_for("sign_in_sheets.index", code=cohort.code),
        roster=url_for("rosters.roster", code=cohort.code, half_day_id=half_day_id),
    )  # fmt: skip


def _line(page: str, editable: bool, line: tuple, error: str = "") -> str:
    enrolment, last_name, first_name, status, minutes, signed, by, at, left = line
    value = "" if signed is None else "oui" if signed else "non"
    gaps = contradictions([(f"{last_name} {first_name}", status, signed)])
    return htmx.fragment(
        "signatures/_line.html", enrolment=enrolment, last_name=last_name, first_name=first_name, value=value,
        half_day=page.rstrip("/").rpartition("/")[2], roll=wording.mark(cell_of(status, minutes)), gap=bool(gaps),
        by=by, at=htmx.moment(at), left=left, error=error,
        editable=editable, action=f"{page}{enrolment}", version=htmx.digest((line, editable)),
        choices=[(code, _(label)) for code, label in wording.SIGNATURES.items()],
    )  # fmt: skip


@bp.post(SHEET + "<enrolment_id>")
def sign(code: str, half_day_id: str, enrolment_id: str) -> Response:
    """Say whether one line is signed; answer with the line alone, or go back to the page of a plain form."""
    cohort, _half_day = access.half_day(code, half_day_id)
    if enrolment_id not in {line[0] for line in signatures.signatures(cohort.id, half_day_id)}:
        abort(404)
    if "signed" not in request.form:
        # Never read as « not looked at »: that would erase what somebody read.
        abort(400)
    error, status = "", 200
    try:
        with once() as first:
            if first:
                seen = request.form.get("seen")
                signatures.sign(access.author(), half_day_id, enrolment_id, request.form["signed"], seen)
    except Refused as refused:
        error, status = htmx.say(refused.message), 422
    except Changed as changed:
        error, status = _("Entre-temps, cette ligne est devenue « %(now)s ». Votre choix n'a pas été enregistré : "
                          "refaites-le s'il vaut toujours.", now=wording.signature(changed.current)), 409  # fmt: skip
    cohort, _half_day = access.half_day(code, half_day_id)
    page = url_for("signatures.index", code=code, half_day_id=half_day_id)
    if htmx.wanted():
        line = next((line for line in signatures.signatures(cohort.id, half_day_id) if line[0] == enrolment_id), None)
        return htmx.finish(_line(page, True, line, error), status) if line else abort(404)
    if error:
        return _page(cohort, half_day_id, enrolment_id, error, status)
    return htmx.done(f"{page}#ligne-{enrolment_id}")


@bp.post(SHEET)
def sign_rest(code: str, half_day_id: str) -> Response:
    """Say that the lines of those recorded in the room, and that nobody looked at yet, are signed."""
    access.half_day(code, half_day_id)
    count = 0
    with once() as first:
        if first:
            count = signatures.sign_rest(access.author(), half_day_id)
    page = url_for("signatures.index", code=code, half_day_id=half_day_id)
    return htmx.done(page, ngettext("%(num)d ligne notée signée.", "%(num)d lignes notées signées.", count))
