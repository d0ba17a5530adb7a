"""Cells that cannot be written, or not be read: protected ones, and those that a merge covers.

They are listed, each with what to do, and the others still go.
"""

from collections.abc import Container, Mapping

from sync.cells import Tab, address
from sync.layout import ID
from sync.plan import Cell, Plan, Push, Sheet, Turned

_ALLOW = (
    "autorisez l'adresse de Passerelle (elle est sur la page Synchronisation) à la modifier, "
    "dans Données, Protéger des feuilles et des plages."
)
PROTECTED = f"Cette case est protégée : {_ALLOW}"
NO_ROOM = f"Une plage protégée de cet onglet empêche d'y insérer une {{}} : {_ALLOW}"
MERGED = (
    "Cette case est cachée par une fusion : sa valeur ne peut être ni lue ni écrite. "
    "Défusionnez-la (Format, Fusionner les cellules) : la valeur de l'intranet y reviendra."
)
#: Why a cell is left out of a plan.
REASONS = (PROTECTED, MERGED)
MERGED_IDS = (
    "Des cellules de la colonne ID sont fusionnées ({}) : les lignes ne sont plus reconnues. "
    "Défusionnez-les (Format, Fusionner les cellules)."
)


def why_closed(tab: Tab, row: int, column: int) -> str:
    """Say why a cell cannot be written; '' when it can."""
    if tab.covers(row, column):
        return MERGED
    return PROTECTED if tab.forbids(row, column) else ""


def why_no_row(tab: Tab) -> str:
    """Say why no row can be added below the last; '' when one can."""
    below = tab.end
    if any(tab.forbids(below, column) for column in tab.columns.values()):
        return PROTECTED
    return NO_ROOM.format("ligne") if tab.forbids_insertion("ROWS", below) else ""


def why_no_column(tab: Tab, place: int) -> str:
    """Say why no column can be inserted at a place; '' when one can."""
    if tab.forbids(tab.header_row, place):
        return PROTECTED
    return NO_ROOM.format("colonne") if tab.forbids_insertion("COLUMNS", place) else ""


def merged_ids(tab: Tab, known: Container[str]) -> str:
    """Say that a known id is merged with those of other rows, which would seem to be gone; '' when none is."""
    column = tab.columns[ID]
    for area in tab.merges:
        several = area.endRowIndex - area.startRowIndex > 1 and area.startColumnIndex <= column < area.endColumnIndex
        if several and tab.text(area.startRowIndex, area.startColumnIndex) in known:
            return MERGED_IDS.format(f"{address(column, area.startRowIndex)}:{address(column, area.endRowIndex - 1)}")
    return ""


def refuse_covered(tab: Tab, sheet: Sheet, local: Mapping[str, Mapping[str, str]]) -> None:
    """Keep what a merge hides from being read as emptied: Google keeps the first value of a merge only."""
    ids = dict(zip(sheet.indexes, sheet.ids, strict=True)) if tab.merges else {}
    for area in tab.merges:
        rows = range(area.startRowIndex, min(area.endRowIndex, tab.last_row))
        columns = range(area.startColumnIndex, area.endColumnIndex)
        names = [name for name in sheet.fields if tab.columns[name] in columns]
        for index in filter(ids.__contains__, rows) if names else ():
            for name in names:
                if local.get(ids[index], {}).get(name) and tab.covers(index, tab.columns[name]):
                    typed = tab.text(index, tab.columns[name])
                    sheet.odd.setdefault(index, {})[name] = Cell("", MERGED, typed=typed)  # type: ignore[attr-defined]


def heed(plan: Plan, tab: Tab) -> None:
    """Leave out of a plan what may not be written, and list it."""
    if plan.paused or not (tab.protected or tab.merges):
        return
    kept: list[Push] = []
    for push in plan.pushes:
        why = why_closed(tab, push.index, tab.columns[push.field])
        if why:
            plan.refused.append(Turned(push.row, push.index, push.field, push.seen, why))
        else:
            kept.append(push)
    plan.pushes = kept
    _heed_ids(plan, tab)
    why = why_no_row(tab)
    if why:
        plan.refused += [Turned(key, tab.end, "", "", why) for key in plan.appends]
        plan.appends, plan.put_back = [], []


def _heed_ids(plan: Plan, tab: Tab) -> None:
    for index, key in list(plan.ids.items()):
        why = why_closed(tab, index, tab.columns[ID])
        if why:
            del plan.ids[index]
            plan.refused.append(Turned(key, index, "", "", why))
    # The births of this cycle get their id only if it may be written.
    for row in list(plan.births):
        why = why_closed(tab, row.index, tab.columns[ID])
        if why:
            plan.births.remove(row)
            plan.waiting.append(row)
            plan.refused.append(Turned(f"ligne {row.index + 1}", row.index, "", row.id, why))


def uncovered(
    plan: Plan, local: Mapping[str, Mapping[str, str]], hidden: Mapping[tuple[str, str], str]
) -> None:
    """Fill again the cells that a merge had emptied, once it is undone: nobody meant to clear them.

    `hidden` is what was listed of this tab so far: {(row, field): reason}.
    """
    blank = [(row, name) for row, values in plan.pulls.items() for name, value in values.items() if not value]
    blank += [(clash.row, clash.field) for clash in plan.clashes if not clash.remote]
    for row, name in blank:
        if hidden.get((row, name)) == MERGED:
            plan.pulls.get(row, {}).pop(name, None)
            plan.pushes.append(Push(row, plan.where(row), name, local[row][name], ""))
    filled = {(push.row, push.field) for push in plan.pushes}
    plan.clashes = [clash for clash in plan.clashes if (clash.row, clash.field) not in filled]
    plan.pulls = {row: values for row, values in plan.pulls.items() if values}
