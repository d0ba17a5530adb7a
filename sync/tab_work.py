"""One tab during one cycle: what the intranet and the sheet hold of it, and the plan between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from store import agreement
from store.agreement import BoundTab
from store.pauses import ACCIDENT, COLUMNS, GONE, UNREADABLE
from sync import layout, reading
from sync.cells import Tab
from sync.layout import ID, locate
from sync.mapping import adapted, records, respelled
from sync.plan import Plan, Side, Turned, merge, tabulate
from sync.worksheets import HEADER, WORKSHEETS, Column, Worksheet

#: What a row is called by: a person's name, or the day and hour of a half-day.
NAMES = ("full_name", "last_name", "first_name", "day", "start")
#: In this order the tabs of a book are planned.
ORDER = {kind: place for place, kind in enumerate(WORKSHEETS)}
PROTECTED = (
    "Cette case est protégée : autorisez l'adresse de Passerelle (elle est sur la page Synchronisation) à la modifier, "
    "dans Données, Protéger des feuilles et des plages."
)


@dataclass
class Work:
    """One tab during one cycle."""

    bound: BoundTab
    sheet: Worksheet
    tab: Tab
    columns: list[Column]
    plan: Plan
    local: dict[str, dict[str, str]]
    #: What the plan is paused for, as store.pauses has it; empty when it is not.
    pause: dict[str, Any] = field(default_factory=dict)
    #: Columns that a person went on without, and that are in the sheet again.
    back: frozenset[str] = frozenset()
    #: Conflicts that began, and those that ended by themselves.
    opened: int = 0
    closed: int = 0
    #: How the headers of a matrix merge, and the header of each of its columns.
    headers: Plan | None = None
    header_labels: dict[str, str] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, Any]:
        """Return the type of each field."""
        return {column.field: column.type for column in self.columns}

    def place(self, row: str, index: int, name: str) -> dict[str, str]:
        """Name a cell for people: its address, and whose value of what it is."""
        column = self.tab.columns.get(name, self.tab.columns[ID])
        header = next((c.header for c in self.columns if c.field == name), layout.ID_HEADER)
        header = self.bound.mapping.get("called", {}).get(name, header)
        known = self.local.get(row, {})
        parts = [self.types[part].display(known[part]) for part in NAMES if part in known and part in self.types]
        who = " ".join(part for part in parts if part)
        label = f"{who or ('En-tête' if row == HEADER else row)} · {header}"
        return {"row": row, "field": name, "address": layout.address(column, index), "label": label}


def bound_sheets(book_id: str) -> list[tuple[BoundTab, Worksheet]]:
    """List the bound tabs of a book with what they sync, those that own rows first: the others follow them."""
    found = [(bound, adapted(WORKSHEETS[bound.kind], bound.mapping)) for bound in agreement.tabs(book_id)]
    return sorted(found, key=lambda pair: (not pair[1].owns_rows, ORDER[pair[1].kind]))


def plan_tab(bound: BoundTab, sheet: Worksheet, tabs: Mapping[int, Tab]) -> Work:
    """Plan one tab from the agreement, the store and the read."""
    base = agreement.base(bound.id)
    columns, local = sheet.columns(bound.cohort_id), sheet.snapshot(bound.cohort_id)
    if "headers" in bound.mapping:
        columns = respelled(columns, local, bound.mapping)
    tab = tabs.get(bound.sheet_id)
    if tab is None:
        gone = Tab(bound.sheet_id, bound.title, 0, 0, [])
        why = f"L'onglet « {bound.title} » a disparu du classeur : rétablissez-le (Fichier, Historique des versions)."
        return Work(bound, sheet, gone, columns, Plan(paused=why), local, {"cause": GONE})
    locate(tab, columns, _agreed_fields(base.rows), bound.mapping.get("header_lines", 1))
    if tab.trouble:
        return Work(bound, sheet, tab, columns, Plan(paused=tab.trouble), local, _trouble(tab))
    read = reading.rows(tab, columns, ID)
    if "headers" in bound.mapping:
        read, _ = records(read, tab, local, follows=not sheet.owns_rows)
    plan = merge(sheet.merging(columns), _side(bound, sheet, base, local, read.fields), read)
    pause = {"cause": ACCIDENT} if plan.paused else {}
    back = frozenset(bound.mapping.get("lost", ())) & tab.columns.keys()
    work = Work(bound, sheet, tab, columns, plan, local, pause, back)
    if sheet.matrix and not plan.paused:
        _plan_headers(work, base.rows.get(HEADER, {}))
    heed_protections(plan, tab)
    return work


def _trouble(tab: Tab) -> dict[str, Any]:
    """Tell what keeps a tab from being read: columns that one may go on without, or more than that."""
    return {"cause": COLUMNS, "fields": tab.lost} if tab.lost and ID not in tab.lost else {"cause": UNREADABLE}


def _side(
    bound: BoundTab, sheet: Worksheet, base: agreement.Base, local: Mapping[str, Mapping[str, str]],
    fields: tuple[str, ...],
) -> Side:  # fmt: skip
    """Return what the intranet knows of a tab, in the order of the fields that the sheet has."""
    agreed = {row: cells for row, cells in base.rows.items() if row != HEADER}
    return Side(
        tabulate(fields, local),
        tabulate(fields, agreed),
        removed=frozenset(sheet.removed(bound.cohort_id)) if sheet.removed else frozenset(),
        missing=base.missing,
        waiting=[tuple(cells.get(name, "") for name in fields) for cells in bound.waiting],
        confirmed=bound.confirmed,
        signed=frozenset(sheet.signed(bound.cohort_id)) if sheet.signed else frozenset(),
    )


def _agreed_fields(rows: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return the fields that the agreement has of any row: their columns must still be there."""
    return {name for cells in rows.values() for name in cells}


def heed_protections(plan: Plan, tab: Tab) -> None:
    """Leave out of a plan what a protection of the sheet forbids us to write, and list it: the others still go."""
    if not tab.protected or plan.paused:
        return
    kept = []
    for push in plan.pushes:
        if tab.forbids(push.index, tab.columns[push.field]):
            plan.refused.append(Turned(push.row, push.index, push.field, push.seen, PROTECTED))
        else:
            kept.append(push)
    plan.pushes = kept
    for index in [index for index in plan.ids if tab.forbids(index, tab.columns[ID])]:
        plan.refused.append(Turned(plan.ids.pop(index), index, "", "", PROTECTED))
    # The births of this cycle get their id only if their row may be written.
    for row in [row for row in plan.births if tab.forbids(row.index, tab.columns[ID])]:
        plan.births.remove(row)
        plan.waiting.append(row)
        plan.refused.append(Turned(f"ligne {row.index + 1}", row.index, "", row.id, PROTECTED))
    below = tab.end
    if plan.appends and any(tab.forbids(below, column) for column in tab.columns.values()):
        plan.refused += [Turned(key, below, "", "", PROTECTED) for key in plan.appends]
        plan.appends = []


def _plan_headers(work: Work, agreed: Mapping[str, str]) -> None:
    """Merge the headers of the matrix: a renamed one is the staff's, a moved half-day renames its own."""
    left_out = set(work.bound.mapping.get("lost", ())) - work.back
    labels = {c.field: c.header for c in work.columns if c.type.name == "attendance" and c.field not in left_out}
    work.header_labels = labels
    # What staff wrote above their own columns is theirs; ours are those added since.
    theirs = work.bound.mapping.get("headers", {})
    placed = {name: label for name, label in labels.items() if name in work.tab.columns and name not in theirs}
    read = reading.header_cells(work.tab, placed)
    local = tabulate(read.fields, {HEADER: placed})
    side = Side(local, tabulate(read.fields, {HEADER: agreed}) if agreed else {})
    work.headers = merge(work.sheet.merging([]), side, read)
    heed_protections(work.headers, work.tab)
    work.plan.refused += [turned for turned in work.headers.refused if turned.reason == PROTECTED]
    if work.tab.forbids(work.tab.header_row, max(work.tab.columns.values()) + 1):
        # No column can be added: the half-days without one wait, and say so.
        for name in [name for name in labels if name not in work.tab.columns]:
            del work.header_labels[name]
            work.plan.refused.append(Turned(HEADER, work.tab.header_row, name, "", PROTECTED))
