"""Keep what a write covered and could not put back where people find it: in the history of its record."""

from collections.abc import Iterable, Mapping
from typing import Any

from rules.message import Refused
from rules.values import Type
from store import agreement, journal, records
from store.agreement import BoundTab
from store.records import OF_TAB, RECORDS
from sync.cells import plain, text_of
from sync.guard import Covered


def keep(book_id: str, lost: Iterable[Covered]) -> None:
    """Write each value in the history of its record and field, from where it can be restored."""
    tabs = {tab.sheet_id: tab for tab in agreement.tabs(book_id)}
    for item in lost:
        # An id has no history; nor has a tab that was unbound while the write was on its way.
        if item.field and item.sheet_id in tabs:
            _keep(tabs[item.sheet_id], item)


def _keep(tab: BoundTab, item: Covered) -> None:
    kind, cohort_id = OF_TAB[tab.kind], tab.cohort_id
    row = next((row for row in item.rows if (records.place(kind, row) or [None])[0] == cohort_id), None)
    if row is None:
        return
    value = _canonical(RECORDS[kind].types(cohort_id).get(item.field), item.value)
    held = records.held([(kind, row)]).get((kind, row), {}).get(item.field, "")
    if value != held:
        journal.keep_covered(cohort_id, kind, row, item.field, value, held)


def _canonical(kind: Type | None, value: Mapping[str, Any]) -> str:
    """Return the canonical text of a cell's value, or the text that the rules do not take."""
    if kind is None:
        return text_of(value)
    try:
        return kind.parse(plain(value))
    except Refused:
        return text_of(value)
