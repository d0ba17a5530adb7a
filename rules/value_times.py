"""Cells that hold a date or a time of day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from rules.message import Refused
from rules.normal_form import fold
from rules.value_texts import Raw, as_text

#: Day 0 of a spreadsheet's serial numbers.
EPOCH = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1990, 2100
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
          "octobre", "novembre", "décembre")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SLASHES = re.compile(r"(?:([a-z]{3,})\.? )?([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(r"(?:([a-z]{3,})\.? )?([0-9]{1,2})(?:er)? ([a-z]{3,})\.? ([0-9]{4}|[0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2}) ?(?:h|: ?)(?: ?([0-9]{2})(?::00)?)?(?: ?min)?")


def parse_date(raw: Raw) -> str:
    """Read a date as a person or a spreadsheet writes it; give it in ISO.

    A number is a serial day. A date that does not exist, a year outside 1990-2100, and a day
    of the week that is not the date's own are refused.
    """
    text = as_text(raw)
    if not text:
        return ""
    day = _from_serial(raw, text) if isinstance(raw, (int, float)) else _from_words(fold(text), text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused("L'année %(year)s est hors des limites : de %(first)s à %(last)s.",
                      year=day.year, first=FIRST_YEAR, last=LAST_YEAR)
    return day.isoformat()


def _not_a_date(text: str) -> Refused:
    return Refused("« %(raw)s » n'est pas une date ; exemple : 20/01/2025.", raw=text[:60])


def _from_serial(raw: float, text: str) -> date:
    if isinstance(raw, bool) or raw != int(raw) or not 0 < raw < 100_000:
        raise _not_a_date(text)
    return EPOCH + timedelta(days=int(raw))


def _from_words(folded: str, text: str) -> date:
    if found := _ISO.fullmatch(folded):
        return _existing(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _SLASHES.fullmatch(folded):
        weekday, day, month, year = found.groups()
        return _on_weekday(_existing(_year(year), int(month), int(day), text), weekday, text)
    if found := _WORDS.fullmatch(folded):
        weekday, day, month, year = found.groups()
        number = _position(month, MONTHS) + 1
        return _on_weekday(_existing(_year(year), number, int(day), text), weekday, text)
    raise _not_a_date(text)


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 1900 + year if year >= FIRST_YEAR - 1900 else 2000 + year


def _position(word: str, names: tuple[str, ...]) -> int:
    """Find the only name that begins with the word; -1 when none or several do."""
    found = [i for i, name in enumerate(names) if fold(name).startswith(word)]
    return found[0] if len(found) == 1 else -1


def _existing(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused("La date « %(raw)s » n'existe pas au calendrier.", raw=text[:60]) from None


def _on_weekday(day: date, weekday: str | None, text: str) -> date:
    if weekday is not None and _position(weekday, WEEKDAYS) != day.weekday():
        raise Refused("« %(raw)s » se contredit : le %(date)s est un %(weekday)s.",
                      raw=text[:60], date=display_date(day.isoformat()), weekday=WEEKDAYS[day.weekday()])
    return day


def show_date(canonical: str) -> float | None:
    """Give the serial day to put in a sheet cell."""
    return float((date.fromisoformat(canonical) - EPOCH).days) if canonical else None


def display_date(canonical: str) -> str:
    """Write a date for a page: 20/01/2025."""
    return date.fromisoformat(canonical).strftime("%d/%m/%Y") if canonical else ""


def long_date(canonical: str) -> str:
    """Write a date in full: lundi 20 janvier 2025."""
    day = date.fromisoformat(canonical)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def parse_time(raw: Raw) -> str:
    """Read a time of day; give it as HH:MM. A number is a fraction of a day, rounded to the minute."""
    text = as_text(raw)
    if not text:
        return ""
    if isinstance(raw, (int, float)):
        if isinstance(raw, bool) or not 0 <= raw < 1:
            raise _not_a_time(text)
        hours, minutes = divmod(round(raw * 1440), 60)
    else:
        found = _TIME.fullmatch(fold(text))
        if not found or (":" in text and found[2] is None):
            raise _not_a_time(text)
        hours, minutes = int(found[1]), int(found[2] or 0)
    if hours > 23 or minutes > 59:
        raise _not_a_time(text)
    return f"{hours:02d}:{minutes:02d}"


def _not_a_time(text: str) -> Refused:
    return Refused("« %(raw)s » n'est pas une heure ; exemple : 9h30.", raw=text[:60])


def minutes_of(canonical: str) -> int:
    """Give the minutes since midnight of a canonical time."""
    return int(canonical[:2]) * 60 + int(canonical[3:])


def show_time(canonical: str) -> float | None:
    """Give the fraction of a day to put in a sheet cell."""
    return minutes_of(canonical) / 1440 if canonical else None


def display_time(canonical: str) -> str:
    """Write a time for a page: 9h30, 14h."""
    if not canonical:
        return ""
    return f"{int(canonical[:2])}h{canonical[3:] if canonical[3:] != '00' else ''}"
