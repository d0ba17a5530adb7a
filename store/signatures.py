"""Whether each line of a sheet that came back is signed, as somebody read it: no row means not looked at."""

from collections.abc import Iterable, Mapping

from rules.sign_in_sheets import IN_THE_ROOM
from rules.values import TYPES, Type
from store import sign_in_sheets
from store.alphabet import name_key
from store.awaited import AWAITED
from store.changes import Values, moved, parse
from store.db import as_date, as_datetime, execute, joined, rows
from store.errors import Unknown
from store.journal import Author, record
from store.models import Signature
from store.models.base import now


def signatures(cohort_id: int, half_day_id: str) -> list[tuple]:
    """List a sheet's lines as (enrolment, last name, first name, status or '', minutes, signed or None, by, at, left).

    Whoever left since is among them when they were still there that day, or when something was recorded of them.
    """
    found = rows(
        f"""
        SELECT e.id, p.last_name, p.first_name, m.status, m.minutes, s.signed, s.by, s.at, e.deleted_at, h.day
        FROM enrolment e JOIN participant p ON p.id = e.participant_id
        JOIN half_day h ON h.id = ? AND h.cohort_id = e.cohort_id
        LEFT JOIN mark m ON m.enrolment_id = e.id AND m.half_day_id = h.id
        LEFT JOIN signature s ON s.enrolment_id = e.id AND s.half_day_id = h.id
        WHERE e.cohort_id = ? AND NOT e.waiting AND (s.signed IS NOT NULL OR {AWAITED})
        """,  # noqa: S608 - only a condition of ours is put in
        half_day_id, cohort_id,
    )  # fmt: skip
    lines = sorted((row for row in found if _on_it(row)), key=lambda row: (name_key(row[1], row[2]), row[0]))
    return [
        (*row[:3], row[3] or "", row[4], None if row[5] is None else bool(row[5]), row[6] or "", as_datetime(row[7]),
         row[8] is not None)
        for row in lines
    ]  # fmt: skip


def _on_it(row: tuple) -> bool:
    """Tell whether somebody is on the sheet of a half-day, from a row of `signatures`."""
    status, signed, left, day = row[3], row[5], as_datetime(row[8]), as_date(row[9])
    return left is None or bool(status) or signed is not None or (day is not None and left.date() > day)


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of what is said of each half-day's line."""
    query = "SELECT id FROM half_day WHERE cohort_id = ? AND deleted_at IS NULL"
    return {row[0]: TYPES["yes_no"] for row in rows(query, cohort_id)}


def held(enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what was read of the lines of these participants as {enrolment: {half-day: « oui » or « non »}}."""
    query = Signature.select(Signature.enrolment, Signature.half_day, Signature.signed)
    found: dict[str, dict[str, str]] = {}
    for enrolment, half_day, signed in rows(query.where(Signature.enrolment.in_(list(enrolments)))):
        found.setdefault(enrolment, {})[half_day] = "oui" if signed else "non"
    return found


def change(
    author: Author, enrolment_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Say whether one participant's lines are signed, {half-day: said}, all or none; return what changed."""
    changes: dict[str, str] = {}
    with joined():
        for half_day_id, said in raw.items():
            seen = None if expected is None else expected.get(half_day_id)
            if sign(author, half_day_id, enrolment_id, said, seen):
                changes[half_day_id] = str(said)
    return changes


def sign(
    author: Author, half_day_id: str, enrolment_id: str, signed: object, expected: str | None = None
) -> dict[str, str]:
    """Say whether one line is signed: « oui », « non », or '' for not looked at. Return what changed."""
    with joined():
        cohort_id = _line_of(half_day_id, enrolment_id)
        value = parse({"signed": TYPES["yes_no"]}, {"signed": signed}, lambda name: False)
        found = rows(
            "SELECT signed FROM signature WHERE half_day_id = ? AND enrolment_id = ?", half_day_id, enrolment_id
        )
        current = {"signed": ("oui" if found[0][0] else "non") if found else ""}
        changes = moved(current, value, None if expected is None else {"signed": expected})
        if changes:
            _write(author, half_day_id, enrolment_id, changes["signed"])
            record(author, cohort_id, "signature", enrolment_id, half_day_id, current["signed"], changes["signed"])
    return changes


def _line_of(half_day_id: str, enrolment_id: str) -> int:
    cohort_id = sign_in_sheets.lock(half_day_id)
    if not rows("SELECT 1 FROM enrolment WHERE id = ? AND cohort_id = ?", enrolment_id, cohort_id):
        raise Unknown(enrolment_id)
    return cohort_id


def _write(author: Author, half_day_id: str, enrolment_id: str, value: str) -> None:
    if not value:
        execute("DELETE FROM signature WHERE half_day_id = ? AND enrolment_id = ?", half_day_id, enrolment_id)
        return
    execute(
        """
        INSERT INTO signature (half_day_id, enrolment_id, signed, by, at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (half_day_id, enrolment_id) DO UPDATE
        SET signed = excluded.signed, by = excluded.by, at = excluded.at
        """,
        half_day_id, enrolment_id, value == "oui", author.name, now(),
    )  # fmt: skip


def sign_rest(author: Author, half_day_id: str) -> int:
    """Say that every line of somebody recorded in the room, and not looked at yet, is signed; return how many."""
    with joined():
        cohort_id = sign_in_sheets.lock(half_day_id)
        waiting = [
            row[0]
            for row in signatures(cohort_id, half_day_id)
            if row[3] in IN_THE_ROOM and row[5] is None
        ]
        for enrolment_id in waiting:
            sign(author, half_day_id, enrolment_id, "oui")
    return len(waiting)
