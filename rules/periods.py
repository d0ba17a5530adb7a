"""Periods that stand for a date (« Semaine 3 / décembre 2020 »): the month they name, and the same one later."""

from __future__ import annotations

import re
from datetime import date, timedelta

from rules.normal_form import fold
from rules.value_times import FIRST_YEAR, LAST_YEAR, MONTHS

_NUMBERS = {fold(name): number for number, name in enumerate(MONTHS, start=1)}
_MONTH = re.compile(r"([^\W\d_]+) ([0-9]{4})(?![0-9])")


def month_of(period: str) -> date | None:
    """Return the first day of the month that a period names with its year, None without one."""
    found = _named(period)
    return date(int(found[2]), _NUMBERS[fold(found[1])], 1) if found else None


def later(period: str, weeks: int) -> str:
    """Return a period so many weeks later; one that names no month with its year is left as it is."""
    found = _named(period)
    if not found:
        return period
    # From its middle: a year of whole weeks is a day short and would fall into the month before.
    day = date(int(found[2]), _NUMBERS[fold(found[1])], 15) + timedelta(weeks=weeks)
    name = MONTHS[day.month - 1]
    name = name.capitalize() if found[1][:1].isupper() else name
    return f"{period[: found.start()]}{name} {day.year}{period[found.end() :]}"


def _named(period: str) -> re.Match[str] | None:
    for found in _MONTH.finditer(period):
        if fold(found[1]) in _NUMBERS and FIRST_YEAR <= int(found[2]) <= LAST_YEAR:
            return found
    return None
