"""Which book next: what people wait for first, then each in its turn, and nobody is ever forgotten."""

import math
import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import agreement, journal, people, quota, schedule, viewing
from store.models import Book, SubmittedForm
from store.models.base import now
from sync import back_off, pace, worker
from sync.pace import Look, Room
from tests.sync_bench import Cohort

NOON, RATE = 1e6, quota.ACCOUNT.rate
THREADS = worker.THREADS


def look(book: str = "book", **more: object) -> Look:
    """Return a book read at noon, which nobody looks at."""
    return Look(book, **({"began_at": NOON} | more))


def chosen(looks: list[Look], at: float, tokens: float = 12.0, threads: int = THREADS, pressed: int = 0) -> list[str]:
    room = Room(tokens, threads, THREADS, pressed)
    found = pace.choose(looks, at, room, RATE, pace.awake(looks, at))
    assert room.tokens == tokens - len(found)
    assert room.threads == threads - len(found)
    return [book.book for book in found]


# -- when a book presses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("book", "seconds", "presses"),
    [
        (look(), 0, False),
        (look(behind_since=NOON), 0.5, False),
        (look(behind_since=NOON), 0.7, True),
        (look(asked_at=NOON + 1), 1, True),
        (look(asked_at=NOON - 1), 1, False),
        (look(behind_since=NOON, retry_at=NOON + 9, failures=1), 5, False),
        (look(behind_since=NOON, retry_at=NOON + 9, failures=1), 9, True),
        (look(behind_since=NOON, retry_at=NOON + 9, failures=pace.PATIENCE), 9, False),
        (look(asked_at=NOON + 1, retry_at=NOON + 200, failures=8), 9, True),
        (look(hinted_at=NOON + 1), 9, False),
    ],
)
def test_when_somebody_waits_for_a_book(book: Look, seconds: float, presses: bool) -> None:
    assert (pace.pressing_at(book) <= NOON + seconds) is presses


def test_a_trouble_is_not_hammered_at_whoever_asks() -> None:
    failed = look(retry_at=NOON + 200, failures=3)
    assert chosen([failed], NOON + 100) == []
    failed.asked_at = NOON + 0.1
    assert chosen([failed], NOON + 4.9) == []
    assert chosen([failed], NOON + 5.1) == ["book"]
    failed.began_at, failed.retry_at = NOON + 5.1, NOON + 300
    assert chosen([failed], NOON + 100) == []
    soon = look(retry_at=NOON + 1, failures=1, asked_at=NOON + 0.1)
    assert chosen([soon], NOON + 1.1) == ["book"]


def test_what_people_wait_for_comes_first_in_the_order_in_which_they_began_to_wait() -> None:
    asked, first = look("asked", asked_at=NOON + 4), look("first", behind_since=NOON + 1)
    second, old = look("second", behind_since=NOON + 2), look("old", began_at=NOON - 9)
    assert chosen([old, second, first, asked], NOON + 5) == ["asked", "first", "second", "old"]
    assert chosen([old, second, first, asked], NOON + 5, threads=1) == ["asked"]
    assert chosen([old, second, first, asked], NOON + 5, tokens=2.5) == ["asked", "first"]


def test_asking_goes_before_others_by_a_few_seconds_only() -> None:
    asked, waiting = look("asked", asked_at=NOON + 30), look("waiting", behind_since=NOON + 1)
    assert chosen([asked, waiting], NOON + 31, threads=1) == ["waiting"]


def test_a_book_that_another_worker_holds_is_left_alone() -> None:
    assert chosen([look(held=True, behind_since=NOON, asked_at=NOON + 1)], NOON + 9) == []


# -- whose turn it is -------------------------------------------------------------------------------


def test_reads_that_nobody_asks_for_leave_calls_and_a_thread_for_what_people_change() -> None:
    books = [look(str(n), viewed_at=NOON + n) for n in range(5)]
    assert chosen(books, NOON + 5, tokens=pace.RESERVE + 0.9) == []
    assert len(chosen(books, NOON + 5)) == 1
    assert chosen(books, NOON + 5, threads=1) == []
    assert len(chosen(books, NOON + 5, tokens=pace.RESERVE + 1.9)) == 1
    # One that has waited its fair time draws on the reserve, not to its bottom.
    assert len(chosen(books, NOON + 99, tokens=pace.LEAST + 1.9)) == 1
    assert chosen(books, NOON + 99, tokens=pace.LEAST + 0.9) == []
    assert len(chosen([look(behind_since=NOON)], NOON + 5, tokens=1)) == 1


@pytest.mark.parametrize(
    ("cold", "warm", "hot"), [(9, 0, 1), (0, 8, 2), (90, 8, 2), (980, 10, 10), (0, 0, 1), (5, 0, 0)]
)
def test_every_book_gets_four_fifths_of_what_is_even_and_the_hot_ones_the_rest(cold: int, warm: int, hot: int) -> None:
    books = [look()] * cold + [look(viewed_at=NOON - 200)] * warm + [look(viewed_at=NOON)] * hot
    rates = pace.rhythm(books, NOON, RATE)
    shares = list(zip((cold, warm, hot), rates, strict=True))
    assert sum(count * rate for count, rate in shares) == pytest.approx(RATE)
    assert rates[0] <= rates[1] <= rates[2]
    assert rates[0] >= pace.FAIR * RATE / len(books) - 1e-9


def test_a_book_somebody_looks_at_is_seen_well_within_ten_seconds_in_a_usual_installation() -> None:
    """Five promotions and their ten books: one promotion open, its jury too, while the others were looked at lately."""
    one = [look(viewed_at=NOON)] + [look(viewed_at=NOON - 200)] * 9
    two = [look(viewed_at=NOON)] * 2 + [look(viewed_at=NOON - 200)] * 8
    assert 1 / pace.rhythm(one, NOON, RATE)[2] < 5
    assert 1 / pace.rhythm(two, NOON, RATE)[2] < 7.5


def test_a_page_that_opens_and_a_hint_bring_a_book_forward() -> None:
    books = [look(str(n), began_at=NOON - n, changed_at=NOON - 900) for n in range(6)]
    assert chosen(books, NOON + 1)[0] == "5"
    books[2].viewed_at = NOON + 1
    assert chosen(books, NOON + 1)[0] == "2"
    books[4].began_at = books[5].began_at = NOON + 1
    books[0].hinted_at = NOON + 2.9
    assert chosen(books, NOON + 4)[0] == "0"
    books[0].began_at = NOON + 4
    assert pace.heat(books[0], NOON + 100, 9) == 2
    assert pace.heat(books[0], NOON + 200, 9) == 0


def test_at_night_each_book_is_read_once_a_minute() -> None:
    books = [look(str(n)) for n in range(3)]
    assert not pace.awake(books, NOON + 1)
    assert chosen(books, NOON + 59) == []
    assert chosen(books, NOON + 61) == ["0", "1", "2"]
    assert pace.awake([*books, look(viewed_at=NOON - 1000)], NOON)
    assert pace.awake([*books, look(behind_since=NOON)], NOON)


def test_the_next_look_comes_when_a_change_has_waited_enough() -> None:
    assert pace.pause([look(behind_since=NOON - 0.5), look()], NOON, 0.2) == pytest.approx(0.1)
    assert pace.pause([look(behind_since=NOON), look()], NOON, 0.2) == 0.2
    assert pace.pause([look(behind_since=NOON - 9)], NOON, 0.2) == 0.2


# -- nobody is forgotten ----------------------------------------------------------------------------

#: What a book may do to the others, all the time.
HABITS = ("quiet", "clicked", "asked", "hinted", "watched", "failing", "failing clicked", "failing asked")
#: The least share of the calls that goes to books that nobody waits for, however many press.
LEFT = 1 / pace.ONE_IN


class Day:
    """One account on a virtual clock, whose books do what they do as much as they can."""

    def __init__(self, habits: list[str], seed: int) -> None:
        self.chance = random.Random(seed)
        self.habits = habits
        self.looks = [Look(str(n), began_at=0.0) for n in range(len(habits))]
        self.room = Room(0.0, THREADS, THREADS)
        self.held: quota.Held | None = None
        self.ends: list[tuple[float, Look]] = []
        self.longest = [0.0] * len(habits)
        self.calls: list[float] = []

    def run(self, seconds: float) -> "Day":
        ticks = int(seconds / worker.TICK)
        for at in (tick * worker.TICK for tick in range(ticks)):
            self._end(at)
            for book, habit in zip(self.looks, self.habits, strict=True):
                self._do(book, habit, at)
            limits = {"reads": quota.ACCOUNT}
            self.room.tokens = quota.level(self.held, quota.ACCOUNT, at)
            self.room.threads = THREADS - len(self.ends)
            for book in pace.choose(self.looks, at, self.room, RATE, pace.awake(self.looks, at)):
                self.held = (quota.taken({"reads": self.held}, limits, at) or {})["reads"]
                self._begin(book, at)
        for number, book in enumerate(self.looks):
            self.longest[number] = max(self.longest[number], seconds - book.began_at)
        return self

    def _do(self, book: Look, habit: str, at: float) -> None:
        if "clicked" in habit and not book.held and book.behind_since == math.inf:
            book.behind_since = at
        if "asked" in habit:
            book.asked_at = at
        if habit == "hinted":
            book.hinted_at = at
        if habit == "watched":
            book.viewed_at = at

    def _begin(self, book: Look, at: float) -> None:
        number = int(book.book)
        self.longest[number] = max(self.longest[number], at - book.began_at)
        self.calls.append(at)
        book.began_at, book.held, book.behind_since = at, True, math.inf
        self.ends.append((at + self.chance.uniform(0.4, 1.2), book))

    def _end(self, at: float) -> None:
        for end, book in [item for item in self.ends if item[0] <= at]:
            self.ends.remove((end, book))
            book.held = False
            if "failing" in self.habits[int(book.book)]:
                book.retry_at = at + back_off.back_off(book.failures)
                book.failures += 1

    def bound(self, number: int) -> float:
        """Return the longest that a book may wait: until it is overdue, then for its turn among the overdue."""
        count = len(self.looks)
        overdue = pace.OVERDUE * max(pace.fair_wait(count, pace.LEFT * RATE), pace.ASLEEP_EVERY)
        queue = (count + 1) / (RATE * LEFT)
        return overdue + queue + (back_off.MOST if "failing" in self.habits[number] else 0)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(HABITS), min_size=1, max_size=14), st.integers(0, 999))
def test_every_book_is_served_within_a_bound_whatever_the_others_do(habits: list[str], seed: int) -> None:
    random.seed(seed)
    day = Day(habits, seed).run(900)
    for number, longest in enumerate(day.longest):
        assert longest <= day.bound(number), (habits[number], longest)
    for at in day.calls:
        assert sum(at <= other < at + 60 for other in day.calls) <= 60, "more than Google allows in a minute"


def test_a_quiet_book_is_read_while_twenty_hot_ones_could_eat_the_whole_quota() -> None:
    day = Day(["quiet", "failing"] + ["clicked"] * 20, 1).run(1200)
    calls = len(day.calls)
    assert calls >= 0.98 * RATE * 1200
    assert day.longest[0] <= pace.OVERDUE * pace.fair_wait(22, pace.LEFT * RATE) + 10
    assert max(day.longest[2:]) <= 60


def test_a_book_that_fails_is_tried_again_but_ever_more_rarely() -> None:
    random.seed(4)
    day = Day(["failing", "quiet"], 1).run(1800)
    assert 5 <= day.looks[0].failures < 60


# -- backing off ------------------------------------------------------------------------------------


@pytest.mark.parametrize("failures", [0, 1, 3, 6, 40])
def test_back_off_has_full_jitter_under_a_cap_that_doubles(failures: int) -> None:
    random.seed(1)
    cap = min(back_off.MOST, back_off.FIRST * 2**failures)
    drawn = [back_off.back_off(failures) for _ in range(2000)]
    assert min(drawn) >= back_off.LEAST
    assert max(drawn) <= cap
    # Uniform from the floor up: workers that failed together come back apart.
    assert sum(drawn) / len(drawn) == pytest.approx((back_off.LEAST + cap) / 2, rel=0.05)
    assert min(drawn) < back_off.LEAST + 0.02 * cap


def test_an_account_that_google_slows_down_waits_seconds_then_up_to_a_minute() -> None:
    random.seed(1)
    first, later = ([back_off.slow_down(strikes) for _ in range(500)] for strikes in (0, 9))
    assert min(*first, *later) >= back_off.SLOW_LEAST
    assert max(first) <= back_off.SLOW_FIRST < max(later) <= back_off.SLOW_MOST


# -- what the database tells ------------------------------------------------------------------------


def look_of(book: str) -> dict:
    return next(fact for fact in schedule.facts()[1] if fact["book"] == book)


def heats() -> dict[str, int]:
    moment, facts = schedule.facts()
    times = ("began_at", "viewed_at", "changed_at", "hinted_at", "asked_at")
    return {f["book"]: pace.heat(Look(f["book"], **{name: f[name] for name in times}), moment, 2) for f in facts}


def test_each_book_knows_who_looks_at_what_it_holds(cohort: Cohort) -> None:
    for audience in ("staff", "jury"):
        agreement.bind(f"book-{audience}", cohort.id, audience, "Titre", 1, {})
    viewing.seen(cohort.id)
    assert heats() == {"book-staff": 2, "book-jury": 0}
    viewing.jury_seen(cohort.id)
    assert heats() == {"book-staff": 2, "book-jury": 2}


def test_facts_say_what_is_behind_held_asked_and_when(cohort: Cohort, count_queries) -> None:
    agreement.bind("book", cohort.id, "staff", "Titre", 1, {"participants": (1, "P"), "papers": (2, "N")})
    fact = look_of("book")
    assert (fact["behind"], fact["held"], fact["failures"], fact["account"]) == (True, False, 0, "")
    assert fact["began_at"] == fact["asked_at"] == fact["hinted_at"] == fact["changed_at"] == -math.inf
    agreement.succeeded("book", {cohort.id: people.version(cohort.id)}, True)
    agreement.ask("book")
    Book.update(lease_owner="another", lease_until=4e9).execute()
    agreement.failed("book", "Non.", 100)
    with count_queries(2):
        moment, [fact] = schedule.facts()
    assert (fact["behind"], fact["held"], fact["failures"]) == (False, True, 1)
    assert fact["asked_at"] == pytest.approx(moment, abs=5)
    assert fact["changed_at"] == pytest.approx(moment, abs=5)
    assert fact["retry_at"] == pytest.approx(moment + 100, abs=5)


def test_old_forms_are_forgotten_and_recent_ones_kept(database_url: str) -> None:
    journal.first_time("old", None)
    SubmittedForm.update(at=now() - timedelta(days=9)).execute()
    journal.first_time("new", None)
    assert journal.forget_forms(now() - worker.FORM_LIFE) == 1
    assert not journal.first_time("new", None)
    assert journal.first_time("old", None)
