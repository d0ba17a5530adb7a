"""Promotions, what each asks, and who is enrolled."""

from functools import lru_cache

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from blueprints import access, edits, htmx, wording
from blueprints.edits import Outcome
from blueprints.forms import once
from rules.calendar import KINDS, differences
from rules.rule_set import SETTINGS
from rules.values import display_date
from store import agreement, calendar, people, totals
from store.errors import Refused

bp = Blueprint("people", __name__, url_prefix="/promotions")
bp.add_app_template_global(wording.field, "label_of")
#: Fields of a participant's line, in the order of the page.
FIELDS = tuple(people.FIELDS)
#: Who has paid is for those who release certificates.
RESTRICTED = "fees_paid_on"


@bp.get("/")
def cohorts() -> Response:
    """List the promotions with their size and hours."""
    found = people.cohorts()
    counted = totals.by_cohort({row[0]: row[5] for row in found}, htmx.today())
    lines = [(*row[:5], *counted.get(row[0], (0, 0, 0))) for row in found]
    return htmx.render("people/cohorts.html", "people/_cohorts.html", lines=lines)


@bp.get("/<code>/")
def cohort(code: str) -> Response:
    """Show what a promotion asks and where that comes from, its control totals, its books."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    rules = people.rule_set(cohort.id)
    found = totals.of_calendar(calendar.half_days(cohort.id))
    expected, notes = people.announced(cohort.id)
    return htmx.render(
        "people/cohort.html", "people/_cohort.html",
        cohort=cohort, found=found, expected=expected, gaps=differences(found, expected), kinds=KINDS,
        settings=[(label, wording.setting(rules, name), rules.source(name)) for name, label in SETTINGS.items()],
        notes=notes, enrolled=totals.enrolled(cohort.id),
        books=_books(cohort.id),
    )  # fmt: skip


def _books(cohort_id: int) -> list[dict]:
    """List the books of a cohort that this person may see, each with its address."""
    states = [state for state in agreement.states(access.audiences()) if cohort_id in state["cohorts"]]
    return [state | {"url": htmx.settings().book_address(state["book"])} for state in states]


@bp.get("/<code>/participants/")
def participants(code: str) -> Response:
    """List who is enrolled; coordinators change any value in place."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort)


def _page(cohort: access.Cohort, problems: dict[str, Outcome] | None = None, new: Outcome | None = None) -> Response:
    problems, new = problems or {}, new or Outcome()
    status = next((outcome.status for outcome in (*problems.values(), new) if outcome.message), 200)
    lines = people.participants(cohort.id)
    return htmx.render(
        "people/participants.html", "people/_participants.html", status,
        cohort=cohort, rows=[_line(cohort.code, line, problems.get(line[0], Outcome())) for line in lines],
        total=len(lines), editable=access.may("people.change"), fields=_shown(), **_form(cohort.code, new),
    )  # fmt: skip


def _form(code: str, new: Outcome, added: str = "") -> dict[str, object]:
    """Return what the form for a new participant shows."""
    action = url_for("people.add", code=code)
    return {"action": action, "new": new, "typed": dict(new.typed), "fundings": people.FUNDINGS, "added": added}


def _shown() -> tuple[str, ...]:
    return FIELDS if "jury" in access.audiences() else tuple(name for name in FIELDS if name != RESTRICTED)


def _line(code: str, line: tuple, outcome: Outcome) -> str:
    return _row(code, access.may("people.change"), _shown(), htmx.language(), line, outcome)


@lru_cache(maxsize=4096)
def _row(code: str, editable: bool, fields: tuple[str, ...], language: str, line: tuple, outcome: Outcome) -> str:
    """Return the HTML of one participant; the same line gives the same HTML, so it is kept."""
    values = dict(zip(FIELDS, line[1:], strict=True))
    values[RESTRICTED] = display_date(values[RESTRICTED].isoformat()) if values[RESTRICTED] else ""
    return htmx.fragment(
        "people/_row.html",
        enrolment=line[0], values=values, typed=dict(outcome.typed), outcome=outcome, fields=fields,
        editable=editable, fundings=people.FUNDINGS, version=htmx.digest((line, fields)),
        action=f"{url_for('people.participants', code=code)}{line[0]}",
    )  # fmt: skip


@bp.post("/<code>/participants/<enrolment_id>")
def change(code: str, enrolment_id: str) -> Response:
    """Change values of one participant; answer with the line alone, or go back to the page of a plain form."""
    cohort = access.enrolment(code, enrolment_id)
    outcome = edits.edit(
        people.types(cohort.id),
        lambda wanted, read: people.change(access.author(), enrolment_id, wanted, read),
        lambda: people.snapshot(cohort.id)[enrolment_id],
    )
    if htmx.wanted():
        line = next(line for line in people.participants(cohort.id) if line[0] == enrolment_id)
        return htmx.finish(_line(code, line, outcome), outcome.status)
    if outcome.message:
        return _page(cohort, {enrolment_id: outcome})
    return htmx.done(f"{url_for('people.participants', code=code)}#ligne-{enrolment_id}")


@bp.post("/<code>/participants/ajouter")
def add(code: str) -> Response:
    """Enrol a new participant; a refused value is shown again beside what was typed."""
    cohort = access.cohort(code)
    typed = {name: request.form[name] for name in FIELDS if name in request.form}
    name = f"{typed.get('last_name', '')} {typed.get('first_name', '')}".strip()
    new = Outcome()
    try:
        with once() as first:
            if first:
                people.create(access.author(), cohort.id, typed)
    except Refused as error:
        new = Outcome(422, htmx.say(error.message), getattr(error, "field", ""), tuple(typed.items()))
    added = "" if new.message else _("%(name)s est inscrit·e.", name=name)
    if htmx.wanted():
        return _answer_form(cohort.code, new, added)
    return _page(cohort, new=new) if new.message else htmx.done(url_for("people.participants", code=code), added)


def _answer_form(code: str, new: Outcome, added: str) -> Response:
    html = htmx.fragment("people/_add.html", fields=_shown(), **_form(code, new, added))
    response = htmx.finish(html, new.status)
    if added:
        # The open list asks for itself again at once rather than at its next turn.
        response.headers["HX-Trigger"] = "renewed"
    return response
