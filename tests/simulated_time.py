"""A clock that only moves when it is told to, and chance that the same seed repeats."""

import random
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace
from unittest.mock import patch

import tenacity.nap

import localsheets.books.shelf
import store.jury
import store.leases
import store.models.base
import sync.metered

#: When every simulation begins.
START = datetime(2025, 2, 3, 8, 0, tzinfo=UTC).timestamp()


class Clock:
    """The present moment of a simulation, in seconds, and its dice."""

    def __init__(self) -> None:
        self.seconds = START
        self.dice = random.Random(0)

    def begin(self, seed: object) -> None:
        """Go back to the beginning, with the dice of a seed; localsheets draws from the common ones."""
        self.seconds = START
        self.dice = random.Random(f"dice {seed}")
        random.seed(f"localsheets {seed}")

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds

    def moment(self, zone: object = None) -> datetime:
        """Return the present moment."""
        return datetime.fromtimestamp(self.seconds, UTC)

    def token_hex(self, size: int = 32) -> str:
        """Draw what `secrets.token_hex` would."""
        return self.dice.randbytes(size).hex()


class _Dates:
    """The class `date`, but for today."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def today(self) -> date:
        return self._clock.moment().date()

    def __getattr__(self, name: str) -> object:
        return getattr(date, name)


@contextmanager
def unreal() -> Iterator[Clock]:
    """Put a virtual clock and seeded dice under every source of time and chance of the store and the sync."""
    clock = Clock()
    waiting = SimpleNamespace(monotonic=lambda: clock.seconds, time=lambda: clock.seconds, sleep=clock.advance)
    with ExitStack() as stack:
        for target, name, value in (
            (store.models.base, "datetime", SimpleNamespace(now=clock.moment)),
            (store.leases, "time", waiting),
            (store.jury, "date", _Dates(clock)),
            (sync.metered, "time", waiting),
            (tenacity.nap, "time", waiting),
            (secrets, "choice", lambda items: clock.dice.choice(items)),
            (secrets, "randbelow", lambda most: clock.dice.randrange(most)),
            (secrets, "token_hex", clock.token_hex),
            (localsheets.books.shelf, "token_urlsafe", clock.token_hex),
        ):
            stack.enter_context(patch.object(target, name, value))
        yield clock
