"""Hazards 22 to 27: several workers, clocks that disagree, people on both sides in the same instant."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from conftest import settings_for

from store import agreement, between, intents, leases, people, rosters, schedule
from store.db import connection, database
from store.models import Book, Enrolment, JournalEntry
from store.models import base as clocks
from sync import cycle, worker
from sync.book import OutcomeUnknown
from sync.dress import create_book
from tests.sync_bench import PAGE, Bench, differences, make_cohort, sheet_side, unknown_writes

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def phone(bench: Bench, number: int) -> str:
    return people.snapshot(bench.cohort.id)[bench.cohort.participants[number]]["phone"]


# -- several workers -------------------------------------------------------------------------------


class Watch:
    """Which cycle held which book, from when to when."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held: list[tuple[str, str, float, float]] = []
        real = cycle._cycle

        def watched(book_id: str, sheets: object, report: object) -> None:
            started = time.monotonic()
            try:
                real(book_id, sheets, report)
            finally:
                name = threading.current_thread().name
                self.held.append((book_id, name, started, time.monotonic()))

        monkeypatch.setattr(cycle, "_cycle", watched)

    def overlapping(self) -> list[tuple]:
        """Return the cycles of one book that another began in the middle of."""
        found = []
        for book in {entry[0] for entry in self.held}:
            spans = sorted(entry[2:] for entry in self.held if entry[0] == book)
            found += [(book, one, two) for one, two in zip(spans, spans[1:], strict=False) if two[0] < one[1]]
        return found


@contextmanager
def working(settings: object, count: int) -> Iterator[list[worker.Worker]]:
    """Run several workers, each as a process would, until the end of the block."""
    workers = [worker.Worker(settings) for _ in range(count)]  # type: ignore[arg-type]

    def run(one: worker.Worker) -> None:
        one.run()
        if not database.is_closed():
            database.close()

    threads = [threading.Thread(target=run, args=(one,), name=f"worker {n}") for n, one in enumerate(workers)]
    for thread in threads:
        thread.start()
    try:
        yield workers
    finally:
        for one in workers:
            one.stop()
        for thread in threads:
            thread.join(30)


def test_hazard_22_two_workers(bench: Bench, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them on three books, both sides busy: one at a time in each book, nothing twice or lost."""
    other = make_cohort("TEST-2026", 3)
    books = [bench.staff, create_book(bench.sheets, bench.cohort.id, bench.cohort.code, "staff"),
             create_book(bench.sheets, other.id, other.code, "staff")]  # fmt: skip
    watch = Watch(monkeypatch)
    with working(settings_for(database_url, bench.url), 2):
        for turn in range(8):
            people.change(PAGE, bench.cohort.participants[turn % 3], {"employer": f"Structure {turn}"})
            people.change(PAGE, other.participants[turn % 3], {"employer": f"Autre {turn}"})
            bench.type("Participants", bench.cohort.participants[3 + turn % 3], "Structure", f"Typed {turn}")
            bench.append("Participants", {"Nom": f"Nouvelle{turn}", "Prénom": "Ada"}, book=books[2])
            key, day = bench.cohort.participants[turn % 6], bench.cohort.half_days[turn % 4]
            rosters.mark(PAGE, key, day, "late", str(turn + 1))
            agreement.ask(books[turn % 3])
            time.sleep(0.25)
    for _ in range(2):
        for book in books:
            bench.calm(book, most=10)
    assert watch.overlapping() == []
    assert len({name for _, name, _, _ in watch.held}) > 1
    assert [differences(bench, book) for book in books] == [[], [], []]
    employers = [row["employer"] for row in people.snapshot(bench.cohort.id).values()]
    assert employers == ["Structure 6", "Structure 7", "Structure 5", "Typed 6", "Typed 7", "Typed 5"]
    born = [row["last_name"] for row in people.snapshot(other.id).values()][3:]
    assert sorted(born) == [f"Nouvelle{turn}" for turn in range(8)]
    assert (Enrolment.select().count(), unknown_writes(), between.conflicts()) == (6 + 3 + 8, 0, [])
    pulled = [e.after for e in JournalEntry.select().where(JournalEntry.door == "sheet") if e.field == "employer"]
    assert len(pulled) == len(set(pulled))


@pytest.mark.parametrize("moment", ["after_read", "before_write", "after_write"])
def test_hazard_23_a_lease_lost_in_a_slow_call(bench: Bench, moment: str) -> None:
    """The one that was overtaken commits nothing and writes nothing more; a write that lands late is put right."""
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"phone": "0711111111"})
    people.change(PAGE, second, {"phone": "0722222222"})
    epoch = Book.get_by_id(bench.staff).epoch

    def overtaken(book: str) -> None:
        Book.update(lease_until=leases.clock() - 1).where(Book.id == book).execute()
        people.change(PAGE, first, {"phone": "0733333333"})
        assert cycle.run(book, bench.sheets, "another") is not None
        bench.type("Participants", second, "Téléphone", "0744444444")
        bench.staff_do({"do": "sort", "tab": "Participants", "column": "Nom", "descending": True})

    setattr(bench.sheets, moment, overtaken)
    sent = len(bench.sheets.batches)
    with pytest.raises(leases.LeaseLost):
        bench.cycle()
    # The overtaken worker sent one write at most, under the epoch that it had checked just before.
    assert len(bench.sheets.batches) - sent <= (1 if moment == "after_read" else 3)
    assert Book.get_by_id(bench.staff).epoch == epoch + 2
    bench.calm(most=10)
    assert (phone(bench, 0), bench.cell("Participants", first, "Téléphone")) == ("0733333333", "0733333333")
    assert bench.cell("Participants", second, "Téléphone") == "0744444444"
    assert phone(bench, 1) == "0744444444" or [found.remote for found in between.conflicts()] == ["0744444444"]
    assert (len(sheet_side(bench)), unknown_writes(epoch + 2)) == (6, 0)


@contextmanager
def skewed(hours: float) -> Iterator[None]:
    """Move the clock of this machine, not the database's."""
    moved = SimpleNamespace(now=lambda zone=UTC: datetime.now(zone) + timedelta(hours=hours))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clocks, "datetime", moved)
        yield


@pytest.mark.parametrize("hours", [-30, 30])
def test_hazard_24_clocks_that_disagree(bench: Bench, hours: int) -> None:
    """The database's clock is the only one that counts: leases, writes in the balance, who is asked for and when."""
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"phone": "0711111111"})
    # A person types in the very instant, and the answer is lost.
    bench.sheets.before_write = lambda book: bench.type("Participants", first, "Téléphone", "0722222222")
    bench.sheets.after_write = lambda book: (_ for _ in ()).throw(OutcomeUnknown("silence"))
    with pytest.raises(OutcomeUnknown):
        bench.cycle()
    with skewed(hours):
        assert len(intents.unsettled(bench.staff)) == 1
        epoch = leases.take_lease(bench.staff, "punctual")
        assert epoch is not None
        assert cycle.run(bench.staff, bench.sheets, "skewed") is None
        leases.release(bench.staff, epoch)
        bench.calm()
        agreement.ask(bench.staff)
        people.change(PAGE, second, {"employer": "Scop"})
    [found] = between.conflicts()
    assert (found.local, found.remote) == ("0711111111", "0722222222")
    # What was asked for on a page of another machine is still asked for here, and forgotten once it is done.
    [fact] = schedule.facts()[1]
    assert fact["asked_at"] > fact["began_at"]
    with skewed(hours):
        agreement.failed(bench.staff, "Non.", 100)
    moment, [fact] = schedule.facts()
    assert 90 < fact["retry_at"] - moment <= 100
    assert abs(fact["began_at"] - moment) < 60
    with skewed(hours):
        agreement.ask(bench.staff)
    bench.calm()
    assert (Book.get_by_id(bench.staff).asked_at, unknown_writes()) == (None, 0)
    assert bench.cell("Participants", second, "Structure") == "Scop"


# -- people on both sides ---------------------------------------------------------------------------


def test_hazard_25_a_click_while_a_write_is_in_flight(bench: Bench) -> None:
    """Clicks at each call, on the cell that travels and on others: answered at once, and sent by the next cycle."""
    first, second = bench.cohort.participants[:2]
    day = bench.cohort.half_days[0]

    def click(number: int) -> None:
        started = time.monotonic()
        with connection():
            people.change(PAGE, first, {"phone": f"07{number}{number}000000"})
            rosters.mark(PAGE, second, day, "late", str(number))
        assert time.monotonic() - started < 5

    for number, moment in enumerate(("after_read", "before_write", "after_write"), start=1):
        people.change(PAGE, first, {"phone": f"060000000{number}"})
        setattr(bench.sheets, moment, lambda book, number=number: click(number))
        assert bench.cycle().writes == 1
        [state] = [state for state in agreement.states() if state["book"] == bench.staff]
        assert state["pending"] == (moment != "after_read"), moment
    bench.calm()
    assert (phone(bench, 0), rosters.snapshot(bench.cohort.id)[second][day]) == ("0733000000", "R 3")
    assert bench.cell("Participants", first, "Téléphone") == "0733000000"
    assert (between.conflicts(), differences(bench)) == ([], [])


@SQLITE
@pytest.mark.parametrize("moment", ["before", "after_read", "before_write"])
@pytest.mark.parametrize(("ours", "theirs"), [("0711111111", "0722222222"), ("", "0722222222"), ("0711111111", "")])
def test_hazard_26_the_same_cell_on_both_sides(bench: Bench, moment: str, ours: str, theirs: str) -> None:
    """Neither is altered, all three values stay readable, the clock decides nothing; each choice travels."""
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": ours})

    def typed(book: str) -> None:
        bench.type("Participants", first, "Téléphone", theirs)

    if moment == "before":
        typed("")
    else:
        setattr(bench.sheets, moment, typed)
    bench.calm()
    for _ in range(2):
        [found] = between.conflicts()
        assert (found.base, found.local, found.remote) == ("0612345670", ours, theirs)
        assert (found.address, "Arnaud Inès · Téléphone" in found.label) == ("E2", True)
        assert (phone(bench, 0), bench.cell("Participants", first, "Téléphone") or "") == (ours, theirs)
        assert bench.cycle().writes == 0
    between.settle_with(PAGE, found.id, "0733333333")
    bench.calm()
    assert (phone(bench, 0), bench.cell("Participants", first, "Téléphone"), between.conflicts()) == (
        "0733333333", "0733333333", []
    )  # fmt: skip


@SQLITE
@pytest.mark.parametrize("moment", ["before", "after_read", "before_write", "after_write"])
def test_hazard_27_both_typed_the_same(bench: Bench, moment: str) -> None:
    """No conflict and no write back, whenever the other types it and however it is spelt; the base has moved."""
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"employer": "Scop Épi", "fees_paid_on": "2025-01-20"})

    def typed(book: str) -> None:
        bench.type("Participants", first, "Structure", "Scop É\u0070i ".replace("É", "E\u0301"))
        bench.type("Participants", first, "Frais réglés le", "20 janvier 2025")

    if moment == "before":
        typed("")
        assert bench.cycle().writes == 0
    else:
        setattr(bench.sheets, moment, typed)
        bench.cycle()
    bench.calm()
    assert (between.conflicts(), differences(bench)) == ([], [])
    # Each side alone may now move it.
    people.change(PAGE, first, {"employer": "Coop"})
    bench.type("Participants", first, "Frais réglés le", "21/01/2025")
    bench.calm()
    assert bench.cell("Participants", first, "Structure") == "Coop"
    assert people.snapshot(bench.cohort.id)[first]["fees_paid_on"] == "2025-01-21"
