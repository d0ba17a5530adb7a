"""One cycle of one book: lease, read, plan, apply, write, verify, remember.

No transaction is open during a call to Google. What a crash interrupts is settled by the next
cycle: the base moves only once both sides were seen equal, and a write is kept until its outcome
is known.
"""

from collections.abc import Mapping
from typing import Any

from store import agreement, intents, leases, people
from store.db import connection, database
from sync import layout
from sync.applying import apply
from sync.book import BookTrouble
from sync.composing import compose
from sync.guard import Write
from sync.layout import Tab
from sync.report import Report
from sync.sending import Sheets, send, settle
from sync.tab_work import Work, bound_sheets, plan_tab

__all__ = ["Report", "Sheets", "run"]

#: A plan whose transaction gives way to a page's is made again, at most this many times.
PLANS = 5
BUSY = "L'intranet est très sollicité en ce moment : la synchronisation reprend d'elle-même dans un instant."


def run(book_id: str, sheets: Sheets, owner: str) -> Report | None:
    """Run one cycle and return what it did; None when another worker holds the book.

    Raises BookTrouble when Google could not be read or written, LeaseLost when the book was taken
    over in the middle: in both cases nothing is half done.
    """
    with connection():
        epoch = leases.take_lease(book_id, owner)
    if epoch is None:
        return None
    report = Report(book_id, epoch=epoch)
    reads, writes = sheets.reads, sheets.writes
    try:
        _cycle(book_id, sheets, report)
    finally:
        report.reads, report.writes = sheets.reads - reads, sheets.writes - writes
        with connection():
            leases.release(book_id, epoch)
    return report


def _cycle(book_id: str, sheets: Sheets, report: Report) -> None:
    tabs = layout.tabs(sheets.read(book_id))
    repairs = settle(book_id, tabs, report)
    if repairs is not None:
        # Put right what an interrupted write covered before anything new is planned.
        send(book_id, sheets, repairs, tabs, report)
        report.again = True
        return
    book, version, works, write = _plan(book_id, tabs, report)
    if write is not None:
        send(book_id, sheets, write, tabs, report)
    _finish(book, version, works, write, report)


def _plan(book_id: str, tabs: Mapping[int, Tab], report: Report) -> tuple[Any, int, list[Work], Write | None]:
    """Plan, then apply in one transaction, both made again when it had to give way to a page's."""
    blank = report.as_dict()
    for _ in range(PLANS):
        vars(report).update(blank)
        try:
            with connection():
                ahead = _plan_ahead(book_id, tabs)
                with leases.giving_way():
                    return _apply_all(book_id, tabs, report, *ahead)
        except leases.GaveWay:
            continue
    raise BookTrouble(BUSY)


def _plan_ahead(book_id: str, tabs: Mapping[int, Tab]) -> tuple[int, list[Work]]:
    """Plan every tab before the transaction: pages then wait only for what it writes.

    What is read here may already be of several moments: it holds if the cohort's version is still
    the same once the transaction has locked it, since every change grows it.
    """
    book = agreement.book(book_id)
    version = people.version(book.cohort_id)
    return version, [plan_tab(book.cohort_id, bound, sheet, tabs) for bound, sheet in bound_sheets(book)]


def _apply_all(
    book_id: str, tabs: Mapping[int, Tab], report: Report, version: int, ahead: list[Work]
) -> tuple[Any, int, list[Work], Write | None]:
    leases.check_lease(book_id, report.epoch)
    book = agreement.book(book_id)
    # Whoever changes the cohort now waits for the end of this transaction: what they change
    # is seen whole by the snapshots, or grows the version past the one remembered.
    holds = people.version(book.cohort_id, lock=True) == version
    works = []
    for place, (bound, sheet) in enumerate(bound_sheets(book)):
        work = ahead[place] if holds else plan_tab(book.cohort_id, bound, sheet, tabs)
        apply(book.cohort_id, work, report)
        works.append(work)
        # A person born or renamed in the first tab is in the plan of the next.
        holds = holds and not (sheet.owns_rows and work.plan.changes_rows)
    write = compose(book, works, tabs)
    if write is not None:
        intents.intend(book_id, report.epoch, write.nonce, write.as_dict())
    return book, people.version(book.cohort_id), works, write


def _finish(book: Any, version: int, works: list[Work], write: Write | None, report: Report) -> None:
    with connection(), database.atomic():
        leases.check_lease(book.id, report.epoch)
        changed = bool(write or report.pulled or report.created or report.removed)
        agreement.succeeded(book.id, version, changed)
    report.paused = [f"{work.tab.title} : {work.plan.paused}" for work in works if work.plan.paused]
    report.again = report.again or any(work.plan.ripening or work.plan.restored for work in works)
