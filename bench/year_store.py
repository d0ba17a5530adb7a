"""Fill a store with a year of a busy institute: 40 promotions of 50 people, 26 half-days each, all marked.

Written straight into the tables: what is measured is reading, and fifty thousand verbs would take a while.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from store.db import connection, database
from store.models import Cohort, Enrolment, HalfDay, Mark, Module, Paper, Participant
from store.models.base import now

COHORTS, PEOPLE, HALF_DAYS = 40, 50, 26
#: Rows of one INSERT: SQLite counts its parameters.
BATCH = 400
STATUSES = ("present", "present", "present", "absent", "late", "remote", "justified")


def fill(today: date) -> tuple[str, str, str]:
    """Fill the store; return (code, half-day, enrolment) of one promotion under way."""
    with connection(), database.atomic():
        like = Cohort.select().order_by(Cohort.id).dicts().first()
        cohorts = list(_cohorts(like))
        insert(Cohort, cohorts)
        ids = dict(Cohort.select(Cohort.code, Cohort.id).tuples())
        for number, cohort in enumerate(cohorts):
            _fill_cohort(number, ids[cohort["code"]], today)
    return cohorts[0]["code"], "S-0-12", "P-0-7"


def _cohorts(like: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kept = {name: like[name] for name in ("programme", "period", "rule_set", "expected_totals")}
    for number in range(COHORTS):
        yield kept | {"code": f"AN-{number:02}", "title": f"Promotion {number}", "version": number, "notes": ""}


def _fill_cohort(number: int, cohort_id: int, today: date) -> None:
    insert(Module, ({"cohort": cohort_id, "position": at, "number": str(at), "title": f"Module {at}"}
                     for at in range(HALF_DAYS // 2)))  # fmt: skip
    modules = [row[0] for row in Module.select(Module.id).where(Module.cohort == cohort_id).tuples()]
    first = today - timedelta(days=7 * 10)
    half_days = [
        {"id": f"S-{number}-{at}", "cohort": cohort_id, "module": modules[at // 2], "position": at,
         "day": first + timedelta(days=7 * (at // 2)), "start": ("09:30", "14:00")[at % 2],
         "end": ("12:30", "17:00")[at % 2], "minutes": 180, "kind": "course", "place": f"21.2.{number + 10}",
         "teachers": f"Enseignant·e {number}"}
        for at in range(HALF_DAYS)
    ]  # fmt: skip
    insert(HalfDay, half_days)
    base = number * PEOPLE
    insert(Participant, (
        {"last_name": f"Nom{base + at:04}", "first_name": "Prénom", "email": f"{base + at}@exemple.fr"}
        for at in range(PEOPLE)
    ))  # fmt: skip
    known = Participant.select(Participant.id).order_by(Participant.id.desc()).limit(PEOPLE).tuples()
    enrolled = [
        {"id": f"P-{number}-{at}", "cohort": cohort_id, "participant": row[0], "position": at, "employer": "Structure"}
        for at, row in enumerate(reversed(list(known)))
    ]
    insert(Enrolment, enrolled)
    insert(Paper, [{"id": f"N-{number}-{at}", "enrolment": f"P-{number}-{at}"} for at in range(PEOPLE)])
    insert(Mark, (
        {"enrolment": who["id"], "half_day": half_day["id"], "status": STATUSES[(at + place) % len(STATUSES)],
         "minutes": 10 if STATUSES[(at + place) % len(STATUSES)] == "late" else None, "by": "Essai", "at": now()}
        for at, who in enumerate(enrolled) for place, half_day in enumerate(half_days) if half_day["day"] < today
    ))  # fmt: skip


def insert(model: Any, lines: Iterable[dict[str, Any]]) -> None:
    """Insert rows by batches of a few hundred."""
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        model.insert_many(batch).execute()
