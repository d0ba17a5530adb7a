"""Guarded writes about to be sent, kept until their outcome is known."""

import json
from collections.abc import Mapping
from datetime import timedelta

from store.db import execute, rows
from store.leases import moment
from store.models import Intent

#: A write whose outcome was never seen is forgotten after this long, by the database's clock, whatever that of the
#: worker says: Google has long cut it off.
LIFE = timedelta(minutes=15)


def intend(book_id: str, epoch: int, nonce: str, body: Mapping[str, object]) -> None:
    """Keep a write about to be sent, until its outcome is known."""
    Intent.insert(book=book_id, epoch=epoch, nonce=nonce, body=json.dumps(body), at=moment()).execute()


def settled(nonce: str) -> None:
    """Forget a write whose outcome is known."""
    execute("DELETE FROM intent WHERE nonce = ?", nonce)


def unsettled(book_id: str) -> list[tuple[str, dict]]:
    """List the writes whose outcome is unknown as (nonce, body), dropping those too old to land."""
    execute("DELETE FROM intent WHERE book_id = ? AND at < ?", book_id, moment() - LIFE)
    found = rows("SELECT nonce, body FROM intent WHERE book_id = ? ORDER BY id", book_id)
    return [(nonce, json.loads(body)) for nonce, body in found]
