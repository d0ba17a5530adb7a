"""Put a store back as a copy has it: all of it, or nothing."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import DataError, IntegrityError, OperationalError
from playhouse.migrations import Runner

from store import backup_shapes as shapes
from store import guards
from store.backup_reading import NEWER, Copy
from store.backup_shapes import Table, quoted
from store.db import MIGRATIONS, connection, database, execute, is_postgresql, migration_lock, rows
from store.errors import Refused

#: Where the names of the migrations are kept.
HISTORY = "schema_migration"
#: Rows, and bytes of files, inserted with one query.
TOGETHER, HEAVY = 100, 1_000_000
#: How long to wait for those who are writing, and how far the epoch of a lease jumps.
PATIENCE, JUMP = "10s", 1_000
FULL = (
    "La base contient déjà des données (table %(table)s) : rien n'a été écrit. Donnez l'adresse d'une base vide, ou, "
    "pour effacer tout ce que contient celle-ci, ajoutez --replace après en avoir fait une copie."
)
OTHER = "La base contient les tables d'un autre programme (%(table)s) : donnez l'adresse d'une base vide."
BUSY = (
    "La base est en cours d'utilisation : arrêtez l'intranet et la synchronisation (web et worker), puis recommencez. "
    "Rien n'a été écrit."
)
UNKNOWN = "La copie ne correspond pas à la structure qu'elle annonce (table %(table)s). Rien n'a été écrit."
UNFIT = "Table %(table)s : la base refuse une ligne de la copie (%(why)s). Rien n'a été écrit."
ORPHANS = "La copie est incohérente : des lignes de %(table)s nomment ce qui n'y est pas. Rien n'a été écrit."
NOT_EQUAL = "Table %(table)s : ce qui a été écrit n'est pas ce que la copie contient. Tout a été annulé."
AHEAD = (
    "La base a été mise à jour par une version plus récente de Passerelle (%(name)s) : prenez cette version pour y "
    "restaurer une copie."
)


def restore(copy: Copy, replace: bool = False) -> list[str]:
    """Put back a verified copy in one transaction; return the numbers of the minutes that are gone.

    Raises Refused, and leaves everything as it was, when the store holds anything unless `replace`, is in use, or when
    the copy does not fit. A copy of an earlier version is put back as it was, then migrated.
    """
    with connection(), migration_lock(), _no_cascade():
        try:
            with database.atomic():
                return _restore(copy, replace)
        except OperationalError as error:
            if getattr(error.__context__, "sqlstate", "") == "55P03" or "is locked" in str(error):
                raise Refused(BUSY) from error
            raise


def _restore(copy: Copy, replace: bool) -> list[str]:
    runner = Runner(database.obj, str(MIGRATIONS))
    target = copy.head["migration"]
    if target not in {item.name for item in runner.migrations()}:
        raise Refused(NEWER, name=target)
    gone, epoch = _make_way(runner, replace)
    _bring_to(runner, target)
    found = _insert(copy)
    _check(found, copy)
    runner.up()
    _move_on(epoch)
    kept = {number for (number,) in rows("SELECT number FROM minutes")}
    return [number for number in gone if number not in kept]


@contextmanager
def _no_cascade() -> Iterator[None]:
    """Keep SQLite from following references meanwhile, which can only be asked outside a transaction.

    A migration that makes a table anew would else delete what refers to it; `_check` follows them at the end.
    """
    if is_postgresql():
        yield
        return
    database.execute_sql("PRAGMA foreign_keys = 0")
    try:
        yield
    finally:
        database.execute_sql("PRAGMA foreign_keys = 1")


# -- making way ---------------------------------------------------------------------------------


def _make_way(runner: Runner, replace: bool) -> tuple[list[str], int]:
    """Lock and empty the store; return the numbers of the minutes that it held, and its highest epoch."""
    applied = runner.applied()
    there = [name for name in database.get_tables() if name != HISTORY]
    if not applied:
        if there:
            raise Refused(OTHER, table=there[0])
        return [], 0
    gone = [item.name for item in runner.status() if item.path is None]
    if gone:
        raise Refused(AHEAD, name=gone[0])
    if is_postgresql():
        execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        execute(f"LOCK TABLE {quoted(there)} IN ACCESS EXCLUSIVE MODE")
    passing = {model._meta.table_name for model in shapes.LEFT_OUT}
    full = next((name for name in there if name not in passing and _any(name)), None)
    if full and not replace:
        raise Refused(FULL, table=full)
    numbers = [number for (number,) in rows("SELECT number FROM minutes")] if "minutes" in there else []
    epoch = rows("SELECT COALESCE(MAX(epoch), 0) FROM book")[0][0]
    if "minutes" in there:
        with guards.lifted():
            _empty(there)
    else:
        _empty(there)
    return numbers, epoch


def _any(table: str) -> bool:
    return bool(rows(f"SELECT 1 FROM {quoted([table])} LIMIT 1"))  # noqa: S608 - a name of the database's


def _empty(names: list[str]) -> None:
    if is_postgresql():
        execute(f"TRUNCATE {quoted(names)}")
        return
    for name in names:
        execute(f"DELETE FROM {quoted([name])}")  # noqa: S608 - a name of the database's


def _bring_to(runner: Runner, target: str) -> None:
    """Give the empty store the tables that the copy was made of."""
    later = [item.name for item in runner.status() if item.applied and item.name > target]
    if later:
        runner.down(later[0])
    else:
        runner.up(target)


# -- filling it ---------------------------------------------------------------------------------


def _insert(copy: Copy) -> list[Table]:
    """Insert every row of a copy; return its tables. References are to tables that stand before."""
    found: list[Table] = []
    waiting: list[list[Any]] = []
    heavy = 0
    for table, values in copy.rows():
        if values is None:
            if waiting:
                _put(found[-1], waiting)
            waiting, heavy = [], 0
            _known(table)
            found.append(table)
            continue
        waiting.append(values)
        heavy += sum(len(value) for value in values if isinstance(value, bytes | str))
        if len(waiting) == TOGETHER or heavy > HEAVY:
            _put(table, waiting)
            waiting, heavy = [], 0
    if waiting:
        _put(found[-1], waiting)
    return found


def _known(table: Table) -> None:
    """Raise Refused unless the store has this table with these very columns."""
    if {column.name for column in database.get_columns(table.name)} != set(table.names):
        raise Refused(UNKNOWN, table=table.name)


def _put(table: Table, values: list[list[Any]]) -> None:
    marks = ", ".join(["(" + ", ".join("?" * len(table.columns)) + ")"] * len(values))
    sql = f"INSERT INTO {quoted([table.name])} ({quoted(table.names)}) VALUES {marks}"  # noqa: S608 - known names
    try:
        execute(sql, *(value for row in values for value in row))
    except (DataError, IntegrityError, OverflowError, UnicodeError) as error:
        raise Refused(UNFIT, table=table.name, why=str(error).splitlines()[0]) from error


def _check(found: list[Table], copy: Copy) -> None:
    """Hold what was written against what the copy announces, table by table, and follow every reference."""
    left_out = {model._meta.table_name for model in shapes.LEFT_OUT} | {HISTORY}
    missing = set(database.get_tables()) - left_out - {table.name for table in found}
    if missing:
        raise Refused(UNKNOWN, table=min(missing))
    for table in found:
        if shapes.kept(table).told != copy.told[table.name]:
            raise Refused(NOT_EQUAL, table=table.name)
    orphans = [] if is_postgresql() else rows("PRAGMA foreign_key_check")
    if orphans:
        raise Refused(ORPHANS, table=orphans[0][0])


# -- going on from there ------------------------------------------------------------------------


def _move_on(epoch: int) -> None:
    """Make what processes, pages and spreadsheets knew of another store pass for nothing.

    A worker that still holds a lease has lost it; what a page or a process kept by version is of another one; each
    book is told apart until its next cycle, which believes the sheet (sync/restored.py).
    """
    execute("UPDATE book SET restored = ?, epoch = ?", True, epoch + JUMP)
    for (cohort,) in rows("SELECT id FROM cohort"):
        execute("UPDATE cohort SET version = ? WHERE id = ?", secrets.randbelow(10**9), cohort)
    if is_postgresql():
        for table in database.get_tables():
            _count_on(table)


def _count_on(table: str) -> None:
    """Have the next number of a table follow the highest that it holds."""
    if "id" not in {column.name for column in database.get_columns(table)}:
        return
    ((counter,),) = rows("SELECT pg_get_serial_sequence(?, 'id')", quoted([table]))
    if counter:
        highest = f"SELECT setval(?, COALESCE(MAX(id), 1), MAX(id) IS NOT NULL) FROM {quoted([table])}"  # noqa: S608
        rows(highest, counter)
