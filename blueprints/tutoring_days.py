"""Tutoring days: their half-days from the calendar, and who was there beside what was done of each paper."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _
from flask_login import current_user

from blueprints import access, cells, htmx
from blueprints.cells import Problem
from rules.attendance import BY_CODE
from rules.calendar import KINDS
from rules.following import undone
from store import following, following_facts
from store.following import DONE
from store.following_facts import Followed, Look

bp = Blueprint("tutoring_days", __name__, url_prefix="/promotions/<code>/notes/journees")
AWAY = ("absent", "justified")


class Count(NamedTuple):
    """How many people one half-day is about, who was there, is not recorded, has something noted, and lacks it."""

    everybody: int
    there: int
    unrecorded: int
    noted: int
    lacking: int


@bp.get("/")
def index(code: str) -> Response:
    """List the half-days of tutoring, with what is missing of each."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    look = _look(cohort)
    lines = [(slot, _count(look, slot), _past(slot)) for slot in look.slots]
    return htmx.render(
        "following/days.html", "following/_days.html", cohort=cohort, lines=lines, digest=htmx.digest, kinds=KINDS,
        asked=look.asked, address=url_for("tutoring_days.index", code=code),
    )  # fmt: skip


def _look(cohort: access.Cohort) -> Look:
    """Return what this person sees: a tutor, the papers that they follow."""
    only = current_user.id if current_user.role == "tutor" else None
    return following_facts.look(cohort.id, htmx.today(), only)


def _past(slot: Mapping[str, Any]) -> bool:
    return bool(slot["day"] and slot["day"] <= htmx.today())


def _count(look: Look, slot: Mapping[str, Any]) -> Count:
    days = [(paper, day) for paper in look.papers for day in paper.facts.days if day.id == slot["id"]]
    return Count(
        len(days), sum(1 for _paper, day in days if day.status and day.status not in AWAY),
        sum(1 for _paper, day in days if not day.status), sum(1 for _paper, day in days if day.done),
        sum(1 for paper, _day in days if _lacking(paper, slot)),
    )  # fmt: skip


def _lacking(paper: Followed, slot: Mapping[str, Any]) -> bool:
    """Tell whether something is still to be noted of a paper on the day of this half-day."""
    return not paper.facts.deposited and slot["day"] in undone(paper.facts.days, htmx.today())


@bp.get("/<half_day_id>/")
def show(code: str, half_day_id: str) -> Response:
    """Show who was there on one half-day beside what was done of each paper."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort, half_day_id)


def _page(
    cohort: access.Cohort, half_day_id: str, wrong: str = "", problems: Mapping[str, Problem] | None = None
) -> Response:
    look = _look(cohort)
    slot = _slot(look, half_day_id)
    lines = [
        _line(cohort, paper, slot, problems if paper.id == wrong else None) for paper in look.papers
    ]
    place = [one["id"] for one in look.slots].index(half_day_id)
    around = [look.slots[at] if 0 <= at < len(look.slots) else None for at in (place - 1, place + 1)]
    return htmx.render(
        "following/day.html", "following/_day.html", cells.status(problems or {}),
        cohort=cohort, slot=slot, lines=lines, count=_count(look, slot), past=_past(slot), before=around[0],
        after=around[1], address=url_for("tutoring_days.show", code=cohort.code, half_day_id=half_day_id),
    )  # fmt: skip


def _slot(look: Look, half_day_id: str) -> dict:
    found = next((slot for slot in look.slots if slot["id"] == half_day_id), None)
    if found is None:
        abort(404)
    return found


def _line(
    cohort: access.Cohort, paper: Followed, slot: Mapping[str, Any], problems: Mapping[str, Problem] | None = None,
    saved: bool = False,
) -> str:  # fmt: skip
    day = next(day for day in paper.facts.days if day.id == slot["id"])
    editable = current_user.role in access.OFFICE or current_user.role == "tutor" and current_user.id in paper.users
    lacking = _lacking(paper, slot)
    facts = (paper.id, paper.name, paper.title, paper.tutors, day, editable, lacking, _past(slot), htmx.language())
    return htmx.fragment(
        "following/_attendee.html", paper=paper, field=DONE + slot["id"], done=day.done, status=day.status,
        mark=_(BY_CODE[day.status].label) if day.status else "", editable=editable, lacking=lacking, past=_past(slot),
        problems=problems or {}, saved=saved, version=htmx.digest(facts), slot=slot, code=cohort.code,
        action=url_for("tutoring_days.change", code=cohort.code, half_day_id=slot["id"], paper_id=paper.id),
    )  # fmt: skip


@bp.post("/<half_day_id>/<paper_id>")
def change(code: str, half_day_id: str, paper_id: str) -> Response:
    """Note what was done of one paper in a half-day; answer with its line, or go back to the page."""
    cohort = access.paper(code, paper_id)
    if half_day_id not in following.tutoring_days(cohort.id):
        abort(404)
    problems = cells.save(following.change, paper_id, following.types(cohort.id), [DONE + half_day_id])
    if htmx.wanted():
        look = _look(cohort)
        paper, slot = look.paper(paper_id), _slot(look, half_day_id)
        if paper is None:
            abort(404)
        return htmx.finish(_line(cohort, paper, slot, problems, saved=not problems), cells.status(problems))
    if problems:
        return _page(cohort, half_day_id, paper_id, problems)
    return htmx.done(f"{url_for('tutoring_days.show', code=code, half_day_id=half_day_id)}#ligne-{paper_id}")
