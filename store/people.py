"""Cohorts and who is enrolled in them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache

from peewee import IntegrityError, fn

from rules.calendar import Expected
from rules.enrolment import full
from rules.message import Message
from rules.rule_set import RuleSet, as_dict, from_dict
from rules.values import Type
from store import signed, totals, viewing
from store.changes import Values, canonical, journal, locked, moved, parse, refused, stored
from store.db import as_date, database, is_postgresql, rows
from store.errors import Unknown
from store.journal import Author, record, touch
from store.models import Cohort, Enrolment, Paper, Participant, Programme
from store.models.base import free_id, mint, now
from store.participant_fields import FIELD_TYPES, FIELDS, FUNDINGS

__all__ = ["FIELDS", "FUNDINGS"]


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field of a participant's row."""
    return FIELD_TYPES


def cohorts() -> list[tuple]:
    """List the cohorts as (id, code, title, programme, period, version)."""
    return rows(
        Cohort.select(Cohort.id, Cohort.code, Cohort.title, Programme.title, Cohort.period, Cohort.version)
        .join(Programme)
        .order_by(Cohort.code)
    )


def cohort(code: str) -> tuple | None:
    """Return (id, code, title, programme, period, version, jury_unseen, unseen) of a cohort, or None.

    The last two tell that nobody was noted looking at its jury, and at it, for a while: it is then worth its write.
    """
    since = now() - viewing.SEEN_EVERY
    found = rows(
        """
        SELECT c.id, c.code, c.title, p.title, c.period, c.version,
               c.jury_viewed_at IS NULL OR c.jury_viewed_at < ?, c.viewed_at IS NULL OR c.viewed_at < ?
        FROM cohort c JOIN programme p ON p.id = c.programme_id WHERE c.code = ?
        """,
        since, since, code,
    )  # fmt: skip
    return found[0] if found else None


def enrolled(cohort_id: int, enrolment_id: str) -> bool:
    """Tell whether someone takes part in this very cohort: neither withdrawn nor on the waiting list."""
    query = "SELECT 1 FROM enrolment e WHERE e.id = ? AND e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting"
    return bool(rows(query, enrolment_id, cohort_id))


def cohort_of(enrolment_id: str) -> int:
    """Return the cohort of a line, whoever it is of; raise Unknown when there is none."""
    found = rows("SELECT cohort_id FROM enrolment WHERE id = ?", enrolment_id)
    if not found:
        raise Unknown(enrolment_id)
    return found[0][0]


@lru_cache(maxsize=64)
def _rule_set(text: str) -> RuleSet:
    return from_dict(json.loads(text))


def rule_set(cohort_id: int) -> RuleSet:
    """Return the rule set in force in a cohort."""
    found = rows("SELECT rule_set FROM cohort WHERE id = ?", cohort_id)
    if not found:
        raise Unknown(str(cohort_id))
    return _rule_set(found[0][0])


def rule_sets(cohort_ids: Iterable[int]) -> dict[int, RuleSet]:
    """Return the rule set in force in each of these cohorts, from one query."""
    query = Cohort.select(Cohort.id, Cohort.rule_set).where(Cohort.id.in_(list(cohort_ids)))
    return {cohort_id: _rule_set(text) for cohort_id, text in rows(query)}


def version(cohort_id: int, lock: bool = False) -> int:
    """Return the version of a cohort: it grows with every change to anything in it.

    With `lock`, nobody else grows it before the end of the transaction.
    """
    query = "SELECT version FROM cohort WHERE id = ?"
    return rows(f"{query} FOR UPDATE" if lock and is_postgresql() else query, cohort_id)[0][0]


def versions(cohort_ids: Iterable[int], lock: bool = False) -> dict[int, int]:
    """Return the version of each cohort; locked, when asked, in one order that every cycle follows."""
    return {cohort_id: version(cohort_id, lock) for cohort_id in sorted(cohort_ids)}


def participants(cohort_id: int, withdrawn: bool = False) -> list[tuple]:
    """List who has a line, those of the waiting list included, as (id, each of FIELDS), in order of arrival.

    With `withdrawn`, those who left instead.
    """
    which = "IS NOT NULL" if withdrawn else "IS NULL"
    found = rows(
        f"""
        SELECT e.id, p.last_name, p.first_name, p.email, p.phone, e.employer, e.funding, e.fees_paid_on,
               e.tariff, e.arrived_on, e.acknowledged_on, e.agreement_on, e.committed_on, e.begins_on, e.waiting
        FROM enrolment e JOIN participant p ON p.id = e.participant_id
        WHERE e.cohort_id = ? AND e.deleted_at {which} ORDER BY e.position, e.id
        """,  # noqa: S608 - one of two words of ours is put in
        cohort_id,
    )
    return [(*row[:7], as_date(row[7]), row[8], *map(as_date, row[9:14]), bool(row[14])) for row in found]


def snapshot(cohort_id: int) -> dict[str, dict[str, str]]:
    """Return every row, those of the waiting list included, as {id: {field: canonical text}}, in order of arrival."""
    return {row[0]: dict(zip(FIELDS, map(canonical, row[1:]), strict=True)) for row in participants(cohort_id)}


def held(enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what these rows hold, the withdrawn ones included, as {id: {field: canonical text}}."""
    columns = [getattr(field.model, field.column) for field in FIELDS.values()]
    query = Enrolment.select(Enrolment.id, *columns).join(Participant).where(Enrolment.id.in_(list(enrolments)))
    return {row[0]: dict(zip(FIELDS, map(canonical, row[1:]), strict=True)) for row in rows(query)}


def removed(cohort_id: int) -> set[str]:
    """Return the ids of the rows withdrawn, which an edit in the sheet brings back."""
    query = "SELECT id FROM enrolment WHERE cohort_id = ? AND deleted_at IS NOT NULL"
    return {row[0] for row in rows(query, cohort_id)}


def waiting(cohort_id: int) -> list[tuple[str, str, int]]:
    """List who is on the waiting list as (id, day their application came or '', position)."""
    query = "SELECT id, arrived_on, position FROM enrolment WHERE cohort_id = ? AND deleted_at IS NULL AND waiting"
    return [(key, canonical(as_date(day)), position) for key, day, position in rows(query, cohort_id)]


def apart(cohort_id: int) -> set[str]:
    """Return the ids of those who are in no roster, paper or jury: withdrawn, or on the waiting list."""
    query = "SELECT id FROM enrolment WHERE cohort_id = ? AND (deleted_at IS NOT NULL OR waiting)"
    return {row[0] for row in rows(query, cohort_id)}


def _current(enrolment_id: str) -> tuple[Enrolment, Participant, dict[str, str]]:
    enrolment = locked(Enrolment.select().where(Enrolment.id == enrolment_id)).first()
    if enrolment is None:
        raise Unknown(enrolment_id)
    participant = enrolment.participant
    owner = {Enrolment: enrolment, Participant: participant}
    current = {name: canonical(getattr(owner[field.model], field.column)) for name, field in FIELDS.items()}
    return enrolment, participant, current


def change(
    author: Author, enrolment_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Change values of an enrolled participant; return what really changed."""
    values = parse(FIELD_TYPES, raw, lambda name: FIELDS[name].required)
    with database.atomic():
        enrolment, participant, current = _current(enrolment_id)
        changes = moved(current, values, expected)
        if "waiting" in changes:
            signed.refuse_held(enrolment.cohort_id, enrolment_id, {"waiting": changes["waiting"]})
        _write(Participant, participant.id, changes)
        _write(Enrolment, enrolment.id, changes)
        journal(author, enrolment.cohort_id, "enrolment", enrolment_id, current, changes)
        if any(FIELDS[name].model is Participant for name in changes):
            _tell_others(enrolment)
    return changes


def _tell_others(enrolment: Enrolment) -> None:
    """Let the other cohorts of this person be looked at again: their pages and books show the same names."""
    query = "SELECT DISTINCT cohort_id FROM enrolment WHERE participant_id = ? AND cohort_id <> ? ORDER BY cohort_id"
    for (cohort_id,) in rows(query, enrolment.participant_id, enrolment.cohort_id):
        touch(cohort_id)


def _write(model: type, key: object, changes: Values) -> None:
    update = {
        FIELDS[name].column: stored(model, FIELDS[name].column, value)
        for name, value in changes.items()
        if FIELDS[name].model is model
    }
    if update:
        model.update(update).where(model.id == key).execute()


def create(author: Author, cohort_id: int, raw: Mapping[str, object], wanted: str = "") -> str:
    """Enrol a new participant, with the paper they will write; return the id of the row: the one wanted, when free."""
    complete = {"last_name": "", "first_name": ""} | dict(raw)
    values = parse(FIELD_TYPES, complete, lambda name: FIELDS[name].required)
    with database.atomic():
        by_model = {
            model: {
                field.column: stored(model, field.column, values[name])
                for name, field in FIELDS.items()
                if field.model is model and name in values
            }
            for model in (Participant, Enrolment)
        }
        participant = Participant.create(**by_model[Participant])
        enrolment_id = free_id("P", Enrolment, wanted)
        Enrolment.insert(
            id=enrolment_id, cohort=cohort_id, participant=participant.id, position=_next(cohort_id),
            **by_model[Enrolment],
        ).execute()  # fmt: skip
        Paper.insert(id=mint("N"), enrolment=enrolment_id).execute()
        blank = dict.fromkeys(values, "")
        journal(author, cohort_id, "enrolment", enrolment_id, blank, {k: v for k, v in values.items() if v})
    return enrolment_id


def _next(cohort_id: int) -> int:
    last = Enrolment.select(fn.MAX(Enrolment.position)).where(Enrolment.cohort == cohort_id).scalar()
    return (last or 0) + 1


def remove(author: Author, enrolment_id: str) -> None:
    """Withdraw a participant; everything recorded stays and can be restored."""
    _set_deleted(author, enrolment_id, gone=True)


def restore(author: Author, enrolment_id: str) -> bool:
    """Bring a withdrawn participant back; tell whether it is on the waiting list, since every place is taken.

    Whoever enrols may then go beyond the maximum knowingly. A dossier that was signed keeps its place.
    """
    with database.atomic():
        enrolment, _, _ = _current(enrolment_id)
        cohort_id = enrolment.cohort_id
        if enrolment.deleted_at is None:
            return False
        waits = not enrolment.waiting and _full(cohort_id) and enrolment_id not in signed.held(cohort_id)
        if waits:
            Enrolment.update(waiting=True).where(Enrolment.id == enrolment_id).execute()
            journal(author, cohort_id, "enrolment", enrolment_id, {"waiting": ""}, {"waiting": "oui"})
        _set_deleted(author, enrolment_id, gone=False)
    return waits


def _full(cohort_id: int) -> bool:
    """Tell whether no place is left; nobody else takes one before the end of the transaction."""
    version(cohort_id, lock=True)
    return full(totals.enrolled(cohort_id), rule_set(cohort_id).size_max)


def _set_deleted(author: Author, enrolment_id: str, gone: bool) -> None:
    with database.atomic():
        enrolment, _, _ = _current(enrolment_id)
        if (enrolment.deleted_at is not None) == gone:
            return
        if gone:
            signed.refuse_held(enrolment.cohort_id, enrolment_id, {"state": "withdrawn"})
        Enrolment.update(deleted_at=now() if gone else None).where(Enrolment.id == enrolment_id).execute()
        was, will = ("enrolled", "withdrawn") if gone else ("withdrawn", "enrolled")
        record(author, enrolment.cohort_id, "enrolment", enrolment_id, "state", was, will)


def add_cohort(
    author: Author, programme: str, code: str, title: str, period: str, rules: RuleSet,
    expected: Expected | None = None, notes: str = "",
) -> int:  # fmt: skip
    """Open a cohort of a programme, which is made when it is new; return the cohort's id.

    `expected` is what its calendar must add up to; `notes` say in French where its data come from.
    """
    with database.atomic():
        parent, _ = Programme.get_or_create(title=programme)
        try:
            # The code is unique in its table: two people who open it at once are told apart there.
            with database.atomic():
                cohort = Cohort.create(
                    programme=parent.id, code=code, title=title, period=period, notes=notes,
                    rule_set=json.dumps(as_dict(rules)), expected_totals=json.dumps(asdict(expected or Expected())),
                )  # fmt: skip
        except IntegrityError as error:
            raise refused("code", Message("Il y a déjà une promotion %(code)s.", {"code": code})) from error
        record(author, cohort.id, "cohort", code, "title", "", title)
    return cohort.id


def expected_totals(cohort_id: int) -> Expected:
    """Return what the calendar of a cohort must add up to."""
    return announced(cohort_id)[0]


def announced(cohort_id: int) -> tuple[Expected, list[str]]:
    """Return what a calendar must add up to, and what its document leaves open and how it was read, in French."""
    totals, notes = rows("SELECT expected_totals, notes FROM cohort WHERE id = ?", cohort_id)[0]
    return Expected(**json.loads(totals)), [line for line in notes.splitlines() if line]
