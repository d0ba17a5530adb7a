"""Merge the cells of one row, each from three values: the last agreement, the intranet's, the sheet's."""

from itertools import compress
from operator import ne

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
    Sheet,
    Side,
    Turned,
)

FORMULA = "Cette cellule contient une formule : elle n'est jamais remplacée."
FORMULA_COMPUTED = "Cette colonne est calculée par l'intranet : la formule qui l'occupe l'empêche d'écrire."


def merge_row(columns: Columns, key: str, position: int, sheet: Sheet, side: Side, plan: Plan) -> None:
    """Plan every cell of a row that both sides have."""
    index, texts, local = sheet.indexes[position], sheet.texts[position], side.local[key]
    # A row never agreed on (its id was put there by hand, or the first cycle was cut short)
    # has no base: a blank side takes the other's value, two different values are a conflict.
    base = side.base.get(key) or (None,) * len(texts)
    odd = sheet.odd.get(index, {})
    cells = zip(sheet.fields, texts, base, local, strict=True)
    if not odd:
        # Of a row that moved, most cells have not.
        cells = compress(cells, map(ne, zip(texts, local, strict=True), zip(local, base, strict=True)))
    for name, text, before, ours in cells:
        if ours is None or (text == before == ours and name not in odd):
            continue
        # What was signed belongs to the intranet alone, as a computed column does.
        policy = COMPUTED if key in side.signed else columns.policies.get(name, BOTH)
        _merge_cell(policy, (key, index, name), before, ours, odd.get(name) or Cell(text), plan)


def _merge_cell(
    policy: str, place: tuple[str, int, str], base: str | None, local: str, cell: Cell, plan: Plan
) -> None:
    """Plan one cell: the whole of three-way merging is here."""
    key, index, name = place
    remote = cell.value
    if not cell.refusal and local == remote:
        if base != remote:
            plan.agreed.setdefault(key, {})[name] = remote
    elif cell.refusal and policy != COMPUTED:
        plan.refused.append(Turned(key, index, name, cell.typed, cell.refusal))
    elif policy == COMPUTED:
        _merge_computed(place, base, local, cell, plan)
    elif base is None and not (local and remote):
        _travel(place, local, cell, plan, outward=bool(local))
    elif remote == base:
        _travel(place, local, cell, plan, outward=True)
    elif local == base:
        _travel(place, local, cell, plan, outward=False)
    elif policy in (SHEET_WINS, INTRANET_WINS):
        _travel(place, local, cell, plan, outward=policy == INTRANET_WINS)
    else:
        plan.clashes.append(Clash(key, index, name, base, local, remote))


def _travel(place: tuple[str, int, str], local: str, cell: Cell, plan: Plan, outward: bool) -> None:
    key, index, name = place
    if not outward:
        plan.pulls.setdefault(key, {})[name] = cell.value
    elif cell.formula:
        plan.refused.append(Turned(key, index, name, cell.typed or cell.value, FORMULA))
    else:
        plan.pushes.append(Push(key, index, name, local, cell.value))


def _merge_computed(place: tuple[str, int, str], base: str | None, local: str, cell: Cell, plan: Plan) -> None:
    """Put the intranet's value back in a column that belongs to it alone."""
    key, index, name = place
    if cell.formula:
        plan.refused.append(Turned(key, index, name, cell.typed or cell.value, FORMULA_COMPUTED))
        return
    edited = base is not None and cell.value != base
    plan.pushes.append(Push(key, index, name, local, cell.value, put_back=edited))
