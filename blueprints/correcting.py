"""One mark corrected away from its roster: on the page of a module or of a person, by the form of the roster itself."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from flask import abort, request, url_for

from blueprints import access, boards, htmx
from blueprints.boards import Trouble
from rules.rolls import Roll
from store import presents, rolls, rosters
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


def asked(
    cohort: access.Cohort, view: str, here: str, half_days: Iterable[dict[str, Any]], trouble: Trouble | None = None
) -> Correction | None:
    """Return the mark that `?marque=` opens, or the one just refused.

    `here` is the module or the person of the page, `half_days` are those that it shows.

    A page asked for one that it does not have is not found (404); one that is already open goes on without it, since a
    person may be withdrawn or a half-day go to another module meanwhile.
    """
    if not access.may("rosters.mark"):
        return None
    key = f"{trouble.enrolment}.{trouble.half_day}" if trouble else request.args.get("marque", "")
    if not key:
        return None
    enrolment_id, _dot, half_day_id = key.partition(".")
    half_day = next((one for one in half_days if one["id"] == half_day_id), None)
    if half_day and here == (half_day["module"] if view == MODULE else enrolment_id):
        with suppress(Unknown):
            return _correction(cohort, half_day, rosters.line(half_day_id, enrolment_id, cohort.id), view, trouble)
    return None if htmx.wanted() else abort(404)


def _correction(
    cohort: access.Cohort, half_day: dict[str, Any], line: tuple, view: str, trouble: Trouble | None
) -> Correction:
    key = half_day["id"]
    roll = rolls.states(cohort.id, [key])[key]
    locked = roll.locked(now())
    undo = {} if locked else presents.undoable(cohort.id, key, line[0])
    (row,) = boards.with_undo([line], undo)
    return Correction(
        f"{line[0]}.{key}", address(cohort.code, half_day, line[0], view),
        boards.draw(boards.spot(cohort.code, half_day, view, not locked), row, trouble),
        f"{line[1]} {line[2]}, {boards.when(half_day)}", roll, locked,
        f"{boards.address(cohort.code, half_day, '')}#reopen-{key}" if access.may("rolls.reopen") else "",
    )  # fmt: skip


def address(code: str, half_day: dict[str, Any], enrolment_id: str, view: str) -> str:
    """Return the address of the page of a module or of a person with this mark open."""
    key = f"{enrolment_id}.{half_day['id']}"
    if view == MODULE:
        return url_for("presence.module", code=code, number=half_day["module"], marque=key)
    return url_for("presence.participant", code=code, enrolment_id=enrolment_id, marque=key)
