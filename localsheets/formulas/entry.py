"""A formula as it is written into a cell: names and references in the form that Google stores."""

import re
from functools import lru_cache

from localsheets.errors import missing
from localsheets.formulas.library import LOADED
from localsheets.formulas.names import FRENCH, GOOGLE
from localsheets.formulas.registry import FUNCTIONS
from localsheets.formulas.syntax import CUT, FormulaError, reference
from localsheets.texts.locales import Locale

CALLED = re.compile(r"(?<![\w.])([^\W\d][\w.]*)(?=\()")
#: Of several French names of a function, the first one given.
IN_FRENCH = {english: french for french, english in reversed(FRENCH.items()) if french != english}
assert LOADED


@lru_cache(maxsize=20_000)
def stored(formula: str, locale: Locale | None = None) -> str:
    """Return a formula as it is stored; 501 for a function that Google has and that is missing here.

    Known functions and references are written in capitals, a range of one cell as that cell. In a locale, the
    names of its language become English, and semicolons between arguments commas where those are usual.
    """
    parts = CUT.split(formula)
    french = locale is not None and locale.language == "fr"
    commas = locale is not None and not locale.comma_decimal
    depth: list[str] = []
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = part if part[0] == '"' else _reference(part)
            continue
        part = CALLED.sub(lambda match: _name(match[1], french), part)
        parts[index] = _separated(part, depth) if commas else part
    return "".join(parts)


@lru_cache(maxsize=20_000)
def worded(formula: str, locale: Locale) -> str:
    """Return a stored formula as people read it in a locale: the names of functions in its language."""
    if locale.language != "fr":
        return formula
    parts = CUT.split(formula)
    parts[::2] = [CALLED.sub(lambda match: IN_FRENCH.get(match[1], match[1]), part) for part in parts[::2]]
    return "".join(parts)


def _name(name: str, french: bool) -> str:
    upper = name.upper()
    if french:
        upper = FRENCH.get(upper, upper)
    if upper in FUNCTIONS:
        return upper
    if upper in GOOGLE:
        raise missing(f"the function {upper}")
    return name


def _reference(text: str) -> str:
    """Write a reference in capitals; its tab's title stays as it is."""
    title, sign, cells = text.rpartition("!")
    try:
        ref = reference(text)
    except FormulaError:
        return text
    first, _, last = cells.upper().partition(":")
    return f"{title}{sign}{first if first == last and ref.area.bottom and ref.area.right else cells.upper()}"


def _separated(part: str, depth: list[str]) -> str:
    """Turn semicolons into commas, except between the rows of an array."""
    written = []
    for character in part:
        if character in "({":
            depth.append(character)
        elif character in ")}" and depth:
            depth.pop()
        inside = character == ";" and depth and depth[-1] == "("
        written.append("," if inside else character)
    return "".join(written)
