"""What the roster of a half-day offers in one gesture: the rest present, and taking back what was just done."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from store import rosters
from store.awaited import AWAITED
from store.db import is_postgresql, joined, rows
from store.journal import SETTLED, Author
from store.models.base import now

#: How long a change is offered to be taken back on the roster itself; the history of a line offers it for ever.
RECENT = timedelta(minutes=10)


def rest(author: Author, half_day_id: str) -> int:
    """Mark present everyone enrolled whose line is not recorded, all together; return how many.

    Each goes through the verb of a single mark, so that the rules and the journal are the same. They
    share one moment, by which `take_back` knows them again.
    """
    with joined():
        at = now()
        waiting = _unrecorded(half_day_id)
        for enrolment_id in waiting:
            rosters.change(author, enrolment_id, {half_day_id: "P"}, {half_day_id: ""}, at)
    return len(waiting)


def take_back(author: Author, half_day_id: str, at: datetime) -> int:
    """Give the lines that `rest` marked at this moment back to « not recorded »; return how many.

    A line that somebody changed since has another moment and stays.
    """
    with joined():
        _keep(half_day_id)
        query = "SELECT enrolment_id FROM mark WHERE half_day_id = ? AND at = ? AND status = 'present'"
        found = [row[0] for row in rows(f"{query} ORDER BY enrolment_id", half_day_id, at)]
        for enrolment_id in found:
            rosters.change(author, enrolment_id, {half_day_id: ""}, {half_day_id: "P"})
    return len(found)


def batch(lines: Iterable[tuple]) -> tuple[datetime, int] | None:
    """Return (moment, how many) of the last lines of a roster that were marked present together, if it is recent."""
    marked = Counter(line[6] for line in lines if line[3] == "present" and line[6] >= now() - RECENT)
    together = [(at, count) for at, count in marked.items() if count > 1]
    return max(together, default=None)


def undoable(cohort_id: int, half_day_id: str, enrolment_id: str = "") -> dict[str, tuple[int, str]]:
    """Return {enrolment: (entry, cell before)} of the last change of each line of a roster that is recent."""
    found = rows(
        f"""
        SELECT e.id, j.id, j."before", j."after" FROM enrolment e
        JOIN journal_entry j ON j.kind = 'mark' AND j.object_id = e.id AND j.field = ?
        WHERE e.cohort_id = ? {"AND e.id = ?" if enrolment_id else ""} AND j.at >= ? AND j.door <> ?
        ORDER BY j.id {"DESC LIMIT 1" if enrolment_id else ""}
        """,  # noqa: S608 - only a condition of ours is put in
        half_day_id, cohort_id, *([enrolment_id] if enrolment_id else []), now() - RECENT, SETTLED,
    )  # fmt: skip
    last = {enrolment: change for enrolment, *change in found}
    # A presence given up for nothing is one key away: after `take_back`, offering it on every line would be noise.
    return {
        enrolment: (entry, before) for enrolment, (entry, before, after) in last.items() if (before, after) != ("P", "")
    }


def _unrecorded(half_day_id: str) -> list[str]:
    _keep(half_day_id)
    found = rows(
        f"""
        SELECT e.id FROM half_day h JOIN enrolment e ON e.cohort_id = h.cohort_id
        LEFT JOIN mark m ON m.half_day_id = h.id AND m.enrolment_id = e.id
        WHERE h.id = ? AND e.deleted_at IS NULL AND NOT e.waiting AND m.enrolment_id IS NULL
              AND {AWAITED} ORDER BY e.id
        """,  # noqa: S608 - only a condition of ours is put in
        half_day_id,
    )
    return [row[0] for row in found]


def _keep(half_day_id: str) -> None:
    """Keep everybody's marks to this transaction, in one order: two of these never wait for each other."""
    if is_postgresql():
        query = "SELECT e.id FROM enrolment e JOIN half_day h ON h.cohort_id = e.cohort_id WHERE h.id = ?"
        rows(f"{query} ORDER BY e.id FOR UPDATE OF e", half_day_id)
