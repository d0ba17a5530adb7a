"""What every form of ours has in common: it is carried out once, however often it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from flask_login import current_user
from werkzeug.routing import IntegerConverter

from store.db import database
from store.journal import first_time

#: Longer than any key we make; anything else is not one of ours and is ignored.
LONGEST_KEY = 200
#: The biggest number that a database can be asked for.
BIGGEST_ID = 2**63 - 1


class IdConverter(IntegerConverter):
    """Read the number of a row in an address; one that no database can hold is read as that of no row."""

    def to_python(self, value: str) -> int:
        """Return the number, never more than a database can be asked for."""
        return min(super().to_python(value), BIGGEST_ID)


def row_id(text: str) -> int:
    """Read the number of a row in a parameter; raise ValueError when no row can have it."""
    found = int(text)
    if not 0 <= found <= BIGGEST_ID:
        raise ValueError(text)
    return found


@contextmanager
def once() -> Iterator[bool]:
    """Open the transaction of a form; give False when this very form was carried out already.

    The key and the change are committed together: a form sent twice, by an impatient click, a proxy
    or a connection that comes back, changes things once. A refused form may be sent again.
    """
    key = request.form.get("form_key", "")
    with database.atomic():
        yield not key or len(key) > LONGEST_KEY or first_time(key, current_user.id)
