"""A half-day that moves: who is affected is said before it is saved, and the text to send them stays at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from blueprints import access, edits, htmx, wording
from rules import move_notices
from rules.calendar import check_half_day
from rules.calendar_checks import Planned
from rules.move_notices import TOLD
from store import calendar, moves, planning
from store.errors import Refused
from store.moves import Affected

bp = Blueprint("moves", __name__, url_prefix="/promotions/<code>/seances")


@dataclass(frozen=True)
class Notice:
    """What is said of a move: who it touches, what it would break, and the text to send."""

    key: str
    touched: Affected
    faults: tuple[str, ...]
    subject: str
    text: str
    link: str


@bp.get("/<half_day_id>/prevenir/")
def show(code: str, half_day_id: str) -> Response:
    """Show the last move of a half-day: who to tell, and what to tell them."""
    cohort, half_day = access.half_day(code, half_day_id)
    move = moves.last(cohort.id, half_day_id)
    notice = _notice(cohort, half_day, move.before, move.after) if move else None
    changed = [
        (_(wording.field(name)), wording.value(name, move.before[name]), wording.value(name, move.after[name]))
        for name in TOLD if move and move.before[name] != move.after[name]
    ] if move else []  # fmt: skip
    return htmx.render(
        "planning/move.html", "planning/_move.html",
        cohort=cohort, half_day=half_day, move=move, notice=notice, changed=changed,
    )  # fmt: skip


def to_confirm(cohort: access.Cohort, half_day: Mapping[str, object]) -> Notice | None:
    """Return what to say before the edit of this request is saved; None when it moves nothing or was confirmed."""
    kinds, key = calendar.types(cohort.id), str(half_day["id"])
    typed, before = edits.sent(kinds), calendar.held([key])[key]
    try:
        after = before | {name: kinds[name].parse(text) for name, text in typed.items()}
        _check(after, half_day)
    except Refused:
        # What is wrong with it is said by the edit itself.
        return None
    wanted = htmx.digest([after[name] for name in TOLD])
    if not move_notices.moves(before, after) or request.form.get("confirmed") == wanted:
        return None
    return _notice(cohort, half_day, before, after, wanted)


def _check(values: Mapping[str, str], half_day: Mapping[str, object]) -> None:
    check_half_day(
        values["day"], values["start"], values["end"], period=values["period"], kind=values["kind"],
        modality=values["modality"], minutes=int(str(half_day["minutes"])),
    )  # fmt: skip


def _notice(
    cohort: access.Cohort, half_day: Mapping[str, object], before: Mapping[str, str], after: Mapping[str, str],
    key: str = "",
) -> Notice:  # fmt: skip
    touched = moves.affected(cohort.id, str(half_day["id"]), [before["teachers"], after["teachers"]])
    module = f"{half_day['module']} {half_day['title']}" if half_day["module"] else ""
    about = move_notices.subject(before, cohort.title)
    text = move_notices.text(before, after, cohort.title, module)
    link = move_notices.mail_link(touched.teacher_emails, touched.emails, about, text)
    return Notice(key, touched, _faults(cohort, str(half_day["id"]), after) if key else (), about, text, link)


def _faults(cohort: access.Cohort, half_day_id: str, after: Mapping[str, str]) -> tuple[str, ...]:
    """Return what would not hold together once a half-day has moved."""
    lines = [row for row in calendar.half_days(cohort.id) if row[0] != half_day_id]
    length = check_half_day(after["day"], after["start"], after["end"], period=after["period"], minutes=1)
    moved = Planned(
        half_day_id, cohort.code, date.fromisoformat(after["day"]) if after["day"] else None, after["start"],
        after["end"], length, after["module"], "", after["place"], after["teachers"], after["modality"] == "remote",
    )  # fmt: skip
    return tuple(htmx.say(fault.message) for fault in planning.faults_of(cohort.id, [moved], lines))
