"""Who is named to the jury of a deliberation: their quality, when they were convened, whether they were there."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from peewee import JOIN, fn

from rules.deliberations import OVER
from rules.message import Message
from rules.papers import BETWEEN, listed
from rules.values import TYPES, Type, fold
from store import tutoring, tutors
from store.changes import Values, canonical, journal, moved, parse, refused, reserved, stored
from store.db import database, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.jury_tutors import KIND, match
from store.models import Candidacy, Deliberation, JuryMember, Tutor, User

FIELDS = ("name", "quality", "president", "convened_on", "present", "account", "tutor")
_TYPES: Mapping[str, Type] = {
    "name": TYPES["name"], "quality": TYPES["text"], "president": TYPES["yes_no"], "convened_on": TYPES["date"],
    "present": TYPES["yes_no"], "account": TYPES["email"], "tutor": TYPES["name"],
}  # fmt: skip


class Member(NamedTuple):
    """One member of a jury; present is None as long as nobody said."""

    id: int
    name: str
    quality: str
    president: bool
    convened_on: date | None
    present: bool | None
    account: str
    tutor: str


def types() -> Mapping[str, Type]:
    """Return the type of each field of a member: « tutor » is the name of a tutor of the cohort."""
    return _TYPES


def named(deliberation_id: int) -> list[Member]:
    """List the members of a jury, who presides first, then in the order in which they were named."""
    columns = [getattr(JuryMember, name) for name in ("id", "name", "quality", "president", "convened_on", "present")]
    query = (
        JuryMember.select(*columns, User.email, Tutor.name).join(User, JOIN.LEFT_OUTER).switch(JuryMember)
        .join(Tutor, JOIN.LEFT_OUTER).where(JuryMember.deliberation == deliberation_id)
        .order_by(JuryMember.president.desc(), JuryMember.id)
    )  # fmt: skip
    return [Member(*row[:6], row[6] or "", row[7] or "") for row in rows(query)]


def values(deliberation_id: int, member_id: int) -> dict[str, str]:
    """Return what a member of this very jury holds as {field: canonical text}; raise Unknown for another's."""
    member = next((one for one in named(deliberation_id) if one.id == member_id), None)
    if member is None:
        raise Unknown(str(member_id))
    return dict(zip(FIELDS, map(_text, member[1:]), strict=True))


def _text(value: object) -> str:
    # « Non » is said of somebody who was not there, where most fields only know « oui ».
    return "non" if value is False else canonical(value)


def add(author: Author, deliberation_id: int, raw: Mapping[str, object]) -> int:
    """Name somebody to a jury; return their number.

    A tutor of the cohort and an account of the same name are taken for theirs, unless others are given. Raises
    Refused naming the field.
    """
    given = parse(_TYPES, raw, {"name"}.__contains__)
    with database.atomic():
        session = _keep(deliberation_id)
        if not given.get("name"):
            raise refused("name", Message("Indiquez qui siège : un nom est demandé."))
        given.setdefault("tutor", match(given["name"], (row[1] for row in tutoring.tutors(session.cohort_id))))
        given["account"] = given.get("account") or _account_of(given["name"])
        _refuse_twice(deliberation_id, given["name"])
        member_id = JuryMember.insert(deliberation=deliberation_id, **_columns(session.cohort_id, given)).execute()
        said = {name: value for name, value in given.items() if value and value != "non"}
        journal(author, session.cohort_id, KIND, str(member_id), {}, said)
    return member_id


def change(
    author: Author, deliberation_id: int, member_id: int, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Change what is known of a member, their presence included; return what changed."""
    given = parse(_TYPES, raw, {"name"}.__contains__)
    if "president" in given:
        given["president"] = given["president"] or "non"
    with database.atomic():
        session = _keep(deliberation_id)
        current = values(deliberation_id, member_id)
        changes = moved(current, given, expected)
        if not changes:
            return {}
        if "name" in changes:
            _refuse_twice(deliberation_id, changes["name"], member_id)
            _rename(deliberation_id, current["name"], changes["name"])
        JuryMember.update(_columns(session.cohort_id, changes)).where(JuryMember.id == member_id).execute()
        journal(author, session.cohort_id, KIND, str(member_id), current, changes)
    return changes


#: What may be said at once of every member of whom it was not said yet.
OF_ALL = ("convened_on", "present")


def fill_in(author: Author, deliberation_id: int, raw: Mapping[str, object]) -> int:
    """Say when everybody was convened, or that they were there, where nothing was said; return of how many it was."""
    given = {name: text for name, text in parse(_TYPES, raw, lambda name: False).items() if name in OF_ALL and text}
    changed = 0
    with database.atomic():
        _keep(deliberation_id)
        for member in named(deliberation_id):
            current = values(deliberation_id, member.id)
            blank = {name: text for name, text in given.items() if not current[name]}
            changed += bool(blank and change(author, deliberation_id, member.id, blank))
    return changed


def remove(author: Author, deliberation_id: int, member_id: int) -> None:
    """Take somebody out of a jury; whoever stepped out for a candidate stays in it."""
    with database.atomic():
        session = _keep(deliberation_id)
        name = values(deliberation_id, member_id)["name"]
        if any(name in listed(out) for _enrolment, out in _stepped_out(deliberation_id)):
            raise Refused(Message("%(name)s s'est retiré·e pour un dossier : la délibération en garde trace.",
                                  {"name": name}))  # fmt: skip
        JuryMember.delete().where(JuryMember.id == member_id).execute()
        record(author, session.cohort_id, KIND, str(member_id), "name", name, "")


def copy(before: int, after: int) -> None:
    """Name to a new jury those of another; nothing is said yet of their convening nor of their presence."""
    columns = (JuryMember.name, JuryMember.quality, JuryMember.president, JuryMember.user, JuryMember.tutor)
    query = JuryMember.select(*columns).where(JuryMember.deliberation == before).order_by(JuryMember.id)
    for row in rows(query):
        JuryMember.insert(
            dict(zip(columns, row, strict=True)) | {JuryMember.deliberation: after}
        ).execute()


def _keep(deliberation_id: int) -> Deliberation:
    """Keep a session to this transaction; refuse one whose jury nobody changes any more."""
    session = reserved(Deliberation.select().where(Deliberation.id == deliberation_id)).first()
    if session is None:
        raise Unknown(str(deliberation_id))
    if session.state in OVER:
        raise Refused(Message("Cette délibération est terminée : la composition de son jury ne change plus."))
    return session


def _refuse_twice(deliberation_id: int, name: str, but: int = 0) -> None:
    for member in named(deliberation_id):
        if member.id != but and fold(member.name) == fold(name):
            raise refused("name", Message("%(name)s siège déjà dans ce jury.", {"name": member.name}))


def _rename(deliberation_id: int, before: str, after: str) -> None:
    """Put a member's new name where they stepped out."""
    for enrolment, out in _stepped_out(deliberation_id):
        names = BETWEEN.join(sorted(after if name == before else name for name in listed(out)))
        key = (Candidacy.deliberation == deliberation_id) & (Candidacy.enrolment == enrolment)
        Candidacy.update(stepped_out=names).where(key).execute()


def _stepped_out(deliberation_id: int) -> list[tuple[str, str]]:
    query = Candidacy.select(Candidacy.enrolment, Candidacy.stepped_out)
    return rows(query.where((Candidacy.deliberation == deliberation_id) & (Candidacy.stepped_out != "")))


def _columns(cohort_id: int, given: Values) -> dict[str, object]:
    found: dict[str, object] = {
        name: stored(JuryMember, name, given[name]) for name in ("name", "quality", "convened_on") if name in given
    }
    if "president" in given:
        found["president"] = given["president"] == "oui"
    if "present" in given:
        found["present"] = {"oui": True, "non": False}.get(given["present"])
    if "account" in given:
        found["user"] = _account(given["account"])
    if "tutor" in given:
        found["tutor"] = _tutor(cohort_id, given["tutor"])
    return found


def _account_of(name: str) -> str:
    """Return the address of the account that bears a name, '' unless one alone does."""
    found = [email for email, one in tutors.accounts() if match(name, [one])]
    return found[0] if len(found) == 1 else ""


def _account(address: str) -> int | None:
    if not address:
        return None
    found = User.select(User.id).where((fn.LOWER(User.email) == address) & User.active).scalar()
    if found is None:
        raise refused("account", Message("Personne ne se connecte avec l'adresse %(account)s : créez ce compte "
                                         "d'abord.", {"account": address}))  # fmt: skip
    return found


def _tutor(cohort_id: int, name: str) -> int | None:
    if not name:
        return None
    known = {row[1]: row[0] for row in tutoring.tutors(cohort_id)}
    if name not in known:
        raise refused("tutor", Message("%(name)s ne suit pas de note dans cette promotion.", {"name": name}))
    return known[name]
