"""What was taught in a cohort and who attended it, those withdrawn included: what certificates and registers add up."""

from datetime import date

from rules.calendar import counts
from rules.certificates import Taught
from store import calendar
from store.alphabet import name_key
from store.changes import canonical
from store.db import as_date, as_datetime, rows


def everyone(cohort_id: int) -> list[tuple]:
    """List whoever was enrolled as (enrolment, last name, first name, employer, funding, day withdrawn or None,
    day from which they take part or None)."""  # fmt: skip
    found = rows(
        """
        SELECT e.id, p.last_name, p.first_name, e.employer, e.funding, e.deleted_at, e.begins_on
        FROM enrolment e JOIN participant p ON p.id = e.participant_id WHERE e.cohort_id = ? AND NOT e.waiting
        """,
        cohort_id,
    )
    lines = sorted(found, key=lambda row: (name_key(row[1], row[2]), row[0]))
    return [(*row[:5], left.date() if (left := as_datetime(row[5])) else None, as_date(row[6])) for row in lines]


def taught(cohort_id: int, today: date) -> list[Taught]:
    """List what is to be taught, in order; a half-day without a date is past once the promotion is over."""
    over = as_date(rows("SELECT last_day FROM cohort WHERE id = ?", cohort_id)[0][0])
    finished = over is not None and over < today
    found = []
    for row in calendar.half_days(cohort_id):
        half_day = dict(zip(calendar.COLUMNS, row, strict=True))
        day = canonical(half_day["day"])
        past = day <= today.isoformat() if day else finished
        found.append(Taught(
            half_day["id"], day, half_day["period"], half_day["start"], half_day["minutes"],
            optional=not counts(half_day["kind"], bool(half_day["optional"])), past=past, ahead=bool(day) and not past,
        ))  # fmt: skip
    return found


def marks(cohort_id: int) -> dict[str, dict[str, tuple[str, int | None]]]:
    """Return everyone's marks, {enrolment: {half-day: (status, minutes)}}."""
    found: dict[str, dict[str, tuple[str, int | None]]] = {}
    query = """
        SELECT m.enrolment_id, m.half_day_id, m.status, m.minutes FROM mark m JOIN enrolment e ON e.id = m.enrolment_id
        WHERE e.cohort_id = ?
    """
    for enrolment, half_day, status, minutes in rows(query, cohort_id):
        found.setdefault(enrolment, {})[half_day] = (status, minutes)
    return found
