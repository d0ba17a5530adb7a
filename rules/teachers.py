"""The names of those who teach a half-day, as one cell holds them."""

from __future__ import annotations

import re

from rules.message import Refused
from rules.normal_form import fold
from rules.value_texts import Raw, parse_text

#: More than this names nobody who could be in one room: something was pasted in the wrong cell.
LONGEST = 500
_BETWEEN = re.compile(r"\s*(?:[,;/\n&+]|\bet\b)\s*")


def parse_teachers(raw: Raw) -> str:
    """Read the cell that names who teaches; raise Refused on a text that is no list of names any more."""
    text = parse_text(raw)
    if len(text) > LONGEST:
        raise Refused("« %(start)s… » est trop long pour des intervenant·es : %(count)s caractères, %(most)s au plus.",
                      start=text[:20], count=len(text), most=LONGEST)
    return text


def names(teachers: str) -> list[str]:
    """Return each name of « Claire Fontaine, Denis Morel et Inès Faye », once, in order."""
    found = [" ".join(name.split()) for name in _BETWEEN.split(teachers)]
    return list(dict.fromkeys(name for name in found if name))


_CIVILITIES = frozenset({"m", "mr", "mme", "mlle", "dr", "pr"})


def key(name: str) -> str:
    """Return what two spellings of one name share: « M. Denis Morel », « MOREL Denis » and « denis morel » are one."""
    words = re.findall(r"[^\W_]+", fold(name))
    if len(words) > 1 and words[0] in _CIVILITIES:
        words = words[1:]
    return " ".join(sorted(words))
