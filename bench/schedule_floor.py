"""What no scheduler could beat, given the same quota, the same calls and the same knowledge.

**From the intranet to the sheet.** A scheduler that does nothing but carry changes, with as many
hands as it likes: each cycle begins as soon as the first unsent change of its book has waited for
the others (`pace.COALESCE`) and the quota gives a call, and takes a read and a write. What is
changed before the read is answered travels along; so it does with the reads that are made anyway,
as often as the omniscient scheduler below reads a book that somebody looks at. `carried`
simulates that, with the quota whole.

**From the sheet to the intranet, worst.** Nobody knows of an edit without reading, so an edit typed
just after a read waits for the next one of its book. Whoever reads `n` books at `R` a second lets
one of them wait `n / R`. Reads that carry changes are made when people make them: those that come
back to a book already read in the meantime are lost for the others, so that over any stretch of
`g` seconds `R g + burst >= n + (reads for changes - books they read)`. The floor is the longest `g`
that this forces, and the call that ends the wait.

**From the sheet to the intranet, mean.** A book read `f` times a second, evenly, lets an edit wait
`1 / 2f` on average, and uneven reads let it wait longer. An omniscient scheduler knows how often
each kind of book is edited, kinds being what the real one can tell (nobody there, somebody there
lately, something moved just now, somebody looks), and shares `R` so that the mean is least: `f` in
proportion to the square root of how often. Left alone it would forget the cold books, so it holds
to what is asked of the real one too: no wait longer than ALLOWED times the floor of the worst. The
reads that carry changes are made when people make them, in bursts, on books that somebody looks
at: a burst is worth one read, during which nothing waits (`Forced`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import ceil, floor, inf, sqrt

from store import quota
from sync import pace

#: Seconds of one call: Google's median.
CALL = 0.38
#: How many times a floor may be passed.
ALLOWED = 1.3
#: Reads of one book this close, in seconds, are one burst; closer where all books are read sooner.
RUN = 30.0


def carried(clicks: Sequence[tuple[float, int]], every: float) -> tuple[list[float], list[tuple[float, int]]]:
    """Carry changes, (instant, book) in order, as soon as can be; return how long each waited, and the reads made.

    A book is read anyway `every` so many seconds.
    """
    by_book: dict[int, list[float]] = {}
    for at, book in clicks:
        by_book.setdefault(book, []).append(at)
    due = [(*_begin(times[0], 0.0, every), book, 0) for book, times in sorted(by_book.items())]
    due.sort()
    held: quota.Held | None = None
    waits: list[float] = []
    reads: list[tuple[float, int]] = []
    while due:
        at, anyway, book, first = heappop(due)
        if not anyway:
            at, held = _called(at, held)
            reads.append((at, book))
        times = by_book[book]
        end = bisect_right(times, at + CALL)
        waits += [at + 2 * CALL - time for time in times[first:end]]
        if end < len(times):
            heappush(due, (*_begin(times[end], at + 2 * CALL, every), book, end))
    return waits, reads


def _called(at: float, held: quota.Held | None) -> tuple[float, quota.Held]:
    """Return when a call is made that is due at an instant, and what it leaves in the bucket."""
    if held is not None and quota.level(held, quota.ACCOUNT, at) < 1:
        at = max(at, held[1])
        at += (1 - quota.level(held, quota.ACCOUNT, at)) / quota.ACCOUNT.rate
    return at, (quota.level(held, quota.ACCOUNT, at) - 1, at)


def _begin(click: float, free: float, every: float) -> tuple[float, bool]:
    """Return when the cycle that carries a click begins, once its book is free, and whether it was read anyway."""
    if every == inf:
        return max(click + pace.COALESCE, free), False
    under_way = floor(click / every) * every
    if under_way >= free and click <= under_way + CALL:
        return under_way, True
    following = ceil(max(click, free) / every) * every
    waited = max(click + pace.COALESCE, free)
    return (following, True) if following <= waited else (waited, False)


def longest_wait(books: int, rate: float, reads: Sequence[tuple[float, int]], seconds: float) -> float:
    """Return the wait that reading so many books, at this rate, forces on an edit.

    `reads` carry changes, in order, over so many seconds.
    """
    longest = books / (rate - _lost(reads, books / rate) / seconds)
    times = [at for at, _ in reads]
    for start in range(len(reads)):
        stretch, before = books / rate, 0.0
        while stretch > before:
            before = stretch
            end = bisect_left(times, times[start] + stretch)
            again = end - start - len({book for _, book in reads[start:end]})
            stretch = max(before, (books + again - quota.ACCOUNT.burst) / rate)
        longest = max(longest, stretch)
    return longest + CALL


def _lost(reads: Iterable[tuple[float, int]], stretch: float) -> float:
    """Return how many reads come back to a book sooner than once in a stretch makes necessary."""
    last: dict[int, float] = {}
    lost = 0.0
    for at, book in reads:
        lost += max(0.0, 1 - (at - last.get(book, -inf)) / stretch)
        last[book] = at
    return lost


@dataclass(frozen=True)
class Forced:
    """The reads that carry changes, as the other edits of their books see them.

    Reads of one book that follow one another within RUN seconds are a run. It is taken for one
    read, during which nothing waits at all: `runs` of them a second, which cost `again` reads a
    second besides, and last for `part` of the time in each of the books that people look at.
    """

    runs: float = 0.0
    again: float = 0.0
    part: float = 0.0


def forced(reads: Sequence[tuple[float, int]], seconds: float, looked_at: float, within: float) -> Forced:
    """Sum up the reads that carry changes, made in so many seconds while so many books were looked at."""
    last: dict[int, float] = {}
    runs, lasted = 0, 0.0
    for at, book in reads:
        if at - last.get(book, -inf) > min(RUN, within):
            runs += 1
        else:
            lasted += at - last[book]
        last[book] = at
    part = min(1.0, lasted / (seconds * looked_at)) if looked_at else 0.0
    return Forced(runs / seconds, (len(reads) - runs) / seconds, part)


class Sharing:
    """How an omniscient scheduler shares the reads of one account among its books, kind by kind.

    `often` says how many times a second a book of each kind is edited. No book waits longer than
    ALLOWED times `longest`; those of the last kind, which people look at, get the forced runs.
    """

    def __init__(self, often: Sequence[float], rate: float, longest: float, forced: Forced) -> None:
        self.often, self.rate, self.runs = often, rate - forced.again, forced.runs
        self.waiting = [1.0] * (len(often) - 1) + [1 - forced.part]
        self.least = 1 / (ALLOWED * (longest - CALL))
        self._known: dict[tuple[int, ...], list[float]] = {}

    def shares(self, counts: Sequence[int]) -> list[float]:
        """Return the reads a second of a book of each kind, of which there are so many."""
        key = tuple(counts)
        if key not in self._known:
            self._known[key] = self._shared(key)
        return self._known[key]

    def _shared(self, counts: tuple[int, ...]) -> list[float]:
        least = [self.least] * len(counts)
        least[-1] = max(self.least, self.runs / max(1, counts[-1]))
        held: set[int] = set()
        while True:
            free = [kind for kind in range(len(counts)) if kind not in held]
            left = self.rate - sum(counts[kind] * least[kind] for kind in held)
            weight = sum(counts[kind] * sqrt(self.often[kind]) for kind in free)
            shares = [
                left * sqrt(often) / weight if weight and kind in free else least[kind]
                for kind, often in enumerate(self.often)
            ]
            low = {kind for kind in free if counts[kind] and shares[kind] < least[kind]}
            if not low:
                return shares
            held |= low

    def waited(self, moments: Iterable[Sequence[int]]) -> float:
        """Return how long edits wait for a read, all added up, a second of each moment."""
        return sum(
            count * often * waiting / (2 * share)
            for counts in moments
            for count, often, waiting, share in zip(counts, self.often, self.waiting, self.shares(counts), strict=True)
            if count and often
        )

    def every(self, moments: Sequence[Sequence[int]], kind: int) -> float:
        """Return the seconds between two reads of a book of a kind, on average."""
        shares = [self.shares(counts)[kind] for counts in moments if counts[kind]]
        return len(shares) / sum(shares) if shares else inf
