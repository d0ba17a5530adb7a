"""Sheets to sign: printed as one PDF, and followed until they are back, signed by the teacher and scanned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from flask_babel import gettext as _

from blueprints import access, edits, errors, htmx
from blueprints.edits import Outcome
from blueprints.forms import once
from documents import sign_in_sheets as documents
from rules.sign_in_sheets import STEPS, Sheet, Slot
from rules.value_times import WEEKDAYS
from rules.values import display_date, display_time, parse_date
from store import calendar, sheet_states, sign_in_sheets
from store.errors import Refused
from store.sheet_states import State

bp = Blueprint("sign_in_sheets", __name__)
PAGE = "/promotions/<code>/emargement/"
#: What the address may ask to see, and the states that it keeps.
FILTERS = {"a-faire": lambda state: state.to_do, "ecarts": lambda state: bool(state.differences)}


@bp.get(PAGE)
def index(code: str) -> Response:
    """Show where the sheet of each half-day stands; `?ligne=` gives one line back to htmx."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort)


def _page(cohort: access.Cohort, wrong: str = "", outcome: Outcome | None = None) -> Response:
    """Render every line that the address asks for; `wrong` is the one whose last change was turned down."""
    states = sheet_states.state(cohort.id, htmx.today())
    asked = request.args.get("filtre", "")
    kept = [state for state in states if asked not in FILTERS or FILTERS[asked](state) or state.slot.id == wrong]
    frame = _frame(cohort.code)
    rows = [_html(frame, state, outcome if state.slot.id == wrong else None) for state in kept]
    page = url_for("sign_in_sheets.index", code=cohort.code)
    counts = [("", _("Toutes"), len(states)), ("a-faire", _("À faire"), sum(state.to_do for state in states)),
              ("ecarts", _("Écarts"), sum(bool(state.differences) for state in states))]  # fmt: skip
    return htmx.render(
        "sign_in_sheets/index.html", "sign_in_sheets/_sheets.html", outcome.status if outcome else 200,
        cohort=cohort, rows=rows, asked=asked if asked in FILTERS else "", editable=frame.editable,
        address=f"{page}?{urlencode({'filtre': asked})}" if asked in FILTERS else page,
        choices=_choices(cohort.id, states),
        filters=[(f"{page}?filtre={name}" if name else page, name, label, n) for name, label, n in counts],
        print_address=url_for("sign_in_sheets.print_sheets", code=cohort.code),
        pdf_address=url_for("sign_in_sheets.pdf", code=cohort.code),
    )  # fmt: skip


def _choices(cohort_id: int, states: list[State]) -> list[tuple[str, list[tuple[str, str]]]]:
    """List what may be printed together as (heading, [(value, label)]): a module, or the half-days of a day."""
    days = dict.fromkeys(state.slot.day or state.slot.period for state in states)
    modules = dict.fromkeys(state.slot.module for state in states if state.slot.module)
    labels = calendar.module_labels(cohort_id)
    return [
        (_("Une journée"), [(f"jour:{day}", _day(day)) for day in days]),
        (_("Un module"), [(f"module:{number}", labels.get(number, number)) for number in modules]),
    ]


def _day(day: str) -> str:
    """Write a canonical date, or the period that stands for one."""
    return display_date(day) if day[4:5] == "-" and day[7:8] == "-" else day


@dataclass(frozen=True)
class Frame:
    """All that the lines of one page share."""

    page: str
    editable: bool
    language: str


def _frame(code: str) -> Frame:
    editable = access.may("sign_in_sheets.change")
    return Frame(url_for("sign_in_sheets.index", code=code), editable, htmx.language())


def _html(frame: Frame, state: State, outcome: Outcome | None = None, saved: str = "") -> str:
    """Return the HTML of one half-day's line, with what was typed when it was turned down."""
    slot, facts, outcome = state.slot, state.facts, outcome or Outcome()
    told = {step: _told(getattr(facts, f"{step}_at"), getattr(facts, f"{step}_by"))
            for step in ("printed", "returned", "teacher_signed")}  # fmt: skip
    return htmx.fragment(
        "sign_in_sheets/_row.html", slot=slot, facts=facts, values=facts.values, told=told, frame=frame,
        when=when(slot), hours=hours(slot), waits=state.missing,
        # Whoever may do them sees what is left on the buttons themselves.
        missing=[] if frame.editable else [_(STEPS[step]) for step in state.missing],
        differences=[htmx.say(message) for message in state.differences], unread=state.unread, saved=saved,
        scan=dict(outcome.typed).get("scan", facts.scan), error=outcome.message, version=htmx.digest((frame, state)),
    )  # fmt: skip


def _told(at: datetime | None, by: str) -> str:
    return f"{htmx.moment(at)} {by}" if at else ""


def when(slot: Slot) -> str:
    """Return the day of a half-day as its line begins: lun. 20/01/2025, or the period that stands for it."""
    if not slot.day:
        return slot.period or _("sans date")
    weekday = WEEKDAYS[date.fromisoformat(slot.day).weekday()]
    return f"{_(weekday)[:3]}. {display_date(slot.day)}"


def hours(slot: Slot) -> str:
    """Return the hours of a half-day, '' where its programme prints none."""
    return f"{display_time(slot.start)}–{display_time(slot.end)}" if slot.start else ""


@bp.post(PAGE + "<half_day_id>")
def change(code: str, half_day_id: str) -> Response:
    """Say that a sheet is back, signed by its teacher, or where its scan is; answer with its line."""
    cohort, _half_day = access.half_day(code, half_day_id)
    outcome = edits.edit(
        sign_in_sheets.types(cohort.id),
        lambda wanted, read: sign_in_sheets.change(access.author(), half_day_id, wanted, read),
        lambda: sign_in_sheets.facts(half_day_id).values,
    )
    if htmx.wanted():
        return htmx.finish(_one(cohort, half_day_id, outcome), outcome.status)
    if outcome.message:
        return _page(cohort, half_day_id, outcome)
    return htmx.done(f"{url_for('sign_in_sheets.index', code=code)}#ligne-{half_day_id}")


def _one(cohort: access.Cohort, half_day_id: str, outcome: Outcome) -> str:
    states = sheet_states.state(cohort.id, htmx.today())
    state = next((state for state in states if state.slot.id == half_day_id), None)
    if state is None:
        abort(404)
    return _html(_frame(cohort.code), state, outcome, "" if outcome.message else _("enregistré"))


def asked_for(cohort: access.Cohort, values: Mapping[str, str]) -> list[str]:
    """Return the half-days of a cohort that `seance`, `jour` and `module` leave, all of them without any.

    Raises Refused on a text that is no date, or an empty calendar; stops with 404 where nothing is left.
    """
    kept = slots = sign_in_sheets.slots(cohort.id)
    if not slots:
        raise Refused("Ce calendrier est vide : il n'y a aucune feuille à imprimer.")
    if values.get("seance"):
        kept = [slot for slot in kept if slot.id == values["seance"]]
    if values.get("module"):
        kept = [slot for slot in kept if slot.module == values["module"]]
    if values.get("jour"):
        day = values["jour"]
        iso = "" if any(slot.period == day for slot in slots) else parse_date(day)
        kept = [slot for slot in kept if (slot.day == iso if iso else not slot.day and slot.period == day)]
    if not kept:
        abort(404)
    return [slot.id for slot in kept]


@bp.get("/promotions/<code>/emargement.pdf")
def pdf(code: str) -> Response:
    """Give the sheets of half-days as one PDF; looking at it is not printing it, and nothing is noted."""
    cohort = access.cohort(code)
    try:
        wanted = asked_for(cohort, request.args)
    except Refused as error:
        return errors.answer(422, htmx.say(error.message))
    return _pdf(cohort, sign_in_sheets.pages(cohort.id, wanted))


@bp.post(PAGE + "imprimer")
def print_sheets(code: str) -> Response:
    """Note that sheets are printed, with what they say, and answer with that very PDF."""
    cohort = access.cohort(code)
    name, _colon, value = request.form.get("feuilles", "").partition(":")
    try:
        wanted = asked_for(cohort, {name: value} if value else request.form)
        with once() as first:
            if first:
                sign_in_sheets.printed(access.author(), cohort.id, wanted)
            pages = sign_in_sheets.pages(cohort.id, wanted)
    except Refused as error:
        return errors.answer(422, htmx.say(error.message))
    return _pdf(cohort, pages)


def _pdf(cohort: access.Cohort, pages: list[Sheet]) -> Response:
    provider = htmx.settings().provider
    number = provider["activity_number"]
    # A paper is in French, whatever the language of whoever prints it.
    details = [provider["address"], f"déclaration d'activité n° {number}" if number else ""]
    heading = documents.Heading(
        provider["name"], " – ".join(part for part in details if part), cohort.programme, cohort.title, cohort.code,
        _public() + url_for("sign_in_sheets.short", half_day_id="-")[:-1],
    )  # fmt: skip
    return send(documents.document(heading, pages), "application/pdf", f"emargement-{cohort.code}.pdf")


def _public() -> str:
    """Return where a telephone reaches this installation, without a final slash."""
    return htmx.settings().public_address or request.host_url.rstrip("/")


def send(body: bytes, kind: str, name: str, inline: bool = True) -> Response:
    """Answer with a file, shown in the browser or saved under this name."""
    response = make_response(body)
    response.mimetype = kind
    response.headers.set("Content-Disposition", "inline" if inline else "attachment", filename=name)
    return response


@bp.get("/e/<half_day_id>")
def short(half_day_id: str) -> Response:
    """Open the roster of a half-day from the code printed on its sheet."""
    code = sign_in_sheets.code_of(half_day_id.upper())
    if code is None:
        abort(404)
    return redirect(url_for("rosters.roster", code=code, half_day_id=half_day_id.upper()), 302)
