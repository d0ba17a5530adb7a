"""Seals of rows that nobody may change: each covers what its row says and the seal of the row before it.

A byte changed in a row, or a row taken out, breaks the chain at a place that can be named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

#: What the first row of a chain follows.
START = ""


def canonical(value: object) -> str:
    """Write plain values as the one JSON text that they have: keys in order, no blank, letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(content: str | bytes) -> str:
    """Return the SHA-256 of a text in UTF-8 or of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def seal(previous: str, values: Sequence[object]) -> str:
    """Return the seal of a row of plain values that follows a row sealed `previous`."""
    return digest(canonical([previous, *values]))
