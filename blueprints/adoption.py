"""Connect a spreadsheet that staff made: its link, what each tab holds, what that would change, then yes or no.

Nothing here reaches Google: the page writes down what is asked and chosen, and shows what the worker answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx, readable
from blueprints.forms import once
from blueprints.sheets import PATIENCE, account
from store import adoptions, bindings, mappings, people
from store.adoptions import ACCEPTED, ASKED, BOUND, PROPOSED, SERVED, TROUBLE, UNDOING, UNDONE, Step
from store.errors import Changed, Refused
from store.mappings import Choices, Problem
from store.models.base import now

bp = Blueprint("adoption", __name__, url_prefix="/synchronisation/connecter")
#: What a preview lists, in order.
SECTIONS = ("created", "changed", "cells", "rows", "columns", "conflicts", "refused", "waiting", "ignored")
#: Lines of a section shown at once, and behind « et N autres ».
FIRST_LINES = 8


def _states() -> dict[str, str]:
    """Return how staff read where an adoption stands."""
    return {
        ASKED: _("lecture en cours"), PROPOSED: _("à vérifier"), ACCEPTED: _("liaison en cours"), BOUND: _("relié"),
        TROUBLE: _("à corriger"), UNDOING: _("en cours de retrait"), UNDONE: _("retiré"),
    }  # fmt: skip


def _titles() -> dict[str, str]:
    """Return the title of each section of a preview."""
    return {
        "created": _("Créé dans l'intranet"), "changed": _("Reçu par l'intranet"), "cells": _("Écrit dans le classeur"),
        "rows": _("Lignes ajoutées au classeur"), "columns": _("Colonnes ajoutées au classeur"),
        "conflicts": _("Conflits"), "refused": _("Valeurs refusées"),
        "waiting": _("Lignes incomplètes, laissées en attente"),
        "ignored": _("Lignes qui ne sont à personne (totaux, titres de groupe)"),
    }  # fmt: skip


@bp.get("/")
def index() -> Response:
    """Show the form for a link, and the adoptions under way or bound."""
    return _index({}, None)


def _index(typed: Mapping[str, str], error: Refused | None) -> Response:
    address, trouble = account()
    states = _states()
    rows = [
        {"id": key, "cohort": code, "audience": audience, "state": states[state], "bound": live, "by": by,
         "title": title or book, "at": htmx.moment(at)}
        for key, code, book, audience, state, title, by, at, live in adoptions.listed(readable.audiences())
    ]  # fmt: skip
    return htmx.render(
        "adoption/index.html", "adoption/_list.html", 422 if error else 200,
        rows=rows, cohorts=[row[1:3] for row in people.cohorts()], typed=typed, account=address,
        account_trouble=trouble, error=htmx.say(error.message) if error else "",
        wrong=getattr(error, "field", "link") if error else "",
    )  # fmt: skip


@bp.post("/")
def ask() -> Response:
    """Ask that a spreadsheet be read; a wrong link is shown again with what it is."""
    typed = {name: request.form.get(name, "") for name in ("link", "cohort", "jury")}
    cohort = people.cohort(typed["cohort"])
    if cohort is None:
        abort(404)
    audience = adoptions.JURY if typed["jury"] else adoptions.STAFF
    try:
        with once() as first:
            if first:
                key = adoptions.ask(access.author(), cohort[0], typed["link"], audience)
    except Refused as error:
        return _index(typed, error)
    return htmx.done(url_for("adoption.show", adoption_id=key) if first else url_for("adoption.index"))


# -- one spreadsheet ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Outcome:
    """How a form of this page ended, when it was not carried out."""

    status: int = 200
    message: str = ""
    problems: tuple[Problem, ...] = ()
    chosen: Choices | None = None


@bp.get("/<int:adoption_id>")
def show(adoption_id: int) -> Response:
    """Show an adoption as it stands; while it waits for the worker the page asks again every second."""
    step = access.adoption(adoption_id)
    if htmx.unchanged(_version(step)):
        return htmx.nothing_new()
    return _page(step, _Outcome())


def _version(step: Step) -> int:
    return int(htmx.digest((step.revision, step.state, step.trouble, _late(step))), 16)


def _late(step: Step) -> bool:
    return step.state in SERVED and now() - step.asked_at > PATIENCE


def _page(step: Step, outcome: _Outcome) -> Response:
    mapping = outcome.chosen or step.mapping
    problems = outcome.problems or tuple(Problem(**problem) for problem in step.preview.get("problems", ()))
    links = {tab["title"]: tab["sheet_id"] for tab in step.proposal.get("tabs", ())}
    return htmx.render(
        "adoption/show.html", "adoption/_step.html", outcome.status,
        step=step, waiting=step.state in SERVED, late=_late(step), version=_version(step),
        url=htmx.settings().book_address(step.book), at=htmx.moment(step.accepted_at), account=account()[0],
        message=outcome.message, problems=[(htmx.say(p.text), p.sheet) for p in problems],
        tabs=[_tab(step, tab, mapping, problems) for tab in step.proposal.get("tabs", ())],
        bound_to=bindings.owners(step.book, step.cohort_id, links.values()),
        orders=mappings.ORDERS, sums=_sums(step.preview),
        sections=[_section(step, name, title, links) for name, title in _titles().items()],
    )  # fmt: skip


def _tab(step: Step, tab: Mapping[str, Any], mapping: Choices, problems: tuple[Problem, ...]) -> dict[str, Any]:
    """Return what the page shows of one tab: its choices, and the columns that stay the staff's own apart."""
    sheet = str(tab["sheet_id"])
    choice = mapping.get(sheet) or mappings.of_reading(tab, "")
    kind = choice["kind"]
    found = {
        "sheet": sheet, "title": tab["title"], "kind": kind, "reason": tab["reason"], "doubts": tab["doubts"],
        "taken": tab["taken"], "wrong": any(p.sheet == sheet and not p.column for p in problems),
        "kinds": [(one, step.proposal["kinds"][one]["label"]) for one in tab["readings"]],
        "columns": [], "others": [],
    }  # fmt: skip
    if not kind:
        return found
    reading, wrong = tab["readings"][kind], {p.column for p in problems if p.sheet == sheet}
    free = _free(step.proposal, kind, choice)
    for guess in reading["columns"]:
        line = _column(step.proposal, kind, choice, guess, free) | {"wrong": str(guess["column"]) in wrong}
        found["columns" if line["field"] or guess["others"] or line["wrong"] else "others"].append(line)
    both = mappings.FULL_NAME in choice["columns"].values()
    return found | {
        "order": choice["name_order"] if both else None, "order_reason": reading["order_reason"],
        "matrix": step.proposal["kinds"][kind]["matrix"], "add_columns": choice["add_columns"],
        "header_row": reading["header_row"] + 1,
    }  # fmt: skip


def _free(proposal: Mapping[str, Any], kind: str, choice: Mapping[str, Any]) -> list[str]:
    """List the half-days that no column has: those that a column may still be given."""
    if not proposal["kinds"][kind]["matrix"]:
        return []
    taken = set(choice["columns"].values())
    return [key for key, _label in proposal["half_days"] if key not in taken]


def _column(
    proposal: Mapping[str, Any], kind: str, choice: Mapping[str, Any], guess: Mapping[str, Any], free: list[str]
) -> dict[str, Any]:
    """Return one column and what it may be; a half-day that another column has is not offered again."""
    name = choice["columns"].get(str(guess["column"]), "")
    plain = proposal["kinds"][kind]["fields"]
    labels = mappings.known_fields(proposal, kind)
    days = {key for key, _label in proposal["half_days"]}
    wanted = {name, *guess["others"], *free} if guess["matrix"] or name in days or not plain else set()
    half_days = [(key, label) for key, label in proposal["half_days"] if key in wanted]
    return {
        "column": guess["column"], "letter": guess["letter"], "header": guess["header"], "samples": guess["samples"],
        "reason": guess["reason"], "field": name, "fields": plain, "half_days": half_days,
        "likely": [labels[other] for other in guess["others"] if other in labels and not name],
    }  # fmt: skip


def _sums(preview: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return in a few words what would change on each side, and what a person will have to see to."""
    n = dict.fromkeys(SECTIONS, 0) | preview.get("counts", {})
    ids, agreed = preview.get("ids", 0), preview.get("agreed", 0)
    sides = (
        (_("Dans l'intranet"), (
            (n["created"], ngettext("%(num)d création", "%(num)d créations", n["created"])),
            (n["changed"], ngettext("%(num)d valeur reçue", "%(num)d valeurs reçues", n["changed"])),
        )),
        (_("Dans le classeur"), (
            (n["cells"], ngettext("%(num)d case écrite", "%(num)d cases écrites", n["cells"])),
            (n["rows"], ngettext("%(num)d ligne ajoutée", "%(num)d lignes ajoutées", n["rows"])),
            (n["columns"], ngettext("%(num)d colonne ajoutée", "%(num)d colonnes ajoutées", n["columns"])),
            (ids, ngettext("%(num)d identifiant, dans une colonne « ID » à droite",
                           "%(num)d identifiants, dans une colonne « ID » à droite", ids)),
        )),
        (_("À voir"), (
            (n["conflicts"], ngettext("%(num)d conflit", "%(num)d conflits", n["conflicts"])),
            (n["refused"], ngettext("%(num)d valeur refusée", "%(num)d valeurs refusées", n["refused"])),
            (n["waiting"], ngettext("%(num)d ligne incomplète", "%(num)d lignes incomplètes", n["waiting"])),
        )),
        (_("Déjà d'accord"), ((agreed, ngettext("%(num)d case", "%(num)d cases", agreed)),)),
    )  # fmt: skip
    return [(title, [text for count, text in texts if count] or [_("rien")]) for title, texts in sides]


def _section(step: Step, name: str, title: str, links: Mapping[str, int]) -> dict[str, Any]:
    lines = step.preview.get("lines", {}).get(name, [])
    address = htmx.settings().book_address
    shown = [line | {"link": address(step.book, links.get(line["tab"]), line["address"])} for line in lines]
    count = step.preview.get("counts", {}).get(name, 0)
    return {"name": name, "title": title, "count": count, "first": shown[:FIRST_LINES], "more": shown[FIRST_LINES:],
            "left": count - len(lines)}  # fmt: skip


# -- what staff choose and decide ---------------------------------------------------------------


@bp.post("/<int:adoption_id>")
def choose(adoption_id: int) -> Response:
    """Preview the choices of the form, accept them as they were previewed, read the book again or keep as bound."""
    step = access.adoption(adoption_id)
    wanted = request.form.get("do", "")
    if wanted not in _DO:
        abort(400)
    try:
        with once() as first:
            outcome = _DO[wanted](step) if first else None
    except Changed:
        return _page(access.adoption(adoption_id), _Outcome(409, _("Entre-temps, cette page a changé : relisez-la.")))
    except Refused as error:
        return _page(step, _Outcome(422, htmx.say(error.message)))
    return _page(step, outcome) if outcome else htmx.done(url_for("adoption.show", adoption_id=adoption_id))


def _revision() -> int:
    """Return which state of the adoption the person had read, or stop with 400: every form of ours says it."""
    found = request.form.get("revision", type=int)
    if found is None:
        abort(400)
    return found


def _preview(step: Step) -> _Outcome | None:
    chosen = _chosen(step)
    problems = mappings.problems(step.proposal, chosen)
    if problems:
        return _Outcome(422, _("Ces choix ne vont pas ensemble :"), tuple(problems), chosen)
    adoptions.choose(step.id, _revision(), chosen)
    return None


def _accept(step: Step) -> _Outcome | None:
    if _chosen(step) != step.mapping:
        # Choices changed since the preview: what would be accepted has not been seen yet.
        return _preview(step)
    adoptions.accept(access.author(), step.id, _revision())
    return None


def _chosen(step: Step) -> Choices:
    try:
        return mappings.chosen(step.proposal, step.mapping, request.form)
    except KeyError:
        abort(400)


def _again(step: Step) -> None:
    adoptions.look_again(step.id, _revision())


def _keep(step: Step) -> None:
    adoptions.keep(step.id, _revision())


_DO = {"preview": _preview, "accept": _accept, "again": _again, "keep": _keep}


@bp.post("/<int:adoption_id>/retirer")
def undo(adoption_id: int) -> Response:
    """Give up an adoption, or unbind what was bound once the person has ticked that they mean it."""
    step = access.adoption(adoption_id)
    if step.live and request.form.get("sure") != "1":
        return _page(step, _Outcome(422, _("Cochez la case pour confirmer que ce classeur ne doit plus être relié.")))
    try:
        with once() as first:
            if first:
                adoptions.undo(access.author(), step.id, _revision())
    except Changed:
        return _page(access.adoption(adoption_id), _Outcome(409, _("Entre-temps, cette page a changé : relisez-la.")))
    if step.live:
        return htmx.done(url_for("adoption.show", adoption_id=adoption_id))
    return htmx.done(url_for("adoption.index"), _("Abandonné : rien n'a été écrit dans ce classeur."))
