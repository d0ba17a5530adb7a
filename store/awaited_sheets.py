"""Sheets to sign that somebody has to fetch: printed and not back, or never printed where others are."""

from datetime import date, timedelta

from store.db import as_date, rows

#: For how long a half-day whose sheet was never printed is told.
RECENT = timedelta(days=60)
_AWAITED = """
    SELECT c.code, h.id, h.day, h.start, m.title, s.printed_at
    FROM half_day h
    JOIN cohort c ON c.id = h.cohort_id
    LEFT JOIN module m ON m.id = h.module_id
    LEFT JOIN sign_in_sheet s ON s.half_day_id = h.id
    WHERE h.deleted_at IS NULL AND h.kind <> 'jury' AND h.day < ? AND s.returned_at IS NULL
          AND (s.printed_at IS NOT NULL
               OR h.day >= ? AND h.cohort_id IN (SELECT o.cohort_id FROM sign_in_sheet p
                                                 JOIN half_day o ON o.id = p.half_day_id))
    ORDER BY h.day DESC, h.start DESC, c.code
"""


def awaited(today: date) -> list[tuple[str, str, date, str, str | None, bool]]:
    """List the sheets of past half-days that are not back, the newest first, whatever the cohort.

    Each is (cohort code, half-day, day, start, module title, printed). One that was never printed is told for
    sixty days, and only in a cohort that prints sheets at all.
    """
    return [
        (code, key, as_date(day), start, title, printed is not None)  # type: ignore[misc]
        for code, key, day, start, title, printed in rows(_AWAITED, today, today - RECENT)
    ]
