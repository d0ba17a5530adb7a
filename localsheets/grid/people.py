"""Who has a book open, where they stand in it, and by what name. Kept in memory, forgotten soon after they leave."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
COLORS = ("#b3261e", "#0b6e99", "#8e24aa", "#b25e00", "#2e7d32", "#5c4bc4", "#a1266b", "#4e6b00")
#: A page asks for changes at least every 20 seconds: beyond this it is gone.
GONE_AFTER = 45.0
LONGEST_NAME = 40
#: Under this name stands what is done without one.
ACTOR = "grille"
ANONYMOUS = "Anonyme"


@dataclass
class Person:
    """Hold one open page: its person's name, colour and selection."""

    who: str
    name: str
    color: str
    seen: float
    place: Json | None = None


def clean_name(given: Any) -> str:
    """Return a name fit to be shown and logged: no @, which only accounts have; empty when nothing is left."""
    text = re.sub(r"[\x00-\x1f\x7f@<>]+", " ", given) if isinstance(given, str) else ""
    return " ".join(text.split())[:LONGEST_NAME].strip()


def actor_of(body: Json) -> str:
    """Return the name under which a page's request is logged."""
    return clean_name(body.get("name")) or ACTOR


@dataclass
class People:
    """Hold the people who have one book open; `version` grows whenever what others see of them changes."""

    clock: Callable[[], float] = time.monotonic
    known: dict[str, Person] = field(default_factory=dict)
    version: int = 1

    def meet(self, who: str, name: str) -> Person:
        """Note that a page is there under a name, and return its person."""
        self.forget_gone()
        person = self.known.get(who)
        if person is None:
            person = self.known[who] = Person(who, name or self._anonymous(), self._color(), self.clock())
            self.version += 1
        person.seen = self.clock()
        if name and name != person.name:
            person.name = name
            self.version += 1
        return person

    def move(self, who: str, name: str, place: Json) -> None:
        """Note what a person has selected."""
        person = self.meet(who, name)
        if person.place != place:
            person.place = place
            self.version += 1

    def leave(self, who: str) -> None:
        """Forget a page that closes."""
        if self.known.pop(who, None) is not None:
            self.version += 1

    def forget_gone(self) -> None:
        """Forget the pages not heard of for a while."""
        limit = self.clock() - GONE_AFTER
        for who in [person.who for person in self.known.values() if person.seen < limit]:
            self.leave(who)

    def others(self, who: str) -> list[Json]:
        """List everyone else, as the page shows them."""
        return [
            {"who": person.who[:8], "name": person.name, "color": person.color, "place": person.place}
            for person in self.known.values()
            if person.who != who
        ]

    def _anonymous(self) -> str:
        taken = {person.name for person in self.known.values()}
        return next(name for at in range(1, len(taken) + 2) if (name := f"{ANONYMOUS} {at}") not in taken)

    def _color(self) -> str:
        used = [person.color for person in self.known.values()]
        return min(COLORS, key=used.count)
