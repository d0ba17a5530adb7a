"""Read a copy of the store: what it is, then row by row; and say what is wrong with a file, and where."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from store import backup_shapes as shapes
from store.backup import FORMAT, NAME, Told
from store.backup_shapes import Digest, Table
from store.errors import Refused

FOREIGN = "Ce fichier n'est pas une copie de Passerelle : rien n'a été écrit."
NEWER = (
    "Cette copie vient d'une version plus récente de Passerelle (%(name)s) : mettez d'abord à jour ce programme, puis "
    "recommencez. Rien n'a été écrit."
)
CUT = "La copie est coupée à la ligne %(line)s (%(where)s) : la fin manque. Rien n'a été écrit."
DAMAGED = "La copie est abîmée à la ligne %(line)s (%(where)s) : %(why)s. Rien n'a été écrit."
UNREADABLE = "cette ligne n'est pas lisible"
COLUMNS = "cette ligne n'a pas les valeurs que sa table annonce"
NOT_THE_SAME = "son contenu n'est pas celui que la copie annonce à sa fin"
AFTER = "quelque chose suit sa fin"


@dataclass
class Copy:
    """A copy being read: what it says of itself, and how far the reading is."""

    source: BinaryIO
    head: dict[str, Any] = field(default_factory=dict)
    told: Told = field(default_factory=dict)
    line: int = 0
    where: str = "début"

    def rows(self) -> Iterator[tuple[Table, list[Any] | None]]:
        """Give (table, None) where a table begins, then (table, values) for each of its rows.

        Raises Refused for a file that is no copy, comes from a newer version, is cut or damaged; what is said of a
        table is held against its digest only once the end is read, so that nothing given before is sure.
        """
        self.source.seek(0)
        self.line, self.where, self.told = 0, "début", {}
        lines = self._lines()
        head = next(lines, b"")
        self._begin(head)
        digest, table = None, None
        for line in lines:
            said = self._json(line)
            if isinstance(said, list) and table is not None and digest is not None:
                if len(said) != len(table.columns):
                    raise self.damaged(COLUMNS)
                digest.add(line)
                yield table, self._values(table, said)
                continue
            if table is not None and digest is not None:
                self.told[table.name] = digest.told
            if isinstance(said, dict) and "end" in said:
                self._end(said, head, lines)
                return
            table = self._table(said)
            digest, self.where = Digest(table), f"table {table.name}"
            yield table, None
        raise Refused(CUT, line=self.line, where=self.where)

    def _lines(self) -> Iterator[bytes]:
        try:
            with gzip.GzipFile(fileobj=self.source, mode="rb") as opened:
                for line in opened:
                    self.line += 1
                    yield line
        except EOFError as error:
            raise Refused(CUT, line=self.line + 1, where=self.where) from error
        except (OSError, zlib.error) as error:
            if not self.line:
                raise Refused(FOREIGN) from error
            self.line += 1
            raise self.damaged(UNREADABLE) from error

    def _begin(self, line: bytes) -> None:
        try:
            head = json.loads(line)
        except ValueError:
            head = None
        if not isinstance(head, dict) or head.get("copy") != NAME:
            raise Refused(FOREIGN)
        if not isinstance(head.get("format"), int) or not isinstance(head.get("migration"), str):
            raise self.damaged(UNREADABLE)
        if head["format"] > FORMAT:
            raise Refused(NEWER, name=f"format {head['format']}")
        self.head = head

    def _table(self, said: Any) -> Table:
        try:
            table = Table(said["table"], tuple((name, kind) for name, kind in said["columns"]), tuple(said["key"]))
            names = set(table.names)
            sound = (
                names.issuperset(table.key) and len(names) == len(table.columns) and table.key
                and shapes.KINDS.keys() >= {kind for _, kind in table.columns} and table.name not in self.told
                and all(isinstance(name, str) for name in (table.name, *names))
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise self.damaged(UNREADABLE) from error
        if not sound:
            raise self.damaged(UNREADABLE)
        return table

    def _values(self, table: Table, said: list[Any]) -> list[Any]:
        try:
            return shapes.read(table, said)
        except ValueError as error:
            raise self.damaged(COLUMNS) from error

    def _end(self, said: dict[str, Any], head: bytes, lines: Iterator[bytes]) -> None:
        if said.get("head") != hashlib.sha256(head).hexdigest():
            raise Refused(DAMAGED, line=1, where="début", why=NOT_THE_SAME)
        promised = said["end"] if isinstance(said["end"], dict) else {}
        for name in [*self.told, *promised]:
            if promised.get(name) != self.told.get(name):
                self.where = f"table {name}"
                raise self.damaged(NOT_THE_SAME)
        self.where = "fin"
        if next(lines, None) is not None:
            raise self.damaged(AFTER)

    def _json(self, line: bytes) -> Any:
        if not line.endswith(b"\n"):
            raise Refused(CUT, line=self.line, where=self.where)
        try:
            return json.loads(line)
        except (ValueError, RecursionError) as error:
            raise self.damaged(UNREADABLE) from error

    def damaged(self, why: str) -> Refused:
        """Return the refusal that says where the reading is and what is wrong there."""
        return Refused(DAMAGED, line=self.line, where=self.where, why=why)


def verified(source: BinaryIO) -> Copy:
    """Read a whole copy, writing nothing; return it with the digests of its tables, or raise Refused."""
    copy = Copy(source)
    for _ in copy.rows():
        pass
    return copy
