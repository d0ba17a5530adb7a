"""Functions of dates and times."""

import math
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from localsheets.formulas.registry import function
from localsheets.formulas.values import Formatted, Grid, fail, is_number, number, read_number, text
from localsheets.texts.serials import day_of, serial

DATE = {"type": "DATE"}
TIME = {"type": "TIME"}
DATE_TIME = {"type": "DATE_TIME"}


def day(value: Any, env: Any, name: str, place: int = 1) -> date:
    """Return the day of a serial number, or raise #NUM! outside the calendar."""
    found = number(value, env.locale, name, place)
    try:
        return day_of(found)
    except OverflowError:
        raise fail("#NUM!", f"Function {name} parameter {place} value {found:g} is out of range.") from None


def shown_date(found: date) -> Formatted:
    """Return a day as a number that is shown as a date."""
    return Formatted(serial(found), DATE)


@function("TODAY", "v", 0, volatile=True)
def today(env: Any) -> Any:
    """Return the day where the book is."""
    return shown_date(env.calc.today)


@function("NOW", "v", 0, volatile=True)
def now(env: Any) -> Any:
    """Return the moment where the book is."""
    try:
        moment = datetime.now(ZoneInfo(env.calc.book.properties["timeZone"]))
    except (ZoneInfoNotFoundError, ValueError):
        moment = datetime.now(ZoneInfo("Etc/GMT"))
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Formatted(serial(moment.date()) + seconds / 86400, DATE_TIME)


@function("DATE", "v", 3)
def dated(env: Any, year: Any, month: Any, of_month: Any) -> Any:
    """Return a date; months and days beyond their bounds are carried."""
    given = [int(number(value, env.locale, "DATE", place)) for place, value in enumerate((year, month, of_month), 1)]
    years = given[0] + (1900 if 0 <= given[0] < 1900 else 0)
    carried, index = divmod(given[1] - 1, 12)
    try:
        return shown_date(date(years + carried, index + 1, 1) + timedelta(days=given[2] - 1))
    except (ValueError, OverflowError):
        raise fail("#NUM!", f"Function DATE parameter 1 value {given[0]} is out of range.") from None


@function("TIME", "v", 3)
def timed(env: Any, hour: Any, minute: Any, second: Any) -> Any:
    """Return a time of day."""
    hours, minutes, seconds = (
        int(number(value, env.locale, "TIME", place)) for place, value in enumerate((hour, minute, second), 1)
    )
    total = hours * 3600 + minutes * 60 + seconds
    if total < 0:
        raise fail("#NUM!", "TIME evaluates to an out of bounds value.")
    return Formatted(total % 86400 / 86400, TIME)


def _of_day(name: str, compute: Callable[[date], int]) -> None:
    @function(name, "v", 1)
    def run(env: Any, value: Any) -> Any:
        return compute(day(value, env, name))


_of_day("YEAR", lambda found: found.year)
_of_day("MONTH", lambda found: found.month)
_of_day("DAY", lambda found: found.day)
_of_day("ISOWEEKNUM", lambda found: found.isocalendar()[1])


def _of_clock(name: str, compute: Callable[[int], int]) -> None:
    @function(name, "v", 1)
    def run(env: Any, value: Any) -> Any:
        found = number(value, env.locale, name)
        return compute(round((found - math.floor(found)) * 86400) % 86400)


_of_clock("HOUR", lambda seconds: seconds // 3600)
_of_clock("MINUTE", lambda seconds: seconds // 60 % 60)
_of_clock("SECOND", lambda seconds: seconds % 60)


@function("WEEKDAY", "v", 1, 2)
def weekday(env: Any, value: Any, kind: Any = 1) -> Any:
    """Number the day of the week: from Sunday 1, from Monday 1, or from Monday 0."""
    found, way = day(value, env, "WEEKDAY").weekday(), int(number(kind, env.locale, "WEEKDAY", 2))
    if way not in (1, 2, 3):
        raise fail("#NUM!", f"Function WEEKDAY parameter 2 value is {way}. Valid values are between 1 and 3 inclusive.")
    return {1: (found + 1) % 7 + 1, 2: found + 1, 3: found}[way]


@function("WEEKNUM", "v", 1, 2)
def week_number(env: Any, value: Any, kind: Any = 1) -> Any:
    """Number the week of the year."""
    found, way = day(value, env, "WEEKNUM"), int(number(kind, env.locale, "WEEKNUM", 2))
    if way == 21:
        return found.isocalendar()[1]
    starts = {1: 6, 2: 0, 11: 0, 12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6}
    if way not in starts:
        raise fail("#NUM!", f"Function WEEKNUM parameter 2 value {way} is out of range.")
    first = date(found.year, 1, 1)
    return ((found - first).days + (first.weekday() - starts[way]) % 7) // 7 + 1


@function("DAYS", "v", 2)
def days(env: Any, end: Any, start: Any) -> Any:
    """Count the days between two dates."""
    return (day(end, env, "DAYS") - day(start, env, "DAYS", 2)).days


def _months_on(found: date, months: int) -> date:
    carried, index = divmod(found.month - 1 + months, 12)
    year = found.year + carried
    if not 1 <= year <= 9999:
        raise fail("#NUM!", "The date is out of range.")
    return date(year, index + 1, min(found.day, monthrange(year, index + 1)[1]))


@function("EDATE", "v", 2)
def months_later(env: Any, start: Any, months: Any) -> Any:
    """Return the same day some months later."""
    return shown_date(_months_on(day(start, env, "EDATE"), int(number(months, env.locale, "EDATE", 2))))


@function("EOMONTH", "v", 2)
def month_end(env: Any, start: Any, months: Any) -> Any:
    """Return the last day of the month some months later."""
    found = _months_on(day(start, env, "EOMONTH").replace(day=1), int(number(months, env.locale, "EOMONTH", 2)))
    return shown_date(found.replace(day=monthrange(found.year, found.month)[1]))


@function("DATEDIF", "v", 3)
def difference(env: Any, start: Any, end: Any, unit: Any) -> Any:
    """Count whole days, months or years between two dates."""
    one, two = day(start, env, "DATEDIF"), day(end, env, "DATEDIF", 2)
    if one > two:
        raise fail("#NUM!", "Function DATEDIF parameter 1 value should be less than or equal to parameter 2 value.")
    months = (two.year - one.year) * 12 + two.month - one.month - (two.day < one.day)
    kind = text(unit, env.locale).upper()
    if kind not in ("D", "M", "Y", "YM", "MD", "YD"):
        raise fail("#NUM!", f"Function DATEDIF parameter 3 value is {kind}. Valid values are Y, M, D, MD, YM and YD.")
    if kind in ("M", "Y", "YM"):
        return {"M": months, "Y": months // 12, "YM": months % 12}[kind]
    since = {"D": one, "MD": _months_on(one, months), "YD": _months_on(one, months // 12 * 12)}[kind]
    return (two - since).days


def _holidays(given: Any, env: Any, name: str) -> set[date]:
    values = given.cells() if isinstance(given, Grid) else [given]
    return {day(value, env, name, 3) for value in values if value not in (None, "")}


def _open(found: date, free: set[date]) -> bool:
    return found.weekday() < 5 and found not in free


@function("NETWORKDAYS", "vvr", 2, 3)
def working_days(env: Any, start: Any, end: Any, holidays: Any = None) -> Any:
    """Count the days from Monday to Friday between two dates, both included."""
    one, two = day(start, env, "NETWORKDAYS"), day(end, env, "NETWORKDAYS", 2)
    free, sign = _holidays(holidays, env, "NETWORKDAYS"), 1 if one <= two else -1
    one, two = min(one, two), max(one, two)
    weeks, rest = divmod((two - one).days + 1, 7)
    open_days = weeks * 5 + sum((one + timedelta(days=offset)).weekday() < 5 for offset in range(rest))
    return sign * (open_days - sum(one <= found <= two and found.weekday() < 5 for found in free))


@function("WORKDAY", "vvr", 2, 3)
def working_day(env: Any, start: Any, count: Any, holidays: Any = None) -> Any:
    """Return the day that comes after some days from Monday to Friday."""
    found, left = day(start, env, "WORKDAY"), int(number(count, env.locale, "WORKDAY", 2))
    free, step = _holidays(holidays, env, "WORKDAY"), timedelta(days=1 if left > 0 else -1)
    if abs(left) > 1_000_000:
        raise fail("#NUM!", "WORKDAY evaluates to an out of bounds value.")
    while left:
        found += step
        if _open(found, free):
            left -= 1 if left > 0 else -1
    return shown_date(found)


def _read(name: str, part: Callable[[float], float]) -> None:
    @function(name, "v", 1)
    def run(env: Any, value: Any) -> Any:
        read = read_number(value, env.locale) if isinstance(value, str) else value
        dated = read.__class__ is Formatted and read.format.get("type") in ("DATE", "TIME", "DATE_TIME")
        if not dated and not (is_number(value) and value.__class__ is Formatted):
            said = text(value, env.locale)
            raise fail("#VALUE!", f"{name} parameter '{said}' cannot be parsed to date/time.")
        return part(float(read))


_read("DATEVALUE", math.floor)
_read("TIMEVALUE", lambda value: value - math.floor(value))
