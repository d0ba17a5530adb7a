"""Calendars to subscribe to: their secret addresses, and the page that makes, renews and ends them."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, timedelta

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, htmx
from blueprints.forms import once
from documents import calendars
from documents.calendars import Event
from rules.calendar import KINDS
from rules.message import Message
from rules.teachers import key
from store import feeds
from store.changes import refused
from store.errors import Refused
from store.feeds import Address, Published
from store.models.base import now

bp = Blueprint("feeds", __name__)
PAGE = "/promotions/<code>/seances/abonnements"
#: For how long a program may show what it has without asking; it asks again after that.
_FRESH = 300
#: An instant of HTTP is a whole second: what changed in this one may change again in it.
_SETTLED = timedelta(seconds=2)


@bp.get("/calendriers/<token>.ics")
def calendar(token: str) -> Response:
    """Give the calendar of a secret address; one that is no more answers like one that never was."""
    address = feeds.of_token(token)
    if address is None:
        abort(404)
    half_days, changed = feeds.held(address)
    body = calendars.calendar(address.name, tuple(_events(address, half_days)))
    response = Response(body, mimetype="text/calendar")
    response.headers["Cache-Control"] = f"private, max-age={_FRESH}"
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    if now() - changed > _SETTLED:
        response.last_modified = changed.replace(tzinfo=UTC)
    return response.make_conditional(request)


def _events(address: Address, half_days: Iterable[Published]) -> Iterable[Event]:
    root = htmx.settings().public_address or request.url_root.rstrip("/")
    for one in half_days:
        label = f"{one.module} · {one.title}" if one.module else KINDS.get(one.kind, one.kind).capitalize()
        yield Event(
            one.id, label, one.day, one.start, one.end, one.kind, one.modality, one.place, one.teachers,
            root + url_for("rosters.roster", code=one.cohort, half_day_id=one.id), one.revisions, one.changed,
            one.cohort if address.cohort_id is None else "",
        )  # fmt: skip


# -- The page ---------------------------------------------------------------------------------------------


@bp.get(f"{PAGE}/")
def index(code: str) -> Response:
    """Show the address of the cohort's calendar and of each of its teachers'."""
    return _page(access.cohort(code))


def _page(cohort: access.Cohort, status: int = 200, message: str = "") -> Response:
    here, known = feeds.teachers(cohort.id), feeds.of_teachers()
    own = {key(name) for name in here}
    lines = [("", cohort.code, feeds.of_cohort(cohort.id))]
    lines += [(name, name, known.get(key(name))) for name in here]
    # Somebody who teaches here no more may still read: that address is in sight too, to be ended.
    others = [(one.teacher, one.teacher, one) for who, one in known.items() if who not in own]
    return htmx.render(
        "feeds/index.html", "feeds/_feeds.html", status,
        cohort=cohort, lines=lines, others=others, message=message, url=_url, webcal=_webcal,
    )  # fmt: skip


def _url(address: Address) -> str:
    path = url_for("feeds.calendar", token=address.token)
    return (htmx.settings().public_address or request.url_root.rstrip("/")) + path


def _webcal(address: Address) -> str:
    """Return the address under which a click opens the calendar program of this computer."""
    return "webcal://" + _url(address).partition("://")[2]


@bp.post(f"{PAGE}/creer")
def make(code: str) -> Response:
    """Make the address of a calendar."""
    return _done(code, feeds.feed, _("L'adresse est créée : copiez-la dans votre agenda."))


@bp.post(f"{PAGE}/renouveler")
def renew(code: str) -> Response:
    """Replace the address of a calendar: the former one ends at once."""
    return _done(code, feeds.renew, _("L'adresse est remplacée : l'ancienne ne répond plus."))


@bp.post(f"{PAGE}/arreter")
def stop(code: str) -> Response:
    """End the address of a calendar."""
    return _done(code, feeds.stop, _("L'adresse est supprimée : elle ne répond plus."))


def _done(code: str, verb: object, text: str) -> Response:
    """Carry out a verb on the calendar that the form names: the cohort's, or a teacher's."""
    cohort = access.cohort(code)
    teacher = request.form.get("teacher", "").strip()
    try:
        with once() as first:
            if first:
                whose = _whose(cohort.id, teacher) if teacher else {"cohort_id": cohort.id}
                verb(access.author(), **whose)  # type: ignore[operator]
    except Refused as error:
        return _page(cohort, 422, htmx.say(error.message))
    return htmx.done(url_for("feeds.index", code=code), text)


def _whose(cohort_id: int, teacher: str) -> dict[str, str]:
    """Return the teacher of a form, who teaches in this cohort or has an address already."""
    wanted, here = key(teacher), {key(name): name for name in feeds.teachers(cohort_id)}
    if wanted not in here and wanted not in feeds.of_teachers():
        sentence = "« %(who)s » n'intervient dans aucune demi-journée de cette promotion."
        raise refused("teacher", Message(sentence, {"who": teacher[:100]}))
    return {"teacher": here.get(wanted, teacher)}
