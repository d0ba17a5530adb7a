"""Attendance seen from further away: a whole module, and every half-day of one participant."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from blueprints import access, boards, correcting, htmx, wording
from blueprints.boards import Trouble
from rules.attendance import STATUSES, AttendanceRule, HalfDay, cell_of, hours_text, summary
from store import calendar, jury, people, rosters

bp = Blueprint("presence", __name__, url_prefix="/promotions/<code>")


@bp.get("/modules/<number>/presences/")
def module(code: str, number: str) -> Response:
    """Show everyone's marks on the half-days of one module, and the hours missed there; `?marque=` opens one mark."""
    cohort = access.cohort(code)
    if number not in calendar.module_labels(cohort.id):
        abort(404)
    return htmx.nothing_new() if htmx.unchanged(cohort.version) else show_module(cohort, number)


def show_module(cohort: access.Cohort, number: str, trouble: Trouble | None = None, status: int = 200) -> Response:
    """Render the page of a module, with what is wrong when a correction was refused."""
    labels = calendar.module_labels(cohort.id)
    half_days = [row for row in calendar.half_days(cohort.id) if row[1] == number]
    found = [_member(line, half_days, people.rule_set(cohort.id).attendance) for line in rosters.sheet(cohort.id)]
    return htmx.render(
        "presence/module.html", "presence/_module.html", status,
        cohort=cohort, number=number, label=labels[number], labels=labels, half_days=half_days, rows=found,
        counts=[_count(place, found) for place in range(len(half_days))], statuses=STATUSES,
        minutes=sum(row[9] for row in half_days), editable=access.may("rosters.mark"), blank=_("non relevé"),
        columns=[boards.when(dict(zip(calendar.COLUMNS, row, strict=True))) for row in half_days],
        correction=correcting.asked(cohort, correcting.MODULE, trouble),
    )  # fmt: skip


def _member(line: tuple, half_days: list[tuple], rule: AttendanceRule) -> dict[str, object]:
    """Return what a module's page says of one participant; an optional module has hours of its own there."""
    enrolment, last_name, first_name, text = line
    marks = jury.read_marks(text or "")
    today = htmx.today()
    hours = summary(marks, rule, [HalfDay(row[0], row[9], ahead=bool(row[6] and row[6] > today)) for row in half_days])
    cells = [cell_of(*marks[row[0]]) if row[0] in marks else "" for row in half_days]
    return {
        "id": enrolment, "last_name": last_name, "first_name": first_name, "cells": cells,
        "absent": hours_text(hours.absent), "attended": hours_text(hours.attended),
        "version": htmx.digest((line, hours.attended, tuple(row[9] for row in half_days))),
    }  # fmt: skip


def _count(place: int, members: list[dict]) -> str:
    """Return how many are absent and how many not recorded on one half-day, '' when neither."""
    cells = [member["cells"][place] for member in members]
    absent, blank = sum(1 for cell in cells if cell in ("A", "AJ")), cells.count("")
    texts = (_("%(n)s abs.", n=absent) if absent else "", _("%(n)s non rel.", n=blank) if blank else "")
    return " · ".join(text for text in texts if text)


@bp.get("/participants/<enrolment_id>/presences/")
def participant(code: str, enrolment_id: str) -> Response:
    """Show every half-day of one participant, and what the rule makes of them; `?marque=` opens one mark."""
    cohort = access.enrolment(code, enrolment_id)
    return htmx.nothing_new() if htmx.unchanged(cohort.version) else show_participant(cohort, enrolment_id)


def show_participant(
    cohort: access.Cohort, enrolment_id: str, trouble: Trouble | None = None, status: int = 200
) -> Response:
    """Render the page of one person, with what is wrong when a correction was refused."""
    names = rosters.names(cohort.id)
    place = next((index for index, name in enumerate(names) if name[0] == enrolment_id), None)
    if place is None:
        abort(404)
    around = names[place - 1][0] if place else "", names[place + 1][0] if place + 1 < len(names) else ""
    spot = _Spot(cohort.code, enrolment_id, access.may("rosters.mark"), htmx.language(), htmx.today())
    marks, rules = rosters.of_participant(enrolment_id), people.rule_set(cohort.id)
    return htmx.render(
        "presence/participant.html", "presence/_participant.html", status,
        cohort=cohort, id=enrolment_id, name=names[place][1:], neighbours=around,
        hours=jury.hours_of(cohort.id, marks, htmx.today()), rule=rules,
        rows=[_half_day(spot, row, marks.get(row[0])) for row in calendar.half_days(cohort.id)],
        editable=spot.editable, correction=correcting.asked(cohort, correcting.PERSON, trouble),
    )  # fmt: skip


class _Spot(NamedTuple):
    """Where the lines of a person's page are drawn: the same for all, and part of what they are kept by."""

    code: str
    id: str
    editable: bool
    language: str
    #: Hours of today are said without their date: what is kept is kept until tomorrow.
    today: date


@lru_cache(maxsize=8192)
def _half_day(place: _Spot, row: tuple, mark: tuple | None) -> str:
    """Return the HTML of one half-day on a person's page, with its mark if any; kept as long as both are the same."""
    status, minutes, by, at = mark or ("", None, "", None)
    cell = cell_of(status, minutes)
    half_day = dict(zip(calendar.COLUMNS, row, strict=True)) | {
        "cell": cell, "label": wording.mark(cell) if cell else "", "by": by, "at": htmx.moment(at),
        "status": status, "version": htmx.digest((row, mark)),
    }  # fmt: skip
    page = url_for("presence.participant", code=place.code, enrolment_id=place.id)
    return htmx.fragment("presence/_half_day.html", d=half_day, page=page, **place._asdict())
