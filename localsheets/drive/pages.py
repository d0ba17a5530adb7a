"""Lists a page at a time: opaque tokens that hold for one question alone."""

import base64
import binascii
import hashlib
import json
from typing import Any

from localsheets.errors import drive_invalid

Json = dict[str, Any]


def page(found: list[Any], size: int, token: str | None, question: str) -> tuple[list[Any], Json]:
    """Return a page of a list and the token of the next one, if any; 400 for a token of another question."""
    start = _start(token, question) if token else 0
    following = {"nextPageToken": _token(start + size, question)} if start + size < len(found) else {}
    return found[start : start + size], following


def _token(start: int, question: str) -> str:
    given = json.dumps([start, hashlib.sha256(question.encode()).hexdigest()[:16]])
    return "~!!~" + base64.urlsafe_b64encode(given.encode()).decode()


def _start(token: str, question: str) -> int:
    try:
        start, _ = json.loads(base64.urlsafe_b64decode(token.removeprefix("~!!~")))
    except (ValueError, TypeError, binascii.Error):
        raise drive_invalid("Invalid Value", "pageToken") from None
    if not isinstance(start, int) or token != _token(start, question):
        raise drive_invalid("Invalid Value", "pageToken")
    return start
