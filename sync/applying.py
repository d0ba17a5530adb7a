"""Carry the sheet's changes through the verbs of the store; list what cannot be carried."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store import agreement, between, pauses
from store.db import database
from store.errors import Changed, Refused, Unknown
from store.journal import touch
from sync.layout import ID
from sync.plan import COMPUTED, Plan, SheetRow, Turned
from sync.report import Report
from sync.tab_work import APART, Work
from sync.worksheets import HEADER, author

#: Rows of one tab that become records in one transaction, at most.
BIRTHS = 300


@dataclass
class _Done:
    """What becomes of one tab's changes while they are carried."""

    work: Work
    report: Report
    refused: list[Turned]
    agreed: dict[str, dict[str, str]]
    #: Rows typed in the sheet that the rules refused: asked again at each read until they are mended.
    unborn: list[SheetRow] = field(default_factory=list)


def apply(work: Work, report: Report) -> None:
    """Carry every change of one tab that the sheet has over the intranet."""
    plan, sheet, cohort_id = work.plan, work.sheet, work.bound.cohort_id
    if plan.paused:
        copies = [cells for cells in work.bound.waiting if ID in cells]
        if agreement.note_tab(work.bound, work.tab.title or work.bound.title, plan.paused, copies, work.pause):
            touch(cohort_id)
        # What a paused tab was waiting for still is.
        conflicts, refusals = between.listed(work.bound.id)
        report.conflicts += conflicts
        report.refused += refusals
        return
    agreed = {row: dict(cells) for row, cells in plan.agreed.items()}
    done = _Done(work, report, list(plan.refused), agreed)
    for key in plan.restored:
        sheet.restore(author(), key)
    for row, values in plan.pulls.items():
        _pull(done, row, values)
    _create_all(done)
    for key in plan.deletions:
        sheet.remove(author(), key)
        report.removed += 1
    if work.headers:
        # A header that staff renamed is theirs: only those still equal to ours are agreed on.
        done.agreed.setdefault(HEADER, {}).update(work.headers.agreed.get(HEADER, {}))
    agreement.agree(work.bound.id, {row: cells for row, cells in done.agreed.items() if cells})
    if work.back:
        pauses.found_again(work.bound.id, work.back)
    apart = {row.index: {APART: row.id} for row in plan.apart}
    waiting = {row.index: _texts(row) | apart.get(row.index, {}) for row in (*plan.waiting, *done.unborn)}
    copies = {row.index: _texts(row) | {ID: row.id} | apart.get(row.index, {}) for row in plan.copies}
    others = {row.index: _texts(row) | {APART: row.id} for row in plan.apart}
    seen = list((others | copies | waiting).values())
    changed = agreement.note_tab(work.bound, work.tab.title, "", seen) and bool(work.bound.paused)
    if _list(done) or changed:
        touch(cohort_id)


def _texts(row: SheetRow) -> dict[str, str]:
    return {name: cell.value for name, cell in row.cells.items()}


def _pull(done: _Done, row: str, values: Mapping[str, str]) -> None:
    """Carry one row's changes, all together when the rules take them so, else one by one."""
    local = done.work.local[row]
    try:
        with database.atomic():
            done.work.sheet.change(author(), row, values, local)
    except Changed:
        # The intranet's value moved in between: the next cycle compares again.
        done.report.again = True
    except (Refused, Unknown) as error:
        if len(values) == 1:
            _refuse(done, row, next(iter(values)), error)
            return
        for name, value in values.items():
            _pull(done, row, {name: value})
    else:
        done.report.pulled += len(values)
        done.agreed.setdefault(row, {}).update(values)


def _refuse(done: _Done, row: str, name: str, error: Exception) -> None:
    tab, index = done.work.tab, done.work.plan.where(row)
    typed = tab.text(index, tab.columns[name])
    reason = str(error) if isinstance(error, Refused) else "Cette ligne n'existe plus dans l'intranet."
    done.refused.append(Turned(row, index, name, typed, reason))


def _create_all(done: _Done) -> None:
    """Let rows typed in the sheet become records, then read once what the intranet made of them all.

    Of a paste of thousands, the rest waits for the next cycles: a page waits for a short transaction only.
    """
    work, births = done.work, done.work.plan.births
    born = {key: row for row in births[:BIRTHS] if (key := _create(done, row))}
    if births[BIRTHS:]:
        work.plan.waiting += births[BIRTHS:]
        work.plan.ripening = True
    if born:
        work.local = work.sheet.snapshot(work.bound.cohort_id)
    for key, row in born.items():
        work.plan.ids[row.index] = key
        done.agreed[key] = {name: text for name, text in _texts(row).items() if work.local[key].get(name) == text}
    done.report.created += len(born)


def _create(done: _Done, row: SheetRow) -> str:
    """Create the record of one row and return its id; '' when the rules refuse it, which is listed."""
    work, texts = done.work, _texts(row)
    # What the intranet computes is nobody's to type, in a new row either.
    values = {c.field: texts[c.field] for c in work.columns if c.policy != COMPUTED and texts.get(c.field)}
    try:
        with database.atomic():
            return work.sheet.create(author(), work.bound.cohort_id, values, wanted=row.id)
    except Refused as error:
        name = getattr(error, "field", "")
        column = work.tab.columns.get(name)
        typed = "" if column is None else work.tab.text(row.index, column)
        done.refused.append(Turned(f"ligne {row.index + 1}", row.index, name, typed, str(error)))
        done.unborn.append(row)
        return ""


def _list(done: _Done) -> int:
    """List conflicts and refusals, each with the address of its cell; return how many changed."""
    work, tab_id = done.work, done.work.bound.id
    base = agreement.base(tab_id)
    agreement.note_missing(tab_id, base.missing, _missing(work.plan, base.missing))
    conflicts = [
        work.place(clash.row, clash.index, clash.field)
        | {"base": clash.base, "local": clash.local, "remote": clash.remote}
        for clash in work.plan.clashes
    ]
    refusals = [
        work.place(item.row, item.index, item.field) | {"typed": item.typed, "reason": item.reason}
        for item in done.refused
    ]
    done.report.conflicts += len(conflicts)
    done.report.refused += len(refusals)
    moved = between.list_conflicts(tab_id, conflicts)
    work.opened, work.closed = moved.new, moved.gone
    return sum(moved) + sum(between.list_refusals(tab_id, refusals))


def _missing(plan: Plan, before: Mapping[str, int]) -> dict[str, int]:
    """Keep counting for rows withdrawn because they disappeared: one that is back is a wish to restore."""
    kept = {row: count for row, count in before.items() if row not in plan.known and row not in plan.missing}
    return {**kept, **plan.missing}
