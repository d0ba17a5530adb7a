"""Plagiarism that a named person reported of a paper: without one, no grade of 0 for it."""

from rules.message import Message
from store import jury, plagiarism_reports
from store.db import joined, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import Paper, PlagiarismReport
from store.plagiarism_reports import FOUND, Reported

#: What the journal calls one; its row is that of the paper.
KIND = "plagiarism"


def reports(paper_id: str) -> list[Reported]:
    """List the reports about one paper, the newest first, those taken back included."""
    return plagiarism_reports.listed(PlagiarismReport, PlagiarismReport.paper == paper_id)


def report(author: Author, paper_id: str, reporter: str, reason: str, grade: bool = False) -> int:
    """Note that a named person found plagiarism in a paper, and why; return the report's number.

    With `grade`, the paper is graded so at once, which signed minutes refuse: nothing is then noted.
    Raises Refused naming the field: no name, no reason.
    """
    name, why = plagiarism_reports.read(reporter, reason)
    with joined():
        cohort_id, enrolment = _keep(paper_id)
        key = plagiarism_reports.add(PlagiarismReport, author, name, why, paper=paper_id)
        record(author, cohort_id, KIND, paper_id, "report", "", name, why)
        if grade:
            jury.change(author, enrolment, {f"grade-{jury.PAPER}": FOUND})
    return key


def take_back(author: Author, paper_id: str, report_id: int, reason: str) -> None:
    """Take a report of this very paper back, with why; one taken back already is left alone.

    Raises Refused: no reason, or the paper is graded so and no other report stands.
    """
    why = plagiarism_reports.read_withdrawal(reason)
    with joined():
        cohort_id, enrolment = _keep(paper_id)
        found, last = plagiarism_reports.standing(reports(paper_id), report_id)
        if found.withdrawn_at is not None:
            return
        if last:
            _refuse_graded(enrolment)
        plagiarism_reports.withdraw(PlagiarismReport, author, report_id, why)
        record(author, cohort_id, KIND, paper_id, "report", found.reporter, "", why)


def _refuse_graded(enrolment_id: str) -> None:
    held = jury.held([enrolment_id]).get(enrolment_id, {})
    if FOUND in (held.get(f"grade-{jury.PAPER}"), held.get(f"resit-{jury.PAPER}")):
        raise Refused(Message(
            "La note de l'écrit est PLAG : changez-la d'abord au jury, puis retirez ce signalement.", {}
        ))


def _keep(paper_id: str) -> tuple[int, str]:
    """Keep a dossier to this transaction, as the verb of its grades does; return its cohort and its enrolment."""
    found = rows(Paper.select(Paper.enrolment).where(Paper.id == paper_id))
    if not found:
        raise Unknown(paper_id)
    return jury.keep(found[0][0]).cohort_id, found[0][0]
