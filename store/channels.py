"""The channels by which Google tells that a book moved: opened before they are needed, known by three secrets."""

import hmac
import secrets
from dataclasses import dataclass

from store.db import database, is_postgresql, rows
from store.leases import clock
from store.models import Book, Channel

#: A channel is replaced when it has less than this left, in seconds; a claim to open one holds this long.
RENEW, CLAIM = 600.0, 120.0
#: Compared with what comes for an unknown channel, so that it takes as long as for a known one.
NOBODY = ("no channel", "no resource", "no token")


@dataclass(frozen=True)
class Promise:
    """A channel: of which book, with which account, and how Google and we know it."""

    id: str
    book: str
    account: str
    resource: str
    token: str


def due() -> list[str]:
    """List the bound books that have no channel, or one that ends soon."""
    lasting = Channel.select(Channel.book).where(Channel.until > clock() + RENEW)
    claimed = Channel.select(Channel.book).where((Channel.resource == "") & (Channel.until > clock()))
    query = Book.select(Book.id).where(Book.id.not_in(lasting) & Book.id.not_in(claimed)).order_by(Book.id)
    return [book for (book,) in rows(query)]


def claim(book_id: str) -> Promise | None:
    """Be the one worker that opens a channel for a book; None when another does, or one is open already."""
    with database.atomic():
        query = Book.select(Book.id, Book.account).where(Book.id == book_id)
        found = rows(query.for_update() if is_postgresql() else query)
        if not found or book_id not in due():
            return None
        promise = Promise(secrets.token_hex(16), book_id, found[0][1], "", secrets.token_urlsafe(32))
        Channel.insert(
            id=promise.id, book=book_id, account=promise.account, token=promise.token, until=clock() + CLAIM
        ).execute()
        return promise


def opened(channel_id: str, resource: str, lasts: float) -> None:
    """Note what Google calls a channel that it opened, and for how many seconds it lasts."""
    Channel.update(resource=resource, until=clock() + lasts).where(Channel.id == channel_id).execute()


def put_off(channel_id: str, seconds: float) -> None:
    """Note that Google refused a channel: no other is asked for that book before so many seconds."""
    Channel.update(until=clock() + seconds).where(Channel.id == channel_id).execute()


def orphans() -> list[Promise]:
    """List the channels whose book is no longer bound, or is now read with another account."""
    query = (
        Channel.select(Channel.id, Channel.book, Channel.account, Channel.resource, Channel.token)
        .left_outer_join(Book, on=(Channel.book == Book.id))
        .where(Book.id.is_null() | (Book.account != Channel.account))
    )
    return [Promise(*row) for row in rows(query)]


def forget(channel_id: str) -> bool:
    """Forget a channel; False when another worker did."""
    return bool(Channel.delete().where(Channel.id == channel_id).execute())


def forget_ended() -> None:
    """Forget the channels that Google no longer uses."""
    Channel.delete().where(Channel.until < clock()).execute()


def book_of(channel_id: str, resource: str, token: str) -> str:
    """Return the book that a notification is about; '' unless all three are those of one channel.

    All three are compared, each in constant time, whatever the others are: how long it takes tells nothing.
    """
    query = Channel.select(Channel.id, Channel.resource, Channel.token, Channel.book).where(
        (Channel.id == channel_id) & (Channel.resource != "")
    )
    found = rows(query)
    known = found[0][:3] if found else NOBODY
    pairs = zip((channel_id, resource, token), known, strict=True)
    same = [hmac.compare_digest(given.encode(), ours.encode()) for given, ours in pairs]
    return found[0][3] if found and all(same) else ""
