"""Gather what every tab has to write in one guarded batch."""

import secrets
from collections.abc import Container, Mapping

from store import bindings, intents
from store.journal import ROW, Entry, record_all
from sync import guard, layout
from sync.layout import ID, Tab
from sync.plan import Push
from sync.tab_work import Work
from sync.worksheets import HEADER, PUT_BACK

#: How Google shows a number that is a date or a time, for cells of rows that we add.
_FORMATS = {
    "date": {"type": "DATE", "pattern": "dd/mm/yyyy"},
    "time": {"type": "TIME", "pattern": "hh:mm"},
}


def compose(book_id: str, works: list[Work], tabs: Mapping[int, Tab]) -> guard.Write | None:
    """Gather what every tab has to write; None when there is nothing."""
    write = guard.Write(secrets.token_hex(8), 0)
    for work in works:
        if not work.plan.paused:
            write.id_columns[str(work.tab.sheet_id)] = work.tab.columns[ID]
            _compose_tab(work, write)
    if not (write.touches or write.new_rows or write.new_columns):
        return None
    write.scratch_id = bindings.scratch_id(book_id) or 0
    write.cancels, write.served = intents.marks(book_id)
    # The copy of a write that may still land is kept: it alone tells what that one covered.
    guard.lay_out(write, tabs, guard.origin_after(body for _, body in intents.unsettled(book_id)))
    return write


def _compose_tab(work: Work, write: guard.Write) -> None:
    kind, plan = work.sheet.journal_kind, work.plan
    told = [Entry(kind, push.row, push.field, push.seen, push.value) for push in plan.pushes if push.put_back]
    told += [Entry(kind, key, "state", "withdrawn", "enrolled") for key in plan.kept]
    told += [Entry(kind, key, ROW, "deleted", "put_back") for key in plan.put_back]
    record_all(PUT_BACK, work.bound.cohort_id, told)
    write.touches += [_touch(work, push) for push in plan.pushes]
    for push in work.headers.pushes if work.headers else ():
        write.touches.append(_touch_header(work, push))
    for index, key in work.plan.ids.items():
        write.touches.append(_touch_id(work, index, key))
    for place, key in enumerate(work.plan.appends, start=work.tab.end):
        write.new_rows.append(_new_row(work, place, key))
    if work.sheet.matrix:
        strayed = _strayed_headers(work)
        write.touches += [touch for name, place in strayed.items() for touch in _bring_back(work, name, *place)]
        write.new_columns += _new_columns(work, strayed)


def _touch(work: Work, push: Push) -> guard.Touch:
    tab, column = work.tab, work.tab.columns[push.field]
    id_column = tab.columns[ID]
    value = layout.extended(work.types[push.field].show(push.value))
    # A row that is getting its id back in this very write is still recognised by what it holds now; and a sort that
    # leaves the ids out by the names that stand beside them.
    known_by = {id_column, *(tab.columns[name] for name in work.sheet.keys if name in tab.columns)} - {column}
    witness = {str(place): tab.text(push.index, place) for place in sorted(known_by)}
    return guard.Touch(
        tab.sheet_id, push.index, column, value, tab.text(push.index, column), witness,
        work.sheet.kind, push.row, push.field, push.value,
    )  # fmt: skip


def _touch_header(work: Work, push: Push) -> guard.Touch:
    tab, column = work.tab, work.tab.columns[push.field]
    witness = {str(tab.columns[ID]): tab.text(tab.header_row, tab.columns[ID])}
    return guard.Touch(
        tab.sheet_id, tab.header_row, column, layout.extended(push.value), push.seen, witness,
        work.sheet.kind, HEADER, push.field, push.value,
    )  # fmt: skip


def _touch_id(work: Work, index: int, key: str) -> guard.Touch:
    """Write an id; what the row holds is its witness, since it has no id to be known by yet."""
    tab, id_column = work.tab, work.tab.columns[ID]
    texts = {column: tab.text(index, column) for name, column in tab.columns.items() if name != ID}
    witness = {str(column): text for column, text in texts.items() if text}
    seen = tab.text(index, id_column)
    return guard.Touch(tab.sheet_id, index, id_column, layout.extended(key), seen, witness)


def _new_row(work: Work, place: int, key: str) -> guard.NewRow:
    tab, row = work.tab, work.local[key]
    cells = {str(tab.columns[ID]): layout.extended(key)}
    formats, agreed = {}, {}
    for column in work.columns:
        if column.field not in tab.columns or column.field not in row:
            continue
        where = str(tab.columns[column.field])
        agreed[column.field] = row[column.field]
        cells[where] = layout.extended(column.type.show(row[column.field]))
        if column.type.name in _FORMATS:
            formats[where] = _FORMATS[column.type.name]
    return guard.NewRow(tab.sheet_id, place, cells, formats, work.sheet.kind, key, agreed)


def _strayed_headers(work: Work) -> dict[str, tuple[int, int]]:
    """Return {half-day: (row, column)} of the headers that landed off the header row, which may be written there."""
    tab = work.tab
    wanted = {name: label for name, label in work.header_labels.items() if name not in tab.columns}
    found = {name: layout.strayed_header(tab, name, label) for name, label in wanted.items()}
    return {
        name: place
        for name, place in found.items()
        if place and not tab.forbids(*place) and not tab.forbids(tab.header_row, place[1])
    }


def _bring_back(work: Work, name: str, row: int, column: int) -> list[guard.Touch]:
    """Write a header at its place, and nothing any more where it landed."""
    tab, label = work.tab, work.header_labels[name]
    witness = {str(tab.columns[ID]): tab.text(tab.header_row, tab.columns[ID])}
    return [
        guard.Touch(tab.sheet_id, row, column, {}, label, {}),
        guard.Touch(
            tab.sheet_id, tab.header_row, column, layout.extended(label), "", witness,
            work.sheet.kind, HEADER, name, label,
        ),
    ]  # fmt: skip


def _new_columns(work: Work, strayed: Container[str]) -> list[guard.NewColumn]:
    """Return the columns that half-days without one need."""
    after = work.new_column
    missing = [name for name in work.header_labels if name not in work.tab.columns and name not in strayed]
    return [
        guard.NewColumn(work.tab.sheet_id, after, work.tab.header_row, work.header_labels[name], name)
        for name in missing
    ]
