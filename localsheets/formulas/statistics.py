"""Functions that count and describe: averages, extremes, ranks, spreads."""

import math
import statistics
from collections import Counter
from collections.abc import Callable
from typing import Any

from localsheets.formulas.math import of_numbers
from localsheets.formulas.registry import MANY, function
from localsheets.formulas.values import ErrorValue, Grid, Raised, fail, is_number, kept, number, numbers, read_number


def average(name: str, found: list[float]) -> float:
    """Return the mean, or raise Google's #DIV/0!."""
    if not found:
        raise fail("#DIV/0!", f"Evaluation of function {name} caused a divide by zero error.")
    return math.fsum(found) / len(found)


of_numbers("AVERAGE", lambda found: average("AVERAGE", found))
of_numbers("MIN", lambda found: min(found, default=0))
of_numbers("MAX", lambda found: max(found, default=0))


def _median(found: list[float]) -> float:
    if not found:
        raise fail("#NUM!", "MEDIAN has no valid input data.")
    return statistics.median(found)


def _mode(found: list[float]) -> float:
    most = Counter(found).most_common(1)
    if not most or most[0][1] < 2:
        raise fail("#N/A", "MODE cannot produce a result.")
    return most[0][0]


of_numbers("MEDIAN", _median)
of_numbers("MODE MODE.SNGL", _mode)


def _deviation(name: str, compute: Callable[[list[float]], float], least: int) -> None:
    def checked(found: list[float]) -> float:
        if len(found) < least:
            raise fail("#DIV/0!", f"Evaluation of function {name.split()[0]} caused a divide by zero error.")
        return compute(found)

    of_numbers(name, checked)


_deviation("STDEV STDEV.S", lambda found: math.sqrt(statistics.variance(found)), 2)
_deviation("STDEVP STDEV.P", lambda found: math.sqrt(statistics.pvariance(found)), 1)
_deviation("VAR VAR.S", statistics.variance, 2)
_deviation("VARP VAR.P", statistics.pvariance, 1)


def values_of(given: tuple[Any, ...]) -> list[tuple[Any, bool]]:
    """List all values, errors included, with whether they came from a range."""
    found: list[tuple[Any, bool]] = []
    for argument in given:
        if isinstance(argument, Grid):
            found += [(value, True) for value in argument.cells()]
        else:
            found.append((argument, False))
    return found


@function("COUNT", "r", 1, MANY)
def count(env: Any, *given: Any) -> Any:
    """Count the numbers; a text typed in the formula counts when it reads as one."""
    total = 0
    for value, from_range in values_of(given):
        text = isinstance(value, str) and not from_range and read_number(value, env.locale) is not None
        total += is_number(value) or text or (value.__class__ is bool and not from_range)
    return total


@function("COUNTA", "r", 1, MANY)
def count_all(env: Any, *given: Any) -> Any:
    """Count the values that are not blank, errors and empty texts included."""
    return sum(value is not None or not from_range for value, from_range in values_of(given))


@function("COUNTBLANK", "r", 1, MANY)
def count_blank(env: Any, *given: Any) -> Any:
    """Count the blank cells and the empty texts."""
    below = sum((grid.height - len(grid.lines)) * grid.width for grid in given if isinstance(grid, Grid))
    return below + sum(value is None or value == "" for value, _ in values_of(given))


@function("COUNTUNIQUE", "r", 1, MANY)
def count_unique(env: Any, *given: Any) -> Any:
    """Count the different values that are not blank."""
    return len({(value.__class__ is bool, value) for value, _ in values_of(given) if value not in (None, "")})


def _ordered(name: str, pick: Callable[[list[float], int], float]) -> None:
    @function(name, "rv", 2)
    def run(env: Any, data: Any, place: Any) -> Any:
        found = sorted(numbers((data,), env.locale, name))
        at = int(number(place, env.locale, name, 2))
        if not 1 <= at <= len(found):
            raise fail("#NUM!", f"Function {name} parameter 2 value {at} is out of range.")
        return pick(found, at)


_ordered("LARGE", lambda found, at: found[-at])
_ordered("SMALL", lambda found, at: found[at - 1])


def _quantile(name: str, share: Callable[[float], float]) -> None:
    @function(name, "rv", 2)
    def run(env: Any, data: Any, part: Any) -> Any:
        found = sorted(numbers((data,), env.locale, name.split()[0]))
        wanted = share(number(part, env.locale, name.split()[0], 2))
        if not found or not 0 <= wanted <= 1:
            raise fail("#NUM!", f"Function {name.split()[0]} parameter 2 value {wanted:g} is out of range.")
        spot = wanted * (len(found) - 1)
        low = math.floor(spot)
        high = min(low + 1, len(found) - 1)
        return kept(found[low] + (found[high] - found[low]) * (spot - low), found[low])


_quantile("PERCENTILE PERCENTILE.INC", lambda part: part)
_quantile("QUARTILE QUARTILE.INC", lambda part: math.floor(part) / 4)


def _ranked(name: str, tied: bool) -> None:
    @function(name, "vrv", 2, 3)
    def run(env: Any, value: Any, data: Any, rising: Any = None) -> Any:
        wanted = number(value, env.locale, name.split()[0])
        found = numbers((data,), env.locale, name.split()[0])
        if wanted not in found:
            raise fail("#N/A", f"Function {name.split()[0]} parameter 1 value is not in the data.")
        ascending = bool(number(rising, env.locale, name.split()[0], 3))
        before = sum(one < wanted if ascending else one > wanted for one in found)
        return before + 1 + ((found.count(wanted) - 1) / 2 if tied else 0)


_ranked("RANK RANK.EQ", tied=False)
_ranked("RANK.AVG", tied=True)


@function("AVERAGEA", "r", 1, MANY)
def average_all(env: Any, *given: Any) -> Any:
    """Return the mean where texts count as 0 and TRUE as 1."""
    found = []
    for value, _ in values_of(given):
        if value.__class__ is ErrorValue:
            raise Raised(value)
        if value is not None:
            found.append(float(value) if not isinstance(value, str) else 0.0)
    return average("AVERAGEA", found)
