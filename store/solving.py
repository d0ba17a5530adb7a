"""Solve a linear problem in a process of its own: `python -m store.solving`, JSON in, JSON out.

The only module that knows the solver, which carries numpy: the web process never loads either. What
comes in is the model of `rules/proposal_model` as lists; what goes out is the value of each column and,
for each stage solved without whole columns, the price of each row. Anything else than numbers that are
whole is an error, never an answer.
"""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import highspy
import numpy as np

#: How far from a whole number a solver's may be, and what it adds up to over costs of tens of thousands.
CLOSE, NEAR = 1e-6, 1e-2
OPTIONS = {
    "output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 0.5,
}  # fmt: skip


class Unsolved(Exception):
    """No best answer was found: `too_long`, or what the solver says."""


class Impossible(Unsolved):
    """No answer fits the rows."""


class _Solver:
    """One problem, and the stages that it goes through: each keeps what those before have made the best."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.until = time.monotonic() + given["seconds"]
        self.count, self.rows = len(given["upper"]), len(given["low"])
        self.all = np.arange(self.count, dtype=np.int32)
        self.low, self.high = np.zeros(self.count), np.array(given["upper"], float)
        self.whole = np.array(given["whole"], bool)
        self.highs = highspy.Highs()
        for name, value in OPTIONS.items():
            self.highs.setOptionValue(name, value)
        self.highs.passModel(_linear(given))

    def solve(self, costs: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Make the least of one stage; return the values of the columns and the prices of the rows."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise Unsolved("too_long")
        self.highs.setOptionValue("time_limit", left + self.highs.getRunTime())
        self.highs.changeColsCost(self.count, self.all, np.array(costs, float))
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise Unsolved("too_long")
        # What is not fitted by any answer is never unbounded: every column has an upper bound.
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            raise Impossible
        if status != highspy.HighsModelStatus.kOptimal:
            raise Unsolved(self.highs.modelStatusToString(status))
        found = self.highs.getSolution()
        return np.array(found.col_value), np.array(found.row_dual)

    def whole_stage(self, costs: Sequence[int]) -> None:
        """Solve a stage with its whole columns, and hold to what it costs."""
        self.values, _ = self.solve(costs)
        [best] = _rounded(np.array([np.dot(costs, self.values)]), NEAR)
        self.hold(costs, best)

    def hold(self, costs: Sequence[int], best: int) -> None:
        """Let no later stage cost more than this in these terms."""
        used = np.nonzero(costs)[0].astype(np.int32)
        self.highs.addRow(-highspy.kHighsInf, float(best), len(used), used, np.array(costs, float)[used])

    def at_the_floor(self, given: Mapping[str, Any]) -> bool:
        """Solve the last whole stage among the answers that nothing beats in the first two, if there are any."""
        *first, last = given["whole_stages"]
        for costs, best in zip(first, given["floors"], strict=True):
            self.hold(costs, best)
        for columns, count in given["known"]:
            chosen = np.array(columns, np.int32)
            self.highs.addRow(float(count), float(count), len(columns), chosen, np.ones(len(columns)))
        try:
            self.whole_stage(last)
        except Impossible:
            self.forget_rows()
            return False
        return True

    def forget_rows(self) -> None:
        """Take away the rows that the stages added."""
        added = np.arange(self.rows, self.highs.getNumRow(), dtype=np.int32)
        self.highs.deleteRows(len(added), added)

    def settle_whole(self) -> None:
        """Keep every whole column as it is: what is left is whole by itself, without the rows of the stages."""
        values = np.array(_rounded(self.values, only=self.whole), float)
        self.forget_rows()
        self.low, self.high = np.where(self.whole, values, self.low), np.where(self.whole, values, self.high)
        self.highs.changeColsBounds(self.count, self.all, self.low, self.high)
        self.highs.changeColsIntegrality(
            self.count, self.all, np.full(self.count, highspy.HighsVarType.kContinuous, dtype=object)
        )

    def flow_stage(self, costs: Sequence[int], entries: Mapping[str, Any]) -> list[int]:
        """Solve a stage of a flow, and settle the columns whose cost differs from the prices of their rows.

        What stays free is exactly the answers that are as good: complementary slackness.
        """
        values, prices = self.solve(costs)
        self.values, whole_prices = values, _rounded(prices)
        differs = np.array(costs) - _priced(entries, whole_prices, self.count)
        free = self.low < self.high
        self.high = np.where(free & (differs > 0), self.low, self.high)
        self.low = np.where(free & (differs < 0), self.high, self.low)
        self.highs.changeColsBounds(self.count, self.all, self.low, self.high)
        return whole_prices


def _linear(given: Mapping[str, Any]) -> highspy.HighsLp:
    made, infinite = highspy.HighsLp(), highspy.kHighsInf
    made.num_col_, made.num_row_ = len(given["upper"]), len(given["low"])
    made.col_cost_ = np.zeros(made.num_col_)
    made.col_lower_, made.col_upper_ = np.zeros(made.num_col_), np.array(given["upper"], float)
    made.row_lower_ = np.array([-infinite if low is None else low for low in given["low"]], float)
    made.row_upper_ = np.array([infinite if high is None else high for high in given["high"]], float)
    made.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    made.a_matrix_.start_, made.a_matrix_.index_ = np.array(given["starts"]), np.array(given["rows"])
    made.a_matrix_.value_ = np.array(given["values"], float)
    if any(given["whole"]):
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        made.integrality_ = [kinds[whole] for whole in given["whole"]]
    return made


def _priced(given: Mapping[str, Any], prices: Sequence[int], count: int) -> np.ndarray:
    """Return what the prices of its rows make of each column, in whole numbers."""
    column = np.repeat(np.arange(count), np.diff(given["starts"]))
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, column, np.array(prices, dtype=np.int64)[given["rows"]] * np.array(given["values"], np.int64))
    return total


def _rounded(values: np.ndarray, within: float = CLOSE, only: np.ndarray | None = None) -> list[int]:
    """Return whole numbers; raise Unsolved when one of those that must be is not."""
    whole = np.rint(values)
    off = np.abs(values - whole) > within
    if np.any(off if only is None else off & only):
        raise Unsolved("not whole")
    return [int(value) for value in whole]


def solve(given: Mapping[str, Any]) -> dict[str, Any]:
    """Solve every stage in turn; return the value of each column, and prices where they prove it the best."""
    solver = _Solver(given)
    if not (given["floors"] and solver.at_the_floor(given)):
        for costs in given["whole_stages"]:
            solver.whole_stage(costs)
    if given["whole_stages"]:
        solver.settle_whole()
    prices = [solver.flow_stage(costs, given) for costs in given["flow_stages"]]
    return {"values": _rounded(solver.values), "prices": prices}


def main() -> int:
    """Read a problem, write its answer; the solver's own words go with the errors."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        answer: dict[str, Any] = solve(json.load(sys.stdin))
    except Unsolved as why:
        answer = {"unsolved": str(why)}
    with out:
        json.dump(answer, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
