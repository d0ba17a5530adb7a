"""What a copy of the store holds: its tables, one text for each value, one digest for each table.

The texts are the same whichever engine holds the store: a copy taken on one is restored on the other.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import AutoField, BlobField, BooleanField, DateField, DateTimeField, DoubleField, ForeignKeyField, Model
from peewee import IntegerField as Number

from store.db import is_postgresql, streamed
from store.models import TABLES, Adoption, AgreedRow, Book, Cohort, FailedCheck, LoginAttempt, Quota, SignIn, Tab

#: What is of the moment alone: who is signed in, who tried to, who asked about papers that are not authentic, the calls
#: left to make. None of it comes back.
LEFT_OUT = (SignIn, LoginAttempt, FailedCheck, Quota)
#: What stands in a copy in place of what must not come back as it was: leases held, what processes and pages had seen,
#: reads that missed a row. An invitation comes back as it was: one used since is open again, as its account then has no
#: password again.
NEUTRAL: dict[tuple[str, str], Any] = {
    (model._meta.table_name, model._meta.combined[name].column_name): value
    for model, name, value in (
        (Book, "lease_owner", ""), (Book, "lease_until", 0.0), (Book, "epoch", 0), (Book, "retry_at", 0.0),
        (Book, "seen_version", -1), (Book, "restored", False), (Tab, "seen_version", -1), (Cohort, "version", 0),
        (AgreedRow, "missing", 0), (Adoption, "served_until", 0.0),
    )
}  # fmt: skip
#: Rows read at once; those of a table that holds files, one by one.
TOGETHER = 500
_KINDS = (
    (AutoField, "integer"), (BooleanField, "boolean"), (Number, "integer"), (DoubleField, "real"),
    (DateTimeField, "instant"), (DateField, "date"), (BlobField, "bytes"),
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table as a copy describes it: its columns with the kind of each, and the key that orders its rows."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """List its columns."""
        return [name for name, _ in self.columns]

    def line(self) -> bytes:
        """Return the line that stands above its rows."""
        return text({"table": self.name, "columns": self.columns, "key": self.key})


class Digest:
    """The number of rows of one table, and the SHA-256 of their texts in the order of its key."""

    def __init__(self, table: Table) -> None:
        self.rows, self._hash = 0, hashlib.sha256(table.line())

    def add(self, line: bytes) -> None:
        """Count one more row."""
        self.rows += 1
        self._hash.update(line)

    @property
    def told(self) -> list[Any]:
        """Return both as the end of a copy has them."""
        return [self.rows, self._hash.hexdigest()]


def tables() -> list[Table]:
    """List the tables of a copy as the models have them, parents first."""
    return [_table(model) for model in TABLES if model not in LEFT_OUT]


def _table(model: type[Model]) -> Table:
    meta = model._meta
    columns = tuple((field.column_name, _kind(field)) for field in meta.sorted_fields)
    return Table(meta.table_name, columns, tuple(field.column_name for field in meta.get_primary_keys()))


def _kind(field: Any) -> str:
    while isinstance(field, ForeignKeyField):
        field = field.rel_field
    return next((kind for of, kind in _KINDS if isinstance(field, of)), "text")


def lines(table: Table, verbatim: bool = False) -> Iterator[bytes]:
    """Give each row of a table as the line that a copy has of it, in the order of its key; or as it is kept."""
    neutral_values = {} if verbatim else NEUTRAL
    kinds, fixed = table.columns, [neutral_values.get((table.name, name)) for name in table.names]
    together = 1 if "bytes" in dict(kinds).values() else TOGETHER
    for row in streamed(_select(table), together):
        yield text([
            _shown(kind, value) if neutral is None else neutral
            for (_, kind), value, neutral in zip(kinds, row, fixed, strict=True)
        ])  # fmt: skip


def _select(table: Table) -> str:
    # The order of letters is that of their numbers on both engines, whatever the language of PostgreSQL.
    letters = ' COLLATE "C"' if is_postgresql() else ""
    kinds = dict(table.columns)
    order = ", ".join(f'"{name}"' + (letters if kinds[name] == "text" else "") for name in table.key)
    return f"SELECT {quoted(table.names)} FROM {quoted([table.name])} ORDER BY {order}"  # noqa: S608 - names of tables


def kept(table: Table) -> Digest:
    """Return the digest of a table as it is kept now, to be compared with that of the copy it was just filled from."""
    found = Digest(table)
    for line in lines(table, verbatim=True):
        found.add(line)
    return found


def text(value: object) -> bytes:
    """Return the one line of JSON that a value has."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def quoted(names: Iterable[str]) -> str:
    """Return names of tables or columns as SQL has them."""
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def _shown(kind: str, value: Any) -> Any:
    """Return what JSON has of a value; raise ValueError when it is not of its kind."""
    if value is None:
        return None
    match kind:
        case "instant":
            return _instant(value).isoformat(" ", "microseconds")
        case "date":
            return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
        case "boolean":
            return bool(value)
        case "real":
            return float(value)
        case "integer":
            return int(value)
        case "bytes":
            return b64encode(value).decode()
    return str(value)


def _instant(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


#: The kinds of values, and what JSON may have of each.
KINDS = {
    "instant": str, "date": str, "boolean": bool, "real": float, "integer": int, "bytes": str, "text": str,
}  # fmt: skip


def read(table: Table, values: Sequence[Any]) -> list[Any]:
    """Return the values of one row as the store takes them; raise ValueError for what is not of its kind."""
    # The very letters of these instants are sealed.
    sealed = table.name == "journal_entry" and not is_postgresql()
    return [_read(kind, value, sealed) for (_, kind), value in zip(table.columns, values, strict=True)]


def _read(kind: str, value: Any, sealed: bool) -> Any:
    if value is None:
        return None
    if type(value) is not KINDS[kind]:
        raise ValueError(f"{value!r} is no {kind}")
    match kind:
        case "instant":
            found = datetime.fromisoformat(value)
            return value if sealed else found
        case "date":
            return date.fromisoformat(value)
        case "bytes":
            return b64decode(value, validate=True)
    return value
