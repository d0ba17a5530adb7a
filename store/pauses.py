"""What a paused tab waits for, and what a person may decide about it; every decision is in the journal."""

import json
from collections.abc import Collection

from store.agreement import ask, confirm
from store.db import database, rows
from store.journal import Author, record
from store.models import AgreedRow, Book, Tab

#: Why a tab is paused: too much disappeared at once, columns are not there any more, the whole tab is not, or
#: it cannot be read at all (no header row, no ids): that one, only the sheet can mend.
ACCIDENT, COLUMNS, GONE, UNREADABLE = "accident", "columns", "gone", "unreadable"
#: How the journal calls a tab; one of the jury's apart, so that others are not told of it.
OF_AUDIENCE = {"staff": "tab", "jury": "jury_tab"}


def carry_out(author: Author, tab_id: int) -> None:
    """Let the next cycle carry out the many deletions that a tab is paused for."""
    with database.atomic():
        found = _locked(tab_id, ACCIDENT)
        if found:
            confirm(tab_id)
            _note(author, found, "deletions", "", "confirmed")


def go_without(author: Author, tab_id: int) -> tuple[str, ...]:
    """Go on without the columns that a tab lost: they are left alone until their header is back.

    The agreement on them is forgotten, so that their absence is not awaited any more, and whatever
    both sides hold of them once they are back is compared anew. Return the fields.
    """
    with database.atomic():
        found = _locked(tab_id, COLUMNS)
        if not found:
            return ()
        fields = tuple(json.loads(found.pause)["fields"])
        mapping = json.loads(found.mapping or "{}")
        mapping["lost"] = sorted({*mapping.get("lost", ()), *fields})
        Tab.update(mapping=json.dumps(mapping, ensure_ascii=False), paused="", pause="").where(
            Tab.id == tab_id
        ).execute()
        _forget(tab_id, fields)
        for name in fields:
            _note(author, found, name, "synced", "left_out")
        ask(found.book_id)
    return fields


def _forget(tab_id: int, fields: Collection[str]) -> None:
    """Take fields out of the agreement of a tab."""
    for key, text in rows(AgreedRow.select(AgreedRow.id, AgreedRow.cells).where(AgreedRow.tab == tab_id)):
        cells = json.loads(text)
        kept = {name: value for name, value in cells.items() if name not in fields}
        if len(kept) < len(cells):
            AgreedRow.update(cells=json.dumps(kept, ensure_ascii=False)).where(AgreedRow.id == key).execute()


def found_again(tab_id: int, fields: Collection[str]) -> None:
    """Note that columns left out are in the sheet again: they are synced like the others."""
    mapping = json.loads(Tab.select(Tab.mapping).where(Tab.id == tab_id).scalar() or "{}")
    left = sorted(set(mapping.pop("lost", ())) - set(fields))
    if left:
        mapping["lost"] = left
    Tab.update(mapping=json.dumps(mapping, ensure_ascii=False) if mapping else "").where(Tab.id == tab_id).execute()


def let_go(author: Author, tab_id: int) -> None:
    """Stop syncing a tab that is gone from its book; nothing is erased on either side."""
    with database.atomic():
        found = _locked(tab_id, GONE)
        if found:
            Tab.delete().where(Tab.id == tab_id).execute()
            _note(author, found, "sync", "synced", "let_go")
            ask(found.book_id)


def _locked(tab_id: int, cause: str) -> Tab | None:
    """Return a tab that is paused for this cause, or None; its book first, as a cycle does."""
    book_id = Tab.select(Tab.book).where(Tab.id == tab_id).scalar()
    Book.update(epoch=Book.epoch).where(Book.id == book_id).execute()
    found = Tab.get_or_none(Tab.id == tab_id)
    return found if found and found.pause and json.loads(found.pause)["cause"] == cause else None


def _note(author: Author, tab: Tab, field: str, before: str, after: str) -> None:
    audience = Book.select(Book.audience).where(Book.id == tab.book_id).scalar()
    record(author, tab.cohort_id, OF_AUDIENCE[audience], tab.title, field, before, after)
