"""Values as a person sees them: number formats and locales."""

from functools import lru_cache
from typing import Any

from localsheets.texts.date_patterns import dated, is_dated
from localsheets.texts.locales import Locale
from localsheets.texts.number_patterns import patterned, sections, texted

Json = dict[str, Any]
DATE_TYPES = ("DATE", "TIME", "DATE_TIME")


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
    pattern = pattern_of(number_format, locale) if number_format else ""
    if not isinstance(value, (int, float)):
        return texted(value, pattern) if "@" in pattern and type(value) is str else str(value)
    return in_pattern(value, pattern, locale) if pattern else general(value, locale)


def pattern_of(number_format: Json, locale: Locale) -> str:
    """Return the pattern of a number format, its type's default one in this locale when it names none."""
    pattern = number_format.get("pattern")
    if pattern:
        return str(pattern)
    defaults = {
        "NUMBER": "#,##0.00",
        "PERCENT": "0.00%",
        "CURRENCY": locale.currency_pattern,
        "SCIENTIFIC": "0.00E+00",
        "DATE": locale.date_pattern,
        "TIME": locale.time_pattern,
        "DATE_TIME": locale.datetime_pattern,
    }
    return defaults.get(number_format.get("type", ""), "")


@lru_cache(maxsize=20_000)
def in_pattern(value: float, pattern: str, locale: Locale) -> str:
    """Write a number in a pattern: dates, times, numbers, fractions, whatever its sections say."""
    chosen = sections(pattern).choose(value)
    if chosen is None or chosen.text == "@" or chosen.text.lower() == "general":
        return general(value, locale)
    if is_dated(chosen.text):
        try:
            return dated(value, chosen.text, locale)
        except (OverflowError, ValueError):
            return general(value, locale)
    return patterned(value, chosen, locale)


def general(value: float, locale: Locale) -> str:
    """Write a number without a format: ten significant digits, no group."""
    if abs(value) < 1e15 and value == int(value):
        return str(int(value))
    whole = len(str(int(abs(value)))) if abs(value) < 1e15 else 6
    text = f"{value:.{max(10, whole) if abs(value) < 1e15 else 6}g}"
    if "e" in text:
        mantissa, _, power = text.partition("e")
        text = f"{mantissa}E{power[0]}{power[1:].zfill(2)}"
    return text.replace(".", locale.decimal)
