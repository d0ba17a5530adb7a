"""What was signed: nothing of it changes any more, through whichever door."""

from rules.message import Message
from store.changes import Values, refused
from store.db import database, rows
from store.journal import Author, record
from store.models import Decision, Enrolment
from store.models.base import now

SIGNED = (
    "Ce dossier figure dans un procès-verbal signé : il ne change plus. "
    "Une erreur demande une nouvelle délibération."
)


def signed(cohort_id: int) -> set[str]:
    """Return the dossiers whose decision is in signed minutes: nothing of them changes any more."""
    query = (
        "SELECT d.enrolment_id FROM decision d JOIN enrolment e ON e.id = d.enrolment_id "
        "WHERE e.cohort_id = ? AND d.signed_at IS NOT NULL"
    )
    return {row[0] for row in rows(query, cohort_id)}


def sign(author: Author, cohort_id: int) -> int:
    """Sign every decision recorded for a cohort that is not yet; return how many.

    A material error found later takes a new deliberation, never a change of what was signed
    (Conseil d'État, 29 July 1983, no. 31842).
    """
    with database.atomic():
        waiting = Decision.select(Decision.enrolment).join(Enrolment).where(
            (Enrolment.cohort == cohort_id) & Decision.signed_at.is_null()
        )
        found = [row[0] for row in rows(waiting)]
        for enrolment_id in found:
            Decision.update(signed_at=now()).where(Decision.enrolment == enrolment_id).execute()
            record(author, cohort_id, "dossier", enrolment_id, "signed", "", "oui")
    return len(found)


def refuse_signed(enrolment_id: str, changes: Values) -> None:
    """Refuse to change what is in signed minutes."""
    key = (Decision.enrolment == enrolment_id) & Decision.signed_at.is_null(False)
    if changes and Decision.select().where(key).exists():
        raise refused(next(iter(changes)), Message(SIGNED))
