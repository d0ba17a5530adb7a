"""When the roll of a half-day is closed, and from when nothing of it changes any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Roll:
    """What became of one roll: closed by whom and when, or opened again by whom, when and why.

    lock_days: days after the closing from which it is locked; None where it never is.
    """

    closed_by: str = ""
    closed_at: datetime | None = None
    reopened_by: str = ""
    reopened_at: datetime | None = None
    reason: str = ""
    lock_days: int | None = None

    @property
    def locks_at(self) -> datetime | None:
        """Return the moment from which a closed roll is locked; None for an open one, or where none ever is."""
        if self.closed_at is None or self.lock_days is None:
            return None
        return self.closed_at + timedelta(days=self.lock_days)

    def locked(self, now: datetime) -> bool:
        """Tell whether marks of this half-day are refused at this moment."""
        return self.locks_at is not None and now >= self.locks_at


def paris_day(at: datetime) -> str:
    """Write the day that a stored instant falls on in Paris."""
    return f"{at.replace(tzinfo=UTC).astimezone(PARIS):%d/%m/%Y}"
