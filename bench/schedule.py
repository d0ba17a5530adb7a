"""Simulate the scheduling of 1 to 1,000 books with 1 and 5 service accounts, on a virtual clock.

    python bench/schedule.py [--hours H] [--seed N] [--books N …] [--accounts N …]

The choices are those of the worker: `sync/pace.py` and the buckets of `store/quota.py`, run as they
are, and the worker's own ticks and threads. What people do is in `bench/schedule_mix.py`. Each wait
is printed beside what no scheduler could beat, derived in `bench/schedule_floor.py`; exit 1 when
one passes it more than 1.3 times. The worst wait is not that of the edits that happened to be
typed: it is the longest that an edit would have met, whatever its book and its instant.
"""

import argparse
import heapq
import itertools
import random
import sys
from collections import defaultdict
from collections.abc import Callable
from math import ceil, inf
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import schedule_floor as floor  # noqa: E402 - the repository must be importable first
from bench import schedule_mix as mix  # noqa: E402
from bench.schedule_floor import ALLOWED, CALL  # noqa: E402
from store import quota  # noqa: E402
from sync import pace, worker  # noqa: E402

#: Seconds that a cycle takes besides its calls; and between two samples of who is looked at.
WORK, SAMPLE = 0.03, 5.0
TICK, THREADS = worker.TICK, worker.THREADS


#: What a scheduler can tell of a book: nobody there, somebody there lately, something moved just now, somebody looks.
KINDS = COLD, WARM, MOVED, LOOKED_AT = range(4)


def kind(look: pace.Look, now: float, fair: float) -> int:
    """Return what kind of book it is."""
    return LOOKED_AT if now - look.viewed_at < pace.WATCHED else pace.heat(look, now, fair)


class Account:
    """One service account: its books, its buckets, and the cycles it runs."""

    def __init__(self, day: "Day", name: str, looks: list[pace.Look]) -> None:
        self.day, self.name, self.looks = day, name, looks
        self.room = pace.Room(0.0, THREADS, THREADS)
        self.next_look = inf
        #: How long each click waited for the sheet, each edit for the intranet, and any edit might have.
        self.sent: list[float] = []
        self.entered: list[float] = []
        self.might: list[float] = []
        self.samples: list[list[int]] = []

    def plan(self, at: float) -> None:
        """Look at what there is to do at an instant, unless it is done before."""
        if at < self.next_look:
            self.next_look = at
            self.day.at(at, self._look, at)

    def _look(self, at: float) -> None:
        if at != self.next_look:
            return
        self.next_look = inf
        for look in self.looks:
            if look.behind_since == inf and not look.held and self.day.clicks[look.book]:
                look.behind_since = at - TICK / 2
        self.room.tokens = self._tokens(quota.READS)
        for look in pace.choose(self.looks, at, self.room, self.day.rate, self.day.awake()):
            self._begin(look, at)
        self.plan(at + self._quiet(at))

    def _quiet(self, at: float) -> float:
        """Return for how long the worker's ticks would find nothing to do: the simulation skips them."""
        free = [look for look in self.looks if not look.held]
        behind = [look for look in free if look.behind_since < inf]
        soon = pace.pause(behind, at, inf)
        tokens = self._tokens(quota.READS)
        oldest = min((look.began_at for look in free), default=inf)
        fair = oldest + pace.fair_wait(len(self.looks), self.room.left(self.day.rate)) - at
        turn = max(fair, self._filled(pace.kept(len(self.looks)) + 1 - tokens))
        calls = min(turn, self._filled(pace.RESERVE + 1 - tokens))
        if any(pace.pressing_at(look) <= at for look in behind):
            calls = min(calls, self._filled(1 - tokens))
        return min(soon, TICK * max(1, ceil(calls / TICK - 1e-9)))

    def _filled(self, tokens: float) -> float:
        return tokens / quota.ACCOUNT.rate

    def _tokens(self, kind: str) -> float:
        limits = quota.buckets(self.name, "project", kind)
        return min(quota.level(self.day.buckets.get(name), limit, self.day.now) for name, limit in limits.items())

    def _take(self, kind: str) -> bool:
        limits = quota.buckets(self.name, "project", kind)
        left = quota.taken({name: self.day.buckets.get(name) for name in limits}, limits, self.day.now)
        self.day.buckets |= left or {}
        return left is not None

    def _begin(self, look: pace.Look, at: float) -> None:
        if not self._take(quota.READS):
            raise AssertionError("a cycle was chosen without a call for it")
        if at > self.day.opens:
            self.might.append(at + CALL + WORK - look.began_at)
        look.began_at, look.held, look.behind_since = at, True, inf
        self.day.at(at + CALL + WORK, self._planned, look)

    def _planned(self, look: pace.Look) -> None:
        """End the read of a cycle: what was typed before it began is entered; what was clicked since is written."""
        day = self.day
        seen = [at for at in day.typed[look.book] if at <= look.began_at]
        day.typed[look.book] = day.typed[look.book][len(seen) :]
        self.entered += [day.now - at for at in seen if day.measures(at)]
        clicks, day.clicks[look.book] = day.clicks[look.book], []
        if clicks:
            self._write(look, clicks)
        else:
            self._end(look, bool(seen))

    def _write(self, look: pace.Look, clicks: list[float]) -> None:
        if self._take(quota.WRITES):
            self.day.at(self.day.now + CALL, self._written, look, clicks)
        else:
            self.day.at(self.day.now + 0.25, self._write, look, clicks)

    def _written(self, look: pace.Look, clicks: list[float]) -> None:
        self.sent += [self.day.now - at for at in clicks if self.day.measures(at)]
        self._end(look, True)

    def _end(self, look: pace.Look, changed: bool) -> None:
        look.held = False
        self.room.threads += 1
        if changed:
            look.changed_at = self.day.now
        self.plan(self.day.now)

    def sample(self) -> None:
        """Note how many books of each kind there are."""
        counts, fair = [0] * len(KINDS), pace.fair_wait(len(self.looks), self.day.rate)
        for look in self.looks:
            counts[kind(look, self.day.now, fair)] += 1
        self.samples.append(counts)


class Day:
    """So many books and accounts, and what people do to them for so many seconds."""

    def __init__(self, books: int, accounts: int, seconds: float, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a simulation
        names = [f"account-{number}" for number in range(min(accounts, books))]
        self.rate = min(quota.ACCOUNT.rate, quota.PROJECT.rate / accounts)
        round_of_all = books / len(names) / self.rate
        #: What is done before is not measured, since the books were last read in no order; nor what is done
        #: after, since it might not be read before the end.
        self.opens = 1.5 * round_of_all
        self.closes = self.opens + max(seconds, 3 * round_of_all)
        self.seconds = self.closes + 2 * round_of_all
        self.looks = [
            pace.Look(str(number), names[number % len(names)], began_at=-chance.uniform(0, round_of_all))
            for number in range(books)
        ]
        self.accounts = {
            name: Account(self, name, [look for look in self.looks if look.account == name]) for name in names
        }
        self.chance, self.now, self.buckets = chance, 0.0, {}
        self.clicks: dict[str, list[float]] = defaultdict(list)
        self.typed: dict[str, list[float]] = defaultdict(list)
        self.acts = mix.day(books, self.seconds, seed)
        #: Edits typed while their book was of each kind.
        self.edits = [0] * len(KINDS)
        self.lively = -inf
        self._events: list[tuple] = []
        self._serial = itertools.count()

    def at(self, when: float, do: Callable[..., None], *what: object) -> None:
        """Do something at an instant."""
        heapq.heappush(self._events, (when, next(self._serial), do, what))

    def measures(self, at: float) -> bool:
        """Tell whether what is done at an instant is measured."""
        return self.opens < at <= self.closes

    def awake(self) -> bool:
        """Tell whether anybody was there lately."""
        return self.now - self.lively < pace.AWAKE

    def run(self) -> "Day":
        """Let the day pass."""
        for act in self.acts:
            self.at(act.at, self._act, act)
        for account in self.accounts.values():
            account.plan(0.0)
        for number in range(int((self.closes - self.opens) / SAMPLE)):
            self.at(self.opens + number * SAMPLE, self._sample)
        while self._events and self._events[0][0] <= self.seconds:
            self.now, _, do, what = heapq.heappop(self._events)
            do(*what)
        for look in self.looks:
            # The wait under way when the day ends counts for what it lasted.
            self.accounts[look.account].might.append(self.seconds - look.began_at)
        return self

    def _sample(self) -> None:
        for account in self.accounts.values():
            account.sample()

    def _act(self, act: mix.Act) -> None:
        look, self.lively = self.looks[act.book], self.now
        if act.kind == "seen":
            look.viewed_at = self.now
        elif act.kind == "click":
            self.clicks[look.book].append(self.now)
            self.accounts[look.account].plan(self.now + self.chance.uniform(0, TICK))
        else:
            self.typed[look.book].append(self.now)
            if self.measures(self.now):
                fair = pace.fair_wait(len(self.accounts[look.account].looks), self.rate)
                self.edits[kind(look, self.now, fair)] += 1

    # -- what it comes to ----------------------------------------------------------------------

    def waits(self) -> dict[str, tuple[float, float, float, float]]:
        """Return (mean, its floor, worst, its floor) in each direction, in seconds."""
        accounts = self.accounts.values()
        sent, entered = ([wait for one in accounts for wait in getattr(one, name)] for name in ("sent", "entered"))
        often, carried, worst, waited = self._often(), [], [], 0.0
        for account in accounts:
            mine = [(act.at, act.book) for act in self.acts
                    if act.kind == "click" and self.looks[act.book].account == account.name]  # fmt: skip
            _, reads = floor.carried(mine, inf)
            worst.append(floor.longest_wait(len(account.looks), self.rate, reads, self.seconds))
            looked_at = sum(counts[LOOKED_AT] for counts in account.samples) / len(account.samples)
            forced = floor.forced(reads, self.seconds, looked_at, len(account.looks) / self.rate)
            sharing = floor.Sharing(often, self.rate, worst[-1], forced)
            carried += floor.carried(mine, sharing.every(account.samples, LOOKED_AT))[0]
            waited += sharing.waited(account.samples)
        edits = sum(self.edits) / SAMPLE
        might = max(max(one.might) for one in accounts)
        return {
            "intranet to sheet": (_mean(sent), _mean(carried), max(sent), max(carried)),
            "sheet to intranet": (_mean(entered), waited / edits + CALL, might, max(worst)),
        }

    def _often(self) -> list[float]:
        """Return how many times a second a book of each kind is edited."""
        samples = [counts for one in self.accounts.values() for counts in one.samples]
        counts = [sum(column) for column in zip(*samples, strict=True)]
        return [edits / (SAMPLE * count) if count else 0.0 for edits, count in zip(self.edits, counts, strict=True)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def ratios(waits: dict[str, tuple[float, float, float, float]]) -> list[float]:
    """Return how many times each floor is passed."""
    return [wait / least for mean, mean_least, worst, worst_least in waits.values()
            for wait, least in ((mean, mean_least), (worst, worst_least))]  # fmt: skip


def main() -> int:
    """Run the simulation and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=3, help="of working day, and at least four rounds of all books")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--books", type=int, nargs="+", default=[1, 10, 100, 1000])
    parser.add_argument("--accounts", type=int, nargs="+", default=[1, 5])
    asked = parser.parse_args()
    print(f"{'books':>5} {'accounts':>8}  {'seconds':<17}{'mean':>8}{'floor':>8}{'ratio':>7}"
          f"{'worst':>9}{'floor':>8}{'ratio':>7}")  # fmt: skip
    most = 0.0
    for books, accounts in itertools.product(asked.books, asked.accounts):
        waits = Day(books, accounts, asked.hours * 3600, asked.seed).run().waits()
        for way, (mean, mean_least, worst, worst_least) in waits.items():
            print(f"{books:>5} {accounts:>8}  {way:<17}{mean:>8.2f}{mean_least:>8.2f}{mean / mean_least:>7.2f}"
                  f"{worst:>9.2f}{worst_least:>8.2f}{worst / worst_least:>7.2f}", flush=True)  # fmt: skip
        most = max(most, *ratios(waits))
    print(f"most: {most:.2f} times a floor, {ALLOWED} allowed")
    return 0 if most <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
