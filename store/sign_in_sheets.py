"""Sheets to sign: printed, come back, signed by the teacher, scanned.

Nothing here is a signature: people say what became of a paper, and each saying is journalled.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rules import sign_in_sheets as rules
from rules.sign_in_sheets import Person, Sheet, Slot
from rules.values import TYPES, Type, display_date
from store import calendar
from store.alphabet import name_key
from store.changes import Values, canonical, journal, moved, parse
from store.db import as_date, as_datetime, execute, is_postgresql, joined, rows
from store.errors import Unknown
from store.journal import Author, record
from store.models.base import now

#: What somebody may say of a sheet, each with who and when but the address of its scan.
FIELDS = ("returned", "teacher_signed", "scan")
_TYPES = {"returned": TYPES["yes_no"], "teacher_signed": TYPES["yes_no"], "scan": TYPES["link"]}


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field of a sheet."""
    return _TYPES


def slots(cohort_id: int) -> list[Slot]:
    """List the half-days of a cohort as their sheets print them, in order."""
    return [_slot(dict(zip(calendar.COLUMNS, row, strict=True))) for row in calendar.half_days(cohort_id)]


def _slot(row: Mapping) -> Slot:
    return Slot(
        row["id"], canonical(row["day"]), row["period"], row["start"], row["end"], row["minutes"], row["kind"],
        row["modality"], row["module"] or "", row["title"] or "", row["place"], row["teachers"],
    )  # fmt: skip


def people(cohort_id: int) -> list[Person]:
    """List those who sign, in the order of their names: a waiting list signs nothing."""
    found = rows(
        """
        SELECT e.id, p.last_name, p.first_name, e.begins_on
        FROM enrolment e JOIN participant p ON p.id = e.participant_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting
        """,
        cohort_id,
    )
    signing = sorted(found, key=lambda row: (name_key(row[1], row[2]), row[0]))
    return [Person(*row[:3], canonical(as_date(row[3]))) for row in signing]


def pages(cohort_id: int, half_days: Iterable[str]) -> list[Sheet]:
    """Lay out the pages to print for these half-days of a cohort, in the order of the calendar."""
    wanted = set(half_days)
    return rules.sheets([slot for slot in slots(cohort_id) if slot.id in wanted], people(cohort_id))


def printed(author: Author, cohort_id: int, half_days: Iterable[str]) -> list[str]:
    """Keep what is being printed of these half-days, so that a later change shows; return those kept.

    A sheet that came back already keeps what it was printed with: the paper signed is that one.
    """
    wanted = set(half_days)
    with joined():
        # Locked before it is read: what is kept is what the calendar is, until the end of the transaction.
        for half_day_id in sorted(wanted):
            lock(half_day_id)
        signing, known = people(cohort_id), all_facts(cohort_id)
        kept = [slot for slot in slots(cohort_id) if slot.id in wanted and not known.get(slot.id, NOTHING).returned_at]
        for slot in kept:
            text = json.dumps(rules.printed(slot, signing), ensure_ascii=False, sort_keys=True)
            execute(_PRINT, slot.id, author.name, now(), text)
            before = _told(json.loads(known[slot.id].printed)) if slot.id in known and known[slot.id].printed else ""
            record(author, cohort_id, "sign_in_sheet", slot.id, "printed", before, _told(json.loads(text)))
    return [slot.id for slot in kept]


_BEGIN = """
    INSERT INTO sign_in_sheet (half_day_id, printed_by, printed, returned_by, teacher_signed_by, scan)
    VALUES (?, '', '', '', '', '') ON CONFLICT DO NOTHING
"""
_PRINT = """
    INSERT INTO sign_in_sheet (half_day_id, printed_by, printed_at, printed, returned_by, teacher_signed_by, scan)
    VALUES (?, ?, ?, ?, '', '', '')
    ON CONFLICT (half_day_id) DO UPDATE
    SET printed_by = excluded.printed_by, printed_at = excluded.printed_at, printed = excluded.printed
"""


def _told(kept: Mapping) -> str:
    """Say in a few words what a sheet was printed with."""
    hours = f"{kept['start']}–{kept['end']}" if kept["start"] else f"{kept['minutes']} min"
    return f"{display_date(kept['day']) or kept['period']}, {hours}, {len(kept['names'])}"


def lock(half_day_id: str) -> int:
    """Keep one half-day to this transaction; return its cohort."""
    query = "SELECT cohort_id FROM half_day WHERE id = ? AND deleted_at IS NULL"
    found = rows(f"{query} FOR UPDATE" if is_postgresql() else query, half_day_id)
    if not found:
        raise Unknown(half_day_id)
    return found[0][0]


@dataclass(frozen=True)
class Facts:
    """What was said of the sheet of one half-day."""

    printed_by: str = ""
    printed_at: datetime | None = None
    printed: str = ""
    returned_by: str = ""
    returned_at: datetime | None = None
    teacher_signed_by: str = ""
    teacher_signed_at: datetime | None = None
    scan: str = ""

    @property
    def done(self) -> dict[str, bool]:
        """Tell which steps are done."""
        return {step: bool(getattr(self, f"{step}_at", None) or getattr(self, step, "")) for step in rules.STEPS}

    @property
    def values(self) -> dict[str, str]:
        """Give the canonical text of each field."""
        done = self.done
        return {"returned": "oui" if done["returned"] else "", "scan": self.scan,
                "teacher_signed": "oui" if done["teacher_signed"] else ""}  # fmt: skip


#: Of a sheet that nobody said anything about.
NOTHING = Facts()
_FACTS = """
    SELECT s.half_day_id, s.printed_by, s.printed_at, s.printed, s.returned_by, s.returned_at, s.teacher_signed_by,
           s.teacher_signed_at, s.scan
    FROM sign_in_sheet s JOIN half_day h ON h.id = s.half_day_id WHERE {which}
"""


def all_facts(cohort_id: int) -> dict[str, Facts]:
    """Return what was said of each sheet of a cohort, {half-day: facts}; one of which nothing was is left out."""
    return {row[0]: _fact(row) for row in rows(_FACTS.format(which="h.cohort_id = ?"), cohort_id)}


def _fact(row: tuple) -> Facts:
    _, by, at, text, returned_by, returned_at, teacher_by, teacher_at, scan = row
    return Facts(
        by, as_datetime(at), text, returned_by, as_datetime(returned_at), teacher_by, as_datetime(teacher_at), scan
    )


def held(half_days: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what was said of these sheets, as {half-day: {field: canonical text}}; '' where nothing was."""
    keys = list(half_days)
    query = _FACTS.format(which=f"h.id IN ({', '.join('?' * len(keys))})")
    return dict.fromkeys(keys, NOTHING.values) | {row[0]: _fact(row).values for row in rows(query, *keys)}


def facts(half_day_id: str) -> Facts:
    """Return what was said of the sheet of one half-day."""
    found = rows(_FACTS.format(which="h.id = ?"), half_day_id)
    return _fact(found[0]) if found else NOTHING


def change(
    author: Author, half_day_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Say that a sheet came back, that its teacher signed it, where its scan is; return what changed."""
    values = {name: _said(text) for name, text in parse(_TYPES, raw, lambda name: False).items()}
    with joined():
        cohort_id = lock(half_day_id)
        current = facts(half_day_id).values
        read = None if expected is None else {name: _said(text) for name, text in expected.items()}
        changes = moved(current, values, read)
        if changes:
            execute(_BEGIN, half_day_id)
        for name, value in changes.items():
            _say(author, half_day_id, name, value)
        journal(author, cohort_id, "sign_in_sheet", half_day_id, current, changes)
    return changes


def _said(text: str) -> str:
    return "" if text == "non" else text


def _say(author: Author, half_day_id: str, name: str, value: str) -> None:
    if name == "scan":
        execute("UPDATE sign_in_sheet SET scan = ? WHERE half_day_id = ?", value, half_day_id)
        return
    who, when = (author.name, now()) if value else ("", None)
    # `name` is one of FIELDS: `parse` refuses any other.
    execute(f"UPDATE sign_in_sheet SET {name}_by = ?, {name}_at = ? WHERE half_day_id = ?", who, when, half_day_id)  # noqa: S608


def code_of(half_day_id: str) -> str | None:
    """Return the code of the cohort of a half-day that is in its calendar, or None."""
    found = rows(
        "SELECT c.code FROM half_day h JOIN cohort c ON c.id = h.cohort_id WHERE h.id = ? AND h.deleted_at IS NULL",
        half_day_id,
    )
    return found[0][0] if found else None
