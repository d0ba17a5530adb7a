"""What the board of papers shows of a cohort: each paper, its last exchange, its last assignment, its exclusions."""

from collections.abc import Iterator
from typing import NamedTuple

from rules.board import Given, Line
from rules.papers import listed
from store import exclusions, tutoring
from store.alphabet import name_key
from store.db import as_date, as_datetime, rows

_EXCHANGES = """
    SELECT paper_id, MAX(day) FROM exchange WHERE deleted_at IS NULL AND paper_id IN (
        SELECT n.id FROM paper n JOIN enrolment e ON e.id = n.enrolment_id WHERE e.cohort_id = ?)
    GROUP BY paper_id
"""
_GIVEN = """
    SELECT object_id, at, author, "before", reason FROM journal_entry WHERE id IN (
        SELECT MAX(id) FROM journal_entry
        WHERE kind = 'paper' AND field = 'tutor' AND door <> 'covered' AND object_id IN (
            SELECT n.id FROM paper n JOIN enrolment e ON e.id = n.enrolment_id WHERE e.cohort_id = ?)
        GROUP BY object_id)
"""


class Tutor(NamedTuple):
    """Who may tutor in a cohort, for how many papers (none: no limit), which themes, with which account."""

    id: int
    name: str
    capacity: int | None
    themes: tuple[str, ...]
    user: int | None


def tutors(cohort_id: int) -> list[Tutor]:
    """List who may tutor in a cohort, in the order of names."""
    query = (
        "SELECT t.id, t.name, s.capacity, s.themes, t.user_id FROM tutorship s JOIN tutor t ON t.id = s.tutor_id "
        "WHERE s.cohort_id = ?"
    )
    found = [Tutor(*row[:3], tuple(listed(row[3])), row[4]) for row in rows(query, cohort_id)]
    return sorted(found, key=lambda tutor: name_key(tutor.name))


def lines(cohort_id: int) -> list[Line]:
    """List the papers of a cohort in the order of names; four questions, however many papers."""
    return list(_lines(cohort_id))


def _lines(cohort_id: int) -> Iterator[Line]:
    exchanged = {paper: as_date(day) for paper, day in rows(_EXCHANGES, cohort_id)}
    given = {
        paper: Given(as_datetime(at), by, before, reason)  # type: ignore[arg-type]
        for paper, at, by, before, reason in rows(_GIVEN, cohort_id)
    }
    excluded: dict[str, tuple[tuple[str, str], ...]] = {}
    for one in exclusions.of_cohort(cohort_id):
        excluded[one.paper] = (*excluded.get(one.paper, ()), (one.tutor, one.reason))
    for row in tutoring.papers(cohort_id):
        key, values = row[0], (*row[:6], row[6] or "", *row[7:12], row[12] or "", *row[13:16])
        users = frozenset(user for user in row[16:18] if user is not None)
        yield Line(*values, users, exchanged.get(key), given.get(key), excluded.get(key, ()))
