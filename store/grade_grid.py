"""Everything that is graded in a cohort at once, for pages that show it as a table: plain rows, few questions."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from rules.grades import GRADE, MARKERS, MARKINGS, PAPER, RESIT, RESIT_ON
from rules.jury import Work
from store import candidate_numbers, signed
from store.alphabet import name_key
from store.changes import locked
from store.db import as_date, joined, rows
from store.models import Enrolment


class Candidate(NamedTuple):
    """One candidate of a table: the key that a form sends back, who they are there, and what is held of them.

    The key is their number where names are covered: nothing then says who they are.
    """

    key: str
    name: str
    fields: dict[str, str]
    #: Whether minutes hold them: nothing of theirs changes any more.
    sealed: bool = False


_PEOPLE = """
    SELECT e.id, p.last_name, p.first_name, d.signed_at IS NOT NULL
    FROM enrolment e JOIN participant p ON p.id = e.participant_id LEFT JOIN decision d ON d.enrolment_id = e.id
    WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting
"""
_GRADES = """
    SELECT g.enrolment_id, g.work, g.value, g.resit, g.resit_on FROM grade g JOIN enrolment e ON e.id = g.enrolment_id
    WHERE e.cohort_id = ?
"""
_MARKINGS = """
    SELECT m.enrolment_id, m.work, m.place, m.marker, m.value FROM marking m
    JOIN enrolment e ON e.id = m.enrolment_id WHERE e.cohort_id = ?
"""
_REPORTS = """
    SELECT r.enrolment_id, r.work, r.reporter FROM unit_report r JOIN enrolment e ON e.id = r.enrolment_id
    WHERE e.cohort_id = ? AND r.withdrawn_at IS NULL ORDER BY r.id DESC
"""
_PAPER_REPORTS = """
    SELECT n.enrolment_id, r.reporter FROM plagiarism_report r JOIN paper n ON n.id = r.paper_id
    JOIN enrolment e ON e.id = n.enrolment_id WHERE e.cohort_id = ? AND r.withdrawn_at IS NULL ORDER BY r.id DESC
"""


def named(cohort_id: int, covered: bool = False, only: Collection[str] | None = None) -> list[Candidate]:
    """List the candidates by name, or some of them by key; with `covered`, with what is of their paper alone."""
    listed = [row for row in rows(_PEOPLE, cohort_id) if only is None or row[0] in only]
    held = fields_of(cohort_id, None if only is None else [row[0] for row in listed])
    people = sorted(listed, key=lambda row: (name_key(row[1], row[2]), row[0]))
    return [
        Candidate(key, f"{last} {first}", _uncovered(held.get(key, {}), covered), bool(sealed))
        for key, last, first, sealed in people
    ]


def _uncovered(fields: dict[str, str], covered: bool) -> dict[str, str]:
    return {name: text for name, text in fields.items() if name.endswith(f"-{PAPER}")} if covered else fields


def numbered(cohort_id: int, only: Collection[str] | None = None) -> list[Candidate]:
    """List the candidates who have a number, or some of them by key, by number, with what is of their units."""
    numbers, sealed = candidate_numbers.numbers(cohort_id), signed.dossiers(cohort_id)
    listed = {key: number for key, number in numbers.items() if only is None or str(number) in only}
    held = fields_of(cohort_id, None if only is None else listed)
    return [
        Candidate(
            str(number), str(number),
            {name: text for name, text in held.get(key, {}).items() if not name.endswith(f"-{PAPER}")}, key in sealed,
        )
        for key, number in listed.items()
    ]  # fmt: skip


@contextmanager
def kept(cohort_id: int, keys: Collection[str], numbered: bool) -> Iterator[None]:
    """Open a transaction, or join the one already open, that keeps the dossiers of these lines together.

    Each cell locks its dossier, then the cohort through the journal: two tables saved at once would wait for each
    other, were their dossiers not all locked first, in one order.
    """
    with joined():
        wanted = list(keys)
        if numbered:
            numbers = candidate_numbers.numbers(cohort_id)
            wanted = [key for key, number in numbers.items() if str(number) in keys]
        if wanted:
            rows(locked(Enrolment.select(Enrolment.id).where(Enrolment.id << wanted).order_by(Enrolment.id)))
        yield


def fields_of(cohort_id: int, only: Iterable[str] | None = None) -> dict[str, dict[str, str]]:
    """Return what is graded in a cohort, or of some of it, as {enrolment: {field: canonical text}}, nothing blank."""
    keys = [] if only is None else list(only)
    some = "" if only is None else f" AND e.id IN ({', '.join('?' * len(keys)) or 'NULL'})"
    found: dict[str, dict[str, str]] = {}
    for key, work, grade, resit, day in rows(_GRADES + some, cohort_id, *keys):
        cells = found.setdefault(key, {})
        cells[f"{GRADE}{work}"] = grade
        if resit:
            cells[f"{RESIT}{work}"] = resit
        if day:
            cells[f"{RESIT_ON}{work}"] = as_date(day).isoformat()  # type: ignore[union-attr]
    for key, work, place, marker, value in rows(_MARKINGS + some, cohort_id, *keys):
        cells = found.setdefault(key, {})
        cells[f"{MARKERS[place - 1]}{work}"] = marker
        if value:
            cells[f"{MARKINGS[place - 1]}{work}"] = value
    return found


_JUSTIFIED = """
    SELECT m.enrolment_id, h.day FROM mark m JOIN half_day h ON h.id = m.half_day_id
    WHERE h.cohort_id = ? AND h.deleted_at IS NULL AND m.status = 'justified' AND h.day IN ({days})
"""


def justified(cohort_id: int, days: Collection[date]) -> dict[str, set[date]]:
    """Return who was absent with a justification on which of these days, as {enrolment: days}."""
    found: dict[str, set[date]] = {}
    for key, day in rows(_JUSTIFIED.format(days=", ".join("?" * len(days))), cohort_id, *days) if days else ():
        found.setdefault(key, set()).add(as_date(day))  # type: ignore[arg-type]
    return found


def reporters(cohort_id: int) -> dict[str, dict[str, str]]:
    """Return who reported plagiarism, as {enrolment: {work: name}}, what was taken back left out."""
    found: dict[str, dict[str, str]] = {}
    for key, work, reporter in rows(_REPORTS, cohort_id):
        found.setdefault(key, {})[work] = reporter
    for key, reporter in rows(_PAPER_REPORTS, cohort_id):
        found.setdefault(key, {})[PAPER] = reporter
    return found


def works_of(fields: dict[str, str], reported: dict[str, str]) -> dict[str, Work]:
    """Return the cells of each work that has one, out of what is held of a candidate."""
    found = {}
    for name, text in fields.items():
        if name.startswith(GRADE):
            work = name.removeprefix(GRADE)
            found[work] = Work(text, fields.get(f"{RESIT}{work}", ""), reported.get(work, ""))
    return found
