"""One cycle of one book: lease, read, plan, apply, write, verify, remember.

No transaction is open during a call to Google. What a crash interrupts is settled by the next
cycle: the base moves only once both sides were seen equal, and a write is kept until its outcome
is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from store import agreement, intents, leases, outcomes, people
from store.db import connection, database
from sync import freshness, layout, restored
from sync.applying import apply
from sync.book import BookTrouble
from sync.cells import Tab
from sync.composing import compose
from sync.guard import Write
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
        restored.disbelieve(book_id, epoch)
        _cycle(book_id, sheets, report)
    finally:
        report.reads, report.writes = sheets.reads - reads, sheets.writes - writes
        leases.give_back(book_id, epoch)
    return report


def _cycle(book_id: str, sheets: Sheets, report: Report) -> None:
    tabs = layout.tabs(sheets.read(book_id))
    freshness.check(book_id, tabs)
    repairs = settle(book_id, tabs, report)
    if repairs is not None:
        # Put right what an interrupted write covered before anything new is planned.
        send(book_id, sheets, repairs, tabs, report)
        report.again = True
        return
    planned = _plan(book_id, tabs, report)
    if planned.write is not None:
        send(book_id, sheets, planned.write, tabs, report)
    _finish(book_id, planned, report)


@dataclass
class _Planned:
    """What one cycle is about: the versions of its cohorts, its tabs, and what it has to write."""

    versions: dict[int, int]
    works: list[Work]
    write: Write | None = None


def _plan(book_id: str, tabs: Mapping[int, Tab], report: Report) -> _Planned:
    """Plan, then apply in one transaction, both made again when it had to give way to a page's."""
    blank = report.as_dict()
    for _ in range(PLANS):
        vars(report).update(blank)
        try:
            with connection():
                ahead = _plan_ahead(book_id, tabs)
                with leases.giving_way():
                    return _apply_all(book_id, tabs, report, ahead)
        except leases.GaveWay:
            continue
    raise BookTrouble(BUSY)


def _plan_ahead(book_id: str, tabs: Mapping[int, Tab]) -> _Planned:
    """Plan every tab before the transaction: pages then wait only for what it writes.

    What is read here may already be of several moments: it holds if the version of each cohort is
    still the same once the transaction has locked it, since every change grows it.
    """
    bound = bound_sheets(book_id)
    versions = people.versions({tab.cohort_id for tab, _ in bound})
    return _Planned(versions, [plan_tab(tab, sheet, tabs) for tab, sheet in bound])


def _apply_all(book_id: str, tabs: Mapping[int, Tab], report: Report, ahead: _Planned) -> _Planned:
    leases.check_lease(book_id, report.epoch)
    bound = bound_sheets(book_id)
    cohorts = {tab.cohort_id for tab, _ in bound}
    # Whoever changes a cohort now waits for the end of this transaction: what they change
    # is seen whole by the snapshots, or grows the version past the one remembered.
    versions = people.versions(cohorts, lock=True)
    holds = [tab for tab, _ in bound] == [work.bound for work in ahead.works]
    stale = {cohort for cohort in cohorts if not holds or versions[cohort] != ahead.versions[cohort]}
    works = []
    for place, (tab, sheet) in enumerate(bound):
        work = plan_tab(tab, sheet, tabs) if tab.cohort_id in stale else ahead.works[place]
        before = _counts(report)
        apply(work, report)
        _tell(work, before, _counts(report))
        works.append(work)
        # A person born or renamed in the first tab is in the plan of the next.
        if sheet.owns_rows and work.plan.changes_rows:
            stale.add(tab.cohort_id)
    write = compose(book_id, works, tabs)
    if write is not None:
        intents.intend(book_id, report.epoch, write.nonce, write.as_dict())
    return _Planned(people.versions(cohorts), works, write)


def _counts(report: Report) -> tuple[int, int, int]:
    return report.pulled, report.created, report.removed


def _tell(work: Work, before: tuple[int, int, int], after: tuple[int, int, int]) -> None:
    """Keep what was done in one tab, in the very transaction that did it."""
    plan, bound = work.plan, work.bound
    pulled, created, removed = (now - then for then, now in zip(before, after, strict=True))
    outcomes.note(
        bound.book_id, bound.cohort_id, bound.kind, work.tab.title or bound.title,
        pulled=pulled, created=created, removed=removed, restored=len(plan.restored), opened=work.opened,
        closed=work.closed, put_back=sum(push.put_back for push in plan.pushes) + len(plan.put_back),
        paused=plan.paused if plan.paused != bound.paused else "", resumed=bool(bound.paused and not plan.paused),
    )  # fmt: skip


def _tell_sent(works: list[Work], sent: Mapping[int, int]) -> None:
    """Keep how many values each tab was sent; the headers of a matrix are none."""
    for work in works:
        bound, headers = work.bound, len(work.headers.pushes) if work.headers else 0
        number = max(0, sent.get(bound.sheet_id, 0) - headers)
        outcomes.note(bound.book_id, bound.cohort_id, bound.kind, work.tab.title, pushed=number)


def _finish(book_id: str, planned: _Planned, report: Report) -> None:
    works = planned.works
    with connection(), database.atomic():
        leases.check_lease(book_id, report.epoch)
        changed = bool(planned.write or report.pulled or report.created or report.removed)
        agreement.succeeded(book_id, planned.versions, changed)
        _tell_sent(works, report.sent)
    report.paused = [f"{work.tab.title} : {work.plan.paused}" for work in works if work.plan.paused]
    report.again = report.again or any(work.plan.ripening or work.plan.restored for work in works)
