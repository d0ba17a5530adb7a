"""Guarded writes about to be sent, kept until their outcome is known."""

import json
from collections.abc import Mapping
from datetime import timedelta

from store.db import rows
from store.models import Intent
from store.models.base import now

#: A write whose outcome was never seen is forgotten after this long: Google has long cut it off.
LIFE = timedelta(minutes=15)


def intend(book_id: str, epoch: int, nonce: str, body: Mapping[str, object]) -> None:
    """Keep a write about to be sent, until its outcome is known."""
    Intent.insert(book=book_id, epoch=epoch, nonce=nonce, body=json.dumps(body), at=now()).execute()


def settled(nonce: str) -> None:
    """Forget a write whose outcome is known."""
    Intent.delete().where(Intent.nonce == nonce).execute()


def unsettled(book_id: str) -> list[tuple[str, dict]]:
    """List the writes whose outcome is unknown as (nonce, body), dropping those too old to land."""
    Intent.delete().where((Intent.book == book_id) & (Intent.at < now() - LIFE)).execute()
    query = Intent.select(Intent.nonce, Intent.body).where(Intent.book == book_id).order_by(Intent.id)
    return [(nonce, json.loads(body)) for nonce, body in rows(query)]
