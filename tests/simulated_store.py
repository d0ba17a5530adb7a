"""The store of a simulation: in memory, put back in an instant, and able to die at any of its lasting effects."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from store import db
from store.models import TABLES

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Crash(BaseException):
    """The process dies here."""


class Pulse:
    """Count what outlives a process: commits, and the effects of its calls. It may be told to die after one."""

    def __init__(self) -> None:
        self.count, self.last, self.dead = 0, 0, False

    @contextmanager
    def another(self, die_after: int = 0) -> Iterator[None]:
        """Count for somebody else meanwhile, who dies after so many lasting effects (0: does not)."""
        state = self.count, self.last, self.dead
        self.count, self.last, self.dead = 0, die_after, False
        try:
            yield
        finally:
            self.count, self.last, self.dead = state

    def die(self) -> None:
        """Die here."""
        self.dead = True
        self.alive()

    def lasts(self) -> None:
        """Note one more lasting effect, and die if it was to be the last."""
        self.count += 1
        if self.count == self.last:
            self.dead = True
        self.alive()

    def alive(self) -> None:
        """Do nothing more once dead: not even what `finally` asks."""
        if self.dead:
            raise Crash

    def revive(self) -> None:
        """Begin another process: what the dead one had not committed is undone."""
        self.dead = False
        database = db.database.obj
        while database.transaction_depth():
            database.pop_transaction()
        if database.in_transaction() or _open(database):
            database.rollback()


def _open(database: object) -> bool:
    connection = database.connection()  # type: ignore[attr-defined]
    return bool(getattr(connection, "in_transaction", False))


#: The pulse of whoever runs now.
pulse = Pulse()


class _Mortal:
    """A database whose statements stop with the process that sends them."""

    def execute_sql(self, sql: str, params: object = None) -> object:
        pulse.alive()
        cursor = super().execute_sql(sql, params)  # type: ignore[misc]
        if not self.in_transaction() and sql.lstrip()[:7].upper().startswith(WRITES):  # type: ignore[attr-defined]
            pulse.lasts()
        return cursor

    def commit(self) -> None:
        pulse.alive()
        super().commit()  # type: ignore[misc]
        pulse.lasts()


class MortalSqlite(_Mortal, SqliteDatabase):
    """SQLite in memory."""


@contextmanager
def in_memory() -> Iterator[None]:
    """Bind the models to an empty, migrated store in memory."""
    before = db.database.obj
    database = MortalSqlite(":memory:", pragmas={"foreign_keys": 1}, lock_type="IMMEDIATE")
    db.database.initialize(database)
    try:
        with db.connection():
            Runner(database, str(db.MIGRATIONS)).up()
            yield
    finally:
        database.close()
        db.database.initialize(before)


def saved() -> bytes:
    """Return the whole store, to be put back later."""
    return db.database.connection().serialize()


def put_back(image: bytes) -> None:
    """Make the store what it was when it was saved."""
    db.database.connection().deserialize(image)


def digest() -> str:
    """Return a hash of everything in the store, whatever the order in which lines were written."""
    found = hashlib.sha256()
    for table in TABLES:
        names = [name for name in table._meta.columns if name != "id" or table._meta.primary_key.name != "id"]
        columns = ", ".join(f'"{name}"' for name in names)
        lines = db.rows(f'SELECT {columns} FROM "{table._meta.table_name}"')  # noqa: S608 - names of our own tables
        found.update(repr((table.__name__, sorted(map(repr, lines)))).encode())
    return found.hexdigest()
