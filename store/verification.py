"""Whether the journal and the minutes are still what was written: every seal made again, every row held against it.

Whoever holds the database can write a whole chain anew: what was printed and handed out is then what contradicts it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rules.chain import Link, Walk, settled
from store import guards
from store.db import database, is_postgresql, rows, snapshot
from store.verified_minutes import Anchor, MinutesWalk

ENTRIES = (
    'id, at, door, user_id, author, cohort_id, kind, object_id, field, "before", "after", reason, seal'
)  # fmt: skip
#: Entries read at once.
PAGE = 5_000


@dataclass(frozen=True)
class Broken:
    """A row that is not what was sealed: its table, its id or number, and what is wrong, in French."""

    table: str
    key: Any
    what: str


@dataclass
class Verified:
    """How many rows were held against their seals, and those that are broken, in order."""

    minutes: int = 0
    entries: int = 0
    cohorts: int = 0
    broken: list[Broken] = field(default_factory=list)


def verify() -> Verified:
    """Hold every row of the minutes and of the journal against its seal, as they all stood at one moment."""
    found = Verified()
    with _as_stored():
        missing = guards.missing()
        sealed = MinutesWalk()
        found.minutes = sealed.run()
        walks, anchors = _journal(found, sealed)
    found.broken += [Broken(table, name, GUARD) for table, name in missing]
    entries = [Broken("journal_entry", link.key, _told(link)) for link in settled(walks)]
    found.broken += [Broken("minutes", number, what) for number, what in sealed.faults(not entries and not anchors)]
    found.broken += entries
    found.broken += anchors
    return found


GUARD = (
    "Ce garde-fou de la base manque ou n'est plus celui qui a été posé : les lignes de cette table peuvent être "
    "changées sans que rien ne le refuse."
)


@contextmanager
def _as_stored() -> Iterator[None]:
    """Read one moment of the store, without keeping anybody from writing; each text as it is kept, broken or not."""
    if is_postgresql():
        with snapshot():
            yield
        return
    connection = database.connection()
    usual, connection.text_factory = connection.text_factory, lambda kept: kept.decode("utf-8", "surrogateescape")
    try:
        with snapshot():
            yield
    finally:
        connection.text_factory = usual


def _journal(found: Verified, sealed: MinutesWalk) -> tuple[list[Walk], list[Broken]]:
    """Walk the journal of each cohort and that of none; return the walks and what contradicts the heads kept."""
    walks: dict[Any, Walk] = {}
    anchors = _Anchors(sealed.anchors)
    for entry in _entries():
        found.entries += 1
        *values, stored = entry
        key, cohort = values[0], values[5]
        walk = walks.get(cohort)
        if walk is None:
            walk = walks[cohort] = Walk(cohort)
        if walk.step(key, values, stored) and values[6] == "minutes" and values[8] == "sealed":
            sealed.told(values[7], values[10], key)
        anchors.met(walk, key)
    broken = _heads(found, walks)
    seals = {link.seal for walk in walks.values() for link in walk.broken}
    return list(walks.values()), [*broken, *anchors.contradicted(seals)]


def _entries() -> Iterator[tuple]:
    """Give every entry in order, a page at a time."""
    # Below every number that a row may have.
    last: float = float("-inf")
    while True:
        page = rows(f"SELECT {ENTRIES} FROM journal_entry WHERE id > ? ORDER BY id LIMIT {PAGE}", last)  # noqa: S608
        for entry in page:
            at = entry[1]
            # On SQLite the very letters that are kept are held against the seal, whatever they are.
            yield (entry[0], at.isoformat(" ", "microseconds") if isinstance(at, datetime) else at, *entry[2:])
        if len(page) < PAGE:
            return
        last = page[-1][0]


def _heads(found: Verified, walks: dict[Any, Walk]) -> list[Broken]:
    """Compare the end of each chain with the seal that its cohort keeps: a journal cut at its end is missed so."""
    broken, known = [], {None}
    for cohort, code, head in rows("SELECT id, code, journal_seal FROM cohort ORDER BY id"):
        known.add(cohort)
        walk = walks.get(cohort, Walk(cohort))
        walks.setdefault(cohort, walk)
        found.cohorts += 1
        if not walk.ends(head) and not _elsewhere(walks, head):
            values = {"code": code, "entry": walk.last or "–"}
            broken.append(Broken("cohort", cohort, CUT % values))
    for cohort in walks.keys() - known:
        broken.append(Broken("journal_entry", walks[cohort].last, NOWHERE % {"cohort": cohort}))
    return broken


def _elsewhere(walks: dict[Any, Walk], head: str) -> bool:
    """Tell whether a row that bears this seal is named already, where it was moved to."""
    return any(link.seal == head for walk in walks.values() for link in walk.broken)


CUT = (
    "%(code)s : le journal s'arrête à l'entrée %(entry)s, qui n'est pas la dernière scellée (journal_seal) : la fin du "
    "journal a été coupée, ou ce sceau changé."
)
NOWHERE = "Cette entrée est d'une promotion qui n'existe pas (cohort_id %(cohort)s)."


def _told(link: Link) -> str:
    before = link.before or "–"
    if link.added:
        return f"Cette entrée a été ajoutée : la suivante suit encore l'entrée {before}."
    if link.values is None:
        return "Cette entrée contient ce qui n'est ni un texte ni un nombre : elle a été changée."
    return f"Le contenu ou le sceau de cette entrée a changé, ou des entrées manquent entre {before} et elle."


class _Anchors:
    """The heads of the journal that minutes keep, looked for while it is read."""

    def __init__(self, anchors: list[Anchor]) -> None:
        self._by_entry: dict[Any, list[Anchor]] = {}
        for anchor in anchors:
            self._by_entry.setdefault(anchor.entry, []).append(anchor)
        self._met: set[Anchor] = set()

    def met(self, walk: Walk, key: Any) -> None:
        """Note the minutes that keep this entry as the head of its cohort's journal, with a seal that it has."""
        for anchor in self._by_entry.get(key, ()):
            if anchor.cohort == walk.name and walk.bears(anchor.seal):
                self._met.add(anchor)

    def contradicted(self, seals: set[str]) -> list[Broken]:
        """Name the minutes whose head of the journal is there no more; a row that bears its seal is named already."""
        return [
            Broken("minutes", anchor.number, REWRITTEN % {"entry": anchor.entry})
            for anchors in self._by_entry.values() for anchor in anchors
            if anchor not in self._met and anchor.seal not in seals
        ]  # fmt: skip


REWRITTEN = (
    "Le journal n'a plus, à l'entrée %(entry)s, le sceau que ce procès-verbal garde : il a été réécrit depuis."
)
