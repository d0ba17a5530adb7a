"""What every form of ours has in common: it is carried out once, however often it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from flask_login import current_user

from store.db import database
from store.journal import first_time

#: Longer than any key we make; anything else is not one of ours and is ignored.
LONGEST_KEY = 200


@contextmanager
def once() -> Iterator[bool]:
    """Open the transaction of a form; give False when this very form was carried out already.

    The key and the change are committed together: a form sent twice, by an impatient click, a proxy
    or a connection that comes back, changes things once. A refused form may be sent again.
    """
    key = request.form.get("form_key", "")
    with database.atomic():
        yield not key or len(key) > LONGEST_KEY or first_time(key, current_user.id)
