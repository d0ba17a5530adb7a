"""Keep all workers together under Google's quota."""

import time
from typing import Any

from store import quota
from store.db import connection
from sync import answers
from sync.book import Sheets, Throttled

#: Google allows 60 reads and 60 writes a minute for one account; all workers together stay under 80 %.
RATE, BURST = 60 * 0.8 / 60, 12.0
#: How long a write waits for its token before it gives up: the read that it relies on grows old.
WRITE_PATIENCE = 15.0


class Metered:
    """Count each call against the quota that all workers share."""

    def __init__(self, sheets: Sheets, account: str) -> None:
        self._sheets, self._account = sheets, account

    @property
    def account(self) -> str:
        """Return the address with which spreadsheets are shared."""
        return self._account

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
        self._wait("reads")
        return self._sheets.read(book_id)

    def survey(self, book_id: str) -> answers.Book:
        """Read a book with what adoption needs besides, once the quota allows it."""
        self._wait("reads")
        return self._sheets.survey(book_id)

    def about(self, book_id: str) -> dict[str, Any]:
        """Ask Drive about a file; Drive counts its calls apart from those of Sheets."""
        return self._sheets.about(book_id)

    def write(self, book_id: str, batch: list, ranges: list[str] | None = None) -> answers.Reply:
        """Write to a book once the quota allows it."""
        self._wait("writes")
        return self._sheets.write(book_id, batch, ranges)

    def _wait(self, kind: str) -> None:
        deadline = time.monotonic() + WRITE_PATIENCE
        while not self._take(kind):
            if time.monotonic() > deadline:
                raise Throttled("Le quota de Google est atteint : la synchronisation reprend d'elle-même.")
            time.sleep(0.25)

    def _take(self, kind: str) -> bool:
        with connection():
            return quota.take_tokens(f"{self._account}:{kind}", RATE, BURST)
