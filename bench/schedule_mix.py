"""What people do in a working day, as a list of instants: who looks, who clicks, who types. Seeded."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

#: A page left open says so this often; a visit lasts between these seconds.
SEEN_EVERY, VISIT = 20.0, (300.0, 1200.0)
#: While a page is open, a burst of clicks every so often: how many, and how far apart.
BURST_EVERY, CLICKS, CLICK_EVERY = 600.0, (4, 16), 3.0
#: Somebody types in a sheet for so long, in bursts as well; half of the time in a book that someone watches.
SESSION, TYPED, TYPE_EVERY, TYPING_EVERY = (300.0, 900.0), (3, 12), 6.0, 90.0
#: And each book, alone, is corrected in its sheet once in so long.
LONE_EDIT_EVERY = 4 * 3600.0


@dataclass(frozen=True, order=True)
class Act:
    """Something that somebody does: "seen", "click" or "typed", in a book by its number."""

    at: float
    kind: str
    book: int


def watched(books: int) -> int:
    """Return how many books somebody looks at on average: one in a hundred, and one at least."""
    return max(1, books // 100)


def day(books: int, seconds: float, seed: int) -> list[Act]:
    """List what people do to so many books, in order."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    visits = [list(_visits(books, seconds, chance)) for _ in range(watched(books))]
    acts = [act for visited in visits for act in _acts(visited, chance)]
    for visited in visits:
        acts += _sessions(books, seconds, visited, chance)
    for book in range(books):
        acts += [Act(at, "typed", book) for at in _poisson(LONE_EDIT_EVERY, 0, seconds, chance)]
    return sorted(act for act in acts if act.at < seconds)


def _poisson(every: float, start: float, end: float, chance: random.Random) -> Iterator[float]:
    at = start + chance.expovariate(1 / every)
    while at < end:
        yield at
        at += chance.expovariate(1 / every)


#: A visit or a session: from when to when, of which book.
Stay = tuple[float, float, int]


def _visits(books: int, seconds: float, chance: random.Random) -> Iterator[Stay]:
    """Visit one book after another."""
    start = 0.0
    while start < seconds:
        end = start + chance.uniform(*VISIT)
        yield start, end, chance.randrange(books)
        start = end


def _acts(visits: list[Stay], chance: random.Random) -> Iterator[Act]:
    """Look at the books visited, and click now and then in a burst."""
    for start, end, book in visits:
        for count in range(int((end - start) / SEEN_EVERY) + 1):
            yield Act(start + count * SEEN_EVERY, "seen", book)
        for at in _poisson(BURST_EVERY, start, end, chance):
            yield from _burst(at, "click", book, CLICKS, CLICK_EVERY, chance)


def _sessions(books: int, seconds: float, visits: list[Stay], chance: random.Random) -> Iterator[Act]:
    """Type in one sheet after another: in a book that somebody visits, or in any."""
    start = 0.0
    while start < seconds:
        visited = next(book for begin, end, book in visits if begin <= start < end)
        book, end = chance.choice((visited, chance.randrange(books))), start + chance.uniform(*SESSION)
        for at in _poisson(TYPING_EVERY, start, end, chance):
            yield from _burst(at, "typed", book, TYPED, TYPE_EVERY, chance)
        start = end


def _burst(
    at: float, kind: str, book: int, counts: tuple[int, int], every: float, chance: random.Random
) -> Iterator[Act]:
    for _ in range(chance.randint(*counts)):
        yield Act(at, kind, book)
        at += chance.expovariate(1 / every)
