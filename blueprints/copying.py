"""A calendar copied to the next edition, with a preview before anything is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx
from blueprints.edits import Outcome
from blueprints.forms import once
from rules.message import Message
from rules.value_times import WEEKDAYS
from rules.values import display_date, parse_date
from store import copying, people
from store.changes import refused
from store.copying import Edition
from store.errors import Refused

bp = Blueprint("copying", __name__, url_prefix="/promotions/<code>/seances/copier")
FIELDS = ("target", "code", "title", "first_day", "weeks")
#: Ten years.
MOST_WEEKS = 520
#: So many digits at most are a number of weeks: a longer one is none.
_WEEKS = re.compile("-?[0-9]{1,4}")


@dataclass(frozen=True)
class Asked:
    """Where a calendar is to be copied: a cohort that exists, or one to be opened, so many weeks later."""

    weeks: int
    target: int | None = None
    target_code: str = ""
    new: Edition | None = None


@bp.get("/")
def index(code: str) -> Response:
    """Show the form: which cohort, and from which day."""
    return _page(access.cohort(code), Outcome())


def _page(cohort: access.Cohort, outcome: Outcome, asked: Asked | None = None) -> Response:
    begins = copying.first_day(cohort.id)
    others = [(row[1], row[2]) for row in people.cohorts() if row[0] != cohort.id]
    return htmx.render(
        "planning/copy.html", "planning/_copy.html", outcome.status,
        cohort=cohort, outcome=outcome, shown=dict(outcome.typed), others=others,
        begins=display_date(begins.isoformat()) if begins else "", asked=asked,
        lines=_lines(cohort.id, asked) if asked else [],
    )  # fmt: skip


def _lines(cohort_id: int, asked: Asked) -> list[Mapping[str, object]]:
    """Return each half-day as it would be, with its faults."""
    copies = copying.proposed(cohort_id, asked.weeks)
    faults = copying.faults(cohort_id, copies, asked.target)
    found = []
    for one in copies:
        day = date.fromisoformat(one.values["day"]) if one.values["day"] else None
        told = [htmx.say(fault.message) for fault in faults.get(one.source, ())]
        weekday = _(WEEKDAYS[day.weekday()])[:3] if day else ""
        more = {"source": one.source, "day": day, "weekday": weekday, "minutes": one.minutes, "faults": told}
        found.append({**one.values, **more})
    return found


@bp.post("/apercu")
def preview(code: str) -> Response:
    """Show what the copy would hold, half-day by half-day; nothing is written."""
    cohort, typed = access.cohort(code), _typed()
    try:
        asked = _asked(cohort, typed)
    except Refused as error:
        return _page(cohort, _refusal(error, typed))
    return _page(cohort, Outcome(typed=tuple((typed | {"weeks": str(asked.weeks)}).items())), asked)


@bp.post("/")
def copy(code: str) -> Response:
    """Copy the half-days kept, and open the cohort when it is new, all in one transaction."""
    cohort, typed = access.cohort(code), _typed()
    made: list[str] = []
    target_code = typed.get("target") or typed.get("code", "").strip().upper()
    try:
        with once() as first:
            if first:
                target_code, made = _copied(cohort, typed)
    except Refused as error:
        return _page(cohort, _refusal(error, typed))
    text = ngettext("%(num)d demi-journée est copiée.", "%(num)d demi-journées sont copiées.", len(made))
    return htmx.done(url_for("calendar.index", code=target_code), text if made else "")


def _copied(cohort: access.Cohort, typed: Mapping[str, str]) -> tuple[str, list[str]]:
    asked, author = _asked(cohort, typed), access.author()
    kept = set(request.form.getlist("keep"))
    without = [one.source for one in copying.proposed(cohort.id, asked.weeks) if one.source not in kept]
    if asked.new:
        target = copying.open_cohort(author, cohort.id, asked.new, asked.weeks)
        return asked.new.code, copying.copy(author, cohort.id, target, asked.weeks, without)
    assert asked.target is not None
    return asked.target_code, copying.copy(author, cohort.id, asked.target, asked.weeks, without)


def _typed() -> dict[str, str]:
    return {name: request.form[name] for name in FIELDS if name in request.form}


def _refusal(error: Refused, typed: Mapping[str, str]) -> Outcome:
    return Outcome(422, htmx.say(error.message), getattr(error, "field", ""), tuple(typed.items()))


def _asked(cohort: access.Cohort, typed: Mapping[str, str]) -> Asked:
    """Read the form; raise Refused naming the field that is wrong."""
    if code := typed.get("target", ""):
        found = people.cohort(code)
        if found is None or found[0] == cohort.id:
            raise refused("target", Message("Choisissez une autre promotion."))
        day = _day(typed.get("first_day", ""))
        return Asked(_weeks(cohort.id, typed, day), found[0], found[1])
    new = copying.edition(typed.get("code", ""), typed.get("title", ""), typed.get("first_day", ""))
    return Asked(_weeks(cohort.id, typed, new.first_day), new=new)


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except Refused as error:
        error.field = "first_day"  # type: ignore[attr-defined]
        raise
    return date.fromisoformat(found) if found else None


def _weeks(cohort_id: int, typed: Mapping[str, str], day: date | None) -> int:
    """Return by how many weeks the calendar moves: as typed, or so as to begin near the day given."""
    text = typed.get("weeks", "").strip()
    if text and not (_WEEKS.fullmatch(text) and abs(int(text)) <= MOST_WEEKS):
        raise refused("weeks", Message("« %(raw)s » n'est pas un nombre de semaines.", {"raw": text[:20]}))
    if text:
        return int(text)
    if day is None:
        raise refused("first_day", Message("Indiquez le premier jour, ou de combien de semaines décaler."))
    found = copying.weeks_to(cohort_id, day)
    if abs(found) > MOST_WEEKS:
        raise refused("first_day", Message("Ce premier jour est à plus de dix ans du calendrier copié."))
    return found
