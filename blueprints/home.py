"""À faire aujourd'hui, and the two addresses that platforms ask for the health of the process."""

from flask import Blueprint, Response, jsonify
from flask_login import current_user

from blueprints import access, htmx, readable, wording
from rules.after_jury import STANDINGS as DUE
from rules.attendance import STANDINGS
from rules.papers import MILESTONES
from store import (
    agreement,
    awaited_sheets,
    calendar,
    calendar_faults,
    db,
    grade_anomalies,
    jury_waiting,
    release_waiting,
    results,
    standings,
    todo,
    tutoring,
)
from store.by_version import versions
from store.models.base import now

bp = Blueprint("home", __name__)
#: Incomplete rosters listed before the rest is only counted.
SHOWN = 15


@bp.get("/")
def index() -> Response:
    """Show what waits for this person, with counts and links."""
    today, states = htmx.today(), readable.states()
    cohorts = versions()
    office = access.role() in access.OFFICE
    near = standings.near(cohorts, today) if office else []
    return htmx.render(
        "home/index.html",
        "home/_todo.html",
        long_date=wording.long_date(today),
        milestones=MILESTONES,
        shown=SHOWN,
        empty=not cohorts,
        opens=access.may("openings.create"),
        half_days=calendar.on_day(today),
        unmarked=todo.rolls_not_taken(cohorts, today, htmx.hour()),
        near=near,
        near_by_cohort=standings.counted(near),
        standings=STANDINGS,
        awaited=awaited_sheets.awaited(today) if office else [],
        anomalies=grade_anomalies.counted(cohorts, today) if access.role() in access.JURY else [],
        faults=calendar_faults.counted(cohorts, today) if office else [],
        unassigned=[] if readable.confined() else todo.papers_without_tutor(cohorts, today),
        mine=tutoring.of_user(current_user.id) if current_user.role == "tutor" else [],
        unpublished=results.to_publish(cohorts, today) if office else [],
        transmissions=release_waiting.to_transmit(cohorts, today) if office else [],
        rectifications=release_waiting.awaiting_rectification(cohorts, today) if office else [],
        due=DUE,
        juries=jury_waiting.waiting(cohorts, today) if access.role() in access.JURY else [],
        conflicts=sum(state["conflicts"] for state in states),
        refusals=sum(state["refusals"] for state in states),
        paused=[state for state in states if state["paused"]],
        troubles=[state for state in states if state["trouble"]],
    )


@bp.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> Response:
    """Say whether the store answers, its schema is complete, and how old the last sync is."""
    pending = db.pending()
    ages = [
        (now() - state["last_success"]).total_seconds() if state["last_success"] else None
        for state in ([] if pending else agreement.states())
    ]
    known = [age for age in ages if age is not None]
    body = {
        "status": "migrations pending" if pending else "ok",
        "pending_migrations": pending,
        "books": len(ages),
        "oldest_sync_seconds": round(max(known), 1) if known else None,
        "never_synced": ages.count(None),
    }
    response = jsonify(body)
    response.status_code = 503 if pending else 200
    return response
