"""Every record with a history under the name that the journal gives it: what it holds, and the verb that changes it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rules.values import Type
from store import (
    calendar,
    following,
    following_exchanges,
    jury,
    people,
    release,
    rolls,
    rosters,
    sign_in_sheets,
    signatures,
    tutoring,
)
from store.db import as_datetime, rows

#: What the journal calls a row of each kind of tab.
OF_TAB = {
    "participants": "enrolment", "half_days": "half_day", "attendance": "mark", "papers": "paper", "jury": "dossier",
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One kind of record: its fields in a cohort, what some of them hold, and the verb that changes one."""

    types: Callable[[int], Mapping[str, Type]]
    held: Callable[[Iterable[str]], Mapping[str, Mapping[str, str]]]
    change: Callable[..., Mapping[str, str]]
    #: Where a row is: (cohort, when it was withdrawn or None).
    place: str
    #: Fields that are never blank.
    required: frozenset[str] = frozenset()
    #: Whether a value may be given back to nothing: that of a roll is a reason asked for elsewhere.
    blank: bool = True
    #: The verb that brings a withdrawn row back, for those that are born and deleted themselves. A true answer says
    #: that somebody is now on the waiting list.
    restore: Callable[..., bool | None] | None = None


_OF_PAPER = "SELECT e.cohort_id, e.deleted_at FROM paper n JOIN enrolment e ON e.id = n.enrolment_id WHERE n.id = ?"
_OF_PERSON = "SELECT cohort_id, deleted_at FROM enrolment WHERE id = ?"
RECORDS: Mapping[str, Record] = {
    "enrolment": Record(
        people.types, people.held, people.change, _OF_PERSON,
        frozenset(name for name, field in people.FIELDS.items() if field.required), restore=people.restore,
    ),
    "half_day": Record(
        calendar.types, calendar.held, calendar.change, "SELECT cohort_id, deleted_at FROM half_day WHERE id = ?",
        frozenset(calendar.REQUIRED), restore=calendar.restore,
    ),
    "mark": Record(rosters.types, rosters.held, rosters.change, _OF_PERSON),
    "paper": Record(tutoring.types, tutoring.held, tutoring.change, _OF_PAPER),
    following.KIND: Record(following.types, following.held, following.change, _OF_PAPER),
    # One withdrawn is brought back on the page of its paper.
    following_exchanges.KIND: Record(
        following_exchanges.types, following_exchanges.held, following_exchanges.change,
        "SELECT e.cohort_id, COALESCE(x.deleted_at, e.deleted_at) FROM exchange x JOIN paper n ON n.id = x.paper_id "
        "JOIN enrolment e ON e.id = n.enrolment_id WHERE x.id = ?", following_exchanges.REQUIRED,
    ),
    "roll": Record(
        rolls.types, rolls.held, rolls.change, "SELECT cohort_id, deleted_at FROM half_day WHERE id = ?", blank=False,
    ),
    "sign_in_sheet": Record(
        sign_in_sheets.types, sign_in_sheets.held, sign_in_sheets.change,
        "SELECT cohort_id, deleted_at FROM half_day WHERE id = ?",
    ),
    "signature": Record(signatures.types, signatures.held, signatures.change, _OF_PERSON),
    "dossier": Record(jury.entered_types, jury.held, jury.change, _OF_PERSON),
    release.KIND: Record(release.condition_types, release.held, release.change, _OF_PERSON),
}  # fmt: skip
#: Kinds of what the jury and the office alone read.
OF_JURY = frozenset({"dossier", release.KIND})
#: Kinds of what a tutor reads and changes of the papers that they follow, and of no other.
OF_PAPER = frozenset({"paper", following.KIND, following_exchanges.KIND})


def paper_of(kind: str, row: str) -> str:
    """Return the paper that a record of one of OF_PAPER is about, '' when there is none."""
    return (following_exchanges.of_paper(row) or "") if kind == following_exchanges.KIND else row


def place(kind: str, row: str) -> tuple[int, datetime | None] | None:
    """Return (cohort, when it was withdrawn or None) of a row; None when there is no such row or kind."""
    found = rows(RECORDS[kind].place, row) if kind in RECORDS else []
    return (found[0][0], as_datetime(found[0][1])) if found else None


def held(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Mapping[str, str]]:
    """Return what rows hold, {(kind, row): {field: canonical text}}: one question for each kind."""
    by_kind: dict[str, set[str]] = {}
    for kind, row in wanted:
        by_kind.setdefault(kind, set()).add(row)
    return {(kind, row): values for kind, keys in by_kind.items() for row, values in RECORDS[kind].held(keys).items()}
