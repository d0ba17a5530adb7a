"""Several workers, several accounts: each book in one pair of hands at a time, none forgotten, the calls counted."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from conftest import settings_for
from peewee import OperationalError

from settings import Settings
from store import agreement, db, leases, people, quota, schedule
from store.db import connection
from store.models import Book
from sync import accounts, back_off, cycle, pace, worker
from sync.metered import Metered, OutOfQuota
from sync.report import Report
from tests.sync_bench import PAGE, Bench, Cohort, make_cohort

#: A cycle of these tests lasts as long as this, in seconds.
LASTS = 0.03


class Google:
    """Stand where gspread does: each read counts, takes its time, and is written down."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.reads = self.writes = 0
        self.before_call: Callable[[str], None] = lambda kind: None
        self.fail: set[str] = set()

    def read(self, book_id: str) -> dict:
        self.before_call("reads")
        self.reads += 1
        time.sleep(LASTS)
        return {}

    def about(self, book_id: str) -> dict:
        return {"trashed": False}


class Crew:
    """Workers whose cycles read and do nothing else, and what they did."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, names: int, failing: frozenset[str] = frozenset()) -> None:
        self.names = [f"compte-{n}@exemple.fr" for n in range(names)]
        self.done: list[tuple[str, float, float, int]] = []
        self.failing = failing
        monkeypatch.setattr(cycle, "_cycle", self._cycle)
        monkeypatch.setattr(accounts.Accounts, "connection", lambda this, name: self._connection(name))
        monkeypatch.setattr(worker, "TICK", 0.02)
        self.workers: list[worker.Worker] = []
        self._mine = threading.local()

    def _connection(self, name: str) -> Metered:
        known = self._mine.__dict__
        if name not in known:
            known[name] = Metered(Google(name), name, "projet")  # type: ignore[arg-type]
        return known[name]

    def _cycle(self, book: str, sheets: Metered, report: Report) -> None:
        began = time.monotonic()
        sheets.read(book)
        self.done.append((book, began, time.monotonic(), report.epoch))
        if book in self.failing:
            raise worker.BookTrouble("Non.")
        with connection():
            versions = dict(db.rows("SELECT id, version FROM cohort"))
            agreement.succeeded(book, versions, False)

    @contextmanager
    def at_work(self, count: int):
        """Run so many workers while the block lasts."""
        for _ in range(count):
            one = worker.Worker(Settings())
            one.accounts.projects = dict.fromkeys(self.names, "projet")
            one._pool._max_workers = worker.THREADS * len(self.names) + 1
            self.workers.append(one)
        threads = [threading.Thread(target=one.run, daemon=True) for one in self.workers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for one in self.workers:
                one.stop()
            for thread in threads:
                thread.join(10)
            assert not any(thread.is_alive() for thread in threads)

    def count(self) -> Counter:
        return Counter(book for book, *_ in self.done)


def wait_until(true: Callable[[], bool], within: float = 20.0) -> float:
    """Wait until something holds; return the seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within, "too long"
        time.sleep(0.01)
    return time.monotonic() - began


def bind_books(cohort: Cohort, count: int, names: list[str]) -> list[str]:
    books = [f"book-{n:02}" for n in range(count)]
    for number, book in enumerate(books):
        agreement.bind(book, cohort.id, "staff", book, 1, {"participants": (1, "Participants")})
        Book.update(account=names[number % len(names)]).where(Book.id == book).execute()
    return books


def at_once(done: list[tuple[str, float, float, int]]) -> list[tuple]:
    """List the pairs of cycles of one book that overlapped."""
    by_book: dict[str, list[tuple[float, float]]] = {}
    for book, began, ended, _ in done:
        by_book.setdefault(book, []).append((began, ended))
    return [
        (book, one, other)
        for book, spans in by_book.items()
        for one, other in zip(sorted(spans), sorted(spans)[1:], strict=False)
        if other[0] < one[1]
    ]


def test_two_workers_share_the_books_and_none_is_in_two_hands(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "ACCOUNT", quota.Limit(60.0, 12.0))
    crew = Crew(monkeypatch, 1, failing=frozenset({"book-03"}))
    books = bind_books(cohort, 12, crew.names)
    with crew.at_work(2):
        for _ in range(12):
            people.change(PAGE, cohort.participants[0], {"phone": f"06{time.monotonic_ns() % 10**8:08}"})
            time.sleep(0.2)
        wait_until(lambda: set(crew.count()) == set(books))
        wait_until(lambda: not any(fact["behind"] for fact in schedule.facts()[1] if fact["book"] != "book-03"))
    assert at_once(crew.done) == []
    epochs = Counter((book, epoch) for book, _, _, epoch in crew.done)
    assert max(epochs.values()) == 1, "an epoch was used twice"
    assert crew.count()["book-03"] < max(crew.count().values()), "the one that fails waits longer and longer"


@pytest.mark.parametrize("workers", [1, 2])
def test_more_accounts_carry_more(cohort: Cohort, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    """Twelve books all changed: with one account ten a second, with three thirty, however many workers there are."""
    monkeypatch.setattr(quota, "ACCOUNT", quota.Limit(4.0, 1.0))
    monkeypatch.setattr(quota, "PROJECT", quota.Limit(100.0, 100.0))
    seconds = {}
    for names in (1, 3):
        Book.delete().execute()
        crew = Crew(monkeypatch, names)
        for name in crew.names:
            db.execute("DELETE FROM quota WHERE name LIKE ?", f"{name}%")
        books = bind_books(cohort, 12, crew.names)
        with crew.at_work(workers):
            seconds[names] = wait_until(lambda: set(crew.count()) == set(books))
        assert at_once(crew.done) == []
    assert seconds[1] > 2.4, "the quota of one account was passed"
    assert seconds[3] < 0.6 * seconds[1]


def test_the_project_holds_all_its_accounts_together(cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "ACCOUNT", quota.Limit(50.0, 12.0))
    monkeypatch.setattr(quota, "PROJECT", quota.Limit(5.0, 3.0))
    crew = Crew(monkeypatch, 3)
    bind_books(cohort, 9, crew.names)
    with crew.at_work(1):
        took = wait_until(lambda: len(crew.count()) == 9)
    assert took >= (9 - 3) / 5.0


def test_a_database_that_goes_away_is_waited_for(cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "DATABASE_AWAY", 0.05)
    crew = Crew(monkeypatch, 1)
    books = bind_books(cohort, 2, crew.names)
    real, broken = schedule.facts, threading.Event()
    broken.set()

    def facts() -> tuple[float, list[dict]]:
        if broken.is_set():
            raise worker.OperationalError("gone")
        return real()

    monkeypatch.setattr(schedule, "facts", facts)
    with crew.at_work(1):
        time.sleep(0.2)
        assert crew.done == []
        broken.clear()
        wait_until(lambda: set(crew.count()) == set(books))


def test_a_cycle_that_leaves_something_is_followed_by_another(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = Crew(monkeypatch, 1)
    [book] = bind_books(cohort, 1, crew.names)
    plain = crew._cycle

    def leaving(book_id: str, sheets: Metered, report: Report) -> None:
        plain(book_id, sheets, report)
        report.again = len(crew.done) == 1

    monkeypatch.setattr(cycle, "_cycle", leaving)
    with crew.at_work(1):
        wait_until(lambda: len(crew.done) == 2, 5)
    (_, _, first, _), (_, second, _, _) = crew.done
    assert second - first < pace.COALESCE + 0.5
    assert Book.get_by_id(book).asked_at is None


def test_a_book_that_could_not_be_given_back_is_served_again_as_soon_as_the_database_is_there(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = Crew(monkeypatch, 1)
    [book] = bind_books(cohort, 1, crew.names)
    plain, refused = leases.execute, []

    def execute(sql: str, *values: object) -> int:
        if "lease_until = 0" in sql and len(refused) < 2:
            refused.append(sql)
            raise OperationalError("terminating connection due to administrator command")
        return plain(sql, *values)

    monkeypatch.setattr(leases, "execute", execute)
    monkeypatch.setattr(worker, "DATABASE_AWAY", 0.05)
    with crew.at_work(1):
        wait_until(lambda: len(refused) > 0, 5)
        agreement.ask(book)
        wait_until(lambda: len(crew.done) >= 2, 10)
    assert not Book.get_by_id(book).lease_owner


# -- an account that is not there -------------------------------------------------------------------


def test_a_book_of_an_unknown_account_says_its_name(bench: Bench, database_url: str) -> None:
    settings = settings_for(database_url, bench.url)
    Book.update(account="perdu@exemple.fr").execute()
    one = worker.Worker(settings)
    assert one.work({"book": bench.staff, "account": "perdu@exemple.fr", "failures": 0}) is None
    [state] = agreement.states()
    assert "perdu@exemple.fr" in state["trouble"]
    assert settings.service_account()["client_email"] in state["trouble"]
    one._pool.shutdown()


# -- 429 --------------------------------------------------------------------------------------------


def test_a_429_makes_every_book_of_the_account_wait_and_no_other(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(back_off, "slow_down", lambda strikes: 10.0 * (strikes + 1))
    google = Google("un")
    metered = Metered(google, "un", "projet")  # type: ignore[arg-type]

    def throttled(book_id: str) -> dict:
        google.before_call("reads")
        raise worker.Throttled("Doucement.")

    google.read = throttled  # type: ignore[method-assign]
    for expected in (10, 20):
        db.execute("UPDATE quota SET tokens = 12 WHERE name = ?", "un:reads")
        with pytest.raises(worker.Throttled):
            metered.read("book")
        ready = quota.ready({name: quota.buckets(name, "projet", "reads") for name in ("un", "deux")})
        assert ready["un"] == pytest.approx(1 - expected * quota.ACCOUNT.rate, abs=0.5)
        assert ready["deux"] == pytest.approx(12)
    monkeypatch.setattr("sync.metered.PATIENCE", 0.1)
    with pytest.raises(OutOfQuota):
        metered.read("book")
    [strikes] = [row[0] for row in db.rows("SELECT strikes FROM quota WHERE name = ?", "un:reads")]
    assert strikes == 2, "waiting for our own quota is no refusal of Google's"


def test_strikes_are_forgotten_after_a_while(database_url: str) -> None:
    given: list[int] = []
    for _ in range(2):
        quota.slow_down("un:reads", quota.ACCOUNT, lambda strikes: given.append(strikes) or 1.0)
    db.execute("UPDATE quota SET struck_at = struck_at - ?", quota.STRIKES_LAST + 1)
    quota.slow_down("un:reads", quota.ACCOUNT, lambda strikes: given.append(strikes) or 1.0)
    assert given == [0, 1, 0]


# -- buckets ----------------------------------------------------------------------------------------


def test_a_call_is_taken_from_all_its_buckets_or_from_none(database_url: str) -> None:
    limits = {"account": quota.Limit(0.001, 5.0), "project": quota.Limit(0.001, 2.0)}
    assert [quota.take(limits) for _ in range(3)] == [True, True, False]
    held = dict(db.rows("SELECT name, tokens FROM quota"))
    assert held["account"] == pytest.approx(3, abs=0.1)
    assert held["project"] == pytest.approx(0, abs=0.1)


def test_many_threads_take_no_more_than_there_is(database_url: str) -> None:
    limits = {"account": quota.Limit(0.0, 12.0), "project": quota.Limit(0.0, 60.0)}
    given: list[bool] = []

    def take() -> None:
        with connection():
            given.extend(quota.take(limits) for _ in range(4))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (sum(given), len(given)) == (12, 32)


def test_a_full_bucket_and_a_minute_make_what_google_allows() -> None:
    for limit, allowed in ((quota.ACCOUNT, 60), (quota.PROJECT, 300)):
        assert limit.rate * 60 == pytest.approx(0.8 * allowed)
        assert limit.rate * 60 + limit.burst == pytest.approx(allowed)
        # However long nothing was asked, a bucket holds no more than when it is full.
        assert quota.level((limit.burst, 0.0), limit, 86_400.0) == limit.burst


def test_what_was_asked_for_during_a_cycle_is_still_to_be_done(database_url: str) -> None:
    cohort = make_cohort()
    agreement.bind("book", cohort.id, "staff", "Titre", 1, {})
    agreement.ask("book")
    leases.take_lease("book", "test")
    agreement.succeeded("book", {}, False)
    assert Book.get_by_id("book").asked_at is None
    agreement.ask("book")
    agreement.succeeded("book", {}, False)
    assert Book.get_by_id("book").asked_at is not None
