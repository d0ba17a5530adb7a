"""The `flask sync …` commands."""

import functools
import json
import logging
import os
import signal
import time
from collections.abc import Mapping
from typing import Any

import click
from flask.cli import AppGroup

from settings import Settings
from store import agreement
from store.db import connection
from store.models.base import now
from sync import cycle
from sync.accounts import Accounts
from sync.bind_command import bind_command
from sync.worker import Worker, attempt

log = logging.getLogger("passerelle.sync")

NICENESS = 5

sync_commands = AppGroup("sync", help="Synchronise the spreadsheets.")
sync_commands.add_command(bind_command)


@sync_commands.command("run")
def run_command() -> None:
    """Keep every book in agreement until SIGTERM."""
    worker = Worker(_settings())
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, worker.stop)
    # Where pages share the machine, they come first.
    os.nice(NICENESS)
    log.info("worker started")
    worker.run()
    log.info("worker stopped")


@sync_commands.command("once")
@click.option("--book", "book_id", help="Only this spreadsheet, by its id.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per book.")
@click.pass_context
def once_command(context: click.Context, book_id: str | None, as_json: bool) -> None:
    """Run one cycle of every book, or of one, now."""
    with connection():
        states = [state for state in agreement.states() if book_id in (None, state["book"])]
    if book_id and not states:
        raise click.UsageError(f"Aucun classeur relié n'a l'identifiant « {book_id} ».")
    accounts, troubles = Accounts(_settings()), 0
    for state in states:
        started = time.monotonic()
        account = accounts.address(state["account"])
        report, trouble = attempt(state, functools.partial(accounts.connection, account))
        _print_once(state, report, trouble, time.monotonic() - started, as_json)
        troubles += report is None
    context.exit(1 if troubles else 0)


def _print_once(
    state: Mapping[str, Any], report: cycle.Report | None, trouble: str, seconds: float, as_json: bool
) -> None:
    plain = (report or cycle.Report(state["book"])).as_dict()
    for name in ("again", "sent"):
        plain.pop(name)
    plain |= {"seconds": round(seconds, 3)}
    if report is None:
        plain["error"] = trouble or "Un autre travailleur synchronise ce classeur en ce moment."
    if as_json:
        click.echo(json.dumps(plain, ensure_ascii=False))
    elif report is None:
        click.echo(f"{state['title']} : {plain['error']}", err=True)
    else:
        click.echo(
            f"{state['title']} : {report.pulled} reçues, {report.pushed} envoyées, {report.created} créées, "
            f"{report.removed} retirées, {report.conflicts} conflits, {report.refused} refus"
        )


@sync_commands.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per book.")
def status_command(as_json: bool) -> None:
    """Say of each book when it last succeeded and what is pending."""
    with connection():
        states = agreement.states()
    moment = now()
    for state in states:
        age = (moment - state["last_success"]).total_seconds() if state["last_success"] else None
        plain = {
            "book": state["book"], "title": state["title"], "cohort": state["cohort"], "audience": state["audience"],
            "last_success": state["last_success"].isoformat() + "Z" if state["last_success"] else None,
            "age": round(age, 1) if age is not None else None, "pending": state["pending"],
            "conflicts": state["conflicts"], "refusals": state["refusals"], "paused": state["paused"],
            "trouble": state["trouble"],
        }  # fmt: skip
        click.echo(json.dumps(plain, ensure_ascii=False) if as_json else _sentence(plain))


def _sentence(plain: Mapping[str, Any]) -> str:
    when = "jamais synchronisé" if plain["age"] is None else f"synchronisé il y a {plain['age']:.0f} s"
    parts = [when, "modifications en attente" if plain["pending"] else "rien en attente"]
    parts += [f"{plain['conflicts']} conflits, {plain['refusals']} refus", *plain["paused"]]
    if plain["trouble"]:
        parts.append(plain["trouble"])
    return f"{plain['title']} : " + " ; ".join(parts)


def _settings() -> Settings:
    return Settings.from_environ()
