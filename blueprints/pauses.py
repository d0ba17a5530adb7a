"""What people decide about a paused tab: each decision is explained first, guarded by what was read, and kept."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, htmx, sheets
from blueprints.forms import once
from store import pauses
from store.errors import Changed
from store.journal import Author
from store.models.base import now

bp = Blueprint("pauses", __name__, url_prefix="/synchronisation/<book_id>")

Verb = Callable[[Author, int], object]


@bp.post("/confirmer")
def carry_out(book_id: str) -> Response:
    """Let the next cycle carry out the many deletions a tab was paused for."""
    return _decide(book_id, pauses.ACCIDENT, pauses.carry_out, _("C'est confirmé."))


@bp.post("/sans-colonne")
def go_without(book_id: str) -> Response:
    """Let a tab go on without the columns that it lost."""
    told = _("L'onglet reprend sans ce qui lui manque.")
    return _decide(book_id, pauses.COLUMNS, pauses.go_without, told)


@bp.post("/detacher")
def let_go(book_id: str) -> Response:
    """Stop syncing a tab that is gone."""
    return _decide(book_id, pauses.GONE, pauses.let_go, _("Cet onglet n'est plus synchronisé."))


def _decide(book_id: str, cause: str, verb: Verb, told: str) -> Response:
    """Carry out a decision about one tab, as it was read on the page; answer with the book, or go back to it."""
    state, status = sheets.state_of(book_id), 200
    try:
        with once() as first:
            if first:
                verb(access.author(), _tab(state, cause))
    except Changed:
        status, told = 409, _("La situation de cet onglet a changé entre-temps : relisez-la, puis décidez.")
    if htmx.wanted():
        return htmx.finish(sheets.card(sheets.state_of(book_id), now(), told), status)
    if status == 409:
        return sheets.page({book_id: told}, 409)
    return htmx.done(f"{url_for('sheets.index')}#classeur-{book_id}", told)


def _tab(state: dict, cause: str) -> int:
    """Return the tab that the form is about, paused for this very cause; raise Changed if it says something else."""
    wanted = request.form.get("tab")
    found = next((tab for tab in sheets.paused(state) if str(tab.id) == wanted and tab.cause == cause), None)
    if found is None:
        abort(404)
    if request.form.get("seen", "") != found.seen:
        raise Changed(request.form.get("seen", ""), found.seen)
    return found.id
