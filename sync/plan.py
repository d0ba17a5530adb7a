"""Decide what each side must change, from the last agreement and what both sides hold now.

Pure: reads no clock, touches nothing, imports only its own parts. Values are canonical texts, '' is
blank. The clock never decides: where both sides moved to different values, it is a conflict.
"""

from collections.abc import Iterable

from sync.plan_cells import merge_row
from sync.plan_rows import notice_missing, plan_births, recognise
from sync.plan_shapes import (
    BOTH,
    COMPUTED,
    INTRANET_WINS,
    SHEET_WINS,
    Cell,
    Clash,
    Columns,
    Plan,
    Push,
    SheetRow,
    Side,
    Turned,
)

__all__ = ["BOTH", "COMPUTED", "INTRANET_WINS", "SHEET_WINS", "Cell", "Clash", "Columns", "Plan", "Push", "SheetRow",
           "Side", "Turned", "merge"]  # fmt: skip


def merge(columns: Columns, side: Side, rows: Iterable[SheetRow]) -> Plan:
    """Plan one tab from the base, the intranet's rows and the sheet's rows."""
    plan = Plan()
    known, strangers = recognise(columns, side, list(rows), plan)
    notice_missing(columns, side, known, plan)
    if plan.paused:
        return plan
    for key, row in known.items():
        if key in side.removed:
            if columns.owns_rows and _wanted_back(side, key, row):
                plan.restored.append(key)
        elif key in side.local:
            merge_row(columns, key, row, side, plan)
    plan_births(columns, side, known, strangers, plan)
    plan.appends += [key for key in side.local if key not in known and key not in plan.missing]
    return plan


def _wanted_back(side: Side, key: str, row: SheetRow) -> bool:
    """Tell whether a withdrawn row is shown again by the sheet, or was edited there since."""
    base = side.base.get(key)
    if side.missing.get(key, 0) > 0:
        return True
    return base is not None and any(
        name in base and cell.value != base[name] and not cell.refusal for name, cell in row.cells.items()
    )
