"""Several papers given to a tutor or put in a workshop at once, and given back what they had."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from peewee import fn

from rules.message import Message
from store import tutoring
from store.changes import Values, locked
from store.db import database, rows
from store.errors import Changed, Refused
from store.journal import Author
from store.models import JournalEntry, Paper

#: What is given to several papers at once.
FIELDS = ("tutor", "workshop")


@dataclass(frozen=True)
class Moved:
    """What became of each paper: the fields that changed, what somebody else made of it meanwhile, why it was refused.

    `entries` is the first and the last entry of the journal that it wrote, None when nothing changed.
    """

    done: dict[str, Values] = field(default_factory=dict)
    overtaken: dict[str, Values] = field(default_factory=dict)
    refused: dict[str, Message] = field(default_factory=dict)
    entries: tuple[int, int] | None = None


def move(author: Author, wanted: Mapping[str, Values], expected: Mapping[str, Values], reason: str = "") -> Moved:
    """Change papers in one transaction, {paper: {field: value}}, each compared with what its author had read of it.

    A paper that somebody else changed meanwhile, or whose value is refused, is left as it is; the others go.
    """
    found = Moved()
    with database.atomic():
        # In one order and before any cohort, so that two people at once wait for one another, never both.
        list(locked(Paper.select(Paper.id).where(Paper.id.in_(list(wanted))).order_by(Paper.id)))
        last = JournalEntry.select(JournalEntry.id).order_by(JournalEntry.id.desc()).limit(1).scalar() or 0
        for paper, values in wanted.items():
            _move_one(author, paper, values, expected.get(paper), reason, found)
        return Moved(found.done, found.overtaken, found.refused, _written(author, last))


def _move_one(
    author: Author, paper: str, values: Values, expected: Values | None, reason: str, found: Moved
) -> None:
    try:
        changed = tutoring.change(author, paper, values, expected, reason)
    except Changed:
        found.overtaken[paper] = tutoring.held([paper])[paper]
    except Refused as error:
        found.refused[paper] = error.message
    else:
        if changed:
            found.done[paper] = changed


def _written(author: Author, after: int) -> tuple[int, int] | None:
    query = JournalEntry.select(fn.MIN(JournalEntry.id), fn.MAX(JournalEntry.id)).where(
        (JournalEntry.id > after) & (JournalEntry.kind == "paper") & (JournalEntry.author == author.name)
        & JournalEntry.field.in_(FIELDS)
    )  # fmt: skip
    first, last = rows(query)[0]
    return None if first is None else (first, last)


def give_back(author: Author, cohort_id: int, entries: tuple[int, int], reason: str = "") -> Moved:
    """Give papers back what they had before what this very author changed between two entries of the journal.

    A paper that was changed again since is left as it is.
    """
    query = JournalEntry.select(JournalEntry.object_id, JournalEntry.field, JournalEntry.before, JournalEntry.after)
    mine = JournalEntry.id.between(*entries) & (JournalEntry.user_id == author.user_id)
    of_papers = (JournalEntry.kind == "paper") & JournalEntry.field.in_(FIELDS) & (JournalEntry.cohort_id == cohort_id)
    wanted: dict[str, dict[str, str]] = {}
    expected: dict[str, dict[str, str]] = {}
    for paper, name, before, after in rows(query.where(mine & of_papers).order_by(JournalEntry.id)):
        wanted.setdefault(paper, {}).setdefault(name, before)
        expected.setdefault(paper, {})[name] = after
    return move(author, wanted, expected, reason)
