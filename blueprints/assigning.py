"""Several papers given to a tutor or put in a workshop at once, and given back."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx, paper_board, wording
from blueprints.forms import once
from blueprints.paper_board import Board, Told
from rules import board as rules
from store import assignments
from store.assignments import FIELDS, Moved

bp = Blueprint("assigning", __name__, url_prefix="/promotions/<code>/notes/attribuer")
#: What a choice says that leaves a field as it is.
KEEP = "="
LONGEST_REASON = 500


@bp.post("")
def assign(code: str) -> Response:
    """Give every ticked paper to a tutor, put it in a workshop, or both; each as its author had read it."""
    cohort = access.cohort(code)
    found = paper_board.of(cohort)
    ticked = dict.fromkeys(request.form.getlist("chosen"))
    if not set(ticked) <= {line.id for line in found.lines}:
        abort(404)
    values = {name: request.form[name].strip() for name in FIELDS if request.form.get(name, KEEP).strip() != KEEP}
    refusal = _refusal(ticked, values)
    if refusal:
        return paper_board.show(found, Told(left=(refusal,)), status=422)
    moved = Moved()
    with once() as first:
        if first:
            expected = {paper: _read(paper, values) for paper in ticked}
            wanted = dict.fromkeys(ticked, values)
            moved = assignments.move(access.author(), wanted, expected, request.form.get("reason", "").strip())
    return _answer(code, moved, _done(len(moved.done), values))


def _refusal(ticked: Iterable[str], values: Mapping[str, str]) -> str:
    if not list(ticked):
        return _("Cochez d'abord une ou plusieurs notes.")
    if not values:
        return _("Choisissez un tuteur ou un atelier.")
    return reason_refused()


def reason_refused() -> str:
    """Say what is wrong with the reason of this form, '' for nothing."""
    length = len(request.form.get("reason", ""))
    if length > LONGEST_REASON:
        return _("Motif : ce texte est trop long, %(length)s caractères pour %(most)s au plus.",
                 length=length, most=LONGEST_REASON)  # fmt: skip
    return ""


def _read(paper: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return what the author of this form had read of a paper, of the fields that they change."""
    return {name: request.form[f"was-{name}-{paper}"] for name in values if f"was-{name}-{paper}" in request.form}


def _done(count: int, values: Mapping[str, str]) -> str:
    if not count:
        return _("Rien n'a changé.")
    what = [
        (_("tuteur : %(name)s", name=values[name] or _("personne")) if name == "tutor"
         else _("atelier : %(name)s", name=values[name] or _("aucun")))
        for name in FIELDS if name in values
    ]  # fmt: skip
    return ngettext("%(num)d note changée, %(what)s.", "%(num)d notes changées, %(what)s.", count,
                    what=", ".join(what))  # fmt: skip


@bp.post("/annuler")
def give_back(code: str) -> Response:
    """Give papers back what they had before the last assignment of this person, but those changed since."""
    cohort = access.cohort(code)
    texts = (request.form.get("first", ""), request.form.get("last", ""))
    if not all(text.isdecimal() and len(text) < 18 for text in texts):
        abort(400)
    moved = Moved()
    with once() as first:
        if first:
            entries = (int(texts[0]), int(texts[1]))
            moved = assignments.give_back(access.author(), cohort.id, entries, _("Annulation"))
    count = len(moved.done)
    text = ngettext("%(num)d note rendue à ce qu'elle était.", "%(num)d notes rendues à ce qu'elles étaient.", count)
    return _answer(code, moved, text if count else _("Rien n'a changé."), undo=False)


def _answer(code: str, moved: Moved, text: str, undo: bool = True) -> Response:
    """Answer with the board and what was left aside; without JavaScript go back to it when nothing was."""
    found = paper_board.of(access.cohort(code))
    left = (*_left(found, moved), *_marked(found, moved))
    entries = moved.entries if undo else None
    if htmx.wanted() or left:
        status = 409 if moved.overtaken else 422 if moved.refused else 200
        return paper_board.show(found, Told(text, left, entries), status=status)
    asked = rules.view(request.args)
    page = paper_board.address(code, asked)
    if entries:
        page += f"{'&' if '?' in page else '?'}fait={entries[0]}-{entries[1]}"
    return htmx.done(page, text)


def _left(found: Board, moved: Moved) -> list[str]:
    """Name each paper that was left as it is, and why."""
    called = {line.id: f"{line.last_name} {line.first_name}" for line in found.lines}
    told = [
        _("%(who)s : changée entre-temps (tuteur : %(tutor)s, atelier : %(workshop)s), laissée telle quelle.",
          who=called.get(paper, paper), tutor=wording.value("tutor", now["tutor"]),
          workshop=wording.value("workshop", now["workshop"]))
        for paper, now in moved.overtaken.items()
    ]  # fmt: skip
    return told + [f"{called.get(paper, paper)} : {htmx.say(why)}" for paper, why in moved.refused.items()]


def _marked(found: Board, moved: Moved) -> list[str]:
    """Say in words what these assignments go over: a capacity, the size of a workshop, an exclusion."""
    lines = [line for line in found.lines if line.id in moved.done]
    panel = paper_board.panel(found, rules.View())
    names = {name for line in lines for name in line.followers}
    told = [
        _("%(name)s suit maintenant %(count)s notes pour une capacité de %(capacity)s.",
          name=name, count=held.count, capacity=held.capacity)
        for name, _link, held, _shared in panel["loads"] if held.over and name in names
    ]  # fmt: skip
    places = {line.workshop for line in lines if "workshop" in moved.done[line.id]}
    told += [f"{name} : {count}, {words}." for name, _link, count, words in panel["sizes"] if words and name in places]
    for line in lines:
        told += [
            _("%(name)s ne doit pas suivre la note de %(who)s : %(why)s.",
              name=name, who=f"{line.last_name} {line.first_name}", why=why)
            for name, why in line.excluded if name in line.followers
        ]  # fmt: skip
    return told
