"""Papers and their tutors."""

from collections.abc import Iterable, Mapping

from peewee import JOIN

from rules.message import Message
from rules.papers import MILESTONES, PERCENT, parse_list
from rules.values import TYPES, Type, choice, fold, show_text, within
from store import former_tutors, jury_tutors
from store.alphabet import name_key
from store.changes import Values, canonical, journal, locked, moved, parse, refused, stored
from store.db import as_date, database, rows
from store.errors import Unknown
from store.journal import Author, record
from store.models import Cohort, Enrolment, Paper, Participant, Tutor, Tutorship, User

FIELDS = (
    "title", "problem", "tutor", "workshop", "milestone", "deposited_on", "pages", "link",
    "cotutor", "wishes", "report_link", "similarity",
)  # fmt: skip
#: Of these, who follows the paper.
FOLLOWING = ("tutor", "cotutor")
#: Longer than any paper; a number typed in the wrong cell is told at once.
MOST_PAGES = 2000
_TYPES = {
    "title": TYPES["text"],
    "problem": TYPES["text"],
    "workshop": TYPES["text"],
    "milestone": choice({code: label for code, label in MILESTONES.items() if code}),
    "deposited_on": TYPES["date"],
    "pages": within(TYPES["integer"], 1, MOST_PAGES),
    "link": TYPES["link"],
    "wishes": Type("list", parse_list, show_text, str),
    "report_link": TYPES["link"],
    "similarity": within(PERCENT, 0, 100),
}


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field of a paper; a tutor is chosen by name, a former one too, among the cohort's."""
    names = {row[1]: row[1] for row in tutors(cohort_id)}
    return {**_TYPES, **dict.fromkeys(FOLLOWING, former_tutors.choice_of(cohort_id, names))}


def tutors(cohort_id: int) -> list[tuple]:
    """List who may tutor in a cohort as (id, name, capacity or None, papers followed); a co-tutored one counts too."""
    found = rows(
        """
        SELECT t.id, t.name, s.capacity, (
            SELECT COUNT(*) FROM paper n JOIN enrolment e ON e.id = n.enrolment_id
            WHERE t.id IN (n.tutor_id, n.cotutor_id) AND e.cohort_id = s.cohort_id
                AND e.deleted_at IS NULL AND NOT e.waiting)
        FROM tutorship s JOIN tutor t ON t.id = s.tutor_id WHERE s.cohort_id = ?
        """,
        cohort_id,
    )
    return sorted(found, key=lambda row: name_key(row[1]))


def papers(cohort_id: int, follower: int | None = None) -> list[tuple]:
    """List the papers of a cohort, or only those that one account follows.

    Each is (id, enrolment, last name, first name, title, problem, tutor name, workshop, milestone,
    deposited_on, pages, link, cotutor name, wishes, report link, similarity, user id of the tutor, of the
    cotutor); in the order of FIELDS from the fifth.
    """
    found = rows(
        """
        SELECT n.id, n.enrolment_id, p.last_name, p.first_name, n.title, n.problem, t.name, n.workshop, n.milestone,
               n.deposited_on, n.pages, n.link, c.name, n.wishes, n.report_link, n.similarity, t.user_id, c.user_id
        FROM paper n
        JOIN enrolment e ON e.id = n.enrolment_id
        JOIN participant p ON p.id = e.participant_id
        LEFT JOIN tutor t ON t.id = n.tutor_id
        LEFT JOIN tutor c ON c.id = n.cotutor_id
        WHERE e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting
        """,
        cohort_id,
    )
    dated = [(*row[:9], as_date(row[9]), *row[10:]) for row in found if follower is None or follower in row[16:18]]
    return sorted(dated, key=lambda row: (name_key(row[2], row[3]), row[0]))


def snapshot(cohort_id: int) -> dict[str, dict[str, str]]:
    """Return every paper as {id: {field: canonical text}}."""
    return {row[0]: dict(zip(FIELDS, map(canonical, row[4:16]), strict=True)) for row in papers(cohort_id)}


def held(papers: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what these papers hold as {id: {field: canonical text}}."""
    Second = Tutor.alias()
    named = {"tutor": Tutor.name, "cotutor": Second.name}
    columns = [named.get(name) or getattr(Paper, name) for name in FIELDS]
    query = Paper.select(Paper.id, *columns).join(Tutor, JOIN.LEFT_OUTER, on=Paper.tutor).switch(Paper)
    found = rows(query.join(Second, JOIN.LEFT_OUTER, on=Paper.cotutor).where(Paper.id.in_(list(papers))))
    return {row[0]: dict(zip(FIELDS, map(canonical, row[1:]), strict=True)) for row in found}


def owners(cohort_id: int) -> dict[str, str]:
    """Return {paper: enrolment} of a cohort."""
    return {row[0]: row[1] for row in papers(cohort_id)}


def beside(key: str) -> tuple[str, str] | None:
    """Return (enrolment, paper) of a person, given either; None for anything else."""
    found = rows(Paper.select(Paper.enrolment, Paper.id).where((Paper.id == key) | (Paper.enrolment == key)))
    return found[0] if found else None


def owner_users(cohort_id: int, paper_id: str) -> set[int] | None:
    """Return the accounts of those who follow a paper, None when there is no such paper."""
    found = rows(
        """
        SELECT t.user_id, c.user_id FROM paper n JOIN enrolment e ON e.id = n.enrolment_id
        LEFT JOIN tutor t ON t.id = n.tutor_id LEFT JOIN tutor c ON c.id = n.cotutor_id
        WHERE n.id = ? AND e.cohort_id = ? AND e.deleted_at IS NULL AND NOT e.waiting
        """,
        paper_id, cohort_id,
    )  # fmt: skip
    return {user for user in found[0] if user is not None} if found else None


def followed(user_id: int) -> set[str]:
    """Return the ids of the papers that one account follows, in every promotion."""
    return {row[1] for row in of_user(user_id)}


def removed(cohort_id: int) -> set[str]:
    """Return the ids of the papers of those who are in no list: withdrawn, or on the waiting list."""
    query = (
        "SELECT n.id FROM paper n JOIN enrolment e ON e.id = n.enrolment_id "
        "WHERE e.cohort_id = ? AND (e.deleted_at IS NOT NULL OR e.waiting)"
    )
    return {row[0] for row in rows(query, cohort_id)}


def change(
    author: Author, paper_id: str, raw: Mapping[str, object], expected: Values | None = None, reason: str = ""
) -> dict[str, str]:
    """Change values of a paper, its tutors by name included, with why when it is said; return what changed."""
    with database.atomic():
        paper = locked(Paper.select().where(Paper.id == paper_id)).first()
        if paper is None:
            raise Unknown(paper_id)
        cohort_id = Enrolment.select(Enrolment.cohort).where(Enrolment.id == paper.enrolment_id).scalar()
        values = parse(types(cohort_id), raw, lambda name: False)
        current = held([paper_id])[paper_id]
        changes = moved(current, values, expected)
        _check_both(current | changes, changes)
        if changes:
            Paper.update(_columns(changes)).where(Paper.id == paper_id).execute()
            journal(author, cohort_id, "paper", paper_id, current, changes, reason.strip())
    return changes


def _check_both(values: Values, changes: Values) -> None:
    """Refuse one person as tutor and as cotutor of the same paper."""
    for name in FOLLOWING:
        if changes.get(name) and values["tutor"] == values["cotutor"]:
            said = {"name": changes[name]}
            raise refused(name, Message("%(name)s suit déjà cette note : l'autre tuteur est quelqu'un d'autre.", said))


def _columns(values: Values) -> dict[str, object]:
    columns = {name: stored(Paper, name, value) for name, value in values.items() if name not in FOLLOWING}
    for name in set(FOLLOWING) & set(values):
        columns[name] = Tutor.select(Tutor.id).where(Tutor.name == values[name]).scalar()
    return columns


def assign(
    author: Author, paper_id: str, tutor: str, expected: str | None = None, reason: str = ""
) -> dict[str, str]:
    """Give a paper to a tutor, by name, or to nobody (''), with why when it is said."""
    return change(author, paper_id, {"tutor": tutor}, None if expected is None else {"tutor": expected}, reason)


def add_tutor(author: Author, cohort_id: int, name: str, capacity: int | None, email: str = "") -> int:
    """Let someone tutor in a cohort; `email` links the account with which they sign in.

    Whoever tutors elsewhere under a name that reads the same is that person, and so is a member of a jury to come
    of this cohort. Raises Refused: no name, a
    capacity below zero, a name that reads like that of a tutor already there (papers name their tutor:
    two that read the same could not be told apart).
    """
    name = TYPES["name"].parse(name)
    if not name:
        raise refused("name", Message("Indiquez le nom de la personne.", {}))
    if capacity is not None and capacity < 0:
        raise refused("capacity", Message("La capacité ne peut pas être négative.", {}))
    with database.atomic():
        jury_tutors.hold([cohort_id])
        locked(Cohort.select(Cohort.id).where(Cohort.id == cohort_id)).first()
        if fold(name) in {fold(row[1]) for row in tutors(cohort_id)}:
            raise refused("name", Message("%(name)s est déjà parmi les tuteurs de cette promotion.", {"name": name}))
        name = next((known for (known,) in rows(Tutor.select(Tutor.name)) if fold(known) == fold(name)), name)
        user = User.select(User.id).where(User.email == email).scalar() if email else None
        tutor, made = Tutor.get_or_create(name=name, defaults={"user": user})
        if not made and user is not None:
            Tutor.update(user=user).where(Tutor.id == tutor.id).execute()
        Tutorship.insert(cohort=cohort_id, tutor=tutor.id, capacity=capacity).execute()
        record(author, cohort_id, "tutorship", str(tutor.id), "tutor", "", name)
        jury_tutors.link(author, cohort_id)
    return tutor.id


def of_user(user_id: int) -> list[tuple]:
    """List the papers that one account follows, as (cohort code, paper, last name, first name, title, milestone)."""
    found = rows(
        Paper.select(
            Cohort.code, Paper.id, Participant.last_name, Participant.first_name, Paper.title, Paper.milestone
        )
        .join(Enrolment)
        .join(Participant)
        .switch(Enrolment)
        .join(Cohort)
        .switch(Paper)
        .join(Tutor, on=(Tutor.id == Paper.tutor) | (Tutor.id == Paper.cotutor))
        .where((Tutor.user == user_id) & Enrolment.deleted_at.is_null() & ~Enrolment.waiting)
    )
    return sorted(found, key=lambda row: (row[0], name_key(row[2], row[3]), row[1]))
