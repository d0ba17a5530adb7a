"""Our calendar beside an export of Hyperplanning: what differs is shown, nothing is changed, nothing is kept."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from blueprints import access, htmx
from documents import calendar_files
from rules.calendar_comparison import DIFFERENCES, Event, Pair, compare, counted
from rules.value_times import MONTHS, WEEKDAYS
from store import calendar, planning
from store.errors import Refused

bp = Blueprint("comparisons", __name__, url_prefix="/promotions/<code>/seances/comparer")
#: How far before and after the promotion an event that repeats is looked at.
AROUND = timedelta(days=62)


@bp.get("/")
def index(code: str) -> Response:
    """Show the form that takes the export."""
    return _page(access.cohort(code))


@bp.post("/")
def compared(code: str) -> Response:
    """Show where an export and our calendar differ."""
    cohort = access.cohort(code)
    half_days = calendar.half_days(cohort.id)
    try:
        events = _events(cohort.id, half_days)
    except Refused as error:
        return _page(cohort, 422, htmx.say(error.message))
    here = [
        Event(row[6], row[7], row[8], row[2] or "", row[12], row[0]) for row in half_days if row[6]
    ]  # fmt: skip
    pairs = compare(here, events)
    return _page(
        cohort, counts=counted(pairs), months=_months([pair for pair in pairs if pair.kinds != ("same",)]),
        undated=len(half_days) - len(here), events=len(events),
    )  # fmt: skip


def _events(cohort_id: int, half_days: Sequence[tuple]) -> list[Event]:
    file = request.files.get("calendar")
    if file is None or not file.filename:
        raise Refused("Choisissez le fichier .ics exporté d'Hyperplanning.")
    state, days = planning.state(cohort_id), [row[6] for row in half_days if row[6]]
    first = min([*days, *filter(None, [state.first_day])], default=htmx.today())
    last = max([*days, *filter(None, [state.last_day])], default=htmx.today())
    return calendar_files.read(file.read(calendar_files.LARGEST + 1), first - AROUND, last + AROUND)


def _months(pairs: Sequence[Pair]) -> list[tuple[str, list[Mapping[str, object]]]]:
    """Group what differs by month, each line with the days as the page shows them."""
    groups = groupby(pairs, lambda pair: (pair.day.year, pair.day.month))
    return [
        (f"{_(MONTHS[month - 1]).capitalize()} {year}", [_line(pair) for pair in group])
        for (year, month), group in groups
    ]


def _line(pair: Pair) -> Mapping[str, object]:
    there = _weekday(pair.there.day) if pair.there else ""
    return {"pair": pair, "weekday": _weekday(pair.day), "there_weekday": there}


def _weekday(day: date) -> str:
    return _(WEEKDAYS[day.weekday()])[:3]


def _page(cohort: access.Cohort, status: int = 200, message: str = "", **found: object) -> Response:
    return htmx.render(
        "comparisons/index.html", "comparisons/_comparison.html", status,
        cohort=cohort, message=message, labels=DIFFERENCES, **found,
    )  # fmt: skip
