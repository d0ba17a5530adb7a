"""What a compiled formula reads from, and how it takes single values, arrays and errors."""

from collections.abc import Callable
from typing import Any

from localsheets.formulas.syntax import Ref
from localsheets.formulas.values import ErrorValue, Grid, Raised, fail


class Env:
    """Hold what a compiled formula reads from: a calculator, its own place, its references."""

    __slots__ = ("calc", "column", "locale", "refs", "row", "sheet")

    def __init__(self, calc: Any, sheet: Any, refs: list[Ref], row: int, column: int) -> None:
        self.calc = calc
        self.sheet = sheet
        self.refs = refs
        self.row = row
        self.column = column
        self.locale = calc.locale


Run = Callable[[Env], Any]


def crossed(value: Any, env: Env) -> Any:
    """Return a single value; of a line or column of cells, the one that stands across from the formula."""
    if isinstance(value, Grid):
        if value.top < 0 or (value.height == 1 and value.width == 1):
            value = value.at(0, 0) if value.width else None
        elif value.width == 1 and 0 <= env.row - value.top < value.height:
            value = value.at(env.row - value.top, 0)
        elif value.height == 1 and 0 <= env.column - value.left < value.width:
            value = value.at(0, env.column - value.left)
        else:
            raise fail("#VALUE!", "An array value could not be found.")
    if value.__class__ is ErrorValue:
        raise Raised(value)
    return value


def as_grid(cell: Run, env: Env) -> Grid:
    """Compute a part of an array; an error stays a value."""
    try:
        value = cell(env)
    except Raised as raised:
        value = raised.value
    return value if isinstance(value, Grid) else Grid([[value]])


def beside(grids: list[Grid]) -> list[list[Any]]:
    """Put grids of the same height side by side."""
    height = grids[0].height
    if any(grid.height != height for grid in grids):
        raise fail("#REF!", "In ARRAY_LITERAL, an Array Literal was missing values for one or more rows.")
    return [[grid.at(row, column) for grid in grids for column in range(grid.width)] for row in range(height)]


def caught(part: Run, env: Env) -> Any:
    """Compute a part; an error stays a value."""
    try:
        return part(env)
    except Raised as raised:
        return raised.value


def held(value: Any) -> Run:
    """Make a part of a value that is known already."""

    def run(env: Env) -> Any:
        if value.__class__ is ErrorValue:
            raise Raised(value)
        return value

    return run


def all_crossed(values: list[Any], singles: list[int], env: Env) -> list[Any]:
    """Return arguments with a single value at each of some places."""
    return [crossed(value, env) if place in singles else value for place, value in enumerate(values)]


def placed(values: list[Any], singles: list[int], given: tuple[Any, ...]) -> list[Any]:
    """Return arguments with other values at some places; an error among them is raised."""
    filled = list(values)
    for place, value in zip(singles, given, strict=True):
        if value.__class__ is ErrorValue:
            raise Raised(value)
        filled[place] = value
    return filled
