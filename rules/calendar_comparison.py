"""Where an exported calendar and ours differ: days, hours, rooms, and what only one of both has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache

from rules.message import Refused
from rules.normal_form import fold
from rules.places import parse_place
from rules.value_times import minutes_of

#: What each line of a comparison is called, in the order in which the page counts them.
DIFFERENCES = {
    "same": "identiques",
    "moved": "autre date",
    "hours": "autres horaires",
    "room": "autre lieu",
    "title": "autre intitulé",
    "only_there": "seulement dans Hyperplanning",
    "only_here": "seulement dans Passerelle",
}
#: From which likeness on two titles are taken for those of one module.
LIKE = 0.8
# What follows the first words of a summary names groups and people.
_COMPARED = 200
# Shorter words tell no module from another.
_WORD = re.compile(r"[a-z0-9]{3,}|\b[0-9]+\b")
_NUMBER = re.compile(r"\b[0-9]+\b")
_ROOM = re.compile(r"\b(?:[0-9]+|ens)[a-z]?\.-?[0-9]+\.[0-9]+ ?[a-z]?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Event:
    """One event of an export, or one of our half-days: hours are '' where only the day is known.

    id: our half-day's, '' for an event; line: where the event stands in its file.
    """

    day: date
    start: str = ""
    end: str = ""
    title: str = ""
    place: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True)
class Pair:
    """A half-day and the event taken for it, either of them alone, and each way in which they differ."""

    here: Event | None
    there: Event | None
    kinds: tuple[str, ...]

    @property
    def day(self) -> date:
        """Return the day under which it is listed: ours where we have one."""
        return (self.here or self.there).day  # type: ignore[union-attr]

    @property
    def start(self) -> str:
        """Return the hour at which it is listed."""
        return (self.here or self.there).start  # type: ignore[union-attr]


def compare(here: Sequence[Event], there: Sequence[Event]) -> list[Pair]:
    """Pair our half-days with the events of an export, and say of each pair how it differs, by day and hour.

    First what shares a moment of one day under a like title, or where one of both has none; then what is on one day
    under a like title; then, whatever the day, what has a like title: those are moved. What shares a moment under
    another title comes last, since a half-day that moved onto it would else pass for its new name.
    """
    left, right, found = dict(enumerate(here)), dict(enumerate(there)), []
    for score in (_same_moment, _same_day, _anywhere, _at_once):
        for one, other in _best(left, right, score):
            found.append(_pair(left.pop(one), right.pop(other)))
    found += [Pair(one, None, ("only_here",)) for one in left.values()]
    found += [Pair(None, one, ("only_there",)) for one in right.values()]
    return sorted(found, key=lambda pair: (pair.day, pair.start, pair.here is None, pair.kinds))


def _best(left: dict[int, Event], right: dict[int, Event], score: object) -> Iterator[tuple[int, int]]:
    """Give the pairs of the best scores, each side once; a score of None is no pair."""
    scored = [
        (value, one, other)
        for one, mine in left.items()
        for other, theirs in right.items()
        if (value := score(mine, theirs)) is not None  # type: ignore[operator]
    ]
    taken_left, taken_right = set(), set()
    for _value, one, other in sorted(scored, key=lambda item: (*(-part for part in item[0]), item[1], item[2])):
        if one not in taken_left and other not in taken_right:
            taken_left.add(one)
            taken_right.add(other)
            yield one, other


def _same_moment(mine: Event, theirs: Event) -> tuple[float, ...] | None:
    if mine.title and theirs.title and likeness(mine.title, theirs.title) < LIKE:
        return None
    return _at_once(mine, theirs)


def _at_once(mine: Event, theirs: Event) -> tuple[float, ...] | None:
    if mine.day != theirs.day or not mine.start or not theirs.start:
        return None
    both = min(minutes_of(mine.end), minutes_of(theirs.end)) - max(minutes_of(mine.start), minutes_of(theirs.start))
    if both <= 0:
        return None
    # Two groups at one time: the title tells which is ours, and without one the longest moment shared.
    return (round(likeness(mine.title, theirs.title), 1), both)


def _same_day(mine: Event, theirs: Event) -> tuple[float, ...] | None:
    if mine.day != theirs.day:
        return None
    like = likeness(mine.title, theirs.title)
    return (like, -_apart(mine, theirs)) if like >= LIKE else None


def _anywhere(mine: Event, theirs: Event) -> tuple[float, ...] | None:
    like = likeness(mine.title, theirs.title)
    if like < LIKE:
        return None
    # The same hours before the nearest day: a half-day that moves seldom changes both.
    same_hours = (mine.start, mine.end) == (theirs.start, theirs.end)
    return (like, float(same_hours), -abs((mine.day - theirs.day).days))


def _apart(mine: Event, theirs: Event) -> float:
    if not mine.start or not theirs.start:
        return 0
    return abs(minutes_of(mine.start) - minutes_of(theirs.start))


# A calendar has a few modules, each named many times.
@lru_cache(maxsize=16_384)
def likeness(title: str, summary: str) -> float:
    """Tell from 0 to 1 how much the title of a module is that of an event, which may say much more."""
    mine, theirs = fold(title), fold(summary)
    if not mine or not theirs:
        return 0.0
    numbers, told = set(_NUMBER.findall(mine)), set(_NUMBER.findall(theirs))
    if numbers and told and not numbers & told:
        # « Atelier 1 » and « Atelier 2 » are all but the same letters.
        return 0.0
    words, among = _WORD.findall(mine), set(_WORD.findall(theirs))
    shared = sum(len(word) for word in words if word in among) / sum(map(len, words)) if words else 0.0
    matcher = SequenceMatcher(None, theirs[:_COMPARED], mine, autojunk=False)
    if shared == 1.0 or matcher.real_quick_ratio() < LIKE or matcher.quick_ratio() < LIKE:
        return shared
    return max(shared, matcher.ratio())


# -- How a pair differs ---------------------------------------------------------------------------------


def _pair(here: Event, there: Event) -> Pair:
    kinds = []
    if here.day != there.day:
        kinds.append("moved")
    if here.start and there.start and (here.start, here.end) != (there.start, there.end):
        kinds.append("hours")
    if not same_place(here.place, there.place):
        kinds.append("room")
    if here.title and there.title and likeness(here.title, there.title) < LIKE:
        kinds.append("title")
    return Pair(here, there, tuple(kinds) or ("same",))


def same_place(here: str, there: str) -> bool:
    """Tell whether an export says our place; one that says no place contradicts nothing."""
    if not there.strip():
        return True
    mine, theirs = fold(here), fold(there)
    if mine == theirs:
        return True
    # « Salle 21.2.32 (40 places) », « 21.2.32, 21.2.33 »: the room is one of those named.
    rooms = {_room(text) for text in _ROOM.findall(there)}
    return _room(here) in rooms if rooms else bool(mine) and re.search(rf"\b{re.escape(mine)}\b", theirs) is not None


def _room(text: str) -> str:
    try:
        return fold(parse_place(text))
    except Refused:
        return fold(text)


def counted(pairs: Iterable[Pair]) -> dict[str, int]:
    """Return {kind: pairs} in the order of DIFFERENCES; a pair that differs twice counts twice."""
    found = dict.fromkeys(DIFFERENCES, 0)
    for pair in pairs:
        for kind in pair.kinds:
            found[kind] += 1
    return found
