"""One mark corrected away from its roster: on the page of a module or of a person, by the form of the roster itself."""

from typing import Any, NamedTuple

from flask import abort, request, url_for

from blueprints import access, boards
from blueprints.boards import Trouble
from rules.rolls import Roll
from store import calendar, presents, rolls, rosters
from store.errors import Unknown
from store.models.base import now

#: What the form of a line says of the page that it stands on.
MODULE, PERSON = "module", "personne"


class Correction(NamedTuple):
    """The mark that a page has open, drawn as a line of its roster."""

    #: What `?marque=` says, and the address that opens it.
    key: str
    address: str
    row: str
    label: str
    roll: Roll
    locked: bool
    #: Whether this person may open its roll again, and where.
    reopening: str


def asked(cohort: access.Cohort, view: str, trouble: Trouble | None = None) -> Correction | None:
    """Return the mark that `?marque=` opens, or the one just refused; stop with 404 when there is none such here."""
    if not access.may("rosters.mark"):
        return None
    if trouble:
        return _correction(cohort, trouble.half_day, trouble.enrolment, view, trouble)
    enrolment_id, _dot, half_day_id = request.args.get("marque", "").partition(".")
    return _correction(cohort, half_day_id, enrolment_id, view) if enrolment_id else None


def _correction(
    cohort: access.Cohort, half_day_id: str, enrolment_id: str, view: str, trouble: Trouble | None = None
) -> Correction:
    half_day = calendar.half_day(cohort.id, half_day_id)
    if half_day is None or rosters.place(cohort.code, half_day_id, enrolment_id) != cohort.id:
        abort(404)
    roll = rolls.states(cohort.id, [half_day_id])[half_day_id]
    locked = roll.locked(now())
    undo = {} if locked else presents.undoable(cohort.id, half_day_id, enrolment_id)
    (line,) = boards.with_undo([_line(half_day_id, enrolment_id)], undo)
    return Correction(
        f"{enrolment_id}.{half_day_id}", address(cohort.code, half_day, enrolment_id, view),
        boards.draw(boards.spot(cohort.code, half_day, view, not locked), line, trouble),
        f"{line[1]} {line[2]}, {boards.when(half_day)}", roll, locked,
        f"{boards.address(cohort.code, half_day, '')}#reopen-{half_day_id}" if access.may("rolls.reopen") else "",
    )  # fmt: skip


def _line(half_day_id: str, enrolment_id: str) -> tuple:
    try:
        return rosters.line(half_day_id, enrolment_id)
    except Unknown:
        abort(404)


def address(code: str, half_day: dict[str, Any], enrolment_id: str, view: str) -> str:
    """Return the address of the page of a module or of a person with this mark open."""
    key = f"{enrolment_id}.{half_day['id']}"
    if view == MODULE:
        return url_for("presence.module", code=code, number=half_day["module"], marque=key)
    return url_for("presence.participant", code=code, enrolment_id=enrolment_id, marque=key)
