"""The paper itself, for staff who chose to keep it."""

from datetime import datetime
from typing import NamedTuple

from store.db import joined, rows
from store.errors import Unknown
from store.following import KIND, keep
from store.journal import Author, record
from store.models import PaperFile
from store.models.base import now

#: Longer than any name that people give a file, and what a column holds.
LONGEST_NAME = 200


class Kept(NamedTuple):
    """One file kept, without its content."""

    name: str
    by: str
    at: datetime


def kept(paper_id: str) -> Kept | None:
    """Return what is kept of a paper, None when nothing is."""
    found = rows(PaperFile.select(PaperFile.name, PaperFile.by, PaperFile.at).where(PaperFile.paper == paper_id))
    return Kept(*found[0]) if found else None


def content(paper_id: str) -> tuple[str, bytes] | None:
    """Return the name and the bytes of the file kept of a paper, or None."""
    found = rows(PaperFile.select(PaperFile.name, PaperFile.content).where(PaperFile.paper == paper_id))
    return (found[0][0], bytes(found[0][1])) if found else None


def store(author: Author, paper_id: str, name: str, body: bytes) -> None:
    """Keep the file of a paper, in the place of the one that was kept."""
    with joined():
        cohort_id = keep(paper_id)
        before = kept(paper_id)
        PaperFile.delete().where(PaperFile.paper == paper_id).execute()
        called = _called(name)
        PaperFile.insert(paper=paper_id, name=called, content=body, by=author.name, at=now()).execute()
        record(author, cohort_id, KIND, paper_id, "file", before.name if before else "", called)


def delete(author: Author, paper_id: str) -> None:
    """Delete the file kept of a paper for good; the journal keeps its name. Raise Unknown when there is none."""
    with joined():
        cohort_id = keep(paper_id)
        before = kept(paper_id)
        if before is None:
            raise Unknown(paper_id)
        PaperFile.delete().where(PaperFile.paper == paper_id).execute()
        record(author, cohort_id, KIND, paper_id, "file", before.name, "")


def _called(name: str) -> str:
    """Return the name of a file without its folders nor what no name holds."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept_letters = "".join(letter for letter in last if letter.isprintable() and letter not in '"<>|:*?').strip()
    return (kept_letters or "note.pdf")[-LONGEST_NAME:]
