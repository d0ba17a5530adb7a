"""What was signed: nothing of it changes any more, through whichever door."""

from rules.message import Message
from store.changes import Values, refused
from store.db import rows
from store.models import Decision

SIGNED = Message(
    "Ce dossier est scellé par un procès-verbal : il ne change plus. "
    "Une erreur se corrige par une nouvelle délibération."
)


def dossiers(cohort_id: int) -> set[str]:
    """Return the dossiers whose decision is in signed minutes: nothing of them changes any more."""
    query = (
        "SELECT d.enrolment_id FROM decision d JOIN enrolment e ON e.id = d.enrolment_id "
        "WHERE e.cohort_id = ? AND d.signed_at IS NOT NULL"
    )
    return {row[0] for row in rows(query, cohort_id)}


def held(cohort_id: int) -> set[str]:
    """Return the dossiers that sealed minutes hold: those signed, and those that an open session is correcting."""
    return dossiers(cohort_id) | {row[0] for row in rows(
        "SELECT c.enrolment_id FROM candidacy c JOIN deliberation d ON d.id = c.deliberation_id "
        "WHERE d.cohort_id = ? AND d.state = 'open' AND d.supersedes_id IS NOT NULL",
        cohort_id,
    )}  # fmt: skip


def refuse_held(cohort_id: int, enrolment_id: str, changes: Values) -> None:
    """Refuse that whoever sealed minutes hold leaves the lists, even while these minutes are corrected."""
    if changes and enrolment_id in held(cohort_id):
        raise refused(next(iter(changes)), SIGNED)


def refuse_signed(enrolment_id: str, changes: Values) -> None:
    """Refuse to change what is in signed minutes."""
    key = (Decision.enrolment == enrolment_id) & Decision.signed_at.is_null(False)
    if changes and Decision.select().where(key).exists():
        raise refused(next(iter(changes)), SIGNED)
