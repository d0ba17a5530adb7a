"""Who sits on a jury: named, changed, recorded as present or away, taken out."""

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, deliberations, edits, htmx
from blueprints.deliberations import EVERYBODY, NEW_MEMBER, carry_out
from store import jury_members
from store.errors import Unknown
from store.jury_members import FIELDS, OF_ALL

bp = Blueprint(
    "jury_members", __name__, url_prefix="/promotions/<code>/jury/deliberations/<int:deliberation_id>/membres"
)


@bp.post("/")
def add(code: str, deliberation_id: int) -> Response:
    """Name somebody to the jury; a tutor of the same name is taken for them."""
    cohort, session = access.deliberation(code, deliberation_id)
    typed, kept = {name: request.form[name] for name in FIELDS if name in request.form}, []
    outcome = carry_out(lambda: kept.append(jury_members.add(access.author(), session.id, typed)), typed)
    if outcome.message:
        return deliberations.page(cohort, session, outcome, NEW_MEMBER)
    return htmx.done(deliberations.address(code, session.id) + "#nommer", _said(session.id, kept))


def _said(deliberation_id: int, kept: list[int]) -> str:
    """Tell that somebody is named, and whom they were taken for."""
    if not kept:
        return ""
    held = jury_members.values(deliberation_id, kept[0])
    if held["tutor"]:
        return _("%(name)s siège, et suit des notes de cette promotion : les dossiers concernés le diront.",
                 name=held["name"])  # fmt: skip
    return _("%(name)s siège.", name=held["name"])


@bp.post("/tous")
def fill_in(code: str, deliberation_id: int) -> Response:
    """Say of everybody at once when they were convened, or that they were there, where nothing was said."""
    cohort, session = access.deliberation(code, deliberation_id)
    typed, counted = {name: request.form[name] for name in OF_ALL if name in request.form}, []
    outcome = carry_out(lambda: counted.append(jury_members.fill_in(access.author(), session.id, typed)), typed)
    if outcome.message:
        return deliberations.page(cohort, session, outcome, EVERYBODY)
    said = ngettext("Noté pour %(num)d membre.", "Noté pour %(num)d membres.", counted[0]) if counted else ""
    return htmx.done(deliberations.address(code, session.id) + "#jury", said)


@bp.post("/<int:member_id>/modifier")
def change(code: str, deliberation_id: int, member_id: int) -> Response:
    """Change what is known of a member, their presence included."""
    cohort, session = access.deliberation(code, deliberation_id)
    try:
        outcome = edits.edit(
            jury_members.types(),
            lambda wanted, read: jury_members.change(access.author(), session.id, member_id, wanted, read),
            lambda: jury_members.values(session.id, member_id),
        )
    except Unknown:
        abort(404)
    if outcome.message:
        return deliberations.page(cohort, session, outcome, member_id)
    return htmx.done(f"{deliberations.address(code, session.id)}#membre-{member_id}", _("Modifications enregistrées."))


@bp.post("/<int:member_id>/retirer")
def remove(code: str, deliberation_id: int, member_id: int) -> Response:
    """Take somebody out of the jury."""
    cohort, session = access.deliberation(code, deliberation_id)
    try:
        outcome = carry_out(lambda: jury_members.remove(access.author(), session.id, member_id))
    except Unknown:
        abort(404)
    if outcome.message:
        return deliberations.page(cohort, session, outcome, member_id)
    return htmx.done(deliberations.address(code, session.id) + "#jury", _("La personne ne siège plus."))
