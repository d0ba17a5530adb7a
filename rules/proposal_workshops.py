"""The workshops that an answer makes: whose they are, who is in them, and how many members they lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from rules.normal_form import fold
from rules.proposal import Answer, Paper, Problem


@dataclass(frozen=True)
class Circle:
    """The workshops of one tutor: those that exist, by name, with their sizes, and the papers in none."""

    sizes: Mapping[str, int]
    loose: tuple[Paper, ...]

    def new(self, most: int | None) -> int:
        """Return how many new workshops the papers in none make, once those that exist are full."""
        if most is None:
            return int(bool(self.loose) and not self.sizes)
        beyond = len(self.loose) - sum(max(0, most - size) for size in self.sizes.values())
        return -(-max(0, beyond) // most)

    def missing(self, least: int, most: int | None) -> int:
        """Return how many members these workshops lack, papers in none having joined them."""
        needed = sum(max(0, least - size) for size in self.sizes.values()) + least * self.new(most)
        return max(0, needed - len(self.loose))


def circles(asked: Problem, answer: Answer) -> dict[int, Circle]:
    """Return the workshops of each tutor where workshops have a size, else nothing."""
    if not asked.sized:
        return {}
    home = dict(asked.homes)
    new = [unit for unit in asked.units if unit.workshop and unit.workshop not in home]
    home |= {unit.workshop: answer[unit.papers[0].id] for unit in new if unit.papers[0].id in answer}
    loose: dict[int, list[Paper]] = {tutor.id: [] for tutor in asked.tutors}
    kept = {paper.id: paper.tutor for paper in asked.kept}
    for paper in asked.papers:
        tutor = kept.get(paper.id, answer.get(paper.id))
        if not paper.workshop and tutor in loose:
            loose[tutor].append(paper)
    sizes: dict[int, dict[str, int]] = {tutor.id: {} for tutor in asked.tutors}
    for name, tutor in home.items():
        sizes[tutor][name] = len(asked.workshops[name])
    return {tutor: Circle(sizes[tutor], tuple(papers)) for tutor, papers in loose.items()}


def missing(asked: Problem, answer: Answer) -> dict[int, int]:
    """Return how many members the workshops of each tutor lack."""
    return {tutor: found.missing(asked.least or 1, asked.most) for tutor, found in circles(asked, answer).items()}


def placed(asked: Problem, answer: Answer) -> dict[str, str]:
    """Return the workshop that each paper in none would join: the smallest of its tutor's, else a new one."""
    taken, found = set(asked.workshops), {}
    spelt = {name: members[0].workshop for name, members in asked.workshops.items()}
    for tutor in sorted(circle := circles(asked, answer), key=lambda one: (fold(asked.by_id[one].name), one)):
        here = dict(circle[tutor].sizes)
        for _ in range(circle[tutor].new(asked.most)):
            name = next(f"Atelier {n}" for n in count(1) if fold(f"Atelier {n}") not in taken)
            taken.add(fold(name))
            here[fold(name)], spelt[fold(name)] = 0, name
        order = list(here)
        for paper in circle[tutor].loose:
            joined = min(order, key=lambda name: (here[name], order.index(name)))
            here[joined] += 1
            found[paper.id] = spelt[joined]
    return found
