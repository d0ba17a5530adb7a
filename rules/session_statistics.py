"""A session of the jury in numbers: decisions, grades, hours absent, who was admitted. Plain counts of plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from rules.jury import DECISIONS

#: Points of a bar of the distribution of grades, and the highest grade.
STEP, HIGHEST = 2, 20
#: Shares of the planned hours, in percent: the last bar is for those absent for more.
SHARES = (0, 5, 10, 15, 20)


@dataclass(frozen=True)
class Distribution:
    """Grades of one work. bars: (from, to, how many), `to` left out of all but the last.

    apart: (ABS, EXC, PLAG, ATT or '' for nothing, how many). The mean and the median are None without any grade.
    """

    bars: tuple[tuple[int, int, int], ...]
    apart: tuple[tuple[str, int], ...]
    graded: int
    mean: Decimal | None
    median: Decimal | None


def decisions(taken: Iterable[str]) -> list[tuple[str, int]]:
    """Count each decision, in the order of DECISIONS; one that nobody got counts 0."""
    counted = Counter(taken)
    return [(code, counted[code]) for code in DECISIONS]


def distribution(cells: Iterable[str]) -> Distribution:
    """Count grades by bars of two points; what stands in the place of a grade is counted apart."""
    held = list(cells)
    grades = [Decimal(cell) for cell in held if cell[:1].isdigit()]
    places = Counter(min(int(grade) // STEP, HIGHEST // STEP - 1) for grade in grades)
    bars = tuple((low, low + STEP, places[low // STEP]) for low in range(0, HIGHEST, STEP))
    apart = Counter(cell for cell in held if not cell[:1].isdigit())
    return Distribution(
        bars, tuple(sorted(apart.items())), len(grades),
        _rounded(sum(grades, Decimal()) / len(grades)) if grades else None,
        _rounded(Decimal(median(grades))) if grades else None,
    )  # fmt: skip


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def hours_absent(lines: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Count people by what share of the hours they missed, from (minutes absent, minutes planned) of each.

    Each bar is (percent, how many): those absent for this share at most and more than the bar before, exactly.
    The last one, of percent -1, is for those absent for more than all. Without planned hours nobody missed any.
    """
    counted = Counter(_share(absent, planned) for absent, planned in lines)
    return [(share, counted[share]) for share in (*SHARES, -1)]


def _share(absent: int, planned: int) -> int:
    if not planned:
        return SHARES[0]
    return next((share for share in SHARES if absent * 100 <= share * planned), -1)


def admitted_by(groups: Sequence[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """Count who was admitted by group, from (group, decision) of each: (group, admitted, all), the largest first."""
    everybody = Counter(group for group, _decision in groups)
    admitted = Counter(group for group, decision in groups if decision == "admitted")
    return [(group, admitted[group], number) for group, number in sorted(everybody.items(), key=_largest)]


def _largest(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
