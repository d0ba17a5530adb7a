"""Which book next, within the quota, backing off from trouble; and the `flask sync …` commands."""

import json
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import click
from flask.cli import AppGroup
from peewee import DatabaseError, InterfaceError, OperationalError

from settings import ServiceAccountError, Settings
from store import agreement, leases
from store.db import connection
from store.journal import forget_forms
from store.models.base import now
from sync import cycle, pace
from sync.book import BookTrouble, Sheets
from sync.metered import Metered

log = logging.getLogger("passerelle.sync")

#: Seconds between two looks at what there is to do.
TICK = 0.4
NICENESS = 5
#: A form's idempotency key is kept this long; the old ones are forgotten this often, in seconds.
FORM_LIFE, TIDY_EVERY = timedelta(days=7), 3600.0
UNFORESEEN = (
    "Erreur imprévue ({}) : ce classeur attend, les autres continuent. Rien n'est perdu ; signalez-la avec "
    "les journaux du serveur."
)


def connect(settings: Settings) -> Metered:
    """Open the connection to Google that the settings describe; raise BookTrouble or ServiceAccountError."""
    account = settings.service_account()
    sheets = Sheets(account, settings.sheets_api_root, settings.drive_api_root)
    return Metered(sheets, sheets.account)


def owner() -> str:
    """Name this worker in the leases."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident() % 10_000}"


class Worker:
    """Keep every book in agreement until told to stop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stopping = threading.Event()
        self._sheets: Metered | None = None
        self._ahead: dict[str, float] = {}
        self._tidied = -TIDY_EVERY

    def stop(self, *_: object) -> None:
        """Finish the cycle under way, then stop."""
        self.stopping.set()

    def run(self) -> None:
        """Loop until stopped; trouble with Google or the database is waited out, never fatal."""
        while not self.stopping.is_set():
            try:
                worked = self.look()
            except (DatabaseError, InterfaceError, OSError) as error:
                log.error("database unavailable: %s", error)
                self.stopping.wait(2)
                continue
            if not worked:
                self.stopping.wait(TICK)

    def look(self) -> bool:
        """Run a cycle of the book that needs one most; tell whether there was any.

        One at a time: what people do meanwhile comes before the books that were waiting.
        """
        with connection():
            states, clock = agreement.states(), leases.clock()
        moment = now()
        quick = pace.quick_pace(states, moment)
        wanted = [s for s in states if pace.due(s, moment, clock, self._since_change(s), quick)]
        if wanted:
            self.work(min(wanted, key=lambda state: pace.urgency(state, moment)))
        self._tidy()
        return bool(wanted)

    def _tidy(self) -> None:
        """Forget, once an hour, the forms received too long ago to come again."""
        if time.monotonic() - self._tidied >= TIDY_EVERY:
            self._tidied = time.monotonic()
            with connection():
                forget_forms(now() - FORM_LIFE)

    def _since_change(self, state: Mapping[str, Any]) -> float:
        """Return how long ago this worker first saw a book behind its cohort."""
        if not state["pending"]:
            self._ahead.pop(state["book"], None)
            return 0.0
        return time.monotonic() - self._ahead.setdefault(state["book"], time.monotonic())

    def work(self, state: Mapping[str, Any]) -> cycle.Report | None:
        """Run one cycle of a book and note how it went."""
        self._ahead.pop(state["book"], None)
        report, _ = attempt(state, self._connection)
        if report and report.again:
            with connection():
                agreement.ask(state["book"])
        return report

    def _connection(self) -> Metered:
        if self._sheets is None:
            self._sheets = connect(self.settings)
        return self._sheets


def attempt(
    state: Mapping[str, Any], connection_to_google: Callable[[], Metered]
) -> tuple[cycle.Report | None, str]:
    """Run one cycle; return its report and the trouble it met, in French ('' when it met none)."""
    started = time.monotonic()
    try:
        report = cycle.run(state["book"], connection_to_google(), owner())
    except leases.LeaseLost:
        log.warning("book %s: lease lost, another worker goes on", state["book"])
        return None, ""
    except (BookTrouble, ServiceAccountError) as error:
        log.warning("book %s: %s: %s", state["book"], type(error).__name__, error)
        return None, _note_failure(state, str(error))
    except (OperationalError, InterfaceError):
        # The database is away: the worker waits for it. Any other error of it is about this book alone.
        raise
    except Exception as error:  # noqa: BLE001 - one book that cannot be understood must not stop the others
        log.exception("book %s: unforeseen error", state["book"])
        return None, _note_failure(state, UNFORESEEN.format(type(error).__name__))
    if report and (report.pulled or report.pushed or report.created or report.removed):
        log.info(
            "book %s: pulled %d, pushed %d, created %d, removed %d in %.2f s", state["book"], report.pulled,
            report.pushed, report.created, report.removed, time.monotonic() - started,
        )  # fmt: skip
    return report, ""


def _note_failure(state: Mapping[str, Any], trouble: str) -> str:
    with connection():
        agreement.failed(state["book"], trouble, pace.back_off(state["failures"]))
    return trouble


# -- commands ------------------------------------------------------------------------------------

sync_commands = AppGroup("sync", help="Synchronise the spreadsheets.")


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
    made: list[Metered] = []

    def google() -> Metered:
        if not made:
            made.append(connect(_settings()))
        return made[0]

    troubles = 0
    for state in states:
        started = time.monotonic()
        report, trouble = attempt(state, google)
        _print_once(state, report, trouble, time.monotonic() - started, as_json)
        troubles += report is None
    context.exit(1 if troubles else 0)


def _print_once(
    state: Mapping[str, Any], report: cycle.Report | None, trouble: str, seconds: float, as_json: bool
) -> None:
    plain = (report or cycle.Report(state["book"])).as_dict()
    plain.pop("again")
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
