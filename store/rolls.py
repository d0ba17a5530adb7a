"""The roll of a half-day: called to its end by somebody, locked after a delay, opened again with a reason."""

from collections.abc import Iterable, Mapping

from rules.message import Message
from rules.rolls import Roll, paris_day
from rules.values import Type, choice, display_date, display_time
from store import people
from store.awaited import AWAITED
from store.changes import Values, moved, parse, refused
from store.db import as_date, as_datetime, execute, is_postgresql, joined, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models.base import now

#: The longest reason that is kept.
LONGEST_REASON = 500


class Incomplete(Refused):
    """Some lines of a roll are not recorded: whoever closes it has to say that they know."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__("Des lignes de cet appel ne sont pas relevées : %(n)s.", n=count)


_ROLL = "SELECT half_day_id, closed_by, closed_at, reopened_by, reopened_at, reason FROM roll WHERE half_day_id IN (%s)"


def states(cohort_id: int, half_days: Iterable[str]) -> dict[str, Roll]:
    """Return the roll of each of these half-days of a cohort; one never closed is an open roll."""
    keys = list(half_days)
    if not keys:
        return {}
    lock_days = people.rule_set(cohort_id).lock_days
    found = dict.fromkeys(keys, Roll(lock_days=lock_days))
    for key, *values in rows(_ROLL % ", ".join("?" * len(keys)), *keys):
        closed_by, closed_at, reopened_by, reopened_at, reason = values
        found[key] = Roll(
            closed_by, as_datetime(closed_at), reopened_by, as_datetime(reopened_at), reason, lock_days
        )  # fmt: skip
    return found


def refuse_locked(cohort_id: int, half_days: Iterable[str]) -> None:
    """Refuse to change a mark of a half-day whose roll is locked, through whichever door."""
    keys = list(half_days)
    if not keys:
        return
    # Most half-days have no closed roll: their rule set is then not even read.
    closed = [row[0] for row in rows(_ROLL % ", ".join("?" * len(keys)) + " AND closed_at IS NOT NULL", *keys)]
    for key, roll in states(cohort_id, closed).items():
        if roll.locked(now()):
            raise refused(key, _locked(key, roll))


def _locked(half_day_id: str, roll: Roll) -> Message:
    day, period, start = rows("SELECT day, period, start FROM half_day WHERE id = ?", half_day_id)[0]
    day = as_date(day)
    when = f"{display_date(day.isoformat())} {display_time(start)}".strip() if day else period
    since, closed = (paris_day(at) for at in (roll.locks_at, roll.closed_at))
    return Message(
        "L'appel du %(when)s est verrouillé depuis le %(since)s : %(by)s l'avait terminé le %(closed)s. "
        "Rouvrez-le sur sa page, en disant pourquoi, pour changer une présence.",
        {"when": when, "since": since, "by": roll.closed_by, "closed": closed},
    )


def close(author: Author, half_day_id: str, accepted: int = 0) -> None:
    """Say that the roll of a half-day is called to its end.

    `accepted` is how many lines not recorded its author knows of: with more, raise Incomplete. A roll
    that somebody closed meanwhile stays theirs.
    """
    with joined():
        cohort_id = _lock(half_day_id)
        if states(cohort_id, [half_day_id])[half_day_id].closed_at is not None:
            return
        missing = unrecorded(half_day_id)
        if missing > accepted:
            raise Incomplete(missing)
        execute(_CLOSE, half_day_id, author.name, now())
        record(author, cohort_id, "roll", half_day_id, "state", "", "closed")


# What a roll was opened again for stays beside it when it is closed once more.
_CLOSE = """
    INSERT INTO roll (half_day_id, closed_by, closed_at, reopened_by, reason) VALUES (?, ?, ?, '', '')
    ON CONFLICT (half_day_id) DO UPDATE SET closed_by = excluded.closed_by, closed_at = excluded.closed_at
"""


def reopen(author: Author, half_day_id: str, reason: str) -> None:
    """Open a closed roll again, locked or not, with the reason; one that is open stays as it is."""
    reason = " ".join(reason.split())
    if not reason:
        raise refused("reason", Message("Dites en quelques mots pourquoi vous rouvrez cet appel.", {}))
    if len(reason) > LONGEST_REASON:
        values = {"length": len(reason), "most": LONGEST_REASON}
        raise refused("reason", Message("Ce texte est trop long : %(length)s caractères, %(most)s au plus.", values))
    with joined():
        cohort_id = _lock(half_day_id)
        query = """
            UPDATE roll SET closed_by = '', closed_at = NULL, reopened_by = ?, reopened_at = ?, reason = ?
            WHERE half_day_id = ? AND closed_at IS NOT NULL
        """
        if execute(query, author.name, now(), reason, half_day_id):
            record(author, cohort_id, "roll", half_day_id, "state", "closed", "reopened")
            record(author, cohort_id, "roll", half_day_id, "reason", "", reason)


#: Where a roll stands, as the journal says it.
STATES = {"closed": "terminé", "reopened": "rouvert"}


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of what the journal says of a roll and may be given back."""
    return {"state": choice(STATES)}


def held(half_days: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return where these rolls stand, as {half-day: {"state": one of STATES or ''}}."""
    keys = list(half_days)
    found = rows(_ROLL % ", ".join("?" * len(keys)), *keys) if keys else []
    said = {row[0]: {"state": "closed" if row[2] else "reopened" if row[4] else ""} for row in found}
    return {key: said.get(key, {"state": ""}) for key in keys}


def change(
    author: Author, half_day_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Close a roll again that was opened by mistake; return what changed.

    To open one asks for a reason, which only its own page can take. Those of its lines that are not recorded were
    accepted when it was first closed.
    """
    values = parse(types(0), raw, lambda name: False)
    with joined():
        _lock(half_day_id)
        changes = moved(held([half_day_id])[half_day_id], values, expected)
        if changes and changes["state"] != "closed":
            raise refused("state", Message("Un appel se rouvre sur sa page, en disant pourquoi."))
        if changes:
            close(author, half_day_id, unrecorded(half_day_id))
    return changes


def unrecorded(half_day_id: str) -> int:
    """Count the people enrolled whose line is not recorded; those on the waiting list are in no roll."""
    return rows(
        f"""
        SELECT COUNT(*) FROM half_day h JOIN enrolment e ON e.cohort_id = h.cohort_id
        LEFT JOIN mark m ON m.half_day_id = h.id AND m.enrolment_id = e.id
        WHERE h.id = ? AND e.deleted_at IS NULL AND NOT e.waiting AND m.enrolment_id IS NULL
              AND {AWAITED}
        """,  # noqa: S608 - only a condition of ours is put in
        half_day_id,
    )[0][0]


def _lock(half_day_id: str) -> int:
    """Keep one roll to this transaction; return its cohort."""
    query = "SELECT cohort_id FROM half_day WHERE id = ? AND deleted_at IS NULL"
    found = rows(f"{query} FOR UPDATE" if is_postgresql() else query, half_day_id)
    if not found:
        raise Unknown(half_day_id)
    return found[0][0]
