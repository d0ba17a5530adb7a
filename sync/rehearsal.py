"""What binding a spreadsheet would change on both sides: planned and carried for real, then taken back.

The same plan and the same verbs as a cycle run inside a transaction that is always rolled back, so that
what is shown is what would happen, refusals of the rules included.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rules.values import TYPES
from store import between, bindings, leases
from store.agreement import BoundTab
from store.bindings import Binding
from store.db import connection
from sync import layout, reading
from sync.adoption.likeness import closest
from sync.adoption.marks import Target, dressed
from sync.applying import apply
from sync.book import BookTrouble
from sync.cells import Tab
from sync.closed import PROTECTED
from sync.composing import compose
from sync.guard import Write
from sync.layout import ID, address
from sync.mapping import adapted, records, spelling_key, spellings
from sync.plan import SheetRow
from sync.report import Report
from sync.tab_work import Work, bound_sheets, plan_tab
from sync.worksheets import HEADER, WORKSHEETS, Worksheet

#: What a preview lists, in the order in which it is read.
SECTIONS = ("created", "changed", "conflicts", "refused", "waiting", "cells", "rows", "columns", "ignored")
#: No more lines of each are kept: a person reads the first, and the count says how many there are.
MOST_LINES = 300
ATTEMPTS = 5
BUSY = "L'intranet est très sollicité en ce moment : l'aperçu reprend de lui-même dans un instant."
PROTECTED_CELLS = (
    "Ce que l'intranet y écrirait serait refusé. Dans Données, Protéger des feuilles et des plages, autorisez "
    "{account} à les modifier."
)

Lines = dict[str, list[dict[str, str]]]


@dataclass
class Rehearsal:
    """What a binding would do: the lines of each section, and how many cells are equal already."""

    lines: Lines = field(default_factory=lambda: {name: [] for name in SECTIONS})
    agreed: int = 0
    ids: int = 0
    #: Why tabs could not be planned, in French, by sheetId.
    paused: dict[int, str] = field(default_factory=dict)
    #: The mapping of each tab, with the spellings of names that it had, by sheetId.
    mappings: dict[int, dict[str, Any]] = field(default_factory=dict)


class _Undone(Exception):
    """Take everything back."""


def rehearse(
    book_id: str, cohort_id: int, audience: str, targets: Sequence[Target], tabs: Mapping[int, Tab]
) -> Rehearsal:
    """Return what binding these tabs would change; nothing of it stays."""
    for _ in range(ATTEMPTS):
        found = Rehearsal()
        try:
            with connection(), leases.giving_way():
                _carry(book_id, cohort_id, audience, targets, tabs, found)
                raise _Undone
        except _Undone:
            return found
        except leases.GaveWay:
            continue
    raise BookTrouble(BUSY)


def _carry(
    book_id: str, cohort_id: int, audience: str, targets: Sequence[Target], tabs: Mapping[int, Tab], found: Rehearsal
) -> None:
    ready = {target.sheet_id: dressed(tabs[target.sheet_id], target) for target in targets}
    wanted = [Binding(target.kind, target.sheet_id, target.title, target.mapping) for target in targets]
    bindings.bind(book_id, cohort_id, audience, "", 0, wanted)
    works = []
    for bound, sheet in bound_sheets(book_id):
        if bound.cohort_id == cohort_id and bound.sheet_id in ready:
            works.append(_one(bound, sheet, ready, found))
    write = compose(book_id, works, ready)
    if write is not None:
        _list_write(write, works, found)


def _one(bound: BoundTab, sheet: Worksheet, tabs: Mapping[int, Tab], found: Rehearsal) -> Work:
    """Plan and carry one tab, as two reads of it would."""
    bound = _with_spellings(bound, sheet, tabs, found)
    sheet = adapted(WORKSHEETS[bound.kind], bound.mapping)
    work = plan_tab(bound, sheet, tabs)
    ripe = [{name: cell.value for name, cell in row.cells.items()} for row in work.plan.waiting]
    if ripe:
        work = plan_tab(replace(bound, waiting=ripe), sheet, tabs)
    if work.plan.paused:
        found.paused[bound.sheet_id] = work.plan.paused
        return work
    births, before = list(work.plan.births), {key: dict(row) for key, row in work.local.items()}
    apply(work, Report(bound.title))
    turned = _list_between(work, found)
    _list_births(work, births, found)
    _list_pulls(work, before, turned, found)
    found.agreed += sum(map(len, work.plan.agreed.values()))
    for row in work.plan.waiting:
        text = " · ".join(cell.typed or cell.value for cell in row.cells.values() if cell.value or cell.typed)
        _add(found, work, "waiting", row.index, label=f"ligne {row.index + 1}", text=text[:200])
    return work


def _with_spellings(bound: BoundTab, sheet: Worksheet, tabs: Mapping[int, Tab], found: Rehearsal) -> BoundTab:
    """Note the names that the tab spells otherwise than the intranet, and the rows that count the others."""
    columns, local = sheet.columns(bound.cohort_id), sheet.snapshot(bound.cohort_id)
    tab = replace(tabs[bound.sheet_id], columns={}, trouble="")
    layout.locate(tab, columns, set(), bound.mapping.get("header_lines", 1))
    mapping = dict(bound.mapping)
    if not tab.trouble:
        read, left = records(reading.rows(tab, columns, ID), tab, local, follows=not sheet.owns_rows)
        mapping["spellings"] = spellings(read, local)
        for index in left:
            texts = (tab.text(index, column) for column in sorted(tab.columns.values()))
            said = next((text for text in texts if text), "")
            line = {"tab": tab.title, "address": address(0, index), "label": f"ligne {index + 1}", "text": said}
            found.lines["ignored"].append(line)
    found.mappings[bound.sheet_id] = mapping
    return replace(bound, mapping=mapping)


# -- what is listed -----------------------------------------------------------------------------


def _add(found: Rehearsal, work: Work, section: str, row: int, column: int = 0, **texts: str) -> None:
    found.lines[section].append({"tab": work.tab.title, "address": address(column, row), **texts})


def _list_between(work: Work, found: Rehearsal) -> set[tuple[str, str]]:
    """List the conflicts and refusals of a tab; return which cells are refused."""
    conflicts, refused = between.of_tab(work.bound.id)
    for row in conflicts:
        line = {"tab": work.tab.title, "address": row["address"], "label": row["label"]}
        shown = {side: _shown(work, row["field"], row[side]) for side in ("local", "remote")}
        found.lines["conflicts"].append(line | shown)
    for row in refused:
        line = {name: row[name] for name in ("address", "label", "typed", "reason")}
        found.lines["refused"].append({"tab": work.tab.title, **line})
    return {(row["row"], row["field"]) for row in refused}


def _list_births(work: Work, births: list[SheetRow], found: Rehearsal) -> None:
    for row in births:
        if row.index not in work.plan.ids:
            continue
        shown = {name: _shown(work, name, cell.value) for name, cell in row.cells.items() if cell.value}
        text = " · ".join(shown.values())
        _add(found, work, "created", row.index, label=_called(work, row), text=text[:200])


def _called(work: Work, row: SheetRow) -> str:
    parts = [_shown(work, name, row.cells[name].value) for name in (*_NAMED, "day", "start") if name in row.cells]
    return " ".join(part for part in parts if part) or f"ligne {row.index + 1}"


_NAMED = ("full_name", "last_name", "first_name")


def _list_pulls(
    work: Work, before: Mapping[str, Mapping[str, str]], turned: set[tuple[str, str]], found: Rehearsal
) -> None:
    for key, values in work.plan.pulls.items():
        for name, value in values.items():
            if (key, name) in turned:
                continue
            place = work.place(key, work.plan.where(key), name)
            line = {"tab": work.tab.title, "address": place["address"], "label": place["label"]}
            sides = {"before": _shown(work, name, before[key].get(name, "")), "after": _shown(work, name, value)}
            found.lines["changed"].append(line | sides)


def _shown(work: Work, name: str, value: str) -> str:
    kind = work.types.get(name, TYPES["text"])
    return kind.display(value) if value else ""


def _list_write(write: Write, works: list[Work], found: Rehearsal) -> None:
    by_sheet = {work.tab.sheet_id: work for work in works}
    for touch in write.touches:
        work = by_sheet[touch.sheet_id]
        if not touch.kind:
            found.ids += 1
            continue
        label = "En-tête" if touch.key == HEADER else work.place(touch.key, touch.row, touch.field)["label"]
        after = _shown(work, touch.field, touch.canonical)
        _add(found, work, "cells", touch.row, touch.column, label=label, before=touch.seen, after=after)
    for row in write.new_rows:
        work = by_sheet[row.sheet_id]
        names = [_shown(work, name, row.agreed[name]) for name in (*_NAMED, "day", "start") if name in row.agreed]
        _add(found, work, "rows", row.row, label=" ".join(filter(None, names)) or row.key)
    for column in write.new_columns:
        _add(found, by_sheet[column.sheet_id], "columns", column.header_row, column.column, label=column.header)


def protected_once(lines: list[dict[str, str]], account: str) -> list[dict[str, str]]:
    """Keep one refusal of a protected cell for each tab: it counts them and says which address to allow."""
    closed_cells = Counter(line["tab"] for line in lines if line["reason"] == PROTECTED)
    kept, told = [], set()
    for line in lines:
        if line["reason"] == PROTECTED:
            if line["tab"] in told:
                continue
            told.add(line["tab"])
            count = closed_cells[line["tab"]]
            label = f"{count} cases protégées" if count > 1 else "1 case protégée"
            line = {**line, "typed": "", "label": label, "reason": PROTECTED_CELLS.format(account=account)}
        kept.append(line)
    return kept


def doubles(found: Rehearsal) -> list[str]:
    """Say which new people have nearly the name of somebody whom a new row would add: maybe one and the same."""
    # Somebody whom one tab brings gets a row in the others: that is one person, whatever the order of names.
    born = {_words_of(line["label"]) for line in found.lines["created"]}
    added = [line["label"] for line in found.lines["rows"] if _words_of(line["label"]) not in born]
    known = {spelling_key(label): label for label in added}
    said = []
    for line in found.lines["created"]:
        close = closest(spelling_key(line["label"]), tuple(known))
        if close:
            said.append(
                f"« {line['label']} » ({line['tab']}, {line['address']}) et « {known[close]} » (intranet) : si "
                "c'est une seule personne, écrivez son nom de la même façon des deux côtés, sinon il y en aura deux."
            )
    return said


def _words_of(label: str) -> tuple[str, ...]:
    return tuple(sorted(spelling_key(label).split()))
