"""Certificats de réalisation: what each would certify, issued together, replaced one by one, printed as issued."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, errors, htmx
from blueprints.forms import once
from blueprints.sign_in_sheets import send
from documents import certificates as documents
from rules.attendance import hours_text
from rules.values import display_date
from store import certificates
from store.certificates import Line
from store.errors import Changed, Refused
from store.people import FUNDINGS

bp = Blueprint("certificates", __name__, url_prefix="/promotions/<code>")
PAGE = "/attestations/"


@dataclass(frozen=True)
class Problem:
    """Say why a form was turned down, and what was chosen in it; number: the certificate to replace, or ''."""

    message: str = ""
    status: int = 200
    number: str = ""
    chosen: frozenset[str] = frozenset()
    reason: str = ""
    accepted: bool = False


@bp.get(PAGE)
def index(code: str) -> Response:
    """Show what each person attended, and the certificates issued; `?financement=` keeps those paid one way."""
    return _page(access.cohort(code), Problem())


def _page(cohort: access.Cohort, problem: Problem) -> Response:
    everyone = certificates.lines(cohort.id, htmx.today())
    funding = _funding()
    lines = [line for line in everyone if not funding or line.funding == funding]
    page = url_for("certificates.index", code=cohort.code)
    return htmx.render(
        "certificates/index.html", "certificates/_certificates.html", problem.status,
        cohort=cohort, lines=[_shown(line, problem) for line in lines], problem=problem, here=page, funding=funding,
        fundings=[(f"{page}?financement={name}" if name else page, name, label, number)
                  for name, label, number in _counts(everyone)],
        incomplete=any(line.hours.missing for line in lines), pdf=_file("batch", cohort.code, funding),
        preview=_file("preview", cohort.code, funding), any_issued=any(line.in_force for line in lines),
        any_ready=any(line.in_force is None and line.hours.attended for line in lines),
        registers=REGISTERS, moment=_day, ends=display_date(certificates.goes_on(cohort.id, htmx.today())),
    )  # fmt: skip


#: What may be downloaded beside certificates: (name of the file, label).
REGISTERS = (
    ("participants", "Heures par participant·e"), ("intervenants", "Heures par intervenant·e"),
    ("financeurs", "Heures par financement"), ("presences", "Présences relevées"),
)  # fmt: skip


def _funding() -> str:
    funding = request.values.get("financement", "")
    if funding and funding not in FUNDINGS:
        abort(404)
    return funding


def _counts(lines: list[Line]) -> list[tuple[str, str, int]]:
    found = [(name, _(label), sum(line.funding == name for line in lines)) for name, label in FUNDINGS.items()]
    return [("", _("Tous les financements"), len(lines)), *(one for one in found if one[2])]


def _file(view: str, code: str, funding: str) -> str:
    return url_for(f"certificates.{view}", code=code, financement=funding or None)


def _shown(line: Line, problem: Problem) -> dict[str, object]:
    """Return what the page shows of one person; those whose hours are complete are ticked to begin with."""
    ready = line.in_force is None and line.hours.attended > 0
    chosen = line.enrolment in problem.chosen if problem.chosen else ready and not line.hours.missing
    return {
        "id": line.enrolment, "last_name": line.last_name, "first_name": line.first_name, "withdrawn": line.withdrawn,
        "funding": FUNDINGS.get(line.funding, ""), "minutes": line.hours.attended, "ready": ready, "chosen": chosen,
        "attended": hours_text(line.hours.attended), "planned": hours_text(line.hours.planned),
        "missing": [day.label for day in line.hours.missing], "issued": line.issued, "in_force": line.in_force,
        "certified": hours_text(line.in_force.minutes) if line.differs and line.in_force else "",
    }  # fmt: skip


def _day(at: datetime) -> str:
    return htmx.in_paris(at).strftime("%d/%m/%Y")


@bp.post(PAGE + "emettre")
def issue(code: str) -> Response:
    """Issue the certificates of the people chosen, all or none, and go back to the page."""
    cohort = access.cohort(code)
    chosen = frozenset(request.form.getlist("inscription"))
    accepted = bool(request.form.get("accepted"))
    numbers: list[str] = []
    try:
        with once() as first:
            if first:
                numbers = certificates.issue(
                    access.author(), cohort.id, chosen, htmx.settings().provider, htmx.today(), accepted, _read(chosen)
                )
    except Refused as error:
        return _page(cohort, Problem(htmx.say(error.message), 422, chosen=chosen, accepted=accepted))
    except Changed as error:
        return _page(cohort, Problem(_moved(error), 409, chosen=chosen, accepted=accepted))
    return htmx.done(_back(code), _issued(numbers))


def _read(chosen: frozenset[str]) -> dict[str, int]:
    """Return the minutes that the author of this form had read of each person chosen."""
    seen = {key: request.form.get(f"seen-{key}", "") for key in chosen}
    return {key: int(text) for key, text in seen.items() if text.isascii() and text.isdecimal()}


def _moved(error: Changed) -> str:
    return _("Entre-temps les heures ont changé : %(before)s, maintenant %(now)s. Rien n'a été émis : vérifiez, puis "
             "recommencez.", before=error.expected, now=error.current)  # fmt: skip


def _issued(numbers: list[str]) -> str:
    if not numbers:
        return ""
    text = ngettext("%(num)d certificat émis", "%(num)d certificats émis", len(numbers))
    return f"{text} : {numbers[0]}" + (f" – {numbers[-1]}" if len(numbers) > 1 else "")


def _back(code: str) -> str:
    return url_for("certificates.index", code=code, financement=_funding() or None)


@bp.post(PAGE + "<reference>/remplacer")
def replace(code: str, reference: str) -> Response:
    """Replace one certificate by another with a number of its own and the hours of today."""
    cohort = access.cohort(code)
    reason, accepted = request.form.get("reason", ""), bool(request.form.get("accepted"))
    text = ""
    try:
        with once() as first:
            if first:
                new = certificates.reissue(
                    access.author(), cohort.id, reference, reason, htmx.settings().provider, htmx.today(), accepted
                )
                text = _("%(new)s remplace %(old)s.", new=new, old=reference)
    except Refused as error:
        problem = Problem(htmx.say(error.message), 422, reference, reason=reason, accepted=accepted)
        return _page(cohort, problem)
    return htmx.done(_back(code), text)


@bp.get(PAGE + "<reference>.pdf")
def pdf(code: str, reference: str) -> Response:
    """Give one certificate as it was issued."""
    cohort = access.cohort(code)
    body = documents.document(certificates.contents(cohort.id, [reference]))
    return send(body, "application/pdf", f"{reference}.pdf")


@bp.get("/attestations.pdf")
def batch(code: str) -> Response:
    """Give every certificate in force as one PDF; `?financement=` keeps those paid one way."""
    cohort, funding = access.cohort(code), _funding()
    lines = certificates.lines(cohort.id, htmx.today())
    numbers = [line.in_force.number for line in lines if line.in_force and funding in ("", line.funding)]
    if not numbers:
        return errors.answer(404, _("Aucun certificat n'est émis ici."))
    body = documents.document(certificates.contents(cohort.id, numbers))
    return send(body, "application/pdf", f"attestations-{cohort.code}.pdf")


@bp.get(PAGE + "apercu.pdf")
def preview(code: str) -> Response:
    """Show what the certificates not issued yet would say, without a number."""
    cohort, funding = access.cohort(code), _funding()
    lines = certificates.lines(cohort.id, htmx.today())
    wanted = [
        line.enrolment
        for line in lines
        if not line.in_force and line.hours.attended and funding in ("", line.funding)
    ]
    if not wanted:
        return errors.answer(404, _("Aucun certificat n'est à émettre ici."))
    body = documents.document(certificates.preview(cohort.id, wanted, htmx.settings().provider, htmx.today()))
    return send(body, "application/pdf", f"apercu-{cohort.code}.pdf")
