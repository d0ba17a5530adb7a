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
    heads: dict[int | None, str] = dict(db.rows("SELECT id, journal_seal FROM cohort"))
    heads[None] = ""
    last = db.rows("SELECT MAX(id) FROM journal_entry")[0][0]
    sessions = [Deliberation.create(cohort=draw.choice(cohorts), state="closed", closed_by="Tests")
                for _ in range(minutes + 20)]  # fmt: skip
    taken = dict(zip(sorted(draw.sample(range(entries), minutes)), sessions, strict=False))
    heads_at = dict(db.rows("SELECT cohort_id, MAX(id) FROM journal_entry GROUP BY cohort_id"))
    journal, sealed, previous = [], [], ""
    for rank in range(entries):
        entry, session = last + rank + 1, taken.get(rank)
        cohort = session.cohort_id if session else draw.choice([*cohorts, None])
        kind, key, field, after = "mark", f"P-{rank:08d}", "S-1", draw.choice(["", "présent·e", "x" * 300, "1 2\n3"])
        if session:
            place = len(sealed) + 1
            head, general = ({"entry": heads_at.get(key), "seal": heads[key]} for key in (cohort, None))
            number = numbered(2026, place)
            data = chain.canonical({
                "number": number, "cohort": {"id": cohort}, "supersedes": None, "more": "é" * 50,
                "journal": {**head, "general": general},
            })  # fmt: skip
            pdf = draw.randbytes(200)
            row = [place, number, session.id, cohort, chain.digest(data), chain.digest(pdf), "Tests", f"2026 {rank}"]
            sealed.append((*row, data, pdf, previous, chain.seal(previous, row)))
            previous = sealed[-1][-1]
            kind, key, field, after = "minutes", number, "sealed", row[4]
        at = (datetime(2026, 1, 1) + timedelta(seconds=rank, microseconds=7)).isoformat(" ", "microseconds")
        values = [entry, at, "page", draw.choice([None, 1, 2]), "Camille É.", cohort, kind, key, field, "", after, ""]
        heads[cohort] = chain.seal(heads[cohort], values)
        heads_at[cohort] = entry
        journal.append((*values, heads[cohort]))
    _insert("journal_entry", ENTRIES, journal)
    _insert("minutes", ", ".join(COLUMNS["minutes"]), sealed)
    for cohort in cohorts:
        db.execute("UPDATE cohort SET journal_seal = ? WHERE id = ?", heads[cohort], cohort)
    return Filled(cohorts, [session.id for session in sessions[minutes:]])


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
