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
from rules import certificates as certificates_rules
from rules.attendance import hours_text
from rules.certificates import Span
from rules.values import TYPES, display_date
from store import certificate_lines, certificates
from store.certificate_lines import WHOLE, Line
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
    """Show what each person attended, and the certificates issued.

    `?financement=` keeps those paid one way, `?du=` and `?au=` the hours of some days.
    """
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    try:
        return _page(cohort, _span(), Problem())
    except Refused as error:
        return _page(cohort, WHOLE, Problem(htmx.say(error.message), 422))


def _page(cohort: access.Cohort, span: Span, problem: Problem) -> Response:
    everyone = certificate_lines.lines(cohort.id, htmx.today(), span)
    funding, ends = _funding(), certificates.goes_on(cohort.id, htmx.today())
    lines = [line for line in everyone if not funding or line.funding == funding]
    wrong_days = problem.status == 422 and not span.first and bool(request.args.get("du") or request.args.get("au"))
    return htmx.render(
        "certificates/index.html", "certificates/_certificates.html", problem.status,
        cohort=cohort, lines=[_shown(cohort.code, line, problem) for line in lines], problem=problem,
        funding=funding, span=span,
        here=url_for("certificates.index", code=cohort.code), address=_address("index", cohort.code, funding, span),
        whole=_address("index", cohort.code, funding), wrong_days=wrong_days,
        typed=(request.values.get("du", ""), request.values.get("au", "")) if wrong_days else (span.first, span.last),
        fundings=[(_address("index", cohort.code, name, span), name, label, number)
                  for name, label, number in _counts(everyone)],
        incomplete=any(line.hours.missing for line in lines), pdf=_address("batch", cohort.code, funding, span),
        preview=_address("preview", cohort.code, funding, span), any_issued=any(line.in_force for line in lines),
        any_ready=any(line.in_force is None and line.hours.attended for line in lines),
        registers=REGISTERS, moment=_day, ends="" if span.first else display_date(ends), digest=htmx.digest,
    )  # fmt: skip


def _span() -> Span:
    """Return the days that this request is about; raise Refused when they are none."""
    first, last = (TYPES["date"].parse(request.values.get(name, "")) for name in ("du", "au"))
    return certificates_rules.span(first, last, htmx.today().isoformat())


def _told_span(span: Span) -> str:
    """Write the days chosen for a certificate, '' for the whole training."""
    return _("du %(first)s au %(last)s", first=display_date(span.first), last=display_date(span.last)) \
        if span.first else ""


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


def _address(view: str, code: str, funding: str, span: Span = WHOLE) -> str:
    days = {"du": span.first or None, "au": span.last or None}
    return url_for(f"certificates.{view}", code=code, financement=funding or None, **days)


def _shown(code: str, line: Line, problem: Problem) -> dict[str, object]:
    """Return what the page shows of one person; those whose hours are complete are ticked to begin with."""
    ready = line.in_force is None and line.hours.attended > 0
    chosen = line.enrolment in problem.chosen if problem.chosen else ready and not line.hours.missing
    return {
        "id": line.enrolment, "last_name": line.last_name, "first_name": line.first_name, "withdrawn": line.withdrawn,
        "funding": FUNDINGS.get(line.funding, ""), "minutes": line.hours.attended, "ready": ready, "chosen": chosen,
        "attended": hours_text(line.hours.attended), "planned": hours_text(line.hours.planned),
        "missing": [day.label for day in line.hours.missing], "in_force": line.in_force,
        "issued": [(one, _told_span(one.span), _address("index", code, "", one.span)) for one in line.issued],
        "version": htmx.digest((line, htmx.language())),
        "numbers": [one.number for one in line.issued],
        "certified": hours_text(line.in_force.minutes) if line.differs and line.in_force else "",
    }  # fmt: skip


def _day(at: datetime) -> str:
    return htmx.in_paris(at).strftime("%d/%m/%Y")


@bp.post(PAGE + "emettre")
def issue(code: str) -> Response:
    """Issue the certificates of the people chosen, all or none, and go back to the page."""
    cohort, span = access.cohort(code), WHOLE
    chosen = frozenset(request.form.getlist("inscription"))
    accepted = bool(request.form.get("accepted"))
    numbers: list[str] = []
    try:
        span = _span()
        with once() as first:
            if first:
                numbers = certificates.issue(
                    access.author(), cohort.id, chosen, htmx.settings().provider, htmx.today(), accepted,
                    _read(chosen), span,
                )  # fmt: skip
    except Refused as error:
        return _page(cohort, span, Problem(htmx.say(error.message), 422, chosen=chosen, accepted=accepted))
    except Changed as error:
        return _page(cohort, span, Problem(_moved(error), 409, chosen=chosen, accepted=accepted))
    return htmx.done(_address("index", code, _funding(), span), _issued(numbers))


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


@bp.post(PAGE + "<reference>/remplacer")
def replace(code: str, reference: str) -> Response:
    """Replace one certificate by another with a number of its own and the hours of today."""
    cohort = access.cohort(code)
    reason, accepted = request.form.get("reason", ""), bool(request.form.get("accepted"))
    text, span = "", WHOLE
    try:
        span = _span()
        with once() as first:
            if first:
                new = certificates.reissue(
                    access.author(), cohort.id, reference, reason, htmx.settings().provider, htmx.today(), accepted
                )
                text = _("%(new)s remplace %(old)s.", new=new, old=reference)
    except Refused as error:
        problem = Problem(htmx.say(error.message), 422, reference, reason=reason, accepted=accepted)
        return _page(cohort, span, problem)
    return htmx.done(_address("index", code, _funding(), span), text)


@bp.get(PAGE + "<reference>.pdf")
def pdf(code: str, reference: str) -> Response:
    """Give one certificate as it was issued."""
    cohort = access.cohort(code)
    body = documents.document(certificates.contents(cohort.id, [reference]))
    return send(body, "application/pdf", f"{reference}.pdf")


def _days_or_404() -> Span:
    try:
        return _span()
    except Refused:
        abort(404)


@bp.get("/attestations.pdf")
def batch(code: str) -> Response:
    """Give every certificate in force as one PDF; `?financement=` keeps those paid one way."""
    cohort, funding, span = access.cohort(code), _funding(), _days_or_404()
    lines = certificate_lines.lines(cohort.id, htmx.today(), span)
    numbers = [line.in_force.number for line in lines if line.in_force and funding in ("", line.funding)]
    if not numbers:
        return errors.answer(404, _("Aucun certificat n'est émis ici."))
    body = documents.document(certificates.contents(cohort.id, numbers))
    return send(body, "application/pdf", f"attestations-{cohort.code}.pdf")


@bp.get(PAGE + "apercu.pdf")
def preview(code: str) -> Response:
    """Show what the certificates not issued yet would say, without a number."""
    cohort, funding, span = access.cohort(code), _funding(), _days_or_404()
    lines = certificate_lines.lines(cohort.id, htmx.today(), span)
    wanted = [
        line.enrolment
        for line in lines
        if not line.in_force and line.hours.attended and funding in ("", line.funding)
    ]
    if not wanted:
        return errors.answer(404, _("Aucun certificat n'est à émettre ici."))
    body = documents.document(certificates.preview(cohort.id, wanted, htmx.settings().provider, htmx.today(), span))
    return send(body, "application/pdf", f"apercu-{cohort.code}.pdf")
