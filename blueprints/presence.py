"""Attendance seen from further away: a whole module, and every half-day of one participant."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from blueprints import access, boards, correcting, htmx, wording
from blueprints.boards import Trouble
from rules.attendance import STATUSES, AttendanceRule, HalfDay, cell_of, hours_text, summary
from store import awaited, calendar, jury, people, rosters

bp = Blueprint("presence", __name__, url_prefix="/promotions/<code>")


@bp.get("/modules/<path:number>/presences/")
def module(code: str, number: str) -> Response:
    """Show everyone's marks on the half-days of one module, and the hours missed there; `?marque=` opens one mark."""
    cohort = access.cohort(code)
    return htmx.nothing_new() if htmx.unchanged(cohort.version) else show_module(cohort, number)


def show_module(cohort: access.Cohort, number: str, trouble: Trouble | None = None, status: int = 200) -> Response:
    """Render the page of a module, with what is wrong when a correction was refused; without such a module, 404."""
    labels = calendar.module_labels(cohort.id)
    if number not in labels:
        abort(404)
    rows = [row for row in calendar.half_days(cohort.id) if row[1] == number]
    half_days, today = _named(rows), htmx.today()
    module = _Module(
        cohort.code, number, access.may("rosters.mark"), htmx.language(), people.rule_set(cohort.id).attendance,
        tuple(_Column(one["id"], boards.when(one), one["minutes"], bool(one["day"] and one["day"] > today))
              for one in half_days),
    )  # fmt: skip
    found = _members(module, cohort.id, cohort.version)
    return htmx.render(
        "presence/module.html", "presence/_module.html", status,
        cohort=cohort, number=number, label=labels[number], labels=labels, half_days=rows,
        rows=[member.html for member in found], counts=[_count(place, found) for place in range(len(rows))],
        statuses=STATUSES, minutes=sum(row[9] for row in rows), editable=module.editable, address=module.address,
        correction=correcting.asked(cohort, correcting.MODULE, number, half_days, trouble),
    )  # fmt: skip


def _named(rows: list[tuple]) -> list[dict]:
    return [dict(zip(calendar.COLUMNS, row, strict=True)) for row in rows]


class _Column(NamedTuple):
    """One half-day of a module's page; ahead: its date is to come."""

    id: str
    when: str
    minutes: int
    ahead: bool


class _Module(NamedTuple):
    """What the lines of a module's page share, and are kept by."""

    code: str
    number: str
    editable: bool
    language: str
    rule: AttendanceRule
    columns: tuple[_Column, ...]

    @property
    def address(self) -> str:
        return url_for("presence.module", code=self.code, number=self.number)


class _Member(NamedTuple):
    """One participant on a module's page: their cells, in order, and the HTML of their line."""

    cells: tuple[str, ...]
    html: str


@lru_cache(maxsize=64)
def _members(module: _Module, cohort_id: int, version: int) -> list[_Member]:
    """Return what a module's page says of everybody, kept until the cohort's version grows."""
    return [_member(module, line) for line in rosters.sheet(cohort_id)]


@lru_cache(maxsize=4096)
def _member(module: _Module, line: tuple) -> _Member:
    """Return what a module's page says of one participant; an optional module has hours of its own there."""
    enrolment, last_name, first_name, text = line
    marks = jury.read_marks(text or "")
    hours = summary(marks, module.rule, [HalfDay(one.id, one.minutes, ahead=one.ahead) for one in module.columns])
    cells = tuple(cell_of(*marks[one.id]) if one.id in marks else "" for one in module.columns)
    return _Member(cells, htmx.fragment(
        "presence/_member.html", id=enrolment, last_name=last_name, first_name=first_name, code=module.code,
        marks=list(zip(module.columns, cells, strict=True)), editable=module.editable, address=module.address,
        absent=hours_text(hours.absent), attended=hours_text(hours.attended), blank=_("non relevé"),
        version=htmx.digest((line, module)),
    ))  # fmt: skip


def _count(place: int, members: list[_Member]) -> str:
    """Return how many are absent and how many not recorded on one half-day, '' when neither."""
    cells = [member.cells[place] for member in members]
    absent, blank = sum(1 for cell in cells if cell in ("A", "AJ")), cells.count("")
    texts = (_("%(n)s abs.", n=absent) if absent else "", _("%(n)s non rel.", n=blank) if blank else "")
    return " · ".join(text for text in texts if text)


@bp.get("/participants/<enrolment_id>/presences/")
def participant(code: str, enrolment_id: str) -> Response:
    """Show every half-day of one participant, and what the rule makes of them; `?marque=` opens one mark."""
    cohort, left = access.record(code, "enrolment", enrolment_id)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _show_left(cohort, enrolment_id) if left else show_participant(cohort, enrolment_id)


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
    half_days = calendar.half_days(cohort.id)
    correction = correcting.asked(cohort, correcting.PERSON, enrolment_id, _named(half_days), trouble)
    return _render(cohort, spot, names[place][1:], half_days, status, neighbours=around, correction=correction)


def _show_left(cohort: access.Cohort, enrolment_id: str) -> Response:
    """Render the page of somebody who left: what was recorded is still there to be read, and nothing of it changes."""
    held = people.held([enrolment_id])[enrolment_id]
    if held["waiting"]:
        abort(404)
    spot = _Spot(cohort.code, enrolment_id, False, htmx.language(), htmx.today())
    return _render(cohort, spot, (held["last_name"], held["first_name"]), calendar.half_days(cohort.id), left=True)


def _render(
    cohort: access.Cohort, spot: _Spot, name: tuple, half_days: list[tuple], status: int = 200, **more: object
) -> Response:
    marks, late = rosters.of_participant(spot.id), awaited.before_arrival(cohort.id, htmx.today())
    return htmx.render(
        "presence/participant.html", "presence/_participant.html", status,
        cohort=cohort, id=spot.id, name=name, rule=people.rule_set(cohort.id),
        hours=jury.hours_of(cohort.id, marks, htmx.today(), late.get(spot.id, 0)),
        rows=[_half_day(spot, row, marks.get(row[0])) for row in half_days],
        editable=spot.editable, address=url_for("presence.participant", code=cohort.code, enrolment_id=spot.id),
        **more,
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
