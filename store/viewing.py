"""Who is looking at a cohort: its books are then read often."""

from datetime import timedelta

from store.db import execute
from store.models.base import now

#: Someone looking is written down at most this often: a page polls every few seconds.
SEEN_EVERY = timedelta(seconds=20)


def seen(cohort_id: int) -> None:
    """Note that someone is looking at a cohort, so that its books are read often."""
    execute("UPDATE cohort SET viewed_at = ? WHERE id = ?", now(), cohort_id)


def jury_seen(cohort_id: int) -> None:
    """Note that someone is looking at the jury of a cohort."""
    execute("UPDATE cohort SET jury_viewed_at = ? WHERE id = ?", now(), cohort_id)
