"""Minutes of deliberations: sealed one after the other, and never changed again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from rules import chain
from rules import minutes as rules
from rules.message import Message
from store import minutes_data
from store.changes import refused
from store.db import as_datetime, execute, is_postgresql, joined, rows
from store.errors import Unknown
from store.journal import Author, Entry, record_all
from store.models.base import now

#: The columns that a seal covers, in order, after the seal before.
SEALED = (
    "place", "number", "deliberation_id", "cohort_id", "data_digest", "pdf_digest", "sealed_by", "sealed_at",
)  # fmt: skip


def hold(deliberation_id: int) -> int:
    """Keep a deliberation and the dossiers of its candidates to this transaction; return its cohort.

    To be called before anything is journalled: dossiers are always locked before their cohort.
    """
    # Its decisions refer to it: they are written meanwhile by whoever holds their dossier.
    lock = " FOR NO KEY UPDATE" if is_postgresql() else ""
    found = rows(f"SELECT cohort_id FROM deliberation WHERE id = ?{lock}", deliberation_id)  # noqa: S608
    if not found:
        raise Unknown(str(deliberation_id))
    if is_postgresql():
        rows(
            "SELECT e.id FROM enrolment e JOIN candidacy k ON k.enrolment_id = e.id WHERE k.deliberation_id = ? "
            "ORDER BY e.id FOR UPDATE OF e",
            deliberation_id,
        )
        rows("SELECT id FROM cohort WHERE id = ? FOR UPDATE", found[0][0])
    return found[0][0]


def seal(
    author: Author, deliberation_id: int, provider: Mapping[str, str], printed: Callable[[dict[str, Any]], bytes],
    now_text: str,
) -> str:  # fmt: skip
    """Seal the minutes of a deliberation that is closed, and sign its decisions; return their number.

    printed makes the PDF of the data; now_text is the instant of the seal, which covers every letter of it.
    Numbers follow one another within the year of the deliberation, seals within all minutes: neither has a hole.
    """
    with joined():
        cohort_id = hold(deliberation_id)
        _lock_chain()
        former = rows("SELECT number FROM minutes WHERE deliberation_id = ?", deliberation_id)
        if former:
            raise refused("deliberation", Message(
                "Le procès-verbal %(number)s de cette délibération est déjà scellé : une erreur demande une nouvelle "
                "délibération.", {"number": former[0][0]},
            ))  # fmt: skip
        data = _data(deliberation_id, provider)
        pdf = printed(data)
        _insert(author, deliberation_id, cohort_id, data, pdf, now_text)
        _sign(author, cohort_id, data)
    return data["number"]


def _lock_chain() -> None:
    """Keep the chain to this transaction, so that no place nor number is taken twice; SQLite is locked already."""
    if is_postgresql():
        execute("LOCK TABLE minutes IN SHARE ROW EXCLUSIVE MODE")


def _data(deliberation_id: int, provider: Mapping[str, str]) -> dict[str, Any]:
    """Return the data to seal, under their number; refuse those that lack something."""
    data = minutes_data.gather(deliberation_id, "", provider, now().date())
    lack = rules.missing(data)
    if lack:
        raise refused("deliberation", lack)
    year = int(data["deliberation"]["held_on"][:4])
    return data | {"number": rules.number(year, _rank(year))}


def _rank(year: int) -> int:
    """Return the rank of the next minutes of a year."""
    prefix = rules.number(year, 0)[:-4]
    query = "SELECT MAX(CAST(SUBSTR(number, ?) AS INTEGER)) FROM minutes WHERE number LIKE ?"
    return (rows(query, len(prefix) + 1, f"{prefix}%")[0][0] or 0) + 1


def _insert(
    author: Author, deliberation_id: int, cohort_id: int, data: dict[str, Any], pdf: bytes, now_text: str
) -> None:
    text = chain.canonical(data)
    last = rows("SELECT place, seal FROM minutes ORDER BY place DESC LIMIT 1")
    place, previous = (last[0][0] + 1, last[0][1]) if last else (1, chain.START)
    values = (
        place, data["number"], deliberation_id, cohort_id, chain.digest(text), chain.digest(pdf), author.name, now_text,
    )  # fmt: skip
    execute(
        f"INSERT INTO minutes ({', '.join(SEALED)}, data, pdf, previous, seal) "  # noqa: S608 - columns of ours
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *values, text, pdf, previous, chain.seal(previous, values),
    )  # fmt: skip


def _sign(author: Author, cohort_id: int, data: dict[str, Any]) -> None:
    """Sign the decisions that minutes hold: nothing of their dossiers changes any more.

    A material error found later takes a new deliberation, never a change of what was signed
    (Conseil d'État, 29 July 1983, no. 31842).
    """
    number, moment = data["number"], now()
    former = (data["supersedes"] or {}).get("number", "")
    candidates = [candidate["id"] for candidate in data["candidates"]]
    for candidate in candidates:
        execute("UPDATE decision SET signed_at = ? WHERE enrolment_id = ?", moment, candidate)
    sealed = Entry("minutes", number, "sealed", former, chain.digest(chain.canonical(data)))
    signed = [Entry("dossier", candidate, "signed", "", number) for candidate in candidates]
    record_all(author, cohort_id, [sealed, *signed])


@dataclass(frozen=True)
class Sealed:
    """What the last sealed minutes say of one candidate: `line` is theirs in the data of the minutes."""

    number: str
    deliberation: int
    held_on: str
    digest: str
    published_by: str
    published_at: datetime | None
    line: Mapping[str, Any]

    @property
    def decision(self) -> str:
        """Return the code of the decision."""
        return self.line["decision"]


@dataclass(frozen=True)
class Listed:
    """Minutes as a list shows them; superseded_by names those that correct them, reason is why these correct others."""

    number: str
    deliberation: int
    held_on: str
    sealed_by: str
    sealed_at: str
    digest: str
    pdf_digest: str
    candidates: int
    supersedes: str
    reason: str
    superseded_by: tuple[str, ...]
    published_by: str
    published_at: datetime | None


def contents(number: str) -> dict[str, Any]:
    """Return the data of sealed minutes; raise Unknown when there are none of this number."""
    return json.loads(text(number))


def text(number: str) -> str:
    """Return the data of sealed minutes as they were written, letter for letter."""
    return _one("data", number)


def pdf(number: str) -> bytes:
    """Return the PDF of sealed minutes, as it was printed."""
    return bytes(_one("pdf", number))


def _one(column: str, number: str) -> Any:
    found = rows(f"SELECT {column} FROM minutes WHERE number = ?", number)  # noqa: S608 - a column of ours
    if not found:
        raise Unknown(number)
    return found[0][0]


_OF_COHORT = """
    SELECT m.number, m.deliberation_id, m.sealed_by, m.sealed_at, m.data_digest, m.pdf_digest,
           d.published_by, d.published_at
    FROM minutes m JOIN deliberation d ON d.id = m.deliberation_id WHERE m.cohort_id = ? ORDER BY m.place
"""


@lru_cache(maxsize=32)
def _read(number: str, _digest: str) -> Mapping[str, Any]:
    """Return the data of minutes, read once: under one digest they never change, and 300 candidates take a while."""
    return json.loads(text(number))


def listed(cohort_id: int) -> list[Listed]:
    """List the minutes of a cohort, the newest first, with what each corrects and what corrects it."""
    found = [(row, _read(row[0], row[4])) for row in rows(_OF_COHORT, cohort_id)]
    later: dict[str, list[str]] = {}
    for row, data in found:
        if data["supersedes"]:
            later.setdefault(data["supersedes"]["number"], []).append(row[0])
    return [_listed(row, data, tuple(later.get(row[0], ()))) for row, data in reversed(found)]


def _listed(row: tuple, data: Mapping[str, Any], later: tuple[str, ...]) -> Listed:
    number, deliberation, by, at, digest, pdf_digest, publisher, published = row
    corrected = data["supersedes"] or {"number": "", "reason": ""}
    return Listed(
        number=number, deliberation=deliberation, held_on=data["deliberation"]["held_on"], sealed_by=by, sealed_at=at,
        digest=digest, pdf_digest=pdf_digest, candidates=len(data["candidates"]), supersedes=corrected["number"],
        reason=corrected["reason"], superseded_by=later, published_by=publisher, published_at=as_datetime(published),
    )  # fmt: skip


def results(cohort_id: int, published: bool = True) -> dict[str, Sealed]:
    """Return {enrolment: what the last sealed minutes say of them}; `published` keeps to those that were published."""
    found: dict[str, Sealed] = {}
    for number, deliberation, _by, _at, digest, _pdf, publisher, moment in rows(_OF_COHORT, cohort_id):
        if published and moment is None:
            continue
        data = _read(number, digest)
        for line in data["candidates"]:
            found[line["id"]] = Sealed(
                number, deliberation, data["deliberation"]["held_on"], digest, publisher, as_datetime(moment), line
            )
    return found


def replaced(cohort_id: int, number: str, published: bool = True) -> dict[str, str]:
    """Return {enrolment: the last minutes after these that decide of them}; `published` keeps to published ones."""
    return {key: one for one, enrolments in later(cohort_id, number, published) for key in enrolments}


def later(cohort_id: int, number: str, published: bool = True) -> list[tuple[str, list[str]]]:
    """List the minutes sealed after these as (number, enrolments), the oldest first; `published` as in `replaced`."""
    found = rows(_OF_COHORT, cohort_id)
    place = next(rank for rank, row in enumerate(found) if row[0] == number)
    return [
        (row[0], [line["id"] for line in _read(row[0], row[4])["candidates"]])
        for row in found[place + 1 :] if row[7] is not None or not published
    ]  # fmt: skip
