"""What one tutor follows in every promotion: their papers with what each lacks, their next day of tutoring."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from peewee import fn

from rules.following import TUTORING
from store import following_facts
from store.alphabet import name_key
from store.db import as_date, rows
from store.following_facts import Followed
from store.models import Cohort, Enrolment, HalfDay, Paper, Tutor


@dataclass(frozen=True)
class Follower:
    """Whose papers are asked for: an account, or, for the office, a tutor by name."""

    account: int | None
    name: str

    def follows(self, paper: Followed) -> bool:
        """Tell whether they follow this paper, as tutor or as cotutor."""
        return self.account in paper.users if self.account is not None else self.name in paper.tutors


def names() -> list[str]:
    """List everybody who follows a paper somewhere, in the order of names."""
    return sorted((row[0] for row in rows(_following(Tutor.name))), key=name_key)


def cohorts(follower: Follower) -> list[tuple]:
    """List the cohorts where somebody follows papers as (id, code, title, version), the latest first."""
    who = Tutor.user == follower.account if follower.account is not None else Tutor.name == follower.name
    last = HalfDay.select(fn.MAX(HalfDay.day)).where((HalfDay.cohort == Cohort.id) & HalfDay.deleted_at.is_null())
    query = _following(Cohort.id, Cohort.code, Cohort.title, Cohort.version, last.alias("last")).where(who)
    found = sorted(rows(query), key=lambda row: row[1])
    # A calendar without dates says nothing of when it was: it comes last.
    return [row[:4] for row in sorted(found, key=lambda row: str(row[4] or ""), reverse=True)]


def _following(*columns: object):
    """Ask who follows what among those who are in a list."""
    listed = Enrolment.deleted_at.is_null() & ~Enrolment.waiting
    return (
        Tutor.select(*columns).distinct()
        .join(Paper, on=(Paper.tutor == Tutor.id) | (Paper.cotutor == Tutor.id))
        .join(Enrolment).join(Cohort).where(listed)
    )  # fmt: skip


def papers(cohort_id: int, follower: Follower, today: date) -> list[Followed]:
    """List the papers that somebody follows in a cohort, by name, with what each lacks."""
    found = following_facts.papers(cohort_id, today, follower.account)
    return [paper for paper in found if follower.follows(paper)]


def next_days(cohort_ids: Collection[int], today: date) -> list[tuple]:
    """List the half-days of the next day of tutoring of these cohorts: (cohort code, id, day, start, end, kind, place).

    Today is next as long as it lasts.
    """
    wanted = HalfDay.cohort.in_(list(cohort_ids)) & HalfDay.kind.in_(TUTORING) & HalfDay.deleted_at.is_null()
    columns = (HalfDay.id, HalfDay.day, HalfDay.start, HalfDay.end, HalfDay.kind, HalfDay.place)
    query = HalfDay.select(Cohort.code, *columns)
    query = query.join(Cohort).where(wanted & (HalfDay.day >= today))
    found = rows(query.order_by(HalfDay.day, HalfDay.start, Cohort.code))
    dated = [(*row[:2], as_date(row[2]), *row[3:]) for row in found]
    return [row for row in dated if row[2] == dated[0][2]]
