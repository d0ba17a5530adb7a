"""The roster of a half-day, marked line by line, and the attendance of a whole cohort."""

from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from blueprints import access, htmx
from blueprints.forms import once
from rules.attendance import BY_CODE, STATUSES, cell_of, hours_text, mark_of
from store import calendar, jury, people, rosters
from store.errors import Changed, Refused

bp = Blueprint("rosters", __name__, url_prefix="/promotions/<code>")


@bp.get("/seances/<half_day_id>/")
def roster(code: str, half_day_id: str) -> Response:
    """Show the roster of a half-day; while it stays open, answer 204 until something moves."""
    cohort, half_day = access.half_day(code, half_day_id)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    people.seen(cohort.id)
    lines = rosters.roster(half_day_id, cohort.id)
    editable = access.may("rosters.mark")
    target = _target(code, half_day_id)
    rows = [_row(target, editable, htmx.language(), line) for line in lines]
    recorded = sum(1 for line in lines if line[3])
    return htmx.render(
        "rosters/roster.html", "rosters/_roster.html",
        cohort=cohort, half_day=half_day, rows=rows, recorded=recorded, total=len(lines),
        neighbours=calendar.neighbours(cohort.id, half_day_id), editable=editable,
    )  # fmt: skip


def _target(code: str, half_day_id: str) -> str:
    return url_for("rosters.mark", code=code, half_day_id=half_day_id, enrolment_id="-")[:-1]


@lru_cache(maxsize=4096)
def _row(target: str, editable: bool, language: str, line: tuple, problem: tuple = ()) -> str:
    """Return the HTML of one line; the same line gives the same HTML, so it is kept.

    `problem` is (message, status typed, minutes typed) when the last try was refused.
    """
    enrolment, last_name, first_name, status, minutes, by, at = line
    status = status or ""
    error, shown_status, shown_minutes = problem or ("", status, minutes)
    return htmx.fragment(
        "rosters/_row.html",
        enrolment=enrolment, last_name=last_name, first_name=first_name, by=by, at=htmx.moment(at),
        seen=cell_of(status, minutes), status=shown_status, minutes=shown_minutes, error=error,
        statuses=STATUSES, editable=editable, action=f"{target}{enrolment}", version=htmx.digest(line),
    )  # fmt: skip


@bp.post("/seances/<half_day_id>/presences/<enrolment_id>")
def mark(code: str, half_day_id: str, enrolment_id: str) -> Response:
    """Record one mark; answer with the line alone, or go back to the page of a plain form."""
    cohort, _half_day = access.half_day(code, half_day_id)
    access.enrolment(code, enrolment_id)
    status, minutes = request.form.get("status", ""), request.form.get("minutes", "")
    if not (status in BY_CODE and BY_CODE[status].has_minutes):
        # The field of minutes stays on the line whatever the status: only those that have some read it.
        minutes = ""
    problem: tuple = ()
    code_http = 200
    try:
        with once() as first:
            if first:
                rosters.mark(
                    access.author(), enrolment_id, half_day_id, status, minutes, request.form.get("seen")
                )
    except Refused as error:
        problem, code_http = (htmx.say(error.message), status, minutes), 422
    except Changed as error:
        problem, code_http = (_changed(error), mark_of(error.current)[0], mark_of(error.current)[1]), 409
    return _line(cohort, half_day_id, enrolment_id, problem, code_http)


def _changed(error: Changed) -> str:
    now_status, now_minutes = mark_of(error.current)
    label = _(BY_CODE[now_status].label)
    shown = f"{label}, {now_minutes} min" if now_minutes else label
    return _("Entre-temps, cette ligne est devenue « %(now)s ». Votre choix n'a pas été enregistré : refaites-le "
             "s'il vaut toujours.", now=shown)  # fmt: skip


def _line(cohort: Any, half_day_id: str, enrolment_id: str, problem: tuple, status: int) -> Response:
    page = url_for("rosters.roster", code=cohort.code, half_day_id=half_day_id)
    if not htmx.wanted() and not problem:
        return htmx.done(f"{page}#ligne-{enrolment_id}")
    target = _target(cohort.code, half_day_id)
    lines = rosters.roster(half_day_id, cohort.id)
    if htmx.wanted():
        line = next(line for line in lines if line[0] == enrolment_id)
        return htmx.finish(_row(target, True, htmx.language(), line, problem), status)
    rows = [
        _row(target, True, htmx.language(), line, problem if line[0] == enrolment_id else ()) for line in lines
    ]
    return htmx.render(
        "rosters/roster.html", "rosters/_roster.html", status,
        cohort=cohort, half_day=calendar.half_day(cohort.id, half_day_id), rows=rows,
        recorded=sum(1 for line in lines if line[3]), total=len(lines),
        neighbours=calendar.neighbours(cohort.id, half_day_id), editable=True,
    )  # fmt: skip


@bp.get("/presences/")
def attendance(code: str) -> Response:
    """Show everyone's marks on every half-day, and what the rule makes of them."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    people.seen(cohort.id)
    half_days = calendar.half_days(cohort.id)
    keys = tuple(row[0] for row in half_days)
    hours = jury.hours(cohort.id, htmx.today())
    rows = [_grid_row(code, keys, line, hours[line[0]]) for line in rosters.sheet(cohort.id)]
    return htmx.render(
        "rosters/attendance.html", "rosters/_attendance.html",
        cohort=cohort, half_days=half_days, rows=rows, rule=people.rule_set(cohort.id), statuses=STATUSES,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _grid_row(code: str, keys: tuple[str, ...], line: tuple, hours: Any) -> str:
    """Return the HTML of one participant's line of the attendance grid, kept as long as it is the same."""
    enrolment, last_name, first_name, text = line
    marks = {key: cell_of(*mark) for key, mark in jury.read_marks(text or "").items()}
    return htmx.fragment(
        "rosters/_attendance_row.html",
        enrolment=enrolment, last_name=last_name, first_name=first_name, cells=[marks.get(key, "") for key in keys],
        hours=hours, absent=hours_text(hours.absent), left="" if hours.left is None else hours_text(hours.left),
        version=htmx.digest((line, hours.absent)),
    )  # fmt: skip
