"""How long something lasts, as people write it: 3h30, 3 h 30, 3,5, 90 min."""

from __future__ import annotations

import re

from rules.attendance import hours_text
from rules.message import Refused
from rules.normal_form import fold
from rules.value_texts import Raw, as_text
from rules.values import Type

#: Longer than any programme; a number typed in the wrong field is told at once.
MOST_HOURS = 5000
_CLOCK = re.compile(r"(\d{1,4}) ?h(?:eures?)? ?(\d{1,2})?(?: ?(?:min|mn|m))?")
_MINUTES = re.compile(r"(\d{1,5}) ?(?:min|minutes?|mn)")
_DECIMAL = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?(?: ?h(?:eures?)?)?")


def parse_duration(raw: Raw) -> str:
    """Read a duration; give its minutes as a text, '' for a blank one. A bare number is of hours."""
    text = fold(as_text(raw))
    if not text:
        return ""
    if found := _MINUTES.fullmatch(text):
        minutes = int(found[1])
    elif found := _CLOCK.fullmatch(text):
        minutes = int(found[1]) * 60 + int(found[2] or 0)
    elif found := _DECIMAL.fullmatch(text):
        minutes = round((int(found[1]) + int((found[2] or "0").ljust(2, "0")) / 100) * 60)
    else:
        raise Refused("« %(raw)s » n'est pas une durée ; exemple : 3h30 ou 3,5.", raw=as_text(raw)[:60])
    if not 0 < minutes <= MOST_HOURS * 60:
        raise Refused("« %(raw)s » n'est pas une durée possible.", raw=as_text(raw)[:60])
    return str(minutes)


def display_duration(canonical: str) -> str:
    """Write a duration for a page: 3 h 30."""
    return hours_text(int(canonical)) if canonical else ""


DURATION = Type("duration", parse_duration, lambda canonical: canonical or None, display_duration)
