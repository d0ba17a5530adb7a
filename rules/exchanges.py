"""What is entered of an exchange between a participant and a tutor: how long it lasted, the links passed on."""

from __future__ import annotations

import re

from rules.attendance import hours_text
from rules.durations import parse_duration
from rules.message import Refused
from rules.value_texts import Raw, as_text, parse_link, parse_text, show_text
from rules.values import Type

#: Longer than any exchange: a number of another kind typed in the wrong field.
MOST_MINUTES = 12 * 60
MOST_LINKS = 20
LONGEST_SUMMARY = 5_000
_BARE = re.compile(r"\d{1,5}")
_DECIMAL = re.compile(r"\d+[.,]\d+")


def parse_length(raw: Raw) -> str:
    """Read how long an exchange lasted; give its minutes as a text, '' for a blank one.

    A bare number is of minutes: « 45 », « 1h30 », « 90 min », « 1,5 h ». Raises Refused on a bare fraction,
    which would be read as hours by some and as nothing by others.
    """
    text = as_text(raw)
    if _DECIMAL.fullmatch(text):
        raise Refused("« %(raw)s » peut se lire de deux façons ; exemples de durée : 45, 1h30, 1,5 h.", raw=text[:60])
    try:
        minutes = parse_duration(f"{text} min" if _BARE.fullmatch(text) else text)
    except Refused:
        raise Refused("« %(raw)s » n'est pas une durée ; exemples : 45, 1h30, 90 min.", raw=text[:60]) from None
    if minutes and int(minutes) > MOST_MINUTES:
        raise Refused("« %(raw)s » : un échange dure %(most)s au plus.", raw=text[:60], most=hours_text(MOST_MINUTES))
    return minutes


def display_length(canonical: str) -> str:
    """Write the length of an exchange for a page: 45 min, 1 h 30."""
    if not canonical:
        return ""
    return f"{canonical} min" if int(canonical) < 60 else hours_text(int(canonical))


def parse_links(raw: Raw) -> str:
    """Read addresses, one a line, each once; raise Refused naming the line that is none."""
    found: list[str] = []
    lines = [line.strip() for line in as_text(raw).replace("\r", "\n").split("\n")]
    for number, line in enumerate((line for line in lines if line), start=1):
        try:
            link = parse_link(line)
        except Refused:
            raise Refused("Lien %(number)s : « %(raw)s » n'est pas une adresse ; une par ligne est attendue, qui "
                          "commence par https://.", number=number, raw=line[:60]) from None
        if link not in found:
            found.append(link)
    if len(found) > MOST_LINKS:
        raise Refused("%(count)s liens : %(most)s au plus.", count=len(found), most=MOST_LINKS)
    return "\n".join(found)


def parse_summary(raw: Raw) -> str:
    """Read what was said; raise Refused on a text longer than LONGEST_SUMMARY letters."""
    text = parse_text(raw)
    if len(text) > LONGEST_SUMMARY:
        raise Refused("Ce texte compte %(count)s caractères ; %(most)s au plus sont possibles.",
                      count=len(text), most=LONGEST_SUMMARY)
    return text


LENGTH = Type("length", parse_length, lambda canonical: canonical or None, display_length)
LINKS = Type("links", parse_links, show_text, str)
SUMMARY = Type("text", parse_summary, show_text, str)
