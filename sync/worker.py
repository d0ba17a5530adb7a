"""Which book next, within the quota, backing off from trouble."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from peewee import DatabaseError, InterfaceError, OperationalError

from settings import ServiceAccountError, Settings
from store import agreement, leases
from store.db import connection
from store.journal import forget_forms
from store.models.base import now
from sync import adopting, cycle, pace
from sync.book import BookTrouble, Sheets
from sync.metered import Metered

log = logging.getLogger("passerelle.sync")

#: Seconds between two looks at what there is to do.
TICK = 0.4
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
        if adopting.serve(self._connection, owner()):
            return True
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
