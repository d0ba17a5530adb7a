"""Keep all workers together under Google's quota."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from store import quota
from store.db import connection
from sync import answers, back_off
from sync.book import BookTrouble, Sheets, Throttled

log = logging.getLogger("passerelle.sync")

#: How long a call waits for its token before it gives up: the read that a write relies on grows old.
PATIENCE, LOOK_AGAIN = 15.0, 0.25
#: Seconds between two looks at whether a book is in the bin of Drive.
BIN_EVERY = 300.0


class OutOfQuota(Throttled):
    """We would go over the quota: nothing was asked of Google."""


class Metered:
    """Count each call, each attempt of it too, against the quota that all workers share."""

    def __init__(self, sheets: Sheets, account: str, project: str = "") -> None:
        self._sheets, self.account, self._project = sheets, account, project
        sheets.before_call = self._wait
        #: When Drive was last asked about each book.
        self._looked_at: dict[str, float] = {}

    @property
    def reads(self) -> int:
        """Return the reads made so far."""
        return self._sheets.reads

    @property
    def writes(self) -> int:
        """Return the writes made so far."""
        return self._sheets.writes

    def read(self, book_id: str) -> answers.Book:
        """Read a book once the quota allows it."""
        with self._slowing(quota.READS):
            return self._sheets.read(book_id)

    def survey(self, book_id: str) -> answers.Book:
        """Read a book with what adoption needs besides, once the quota allows it."""
        with self._slowing(quota.READS):
            return self._sheets.survey(book_id)

    def about(self, book_id: str) -> dict[str, Any]:
        """Ask Drive about a file; Drive counts its calls apart from those of Sheets."""
        return self._sheets.about(book_id)

    def in_bin(self, book_id: str, asked: bool = False) -> bool:
        """Tell whether a book is in the bin of Drive: Sheets reads and writes it as if it were not.

        Asked once in a while for each book, at once when a person `asked` for the cycle, and at each time while it
        is there; where Drive does not answer, or is
        not enabled, what matters is said by the read that follows.
        """
        if not asked and time.monotonic() - self._looked_at.get(book_id, -BIN_EVERY) < BIN_EVERY:
            return False
        self._looked_at[book_id] = time.monotonic()
        try:
            binned = bool(self.about(book_id).get("trashed"))
        except BookTrouble as trouble:
            log.info("book %s: Drive does not say whether it is in the bin: %s", book_id, trouble)
            return False
        if binned:
            del self._looked_at[book_id]
        return binned

    def write(self, book_id: str, batch: list, ranges: list[str] | None = None) -> answers.Reply:
        """Write to a book once the quota allows it."""
        with self._slowing(quota.WRITES):
            return self._sheets.write(book_id, batch, ranges)

    def watch(self, book_id: str, channel_id: str, token: str, address: str, until: int) -> Mapping[str, Any]:
        """Have Drive tell when a book moves; Drive counts its own calls, by the ten thousand."""
        return self._sheets.watch(book_id, channel_id, token, address, until)

    def stop_watching(self, channel_id: str, resource: str) -> None:
        """Have Drive forget a channel."""
        self._sheets.stop_watching(channel_id, resource)

    def _wait(self, kind: str) -> None:
        limits, deadline = quota.buckets(self.account, self._project, kind), time.monotonic() + PATIENCE
        while not self._take(limits):
            if time.monotonic() > deadline:
                raise OutOfQuota("Le quota de Google est atteint : la synchronisation reprend d'elle-même.")
            time.sleep(LOOK_AGAIN)

    def _take(self, limits: Mapping[str, quota.Limit]) -> bool:
        with connection():
            return quota.take(limits)

    @contextmanager
    def _slowing(self, kind: str) -> Iterator[None]:
        """Make every worker wait when Google says that this account calls too often."""
        try:
            yield
        except OutOfQuota:
            raise
        except Throttled:
            [(name, limit), *_] = quota.buckets(self.account, self._project, kind).items()
            with connection():
                quota.slow_down(name, limit, back_off.slow_down)
            raise
