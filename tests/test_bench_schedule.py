"""The simulated day, quick: every wait within 1.3 of what no scheduler could beat, and the same seed ends the same."""

from math import inf

import pytest

from bench import schedule, schedule_floor
from bench.schedule_floor import CALL, Forced, Sharing
from store import quota
from sync import pace

RATE = quota.ACCOUNT.rate
HOUR = 3600.0


@pytest.mark.parametrize("accounts", [1, 5])
@pytest.mark.parametrize("books", [1, 10, 100])
def test_every_wait_is_within_reach_of_its_floor(books: int, accounts: int) -> None:
    # One person types at a time in ten books: an hour is too few edits to tell anything.
    waits = schedule.Day(books, accounts, 3 * HOUR if books <= 10 else HOUR, seed=7).run().waits()
    assert max(schedule.ratios(waits)) <= schedule.ALLOWED, waits


def test_a_thousand_books_of_five_accounts_too() -> None:
    waits = schedule.Day(1000, 5, HOUR / 2, seed=7).run().waits()
    assert max(schedule.ratios(waits)) <= schedule.ALLOWED, waits


def test_the_same_seed_ends_the_same_and_another_does_not() -> None:
    first, again, other = (schedule.Day(10, 1, HOUR / 4, seed).run().waits() for seed in (3, 3, 4))
    assert first == again != other


@pytest.mark.parametrize(
    ("name", "value"), [("FAIR", 0.3), ("ENOUGH", {1: 1e9, 2: 1e9}), ("COALESCE", 1.6), ("RESERVE", 11.99)]
)
def test_a_worse_pace_is_seen(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    """Cold books forgotten, hot ones not read more often, changes that wait, calls that are lost."""
    floors = schedule_floor.pace.COALESCE
    monkeypatch.setattr(pace, name, value)
    day = schedule.Day(100, 1, HOUR, seed=7).run()
    monkeypatch.setattr(pace, "COALESCE", floors)
    assert max(schedule.ratios(day.waits())) > schedule.ALLOWED


# -- the floors -------------------------------------------------------------------------------------


def test_a_change_alone_waits_for_others_then_for_two_calls() -> None:
    waits, reads = schedule_floor.carried([(10.0, 1)], inf)
    assert waits == pytest.approx([pace.COALESCE + 2 * CALL])
    assert reads == [(10.0 + pace.COALESCE, 1)]


def test_a_burst_travels_together_and_what_comes_too_late_goes_next() -> None:
    burst = [(10.0, 1), (10.5, 1), (10.0 + pace.COALESCE + CALL, 1), (11.2, 1)]
    waits, reads = schedule_floor.carried(burst, inf)
    assert waits[:3] == pytest.approx([1.36, 0.86, CALL])
    assert [at for at, _ in reads] == pytest.approx([10.6, 11.8])
    assert len(waits) == 4


def test_a_read_made_anyway_carries_a_change_sooner() -> None:
    assert schedule_floor.carried([(10.2, 1)], 5.0)[0] == pytest.approx([10.0 + 2 * CALL - 10.2])
    assert schedule_floor.carried([(9.8, 1)], 5.0)[0] == pytest.approx([0.2 + 2 * CALL])
    assert schedule_floor.carried([(11.0, 1)], 5.0)[0] == pytest.approx([pace.COALESCE + 2 * CALL])


def test_more_changes_than_the_quota_wait_for_it() -> None:
    waits, _ = schedule_floor.carried([(0.0, book) for book in range(30)], inf)
    assert max(waits) == pytest.approx(pace.COALESCE + 2 * CALL + (30 - quota.ACCOUNT.burst) / RATE, abs=0.01)


def test_the_longest_wait_is_a_round_of_all_books_longer_when_changes_take_calls() -> None:
    assert schedule_floor.longest_wait(10, RATE, [], HOUR) == pytest.approx(12.5 + CALL)
    flood = [(float(second), 1) for second in range(200)]
    assert schedule_floor.longest_wait(100, 2.0, flood, 200.0) > 100 / 2.0 / (1 - 0.45) + CALL
    apart = [(float(second), second) for second in range(100)]
    assert schedule_floor.longest_wait(100, 2.0, apart, 200.0) == pytest.approx(50 + CALL), "each read was due"


def test_reads_are_shared_by_square_roots_and_nobody_goes_below_the_least() -> None:
    free = Sharing([1.0, 4.0], 3.0, inf, Forced())
    assert free.shares([1, 1]) == pytest.approx([1.0, 2.0])
    assert free.waited([[1, 1]]) == pytest.approx(1 / 2 + 4 / 4)
    held = Sharing([0.0, 4.0], 3.0, 1 / schedule_floor.ALLOWED + CALL, Forced())
    assert held.shares([2, 1]) == pytest.approx([1.0, 1.0])
    for counts in ([5, 1], [1, 5], [0, 3]):
        shares = free.shares(counts)
        assert sum(count * share for count, share in zip(counts, shares, strict=True)) == pytest.approx(3.0)


def test_no_other_sharing_makes_the_mean_less() -> None:
    often, counts = [0.01, 0.2, 1.0], [7, 2, 1]
    sharing = Sharing(often, RATE, inf, Forced())
    least = sharing.waited([counts])
    shares = sharing.shares(counts)
    for place in range(3):
        for other in {0, 1, 2} - {place}:
            moved = list(shares)
            moved[place] += 0.1 * shares[place]
            moved[other] -= 0.1 * shares[place] * counts[place] / counts[other]
            if min(moved) > 0:
                assert sum(n * l / (2 * f) for n, l, f in zip(counts, often, moved, strict=True)) >= least


def test_a_burst_of_reads_is_worth_one() -> None:
    reads = [(0.0, 1), (3.0, 1), (6.0, 1), (100.0, 1), (101.0, 2)]
    found = schedule_floor.forced(reads, 1000.0, 2.0, 1e9)
    assert (found.runs, found.again, found.part) == pytest.approx((3 / 1000, 2 / 1000, 6 / 2000))
    assert schedule_floor.forced(reads, 1000.0, 2.0, 1.0).runs == pytest.approx(5 / 1000)
