"""A session is closed once nothing prevents it, and read before; a closed one is corrected by another."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, deliberations, htmx, minutes
from blueprints.deliberations import carry_out
from blueprints.edits import Outcome
from rules.jury import DECISIONS
from store import candidates, corrections, jury_members
from store import deliberations as store
from store.candidates import Line, Place

bp = Blueprint("closing", __name__, url_prefix="/promotions/<code>/jury/deliberations/<int:deliberation_id>")


@bp.get("/cloture/")
def index(code: str, deliberation_id: int) -> Response:
    """Show what prevents a session from being closed, and all that its minutes will say."""
    return _page(*access.deliberation(code, deliberation_id))


def _page(cohort: access.Cohort, session: store.Session, outcome: Outcome | None = None) -> Response:
    outcome = outcome or Outcome()
    lines = candidates.lines(cohort.id, session.id, htmx.today())
    lacks = store.lacks_to_close(cohort.id, session.id, htmx.today()) if session.state == "open" else []
    keys = {line.id for line in lines}
    return htmx.render(
        "deliberations/closing.html", "deliberations/_closing.html", outcome.status,
        cohort=cohort, session=session, outcome=outcome, members=jury_members.named(session.id), lines=lines,
        lacks=[(htmx.say(one.message), one.about if one.about in keys else "") for one in lacks], counts=counts(lines),
        decisions=DECISIONS, prepared=[line.name for line in lines if line.decision and not line.taken],
        drifted=[line.name for line in lines if line.dossier.drifted],
        unexplained=[line.name for line in lines if line.departs and not line.reason],
        root=deliberations.address(cohort.code, session.id),
    )  # fmt: skip


def counts(lines: list[Line] | list[Place]) -> list[tuple[str, str, int]]:
    """Count the candidates by decision as (code, label, how many), those to decide first."""
    found = Counter(line.decision for line in lines)
    return [("", _("à décider"), found[""]), *((code, _(label), found[code]) for code, label in DECISIONS.items())]


@bp.post("/cloture/")
def close(code: str, deliberation_id: int) -> Response:
    """Close a session: its minutes are sealed, and shown."""
    cohort, session = access.deliberation(code, deliberation_id)
    kept: list[str] = []
    outcome = carry_out(lambda: kept.append(_close(session.id)))
    if outcome.message:
        return _page(*access.deliberation(code, session.id), outcome)
    number = kept[0] if kept else store.session(cohort.id, session.id).number
    target = f"{url_for('jury.index', code=code)}pv/{number}/"
    return htmx.done(target, _("La délibération est close : le procès-verbal %(number)s est scellé.", number=number))


def _close(deliberation_id: int) -> str:
    return store.close(access.author(), deliberation_id, htmx.settings().provider, minutes.printed)


@bp.get("/correction/")
def correction(code: str, deliberation_id: int) -> Response:
    """Choose the candidates that a new session corrects, and say why."""
    return _correction(*_closed(code, deliberation_id))


def _closed(code: str, deliberation_id: int) -> tuple[access.Cohort, store.Session]:
    cohort, session = access.deliberation(code, deliberation_id)
    return (cohort, session) if session.state == "closed" else abort(404)


def _correction(cohort: access.Cohort, session: store.Session, outcome: Outcome | None = None) -> Response:
    outcome = outcome or Outcome()
    return htmx.render(
        "deliberations/correction.html", "deliberations/_correction.html", outcome.status,
        cohort=cohort, session=session, outcome=outcome, lines=_held(cohort, session), decisions=DECISIONS,
        chosen=request.form.getlist("enrolment"), reason=request.form.get("reason", ""),
        root=deliberations.address(cohort.code, session.id),
    )  # fmt: skip


def _held(cohort: access.Cohort, session: store.Session) -> list[dict[str, Any]]:
    return [dict(line) for line in corrections.may_correct(cohort.id, session.id)]


@bp.post("/correction/")
def supersede(code: str, deliberation_id: int) -> Response:
    """Prepare the session that corrects this one."""
    cohort, session = _closed(code, deliberation_id)
    chosen, reason, kept = request.form.getlist("enrolment"), request.form.get("reason", ""), []
    outcome = carry_out(lambda: kept.append(store.supersede(access.author(), session.id, reason, chosen)))
    if outcome.message:
        return _correction(cohort, session, outcome)
    if not kept:
        return htmx.done(url_for("deliberations.index", code=code))
    said = _("La correction est préparée : indiquez son jour, relisez son jury, puis ouvrez-la.")
    return htmx.done(deliberations.address(code, kept[0]), said)
