"""Who may not follow which paper, and why; an assignment that stands all the same is marked, never undone."""

from datetime import datetime
from typing import NamedTuple

from peewee import ModelSelect

from rules.message import Message
from rules.values import TYPES
from store.alphabet import name_key
from store.changes import refused
from store.db import as_datetime, database, rows
from store.errors import Unknown
from store.journal import Author, record
from store.models import Enrolment, Exclusion, Paper, Participant, Tutor
from store.tutors import values

LONGEST_REASON = 500


class Excluded(NamedTuple):
    """Somebody who may not follow a paper: who, which paper and whose, why, and who said so when."""

    tutor_id: int
    tutor: str
    paper: str
    participant: str
    reason: str
    by: str
    at: datetime


def of_cohort(cohort_id: int) -> list[Excluded]:
    """List who may not follow which paper of a cohort, in the order of tutors, then of participants."""
    query = (
        Exclusion.select(
            Tutor.id, Tutor.name, Paper.id, Participant.last_name, Participant.first_name, Exclusion.reason,
            Exclusion.by, Exclusion.at,
        )
        .join(Tutor).switch(Exclusion).join(Paper).join(Enrolment).join(Participant)
        .where((Enrolment.cohort == cohort_id) & Enrolment.deleted_at.is_null() & ~Enrolment.waiting)
    )  # fmt: skip
    found = [
        Excluded(*row[:3], f"{row[3]} {row[4]}", row[5], row[6], as_datetime(row[7]))  # type: ignore[arg-type]
        for row in rows(query)
    ]
    return sorted(found, key=lambda one: (name_key(one.tutor), name_key(one.participant), one.paper))


def exclude(author: Author, cohort_id: int, tutor_id: int, paper_id: str, reason: str) -> None:
    """Say that somebody may not follow a paper, and why; an assignment that stands is marked, not undone."""
    reason = TYPES["text"].parse(reason)
    if not reason:
        raise refused("reason", Message("Dites pourquoi cette personne ne doit pas suivre cette note.", {}))
    if len(reason) > LONGEST_REASON:
        raise refused("reason", Message("Ce texte est trop long : %(length)s caractères, %(most)s au plus.",
                                        {"length": len(reason), "most": LONGEST_REASON}))  # fmt: skip
    with database.atomic():
        name, who = values(cohort_id, tutor_id)["name"], _participant(cohort_id, paper_id)
        if _excluded(tutor_id, paper_id).exists():
            raise refused("paper", Message("%(name)s est déjà écarté·e de la note de %(who)s.",
                                           {"name": name, "who": who}))  # fmt: skip
        Exclusion.insert(paper=paper_id, tutor=tutor_id, reason=reason, by=author.name).execute()
        record(author, cohort_id, "tutorship", str(tutor_id), "exclusion", "", who, reason)


def allow(author: Author, cohort_id: int, tutor_id: int, paper_id: str) -> None:
    """Say that somebody may follow a paper after all."""
    with database.atomic():
        values(cohort_id, tutor_id)
        who = _participant(cohort_id, paper_id)
        if Exclusion.delete().where((Exclusion.paper == paper_id) & (Exclusion.tutor == tutor_id)).execute():
            record(author, cohort_id, "tutorship", str(tutor_id), "exclusion", who, "")


def _excluded(tutor_id: int, paper_id: str) -> ModelSelect:
    return Exclusion.select().where((Exclusion.paper == paper_id) & (Exclusion.tutor == tutor_id))


def _participant(cohort_id: int, paper_id: str) -> str:
    query = (
        Paper.select(Participant.last_name, Participant.first_name).join(Enrolment).join(Participant)
        .where((Paper.id == paper_id) & (Enrolment.cohort == cohort_id))
    )  # fmt: skip
    found = rows(query)
    if not found:
        raise Unknown(paper_id)
    return " ".join(found[0])
