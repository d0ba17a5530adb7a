"""One cycle of one book: lease, read, plan, apply, write, verify, remember.

No transaction is open during a call to Google. What a crash interrupts is settled by the next
cycle: the base moves only once both sides were seen equal, and a write is kept until its outcome
is known.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from store import agreement, people
from store.agreement import BoundTab
from store.db import connection, database
from store.errors import Changed, Refused, Unknown
from store.journal import record
from sync import guard, layout
from sync.book import OutcomeUnknown
from sync.layout import ID, Tab
from sync.plan import Plan, Push, SheetRow, Side, Turned, merge
from sync.worksheets import HEADER, WORKSHEETS, Column, Worksheet, author, of_audience

#: A write that had to put something back is followed by another, at most this many times.
REPAIRS = 3


class Sheets(Protocol):
    """What a cycle needs of the connection to Google."""

    reads: int
    writes: int

    def read(self, book_id: str) -> Mapping[str, Any]:
        """Return the book, masked."""

    def write(self, book_id: str, batch: list, ranges: list[str] | None = None) -> Mapping[str, Any]:
        """Apply a batch and return the ranges after it."""


@dataclass
class Report:
    """What one cycle did."""

    book: str
    reads: int = 0
    writes: int = 0
    pulled: int = 0
    pushed: int = 0
    created: int = 0
    removed: int = 0
    conflicts: int = 0
    refused: int = 0
    paused: list[str] = field(default_factory=list)
    epoch: int = 0
    #: Whether another cycle should follow at once: something was put back, or waits for a second read.
    again: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)


@dataclass
class _Work:
    """One tab during one cycle."""

    bound: BoundTab
    sheet: Worksheet
    tab: Tab
    columns: list[Column]
    plan: Plan
    local: dict[str, dict[str, str]]
    headers: Plan | None = None
    header_labels: dict[str, str] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, Any]:
        return {column.field: column.type for column in self.columns}


def run(book_id: str, sheets: Sheets, owner: str) -> Report | None:
    """Run one cycle and return what it did; None when another worker holds the book.

    Raises BookTrouble when Google could not be read or written, LeaseLost when the book was taken
    over in the middle: in both cases nothing is half done.
    """
    with connection():
        epoch = agreement.take_lease(book_id, owner)
    if epoch is None:
        return None
    report = Report(book_id, epoch=epoch)
    reads, writes = sheets.reads, sheets.writes
    try:
        _cycle(book_id, sheets, report)
    finally:
        report.reads, report.writes = sheets.reads - reads, sheets.writes - writes
        with connection():
            agreement.release(book_id, epoch)
    return report


def _cycle(book_id: str, sheets: Sheets, report: Report) -> None:
    tabs = layout.tabs(sheets.read(book_id))
    repairs = _settle(book_id, tabs, report)
    if repairs is not None:
        # Put right what an interrupted write covered before anything new is planned.
        _send(book_id, sheets, repairs, tabs, report)
        report.again = True
        return
    with connection(), database.atomic():
        agreement.check_lease(book_id, report.epoch)
        book = agreement.book(book_id)
        # Whoever changes the cohort now waits for the end of this transaction: what they change
        # is seen whole by the snapshots, or grows the version past the one remembered.
        people.version(book.cohort_id, lock=True)
        works = _plan_all(book, tabs, report)
        write = _compose(book, works, tabs)
        if write is not None:
            agreement.intend(book_id, report.epoch, write.nonce, write.as_dict())
        version = people.version(book.cohort_id)
    if write is not None:
        with connection():
            agreement.check_lease(book_id, report.epoch)
        _send(book_id, sheets, write, tabs, report)
    _finish(book, version, works, write, report)


def _finish(book: Any, version: int, works: list[_Work], write: guard.Write | None, report: Report) -> None:
    with connection(), database.atomic():
        agreement.check_lease(book.id, report.epoch)
        changed = bool(write or report.pulled or report.created or report.removed)
        agreement.succeeded(book.id, version, changed)
    report.paused = [f"{work.tab.title} : {work.plan.paused}" for work in works if work.plan.paused]
    report.again = report.again or any(work.plan.ripening or work.plan.restored for work in works)


# -- settling what a crash or a silence left ------------------------------------------------------


def _settle(book_id: str, tabs: Mapping[int, Tab], report: Report) -> guard.Write | None:
    """Learn from the hidden tab what earlier writes did; return the write that repairs them, if any."""
    with connection():
        waiting = agreement.unsettled(book_id)
    for nonce, body in waiting:
        write = guard.Write.from_dict(body)
        outcome = guard.verify(write, tabs, reply=False)
        if outcome.unknown:
            continue
        if outcome.misaligned:
            _forget(nonce)
            continue
        touches = guard.put_back(outcome.repairs, tabs, write.id_columns)
        with connection(), database.atomic():
            agreement.check_lease(book_id, report.epoch)
            _remember(book_id, outcome)
            agreement.settled(nonce)
            if touches:
                repair = _repair_write(write, touches, tabs)
                agreement.intend(book_id, report.epoch, repair.nonce, repair.as_dict())
                return repair
    return None


def _forget(nonce: str) -> None:
    with connection():
        agreement.settled(nonce)


def _repair_write(write: guard.Write, touches: list[guard.Touch], tabs: Mapping[int, Tab]) -> guard.Write:
    repair = guard.Write(secrets.token_hex(8), write.scratch_id, touches, id_columns=write.id_columns)
    guard.lay_out(repair, tabs)
    return repair


# -- planning ----------------------------------------------------------------------------------


def _plan_all(book: Any, tabs: Mapping[int, Tab], report: Report) -> list[_Work]:
    bound = {tab.kind: tab for tab in agreement.tabs(book.id)}
    works = []
    for sheet in of_audience(book.audience):
        if sheet.kind in bound:
            work = _plan_tab(book.cohort_id, bound[sheet.kind], sheet, tabs)
            _apply(book.cohort_id, work, report)
            works.append(work)
    return works


def _plan_tab(cohort_id: int, bound: BoundTab, sheet: Worksheet, tabs: Mapping[int, Tab]) -> _Work:
    base = agreement.base(bound.id)
    columns = sheet.columns(cohort_id)
    local = sheet.snapshot(cohort_id)
    tab = tabs.get(bound.sheet_id)
    if tab is None:
        gone = Tab(bound.sheet_id, bound.title, 0, 0, [])
        why = f"L'onglet « {bound.title} » a disparu du classeur : rétablissez-le (Fichier, Historique des versions)."
        return _Work(bound, sheet, gone, columns, Plan(paused=why), local)
    layout.locate(tab, columns, set(base.rows.get(HEADER, {})) | _named(base.rows))
    if tab.trouble:
        return _Work(bound, sheet, tab, columns, Plan(paused=tab.trouble), local)
    agreed = {row: cells for row, cells in base.rows.items() if row != HEADER}
    removed = frozenset(sheet.removed(cohort_id)) if sheet.removed else frozenset()
    side = Side(local, agreed, removed, base.missing, bound.waiting)
    plan = merge(sheet.merging(columns), side, layout.rows(tab, columns))
    work = _Work(bound, sheet, tab, columns, plan, local)
    if sheet.matrix and not plan.paused:
        _plan_headers(work, base.rows.get(HEADER, {}))
    return work


def _named(rows: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return the fields that the agreement has of any row: their columns must still be there."""
    first = next((cells for row, cells in rows.items() if row != HEADER), {})
    return set(first)


def _plan_headers(work: _Work, agreed: Mapping[str, str]) -> None:
    """Merge the headers of the matrix: a renamed one is the staff's, a moved half-day renames its own."""
    labels = {c.field: c.header for c in work.columns if c.type.name == "attendance"}
    work.header_labels = labels
    placed = {name: label for name, label in labels.items() if name in work.tab.columns}
    row = layout.header_cells(work.tab, placed)
    side = Side({HEADER: placed}, {HEADER: dict(agreed)} if agreed else {})
    columns = work.sheet.merging([])
    work.headers = merge(columns, side, [row])


# -- applying what the sheet says ---------------------------------------------------------------


def _apply(cohort_id: int, work: _Work, report: Report) -> None:
    """Carry the sheet's changes through the verbs of the store; list what cannot be."""
    plan, sheet = work.plan, work.sheet
    waiting = [_texts(row) for row in plan.waiting]
    changed = agreement.note_tab(work.bound, work.tab.title or work.bound.title, plan.paused, waiting)
    if plan.paused:
        if changed:
            agreement.touch(cohort_id)
        return
    refused = list(plan.refused)
    agreed = {row: dict(cells) for row, cells in plan.agreed.items()}
    for key in plan.restored:
        sheet.restore(author(), key)
    for row, values in plan.pulls.items():
        done = _pull(work, row, values, refused, report)
        if done:
            agreed.setdefault(row, {}).update(done)
    for row in plan.births:
        _create(cohort_id, work, row, agreed, refused, report)
    for key in plan.deletions:
        sheet.remove(author(), key)
        report.removed += 1
    if work.headers:
        # A header that staff renamed is theirs: only those still equal to ours are agreed on.
        agreed.setdefault(HEADER, {}).update(work.headers.agreed.get(HEADER, {}))
    agreement.agree(work.bound.id, {row: cells for row, cells in agreed.items() if cells})
    _list(cohort_id, work, refused, report)


def _texts(row: SheetRow) -> dict[str, str]:
    return {name: cell.value for name, cell in row.cells.items()}


def _pull(
    work: _Work, row: str, values: Mapping[str, str], refused: list[Turned], report: Report
) -> dict[str, str]:
    """Carry one row's changes, all together when the rules take them so, else one by one."""
    local = work.local[row]
    expected = {name: local[name] for name in values}
    try:
        with database.atomic():
            work.sheet.change(author(), row, values, expected)
        report.pulled += len(values)
        return dict(values)
    except Changed:
        return {}
    except (Refused, Unknown) as error:
        if len(values) == 1:
            _refuse(work, row, next(iter(values)), error, refused)
            return {}
    done = {}
    for name, value in values.items():
        done |= _pull(work, row, {name: value}, refused, report)
    return done


def _refuse(work: _Work, row: str, name: str, error: Exception, refused: list[Turned]) -> None:
    index = work.plan.where[row]
    typed = layout.text_of(work.tab.raw(index, work.tab.columns[name]))
    reason = str(error) if isinstance(error, Refused) else "Cette ligne n'existe plus dans l'intranet."
    refused.append(Turned(row, index, name, typed, reason))


def _create(
    cohort_id: int, work: _Work, row: SheetRow, agreed: dict, refused: list[Turned], report: Report
) -> None:
    values = {name: text for name, text in _texts(row).items() if text}
    try:
        with database.atomic():
            key = work.sheet.create(author(), cohort_id, values)
    except Refused as error:
        name = getattr(error, "field", "")
        typed = layout.text_of(work.tab.raw(row.index, work.tab.columns[name])) if name in work.tab.columns else ""
        refused.append(Turned(f"ligne {row.index + 1}", row.index, name, typed, str(error)))
        return
    work.plan.ids[row.index] = key
    work.plan.where[key] = row.index
    work.local = work.sheet.snapshot(cohort_id)
    agreed[key] = {name: text for name, text in _texts(row).items() if work.local[key].get(name) == text}
    report.created += 1


def _list(cohort_id: int, work: _Work, refused: list[Turned], report: Report) -> None:
    """List conflicts and refusals, each with the address of its cell."""
    base = agreement.base(work.bound.id)
    agreement.note_missing(work.bound.id, base.missing, _missing(work.plan, base.missing))
    conflicts = [
        _place(work, clash.row, clash.index, clash.field)
        | {"base": clash.base, "local": clash.local, "remote": clash.remote}
        for clash in work.plan.clashes
    ]
    turned = [
        _place(work, item.row, item.index, item.field) | {"typed": item.typed, "reason": item.reason}
        for item in refused
    ]
    report.conflicts += len(conflicts)
    report.refused += len(turned)
    if agreement.list_conflicts(work.bound.id, conflicts) + agreement.list_refusals(work.bound.id, turned):
        agreement.touch(cohort_id)


def _missing(plan: Plan, before: Mapping[str, int]) -> dict[str, int]:
    """Keep counting for rows withdrawn because they disappeared: one that is back is a wish to restore."""
    kept = {row: count for row, count in before.items() if row not in plan.where and row not in plan.missing}
    return {**kept, **plan.missing}


def _place(work: _Work, row: str, index: int, name: str) -> dict[str, str]:
    column = work.tab.columns.get(name, work.tab.columns[ID])
    header = next((c.header for c in work.columns if c.field == name), layout.ID_HEADER)
    who = " ".join(work.local.get(row, {}).get(part, "") for part in ("last_name", "first_name")).strip()
    label = f"{who or row} · {header}"
    return {"row": row, "field": name, "address": layout.address(column, index), "label": label}


# -- composing and sending the write --------------------------------------------------------------


def _compose(book: Any, works: list[_Work], tabs: Mapping[int, Tab]) -> guard.Write | None:
    """Gather what every tab has to write in one guarded batch; None when there is nothing."""
    write = guard.Write(secrets.token_hex(8), book.scratch_id)
    for work in works:
        if not work.plan.paused:
            write.id_columns[str(work.tab.sheet_id)] = work.tab.columns[ID]
            _compose_tab(work, write)
    if not (write.touches or write.appends or write.new_columns):
        return None
    guard.lay_out(write, tabs)
    return write


def _compose_tab(work: _Work, write: guard.Write) -> None:
    for push in work.plan.pushes:
        write.touches.append(_touch(work, push))
        if push.put_back:
            record(author(), None, work.sheet.kind, push.row, push.field, push.seen, push.value)
    for push in work.headers.pushes if work.headers else ():
        write.touches.append(_touch_header(work, push))
    for index, key in work.plan.ids.items():
        write.touches.append(_touch_id(work, index, key))
    for key in work.plan.appends:
        write.appends.append(_append(work, key))
    if work.sheet.matrix:
        write.new_columns += _new_columns(work)


def _touch(work: _Work, push: Push) -> guard.Touch:
    tab, column = work.tab, work.tab.columns[push.field]
    id_column = tab.columns[ID]
    value = layout.extended(work.types[push.field].show(push.value))
    # A row that is getting its id back in this very write is still recognised by what it holds now.
    witness = {str(id_column): layout.text_of(tab.raw(push.index, id_column))}
    return guard.Touch(
        tab.sheet_id, push.index, column, value, layout.text_of(tab.raw(push.index, column)), witness,
        work.sheet.kind, push.row, push.field, push.value,
    )  # fmt: skip


def _touch_header(work: _Work, push: Push) -> guard.Touch:
    tab, column = work.tab, work.tab.columns[push.field]
    witness = {str(tab.columns[ID]): layout.text_of(tab.raw(tab.header_row, tab.columns[ID]))}
    return guard.Touch(
        tab.sheet_id, tab.header_row, column, layout.extended(push.value), push.seen, witness,
        work.sheet.kind, HEADER, push.field, push.value,
    )  # fmt: skip


def _touch_id(work: _Work, index: int, key: str) -> guard.Touch:
    """Write an id; what the row holds is its witness, since it has no id to be known by yet."""
    tab, id_column = work.tab, work.tab.columns[ID]
    texts = {column: layout.text_of(tab.raw(index, column)) for name, column in tab.columns.items() if name != ID}
    witness = {str(column): text for column, text in texts.items() if text}
    seen = layout.text_of(tab.raw(index, id_column))
    return guard.Touch(tab.sheet_id, index, id_column, layout.extended(key), seen, witness)


#: How Google shows a number that is a date or a time, for cells of rows that we add.
_FORMATS = {
    "date": {"type": "DATE", "pattern": "dd/mm/yyyy"},
    "time": {"type": "TIME", "pattern": "hh:mm"},
}


def _append(work: _Work, key: str) -> guard.Append:
    tab, row = work.tab, work.local[key]
    cells = {str(tab.columns[ID]): layout.extended(key)}
    formats, agreed = {}, {}
    for column in work.columns:
        if column.field not in tab.columns or column.field not in row:
            continue
        place = str(tab.columns[column.field])
        agreed[column.field] = row[column.field]
        cells[place] = layout.extended(column.type.show(row[column.field]))
        if column.type.name in _FORMATS:
            formats[place] = _FORMATS[column.type.name]
    return guard.Append(tab.sheet_id, cells, formats, work.sheet.kind, key, agreed)


def _new_columns(work: _Work) -> list[guard.NewColumn]:
    """Return the columns that half-days without one need, after the last that has one."""
    placed = [work.tab.columns[name] for name in work.header_labels if name in work.tab.columns]
    named = [work.tab.columns[name] for name in ("last_name", "first_name") if name in work.tab.columns]
    after = max(placed or named or [work.tab.columns[ID]]) + 1
    missing = [name for name in work.header_labels if name not in work.tab.columns]
    return [
        guard.NewColumn(work.tab.sheet_id, after, work.tab.header_row, work.header_labels[name], name)
        for name in missing
    ]


def _send(book_id: str, sheets: Sheets, write: guard.Write, tabs: Mapping[int, Tab], report: Report) -> None:
    """Send a write, learn what it really did, and put back what it covered."""
    for _ in range(REPAIRS):
        after = _call(book_id, sheets, write, tabs)
        outcome = guard.verify(write, after, reply=True)
        if outcome.misaligned:
            _forget(write.nonce)
        if outcome.unknown or outcome.misaligned:
            raise OutcomeUnknown("Le classeur a bougé pendant l'écriture : le prochain passage vérifiera chaque cellule.")
        touches = guard.put_back(outcome.repairs, after, write.id_columns)
        repair = _repair_write(write, touches, after) if touches else None
        with connection(), database.atomic():
            agreement.check_lease(book_id, report.epoch)
            _remember(book_id, outcome)
            agreement.settled(write.nonce)
            if repair:
                agreement.intend(book_id, report.epoch, repair.nonce, repair.as_dict())
        report.pushed += len([touch for touch in outcome.landed if touch.kind]) + len(outcome.appended)
        report.again = report.again or bool(outcome.repairs)
        if repair is None:
            return
        write, tabs = repair, after
    raise OutcomeUnknown("Le classeur change sans cesse : le prochain passage remettra chaque valeur à sa place.")


def _call(book_id: str, sheets: Sheets, write: guard.Write, tabs: Mapping[int, Tab]) -> dict[int, Tab]:
    titles = {sheet_id: tab.title for sheet_id, tab in tabs.items()}
    batch = guard.requests(write, tabs.get(write.scratch_id))
    reply = sheets.write(book_id, batch, guard.ranges(write, titles))
    return layout.tabs(reply["updatedSpreadsheet"])


def _remember(book_id: str, outcome: guard.Outcome) -> None:
    """Move the base of what was seen in place on both sides."""
    tabs = {tab.kind: tab.id for tab in agreement.tabs(book_id)}
    agreed: dict[str, dict[str, dict[str, str]]] = {}
    for touch in outcome.landed:
        if touch.kind:
            agreed.setdefault(touch.kind, {}).setdefault(touch.key, {})[touch.field] = touch.canonical
    for append in outcome.appended:
        agreed.setdefault(append.kind, {})[append.key] = dict(append.agreed)
    for kind, found in agreed.items():
        agreement.agree(tabs[kind], found)


__all__ = ["REPAIRS", "WORKSHEETS", "Report", "run"]
