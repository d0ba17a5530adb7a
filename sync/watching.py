"""Have Drive tell us when a book moves: channels opened, renewed before they end, stopped with their book.

Push is a hint: it comes up to three minutes late or never, so books are read at their pace all the same.
"""

import logging
import time
from collections.abc import Callable

from settings import ServiceAccountError
from store import channels
from store.db import connection
from sync.book import BookTrouble
from sync.metered import Metered

log = logging.getLogger("passerelle.sync")

#: Where notifications arrive, under the public address of this installation.
PATH = "/crochets/drive"
#: Seconds for which a channel is asked, the most that Drive gives for a file, and after which a refusal is tried again.
LIFE, AGAIN = 86_400.0, 3600.0

Connect = Callable[[str], Metered]


def keep(address: str, connect: Connect) -> None:
    """Open the channels that are missing or about to end, and stop those of books that are no longer bound.

    `address` is the public one, '' when Google cannot reach us: then nothing is opened. `connect`
    gives the connection of a service account.
    """
    with connection():
        channels.forget_ended()
        ended, missing = channels.orphans(), channels.due() if address else []
    for promise in ended:
        _stop(promise, connect)
    for book_id in missing:
        with connection():
            promise = channels.claim(book_id)
        if promise is not None:
            _open(promise, address + PATH, connect)


def _open(promise: channels.Promise, address: str, connect: Connect) -> None:
    try:
        answer = connect(promise.account).watch(
            promise.book, promise.id, promise.token, address, int((time.time() + LIFE) * 1000)
        )
    except (BookTrouble, ServiceAccountError) as error:
        # The book is read at its pace all the same, and tells what is wrong with it if anything is.
        log.warning("book %s: no notifications: %s", promise.book, error)
        with connection():
            channels.put_off(promise.id, AGAIN)
        return
    with connection():
        channels.opened(promise.id, answer["resourceId"], int(answer["expiration"]) / 1000 - time.time())


def _stop(promise: channels.Promise, connect: Connect) -> None:
    with connection():
        if not channels.forget(promise.id) or not promise.resource:
            return
    try:
        connect(promise.account).stop_watching(promise.id, promise.resource)
    except (BookTrouble, ServiceAccountError) as error:
        # It ends by itself within a day, and what it says until then is of no channel that we know.
        log.warning("book %s: notifications not stopped: %s", promise.book, error)
