"""Faults below HTTP: connections that are reset, that hang, that end in the middle of an answer."""

import os
import select
import socket
import struct
import threading
import time
from collections.abc import Iterator
from typing import Any

from localsheets.faults.answers import Answer

POLL = 0.02
LONGEST_HOLD = 600.0


class Dropped(ConnectionAbortedError):
    """End a request without another byte: the server closes its connection."""


def reset(environ: dict[str, Any]) -> Dropped:
    """Send a TCP RST to the client at once; the caller raises what is returned."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # A plain close() waits for the files made from the socket, and a shutdown() would send a polite FIN first.
    os.close(connection.detach())
    return Dropped("reset")


def hold(environ: dict[str, Any], seconds: float | None, closing: threading.Event) -> Dropped:
    """Say nothing until the client gives up, or so many seconds; the caller raises what is returned."""
    connection: socket.socket = environ["werkzeug.socket"]
    until = time.monotonic() + (LONGEST_HOLD if seconds is None else seconds)
    while time.monotonic() < until and not closing.is_set() and not _given_up(connection):
        closing.wait(min(POLL, max(0.0, until - time.monotonic())))
    return Dropped("timeout")


def _given_up(connection: socket.socket) -> bool:
    readable, _, _ = select.select([connection], [], [], 0)
    if not readable:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def cut(answer: Answer, how: str, size: int | None) -> tuple[Answer, bool]:
    """Cut the body of an answer; tells whether the connection must be dropped after it.

    `length` announces the whole length, `chunked` misses its last chunk, `silent` looks complete.
    """
    kept = answer.body[: len(answer.body) // 2 if size is None else min(size, max(0, len(answer.body) - 1))]
    headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
    if how == "length":
        headers.append(("Content-Length", str(len(answer.body))))
    if how == "silent":
        headers.append(("Content-Length", str(len(kept))))
    return Answer(answer.status, headers, kept), how != "silent"


def sent(body: bytes, dropped: bool) -> Iterator[bytes]:
    """Yield a body, then drop the connection when asked to."""
    yield body
    if dropped:
        raise Dropped("truncated")
