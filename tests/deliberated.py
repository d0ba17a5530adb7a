"""A deliberation that was held, written straight into the store: what minutes are sealed from."""

from datetime import date, datetime

from store import jury, minutes
from store.models import Candidacy, Decision, Deliberation, JuryMember, Tutor
from tests.pages import AUTHOR
from tests.sync_bench import Cohort

PROVIDER = {"name": "Cnam", "address": "292 rue Saint-Martin", "activity_number": "", "signatory": "", "town": "Paris"}
SEALED_AT = "2026-01-15T16:30:00Z"
GRADES = {"grade-RSV206": "12,50", "grade-RSV207": "10", "grade-paper": "14"}


def printed(data: dict) -> bytes:
    """Stand for the PDF of minutes: what is tested of them is elsewhere."""
    return f"%PDF of {data['number']}".encode()


def held(cohort: Cohort, *who: str, decision: str = "admitted", year: int = 2026, **more: object) -> int:
    """Hold and close a deliberation about these candidates, all of the cohort's unless named; return it."""
    one = Deliberation.create(
        cohort=cohort.id, order_number="2026-07", order_date=date(year, 1, 5), held_on=date(year, 1, 15),
        place="Salle 21.2.32", state="closed", opened_by="Camille Coordination", closed_by="Camille Coordination",
        opened_at=datetime(year, 1, 15, 14), closed_at=datetime(year, 1, 15, 16, 30), **more,
    )  # fmt: skip
    tutor = Tutor.get_or_none(Tutor.name == "Claire Fontaine")
    for name, quality, president, present, known in (
        ("Claire Fontaine", "maîtresse de conférences", False, True, tutor),
        ("Anne Présidente", "professeure", True, True, None), ("Denis Absent", "professionnel", False, False, None),
    ):
        JuryMember.create(
            deliberation=one, name=name, quality=quality, president=president, convened_on=date(year, 1, 2),
            present=present, tutor=known,
        )  # fmt: skip
    for position, key in enumerate(who or cohort.participants):
        Candidacy.create(deliberation=one, enrolment=key, position=position)
        Decision.delete().where(Decision.enrolment == key).execute()
        Decision.create(
            enrolment=key, decision=decision, proposed=decision, by="Camille Coordination", deliberation=one,
            at=datetime(year, 1, 15, 15),
        )  # fmt: skip
    return one.id


def sealed(cohort: Cohort, *who: str, **more: object) -> str:
    """Hold a deliberation and seal its minutes; return their number."""
    return minutes.seal(AUTHOR, held(cohort, *who, **more), PROVIDER, printed, SEALED_AT)  # type: ignore[arg-type]


def graded(cohort: Cohort) -> Cohort:
    """Give everybody of a cohort their grades."""
    for key in cohort.participants:
        jury.change(AUTHOR, key, GRADES)
    return cohort
