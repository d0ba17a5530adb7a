"""The calendar of a cohort month by month, beside its list."""

import calendar as weeks
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from blueprints import access, htmx
from rules.calendar import KINDS
from rules.value_times import FIRST_YEAR, LAST_YEAR, MONTHS, WEEKDAYS
from store import calendar, public_holidays

bp = Blueprint("months", __name__, url_prefix="/promotions/<code>/seances")


@dataclass(frozen=True)
class Day:
    """One day of a month: its half-days, and its name when it is a public holiday."""

    day: date
    inside: bool
    half_days: list[dict]
    holiday: str = ""


@bp.get("/mois/")
def month(code: str) -> Response:
    """Show one month, `?mois=2025-03`; without one, the present month or the nearest that has half-days."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    half_days = [dict(zip(calendar.COLUMNS, row, strict=True)) for row in calendar.half_days(cohort.id)]
    held = sorted({row["day"].replace(day=1) for row in half_days if row["day"]})
    shown = _asked(request.args.get("mois", "")) or _nearest(held, htmx.today().replace(day=1))
    return htmx.render(
        "planning/month.html", "planning/_month.html",
        cohort=cohort, weeks=_weeks(shown, half_days), month=shown, title=_name(shown), kinds=KINDS,
        months=[(f"{one:%Y-%m}", _name(one)) for one in sorted({*held, shown})],
        before=_beside(shown, -1), after=_beside(shown, 1), weekdays=[_(name) for name in WEEKDAYS],
        undated=[row for row in half_days if not row["day"]], address=request.full_path.rstrip("?"),
        total=sum(row["day"] is not None and row["day"].replace(day=1) == shown for row in half_days),
    )  # fmt: skip


def _asked(text: str) -> date | None:
    found = re.fullmatch("([0-9]{4})-(0[1-9]|1[0-2])", text)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return date(int(found[1]), int(found[2]), 1)


def _nearest(held: list[date], today: date) -> date:
    return min(held, key=lambda one: abs((one - today).days), default=today)


def _beside(month: date, step: int) -> str:
    number = month.year * 12 + month.month - 1 + step
    year, place = divmod(number, 12)
    return f"{year}-{place + 1:02d}" if FIRST_YEAR <= year <= LAST_YEAR else ""


def _name(month: date) -> str:
    return f"{_(MONTHS[month.month - 1]).capitalize()} {month.year}"


def _weeks(month: date, half_days: list[dict]) -> list[list[Day]]:
    """Return the weeks of a month; Sundays are there only when something is on one."""
    on: dict[date, list[dict]] = defaultdict(list)
    for row in half_days:
        if row["day"]:
            on[row["day"]].append(row)
    found = weeks.Calendar().monthdatescalendar(month.year, month.month)
    days = 7 if any(on.get(week[6]) for week in found if week[6].month == month.month) else 6
    holidays = public_holidays.among(day for week in found for day in week)
    return [
        [Day(day, day.month == month.month, on.get(day, []) if day.month == month.month else [],
             holidays.get(day, "")) for day in week[:days]]
        for week in found if any(day.month == month.month for day in week[:days])
    ]  # fmt: skip
