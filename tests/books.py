"""Two books of one cohort, the team's and the jury's, with a conflict and a refusal in each; no spreadsheet behind."""

from store import agreement, between
from store.models import Conflict, Tab
from tests.sync_bench import Cohort

STAFF, JURY = "book-staff", "book-jury"
#: Values that must never reach somebody who may not read what belongs to the jury.
CANARY = ("17.77", "Secret", "Classeur du jury")


def bind_both(cohort: Cohort) -> Cohort:
    """Bind both books of a cohort, with a conflict in each and a refusal in each."""
    agreement.bind(STAFF, cohort.id, "staff", "Classeur de l'équipe", 9, {"participants": (11, "Participants")})
    agreement.bind(JURY, cohort.id, "jury", "Classeur du jury", 9, {"jury": (12, "Jury")})
    row = cohort.participants[0]
    for book, field, label, values in (
        (STAFF, "funding", "Arnaud Inès · Financement", ("", "opco", "cpf")),
        (JURY, "grade-paper", "Secret · Note", ("12", "17.77", "13")),
    ):
        place = {"row": row, "field": field, "address": "G3", "label": label}
        tab = tab_of(book)
        between.list_conflicts(tab, [place | dict(zip(("base", "local", "remote"), values, strict=True))])
        between.list_refusals(tab, [place | {"typed": f"vingt {values[1]}", "reason": "Ce n'est pas un nombre."}])
    return cohort


def tab_of(book: str) -> int:
    """Return the one tab of a book."""
    return agreement.tabs(book)[0].id


def conflict(kind: str) -> int | None:
    """Return the open conflict of the tab of this kind, None once it is settled."""
    return Conflict.select(Conflict.id).join(Tab).where(Tab.kind == kind).scalar()
