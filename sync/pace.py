"""Which book next, and how often: within the quota, what people do before what nobody looks at, nobody forgotten.

Everything here is a pure function of what is known of the books and of the hour, in seconds: the
worker and `bench/schedule.py` run the same lines.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

NEVER = -inf
#: A change on our side waits this long for the next one, so that a burst travels together.
COALESCE = 0.6
#: An open page says that it is there at least this often; a hint of Google's makes a book hot for as long
#: as edits may still be on their way; what somebody looked at or changed lately is warm.
WATCHED, CHANGED, HINTED, WARM = 45.0, 150.0, 180.0, 600.0
#: Seconds between two reads that a warm and a hot book ask for.
ENOUGH = {1: 20.0, 2: 4.0}
#: Whatever those ask for, each book is read this many times as often as if all were treated alike.
FAIR = 0.8
#: A book that was hinted at since its last read is worth a read as soon as this.
HINT_EVERY = 2.0
#: Once nobody has been there for AWAKE seconds, each book is read only this often.
AWAKE, ASLEEP_EVERY = 1800.0, 60.0
#: Calls kept aside for what people change: reads that nobody asks for leave them in the bucket.
RESERVE, LEAST = 10.0, 2.0
#: Among the cycles that press, one in this many goes to a book that waited OVERDUE times its turn.
ONE_IN, OVERDUE = 4, 2.0
#: Seconds by which a book that somebody asked for is served before its time, and after which asking
#: tries again a book that has just failed.
ASKED_AHEAD, ASK_AGAIN = 10.0, 5.0
#: Seconds that a wait after a first trouble is drawn from, what they grow to, and the least that is drawn.
BACKOFF_FIRST, BACKOFF_MOST, BACKOFF_LEAST = 2.0, 300.0, 0.5
#: The same for an account that Google asks to slow down: its quota is counted by the minute.
SLOW_FIRST, SLOW_MOST, SLOW_LEAST = 15.0, 64.0, 5.0
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


def heat(look: Look, now: float) -> int:
    """Return 2 for a book somebody looks at or edits now, 1 for one looked at or edited lately, 0 for the others."""
    if now - look.viewed_at < WATCHED or now - look.changed_at < CHANGED or now - look.hinted_at < HINTED:
        return 2
    return 1 if now - max(look.viewed_at, look.changed_at) < WARM else 0


def awake(looks: Iterable[Look], now: float) -> bool:
    """Tell whether anybody has been there lately, on any page or in any book."""
    since = now - AWAKE
    return any(
        max(look.viewed_at, look.changed_at, look.hinted_at, look.asked_at) > since or look.behind_since < inf
        for look in looks
    )


def rhythm(looks: Iterable[Look], now: float, rate: float) -> tuple[float, float, float]:
    """Return how many reads a second a cold, a warm and a hot book get, out of `rate` in all.

    Each gets what is fair; then the hot ones what they ask for, then the warm ones, as far as it
    goes; what is left goes to all.
    """
    counts = [0, 0, 0]
    for look in looks:
        counts[heat(look, now)] += 1
    total = sum(counts) or 1
    fair = FAIR * rate / total
    spare, more = rate - fair * total, {}
    for kind, seconds in sorted(ENOUGH.items(), reverse=True):
        wished = max(0.0, 1 / seconds - fair)
        more[kind] = min(wished, spare / counts[kind]) if counts[kind] else wished
        spare -= counts[kind] * more[kind]
    base = fair + spare / total
    return base, base + more[1], base + more[2]


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


def lateness(look: Look, now: float, rates: Sequence[float]) -> float:
    """Return how many times its turn a book has waited since its last read."""
    rate = rates[heat(look, now)]
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
    turns = _Turns(ready, looks, now, rate, is_awake)
    chosen: list[Look] = []
    while room.threads > 0 and room.tokens >= 1:
        look = _next(pressing, turns, room)
        if look is None:
            break
        chosen.append(look)
        ready.remove(look)
        if look in pressing:
            pressing.remove(look)
        room.threads -= 1
        room.tokens -= 1
    return chosen


def _next(pressing: Sequence[Look], turns: "_Turns", room: Room) -> Look | None:
    if pressing:
        room.pressed += 1
        if room.pressed < ONE_IN or not (forgotten := turns.oldest(OVERDUE)):
            return pressing[-1]
        room.pressed = 0
        return forgotten
    if room.threads == 1 < room.of or room.tokens < LEAST + 1:
        return None
    return turns.latest() if room.tokens >= RESERVE + 1 else turns.oldest(1.0)


def _began(look: Look) -> float:
    return look.began_at


class _Turns:
    """Whose turn it is among the books of one account that nobody waits for."""

    def __init__(self, ready: list[Look], looks: Sequence[Look], now: float, rate: float, is_awake: bool) -> None:
        self.ready, self.looks, self.now, self.rate, self.is_awake = ready, looks, now, rate, is_awake
        #: Seconds between two reads of a book that are fair.
        self.fair = max(len(looks) / (FAIR * rate), 0.0 if is_awake else ASLEEP_EVERY)

    def oldest(self, times: float) -> Look | None:
        """Return the book not read for the longest, if that is so many times what is fair."""
        look = min(self.ready, key=_began, default=None)
        return look if look and self.now - look.began_at >= times * self.fair else None

    def latest(self) -> Look | None:
        """Return a book that by the next read would have waited more than is fair, else the latest for its turn."""
        if not self.is_awake:
            return self.oldest(1.0)
        soon = self.oldest(1 - 1 / (self.rate * self.fair))
        if soon or not self.ready:
            return soon
        rates = rhythm(self.looks, self.now, self.rate)
        return max(self.ready, key=lambda look: lateness(look, self.now, rates))


def pause(looks: Iterable[Look], now: float, tick: float) -> float:
    """Return how long to wait before looking again: a tick, or less when a change will have waited enough."""
    soon = (look.behind_since + COALESCE - now for look in looks)
    return min((seconds for seconds in soon if 0 < seconds < tick), default=tick)


def back_off(failures: int, least: float = BACKOFF_LEAST) -> float:
    """Return how many seconds a book waits after so many troubles before this one.

    Full jitter: drawn anywhere under a cap that doubles, so that books and workers that failed
    together do not come back together. `least` keeps from asking again at once.
    """
    return _drawn(failures, least, BACKOFF_FIRST, BACKOFF_MOST)


def slow_down(strikes: int) -> float:
    """Return how many seconds an account waits when Google asks it to slow down, so many times in a row before."""
    return _drawn(strikes, SLOW_LEAST, SLOW_FIRST, SLOW_MOST)


def _drawn(count: int, least: float, first: float, most: float) -> float:
    return random.uniform(least, max(least, min(most, first * 2 ** min(count, 10))))  # noqa: S311 - no secret
