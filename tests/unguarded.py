"""A store without the guards of what is never changed: for a test that ages the journal or tampers with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from store import db

#: The tables that the database itself keeps as they were written.
KEPT = ("journal_entry", "minutes")


@contextmanager
def unguarded() -> Iterator[None]:
    """Let rows of the journal and of the minutes be changed for a while, as whoever holds the database could."""
    if db.is_postgresql():
        db.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            db.execute("SET session_replication_role = origin")
        return
    marks = ", ".join("?" * len(KEPT))
    guards = db.rows(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})", *KEPT)  # noqa: S608
    for name, _sql in guards:
        db.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        for _name, sql in guards:
            db.execute(sql)
