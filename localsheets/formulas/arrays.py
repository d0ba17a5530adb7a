"""Functions that give arrays: filtered, sorted, unique, turned, cut."""

import re
from typing import Any

from localsheets.formulas.conditions import as_grid
from localsheets.formulas.lookups import lookup_key
from localsheets.formulas.registry import MANY, function
from localsheets.formulas.statistics import values_of
from localsheets.formulas.values import Grid, fail, number, read_number, text, truth


@function("ARRAYFORMULA", "a", 1)
def array(env: Any, value: Any) -> Any:
    """Compute value by value."""
    return value


def _whole(grid: Grid) -> list[list[Any]]:
    """List all lines of a grid, the blank ones below the last known one included."""
    return grid.lines + [[None] * grid.width for _ in range(grid.height - len(grid.lines))]


@function("FILTER", "a", 2, MANY)
def filtered(env: Any, area: Any, *conditions: Any) -> Any:
    """Keep the lines (or the columns) where every condition holds."""
    grid = as_grid(area)
    tests = [as_grid(condition) for condition in conditions]
    across = tests[0].height == 1 and grid.width == tests[0].width and grid.height != 1
    size = grid.width if across else grid.height
    for test in tests:
        if (test.width if across else test.height) != size:
            raise fail("#N/A", f"FILTER has mismatched range sizes. {_sizes(grid, test)}")
    kept = [at for at in range(size) if all(_holds(test, at, across) for test in tests)]
    if not kept:
        raise fail("#N/A", "No matches are found in FILTER evaluation.")
    if across:
        return Grid([[line[at] for at in kept] for line in _whole(grid)])
    return Grid([[grid.at(at, column) for column in range(grid.width)] for at in kept])


def _sizes(grid: Grid, test: Grid) -> str:
    wanted = f"Expected row count: {grid.height}. column count: 1."
    return f"{wanted} Actual row count: {test.height}, column count: {test.width}."


def _holds(test: Grid, at: int, across: bool) -> bool:
    value = test.at(0, at) if across else test.at(at, 0)
    if isinstance(value, str):
        return False
    return bool(value)


@function("SORT", "a:vv", 1, MANY)
def sorted_lines(env: Any, area: Any, *by: Any) -> Any:
    """Sort lines by columns, each upwards or downwards; blanks stay last."""
    grid = as_grid(area)
    lines = _whole(grid)
    keys = list(zip(by[::2], by[1::2] or (True,), strict=False)) or [(1, True)]
    for column, upwards in reversed(keys):
        at = int(number(column, env.locale, "SORT", 2)) - 1
        if not 0 <= at < grid.width:
            raise fail("#VALUE!", f"Function SORT parameter 2 value {at + 1} is out of range.")
        blank = [line for line in lines if line[at] is None]
        full = [line for line in lines if line[at] is not None]
        lines = (
            sorted(full, key=lambda line, at=at: lookup_key(line[at]), reverse=not truth(upwards, "SORT", 3)) + blank
        )
    return Grid(lines)


@function("UNIQUE", "avv", 1, 3)
def unique(env: Any, area: Any, by_column: Any = False, once: Any = False) -> Any:
    """Keep each line once, or only the lines that occur once."""
    grid = as_grid(area)
    lines = _whole(grid)
    turned = truth(by_column, "UNIQUE", 2)
    if turned:
        lines = [list(line) for line in zip(*lines, strict=True)]
    counts: dict[Any, int] = {}
    for line in lines:
        counts[_same(line)] = counts.get(_same(line), 0) + 1
    alone = truth(once, "UNIQUE", 3)
    found, seen = [], set()
    for line in lines:
        key = _same(line)
        if key not in seen and (not alone or counts[key] == 1):
            found.append(line)
        seen.add(key)
    if not found:
        raise fail("#N/A", "No matches are found in UNIQUE evaluation.")
    return Grid([list(line) for line in zip(*found, strict=True)] if turned else found)


def _same(line: list[Any]) -> tuple[Any, ...]:
    return tuple((value.__class__ is bool, value) for value in line)


@function("TRANSPOSE", "a", 1)
def turned(env: Any, area: Any) -> Any:
    """Turn lines into columns."""
    return Grid([list(line) for line in zip(*_whole(as_grid(area)), strict=True)])


@function("SEQUENCE", "v", 1, 4)
def sequence(env: Any, rows: Any, columns: Any = 1, start: Any = 1, step: Any = 1) -> Any:
    """List numbers that follow each other."""
    given = (rows, columns, start, step)
    height, width, first, by = (number(value, env.locale, "SEQUENCE", place) for place, value in enumerate(given, 1))
    if height < 1 or width < 1 or height * width > 1_000_000:
        raise fail("#NUM!", "Function SEQUENCE parameter 1 value is out of range.")
    across = int(width)
    return Grid([[first + (row * across + column) * by for column in range(across)] for row in range(int(height))])


@function("FLATTEN", "a", 1, MANY)
def flattened(env: Any, *given: Any) -> Any:
    """Put all values in one column."""
    return Grid([[value] for value, _ in values_of(given)])


@function("SPLIT", "v", 2, 4)
def split(env: Any, value: Any, between: Any, each: Any = True, skips: Any = True) -> Any:
    """Cut a text at each of some characters, or at a whole text."""
    whole, signs = text(value, env.locale), text(between, env.locale)
    if not whole or not signs:
        raise fail(
            "#VALUE!",
            "Function SPLIT parameter 1 value should be non-empty."
            if not whole
            else "Function SPLIT parameter 2 value should be non-empty.",
        )
    pattern = f"[{re.escape(signs)}]" if truth(each, "SPLIT", 3) else re.escape(signs)
    parts = re.split(pattern, whole)
    if truth(skips, "SPLIT", 4):
        parts = [part for part in parts if part]
    return Grid([[_read(part, env) for part in parts] or [None]])


def _read(part: str, env: Any) -> Any:
    found = read_number(part, env.locale)
    if found is not None:
        return found
    return part or None
