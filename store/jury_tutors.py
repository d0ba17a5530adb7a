"""Members of a jury who follow papers of the cohort: the tutor of the same name is taken for theirs.

Only where it can be told without doubt: one tutor and one member of that name, and nobody ever said otherwise.
"""

from collections.abc import Iterable

from rules.deliberations import OVER
from rules.values import fold
from store.changes import journal, reserved
from store.db import rows
from store.journal import Author
from store.models import Deliberation, JuryMember

#: What the journal calls a member; its row is their number.
KIND = "jury_member"
_TUTORS = "SELECT t.id, t.name FROM tutorship s JOIN tutor t ON t.id = s.tutor_id WHERE s.cohort_id = ?"
#: Members of the sessions that are not over, with whether they are nobody's tutor and nobody ever said so.
_MEMBERS = """
    SELECT m.id, m.name, m.deliberation_id, m.tutor_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM journal_entry j
        WHERE j.kind = 'jury_member' AND j.object_id = CAST(m.id AS VARCHAR(20)) AND j.field = 'tutor')
    FROM jury_member m JOIN deliberation d ON d.id = m.deliberation_id
    WHERE d.cohort_id = ? AND d.state NOT IN (?, ?) ORDER BY m.id
"""


def match(name: str, names: Iterable[str]) -> str:
    """Return the one of these names that reads like this one, whatever the order of its words; '' when none does."""
    return next((one for one in names if _words(one) == _words(name)), "")


def _words(name: str) -> list[str]:
    return sorted(fold(name).split())


def hold(cohorts: Iterable[int]) -> None:
    """Keep the sessions of these cohorts to this transaction: before their cohort, as whoever changes a jury does."""
    query = Deliberation.select(Deliberation.id).where(
        Deliberation.cohort.in_(list(cohorts)) & Deliberation.state.not_in(OVER)
    )
    rows(reserved(query.order_by(Deliberation.id)))


def link(author: Author, cohort_id: int) -> None:
    """Take members of juries to come for the tutors of their name; to be called in a transaction that holds them."""
    tutors, members = rows(_TUTORS, cohort_id), rows(_MEMBERS, cohort_id, *OVER)
    for member_id, name, session, untold in members:
        same = [tutor for tutor in tutors if _words(tutor[1]) == _words(name)]
        alike = sum(one[2] == session and _words(one[1]) == _words(name) for one in members)
        if untold and len(same) == 1 and alike == 1:
            JuryMember.update(tutor=same[0][0]).where(JuryMember.id == member_id).execute()
            journal(author, cohort_id, KIND, str(member_id), {"tutor": ""}, {"tutor": same[0][1]})
