"""What is noted of a paper on its way: the day of each milestone with a remark, and what was done each tutoring day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from peewee import Model

from rules.exchanges import SUMMARY
from rules.following import DATED, RANK, TUTORING
from rules.message import Message
from rules.papers import MILESTONES
from rules.rolls import PARIS
from rules.values import TYPES, Type
from store import tutoring
from store.changes import Values, canonical, journal, locked, moved, parse, refused
from store.db import joined, rows
from store.errors import Unknown
from store.journal import Author
from store.models import DayNote, Enrolment, HalfDay, Paper, Step
from store.models.base import now

#: What the journal calls it; its row is that of the paper.
KIND = "following"
#: Fields: the day of a milestone, what was remarked of it, what was done in one half-day of tutoring.
REACHED, REMARK, DONE = "reached-", "remark-", "done-"


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field: two for each milestone, one for each half-day of tutoring of the cohort."""
    reached = {REACHED + code: TYPES["date"] for code in DATED}
    remarks = {REMARK + code: SUMMARY for code in MILESTONES if code}
    return reached | remarks | {DONE + half_day: SUMMARY for half_day in tutoring_days(cohort_id)}


def tutoring_days(cohort_id: int) -> list[str]:
    """List the half-days on which papers are followed, those with something noted included."""
    noted = DayNote.select(DayNote.half_day)
    wanted = (HalfDay.cohort == cohort_id) & HalfDay.deleted_at.is_null()
    query = HalfDay.select(HalfDay.id).where(wanted & (HalfDay.kind.in_(TUTORING) | HalfDay.id.in_(noted)))
    return [row[0] for row in rows(query)]


def held(papers: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what is noted of these papers as {paper: {field: canonical text}}."""
    keys = list(papers)
    found = steps(keys)
    notes = DayNote.select(DayNote.paper, DayNote.half_day, DayNote.done).where(DayNote.paper.in_(keys))
    for paper, half_day, done in rows(notes):
        found.setdefault(paper, {})[DONE + half_day] = done
    return found


def steps(papers: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what is noted of the milestones of these papers as {paper: {field: canonical text}}."""
    found: dict[str, dict[str, str]] = {}
    query = Step.select(Step.paper, Step.milestone, Step.reached_on, Step.remark).where(Step.paper.in_(list(papers)))
    for paper, code, day, remark in rows(query):
        found.setdefault(paper, {}).update({REACHED + code: canonical(day), REMARK + code: remark})
    return found


def change(
    author: Author, paper_id: str, raw: Mapping[str, object], expected: Values | None = None, reason: str = ""
) -> dict[str, str]:
    """Note days, remarks and what was done of one paper; return what changed.

    A day noted moves the milestone of the paper forward, never back. Raises Refused for a day yet to come.
    """
    with joined():
        cohort_id = keep(paper_id)
        values = parse(types(cohort_id), raw, lambda name: False)
        current = dict.fromkeys(values, "") | held([paper_id]).get(paper_id, {})
        changes = moved(current, values, expected)
        _refuse_future(changes)
        for name, value in changes.items():
            _write(author, paper_id, name, value)
        journal(author, cohort_id, KIND, paper_id, current, changes, reason.strip())
        forward(author, paper_id, [name.removeprefix(REACHED) for name, value in changes.items()
                                   if value and name.startswith(REACHED)])  # fmt: skip
    return changes


def deposit(
    author: Author, paper_id: str, raw: Mapping[str, object], expected: Values | None = None, reason: str = ""
) -> dict[str, str]:
    """Change what is known of a paper handed in; its day moves the milestone to « déposée ».

    Raises Refused for a day yet to come.
    """
    with joined():
        keep(paper_id)
        changes = tutoring.change(author, paper_id, raw, expected, reason)
        refuse_future("deposited_on", changes.get("deposited_on", ""))
        if changes.get("deposited_on"):
            forward(author, paper_id, ["deposited"])
    return changes


def keep(paper_id: str) -> int:
    """Keep one paper to this transaction; return its cohort. Raise Unknown when there is none."""
    paper = locked(Paper.select(Paper.id, Paper.enrolment).where(Paper.id == paper_id)).first()
    if paper is None:
        raise Unknown(paper_id)
    return Enrolment.select(Enrolment.cohort).where(Enrolment.id == paper.enrolment_id).scalar()


def forward(author: Author, paper_id: str, reached: Iterable[str]) -> None:
    """Move a paper to the furthest of these milestones, unless it is there or beyond already."""
    furthest = max(reached, key=RANK.__getitem__, default="")
    now_at = tutoring.held([paper_id])[paper_id]["milestone"]
    if RANK[furthest] > RANK.get(now_at, 0):
        tutoring.change(author, paper_id, {"milestone": furthest}, {"milestone": now_at})


def _refuse_future(changes: Values) -> None:
    for name, value in changes.items():
        if name.startswith(REACHED):
            refuse_future(name, value)


def refuse_future(name: str, day: str) -> None:
    """Refuse a day yet to come: what is noted has happened."""
    if day and date.fromisoformat(day) > datetime.now(PARIS).date():
        said = {"day": TYPES["date"].display(day)}
        raise refused(name, Message("Le %(day)s est à venir : notez-le une fois que c'est fait.", said))


def _write(author: Author, paper_id: str, name: str, value: str) -> None:
    kind, _dash, of = name.partition("-")
    if f"{kind}-" == DONE:
        key = {"paper": paper_id, "half_day": of}
        where = (DayNote.paper == paper_id) & (DayNote.half_day == of)
        _put(DayNote, where, key, author, {"done": value}, gone=not value)
        return
    key = {"paper": paper_id, "milestone": of}
    day = date.fromisoformat(value) if value and f"{kind}-" == REACHED else None
    values = {"reached_on": day} if f"{kind}-" == REACHED else {"remark": value}
    _put(Step, (Step.paper == paper_id) & (Step.milestone == of), key, author, values)


def _put(
    table: type[Model], where: object, key: Mapping[str, object], author: Author, values: Mapping[str, object],
    gone: bool = False,
) -> None:  # fmt: skip
    if gone:
        table.delete().where(where).execute()
        return
    written = {**values, "by": author.name, "at": now()}
    if not table.update(written).where(where).execute():
        table.insert({**key, **written}).execute()
