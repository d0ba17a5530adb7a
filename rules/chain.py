"""Seals of rows that nobody may change: each covers what its row says and the seal of the row before it.

A byte changed in a row, or a row taken out, breaks the chain at a place that can be named.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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


#: Seals kept behind a row, among which one out of place looks for the row that it followed.
BEHIND = 64
#: Rows out of place that are looked for elsewhere; beyond, each is named where it is missed.
MOVED = 500


@dataclass(frozen=True)
class Link:
    """A row that does not follow the one before it: its key, theirs, its values and the seal that it has.

    values is None where the row holds what can be no value at all. added: its seal would be right without the row.
    """

    chain: object
    key: Any
    before: Any
    values: Sequence[object] | None
    seal: str
    added: bool = False


class Walk:
    """Follow one chain row by row, and keep those that do not follow the one before them.

    Each row is held against the seal that the row before it bears, so that one that was changed is named and not all
    those behind it. A row whose seal alone was changed is told by the next one, and so is a row that was put between
    two others.
    """

    def __init__(self, name: object = None) -> None:
        self.name = name
        self.broken: list[Link] = []
        #: Of the rows behind: the key, whether it is whole, the seal that it bears, then those it may have to bear.
        self._behind: deque[tuple[Any, bool, tuple[str, ...]]] = deque([(None, True, (START,))], BEHIND)

    def step(self, key: Any, values: Sequence[object], stored: str) -> bool:
        """Take the next row; return whether it is whole and follows the one before it."""
        before, _whole, formers = self._behind[-1]
        found = [one for former in formers if (one := _sealed(former, values)) is not None]
        # When the row before follows by a seal that it should bear, its seal was changed: it is named already.
        whole = stored in found or self._added(lambda former: _sealed(former, values) == stored)
        if not whole:
            self.broken.append(Link(self.name, key, before, values if found else None, stored))
        self._behind.append((key, whole, (stored,) if whole else (stored, *found[:BEHIND])))
        return whole

    def _added(self, follows: Callable[[str], bool]) -> bool:
        """Tell whether something follows a whole row further back, naming those between both, which were added."""
        rows = list(self._behind)
        for place in range(len(rows) - 2, -1, -1):
            key, whole, seals = rows[place]
            if whole and follows(seals[0]):
                known = {link.key for link in self.broken}
                self.broken += [
                    Link(self.name, added, key, None, seals[0], added=True)
                    for added, _whole, seals in rows[place + 1 :] if added not in known
                ]  # fmt: skip
                return True
        return False

    @property
    def last(self) -> Any:
        """Return the key of the last row, None when there was none."""
        return self._behind[-1][0]

    def bears(self, head: str) -> bool:
        """Tell whether the last row has this seal, or should have it."""
        return head in self._behind[-1][2]

    def ends(self, head: str) -> bool:
        """Tell whether the chain ends with this seal, as what keeps its head says; rows added behind it are named."""
        return self.bears(head) or (head != START and self._added(lambda former: former == head))


def _sealed(former: str, values: Sequence[object]) -> str | None:
    """Return the seal of values, None where they or the seal before hold what is neither a text nor a number."""
    try:
        return seal(former, values)
    except (TypeError, ValueError):
        return None


def settled(walks: Iterable[Walk]) -> list[Link]:
    """Return the rows that are wrong: one that follows a row named elsewhere, where it was moved to, is not."""
    broken = [link for walk in walks for link in walk.broken]
    seals = {link.seal for link in broken[:MOVED]}
    kept = []
    for place, link in enumerate(broken):
        moved = place < MOVED and link.values is not None and any(
            _sealed(former, link.values) == link.seal for former in seals - {link.seal}
        )
        if not moved:
            kept.append(link)
    return kept
