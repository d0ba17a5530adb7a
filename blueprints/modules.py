"""The modules of a programme: added, changed, put in order, taken out."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, edits, htmx
from blueprints.edits import Outcome
from blueprints.forms import once
from rules.attendance import hours_text
from store import modules
from store.errors import Refused

bp = Blueprint("modules", __name__, url_prefix="/promotions/<code>/seances/modules")


@bp.get("/")
def index(code: str) -> Response:
    """List the modules with the hours announced and those placed in the calendar."""
    return _page(access.cohort(code))


def _page(cohort: access.Cohort, outcome: Outcome | None = None, about: int = 0) -> Response:
    outcome = outcome or Outcome()
    return htmx.render(
        "planning/modules.html", "planning/_modules.html", outcome.status,
        cohort=cohort, lines=[_line(row, outcome if row[0] == about else None) for row in modules.listed(cohort.id)],
        outcome=outcome, about=about,
        typed=dict(outcome.typed), fields=modules.FIELDS,
    )  # fmt: skip


def _line(row: tuple, outcome: Outcome | None) -> dict[str, object]:
    """Return a module as the page shows it: the text of each field, and what its half-days add up to."""
    key, number, title, bloc, optional, expected, placed, held = row
    values = {
        "number": number, "title": title, "bloc": bloc, "optional": "oui" if optional else "",
        "expected_minutes": hours_text(expected) if expected else "",
    }  # fmt: skip
    gap = placed - expected if expected else 0
    shown = values | dict(outcome.typed) if outcome else values
    return {"id": key, "seen": values, "shown": shown, "placed": placed, "held": held, "gap": gap}


@bp.post("/")
def add(code: str) -> Response:
    """Add a module after the others."""
    cohort = access.cohort(code)
    typed = {name: request.form[name] for name in modules.FIELDS if name in request.form}
    try:
        with once() as first:
            if first:
                modules.add(access.author(), cohort.id, typed)
    except Refused as error:
        return _page(cohort, Outcome(422, htmx.say(error.message), getattr(error, "field", ""), tuple(typed.items())))
    return htmx.done(url_for("modules.index", code=code) + "#ajouter", _("Le module est ajouté."))


@bp.post("/<int:module_id>/modifier")
def change(code: str, module_id: int) -> Response:
    """Change values of one module."""
    cohort = _cohort(code, module_id)
    outcome = edits.edit(
        modules.types(),
        lambda wanted, read: modules.change(access.author(), module_id, wanted, read),
        lambda: modules.values(module_id),
    )
    if outcome.message:
        return _page(cohort, outcome, module_id)
    return htmx.done(f"{url_for('modules.index', code=code)}#module-{module_id}", _("Le module est enregistré."))


@bp.post("/<int:module_id>/monter")
def up(code: str, module_id: int) -> Response:
    """Move a module up by one place."""
    return _placed(code, module_id, up=True)


@bp.post("/<int:module_id>/descendre")
def down(code: str, module_id: int) -> Response:
    """Move a module down by one place."""
    return _placed(code, module_id, up=False)


def _placed(code: str, module_id: int, up: bool) -> Response:
    _cohort(code, module_id)
    with once() as first:
        if first:
            modules.place(access.author(), module_id, up)
    return htmx.done(f"{url_for('modules.index', code=code)}#module-{module_id}")


@bp.post("/<int:module_id>/retirer")
def remove(code: str, module_id: int) -> Response:
    """Take a module out; one that half-days belong to stays, and the page says why."""
    cohort = _cohort(code, module_id)
    try:
        with once() as first:
            if first:
                modules.remove(access.author(), module_id)
    except Refused as error:
        return _page(cohort, Outcome(422, htmx.say(error.message)), module_id)
    return htmx.done(url_for("modules.index", code=code), _("Le module est retiré."))


def _cohort(code: str, module_id: int) -> access.Cohort:
    """Return the cohort of a module of its own, or stop with 404."""
    cohort = access.cohort(code)
    if not modules.of_cohort(cohort.id, module_id):
        abort(404)
    return cohort
