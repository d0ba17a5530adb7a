"""What a person types, read as Google reads it in the book's locale."""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from localsheets.formulas.entry import stored
from localsheets.texts.locales import Locale
from localsheets.texts.serials import plain
from localsheets.texts.typed_dates import moment
from localsheets.texts.typed_numbers import number

Json = dict[str, Any]
DIGIT = re.compile(r"\d")
TRUTH = {"TRUE": True, "FALSE": False}


@lru_cache(maxsize=20_000)
def parse_entered(text: str, locale: Locale, today: date) -> tuple[Json | None, Json | None]:
    """Read a typed text as (entered value, number format it brings or None).

    An empty text is no value; a leading apostrophe makes text of anything; what starts with + and is
    no number is a formula, as Google takes it. What it returns is shared between calls: copy before altering.
    """
    if text == "":
        return None, None
    first = text[0]
    if first == "'":
        return ({"stringValue": text[1:]} if len(text) > 1 else None), None
    if first == "=" and len(text) > 1:
        return {"formulaValue": stored(text, locale)}, None
    stripped = text.strip()
    if DIGIT.search(stripped) is None:
        upper = stripped.upper()
        known = upper == locale.true or TRUTH.get(upper)
        if known or upper == locale.false or upper == "FALSE":
            return {"boolValue": bool(known)}, None
    elif (found := _number(stripped, locale) or moment(stripped, locale, today)) is not None:
        value, number_format = found
        return {"numberValue": plain(value)}, number_format
    if first == "+" and len(stripped) > 1:
        return {"formulaValue": stored("=" + text, locale)}, None
    return {"stringValue": text}, None


def _number(text: str, locale: Locale) -> tuple[float, Json | None] | None:
    """Read a number; one that starts with a letter can only be an amount in a currency written in letters."""
    if text[0].isalpha() and text[0] != locale.currency[0]:
        return None
    return number(text, locale)
