"""Tell a book as it is now from an older state of it.

The hidden tab bears the nonce of the last write. A read where it bears an older one is of a moment
before that write: what the write changed would look as if somebody had put the old values back. Such a
read is left alone, until reads go on saying the same: then somebody has restored an older version.
"""

from collections.abc import Mapping

from store import intents, leases
from store.db import connection
from sync.book import Unreachable
from sync.cells import Tab

#: Seconds for which a state that does not know of our last write is taken for an old one; 0 believes it at once.
PATIENCE = 10.0
STALE = (
    "Google a montré un état du classeur d'avant la dernière écriture : le prochain passage le relira. "
    "Si quelqu'un vient de rétablir une ancienne version, elle sera prise en compte dans quelques secondes."
)


def check(book_id: str, tabs: Mapping[int, Tab]) -> None:
    """Raise Unreachable when a read is of a moment before our last write."""
    with connection():
        last = intents.last_landed(book_id)
        if last is None or last.scratch_id not in tabs:
            # Nothing was written lately, or somebody deleted the hidden tab: nothing tells.
            return
        scratch = tabs[last.scratch_id]
        shown = {scratch.text(0, column) for column in range(scratch.column_count)}
        moment = leases.clock()
        if shown.intersection((last.nonce, *last.sent_since)):
            if last.missed_since is not None:
                intents.missed(last.nonce, None)
        elif moment - (moment if last.missed_since is None else last.missed_since) >= PATIENCE:
            intents.disbelieve(book_id)
        else:
            intents.missed(last.nonce, moment if last.missed_since is None else last.missed_since)
            raise Unreachable(STALE)
