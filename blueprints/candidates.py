"""Candidates as a page of the jury names them: by name, or by number for what is of a unit while names are covered."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort

from blueprints import access
from rules.grades import PAPER
from store import candidate_numbers, grade_grid, jury, people
from store.errors import Unknown


def covered(cohort: Any) -> bool:
    """Tell whether units are graded under a number in this cohort."""
    return candidate_numbers.covered(cohort.id, people.rule_set(cohort.id))


def listed(cohort: Any) -> list[tuple[str, str]]:
    """List (key, name) of who may be chosen for a work of a unit."""
    found = grade_grid.numbered(cohort.id) if covered(cohort) else grade_grid.named(cohort.id)
    return [(who.key, who.name) for who in found]


def enrolment(cohort: Any, key: str, work: str) -> str:
    """Return whose key this is for a work, or stop with 404."""
    if work == PAPER or not covered(cohort):
        access.enrolment(cohort.code, key)
        return key
    try:
        return candidate_numbers.bearer(cohort.id, int(key) if key.isascii() and key.isdecimal() else 0)
    except Unknown:
        abort(404)


def verb(cohort: Any, work: str) -> Callable[..., object]:
    """Return the verb that changes what is of a work: (author, key, values, expected)."""
    if work == PAPER or not covered(cohort):
        return jury.change
    return partial(_numbered, cohort.id)


def _numbered(cohort_id: int, author: Any, key: str, raw: Any, expected: Any) -> object:
    return jury.change_numbered(author, cohort_id, int(key), raw, expected)
