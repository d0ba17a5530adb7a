"""The calls that Google allows, shared by every worker: token buckets, at 80 % of each quota."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from store.db import database, is_postgresql, rows
from store.leases import clock
from store.models import Quota

#: Google allows 60 reads and 60 writes a minute to one account, 300 and 300 to a project: we use this share.
SHARE = 0.8
READS, WRITES = "reads", "writes"
#: A second 429 within this many seconds of the first makes the pause that follows longer.
STRIKES_LAST = 120.0


@dataclass(frozen=True)
class Limit:
    """How fast a bucket fills, in calls a second, and what it holds when it is full.

    A full bucket and a minute of filling make what Google allows in a minute, never more.
    """

    rate: float
    burst: float


def limit(calls_a_minute: float) -> Limit:
    """Return the bucket that keeps under SHARE of a quota, and within the quota in any minute."""
    return Limit(SHARE * calls_a_minute / 60, calls_a_minute - SHARE * calls_a_minute)


ACCOUNT, PROJECT = limit(60), limit(300)
#: What a bucket held, and when, in seconds of the shared clock.
Held = tuple[float, float]


def level(held: Held | None, limit: Limit, moment: float) -> float:
    """Return what a bucket holds now; one that nobody ever used is full, one that Google emptied owes."""
    if held is None:
        return limit.burst
    tokens, at = held
    return min(limit.burst, tokens + max(0.0, moment - at) * limit.rate)


def taken(held: Mapping[str, Held | None], limits: Mapping[str, Limit], moment: float) -> dict[str, Held] | None:
    """Return each bucket after one call was taken from all of them; None when one of them is empty."""
    left = {name: level(held.get(name), limit, moment) for name, limit in limits.items()}
    if any(tokens < 1 for tokens in left.values()):
        return None
    return {name: (tokens - 1, moment) for name, tokens in left.items()}


def buckets(account: str, project: str, kind: str) -> dict[str, Limit]:
    """Name the buckets that a call counts against, in the order in which every worker locks them."""
    found = {f"{account}:{kind}": ACCOUNT}
    return found | {f"project {project}:{kind}": PROJECT} if project else found


# -- what the database keeps -----------------------------------------------------------------------


def take(limits: Mapping[str, Limit]) -> bool:
    """Take one call from all of these buckets, which every worker shares; False when one of them is empty."""
    with database.atomic():
        left = taken(_locked(limits), limits, clock())
        if left is None:
            return False
        for name, (tokens, at) in left.items():
            Quota.update(tokens=tokens, at=at).where(Quota.name == name).execute()
        return True


def ready(wanted: Mapping[str, Mapping[str, Limit]]) -> dict[str, float]:
    """Return how many calls each of these sets of buckets allows at once: less than none while Google asked to wait.

    `wanted` is {what to call the set: its buckets}; one query for all of them.
    """
    held, moment = _held({name for limits in wanted.values() for name in limits}), clock()
    return {
        key: min(level(held.get(name), limit, moment) for name, limit in limits.items())
        for key, limits in wanted.items()
    }


def _held(names: Iterable[str]) -> dict[str, Held]:
    query = Quota.select(Quota.name, Quota.tokens, Quota.at).where(Quota.name.in_(list(names)))
    return {name: (tokens, at) for name, tokens, at in rows(query)}


def _locked(limits: Mapping[str, Limit]) -> dict[str, Held]:
    """Lock buckets one at a time, in an order that all share, so that no two workers wait for each other."""
    found: dict[str, Held] = {}
    for name, limit in limits.items():
        Quota.insert(name=name, tokens=limit.burst, at=clock()).on_conflict_ignore().execute()
        query = Quota.select(Quota.tokens, Quota.at).where(Quota.name == name)
        found[name] = rows(query.for_update() if is_postgresql() else query)[0]
    return found


def slow_down(name: str, limit: Limit, pause: Callable[[int], float]) -> float:
    """Empty a bucket that Google found too full, so that every worker waits; return for how many seconds.

    `pause` gives the seconds to wait after so many refusals in a row.
    """
    with database.atomic():
        _locked({name: limit})
        strikes, struck_at = rows(Quota.select(Quota.strikes, Quota.struck_at).where(Quota.name == name))[0]
        moment = clock()
        strikes = strikes if moment - struck_at < STRIKES_LAST else 0
        seconds = pause(strikes)
        Quota.update(
            tokens=1 - seconds * limit.rate, at=moment, strikes=strikes + 1, struck_at=moment
        ).where(Quota.name == name).execute()  # fmt: skip
    return seconds
