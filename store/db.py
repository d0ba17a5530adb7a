"""Connect to the store, SQLite and PostgreSQL alike."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlparse

from peewee import DatabaseProxy, SqliteDatabase
from playhouse.db_url import parse
from playhouse.migrations import Runner
from playhouse.pool import PooledPostgresqlDatabase

from store.file_troubles import trouble

database = DatabaseProxy()
MIGRATIONS = Path(__file__).with_name("migrations")
#: Key of the PostgreSQL advisory lock under which one process at a time migrates.
MIGRATION_LOCK = 7_277_355_3
#: FULL makes an answered commit survive a power cut; NORMAL loses some (measured).
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 15_000,
    "cache_size": -16_000,
    "temp_store": "memory",
}


class NoFolder(Exception):
    """The folder of an SQLite file is not there and cannot be made; the text says which and why, in French."""


def connect(url: str) -> None:
    """Bind the models to the database at `url`; no connection is opened yet. Raise NoFolder where none can be."""
    current = database.obj
    if current is not None and not current.is_closed():
        current.close()
    if url.startswith("sqlite:///"):
        database.initialize(_sqlite(url.removeprefix("sqlite:///")))
    elif urlparse(url).scheme in ("postgres", "postgresql"):
        database.initialize(_postgresql(url))
    else:
        raise ValueError(
            f"DATABASE_URL commence par « {urlparse(url).scheme} » : il faut sqlite:///fichier ou postgresql://…"
        )


def _sqlite(path: str) -> SqliteDatabase:
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        # The folder that is in the way may be one above.
        raise NoFolder(
            f"DATABASE_URL place la base dans {path}, mais le dossier {error.filename} ne peut pas être créé : "
            f"{trouble(error)}."
        ) from error
    # IMMEDIATE: a deferred transaction that reads then writes fails as soon as another one wrote meanwhile.
    return SqliteDatabase(path, pragmas=SQLITE_PRAGMAS, lock_type="IMMEDIATE", timeout=15)


def _postgresql(url: str) -> PooledPostgresqlDatabase:
    options = parse(url, unquote_password=True, unquote_user=True)
    return PooledPostgresqlDatabase(
        options.pop("database"), max_connections=40, timeout=5, stale_timeout=300, prefer_psycopg3=True, **options
    )


def is_postgresql() -> bool:
    """Tell whether the bound database is PostgreSQL."""
    return not isinstance(database.obj, SqliteDatabase)


@contextmanager
def connection() -> Iterator[None]:
    """Open this thread's connection for a block of work.

    SQLite keeps it for the thread's next block (opening one costs more than a page's
    queries); PostgreSQL gives it back to the pool, which a restart of the server empties.
    """
    database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if is_postgresql():
            database.close()


@contextmanager
def joined() -> Iterator[None]:
    """Open a transaction, or join the one already open: for a verb that writes only once all is checked."""
    if database.in_transaction():
        yield
    else:
        with database.atomic():
            yield


@contextmanager
def snapshot() -> Iterator[None]:
    """Read one moment of the store, without keeping anybody from writing."""
    if not is_postgresql():
        with database.atomic("DEFERRED"):
            yield
        return
    with database.atomic():
        if database.transaction_depth() == 1:
            database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def streamed(sql: str, together: int) -> Iterator[tuple]:
    """Give the rows of a query a few at a time, inside a transaction: however many they are, memory stays the same."""
    cursor = database.connection().cursor(name="streamed") if is_postgresql() else database.cursor()
    try:
        cursor.execute(sql)
        while found := cursor.fetchmany(together):
            yield from found
    finally:
        cursor.close()


def rows(query: object, *values: object) -> list[tuple]:
    """Run a query, built by peewee or written by hand with `?`, and return its rows as tuples.

    Hot paths write theirs by hand: peewee takes longer to build a query than SQLite to answer it.
    """
    if isinstance(query, str):
        sql = query.replace("?", "%s") if is_postgresql() else query
        return database.execute_sql(sql, values).fetchall()
    return list(query.tuples())  # type: ignore[attr-defined]


def execute(sql: str, *values: object) -> int:
    """Run a statement written by hand with `?`; return how many rows it touched."""
    return database.execute_sql(sql.replace("?", "%s") if is_postgresql() else sql, values).rowcount


def as_date(value: object) -> date | None:
    """Return the date of a row that a hand-written query gave: SQLite gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]


def as_datetime(value: object) -> datetime | None:
    """Return the instant of a row that a hand-written query gave: SQLite gives its text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]


def pending() -> list[str]:
    """Name the migrations that this database has not had yet."""
    return [item.name for item in Runner(database.obj, str(MIGRATIONS)).status() if not item.applied]


def upgrade() -> list[str]:
    """Apply the missing migrations, one process at a time; return their names."""
    with connection(), migration_lock():
        return Runner(database.obj, str(MIGRATIONS)).up()


@contextmanager
def migration_lock() -> Iterator[None]:
    """Keep every other process from migrating meanwhile."""
    if is_postgresql():
        database.execute_sql("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))
    else:
        with _file_lock(Path(f"{database.obj.database}.migration")):
            yield


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """Hold a lock of this machine; the kernel releases it with the process, however it ends."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
