"""Who may write to a book now: one worker at a time, whatever dies in the middle."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from peewee import OperationalError

from store.db import connection, database, execute, is_postgresql, rows

#: How long a cycle may hold a book before another worker takes it over, in seconds.
LEASE = 120.0
#: A cycle never makes a page wait longer than this for a row: well under the second after which
#: PostgreSQL looks for a deadlock and ends one of the two at random.
PATIENCE = "300ms"
GAVE_WAY = ("55P03", "40P01")


class GaveWay(Exception):
    """The transaction of a cycle was undone because a page holds a row it needs: to be made again."""


class LeaseLost(Exception):
    """Another worker has taken this book over: nothing more may be written for it."""


def clock() -> float:
    """Return the seconds of the database's clock, the only one that all workers share."""
    if is_postgresql():
        return float(rows("SELECT extract(epoch FROM clock_timestamp())")[0][0])
    return time.time()


def moment() -> datetime:
    """Return the present moment of the database's clock: what workers and pages compare must come from one clock."""
    return as_moment(clock())


def as_moment(seconds: float) -> datetime:
    """Return an instant of the shared clock in UTC without a zone: how every instant is stored."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def take_lease(book_id: str, owner: str) -> int | None:
    """Take a book for one cycle and return the new epoch; None while another worker holds it."""
    seconds = clock()
    with database.atomic():
        taken = execute(
            """
            UPDATE book SET lease_owner = ?, lease_until = ?, epoch = epoch + 1, began_at = ?
            WHERE id = ? AND (lease_until < ? OR lease_owner = '')
            """,
            owner, seconds + LEASE, as_moment(seconds), book_id, seconds,
        )  # fmt: skip
        return rows("SELECT epoch FROM book WHERE id = ?", book_id)[0][0] if taken else None


def check_lease(book_id: str, epoch: int) -> None:
    """Raise LeaseLost unless this epoch still holds the book; lengthen the lease."""
    query = "UPDATE book SET lease_until = ? WHERE id = ? AND epoch = ? AND lease_owner <> ''"
    if not execute(query, clock() + LEASE, book_id, epoch):
        raise LeaseLost(book_id)


def release(book_id: str, epoch: int) -> None:
    """Give a book back."""
    execute("UPDATE book SET lease_owner = '', lease_until = 0 WHERE id = ? AND epoch = ?", book_id, epoch)


#: Books of this process that the store was too far away to take back.
_owed: set[tuple[str, int]] = set()


def give_back(book_id: str, epoch: int) -> None:
    """Give a book back; raise what the store raises when it is away, and owe it then until `pay_back`.

    Without that nobody would have the book until its lease is over.
    """
    _owed.add((book_id, epoch))
    pay_back()


def pay_back() -> None:
    """Give back what could not be given back before."""
    for book_id, epoch in tuple(_owed):
        with connection():
            release(book_id, epoch)
        _owed.discard((book_id, epoch))


@contextmanager
def giving_way() -> Iterator[None]:
    """Open the transaction of a cycle; raise GaveWay when a page holds what it needs.

    A page locks a row, then its cohort; a cycle locks the cohort, then rows. The page always wins.
    """
    try:
        with database.atomic():
            if is_postgresql():
                database.execute_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            yield
    except OperationalError as error:
        if getattr(error.__context__, "sqlstate", None) not in GAVE_WAY:
            raise
        raise GaveWay from error
