"""What is known of the papers of a cohort for those who follow them: what each lacks, and what to expect when."""

from dataclasses import dataclass
from datetime import date

from peewee import JOIN

from rules.following import Asked, Day, Facts, Lack, expected, lacks
from store import calendar, following, people, rosters, tutoring
from store.db import rows
from store.following_exchanges import last_days
from store.models import DayNote, Enrolment, Paper, Participant, Tutor, Tutorship, User

#: Names of what `tutoring.papers` lists.
COLUMNS = (
    "id", "enrolment", "last_name", "first_name", *tutoring.FIELDS, "tutor_user", "cotutor_user",
)  # fmt: skip


@dataclass(frozen=True)
class Followed:
    """One paper with what is known of it and what it lacks; users: the accounts of those who follow it."""

    id: str
    enrolment: str
    name: str
    title: str
    tutors: tuple[str, ...]
    users: frozenset[int]
    facts: Facts
    lacks: tuple[Lack, ...]


@dataclass(frozen=True)
class Look:
    """What a page about papers shows: the half-days of tutoring, what is asked, and each paper."""

    slots: list[dict]
    asked: Asked
    papers: list[Followed]

    def paper(self, paper_id: str) -> Followed | None:
        """Return one of the papers."""
        return next((found for found in self.papers if found.id == paper_id), None)


def slots(cohort_id: int) -> tuple[list[dict], Asked]:
    """Return the half-days of tutoring of a cohort in order, as {name: value}, and what is asked of its papers."""
    everything = [dict(zip(calendar.COLUMNS, row, strict=True)) for row in calendar.half_days(cohort_id)]
    wanted = set(following.tutoring_days(cohort_id))
    found = [slot for slot in everything if slot["id"] in wanted]
    days = [slot["day"] for slot in everything if slot["day"]]
    first, last = (min(days), max(days)) if days else (None, None)
    rules = people.rule_set(cohort_id)
    when = expected(first, [slot["day"] for slot in found if slot["day"]])
    return found, Asked((rules.pages_min, rules.pages_max), rules.paper_due, rules.similarity_max, when, first, last)


def papers(cohort_id: int, today: date, only: int | None = None) -> list[Followed]:
    """List the papers of a cohort by name, with what each lacks; `only` keeps those that one account follows."""
    return look(cohort_id, today, only).papers


def look(cohort_id: int, today: date, only: int | None = None) -> Look:
    """Return the papers of a cohort with the days on which they are followed and what is asked of them."""
    (tutoring_days, wanted), exchanged = slots(cohort_id), last_days(cohort_id)
    done, marks = notes(cohort_id), _marks(cohort_id)
    found = []
    for row in tutoring.papers(cohort_id):
        if only is None or only in row[16:18]:
            days = tuple(
                Day(slot["id"], slot["day"], marks.get((row[1], slot["id"]), ""), done.get((row[0], slot["id"]), ""))
                for slot in tutoring_days
            )
            found.append(_followed(row, days, exchanged.get(row[0]), wanted, today))
    return Look(tutoring_days, wanted, found)


def paper(cohort_id: int, paper_id: str, today: date) -> Followed | None:
    """Return one paper of a cohort with what it lacks, None for somebody who is in no list."""
    return look(cohort_id, today).paper(paper_id)


def _followed(row: tuple, days: tuple[Day, ...], last: date | None, wanted: Asked, today: date) -> Followed:
    values = dict(zip(COLUMNS, row, strict=True))
    facts = Facts(
        tutor=values["tutor"] or values["cotutor"] or "", milestone=values["milestone"],
        deposited_on=values["deposited_on"], pages=values["pages"], link=values["link"],
        report_link=values["report_link"], similarity=values["similarity"], last_exchange=last, days=days,
    )  # fmt: skip
    return Followed(
        values["id"], values["enrolment"], f"{values['last_name']} {values['first_name']}", values["title"],
        tuple(name for name in (values["tutor"], values["cotutor"]) if name),
        frozenset(user for user in row[16:18] if user is not None), facts, tuple(lacks(facts, wanted, today)),
    )  # fmt: skip


def addresses(cohort_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return where to write: {tutor's name: address} and {enrolment: address} of a cohort, known ones alone."""
    account = User.email.alias("account")
    tutors = Tutorship.select(Tutor.name, Tutor.email, account).join(Tutor).join(User, JOIN.LEFT_OUTER)
    participants = Enrolment.select(Enrolment.id, Participant.email).join(Participant)
    return (
        {name: own or of_account for name, own, of_account in rows(tutors.where(Tutorship.cohort == cohort_id))
         if own or of_account},
        {key: email for key, email in rows(participants.where(Enrolment.cohort == cohort_id)) if email},
    )  # fmt: skip


def notes(cohort_id: int) -> dict[tuple[str, str], str]:
    """Return what was done of each paper in each half-day of tutoring, {(paper, half-day): text}."""
    query = DayNote.select(DayNote.paper, DayNote.half_day, DayNote.done).join(Paper).join(Enrolment)
    return {(paper, half_day): done for paper, half_day, done in rows(query.where(Enrolment.cohort == cohort_id))}


def _marks(cohort_id: int) -> dict[tuple[str, str], str]:
    return {(enrolment, half_day): status for enrolment, half_day, status, _minutes in rosters.marks(cohort_id)}
