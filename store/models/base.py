"""What every table shares."""

import secrets
from datetime import UTC, datetime

from peewee import Model

from store.db import database

#: Letters of a minted id: no I, L, O, U nor 0, 1, so that it survives being read aloud and typed again.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


class Table(Model):
    """Bind a table to the store's database."""

    class Meta:
        database = database
        legacy_table_names = False


def mint(prefix: str) -> str:
    """Make an id that no row had, a letter that says of what, a dash and eight random letters."""
    return prefix + "-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def now() -> datetime:
    """Return the present moment in UTC, without a zone: how every instant is stored."""
    return datetime.now(UTC).replace(tzinfo=None)
