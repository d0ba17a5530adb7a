"""Functions that look values up, and that tell where cells are."""

from bisect import bisect_right
from typing import Any

from localsheets.books.a1 import letters
from localsheets.formulas.conditions import as_grid, wildcard
from localsheets.formulas.registry import function
from localsheets.formulas.values import ErrorValue, Grid, fail, number, rank, text, truth


def lookup_key(value: Any) -> Any:
    """Return what makes two values the same to a lookup: case does not matter, 1 is not TRUE."""
    return (rank(value), value.lower() if isinstance(value, str) else float(value))


def _line(grid: Grid, across: bool, at: int = 0) -> list[Any]:
    return list(grid.lines[at]) if across else [line[at] for line in grid.lines]


def exact_place(grid: Grid, wanted: Any, across: bool, wild: bool = True) -> int | None:
    """Return the first place of a value in the first line or column; what was learnt stays with the range."""
    if wanted is None:
        return None
    known = grid.index.get(("exact", across))
    if known is None:
        known = grid.index["exact", across] = {}
        for place, value in enumerate(_line(grid, across)):
            if value is not None and value.__class__ is not ErrorValue:
                known.setdefault(lookup_key(value), place)
    if wild and isinstance(wanted, str) and any(sign in wanted for sign in "*?~"):
        pattern = wildcard(wanted)
        values = enumerate(_line(grid, across))
        return next((at for at, value in values if isinstance(value, str) and pattern.fullmatch(value)), None)
    return known.get(lookup_key(wanted))


def sorted_place(grid: Grid, wanted: Any, across: bool) -> int | None:
    """Return the last place whose value is not above the wanted one, in a sorted line or column."""
    known = grid.index.get(("sorted", across))
    if known is None:
        pairs = [(place, value) for place, value in enumerate(_line(grid, across)) if value is not None]
        pairs = [(place, value) for place, value in pairs if value.__class__ is not ErrorValue]
        known = grid.index["sorted", across] = [lookup_key(value) for _, value in pairs], [place for place, _ in pairs]
    keys, places = known
    wanted_key = lookup_key(0 if wanted is None else wanted)
    at = bisect_right(keys, wanted_key)
    return places[at - 1] if at and keys[at - 1][0] == wanted_key[0] else None


def _missing(value: Any, name: str, env: Any) -> Any:
    return fail("#N/A", f"Did not find value '{text(value, env.locale)}' in {name} evaluation.")


def _looked_up(env: Any, name: str, wanted: Any, area: Any, index: Any, is_sorted: Any) -> Any:
    grid, across = as_grid(area), name == "HLOOKUP"
    at = int(number(index, env.locale, name, 3))
    limit = grid.height if across else grid.width
    if at < 1:
        raise fail("#VALUE!", f"Function {name} parameter 3 value is {at}. It should be greater than or equal to 1.")
    if at > limit:
        raise fail("#REF!", f"{name} evaluates to an out of bounds range.")
    near = True if is_sorted is None else truth(is_sorted, name, 4)
    place = (sorted_place if near else exact_place)(grid, wanted, across)
    if place is None:
        raise _missing(wanted, name, env)
    return grid.at(at - 1, place) if across else grid.at(place, at - 1)


@function("VLOOKUP", "vrvv", 3, 4)
def vertical(env: Any, wanted: Any, area: Any, index: Any, is_sorted: Any = None) -> Any:
    """Find a value in the first column and return what stands beside it."""
    return _looked_up(env, "VLOOKUP", wanted, area, index, is_sorted)


@function("HLOOKUP", "vrvv", 3, 4)
def horizontal(env: Any, wanted: Any, area: Any, index: Any, is_sorted: Any = None) -> Any:
    """Find a value in the first row and return what stands under it."""
    return _looked_up(env, "HLOOKUP", wanted, area, index, is_sorted)


def _matched(env: Any, name: str, wanted: Any, grid: Grid, kind: int) -> int:
    if grid.height > 1 and grid.width > 1:
        raise fail("#N/A", f"{name} range must be a single row or a single column.")
    across = grid.height == 1 and grid.width > 1
    if kind == 0:
        place = exact_place(grid, wanted, across)
    elif kind > 0:
        place = sorted_place(grid, wanted, across)
    else:
        place = _not_below(grid, wanted, across)
    if place is None:
        raise _missing(wanted, name, env)
    return place


def _not_below(grid: Grid, wanted: Any, across: bool) -> int | None:
    """Return the last place whose value is not below the wanted one, in a line sorted downwards."""
    found, wanted_key = None, lookup_key(wanted)
    for place, value in enumerate(_line(grid, across)):
        if value is None or value.__class__ is ErrorValue or rank(value) != wanted_key[0]:
            continue
        if lookup_key(value) < wanted_key:
            break
        found = place
    return found


@function("MATCH", "vrv", 2, 3)
def matched(env: Any, wanted: Any, area: Any, kind: Any = 1) -> Any:
    """Return the place of a value in a line or a column, counted from 1."""
    way = 1 if kind is None else int(number(kind, env.locale, "MATCH", 3))
    return _matched(env, "MATCH", wanted, as_grid(area), way) + 1


@function("XLOOKUP", "vrrvvv", 3, 6)
def extended(env: Any, wanted: Any, area: Any, results: Any, absent: Any = None, kind: Any = 0, order: Any = 1) -> Any:
    """Find a value in a line or a column and return what stands at the same place of another."""
    grid, target = as_grid(area), as_grid(results)
    way, turn = int(number(kind, env.locale, "XLOOKUP", 5)), int(number(order, env.locale, "XLOOKUP", 6))
    across = grid.height == 1 and grid.width > 1
    place = _found(grid, wanted, across, way, turn)
    if place is None:
        if absent is not None:
            return absent
        raise _missing(wanted, "XLOOKUP", env)
    if across:
        column = [[target.at(row, place)] for row in range(target.height)]
        return column[0][0] if len(column) == 1 else Grid(column)
    line = [target.at(place, column) for column in range(target.width)]
    return line[0] if len(line) == 1 else Grid([line])


def _found(grid: Grid, wanted: Any, across: bool, way: int, turn: int) -> int | None:
    if turn > 0:
        place = exact_place(grid, wanted, across, wild=way == 2)
    else:
        values = _line(grid, across)
        hits = [at for at, value in enumerate(values) if value is not None and lookup_key(value) == lookup_key(wanted)]
        place = hits[-1] if hits else None
    if place is not None or way not in (-1, 1):
        return place
    best = None
    for at, value in enumerate(_line(grid, across)):
        if value is None or value.__class__ is ErrorValue or rank(value) != rank(wanted):
            continue
        right_side = lookup_key(value) < lookup_key(wanted) if way < 0 else lookup_key(value) > lookup_key(wanted)
        closer = best is None or (lookup_key(value) > best[0] if way < 0 else lookup_key(value) < best[0])
        if right_side and closer:
            best = lookup_key(value), at
    return best[1] if best else None


@function("INDEX", "rvv", 1, 3)
def indexed(env: Any, area: Any, row: Any = None, column: Any = None) -> Any:
    """Return the cell of a range by its row and column; 0 takes the whole row or column."""
    grid = as_grid(area)
    down, across = int(number(row, env.locale, "INDEX", 2)), int(number(column, env.locale, "INDEX", 3))
    if column is None and grid.height == 1 and grid.width > 1:
        down, across = (1, down) if row is not None else (0, 0)
    for place, (value, limit) in enumerate(((down, grid.height), (across, grid.width)), start=2):
        if not 0 <= value <= limit:
            said = f"Valid values are between 0 and {limit} inclusive."
            raise fail("#NUM!", f"Function INDEX parameter {place} value is {value}. {said}")
    if not across and grid.width == 1:
        across = 1
    rows = range(grid.height) if not down else [down - 1]
    columns = range(grid.width) if not across else [across - 1]
    lines = [[grid.at(at, place) for place in columns] for at in rows]
    return lines[0][0] if len(lines) == 1 and len(lines[0]) == 1 else Grid(lines)


@function("ROW", "r", 0, 1)
def row_number(env: Any, area: Any = None) -> Any:
    """Return the number of a row: the formula's own, or the first of a range."""
    if area is None:
        return env.row + 1
    grid = _range(area)
    return grid.top + 1 if grid.height == 1 else Grid([[grid.top + at + 1] for at in range(grid.height)])


@function("COLUMN", "r", 0, 1)
def column_of(env: Any, area: Any = None) -> Any:
    """Return the number of a column: the formula's own, or the first of a range."""
    if area is None:
        return env.column + 1
    grid = _range(area)
    return grid.left + 1 if grid.width == 1 else Grid([[grid.left + at + 1 for at in range(grid.width)]])


def _range(area: Any) -> Grid:
    if not isinstance(area, Grid) or area.top < 0:
        raise fail("#N/A", "Argument must be a range.")
    return area


@function("ROWS", "r", 1)
def row_count(env: Any, area: Any) -> Any:
    """Count the rows of a range."""
    return as_grid(area).height


@function("COLUMNS", "r", 1)
def column_count(env: Any, area: Any) -> Any:
    """Count the columns of a range."""
    return as_grid(area).width


@function("ADDRESS", "v", 2, 3)
def address(env: Any, row: Any, column: Any, pinned: Any = 1) -> Any:
    """Write the name of a cell."""
    down, across = int(number(row, env.locale, "ADDRESS")), int(number(column, env.locale, "ADDRESS", 2))
    way = int(number(pinned, env.locale, "ADDRESS", 3))
    if down < 1 or across < 1 or way not in (1, 2, 3, 4):
        raise fail("#VALUE!", "Function ADDRESS parameter values are out of range.")
    return f"{'$' if way in (1, 3) else ''}{letters(across - 1)}{'$' if way in (1, 2) else ''}{down}"


@function("LOOKUP", "vrr", 2, 3)
def looked_up(env: Any, wanted: Any, area: Any, results: Any = None) -> Any:
    """Find a value in a sorted line or column and return what stands at the same place."""
    grid = as_grid(area)
    across = grid.width > grid.height
    place = sorted_place(grid, wanted, across)
    if place is None:
        raise _missing(wanted, "LOOKUP", env)
    if results is None:
        return grid.at(grid.height - 1, place) if across else grid.at(place, grid.width - 1)
    target = as_grid(results)
    return target.at(0, place) if target.height == 1 else target.at(place, 0)
