"""The board of papers: which lines are shown, in which order, under which heading, and what is marked in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from rules.message import Message
from rules.normal_form import fold
from rules.papers import MILESTONES, Load, listed, load, page_difference
from rules.value_times import display_date

#: How lines are grouped, and how they are sorted, as the address of the page says it; « - » before: the other way.
GROUPINGS = {"": "à plat", "tuteur": "par tuteur", "atelier": "par atelier"}
SORTS = ("nom", "titre", "tuteur", "atelier", "etape", "echange", "depot")
#: A paper that has reached no milestone, in an address.
NO_MILESTONE = "aucune"


class Given(NamedTuple):
    """The last time that a paper was given to a tutor, or taken from one: by whom, from whom, and why."""

    at: datetime
    by: str
    before: str
    reason: str


class Line(NamedTuple):
    """One paper of the board; the fields from `title` to `similarity` are in the order of the store's."""

    id: str
    enrolment: str
    last_name: str
    first_name: str
    title: str
    problem: str
    tutor: str
    workshop: str
    milestone: str
    deposited_on: date | None
    pages: int | None
    link: str
    cotutor: str
    wishes: str
    report_link: str
    similarity: int | None
    users: frozenset[int]
    exchanged_on: date | None = None
    given: Given | None = None
    #: Who may not follow it: (name, why).
    excluded: tuple[tuple[str, str], ...] = ()

    @property
    def followers(self) -> tuple[str, ...]:
        """Name who follows it, the tutor first."""
        return tuple(name for name in (self.tutor, self.cotutor) if name)


@dataclass(frozen=True)
class View:
    """What the address of the board asks for; `without` is tuteur, atelier or ''."""

    by: str = ""
    tutor: str = ""
    workshop: str = ""
    milestone: str = ""
    without: str = ""
    late: bool = False
    search: str = ""
    sort: str = "nom"

    @property
    def filtered(self) -> bool:
        """Tell whether it leaves lines out."""
        return bool(self.tutor or self.workshop or self.milestone or self.without or self.late or self.search)


@dataclass(frozen=True)
class Group:
    """Lines under one heading; `name` is that of a tutor or of a workshop, '' for those without one."""

    name: str
    lines: tuple[Line, ...]


def view(arguments: Mapping[str, str]) -> View:
    """Read an address; what is not understood is left out, as a link that somebody kept may be of another day."""
    sort = arguments.get("tri", "nom")
    by = arguments.get("par", "")
    without = arguments.get("sans", "")
    return View(
        by=by if by in GROUPINGS else "", tutor=arguments.get("tuteur", ""), workshop=arguments.get("atelier", ""),
        milestone=arguments.get("etape", ""), without=without if without in ("tuteur", "atelier") else "",
        late=bool(arguments.get("retard")), search=arguments.get("q", "").strip()[:200],
        sort=sort if sort.removeprefix("-") in SORTS else "nom",
    )  # fmt: skip


def arguments(asked: View) -> dict[str, str]:
    """Give what an address says of a view: the inverse of `view`, and nothing of what goes without saying."""
    said = {
        "par": asked.by, "tuteur": asked.tutor, "atelier": asked.workshop, "etape": asked.milestone,
        "sans": asked.without, "retard": "oui" if asked.late else "", "q": asked.search,
        "tri": asked.sort if asked.sort != "nom" else "",
    }  # fmt: skip
    return {name: text for name, text in said.items() if text}


def shown(lines: Iterable[Line], asked: View, due: date | None, today: date) -> list[Line]:
    """Keep the lines that a view asks for, in its order; those of equal rank stay in the order of names."""
    kept = [line for line in lines if _asked(line, asked, due, today)]
    return sorted(kept, key=_KEYS[asked.sort.removeprefix("-")], reverse=asked.sort.startswith("-"))


def _asked(line: Line, asked: View, due: date | None, today: date) -> bool:
    milestone = "" if asked.milestone == NO_MILESTONE else asked.milestone
    return (
        (not asked.tutor or asked.tutor in line.followers)
        and (not asked.workshop or asked.workshop == line.workshop)
        and (not asked.milestone or milestone == line.milestone)
        and not (asked.without == "tuteur" and line.tutor)
        and not (asked.without == "atelier" and line.workshop)
        and (not asked.late or is_late(line, due, today))
        and (not asked.search or _found(line, asked.search))
    )


def _found(line: Line, search: str) -> bool:
    """Tell whether every word is somewhere in a line, whatever its accents and case."""
    text = fold(" ".join((*line[2:6], *line.followers, line.workshop)))
    return all(word in text for word in fold(search).split())


def natural(text: str) -> list[Any]:
    """Give what a text with numbers is sorted by: « Atelier 10 » comes after « Atelier 9 »."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", fold(text)) if part]


_ORDER = {milestone: place for place, milestone in enumerate(MILESTONES)}
_KEYS: dict[str, Callable[[Line], Any]] = {
    "nom": lambda line: (fold(line.last_name), fold(line.first_name), line.id),
    "titre": lambda line: (not line.title, fold(line.title)),
    "tuteur": lambda line: (bool(line.tutor), fold(line.tutor)),
    "atelier": lambda line: natural(line.workshop),
    "etape": lambda line: _ORDER.get(line.milestone, 0),
    # Those who were never seen come first, then those seen longest ago.
    "echange": lambda line: line.exchanged_on or date.min,
    "depot": lambda line: line.deposited_on or date.max,
}


def grouped(lines: Iterable[Line], by: str, everyone: Iterable[str] = ()) -> list[Group]:
    """Put lines under the heading of their tutor or workshop, those without one first.

    everyone: names that have a heading even without lines, so that a line can be dropped there.
    """
    of = (lambda line: line.tutor) if by == "tuteur" else (lambda line: line.workshop)
    found: dict[str, list[Line]] = {"": [], **{name: [] for name in everyone}}
    for line in lines:
        found.setdefault(of(line), []).append(line)
    named = sorted((name for name in found if name), key=natural if by == "atelier" else fold)
    first = [""] if found[""] else []
    return [Group(name, tuple(found[name])) for name in (*first, *named)]


def is_late(line: Line, due: date | None, today: date) -> bool:
    """Tell whether a paper is still awaited after the last day to hand it in."""
    return due is not None and line.deposited_on is None and today > due


def loads(lines: Iterable[Line], capacities: Mapping[str, int | None]) -> dict[str, Load]:
    """Count what each tutor follows, as tutor or as cotutor: a co-tutored paper counts for both."""
    follows = {(line.id, name): name for line in lines for name in line.followers}
    return load(follows, capacities, capacities)


def workshops(lines: Iterable[Line], least: int | None, most: int | None) -> dict[str, tuple[int, Message | None]]:
    """Count each workshop, with how its size leaves that of the rule set in words."""
    sizes = Counter(line.workshop for line in lines if line.workshop)
    return {name: (sizes[name], _size(sizes[name], least, most)) for name in sorted(sizes, key=natural)}


def _size(count: int, least: int | None, most: int | None) -> Message | None:
    if least is not None and count < least:
        return Message("%(least)s au moins sont attendus", {"least": least})
    if most is not None and count > most:
        return Message("%(most)s au plus sont attendus", {"most": most})
    return None


def next_workshop(names: Iterable[str]) -> str:
    """Name a workshop that does not exist yet, after those that do: « Atelier 5 »."""
    numbered = [match for name in names if (match := re.fullmatch(r"(.*?)(\d{1,6})", name))]
    if not numbered:
        return "Atelier 1"
    last = max(numbered, key=lambda match: int(match[2]))
    return f"{last[1]}{int(last[2]) + 1}"


def marks(
    line: Line, tutors: Iterable[str], themes: Iterable[str], due: date | None,
    pages: tuple[int | None, int | None] = (None, None), reasons: bool = True,
) -> Iterator[Message]:  # fmt: skip
    """Give in words what is to be looked at in a line; `reasons` says why somebody may not follow it."""
    for name, why in line.excluded:
        if name in line.followers:
            said = {"name": name, "why": why}
            yield Message("%(name)s ne doit pas suivre cette note : %(why)s.", said) if reasons else Message(
                "%(name)s ne doit pas suivre cette note.", said)  # fmt: skip
    known = {fold(text) for text in (*tutors, *themes)}
    for wish in listed(line.wishes):
        if fold(wish) not in known:
            yield Message("Vœu « %(wish)s » : ni un tuteur, ni un thème suivi ici.", {"wish": wish})
    if due is not None and line.deposited_on is not None and line.deposited_on > due:
        yield Message("Déposée après le %(day)s.", {"day": display_date(due.isoformat())})
    difference = page_difference(line.pages, *pages)
    if difference:
        yield difference
