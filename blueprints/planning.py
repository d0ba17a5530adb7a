"""Half-days added to a calendar, one or many at once, and taken out of it."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx, slot_lines
from blueprints.edits import Outcome
from blueprints.forms import once
from rules.calendar import KINDS, MODALITIES
from rules.durations import parse_duration
from rules.value_times import WEEKDAYS
from store import calendar, moves, planning
from store.errors import Refused

bp = Blueprint("planning", __name__, url_prefix="/promotions/<code>/seances")
#: What every half-day of a series has in common.
COMMON = ("module", "kind", "modality", "place", "teachers")
#: Fields of the form for one half-day, and of the three ways to describe several.
ONE = (*COMMON, "day", "start", "end", "period", "length")
MANY = (*COMMON, "sentence", "first", "last", "every", "times", "without", "periods", "lengths")
DEFAULTS = {"kind": "course", "modality": "on_site", "every": "1"}


def _typed(fields: tuple[str, ...]) -> dict[str, str]:
    return {name: request.form[name] for name in fields if name in request.form}


def refusal(error: Refused, typed: Mapping[str, str]) -> Outcome:
    """Return how a form ended that was turned down, with what was typed."""
    return Outcome(422, htmx.say(error.message), getattr(error, "field", ""), tuple(typed.items()))


def choices(cohort_id: int) -> dict[str, object]:
    """Return what the lists of a form about half-days offer."""
    return {"kinds": KINDS, "modalities": MODALITIES, "modules": calendar.module_labels(cohort_id)}


# -- One ---------------------------------------------------------------------------------------------


@bp.get("/ajouter/")
def add(code: str) -> Response:
    """Show the form for one half-day."""
    return _add_page(access.cohort(code), Outcome())


def _add_page(cohort: access.Cohort, outcome: Outcome) -> Response:
    return htmx.render(
        "planning/add.html", "planning/_add.html", outcome.status,
        cohort=cohort, outcome=outcome, shown=DEFAULTS | dict(outcome.typed), **choices(cohort.id),
    )  # fmt: skip


@bp.post("/ajouter/")
def create(code: str) -> Response:
    """Add one half-day, and say at once what does not hold together."""
    cohort, typed = access.cohort(code), _typed(ONE)
    text, half_day_id = "", ""
    try:
        with once() as first:
            if first:
                half_day_id = _create(cohort.id, typed)
                text = _added(cohort.id, half_day_id)
    except Refused as error:
        return _add_page(cohort, refusal(error, typed))
    return htmx.done(f"{url_for('calendar.index', code=code)}#ligne-{half_day_id}", text)


def _create(cohort_id: int, typed: Mapping[str, str]) -> str:
    values = {name: text for name, text in typed.items() if name != "length"}
    try:
        minutes = parse_duration(typed.get("length", ""))
    except Refused as error:
        error.field = "length"  # type: ignore[attr-defined]
        raise
    return calendar.create(access.author(), cohort_id, values, int(minutes) if minutes else None)


def _added(cohort_id: int, half_day_id: str) -> str:
    found = [fault for fault in planning.faults(cohort_id) if half_day_id in (fault.half_day, fault.other)]
    told = [_("La demi-journée est ajoutée."), *(htmx.say(fault.message) for fault in found)]
    return " ".join(told)


# -- Many --------------------------------------------------------------------------------------------


@bp.get("/ajouter/plusieurs/")
def many(code: str) -> Response:
    """Show the three ways to describe several half-days."""
    return _many_page(access.cohort(code), Outcome())


def _many_page(cohort: access.Cohort, outcome: Outcome, way: str = "sentence", weekdays: tuple[str, ...] = (),
               preview: slot_lines.Preview | None = None) -> Response:  # fmt: skip
    return htmx.render(
        "planning/many.html", "planning/_many.html", outcome.status,
        cohort=cohort, outcome=outcome, shown=DEFAULTS | dict(outcome.typed), way=way, weekdays=weekdays,
        week=list(enumerate(WEEKDAYS)), preview=preview, common=COMMON, **choices(cohort.id),
    )  # fmt: skip


@bp.post("/ajouter/plusieurs/")
def preview(code: str) -> Response:
    """List the half-days that a sentence or fields describe, each with its faults; nothing is written."""
    cohort, typed = access.cohort(code), _typed(MANY)
    way, weekdays = request.form.get("way", "sentence"), tuple(request.form.getlist("weekday"))
    try:
        common = planning.common(cohort.id, {name: typed.get(name, "") for name in COMMON})
        slots, notes = slot_lines.described(cohort.id, way, typed, weekdays)
        found = slot_lines.preview(cohort, slots, common, notes)
    except Refused as error:
        return _many_page(cohort, refusal(error, typed), way, weekdays)
    return _many_page(cohort, Outcome(typed=tuple(typed.items())), way, weekdays, found)


@bp.post("/ajouter/plusieurs/creer")
def create_many(code: str) -> Response:
    """Add the half-days kept of a preview, all in one transaction."""
    cohort, typed = access.cohort(code), _typed(MANY)
    made: list[str] = []
    try:
        slots = [slot_lines.slot(line) for line in request.form.getlist("line")]
        if not slots:
            raise Refused("Cochez au moins une demi-journée.")
        with once() as first:
            if first:
                common = {name: typed.get(name, "") for name in COMMON}
                made = planning.create_many(access.author(), cohort.id, common, slots)
    except Refused as error:
        return _many_page(cohort, refusal(error, typed), request.form.get("way", "sentence"))
    text = ngettext("%(num)d demi-journée est ajoutée.", "%(num)d demi-journées sont ajoutées.", len(made))
    return htmx.done(url_for("calendar.index", code=code) + (f"#ligne-{made[0]}" if made else ""), text)


# -- Out of the calendar --------------------------------------------------------------------------------


@bp.get("/<half_day_id>/retirer/")
def leave(code: str, half_day_id: str) -> Response:
    """Say what is recorded on a half-day, and ask whether it goes."""
    cohort, half_day = access.half_day(code, half_day_id)
    return htmx.render(
        "planning/remove.html", "planning/_remove.html",
        cohort=cohort, half_day=half_day, touched=moves.affected(cohort.id, half_day_id, [half_day["teachers"]]),
    )  # fmt: skip


@bp.post("/<half_day_id>/retirer/")
def remove(code: str, half_day_id: str) -> Response:
    """Take a half-day out of the calendar; everything recorded on it stays and comes back with it."""
    access.half_day(code, half_day_id)
    with once() as first:
        if first:
            calendar.remove(access.author(), half_day_id)
    text = _("La demi-journée est retirée du calendrier. Ce qui y est relevé reste, et revient si elle est rétablie.")
    return htmx.done(url_for("calendar.index", code=code), text)
