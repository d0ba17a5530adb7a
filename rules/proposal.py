"""Who could follow which paper: the problem, as plain values.

A co-tutored paper counts whole for both who follow it. Members of a workshop go together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from rules.normal_form import fold
from rules.papers import MOST_WISHES

#: A paper whose author wished for somebody else costs as much as one more than the last of the longest list.
UNMET = MOST_WISHES
#: How many numbers the ids draw from: enough for two answers never to tie.
DRAWN = 1 << 20


@dataclass(frozen=True)
class Tutor:
    """Somebody who may tutor: capacity None where nothing limits it, the themes that they follow."""

    id: int
    name: str
    capacity: int | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """One paper as it stands today; wishes name tutors or themes, the dearest first."""

    id: str
    person: str
    tutor: int | None = None
    cotutor: int | None = None
    wishes: tuple[str, ...] = ()
    workshop: str = ""
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Unit:
    """Papers that go together: one, or the members of a workshop who wait for a tutor."""

    papers: tuple[Paper, ...]
    workshop: str
    tutors: tuple[int, ...]

    @property
    def size(self) -> int:
        """Return how many papers it holds."""
        return len(self.papers)


#: {paper: tutor}, without the papers that nobody gets.
Answer = Mapping[str, int]


def drawn(paper: str, tutor: int) -> int:
    """Return the number that the ids of a paper and a tutor draw.

    Not a checksum, whose differences between two tutors would be the same for many papers: those could be exchanged
    without a difference, and two answers would tie.
    """
    return int.from_bytes(blake2b(f"{paper} {tutor}".encode(), digest_size=4).digest()) % DRAWN


@dataclass(frozen=True)
class Problem:
    """Everything that an answer depends on; made by `problem`, which puts papers and tutors in one order.

    least, most: members of a workshop, None where nothing limits it; anew: every paper is free, else only
    those that nobody follows; stays: papers that keep their tutor even so.
    """

    tutors: tuple[Tutor, ...]
    papers: tuple[Paper, ...]
    least: int | None = None
    most: int | None = None
    anew: bool = False
    stays: frozenset[str] = frozenset()

    @property
    def sized(self) -> bool:
        """Tell whether every paper belongs in a workshop."""
        return bool(self.least or self.most)

    @cached_property
    def by_id(self) -> dict[int, Tutor]:
        """Return each tutor by id."""
        return {tutor.id: tutor for tutor in self.tutors}

    @cached_property
    def free(self) -> tuple[Paper, ...]:
        """Return the papers that an answer gives to somebody."""
        return tuple(paper for paper in self.papers if not self._keeps(paper))

    @cached_property
    def kept(self) -> tuple[Paper, ...]:
        """Return the papers that keep the tutor whom they have."""
        return tuple(paper for paper in self.papers if self._keeps(paper))

    def _keeps(self, paper: Paper) -> bool:
        return paper.tutor is not None and (not self.anew or paper.id in self.stays)

    @cached_property
    def follows(self) -> dict[int, int]:
        """Return what each tutor follows whatever the answer: papers kept, and those that they cotutor."""
        held = Counter(paper.tutor for paper in self.kept)
        held.update(paper.cotutor for paper in self.papers)
        return {tutor.id: held[tutor.id] for tutor in self.tutors}

    @cached_property
    def room(self) -> dict[int, int]:
        """Return how many papers each tutor may be given."""
        return {
            tutor.id: len(self.free) if tutor.capacity is None else max(0, tutor.capacity - self.follows[tutor.id])
            for tutor in self.tutors
        }

    @cached_property
    def workshops(self) -> dict[str, list[Paper]]:
        """Return the members of each workshop, however its name is spelt."""
        found: dict[str, list[Paper]] = {}
        for paper in self.papers:
            if paper.workshop:
                found.setdefault(fold(paper.workshop), []).append(paper)
        return found

    @cached_property
    def sharers(self) -> dict[str, Counter[int]]:
        """Return how much of each workshop its tutors follow already."""
        kept, found = {paper.id for paper in self.kept}, {}
        for name, members in self.workshops.items():
            held = Counter(p.tutor for p in members if p.id in kept and p.tutor is not None and p.tutor in self.by_id)
            if held:
                found[name] = held
        return found

    @cached_property
    def homes(self) -> dict[str, int]:
        """Return who follows each workshop already: of several, who follows most of it."""
        return {
            name: min(held, key=lambda tutor: (-held[tutor], tutor)) for name, held in self.sharers.items()
        }

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Return what goes together, with who may follow it."""
        free = {paper.id for paper in self.free}
        groups = [
            (name, tuple(paper for paper in members if paper.id in free)) for name, members in self.workshops.items()
        ]
        alone = [("", (paper,)) for paper in self.free if not paper.workshop]
        return tuple(Unit(papers, name, self._may_follow(name, papers)) for name, papers in groups + alone if papers)

    def _may_follow(self, workshop: str, papers: tuple[Paper, ...]) -> tuple[int, ...]:
        found = sorted(self.sharers.get(workshop, self.by_id))
        return tuple(t for t in found if not any(t in p.excluded or t == p.cotutor for p in papers))

    @cached_property
    def _meanings(self) -> dict[str, list[int]]:
        """Return whom each wish means: a tutor by name, else those who follow a theme."""
        found: dict[str, list[int]] = {}
        for tutor in self.tutors:
            for theme in tutor.themes:
                found.setdefault(fold(theme), []).append(tutor.id)
        return found | {fold(tutor.name): [tutor.id] for tutor in self.tutors}

    def meant(self, wish: str) -> list[int]:
        """Return the tutors whom a wish means, none for a theme that nobody follows."""
        return self._meanings.get(fold(wish), [])

    @cached_property
    def _ranks(self) -> dict[str, dict[int, int]]:
        """Return, for each free paper, the rank from 0 of the dearest wish that each tutor meets."""
        found: dict[str, dict[int, int]] = {}
        for paper in self.free:
            ranks = found.setdefault(paper.id, {})
            for rank, wish in enumerate(paper.wishes):
                for tutor in self.meant(wish):
                    ranks.setdefault(tutor, rank)
        return found

    def rank(self, paper: Paper, tutor: int | None) -> int | None:
        """Return the rank from 0 of the dearest wish that a tutor meets, None when they meet none."""
        return None if tutor is None else self._ranks[paper.id].get(tutor)

    def wish_cost(self, paper: Paper, tutor: int | None) -> int:
        """Return what the wishes of a paper say of one tutor, or of nobody: 0 when they are met at best."""
        rank = self.rank(paper, tutor)
        return rank if rank is not None else UNMET if paper.wishes else 0

    @staticmethod
    def moves(paper: Paper, tutor: int) -> bool:
        """Tell whether a paper would leave the tutor whom it has today."""
        return paper.tutor is not None and paper.tutor != tutor


def problem(
    tutors: Iterable[Tutor], papers: Iterable[Paper], sizes: tuple[int | None, int | None] = (None, None),
    anew: bool = False,
) -> Problem:  # fmt: skip
    """Make the problem, the same whatever the order of what it is made of."""
    in_order = [tuple(sorted(found, key=lambda one: one.id)) for found in (tutors, papers)]
    return Problem(in_order[0], in_order[1], *sizes, anew)
