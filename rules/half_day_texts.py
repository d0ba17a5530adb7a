"""Read what staff write above a column of attendance: `20/01`, `lun. 20 janv. AM`, `Séance 3`, a serial date."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.normal_form import fold
from rules.value_texts import Raw, as_text
from rules.value_times import EPOCH, FIRST_YEAR, LAST_YEAR, MONTHS, WEEKDAYS

MORNING, AFTERNOON = "am", "pm"
#: The hour from which a half-day is an afternoon.
NOON = "13:00"
#: What `AM` is until its neighbours tell: half of the staff write AM and PM, the other half M and AM.
EITHER = "am?"


@dataclass(frozen=True)
class Written:
    """What a header says of a half-day; None or '' where it says nothing.

    number counts half-days (« Séance 3 »), day_number days (« J1 »); bare is a number alone, which
    may be either; rest is what was not understood.
    """

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    half: str = ""
    start: str = ""
    number: int | None = None
    day_number: int | None = None
    bare: int | None = None
    rest: str = ""

    @property
    def dated(self) -> bool:
        """Tell whether it names a day and a month."""
        return self.day is not None and self.month is not None

    @property
    def says_when(self) -> bool:
        """Tell whether it names a half-day or a day at all, rather than a time of day alone or nothing."""
        return self.dated or self.number is not None or self.day_number is not None


_ENGLISH = {"feb": 2, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8}
_MONTH_WORDS = {
    name[:length]: number
    for number, name in enumerate(map(fold, MONTHS), start=1)
    for length in range(3, len(name) + 1)
    if name[:length] != "jui"
} | _ENGLISH
_WEEKDAY_WORDS = {name[:n]: place for place, name in enumerate(WEEKDAYS) for n in range(3, len(name) + 1)}
_HALVES = {
    "matinee": MORNING, "matin": MORNING, "mat": MORNING, "m": MORNING, "a.m": MORNING, "am": EITHER,
    "apres-midi": AFTERNOON, "apres midi": AFTERNOON, "aprem": AFTERNOON, "apres": AFTERNOON, "apm": AFTERNOON,
    "ap-midi": AFTERNOON, "ap midi": AFTERNOON, "pm": AFTERNOON, "p.m": AFTERNOON, "a-m": AFTERNOON,
    "a-midi": AFTERNOON, "ap": AFTERNOON, "soir": AFTERNOON, "soiree": AFTERNOON,
}  # fmt: skip
_DAY, _MONTH, _YEAR = "(0?[1-9]|[12][0-9]|3[01])", "(0?[1-9]|1[0-2])", "([0-9]{4}|[0-9]{2})"
#: What follows a number that is an hour, or goes on: it was no day, month or year.
_NOT_TIME = r"(?![0-9]| ?h(?![a-z])| ?:)"
_ISO = re.compile(rf"(?<![0-9])([0-9]{{4}})[-/.]{_MONTH}[-/.]{_DAY}(?![0-9])")
_NUMBERS = re.compile(rf"(?<![0-9a-z]){_DAY} ?([/.-]) ?{_MONTH}(?: ?[/.-] ?{_YEAR})?{_NOT_TIME}")
_WORDS = re.compile(rf"(?<![0-9a-z]){_DAY}(?:er)?[ -]?([a-z]{{3,}})\.?(?:[ -]?{_YEAR}{_NOT_TIME})?")
_RANGE = re.compile(r"(?<![0-9])([0-9]{1,2})(?: ?[h:] ?([0-9]{2})?)? ?(?:-|–|/|a) ?[0-9]{1,2} ?[h:] ?(?:[0-9]{2})?")
_TIME = re.compile(r"(?<![0-9])([0-9]{1,2}) ?[h:] ?([0-9]{2})?(?![0-9a-z])")
_NUMBERED = r"[. ]{0,2}(?:n[°o.] ?)?([0-9]{1,3})(?![0-9])"
_SESSION = re.compile(rf"(?<![a-z])(?:demi[- ]journees?|dj|s[ce]{{0,2}}ances?|cours|s){_NUMBERED}")
_DAY_NUMBER = re.compile(rf"(?<![a-z])(?:journees?|jours?|jr|j){_NUMBERED}")
_HALF_WORD = "|".join(re.escape(word) for word in sorted(_HALVES, key=len, reverse=True))
_HALF = re.compile(rf"(?<![a-z0-9])({_HALF_WORD})\.?(?![a-z0-9])")
_WEEKDAY = re.compile(r"(?<![a-z])([a-z]{3,8})(?![a-z])\.?")
_NOISE = re.compile(r"[^a-z0-9°]+")


def read(raw: Raw) -> Written:
    """Read one header; a number is a serial date with its hour, or a bare number."""
    if isinstance(raw, bool):
        return Written(rest=as_text(raw))
    if isinstance(raw, (int, float)):
        return _serial(raw)
    return _text(fold(as_text(raw)))


def read_all(raws: Iterable[Raw]) -> list[Written]:
    """Read the headers of one tab together: what the others say tells whether AM is a morning or an afternoon.

    The other column of the same day tells first, since one tab may hold both ways of writing; then all
    the half-days of the tab, when they agree. A column « M » that names no day tells nothing.
    """
    found = [read(raw) for raw in raws]
    days: dict[tuple[int | None, ...], set[str]] = {}
    for one in found:
        days.setdefault(_day_of(one), set()).add(one.half)
    everywhere = {one.half for one in found if one.says_when}
    return [
        replace(one, half=_meaning(days[_day_of(one)]) or _meaning(everywhere) or EITHER) if one.half == EITHER else one
        for one in found
    ]


def _day_of(one: Written) -> tuple[int | None, ...]:
    return (one.day, one.month, one.day_number, one.number)


def _meaning(halves: set[str]) -> str:
    """Return what AM is beside these half-days: a morning beside PM, an afternoon beside M; '' when they disagree."""
    if (AFTERNOON in halves) == (MORNING in halves):
        return ""
    return MORNING if AFTERNOON in halves else AFTERNOON


def read_under(above: Raw, below: Raw) -> Raw:
    """Return as one header a day and the half-day written under it: `20/01` over `AM`, `janvier` over `20`."""
    parts = [part for part in (_words(below), _words(above)) if part]
    if len(parts) < 2:
        return below if parts and below not in (None, "") else above
    joined = " ".join(parts)
    return joined if read(joined).says_when else " ".join(reversed(parts))


def _words(raw: Raw) -> str:
    """Return a header as a text: a serial day or an hour as people write it."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        if 0 < raw < 1:
            return _clock(raw)
        written = _serial(raw)
        if written.dated:
            return f"{written.day:02d}/{written.month:02d}/{written.year} {written.start}".strip()
    return as_text(raw)


def _clock(fraction: float) -> str:
    hours, minutes = divmod(round(fraction * 1440), 60)
    return f"{hours:02d}:{minutes:02d}"


def _serial(raw: float) -> Written:
    day = EPOCH + timedelta(days=int(raw)) if 0 < raw < 100_000 else None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        whole = raw == int(raw) and 0 < raw < 1000
        return Written(bare=int(raw)) if whole else Written(rest=as_text(raw))
    start = _clock(raw - int(raw)) if raw != int(raw) else ""
    return Written(day.day, day.month, day.year, start=start)


class _Reading:
    """A text from which each thing understood is taken away."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the first match and put a blank in its place."""
        found = pattern.search(self.text)
        if found:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found


def _text(folded: str) -> Written:
    if re.fullmatch("[0-9]{1,3}", folded):
        return Written(bare=int(folded))
    reading = _Reading(folded)
    dated = _date(reading)
    start = _start(reading)
    if not dated:
        dated = _date(reading)
    half = reading.take(_HALF)
    number = reading.take(_SESSION)
    day_number = None if number else reading.take(_DAY_NUMBER)
    weekday = _weekday(reading)
    return Written(
        **dated, weekday=weekday, half=_HALVES[half[1]] if half else "", start=start,
        number=int(number[1]) if number else None, day_number=int(day_number[1]) if day_number else None,
        rest=_NOISE.sub(" ", reading.text).strip(),
    )  # fmt: skip


def _date(reading: _Reading) -> dict[str, int | None]:
    if found := reading.take(_ISO):
        return {"year": int(found[1]), "month": int(found[2]), "day": int(found[3])}
    if found := reading.take(_NUMBERS):
        return {"day": int(found[1]), "month": int(found[3]), "year": _year(found[4])}
    found = _WORDS.search(reading.text)
    month = _month(found[2]) if found else None
    if found and month:
        reading.take(_WORDS)
        return {"day": int(found[1]), "month": month, "year": _year(found[3])}
    return {}


def _month(word: str) -> int | None:
    """Return the month that a word begins or misspells, None when it is no month."""
    if word in _MONTH_WORDS:
        return _MONTH_WORDS[word]
    close = difflib.get_close_matches(word, list(map(fold, MONTHS)), n=2, cutoff=0.8)
    return _MONTH_WORDS[close[0]] if len(close) == 1 else None


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _start(reading: _Reading) -> str:
    found = reading.take(_RANGE) or reading.take(_TIME)
    if not found:
        return ""
    reading.take(_TIME)
    hours, minutes = int(found[1]), int(found[2] or 0)
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else ""


def _weekday(reading: _Reading) -> int | None:
    for found in _WEEKDAY.finditer(reading.text):
        if found[1] in _WEEKDAY_WORDS:
            reading.text = f"{reading.text[: found.start()]} {reading.text[found.end() :]}"
            return _WEEKDAY_WORDS[found[1]]
    return None


def half_of(start: str) -> str:
    """Tell whether a half-day that starts then is a morning or an afternoon; '' without an hour."""
    return "" if not start else MORNING if start < NOON else AFTERNOON


def on(written: Written, year: int) -> date | None:
    """Return the day that a header names in a year, None when it names none or that day does not exist."""
    try:
        return date(year, written.month or 0, written.day or 0)
    except ValueError:
        return None
