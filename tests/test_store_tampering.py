"""Ten thousand rows of the journal and of the minutes, any byte of which changes: each row is located, no other named.

A scenario that fails prints its seed: SEED=7 plays it alone, SCENARIOS=500 plays many.
"""

import os
import random
from typing import Any

import pytest

from store import db, verification
from tests.tampering import COLUMNS, KEYS, Filled, fill, other, read, write
from tests.unguarded import unguarded

SCENARIOS = int(os.environ.get("SCENARIOS", "6"))
SEED = os.environ.get("SEED")
ROWS = {"journal_entry": 9_000, "minutes": 1_000}
#: Columns that say where a row belongs: changed in neighbours, two rows may hide where each came from.
PLACES = {"id", "cohort_id", "number", "place"}


@pytest.fixture
def ten_thousand(database_url: str) -> Filled:
    filled = fill(*ROWS.values())
    assert verification.verify().broken == []
    return filled


def keys() -> list[tuple[str, Any]]:
    """List every row, in the order of its chain."""
    entries = db.rows("SELECT id FROM journal_entry ORDER BY cohort_id, id")
    return [*(("journal_entry", row[0]) for row in entries),
            *(("minutes", row[0]) for row in db.rows("SELECT number FROM minutes ORDER BY place"))]  # fmt: skip


def seeds() -> list[int]:
    return [int(SEED)] if SEED else list(range(SCENARIOS))


def tampered(draw: random.Random, filled: Filled, chosen: list[tuple[str, Any]], spared: set[str], seed: int) -> None:
    """Change one byte of one column of each of these rows, see them all named and no other, and put them back."""
    wanted, undo = set(), []
    with unguarded():
        for table, key in chosen:
            column = draw.choice([name for name in COLUMNS[table] if name not in spared])
            value = read(table, key, column)
            new = other(draw, filled, column, value, 20_000)
            write(table, key, column, new)
            now = new if column == KEYS[table] else key
            undo.append((table, now, column, value))
            wanted.add((table, now.decode("utf-8", "surrogateescape") if isinstance(now, bytes) else now))
    assert {(one.table, one.key) for one in verification.verify().broken} == wanted, f"SEED={seed}"
    with unguarded():
        for table, key, column, value in reversed(undo):
            _put_back(table, key, column, value)
    query = "SELECT id FROM deliberation WHERE id NOT IN (SELECT deliberation_id FROM minutes)"
    filled.spare[:] = [row[0] for row in db.rows(query)]


def _put_back(table: str, key: Any, column: str, value: Any) -> None:
    if isinstance(key, bytes):
        sql = f'UPDATE {table} SET "{column}" = ? WHERE CAST({KEYS[table]} AS BLOB) = ?'  # noqa: S608
        db.execute(sql, value, key)
    else:
        write(table, key, column, value)


def test_any_byte_changed_anywhere_is_located_and_nothing_else_is_named(ten_thousand: Filled) -> None:
    for seed in seeds():
        draw = random.Random(seed)
        tampered(draw, ten_thousand, draw.sample(keys(), draw.choice([1, 3, 30])), set(), seed)
    assert verification.verify().broken == []


def test_bytes_changed_in_rows_that_follow_one_another_are_located_too(ten_thousand: Filled) -> None:
    for seed in seeds():
        draw, rows = random.Random(seed), keys()
        start = draw.randrange(len(rows) - 40)
        tampered(draw, ten_thousand, draw.sample(rows[start : start + 40], draw.choice([2, 12, 30])), PLACES, seed)
    assert verification.verify().broken == []
