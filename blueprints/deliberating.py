"""A jury at work: one candidate at a time, decided by key or by button, saved at each step, taken up where it was."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, closing, deliberations, dossier, htmx, wording
from blueprints.forms import once
from rules.jury import DECISIONS
from rules.rule_set import RuleSet
from store import candidates, decisions, people
from store.candidates import Line, Place
from store.deliberations import Session
from store.errors import Changed, Refused

bp = Blueprint(
    "deliberating", __name__, url_prefix="/promotions/<code>/jury/deliberations/<int:deliberation_id>/seance"
)
#: The key of each decision: its first letter that no decision before it has.
KEYS = {"admitted": "a", "adjourned": "j", "defaulted": "d", "resit": "r"}
#: What a button sends to take a decision back; nothing at all decides nothing.
UNDECIDED = "none"


@dataclass(frozen=True)
class Trouble:
    """What was turned down of an act: why, the field, what was typed; wanted: the decision that waits for a reason."""

    message: str = ""
    field: str = ""
    status: int = 200
    wanted: str = ""
    typed: Mapping[str, str] = dataclasses.field(default_factory=dict)


@bp.get("/")
def index(code: str, deliberation_id: int) -> Response:
    """Take the deliberation up at the candidate where it stands."""
    cohort, session = access.deliberation(code, deliberation_id)
    return _page(cohort, session, session.at_enrolment)


@bp.get("/<enrolment_id>/")
def show(code: str, deliberation_id: int, enrolment_id: str) -> Response:
    """Show one candidate; while the page stays open, answer 204 until something moves."""
    cohort, session = access.deliberation(code, deliberation_id)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort, session, enrolment_id)


def _page(
    cohort: access.Cohort, session: Session, enrolment_id: str, trouble: Trouble | None = None, told: str = ""
) -> Response:
    trouble = trouble or Trouble()
    places = candidates.places(session.id)
    keys = [place.id for place in places]
    if enrolment_id not in keys and session.state == "open":
        # Whom the jury stood at left the promotion meanwhile.
        enrolment_id = keys[0] if keys and enrolment_id == session.at_enrolment else abort(404)
    line = candidates.line(cohort.id, session.id, enrolment_id, htmx.today()) if enrolment_id in keys else None
    context = _candidate(cohort, places, line, trouble) if line else {}
    return htmx.render(
        "deliberations/seance.html", "deliberations/_seance.html", trouble.status,
        cohort=cohort, session=session, line=line, told=told, trouble=trouble, keys=KEYS, counts=closing.counts(places),
        total=len(places), root=deliberations.address(cohort.code, session.id) + "seance/", UNDECIDED=UNDECIDED,
        **context,
    )  # fmt: skip


def _candidate(cohort: access.Cohort, places: list[Place], line: Line, trouble: Trouble) -> dict[str, Any]:
    """Return what the page shows of one candidate: the facts, the act, and where to go from there."""
    rules, ways = people.rule_set(cohort.id), _ways(places, line.id)
    facts = dossier.facts(cohort, line.dossier, rules)
    read = {"decision": line.decision, "honours": line.honours, "remark": line.remark}
    why = {"why": line.reason}
    card = (facts, line.position, line.tutors, line.stepped_out, htmx.language())
    act = (read, line.taken, line.reason, line.there, line.stepped_out, line.dossier.proposal, line.dossier.proposed,
           line.dossier.by, ways, htmx.language())  # fmt: skip
    return ways | {
        "facts": facts, "read": read, "shown": read | why | dict(trouble.typed),
        "say": _said(line, ways["place"], len(places)),
        "decisions": [(code, _(label), KEYS[code]) for code, label in DECISIONS.items()],
        "mentions": _mentions(rules, line), "step_out": rules.tutor_member == "step_out",
        "at": htmx.moment(line.dossier.at), "card_version": htmx.digest(card), "act_version": htmx.digest(act),
    }  # fmt: skip


def _mentions(rules: RuleSet, line: Line) -> list[str]:
    """List the mentions that may be given; one that the rule set names no more stays with whom it was given to."""
    return list(dict.fromkeys([*(one.label for one in rules.honours), *filter(None, [line.honours])]))


def _ways(places: list[Place], enrolment_id: str) -> dict[str, Any]:
    """Return the rank of a candidate, and whom to go to from there: '' where there is nobody."""
    place = next(rank for rank, one in enumerate(places) if one.id == enrolment_id)
    after = [*places[place + 1 :], *places[:place]]
    return {
        "place": place + 1, "previous": places[place - 1].id if place else "",
        "next": places[place + 1].id if place + 1 < len(places) else "",
        "undecided": next((one.id for one in after if not one.decision), ""),
    }  # fmt: skip


def _said(line: Line, place: int, total: int) -> str:
    """Say a candidate as somebody hears them: name, rank, what is proposed and why, what was decided, who followed."""
    proposed, labels = line.dossier.proposal.decision, _labels()
    reasons = " ".join(htmx.say(reason.message) for reason in line.dossier.proposal.reasons)
    said = _(
        "%(name)s, %(place)s sur %(total)s. Proposition : %(proposed)s. %(reasons)s Décision : %(decision)s.",
        name=line.name, place=place, total=total, proposed=_with(labels[proposed or ""], line.proposed_honours)
        if proposed else _("en attente"), reasons=reasons, decision=_with(labels[line.decision], line.honours),
    )  # fmt: skip
    waited = ", ".join(name for name in line.there if name not in line.stepped_out)
    return f"{said} {_('A suivi cette note et siège au jury : %(names)s.', names=waited)}" if waited else said


def _labels() -> dict[str, str]:
    return {"": _("à décider")} | {code: _(label) for code, label in DECISIONS.items()}


def _with(decision: str, mention: str) -> str:
    """Return a decision with its mention, where it has one."""
    return _("%(decision)s, mention %(honours)s", decision=decision, honours=mention) if mention else decision


# -- an act ----------------------------------------------------------------------------------------------


@bp.post("/<enrolment_id>/")
def act(code: str, deliberation_id: int, enrolment_id: str) -> Response:
    """Decide of one candidate, note a remark or who steps out, and go where the button says."""
    cohort, session = access.deliberation(code, deliberation_id)
    if not candidates.called(session.id, enrolment_id):
        abort(404)
    trouble = Trouble() if request.form.get("act") == "cancel" else _attempt(cohort, session, enrolment_id)
    if trouble.message:
        return _page(cohort, session, enrolment_id, trouble)
    target = _sent("go", "next") or enrolment_id
    told = "" if request.form.get("act") == "cancel" else _told(cohort, session, enrolment_id)
    if not htmx.wanted():
        return htmx.done(url_for("deliberating.show", code=code, deliberation_id=session.id, enrolment_id=target), told)
    answer = _page(*access.deliberation(code, session.id), target, told=told)
    answer.headers["HX-Replace-Url"] = url_for(
        "deliberating.show", code=code, deliberation_id=session.id, enrolment_id=target
    )
    return answer


def _sent(button: str, kept: str) -> str:
    """Return what a button says, or the hidden field that a key fills in: a form sent again has no button."""
    return request.form.get(button, "") or request.form.get(kept, "")


def _wanted() -> tuple[dict[str, str], dict[str, str]]:
    """Return what this form changes, and what its author had read of it."""
    form = request.form
    wanted, seen = {}, {}
    for name in ("honours", "remark"):
        read = _flat(form.get(f"seen-{name}", ""))
        if name in form and _flat(form[name]) != read:
            wanted[name], seen[name] = form[name], read
    decision = _sent("decision", "wanted")
    if decision:
        wanted["decision"] = "" if decision == UNDECIDED else decision
        seen["decision"] = form.get("seen-decision", "")
    return wanted, seen


def _explained() -> bool:
    """Tell whether this form says another reason than what its author had read."""
    return "why" in request.form and _flat(request.form["why"]) != _flat(request.form.get("seen-why", ""))


def _flat(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _attempt(cohort: access.Cohort, session: Session, enrolment_id: str) -> Trouble:
    """Carry the act out once; tell what was turned down, and keep what was typed."""
    typed = {name: request.form[name] for name in ("honours", "remark", "reason", "why") if name in request.form}
    if _explained():
        # Typed beside another decision, it is the reason that this one then asks for.
        typed.setdefault("reason", typed["why"])
    try:
        with once() as first:
            if first:
                _carry_out(cohort, session, enrolment_id)
    except decisions.ReasonAsked:
        return Trouble(_asking(session, cohort, enrolment_id), "reason", 422, _sent("decision", "wanted"), typed)
    except Refused as error:
        return Trouble(htmx.say(error.message), getattr(error, "field", ""), 422, "", typed)
    except Changed as error:
        message = _("Entre-temps, un autre écran a mis « %(now)s » : rien n'a été enregistré ici. Relisez, puis "
                    "recommencez.", now=wording.value("decision", error.current)
                    if error.current in DECISIONS else error.current or _("vide"))  # fmt: skip
        return Trouble(message, "", 409, "", typed)
    return Trouble()


def _asking(session: Session, cohort: access.Cohort, enrolment_id: str) -> str:
    before = next(place.decision for place in candidates.places(session.id) if place.id == enrolment_id)
    after = _sent("decision", "wanted")
    return _(
        "De « %(before)s » à « %(after)s » : indiquez le motif.", before=_(DECISIONS[before]),
        after=_(DECISIONS[after]) if after in DECISIONS else _("à décider"),
    )  # fmt: skip


def _carry_out(cohort: access.Cohort, session: Session, enrolment_id: str) -> None:
    author, form = access.author(), request.form
    for button, kept, out in (("out", "leaves", True), ("back", "returns", False)):
        if _sent(button, kept):
            candidates.step_out(author, session.id, enrolment_id, _sent(button, kept), out)
    wanted, seen = _wanted()
    if wanted:
        candidates.decide(author, session.id, enrolment_id, wanted, form.get("reason", ""), seen)
    if _explained():
        candidates.explain(author, session.id, enrolment_id, form["why"], _flat(form.get("seen-why", "")))
    candidates.stand_at(session.id, _sent("go", "next") or enrolment_id)


def _told(cohort: access.Cohort, session: Session, enrolment_id: str) -> str:
    """Say what became of an act, and how many candidates are still to be decided."""
    wanted, _seen = _wanted()
    if _sent("out", "leaves") or _sent("back", "returns"):
        return _stepped()
    places = candidates.places(session.id)
    place = next(place for place in places if place.id == enrolment_id)
    left = sum(not one.decision for one in places)
    waiting = ngettext("%(num)d à décider.", "%(num)d à décider.", left) if left else _("Tout est décidé.")
    if wanted.keys() & {"decision", "honours"}:
        decision = _with(_labels()[place.decision], place.honours)
        saved = _("%(name)s : %(decision)s, enregistré.", name=place.name, decision=decision)
        return f"{saved} {waiting}{_offered(cohort, session, enrolment_id)}" if "decision" in wanted else saved
    return _("%(name)s : enregistré.", name=place.name) if wanted or _explained() else ""


def _stepped() -> str:
    """Say who stepped out, or was there after all."""
    if who := _sent("out", "leaves"):
        return _("Retrait de %(name)s noté.", name=who)
    return _("%(name)s était là : le retrait est annulé.", name=_sent("back", "returns"))


def _offered(cohort: access.Cohort, session: Session, enrolment_id: str) -> str:
    """Say that a reason may be given where a decision is another than its proposal, and nobody said why."""
    line = candidates.line(cohort.id, session.id, enrolment_id, htmx.today())
    if line is None or not line.departs or line.reason:
        return ""
    return " " + _("Elle s'écarte de la proposition : le motif peut être noté, touche E.")


