"""Copy the whole store, as it stands at one moment, into one compressed file that either engine takes back."""

import gzip
import hashlib
from typing import Any, BinaryIO

from playhouse.migrations import Runner

from store import backup_shapes as shapes
from store.backup_shapes import Digest
from store.db import MIGRATIONS, connection, database, is_postgresql, snapshot
from store.errors import Refused
from store.models.base import now

#: The shape of the file itself; what its tables are is said by the migration that it names.
FORMAT = 1
NAME = "Passerelle"
BEHIND = "La base n'est pas à jour (il manque %(name)s) : lancez d'abord « flask --app app db upgrade »."
AHEAD = (
    "La base a été mise à jour par une version plus récente de Passerelle (%(name)s) : prenez cette version pour en "
    "faire une copie."
)
ODD = "Table %(table)s, ligne %(row)s : une valeur n'est pas de son type (%(why)s). La copie n'est pas faite."

#: {table: [rows, digest]} in the order of the tables.
Told = dict[str, list[Any]]


def write(target: BinaryIO) -> Told:
    """Write a copy of the store to a file; return the rows and the digest of each table.

    Raises Refused when the schema is not that of this version, or when a value is not of its kind.
    """
    with connection(), snapshot():
        migration = schema()
        head = shapes.text({
            "copy": NAME, "format": FORMAT, "migration": migration, "at": now().isoformat(" ", "seconds"),
            "engine": "postgresql" if is_postgresql() else "sqlite",
        })  # fmt: skip
        with gzip.GzipFile(fileobj=target, mode="wb", compresslevel=6, filename="", mtime=0) as out:
            out.write(head)
            told = _tables(out)
            out.write(shapes.text({"end": told, "head": hashlib.sha256(head).hexdigest()}))
    return told


def digests() -> Told:
    """Return the rows and the digest of each table, as a copy made now would have them."""
    with connection(), snapshot():
        schema()
        return _tables(None)


def _tables(out: BinaryIO | None) -> Told:
    told: Told = {}
    for table in shapes.tables():
        if out:
            out.write(table.line())
        found = Digest(table)
        try:
            for line in shapes.lines(table):
                found.add(line)
                if out:
                    out.write(line)
        except (ValueError, TypeError) as error:
            raise Refused(ODD, table=table.name, row=found.rows + 1, why=error) from error
        told[table.name] = found.told
    return told


def schema() -> str:
    """Return the last migration of the store; raise Refused unless it is the last one of this version."""
    runner = Runner(database.obj, str(MIGRATIONS))
    found = runner.status()
    for text, names in (
        (AHEAD, [item.name for item in found if item.path is None]),
        (BEHIND, [item.name for item in found if not item.applied]),
    ):
        if names:
            raise Refused(text, name=names[0])
    return found[-1].name


def total(told: Told) -> str:
    """Return one digest of all tables: two stores that have the same hold the same."""
    return hashlib.sha256(shapes.text(told)).hexdigest()
