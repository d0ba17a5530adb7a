"""One tab during one cycle: what the intranet and the sheet hold of it, and the plan between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.values import fold, norm
from store import agreement, between
from store.agreement import BoundTab
from store.pauses import ACCIDENT, COLUMNS, GONE, UNREADABLE
from sync import closed, layout, reading, renamed
from sync.cells import Tab
from sync.layout import ID, locate
from sync.mapping import adapted, records, respelled
from sync.near_names import name_the_nearest
from sync.parted import put_together, tell_copies
from sync.plan import COMPUTED, Plan, Side, Turned, merge, tabulate
from sync.worksheets import HEADER, WORKSHEETS, Column, Worksheet

#: What a row is called by: a person's name, or the day and hour of a half-day.
NAMES = ("full_name", "last_name", "first_name", "day", "start")
#: Of what the last read saw of a tab: the id of a row told apart from its own; a copy has its id under ID too.
APART = "apart"
#: In this order the tabs of a book are planned.
ORDER = {kind: place for place, kind in enumerate(WORKSHEETS)}

DISAPPEARED = "L'onglet « {} » a disparu du classeur : rétablissez-le (Fichier, Historique des versions)."
EXPOSED = (
    "L'onglet « {} » contient des notes et des décisions du jury, qui ne sont pas publiées, et ce classeur n'est pas "
    "réservé au jury : rien n'y est lu ni écrit. Reliez-le dans le classeur du jury."
)
WITHDRAWN = (
    "Cette demi-journée a été retirée du calendrier : ce qui est tapé ici ne compte que si vous la rétablissez "
    "(page Suppressions)."
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

    @property
    def new_column(self) -> int:
        """Return where a half-day without a column gets one: after the last that has one."""
        columns = self.tab.columns
        placed = [columns[name] for name in self.header_labels if name in columns]
        named = [columns[name] for name in ("last_name", "first_name") if name in columns]
        return max(placed or named or [columns[ID]]) + 1

    def place(self, row: str, index: int, name: str) -> dict[str, str]:
        """Name a cell for people: its address, and whose value of what it is."""
        column = self.tab.columns.get(name, self.tab.columns[ID])
        shown = self.tab.header(column) or layout.ID_HEADER
        header = next((c.header for c in self.columns if c.field == name), shown)
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
    tab, pause = _found(bound, sheet, tabs, columns, base.rows)
    if tab.trouble:
        return Work(bound, sheet, tab, columns, Plan(paused=tab.trouble), local, pause)
    read = reading.rows(tab, columns, ID, local)
    if "headers" in bound.mapping:
        read, _ = records(read, tab, local, follows=not sheet.owns_rows)
    side = _side(bound, sheet, base, local, read.fields)
    side = renamed.followed(columns, side, read.fields)
    read, ids = put_together(read, side.base, sheet.keys)
    closed.refuse_covered(tab, read, local)
    plan = merge(sheet.merging(columns), side, read)
    renamed.rewrite(plan, tab, read, local, columns)
    back = frozenset(bound.mapping.get("lost", ())) & tab.columns.keys()
    work = Work(bound, sheet, tab, columns, plan, local, {"cause": ACCIDENT} if plan.paused else {}, back)
    if not plan.paused:
        plan.ids |= ids
        _complete(work, base.rows)
    return work


def _complete(work: Work, agreed: Mapping[str, Mapping[str, str]]) -> None:
    """Add to the plan of a tab's rows what its headers ask for, and take out what the sheet does not allow."""
    plan = work.plan
    tell_copies(plan)
    name_the_nearest(plan, work.tab, work.local)
    if plan.deletions and work.sheet.kept:
        _keep(plan, work.sheet.kept(work.bound.cohort_id))
    if any("" in values.values() for values in plan.pulls.values()) or any(not c.remote for c in plan.clashes):
        closed.uncovered(plan, work.local, between.reasons(work.bound.id))
    if work.sheet.matrix:
        _plan_headers(work, agreed.get(HEADER, {}))
    if work.sheet.withdrawn:
        _refuse_withdrawn(work, agreed)
    closed.heed(plan, work.tab)


def _keep(plan: Plan, kept: set[str]) -> None:
    """Write again the rows whose deletion may not be carried out."""
    plan.kept = [key for key in plan.deletions if key in kept]
    plan.deletions = [key for key in plan.deletions if key not in kept]
    for key in plan.kept:
        plan.missing.pop(key, None)
    plan.appends += plan.kept


def _found(
    bound: BoundTab, sheet: Worksheet, tabs: Mapping[int, Tab], columns: list[Column],
    agreed: Mapping[str, Mapping[str, str]],
) -> tuple[Tab, dict[str, Any]]:
    """Return the tab with its columns located, or with what keeps it from being synced and what sort of thing it is."""
    tab = tabs.get(bound.sheet_id)
    if tab is None:
        return Tab(bound.sheet_id, bound.title, 0, 0, [], trouble=DISAPPEARED.format(bound.title)), {"cause": GONE}
    if sheet.audience == "jury" and agreement.audience(bound.id) != "jury":
        tab.trouble = EXPOSED.format(tab.title)
    else:
        locate(tab, columns, _agreed_fields(agreed), bound.mapping.get("header_lines", 1))
        _leave_theirs(tab, columns, _agreed_fields(agreed))
    tab.trouble = tab.trouble or closed.merged_ids(tab, agreed)
    # Columns that one may go on without, or more than that.
    some = tab.lost and ID not in tab.lost
    return tab, {"cause": COLUMNS, "fields": tab.lost} if some else {"cause": UNREADABLE}


def _leave_theirs(tab: Tab, columns: list[Column], agreed: set[str]) -> None:
    """Leave alone a column of staff's own under the header of one that the intranet computes.

    Nothing says that it is ours, neither a mark nor an agreement, and it holds something: it would be written over.
    """
    for name in [c.field for c in columns if c.policy == COMPUTED and c.field not in NAMES]:
        place = tab.columns.get(name)
        if place is None or name in agreed or place in tab.metadata:
            continue
        if any(tab.text(row, place) for row in range(tab.header_row + 1, tab.last_row)):
            del tab.columns[name]


def _side(
    bound: BoundTab, sheet: Worksheet, base: agreement.Base, local: Mapping[str, Mapping[str, str]],
    fields: tuple[str, ...],
) -> Side:  # fmt: skip
    """Return what the intranet knows of a tab, in the order of the fields that the sheet has."""
    agreed = {row: cells for row, cells in base.rows.items() if row != HEADER}
    seen = [(cells, tuple(cells.get(name, "") for name in fields)) for cells in bound.waiting]
    return Side(
        tabulate(fields, local),
        tabulate(fields, agreed),
        removed=frozenset(sheet.removed(bound.cohort_id)) if sheet.removed else frozenset(),
        missing=base.missing,
        waiting=[texts for cells, texts in seen if ID not in cells],
        copies=[(cells[ID], texts) for cells, texts in seen if ID in cells],
        apart=[(cells[APART], texts) for cells, texts in seen if APART in cells],
        confirmed=bound.confirmed,
        signed=frozenset(sheet.signed(bound.cohort_id)) if sheet.signed else frozenset(),
    )


def _agreed_fields(rows: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return the fields that the agreement has of any row: their columns must still be there."""
    return {name for cells in rows.values() for name in cells}


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
    closed.heed(work.headers, work.tab)
    work.plan.refused += [turned for turned in work.headers.refused if turned.reason in closed.REASONS]
    why = closed.why_no_column(work.tab, work.new_column)
    if why:
        # The half-days without a column wait, and say so.
        for name in [name for name in labels if name not in work.tab.columns]:
            del work.header_labels[name]
            work.plan.refused.append(Turned(HEADER, work.tab.header_row, name, "", why))


def _refuse_withdrawn(work: Work, agreed: Mapping[str, Mapping[str, str]]) -> None:
    """List what was typed under a half-day since it was taken out: it counts only once that one is back."""
    fields = {column.field for column in work.columns} | {ID}
    strays = {name: column for column, name in work.tab.metadata.items() if name not in fields}
    for name in strays.keys() & work.sheet.withdrawn(work.bound.cohort_id) if strays else ():  # type: ignore[misc]
        work.tab.columns[name] = strays[name]
        for key in work.plan.known:
            index = work.plan.where(key)
            text = norm(work.tab.text(index, strays[name]))
            if fold(text) != fold(agreed.get(key, {}).get(name, "")):
                work.plan.refused.append(Turned(key, index, name, text, WITHDRAWN))
