"""Merge tables three ways, beside daff, pandas and polars, and time the whole way from an answer to its plan.

    python bench/plan.py [--rows 1000 10000 100000] [--seconds 3]

Twelve columns with the id; on each side 1 % of the rows edited, among them one cell moved to two
different values, one row edited here and deleted there, one row edited in two cells, one by each side.
Times are of the processor, the best of several; what each tool made is compared, cell by cell, with
what a right merge holds, on rows in the same order and on rows that staff have sorted.

daff is given the id as its key. pandas and polars merge as one does by hand: align by id, keep theirs
where only theirs moved; they know no deletion (a row that either side has is kept), which is right
here and wrong for a row that was really deleted.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.mergers import MERGERS  # noqa: E402 - the repository must be importable first
from bench.plan_timing import from_bytes, merged  # noqa: E402 - the same
from bench.tables import FIELDS  # noqa: E402 - the same

#: Rows of the sheet per second that the bare merge must reach, and how many times faster than daff it must be.
ROWS_PER_SECOND, TIMES_DAFF = 1_000_000, 100


def bare(count: int, seconds: float) -> bool:
    """Print the bare merge of every tool on one size, in both orders; tell whether ours is within its limits."""
    good = True
    for shuffled in (False, True):
        print(f"\n{count:,} rows x {len(FIELDS) + 1} columns, 1 % edited on each side, "
              + ("sorted by staff" if shuffled else "in order"))  # fmt: skip
        print(f"  {'':<12}{'merge':>12}{'rows/s':>14}{'x ours':>9}")
        times: dict[str, float] = {}
        for merger in MERGERS:
            spent, verdict = merged(merger, count, shuffled, seconds)
            times[merger.name] = spent
            ratio = spent / times["passerelle"]
            print(f"  {merger.name:<12}{spent * 1e3:>9.1f} ms{count / spent:>14,.0f}{ratio:>9.1f}   {verdict}")
        rate, ratio = count / times["passerelle"], times["daff"] / times["passerelle"]
        within = rate > ROWS_PER_SECOND and ratio > TIMES_DAFF
        print(f"  {rate / 1e6:.2f} million rows/s, {ratio:.0f} times faster than daff" + ("" if within else "   UNDER"))
        good = good and within
    return good


def main() -> int:
    """Run every size and return 1 when a limit is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each is repeated, to keep its best")
    given = parser.parse_args()
    good = [bare(count, given.seconds) for count in given.rows]
    good += [from_bytes(count, given.seconds) for count in given.rows]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
