"""Where each sheet to sign stands: what is missing, and what it says that the roll or the calendar does not."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules import sign_in_sheets as rules
from rules.message import Message
from rules.sign_in_sheets import Person, Slot
from store.alphabet import name_key
from store.db import rows
from store.sign_in_sheets import NOTHING, Facts, all_facts, people, slots


@dataclass(frozen=True)
class State:
    """Where the sheet of one half-day stands: what was said of it, what is missing, what differs.

    unread: lines of people recorded in the room that nobody looked at, once the sheet came back.
    """

    slot: Slot
    facts: Facts
    past: bool
    missing: tuple[str, ...]
    differences: tuple[Message, ...]
    unread: int

    @property
    def to_do(self) -> bool:
        """Tell whether somebody has something to do about it."""
        return bool(self.missing or self.differences or self.unread)


def state(cohort_id: int, today: date) -> list[State]:
    """Tell of every half-day what its sheet is missing and where it differs, in the order of the calendar."""
    known, signing, lines, marked = all_facts(cohort_id), people(cohort_id), _read(cohort_id), _in_the_room(cohort_id)
    printed = {key: json.loads(fact.printed) for key, fact in known.items() if fact.printed}
    late = _late(printed.values(), signing)
    found = []
    for slot in slots(cohort_id):
        fact = known.get(slot.id, NOTHING)
        # A half-day without a date took place once somebody was marked in it.
        past = slot.day <= today.isoformat() if slot.day else slot.id in marked
        differences = []
        if kept := printed.get(slot.id):
            settled = bool(fact.returned_at) or (slot.day < today.isoformat() if slot.day else past)
            expected = rules.in_the_room(kept, signing, late.get(slot.id, ())) if settled else _awaited(signing, slot)
            differences = rules.differences(kept, slot, expected)
        differences += rules.contradictions(lines.get(slot.id, ()))
        seen = sum(1 for _, status, _ in lines.get(slot.id, ()) if status in rules.IN_THE_ROOM)
        unread = max(0, marked.get(slot.id, 0) - seen) if fact.returned_at else 0
        # Nobody signs a jury, unless a sheet was printed for it.
        missing = rules.missing(fact.done, past) if slot.kind != "jury" or fact.printed else ()
        found.append(State(slot, fact, past, missing, tuple(differences), unread))
    return found


def _awaited(signing: Iterable[Person], slot: Slot) -> list[Person]:
    return [person for person in signing if person.awaited(slot.day)]


def _late(printed: Iterable[Mapping], signing: Iterable[Person]) -> dict[str, set[str]]:
    """Return {half-day: who was in the room and is not known to have signed} of those whom some sheet lacks."""
    names = [kept.get("names", {}) for kept in printed]
    lacking = [person.id for person in signing if not all(person.id in one for one in names)]
    if not lacking:
        return {}
    keys, statuses = ", ".join("?" * len(lacking)), ", ".join("?" * len(rules.IN_THE_ROOM))
    query = f"""
        SELECT m.half_day_id, m.enrolment_id FROM mark m
        LEFT JOIN signature s ON s.half_day_id = m.half_day_id AND s.enrolment_id = m.enrolment_id
        WHERE m.enrolment_id IN ({keys}) AND m.status IN ({statuses}) AND NOT COALESCE(s.signed, FALSE)
    """  # noqa: S608 - only question marks are put in
    found: dict[str, set[str]] = {}
    for half_day, enrolment in rows(query, *lacking, *sorted(rules.IN_THE_ROOM)):
        found.setdefault(half_day, set()).add(enrolment)
    return found


def _read(cohort_id: int) -> dict[str, list[tuple[str, str, bool]]]:
    """Return what was read of each sheet, {half-day: [(name, status, signed)]}, of whoever left since too."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    query = """
        SELECT s.half_day_id, p.last_name, p.first_name, m.status, s.signed
        FROM signature s JOIN enrolment e ON e.id = s.enrolment_id JOIN participant p ON p.id = e.participant_id
        LEFT JOIN mark m ON m.enrolment_id = s.enrolment_id AND m.half_day_id = s.half_day_id
        WHERE e.cohort_id = ? AND NOT e.waiting
    """
    lines = sorted(rows(query, cohort_id), key=lambda row: name_key(row[1], row[2]))
    for half_day, last, first, status, signed in lines:
        found.setdefault(half_day, []).append((f"{last} {first}", status or "", bool(signed)))
    return found


def _in_the_room(cohort_id: int) -> dict[str, int]:
    """Return {half-day: people recorded in the room}; one where nobody was marked at all is left out."""
    statuses = ", ".join("?" * len(rules.IN_THE_ROOM))
    return dict(
        rows(
            f"""
            SELECT m.half_day_id, SUM(CASE WHEN m.status IN ({statuses}) THEN 1 ELSE 0 END)
            FROM mark m JOIN enrolment e ON e.id = m.enrolment_id
            WHERE e.cohort_id = ? AND NOT e.waiting GROUP BY m.half_day_id
            """,  # noqa: S608 - only as many marks as there are statuses
            *sorted(rules.IN_THE_ROOM), cohort_id,
        )
    )  # fmt: skip


def waiting(today: date, days: int = 60) -> list[tuple]:
    """Count the sheets of the last days that did not come back, as (cohort code, half-days), whatever the cohort."""
    return rows(
        """
        SELECT c.code, COUNT(h.id) FROM half_day h JOIN cohort c ON c.id = h.cohort_id
        LEFT JOIN sign_in_sheet s ON s.half_day_id = h.id
        WHERE h.deleted_at IS NULL AND h.day <= ? AND h.day >= ? AND s.returned_at IS NULL
        GROUP BY c.code ORDER BY c.code
        """,
        today, date.fromordinal(today.toordinal() - days),
    )  # fmt: skip
