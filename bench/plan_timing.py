"""How the merge and the way from an answer to its plan are timed and judged. Needs nothing but the product."""

import gc
import json
import time
import tracemalloc
from collections.abc import Callable

from bench.merger import POLICIES, Merger
from bench.tables import COLUMNS, FIELDS, Case, answer, by_field, case, fresh
from sync import answers, layout, reading
from sync.layout import ID
from sync.plan import Plan, Side, merge, tabulate

#: How many times the bare json.loads the whole way may take.
TIMES_LOADS = 2.0


def best(run: Callable[[], object], seconds: float) -> tuple[float, object]:
    """Return the least processor time of several runs, and what the first gave."""
    gc.collect()
    found, given, until = float("inf"), None, time.perf_counter() + seconds
    while True:
        started = time.process_time()
        result = run()
        found = min(found, time.process_time() - started)
        given = result if given is None else given
        if time.perf_counter() >= until:
            return found, given


def in_turn(runs: list[Callable[[], object]], seconds: float) -> list[float]:
    """Return the least processor time of each run, made in turn: what the machine does meanwhile slows all alike."""
    gc.collect()
    found, until = [float("inf")] * len(runs), time.perf_counter() + seconds
    while True:
        for place, run in enumerate(runs):
            started = time.process_time()
            run()
            found[place] = min(found[place], time.process_time() - started)
        if time.perf_counter() >= until:
            return found


def apart(made: Case) -> Case:
    """Give each side strings of its own, as two sides that were read apart have."""
    made.ours, made.theirs = fresh(made.ours), fresh(made.theirs)
    return made


def judged(made: Case, result: tuple) -> str:
    """Say in words what a merge got wrong."""
    table, clashes = result
    wrong = [key for key, row in made.right.items() if key not in made.kept and _differs(made, table, key, row)]
    told = []
    if wrong:
        told.append(f"{len(wrong)} of {len(made.right)} rows wrong")
    if any(table.get(key) != made.right[key] for key in made.kept):
        told.append("edit lost against a delete")
    if clashes != made.conflicts:
        told.append("conflict not found where it is")
    return ", ".join(told) or "right"


def _differs(made: Case, table: dict, key: str, row: tuple) -> bool:
    found = table.get(key)
    if found is None or len(found) != len(row):
        return True
    return any(a != b and (key, at) not in made.conflicts for at, (a, b) in enumerate(zip(found, row, strict=True)))


def merged(merger: Merger, count: int, shuffled: bool, seconds: float) -> tuple[float, str]:
    """Return the time that a merge takes and what it got wrong."""
    made = apart(case(count, shuffled=shuffled))
    # daff writes into the tables that it is given, so it runs once.
    once = merger.name == "daff"
    ready = merger.ready(made)
    spent, result = best(lambda: merger.merge(ready), 0 if once else seconds)
    return spent, judged(made, merger.result(made, result))


def whole_way(body: bytes, side: Side) -> Plan:
    """Go from the bytes of an answer to a finished plan, as a cycle does."""
    tab = layout.tabs(body)[1]
    layout.locate(tab, COLUMNS, set())
    return merge(POLICIES, side, reading.rows(tab, COLUMNS, ID))


def from_bytes(count: int, seconds: float) -> bool:
    """Print the whole way beside the bare json.loads of the same answer; tell whether it is within its limit.

    Python's collector of garbage walks the many dictionaries that json.loads makes, so that it flatters the whole
    way: both are measured with it and without, and the worse is held.
    """
    made = case(count)
    tables = (tabulate(FIELDS, by_field(fresh(table))) for table in (made.ours, made.base))
    body, side = answer(made.theirs), Side(*tables)
    plan = whole_way(body, side)
    print(f"\n{count:,} rows: from an answer of {len(body) / 1e6:.1f} MB to its plan ({len(plan.pulls)} rows to pull)")
    worst = max(_beside_loads(body, side, collected, 1.5 * seconds) for collected in (True, False))
    print(f"  worse of the two: {worst:.2f} x json.loads" + ("" if worst <= TIMES_LOADS else f"   OVER {TIMES_LOADS}"))
    _memory(count, body, side)
    return worst <= TIMES_LOADS


def _beside_loads(body: bytes, side: Side, collected: bool, seconds: float) -> float:
    """Print each part of the way, garbage collected meanwhile or not; return how many json.loads it takes."""

    def cold() -> Plan:
        reading.forget()
        return whole_way(body, side)

    runs = [lambda: json.loads(body), cold, lambda: whole_way(body, side), lambda: answers.book(body)]
    (gc.enable if collected else gc.disable)()
    try:
        loads, first, again, decoding = in_turn(runs, seconds)
    finally:
        gc.enable()
    print("  garbage collected meanwhile" if collected else "  garbage left alone")
    print(f"    json.loads alone {loads * 1e3:8.1f} ms")
    print(f"    typed decoding   {decoding * 1e3:8.1f} ms = {decoding / loads:.2f} x json.loads")
    print(f"    whole way, values never met      {first * 1e3:8.1f} ms = {first / loads:.2f} x json.loads")
    print(f"    whole way, values met before     {again * 1e3:8.1f} ms = {again / loads:.2f} x json.loads")
    return first / loads


def _memory(count: int, body: bytes, side: Side) -> None:
    reading.forget()
    tracemalloc.start()
    whole_way(body, side)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    floor = tracemalloc.get_traced_memory()[0]
    json.loads(body)
    plain = tracemalloc.get_traced_memory()[1] - floor
    tracemalloc.stop()
    print(f"  memory at its highest: {peak / count:,.0f} bytes a row, json.loads {plain / count:,.0f}")
