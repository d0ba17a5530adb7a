"""Who attended what of a training or of some of its days, and the certificates issued to each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rules import certificates as rules
from rules.certificates import Attended, Span
from store import hours
from store.changes import canonical
from store.db import as_datetime, rows

WHOLE = Span()


@dataclass(frozen=True)
class Issued:
    """A certificate as it was issued; replaced_by is '' while it is in force."""

    number: str
    enrolment: str
    minutes: int
    by: str
    at: datetime
    replaces: str
    reason: str
    replaced_by: str
    #: The days chosen for it, or the whole training.
    span: Span = Span()


@dataclass(frozen=True)
class Line:
    """One person, what they attended, and the certificates issued to them, the newest first."""

    enrolment: str
    last_name: str
    first_name: str
    employer: str
    funding: str
    #: The day on which they were withdrawn.
    left: date | None
    #: The day from which they take part, when they came after the beginning.
    begins: date | None
    #: The days that this line is about, and what was attended of them.
    span: Span
    hours: Attended
    issued: tuple[Issued, ...]

    @property
    def withdrawn(self) -> bool:
        """Tell whether they take part no more."""
        return self.left is not None

    @property
    def name(self) -> str:
        """Give the name as a list prints it."""
        return f"{self.last_name} {self.first_name}"

    @property
    def in_force(self) -> Issued | None:
        """Return the certificate of these very days that none replaces, or None."""
        return next((one for one in self.issued if not one.replaced_by and one.span == self.span), None)

    @property
    def differs(self) -> bool:
        """Tell whether the hours recorded today are no longer those certified."""
        return self.in_force is not None and self.in_force.minutes != self.hours.attended


def lines(cohort_id: int, today: date, span: Span = WHOLE) -> list[Line]:
    """List everyone who was taught in a cohort, with the hours of some days or of the whole training.

    Those withdrawn are there once they attended something of it.
    """
    taught, marks, issued = span.of(hours.taught(cohort_id, today)), hours.marks(cohort_id), _issued(cohort_id)
    found = []
    for key, last, first, employer, funding, left, begins in hours.everyone(cohort_id):
        spent = rules.attended(marks.get(key, {}), taught, canonical(left), canonical(begins))
        if left is None or spent.attended or key in issued:
            found.append(Line(
                key, last, first, employer, funding, left, begins, span, spent, tuple(issued.get(key, ()))
            ))  # fmt: skip
    return found


_ISSUED = """
    SELECT c.number, c.enrolment_id, c.minutes, c.issued_by, c.issued_at, c.replaces, c.reason, r.number, c.content
    FROM certificate c JOIN enrolment e ON e.id = c.enrolment_id LEFT JOIN certificate r ON r.replaces = c.number
    WHERE e.cohort_id = ?
"""


def _issued(cohort_id: int) -> dict[str, list[Issued]]:
    found: dict[str, list[Issued]] = {}
    for row in sorted(rows(_ISSUED, cohort_id), key=lambda row: _rank(row[0]), reverse=True):
        one = Issued(*row[:4], as_datetime(row[4]), *row[5:7], row[7] or "", span_of(json.loads(row[8])))  # type: ignore[arg-type]
        found.setdefault(one.enrolment, []).append(one)
    return found


def _rank(number: str) -> tuple[int, int]:
    _, year, rank = number.split("-")
    return int(year), int(rank)


def span_of(content: Mapping[str, str]) -> Span:
    """Return the days that were chosen for a certificate; those issued before one could choose say nothing of it."""
    return Span(content.get("chosen_first", ""), content.get("chosen_last", ""))
