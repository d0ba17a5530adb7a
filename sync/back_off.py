"""How long to wait after a trouble, so that those who failed together do not come back together."""

import random

#: Seconds that a wait after a first trouble is drawn from, what they grow to, and the least that is drawn.
FIRST, MOST, LEAST = 2.0, 300.0, 0.5
#: The same for an account that Google asks to slow down: its quota is counted by the minute.
SLOW_FIRST, SLOW_MOST, SLOW_LEAST = 15.0, 64.0, 5.0


def back_off(failures: int, least: float = LEAST) -> float:
    """Return how many seconds a book waits after so many troubles before this one.

    Full jitter: drawn anywhere under a cap that doubles, so that books and workers that failed
    together do not come back together. `least` keeps from asking again at once.
    """
    return _drawn(failures, least, FIRST, MOST)


def slow_down(strikes: int) -> float:
    """Return how many seconds an account waits when Google asks it to slow down, so many times in a row before."""
    return _drawn(strikes, SLOW_LEAST, SLOW_FIRST, SLOW_MOST)


def _drawn(count: int, least: float, first: float, most: float) -> float:
    return random.uniform(least, max(least, min(most, first * 2 ** min(count, 10))))  # noqa: S311 - no secret
