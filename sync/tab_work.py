"""One tab during one cycle: what the intranet and the sheet hold of it, and the plan between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from store import agreement
from store.agreement import BoundTab
from sync import layout
from sync.layout import ID, Tab
from sync.plan import Plan, Side, merge
from sync.worksheets import HEADER, Column, Worksheet, of_audience

#: What a row is called by: a person's name, or the day and hour of a half-day.
NAMES = ("last_name", "first_name", "day", "start")


@dataclass
class Work:
    """One tab during one cycle."""

    bound: BoundTab
    sheet: Worksheet
    tab: Tab
    columns: list[Column]
    plan: Plan
    local: dict[str, dict[str, str]]
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
        known = self.local.get(row, {})
        parts = [self.types[part].display(known[part]) for part in NAMES if part in known and part in self.types]
        who = " ".join(part for part in parts if part)
        label = f"{who or row} · {header}"
        return {"row": row, "field": name, "address": layout.address(column, index), "label": label}


def bound_sheets(book: Any) -> list[tuple[BoundTab, Worksheet]]:
    """List the bound tabs of a book with what they sync, those that own rows first."""
    bound = {tab.kind: tab for tab in agreement.tabs(book.id)}
    return [(bound[sheet.kind], sheet) for sheet in of_audience(book.audience) if sheet.kind in bound]


def plan_tab(cohort_id: int, bound: BoundTab, sheet: Worksheet, tabs: Mapping[int, Tab]) -> Work:
    """Plan one tab from the agreement, the store and the read."""
    base = agreement.base(bound.id)
    columns = sheet.columns(cohort_id)
    local = sheet.snapshot(cohort_id)
    tab = tabs.get(bound.sheet_id)
    if tab is None:
        gone = Tab(bound.sheet_id, bound.title, 0, 0, [])
        why = f"L'onglet « {bound.title} » a disparu du classeur : rétablissez-le (Fichier, Historique des versions)."
        return Work(bound, sheet, gone, columns, Plan(paused=why), local)
    layout.locate(tab, columns, _agreed_fields(base.rows))
    if tab.trouble:
        return Work(bound, sheet, tab, columns, Plan(paused=tab.trouble), local)
    agreed = {row: cells for row, cells in base.rows.items() if row != HEADER}
    removed = frozenset(sheet.removed(cohort_id)) if sheet.removed else frozenset()
    side = Side(local, agreed, removed, base.missing, bound.waiting, bound.confirmed)
    plan = merge(sheet.merging(columns), side, layout.rows(tab, columns))
    work = Work(bound, sheet, tab, columns, plan, local)
    if sheet.matrix and not plan.paused:
        _plan_headers(work, base.rows.get(HEADER, {}))
    return work


def _agreed_fields(rows: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return the fields that the agreement has of any row: their columns must still be there."""
    return {name for cells in rows.values() for name in cells}


def _plan_headers(work: Work, agreed: Mapping[str, str]) -> None:
    """Merge the headers of the matrix: a renamed one is the staff's, a moved half-day renames its own."""
    labels = {c.field: c.header for c in work.columns if c.type.name == "attendance"}
    work.header_labels = labels
    placed = {name: label for name, label in labels.items() if name in work.tab.columns}
    row = layout.header_cells(work.tab, placed)
    side = Side({HEADER: placed}, {HEADER: dict(agreed)} if agreed else {})
    work.headers = merge(work.sheet.merging([]), side, [row])
