"""Date and time patterns: days, months, years, hours, minutes, seconds, elapsed times."""

import re
from functools import lru_cache

from localsheets.texts.locales import Locale
from localsheets.texts.serials import day_of

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<gap>.)|\*(?P<fill>.)|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]'
    r"|(?P<half>am/pm|a/p)|(?P<tenths>[.,]0+)|(?P<part>y+|d+|h+|s+)|(?P<upper>(?-i:M+))|(?P<lower>(?-i:m+))"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
DAY = 86400
LITERALS = ("quoted", "escaped", "fill", "other")
Token = tuple[str, str]


@lru_cache(maxsize=2_000)
def is_dated(text: str) -> bool:
    """Tell whether a section of a pattern shows dates or times rather than digits."""
    kinds = {match.lastgroup for match in TOKEN.finditer(text)}
    return bool(kinds & {"part", "upper", "lower", "elapsed", "half"}) and not re.search(r"[#?]|[eE][+-]0", text)


@lru_cache(maxsize=2_000)
def _tokens(text: str) -> tuple[Token, ...]:
    """Cut a pattern; m and mm are minutes after hours or before seconds, months elsewhere, M always months."""
    found = [(str(match.lastgroup), match[str(match.lastgroup)]) for match in TOKEN.finditer(text) if match.lastgroup]
    named = [_named(kind, part) for kind, part in found]
    marks = [index for index, (kind, _) in enumerate(named) if kind not in LITERALS + ("gap", "half", "tenths")]
    for place, index in enumerate(marks):
        kind, part = named[index]
        if kind != "m":
            continue
        before = named[marks[place - 1]][0] if place else ""
        after = named[marks[place + 1]][0] if place + 1 < len(marks) else ""
        minutes = len(part) < 3 and (before in ("h", "eh") or after in ("s", "es"))
        named[index] = ("minute" if minutes else "month", part)
    return tuple(named)


def _named(kind: str, part: str) -> Token:
    if kind == "part":
        return part[0].lower(), part
    if kind == "elapsed":
        return "e" + part[0].lower(), part
    return {"upper": "month", "lower": "m"}.get(kind, kind), part


def dated(value: float, text: str, locale: Locale) -> str:
    """Write a serial number as a date or a time; raises OverflowError outside the years 1 to 9999."""
    tokens = _tokens(text)
    places = max((len(part) - 1 for kind, part in tokens if kind == "tenths"), default=0)
    elapsed = any(kind in ("eh", "em", "es") for kind, _ in tokens)
    negative = elapsed and value < 0
    ticks = round((abs(value) if negative else value) * DAY * 10**places)
    seconds, rest = divmod(ticks, 10**places)
    halves = any(kind == "half" for kind, _ in tokens)
    written = "".join(_part(token, seconds, str(rest).zfill(places), halves, tokens, locale) for token in tokens)
    return ("-" if negative else "") + written


def _part(token: Token, seconds: int, rest: str, halves: bool, tokens: tuple[Token, ...], locale: Locale) -> str:
    kind, text = token
    if kind in LITERALS:
        return text
    if kind == "gap":
        return " "
    if kind == "tenths":
        return locale.decimal + rest[: len(text) - 1]
    days, clock = divmod(seconds, DAY)
    if kind == "half":
        half = "am" if clock < DAY / 2 else "pm"
        half = half if len(text) > 3 else half[0]
        return half.upper() if len(text) > 3 or text.isupper() else half
    if kind in ("y", "month", "m", "d"):
        return _calendar(kind, len(text), days, locale)
    return _clock(kind, len(text), seconds, clock, halves, tokens)


def _clock(kind: str, width: int, seconds: int, clock: int, halves: bool, tokens: tuple[Token, ...]) -> str:
    kinds = [kind for kind, _ in tokens]
    hour = clock // 3600
    if kind == "eh":
        found = seconds // 3600
    elif kind == "em":
        found = seconds // 60 % 60 if "eh" in kinds else seconds // 60
    elif kind == "es":
        found = seconds % 60 if "em" in kinds or "eh" in kinds else seconds
    elif kind == "h":
        found = (hour % 12 or 12) if halves else hour
    else:
        found = clock // 60 % 60 if kind == "minute" else clock % 60
    return str(found).zfill(width if kind[0] == "e" else min(width, 2))


def _calendar(kind: str, width: int, days: int, locale: Locale) -> str:
    day = day_of(days)
    if kind == "y":
        return f"{day.year:04d}" if width > 2 else f"{day.year % 100:02d}"
    number, names, short, index = day.day, locale.days, locale.days_short, day.weekday()
    if kind != "d":
        number, names, short, index = day.month, locale.months, locale.months_short, day.month - 1
    if width == 5 and kind != "d":
        return names[index][0]
    if width >= 4:
        return names[index]
    return short[index] if width == 3 else str(number).zfill(width)
