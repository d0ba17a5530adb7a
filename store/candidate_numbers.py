"""Units graded under a number: the numbers of a cohort, drawn once, and the act that uncovers the names."""

import secrets
from datetime import datetime

from rules.message import Message
from rules.rule_set import RuleSet
from store import people
from store.changes import locked
from store.db import as_datetime, database, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import CandidateNumber, Cohort
from store.models.base import now

#: What the journal calls the drawing and the uncovering, beside the cohort.
DRAWN, UNCOVERED = "candidate_numbers", "uncovered"
#: Numbers are drawn among at least this many for each candidate, so that none says how many there are.
_ROOM = 10
#: A rule set that asks for numbers, as its text is kept.
_ASKED = '%"anonymous": true%'


def covered(cohort_id: int, rules: RuleSet) -> bool:
    """Tell whether units are graded under a number, and no name stands beside such a grade."""
    return rules.anonymous and uncovered(cohort_id) is None


def in_use(cohort_id: int) -> bool:
    """Tell whether the numbers of a cohort concern anybody: its rule set asks for them, or some were drawn."""
    return bool(rows(
        "SELECT c.rule_set LIKE ? OR EXISTS(SELECT 1 FROM candidate_number n JOIN enrolment e "
        "ON e.id = n.enrolment_id WHERE e.cohort_id = c.id) FROM cohort c WHERE c.id = ?", _ASKED, cohort_id,
    )[0][0])  # fmt: skip


def behind_numbers() -> set[str]:
    """Return everybody, those withdrawn included, whose units are graded under a number in any cohort."""
    texts = rows("SELECT id FROM cohort WHERE uncovered_at IS NULL AND rule_set LIKE ?", _ASKED)
    found = [row[0] for row in texts]
    marks = ", ".join("?" * len(found))
    query = f"SELECT id FROM enrolment WHERE cohort_id IN ({marks})"  # noqa: S608 - only question marks are put in
    return {row[0] for row in rows(query, *found)} if found else set()


def uncovered(cohort_id: int) -> tuple[datetime, str] | None:
    """Return when the names of a cohort were uncovered and by whom, None as long as they were not."""
    at, by = rows("SELECT uncovered_at, uncovered_by FROM cohort WHERE id = ?", cohort_id)[0]
    return (as_datetime(at), by) if at else None


def numbers(cohort_id: int) -> dict[str, int]:
    """Return {enrolment: number} of those who take part in a cohort and have one, by number."""
    return dict(rows(
        "SELECT e.id, n.number FROM candidate_number n JOIN enrolment e ON e.id = n.enrolment_id "
        "WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting ORDER BY n.number", cohort_id,
    ))  # fmt: skip


def lacking(cohort_id: int) -> int:
    """Count those who take part in a cohort and have no number."""
    return len(set(_taking_part(cohort_id)) - numbers(cohort_id).keys())


def bearer(cohort_id: int, number: int) -> str:
    """Return whose number this is in a cohort; raise Unknown when it is nobody's who takes part."""
    found = {given: key for key, given in numbers(cohort_id).items()}
    if number not in found:
        raise Unknown(str(number))
    return found[number]


def draw(author: Author, cohort_id: int) -> int:
    """Give a number to whoever takes part and has none, at random; return how many were drawn.

    A number once drawn never changes: it stands on somebody's work.
    """
    with database.atomic():
        locked(Cohort.select().where(Cohort.id == cohort_id)).first()
        everybody = rows(
            "SELECT e.id, n.number FROM enrolment e LEFT JOIN candidate_number n ON n.enrolment_id = e.id "
            "WHERE e.cohort_id = ? ORDER BY e.id", cohort_id,
        )  # fmt: skip
        taken = {number for _key, number in everybody if number is not None}
        takes_part = set(_taking_part(cohort_id))
        without = [key for key, number in everybody if number is None and key in takes_part]
        drawn = _draw(len(without), taken)
        for key, number in zip(without, drawn, strict=True):
            CandidateNumber.insert(enrolment=key, number=number).execute()
        if without:
            code = rows("SELECT code FROM cohort WHERE id = ?", cohort_id)[0][0]
            record(author, cohort_id, "cohort", code, DRAWN, "", str(len(without)))
    return len(without)


def _taking_part(cohort_id: int) -> list[str]:
    query = "SELECT e.id FROM enrolment e WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting"
    return [row[0] for row in rows(query, cohort_id)]


def _draw(count: int, taken: set[int]) -> list[int]:
    digits = max(3, len(str((count + len(taken)) * _ROOM)))
    free = [number for number in range(10 ** (digits - 1), 10**digits) if number not in taken]
    return secrets.SystemRandom().sample(free, count)


def uncover(author: Author, cohort_id: int) -> None:
    """Uncover the names of a cohort: an act of somebody, once; a second one is refused."""
    with database.atomic():
        cohort = locked(Cohort.select().where(Cohort.id == cohort_id)).first()
        if not people.rule_set(cohort_id).anonymous:
            raise Refused(Message("Le règlement de cette promotion ne demande pas l'anonymat."))
        if cohort.uncovered_at is not None:
            raise Refused(Message("L'anonymat est déjà levé, par %(who)s.", {"who": cohort.uncovered_by}))
        Cohort.update(uncovered_at=now(), uncovered_by=author.name).where(Cohort.id == cohort_id).execute()
        record(author, cohort_id, "cohort", cohort.code, UNCOVERED, "", "oui")
