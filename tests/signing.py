"""Decisions signed without a session of the jury nor minutes: for tests of what signing forbids."""

from store.db import database, rows
from store.journal import Author, record
from store.models import Decision, Enrolment
from store.models.base import now


def sign(author: Author, cohort_id: int) -> int:
    """Sign every decision recorded for a cohort that is not yet; return how many."""
    with database.atomic():
        waiting = Decision.select(Decision.enrolment).join(Enrolment).where(
            (Enrolment.cohort == cohort_id) & Decision.signed_at.is_null()
        )
        found = [row[0] for row in rows(waiting)]
        for enrolment_id in found:
            Decision.update(signed_at=now()).where(Decision.enrolment == enrolment_id).execute()
            record(author, cohort_id, "dossier", enrolment_id, "signed", "", "oui")
    return len(found)
