"""Numbers and dates as spreadsheets count them: days since 30 December 1899."""

from datetime import date, timedelta

EPOCH = date(1899, 12, 30)


def serial(day: date) -> int:
    """Count the days since the epoch of spreadsheets, 30 December 1899."""
    return (day - EPOCH).days


def day_of(number: float) -> date:
    """Return the date of a serial number; raises OverflowError outside the years 1 to 9999."""
    return EPOCH + timedelta(days=int(number // 1))


def plain(value: float) -> float | int:
    """Return an int for a whole number, as JSON shows it."""
    return int(value) if abs(value) < 1e15 and value == int(value) else float(value)
