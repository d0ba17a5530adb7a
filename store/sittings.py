"""Sessions of a jury as pages list them: those of a cohort, one of them, and where the jury is."""

from datetime import date, datetime
from typing import NamedTuple

from store.db import as_date, as_datetime, rows
from store.errors import Unknown


class Session(NamedTuple):
    """One session as the pages list it; number: that of its minutes once it is closed."""

    id: int
    state: str
    order_number: str
    order_date: date | None
    held_on: date | None
    place: str
    opened_by: str
    opened_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    at_enrolment: str
    supersedes: int | None
    reason: str
    published_by: str
    published_at: datetime | None
    number: str
    candidates: int
    decided: int


_SESSIONS = """
    SELECT d.id, d.state, d.order_number, d.order_date, d.held_on, d.place, d.opened_by, d.opened_at, d.closed_by,
           d.closed_at, d.at_enrolment, d.supersedes_id, d.reason, d.published_by, d.published_at,
           COALESCE((SELECT m.number FROM minutes m WHERE m.deliberation_id = d.id), ''),
           (SELECT COUNT(*) FROM candidacy c WHERE c.deliberation_id = d.id),
           (SELECT COUNT(*) FROM candidacy c JOIN decision x ON x.enrolment_id = c.enrolment_id
            WHERE c.deliberation_id = d.id AND x.deliberation_id = d.id)
    FROM deliberation d WHERE d.cohort_id = ?{one} ORDER BY d.id DESC
"""


def listed(cohort_id: int) -> list[Session]:
    """List the sessions of a cohort, the newest first."""
    return [_session(row) for row in rows(_SESSIONS.format(one=""), cohort_id)]


def current(cohort_id: int) -> Session | None:
    """Return where the jury of a cohort is: its session that is not over, else the last that was closed."""
    found = [one for one in listed(cohort_id) if one.state != "abandoned"]
    return min(found, key=lambda one: (one.state == "closed", one.state != "open", -one.id), default=None)


def session(cohort_id: int, deliberation_id: int) -> Session:
    """Return one session of this very cohort; raise Unknown for another."""
    found = rows(_SESSIONS.format(one=" AND d.id = ?"), cohort_id, deliberation_id)
    if not found:
        raise Unknown(str(deliberation_id))
    return _session(found[0])


def _session(row: tuple) -> Session:
    found = Session(*row)
    return found._replace(
        order_date=as_date(found.order_date), held_on=as_date(found.held_on), opened_at=as_datetime(found.opened_at),
        closed_at=as_datetime(found.closed_at), published_at=as_datetime(found.published_at),
    )  # fmt: skip
