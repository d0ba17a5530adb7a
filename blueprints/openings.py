"""A promotion opened from nothing: its programme, its code, its days, and the rule set it begins with."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from blueprints import access, htmx
from blueprints.edits import Outcome
from blueprints.forms import once
from store import openings, people
from store.errors import Refused

bp = Blueprint("openings", __name__, url_prefix="/promotions/nouvelle")


@bp.get("/")
def index() -> Response:
    """Show the form."""
    return _page(Outcome())


def _page(outcome: Outcome) -> Response:
    return htmx.render(
        "people/new.html", "people/_new.html", outcome.status,
        outcome=outcome, shown=dict.fromkeys(openings.FIELDS, "") | dict(outcome.typed),
        programmes={title: title for title in openings.programmes()},
        cohorts={row[1]: f"{row[1]} · {row[2]}" for row in people.cohorts()},
    )  # fmt: skip


@bp.post("/")
def create() -> Response:
    """Open the promotion and go to its page; what is refused is said beside what was typed."""
    typed = {name: request.form[name] for name in openings.FIELDS if name in request.form}
    code, said = typed.get("code", "").strip().upper(), ""
    try:
        with once() as first:
            if first:
                code = openings.open_cohort(access.author(), typed)
                said = _("La promotion %(code)s est ouverte.", code=code)
    except Refused as error:
        return _page(Outcome(422, htmx.say(error.message), getattr(error, "field", ""), tuple(typed.items())))
    return htmx.done(url_for("people.cohort", code=code), said)
