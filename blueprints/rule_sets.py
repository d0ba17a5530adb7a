"""The rule set of a promotion: changed setting by setting, with the document that says so and the reason."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from blueprints import access, htmx, wording
from blueprints.forms import once
from rules.rule_set import SETTINGS
from rules.rule_texts import ALL, ATTENDANCE_FIELDS, LINES, SOURCE, as_texts
from store import people, rule_sets
from store.errors import Changed, Refused

bp = Blueprint("rule_sets", __name__, url_prefix="/promotions/<code>/reglement")
#: Settings whose document is typed beside them; the whole attendance rule has one.
SOURCED = ("attendance", *(name for name in ALL if name not in ATTENDANCE_FIELDS and name in SETTINGS))


@bp.get("/")
def index(code: str) -> Response:
    """Show the settings in force, their sources, and every change made to them."""
    return _page(access.cohort(code))


def _page(cohort: access.Cohort, problem: str = "", field: str = "", status: int = 200) -> Response:
    rules = people.rule_set(cohort.id)
    now, typed = as_texts(rules), request.form if problem else {}
    return htmx.render(
        "rule_sets/index.html", "rule_sets/_rule_set.html", status,
        cohort=cohort, fields=ALL, lines=LINES, attendance=tuple(ATTENDANCE_FIELDS), sourced=SOURCED, now=now,
        field=field,
        shown={name: typed.get(name, text) for name, text in now.items()},
        sources={name: typed.get(f"{SOURCE}{name}", rules.source(name)) for name in SOURCED},
        reason=typed.get("reason", ""), problem=problem, editable=access.may("rule_sets.change"),
        begun=rule_sets.begun(cohort.id, htmx.today()), history=rule_sets.history(cohort.id),
        label_of_change=wording.setting_label, value_of_change=wording.setting_value,
    )  # fmt: skip


def _told(error: Refused) -> str:
    """Say what is wrong, and of which of the many settings of the form."""
    field, why = getattr(error, "field", ""), htmx.say(error.message)
    return f"{_(ALL[field][0]).capitalize()} : {why}" if field in ALL else why


def _sent(name: str) -> str:
    """Return what was sent in a field; a browser ends the lines of a text with two characters."""
    return request.form[name].replace("\r\n", "\n")


@bp.post("/")
def change(code: str) -> Response:
    """Change settings; once teaching has begun the form asks for a reason."""
    cohort = access.cohort(code)
    texts = {name: _sent(name) for name in ALL if name in request.form}
    sources = {name: request.form[f"{SOURCE}{name}"] for name in SOURCED if f"{SOURCE}{name}" in request.form}
    seen = {name: _sent(f"seen-{name}") for name in texts if f"seen-{name}" in request.form}
    # What its author left as they had read it is not theirs to set.
    texts = {name: text for name, text in texts.items() if text != seen.get(name)}
    changed = 0
    try:
        with once() as first:
            if first:
                changed = rule_sets.change(
                    access.author(), cohort.id, texts, sources, request.form.get("reason", ""), seen, htmx.today()
                )
    except Refused as error:
        return _page(cohort, _told(error), getattr(error, "field", ""), 422)
    except Changed as error:
        problem = _("Entre-temps, un réglage est passé de « %(before)s » à « %(now)s ». Rien n'a été enregistré : "
                    "relisez, puis enregistrez de nouveau.", before=error.expected, now=error.current)  # fmt: skip
        return _page(cohort, problem, "", 409)
    said = _("Le règlement est enregistré.") if changed else _("Rien n'a changé.")
    return htmx.done(url_for("rule_sets.index", code=code), said)
