"""The state of the bound books, the choices to make between both sides, and the values refused."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx, wording
from blueprints.forms import once
from settings import ServiceAccountError
from store import agreement, between
from store.errors import Changed
from store.models.base import now

bp = Blueprint("sheets", __name__)
#: A request to sync that waits longer than this means that nothing runs the sync.
PATIENCE = timedelta(minutes=2)
SIDES = ("intranet", "sheet")


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
    return htmx.moment(at) if state["trouble"] and at > moment else ""


def _paused(state: dict) -> tuple[tuple[int, str, str, bool], ...]:
    """Return (tab, title, why, whether to confirm lets it go on) of each tab that is not synced now."""
    if not state["paused"]:
        return ()
    tabs = [tab for tab in agreement.tabs(state["book"]) if tab.paused and not tab.confirmed]
    # Only an accident says « ou confirmez »: a missing column can be mended in the sheet alone.
    return tuple((tab.id, tab.title, tab.paused, "confirmez" in tab.paused) for tab in tabs)


def _card(state: dict, moment: datetime) -> str:
    return _book(
        state["book"], state["cohort"], state["audience"], state["title"], htmx.settings().book_address(state["book"]),
        age(state["last_success"], moment), htmx.moment(state["last_success"]), _waits(state, moment),
        state["conflicts"], state["refusals"], _paused(state), state["trouble"], _retry(state, moment),
        access.may("sheets.sync_now"), htmx.language(),
    )  # fmt: skip


@lru_cache(maxsize=512)
def _book(*line: object) -> str:
    """Return the HTML of one book; the same state gives the same HTML, so it is kept."""
    names = ("book", "cohort", "audience", "title", "url", "age", "at", "waits", "conflicts", "refusals", "paused",
             "trouble", "retry", "editable")  # fmt: skip
    values = dict(zip(names, line, strict=False))
    return htmx.fragment("sheets/_book.html", **values, version=htmx.digest(line), digest=htmx.digest)


@bp.get("/synchronisation/")
def index() -> Response:
    """Show how each book stands; while the page stays open, answer 204 until something moves."""
    moment = now()
    cards = [_card(state, moment) for state in agreement.states(access.audiences())]
    version = int(htmx.digest(cards), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    account, trouble = _account()
    return htmx.render(
        "sheets/index.html", "sheets/_books.html",
        cards=cards, version=version, account=account, account_trouble=trouble,
    )  # fmt: skip


def _account() -> tuple[str, str]:
    """Return the address to share books with, or why there is none."""
    try:
        return htmx.settings().service_account()["client_email"], ""
    except ServiceAccountError as error:
        return "", str(error)


@bp.post("/synchronisation/<book_id>")
def sync_now(book_id: str) -> Response:
    """Ask for a cycle of one book as soon as possible."""
    _state(book_id)
    with once() as first:
        if first:
            agreement.ask(book_id)
    if htmx.wanted():
        return htmx.finish(_card(_state(book_id), now()))
    return htmx.done(f"{url_for('sheets.index')}#classeur-{book_id}", _("Synchronisation demandée."))


@bp.post("/synchronisation/<book_id>/confirmer")
def confirm(book_id: str) -> Response:
    """Let the next cycle carry out the many deletions a tab was paused for, as they were read on the page."""
    status = 200
    try:
        with once() as first:
            if first:
                _confirm(_state(book_id))
    except Changed:
        status = 409
    if htmx.wanted():
        return htmx.finish(_card(_state(book_id), now()), status)
    if status == 409:
        abort(409)
    return htmx.done(f"{url_for('sheets.index')}#classeur-{book_id}", _("C'est confirmé."))


def _confirm(state: dict) -> None:
    tab = next((tab for tab in _paused(state) if str(tab[0]) == request.form.get("tab")), None)
    if tab is None or not tab[3]:
        abort(404)
    read, found = request.form.get("seen", ""), htmx.digest(tab[2])
    if read != found:
        raise Changed(read, found)
    agreement.confirm(tab[0])


def _state(book_id: str) -> dict:
    """Return the state of a book this person may see, or stop with 404."""
    found = next((state for state in agreement.states(access.audiences()) if state["book"] == book_id), None)
    if found is None:
        abort(404)
    return found


@bp.get("/conflits/")
def conflicts() -> Response:
    """List the cells that both sides moved, for a person to choose."""
    found = [_clash(row) for row in between.conflicts(audiences=access.audiences())]
    version = int(htmx.digest(found), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    return htmx.render("sheets/conflicts.html", "sheets/_conflicts.html", rows=found, version=version)


def _clash(row: tuple, error: str = "") -> str:
    kind = row[5]
    allowed = access.JURY if kind == "jury" else access.OFFICE
    return _conflict(row, access.role() in allowed, htmx.moment(row[13]), htmx.language(), error)


@lru_cache(maxsize=512)
def _conflict(row: tuple, editable: bool, at: str, language: str, error: str) -> str:
    """Return the HTML of one conflict; the same values give the same HTML, so it is kept."""
    key, cohort, book_id, sheet_id, tab, _kind, _row, name, address, label, *values = row
    base, local, remote = (wording.value(name, text) for text in values[:3])
    return htmx.fragment(
        "sheets/_conflict.html",
        id=key, cohort=cohort, tab=tab, address=address, label=label, base=base, local=local, remote=remote, at=at,
        link=htmx.settings().book_address(book_id, sheet_id, address), editable=editable, error=error,
        seen=htmx.digest(values[1:3]),
        version=htmx.digest((row, editable)),
    )  # fmt: skip


@bp.post("/conflits/<int:conflict_id>")
def settle(conflict_id: int) -> Response:
    """Choose a side of a conflict; answer with what was chosen, or go back to the list."""
    side = request.form.get("side", "")
    if side not in SIDES:
        abort(400)
    try:
        with once() as first:
            if first:
                _settle(conflict_id, side)
    except Changed:
        return _overtaken(access.conflict(conflict_id))
    text = _("Choix enregistré : l'intranet l'emporte.") if side == "intranet" else _(
        "Choix enregistré : la feuille l'emporte.")  # fmt: skip
    if htmx.wanted():
        return htmx.finish(htmx.fragment("sheets/_settled.html", id=conflict_id, text=text))
    return htmx.done(url_for("sheets.conflicts"), text)


def _settle(conflict_id: int, side: str) -> None:
    row = access.conflict(conflict_id)
    read, found = request.form.get("seen", ""), htmx.digest(list(row[11:13]))
    if read != found:
        raise Changed(read, found)
    between.settle(conflict_id, side)


def _overtaken(row: tuple) -> Response:
    """Show a conflict again whose values moved since the page was read: nothing was chosen."""
    error = _("Les valeurs ont changé depuis l'affichage : relisez-les, puis choisissez.")
    if htmx.wanted():
        return htmx.finish(_clash(row, error), 409)
    rows = between.conflicts(audiences=access.audiences())
    found = [_clash(item, error if item[0] == row[0] else "") for item in rows]
    return htmx.render("sheets/conflicts.html", "sheets/_conflicts.html", 409, rows=found, version=0)


@bp.get("/refus/")
def refusals() -> Response:
    """List the values typed in a sheet that the rules refuse, and why."""
    found = [_turned(row) for row in between.refusals(audiences=access.audiences())]
    version = int(htmx.digest(found), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    return htmx.render("sheets/refusals.html", "sheets/_refusals.html", rows=found, version=version)


def _turned(row: tuple) -> str:
    key, cohort, book_id, sheet_id, tab, _kind, _row, _name, address, label, typed, reason, since = row
    return htmx.fragment(
        "sheets/_refusal.html",
        id=key, cohort=cohort, tab=tab, address=address, label=label, typed=typed, reason=reason,
        at=htmx.moment(since), link=htmx.settings().book_address(book_id, sheet_id, address), version=htmx.digest(row),
    )  # fmt: skip
