"""Values as a person sees them: number formats and locales."""

import re
from typing import Any

from localsheets.locales import Locale
from localsheets.values import day_of

Json = dict[str, Any]
DATE_TYPES = ("DATE", "TIME", "DATE_TIME")
DATE_PART = re.compile(r"\[h+\]|y+|M+|d+|H+|h+|s+|m+|am/pm|a/p|\"[^\"]*\"|\\.|.", re.IGNORECASE)
NUMBER_SHAPE = re.compile(r"[#0?,.]+")


def is_date_format(number_format: Json | None) -> bool:
    """Tell whether a number format shows dates or times."""
    return (number_format or {}).get("type") in DATE_TYPES


def is_text_format(number_format: Json | None) -> bool:
    """Tell whether a number format keeps what is typed as text."""
    given = number_format or {}
    return given.get("type") == "TEXT" or given.get("pattern") == "@"


def shown(value: Any, number_format: Json | None, locale: Locale) -> str:
    """Return the text of a computed value (None, bool, number, text or error) in its format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return locale.true if value else locale.false
    if not isinstance(value, (int, float)):
        return str(value)
    given = number_format or {}
    if is_text_format(given) or not given.get("type"):
        return general(value, locale)
    if is_date_format(given):
        return _dated(value, given.get("pattern") or _default_pattern(given["type"], locale), locale)
    pattern = given.get("pattern")
    return _patterned(value, pattern, locale) if pattern else general(value, locale)


def general(value: float, locale: Locale) -> str:
    """Write a number without a format: ten significant digits, no group."""
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    whole = len(str(int(abs(value))))
    text = f"{value:.{max(10, whole)}g}"
    if "e" in text:
        mantissa, _, power = text.partition("e")
        text = f"{mantissa}E{power[0]}{power[1:].zfill(2)}"
    return text.replace(".", locale.decimal)


def _default_pattern(kind: str, locale: Locale) -> str:
    if kind == "DATE":
        return locale.date_pattern
    return locale.time_pattern if kind == "TIME" else f"{locale.date_pattern} {locale.time_pattern}"


def _patterned(value: float, pattern: str, locale: Locale) -> str:
    section = pattern.split(";")
    if value < 0 and len(section) > 1:
        return _patterned(-value, section[1], locale)
    pattern = section[0]
    shape = NUMBER_SHAPE.search(re.sub(r'"[^"]*"', lambda quote: " " * len(quote[0]), pattern))
    if shape is None:
        return _literal(pattern)
    scaled = value * 100 if "%" in pattern else value
    before, after = pattern[: shape.start()], pattern[shape.end() :]
    if after.startswith("E+"):
        mantissa, _, power = f"{value:.{_decimals(shape[0])[1]}E}".partition("E")
        return f"{mantissa.replace('.', locale.decimal)}E{power[0]}{power[1:].zfill(2)}"
    sign = "-" if scaled < 0 else ""
    return sign + _literal(before) + _digits(abs(scaled), shape[0], locale) + _literal(after)


def _decimals(shape: str) -> tuple[int, int]:
    _, _, decimals = shape.partition(".")
    return decimals.count("0"), len(decimals)


def _digits(value: float, shape: str, locale: Locale) -> str:
    least, most = _decimals(shape)
    whole, _, decimals = f"{value:.{most}f}".partition(".")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    whole = whole.zfill(shape.partition(".")[0].count("0"))
    if "," in shape:
        whole = f"{int(whole):,}".replace(",", locale.group)
    return whole + (locale.decimal + decimals if decimals else "")


def _literal(text: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda match: match[1] if match[1] is not None else match[2], text)


def _dated(value: float, pattern: str, locale: Locale) -> str:
    parts = DATE_PART.findall(pattern)
    seconds = round((value % 1) * 86400)
    carried, seconds = divmod(seconds, 86400)
    days = int(value // 1) + carried
    halves = any(part.lower() in ("am/pm", "a/p") for part in parts)
    shown_parts = []
    for index, part in enumerate(parts):
        meaning = _meaning(parts, index)
        shown_parts.append(_date_part(part, meaning, days, seconds, halves, locale))
    return "".join(shown_parts)


def _meaning(parts: list[str], index: int) -> str:
    """Tell a month from minutes: m stands for minutes after hours or before seconds."""
    part = parts[index]
    if part[0] not in "mM":
        return part[0].lower() if part[0].isalpha() and part.lower() != "am/pm" else part[0]
    letters = [other[0].lower() for other in parts if other[0].isalpha() or other[0] == "["]
    place = sum(1 for other in parts[:index] if other[0].isalpha() or other[0] == "[")
    before = letters[place - 1] if place else ""
    after = letters[place + 1] if place + 1 < len(letters) else ""
    return "minute" if before in ("h", "[") or after == "s" else "month"


def _date_part(part: str, meaning: str, days: int, seconds: int, halves: bool, locale: Locale) -> str:
    hours, rest = divmod(seconds, 3600)
    width = len(part)
    if part.lower() in ("am/pm", "a/p"):
        return "AM" if hours < 12 else "PM"
    if part.startswith("["):
        return str(days * 24 + hours)
    if meaning == "h":
        return str((hours % 12 or 12) if halves else hours).zfill(width)
    if meaning == "minute":
        return str(rest // 60).zfill(width)
    if meaning == "s":
        return str(rest % 60).zfill(width)
    if meaning in ("y", "month", "d"):
        return _calendar_part(meaning, width, days, locale)
    return _literal(part)


def _calendar_part(meaning: str, width: int, days: int, locale: Locale) -> str:
    day = day_of(days)
    if meaning == "y":
        return f"{day.year:04d}" if width > 2 else f"{day.year % 100:02d}"
    number, names, short = day.day, locale.days, locale.days_short
    index = day.weekday()
    if meaning == "month":
        number, names, short, index = day.month, locale.months, locale.months_short, day.month - 1
    if width >= 4:
        return names[index]
    return short[index] if width == 3 else str(number).zfill(width)
