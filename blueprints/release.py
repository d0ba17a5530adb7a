"""After the jury: what holds each release, drafts of attestations, the transmission of holders, the surveys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, cells, errors, htmx, wording
from blueprints.cells import Problem
from blueprints.forms import once
from blueprints.sign_in_sheets import send
from documents import attestations as documents
from documents import lists
from documents.attestations import Attestation
from documents.minutes import period
from rules.after_jury import STANDINGS
from rules.jury import Work, reaches
from rules.release import FEES as DUE
from rules.rule_set import RuleSet
from rules.values import display_date
from store import minutes, people, rectifications, release
from store.errors import Changed, Refused
from store.release import CONDITION, FEES, Holder

bp = Blueprint("release", __name__, url_prefix="/promotions/<code>/delivrance")
#: What the address may ask to see: who owes fees, whatever else holds them, whom nothing holds.
FILTERS: Mapping[str, Callable[[Holder], bool]] = {
    "dus": lambda one: any(hold.code == DUE for hold in one.holds),
    "retenues": lambda one: not one.released,
    "a-delivrer": lambda one: one.released,
}
#: How each standing of a transmission is coloured.
TONES = {"done": "good", "late": "bad", "soon": "wait", "ahead": ""}


@dataclass(frozen=True)
class Transmission:
    """What was asked of a transmission that was turned down: why, the people ticked, the day typed."""

    message: str = ""
    status: int = 200
    chosen: frozenset[str] = field(default_factory=frozenset)
    day: str = ""


@dataclass(frozen=True)
class Rectification:
    """What was asked of a rectification that was turned down: whose, why, the day typed."""

    enrolment: str = ""
    message: str = ""
    status: int = 200
    day: str = ""


@bp.get("/")
def index(code: str) -> Response:
    """Show everybody admitted, what holds their release and when they are to be transmitted and asked."""
    return _page(access.cohort(code))


def _page(
    cohort: access.Cohort, wrong: str = "", problems: Mapping[str, Problem] | None = None,
    transmission: Transmission | None = None, rectification: Rectification | None = None,
) -> Response:  # fmt: skip
    """Render every line that the address asks for; `wrong` is the one whose last change met these problems."""
    rules, found, today = people.rule_set(cohort.id), _holders(cohort), htmx.today()
    asked = request.args.get("filtre", "")
    kept = [one for one in found if asked not in FILTERS or FILTERS[asked](one) or one.enrolment == wrong]
    told_of = {wrong: problems or {}}
    told, mended = transmission or Transmission(), rectification or Rectification()
    status = told.status if told.message else mended.status if mended.message else cells.status(problems or {})
    return htmx.render(
        "release/index.html", "release/_release.html", status, mended=mended,
        cohort=cohort, total=len(found), filters=_filters(cohort.code, found), asked=asked,
        rows=[_row(cohort, rules, one, told_of.get(one.enrolment, {}), asked=asked) for one in kept],
        editable=access.may("release.change"), any_released=any(one.released for one in found),
        transmissions=[(one, one.standing(today)) for one in sorted(found, key=_due)], labels=STANDINGS, tones=TONES,
        told=told, today=display_date(today.isoformat()), surveys=release.surveys(cohort.id, today),
        to_rectify=rectifications.to_rectify(cohort.id), endings=tuple(lists.TYPES),
        here=url_for("release.index", code=cohort.code), months=rules.transmission_months,
    )  # fmt: skip


def _holders(cohort: access.Cohort) -> list[Holder]:
    return release.holders(cohort.id, htmx.today())


def _due(one: Holder) -> tuple[bool, date]:
    return one.transmitted_on is not None, one.due or date.max


def _filters(code: str, found: Sequence[Holder]) -> list[tuple[str, str, str, int]]:
    page = url_for("release.index", code=code)
    labels = (("dus", _("Admis, frais dus")), ("retenues", _("Délivrances retenues")), ("a-delivrer", _("À délivrer")))
    counted = [(f"{page}?filtre={name}", name, label, sum(map(FILTERS[name], found))) for name, label in labels]
    return [(page, "", _("Admis·es"), len(found)), *counted]


def _row(
    cohort: access.Cohort, rules: RuleSet, one: Holder, problems: Mapping[str, Problem], saved: bool = False,
    asked: str = "",
) -> str:  # fmt: skip
    """Return the line of one person admitted; its form says which list it stands in."""
    days = [(FEES, _("Frais réglés le"), one.fees_paid_on, "")] if rules.fees_required else []
    days += [(f"{CONDITION}{name}", name, *one.met.get(name, (None, ""))) for name in rules.release_conditions]
    return htmx.fragment(
        "release/_row.html", one=one, problems=problems, saved=saved, editable=access.may("release.change"),
        days=[(name, label, display_date(day.isoformat()) if day else "", by) for name, label, day, by in days],
        holds=[htmx.say(hold.message) for hold in one.holds],
        action=url_for("release.change", code=cohort.code, enrolment_id=one.enrolment, filtre=asked or None),
        draft=url_for("release.attestation", code=cohort.code, enrolment_id=one.enrolment), version=htmx.digest(one),
    )  # fmt: skip


@bp.post("/<enrolment_id>")
def change(code: str, enrolment_id: str) -> Response:
    """Record when fees were paid and conditions met; answer with the line, or go back to the page."""
    cohort, _withdrawn = access.record(code, "enrolment", enrolment_id)
    types = release.types(cohort.id)
    if not any(one.enrolment == enrolment_id for one in _holders(cohort)):
        abort(404)
    problems = cells.save(release.change, enrolment_id, types, types)
    if htmx.wanted():
        return _answer(cohort, enrolment_id, problems)
    if problems:
        return _page(cohort, enrolment_id, problems)
    target = url_for("release.index", code=code, filtre=request.args.get("filtre") or None)
    return htmx.done(f"{target}#ligne-{enrolment_id}")


def _answer(cohort: access.Cohort, enrolment_id: str, problems: Mapping[str, Problem]) -> Response:
    """Return the line alone, with the counts that its change may have moved."""
    found = _holders(cohort)
    one = next(one for one in found if one.enrolment == enrolment_id)
    asked = request.args.get("filtre", "")
    html = _row(cohort, people.rule_set(cohort.id), one, problems, saved=not problems, asked=asked)
    filters = _filters(cohort.code, found)
    counts = render_template("release/_filters.html", swapped=True, filters=filters, asked=asked)
    return htmx.finish(html + counts, cells.status(problems))


# -- drafts of attestations -----------------------------------------------------------------------


@bp.get("/projets.pdf")
def attestations(code: str) -> Response:
    """Give a draft of the attestation of everybody whom nothing holds, as one PDF."""
    cohort = access.cohort(code)
    found = [one for one in _holders(cohort) if one.released]
    if not found:
        return errors.answer(404, _("Aucune attestation n'est à préparer : personne n'est admis sans condition due."))
    return send(_drafts(found), "application/pdf", f"projets-attestations-{cohort.code}.pdf")


@bp.get("/<enrolment_id>/projet.pdf")
def attestation(code: str, enrolment_id: str) -> Response:
    """Give a draft of the attestation of one person; say what holds it when something does."""
    cohort, _withdrawn = access.record(code, "enrolment", enrolment_id)
    one = next((one for one in _holders(cohort) if one.enrolment == enrolment_id), None)
    if one is None:
        return errors.answer(404, _("Cette personne n'est admise par aucun procès-verbal publié."))
    if one.holds:
        why = " ".join(htmx.say(hold.message) for hold in one.holds)
        return errors.answer(409, _("Délivrance retenue, aucune attestation n'est préparée : %(why)s", why=why))
    return send(_drafts([one]), "application/pdf", f"projet-attestation-{enrolment_id}.pdf")


def _drafts(found: Sequence[Holder]) -> bytes:
    """Print drafts from what the minutes of each person sealed, whatever has changed since."""
    sealed = {number: minutes.contents(number) for number in {one.number for one in found}}
    lines = {number: {line["id"]: line for line in data["candidates"]} for number, data in sealed.items()}
    pages = [_draft(one, sealed[one.number], lines[one.number][one.enrolment]) for one in found]
    return documents.document(htmx.settings().provider, pages, htmx.today())


def _draft(one: Holder, data: Mapping[str, Any], line: Mapping[str, Any]) -> Attestation:
    """Say what minutes sealed of one person: of the units, those obtained alone."""
    cohort, pass_mark = data["cohort"], Decimal(data["rule_set"]["pass_mark"])
    units = tuple(
        f"{label} · {title} ({credits} crédits)"
        for work, label, title, credits in data["works"]
        if credits is not None and reaches(_work(line["grades"].get(work, {})), pass_mark)
    )
    named = ", ".join(part for part in (cohort["title"], period(cohort)) if part)
    return Attestation(
        one.first_name, one.last_name, cohort["programme"], named, one.held_on, one.number, one.honours, one.credits,
        units,
    )  # fmt: skip


def _work(cells: Mapping[str, Any]) -> Work:
    return Work(cells.get("grade", ""), cells.get("resit", ""))


# -- transmission and surveys ---------------------------------------------------------------------


@bp.post("/transmission")
def transmit(code: str) -> Response:
    """Record the day on which the people ticked were transmitted to the Caisse des dépôts, all or none."""
    cohort = access.cohort(code)
    chosen, day = request.form.getlist("inscription"), request.form.get("transmitted_on", "")
    number = 0
    try:
        with once() as first:
            if first:
                read = {key: request.form.get(f"seen-{key}", "") for key in chosen}
                number = release.transmit(access.author(), cohort.id, chosen, day, htmx.today(), read)
    except Refused as error:
        return _page(cohort, transmission=Transmission(htmx.say(error.message), 422, frozenset(chosen), day))
    except Changed as error:
        text = _("Entre-temps, une transmission a été notée ou retirée (« %(now)s ») : rien n'est enregistré. "
                 "Vérifiez, puis recommencez.", now=wording.value("transmitted_on", error.current))  # fmt: skip
        return _page(cohort, transmission=Transmission(text, 409, frozenset(chosen), day))
    said = ngettext("Transmission notée pour %(num)d personne.", "Transmission notée pour %(num)d personnes.", number)
    return htmx.done(f"{url_for('release.index', code=code)}#transmission", said if number else "")


@bp.post("/<enrolment_id>/rectification")
def rectify(code: str, enrolment_id: str) -> Response:
    """Record the day on which what was transmitted of somebody was rectified, or take it back."""
    cohort, _withdrawn = access.record(code, "enrolment", enrolment_id)
    day = "" if "undo" in request.form else request.form.get("rectified_on", "")
    try:
        with once() as first:
            if first:
                read = {release.RECTIFICATION: request.form["seen"]} if "seen" in request.form else None
                rectifications.rectify(access.author(), cohort.id, enrolment_id, _day_asked(day), htmx.today(), read)
    except Refused as error:
        return _page(cohort, rectification=Rectification(enrolment_id, htmx.say(error.message), 422, day))
    except Changed as error:
        text = _("Entre-temps, cette rectification est devenue « %(now)s » : rien n'est enregistré. Vérifiez, puis "
                 "recommencez.", now=wording.value("rectified_on", error.current) or _("vide"))  # fmt: skip
        return _page(cohort, rectification=Rectification(enrolment_id, text, 409, day))
    said = _("Rectification notée.") if day else _("La rectification est de nouveau à faire.")
    return htmx.done(f"{url_for('release.index', code=code)}#rectifier", said)


def _day_asked(day: str) -> str:
    """Return the day typed; only the button that undoes asks for none."""
    if not day.strip() and "undo" not in request.form:
        raise Refused("Indiquez le jour de la rectification.")
    return day


@bp.get("/titulaires.<ending>")
def holders(code: str, ending: str) -> Response:
    """Give the list of holders to transmit as xlsx, ods or csv."""
    cohort, today = access.cohort(code), htmx.today()
    header = ("ID", _("Nom"), _("Prénom"), _("Courriel"), _("Formation"), _("Promotion"), _("Obtenu le"),
              _("Procès-verbal"), _("Mention"), _("Crédits"), _("Financement"), _("Délivrance"),
              _("À transmettre au plus tard le"), _("Transmis le"), _("Situation"))  # fmt: skip
    lines = [
        (one.enrolment, one.last_name, one.first_name, one.email, cohort.programme, cohort.code, _day(one.held_on),
         one.number, one.honours, str(one.credits), wording.value("funding", one.funding) if one.funding else "",
         _("retenue") if one.holds else _("possible"), _day(one.due), _day(one.transmitted_on),
         _(STANDINGS[one.standing(today)]) if one.due else "")
        for one in _holders(cohort)
    ]  # fmt: skip
    return _list(f"titulaires-{cohort.code}", ending, _("Titulaires"), header, lines)


@bp.get("/enquetes.<ending>")
def surveys(code: str, ending: str) -> Response:
    """Give the surveys of a promotion by date as xlsx, ods or csv."""
    cohort = access.cohort(code)
    header = (_("Date"), _("Mois après le jury"), "ID", _("Nom"), _("Prénom"), _("Courriel"), _("Obtenu le"))
    lines = [
        (_day(day), str(months), one.enrolment, one.last_name, one.first_name, one.email, _day(one.held_on))
        for day, months, one in release.surveys(cohort.id, htmx.today())
    ]
    return _list(f"enquetes-{cohort.code}", ending, _("Enquêtes"), header, lines)


def _day(day: date | None) -> str:
    return display_date(day.isoformat()) if day else ""


def _list(name: str, ending: str, title: str, header: Sequence[str], lines: Sequence[Sequence[str]]) -> Response:
    if ending not in lists.TYPES:
        abort(404)
    response = make_response(lists.written(ending, title, header, lines))
    response.headers["Content-Type"] = lists.TYPES[ending]
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    return response
