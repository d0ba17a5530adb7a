"""Cells that hold a number: decimal, integer, grade."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TypeGuard

from rules.message import Refused
from rules.normal_form import fold
from rules.value_texts import Raw, as_text
from rules.value_times import display_date, parse_date

# Nine digits before the comma and six after: fifteen survive the trip through a float.
_DECIMAL = re.compile(r"([+-]?)([0-9]{1,9}|[0-9]{1,3}(?: [0-9]{3}){1,2})(?:[.,]([0-9]{1,6}))?")
_INTEGER = re.compile(r"[+-]?([0-9]{1,15}|[0-9]{1,3}( [0-9]{3}){1,4})")
_GRADE = re.compile(r"[0-9]{1,3}([.,][0-9]+)?")

#: What a grade cell may hold besides a number, with what a person may type for it.
GRADE_WORDS = {
    "ABS": ("abs", "absent", "absente", "absent·e"),
    "EXC": ("exc", "excuse", "excusee", "excuse·e", "absence justifiee", "rattrapage"),
    "PLAG": ("plag", "plagiat"),
    "ATT": ("att", "attente", "en attente", "attendue"),
}
#: French label of each word of a grade cell.
GRADE_LABELS = {"ABS": "absent·e au contrôle", "EXC": "absence justifiée, rattrapage dû",
                "PLAG": "plagiat signalé", "ATT": "note attendue"}


def plain(number: Decimal) -> str:
    """Write a number with a point, without exponent, trailing zeros or negative zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _measured(raw: float, places: int) -> Decimal:
    """Read a sheet's number; the rounding takes off what binary fractions add (14.299999999999999)."""
    return Decimal(repr(round(raw, places)))


def _is_number(raw: Raw) -> TypeGuard[float]:
    return isinstance(raw, (int, float)) and not isinstance(raw, bool) and math.isfinite(raw)


def parse_decimal(raw: Raw) -> str:
    """Read a number with comma or point; at most nine digits before it and six after."""
    if _is_number(raw) and abs(raw) < 10**9:
        return plain(_measured(float(raw), 6))
    text = as_text(raw)
    if not text:
        return ""
    found = None if isinstance(raw, (bool, float)) else _DECIMAL.fullmatch(text)
    if not found:
        raise Refused("« %(raw)s » n'est pas un nombre ; exemple : 14,5.", raw=text[:60])
    sign, whole, fraction = found.groups()
    return plain(Decimal(f"{sign}{whole.replace(' ', '')}.{fraction or '0'}"))


def parse_integer(raw: Raw) -> str:
    """Read a whole number of at most fifteen digits."""
    text = as_text(raw)
    if not text:
        return ""
    if isinstance(raw, bool) or not _INTEGER.fullmatch(text):
        raise Refused("« %(raw)s » n'est pas un nombre entier ; exemple : 12.", raw=text[:60])
    return str(int(text.replace(" ", "")))


def show_number(canonical: str) -> float | None:
    """Give the number to put in a sheet cell."""
    return float(canonical) if canonical else None


def display_decimal(canonical: str) -> str:
    """Write a number for a page, with a comma."""
    return canonical.replace(".", ",")


def parse_grade(raw: Raw) -> str:
    """Read a grade: 0 to 20 with at most two decimals, or one of ABS, EXC, PLAG, ATT."""
    text = as_text(raw)
    if not text:
        return ""
    word = fold(text)
    for code, spellings in GRADE_WORDS.items():
        if word in spellings:
            return code
    return plain(_grade_number(raw, text))


def _grade_number(raw: Raw, text: str) -> Decimal:
    if _is_number(raw):
        number = _measured(float(raw), 9)
    elif isinstance(raw, (bool, float)) or not re.fullmatch(r"-?" + _GRADE.pattern, text):
        raise Refused("« %(raw)s » n'est pas une note : un nombre de 0 à 20 est attendu (14,5), "
                      "ou ABS, EXC, PLAG, ATT.", raw=text[:60])
    else:
        number = Decimal(text.replace(",", "."))
    if number > 20 and (day := _day_read(raw)):
        raise Refused("La feuille a lu une date (%(day)s) : une note s'y tape avec une virgule, 14,5.", day=day)
    if number < 0 or number > 20:
        raise Refused("La note %(raw)s est hors de l'échelle : de 0 à 20.", raw=text)
    if number != number.quantize(Decimal("0.01")):
        raise Refused("La note %(raw)s a trop de décimales : deux au plus.", raw=text)
    return number


def _day_read(raw: Raw) -> str:
    """Return the day that a French spreadsheet made of « 14.5 », the 14th of May, '' for any other number."""
    try:
        return display_date(parse_date(raw)) if _is_number(raw) else ""
    except Refused:
        return ""


def show_grade(canonical: str) -> str | float | None:
    """Give the number or the word to put in a sheet cell."""
    return canonical if canonical in GRADE_WORDS else show_number(canonical)
