"""Send a guarded write, learn what it really did, and settle what a crash or a silence left unknown."""

import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from store import agreement, intents, leases
from store.db import connection, database
from sync import answers, guard, layout
from sync.book import BookTrouble, OutcomeUnknown
from sync.cells import Tab
from sync.report import Report

#: A write that had to put something back is followed by another, at most this many times.
REPAIRS = 3
MOVED = "Le classeur a bougé pendant l'écriture : le prochain passage vérifiera chaque cellule."
RESTLESS = "Le classeur change sans cesse : le prochain passage remettra chaque valeur à sa place."


class Sheets(Protocol):
    """What a cycle needs of the connection to Google."""

    @property
    def reads(self) -> int:
        """Return the reads made so far."""

    @property
    def writes(self) -> int:
        """Return the writes made so far."""

    def read(self, book_id: str) -> answers.Book | Mapping[str, Any]:
        """Return the book, masked."""

    def write(
        self, book_id: str, batch: list, ranges: list[str] | None = None
    ) -> answers.Reply | Mapping[str, Any]:
        """Apply a batch and return the ranges after it."""


def send(book_id: str, sheets: Sheets, write: guard.Write, tabs: Mapping[int, Tab], report: Report) -> None:
    """Send a write, learn what it really did, and put back what it covered."""
    for _ in range(REPAIRS):
        with connection():
            leases.check_lease(book_id, report.epoch)
        after = _call(book_id, sheets, write, tabs)
        outcome = guard.verify(write, after, reply=True)
        if outcome.misaligned and not write.repair:
            _forget(write.nonce)
        if outcome.unknown or outcome.misaligned:
            raise OutcomeUnknown(MOVED)
        repair = _settled(book_id, write, outcome, after, report, reply=True)
        landed = [touch.sheet_id for touch in outcome.landed if touch.kind]
        for sheet_id in (*landed, *(row.sheet_id for row in outcome.appended)):
            report.pushed += 1
            report.sent[sheet_id] = report.sent.get(sheet_id, 0) + 1
        report.again = report.again or bool(repair or outcome.repairs or write.new_columns)
        if repair is None:
            return
        write, tabs = repair, after
    raise OutcomeUnknown(RESTLESS)


def _call(book_id: str, sheets: Sheets, write: guard.Write, tabs: Mapping[int, Tab]) -> dict[int, Tab]:
    titles = {sheet_id: tab.title for sheet_id, tab in tabs.items()}
    batch = guard.requests(write, tabs.get(write.scratch_id))
    try:
        reply = sheets.write(book_id, batch, guard.ranges(write, titles))
    except OutcomeUnknown:
        raise
    except BookTrouble:
        # Google did nothing of it: the write is planned anew. A repair is kept until it is done.
        if not write.repair:
            _forget(write.nonce)
        raise
    return layout.tabs(answers.reply(reply).updatedSpreadsheet)


def settle(book_id: str, tabs: Mapping[int, Tab], report: Report) -> guard.Write | None:
    """Learn from the hidden tab what earlier writes did; return the write that repairs them, if any."""
    with connection():
        waiting = intents.unsettled(book_id)
    for nonce, body in waiting:
        write = guard.Write.from_dict(body)
        outcome = guard.verify(write, tabs, reply=False)
        if outcome.misaligned:
            _forget(nonce)
        elif not outcome.unknown or write.repair:
            repair = _settled(book_id, write, outcome, tabs, report, reply=False)
            if repair:
                return repair
    return None


def _settled(
    book_id: str, write: guard.Write, outcome: guard.Outcome, tabs: Mapping[int, Tab], report: Report, reply: bool
) -> guard.Write | None:
    """Remember what a write did; return, already noted down, the one that puts right what it covered."""
    touches = guard.put_back(write, outcome, tabs, reply)
    repair = _repair(write, touches, tabs) if touches else None
    with connection(), database.atomic():
        leases.check_lease(book_id, report.epoch)
        _remember(book_id, outcome)
        intents.settled(write.nonce)
        if repair:
            intents.intend(book_id, report.epoch, repair.nonce, repair.as_dict())
    return repair


def _repair(write: guard.Write, touches: list[guard.Touch], tabs: Mapping[int, Tab]) -> guard.Write:
    columns = {sheet: write.shifted(int(sheet), column) for sheet, column in write.id_columns.items()}
    repair = guard.Write(secrets.token_hex(8), write.scratch_id, touches, id_columns=columns, repair=True)
    guard.lay_out(repair, tabs)
    return repair


def _forget(nonce: str) -> None:
    with connection():
        intents.settled(nonce)


def _remember(book_id: str, outcome: guard.Outcome) -> None:
    """Move the base of what was seen in place on both sides."""
    tabs = {tab.sheet_id: tab.id for tab in agreement.tabs(book_id)}
    agreed: dict[int, dict[str, dict[str, str]]] = {}
    for touch in outcome.landed:
        if touch.kind:
            agreed.setdefault(touch.sheet_id, {}).setdefault(touch.key, {})[touch.field] = touch.canonical
    for row in outcome.appended:
        agreed.setdefault(row.sheet_id, {})[row.key] = dict(row.agreed)
    for sheet_id, found in agreed.items():
        # A tab unbound while the write was on its way has no agreement to move.
        if sheet_id in tabs:
            agreement.agree(tabs[sheet_id], found)
