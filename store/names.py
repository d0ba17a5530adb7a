"""How staff call what the journal names by an id: people, half-days, accounts."""

from collections.abc import Iterable

from peewee import Field, ModelSelect

from rules.values import display_date, display_time
from store.db import rows
from store.models import (
    Adoption,
    Cohort,
    Deliberation,
    Enrolment,
    Exchange,
    HalfDay,
    JuryMember,
    Module,
    Paper,
    Participant,
    Tutor,
    User,
)


def of_enrolments(keys: Iterable[str]) -> dict[str, str]:
    """Return {enrolment: 'NOM Prénom · code of the cohort'} of those that exist."""
    return _people(Enrolment.select(Enrolment.id, *_WHO).join(Participant), Enrolment.id, keys)


def of_papers(keys: Iterable[str]) -> dict[str, str]:
    """Return {paper: 'NOM Prénom · code of the cohort'} of those that exist."""
    return _people(Paper.select(Paper.id, *_WHO).join(Enrolment).join(Participant), Paper.id, keys)


def of_exchanges(keys: Iterable[str]) -> dict[str, str]:
    """Return {exchange: 'NOM Prénom · code of the cohort'} of those that exist."""
    query = Exchange.select(Exchange.id, *_WHO).join(Paper).join(Enrolment).join(Participant)
    return _people(query, Exchange.id, keys)


_WHO = (Participant.last_name, Participant.first_name, Cohort.code)


def _people(query: ModelSelect, column: Field, keys: Iterable[str]) -> dict[str, str]:
    found = query.switch(Enrolment).join(Cohort).where(column.in_(list(keys)))
    return {key: f"{last} {first} · {code}" for key, last, first, code in rows(found)}


def of_half_days(keys: Iterable[str]) -> dict[str, str]:
    """Return {half-day: 'date hour, or period'} of those that exist."""
    query = HalfDay.select(HalfDay.id, HalfDay.day, HalfDay.start, HalfDay.period, Cohort.code).join(Cohort)
    found = {}
    for key, day, start, period, code in rows(query.where(HalfDay.id.in_(list(keys)))):
        when = display_date(day.isoformat()) if day else period
        found[key] = " ".join(part for part in (when, display_time(start)) if part) + f" · {code}"
    return found


def of_modules(keys: Iterable[str]) -> dict[str, str]:
    """Return {module: 'number title · code of the cohort'}; keys are texts, as the journal keeps them."""
    query = Module.select(Module.id, Module.number, Module.title, Cohort.code).join(Cohort)
    found = rows(query.where(Module.id.in_([int(key) for key in keys if key.isdecimal()])))
    return {str(key): f"{number} {title} · {code}" for key, number, title, code in found}


def of_accounts(keys: Iterable[str]) -> dict[str, str]:
    """Return {account: its name}; keys are texts, as the journal keeps them."""
    query = User.select(User.id, User.name).where(User.id.in_([int(key) for key in keys if key.isdecimal()]))
    return {str(key): name for key, name in rows(query)}


def of_tutors(keys: Iterable[str]) -> dict[str, str]:
    """Return {tutor: their name}; keys are texts, as the journal keeps them."""
    query = Tutor.select(Tutor.id, Tutor.name).where(Tutor.id.in_([int(key) for key in keys if key.isdecimal()]))
    return {str(key): name for key, name in rows(query)}


def of_deliberations(keys: Iterable[str]) -> dict[str, str]:
    """Return {session of a jury: 'order, day · code of the cohort'}; keys are texts, as the journal keeps them."""
    query = Deliberation.select(Deliberation.id, Deliberation.order_number, Deliberation.held_on, Cohort.code)
    found = rows(query.join(Cohort).where(Deliberation.id.in_([int(key) for key in keys if key.isdecimal()])))
    return {
        str(key): ", ".join(part for part in (order, display_date(day.isoformat()) if day else "") if part)
        + f" · {code}" for key, order, day, code in found
    }  # fmt: skip


def of_jury_members(keys: Iterable[str]) -> dict[str, str]:
    """Return {member of a jury: 'name · code of the cohort'}; keys are texts, as the journal keeps them."""
    query = JuryMember.select(JuryMember.id, JuryMember.name, Cohort.code).join(Deliberation).join(Cohort)
    found = rows(query.where(JuryMember.id.in_([int(key) for key in keys if key.isdecimal()])))
    return {str(key): f"{name} · {code}" for key, name, code in found}


def of_books(keys: Iterable[str]) -> dict[str, str]:
    """Return {spreadsheet: its title} of those that staff made, bound or not any more."""
    query = Adoption.select(Adoption.book_id, Adoption.title).where(Adoption.book_id.in_(list(keys)))
    return {key: title for key, title in rows(query.order_by(Adoption.id)) if title}
