"""Exchanges about one paper: noted in a moment, changed, withdrawn and brought back."""

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from blueprints import access, cells, htmx, paper_page, wording
from blueprints.forms import once
from blueprints.paper_page import NEW, Trouble
from store import following_exchanges
from store.errors import Changed, Refused
from store.following_exchanges import FIELDS, TYPES_OF

bp = Blueprint("exchanges", __name__, url_prefix="/promotions/<code>/notes/<paper_id>/echanges")
#: What a button may do, and what is said of it once it is done.
DONE = {"retirer": "Échange retiré : il peut être rétabli.", "retablir": "Échange rétabli."}


def said(error: Refused) -> str:
    """Return why an exchange was turned down, after the name of the field that it is about."""
    name, why = getattr(error, "field", ""), htmx.say(error.message)
    return f"{_('%(field)s :', field=_(wording.field(name)))} {why}" if name else why


@bp.post("")
def add(code: str, paper_id: str) -> Response:
    """Note an exchange; answer with the live part of the page, or go back to it."""
    cohort = access.paper(code, paper_id)
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        with once() as first:
            if first:
                following_exchanges.add(access.author(), paper_id, typed)
    except Refused as error:
        trouble = Trouble(NEW, said(error), getattr(error, "field", ""), typed, status=422)
        return paper_page.show(cohort, paper_id, trouble)
    told = _("Échange noté.")
    if htmx.wanted():
        return paper_page.show(access.cohort(code), paper_id, told=told)
    return htmx.done(f"{paper_page.root(code, paper_id)}#echanges", told)


@bp.post("/<exchange_id>")
def change(code: str, paper_id: str, exchange_id: str) -> Response:
    """Change, withdraw or bring back an exchange; answer with its line, or go back to the page."""
    cohort = access.paper(code, paper_id)
    if following_exchanges.of_paper(exchange_id) != paper_id:
        abort(404)
    action = request.form.get("action", "")
    if action:
        return _act(cohort, paper_id, exchange_id, action)
    trouble = _edit(exchange_id)
    if htmx.wanted():
        on = paper_page.frame(cohort, paper_id)
        noted = next(one for one in following_exchanges.exchanges(paper_id) if one.id == exchange_id)
        return htmx.finish(paper_page.exchange(on, noted, trouble), trouble.status)
    if trouble.message:
        return paper_page.show(cohort, paper_id, trouble)
    return htmx.done(f"{paper_page.root(code, paper_id)}#ligne-{exchange_id}")


def _edit(exchange_id: str) -> Trouble:
    """Save the whole of one exchange: its day and its length only make sense together."""
    wanted, seen = cells.asked(TYPES_OF, FIELDS)
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        with once() as first:
            if first and wanted:
                following_exchanges.change(access.author(), exchange_id, wanted, seen)
    except Refused as error:
        return Trouble(exchange_id, said(error), getattr(error, "field", ""), typed, status=422)
    except Changed:
        message = _("Entre-temps, quelqu'un a changé cet échange : la ligne montre ce qu'il est devenu. Votre saisie "
                    "est gardée ci-dessous ; enregistrez de nouveau si elle doit l'emporter.")  # fmt: skip
        return Trouble(exchange_id, message, "", typed, status=409)
    return Trouble(exchange_id, saved=True)


def _act(cohort: access.Cohort, paper_id: str, exchange_id: str, action: str) -> Response:
    if action not in DONE:
        abort(422)
    with once() as first:
        if first:
            verb = following_exchanges.remove if action == "retirer" else following_exchanges.restore
            verb(access.author(), exchange_id)
    if htmx.wanted():
        return paper_page.show(access.cohort(cohort.code), paper_id, told=_(DONE[action]))
    return htmx.done(f"{paper_page.root(cohort.code, paper_id)}#echanges", _(DONE[action]))
