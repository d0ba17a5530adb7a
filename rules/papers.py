"""Papers on their way to the jury, and the tutors who follow them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rules.message import Message, Refused
from rules.normal_form import fold
from rules.value_numbers import parse_integer, show_number
from rules.value_texts import Raw, as_text
from rules.values import Type

Tutor = TypeVar("Tutor", bound=Hashable)

#: In the order in which a paper goes through them.
MILESTONES = {
    "": "aucune",
    "pre_note": "pré-note",
    "problem": "problématique",
    "plan": "plan",
    "draft": "rédaction",
    "oral": "oral",
    "deposited": "déposée",
}


#: More wishes or themes than anybody ranks: a text of another kind typed in the wrong cell.
MOST_WISHES = 10
LONGEST_WISH = 120
BETWEEN = "; "


def listed(text: str) -> list[str]:
    """Give the items of a list kept as one text."""
    return [part for part in text.split(BETWEEN) if part]


def parse_list(raw: Raw) -> str:
    """Read tutors or themes, « ; » or a new line between two, in their order; each once, however spelt.

    Raises Refused: more than MOST_WISHES, one longer than LONGEST_WISH letters.
    """
    text = as_text(raw).replace("\r", "\n").replace(";", "\n")
    first: dict[str, str] = {}
    for part in (" ".join(part.split()) for part in text.split("\n")):
        if part:
            first.setdefault(fold(part), part)
    found = list(first.values())
    if len(found) > MOST_WISHES:
        raise Refused("%(count)s noms ou thèmes : %(most)s au plus, séparés par des points-virgules.",
                      count=len(found), most=MOST_WISHES)
    long = next((part for part in found if len(part) > LONGEST_WISH), None)
    if long:
        raise Refused("« %(start)s… » est trop long : %(most)s lettres au plus pour un nom ou un thème.",
                      start=long[:40], most=LONGEST_WISH)
    return BETWEEN.join(found)


def parse_percent(raw: Raw) -> str:
    """Read a whole percentage, its sign left out or not; raise Refused on a fraction.

    A sheet turns « 12 % » into 0.12, and « 1 % » into what « 100 % » and 1 could be too: neither is guessed.
    """
    text = as_text(raw)
    try:
        return parse_integer(text.removesuffix("%").rstrip() if text != "%" else text)
    except Refused:
        raise Refused("« %(raw)s » n'est pas un pourcentage entier ; exemple : 12.", raw=text[:60]) from None


PERCENT = Type("integer", parse_percent, show_number, str)


@dataclass(frozen=True)
class Load:
    """How many papers a tutor follows; capacity is None where nothing limits it."""

    count: int
    capacity: int | None
    over: bool


def load(papers: Mapping[Hashable, Tutor | None], tutors: Iterable[Tutor],
         capacity: Mapping[Tutor, int | None]) -> dict[Tutor, Load]:
    """Count what each tutor follows.

    papers: paper -> tutor, None for a paper that waits for one. A tutor who left the list but
    still follows papers is counted too. capacity: tutor -> most papers, absent or None: no limit.
    """
    follows = Counter(tutor for tutor in papers.values() if tutor is not None)
    everyone = dict.fromkeys([*tutors, *follows])
    return {tutor: _load(follows[tutor], capacity.get(tutor)) for tutor in everyone}


def _load(count: int, capacity: int | None) -> Load:
    return Load(count, capacity, capacity is not None and count > capacity)


def page_difference(pages: int | None, least: int | None, most: int | None) -> Message | None:
    """Say in French how a page count leaves the range of the rule set; None when it is within.

    A paper outside the range may still be deposited: the jury judges it.
    """
    if pages is None:
        return None
    if least is not None and pages < least:
        return Message("%(pages)s pages : %(least)s au moins sont attendues.",
                       {"pages": pages, "least": least})
    if most is not None and pages > most:
        return Message("%(pages)s pages : %(most)s au plus sont attendues.", {"pages": pages, "most": most})
    return None
