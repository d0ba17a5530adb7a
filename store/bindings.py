"""The tabs of spreadsheets that staff made: bound, bound otherwise, unbound."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import fn

from store import agreement
from store.db import database, rows
from store.journal import touch
from store.models import AgreedRow, Book, Cohort, Tab

#: What the mapping of a tab tells of where its columns are: a field whose header changed is another column.
HEADERS = "headers"


@dataclass(frozen=True)
class Binding:
    """One tab to bind: what it holds, and how staff call its columns."""

    kind: str
    sheet_id: int
    title: str
    mapping: Mapping[str, Any]


def bind(
    book_id: str, cohort_id: int, audience: str, title: str, scratch_id: int, tabs: Iterable[Binding],
    account: str = "",
) -> None:  # fmt: skip
    """Bind exactly these tabs of a spreadsheet to a cohort, besides those that we dressed; ask for a cycle.

    `account` is the service account that it is shared with, '' for the first of the settings. A tab bound
    already keeps what both sides agreed on, but for the fields that are now in other columns.
    """
    with database.atomic():
        if not Book.select().where(Book.id == book_id).exists():
            agreement.bind(book_id, cohort_id, audience, title, scratch_id, {})
            Book.update(account=account).where(Book.id == book_id).execute()
        wanted = {tab.sheet_id: tab for tab in tabs}
        for tab in adopted(book_id, cohort_id):
            new = wanted.pop(tab.sheet_id, None)
            if new is None or new.kind != tab.kind:
                Tab.delete().where(Tab.id == tab.id).execute()
            if new is not None and new.kind == tab.kind:
                _bind_again(tab, new)
            elif new is not None:
                wanted[tab.sheet_id] = new
        for new in wanted.values():
            agreement.bind_tab(book_id, cohort_id, new.kind, new.sheet_id, new.title, new.mapping)
        agreement.ask(book_id)
        touch(cohort_id)


def adopted(book_id: str, cohort_id: int) -> list[agreement.BoundTab]:
    """List the tabs of a spreadsheet that staff made and that are bound to a cohort."""
    return [tab for tab in agreement.tabs(book_id) if tab.cohort_id == cohort_id and tab.mapping]


def _bind_again(tab: agreement.BoundTab, new: Binding) -> None:
    Tab.update(title=new.title, mapping=json.dumps(new.mapping, ensure_ascii=False), paused="", waiting="[]").where(
        Tab.id == tab.id
    ).execute()
    before, after = tab.mapping.get(HEADERS, {}), new.mapping.get(HEADERS, {})
    moved = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if not moved:
        return
    query = AgreedRow.select(AgreedRow.id, AgreedRow.cells).where(AgreedRow.tab == tab.id)
    for row_id, cells in rows(query):
        kept = {name: value for name, value in json.loads(cells).items() if name not in moved}
        AgreedRow.update(cells=json.dumps(kept, ensure_ascii=False)).where(AgreedRow.id == row_id).execute()


def unbind(book_id: str, cohort_id: int) -> None:
    """Forget the tabs that staff made and that are bound to a cohort; the intranet keeps all that it holds.

    A spreadsheet without any tab left is forgotten too.
    """
    with database.atomic():
        for tab in adopted(book_id, cohort_id):
            Tab.delete().where(Tab.id == tab.id).execute()
        if not Tab.select().where(Tab.book == book_id).exists():
            Book.delete().where(Book.id == book_id).execute()
        touch(cohort_id)


def others(book_id: str, cohort_id: int) -> dict[int, tuple[str, str]]:
    """Return {sheetId: (cohort code, kind)} of the tabs that an adoption for a cohort has to leave alone."""
    query = (
        Tab.select(Tab.sheet_id, Cohort.code, Tab.kind, Tab.cohort, Tab.mapping)
        .join(Cohort)
        .where(Tab.book == book_id)
    )
    return {
        sheet: (code, kind) for sheet, code, kind, owner, mapping in rows(query) if owner != cohort_id or not mapping
    }


def owners(book_id: str, cohort_id: int, sheets: Iterable[int]) -> list[str]:
    """List the cohorts that have all these tabs already, so that an adoption for a cohort has none to choose."""
    found, wanted = others(book_id, cohort_id), set(sheets)
    return sorted({found[sheet][0] for sheet in wanted}) if wanted <= found.keys() else []


def account(book_id: str) -> str | None:
    """Return which service account a bound spreadsheet is shared with, '' for the first; None when not bound."""
    return Book.select(Book.account).where(Book.id == book_id).scalar()


def loads() -> dict[str, int]:
    """Return {service account: spreadsheets shared with it}, '' for the first of the settings."""
    return dict(rows(Book.select(Book.account, fn.COUNT(Book.id)).group_by(Book.account)))


def scratch_id(book_id: str) -> int | None:
    """Return the sheetId of the hidden tab of a bound spreadsheet, None when it is not bound."""
    return Book.select(Book.scratch_id).where(Book.id == book_id).scalar()
