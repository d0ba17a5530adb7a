"""Sessions of a jury: prepared, opened, closed with their minutes; one that corrects another supersedes it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from rules.deliberations import OVER, Member, Obstacle, days_away, prevents_closing, prevents_opening
from rules.exchanges import SUMMARY
from rules.message import Message
from rules.values import TYPES, Type
from store import (
    candidate_numbers,
    candidates,
    corrections,
    jury_members,
    jury_tutors,
    minutes,
    minutes_data,
    people,
    signed,
)
from store.alphabet import name_key
from store.changes import Values, canonical, each, journal, moved, parse, refused, reserved, stored
from store.db import database, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import Candidacy, Decision, Deliberation, Enrolment, Participant
from store.models.base import now
from store.sittings import Session, current, listed, session

__all__ = ["Session", "current", "listed", "session"]

#: What the journal calls one.
KIND = "deliberation"
FIELDS = ("order_number", "order_date", "held_on", "place")
_TYPES: Mapping[str, Type] = {
    "order_number": TYPES["text"], "order_date": TYPES["date"], "held_on": TYPES["date"], "place": TYPES["text"],
}  # fmt: skip


def types() -> Mapping[str, Type]:
    """Return the type of each field of a session."""
    return _TYPES


def values(cohort_id: int, deliberation_id: int) -> dict[str, str]:
    """Return what a session of a cohort holds as {field: canonical text}."""
    found = session(cohort_id, deliberation_id)
    return {name: canonical(getattr(found, name)) for name in FIELDS}


def prepare(author: Author, cohort_id: int, raw: Mapping[str, object]) -> int:
    """Prepare a session of the jury of a cohort; return its number. What is missing is asked for when it opens."""
    given, columns = _read(raw)
    with database.atomic():
        key = Deliberation.insert(cohort=cohort_id, **columns).execute()
        record(author, cohort_id, KIND, str(key), "state", "", "prepared")
        journal(author, cohort_id, KIND, str(key), {}, {name: text for name, text in given.items() if text})
    return key


def _read(raw: Mapping[str, object]) -> tuple[dict[str, str], dict[str, object]]:
    """Return what was given of a session as {field: canonical text} and as the table keeps it."""
    given: dict[str, str] = {}

    def read(name: str) -> object:
        given.update(parse(_TYPES, {name: raw[name]}, lambda _name: False))
        return stored(Deliberation, name, given[name])

    return given, each(raw, read)


def change(
    author: Author, deliberation_id: int, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Change what is known of a session that is not over; return what changed."""
    given, columns = _read(raw)
    with database.atomic():
        kept = _keep(deliberation_id, OVER, Message("Cette délibération est terminée : elle ne change plus."))
        current = {name: canonical(getattr(kept, name)) for name in FIELDS}
        changes = moved(current, given, expected)
        if changes:
            written = {name: columns[name] for name in changes}
            Deliberation.update(written).where(Deliberation.id == deliberation_id).execute()
            journal(author, kept.cohort_id, KIND, str(deliberation_id), current, changes)
    return changes


def _keep(deliberation_id: int, refusing: Iterable[str], why: Message) -> Deliberation:
    """Keep every session of a cohort to this transaction, so that one at most opens; return this one.

    Raises Refused, with why, when it is in one of these states.
    """
    cohort = Deliberation.select(Deliberation.cohort).where(Deliberation.id == deliberation_id)
    query = Deliberation.select().where(Deliberation.cohort.in_(cohort)).order_by(Deliberation.id)
    kept = next((one for one in reserved(query) if one.id == deliberation_id), None)
    if kept is None:
        raise Unknown(str(deliberation_id))
    if kept.state in refusing:
        raise Refused(why)
    return kept


# -- opening and closing ---------------------------------------------------------------------------------


def lacks_to_open(cohort_id: int, deliberation_id: int) -> list[Obstacle]:
    """List what a prepared session lacks to be opened."""
    found = session(cohort_id, deliberation_id)
    count = found.candidates if found.supersedes else len(awaiting(cohort_id))
    other = any(one.state == "open" and one.id != deliberation_id for one in listed(cohort_id))
    return prevents_opening(
        found.order_number, found.order_date, found.held_on, _members(deliberation_id), count, other,
        candidate_numbers.covered(cohort_id, people.rule_set(cohort_id)),
        session(cohort_id, found.supersedes).held_on if found.supersedes else None,
    )  # fmt: skip


def _members(deliberation_id: int) -> list[Member]:
    return [Member(one.name, one.president, one.present) for one in jury_members.named(deliberation_id)]


def awaiting(cohort_id: int) -> list[str]:
    """List the candidates of a cohort whom no minutes hold yet, by name."""
    query = (
        Enrolment.select(Participant.last_name, Participant.first_name, Enrolment.id).join(Participant)
        .where((Enrolment.cohort == cohort_id) & Enrolment.deleted_at.is_null() & ~Enrolment.waiting)
    )  # fmt: skip
    sealed = signed.held(cohort_id)
    found = [row for row in rows(query) if row[2] not in sealed]
    return [row[2] for row in sorted(found, key=lambda row: (name_key(row[0], row[1]), row[2]))]


def open_session(author: Author, deliberation_id: int, today: date | None = None, confirmed: str = "") -> None:
    """Open a prepared session over its candidates; one that corrects another takes the seal off theirs.

    today: the day on which it is opened; where the session is dated far from it, its date is asked for in
    `confirmed`, as 2026-01-15. Raises Refused naming the first thing that is missing.
    """
    with database.atomic():
        kept = _keep(deliberation_id, ("open", *OVER), Message("Cette délibération a déjà été ouverte."))
        _refuse_first(lacks_to_open(kept.cohort_id, deliberation_id))
        if today and days_away(kept.held_on, today) and confirmed != kept.held_on.isoformat():
            days = {"held_on": TYPES["date"].display(kept.held_on.isoformat()),
                    "today": TYPES["date"].display(today.isoformat())}  # fmt: skip
            raise refused("day_confirmed", Message(
                "La délibération est datée du %(held_on)s et s'ouvre le %(today)s : corrigez sa date ou confirmez-la.",
                days,
            ))  # fmt: skip
        if kept.supersedes_id:
            corrections.unseal(author, kept)
        else:
            _call(deliberation_id, awaiting(kept.cohort_id))
        first = rows(Candidacy.select(Candidacy.enrolment).where(
            Candidacy.deliberation == deliberation_id).order_by(Candidacy.position).limit(1))[0][0]  # fmt: skip
        Deliberation.update(
            state="open", opened_by=author.name, opened_at=now(), at_enrolment=first
        ).where(Deliberation.id == deliberation_id).execute()
        jury_tutors.link(author, kept.cohort_id)
        record(author, kept.cohort_id, KIND, str(deliberation_id), "state", "prepared", "open")


def _refuse_first(obstacles: list[Obstacle]) -> None:
    if obstacles:
        raise refused(obstacles[0].code, obstacles[0].message)


def _call(deliberation_id: int, enrolments: Iterable[str]) -> None:
    """Name the candidates of a session, in order."""
    for position, enrolment in enumerate(enrolments, start=1):
        Candidacy.insert(deliberation=deliberation_id, enrolment=enrolment, position=position).execute()


def lacks_to_close(cohort_id: int, deliberation_id: int, today: date) -> list[Obstacle]:
    """List what an open session lacks to be closed."""
    found = [line.candidate for line in candidates.lines(cohort_id, deliberation_id, today)]
    rules = people.rule_set(cohort_id)
    covered = candidate_numbers.covered(cohort_id, rules)
    return prevents_closing(_members(deliberation_id), found, rules.tutor_member, covered)


def close(
    author: Author, deliberation_id: int, provider: Mapping[str, Any], printed: Callable[[Mapping[str, Any]], bytes]
) -> str:
    """Close an open session: what it decided is sealed in minutes, whose number is returned.

    A decision that was prepared before and that nobody changed is taken with the others, each with what the rules
    propose now. provider: who gives the certificate; printed: makes the PDF of the data. Raises Refused naming the
    first thing that is missing.
    """
    with database.atomic():
        kept = _keep(deliberation_id, ("prepared", *OVER), candidates.CLOSED)
        # A grade or a decision on its way through the sheet comes before, and is seen here; or after, and is refused.
        minutes.hold(deliberation_id)
        _refuse_first(lacks_to_close(kept.cohort_id, deliberation_id, date.today()))
        _leave_out_withdrawn(deliberation_id)
        candidates.take_all(author, kept.cohort_id, deliberation_id, date.today())
        moment = now()
        Deliberation.update(state="closed", closed_by=author.name, closed_at=moment).where(
            Deliberation.id == deliberation_id
        ).execute()
        record(author, kept.cohort_id, KIND, str(deliberation_id), "state", "open", "closed")
        return minutes.seal(author, deliberation_id, provider, printed, minutes_data.instant(moment))


def _leave_out_withdrawn(deliberation_id: int) -> None:
    """Leave out who left the cohort while the jury sat: nothing is decided of them."""
    gone = Enrolment.select(Enrolment.id).where(Enrolment.deleted_at.is_null(False) | Enrolment.waiting)
    Candidacy.delete().where(
        (Candidacy.deliberation == deliberation_id) & Candidacy.enrolment.in_(gone)
    ).execute()


# -- correcting what was sealed --------------------------------------------------------------------------


def supersede(author: Author, deliberation_id: int, reason: str, enrolments: Iterable[str]) -> int:
    """Prepare a session that corrects a closed one for these candidates; return its number.

    Its jury starts as the one before, and is changed where another sits. Raises Refused: no reason, no candidate, one
    whom these minutes do not hold or that later ones do.
    """
    why = _reason(reason)
    with database.atomic():
        only = Message("Seule une délibération close se corrige.")
        before = _keep(deliberation_id, ("prepared", "open", "abandoned"), only)
        chosen = corrections.chosen(before, enrolments)
        key = Deliberation.insert(
            cohort=before.cohort_id, order_number=before.order_number, order_date=before.order_date,
            place=before.place, supersedes=deliberation_id, reason=why,
        ).execute()  # fmt: skip
        _call(key, chosen)
        jury_members.copy(deliberation_id, key)
        record(author, before.cohort_id, KIND, str(key), "state", "", "prepared", why)
    return key


def _reason(text: str) -> str:
    try:
        why = SUMMARY.parse(text)
    except Refused as error:
        raise refused("reason", error.message) from None
    if not why:
        raise refused("reason", Message("Indiquez pourquoi le procès-verbal est corrigé : le motif est demandé."))
    return why


def abandon(author: Author, deliberation_id: int) -> None:
    """Give a session up, without minutes: what it decided stays prepared, what was sealed before comes back."""
    with database.atomic():
        kept = _keep(deliberation_id, OVER, Message("Cette délibération est déjà terminée."))
        if kept.state == "open" and kept.supersedes_id:
            corrections.put_back(author, kept)
        Decision.update(deliberation=None).where(Decision.deliberation == deliberation_id).execute()
        Deliberation.update(state="abandoned").where(Deliberation.id == deliberation_id).execute()
        record(author, kept.cohort_id, KIND, str(deliberation_id), "state", kept.state, "abandoned")
