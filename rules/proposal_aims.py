"""What an answer to the problem of tutors is worth, exactly, and what it may not do.

Answers are compared by their aims, one after the other: papers left without a tutor, members that
workshops lack, squares of the loads (which makes loads differ by at most one where nothing prevents
it), wishes, moves from today, then numbers drawn from the ids, so that equal answers have one best.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from rules.proposal import Answer, Problem, drawn
from rules.proposal_workshops import missing


class Aims(NamedTuple):
    """What an answer is worth: the smaller, the better, the first that differs deciding."""

    left: int
    missing: int
    squares: int
    wishes: int
    moves: int
    drawn: int


def loads(asked: Problem, answer: Answer) -> dict[int, int]:
    """Return how many papers each tutor would follow."""
    given = Counter(answer.values())
    return {tutor: held + given[tutor] for tutor, held in asked.follows.items()}


def aims(asked: Problem, answer: Answer) -> Aims:
    """Measure an answer, in whole numbers."""
    given = [(paper, answer[paper.id]) for paper in asked.free if paper.id in answer]
    return Aims(
        left=len(asked.free) - len(given),
        missing=sum(missing(asked, answer).values()),
        squares=sum(load * load for load in loads(asked, answer).values()),
        wishes=sum(asked.wish_cost(paper, answer.get(paper.id)) for paper in asked.free),
        moves=sum(asked.moves(paper, tutor) for paper, tutor in given),
        drawn=sum(drawn(paper.id, tutor) for paper, tutor in given),
    )


def broken(asked: Problem, answer: Answer) -> list[str]:
    """List what an answer does that it may not: a solver's is shown only when there is nothing."""
    free = {paper.id for paper in asked.free}
    found = [f"{paper} is not free" for paper in answer if paper not in free]
    for unit in asked.units:
        chosen = {answer.get(paper.id) for paper in unit.papers}
        if len(chosen) > 1:
            found.append(f"{unit.workshop} is parted")
        found += [f"{tutor} may not follow {unit.papers[0].id}" for tutor in chosen - {None} - set(unit.tutors)]
    given = Counter(answer.values())
    return found + [f"{tutor} has no room" for tutor, count in given.items() if count > asked.room.get(tutor, 0)]
