"""All that is known of the papers of a cohort at once, for the documents and the files that show it."""

from collections.abc import Collection, Iterable
from datetime import date

from rules.follow_up import Exchanged, Met, Reached, Record
from rules.following import TUTORING
from store import calendar, people, rosters, tutoring
from store.db import as_date, rows
from store.models import DayNote, Enrolment, Exchange, Paper, Step

#: Names of what `tutoring.papers` lists.
COLUMNS = ("id", "enrolment", "last_name", "first_name", *tutoring.FIELDS, "tutor_user", "cotutor_user")


def records(cohort_id: int, follower: int | None = None) -> list[Record]:
    """Return the papers of a cohort by name, or only those that one account follows."""
    papers = tutoring.papers(cohort_id, follower)
    contacts = {row[0]: (row[3], row[4]) for row in people.participants(cohort_id)}
    steps, exchanges, met = _steps(cohort_id), _exchanges(cohort_id), _met(cohort_id, papers)
    found = []
    for row in papers:
        values = dict(zip(COLUMNS, row, strict=True))
        email, phone = contacts[values["enrolment"]]
        happened = {"steps": steps.get(row[0], ()), "met": met[row[0]], "exchanges": exchanges.get(row[0], ())}
        values |= {name: values[name] or "" for name in tutoring.FOLLOWING}
        found.append(Record(email=email, phone=phone, **values, **happened))
    return found


def tutoring_days(cohort_id: int, noted: Collection[str] = ()) -> list[dict]:
    """Return the half-days on which papers are followed, in order, as {name: value}; those `noted` are among them."""
    found = [dict(zip(calendar.COLUMNS, row, strict=True)) for row in calendar.half_days(cohort_id)]
    return [half_day for half_day in found if half_day["kind"] in TUTORING or half_day["id"] in noted]


def _grouped(found: Iterable[tuple[str, object]]) -> dict[str, tuple]:
    groups: dict[str, tuple] = {}
    for paper, value in found:
        groups[paper] = (*groups.get(paper, ()), value)
    return groups


def _steps(cohort_id: int) -> dict[str, tuple[Reached, ...]]:
    query = Step.select(Step.paper, Step.milestone, Step.reached_on, Step.remark).join(Paper).join(Enrolment)
    found = rows(query.where(Enrolment.cohort == cohort_id))
    return _grouped((paper, Reached(code, as_date(day), remark)) for paper, code, day, remark in found)


def _exchanges(cohort_id: int) -> dict[str, tuple[Exchanged, ...]]:
    """Return what was said of each paper, the oldest first; what was taken back is left out."""
    columns = (Exchange.paper, Exchange.day, Exchange.minutes, Exchange.summary, Exchange.links, Exchange.by)
    query = Exchange.select(*columns).join(Paper).join(Enrolment)
    query = query.where((Enrolment.cohort == cohort_id) & Exchange.deleted_at.is_null())
    found = rows(query.order_by(Exchange.day, Exchange.at, Exchange.id))
    return _grouped((paper, Exchanged(_day(day), *rest)) for paper, day, *rest in found)


def _day(value: object) -> date:
    found = as_date(value)
    assert found is not None  # noqa: S101 - the column holds no blank
    return found


def _met(cohort_id: int, papers: Iterable[tuple]) -> dict[str, tuple[Met, ...]]:
    """Return every tutoring day as each paper met it: whether its author was there, and what was done."""
    marks = {(who, day): (status, minutes) for who, day, status, minutes in rosters.marks(cohort_id)}
    query = DayNote.select(DayNote.paper, DayNote.half_day, DayNote.done).join(Paper).join(Enrolment)
    done = {(paper, day): text for paper, day, text in rows(query.where(Enrolment.cohort == cohort_id))}
    days = tutoring_days(cohort_id, {day for _paper, day in done})
    return {
        row[0]: tuple(
            Met(day["id"], day["day"], day["period"], day["start"], day["kind"],
                *marks.get((row[1], day["id"]), ("", None)), done.get((row[0], day["id"]), ""))
            for day in days
        )
        for row in papers
    }  # fmt: skip
