"""The page of one participant: every field, the papers of the enrolment, a place given, kept waiting or withdrawn."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, edits, htmx
from blueprints.edits import Outcome
from blueprints.forms import once
from blueprints.people import FIELDS, refuse_when_full, shown_fields, texts, waiting_ranks, waits_again
from rules.enrolment import PAPERS, full
from store import people, totals
from store.errors import Refused

bp = Blueprint("participant", __name__, url_prefix="/promotions/<code>/participants/<enrolment_id>")
#: Fields of the page in their groups, named as staff read them.
GROUPS = (
    ("Personne", ("last_name", "first_name", "email", "phone")),
    ("Inscription", ("employer", "funding", "tariff")),
    ("Arrivée en cours de formation", ("begins_on",)),
    ("Pièces du dossier", (*PAPERS, "fees_paid_on")),
)
#: What a button may do, and what is said of it once it is done.
DONE = {
    "attente": "En liste d'attente : plus dans les appels, les notes ni le jury. Tout ce qui est enregistré est gardé.",
    "inscrire": "Inscription faite : une place est prise.",
    "au-dela": "Inscription faite, au-delà du maximum.",
    "retirer": "Retrait fait : tout ce qui est enregistré est gardé.",
    "retablir": "C'est rétabli : la feuille retrouvera cette ligne au prochain passage.",
}


@bp.get("/")
def index(code: str, enrolment_id: str) -> Response:
    """Show one participant, withdrawn ones included."""
    cohort, withdrawn = access.record(code, "enrolment", enrolment_id)
    return _page(cohort, enrolment_id, withdrawn is not None)


@bp.post("/")
def change(code: str, enrolment_id: str) -> Response:
    """Change values of one participant from their own page."""
    cohort = access.listed(code, enrolment_id)
    types = {name: kind for name, kind in people.types(cohort.id).items() if name != "waiting"}
    outcome = edits.edit(
        types,
        lambda wanted, read: people.change(access.author(), enrolment_id, wanted, read),
        lambda: people.snapshot(cohort.id)[enrolment_id],
    )
    if htmx.wanted() or outcome.message:
        return _page(cohort, enrolment_id, withdrawn=False, outcome=outcome)
    return htmx.done(url_for("participant.index", code=code, enrolment_id=enrolment_id), _("Enregistré"))


@bp.post("/place")
def place(code: str, enrolment_id: str) -> Response:
    """Give a place, put on the waiting list, withdraw or bring back; what was recorded is kept."""
    cohort, withdrawn = access.record(code, "enrolment", enrolment_id)
    action = request.form.get("action", "")
    if action not in DONE:
        abort(422)
    told = _(DONE[action])
    try:
        with once() as first:
            if first and _carry_out(cohort.id, enrolment_id, action):
                told = waits_again()
    except Refused as error:
        outcome = Outcome(422, htmx.say(error.message), "place")
        return _page(cohort, enrolment_id, withdrawn is not None, outcome)
    return htmx.done(url_for("participant.index", code=code, enrolment_id=enrolment_id), told)


def _carry_out(cohort_id: int, enrolment_id: str, action: str) -> bool:
    """Do what a button says; tell whether somebody brought back is on the waiting list for want of a place."""
    author = access.author()
    if action == "retirer":
        people.remove(author, enrolment_id)
    elif action == "retablir":
        return people.restore(author, enrolment_id)
    elif action == "attente":
        people.change(author, enrolment_id, {"waiting": "oui"})
    elif enrolment_id in waiting_ranks(cohort_id):
        if action == "inscrire":
            refuse_when_full(cohort_id)
        people.change(author, enrolment_id, {"waiting": ""})
    return False


def _page(cohort: access.Cohort, enrolment_id: str, withdrawn: bool, outcome: Outcome | None = None) -> Response:
    outcome = outcome or Outcome()
    line = next(line for line in people.participants(cohort.id, withdrawn) if line[0] == enrolment_id)
    values = texts(dict(zip(FIELDS, line[1:], strict=True)))
    rules, taken = people.rule_set(cohort.id), totals.enrolled(cohort.id)
    return htmx.render(
        "people/participant.html", "people/_participant.html", outcome.status,
        cohort=cohort, enrolment=enrolment_id, values=values, withdrawn=withdrawn, outcome=outcome,
        name=f"{values['last_name']} {values['first_name']}", typed=dict(outcome.typed),
        groups=[(label, shown_fields(fields)) for label, fields in GROUPS], fundings=people.FUNDINGS,
        rank=0 if withdrawn else waiting_ranks(cohort.id).get(enrolment_id, 0),
        full=full(taken, rules.size_max), taken=taken, most=rules.size_max,
        editable=access.may("participant.change") and not withdrawn, may_place=access.may("participant.place"),
        action=url_for("participant.index", code=cohort.code, enrolment_id=enrolment_id),
    )  # fmt: skip
