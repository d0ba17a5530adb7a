"""The calendar of a cohort, its half-days changed in place, and its control totals."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, edits, htmx, moves
from blueprints.edits import Outcome
from blueprints.moves import Notice
from rules.calendar import KINDS, MODALITIES, differences
from rules.places import describe
from rules.value_times import MONTHS, WEEKDAYS
from rules.values import display_date, display_time
from store import calendar, people, planning, totals

bp = Blueprint("calendar", __name__, url_prefix="/promotions/<code>/seances")


@bp.get("/")
def index(code: str) -> Response:
    """Show the calendar by month; `?modifier=` opens one half-day, `?ligne=` gives one line back to htmx."""
    cohort = access.cohort(code)
    opened = request.args.get("modifier", "")
    one = opened or request.args.get("ligne", "")
    if htmx.wanted() and one:
        return _one(cohort, one, Outcome() if opened else None)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort, opened if access.may("calendar.change") else "", Outcome())


def _page(cohort: access.Cohort, opened: str, outcome: Outcome, notice: Notice | None = None) -> Response:
    half_days = calendar.half_days(cohort.id)
    found, expected = totals.of_calendar(half_days), people.expected_totals(cohort.id)
    return htmx.render(
        "calendar/index.html", "calendar/_calendar.html", outcome.status,
        cohort=cohort, rows=list(_rows(cohort, half_days, opened, outcome, notice)), total=len(half_days),
        found=found, expected=expected, gaps=differences(found, expected), kinds=KINDS,
        editable=access.may("calendar.change"), state=planning.state(cohort.id),
    )  # fmt: skip


def _rows(
    cohort: access.Cohort, half_days: list[tuple], opened: str, outcome: Outcome, notice: Notice | None
) -> Iterator[str]:
    """Give the HTML of every line, each month or period under its own heading."""
    recorded, former = totals.recorded(cohort.id), totals.former_days(cohort.id)
    size, editable, language = totals.enrolled(cohort.id), access.may("calendar.change"), htmx.language()
    page = url_for("calendar.index", code=cohort.code)
    groups = groupby(half_days, lambda row: _heading(row[6], row[5]))
    for number, ((key, heading), group) in enumerate(groups):
        yield htmx.fragment("calendar/_heading.html", key=f"{key}-{number}", heading=heading, editable=editable)
        for line in group:
            if line[0] == opened:
                yield _form(cohort, line, outcome, notice)
            else:
                counts = (recorded.get(line[0], 0), size)
                yield _row(page, editable, language, line, counts, former.get(line[0], ""))


def _heading(day: date | None, period: str) -> tuple[str, str]:
    """Return the key and the heading under which a half-day is listed: its month, or what stands for it."""
    if day:
        return f"{day:%Y-%m}", f"{_(MONTHS[day.month - 1]).capitalize()} {day.year}"
    # « Semaine 3 / décembre 2020 » goes under the month, « Regroupement 1 / jour 2 » under the gathering.
    first, _slash, last = (part.strip() for part in period.partition("/"))
    heading = first if not last or last.startswith("jour") else last[:1].upper() + last[1:]
    return htmx.digest(heading), heading


@lru_cache(maxsize=4096)
def _row(page: str, editable: bool, language: str, line: tuple, counts: tuple[int, int], former: str,
         focus: bool = False) -> str:  # fmt: skip
    """Return the HTML of one half-day; the same line gives the same HTML, so it is kept."""
    values = dict(zip(calendar.COLUMNS, line, strict=True))
    day = values["day"]
    place = describe(values["place"])
    return htmx.fragment(
        "calendar/_row.html",
        d=values, page=page, editable=editable, recorded=counts[0], size=counts[1],
        weekday=_(WEEKDAYS[day.weekday()])[:3] if day else "", former=display_date(former),
        site=place.site, kind=KINDS[values["kind"]], modality=MODALITIES[values["modality"]],
        version=htmx.digest((line, counts, former)), focus=focus,
    )  # fmt: skip


def _form(cohort: access.Cohort, line: tuple, outcome: Outcome, notice: Notice | None = None) -> str:
    """Return the HTML of one half-day open for changes, with what was typed when it was turned down."""
    values = _values(line)
    return htmx.fragment(
        "calendar/_edit.html",
        id=line[0], page=url_for("calendar.index", code=cohort.code), values=values, outcome=outcome,
        shown=values | dict(outcome.typed), kinds=KINDS, modalities=MODALITIES,
        modules=calendar.module_labels(cohort.id), version=f"open-{htmx.digest(line)}",
        notice=notice,
    )  # fmt: skip


def _values(line: tuple) -> dict[str, str]:
    """Return the text of each field of a half-day as its form shows it."""
    row = dict(zip(calendar.COLUMNS, line, strict=True))
    values = {name: row[name] or "" for name in calendar.FIELDS if name != "day"}
    values["day"] = display_date(row["day"].isoformat()) if row["day"] else ""
    return values | {name: display_time(values[name]) for name in ("start", "end")}


def _one(
    cohort: access.Cohort, half_day_id: str, outcome: Outcome | None, notice: Notice | None = None
) -> Response:
    """Answer with one line alone, open for changes when there is an outcome to show."""
    found = calendar.half_day(cohort.id, half_day_id)
    if found is None:
        abort(404)
    line = tuple(found[name] for name in calendar.COLUMNS)
    if outcome is not None and access.may("calendar.change"):
        return htmx.finish(_form(cohort, line, outcome, notice), outcome.status)
    counts = (totals.recorded(cohort.id).get(half_day_id, 0), totals.enrolled(cohort.id))
    former = totals.former_days(cohort.id).get(half_day_id, "")
    page = url_for("calendar.index", code=cohort.code)
    return htmx.finish(_row(page, access.may("calendar.change"), htmx.language(), line, counts, former, focus=True))


@bp.post("/<half_day_id>/modifier")
def change(code: str, half_day_id: str) -> Response:
    """Move or change one half-day; answer with its line, or go back to the page of a plain form.

    A move says first who is affected, and is saved when the form comes back with that.
    """
    cohort, half_day = access.half_day(code, half_day_id)
    if notice := moves.to_confirm(cohort, half_day):
        # Not carried out yet: the same status as a form that was turned down.
        asked = Outcome(422, typed=tuple(edits.sent(calendar.types(cohort.id)).items()))
        return _one(cohort, half_day_id, asked, notice) if htmx.wanted() else _page(cohort, half_day_id, asked, notice)
    outcome = edits.edit(
        calendar.types(cohort.id),
        lambda wanted, read: calendar.change(access.author(), half_day_id, wanted, read),
        lambda: calendar.snapshot(cohort.id)[half_day_id],
    )
    if htmx.wanted():
        return _one(cohort, half_day_id, outcome if outcome.message else None)
    if outcome.message:
        return _page(cohort, half_day_id, outcome)
    return htmx.done(f"{url_for('calendar.index', code=code)}#ligne-{half_day_id}")
