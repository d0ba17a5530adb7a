"""Who may tutor in a promotion: added, changed, renamed, kept from a paper, taken out."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, edits, htmx
from blueprints.edits import Outcome
from blueprints.forms import once
from store import exclusions, tutoring, tutors
from store.errors import Refused, Unknown

bp = Blueprint("tutors", __name__, url_prefix="/promotions/<code>/notes/tuteurs")
#: Which form a message is about, when it is not that of one tutor: their ids begin at 1.
NEW, EXCLUSION = 0, -1


@bp.get("/")
def index(code: str) -> Response:
    """List who may tutor, how many papers each follows, and who is kept from which paper."""
    return _page(access.cohort(code))


def _page(cohort: access.Cohort, outcome: Outcome | None = None, about: int = NEW) -> Response:
    outcome = outcome or Outcome()
    papers = [(row[0], f"{row[2]} {row[3]}") for row in tutoring.papers(cohort.id)]
    return htmx.render(
        "tutoring/tutors.html", "tutoring/_tutors.html", outcome.status,
        cohort=cohort, lines=[_line(one, outcome if one.id == about else None) for one in tutors.of_cohort(cohort.id)],
        outcome=outcome, about=about, typed=dict(outcome.typed), fields=tutors.FIELDS, papers=papers,
        excluded=exclusions.of_cohort(cohort.id), accounts=tutors.accounts(), NEW=NEW, EXCLUSION=EXCLUSION,
    )  # fmt: skip


def _line(tutor: tutors.Settings, outcome: Outcome | None) -> dict[str, object]:
    """Return a tutor as the page shows them: what is kept, and what was typed where it was turned down."""
    values = dict(zip(tutors.FIELDS, tutor[1:6], strict=True))
    shown = values | dict(outcome.typed) if outcome else values
    return {"id": tutor.id, "seen": values, "shown": shown, "followed": tutor.followed}


@bp.post("/")
def add(code: str) -> Response:
    """Let somebody tutor in this promotion."""
    cohort = access.cohort(code)
    typed = {name: request.form[name] for name in tutors.FIELDS if name in request.form}
    outcome = _once(lambda: tutors.add(access.author(), cohort.id, typed), typed)
    if outcome.message:
        return _page(cohort, outcome)
    return htmx.done(url_for("tutors.index", code=code) + "#ajouter", _("La personne est ajoutée."))


@bp.post("/<int:tutor_id>/modifier")
def change(code: str, tutor_id: int) -> Response:
    """Change values of one tutor; a new name follows in papers, wishes and sheets."""
    cohort = access.cohort(code)
    try:
        outcome = edits.edit(
            tutors.types(),
            lambda wanted, read: tutors.change(access.author(), cohort.id, tutor_id, wanted, read),
            lambda: tutors.values(cohort.id, tutor_id),
        )
    except Unknown:
        abort(404)
    if outcome.message:
        return _page(cohort, outcome, tutor_id)
    return htmx.done(f"{url_for('tutors.index', code=code)}#tuteur-{tutor_id}", _("Modifications enregistrées."))


@bp.post("/<int:tutor_id>/retirer")
def remove(code: str, tutor_id: int) -> Response:
    """Let somebody tutor here no more; whoever still follows papers stays, and the page says which."""
    cohort = access.cohort(code)
    outcome = _once(lambda: tutors.remove(access.author(), cohort.id, tutor_id))
    if outcome.message:
        return _page(cohort, outcome, tutor_id)
    return htmx.done(url_for("tutors.index", code=code), _("La personne ne figure plus parmi les tuteurs."))


@bp.post("/ecarts")
def exclude(code: str) -> Response:
    """Say that somebody may not follow a paper, and why."""
    cohort, typed = access.cohort(code), {name: request.form.get(name, "") for name in ("tutor", "paper", "reason")}
    missing = next((name for name in ("tutor", "paper") if not typed[name]), "")
    if missing:
        text = _("Choisissez un tuteur ou une tutrice.") if missing == "tutor" else _("Choisissez une note.")
        return _page(cohort, Outcome(422, text, missing, tuple(typed.items())), EXCLUSION)
    outcome = _once(
        lambda: exclusions.exclude(access.author(), cohort.id, _tutor(), typed["paper"], typed["reason"]), typed
    )
    if outcome.message:
        return _page(cohort, outcome, EXCLUSION)
    return htmx.done(url_for("tutors.index", code=code) + "#ecarts", _("L'écart est noté."))


@bp.post("/ecarts/lever")
def allow(code: str) -> Response:
    """Say that somebody may follow a paper after all."""
    cohort = access.cohort(code)
    _once(lambda: exclusions.allow(access.author(), cohort.id, _tutor(), request.form.get("paper", "")))
    return htmx.done(url_for("tutors.index", code=code) + "#ecarts", _("L'écart est levé."))


def _tutor() -> int:
    """Return the tutor that a form names, or stop with 404."""
    text = request.form.get("tutor", "")
    return int(text) if text.isdecimal() and len(text) < 18 else abort(404)


def _once(verb: Callable[[], object], typed: dict[str, str] | None = None) -> Outcome:
    """Carry out a form once; tell why it was refused, or stop with 404 where nobody is."""
    try:
        with once() as first:
            if first:
                verb()
    except Unknown:
        abort(404)
    except Refused as error:
        return Outcome(422, htmx.say(error.message), getattr(error, "field", ""), tuple((typed or {}).items()))
    return Outcome(saved=True)
