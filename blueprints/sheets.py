"""The state of the bound books, and what people may ask of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, digest, htmx, readable
from blueprints.forms import once
from settings import ServiceAccountError
from store import agreement, bindings
from store.models.base import now

bp = Blueprint("sheets", __name__)
#: A request to sync that waits longer than this means that nothing runs the sync.
PATIENCE = timedelta(minutes=2)


def age(since: datetime | None, moment: datetime) -> str:
    """Return in words how long ago an instant was, in steps that do not change every second."""
    if since is None:
        return _("jamais")
    minutes = max(0, int((moment - since).total_seconds())) // 60
    if minutes < 1:
        return _("il y a moins d'une minute")
    if minutes < 60:
        return ngettext("il y a %(num)d minute", "il y a %(num)d minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("il y a %(num)d heure", "il y a %(num)d heures", minutes // 60)
    return ngettext("il y a %(num)d jour", "il y a %(num)d jours", minutes // 1440)


def _waits(state: dict, moment: datetime) -> str:
    """Return what is still to be carried to a book, in words; '' when nothing is."""
    asked = state["asked_at"]
    if asked and (state["last_cycle"] is None or asked > state["last_cycle"]):
        if moment - asked > PATIENCE:
            return _("Synchronisation demandée %(age)s, mais aucun cycle n'a commencé : le service de "
                     "synchronisation est sans doute arrêté (« flask sync run »).", age=age(asked, moment))  # fmt: skip
        return _("Synchronisation demandée : elle commence dans quelques secondes.")
    return _("Des changements de l'intranet attendent d'y être portés.") if state["pending"] else ""


def _retry(state: dict, moment: datetime) -> str:
    at = datetime.fromtimestamp(state["retry_at"], UTC).replace(tzinfo=None)
    if not state["trouble"] or at <= moment or (state["asked_at"] and state["asked_at"] > state["last_cycle"]):
        return ""
    return htmx.moment(at)


@dataclass(frozen=True)
class Paused:
    """A tab that is not synced now: why in French, which of store.pauses that is, and how many columns it lost."""

    id: int
    title: str
    why: str
    cause: str
    lost: int
    url: str
    #: Whether rows that are gone from it come back, since those of another tab decide.
    follows: bool = False

    @property
    def seen(self) -> str:
        """Return what a person who decides about it has read."""
        return htmx.digest((self.why, self.cause, self.lost))


def paused(state: dict) -> tuple[Paused, ...]:
    """List the tabs of a book that are not synced now."""
    if not state["paused"]:
        return ()
    address = htmx.settings().book_address
    return tuple(
        Paused(tab.id, tab.title, tab.paused, tab.pause.get("cause", ""), len(tab.pause.get("fields", ())),
               address(tab.book_id, tab.sheet_id), tab.kind in agreement.FOLLOWING)
        for tab in agreement.tabs(state["book"])
        if tab.paused and not tab.confirmed
    )  # fmt: skip


def _shared_with(state: dict) -> str:
    """Return the service account that a book is shared with, where there are several."""
    try:
        found = htmx.settings().service_accounts()
    except ServiceAccountError:
        return ""
    return state["account"] or found[0]["client_email"] if len(found) > 1 else ""


def card(state: dict, moment: datetime, told: str = "") -> str:
    """Return the HTML of one book; `told` says what became of the last decision."""
    return _book(
        state["book"], tuple(state["cohorts"].values()), state["audience"], state["title"],
        htmx.settings().book_address(state["book"]), age(state["last_success"], moment),
        htmx.moment(state["last_success"]), _waits(state, moment), state["conflicts"], state["refusals"],
        paused(state), state["trouble"], _retry(state, moment), access.may("sheets.sync_now"), _shared_with(state),
        told, htmx.language(),
    )  # fmt: skip


@lru_cache(maxsize=512)
def _book(*line: object) -> str:
    """Return the HTML of one book; the same state gives the same HTML, so it is kept."""
    names = ("book", "cohorts", "audience", "title", "url", "age", "at", "waits", "conflicts", "refusals", "paused",
             "trouble", "retry", "editable", "shared_with", "told")  # fmt: skip
    values = dict(zip(names, line, strict=False))
    return htmx.fragment("sheets/_book.html", **values, version=htmx.digest(line[:15]))


@bp.get("/synchronisation/")
def index() -> Response:
    """Show how each book stands; while the page stays open, answer 204 until something moves."""
    return page({})


def page(told: Mapping[str, str], status: int = 200) -> Response:
    """Render the page of the books; `told` gives, by book, what became of a decision about it."""
    moment = now()
    cards = [card(state, moment, told.get(state["book"], "")) for state in readable.states()]
    summary = digest.summary()
    version = int(htmx.digest((cards, summary)), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    address, trouble = account()
    return htmx.render(
        "sheets/index.html", "sheets/_books.html", status,
        cards=cards, version=version, summary=summary, account=address, account_trouble=trouble,
    )  # fmt: skip


def account() -> tuple[str, str]:
    """Return the address to share books with, that with fewest of them so far, or why there is none."""
    try:
        found = [info["client_email"] for info in htmx.settings().service_accounts()]
        if len(found) == 1:
            return found[0], ""
        loads = bindings.loads()
        # A book that names no account is shared with the first of them.
        used = {address: loads.get(address, 0) + (not place) * loads.get("", 0) for place, address in enumerate(found)}
        return min(found, key=used.__getitem__), ""
    except ServiceAccountError as error:
        return "", str(error)


@bp.post("/synchronisation/<book_id>")
def sync_now(book_id: str) -> Response:
    """Ask for a cycle of one book as soon as possible."""
    state_of(book_id)
    with once() as first:
        if first:
            agreement.ask(book_id)
    if htmx.wanted():
        return htmx.finish(card(state_of(book_id), now()))
    return htmx.done(f"{url_for('sheets.index')}#classeur-{book_id}", _("Synchronisation demandée."))


def state_of(book_id: str) -> dict:
    """Return the state of a book this person may see, or stop with 404."""
    found = next((state for state in readable.states() if state["book"] == book_id), None)
    if found is None:
        abort(404)
    return found
