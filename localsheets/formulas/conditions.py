"""Functions that count, add and pick the cells that satisfy conditions."""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from localsheets.formulas.registry import MANY, function
from localsheets.formulas.statistics import average
from localsheets.formulas.values import Formatted, Grid, fail, is_number, kept, read_number
from localsheets.texts.locales import Locale

COMPARISON = re.compile(r"(<>|<=|>=|=|<|>)(.*)", re.DOTALL)
Test = Callable[[Any], bool]


def as_grid(value: Any) -> Grid:
    """Return a range, or a single value as one."""
    return value if isinstance(value, Grid) else Grid([[value]])


def condition(criterion: Any, locale: Locale) -> Test:
    """Return the test that a criterion asks for: `>=10`, `P*`, `R ?`, 3, "A"."""
    match = COMPARISON.fullmatch(criterion) if isinstance(criterion, str) else None
    sign, operand = (match[1], match[2]) if match else ("=", criterion)
    if isinstance(operand, str):
        operand = _operand(operand, locale)
    if operand is None:
        operand = 0 if match is None else ""
    if sign in ("=", "<>"):
        same = _equals(operand, typed=match is not None)
        return same if sign == "=" else lambda value: not same(value)
    return _ordered(sign, operand)


def _operand(text: str, locale: Locale) -> Any:
    upper = text.upper()
    if upper in ("TRUE", "FALSE", locale.true, locale.false):
        return upper in ("TRUE", locale.true)
    read = read_number(text, locale)
    return text if read is None else float(read)


def _equals(operand: Any, typed: bool) -> Test:
    if isinstance(operand, str):
        if operand == "":
            return (lambda value: value is None) if typed else (lambda value: value is None or value == "")
        pattern = wildcard(operand)
        return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None
    if operand.__class__ is bool:
        return lambda value: value is operand
    return lambda value: is_number(value) and value == operand


def _ordered(sign: str, operand: Any) -> Test:
    kind = str if isinstance(operand, str) else float
    limit = operand.lower() if kind is str else operand

    def test(value: Any) -> bool:
        if kind is str:
            if not isinstance(value, str):
                return False
            value = value.lower()
        elif not is_number(value):
            return False
        return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[sign]

    return test


@lru_cache(maxsize=1_000)
def wildcard(text: str) -> re.Pattern[str]:
    """Return the pattern of a text with * and ?, which ~ makes literal; case does not matter."""
    parts = re.findall(r"~[*?~]|\*|\?|[^*?~]+|~", text)
    known = {"*": ".*", "?": "."}
    pattern = "".join(known.get(part) or re.escape(part[1:] if part[0] == "~" and part[1:] else part) for part in parts)
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def chosen(grid: Grid, criterion: Any, locale: Locale) -> set[int]:
    """Return the places (line by line) that satisfy a criterion, remembered with the range."""
    key = ("chosen", criterion.__class__, criterion)
    known = grid.index.get(key)
    if known is None:
        known = grid.index[key] = _same(grid, criterion) or _tested(grid, condition(criterion, locale))
    return known


def _same(grid: Grid, criterion: Any) -> set[int] | None:
    """Return the places of a number, from an index that is made once for all numbers."""
    if not is_number(criterion):
        return None
    index = grid.index.get("numbers")
    if index is None:
        index = grid.index["numbers"] = {}
        for place, value in enumerate(grid.cells()):
            if is_number(value):
                index.setdefault(value, set()).add(place)
    return index.get(criterion)


def _tested(grid: Grid, test: Test) -> set[int]:
    found = {place for place, value in enumerate(grid.cells()) if test(value)}
    known, whole = len(grid.lines) * grid.width, grid.height * grid.width
    if whole > known and test(None):
        found.update(range(known, whole))
    return found


def _all(env: Any, name: str, given: tuple[Any, ...], like: Grid | None) -> tuple[set[int], Grid]:
    """Return the places that satisfy all pairs of range and criterion."""
    if len(given) % 2:
        raise fail("#N/A", f"{name} expects pairs of ranges and criteria.")
    shape = like or as_grid(given[0])
    places: set[int] | None = None
    for place in range(0, len(given), 2):
        grid = as_grid(given[place])
        if (grid.height, grid.width) != (shape.height, shape.width):
            raise fail("#VALUE!", f"Array arguments to {name} are of different size.")
        found = chosen(grid, given[place + 1], env.locale)
        places = found if places is None else places & found
    return places or set(), shape


def _numbers_at(grid: Grid, places: set[int]) -> list[float]:
    width, found = grid.width, []
    for place in sorted(places):
        value = grid.at(*divmod(place, width))
        if is_number(value):
            found.append(value)
    return found


def _sum(found: list[float]) -> float:
    return kept(math.fsum(found), *(value for value in found[:1] if value.__class__ is Formatted))


@function("COUNTIF", "rv", 2)
def count_if(env: Any, area: Any, criterion: Any) -> Any:
    """Count the cells that satisfy a criterion."""
    return len(chosen(as_grid(area), criterion, env.locale))


@function("COUNTIFS", ":rv", 2, MANY)
def count_ifs(env: Any, *given: Any) -> Any:
    """Count the places that satisfy every criterion."""
    return len(_all(env, "COUNTIFS", given, None)[0])


@function("SUMIF", "rvr", 2, 3)
def sum_if(env: Any, area: Any, criterion: Any, summed: Any = None) -> Any:
    """Add the cells that satisfy a criterion, or those that stand beside them."""
    return _sum(_beside(env, area, criterion, summed))


@function("AVERAGEIF", "rvr", 2, 3)
def average_if(env: Any, area: Any, criterion: Any, averaged: Any = None) -> Any:
    """Return the mean of the cells that satisfy a criterion, or of those beside them."""
    found = _beside(env, area, criterion, averaged)
    return kept(average("AVERAGEIF", found), *found[:1])


def _beside(env: Any, area: Any, criterion: Any, other: Any) -> list[float]:
    grid = as_grid(area)
    places = chosen(grid, criterion, env.locale)
    if other is None:
        return _numbers_at(grid, places)
    target, width, found = as_grid(other), grid.width, []
    for place in sorted(places):
        row, column = divmod(place, width)
        value = target.at(row, column) if row < target.height and column < target.width else None
        if is_number(value):
            found.append(value)
    return found


def _ifs(name: str, compute: Callable[[list[float]], float]) -> None:
    @function(name, "r:rv", 3, MANY)
    def run(env: Any, picked: Any, *given: Any) -> Any:
        grid = as_grid(picked)
        places, _ = _all(env, name, given, grid)
        found = _numbers_at(grid, places)
        return kept(compute(found), *found[:1])


_ifs("SUMIFS", math.fsum)
_ifs("AVERAGEIFS", lambda found: average("AVERAGEIFS", found))
_ifs("MINIFS", lambda found: min(found, default=0))
_ifs("MAXIFS", lambda found: max(found, default=0))
