"""Results of a jury: what everybody may read once they are published, and the act of publishing them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from blueprints import access, htmx
from blueprints.charts import Bar, chart
from blueprints.forms import once
from rules.jury import DECISIONS
from store import candidate_numbers, people, results
from store.errors import Refused
from store.results import Result, Session

bp = Blueprint("results", __name__, url_prefix="/promotions/<code>/resultats")
#: How each decision is coloured.
TONES = {"admitted": "good", "adjourned": "bad", "defaulted": "bad", "resit": "wait"}


@dataclass(frozen=True)
class Line:
    """One result as this person may read it: under a name, or under the number of the candidate."""

    who: str
    first_name: str
    decision: str
    tone: str
    honours: str
    number: str


@bp.get("/")
def index(code: str) -> Response:
    """Show the published results, with names where the rule set displays them and to those who decided."""
    cohort = access.cohort(code)
    found, jury = results.published(cohort.id), access.role() in access.JURY
    named = jury or people.rule_set(cohort.id).display_names
    sessions = results.sessions(cohort.id)
    return htmx.render(
        "results/index.html", "results/_results.html",
        cohort=cohort, lines=_named(found) if named else _numbered(cohort.id, found), total=len(found), named=named,
        chart=_chart(found) if found else None,
        sessions=sessions if jury else [one for one in sessions if one.published_at],
        jury=jury, publisher=access.may("results.publish"), emptied=results.emptied(cohort.id) if jury else {},
    )  # fmt: skip


def _named(found: Iterable[Result]) -> list[Line]:
    return [_line(one, one.last_name, one.first_name) for one in found]


def _numbered(cohort_id: int, found: Iterable[Result]) -> list[Line]:
    """List results under the candidates' numbers, in their order: those of people without one are only counted."""
    numbers = candidate_numbers.numbers(cohort_id)
    known = [(numbers[one.enrolment], one) for one in found if one.enrolment in numbers]
    ordered = sorted(known, key=lambda pair: pair[0])
    return [_line(one, _("Candidat·e n° %(number)s", number=number)) for number, one in ordered]


def _line(one: Result, who: str, first_name: str = "") -> Line:
    label = _(DECISIONS.get(one.decision, one.decision))
    return Line(who, first_name, label, TONES.get(one.decision, ""), one.honours, one.number)


def _chart(found: Iterable[Result]) -> object:
    counted = Counter(one.decision for one in found)
    bars = [Bar(_(label), counted[code], TONES[code]) for code, label in DECISIONS.items()]
    return chart("decisions", _("Décisions publiées"), _("Décision"), bars)


# -- publication ----------------------------------------------------------------------------------


@bp.get("/<int:deliberation_id>/publier/")
def confirm(code: str, deliberation_id: int) -> Response:
    """Say what publishing would let others read, and whom, before anything is published."""
    return _page(access.cohort(code), deliberation_id)


def _page(cohort: access.Cohort, deliberation_id: int, message: str = "") -> Response:
    session = results.session(cohort.id, deliberation_id)
    instead = [] if session.published_at else results.emptied(cohort.id).get(deliberation_id, [])
    why = None if session.published_at else results.corrected(deliberation_id)
    if instead:
        why = results.left_nothing(session.number, instead)
    return htmx.render(
        "results/publish.html", "results/_publish.html", 422 if message else 200,
        cohort=cohort, session=session, message=message, lines=_changes(cohort.id, session),
        named=people.rule_set(cohort.id).display_names, held_up=htmx.say(why) if why else "", instead=instead,
    )  # fmt: skip


def _changes(cohort_id: int, session: Session) -> list[tuple[str, str, str, str]]:
    """List what publication would show as (last name, first name, result read until then or '', result)."""
    before = {one.enrolment: one for one in results.published(cohort_id)}
    return [
        (one.last_name, one.first_name, _said(before.get(one.enrolment)), _said(one))
        for one in results.listed(cohort_id, published=False)
        if one.number == session.number
    ]  # fmt: skip


def _said(one: Result | None) -> str:
    if one is None:
        return ""
    label = _(DECISIONS.get(one.decision, one.decision))
    return f"{label}, {one.honours}" if one.honours else label


@bp.post("/<int:deliberation_id>/publier/")
def publish(code: str, deliberation_id: int) -> Response:
    """Publish the results of one closed deliberation, and go to them."""
    cohort = access.cohort(code)
    try:
        with once() as first:
            if first:
                results.publish(access.author(), cohort.id, deliberation_id)
    except Refused as error:
        return _page(cohort, deliberation_id, htmx.say(error.message))
    return htmx.done(url_for("results.index", code=code), _("Les résultats sont publiés."))
