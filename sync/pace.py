"""Which book next, and how often: within the quota, what people do before what nobody looks at, nobody forgotten.

Everything here is a pure function of what is known of the books and of the hour, in seconds: the
worker and `bench/schedule.py` run the same lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf

NEVER = -inf
#: A change on our side waits this long for the next one, so that a burst travels together.
COALESCE = 0.6
#: An open page says that it is there at least this often; a hint of Google's makes a book hot for as long
#: as edits may still be on their way; what somebody looked at or changed lately is warm.
WATCHED, HINTED, WARM = 45.0, 180.0, 600.0
#: One that moved is hot for so long, and for as many fair waits: the next reads then come while it is edited.
MOVED, MOVED_TURNS = 60.0, 4.0
#: Seconds between two reads that a warm and a hot book ask for.
ENOUGH = {1: 20.0, 2: 4.0}
#: Whatever those ask for, each book is read this many times as often as if all were treated alike.
FAIR = 0.82
#: Seconds taken off a fair wait, since ticks and the call that ends it come on top.
ON_TOP = 0.3
#: A book that was hinted at since its last read is worth a read as soon as this.
HINT_EVERY = 2.0
#: Once nobody has been there for AWAKE seconds, each book is read only this often.
AWAKE, ASLEEP_EVERY = 1800.0, 60.0
#: Calls kept aside for what people change: reads that nobody asks for leave RESERVE in the bucket. A book that has
#: waited its fair time draws on them, but for as many as may change at once: one book in TOGETHER, LEAST at the least.
RESERVE, LEAST, TOGETHER = 10.75, 1.0, 20.0
#: Among the cycles that press, one in this many goes to a book that waited OVERDUE times its turn.
ONE_IN, OVERDUE = 4, 1.5
#: Seconds over which the calls that people's changes take are averaged, and the least share of all that others get.
MEMORY, LEFT = 600.0, 0.25
#: Seconds by which a book that somebody asked for is served before its time, and after which asking
#: tries again a book that has just failed.
ASKED_AHEAD, ASK_AGAIN = 10.0, 5.0
#: After so many failures a book waits for its turn, like one that nobody looks at.
PATIENCE = 4


@dataclass(slots=True, eq=False)
class Look:
    """What is known of one book when the next one is chosen; instants in seconds, NEVER when it never was."""

    book: str
    account: str = ""
    #: When its last cycle began.
    began_at: float = NEVER
    viewed_at: float = NEVER
    changed_at: float = NEVER
    hinted_at: float = NEVER
    asked_at: float = NEVER
    #: Since when there is something to send; inf when there is not.
    behind_since: float = inf
    retry_at: float = NEVER
    failures: int = 0
    #: Whether a worker holds it.
    held: bool = False

    @property
    def asked(self) -> bool:
        """Tell whether somebody asked for a cycle that has not begun."""
        return self.asked_at > self.began_at

    @property
    def hinted(self) -> bool:
        """Tell whether Google said that something moved, since the last read."""
        return self.hinted_at > self.began_at


@dataclass(slots=True)
class Room:
    """What one account can still do now."""

    #: Reads that the quota allows at once.
    tokens: float
    #: Cycles that may begin now, of how many at once.
    threads: int
    of: int
    #: Cycles begun for what presses since the last one for a book whose turn had come.
    pressed: int = 0
    #: How many a second begin for what presses, on average over the last MEMORY seconds; and when that was counted.
    load: float = 0.0
    counted_at: float = NEVER

    def left(self, rate: float) -> float:
        """Return how many reads a second of a rate are left by what presses."""
        return max(LEFT * rate, rate - self.load)

    def count(self, now: float, begun: int) -> None:
        """Count the cycles begun now for what presses."""
        self.load = self.load * exp((self.counted_at - now) / MEMORY) + begun / MEMORY
        self.counted_at = now


def heat(look: Look, now: float, fair: float) -> int:
    """Return 2 for a book somebody looks at or edits now, 1 for one looked at or edited lately, 0 for the others.

    `fair` is the seconds between two reads that are fair to all.
    """
    moved = min(WARM, max(MOVED, MOVED_TURNS * fair))
    if now - look.viewed_at < WATCHED or now - look.changed_at < moved or now - look.hinted_at < HINTED:
        return 2
    return 1 if now - max(look.viewed_at, look.changed_at) < WARM else 0


def awake(looks: Iterable[Look], now: float) -> bool:
    """Tell whether anybody has been there lately, on any page or in any book."""
    since = now - AWAKE
    return any(
        max(look.viewed_at, look.changed_at, look.hinted_at, look.asked_at) > since or look.behind_since < inf
        for look in looks
    )


def rhythm(looks: Sequence[Look], now: float, rate: float) -> tuple[float, float, float]:
    """Return how many reads a second a cold, a warm and a hot book get, out of `rate` in all.

    Each gets what is fair; then the hot and the warm ones what they ask for, less in proportion
    when it is too much; what is left goes to all.
    """
    counts = [0, 0, 0]
    wait = fair_wait(len(looks), rate)
    for look in looks:
        counts[heat(look, now, wait)] += 1
    total = sum(counts) or 1
    fair = FAIR * rate / total
    wishes = [0.0, *(max(0.0, 1 / ENOUGH[kind] - fair) for kind in (1, 2))]
    spare, wished = rate - fair * total, sum(count * wish for count, wish in zip(counts, wishes, strict=True))
    part = min(1.0, spare / wished) if wished else 1.0
    base = fair + max(0.0, spare - wished) / total
    cold, warm, hot = (base + part * wish for wish in wishes)
    return cold, warm, hot


def fair_wait(books: int, rate: float) -> float:
    """Return the seconds between two reads that are fair to each of so many books, at `rate` reads a second."""
    return books / (FAIR * rate) - ON_TOP


def kept(books: int) -> float:
    """Return how many calls are kept for what people change, even from a book that has waited its fair time."""
    return min(RESERVE, max(LEAST, books / TOGETHER))


def ready_at(look: Look) -> float:
    """Return when a book may be tried again: a trouble is never hammered at, whoever asked."""
    return min(look.retry_at, look.began_at + ASK_AGAIN) if look.asked else look.retry_at


def pressing_at(look: Look) -> float:
    """Return the instant from which somebody waits for this book, by which they are served; inf when nobody does."""
    asked = look.asked_at - ASKED_AHEAD if look.asked else inf
    if look.failures >= PATIENCE:
        return asked
    # A book that failed is behind for long: it takes its turn from when it may be tried again.
    return min(asked, max(look.behind_since + COALESCE, look.retry_at))


def lateness(look: Look, now: float, rates: Sequence[float], fair: float) -> float:
    """Return how many times its turn a book has waited since its last read."""
    rate = rates[heat(look, now, fair)]
    return (now - look.began_at) * (max(rate, 1 / HINT_EVERY) if look.hinted else rate)


def choose(looks: Sequence[Look], now: float, room: Room, rate: float, is_awake: bool) -> list[Look]:
    """Return the books of one account whose cycles begin now, and take their reads and threads from `room`.

    What people wait for comes first, in the order in which they began to wait; then, with what the
    quota has beyond the reserve and while a thread stays free, the book whose turn it is. When
    everything presses, one cycle in ONE_IN still goes to the latter.
    """
    ready = [look for look in looks if not look.held and ready_at(look) <= now]
    pressing = sorted((look for look in ready if pressing_at(look) <= now), key=pressing_at, reverse=True)
    if not ready:
        return []
    turns = _Turns(ready, looks, now, room.left(rate), is_awake)
    chosen: list[Look] = []
    begun = 0
    while room.threads > 0 and room.tokens >= 1:
        look = _next(pressing, turns, room)
        if look is None:
            break
        chosen.append(look)
        begun += look in pressing
        ready.remove(look)
        if look in pressing:
            pressing.remove(look)
        room.threads -= 1
        room.tokens -= 1
    room.count(now, begun)
    return chosen


def _next(pressing: Sequence[Look], turns: "_Turns", room: Room) -> Look | None:
    if pressing:
        room.pressed += 1
        if room.pressed < ONE_IN or not (forgotten := turns.oldest(OVERDUE)):
            return pressing[-1]
        room.pressed = 0
        return forgotten
    if room.threads == 1 < room.of or room.tokens < kept(len(turns.looks)) + 1:
        return None
    return turns.latest() if room.tokens >= RESERVE + 1 else turns.oldest(1.0)


def _began(look: Look) -> float:
    return look.began_at


class _Turns:
    """Whose turn it is among the books of one account that nobody waits for."""

    def __init__(self, ready: list[Look], looks: Sequence[Look], now: float, rate: float, is_awake: bool) -> None:
        self.ready, self.looks, self.now, self.rate, self.is_awake = ready, looks, now, rate, is_awake
        #: Seconds between two reads of a book that are fair.
        self.fair = max(fair_wait(len(looks), rate), 0.0 if is_awake else ASLEEP_EVERY)

    def oldest(self, times: float) -> Look | None:
        """Return the book not read for the longest, if that is so many times what is fair."""
        look = min(self.ready, key=_began, default=None)
        return look if look and self.now - look.began_at >= times * self.fair else None

    def latest(self) -> Look | None:
        """Return a book that has waited more than is fair, else the one most behind its turn."""
        found = self.oldest(1.0)
        if found or not self.ready or not self.is_awake:
            return found
        rates = rhythm(self.looks, self.now, self.rate)
        return max(self.ready, key=lambda look: lateness(look, self.now, rates, self.fair))


def pause(looks: Iterable[Look], now: float, tick: float) -> float:
    """Return how long to wait before looking again: a tick, or less when a change will have waited enough."""
    soon = (look.behind_since + COALESCE - now for look in looks)
    return min((seconds for seconds in soon if 0 < seconds < tick), default=tick)
