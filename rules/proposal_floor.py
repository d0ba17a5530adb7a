"""The least that loads can cost where workshops leave holes among them, whoever may follow what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

#: More ways to reach the floor than are looked at to tell whether they all hold the same loads.
MOST_WAYS = 600
#: For each number of papers that a tutor may be given: (load, members that lack, square).
Choices = Sequence[tuple[int, int, int]]


def floor(tutors: Sequence[Choices], papers: int) -> tuple[int, int, Counter[int] | None] | None:
    """Return (members that lack, squares) at the least when every paper is given, and how many tutors have each load.

    None when there is no room for all; no count when several sets of loads are as good.
    """
    outweigh = 1 + sum(max(square for _, _, square in choices) for choices in tutors)
    costs = [[lacks * outweigh + square for _, lacks, square in choices] for choices in tutors]
    tables = [[0, *[None] * papers]]
    for cost in costs:
        tables.append([_cheapest(tables[-1], cost, total) for total in range(papers + 1)])
    if tables[-1][papers] is None:
        return None
    return (*divmod(tables[-1][papers], outweigh), _only(tables, costs, tutors, papers))


def _cheapest(before: Sequence[int | None], cost: Sequence[int], total: int) -> int | None:
    return min(
        (held + price for price, held in zip(cost, before[total::-1], strict=False) if held is not None), default=None
    )


def _only(
    tables: Sequence[Sequence[int | None]], costs: Sequence[Sequence[int]], tutors: Sequence[Choices], papers: int
) -> Counter[int] | None:
    """Follow the cheapest ways back; return their loads when all hold the same."""
    ways: set[tuple[int, tuple[tuple[int, int], ...]]] = {(papers, ())}
    for number in reversed(range(len(costs))):
        further = set()
        for total, loads in ways:
            for count, price in enumerate(costs[number][: total + 1]):
                held = tables[number][total - count]
                if held is not None and held + price == tables[number + 1][total]:
                    counted = Counter(dict(loads))
                    counted[tutors[number][count][0]] += 1
                    further.add((total - count, tuple(sorted(counted.items()))))
        if len(further) > MOST_WAYS:
            return None
        ways = further
    return Counter(dict(next(iter(ways))[1])) if len(ways) == 1 else None
