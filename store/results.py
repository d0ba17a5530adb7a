"""Results of a jury: sealed when it closes, read by the jury alone until somebody publishes them.

Publication is an act of its own, with its author and its moment. A deliberation that corrects another is published
again by its own act: until then the results published before stay those that everybody reads.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from rules.jury import DECISIONS
from rules.message import Message, Refused
from rules.minutes import rank
from store import deliberations, minutes, people
from store.alphabet import name_key
from store.by_version import ByVersion
from store.changes import locked
from store.db import as_date, as_datetime, database, rows
from store.errors import Unknown
from store.journal import Author, record
from store.models import Deliberation
from store.models.base import now

#: What the journal calls the publication of a deliberation.
PUBLISHED = "results_published"


@dataclass(frozen=True)
class Session:
    """A deliberation that was closed: the number of its minutes, and whether its results are published.

    supersedes: the number of the minutes that it corrects, '' for none; published_at is None until they are.
    """

    id: int
    number: str
    held_on: date | None
    closed_at: datetime | None
    closed_by: str
    published_at: datetime | None
    published_by: str
    supersedes: str
    candidates: int


@dataclass(frozen=True)
class Result:
    """What a jury decided of one candidate and published: nothing else of the minutes is for everybody."""

    enrolment: str
    last_name: str
    first_name: str
    decision: str
    honours: str
    number: str
    held_on: date | None


_SESSIONS = """
    SELECT d.id, m.number, d.held_on, d.closed_at, d.closed_by, d.published_at, d.published_by, o.number,
           (SELECT COUNT(*) FROM candidacy c WHERE c.deliberation_id = d.id)
    FROM deliberation d JOIN minutes m ON m.deliberation_id = d.id
    LEFT JOIN minutes o ON o.deliberation_id = d.supersedes_id
    WHERE d.cohort_id = ? AND d.state = 'closed' ORDER BY m.place DESC
"""


def sessions(cohort_id: int) -> list[Session]:
    """List the deliberations of a cohort whose minutes are sealed, the last one first."""
    return [
        Session(
            key, number, as_date(held_on), as_datetime(closed_at), closed_by, as_datetime(published_at), published_by,
            former or "", candidates,
        )
        for key, number, held_on, closed_at, closed_by, published_at, published_by, former, candidates in rows(
            _SESSIONS, cohort_id
        )
    ]


def session(cohort_id: int, deliberation_id: int) -> Session:
    """Return one closed deliberation of this very cohort; raise Unknown when there is none."""
    found = next((one for one in sessions(cohort_id) if one.id == deliberation_id), None)
    if found is None:
        raise Unknown(str(deliberation_id))
    return found


def publish(author: Author, cohort_id: int, deliberation_id: int) -> None:
    """Publish the results of a deliberation: only one that is closed and sealed, once, and never under a correction."""
    with database.atomic():
        query = Deliberation.select().where((Deliberation.id == deliberation_id) & (Deliberation.cohort == cohort_id))
        found = locked(query).first()
        if found is None:
            raise Unknown(str(deliberation_id))
        # A correction opens or closes before this, or after: never meanwhile.
        people.version(cohort_id, lock=True)
        number = _number(found)
        values = {"published_at": now(), "published_by": author.name}
        Deliberation.update(values).where(Deliberation.id == deliberation_id).execute()
        record(author, cohort_id, deliberations.KIND, str(deliberation_id), PUBLISHED, "", number)


def _number(found: Deliberation) -> str:
    """Return the number of the minutes of a deliberation that may be published, or refuse."""
    sealed = rows("SELECT number FROM minutes WHERE deliberation_id = ?", found.id)
    if found.state != "closed" or not sealed:
        raise Refused("Cette délibération n'est pas close : sans procès-verbal scellé, rien n'est à publier.")
    if found.published_at is not None:
        raise Refused(Message("Les résultats du procès-verbal %(number)s sont déjà publiés.", {"number": sealed[0][0]}))
    why = _nothing_left(found, sealed[0][0]) or corrected(found.id)
    if why is not None:
        raise Refused(why)
    return sealed[0][0]


def _nothing_left(found: Deliberation, number: str) -> Message | None:
    instead = emptied(found.cohort_id).get(found.id)
    return left_nothing(number, instead) if instead else None


def left_nothing(number: str, instead: Collection[str]) -> Message:
    """Say that everything minutes decided was decided again, in these."""
    return Message(
        "Chaque décision du procès-verbal %(number)s a été corrigée : il n'a plus rien à publier. En tiennent lieu : "
        "%(instead)s.", {"number": number, "instead": ", ".join(instead)},
    )  # fmt: skip


def emptied(cohort_id: int) -> dict[int, list[str]]:
    """Return {deliberation: minutes that decide instead, the oldest first} of those none of whose decisions stands."""
    listed = minutes.listed(cohort_id)
    if not any(one.supersedes for one in listed):
        return {}
    standing = {sealed.deliberation for sealed in minutes.results(cohort_id, published=False).values()}
    return {one.deliberation: _instead(cohort_id, one.number) for one in listed if one.deliberation not in standing}


def _instead(cohort_id: int, number: str) -> list[str]:
    own = {line["id"] for line in minutes.contents(number)["candidates"]}
    later = minutes.replaced(cohort_id, number, published=False)
    return sorted({one for key, one in later.items() if key in own}, key=rank)


def corrected(deliberation_id: int) -> Message | None:
    """Say why a deliberation may not be published while another corrects it, None when none does."""
    query = """
        SELECT d.state, m.number FROM deliberation d LEFT JOIN minutes m ON m.deliberation_id = d.id
        WHERE d.supersedes_id = ? AND d.state IN ('open', 'closed') AND d.published_at IS NULL ORDER BY d.id
    """
    for state, number in rows(query, deliberation_id):
        if state == "open":
            return Message("Une délibération qui corrige celle-ci est ouverte : fermez-la et publiez-la d'abord.")
        return Message("Le procès-verbal %(number)s corrige celui-ci : publiez-le d'abord.", {"number": number})
    return None


# -- what others than the jury read ------------------------------------------------------------------


def published(cohort_id: int) -> tuple[Result, ...]:
    """List the published results of a cohort by name: the last published minutes that hold each candidate."""
    return listed(cohort_id, published=True)


def listed(cohort_id: int, published: bool) -> tuple[Result, ...]:
    """List what was decided of each candidate by name; for the jury, what is not published yet too."""
    query = "SELECT m.data_digest FROM minutes m JOIN deliberation d ON d.id = m.deliberation_id WHERE m.cohort_id = ?"
    kept = " AND d.published_at IS NOT NULL" if published else ""
    digests = tuple(row[0] for row in rows(f"{query}{kept} ORDER BY m.place", cohort_id))
    return _listed(cohort_id, published, digests) if digests else ()


@lru_cache(maxsize=64)
def _listed(cohort_id: int, published: bool, digests: tuple[str, ...]) -> tuple[Result, ...]:
    """Read the results that minutes hold; keyed by their digests, it can never be what other minutes say."""
    lines = [
        Result(
            key, one.line["last_name"], one.line["first_name"], one.decision, one.line["honours"], one.number,
            as_date(one.held_on or None),
        )
        for key, one in minutes.results(cohort_id, published).items()
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (name_key(line.last_name, line.first_name), line.enrolment)))


def texts(cohort_id: int) -> dict[str, str]:
    """Return what the staff's spreadsheet says of each result, {enrolment: French text}, '' for nobody.

    That tab names everybody: nothing is written there where the rule set wants results without names.
    """
    if not people.rule_set(cohort_id).display_names:
        return {}
    return {line.enrolment: sentence(line.decision, line.honours) for line in published(cohort_id)}


def sentence(decision: str, honours: str) -> str:
    """Write a result as one French text."""
    label = DECISIONS.get(decision, decision)
    return f"{label}, {honours}" if honours else label


def to_publish(cohorts: Mapping[int, int], today: date) -> list[tuple[str, int, str]]:
    """List the closed deliberations of these cohorts, {cohort: version}, whose results nobody published.

    Each is (cohort code, deliberation, minutes). One that a published correction is about still has other candidates.
    """
    return [line for lines in _TO_PUBLISH.of(cohorts, today).values() for line in lines]


def _unpublished(cohorts: Collection[int], today: date) -> dict[int, list[tuple[str, int, str]]]:
    marks = ", ".join("?" * len(cohorts))
    query = f"""
        SELECT c.id, c.code, d.id, m.number FROM deliberation d JOIN minutes m ON m.deliberation_id = d.id
        JOIN cohort c ON c.id = d.cohort_id
        WHERE d.cohort_id IN ({marks}) AND d.state = 'closed' AND d.published_at IS NULL
        ORDER BY m.place
    """  # noqa: S608 - only as many marks as there are cohorts
    found: dict[int, list[tuple[str, int, str]]] = {}
    for cohort_id, *line in rows(query, *cohorts):
        found.setdefault(cohort_id, []).append(tuple(line))  # type: ignore[arg-type]
    return {cohort_id: _worth_publishing(cohort_id, lines) for cohort_id, lines in found.items()}


def _worth_publishing(cohort_id: int, lines: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    empty = emptied(cohort_id)
    return [line for line in lines if line[1] not in empty]


_TO_PUBLISH = ByVersion(_unpublished)
