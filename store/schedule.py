"""What tells which book to look at next: who looks, what changed, what was asked or hinted at, who holds it."""

from datetime import datetime, timedelta

from store.db import as_datetime, execute, rows
from store.leases import clock, moment

#: A hint is written down at most this often for one book: a flood of them is one.
HINT_EVERY = timedelta(seconds=3)
EPOCH = datetime(1970, 1, 1)
_FACTS = """
    SELECT b.id, b.account, b.failures, b.retry_at, b.lease_owner <> '' AND b.lease_until > ?,
        MAX(CASE WHEN c.version > t.seen_version THEN 1 ELSE 0 END),
        MAX(CASE WHEN b.audience = 'jury' THEN c.jury_viewed_at ELSE c.viewed_at END),
        b.began_at, b.last_change, b.hinted_at, b.asked_at
    FROM book b LEFT JOIN tab t ON t.book_id = b.id LEFT JOIN cohort c ON c.id = COALESCE(t.cohort_id, b.cohort_id)
    GROUP BY b.id ORDER BY b.id
"""
_INSTANTS = ("viewed_at", "began_at", "changed_at", "hinted_at", "asked_at")


def facts() -> tuple[float, list[dict]]:
    """Return the present instant, and of each book what tells when it is to be looked at; one query.

    Instants are in seconds of the database's clock, minus infinity when they never were.
    """
    present = clock()
    found = []
    for book, account, failures, retry_at, held, behind, *instants in rows(_FACTS, present):
        told = {name: seconds(as_datetime(at)) for name, at in zip(_INSTANTS, instants, strict=True)}
        told |= {"book": book, "account": account, "failures": failures, "held": bool(held), "behind": bool(behind)}
        found.append(told | {"retry_at": retry_at})
    return present, found


def seconds(at: datetime | None) -> float:
    """Return an instant in seconds, minus infinity for none."""
    return float("-inf") if at is None else (at - EPOCH).total_seconds()


def hint(book_id: str, script: bool = False) -> bool:
    """Note that something may have moved in a spreadsheet; False when it was noted just before, or is not bound.

    It is no more than a reason to read it soon: what is believed is what is read. `script` tells that the script
    in the spreadsheet said so, not Drive: its signal is kept apart, but for one that follows another at once.
    """
    found = rows("SELECT hinted_at FROM book WHERE id = ?", book_id)
    if not found:
        return False
    latest, at = as_datetime(found[0][0]), moment()
    if latest is not None and at - HINT_EVERY < latest <= at:
        return False
    if script:
        return bool(execute("UPDATE book SET hinted_at = ?, script_at = ? WHERE id = ?", at, at, book_id))
    return bool(execute("UPDATE book SET hinted_at = ? WHERE id = ?", at, book_id))


def signals(book_id: str) -> tuple[datetime | None, datetime | None]:
    """Return when the script of a spreadsheet last signalled, and when Drive did if that is later."""
    [(latest, script)] = rows("SELECT hinted_at, script_at FROM book WHERE id = ?", book_id) or [(None, None)]
    latest, script = as_datetime(latest), as_datetime(script)
    return script, latest if latest != script else None
