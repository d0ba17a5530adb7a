"""The problem of tutors as a linear one, in whole numbers, and the way back from what a solver found.

Each unit goes to one tutor or to nobody; each tutor's papers fill slots, the next always dearer than
the last, so that loads level out. Without workshops this is a flow: every corner of it is whole, and
prices in whole numbers prove a corner the best (`proved`). Where workshops go together or have a size,
columns that must be whole are marked, and solved first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rules.proposal import Problem, Unit, drawn
from rules.proposal_floor import floor

#: An entry of a column: row, coefficient.
Entry = tuple[int, int]


@dataclass
class Model:
    """Rows between two bounds (None: none), columns from 0 to their upper bound, and the cost of each by aim."""

    low: list[int | None] = field(default_factory=list)
    high: list[int | None] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    entries: list[list[Entry]] = field(default_factory=list)
    costs: list[Mapping[str, int]] = field(default_factory=list)
    #: Column -> the unit that it gives, and to whom.
    gives: dict[int, tuple[Unit, int]] = field(default_factory=dict)
    #: Whether a corner is whole by itself.
    flow: bool = True
    #: Load -> the columns that choose it, where workshops leave holes among the loads.
    levels: dict[int, list[int]] = field(default_factory=dict)
    #: For each tutor, (load, members that lack at least, square) of each number of papers.
    choices: list[list[tuple[int, int, int]]] = field(default_factory=list)

    def row(self, low: int | None, high: int | None) -> int:
        """Add a row; return its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def column(self, entries: Iterable[Entry], upper: int = 1, whole: bool = False, **costs: int) -> int:
        """Add a column; return its number."""
        self.entries.append([entry for entry in entries if entry[1]])
        self.upper.append(upper)
        self.whole.append(whole)
        self.costs.append(costs)
        return len(self.upper) - 1

    def stage(self, *names: str) -> list[int]:
        """Return one cost for each column: these aims, the first outweighing all that the next can add up to."""
        total = [0] * len(self.upper)
        for name in names:
            costs = [found.get(name, 0) for found in self.costs]
            outweigh = 1 + sum(cost * most for cost, most in zip(costs, self.upper, strict=True)) if any(total) else 1
            total = [before * outweigh + cost for before, cost in zip(total, costs, strict=True)]
        return total


def model(asked: Problem) -> Model:
    """Make the linear problem."""
    made = Model(flow=not asked.sized and not any(unit.workshop for unit in asked.units))
    load = {tutor.id: made.row(0, 0) for tutor in asked.tutors}
    circle = {tutor.id: _circle(made, asked, tutor.id) for tutor in asked.tutors} if asked.sized else {}
    for unit in asked.units:
        _unit(made, asked, unit, load, circle)
    for tutor in asked.tutors:
        (_levels if asked.sized else _slots)(made, asked, tutor.id, load[tutor.id], circle)
    return made


def _unit(made: Model, asked: Problem, unit: Unit, load: Mapping[int, int], circle: Mapping[int, _Circle]) -> None:
    once = made.row(1, 1)
    for tutor in unit.tutors:
        if unit.size > asked.room[tutor]:
            continue
        joins = circle[tutor].entries(asked, unit) if circle else []
        column = made.column(
            [(once, 1), (load[tutor], unit.size), *joins], whole=bool(unit.workshop),
            wishes=sum(asked.wish_cost(paper, tutor) for paper in unit.papers),
            moves=sum(asked.moves(paper, tutor) for paper in unit.papers),
            drawn=sum(drawn(paper.id, tutor) for paper in unit.papers),
        )  # fmt: skip
        made.gives[column] = unit, tutor
    made.column([(once, 1)], left=unit.size, wishes=sum(asked.wish_cost(paper, None) for paper in unit.papers))


def _slots(made: Model, asked: Problem, tutor: int, load: int, _circles: object) -> None:
    """Give a tutor one slot for each paper, which costs what it adds to the square of the load."""
    held = asked.follows[tutor]
    for count in range(1, asked.room[tutor] + 1):
        made.column([(load, -1)], squares=2 * (held + count) - 1)


def _levels(made: Model, asked: Problem, tutor: int, load: int, circle: Mapping[int, _Circle]) -> None:
    """Give a tutor one level for each number of papers, of which one is chosen.

    Not slots: workshops leave holes among the loads, and levels keep a solver from standing between two.
    """
    held, one = asked.follows[tutor], made.row(1, 1)
    choices = []
    for count in range(asked.room[tutor] + 1):
        lacks, square = circle[tutor].least_missing(asked, count), (held + count) ** 2 - held**2
        entries = [(one, 1), (load, -count), (circle[tutor].bound, -lacks)]
        made.levels.setdefault(held + count, []).append(made.column(entries, whole=True, squares=square))
        choices.append((held + count, lacks, square))
    made.choices.append(choices)


@dataclass(frozen=True)
class _Circle:
    """Rows about the workshops of one tutor: members they need, room they have, and what they lack at least."""

    need: int
    room: int
    bound: int
    #: Members whatever the answer; None where the number of papers given does not tell how many there are.
    members: int | None

    def entries(self, asked: Problem, unit: Unit) -> list[Entry]:
        """Return what a unit changes in these rows: one that joins, or a workshop with its own need and room."""
        if not unit.workshop:
            return [(self.need, -1), (self.room, 1)]
        if unit.workshop in asked.homes:
            return []
        return [(self.need, _needs(asked, unit.size)), (self.room, -_has_room(asked, unit.size))]

    def least_missing(self, asked: Problem, count: int) -> int:
        """Return how many members must lack at least once a tutor has been given so many papers."""
        if self.members is None:
            return 0
        members = self.members + count
        workshops = -(-members // asked.most) if asked.most else min(1, members)
        return max(0, (asked.least or 1) * workshops - members)


def _needs(asked: Problem, size: int) -> int:
    return max(0, (asked.least or 1) - size)


def _has_room(asked: Problem, size: int) -> int:
    return len(asked.papers) if asked.most is None else max(0, asked.most - size)


def _circle(made: Model, asked: Problem, tutor: int) -> _Circle:
    sizes = [len(asked.workshops[name]) for name, home in asked.homes.items() if home == tutor]
    loose = sum(paper.tutor == tutor and not paper.workshop for paper in asked.kept)
    # need: needs of workshops + least × new ones - papers in none <= missing; room: papers in none <= room of all.
    need = made.row(None, loose - sum(_needs(asked, size) for size in sizes))
    room = made.row(None, sum(_has_room(asked, size) for size in sizes) - loose)
    bound = made.row(0, None)
    most = len(asked.papers)
    made.column([(need, asked.least or 1), (room, -(asked.most or most))], most, whole=True)
    made.column([(need, -1), (bound, 1)], most * (asked.least or 1), missing=1)
    return _Circle(need, room, bound, None if _unknown(asked, tutor) else sum(sizes) + loose)


def _unknown(asked: Problem, tutor: int) -> bool:
    """Tell whether papers given do not say how many members there are, or a workshop is larger than it may be."""
    groups = [unit for unit in asked.units if unit.workshop and tutor in unit.tutors]
    homed = any(unit.workshop in asked.homes for unit in groups)
    large = asked.most is not None and any(len(members) > asked.most for members in asked.workshops.values())
    return homed or large


def answer_of(made: Model, values: Sequence[int]) -> dict[str, int]:
    """Return {paper: tutor} of the value of each column."""
    return {paper.id: made.gives[j][1] for j in made.gives if values[j] for paper in made.gives[j][0].papers}


def stages(made: Model) -> tuple[list[list[int]], list[list[int]]]:
    """Return the costs to make the least of, in turn: with whole columns first, then those that are whole anyway."""
    wishes = made.stage("wishes", "moves")
    flow = [made.stage("left", "squares"), wishes, made.stage("drawn")]
    return [] if made.flow else [made.stage("left", "missing"), made.stage("squares"), wishes], flow


def hints(made: Model, asked: Problem) -> dict[str, object]:
    """Return what no answer can beat in the first two stages, and the loads of the answers that reach it, if one set.

    With them a solver goes straight to the wishes. Workshops that go together seldom reach it: they have none.
    """
    found = None
    if made.levels and not any(unit.workshop for unit in asked.units):
        found = floor(made.choices, len(asked.free))
    if found is None:
        return {"floors": [], "known": []}
    lacks, squares, counted = found
    known = [(columns, counted[load]) for load, columns in made.levels.items()] if counted else []
    return {"floors": [lacks, squares], "known": known}


def proved(made: Model, values: Sequence[int], prices: Sequence[Sequence[int]]) -> bool:
    """Tell whether the prices of rows prove that values are the best of a flow, in whole numbers.

    A column that is used may cost no more than the prices of its rows, one that is not no less; columns whose
    cost differs from them are settled for the stages that follow. This is complementary slackness, stage by stage.
    """
    settled = [False] * len(made.upper)
    for costs, price in zip(stages(made)[1], prices, strict=True):
        for j, entries in enumerate(made.entries):
            difference = costs[j] - sum(price[row] * by for row, by in entries)
            if settled[j] or not difference:
                continue
            if values[j] != (0 if difference > 0 else made.upper[j]):
                return False
            settled[j] = True
    return True
