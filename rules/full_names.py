"""Names kept in one cell: « DUPONT Jeanne », « Jeanne Dupont », « Dupont, Jeanne »."""

from __future__ import annotations

from rules.message import Refused
from rules.normal_form import fold

#: The ways a list of people orders the two parts of a name.
LAST_FIRST, FIRST_LAST, LAST_COMMA_FIRST = "last_first", "first_last", "last_comma_first"
ORDERS = (LAST_FIRST, FIRST_LAST, LAST_COMMA_FIRST)
#: Words that begin a family name and are not all of it.
PARTICLES = frozenset(
    "de du des le la les d' l' van von den der el ben di da dos mac mc saint sainte st".split()  # noqa: SIM905
)


def join(last_name: str, first_name: str, order: str) -> str:
    """Write both parts of a name in one cell."""
    if order == LAST_COMMA_FIRST:
        return f"{last_name}, {first_name}"
    return f"{last_name} {first_name}" if order == LAST_FIRST else f"{first_name} {last_name}"


def split(text: str, order: str) -> tuple[str, str]:
    """Read (last name, first name) of a cell; `join` of both gives the text again.

    A family name in capitals shows where it ends; else it is one word with its particles. Raises
    Refused when there are not two parts.
    """
    before, comma, after = (part.strip() for part in text.partition(","))
    if comma and order == LAST_COMMA_FIRST and before and after:
        return before, after
    words = text.split()
    if len(words) < 2 or comma:
        raise Refused("« %(raw)s » : un nom et un prénom sont attendus, séparés par une espace.", raw=text[:60])
    if order == FIRST_LAST:
        place = _start_of_last(words)
        return " ".join(words[place:]), " ".join(words[:place])
    place = _end_of_last(words)
    return " ".join(words[:place]), " ".join(words[place:])


def _capitals(word: str) -> bool:
    return word.isupper() and sum(letter.isalpha() for letter in word) > 1


def _particle(word: str) -> bool:
    return fold(word) in PARTICLES


def _end_of_last(words: list[str]) -> int:
    """Return how many words at the start are the family name: at least one is left for the first name."""
    place = 0
    while place < len(words) - 1 and (_capitals(words[place]) or _particle(words[place])):
        place += 1
    if place and (_capitals(words[place - 1])):
        return place
    return min(place + 1, len(words) - 1)


def _start_of_last(words: list[str]) -> int:
    """Return where the family name starts: at least one word before it is the first name."""
    place = len(words)
    while place > 1 and _capitals(words[place - 1]):
        place -= 1
    if place == len(words):
        place -= 1
    while place > 1 and _particle(words[place - 1]):
        place -= 1
    return place
