"""Where everybody stands before the attendance rule, and how the rule counts."""

from datetime import date
from functools import lru_cache

from flask import Blueprint, Response, url_for

from blueprints import access, htmx
from rules.attendance import STANDINGS, hours_text
from rules.attendance_examples import RULE, examples
from store import calendar, people, standings

bp = Blueprint("standings", __name__, url_prefix="/promotions/<code>/assiduite")


@bp.get("/")
def index(code: str) -> Response:
    """Show hours absent, allowed and left of everybody, the nearest to the limit first."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    rules = people.rule_set(cohort.id)
    rows, total = _lines(code, cohort.id, cohort.version, htmx.today(), htmx.language())
    return htmx.render(
        "standings/index.html", "standings/_standings.html",
        cohort=cohort, rule=rules, rows=rows, total=total, whole=rules.attendance.kind == "full",
    )  # fmt: skip


@lru_cache(maxsize=64)
def _lines(code: str, cohort_id: int, version: int, today: date, language: str) -> tuple[list[str], int]:
    """Return the HTML of every line and the minutes planned, kept until the cohort's version grows."""
    rules = people.rule_set(cohort_id)
    lines = standings.of_cohort(cohort_id, rules, today)
    places = _places(code, cohort_id) if any(line.hours.missed for line in lines) else {}
    shown = {"labels": STANDINGS, "places": places, "whole": rules.attendance.kind == "full"}
    rows = [htmx.fragment("standings/_row.html", line=line, version=htmx.digest(line), **shown) for line in lines]
    return rows, lines[0].hours.total if lines else 0


def _places(code: str, cohort_id: int) -> dict[str, tuple[str, date | None, str, str]]:
    """Return {half-day: (address of its roster, day, start, period)} of a calendar."""
    page = url_for("calendar.index", code=code)
    return {row[0]: (f"{page}{row[0]}/", row[6], row[7], row[5]) for row in calendar.half_days(cohort_id)}


@bp.get("/exemples/")
def worked(code: str) -> Response:
    """Show on three worked examples how hours are counted, by this cohort's rule where it is of the same kind."""
    cohort = access.cohort(code)
    rule = people.rule_set(cohort.id).attendance
    applied = rule if rule.kind == "share" else RULE
    return htmx.render(
        "standings/examples.html", "standings/_examples.html",
        cohort=cohort, rule=applied, own=rule.kind == "share", found=examples(applied), labels=STANDINGS,
        lengths=_lengths,
    )  # fmt: skip


def _lengths(missed: dict[int, int]) -> list[str]:
    """Write which half-days were missed: 4 × 4 h 30, 1 × 2 h 30."""
    return [f"{count} × {hours_text(minutes)}" for minutes, count in missed.items()]
