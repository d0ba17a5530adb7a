"""One way to merge three tables, and the product's own: laid as a cycle lays them."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.tables import FIELDS, Case, Row, by_field
from sync.plan import BOTH, Columns, Sheet, Side, merge, tabulate

#: What a merge gives: the merged rows, and the cells that it says are in conflict.
Result = tuple[dict[str, Row], set[tuple[str, int]]]
POLICIES = Columns(dict.fromkeys(FIELDS, BOTH), frozenset(FIELDS[:2]), FIELDS[:2], owns_rows=True)


@dataclass(frozen=True)
class Merger:
    """One way to merge: what it wants made ready, the merge itself (which is timed), and what it came to."""

    name: str
    ready: Callable[[Case], object]
    merge: Callable[[object], object]
    result: Callable[[Case, object], Result]


def _ready(case: Case) -> tuple[Side, Sheet]:
    """Lay the three tables as a cycle does: tuples whose equal texts are one object."""
    ours, base, rows = (tabulate(FIELDS, by_field(table)) for table in (case.ours, case.base, case.theirs))
    sheet = Sheet(FIELDS, range(1, len(rows) + 1), list(rows), list(rows.values()))
    # The second read in a row without them: a deletion is believed at last.
    missing = {key: 1 for key in base if key not in rows}
    return Side(ours, base, missing=missing), sheet


def _carried_out(case: Case, plan: object) -> Result:
    table = {key: list(row) for key, row in case.ours.items() if key not in plan.deletions}
    for key, values in plan.pulls.items():
        for name, value in values.items():
            table[key][FIELDS.index(name)] = value
    clashes = {(clash.row, FIELDS.index(clash.field)) for clash in plan.clashes}
    return {key: tuple(row) for key, row in table.items()}, clashes


OURS = Merger("passerelle", _ready, lambda made: merge(POLICIES, *made), _carried_out)
