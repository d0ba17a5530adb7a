"""Small tables to plan on, random ones, and a way to carry a plan out on both sides in memory."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sync import plan as planning
from sync.plan import BOTH, COMPUTED, INTRANET_WINS, SHEET_WINS, Cell, Columns, Plan, Sheet, SheetRow, tabulate

#: More random examples, and others each time: SCENARIOS=1000000 pytest tests/test_plan_*.py
EXAMPLES = max(60, min(int(os.environ.get("SCENARIOS", "0")) // 1000, 6000))
random_tables = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    derandomize="SCENARIOS" not in os.environ,
)  # fmt: skip
COLUMNS = Columns(
    {"name": BOTH, "note": BOTH, "sum": COMPUTED, "theirs": SHEET_WINS, "ours": INTRANET_WINS},
    required=frozenset({"name"}), keys=("name",), owns_rows=True,
)  # fmt: skip
FIELDS = tuple(COLUMNS.policies)
VALUES = st.sampled_from(["", "a", "b", "c"])
NAMES = st.sampled_from(["Ada", "Bea", "Cléo", "Dora"])


@dataclass(frozen=True)
class Side:
    """The intranet's side with its rows by field, as they are easiest to write in a test."""

    local: Mapping[str, Mapping[str, str]]
    base: Mapping[str, Mapping[str, str]]
    removed: frozenset[str] = frozenset()
    missing: Mapping[str, int] = field(default_factory=dict)
    waiting: Iterable[Mapping[str, str]] = ()
    confirmed: bool = False
    signed: frozenset[str] = frozenset()
    copies: Iterable[tuple[str, Mapping[str, str]]] = ()
    apart: Iterable[tuple[str, Mapping[str, str]]] = ()


def merge(columns: Columns, side: Side, rows: Sequence[SheetRow]) -> Plan:
    """Plan on rows by field."""
    fields = tuple(dict.fromkeys(name for item in rows for name in item.cells)) or tuple(columns.policies)
    waiting = [tuple(cells.get(name, "") for name in fields) for cells in side.waiting]
    copies, apart = (
        [(key, tuple(cells.get(name, "") for name in fields)) for key, cells in found]
        for found in (side.copies, side.apart)
    )
    tables = (tabulate(fields, side.local), tabulate(fields, side.base))
    given = planning.Side(
        *tables, side.removed, side.missing, waiting, copies, apart, side.confirmed, side.signed
    )
    return planning.merge(columns, given, Sheet.of(fields, rows))


def row(index: int, key: str, **cells: str | Cell) -> SheetRow:
    """Make a row of the sheet; a text that starts with '!' is refused."""
    return SheetRow(index, key, {name: as_cell(value) for name, value in cells.items()})


def as_cell(value: str | Cell) -> Cell:
    """Make a cell; a text that starts with '!' is refused."""
    if isinstance(value, Cell):
        return value
    return Cell(value, refusal="refusé", typed=value) if value.startswith("!") else Cell(value)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, str]:
    """Draw the values of one row."""
    return {"name": draw(NAMES)} | {name: draw(VALUES) for name in FIELDS if name != "name"}


@st.composite
def edited(draw: st.DrawFn, before: Mapping[str, str]) -> dict[str, str]:
    """Draw a row with some values changed."""
    changed = {name: draw(VALUES) for name in draw(st.sets(st.sampled_from(FIELDS[1:]), max_size=3))}
    return {**before, **changed}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Side, list[SheetRow]]:
    """Draw both sides of a tab: an agreement, changes on each side, rows gone, new, copied and shuffled."""
    base = {f"P-{n}": draw(contents()) for n in range(draw(st.integers(0, 7)))}
    local = {key: draw(edited(cells)) for key, cells in base.items()}
    local |= {f"N-{n}": draw(contents()) for n in range(draw(st.integers(0, 2)))}
    remote = [(key, draw(edited(cells))) for key, cells in base.items() if draw(st.integers(0, 7))]
    remote += [("", draw(contents())) for _ in range(draw(st.integers(0, 2)))]
    if remote and draw(st.booleans()):
        key, cells = draw(st.sampled_from(remote))
        remote.append((key, draw(edited(cells))))
    if remote and draw(st.booleans()):
        remote[0] = (draw(st.sampled_from(["", "X-1", remote[-1][0]])), remote[0][1])
    shuffled = draw(st.permutations(remote))
    rows = [row(index, key, **cells) for index, (key, cells) in enumerate(shuffled, start=1)]
    return Side(local, base), rows


def carry_out(side: Side, rows: list[SheetRow], plan: Plan) -> tuple[Side, list[SheetRow]]:
    """Do on both sides, in memory, everything that a plan says."""
    local = {key: dict(cells) for key, cells in side.local.items()}
    base = {key: dict(cells) for key, cells in side.base.items()}
    sheet = {item.index: SheetRow(item.index, plan.ids.get(item.index, item.id), dict(item.cells)) for item in rows}
    for key, cells in plan.pulls.items():
        local[key].update(cells)
        base.setdefault(key, {}).update(cells)
    for number, item in enumerate(plan.births):
        key = f"B-{item.index}-{number}-{len(local)}"
        local[key] = {name: cell.value for name, cell in item.cells.items()}
        base[key] = dict(local[key])
        sheet[item.index] = sheet[item.index]._replace(id=key)
    for push in plan.pushes:
        sheet[push.index].cells[push.field] = Cell(push.value)
        base.setdefault(push.row, {})[push.field] = push.value
    for key, cells in plan.agreed.items():
        base.setdefault(key, {}).update(cells)
    for key in plan.appends:
        index = max(sheet, default=0) + 1
        sheet[index] = row(index, key, **local[key])
        base[key] = dict(local[key])
    for key in plan.deletions:
        del local[key]
    removed = (side.removed | set(plan.deletions)) - set(plan.restored)
    waiting = [{name: cell.value for name, cell in item.cells.items()} for item in plan.waiting]
    copies, apart = (
        [(item.id, {name: cell.value for name, cell in item.cells.items()}) for item in found]
        for found in (plan.copies, plan.apart)
    )
    after = Side(local, base, frozenset(removed), dict(plan.missing), waiting, copies=copies, apart=apart)
    return after, list(sheet.values())
