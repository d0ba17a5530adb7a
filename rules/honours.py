"""The mention that the rule set proposes for a candidate; the jury gives another, or none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from rules.message import Message
from rules.rule_set import RuleSet

#: The decision that a mention goes with, and no other.
WITH = "admitted"
PAPER = "paper"
_CENT = Decimal("0.01")


def counted(rule_set: RuleSet, cells: Mapping[str, str]) -> Decimal | None:
    """Return the grade that mentions are read on: the paper's where it is graded, else the mean of the units.

    cells: work -> the cell that counts. Units weigh their credits, or all the same where none has any. None while one
    of these grades is missing.
    """
    if rule_set.paper_required and rule_set.paper_graded:
        return _number(cells.get(PAPER, ""))
    grades = [(_number(cells.get(unit.code, "")), unit.credits) for unit in rule_set.units]
    if not grades or any(grade is None for grade, _credits in grades):
        return None
    weighed = any(credits for _grade, credits in grades)
    weights = [credits if weighed else 1 for _grade, credits in grades]
    total = sum((grade or Decimal(0)) * weight for (grade, _credits), weight in zip(grades, weights, strict=True))
    return (total / sum(weights)).quantize(_CENT, ROUND_HALF_UP)


def _number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell[:1].isdigit() else None


def proposed(rule_set: RuleSet, cells: Mapping[str, str], decision: str | None) -> str:
    """Return the label of the highest mention that the grade reaches, '' for none or for who is not admitted."""
    grade = counted(rule_set, cells)
    if decision != WITH or grade is None:
        return ""
    reached = [one for one in rule_set.honours if one.least is not None and grade >= one.least]
    return max(reached, key=lambda one: one.least or 0).label if reached else ""


def why(rule_set: RuleSet, cells: Mapping[str, str]) -> Message | None:
    """Say which grade mentions are read on, None where there is no mention or no grade."""
    grade = counted(rule_set, cells)
    if not rule_set.honours or grade is None:
        return None
    values: dict[str, object] = {"grade": format(grade.normalize(), "f").replace(".", ",")}
    if rule_set.paper_required and rule_set.paper_graded:
        return Message("d'après la note de l'écrit, %(grade)s", values)
    return Message("d'après la moyenne des unités, %(grade)s", values)
