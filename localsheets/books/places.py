"""Under which number each line of a tab is stored.

A line keeps its number when it moves, so that inserting a row near the top of a long tab writes that row
and not all the others. The numbers are kept with the tab as runs: [[row, number, count], …].
"""

from dataclasses import dataclass, field

from localsheets.books.history import Changes, runs_of

Runs = list[tuple[int, int, int]]


@dataclass(frozen=True)
class Places:
    """Hold the number of each row that holds something, and the same as runs."""

    numbers: dict[int, int] = field(default_factory=dict)
    runs: Runs = field(default_factory=list)

    def after(self, changes: Changes) -> "Places":
        """Return the places once lines have gone, moved or come; a rewritten line keeps its number."""
        gone, new = set(changes.gone), set(changes.new)
        if gone == new and not changes.moved:
            return self
        numbers = dict(self.numbers)
        freed = {row: numbers.pop(row) for row in gone}
        moved = [(start + at, to + at) for start, to, count in changes.moved for at in range(count)]
        taken = {to: numbers.pop(start) for start, to in moved}
        numbers |= taken
        numbers |= {row: freed[row] for row in gone & new}
        following = max(self.numbers.values(), default=-1) + 1
        numbers |= {row: following + at for at, row in enumerate(sorted(new - gone))}
        return Places(numbers, runs_of(sorted(numbers.items())))


def places_of(runs: Runs) -> Places:
    """Read the places from their runs."""
    return Places({row + at: number + at for row, number, count in runs for at in range(count)}, runs)
