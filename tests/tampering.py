"""A long journal and many minutes made quickly, and hands that change them behind the back of the application."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rules import chain
from rules.minutes import number as numbered
from store import db
from store.minutes import SEALED
from store.models import Deliberation
from store.verification import ENTRIES
from tests.sync_bench import make_cohort

#: The key of each table, and the columns that hold whole numbers.
KEYS = {"journal_entry": "id", "minutes": "number"}
COLUMNS = {
    "journal_entry": [name.strip(' "') for name in ENTRIES.split(",")],
    "minutes": [*SEALED, "data", "pdf", "previous", "seal"],
}  # fmt: skip
NUMBERS = {"id", "user_id", "cohort_id", "place", "deliberation_id"}


@dataclass
class Filled:
    """What was written: the ids of the cohorts, and how many deliberations wait for minutes that never come."""

    cohorts: list[int]
    spare: list[int]


def fill(entries: int, minutes: int, seed: int = 1) -> Filled:
    """Write so many entries in the journals of three cohorts and of none, minutes among them, as the verbs would."""
    draw = random.Random(seed)
    cohorts = [make_cohort(f"P-{place}", 1).id for place in range(3)]
    sessions = [Deliberation.create(cohort=draw.choice(cohorts), state="closed", closed_by="Tests")
                for _ in range(minutes + 20)]  # fmt: skip
    taken = dict(zip(sorted(draw.sample(range(entries), minutes)), sessions, strict=False))
    written = _Written(draw)
    for rank in range(entries):
        if session := taken.get(rank):
            written.seal(session.id, session.cohort_id, rank)
        else:
            after = draw.choice(["", "présent·e", "x" * 300, "1 2\n3"])
            written.record(draw.choice([*cohorts, None]), "mark", f"P-{rank:08d}", "S-1", after)
    _insert("journal_entry", ENTRIES, written.entries)
    _insert("minutes", ", ".join(COLUMNS["minutes"]), written.minutes)
    for cohort in cohorts:
        db.execute("UPDATE cohort SET journal_seal = ? WHERE id = ?", written.heads[cohort][1], cohort)
    return Filled(cohorts, [session.id for session in sessions[minutes:]])


class _Written:
    """Rows made in memory, chained as the store chains them."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.entries: list[tuple] = []
        self.minutes: list[tuple] = []
        self.previous = ""
        self.next = db.rows("SELECT MAX(id) FROM journal_entry")[0][0] + 1
        #: Of each cohort and of none: the last entry and its seal.
        self.heads: dict[int | None, tuple[int | None, str]] = {None: (None, "")}
        for cohort, entry, sealed in db.rows(
            "SELECT c.id, MAX(j.id), c.journal_seal FROM cohort c JOIN journal_entry j ON j.cohort_id = c.id "
            "GROUP BY c.id, c.journal_seal"
        ):
            self.heads[cohort] = (entry, sealed)

    def record(self, cohort: int | None, kind: str, key: str, field: str, after: str) -> None:
        """Write one entry of the journal."""
        moment = datetime(2026, 1, 1) + timedelta(seconds=self.next, microseconds=7)
        values = [
            self.next, moment.isoformat(" ", "microseconds"), "page", self.draw.choice([None, 1, 2]), "Camille É.",
            cohort, kind, key, field, "", after, "",
        ]  # fmt: skip
        self.heads[cohort] = (self.next, chain.seal(self.heads[cohort][1], values))
        self.entries.append((*values, self.heads[cohort][1]))
        self.next += 1

    def seal(self, deliberation: int, cohort: int, rank: int) -> None:
        """Write minutes, and the entry of the journal that says so."""
        place = len(self.minutes) + 1
        (entry, sealed), (other, last) = self.heads[cohort], self.heads[None]
        journal = {"entry": entry, "seal": sealed, "general": {"entry": other, "seal": last}}
        data = chain.canonical({
            "number": numbered(2026, place), "cohort": {"id": cohort}, "supersedes": None, "journal": journal,
            "more": "é" * 50,
        })  # fmt: skip
        pdf = self.draw.randbytes(200)
        row = [
            place, numbered(2026, place), deliberation, cohort, chain.digest(data), chain.digest(pdf), "Tests",
            f"2026 {rank}",
        ]  # fmt: skip
        self.minutes.append((*row, data, pdf, self.previous, chain.seal(self.previous, row)))
        self.previous = self.minutes[-1][-1]
        self.record(cohort, "minutes", numbered(2026, place), "sealed", row[4])


def _insert(table: str, columns: str, lines: list[tuple]) -> None:
    mark = "%s" if db.is_postgresql() else "?"
    marks = ", ".join([mark] * (columns.count(",") + 1))
    with db.database.atomic():
        db.database.cursor().executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", lines)  # noqa: S608


def read(table: str, key: Any, column: str) -> Any:
    """Return what one cell holds: its very bytes on SQLite, for a text."""
    what = f'"{column}"'
    found = db.rows(f"SELECT {what} FROM {table} WHERE {KEYS[table]} = ?", key)[0][0]  # noqa: S608
    return bytes(found) if isinstance(found, memoryview) else found


def write(table: str, key: Any, column: str, value: Any) -> None:
    """Put a value in one cell; the bytes given for a text are kept as they are on SQLite."""
    text = isinstance(value, bytes) and column != "pdf"
    put = "CAST(? AS TEXT)" if text and not db.is_postgresql() else "?"
    db.execute(f'UPDATE {table} SET "{column}" = {put} WHERE {KEYS[table]} = ?', value, key)  # noqa: S608


def other(draw: random.Random, filled: Filled, column: str, value: Any, largest: int) -> Any:
    """Return what a cell holds once one byte of it was changed."""
    if column == "cohort_id":
        return draw.choice([one for one in filled.cohorts if one != value])
    if column == "deliberation_id":
        return filled.spare.pop()
    if column in NUMBERS:
        return (value or 0) + largest + draw.randint(1, 10**6)
    if isinstance(value, datetime):
        return value + timedelta(microseconds=draw.choice([-1, 1]) * 10 ** draw.randint(0, 9))
    if column == "number":
        # Another digit may make the number of other minutes, which the key of the table refuses.
        place = draw.randrange(len(value))
        return value[:place] + draw.choice("aZé ") + value[place + 1 :]
    body = bytearray(value if isinstance(value, bytes) else value.encode())
    if not body:
        return "x"
    place = draw.randrange(len(body))
    if column == "pdf" or not db.is_postgresql():
        body[place] = draw.choice([byte for byte in range(1, 256) if byte != body[place]])
        return bytes(body)
    letters = list(value)
    place = draw.randrange(len(letters))
    letters[place] = draw.choice([letter for letter in "aZ09 é-" if letter != letters[place]])
    return "".join(letters)
