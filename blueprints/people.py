"""Promotions, what each asks, and who is enrolled."""

from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from blueprints import access, edits, htmx, readable, wording
from blueprints.edits import Outcome
from blueprints.forms import once
from blueprints.rights import RESTRICTED
from rules.calendar import KINDS, differences
from rules.enrolment import STATES, found_by, full, in_state, papers_in, places, ranks
from rules.message import Message
from rules.rule_set import PLAIN, SETTINGS, RuleSet
from rules.values import display_date
from store import calendar, people, totals
from store.changes import refused
from store.errors import Refused

bp = Blueprint("people", __name__, url_prefix="/promotions")
bp.add_app_template_global(wording.field, "label_of")
FIELDS = tuple(people.FIELDS)
#: Fields of a participant's line, in the order of the page; the others are on their own page.
LINE = FIELDS[: FIELDS.index("fees_paid_on") + 1]


@bp.get("/")
def cohorts() -> Response:
    """List the promotions with their size and hours."""
    found = people.cohorts()
    counted = totals.by_cohort({row[0]: row[5] for row in found}, htmx.today())
    lines = [(*row[:5], *counted.get(row[0], (0, 0, 0))) for row in found]
    return htmx.render("people/cohorts.html", "people/_cohorts.html", lines=lines, opens=access.may("openings.create"))


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
        unset=rules == PLAIN, office=access.may("rule_sets.change"), notes=notes, enrolled=totals.enrolled(cohort.id),
        books=_books(cohort.id),
    )  # fmt: skip


def _books(cohort_id: int) -> list[dict]:
    """List the books of a cohort that this person may see, each with its address."""
    states = [state for state in readable.states() if cohort_id in state["cohorts"]]
    return [state | {"url": htmx.settings().book_address(state["book"])} for state in states]


@bp.get("/<code>/participants/")
def participants(code: str) -> Response:
    """List who is enrolled or waits; `?q=` and `?etat=` narrow it; coordinators change any value in place."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort)


def _page(cohort: access.Cohort, problems: dict[str, Outcome] | None = None, new: Outcome | None = None) -> Response:
    problems, new = problems or {}, new or Outcome()
    status = next((outcome.status for outcome in (*problems.values(), new) if outcome.message), 200)
    query, state = asked()
    lines, waiting = people.participants(cohort.id), waiting_ranks(cohort.id)
    enrolled, rules = len(lines) - len(waiting), people.rule_set(cohort.id)
    shown = people.participants(cohort.id, withdrawn=True) if state == "retires" else lines
    # Asked once for all lines.
    may, alike = access.may("people.change"), (shown_fields(), htmx.language())
    return htmx.render(
        "people/participants.html", "people/_participants.html", status,
        cohort=cohort, editable=may, fields=shown_fields(), enrolled=enrolled,
        rows=[_row(cohort.code, may and state != "retires", *alike, line, problems.get(line[0], Outcome()),
                   waiting.get(line[0], 0)) for line in narrowed(shown, query, state)],
        waiting=len(waiting), limits=_limits(rules), free=not full(enrolled, rules.size_max),
        notices=[htmx.say(found) for found in places(enrolled, len(waiting), rules.size_min, rules.size_max)],
        query=query, state=state, states=states(), list_url=url_for("people.participants", code=cohort.code),
        address=url_for("people.participants", code=cohort.code, q=query or None, etat=state or None),
        sought=f"?{urlencode({'q': query, 'etat': state})}" if query or state else "",
        **_form(cohort.code, new),
    )  # fmt: skip


def asked() -> tuple[str, str]:
    """Return what the address looks for: words, and one of `states`."""
    query, state = request.args.get("q", "").strip()[:80], request.args.get("etat", "")
    return query, state if state in states() else ""


def states() -> dict[str, str]:
    """Return what a list may be narrowed to by this person: who has paid is for some only."""
    return {code: label for code, label in STATES.items() if code != "frais" or RESTRICTED in shown_fields()}


def narrowed(lines: list[tuple], query: str, state: str) -> list[tuple]:
    """Keep the lines that a search is about."""
    if not query and not state:
        return lines
    by_name = [(line, dict(zip(FIELDS, line[1:], strict=True))) for line in lines]
    return [
        line
        for line, values in by_name
        if in_state(values, state) and found_by(query, (values[name] for name in LINE[:5] if name != "phone"))
    ]


def waiting_ranks(cohort_id: int) -> dict[str, int]:
    """Return {enrolment: rank} of those on the waiting list."""
    return ranks(people.waiting(cohort_id))


def _limits(rules: RuleSet) -> str:
    least, most = rules.size_min, rules.size_max
    if least is not None and most is not None:
        return _("de %(least)s à %(most)s places", least=least, most=most)
    if most is not None:
        return _("%(most)s places au plus", most=most)
    return _("%(least)s places au moins", least=least) if least is not None else ""


def _form(code: str, new: Outcome, added: str = "") -> dict[str, object]:
    """Return what the form for a new participant shows."""
    action = url_for("people.add", code=code)
    return {"action": action, "new": new, "typed": dict(new.typed), "fundings": people.FUNDINGS, "added": added}


def shown_fields(fields: tuple[str, ...] = LINE) -> tuple[str, ...]:
    """Return which of these fields this person may read."""
    return fields if "jury" in readable.audiences() else tuple(name for name in fields if name != RESTRICTED)


def _line(code: str, line: tuple, outcome: Outcome, rank: int) -> str:
    return _row(code, access.may("people.change"), shown_fields(), htmx.language(), line, outcome, rank)


@lru_cache(maxsize=4096)
def _row(
    code: str, editable: bool, fields: tuple[str, ...], language: str, line: tuple, outcome: Outcome, rank: int
) -> str:
    """Return the HTML of one participant; the same line gives the same HTML, so it is kept."""
    held = dict(zip(FIELDS, line[1:], strict=True))
    return htmx.fragment(
        "people/_row.html",
        enrolment=line[0], values=texts(held), typed=dict(outcome.typed), outcome=outcome, fields=fields,
        editable=editable, fundings=people.FUNDINGS, version=htmx.digest((line, fields, rank, editable)),
        rank=rank, came=papers_in(held), action=f"{url_for('people.participants', code=code)}{line[0]}",
    )  # fmt: skip


def texts(held: dict[str, object]) -> dict[str, object]:
    """Return the values of a line as a form shows them."""
    return {
        name: (display_date(value.isoformat()) if isinstance(value, date) else "" if value is None else value)
        for name, value in held.items()
    }


@bp.post("/<code>/participants/<enrolment_id>")
def change(code: str, enrolment_id: str) -> Response:
    """Change values of one participant; answer with the line alone, or go back to the page of a plain form."""
    cohort = access.listed(code, enrolment_id)
    outcome = edits.edit(
        people.types(cohort.id),
        lambda wanted, read: people.change(access.author(), enrolment_id, wanted, read),
        lambda: people.snapshot(cohort.id)[enrolment_id],
    )
    if htmx.wanted():
        line = next(line for line in people.participants(cohort.id) if line[0] == enrolment_id)
        rank = waiting_ranks(cohort.id).get(enrolment_id, 0)
        return htmx.finish(_line(code, line, outcome, rank), outcome.status)
    if outcome.message:
        return _page(cohort, {enrolment_id: outcome})
    return htmx.done(f"{url_for('people.participants', code=code)}#ligne-{enrolment_id}")


@bp.post("/<code>/participants/ajouter")
def add(code: str) -> Response:
    """Enrol a new participant, or put them on the waiting list; a refused value is shown beside what was typed."""
    cohort = access.cohort(code)
    typed = {name: request.form[name] for name in LINE if name in request.form}
    name = f"{typed.get('last_name', '')} {typed.get('first_name', '')}".strip()
    place = request.form.get("place", "")
    new = Outcome()
    try:
        with once() as first:
            if first:
                if not place:
                    refuse_when_full(cohort.id)
                people.create(access.author(), cohort.id, typed | ({"waiting": "oui"} if place == "attente" else {}))
    except Refused as error:
        new = Outcome(422, htmx.say(error.message), getattr(error, "field", ""), tuple(typed.items()))
    waits = _("%(name)s est en liste d'attente.", name=name)
    added = "" if new.message else waits if place == "attente" else _("%(name)s est inscrit·e.", name=name)
    if htmx.wanted():
        return _answer_form(cohort.code, new, added)
    return _page(cohort, new=new) if new.message else htmx.done(url_for("people.participants", code=code), added)


def refuse_when_full(cohort_id: int) -> None:
    """Refuse a place beyond the maximum: whoever enrols may choose the waiting list, or go beyond knowingly."""
    taken, most = totals.enrolled(cohort_id), people.rule_set(cohort_id).size_max
    if full(taken, most):
        raise refused("place", Message(
            "La promotion est complète : %(taken)s inscrit·es pour %(most)s place(s). Choisissez ci-dessous.",
            {"taken": taken, "most": most},
        ))


def waits_again() -> str:
    """Say that somebody brought back found every place taken."""
    return _("C'est rétabli, en liste d'attente : la promotion est complète. Une place se donne sur la page de la "
             "personne ; la feuille retrouvera cette ligne au prochain passage.")  # fmt: skip


def _answer_form(code: str, new: Outcome, added: str) -> Response:
    html = htmx.fragment("people/_add.html", fields=shown_fields(), **_form(code, new, added))
    response = htmx.finish(html, new.status)
    if added:
        # The open list asks for itself again at once rather than at its next turn.
        response.headers["HX-Trigger"] = "renewed"
    return response
