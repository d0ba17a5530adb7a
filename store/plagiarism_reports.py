"""What reports of plagiarism have in common, whatever work they are about: who found it and why, and taking one back.

One that was taken back stays, with who did and why. `table` is that of the reports of one kind of work.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from peewee import Model

from rules.exchanges import SUMMARY
from rules.message import Message
from rules.values import TYPES
from store.changes import refused
from store.db import rows
from store.errors import Refused, Unknown
from store.journal import Author
from store.models.base import now

FOUND = "PLAG"


class Reported(NamedTuple):
    """One report: who found it and why, who typed it and when; who took it back, when and why."""

    id: int
    reporter: str
    reason: str
    by: str
    at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str


def listed(table: type[Model], about: object) -> list[Reported]:
    """List the reports that a condition chooses, the newest first, those taken back included."""
    columns = [getattr(table, name) for name in Reported._fields]
    return [Reported(*row) for row in rows(table.select(*columns).where(about).order_by(table.id.desc()))]


def read(reporter: str, reason: str) -> tuple[str, str]:
    """Read who found plagiarism and why; raise Refused naming the field that is missing."""
    name = _parsed("reporter", reporter, Message("Indiquez qui a constaté le plagiat : un nom est demandé."))
    return name, _parsed("reason", reason, Message("Indiquez ce qui a été constaté : le motif est demandé."))


def add(table: type[Model], author: Author, reporter: str, reason: str, **about: object) -> int:
    """Keep a report about a work; return its number."""
    return table.insert(reporter=reporter, reason=reason, by=author.name, at=now(), **about).execute()


def read_withdrawal(reason: str) -> str:
    """Read why a report is taken back; raise Refused when nobody says."""
    return _parsed("reason", reason, Message("Indiquez pourquoi ce signalement est retiré."))


def standing(found: Iterable[Reported], report_id: int) -> tuple[Reported, bool]:
    """Return one of these reports, and whether it is the last that stands; raise Unknown when it is none of them."""
    by_id = {one.id: one for one in found}
    if report_id not in by_id:
        raise Unknown(str(report_id))
    others = (one for one in by_id.values() if one.id != report_id)
    return by_id[report_id], not any(one.withdrawn_at is None for one in others)


def withdraw(table: type[Model], author: Author, report_id: int, reason: str) -> None:
    """Note that a report was taken back, by whom and why."""
    table.update(withdrawn_by=author.name, withdrawn_at=now(), withdrawn_reason=reason).where(
        table.id == report_id
    ).execute()


def _parsed(name: str, typed: str, missing: Message) -> str:
    try:
        text = TYPES["name"].parse(typed) if name == "reporter" else SUMMARY.parse(typed)
    except Refused as error:
        raise refused(name, error.message) from None
    if not text:
        raise refused(name, missing)
    return text
