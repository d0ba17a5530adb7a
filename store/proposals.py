"""A balanced assignment of the papers of a cohort to its tutors: gathered, looked at, accepted line by line."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rules.message import Message
from rules.papers import listed
from rules.proposal import Answer, Paper, Problem, Tutor, problem
from rules.proposal_gaps import after, gaps
from rules.proposal_words import Reasons
from rules.proposal_workshops import placed
from store import optimum, people, tutoring
from store.alphabet import name_key
from store.db import is_postgresql, joined, rows
from store.errors import Changed, Refused
from store.journal import Author
from store.models import Tutor as TutorRow

#: What stands first in the journal beside each change that comes from here.
REASON = "proposition équilibrée"


class Line(NamedTuple):
    """One paper that the proposal changes: as it stands, as it would stand, and why; '' is nobody, or no workshop."""

    paper: str
    person: str
    tutor_now: str
    tutor: str
    workshop_now: str
    workshop: str
    why: tuple[Message, ...]


class Load(NamedTuple):
    """What one tutor follows today, and would follow."""

    tutor: str
    before: int
    after: int
    capacity: int | None


@dataclass(frozen=True)
class Proposal:
    """What is proposed; free: papers looked at; same: those that would stay as they are."""

    lines: list[Line]
    loads: list[Load]
    gaps: list[Message]
    free: int
    same: int
    workshops: bool


class Accepted(NamedTuple):
    """A line that somebody accepts: what they had read, what they accept, and the sentence beside it."""

    paper: str
    person: str
    tutor_now: str
    tutor: str
    workshop_now: str
    workshop: str
    why: str


def gathered(cohort_id: int, anew: bool) -> Problem:
    """Gather the problem of a cohort; with `anew` every paper is free, else those that nobody follows."""
    tutors = [
        Tutor(key, name, capacity, tuple(listed(themes)))
        for key, name, capacity, themes in rows(
            "SELECT t.id, t.name, s.capacity, s.themes FROM tutorship s JOIN tutor t ON t.id = s.tutor_id "
            "WHERE s.cohort_id = ?",
            cohort_id,
        )
    ]
    excluded: dict[str, set[int]] = {}
    for paper, tutor in rows(
        "SELECT x.paper_id, x.tutor_id FROM exclusion x JOIN paper n ON n.id = x.paper_id "
        "JOIN enrolment e ON e.id = n.enrolment_id "
        "WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting",
        cohort_id,
    ):
        excluded.setdefault(paper, set()).add(tutor)
    rules = people.rule_set(cohort_id)
    sizes = (rules.workshop_min, rules.workshop_max)
    return problem(tutors, _papers(cohort_id, excluded), sizes, anew)


def _papers(cohort_id: int, excluded: Mapping[str, set[int]]) -> list[Paper]:
    found = rows(
        """
        SELECT n.id, p.last_name, p.first_name, n.tutor_id, n.cotutor_id, n.wishes, n.workshop FROM paper n
        JOIN enrolment e ON e.id = n.enrolment_id JOIN participant p ON p.id = e.participant_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting
        """,
        cohort_id,
    )
    return [
        Paper(
            key, f"{last} {first}".strip(), tutor, cotutor, tuple(listed(wishes)), workshop,
            frozenset(excluded.get(key, ())),
        )
        for key, last, first, tutor, cotutor, wishes, workshop in found
    ]  # fmt: skip


def proposal(cohort_id: int, anew: bool = False) -> Proposal:
    """Work out what to propose; nothing is written. Raises Refused when no answer is found in time."""
    asked, answer = optimum.settled(gathered(cohort_id, anew))
    lines = _lines(asked, answer)
    return Proposal(lines, _loads(asked, answer), gaps(asked, answer), len(asked.free),
                    len(asked.papers) - len(lines), bool(asked.sized or asked.workshops))  # fmt: skip


def _lines(asked: Problem, answer: Answer) -> list[Line]:
    reasons, joins, names = Reasons(asked, answer), placed(asked, answer), _names(asked)
    found = []
    for paper in asked.papers:
        tutor, workshop = answer.get(paper.id, paper.tutor), joins.get(paper.id, paper.workshop)
        if (tutor, workshop) == (paper.tutor, paper.workshop):
            continue
        why = reasons.why(paper) if paper.id in answer else reasons.staying(paper)
        who = names[paper.tutor], names[tutor]
        found.append(Line(paper.id, paper.person, *who, paper.workshop, workshop, why))
    return sorted(found, key=lambda line: (name_key(line.person), line.paper))


def _names(asked: Problem) -> dict[int | None, str]:
    """Return the name of every tutor, of those who follow a paper without being in the list included."""
    found: dict[int | None, str] = {None: "", **{tutor.id: tutor.name for tutor in asked.tutors}}
    others = {paper.tutor for paper in asked.papers} - set(found)
    if others:
        found |= dict(rows(TutorRow.select(TutorRow.id, TutorRow.name).where(TutorRow.id.in_(others))))
    return found


def _loads(asked: Problem, answer: Answer) -> list[Load]:
    then = after(asked, answer)
    before = dict.fromkeys(then, 0)
    for paper in asked.papers:
        for tutor in {paper.tutor, paper.cotutor} & set(before):
            before[tutor] += 1
    found = [Load(tutor.name, before[tutor.id], then[tutor.id], tutor.capacity) for tutor in asked.tutors]
    return sorted(found, key=lambda load: name_key(load.tutor))


def accept(author: Author, cohort_id: int, lines: Iterable[Accepted]) -> tuple[int, list[tuple[str, Message]]]:
    """Carry out lines of a proposal; return how many, and (paper, why) of those left as they are.

    A line is left when the paper moved since its author read it, or when the tutor may not follow it any
    more. The others go, each with its sentence in the journal, all in one transaction.
    """
    with joined():
        _keep(cohort_id)
        going, told = _fitting(gathered(cohort_id, anew=False), sorted(lines))
        for line in going:
            if problem := _carried(author, line):
                told.append((line.paper, problem))
    left = {paper for paper, _ in told}
    return sum(line.paper not in left for line in going), told


def _keep(cohort_id: int) -> None:
    """Keep the papers of a cohort to this transaction, in one order: what is read of them then holds."""
    if is_postgresql():
        query = "SELECT n.id FROM paper n JOIN enrolment e ON e.id = n.enrolment_id WHERE e.cohort_id = ?"
        rows(f"{query} ORDER BY n.id FOR UPDATE OF n", cohort_id)


def _carried(author: Author, line: Accepted) -> Message | None:
    """Write one line; return what prevented it."""
    wanted = {"tutor": line.tutor, "workshop": line.workshop}
    seen = {"tutor": line.tutor_now, "workshop": line.workshop_now}
    try:
        tutoring.change(author, line.paper, wanted, seen, f"{REASON} : {line.why}")
    except Changed as error:
        return _moved(error.expected, error.current)
    except Refused as error:
        return error.message
    return None


def _moved(before: str, now: str) -> Message:
    said = {"before": before or "–", "now": now or "–"}
    return Message("Entre-temps, « %(before)s » est devenu « %(now)s ».", said)


def _fitting(asked: Problem, lines: list[Accepted]) -> tuple[list[Accepted], list[tuple[str, Message]]]:
    """Part lines into those that still go, taken together, and (paper, why) of the others."""
    papers, names = {paper.id: paper for paper in asked.papers}, _names(asked)
    going, told = [], []
    for line in lines:
        if problem := _problem(papers.get(line.paper), names, line):
            told.append((line.paper, problem))
        else:
            going.append(line)
    while full := _overfull(asked, going):
        going.remove(full)
        told.append((full.paper, Message("%(tutor)s n'a plus de place pour cette note.", {"tutor": full.tutor})))
    return going, told


def _problem(paper: Paper | None, names: Mapping[int | None, str], line: Accepted) -> Message | None:
    """Say why a line may not be carried out as its author read it."""
    if paper is None:
        return Message("Cette note n'est plus dans la promotion.")
    now = names[paper.tutor]
    if now == line.tutor:
        return None
    if line.tutor in {names.get(tutor) for tutor in paper.excluded}:
        return Message("Entre-temps, %(tutor)s a été écarté·e de cette note.", {"tutor": line.tutor})
    return _moved(line.tutor_now, now) if now != line.tutor_now else None


def _overfull(asked: Problem, lines: list[Accepted]) -> Accepted | None:
    """Return the last line that gives a tutor more than they can follow, once all of these are carried out."""
    ids = {tutor.name: tutor.id for tutor in asked.tutors}
    moving = {line.paper: ids[line.tutor] for line in lines if line.tutor in ids}
    held = Counter(moving.get(paper.id, paper.tutor) for paper in asked.papers)
    held.update(paper.cotutor for paper in asked.papers)
    today = {paper.id: paper.tutor for paper in asked.papers}
    for line in reversed(lines):
        tutor = asked.by_id.get(moving.get(line.paper, 0))
        arrives = tutor is not None and today.get(line.paper) != tutor.id
        if arrives and tutor.capacity is not None and held[tutor.id] > tutor.capacity:
            return line
    return None
