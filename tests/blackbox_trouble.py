"""What goes wrong meanwhile, from a seed: processes killed and frozen, the database restarted, Google refusing."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from tests.blackbox import Cluster, Product, eventually

Json = dict[str, Any]
#: Each happens once in a round, in an order that is drawn.
EVENTS = ("kill worker-1", "kill worker-2", "kill web", "freeze worker-2", "restart immediate", "restart fast")
#: What Google does, each once in a round, to one call of the first so many of its kind.
READS, WRITES = 12, 9
FAULTS: dict[str, tuple[Json, ...]] = {
    "reads": (
        {"fault": "503"},
        {"fault": "reset"},
        {"fault": "truncated", "how": "silent"},
        {"fault": "429"},
        {"fault": "401"},
        {"fault": "timeout", "seconds": 1.5},
    ),
    "writes": (
        {"fault": "503", "at": "after"},
        {"fault": "html", "status": 502},
        {"fault": "timeout", "seconds": 1.5, "at": "after"},
        {"fault": "reset", "at": "after"},
        {"fault": "truncated"},
        {"fault": "429"},
    ),
}


def schedule(draw: random.Random, staff: list[Json]) -> Json:
    """Return the schedule of localsheets: which calls go wrong, and what staff do at exact moments."""
    rules = [{"name": "some are slow", "when": {"kind": "sheets", "probability": 0.2}, "fault": "slow", "ms": 400}]
    for kind, most in (("reads", READS), ("writes", WRITES)):
        places = draw.sample(range(1, most + 1), len(FAULTS[kind]))
        faults = zip(places, FAULTS[kind], strict=True)
        rules += [{"when": {"kind": kind, "nth": nth}, **fault} for nth, fault in faults]
    return {"seed": draw.randrange(1_000_000), "rules": rules, "staff": staff}


def events(
    product: Product, cluster: Cluster, draw: random.Random, struck: list[bool]
) -> Iterator[Callable[[], None]]:
    """Give the events of a round; `struck` tells afterwards of each stroke whether it fell within a cycle."""
    for event in draw.sample(EVENTS, len(EVENTS)):
        pause = draw.uniform(1, 3)
        yield lambda pause=pause: time.sleep(pause)
        verb, what = event.split()
        if verb == "restart":
            yield lambda what=what: cluster.restart(what)
        elif verb == "freeze":
            yield lambda what=what: struck.append(freeze(product, cluster, what))
        else:
            yield lambda what=what: struck.append(kill(product, cluster, what))


def kill(product: Product, cluster: Cluster, name: str) -> bool:
    """Kill a process and start it again; tell whether a worker was in the middle of a cycle."""
    pids = product.pids(name)
    busy = name != "web" and _busy(cluster, pids)
    product.kill(name)
    _let_leases_pass(cluster, pids)
    product.start(name)
    return busy


def freeze(product: Product, cluster: Cluster, name: str) -> bool:
    """Stop a worker in the middle of a cycle for longer than its lease, while the other goes on; then let it wake."""
    pids = product.pids(name)
    _busy(cluster, pids)
    product.signal(name, signal.SIGSTOP)
    taken = [row for row in _leases(cluster) if row[1] in pids]
    _let_leases_pass(cluster, pids)
    for book, _, epoch in taken:
        _press(cluster)
        eventually(lambda book=book, epoch=epoch: _epoch(cluster, book) > epoch, 30, f"{book} taken over")
    time.sleep(0.3)
    product.signal(name, signal.SIGCONT)
    return bool(taken)


def _ask(cluster: Cluster, query: str, *values: object) -> list[tuple]:
    """Ask the database, again while it restarts."""
    for _ in range(100):
        try:
            return cluster.ask(query, *values)
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise AssertionError("PostgreSQL does not answer")


def _leases(cluster: Cluster) -> list[tuple[str, int, int]]:
    """List the books that are held: (book, process, epoch)."""
    rows = _ask(cluster, "SELECT id, lease_owner, epoch FROM book WHERE lease_owner <> ''")
    return [(book, int(owner.split(":")[-2]), epoch) for book, owner, epoch in rows]


def _epoch(cluster: Cluster, book: str) -> int:
    return _ask(cluster, "SELECT epoch FROM book WHERE id = %s", book)[0][0]


def _press(cluster: Cluster) -> None:
    """Ask for a cycle of each book, as « Synchroniser maintenant » does, whether pages are served or not."""
    _ask(cluster, "UPDATE book SET asked_at = clock_timestamp() AT TIME ZONE 'UTC'")


def _busy(cluster: Cluster, pids: set[int], tries: int = 8) -> bool:
    """Wait until one of these processes holds a book; tell whether it did."""
    for _ in range(tries):
        _press(cluster)
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            if any(pid in pids for _, pid, _ in _leases(cluster)):
                return True
            time.sleep(0.01)
    return False


def _let_leases_pass(cluster: Cluster, pids: set[int]) -> None:
    """Do what two minutes do: the leases of these processes, which nobody renews, are over."""
    for pid in pids:
        query = "UPDATE book SET lease_until = extract(epoch FROM clock_timestamp()) - 1 WHERE lease_owner LIKE %s"
        _ask(cluster, query, f"%:{pid}:%")
