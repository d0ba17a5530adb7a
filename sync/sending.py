"""Send a guarded write, learn what it really did, and settle what a crash or a silence left unknown."""

import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from store import agreement, intents, leases
from store.db import connection, database
from sync import answers, covered, guard, layout
from sync.book import BookTrouble, OutcomeUnknown, Rejected
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
    """Send a write, learn what it really did, and put back what it covered.

    A tab that Google refuses is left out and the others sent; what was refused is raised once they are.
    """
    refused: Rejected | None = None
    for _ in range(REPAIRS):
        with connection():
            leases.check_lease(book_id, report.epoch)
        try:
            after = _call(book_id, sheets, write, tabs, report)
        except Rejected as error:
            rest = _without_refused(book_id, write, error, tabs, report)
            if rest is None:
                raise
            refused, write = refused or error, rest
            continue
        repair = _verified(book_id, write, after, report)
        if repair is None:
            break
        write, tabs = repair, after
    else:
        raise refused or OutcomeUnknown(RESTLESS)
    if refused:
        raise refused


def _verified(book_id: str, write: guard.Write, after: dict[int, Tab], report: Report) -> guard.Write | None:
    """Learn from the reply what a write did; return the one that puts right what it covered."""
    outcome = guard.verify(write, after, reply=True)
    if outcome.misaligned and not write.repair:
        _forget(write.nonce, landed=True)
    if outcome.unknown or outcome.misaligned or (write.repair and guard.columns_moved(write, after)):
        # Where the columns of a repair are by now, the next read tells.
        raise OutcomeUnknown(MOVED)
    repair = _settled(book_id, write, outcome, after, report, reply=True)
    landed = [touch.sheet_id for touch in outcome.landed if touch.kind]
    for sheet_id in (*landed, *(row.sheet_id for row in outcome.appended)):
        report.pushed += 1
        report.sent[sheet_id] = report.sent.get(sheet_id, 0) + 1
    report.again = report.again or bool(repair or outcome.repairs or write.new_columns)
    return repair


def _without_refused(
    book_id: str, write: guard.Write, error: Rejected, tabs: Mapping[int, Tab], report: Report
) -> guard.Write | None:
    """Return the write without the tab that Google refuses, noted down; None when nothing would be left of it."""
    batch = _batch(write, tabs)
    guilty = guard.tab_of(batch[error.request]) if error.request is not None else None
    if write.repair or guilty not in write.sheet_ids:
        return None
    rest = write.without(guilty, secrets.token_hex(8))
    if not (rest.touches or rest.new_rows or rest.new_columns):
        return None
    with connection(), database.atomic():
        guard.lay_out(rest, tabs, guard.origin_after(body for _, body in intents.unsettled(book_id)))
        leases.check_lease(book_id, report.epoch)
        intents.intend(book_id, report.epoch, rest.nonce, rest.as_dict())
    return rest


def _titles(write: guard.Write, tabs: Mapping[int, Tab]) -> dict[int, str]:
    titles = {sheet_id: tab.title for sheet_id, tab in tabs.items()}
    return {write.scratch_id: guard.free_title(titles.values())} | titles


def _batch(write: guard.Write, tabs: Mapping[int, Tab]) -> list[dict[str, Any]]:
    return guard.requests(write, tabs.get(write.scratch_id), _titles(write, tabs)[write.scratch_id])


def _call(
    book_id: str, sheets: Sheets, write: guard.Write, tabs: Mapping[int, Tab], report: Report
) -> dict[int, Tab]:
    try:
        reply = sheets.write(book_id, _batch(write, tabs), guard.ranges(write, _titles(write, tabs)))
    except OutcomeUnknown:
        raise
    except BookTrouble as error:
        _nothing_done(book_id, write, getattr(error, "request", None), report)
        raise
    return layout.tabs(answers.reply(reply).updatedSpreadsheet)


def _nothing_done(book_id: str, write: guard.Write, request: int | None, report: Report) -> None:
    """Forget a write that Google refused: it is planned anew. A repair is kept until it is done.

    The batch begins with what it cancels: one refused there has arrived meanwhile, and is to be looked at.
    """
    with connection(), database.atomic():
        leases.check_lease(book_id, report.epoch)
        if not write.repair:
            intents.forget(write.nonce)
        if request is not None and request < len(write.cancels):
            intents.doubted(write.cancels[request])


def settle(book_id: str, tabs: Mapping[int, Tab], report: Report) -> guard.Write | None:
    """Learn from the hidden tab what earlier writes did; return the write that repairs them, if any."""
    with connection():
        waiting, old = intents.unsettled(book_id), intents.old(book_id)
    for nonce, body in waiting:
        write = guard.Write.from_dict(body)
        outcome = guard.verify(write, tabs, reply=False)
        if not write.repair and (outcome.misaligned or (outcome.unknown and write.doubted)):
            # It took effect, and what it covered is not to be known any more.
            _forget(nonce, landed=outcome.misaligned)
        elif not outcome.unknown or write.repair:
            repair = _settled(book_id, write, outcome, tabs, report, reply=False)
            if repair:
                return repair
        if outcome.unknown and nonce in old:
            _forget(nonce, landed=False)
    return None


def _settled(
    book_id: str, write: guard.Write, outcome: guard.Outcome, tabs: Mapping[int, Tab], report: Report, reply: bool
) -> guard.Write | None:
    """Remember what a write did; return, already noted down, the one that puts right what it covered."""
    touches = guard.put_back(write, outcome, tabs, reply)
    repair = guard.repairing(write, touches, tabs, secrets.token_hex(8), reply) if touches else None
    with connection(), database.atomic():
        leases.check_lease(book_id, report.epoch)
        _remember(book_id, outcome)
        covered.keep(book_id, guard.given_up(write, outcome, tabs, reply))
        if not outcome.unknown:
            intents.settled(write.nonce, landed=True)
            for nonce in write.cancels:
                intents.settled(nonce)
            for nonce in write.served:
                intents.forget(nonce)
        elif write.doubted:
            intents.settled(write.nonce)
        if repair:
            # What is not known to have arrived is not to arrive after this any more.
            repair.cancels, repair.served = intents.marks(book_id)
            guard.lay_out(repair, tabs, guard.origin_after(body for _, body in intents.unsettled(book_id)))
            guard.inherit(repair, write, tabs, reply)
            intents.intend(book_id, report.epoch, repair.nonce, repair.as_dict())
    return repair


def _forget(nonce: str, landed: bool) -> None:
    with connection():
        intents.settled(nonce, landed)


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
