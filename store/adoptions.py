"""Spreadsheets that staff made, from the link they paste to the binding, and back.

The page only writes down what people ask and choose; the worker, which alone reaches Google, reads
the book, proposes, previews and binds. Each writes here for the other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.book_links import book_id as id_of_link
from rules.message import Message
from store.db import database, rows
from store.errors import Changed, Refused, Unknown
from store.journal import Author, record
from store.leases import clock
from store.models import Adoption, Book, Cohort
from store.models.base import now

#: What an adoption waits for. The worker serves the first three; people act on the others.
ASKED, ACCEPTED, UNDOING = "asked", "accepted", "undoing"
PROPOSED, BOUND, TROUBLE, UNDONE = "proposed", "bound", "trouble", "undone"
STATES = (ASKED, PROPOSED, ACCEPTED, BOUND, TROUBLE, UNDOING, UNDONE)
SERVED = (ASKED, ACCEPTED, UNDOING)
#: Under this name a preview keeps the mapping with which the tabs are bound now.
KEPT = "kept"
#: Seconds that a worker may take over one step before another worker does it instead.
PATIENCE = 120.0
#: Seconds before a step is served again after a trouble that passes by itself.
PAUSE = 3.0
STAFF, JURY = "staff", "jury"
_OTHER_AUDIENCE = {
    STAFF: Message(
        "Ce classeur est déjà relié comme classeur de l'équipe : il ne peut pas tenir les notes du jury. Mettez "
        "l'onglet du jury dans un classeur à part, partagé avec le seul jury."
    ),
    JURY: Message("Ce classeur est déjà relié comme classeur réservé au jury : cochez « réservé au jury »."),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """An adoption as it stands: what both the page and the worker need of it."""

    id: int
    cohort_id: int
    cohort: str
    book: str
    audience: str
    state: str
    revision: int
    live: bool
    title: str
    proposal: dict[str, Any]
    mapping: dict[str, Any]
    preview: dict[str, Any]
    trouble: str
    asked_by: str
    asked_at: datetime
    accepted_by: str
    accepted_door: str
    accepted_user: int | None
    accepted_at: datetime | None


_COLUMNS = (
    Adoption.id, Adoption.cohort, Cohort.code, Adoption.book_id, Adoption.audience, Adoption.state, Adoption.revision,
    Adoption.live, Adoption.title, Adoption.proposal, Adoption.mapping, Adoption.preview, Adoption.trouble,
    Adoption.asked_by, Adoption.asked_at, Adoption.accepted_by, Adoption.accepted_door, Adoption.accepted_user,
    Adoption.accepted_at,
)  # fmt: skip
_PARTS = slice(9, 12)


def _step(row: tuple) -> Step:
    parts = [json.loads(text) if text else {} for text in row[_PARTS]]
    return Step(*row[: _PARTS.start], *parts, *row[_PARTS.stop :])


def step(adoption_id: int) -> Step:
    """Return one adoption; raise Unknown when there is none."""
    found = rows(Adoption.select(*_COLUMNS).join(Cohort).where(Adoption.id == adoption_id))
    if not found:
        raise Unknown(str(adoption_id))
    return _step(found[0])


def listed(audiences: tuple[str, ...] = (STAFF, JURY)) -> list[tuple]:
    """List the adoptions that are not undone as (id, cohort code, book, audience, state, title, by, at, live)."""
    return rows(
        Adoption.select(
            Adoption.id, Cohort.code, Adoption.book_id, Adoption.audience, Adoption.state, Adoption.title,
            Adoption.asked_by, Adoption.asked_at, Adoption.live,
        )
        .join(Cohort)
        .where(Adoption.audience.in_(audiences) & (Adoption.state != UNDONE))
        .order_by(Adoption.id.desc())
    )  # fmt: skip


# -- what people ask ----------------------------------------------------------------------------


def ask(author: Author, cohort_id: int, pasted: str, audience: str) -> int:
    """Ask that a spreadsheet be read for a cohort, from its link; return the id of the adoption.

    The same spreadsheet asked again for the same cohort is read again. Raises Refused on a link
    that is no spreadsheet's, or one bound for other people.
    """
    key = id_of_link(pasted)
    with database.atomic():
        bound = rows(Book.select(Book.audience).where(Book.id == key))
        if bound and bound[0][0] != audience:
            raise Refused(_OTHER_AUDIENCE[bound[0][0]])
        query = Adoption.select(Adoption.id, Adoption.live).where(
            (Adoption.cohort == cohort_id) & (Adoption.book_id == key) & (Adoption.state != UNDONE)
        )
        for adoption_id, live in rows(query):
            if not live:
                _move(adoption_id, state=ASKED, audience=audience, trouble="", **_blank())
            return adoption_id
        return Adoption.insert(
            cohort=cohort_id, book_id=key, audience=audience, state=ASKED, asked_by=author.name, asked_at=now()
        ).execute()


def _blank() -> dict[str, str]:
    return {"proposal": "", "mapping": "", "preview": ""}


def look_again(adoption_id: int, revision: int) -> None:
    """Read a spreadsheet again from the start, after trouble or once it has changed; choices already made are kept."""
    with database.atomic():
        found = _as_read(adoption_id, revision, (PROPOSED, TROUBLE, BOUND))
        _move(found.id, state=ASKED, trouble="", asked_at=now())


def choose(adoption_id: int, revision: int, mapping: Mapping[str, Any]) -> bool:
    """Keep what staff chose for each tab and column, and ask what it would change; False when it is the same."""
    with database.atomic():
        found = _as_read(adoption_id, revision, (PROPOSED, TROUBLE, BOUND))
        if found.mapping == mapping:
            return False
        preview = json.dumps({KEPT: found.preview[KEPT]}) if KEPT in found.preview else ""
        _move(found.id, state=ASKED, trouble="", mapping=json.dumps(mapping), preview=preview, asked_at=now())
    return True


def accept(author: Author, adoption_id: int, revision: int) -> None:
    """Accept what the preview says: the worker checks that it still holds, then binds."""
    with database.atomic():
        found = _as_read(adoption_id, revision, (PROPOSED,))
        if found.preview.get("problems") or not found.preview:
            raise Refused(Message("Corrigez d'abord ce qui est signalé : rien n'a été relié."))
        _move(found.id, state=ACCEPTED, asked_at=now(), **_signed(author))


def undo(author: Author, adoption_id: int, revision: int) -> None:
    """Give up an adoption: what was bound is unbound by the worker, what was not is simply forgotten."""
    with database.atomic():
        found = _as_read(adoption_id, revision, (ASKED, PROPOSED, TROUBLE, BOUND))
        if found.live:
            _move(found.id, state=UNDOING, trouble="", asked_at=now(), **_signed(author))
        else:
            _move(found.id, state=UNDONE, trouble="", asked_at=now(), **_signed(author), **_blank())


def _signed(author: Author) -> dict[str, Any]:
    """Return who answers for what the worker will do."""
    who = {"accepted_by": author.name, "accepted_door": author.door, "accepted_user": author.user_id}
    return {**who, "accepted_at": now()}


def keep(adoption_id: int, revision: int) -> None:
    """Leave a bound spreadsheet as it is bound, after corrections that nobody accepted."""
    with database.atomic():
        found = _as_read(adoption_id, revision, (PROPOSED, TROUBLE))
        if not found.live:
            raise Changed("live", "")
        mapping = json.dumps(found.preview.get(KEPT, found.mapping))
        _move(found.id, state=BOUND, trouble="", mapping=mapping)


def _as_read(adoption_id: int, revision: int, states: tuple[str, ...]) -> Step:
    """Return an adoption that is still as its reader saw it; raise Changed when it is not."""
    found = step(adoption_id)
    if found.revision != revision or found.state not in states:
        raise Changed(str(revision), str(found.revision))
    return found


def _move(adoption_id: int, **values: object) -> None:
    Adoption.update(revision=Adoption.revision + 1, **values).where(Adoption.id == adoption_id).execute()


# -- what the worker answers --------------------------------------------------------------------


def waiting() -> list[int]:
    """List the adoptions that wait for a worker, the oldest request first."""
    query = Adoption.select(Adoption.id).where(Adoption.state.in_(SERVED) & (Adoption.served_until < clock()))
    return [row[0] for row in rows(query.order_by(Adoption.asked_at, Adoption.id))]


def claim(adoption_id: int) -> Step | None:
    """Take one step of an adoption for this worker; None when another has it or nothing waits any more."""
    moment = clock()
    with database.atomic():
        taken = (
            Adoption.update(served_until=moment + PATIENCE)
            .where((Adoption.id == adoption_id) & (Adoption.served_until < moment) & Adoption.state.in_(SERVED))
            .execute()
        )
        return step(adoption_id) if taken else None


def proposed(
    found: Step, title: str, proposal: Mapping[str, Any], mapping: Mapping[str, Any], preview: Mapping[str, Any]
) -> bool:
    """Keep what a worker proposes and what it would change; False when people asked something else meanwhile."""
    kept = {KEPT: found.preview[KEPT]} if KEPT in found.preview else {}
    parts = {"proposal": proposal, "mapping": mapping, "preview": {**preview, **kept}}
    texts = {name: json.dumps(part, ensure_ascii=False) for name, part in parts.items()}
    return _answer(found, state=PROPOSED, title=title, trouble="", **texts)


def troubled(found: Step, trouble: str) -> bool:
    """Keep why an adoption cannot go on, in French."""
    return _answer(found, state=TROUBLE, trouble=trouble)


def bound(found: Step) -> bool:
    """Note that the tabs of an adoption are bound, and who accepted it."""
    before, after = ("bound", "rebound") if found.live else ("", "bound")
    record(_accepter(found), found.cohort_id, "book", found.book, "binding", before, after)
    preview = json.dumps({**found.preview, KEPT: found.mapping}, ensure_ascii=False)
    return _answer(found, state=BOUND, live=True, trouble="", preview=preview)


def undone(found: Step) -> bool:
    """Note that the tabs of an adoption are no longer bound, and who asked that; what was read of it is forgotten."""
    record(_accepter(found), found.cohort_id, "book", found.book, "binding", "bound", "unbound")
    return _answer(found, state=UNDONE, live=False, trouble="", **_blank())


def postponed(found: Step, trouble: str = "") -> None:
    """Give a step back, to be served again: the trouble it met, in French, passes by itself."""
    Adoption.update(served_until=clock() + PAUSE, trouble=trouble).where(
        (Adoption.id == found.id) & (Adoption.revision == found.revision)
    ).execute()


def _accepter(found: Step) -> Author:
    return Author(found.accepted_by, found.accepted_door, found.accepted_user)


def _answer(found: Step, **values: object) -> bool:
    done = (
        Adoption.update(revision=Adoption.revision + 1, served_until=0, **values)
        .where((Adoption.id == found.id) & (Adoption.revision == found.revision))
        .execute()
    )
    if not done:
        Adoption.update(served_until=0).where(Adoption.id == found.id).execute()
    return bool(done)
