"""Decide what each side must change, from the last agreement and what both sides hold now.

Pure: reads no clock, touches nothing, imports only its own parts. Values are canonical texts, '' is
blank. The clock never decides: where both sides moved to different values, it is a conflict.
"""

from sync.plan_cells import merge_row
from sync.plan_rows import notice_missing, plan_births, recognise, tell_apart, unsettled
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
    Row,
    Sheet,
    SheetRow,
    Side,
    Table,
    Turned,
    tabulate,
)

__all__ = ["BOTH", "COMPUTED", "INTRANET_WINS", "SHEET_WINS", "Cell", "Clash", "Columns", "Plan", "Push", "Row",
           "Sheet", "SheetRow", "Side", "Table", "Turned", "merge", "tabulate"]  # fmt: skip


def merge(columns: Columns, side: Side, sheet: Sheet) -> Plan:
    """Plan one tab from the base, the intranet's rows and the sheet's rows.

    The rows of `side` are in the order of `sheet.fields`. Rows equal on both sides and in the base,
    nearly all of them as a rule, are told apart first, in a few steps for each.
    """
    plan = Plan()
    known, strangers = recognise(columns, side, sheet, plan)
    moved, absent = unsettled(side, sheet, known)
    plan.known, plan.indexes = known, sheet.indexes
    notice_missing(columns, side, sheet, absent, moved, plan)
    if plan.paused:
        plan.ids.clear()
        return plan
    for key in moved:
        if key in side.local:
            merge_row(columns, key, known[key], sheet, side, plan)
    if side.removed and columns.owns_rows:
        plan.restored += [key for key in side.removed if key in known and _wanted_back(side, sheet, key, known[key])]
    if strangers:
        plan_births(columns, sheet, side, known, strangers, plan)
    if strangers or plan.ids:
        tell_apart(sheet, strangers, plan)
    plan.appends += [key for key in absent if key not in plan.missing]
    return plan


def _wanted_back(side: Side, sheet: Sheet, key: str, position: int) -> bool:
    """Tell whether a withdrawn row is shown again by the sheet, or was edited there since."""
    base = side.base.get(key)
    if side.missing.get(key, 0) > 0:
        return True
    odd = sheet.odd.get(sheet.indexes[position], {})
    return base is not None and any(
        before is not None and text != before and not (name in odd and odd[name].refusal)
        for name, before, text in zip(sheet.fields, base, sheet.texts[position], strict=True)
    )
