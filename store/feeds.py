"""Secret addresses that give a calendar: of a cohort, or of a teacher in every cohort."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple

from rules.message import Message
from rules.normal_form import fold
from rules.teachers import key, names
from store.changes import refused
from store.db import as_date, as_datetime, execute, is_postgresql, joined, rows
from store.journal import Author, record
from store.models import Cohort, Feed
from store.models.base import now

#: 32 bytes: nobody guesses an address, however many they try.
_BYTES = 32


class Address(NamedTuple):
    """A secret address: whose calendar it gives, who made it and when; cohort is None for a teacher's."""

    token: str
    cohort_id: int | None
    teacher: str
    by: str
    at: datetime
    code: str = ""
    title: str = ""

    @property
    def name(self) -> str:
        """Return how this calendar is called in the program that shows it."""
        return self.teacher or f"{self.code} · {self.title}"


class Published(NamedTuple):
    """One dated half-day of a feed, with how many times it changed, and when it last did."""

    id: str
    cohort: str
    module: str
    title: str
    day: date
    start: str
    end: str
    kind: str
    modality: str
    place: str
    teachers: str
    revisions: int
    changed: datetime


_ADDRESSES = """
    SELECT f.token, f.cohort_id, f.teacher, f."by", f.at, COALESCE(c.code, ''), COALESCE(c.title, '')
    FROM feed f LEFT JOIN cohort c ON c.id = f.cohort_id
"""


def of_token(token: str) -> Address | None:
    """Return the address that a token is, or None: it was never one, or is one no more."""
    found = rows(f"{_ADDRESSES} WHERE f.token = ?", token)
    return _address(found[0]) if found else None


def _address(row: tuple) -> Address:
    return Address(*row[:4], as_datetime(row[4]), *row[5:])


def of_cohort(cohort_id: int) -> Address | None:
    """Return the address of a cohort's calendar, or None."""
    found = rows(f"{_ADDRESSES} WHERE f.cohort_id = ?", cohort_id)
    return _address(found[0]) if found else None


def of_teachers() -> dict[str, Address]:
    """Return {key of the name: address} of every teacher who has one."""
    found = rows(f"{_ADDRESSES} WHERE f.cohort_id IS NULL ORDER BY f.teacher")
    return {key(row[2]): _address(row) for row in found}


def teachers(cohort_id: int) -> list[str]:
    """List who teaches in a cohort, each name once, as first written."""
    query = "SELECT teachers FROM half_day WHERE cohort_id = ? AND deleted_at IS NULL AND teachers <> '' ORDER BY day"
    found = {key(name): name for (cell,) in reversed(rows(query, cohort_id)) for name in reversed(names(cell))}
    return sorted(found.values(), key=fold)


# -- Verbs -----------------------------------------------------------------------------------------------


def feed(author: Author, cohort_id: int | None = None, teacher: str = "") -> str:
    """Return the secret of a calendar, making it when there is none yet."""
    with _alone():
        found = _found(cohort_id, teacher)
        return found.token if found else _made(author, cohort_id, teacher, "", "made")


def renew(author: Author, cohort_id: int | None = None, teacher: str = "") -> str:
    """Give a calendar another secret: whoever has the former one reads nothing more. Return the new one."""
    with _alone():
        found = _found(cohort_id, teacher)
        _end(cohort_id, teacher)
        return _made(author, cohort_id, found.teacher if found else teacher, "made" if found else "", "renewed")


def stop(author: Author, cohort_id: int | None = None, teacher: str = "") -> None:
    """End the secret address of a calendar; nothing happens where there is none."""
    with _alone():
        if found := _found(cohort_id, teacher):
            _end(cohort_id, teacher)
            _journal(author, cohort_id, found.teacher, "made", "stopped")


@contextmanager
def _alone() -> Iterator[None]:
    """Open a transaction that nobody makes an address beside: two for one teacher would outlive a renewal."""
    with joined():
        if is_postgresql():
            execute("LOCK TABLE feed IN SHARE ROW EXCLUSIVE MODE")
        yield


def _found(cohort_id: int | None, teacher: str) -> Address | None:
    return of_cohort(cohort_id) if cohort_id is not None else of_teachers().get(key(teacher))


def _end(cohort_id: int | None, teacher: str) -> None:
    """End every address of a calendar: one teacher may have got two, under two spellings."""
    tokens = rows("SELECT token, cohort_id, teacher FROM feed")
    for token, owner, name in tokens:
        if owner == cohort_id and (cohort_id is not None or key(name) == key(teacher)):
            execute("DELETE FROM feed WHERE token = ?", token)


def _made(author: Author, cohort_id: int | None, teacher: str, was: str, becomes: str) -> str:
    if cohort_id is None and not key(teacher):
        raise refused("teacher", Message("Indiquez de qui est ce calendrier."))
    if len(teacher) > Feed.teacher.max_length:
        values = {"length": len(teacher), "most": Feed.teacher.max_length}
        raise refused("teacher", Message("Ce nom est trop long : %(length)s caractères, %(most)s au plus.", values))
    token = secrets.token_urlsafe(_BYTES)
    Feed.insert(token=token, cohort=cohort_id, teacher=teacher, by=author.name, at=now()).execute()
    _journal(author, cohort_id, teacher, was, becomes)
    return token


def _journal(author: Author, cohort_id: int | None, teacher: str, was: str, becomes: str) -> None:
    """Write what happened to an address in the journal, never its secret."""
    about = Cohort.select(Cohort.code).where(Cohort.id == cohort_id).scalar() if cohort_id is not None else teacher
    record(author, cohort_id, "feed", about, "address", was, becomes)


# -- What a feed holds --------------------------------------------------------------------------------------


def held(address: Address) -> tuple[list[Published], datetime]:
    """List the dated half-days that an address gives, by day, and say when anything that it may hold last changed."""
    of_cohort = address.cohort_id is not None
    which, values = ("h.cohort_id = ?", (address.cohort_id,)) if of_cohort else ("h.teachers <> ''", ())
    found = rows(
        f"""
        SELECT h.id, c.code, m.number, m.title, h.day, h.start, h."end", h.kind, h.modality, h.place, h.teachers,
               h.module_id
        FROM half_day h JOIN cohort c ON c.id = h.cohort_id LEFT JOIN module m ON m.id = h.module_id
        WHERE h.deleted_at IS NULL AND h.day IS NOT NULL AND {which} ORDER BY h.day, h.start, c.code, h.position
        """,  # noqa: S608
        *values,
    )
    if not of_cohort:
        wanted = key(address.teacher)
        found = [row for row in found if wanted in map(key, names(row[10]))]
    changes = _changes(address.cohort_id)
    # One taken out of the calendar is no more in the list, but it is a change of the whole.
    last = max((at for _number, at in changes.values() if at), default=address.at)
    return [_published(row, changes, address.at) for row in found], max(last, address.at)


def _changes(cohort_id: int | None) -> dict[tuple[str, str], tuple[int, datetime | None]]:
    """Return {(kind, id): (changes, last one)} of the half-days and the modules of a cohort, or of all."""
    which, values = ("AND cohort_id = ?", (cohort_id,)) if cohort_id is not None else ("", ())
    found = rows(
        f"""
        SELECT kind, object_id, COUNT(*), MAX(at) FROM journal_entry
        WHERE kind IN ('half_day', 'module') {which} GROUP BY kind, object_id
        """,  # noqa: S608
        *values,
    )
    return {(kind, key): (number, as_datetime(at)) for kind, key, number, at in found}


def _published(
    row: tuple, changes: dict[tuple[str, str], tuple[int, datetime | None]], otherwise: datetime
) -> Published:
    # The title of its module is on a half-day too: renaming it is a change of both.
    known = [changes.get(place, (0, None)) for place in (("half_day", row[0]), ("module", str(row[11])))]
    moments = [at for _number, at in known if at]
    return Published(
        row[0], row[1], row[2] or "", row[3] or "", as_date(row[4]), *row[5:11],
        sum(number for number, _at in known), max(moments, default=otherwise),
    )  # fmt: skip
