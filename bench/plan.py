"""Merge tables three ways, beside daff, pandas and polars, and time the whole way from an answer to its plan.

    python bench/plan.py [--rows 1000 10000 100000] [--seconds 3]

Twelve columns with the id; on each side 1 % of the rows edited, among them one cell moved to two
different values, one row edited here and deleted there, one row edited in two cells, one by each side.
Times are of the processor, the best of several; what each tool made is compared, cell by cell, with
what a right merge holds, on rows in the same order and on rows that staff have sorted.

daff is given the id as its key. pandas and polars merge as one does by hand: align by id, keep theirs
where only theirs moved; they know no deletion (a row that either side has is kept), which is right
here and wrong for a row that was really deleted.
"""

import argparse
import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.mergers import MERGERS, POLICIES, Merger  # noqa: E402 - the repository must be importable first
from bench.tables import COLUMNS, FIELDS, Case, answer, by_field, case, fresh  # noqa: E402
from sync import answers, layout, reading  # noqa: E402
from sync.layout import ID  # noqa: E402
from sync.plan import Plan, Side, merge, tabulate  # noqa: E402

#: Rows of the sheet per second that the bare merge must reach, how many times faster than daff it must be,
#: and how many times the bare json.loads the whole way may take.
ROWS_PER_SECOND, TIMES_DAFF, TIMES_LOADS = 1_000_000, 100, 2.0


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


def bare(count: int, seconds: float) -> bool:
    """Print the bare merge of every tool on one size, in both orders; tell whether ours is within its limits."""
    good = True
    for shuffled in (False, True):
        print(f"\n{count:,} rows x {len(FIELDS) + 1} columns, 1 % edited on each side, "
              + ("sorted by staff" if shuffled else "in order"))  # fmt: skip
        print(f"  {'':<12}{'merge':>12}{'rows/s':>14}{'x ours':>9}")
        times: dict[str, float] = {}
        for merger in MERGERS:
            spent, verdict = merged(merger, count, shuffled, seconds)
            times[merger.name] = spent
            ratio = spent / times["passerelle"]
            print(f"  {merger.name:<12}{spent * 1e3:>9.1f} ms{count / spent:>14,.0f}{ratio:>9.1f}   {verdict}")
        rate, ratio = count / times["passerelle"], times["daff"] / times["passerelle"]
        within = rate > ROWS_PER_SECOND and ratio > TIMES_DAFF
        print(f"  {rate / 1e6:.2f} million rows/s, {ratio:.0f} times faster than daff" + ("" if within else "   UNDER"))
        good = good and within
    return good


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


def main() -> int:
    """Run every size and return 1 when a limit is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each is repeated, to keep its best")
    given = parser.parse_args()
    good = [bare(count, given.seconds) for count in given.rows]
    good += [from_bytes(count, given.seconds) for count in given.rows]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
