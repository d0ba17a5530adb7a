"""What was transmitted of people whom minutes admit no more: who is to be rectified, when it was, and by whom."""

from dataclasses import dataclass
from datetime import date

from rules.message import Refused
from rules.values import TYPES
from store import minutes
from store.alphabet import name_key
from store.changes import Values, canonical, journal, locked, moved, parse
from store.db import as_date, database
from store.errors import Unknown
from store.journal import Author
from store.models import Enrolment
from store.release import KIND, RECTIFICATION, RECTIFIED, TRANSMITTED, all_met, keep_day


@dataclass(frozen=True)
class Rectified:
    """Somebody who was transmitted and whom minutes admit no more; rectified_on is None until that was rectified."""

    enrolment: str
    last_name: str
    first_name: str
    transmitted_on: date
    number: str
    held_on: date | None
    rectified_on: date | None
    by: str


def to_rectify(cohort_id: int) -> list[Rectified]:
    """List who was transmitted and is admitted no more, by name: those whose rectification is done come last."""
    sent = {key: known for key, known in all_met(cohort_id).items() if TRANSMITTED in known}
    found = [
        Rectified(
            key, one.line["last_name"], one.line["first_name"], sent[key][TRANSMITTED][0], one.number,
            as_date(one.held_on or None), *sent[key].get(RECTIFIED, (None, "")),
        )
        for key, one in (minutes.results(cohort_id) if sent else {}).items()
        if key in sent and one.decision != "admitted"
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.rectified_on is not None, name_key(one.last_name, one.first_name)))


def rectify(
    author: Author, cohort_id: int, enrolment_id: str, raw: str, today: date, expected: Values | None = None
) -> None:
    """Record the day on which what was transmitted of somebody was rectified; a blank day takes it back.

    `expected` holds the day that its author had read: raises Changed when it is another now.
    """
    day = parse({RECTIFICATION: TYPES["date"]}, {RECTIFICATION: raw}, lambda name: False)[RECTIFICATION]
    with database.atomic():
        query = Enrolment.select(Enrolment.id).where((Enrolment.id == enrolment_id) & (Enrolment.cohort == cohort_id))
        if locked(query).first() is None:
            raise Unknown(enrolment_id)
        one = next((one for one in to_rectify(cohort_id) if one.enrolment == enrolment_id), None)
        if one is None:
            raise Refused("Rien de cette personne n'est à faire rectifier.")
        _refuse_day(one, day, today)
        before = {RECTIFICATION: canonical(one.rectified_on)}
        changes = moved(before, {RECTIFICATION: day}, expected)
        if changes:
            keep_day(author, enrolment_id, RECTIFIED, day)
            journal(author, cohort_id, KIND, enrolment_id, before, changes)


def _refuse_day(one: Rectified, day: str, today: date) -> None:
    if day and date.fromisoformat(day) > today:
        raise Refused("La date de rectification est à venir : elle se note une fois la rectification faite.")
    if day and one.held_on and date.fromisoformat(day) < one.held_on:
        raise Refused("Cette date précède la délibération qui corrige : il n'y avait encore rien à rectifier.")
