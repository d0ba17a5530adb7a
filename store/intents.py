"""Guarded writes about to be sent, kept until their outcome is known.

Once it is, their nonce is still kept for a while: the book bears it as a mark that Google takes only
once, so that a write that seemed lost, or that a network repeats, has no effect when it arrives late.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from store.db import as_datetime, execute, rows
from store.leases import moment
from store.models import Intent

#: A write whose outcome is still not seen after this long is forgotten, by the database's clock, whatever that of the
#: worker says: Google has long cut it off.
LIFE = timedelta(minutes=15)


#: What is kept of a settled write: that it landed, so that the hidden tab bears its nonce, or nothing.
_LANDED, _NOTHING = json.dumps({"landed": True}), "{}"


def intend(book_id: str, epoch: int, nonce: str, body: Mapping[str, object]) -> None:
    """Keep a write about to be sent, until its outcome is known."""
    Intent.insert(book=book_id, epoch=epoch, nonce=nonce, body=json.dumps(body), at=moment()).execute()


def settled(nonce: str, landed: bool = False) -> None:
    """Note that the outcome of a write is known; only its mark in the book is still ours to remove.

    `landed` tells that it took effect, and that the hidden tab bears its nonce until another does.
    """
    execute("UPDATE intent SET settled = ?, body = ? WHERE nonce = ?", True, _LANDED if landed else _NOTHING, nonce)


def forget(nonce: str) -> None:
    """Forget a write that left no mark in the book."""
    execute("DELETE FROM intent WHERE nonce = ?", nonce)


def doubted(nonce: str) -> None:
    """Note that Google refused to rule a write out: it may have taken effect, without a trace in the hidden tab."""
    found = rows("SELECT body FROM intent WHERE nonce = ? AND settled = ?", nonce, False)
    if found:
        body = json.dumps(json.loads(found[0][0]) | {"doubted": True})
        execute("UPDATE intent SET body = ? WHERE nonce = ?", body, nonce)


def unsettled(book_id: str) -> list[tuple[str, dict]]:
    """List the writes whose outcome is unknown as (nonce, body)."""
    found = rows("SELECT nonce, body FROM intent WHERE book_id = ? AND settled = ? ORDER BY id", book_id, False)
    return [(nonce, json.loads(body)) for nonce, body in found]


def old(book_id: str) -> set[str]:
    """Return the nonces of the writes of unknown outcome that are too old to land any more.

    The hidden tab may still tell what became of one, so that it is only given up once that was looked at.
    """
    query = "SELECT nonce FROM intent WHERE book_id = ? AND settled = ? AND at < ?"
    return {nonce for (nonce,) in rows(query, book_id, False, moment() - LIFE)}


class Landed(NamedTuple):
    """The last write known to have landed in a book, and whether reads show it."""

    nonce: str
    #: The hidden tab, which bears its nonce; and the writes of unknown outcome sent since.
    scratch_id: int
    sent_since: list[str]
    #: Since when reads do not show it, in seconds of the clock.
    missed_since: float | None


def last_landed(book_id: str) -> Landed | None:
    """Return the last write known to have landed, None when there is none to go by."""
    query = """
        SELECT i.nonce, i.settled, i.body, b.scratch_id FROM intent i JOIN book b ON b.id = i.book_id
        WHERE i.book_id = ? ORDER BY i.id DESC
    """
    sent: list[str] = []
    for nonce, known, body, scratch_id in rows(query, book_id):
        if not known:
            sent.append(nonce)
        elif body != _NOTHING:
            return Landed(nonce, scratch_id, sent, json.loads(body).get("missed"))
    return None


def missed(nonce: str, since: float | None) -> None:
    """Note since when reads do not show the last write that landed; None once they do."""
    body = _LANDED if since is None else json.dumps({"landed": True, "missed": since})
    execute("UPDATE intent SET body = ? WHERE nonce = ?", body, nonce)


def disbelieve(book_id: str) -> None:
    """Go by no earlier write any more: the book is no longer one where they landed."""
    execute("UPDATE intent SET body = ? WHERE book_id = ? AND settled = ?", _NOTHING, book_id, True)


def marks(book_id: str) -> tuple[list[str], list[str]]:
    """List the nonces of writes that must not land any more, and those whose mark has served its time."""
    found = rows("SELECT nonce, settled, at FROM intent WHERE book_id = ? ORDER BY id", book_id)
    old = moment() - LIFE
    served = [nonce for nonce, settled, at in found if settled and as_datetime(at) < old]
    return [nonce for nonce, settled, _ in found if not settled], served
