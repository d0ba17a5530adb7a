"""The roster of a half-day, marked line by line, and the attendance of a whole cohort."""

from datetime import date
from functools import lru_cache

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, htmx, wording
from blueprints.forms import once
from rules.attendance import BY_CODE, STATUSES, Summary, cell_of, hours_text, mark_of
from store import calendar, jury, people, rosters
from store.errors import Changed, Refused

bp = Blueprint("rosters", __name__, url_prefix="/promotions/<code>")


@bp.get("/seances/<half_day_id>/")
def roster(code: str, half_day_id: str) -> Response:
    """Show the roster of a half-day; while it stays open, answer 204 until something moves."""
    cohort, half_day = access.half_day(code, half_day_id)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort, half_day, rosters.roster(half_day_id, cohort.id), access.may("rosters.mark"))


def _page(
    cohort: access.Cohort, half_day: dict, lines: list[tuple], editable: bool, problem: tuple = ("", ()),
    status: int = 200,
) -> Response:  # fmt: skip
    """Render the whole roster; `problem` is the line whose last try was refused, and what to say of it."""
    target, language = _target(cohort.code, half_day["id"]), htmx.language()
    rows = [_row(target, editable, language, line, problem[1] if line[0] == problem[0] else ()) for line in lines]
    return htmx.render(
        "rosters/roster.html", "rosters/_roster.html", status,
        cohort=cohort, half_day=half_day, rows=rows, recorded=sum(1 for line in lines if line[3]), total=len(lines),
        neighbours=() if htmx.wanted() else calendar.neighbours(cohort.id, half_day["id"]), editable=editable,
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
        statuses=_statuses(language), editable=editable, action=f"{target}{enrolment}", version=htmx.digest(line),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _statuses(language: str) -> list[tuple[str, str, str, bool]]:
    """Return (code, label, letters, has minutes) of each status, its label in this language."""
    return [(status.code, _(status.label), status.letters, status.has_minutes) for status in STATUSES]


@bp.post("/seances/<half_day_id>/presences/<enrolment_id>")
def mark(code: str, half_day_id: str, enrolment_id: str) -> Response:
    """Record one mark; answer with the line alone, or go back to the page of a plain form."""
    access.line(code, half_day_id, enrolment_id)
    if "status" not in request.form:
        # Never read as « not recorded »: that would erase a mark.
        abort(400)
    status, minutes = request.form.get("status", ""), request.form.get("minutes", "")
    if not (status in BY_CODE and BY_CODE[status].has_minutes):
        # The field of minutes stays on the line whatever the status: only those that have some read it.
        minutes = ""
    problem: tuple = ()
    answer = 200
    try:
        with once() as first:
            if first:
                seen = request.form.get("seen")
                rosters.mark(access.author(), enrolment_id, half_day_id, status, minutes, seen)
    except Refused as error:
        problem, answer = (htmx.say(error.message), status, minutes), 422
    except Changed as error:
        problem, answer = (_changed(error), *mark_of(error.current)), 409
    return _answer(code, half_day_id, enrolment_id, problem, answer)


def _changed(error: Changed) -> str:
    return _("Entre-temps, cette ligne est devenue « %(now)s ». Votre choix n'a pas été enregistré : refaites-le "
             "s'il vaut toujours.", now=wording.mark(error.current))  # fmt: skip


def _answer(code: str, half_day_id: str, enrolment_id: str, problem: tuple, status: int) -> Response:
    """Give htmx the line alone; send a plain form back to its page, or show it the page with what is wrong."""
    if htmx.wanted():
        line = rosters.line(half_day_id, enrolment_id)
        return htmx.finish(_row(_target(code, half_day_id), True, htmx.language(), line, problem), status)
    if not problem:
        page = url_for("rosters.roster", code=code, half_day_id=half_day_id)
        return htmx.done(f"{page}#ligne-{enrolment_id}")
    cohort, half_day = access.half_day(code, half_day_id)
    return _page(cohort, half_day, rosters.roster(half_day_id, cohort.id), True, (enrolment_id, problem), status)


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
