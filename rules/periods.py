"""Periods that stand for a date (« Semaine 3 / décembre 2020 »): the month they name, and the same one later."""

from __future__ import annotations

import re
from datetime import date, timedelta

from rules.normal_form import fold
from rules.value_times import FIRST_YEAR, LAST_YEAR, MONTHS

_NUMBERS = {fold(name): number for number, name in enumerate(MONTHS, start=1)}
_YEAR = r"(?P<year>[0-9]{4})(?![0-9])"
_MONTH = re.compile(rf"(?P<month>[^\W\d_]+) {_YEAR}")
#: A day of a month (« 12 mars 2026 », « du 12 au 16 mars 2026 ») or the month alone, a date in figures, or a year.
_MOMENT = re.compile(
    r"(?<![0-9])(?:(?:(?P<from>[0-9]{1,2})(?:er)?(?P<to> ?(?:au|à|et|-|–) ?))?(?P<day>[0-9]{1,2})(?:er)? )?"
    rf"{_MONTH.pattern}"
    rf"|(?<![0-9])(?P<figures>[0-9]{{1,2}}/[0-9]{{1,2}}/)(?P<of>[0-9]{{4}})(?![0-9])|(?<![0-9])(?P<alone>[0-9]{{4}})(?![0-9])"
)


def month_of(period: str) -> date | None:
    """Return the first day of the month that a period names with its year, None without one."""
    found = _named(period)
    return date(int(found["year"]), _NUMBERS[fold(found["month"])], 1) if found else None


def later(period: str, weeks: int) -> str:
    """Return a period so many weeks later; one that names no year is left as it is.

    A day keeps its day of the week, as those of a calendar do; a month, or a year alone, is the one that comes then.
    """
    return _MOMENT.sub(lambda found: _moved(found, timedelta(weeks=weeks)), period)


def _moved(found: re.Match[str], by: timedelta) -> str:
    try:
        if found["figures"]:
            day, month = (int(part) for part in found["figures"].rstrip("/").split("/"))
            return f"{_within(int(found['of']), month, day) + by:%d/%m/%Y}"
        if found["alone"]:
            # From its middle: a year of whole weeks is a day short and would fall into the year before.
            return str((_within(int(found["alone"]), 7, 2) + by).year)
        return _month_moved(found, by)
    except ValueError:
        # No day of any calendar, or none that we know of: whoever wrote it means something else.
        return found[0]


def _month_moved(found: re.Match[str], by: timedelta) -> str:
    year, month = int(found["year"]), _NUMBERS.get(fold(found["month"]))
    if month is None:
        # Another word before a year: the year alone moves.
        return found[0][: -len(found["year"])] + str((_within(year, 7, 2) + by).year)
    if not found["day"]:
        # From its middle: a year of whole weeks is a day short and would fall into the month before.
        day = _within(year, month, 15) + by
        return f"{_name(found, day)} {day.year}"
    last = _within(year, month, int(found["day"])) + by
    told = f"{_number(last)} {_name(found, last)} {last.year}"
    if not found["from"]:
        return told
    first = _within(year, month, int(found["from"])) + by
    named = _number(first) + (f" {_name(found, first)}" if first.month != last.month else "")
    return f"{named}{found['to']}{told}"


def _within(year: int, month: int, day: int) -> date:
    """Return a date of the years that a calendar may hold; raise ValueError for any other."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    return date(year, month, day)


def _name(found: re.Match[str], day: date) -> str:
    name = MONTHS[day.month - 1]
    return name.capitalize() if found["month"][:1].isupper() else name


def _number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def _named(period: str) -> re.Match[str] | None:
    for found in _MONTH.finditer(period):
        if fold(found["month"]) in _NUMBERS and FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
            return found
    return None
