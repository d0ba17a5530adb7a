"""All that is known of a paper while it is followed, as its papers and files show it: nothing of the jury is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.papers import MILESTONES


@dataclass(frozen=True)
class Reached:
    """When a paper reached one milestone, and what was remarked; `day` is None where only the remark is known."""

    milestone: str
    day: date | None
    remark: str


@dataclass(frozen=True)
class Met:
    """One half-day of tutoring as one paper met it; status: a code of rules.attendance, '' while not recorded."""

    half_day: str
    day: date | None
    period: str
    start: str
    kind: str
    status: str
    minutes: int | None
    done: str


@dataclass(frozen=True)
class Exchanged:
    """One exchange of a participant with a tutor; links: one address a line."""

    day: date
    minutes: int | None
    summary: str
    links: str
    by: str


@dataclass(frozen=True)
class Record:
    """One paper, who writes and who follows it, and what happened of it."""

    id: str
    enrolment: str
    last_name: str
    first_name: str
    email: str
    phone: str
    title: str
    problem: str
    tutor: str
    cotutor: str
    wishes: str
    workshop: str
    milestone: str
    deposited_on: date | None
    pages: int | None
    link: str
    report_link: str
    similarity: int | None
    tutor_user: int | None
    cotutor_user: int | None
    steps: tuple[Reached, ...] = ()
    met: tuple[Met, ...] = ()
    exchanges: tuple[Exchanged, ...] = ()

    @property
    def name(self) -> str:
        """Return who writes it, last name first."""
        return f"{self.last_name} {self.first_name}"

    @property
    def followers(self) -> tuple[tuple[str, int | None], ...]:
        """Return who follows it as (name, account or None), the tutor first."""
        both = ((self.tutor, self.tutor_user), (self.cotutor, self.cotutor_user))
        return tuple(one for one in both if one[0])


def course(record: Record) -> list[Reached]:
    """List every milestone in the order in which a paper goes through them; the day of a deposit is the paper's own."""
    known = {step.milestone: step for step in record.steps}
    found = []
    for code in MILESTONES:
        step = known.get(code, Reached(code, None, ""))
        if code:
            found.append(Reached(code, record.deposited_on, step.remark) if code == "deposited" else step)
    return found


def by_tutor(records: Iterable[Record], tutors: Iterable[str], account: int | None = None) -> dict[str, list[Record]]:
    """Give the papers of each tutor, cotutored ones under both, in the order of `tutors`; '' comes last: nobody.

    With `account`, only those that this account follows, under its own names. Whoever follows nothing is left out.
    """
    found: dict[str, list[Record]] = {name: [] for name in tutors}
    for record in records:
        for name, user in record.followers or (("", None),):
            if account is None or user == account:
                found.setdefault(name, []).append(record)
    # Somebody who may tutor here no more still follows papers: after the others, before nobody.
    nobody = found.pop("", [])
    return {name: papers for name, papers in {**found, "": nobody}.items() if papers}
