"""What was noted of two papers of one person entered twice, on the one that is kept."""

from collections.abc import Mapping

from store import following, following_exchanges
from store.changes import journal
from store.db import execute, rows
from store.journal import Author, record
from store.models import Exchange, PaperFile, PlagiarismReport
from store.models.base import mint

_REPORTED = "reporter, reason, by, at, withdrawn_by, withdrawn_at, withdrawn_reason"


def copy(author: Author, cohort_id: int, keep: str, other: str) -> None:
    """Give the paper that is kept what only the other has; who noted each thing and when go along.

    To be called before grades are copied: one of plagiarism asks for its report.
    """
    _reports(author, cohort_id, keep, other)
    _notes(author, keep, other)
    _exchanges(author, cohort_id, keep, other)
    if not PaperFile.select().where(PaperFile.paper == keep).exists():
        query = "INSERT INTO paper_file (paper_id, name, content, by, at) SELECT ?, name, content, by, at"
        if execute(f"{query} FROM paper_file WHERE paper_id = ?", keep, other):
            name = PaperFile.select(PaperFile.name).where(PaperFile.paper == keep).scalar()
            record(author, cohort_id, following.KIND, keep, "file", "", name)


def _reports(author: Author, cohort_id: int, keep: str, other: str) -> None:
    found = rows(PlagiarismReport.select(PlagiarismReport.reporter, PlagiarismReport.reason).where(
        (PlagiarismReport.paper == other) & PlagiarismReport.withdrawn_at.is_null()
    ))  # fmt: skip
    execute(
        f"INSERT INTO plagiarism_report (paper_id, {_REPORTED}) "  # noqa: S608 - names of ours
        f"SELECT ?, {_REPORTED} FROM plagiarism_report WHERE paper_id = ? ORDER BY id",
        keep, other,
    )  # fmt: skip
    for reporter, reason in found:
        record(author, cohort_id, "plagiarism", keep, "report", "", reporter, reason)


def _notes(author: Author, keep: str, other: str) -> None:
    held = following.held([keep, other])
    mine: Mapping[str, str] = held.get(keep, {})
    missing = {name: value for name, value in held.get(other, {}).items() if value and not mine.get(name)}
    if missing:
        following.change(author, keep, missing)


def _exchanges(author: Author, cohort_id: int, keep: str, other: str) -> None:
    for noted in following_exchanges.exchanges(other):
        if noted.withdrawn is None:
            key = mint("X")
            Exchange.insert(id=key, paper=keep, **{name: getattr(noted, name) for name in _COPIED}).execute()
            values = following_exchanges.held([key])[key]
            journal(author, cohort_id, following_exchanges.KIND, key, {}, {n: v for n, v in values.items() if v})


_COPIED = ("day", "minutes", "summary", "links", "by", "at")
