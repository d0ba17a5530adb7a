"""What follows a jury: the day by which its holders are transmitted, and those on which they are asked what they do."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

#: How long before its last day a transmission is pointed out.
SOON = timedelta(days=30)
#: How a transmission stands.
STANDINGS = {"done": "transmis", "late": "en retard", "soon": "bientôt à transmettre", "ahead": "à transmettre"}


def months_after(day: date, months: int) -> date:
    """Return the same day some months later; the last day of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(due: date, done_on: date | None, today: date) -> str:
    """Tell how a transmission stands, as a key of STANDINGS; its last day is not late yet."""
    if done_on is not None:
        return "done"
    if today > due:
        return "late"
    return "soon" if due - today <= SOON else "ahead"


def surveys(held_on: date, months: Iterable[int]) -> list[tuple[int, date]]:
    """List the surveys that follow a jury held on a day as (months after it, day), the first one first."""
    return [(number, months_after(held_on, number)) for number in sorted(set(months))]
