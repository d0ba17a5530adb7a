"""Which book next, and how often: within the quota, what people do before what nobody looks at."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from store.agreement import HOT
from sync.metered import RATE

#: A change on our side waits this long for the next one, so that a burst travels together.
COALESCE = 0.6
#: Seconds between two reads of a book that somebody looks at, and of one that nobody cares for; between
#: the two, a book looked at or changed in the last ten minutes is read this many times less often.
HOT_EVERY, COLD_EVERY, WARM = 4.0, 60.0, 6
#: An open page says that it is there at least this often.
WATCHED = timedelta(seconds=45)
#: Seconds to wait after a first trouble, and at most.
BACKOFF_FIRST, BACKOFF_MOST = 2.0, 300.0


def heat(state: Mapping[str, Any], moment: datetime) -> int:
    """Return 2 for a book somebody looks at now, 1 for one looked at or changed lately, 0 for the others."""
    looked_at = [at for at in (state["viewed_at"], state["last_change"]) if at is not None]
    ages = [moment - at for at in looked_at]
    return sum(any(age < limit for age in ages) for limit in (WATCHED, HOT))


def quick_pace(states: Iterable[Mapping[str, Any]], moment: datetime) -> float:
    """Return the seconds between two reads of a watched book: when many share the quota, they slow down.

    A quarter of the quota stays for what people change, which must never wait behind idle reads.
    """
    heats = [heat(state, moment) for state in states]
    return max(HOT_EVERY, (heats.count(2) + heats.count(1) / WARM) / (0.75 * RATE))


def due(
    state: Mapping[str, Any], moment: datetime, clock: float, since_change: float, pace: float = HOT_EVERY
) -> bool:
    """Tell whether a book needs a cycle now.

    `since_change` is how many seconds ago its cohort was first seen ahead of the last cycle; `pace`
    is the seconds between two reads of a watched book.
    """
    if state["retry_at"] > clock:
        # Asking again puts this back to zero: a trouble is never hammered at, whoever asked.
        return False
    if state["asked_at"] or state["last_cycle"] is None:
        return True
    if state["pending"] and since_change >= COALESCE:
        return True
    every = (max(pace, COLD_EVERY), WARM * pace, pace)[heat(state, moment)]
    return (moment - state["last_cycle"]).total_seconds() >= every


def back_off(failures: int) -> float:
    """Return how many seconds to wait after a trouble: doubling, capped, with full jitter."""
    return random.uniform(0.5, 1) * min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** min(failures, 10))  # noqa: S311


def urgency(state: Mapping[str, Any], moment: datetime) -> tuple:
    """Return what due books are ordered by: asked for, then watched, then with something to send, then oldest."""
    quiet = not state["pending"]
    return (state["asked_at"] is None, quiet, -heat(state, moment), state["last_cycle"] or datetime.min)
