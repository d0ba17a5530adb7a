"""What a person types, read as Google reads it in the book's locale."""

import re
from datetime import date, timedelta
from typing import Any

from localsheets.locales import Locale

Json = dict[str, Any]
EPOCH = date(1899, 12, 30)
CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?(?:\s*(am|pm))?", re.IGNORECASE)
ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})")
SHORT = re.compile(r"(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?")


def parse_entered(text: str, locale: Locale, today: date) -> tuple[Json | None, Json | None]:
    """Read a typed text as (entered value, number format it brings or None).

    An empty text is no value; a leading apostrophe makes text of anything.
    """
    if text == "":
        return None, None
    if text.startswith("'"):
        return {"stringValue": text[1:]}, None
    if text.startswith("=") and len(text) > 1:
        return {"formulaValue": text}, None
    stripped = text.strip()
    if stripped.upper() in (locale.true, locale.false, "TRUE", "FALSE"):
        return {"boolValue": stripped.upper() in (locale.true, "TRUE")}, None
    found = _number(stripped, locale) or _moment(stripped, locale, today)
    if found is None:
        return {"stringValue": text}, None
    value, number_format = found
    return {"numberValue": plain(value)}, number_format


def plain(value: float) -> float | int:
    """Return an int for a whole number, as JSON shows it."""
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value


def serial(day: date) -> int:
    """Count the days since the epoch of spreadsheets, 30 December 1899."""
    return (day - EPOCH).days


def day_of(number: float) -> date:
    """Return the date of a serial number."""
    return EPOCH + timedelta(days=int(number // 1))


def _number(text: str, locale: Locale) -> tuple[float, Json | None] | None:
    currency = locale.currency in text
    percent = text.endswith("%")
    bare = text.replace(locale.currency, "").removesuffix("%").strip()
    group, point = f"[{re.escape(locale.group_typed)}]", re.escape(locale.decimal)
    shape = rf"[+-]?(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)?(?:{point}\d*)?(?:[eE][+-]?\d+)?"
    if not re.fullmatch(shape, bare) or not re.search(r"\d", bare) or bare[0] in "eE":
        return None
    grouped = bool(re.search(group, bare))
    value = float(re.sub(group, "", bare).replace(locale.decimal, "."))
    decimals = locale.decimal in bare
    if percent:
        return round(value / 100, 15), {"type": "PERCENT", "pattern": "0.00%" if decimals else "0%"}
    if currency:
        return value, {"type": "CURRENCY", "pattern": locale.currency_pattern}
    if grouped:
        return value, {"type": "NUMBER", "pattern": "#,##0.00" if decimals else "#,##0"}
    if "e" in bare.lower():
        return value, {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    return value, None


def _moment(text: str, locale: Locale, today: date) -> tuple[float, Json] | None:
    first, _, rest = text.partition(" ")
    if rest and not CLOCK.fullmatch(text):
        day, hour = _day(first, locale, today), _clock(rest.strip())
        if day is None or hour is None:
            return None
        pattern = f"{day[1]['pattern']} {hour[1]}"
        return day[0] + hour[0], {"type": "DATE_TIME", "pattern": pattern}
    clock = _clock(text)
    if clock is not None:
        return clock[0], {"type": "TIME", "pattern": clock[1]}
    return _day(text, locale, today)


def _clock(text: str) -> tuple[float, str] | None:
    match = CLOCK.fullmatch(text)
    if not match:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if minutes > 59 or seconds > 59 or (half and not 1 <= hours <= 12):
        return None
    hours = hours % 12 + (12 if half == "pm" else 0) if half else hours
    pattern = ("[h]" if hours > 23 else "h" if half else "HH") + ":mm" + (":ss" if match[3] else "")
    pattern += " am/pm" if half else ""
    return (hours * 3600 + minutes * 60 + seconds) / 86400, pattern


def _day(text: str, locale: Locale, today: date) -> tuple[float, Json] | None:
    iso = ISO.fullmatch(text)
    if iso:
        parts = int(iso[1]), int(iso[3]), int(iso[4])
        return _dated(*parts, f"yyyy{iso[2]}MM{iso[2]}dd")
    short = SHORT.fullmatch(text)
    if not short:
        return None
    one, two = int(short[1]), int(short[3])
    month, day = (two, one) if locale.day_first else (one, two)
    pattern = locale.date_pattern if short[2] == "/" else locale.date_pattern.replace("/", "-")
    return _dated(_year(short[4], today), month, day, pattern)


def _year(text: str | None, today: date) -> int:
    if text is None:
        return today.year
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _dated(year: int, month: int, day: int, pattern: str) -> tuple[float, Json] | None:
    try:
        moment = date(year, month, day)
    except ValueError:
        return None
    return serial(moment), {"type": "DATE", "pattern": pattern}
