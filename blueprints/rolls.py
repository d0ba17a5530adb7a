"""The roll of a half-day as a whole: the rest present, called to its end, opened again."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, boards, htmx
from blueprints.boards import Trouble
from blueprints.forms import once
from store import presents, rolls
from store.errors import Refused
from store.rolls import Incomplete

bp = Blueprint("rolls", __name__, url_prefix="/promotions/<code>/seances/<half_day_id>")


@bp.post("/presents")
def rest_present(code: str, half_day_id: str) -> Response:
    """Mark present those whose line is not recorded, and say how many they were."""

    def verb() -> str:
        count = presents.rest(access.author(), half_day_id)
        if not count:
            return _("Toutes les lignes étaient déjà relevées : rien n'a changé.")
        return ngettext("%(num)d ligne notée « présent·e ».", "%(num)d lignes notées « présent·e ».", count)

    return _carry_out(code, half_day_id, verb)


@bp.post("/presents/annuler")
def take_back(code: str, half_day_id: str) -> Response:
    """Give the lines marked present together back to « not recorded », but those changed since."""
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        abort(400)

    def verb() -> str:
        count = presents.take_back(access.author(), half_day_id, at)
        if not count:
            return _("Ces lignes ont changé depuis : rien n'a été annulé.")
        return ngettext("%(num)d ligne remise à « non relevé ».", "%(num)d lignes remises à « non relevé ».", count)

    return _carry_out(code, half_day_id, verb)


@bp.post("/appel/terminer")
def close(code: str, half_day_id: str) -> Response:
    """Say that the roll is called to its end; lines not recorded ask for a confirmation that names how many."""
    accepted = request.form.get("accepted", 0, type=int)

    def verb() -> str:
        rolls.close(access.author(), half_day_id, accepted)
        return _("Appel terminé.")

    return _carry_out(code, half_day_id, verb)


@bp.post("/appel/rouvrir")
def reopen(code: str, half_day_id: str) -> Response:
    """Open a closed roll again with its reason."""

    def verb() -> str:
        rolls.reopen(access.author(), half_day_id, request.form.get("reason", ""))
        return _("Appel rouvert.")

    return _carry_out(code, half_day_id, verb)


def _carry_out(code: str, half_day_id: str, verb: Callable[[], str]) -> Response:
    """Carry out a form of the roll once; answer with its page, merged by htmx, or go back to it."""
    cohort, half_day = access.half_day(code, half_day_id)
    view, told = request.form.get("view", ""), ""
    try:
        with once() as first:
            if first:
                told = verb()
    except Incomplete as error:
        return boards.show(cohort, half_day, view, trouble=_incomplete(half_day_id, error.count), status=422)
    except Refused as error:
        trouble = Trouble(half_day_id, message=htmx.say(error.message), status=request.form.get("reason", ""))
        return boards.show(cohort, half_day, view, trouble=trouble, status=422)
    if htmx.wanted():
        # What was just changed grew the version: an open page then merges the newest.
        return boards.show(access.cohort(code), half_day, view, told)
    return htmx.done(boards.address(code, half_day, view), told)


def _incomplete(half_day_id: str, count: int) -> Trouble:
    text = ngettext("Il reste %(num)d ligne non relevée : ni présente, ni absente.",
                    "Il reste %(num)d lignes non relevées : ni présentes, ni absentes.", count)  # fmt: skip
    return Trouble(half_day_id, message=text, missing=count)
