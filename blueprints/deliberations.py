"""Sessions of a jury: listed, prepared, opened once nothing is missing, given up."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from blueprints import access, edits, htmx
from blueprints.edits import Outcome
from blueprints.forms import once
from rules.deliberations import OVER, STATES, days_away
from rules.values import display_date
from store import deliberations, jury_members, results, tutoring, tutors
from store.deliberations import FIELDS, Session
from store.errors import Refused
from store.jury_members import Member

bp = Blueprint("deliberations", __name__, url_prefix="/promotions/<code>/jury/deliberations")
#: Which form of the page of a session a message is about, when it is not that of one member: their ids begin at 1.
SESSION, OPENING, EVERYBODY, NEW_MEMBER = -3, -2, -1, 0


@bp.get("/")
def index(code: str) -> Response:
    """List the sessions of the jury of a promotion, and prepare another."""
    return _index(access.cohort(code))


def _index(cohort: access.Cohort, outcome: Outcome | None = None) -> Response:
    outcome = outcome or Outcome()
    return htmx.render(
        "deliberations/index.html", "deliberations/_list.html", outcome.status,
        cohort=cohort, sessions=deliberations.listed(cohort.id), states=STATES, outcome=outcome,
        typed=dict.fromkeys(FIELDS, "") | dict(outcome.typed), waiting=len(deliberations.awaiting(cohort.id)),
        emptied=results.emptied(cohort.id),
    )  # fmt: skip


@bp.post("/")
def prepare(code: str) -> Response:
    """Prepare a session, and go to its page."""
    cohort = access.cohort(code)
    typed, kept = {name: request.form.get(name, "") for name in FIELDS}, []
    outcome = carry_out(lambda: kept.append(deliberations.prepare(access.author(), cohort.id, typed)), typed)
    if outcome.message:
        return _index(cohort, outcome)
    if not kept:
        return htmx.done(url_for("deliberations.index", code=code))
    return htmx.done(address(code, kept[0]), _("La délibération est préparée : nommez le jury."))


def address(code: str, deliberation_id: int) -> str:
    """Return the address of the page of a session."""
    return url_for("deliberations.show", code=code, deliberation_id=deliberation_id)


def carry_out(verb: Callable[[], object], typed: Mapping[str, str] | None = None) -> Outcome:
    """Carry out a form once; tell why it was refused, with what was typed."""
    try:
        with once() as first:
            if first:
                verb()
    except Refused as error:
        return edits.turned_down(error, typed or {})
    return Outcome(saved=True)


@bp.get("/<int:deliberation_id>/")
def show(code: str, deliberation_id: int) -> Response:
    """Show one session: the order, the jury, what it lacks to be opened or closed."""
    return page(*access.deliberation(code, deliberation_id))


def page(
    cohort: access.Cohort, session: Session, outcome: Outcome | None = None, about: int = SESSION
) -> Response:
    """Render the page of a session; `about` says which of its forms was turned down."""
    outcome = outcome or Outcome()
    seen = _shown(deliberations.types(), deliberations.values(cohort.id, session.id))
    known = [row[1] for row in tutoring.tutors(cohort.id)]
    return htmx.render(
        "deliberations/show.html", "deliberations/_session.html", outcome.status,
        cohort=cohort, session=session, state=_(STATES[session.state]), outcome=outcome, about=about, seen=seen,
        shown=seen | (dict(outcome.typed) if about == SESSION else {}),
        members=[_member(one, known, outcome if one.id == about else None) for one in jury_members.named(session.id)],
        new=dict(outcome.typed) if about == NEW_MEMBER else {},
        all=dict(outcome.typed) if about == EVERYBODY else {}, editable=session.state not in OVER,
        lacks=[htmx.say(one.message) for one in _lacks(cohort, session)], root=address(cohort.code, session.id),
        accounts=tutors.accounts(),
        before=next((one for one in deliberations.listed(cohort.id) if one.id == session.supersedes), None),
        waiting=session.candidates if session.supersedes else len(deliberations.awaiting(cohort.id)),
        far=_far(session), today=htmx.today(),
        moments=(htmx.moment(session.opened_at), htmx.moment(session.closed_at), htmx.moment(session.published_at)),
        emptied=results.emptied(cohort.id),
        SESSION=SESSION, OPENING=OPENING, EVERYBODY=EVERYBODY, NEW_MEMBER=NEW_MEMBER,
    )  # fmt: skip


def _far(session: Session) -> int:
    """Return by how many days a prepared session is dated away from today, 0 where that is nothing to confirm."""
    return days_away(session.held_on, htmx.today()) if session.state == "prepared" else 0


def _lacks(cohort: access.Cohort, session: Session) -> list:
    return deliberations.lacks_to_open(cohort.id, session.id) if session.state == "prepared" else []


def _shown(types: Mapping, values: Mapping[str, str]) -> dict[str, str]:
    """Return values as people type them: a date as 02/06/2025."""
    return {name: types[name].display(text) for name, text in values.items()}


def _member(member: Member, tutors: list[str], outcome: Outcome | None) -> dict[str, object]:
    """Return a member as the page shows them: what is kept, and what was typed where it was turned down."""
    present = "" if member.present is None else "oui" if member.present else "non"
    seen = {
        "name": member.name, "quality": member.quality, "president": "oui" if member.president else "non",
        "convened_on": display_date(member.convened_on.isoformat()) if member.convened_on else "",
        "present": present, "account": member.account, "tutor": member.tutor,
    }  # fmt: skip
    # Somebody who follows no paper here any more stays in the list of this member.
    names = dict.fromkeys((*tutors, member.tutor)) if member.tutor else dict.fromkeys(tutors)
    options = [("", "—"), *((name, name) for name in names)]
    return {
        "id": member.id, "seen": seen, "shown": seen | (dict(outcome.typed) if outcome else {}), "tutors": options,
    }  # fmt: skip


@bp.post("/<int:deliberation_id>/modifier")
def change(code: str, deliberation_id: int) -> Response:
    """Change the order, the day or the place of a session."""
    cohort, session = access.deliberation(code, deliberation_id)
    outcome = edits.edit(
        deliberations.types(),
        lambda wanted, read: deliberations.change(access.author(), session.id, wanted, read),
        lambda: deliberations.values(cohort.id, session.id),
    )
    if outcome.message:
        return page(cohort, session, outcome)
    return htmx.done(address(code, session.id), _("Modifications enregistrées."))


@bp.post("/<int:deliberation_id>/ouvrir")
def open_session(code: str, deliberation_id: int) -> Response:
    """Open a session, and go to its first candidate."""
    cohort, session = access.deliberation(code, deliberation_id)
    confirmed = request.form.get("day_confirmed", "")
    outcome = carry_out(
        lambda: deliberations.open_session(access.author(), session.id, htmx.today(), confirmed),
        {"day_confirmed": confirmed},
    )
    if outcome.message:
        return page(cohort, session, outcome, OPENING)
    return htmx.done(url_for("deliberating.index", code=code, deliberation_id=session.id))


@bp.post("/<int:deliberation_id>/abandonner")
def abandon(code: str, deliberation_id: int) -> Response:
    """Give a session up; what was sealed before comes back."""
    cohort, session = access.deliberation(code, deliberation_id)
    outcome = carry_out(lambda: deliberations.abandon(access.author(), session.id))
    if outcome.message:
        return page(cohort, session, outcome, OPENING)
    return htmx.done(address(code, session.id), _("La délibération est abandonnée."))
