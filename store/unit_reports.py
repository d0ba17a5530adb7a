"""Plagiarism that a named person reported in the work of a unit: without one, no grade of 0 for it."""

from typing import NamedTuple

from rules.grades import GRADE, PAPER, RESIT, entered
from rules.message import Message
from store import candidate_numbers, jury, people, plagiarism_reports
from store.changes import refused
from store.db import joined, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import Enrolment, UnitReport
from store.plagiarism_reports import FOUND, Reported

#: Field of the dossier's journal: who reported, of which work.
REPORT = "report-"


class Listed(NamedTuple):
    """One report beside whose work it is about."""

    enrolment: str
    work: str
    report: Reported


def reports(cohort_id: int) -> list[Listed]:
    """List the reports about the units of a cohort, the newest first, those taken back included."""
    query = UnitReport.select(UnitReport.id, UnitReport.enrolment, UnitReport.work).join(Enrolment)
    places = {key: about for key, *about in rows(query.where(Enrolment.cohort == cohort_id))}
    found = plagiarism_reports.listed(UnitReport, UnitReport.id << list(places))
    return [Listed(*places[one.id], one) for one in found]


def report(
    author: Author, enrolment_id: str, work: str, reporter: str, reason: str, grade: bool = False
) -> int:
    """Note that a named person found plagiarism in a work of a unit, and why; return the report's number.

    With `grade`, the work is graded so at once. Raises Refused naming the field: no such work, no name, no reason.
    """
    name, why = plagiarism_reports.read(reporter, reason)
    with joined():
        cohort_id = jury.keep(enrolment_id).cohort_id
        if work == PAPER or work not in {one.work for one in entered(people.rule_set(cohort_id))}:
            raise refused("work", Message("Choisissez un travail de la liste."))
        key = plagiarism_reports.add(UnitReport, author, name, why, enrolment=enrolment_id, work=work)
        record(author, cohort_id, "dossier", enrolment_id, f"{REPORT}{work}", "", name, why)
        if grade:
            _grade(author, cohort_id, enrolment_id, {f"{GRADE}{work}": FOUND})
    return key


def _grade(author: Author, cohort_id: int, enrolment_id: str, values: dict[str, str]) -> None:
    if candidate_numbers.covered(cohort_id, people.rule_set(cohort_id)):
        number = candidate_numbers.numbers(cohort_id)[enrolment_id]
        jury.change_numbered(author, cohort_id, number, values)
    else:
        jury.change(author, enrolment_id, values)


def take_back(author: Author, cohort_id: int, report_id: int, reason: str) -> None:
    """Take a report of this cohort back, with why; one taken back already is left alone.

    Raises Refused: no reason, or the work is graded so and no other report stands.
    """
    why = plagiarism_reports.read_withdrawal(reason)
    with joined():
        query = UnitReport.select(UnitReport.enrolment, UnitReport.work).join(Enrolment)
        about = rows(query.where((UnitReport.id == report_id) & (Enrolment.cohort == cohort_id)))
        if not about:
            raise Unknown(str(report_id))
        ((enrolment_id, work),) = about
        jury.keep(enrolment_id)
        of_work = (UnitReport.enrolment == enrolment_id) & (UnitReport.work == work)
        found, last = plagiarism_reports.standing(plagiarism_reports.listed(UnitReport, of_work), report_id)
        if found.withdrawn_at is not None:
            return
        if last:
            _refuse_graded(enrolment_id, work)
        plagiarism_reports.withdraw(UnitReport, author, report_id, why)
        record(author, cohort_id, "dossier", enrolment_id, f"{REPORT}{work}", found.reporter, "", why)


def _refuse_graded(enrolment_id: str, work: str) -> None:
    held = jury.held([enrolment_id]).get(enrolment_id, {})
    if FOUND in (held.get(f"{GRADE}{work}"), held.get(f"{RESIT}{work}")):
        raise Refused(Message(
            "La note de ce travail est PLAG : changez-la d'abord à la page des notes, puis retirez ce signalement."
        ))


def copy(author: Author, cohort_id: int, keep: str, other: str) -> None:
    """Give the line that is kept of a merge the reports of the other; who noted each and when go along.

    To be called before grades are copied: one of plagiarism asks for its report.
    """
    query = UnitReport.select().where(UnitReport.enrolment == other).order_by(UnitReport.id)
    for row in list(query.dicts()):
        kept = {name: value for name, value in row.items() if name != "id"} | {"enrolment": keep}
        UnitReport.insert(kept).execute()
        if row["withdrawn_at"] is None:
            record(author, cohort_id, "dossier", keep, f"{REPORT}{row['work']}", "", row["reporter"], row["reason"])
