"""What every table shares."""

import secrets
from datetime import UTC, datetime

from peewee import Model

from store.db import database

#: Letters of a minted id: no I, L, O, U nor 0, 1, so that it survives being read aloud and typed again.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LENGTH = 8


class Table(Model):
    """Bind a table to the store's database."""

    class Meta:
        database = database
        legacy_table_names = False


def mint(prefix: str) -> str:
    """Make an id that no row had, a letter that says of what, a dash and eight random letters."""
    return prefix + "-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def free_id(prefix: str, model: type[Model], given: str) -> str:
    """Return the id that a row of a sheet bears if it is one of ours that no record has, else mint one.

    A store put back from a copy does not know the records born since: under their own ids, what the other tabs hold
    of them is theirs again.
    """
    letters = given.removeprefix(f"{prefix}-")
    ours = len(letters) == LENGTH and given != letters and set(letters) <= set(ALPHABET)
    return given if ours and not model.select().where(model.id == given).exists() else mint(prefix)


def now() -> datetime:
    """Return the present moment in UTC, without a zone: how every instant is stored."""
    return datetime.now(UTC).replace(tzinfo=None)
