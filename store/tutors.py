"""Who may tutor in a cohort: name, capacity, themes, where to write to them, and the account they sign in with."""

from collections.abc import Mapping
from typing import NamedTuple

from peewee import fn

from rules.message import Message
from rules.papers import BETWEEN, listed, parse_list
from rules.values import TYPES, Type, fold, show_text, within
from store import jury_tutors, tutoring
from store.alphabet import name_key
from store.changes import Values, canonical, journal, locked, moved, parse, refused, stored
from store.db import database, rows
from store.errors import Refused, Unknown
from store.journal import Author, record, touch
from store.models import Enrolment, Exclusion, Paper, Participant, Tutor, Tutorship, User

FIELDS = ("name", "capacity", "themes", "email", "account")
#: Of these, what one cohort alone says of a tutor.
OF_COHORT = ("capacity", "themes")
#: Nobody follows more: a number typed in the wrong field is told at once.
MOST_PAPERS = 500
_TYPES = {
    "name": TYPES["name"],
    "capacity": within(TYPES["integer"], 0, MOST_PAPERS),
    "themes": Type("list", parse_list, show_text, str),
    "email": TYPES["email"],
    "account": TYPES["email"],
}


class Settings(NamedTuple):
    """One tutor of a cohort as canonical texts; `account` is the address with which they sign in."""

    id: int
    name: str
    capacity: str
    themes: str
    email: str
    account: str
    followed: int


def types() -> dict[str, Type]:
    """Return the type of each field of a tutor."""
    return _TYPES


def of_cohort(cohort_id: int) -> list[Settings]:
    """List who may tutor in a cohort, in the order of names."""
    followed = {row[0]: row[3] for row in tutoring.tutors(cohort_id)}
    query = (
        Tutorship.select(Tutor.id, Tutor.name, Tutorship.capacity, Tutorship.themes, Tutor.email, User.email)
        .join(Tutor).left_outer_join(User).where(Tutorship.cohort == cohort_id)
    )  # fmt: skip
    found = [Settings(row[0], *map(canonical, row[1:]), followed[row[0]]) for row in rows(query)]
    return sorted(found, key=lambda tutor: name_key(tutor.name))


def accounts() -> list[tuple]:
    """List the accounts that a tutor may sign in with, as (address, name)."""
    return rows(User.select(User.email, User.name).where(User.active).order_by(User.email))


def values(cohort_id: int, tutor_id: int) -> dict[str, str]:
    """Return what a tutor of a cohort holds as {field: canonical text}; raise Unknown for one of another cohort."""
    query = Tutorship.select().where((Tutorship.cohort == cohort_id) & (Tutorship.tutor == tutor_id))
    tutorship = locked(query).first()
    if tutorship is None:
        raise Unknown(str(tutor_id))
    tutor = tutorship.tutor
    account = User.select(User.email).where(User.id == tutor.user_id).scalar()
    held = (tutor.name, tutorship.capacity, tutorship.themes, tutor.email, account)
    return dict(zip(FIELDS, map(canonical, held), strict=True))


def add(author: Author, cohort_id: int, raw: Mapping[str, object]) -> int:
    """Let someone tutor in a cohort; return their id. Refused as `tutoring.add_tutor` and `change` refuse."""
    given = parse(_TYPES, raw, lambda name: False)
    with database.atomic():
        tutor_id = tutoring.add_tutor(author, cohort_id, given.pop("name", ""), None)
        change(author, cohort_id, tutor_id, {name: text for name, text in given.items() if text})
    return tutor_id


def change(
    author: Author, cohort_id: int, tutor_id: int, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Change values of a tutor; a new name follows in every wish that named them. Return what changed.

    Raises Refused for a name that reads like that of somebody else, an account that is nobody's or another tutor's.
    """
    given = parse(_TYPES, raw, {"name"}.__contains__)
    with database.atomic():
        current = values(cohort_id, tutor_id)
        changes = moved(current, given, expected)
        if not changes:
            return {}
        _refuse_alike(tutor_id, changes)
        cohorts = sorted(_cohorts(tutor_id))
        jury_tutors.hold(cohorts if "name" in changes else ())
        if "name" in changes:
            _rewrite_wishes(author, tutor_id, current["name"], changes["name"])
        _write(cohort_id, tutor_id, changes)
        journal(author, cohort_id, "tutorship", str(tutor_id), current, changes)
        if set(changes) - set(OF_COHORT):
            for cohort in set(cohorts) - {cohort_id}:
                touch(cohort)
        for cohort in cohorts if "name" in changes else ():
            jury_tutors.link(author, cohort)
    return changes


def _refuse_alike(tutor_id: int, changes: Values) -> None:
    others = rows(Tutor.select(Tutor.name, User.email).left_outer_join(User).where(Tutor.id != tutor_id))
    for name, account in others:
        if fold(name) == fold(changes.get("name", "")):
            raise refused("name", Message("« %(name)s » se lit comme %(other)s, qui est déjà tuteur ou tutrice.",
                                          {"name": changes["name"], "other": name}))  # fmt: skip
        if account and account == changes.get("account"):
            raise refused("account", Message("Le compte %(account)s est déjà celui de %(other)s.",
                                             {"account": account, "other": name}))  # fmt: skip


def _write(cohort_id: int, tutor_id: int, changes: Values) -> None:
    of_cohort = {name: stored(Tutorship, name, changes[name]) for name in OF_COHORT if name in changes}
    own: dict[str, object] = {name: stored(Tutor, name, changes[name]) for name in ("name", "email") if name in changes}
    if "account" in changes:
        own["user"] = _user(changes["account"])
    if own:
        Tutor.update(own).where(Tutor.id == tutor_id).execute()
    if of_cohort:
        Tutorship.update(of_cohort).where(
            (Tutorship.cohort == cohort_id) & (Tutorship.tutor == tutor_id)
        ).execute()


def _user(account: str) -> int | None:
    if not account:
        return None
    found = User.select(User.id).where((fn.LOWER(User.email) == account) & User.active).scalar()
    if found is None:
        raise refused("account", Message("Personne ne se connecte avec l'adresse %(account)s : créez ce compte "
                                         "d'abord.", {"account": account}))  # fmt: skip
    return found


def _cohorts(tutor_id: int) -> set[int]:
    return {row[0] for row in rows(Tutorship.select(Tutorship.cohort).where(Tutorship.tutor == tutor_id))}


def _rewrite_wishes(author: Author, tutor_id: int, before: str, after: str) -> None:
    """Put a tutor's new name in the wishes that named them; papers are locked in one order, before any cohort is."""
    query = (
        Paper.select(Paper, Enrolment.cohort).join(Enrolment)
        .where(Enrolment.cohort.in_(_cohorts(tutor_id)) & (Paper.wishes != "")).order_by(Paper.id)
    )  # fmt: skip
    for paper in list(locked(query)):
        wishes = BETWEEN.join(after if fold(item) == fold(before) else item for item in listed(paper.wishes))
        if wishes != paper.wishes:
            Paper.update(wishes=wishes).where(Paper.id == paper.id).execute()
            changed = {"wishes": paper.wishes}, {"wishes": wishes}
            journal(author, paper.enrolment.cohort_id, "paper", paper.id, *changed)


def remove(author: Author, cohort_id: int, tutor_id: int) -> None:
    """Let somebody tutor in a cohort no more; refused, naming whose, while they follow papers.

    Papers of those who left the lists lose them, which their history says; their exclusions go with them.
    """
    with database.atomic():
        name = values(cohort_id, tutor_id)["name"]
        followed = _followed(cohort_id, tutor_id)
        held = [who for _paper, who, gone in followed if not gone]
        if held:
            raise Refused(Message("%(name)s suit encore %(count)s note(s) : %(who)s. Donnez-les d'abord à quelqu'un "
                                  "d'autre.", {"name": name, "count": len(held), "who": ", ".join(held)}))  # fmt: skip
        for paper, _who, _gone in followed:
            current = tutoring.held([paper])[paper]
            mine = {field: "" for field in tutoring.FOLLOWING if current[field] == name}
            tutoring.change(author, paper, mine)
        papers = Paper.select(Paper.id).join(Enrolment).where(Enrolment.cohort == cohort_id)
        Exclusion.delete().where((Exclusion.tutor == tutor_id) & Exclusion.paper.in_(papers)).execute()
        Tutorship.delete().where((Tutorship.cohort == cohort_id) & (Tutorship.tutor == tutor_id)).execute()
        record(author, cohort_id, "tutorship", str(tutor_id), "tutor", name, "")


def _followed(cohort_id: int, tutor_id: int) -> list[tuple[str, str, bool]]:
    """List the papers that somebody follows as (paper, whose, whether they left the lists), locked."""
    query = (
        Paper.select(Paper.id, Participant.last_name, Participant.first_name, Enrolment.deleted_at, Enrolment.waiting)
        .join(Enrolment).join(Participant)
        .where((Enrolment.cohort == cohort_id) & ((Paper.tutor == tutor_id) | (Paper.cotutor == tutor_id)))
    )  # fmt: skip
    found = sorted(rows(query), key=lambda row: (name_key(row[1], row[2]), row[0]))
    return [(row[0], f"{row[1]} {row[2]}", row[3] is not None or bool(row[4])) for row in found]
