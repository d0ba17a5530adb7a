"""`flask sync bind`: adopt a spreadsheet as staff keep it, from the command line."""

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

import click

from rules.book_links import book_id as id_of_link
from settings import ServiceAccountError, Settings
from store import adoptions, mappings, people
from store.adoptions import ACCEPTED, ASKED, BOUND, PROPOSED, Step
from store.db import connection
from store.errors import Refused
from store.journal import Author
from sync import adopting
from sync.accounts import Accounts
from sync.adopt_look import look
from sync.book import BookTrouble
from sync.worker import owner

AUTHOR = Author("Ligne de commande", "command")
#: Seconds that each step may take, Google's own troubles included.
PATIENCE = 180.0
#: A book that changes under the eyes of the command is previewed again, at most this many times.
ATTEMPTS = 3
SLOW = "Google ne répond pas : rien n'a été relié. Relancez la commande dans un instant."
#: What each section of a preview says of its lines: one, several.
SECTIONS = {
    "created": ("création dans l'intranet", "créations dans l'intranet"),
    "changed": ("valeur reçue par l'intranet", "valeurs reçues par l'intranet"),
    "cells": ("case écrite dans le classeur", "cases écrites dans le classeur"),
    "rows": ("ligne ajoutée au classeur", "lignes ajoutées au classeur"),
    "columns": ("colonne ajoutée au classeur", "colonnes ajoutées au classeur"),
    "conflicts": ("conflit", "conflits"),
    "refused": ("valeur refusée", "valeurs refusées"),
    "waiting": ("ligne incomplète", "lignes incomplètes"),
    "ignored": ("ligne laissée de côté", "lignes laissées de côté"),
}
MOST_LINES = 12
#: The command takes only what it recognises: a person says the rest on a page.
ON_THE_PAGE = (
    "Pour dire ce que contient un onglet, ouvrez dans l'intranet Synchronisation, Connecter un classeur "
    "(/synchronisation/connecter/) et collez-y le lien de ce classeur."
)


@click.command("bind")
@click.argument("book")
@click.argument("cohort")
@click.option("--dry-run", is_flag=True, help="Print the mapping and the planned changes, write nothing anywhere.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--jury", is_flag=True, help="Only the jury can open this spreadsheet: its tab of grades may be bound.")
@click.pass_context
def bind_command(
    context: click.Context, book: str, cohort: str, dry_run: bool, as_json: bool, jury: bool
) -> None:
    """Adopt the spreadsheet BOOK (its link or id) for the promotion COHORT (its code)."""
    key, cohort_id = _arguments(book, cohort)
    audience = adoptions.JURY if jury else adoptions.STAFF
    try:
        found = _rehearsed(key, cohort_id, audience) if dry_run else _bound(key, cohort_id, audience)
    except (BookTrouble, ServiceAccountError, Refused) as error:
        click.echo(json.dumps({"book": key, "cohort": cohort, "error": str(error)}, ensure_ascii=False)
                   if as_json else str(error), err=not as_json)  # fmt: skip
        context.exit(1)
    plain = {"book": key, "cohort": cohort, "dry_run": dry_run, **found}
    click.echo(json.dumps(plain, ensure_ascii=False) if as_json else "\n".join(_told(plain)))
    context.exit(1 if plain["problems"] or not (dry_run or plain["bound"]) else 0)


def _arguments(book: str, code: str) -> tuple[str, int]:
    try:
        key = id_of_link(book)
    except Refused as error:
        raise click.BadParameter(str(error), param_hint="BOOK") from error
    with connection():
        found = people.cohort(code)
    if found is None:
        raise click.BadParameter(f"Il n'y a pas de promotion « {code} ».", param_hint="COHORT")
    return key, found[0]


def _rehearsed(key: str, cohort_id: int, audience: str) -> dict[str, Any]:
    with connection():
        bound = next((step for step in _of_book(key, cohort_id) if step.live), None)
    mapping, before = (bound.mapping, bound.proposal) if bound else (None, None)
    sheets = adopting.shared_with(key, Accounts(Settings.from_environ()).connections())
    found = look(sheets, key, cohort_id, audience, mapping, before)
    return _plain(found.survey.title, found.proposal, found.mapping, found.preview, bound=False)


def _of_book(key: str, cohort_id: int) -> Iterable[Step]:
    steps = (adoptions.step(row[0]) for row in adoptions.listed() if row[2] == key)
    return (step for step in steps if step.cohort_id == cohort_id)


def _bound(key: str, cohort_id: int, audience: str) -> dict[str, Any]:
    google = Accounts(Settings.from_environ()).connections
    with connection():
        adoption = adoptions.ask(AUTHOR, cohort_id, key, audience)
        step = adoptions.step(adoption)
        if step.state == BOUND:
            adoptions.look_again(adoption, step.revision)
    step = _settled(adoption, google)
    for _ in range(ATTEMPTS):
        if step.state != PROPOSED or step.preview["problems"]:
            break
        with connection():
            adoptions.accept(AUTHOR, step.id, step.revision)
        step = _settled(adoption, google)
    if step.state != BOUND:
        _give_up(step)
    if step.trouble:
        raise BookTrouble(step.trouble)
    return _plain(step.title, step.proposal, step.mapping, step.preview, bound=step.state == BOUND)


def _give_up(step: Step) -> None:
    """Leave nothing half asked behind a command that failed."""
    with connection():
        step = adoptions.step(step.id)
        if step.state in (PROPOSED, adoptions.TROUBLE) and not step.live:
            adoptions.undo(AUTHOR, step.id, step.revision)


def _settled(adoption: int, google: adopting.Connect) -> Step:
    """Serve an adoption until it waits for a person again; a worker that runs may be the one that does it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with connection():
            step = adoptions.step(adoption)
            if step.state not in (ASKED, ACCEPTED):
                return step
            claimed = adoptions.claim(adoption)
        if claimed:
            adopting.serve_step(claimed, google, owner())
        else:
            time.sleep(0.2)
    raise BookTrouble(step.trouble or SLOW)


# -- what is printed ----------------------------------------------------------------------------


def _plain(
    title: str, proposal: Mapping[str, Any], mapping: Mapping[str, Any], preview: Mapping[str, Any], bound: bool
) -> dict[str, Any]:
    """Return a mapping with its reasons, and what it changes, as one object."""
    tabs = [_tab(proposal, tab, mapping[str(tab["sheet_id"])]) for tab in proposal["tabs"]]
    changes = {name: preview[name] for name in ("counts", "lines", "agreed", "ids", "warnings")}
    problems = [problem["text"] for problem in preview["problems"]]
    return {"title": title, "bound": bound, "tabs": tabs, "problems": problems, **changes}


def _tab(proposal: Mapping[str, Any], tab: Mapping[str, Any], choice: Mapping[str, Any]) -> dict[str, Any]:
    kind = choice["kind"]
    found = {"sheet": tab["sheet_id"], "title": tab["title"], "kind": kind, "reason": tab["reason"],
             "doubts": tab["doubts"], "columns": []}  # fmt: skip
    if kind:
        reading, labels = tab["readings"][kind], mappings.known_fields(proposal, kind)
        found |= {"label": proposal["kinds"][kind]["label"], "header_row": reading["header_row"] + 1,
                  "name_order": choice["name_order"]}  # fmt: skip
        for guess in reading["columns"]:
            name = choice["columns"].get(str(guess["column"]), "")
            found["columns"].append({"column": guess["letter"], "header": guess["header"], "field": name,
                                     "label": labels.get(name, ""), "reason": guess["reason"]})  # fmt: skip
    return found


def _told(plain: Mapping[str, Any]) -> Iterable[str]:
    yield f"Classeur « {plain['title']} », promotion {plain['cohort']}"
    for tab in plain["tabs"]:
        yield from _told_tab(tab)
    yield ""
    for text in plain["warnings"]:
        yield f"Attention : {text}"
    if plain["problems"]:
        yield from (f"À corriger : {text}" for text in plain["problems"])
        if not any(tab["kind"] for tab in plain["tabs"]):
            yield ON_THE_PAGE
        yield "Rien n'a été relié."
        return
    yield from _told_changes(plain)
    yield "Relié." if plain["bound"] else "Rien n'a été écrit (--dry-run)."


def _told_tab(tab: Mapping[str, Any]) -> Iterable[str]:
    yield ""
    yield f"Onglet « {tab['title']} » : {tab.get('label') or 'laissé de côté'} — {tab['reason']}"
    yield from (f"  À vérifier : {text}" for text in tab["doubts"])
    if tab.get("name_order"):
        yield f"  Noms écrits « {mappings.ORDERS[tab['name_order']]} »"
    for column in tab["columns"]:
        label = column["label"] or "—"
        yield f"  {column['column']:>3}  {column['header'][:28]:<28}  {label[:28]:<28}  {column['reason']}"


def _told_changes(plain: Mapping[str, Any]) -> Iterable[str]:
    yield f"{plain['agreed']} cases déjà d'accord, {plain['ids']} identifiants à écrire."
    for name, (one, several) in SECTIONS.items():
        count = plain["counts"].get(name, 0)
        if count:
            yield f"{count} {one if count == 1 else several} :"
            yield from map(_told_line, plain["lines"][name][:MOST_LINES])
            if count > MOST_LINES:
                yield f"  et {count - MOST_LINES} autres"


def _told_line(line: Mapping[str, str]) -> str:
    where = f"{line['tab']} {line['address']}"
    if "local" in line:
        return f"  {where} : {line['label']} : intranet « {line['local']} », feuille « {line['remote']} »"
    if "reason" in line:
        typed = f" : « {line['typed']} »" if line["typed"] else ""
        return f"  {where} : {line['label']}{typed} — {line['reason']}"
    if "after" in line:
        return f"  {where} : {line['label']} : « {line['before']} » devient « {line['after']} »"
    return f"  {where} : {line['label']}" + (f" — {line['text']}" if line.get("text") else "")
