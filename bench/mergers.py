"""Three-way merging as people do it with daff, pandas and polars, beside the product."""

import daff
import pandas as pd
import polars as pl

from bench.merger import OURS, Merger, Result
from bench.tables import FIELDS, Case

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
    OURS,
    Merger("daff", _views, _daff, _daff_result),
    Merger("pandas", _frames, _pandas, _pandas_result),
    Merger("polars", _columnar, _polars, _polars_result),
)
