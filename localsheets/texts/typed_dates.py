"""Dates and times as people type them, in figures or in words."""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from localsheets.texts.locales import Locale
from localsheets.texts.serials import serial

Json = dict[str, Any]
Found = tuple[float, Json]
CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?(?:[ \u00a0\u202f]*([ap])\.?m\.?)?", re.IGNORECASE)
HOUR = re.compile(r"(\d{1,2})[ \u00a0\u202f]*([ap])m", re.IGNORECASE)
FIRST_WORD = re.compile(r"[^ \u00a0\u202f,\-/]*")
MONTH = re.compile(r"(\d{1,2})/(\d{4})")
ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")


def moment(text: str, locale: Locale, today: date) -> Found | None:
    """Read a date, a time, or both; a year left out is this one. None when it is neither."""
    if text[0].isalpha():
        # Most texts with a figure are no dates, P0123 or Salle 12: their first word tells at once.
        word = str(FIRST_WORD.match(text)[0]).lower().rstrip(".")  # type: ignore[index]
        if word not in locale.month_names and word not in locale.day_names:
            return None
    clock = _clock(text, locale)
    if clock is not None:
        return clock[0], {"type": "TIME", "pattern": clock[1]}
    alone = _day(text, locale, today)
    if alone is not None:
        return alone
    for match in re.finditer(r"[ \u00a0\u202f]+", text):
        clock = _clock(text[match.end() :], locale)
        day = _day(text[: match.start()].rstrip(","), locale, today) if clock else None
        if day is not None and clock is not None:
            return day[0] + clock[0], {"type": "DATE_TIME", "pattern": f"{day[1]['pattern']} {clock[1]}"}
    return None


def _clock(text: str, locale: Locale) -> tuple[float, str] | None:
    match = CLOCK.fullmatch(text) or HOUR.fullmatch(text)
    if not match:
        return None
    half = (match[match.re.groups] or "").lower()
    hours, minutes, seconds, rest = int(match[1]), 0, 0, ""
    if match.re is CLOCK:
        minutes, seconds, rest = int(match[2]), int(match[3] or 0), match[4] or ""
    if minutes > 59 or seconds > 59 or (half and not 1 <= hours <= 12):
        return None
    pattern = "[h]" if hours > 23 else "h" if half else locale.short_time.partition(":")[0]
    pattern += "" if match.re is HOUR else ":mm" + (":ss" if match[3] else "") + ("." + "0" * len(rest) if rest else "")
    hours = hours % 12 + (12 if half == "p" else 0) if half else hours
    pattern += " am/pm" if half else ""
    return (hours * 3600 + minutes * 60 + seconds + float(f"0.{rest or 0}")) / 86400, pattern


def _day(text: str, locale: Locale, today: date) -> Found | None:
    iso = ISO.fullmatch(text)
    if iso:
        pattern = f"yyyy{iso[2]}{'m' * len(iso[3])}{iso[2]}{'d' * len(iso[4])}"
        return _dated(int(iso[1]), int(iso[3]), int(iso[4]), pattern)
    short = _figures(locale).fullmatch(text)
    if short:
        return _in_figures(short, locale, today)
    month = MONTH.fullmatch(text)
    if month:
        return _dated(int(month[2]), int(month[1]), 1, "M" * len(month[1]) + "/yyyy")
    return _in_words(text, locale, today)


@lru_cache(maxsize=64)
def _figures(locale: Locale) -> re.Pattern[str]:
    """Match a date in figures; where a point is no decimal it separates dates too."""
    signs = "/-" if locale.decimal == "." else "/.-"
    return re.compile(rf"(\d{{1,2}})([{signs}])(\d{{1,2}})(?:\2(\d{{4}}|\d{{2}}))?")


def _in_figures(short: re.Match[str], locale: Locale, today: date) -> Found | None:
    one, two = int(short[1]), int(short[3])
    month, day = (two, one) if locale.day_first else (one, two)
    pattern = locale.date_pattern if not locale.date_pattern.startswith("y") else "dd/MM/yyyy"
    if short[4] is None:
        pattern = re.sub(r"[-/.]?yyyy", "", pattern)
    return _dated(_year(short[4], today), month, day, re.sub("[-/.]", short[2], pattern))


def _in_words(text: str, locale: Locale, today: date) -> Found | None:
    """Read `14 février 2025`, `Feb 14, 2025`, `févr. 2025`, `14-Feb`, with or without the day's name."""
    words = [word for word in re.split(r"[ \u00a0\u202f,\-/]+", text) if word]
    pattern = ""
    if words and words[0].lower().rstrip(".") in locale.day_names:
        pattern = "dddd, " if "," in text else "dddd "
        words = words[1:]
    at = next((index for index, word in enumerate(words) if word.lower().rstrip(".") in locale.month_names), None)
    if at is None or at > 1 or not 2 <= len(words) <= 3:
        return None
    month = locale.month_names[words[at].lower().rstrip(".")]
    others = [re.sub(r"(?<=\d)(st|nd|rd|th|er)$", "", word.lower()) for word in words[:at] + words[at + 1 :]]
    if not all(other.isdecimal() and other.isascii() for other in others):
        return None
    named = "mmmm" if words[at].lower() in locale.full_months else "mmm"
    return _assembled(text, month, others, named, pattern, at, today)


def _assembled(text: str, month: int, others: list[str], named: str, prefix: str, at: int, today: date) -> Found | None:
    dash = "-" if "-" in text else "/" if "/" in text else " "
    if len(others) == 1 and at == 0 and len(others[0]) == 4:
        return _dated(int(others[0]), month, 1, f"{prefix}{named}{dash}yyyy")
    if len(others[0]) > 2 or (len(others) == 2 and len(others[1]) not in (2, 4)):
        return None
    year = _year(others[1] if len(others) == 2 else None, today)
    pattern = f"{named}{dash}d" if at == 0 else f"d{dash}{named}"
    if len(others) == 2:
        pattern += (", " if "," in text.removeprefix(prefix) and at == 0 else dash) + "y" * len(others[1])
    return _dated(year, month, int(others[0]), prefix + pattern)


def _year(text: str | None, today: date) -> int:
    if text is None:
        return today.year
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _dated(year: int, month: int, day: int, pattern: str) -> Found | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return serial(found), {"type": "DATE", "pattern": pattern}
