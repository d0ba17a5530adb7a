"""Who is awaited at a half-day: nobody before the day from which they take part, unless something was recorded of them.

The same words in every question, so that a roster, what is left of its roll and what the home page says agree.
"""

from datetime import date

from store.db import rows

#: A condition on an enrolment that a query calls e and a half-day that it calls h. One day is a whole: who was marked
#: in the morning is awaited in the afternoon.
AWAITED = """
    (e.begins_on IS NULL OR h.day IS NULL OR h.day >= e.begins_on OR EXISTS (
        SELECT 1 FROM mark a JOIN half_day b ON b.id = a.half_day_id WHERE a.enrolment_id = e.id AND b.day = h.day))
"""


def before_arrival(cohort_id: int, today: date) -> dict[str, int]:
    """Count the past half-days without a mark that came before somebody took part, {enrolment: half-days}.

    Of those that count, and of those alone who came after the beginning: nobody records them.
    """
    return dict(
        rows(
            f"""
            SELECT e.id, COUNT(*) FROM enrolment e
            JOIN half_day h ON h.cohort_id = e.cohort_id AND h.deleted_at IS NULL AND h.day <= ? AND h.kind <> 'jury'
            LEFT JOIN module d ON d.id = h.module_id
            WHERE e.cohort_id = ? AND e.begins_on IS NOT NULL AND NOT e.waiting AND NOT COALESCE(d.optional, FALSE)
                  AND NOT {AWAITED}
            GROUP BY e.id
            """,  # noqa: S608 - only a condition of ours is put in
            today, cohort_id,
        )
    )  # fmt: skip
