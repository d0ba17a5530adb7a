"""Who may do what: the table of `rights`, and fetch-or-404 in the same call as may-this-person.

A view cannot get an object without the check, and a route missing from the table is refused.
"""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, Response, abort, flash, g, make_response, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user

from blueprints import htmx, readable
from blueprints.rights import JURY, OFFICE, PUBLIC, RIGHTS
from store import (
    accounts,
    adoptions,
    calendar,
    deliberations,
    people,
    records,
    rosters,
    tutoring,
    viewing,
)
from store.accounts import Person
from store.adoptions import Step
from store.between import ListedConflict
from store.errors import Unknown
from store.journal import Author


class SignedIn(UserMixin):
    """The person of this request, as flask-login wants them: their id is the sign-in, not the account."""

    def __init__(self, person: Person) -> None:
        self.id, self.name, self.role, self.email, self.token = (
            person.id, person.name, person.role, person.email, person.token,
        )  # fmt: skip

    def get_id(self) -> str:
        """Return the token of the sign-in."""
        return self.token

    @property
    def author(self) -> Author:
        """Return who is written in the journal for what they do on a page."""
        return Author(self.name, "page", self.id)


def set_up(app: Flask) -> None:
    """Ask the table before every request."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
    app.before_request(_check)
    app.jinja_env.globals["may_open"] = may_open


def nobody() -> None:
    """Take whoever asks for somebody unknown, to the end of this request: the store cannot say who it is."""
    g.store_away = True


def _load(token: str) -> SignedIn | None:
    if g.get("store_away"):
        return None
    person = accounts.person(token)
    return SignedIn(person) if person else None


def _check() -> Response | None:
    if request.endpoint is None:
        return None
    allowed = RIGHTS.get(request.endpoint)
    if allowed is None:
        abort(403)
    if allowed is PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if current_user.role not in allowed:
        abort(403)
    return None


def _ask_to_sign_in() -> Response:
    """Send a page to the sign-in form; tell htmx to go there, keeping what was typed in the page."""
    address = url_for("accounts.sign_in", suite=_page_asked())
    if not htmx.wanted():
        if "_user_id" in session:
            flash(_expiry())
        return redirect(address, 303)
    response = make_response("", 401)
    response.headers["HX-Redirect"] = address
    return response


def _expiry() -> str:
    """Say that a sign-in ended, and that what a plain form sent with it is lost."""
    text = _("Votre connexion a expiré : reconnectez-vous.")
    if request.method == "POST":
        text += " " + _("Votre dernière saisie n'a pas été enregistrée.")
    return text


def _page_asked() -> str | None:
    """Return the page to come back to: this one, or the page that a form or a fragment belongs to."""
    if request.method == "GET" and not htmx.wanted():
        return request.full_path.rstrip("?")
    parts = urlsplit((request.htmx.current_url if request.htmx else request.referrer) or "")
    if parts.netloc != request.host:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def may(endpoint: str) -> bool:
    """Tell whether the person of this request may use a route at all."""
    return current_user.is_authenticated and current_user.role in RIGHTS[endpoint]


def may_open(endpoint: str) -> bool:
    """Tell whether there is such a route and the person of this request may use it."""
    return endpoint in RIGHTS and may(endpoint)


def author() -> Author:
    """Return who is written in the journal for this request."""
    return current_user.author


@dataclass(frozen=True)
class Cohort:
    """The cohort of an address."""

    id: int
    code: str
    title: str
    programme: str
    period: str
    version: int
    #: Whether nobody was noted looking at its jury for a while.
    jury_unseen: bool = field(default=False, compare=False)


def cohort(code: str) -> Cohort:
    """Return the cohort with this code, or stop with 404; an open page says in passing that it is there."""
    found = people.cohort(code)
    if found is None:
        abort(404)
    *values, unseen = found
    if unseen and request.method == "GET":
        viewing.seen(values[0])
    return Cohort(*values)


def jury(code: str) -> Cohort:
    """Return the cohort with this code, or stop with 404; an open page says in passing that its jury is looked at."""
    found = cohort(code)
    if found.jury_unseen:
        viewing.jury_seen(found.id)
    return found


def half_day(code: str, half_day_id: str) -> tuple[Cohort, dict]:
    """Return a half-day of this very cohort, or stop with 404."""
    parent = cohort(code)
    found = calendar.half_day(parent.id, half_day_id)
    if found is None:
        abort(404)
    return parent, found


def line(code: str, half_day_id: str, enrolment_id: str) -> None:
    """Stop with 404 unless a half-day and someone enrolled are of this very cohort."""
    if rosters.place(code, half_day_id, enrolment_id) is None:
        abort(404)


def enrolment(code: str, enrolment_id: str) -> Cohort:
    """Return the cohort of someone who takes part in it, or stop with 404."""
    parent = cohort(code)
    if not people.enrolled(parent.id, enrolment_id):
        abort(404)
    return parent


def listed(code: str, enrolment_id: str) -> Cohort:
    """Return the cohort of someone who has a line in it, the waiting list included, or stop with 404."""
    parent, withdrawn = record(code, "enrolment", enrolment_id)
    if withdrawn is not None:
        abort(404)
    return parent


def deliberation(code: str, deliberation_id: int) -> tuple[Cohort, deliberations.Session]:
    """Return a session of the jury of this very cohort, or stop with 404."""
    parent = jury(code) if request.method == "GET" else cohort(code)
    try:
        return parent, deliberations.session(parent.id, deliberation_id)
    except Unknown:
        abort(404)


def paper(code: str, paper_id: str) -> Cohort:
    """Return the cohort of a paper that this person may see: a tutor, only their own; else 404 or 403."""
    parent = cohort(code)
    owners = tutoring.owner_users(parent.id, paper_id)
    if owners is None:
        abort(404)
    if current_user.role == "tutor" and current_user.id not in owners:
        abort(403)
    return parent


def record(code: str, kind: str, row: str) -> tuple[Cohort, datetime | None]:
    """Return the cohort of a record and when it was withdrawn, or stop with 404 or 403.

    A dossier and a release are the jury's; what is about a paper is, among tutors, for those who follow it.
    """
    parent, found = cohort(code), records.place(kind, row)
    if found is None or found[0] != parent.id:
        abort(404)
    if kind in records.OF_JURY and current_user.role not in JURY:
        abort(403)
    if kind in records.OF_PAPER and not may_follow(parent.id, records.paper_of(kind, row)):
        abort(403)
    return parent, found[1]


def may_follow(cohort_id: int, paper_id: str) -> bool:
    """Tell whether this person may read what is about a paper: a tutor, only of those that they follow."""
    return current_user.role != "tutor" or current_user.id in (tutoring.owner_users(cohort_id, paper_id) or ())


def role() -> str:
    """Return the role of the person of this request, '' for nobody."""
    return current_user.role if current_user.is_authenticated else ""


def conflict(conflict_id: int) -> ListedConflict:
    """Return an open conflict that this person may settle, or stop with 404 or 403."""
    row = next((row for row in readable.conflicts() if row.id == conflict_id), None)
    if row is None:
        abort(404)
    if current_user.role not in (JURY if row.kind == "jury" else OFFICE):
        abort(403)
    return row


def adoption(adoption_id: int) -> Step:
    """Return the adoption of a spreadsheet whose values this person may read, or stop with 404."""
    try:
        found = adoptions.step(adoption_id)
    except Unknown:
        abort(404)
    if found.audience not in readable.audiences():
        abort(404)
    return found
