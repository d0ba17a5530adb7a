"""The roster of one half-day as a page shows it: alone, or beside the others of its day."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Response, abort, url_for
from flask_babel import gettext as _

from blueprints import access, htmx, wording
from rules.attendance import STATUSES, cell_of, mark_of
from rules.rolls import Roll
from rules.values import display_date, display_time
from store import calendar, presents, rolls, rosters
from store.models.base import now

#: What a form says of the page that it stands on: the roster of one half-day, or all those of a day.
DAY = "jour"


class Trouble(NamedTuple):
    """What was refused on a board, so as to say it in its place: of one line, or of the whole roll."""

    half_day: str = ""
    enrolment: str = ""
    message: str = ""
    #: What was typed: a status and minutes, or the reason to open a roll again.
    status: str = ""
    minutes: object = ""
    #: Lines not recorded that closing the roll asks about; '' for any other trouble.
    missing: int = 0


class Board(NamedTuple):
    """One half-day: what it is, its lines drawn, and where its roll stands."""

    half_day: dict[str, Any]
    rows: list[str]
    recorded: int
    total: int
    roll: Roll
    locked: bool
    editable: bool
    #: (moment, how many) of the lines marked present together a short while ago, or None.
    batch: tuple | None
    trouble: Trouble
    view: str
    version: str
    #: Its day is to come: what is recorded there is announced, not seen.
    ahead: bool
    #: Addresses of the roster and of its day, '' without a date.
    address: str
    day_address: str
    #: Who was recorded there and left the promotion since, as (address of their page, name, mark in words).
    left: tuple[tuple[str, str, str], ...]


def boards(cohort: access.Cohort, half_days: list[dict], view: str = "", trouble: Trouble | None = None) -> list[Board]:
    """Return the boards of these half-days of a cohort."""
    states = rolls.states(cohort.id, [half_day["id"] for half_day in half_days])
    return [_board(cohort, half_day, states[half_day["id"]], view, trouble or Trouble()) for half_day in half_days]


def _board(cohort: access.Cohort, half_day: dict, roll: Roll, view: str, trouble: Trouble) -> Board:
    key, locked = half_day["id"], roll.locked(now())
    editable = access.may("rosters.mark") and not locked
    here, gone = rosters.roster_and_left(key, cohort.id)
    lines = with_undo(here, presents.undoable(cohort.id, key) if editable else {})
    left = tuple(_left(cohort.code, line) for line in gone)
    place = spot(cohort.code, half_day, view, editable)
    rows = [draw(place, line, trouble) for line in lines]
    recorded = sum(1 for line in lines if line[3])
    about = trouble if trouble.half_day == key and not trouble.enrolment else Trouble()
    batch = presents.batch(lines) if editable else None
    ahead = bool(half_day["day"] and half_day["day"] > htmx.today())
    return Board(
        half_day, rows, recorded, len(lines), roll, locked, editable, batch, about, view,
        htmx.digest((recorded, len(lines), roll, locked, editable, batch, about, ahead, htmx.language(), left)), ahead,
        url_for("rosters.roster", code=cohort.code, half_day_id=key),
        url_for("rosters.day", code=cohort.code, day=half_day["day"].isoformat()) if half_day["day"] else "",
        left,
    )  # fmt: skip


def _left(code: str, line: tuple) -> tuple[str, str, str]:
    """Return what a roster says of somebody who left since: their page, their name and their mark."""
    page = url_for("presence.participant", code=code, enrolment_id=line[0])
    return page, f"{line[1]} {line[2]}", wording.mark(cell_of(line[3], line[4]))


def with_undo(lines: list[tuple], undo: dict[str, tuple[int, str]]) -> list[tuple]:
    """Return lines of a roster, each with the entry that takes its last change back and the cell it gives, or None."""
    return [(*line, undo.get(line[0])) for line in lines]


class Spot(NamedTuple):
    """Where lines are drawn: the same for all the lines of a board, and part of what they are kept by."""

    target: str
    half_day: str
    view: str
    #: What tells the lines of one person apart: the hour on the page of a day, day and hour away from rosters.
    slot: str
    editable: bool
    language: str
    #: Hours of today are said without their date: what is kept is kept until tomorrow.
    today: date


def spot(code: str, half_day: dict, view: str, editable: bool) -> Spot:
    """Return where the lines of a half-day are drawn."""
    target = url_for("rosters.mark", code=code, half_day_id=half_day["id"], enrolment_id="-")[:-1]
    slot = display_time(half_day["start"] or "") if view == DAY else when(half_day) if view else ""
    return Spot(target, half_day["id"], view, slot, editable, htmx.language(), htmx.today())


def when(half_day: dict) -> str:
    """Return the day and the hour of a half-day, or its period."""
    day = display_date(half_day["day"].isoformat()) if half_day["day"] else half_day["period"] or _("sans date")
    return f"{day} {display_time(half_day['start'])}" if half_day["start"] else day


def draw(place: Spot, line: tuple, trouble: Trouble | None = None) -> str:
    """Return the HTML of one line, with what is wrong when its last try was refused."""
    mine = trouble and (trouble.half_day, trouble.enrolment) == (place.half_day, line[0])
    return _row(place, line, trouble if mine and trouble else Trouble())


@lru_cache(maxsize=4096)
def _row(place: Spot, line: tuple, trouble: Trouble) -> str:
    """Return the HTML of one line; the same line gives the same HTML, so it is kept."""
    enrolment, last_name, first_name, status, minutes, by, at, undo = line
    status = status or ""
    shown = (trouble.status, trouble.minutes) if trouble.message else (status, minutes)
    cell = cell_of(status, minutes)
    return htmx.fragment(
        "rosters/_row.html",
        enrolment=enrolment, last_name=last_name, first_name=first_name, by=by, at=htmx.moment(at), recorded=status,
        seen=cell, status=shown[0], minutes=shown[1], error=trouble.message, statuses=_statuses(place.language),
        editable=place.editable, action=f"{place.target}{enrolment}", version=htmx.digest((line, place.editable)),
        half_day=place.half_day, view=place.view, slot=place.slot, mark=_spoken(cell), undo=undo,
        undone=_spoken(undo[1]) if undo else "", before=mark_of(undo[1]) if undo else ("", None),
        dom=f"{enrolment}-{place.half_day}" if place.view else enrolment,
    )  # fmt: skip


def _spoken(cell: str) -> str:
    return wording.mark(cell) if cell else _("non relevé")


@lru_cache(maxsize=4)
def _statuses(language: str) -> list[tuple[str, str, str, bool]]:
    """Return (code, label, letters, has minutes) of each status, its label in this language."""
    return [(status.code, _(status.label), status.letters, status.has_minutes) for status in STATUSES]


def address(code: str, half_day: dict, view: str) -> str:
    """Return the page that a form of this half-day stands on."""
    if view == DAY and half_day["day"]:
        return url_for("rosters.day", code=code, day=half_day["day"].isoformat())
    return url_for("rosters.roster", code=code, half_day_id=half_day["id"])


def show(
    cohort: access.Cohort, half_day: dict, view: str = "", told: str = "", trouble: Trouble | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    """Render the page that a half-day is on, or the fragment of it that htmx merges."""
    if view == DAY and half_day["day"]:
        return show_day(cohort, half_day["day"], told, trouble, status)
    (board,) = boards(cohort, [half_day], trouble=trouble)
    around = () if htmx.wanted() else calendar.neighbours(cohort.id, half_day["id"])
    return htmx.render(
        "rosters/roster.html", "rosters/_roster.html", status,
        cohort=cohort, board=board, told=told, neighbours=around, statuses=STATUSES, address=board.address,
    )  # fmt: skip


def show_day(
    cohort: access.Cohort, day: date, told: str = "", trouble: Trouble | None = None, status: int = 200
) -> Response:
    """Render every half-day of a date side by side; without any, stop with 404."""
    rows = [dict(zip(calendar.COLUMNS, row, strict=True)) for row in calendar.half_days(cohort.id)]
    days = sorted({row["day"] for row in rows if row["day"]})
    if day not in days:
        abort(404)
    found = boards(cohort, [row for row in rows if row["day"] == day], DAY, trouble)
    place = days.index(day)
    return htmx.render(
        "rosters/day.html", "rosters/_day.html", status,
        cohort=cohort, boards=found, day=day, told=told, statuses=STATUSES,
        before=days[place - 1] if place else None, after=days[place + 1] if place + 1 < len(days) else None,
        address=url_for("rosters.day", code=cohort.code, day=day.isoformat()),
        rows=[row for together in zip(*(board.rows for board in found), strict=True) for row in together],
    )  # fmt: skip
