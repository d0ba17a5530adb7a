"""Begin the cycles whose time has come, a few at once, and back off from trouble."""

import logging
import os
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import inf
from typing import Any

from peewee import DatabaseError, InterfaceError, OperationalError

from settings import ServiceAccountError, Settings
from store import adoptions, agreement, leases, quota, schedule
from store.db import connection
from store.journal import forget_forms
from store.models.base import now
from sync import adopting, back_off, cycle, pace, watching
from sync.accounts import Accounts, connect
from sync.book import BookTrouble, Throttled
from sync.metered import Metered

__all__ = ["Worker", "attempt", "connect"]

log = logging.getLogger("passerelle.sync")

#: Seconds between two looks at what there is to do, and after the database went away.
TICK, DATABASE_AWAY = 0.2, 2.0
#: A look is followed by this many times as long without: with a thousand books it is not free.
REST = 10.0
#: Cycles at once for one service account. One would be enough for its quota, 48 calls a minute of 0.38 s; with
#: five, people who change several books in the same second do not wait for one another, nor for a call that hangs.
THREADS = 5
#: Chores are done this often, in seconds: channels of Drive are kept, forms received so long ago forgotten.
CHORES_EVERY, FORM_LIFE = 60.0, timedelta(days=7)
BINNED = (
    "Ce classeur est dans la corbeille de Google Drive : rien n'y est plus lu ni écrit. Restaurez-le dans les trente "
    "jours (Corbeille, clic droit, Restaurer) : la synchronisation reprend d'elle-même, et rien n'est perdu."
)
UNFORESEEN = (
    "Erreur imprévue ({}) : ce classeur attend, les autres continuent. Rien n'est perdu ; signalez-la avec "
    "les journaux du serveur."
)


def owner() -> str:
    """Name this worker in the leases."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident() % 10_000}"


class Worker:
    """Keep every book in agreement until told to stop.

    One thread looks at what there is to do and chooses; the others carry it out, each with its own
    connections. Any number of such processes share the books: the lease says who has one.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.accounts = Accounts(settings)
        self.stopping = threading.Event()
        self._wake = threading.Event()
        self._pool = ThreadPoolExecutor(THREADS * max(1, len(self.accounts.projects)) + 2, "sync")
        self._rooms: dict[str, pace.Room] = {}
        #: The account of each book at work here, and since when each other was seen to have something to send.
        self._busy: dict[str, str] = {}
        self._behind: dict[str, float] = {}
        #: Books whose last cycle left something for the next.
        self._again: dict[str, float] = {}
        self._doing: set[str] = set()
        self._chores_done = -CHORES_EVERY

    def stop(self, *_: object) -> None:
        """Finish the cycles under way, then stop."""
        self.stopping.set()

    def run(self) -> None:
        """Loop until stopped; trouble with Google or the database is waited out, never fatal."""
        with self._pool:
            while not self.stopping.is_set():
                self._wake.clear()
                began = time.monotonic()
                try:
                    seconds = self.look()
                except (DatabaseError, InterfaceError, OSError) as error:
                    log.error("database unavailable: %s", error)
                    seconds = DATABASE_AWAY
                seconds = max(seconds, REST * (time.monotonic() - began))
                # Never in step with other workers.
                self._wake.wait(seconds * random.uniform(0.8, 1))  # noqa: S311 - no secret is drawn

    def look(self) -> float:
        """Begin the cycles whose time has come; return how many seconds to wait before looking again."""
        leases.pay_back()
        with connection():
            moment, facts = schedule.facts()
            looks = [self._look(fact, moment) for fact in facts]
            by_account: dict[str, list[pace.Look]] = {}
            for look in looks:
                by_account.setdefault(look.account, []).append(look)
            tokens = quota.ready({name: self.accounts.buckets(name, quota.READS) for name in by_account})
            adopting_waits = bool(adoptions.waiting())
        is_awake = pace.awake(looks, moment)
        for name, books in by_account.items():
            room = self._room(name, tokens[name])
            for look in pace.choose(books, moment, room, self.accounts.rate(name), is_awake):
                self._begin(look)
        if adopting_waits:
            self._apart("adoption", self._adopt)
        if time.monotonic() - self._chores_done >= CHORES_EVERY:
            self._chores_done = time.monotonic()
            self._apart("chores", self._chores)
        return pace.pause(looks, moment, TICK)

    def _look(self, fact: Mapping[str, Any], moment: float) -> pace.Look:
        book = fact["book"]
        busy = book in self._busy
        if not fact["behind"] or busy:
            # What is being carried was seen already; what changes meanwhile is seen once that is done.
            self._behind.pop(book, None)
        # It changed half a tick before it was seen, more or less.
        since = inf if not fact["behind"] or busy else self._behind.setdefault(book, moment - TICK / 2)
        known = {name: fact[name] for name in ("book", "began_at", "viewed_at", "changed_at", "hinted_at", "asked_at",
                                               "retry_at", "failures")}  # fmt: skip
        return pace.Look(
            **known, account=self.accounts.address(fact["account"]), held=busy or fact["held"],
            behind_since=min(since, self._again.get(book, inf)),
        )  # fmt: skip

    def _room(self, account: str, tokens: float) -> pace.Room:
        room = self._rooms.setdefault(account, pace.Room(0, 0, THREADS))
        room.tokens, room.threads = tokens, THREADS - sum(name == account for name in list(self._busy.values()))
        return room

    def _begin(self, look: pace.Look) -> None:
        self._busy[look.book] = look.account
        self._again.pop(look.book, None)
        self._pool.submit(self._serve, look)

    def _serve(self, look: pace.Look) -> None:
        try:
            about = {"book": look.book, "account": look.account, "failures": look.failures, "asked": look.asked}
            self.work(about)
        except (DatabaseError, InterfaceError, OSError) as error:
            log.error("book %s: database unavailable: %s", look.book, error)
        finally:
            self._busy.pop(look.book, None)
            self._wake.set()

    def work(self, state: Mapping[str, Any]) -> cycle.Report | None:
        """Run one cycle of a book and note how it went."""
        report, _ = attempt(state, lambda: self.accounts.connection(state["account"]))
        if report and report.again:
            with connection():
                self._again[state["book"]] = leases.clock()
        return report

    # -- what no cycle does ----------------------------------------------------------------------

    def _apart(self, name: str, do: Callable[[], object]) -> None:
        """Do something in a thread of its own, unless it is being done."""
        if name not in self._doing:
            self._doing.add(name)
            self._pool.submit(self._do, name, do)

    def _do(self, name: str, do: Callable[[], object]) -> None:
        try:
            do()
        except Exception:  # noqa: BLE001 - nobody waits for this thread: what goes wrong in it is said here
            log.exception("%s put off", name)
        finally:
            self._doing.discard(name)
            self._wake.set()

    def _adopt(self) -> None:
        adopting.serve(self.accounts.connections, owner())

    def _chores(self) -> None:
        with connection():
            forget_forms(now() - FORM_LIFE)
        watching.keep(self.settings.public_address, self.accounts.connection)


def attempt(
    state: Mapping[str, Any], connection_to_google: Callable[[], Metered]
) -> tuple[cycle.Report | None, str]:
    """Run one cycle; return its report and the trouble it met, in French ('' when it met none)."""
    started = time.monotonic()
    try:
        google = connection_to_google()
        if google.in_bin(state["book"], state.get("asked", False)):
            raise BookTrouble(BINNED)
        report = cycle.run(state["book"], google, owner())
    except leases.LeaseLost:
        log.warning("book %s: lease lost, another worker goes on", state["book"])
        return None, ""
    except (BookTrouble, ServiceAccountError) as error:
        log.warning("book %s: %s: %s", state["book"], type(error).__name__, error)
        least = back_off.SLOW_LEAST if isinstance(error, Throttled) else back_off.LEAST
        return None, _note_failure(state, str(error), started, least)
    except (OperationalError, InterfaceError):
        # The database is away: the worker waits for it. Any other error of it is about this book alone.
        raise
    except Exception as error:  # noqa: BLE001 - one book that cannot be understood must not stop the others
        log.exception("book %s: unforeseen error", state["book"])
        return None, _note_failure(state, UNFORESEEN.format(type(error).__name__), started)
    if report and (report.pulled or report.pushed or report.created or report.removed):
        log.info(
            "book %s: pulled %d, pushed %d, created %d, removed %d in %.2f s", state["book"], report.pulled,
            report.pushed, report.created, report.removed, time.monotonic() - started,
        )  # fmt: skip
    return report, ""


def _note_failure(
    state: Mapping[str, Any], trouble: str, started: float, least: float = back_off.LEAST
) -> str:
    with connection():
        wait = back_off.back_off(state["failures"], least)
        agreement.failed(state["book"], trouble, wait, time.monotonic() - started)
    return trouble
