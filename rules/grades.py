"""What is graded, what a unit is worth by its assessments, and what two markers and a resit may say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from rules.jury import Work
from rules.message import Message
from rules.rule_set import RuleSet, Unit
from rules.value_numbers import plain

PAPER = "paper"
#: Between the code of a unit and that of one of its assessments.
JOINT = ":"
ABSENT, EXCUSED, PLAGIARISM, AWAITED = "ABS", "EXC", "PLAG", "ATT"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Graded:
    """One work whose grade people enter: a unit without assessments, an assessment, or the paper (no unit).

    short: what heads its column beside that of its unit; label: how it is called where it stands alone.
    """

    work: str
    unit: str
    short: str
    label: str
    title: str
    weight: int = 1
    #: The day of the control, where that is known.
    held_on: date | None = None


def entered(rules: RuleSet) -> tuple[Graded, ...]:
    """List what is graded by people in a promotion, in the order of its rule set, the paper last."""
    found = [one for unit in rules.units for one in _of_unit(unit)]
    return (*found, Graded(PAPER, "", rules.paper_kind.capitalize(), rules.paper_kind.capitalize(), ""))


def _of_unit(unit: Unit) -> list[Graded]:
    if not unit.assessments:
        return [Graded(unit.code, unit.code, unit.code, unit.code, unit.title, held_on=unit.held_on)]
    return [
        Graded(
            f"{unit.code}{JOINT}{one.code}", unit.code, one.code, f"{unit.code} {one.code}", one.title, one.weight,
            one.held_on,
        )
        for one in unit.assessments
    ]  # fmt: skip


def asks_excused(cell: str) -> bool:
    """Tell whether a grade says nothing yet of an absence that was justified on the day of the control."""
    return cell in ("", ABSENT, AWAITED, "0")


def computed(rules: RuleSet) -> frozenset[str]:
    """Return the units whose grade is made of their assessments: nobody enters it."""
    return frozenset(unit.code for unit in rules.units if unit.assessments)


def unit_of(work: str) -> str:
    """Return the unit that a work belongs to, '' for the paper."""
    return "" if work == PAPER else work.partition(JOINT)[0]


def unit_grade(cells: Sequence[tuple[str, int]]) -> str:
    """Return the grade of a unit from the cells that count of its assessments, as (cell, weight).

    The weighted mean at two decimals, half up, where an absence and a plagiarism are 0; what is excused or awaited
    leaves it so, and the same word everywhere is that of the unit.
    """
    found = [cell for cell, _weight in cells]
    if not any(found):
        return ""
    if EXCUSED in found:
        return EXCUSED
    if "" in found or AWAITED in found:
        return AWAITED
    if set(found) in ({ABSENT}, {PLAGIARISM}):
        return found[0]
    total = sum(number(cell) * weight for cell, weight in cells)
    return plain(_rounded(total / sum(weight for _cell, weight in cells)))


def number(cell: str) -> Decimal:
    """Return what a cell counts in a mean: a word of a grade is 0."""
    return Decimal(cell) if is_number(cell) else Decimal(0)


def is_number(cell: str) -> bool:
    """Tell whether a grade cell holds a number."""
    return cell[:1].isdigit()


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


# -- resits ------------------------------------------------------------------------------------------


def resit_open(first: str, pass_mark: Decimal) -> bool:
    """Tell whether a first cell lets a resit be held: excused, absent, or below the pass mark."""
    return first in (EXCUSED, ABSENT) or (is_number(first) and Decimal(first) < pass_mark)


def check_resit(first: str, resit: str, pass_mark: Decimal) -> Message | None:
    """Say why the grade of a resit cannot stand beside a first cell, None when it can."""
    if resit and not resit_open(first, pass_mark):
        return Message("Pas de rattrapage ici : la première note n'est ni EXC, ni ABS, ni au-dessous de la note "
                       "minimale.", {})  # fmt: skip
    if resit in (EXCUSED, AWAITED):
        return Message("Une note de rattrapage est un nombre, ABS ou PLAG.", {})
    return None


def resit_due(work: Work, decision: str, pass_mark: Decimal) -> bool:
    """Tell whether a resit is waited for: an absence was justified, or the jury decided on one."""
    if work.resit:
        return False
    return work.grade == EXCUSED or (decision == "resit" and resit_open(work.grade, pass_mark))


# -- two markers --------------------------------------------------------------------------------------


def proposed(values: Iterable[str]) -> str:
    """Return the mean of what two markers gave, to be agreed on by people; '' unless both gave a number."""
    found = list(values)
    if len(found) != 2 or not all(map(is_number, found)):
        return ""
    return plain(_rounded(sum(map(Decimal, found), Decimal(0)) / 2))


def far_apart(values: Iterable[str], gap: Decimal) -> bool:
    """Tell whether two markers are so far from each other that it is pointed out; a word beside a number is."""
    found = [cell for cell in values if cell and cell != AWAITED]
    if len(found) != 2:
        return False
    if all(map(is_number, found)):
        return abs(Decimal(found[0]) - Decimal(found[1])) >= gap
    return found[0] != found[1]


# -- fields of a dossier ------------------------------------------------------------------------------

#: What a field of a dossier is about a work: its grade, its resit and when, and each of two markers.
GRADE, RESIT, RESIT_ON = "grade-", "resit-", "resit_on-"
MARKERS, MARKINGS = ("marker1-", "marker2-"), ("marking1-", "marking2-")
PREFIXES = (GRADE, RESIT_ON, RESIT, *MARKERS, *MARKINGS)


@lru_cache(maxsize=4096)
def parted(field: str) -> tuple[str, str]:
    """Part the field of a dossier into what it is of a work, and the work: ('', '') for any other field."""
    for prefix in PREFIXES:
        if field.startswith(prefix):
            return prefix, field.removeprefix(prefix)
    return "", ""
