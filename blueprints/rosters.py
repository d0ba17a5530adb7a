"""The rosters of a half-day or of a day, marked line by line, and the attendance of a whole cohort."""

from datetime import date
from functools import lru_cache

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from blueprints import access, boards, correcting, htmx, presence, wording
from blueprints.boards import Trouble
from blueprints.forms import once, row_id
from rules.attendance import BY_CODE, STATUSES, Summary, cell_of, hours_text, mark_of
from store import calendar, history, jury, people, presents, rosters
from store.errors import Changed, Refused, Unknown

bp = Blueprint("rosters", __name__, url_prefix="/promotions/<code>")


@bp.get("/seances/<half_day_id>/")
def roster(code: str, half_day_id: str) -> Response:
    """Show the roster of a half-day; while it stays open, answer 204 until something moves."""
    cohort, half_day = access.half_day(code, half_day_id)
    return htmx.nothing_new() if htmx.unchanged(cohort.version) else boards.show(cohort, half_day)


@bp.get("/seances/jour/<day>/")
def day(code: str, day: str) -> Response:
    """Show every half-day of a date side by side, marked like a single roster."""
    cohort = access.cohort(code)
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        abort(404)
    return htmx.nothing_new() if htmx.unchanged(cohort.version) else boards.show_day(cohort, wanted)


@bp.post("/seances/<half_day_id>/presences/<enrolment_id>")
def mark(code: str, half_day_id: str, enrolment_id: str) -> Response:
    """Record one mark, or take its last change back; answer with the line, or go back to the page of a plain form."""
    access.line(code, half_day_id, enrolment_id)
    if "status" not in request.form:
        # Never read as « not recorded »: that would erase a mark.
        abort(400)
    trouble, answer = None, 200
    try:
        with once() as first:
            if first:
                _record(half_day_id, enrolment_id)
    except Unknown:
        abort(404)
    except Refused as error:
        trouble, answer = Trouble(half_day_id, enrolment_id, htmx.say(error.message), *_typed()), 422
    except Changed as error:
        trouble, answer = Trouble(half_day_id, enrolment_id, _changed(error), *mark_of(error.current)), 409
    return _answer(code, half_day_id, enrolment_id, trouble, answer)


def _record(half_day_id: str, enrolment_id: str) -> None:
    seen, entry = request.form.get("seen"), request.form.get("undo", type=row_id)
    if entry is None:
        rosters.mark(access.author(), enrolment_id, half_day_id, *_typed(), seen)
        return
    if history.fields("mark", enrolment_id, [entry]).get(entry) != half_day_id:
        raise Unknown(enrolment_id)
    expected = None if seen is None else {half_day_id: seen}
    history.restore(access.author(), "mark", enrolment_id, [entry], expected)


def _typed() -> tuple[str, str]:
    """Return the status and the minutes of this form."""
    status, minutes = request.form.get("status", ""), request.form.get("minutes", "")
    # The field of minutes stays on the line whatever the status: only those that have some read it.
    return status, minutes if status in BY_CODE and BY_CODE[status].has_minutes else ""


def _changed(error: Changed) -> str:
    return _("Entre-temps, cette ligne est devenue « %(now)s ». Votre choix n'a pas été enregistré : refaites-le "
             "s'il vaut toujours.", now=wording.mark(error.current))  # fmt: skip


def _answer(code: str, half_day_id: str, enrolment_id: str, trouble: Trouble | None, status: int) -> Response:
    """Give htmx the line alone; send a plain form back to its page, or show it the page with what is wrong."""
    view = request.form.get("view", "")
    cohort, half_day = access.half_day(code, half_day_id)
    if htmx.wanted():
        undo = presents.undoable(cohort.id, half_day_id, enrolment_id)
        (line,) = boards.with_undo([rosters.line(half_day_id, enrolment_id)], undo)
        return htmx.finish(boards.draw(boards.spot(code, half_day, view, True), line, trouble), status)
    # A half-day that was taken out of its module meanwhile is on no page but its roster.
    if view == correcting.PERSON or (view == correcting.MODULE and half_day["module"]):
        return _away(cohort, half_day, enrolment_id, view, trouble, status)
    if trouble is None:
        anchor = f"{enrolment_id}-{half_day_id}" if view else enrolment_id
        return htmx.done(f"{boards.address(code, half_day, view)}#ligne-{anchor}")
    return boards.show(cohort, half_day, view, trouble=trouble, status=status)


def _away(
    cohort: access.Cohort, half_day: dict, enrolment_id: str, view: str, trouble: Trouble | None, status: int
) -> Response:
    """Send a plain form back to the page of a module or of a person that it stands on, or show what is wrong there."""
    if trouble is None:
        return htmx.done(f"{correcting.address(cohort.code, half_day, enrolment_id, view)}#correction")
    if view == correcting.MODULE:
        return presence.show_module(cohort, half_day["module"], trouble, status)
    return presence.show_participant(cohort, enrolment_id, trouble, status)


@bp.get("/presences/")
def attendance(code: str) -> Response:
    """Show everyone's marks on every half-day, and what the rule makes of them."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    half_days, rows = _grid(code, cohort.id, cohort.version, htmx.today(), htmx.language())
    return htmx.render(
        "rosters/attendance.html", "rosters/_attendance.html",
        cohort=cohort, half_days=half_days, rows=rows, rule=people.rule_set(cohort.id), statuses=STATUSES,
        modules=calendar.module_labels(cohort.id),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _grid(code: str, cohort_id: int, version: int, today: date, language: str) -> tuple[list[tuple], list[str]]:
    """Return the half-days and the lines of the grid, kept until the cohort's version grows."""
    half_days = calendar.half_days(cohort_id)
    keys = tuple(row[0] for row in half_days)
    hours = jury.hours(cohort_id, today)
    return half_days, [_grid_row(code, keys, language, line, hours[line[0]]) for line in rosters.sheet(cohort_id)]


@lru_cache(maxsize=4096)
def _grid_row(code: str, keys: tuple[str, ...], language: str, line: tuple, hours: Summary) -> str:
    """Return the HTML of one participant's line of the attendance grid, kept as long as it is the same."""
    enrolment, last_name, first_name, text = line
    marks = {key: cell_of(*mark) for key, mark in jury.read_marks(text or "").items()}
    return htmx.fragment(
        "rosters/_attendance_row.html",
        enrolment=enrolment, last_name=last_name, first_name=first_name, cells=[marks.get(key, "") for key in keys],
        hours=hours, absent=hours_text(hours.absent), left="" if hours.left is None else hours_text(hours.left),
        version=htmx.digest((line, hours.absent)),
    )  # fmt: skip
