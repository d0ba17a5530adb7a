"""Plagiarism that a named person reported of a paper: without one, no grade of 0 for it.

A report that was taken back stays, with who did and why.
"""

from datetime import datetime
from typing import NamedTuple

from rules.exchanges import SUMMARY
from rules.message import Message
from rules.values import TYPES
from store import jury
from store.changes import refused
from store.db import joined, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import Paper, PlagiarismReport
from store.models.base import now

#: What the journal calls one; its row is that of the paper.
KIND = "plagiarism"
FOUND = "PLAG"


class Reported(NamedTuple):
    """One report: who found it and why, who typed it and when; who took it back, when and why."""

    id: int
    reporter: str
    reason: str
    by: str
    at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str


def reports(paper_id: str) -> list[Reported]:
    """List the reports about one paper, the newest first, those taken back included."""
    columns = [getattr(PlagiarismReport, name) for name in Reported._fields]
    query = PlagiarismReport.select(*columns).where(PlagiarismReport.paper == paper_id)
    return [Reported(*row) for row in rows(query.order_by(PlagiarismReport.id.desc()))]


def report(author: Author, paper_id: str, reporter: str, reason: str, grade: bool = False) -> int:
    """Note that a named person found plagiarism in a paper, and why; return the report's number.

    With `grade`, the paper is graded so at once, which signed minutes refuse: nothing is then noted.
    Raises Refused naming the field: no name, no reason.
    """
    name = _parsed("reporter", reporter, Message("Indiquez qui a constaté le plagiat : un nom est demandé."))
    why = _parsed("reason", reason, Message("Indiquez ce qui a été constaté : le motif est demandé."))
    with joined():
        cohort_id, enrolment = _keep(paper_id)
        key = PlagiarismReport.insert(paper=paper_id, reporter=name, reason=why, by=author.name, at=now()).execute()
        record(author, cohort_id, KIND, paper_id, "report", "", name, why)
        if grade:
            jury.change(author, enrolment, {f"grade-{jury.PAPER}": FOUND})
    return key


def take_back(author: Author, paper_id: str, report_id: int, reason: str) -> None:
    """Take a report of this very paper back, with why; one taken back already is left alone.

    Raises Refused: no reason, or the paper is graded so and no other report stands.
    """
    why = _parsed("reason", reason, Message("Indiquez pourquoi ce signalement est retiré."))
    with joined():
        cohort_id, enrolment = _keep(paper_id)
        found = {one.id: one for one in reports(paper_id)}
        if report_id not in found:
            raise Unknown(str(report_id))
        if found[report_id].withdrawn_at is not None:
            return
        if not any(one.withdrawn_at is None for one in found.values() if one.id != report_id):
            _refuse_graded(enrolment)
        PlagiarismReport.update(withdrawn_by=author.name, withdrawn_at=now(), withdrawn_reason=why).where(
            PlagiarismReport.id == report_id
        ).execute()
        record(author, cohort_id, KIND, paper_id, "report", found[report_id].reporter, "", why)


def _refuse_graded(enrolment_id: str) -> None:
    if jury.held([enrolment_id]).get(enrolment_id, {}).get(f"grade-{jury.PAPER}") == FOUND:
        raise Refused(Message(
            "La note de l'écrit est PLAG : changez-la d'abord au jury, puis retirez ce signalement.", {}
        ))


def _keep(paper_id: str) -> tuple[int, str]:
    """Keep a dossier to this transaction, as the verb of its grades does; return its cohort and its enrolment."""
    found = rows(Paper.select(Paper.enrolment).where(Paper.id == paper_id))
    if not found:
        raise Unknown(paper_id)
    return jury.keep(found[0][0]).cohort_id, found[0][0]


def _parsed(name: str, typed: str, missing: Message) -> str:
    try:
        text = TYPES["name"].parse(typed) if name == "reporter" else SUMMARY.parse(typed)
    except Refused as error:
        raise refused(name, error.message) from None
    if not text:
        raise refused(name, missing)
    return text
