"""The calls that Google allows, shared by every worker."""

from store.db import database, is_postgresql, rows
from store.leases import clock
from store.models import Quota


def take_tokens(name: str, rate: float, burst: float) -> bool:
    """Take one call from a bucket that all workers share; False when it is empty.

    `rate` is in calls a second, `burst` what the bucket holds when it is full.
    """
    with database.atomic():
        moment = clock()
        query = Quota.select(Quota.tokens, Quota.at).where(Quota.name == name)
        found = rows(query.for_update() if is_postgresql() else query)
        if not found:
            Quota.insert(name=name, tokens=burst - 1, at=moment).execute()
            return True
        tokens, at = found[0]
        tokens = min(burst, tokens + max(0.0, moment - at) * rate)
        if tokens < 1:
            return False
        Quota.update(tokens=tokens - 1, at=moment).where(Quota.name == name).execute()
        return True
