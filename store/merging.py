"""One person who was entered twice: who they may be, what contradicts, and one line kept for both.

What was recorded on the other line is copied to the one kept, and stays on the other, which is withdrawn:
bringing it back takes the merge back, save what the kept line was given.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rapidfuzz import fuzz

from rules.message import Message
from rules.normal_form import fold
from store import following, following_merging, jury, people, rosters, tutoring, unit_reports
from store.changes import refused
from store.db import database, execute, rows
from store.errors import Refused, Unknown
from store.journal import Author, Entry, record, record_all
from store.models import Participant
from store.participant_fields import FIELDS

#: Names at least this alike, in percent, may be one person's.
ALIKE = 90
#: Fields of the person, which both their lines show when they are in two cohorts.
OF_PERSON = tuple(name for name, field in FIELDS.items() if field.model is Participant)


class Pair(NamedTuple):
    """Two lines that may be one person's: (enrolment, name, email, code of the cohort) of each."""

    first: tuple[str, str, str, str]
    second: tuple[str, str, str, str]
    same_email: bool


class Contradiction(NamedTuple):
    """A value that both lines have and that differs: its kind for the journal, its field, and both values."""

    kind: str
    field: str
    kept: str
    other: str


_LINES = """
    SELECT e.id, p.last_name, p.first_name, p.email, c.code, e.cohort_id, p.id
    FROM enrolment e JOIN participant p ON p.id = e.participant_id JOIN cohort c ON c.id = e.cohort_id
    WHERE e.deleted_at IS NULL ORDER BY e.cohort_id, e.position, e.id
"""


def likely(cohort_id: int) -> list[Pair]:
    """List the lines of a cohort that may be those of one person entered twice, here or in another cohort."""
    everyone = [(*row, fold(f"{row[1]} {row[2]}")) for row in rows(_LINES)]
    here = [row for row in everyone if row[5] == cohort_id]
    found = []
    for place, row in enumerate(here):
        others = here[place + 1 :] + [other for other in everyone if other[5] != cohort_id]
        for other in others:
            if row[6] == other[6] and row[5] != other[5]:
                continue
            same_email = bool(row[3]) and row[3] == other[3]
            if same_email or fuzz.token_sort_ratio(row[7], other[7], score_cutoff=ALIKE):
                found.append(Pair(_called(row), _called(other), same_email))
    return found


def _called(row: tuple) -> tuple[str, str, str, str]:
    return row[0], f"{row[1]} {row[2]}", row[3], row[4]


def places(keys: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return {enrolment: (cohort, code)} of those of these lines that are not withdrawn."""
    wanted = list(keys)
    marks = ", ".join("?" for _ in wanted)
    query = "SELECT e.id, e.cohort_id, c.code FROM enrolment e JOIN cohort c ON c.id = e.cohort_id "
    found = rows(f"{query} WHERE e.deleted_at IS NULL AND e.id IN ({marks})", *wanted)  # noqa: S608
    return {key: (cohort_id, code) for key, cohort_id, code in found}


def contradictions(keep: str, other: str) -> list[Contradiction]:
    """List what is recorded of both lines of one cohort and differs: no merge chooses between those."""
    papers = {key: (tutoring.beside(key) or ("", ""))[1] for key in (keep, other)}
    held, noted = tutoring.held(papers.values()), following.held(papers.values())
    sides = {
        "mark": rosters.held([keep, other]),
        "dossier": jury.shown(people.cohort_of(keep), [keep, other]),
        "paper": {key: held.get(paper, {}) for key, paper in papers.items()},
        following.KIND: {key: noted.get(paper, {}) for key, paper in papers.items()},
    }
    found = []
    for kind, values in sides.items():
        ours, theirs = values.get(keep, {}), values.get(other, {})
        found += [
            Contradiction(kind, name, ours[name], value)
            for name, value in theirs.items()
            if value and ours.get(name) and ours[name] != value
        ]
    return found


def merge(author: Author, keep: str, other: str, chosen: Mapping[str, str] | None = None) -> None:
    """Make one of two lines; `chosen` are the values to keep where both differ, {field: canonical text}.

    In one cohort the other line is withdrawn; in two, both become lines of one person.
    Raises Refused when what was recorded of both contradicts, Unknown when either is gone.
    """
    if keep == other:
        raise Refused(Message("Choisissez deux lignes différentes.", {}))
    with database.atomic():
        found = places((keep, other))
        for key in (keep, other):
            if key not in found:
                raise Unknown(key)
        here, there = found[keep][0], found[other][0]
        for cohort_id in sorted({here, there}):
            people.version(cohort_id, lock=True)
        people.change(author, keep, {n: v for n, v in (chosen or {}).items() if here == there or n in OF_PERSON})
        if here == there:
            _refuse_contradictions(keep, other)
            _copy(author, here, keep, other)
            people.remove(author, other)
        else:
            _one_person(keep, other)
        record(author, there, "enrolment", other, "merged", "", keep)
        record(author, here, "enrolment", keep, "merged", "", other)


def _refuse_contradictions(keep: str, other: str) -> None:
    found = contradictions(keep, other)
    if found:
        raise refused("merged", Message(
            "Ces deux lignes ne peuvent pas être fusionnées : %(count)s valeur(s) se contredisent.",
            {"count": len(found)},
        ))
    if jury.hidden(people.cohort_of(other), other):
        raise refused("merged", Message(
            "L'autre ligne a des notes saisies sous un numéro : levez d'abord l'anonymat, ou gardez plutôt celle-là.",
            {},
        ))
    if rows("SELECT 1 FROM certificate WHERE enrolment_id = ?", other):
        raise refused("merged", Message(
            "Un certificat de réalisation a été délivré sur l'autre ligne : gardez plutôt celle-là.",
            {},
        ))


def _copy(author: Author, cohort_id: int, keep: str, other: str) -> None:
    """Give the kept line what only the other has; its marks and signatures keep by whom and when."""
    mine = rosters.held([keep]).get(keep, {})
    theirs = rosters.held([other]).get(other, {})
    taken = [Entry("mark", keep, half_day, "", cell) for half_day, cell in theirs.items() if half_day not in mine]
    record_all(author, cohort_id, taken)
    for table, columns in (("mark", "status, minutes, by, at"), ("signature", "signed, by, at")):
        execute(
            f"INSERT INTO {table} (enrolment_id, half_day_id, {columns}) "  # noqa: S608 - names of ours
            f"SELECT ?, half_day_id, {columns} FROM {table} WHERE enrolment_id = ? AND half_day_id NOT IN "
            f"(SELECT half_day_id FROM {table} WHERE enrolment_id = ?)",
            keep, other, keep,
        )  # fmt: skip
    papers = [(tutoring.beside(key) or ("", ""))[1] for key in (keep, other)]
    held = tutoring.held(papers)
    written = _missing(held.get(papers[0], {}), held.get(papers[1], {}))
    if written:
        tutoring.change(author, papers[0], written)
    if all(papers):
        following_merging.copy(author, cohort_id, *papers)
    unit_reports.copy(author, cohort_id, keep, other)
    dossiers = jury.shown(cohort_id, [keep, other])
    dossier = _missing(dossiers.get(keep, {}), dossiers.get(other, {}))
    if dossier:
        jury.change(author, keep, dossier)


def _missing(mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in theirs.items() if value and not mine.get(name)}


def _one_person(keep: str, other: str) -> None:
    query = "UPDATE enrolment SET participant_id = (SELECT participant_id FROM enrolment WHERE id = ?) WHERE id = ?"
    execute(query, keep, other)
