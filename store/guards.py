"""The guards of the journal and of the minutes: triggers by which the database refuses that a row changes or goes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from store.db import execute, is_postgresql, rows

#: Tables whose rows stay as they were written, and the columns of which each names one row alone; rowid is the number
#: that SQLite gives every row, under which one may be put over another too.
KEPT = {"journal_entry": ("id",), "minutes": ("number", "place", "deliberation_id", "rowid")}


@contextmanager
def lifted() -> Iterator[None]:
    """Take the guards off for a block of a transaction and put them back as they were: for `restore` alone.

    What it empties is replaced as a whole, seals included: nothing of it is changed.
    """
    if is_postgresql():
        for table in KEPT:
            execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in KEPT:
            execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    names = ", ".join(f"'{table}'" for table in KEPT)
    kept = rows(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({names})")  # noqa: S608
    for name, _ in kept:
        execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in kept:
        execute(sql)


def missing() -> list[tuple[str, str]]:
    """List (table, guard) of those that are not there, or are not as the migration made them."""
    there = _postgresql() if is_postgresql() else _sqlite()
    wanted = ("row", "all") if is_postgresql() else ("update", "delete", "insert")
    return [(table, f"{table}_{name}") for table in KEPT for name in wanted if f"{table}_{name}" not in there]


def _sqlite() -> set[str]:
    """Return the names of the triggers that are word for word those of the migration."""
    found = rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name for name, sql in found if _plain(sql) in _wanted()}


def _wanted() -> set[str]:
    texts = set()
    for table, keys in KEPT.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, 'a row of {table} is never changed'); END"
        same = " OR ".join(f"{key} = NEW.{key}" for key in keys)
        known = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of ours
        texts |= {
            _plain(f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}"),
            _plain(f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {refuse}"),
            _plain(f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} {known} {refuse}"),
        }
    return texts


def _plain(sql: str | None) -> str:
    return re.sub(r"\s+", " ", sql or "").strip()


_REFUSAL = "BEGIN RAISE EXCEPTION USING MESSAGE = 'a row of ' || TG_TABLE_NAME || ' is never changed'; END"


def _postgresql() -> set[str]:
    """Return the names of the triggers that are on, of the right kind, and whose function is that of the migration.

    tgtype: 27 is before update or delete of each row, 34 before truncate; tgattr: the columns to which one keeps.
    """
    found = rows(
        """
        SELECT t.tgname, t.tgtype, c.relname, p.prosrc FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND p.proname = 'refuse_change' AND t.tgqual IS NULL
          AND t.tgattr = ''::int2vector AND c.oid = to_regclass(c.relname)
        """
    )
    kinds = {f"{table}_{name}": (table, kind) for table in KEPT for name, kind in (("row", 27), ("all", 34))}
    return {
        name for name, kind, table, body in found
        if kinds.get(name) == (table, kind) and _plain(body) == _REFUSAL
    }  # fmt: skip
