"""Three-way merging as people do it with daff, pandas and polars, and as the product does."""

from collections.abc import Callable
from dataclasses import dataclass

import daff
import pandas as pd
import polars as pl

from bench.tables import FIELDS, Case, Row, by_field
from sync.plan import BOTH, Columns, Sheet, Side, merge, tabulate

#: What a merge gives: the merged rows, and the cells that it says are in conflict.
Result = tuple[dict[str, Row], set[tuple[str, int]]]
POLICIES = Columns(dict.fromkeys(FIELDS, BOTH), frozenset(FIELDS[:2]), FIELDS[:2], owns_rows=True)


@dataclass(frozen=True)
class Merger:
    """One way to merge: what it wants made ready, the merge itself (which is timed), and what it came to."""

    name: str
    ready: Callable[[Case], object]
    merge: Callable[[object], object]
    result: Callable[[Case, object], Result]


# -- the product -----------------------------------------------------------------------------------


def _ready(case: Case) -> tuple[Side, Sheet]:
    """Lay the three tables as a cycle does: tuples whose equal texts are one object."""
    ours, base, rows = (tabulate(FIELDS, by_field(table)) for table in (case.ours, case.base, case.theirs))
    sheet = Sheet(FIELDS, range(1, len(rows) + 1), list(rows), list(rows.values()))
    # The second read in a row without them: a deletion is believed at last.
    missing = {key: 1 for key in base if key not in rows}
    return Side(ours, base, missing=missing), sheet


def _carried_out(case: Case, plan: object) -> Result:
    table = {key: list(row) for key, row in case.ours.items() if key not in plan.deletions}
    for key, values in plan.pulls.items():
        for name, value in values.items():
            table[key][FIELDS.index(name)] = value
    clashes = {(clash.row, FIELDS.index(clash.field)) for clash in plan.clashes}
    return {key: tuple(row) for key, row in table.items()}, clashes


# -- daff ------------------------------------------------------------------------------------------


def _views(case: Case) -> list[daff.PythonTableView]:
    tables = (case.base, case.ours, case.theirs)
    return [daff.PythonTableView([["ID", *FIELDS], *([key, *row] for key, row in t.items())]) for t in tables]


def _daff(views: object) -> object:
    flags = daff.CompareFlags()
    flags.addPrimaryKey("ID")
    merger = daff.Merger(*views, flags)
    merger.apply()
    return views[1], merger


def _daff_result(case: Case, merged: object) -> Result:
    view, merger = merged
    lines = [[view.getCell(x, y) for x in range(view.get_width())] for y in range(1, view.get_height())]
    table = {str(line[0]): tuple("" if text is None else str(text) for text in line[1:]) for line in lines}
    found = {(str(view.getCell(0, info.row)), info.col - 1) for info in merger.getConflictInfos()}
    return table, found


# -- pandas ----------------------------------------------------------------------------------------


def _frames(case: Case) -> list[pd.DataFrame]:
    tables = (case.base, case.ours, case.theirs)
    return [pd.DataFrame.from_dict(t, orient="index", columns=FIELDS) for t in tables]


def _pandas(frames: object) -> object:
    """Keep theirs where only they moved, ours elsewhere; rows of either side stay."""
    base, ours, theirs = frames
    index = ours.index.union(theirs.index, sort=False)
    base, ours, theirs = (frame.reindex(index) for frame in frames)
    ours, theirs = ours.where(ours.notna(), base), theirs.where(theirs.notna(), base)
    moved_here, moved_there = ours.ne(base), theirs.ne(base)
    clash = moved_here & moved_there & ours.ne(theirs)
    return ours.where(~moved_there | clash, theirs), clash


def _pandas_result(case: Case, merged: object) -> Result:
    frame, clash = merged
    table = dict(zip(frame.index, frame.itertuples(index=False, name=None), strict=True))
    stacked = clash.to_numpy().nonzero()
    return table, {(str(frame.index[row]), int(column)) for row, column in zip(*stacked, strict=True)}


# -- polars ----------------------------------------------------------------------------------------


def _columnar(case: Case) -> list[pl.DataFrame]:
    tables = (case.base, case.ours, case.theirs)
    return [
        pl.DataFrame([(key, *row) for key, row in t.items()], schema=["ID", *FIELDS], orient="row") for t in tables
    ]


def _polars(frames: object) -> object:
    base, ours, theirs = frames
    joined = ours.join(theirs, on="ID", how="full", coalesce=True, suffix="_theirs")
    joined = joined.join(base, on="ID", how="left", suffix="_base")
    merged, clashes = [pl.col("ID")], [pl.col("ID")]
    for name in FIELDS:
        before = pl.col(f"{name}_base")
        here, there = pl.col(name).fill_null(before), pl.col(f"{name}_theirs").fill_null(before)
        clash = (here != before) & (there != before) & (here != there)
        merged.append(pl.when((there != before) & ~clash).then(there).otherwise(here).alias(name))
        clashes.append(clash.alias(name))
    return joined.select(merged), joined.select(clashes)


def _polars_result(case: Case, merged: object) -> Result:
    frame, clashes = merged
    table = {row[0]: row[1:] for row in frame.iter_rows()}
    found = {(row[0], place) for row in clashes.iter_rows() for place, clash in enumerate(row[1:]) if clash}
    return table, found


MERGERS = (
    Merger("passerelle", _ready, lambda made: merge(POLICIES, *made), _carried_out),
    Merger("daff", _views, _daff, _daff_result),
    Merger("pandas", _frames, _pandas, _pandas_result),
    Merger("polars", _columnar, _polars, _polars_result),
)
