"""The one way a row changes: parse, compare with what its author had read, write, journal.

Every topic describes its fields; the page and the spreadsheet both end here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from peewee import BooleanField, CharField, DateField, IntegerField, Model, ModelSelect

from rules.message import Message, Refused
from rules.values import Type
from store.db import is_postgresql
from store.errors import Changed
from store.journal import Author, Entry, record_all

Values = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class Field:
    """Describe one changeable value: its table and column, and whether it may be blank."""

    model: type[Model]
    column: str
    required: bool = False


def locked(query: ModelSelect) -> ModelSelect:
    """Lock the rows read until the end of the transaction; SQLite has locked the whole store already."""
    return query.for_update() if is_postgresql() else query


def reserved(query: ModelSelect) -> ModelSelect:
    """Lock the rows read as `locked` does, and let others refer to them meanwhile: a decision, to its deliberation."""
    return query.for_update("FOR NO KEY UPDATE") if is_postgresql() else query


def canonical(value: object) -> str:
    """Return the canonical text of a stored value; '' is blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)


def stored(model: type[Model], column: str, value: str) -> object:
    """Return what the table keeps for a canonical text: the inverse of `canonical`."""
    field = getattr(model, column)
    if isinstance(field, CharField) and len(value) > field.max_length:
        values = {"length": len(value), "most": field.max_length}
        raise refused(column, Message("Ce texte est trop long : %(length)s caractères, %(most)s au plus.", values))
    if isinstance(field, BooleanField):
        return value == "oui"
    if isinstance(field, DateField):
        return date.fromisoformat(value) if value else None
    if isinstance(field, IntegerField):
        return int(value) if value else None
    return value


def parse(types: Mapping[str, Type], raw: Mapping[str, object], required: Callable[[str], bool]) -> dict[str, str]:
    """Return the canonical text of every raw value; raise Refused naming every field that is wrong."""

    def read(name: str) -> str:
        if name not in types:
            raise refused(name, Message("Champ inconnu : %(field)s.", {"field": name}))
        text = types[name].parse(raw[name])
        if not text and required(name):
            raise refused(name, Message("Cette valeur est obligatoire : elle ne peut pas être vide.", {}))
        return text

    return each(raw, read)


def each(names: Iterable[str], read: Callable[[str], T]) -> dict[str, T]:
    """Read every field; raise the refusal of the first that is wrong, which bears those of all in `faults`."""
    found, faults = {}, []
    for name in names:
        try:
            found[name] = read(name)
        except Refused as error:
            error.field = name  # type: ignore[attr-defined]
            faults.append(error)
    if faults:
        faults[0].faults = tuple((error.field, error.message) for error in faults)  # type: ignore[attr-defined]
        raise faults[0]
    return found


def refused(field: str, message: Message) -> Refused:
    """Make a refusal that says which field it is about."""
    error = Refused(message)
    error.field = field  # type: ignore[attr-defined]
    return error


def moved(current: Values, wanted: Values, expected: Values | None) -> dict[str, str]:
    """Return the values that really change; raise Changed when one is no longer what its author had read."""
    changes = {}
    for name, value in wanted.items():
        if current[name] == value:
            continue
        if expected is not None and name in expected and expected[name] != current[name]:
            raise Changed(expected[name], current[name])
        changes[name] = value
    return changes


def journal(
    author: Author, cohort_id: int, kind: str, row: str, current: Values, changes: Values, reason: str = ""
) -> None:
    """Write one journal entry for each value that changed."""
    record_all(
        author, cohort_id, [Entry(kind, row, name, current.get(name, ""), new, reason) for name, new in changes.items()]
    )
