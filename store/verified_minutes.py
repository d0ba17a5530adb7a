"""Minutes held against their seals: each column, the number, the place, and what the journal says of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rules import minutes as rules
from rules.chain import START, digest, seal
from store.db import rows
from store.minutes import SEALED

#: Minutes read at once: each holds its PDF.
PAGE = 50


@dataclass(frozen=True)
class Anchor:
    """The head of a cohort's journal, or of the entries of none, as minutes keep it."""

    number: str
    cohort: Any
    entry: Any
    seal: str


@dataclass(frozen=True)
class _Row:
    """A row of the minutes: the columns that its seal covers by name, and the others."""

    sealed: dict[str, Any]
    data: Any
    pdf: Any
    previous: Any
    seal: Any
    #: What the deliberation says: whose minutes it corrects, and who closed it.
    former: str | None
    closed_by: Any

    @property
    def number(self) -> Any:
        return self.sealed["number"]

    @property
    def place(self) -> Any:
        return self.sealed["place"]


_QUERY = """
    SELECT {sealed}, m.data, m.pdf, m.previous, m.seal, f.number, d.closed_by FROM minutes m
    LEFT JOIN deliberation d ON d.id = m.deliberation_id LEFT JOIN minutes f ON f.deliberation_id = d.supersedes_id
    WHERE m.place > ? ORDER BY m.place LIMIT {page}
"""


class MinutesWalk:
    """Read all minutes once in the order of the chain, then say which are not what was sealed."""

    def __init__(self) -> None:
        self.anchors: list[Anchor] = []
        self._faults: dict[Any, list[str]] = {}
        #: Of each number: the digest that its row gives, the seal before, and whether the row is what was sealed.
        self._rows: dict[Any, tuple[Any, Any, bool]] = {}
        #: Seals that rows have or should have, and the places of those that are what was sealed.
        self._seals: set[Any] = {START}
        self._places: dict[Any, Any] = {START: 0}
        self._last: tuple[Any, str | None] = (START, START)
        self._told: dict[Any, tuple[str, Any]] = {}
        self._meant: set[str] = set()

    def run(self) -> int:
        """Walk the whole table; return how many minutes there are."""
        # Below every place that a row may have.
        count, last = 0, float("-inf")
        query = _QUERY.format(sealed=", ".join(f"m.{name}" for name in SEALED), page=PAGE)
        while True:
            page = rows(query, last)
            for row in page:
                self._step(_read(row))
            count += len(page)
            if len(page) < PAGE:
                return count
            last = page[-1][0]

    def told(self, number: Any, data_digest: str, entry: Any) -> None:
        """Take from the journal that minutes were sealed, with this digest of their data."""
        self._told[number] = (data_digest, entry)

    def _step(self, row: _Row) -> None:
        data, right = _data(row), _seal(row.sealed, row.previous)
        whole = right == row.seal
        wrong = list(_contents(row)) if whole else [self._column(row, data)]
        if whole and self._places.get(row.previous, row.place - 1) != row.place - 1:
            wrong.append(HOLE % {"last": row.place - 1})
        for what in wrong:
            self._fault(row.number, what)
        self._rows[row.number] = (row.sealed["data_digest"], row.previous, whole)
        self._seals |= {row.seal, right}
        if whole:
            self._places[row.seal] = row.place
        self._last = (row.seal, right)
        if data is not None:
            self._meant.add(data["number"])
            if not wrong:
                self._keep(row, data)

    def _keep(self, row: _Row, data: dict[str, Any]) -> None:
        """Keep the heads of the journal that the data name, and hold what they correct against the deliberation."""
        for cohort, (entry, kept) in zip((data["cohort_id"], None), data["heads"], strict=True):
            if entry is not None:
                self.anchors.append(Anchor(row.number, cohort, entry, kept))
        former = (data["supersedes"] or {}).get("number")
        if row.former not in (None, former):
            self._fault(row.number, CORRECTS % {"stored": row.former, "sealed": former or "–"})

    def _fault(self, number: Any, what: str) -> None:
        self._faults.setdefault(number, []).append(what)

    def _column(self, row: _Row, data: dict[str, Any] | None) -> str:
        """Name the one column that explains why a seal is not right, or those that may have changed."""
        if any(_seal(row.sealed, former) == row.seal for former in self._last if former is not None):
            return COLUMN % {"column": "previous"}
        for column, value in self._meanings(row, data):
            if _seal({**row.sealed, column: value}, row.previous) == row.seal:
                return COLUMN % {"column": column}
        return CHANGED

    def _meanings(self, row: _Row, data: dict[str, Any] | None) -> list[tuple[str, Any]]:
        """List what columns should hold, as far as others say."""
        found = [
            ("place", self._places.get(row.previous, -1) + 1), ("sealed_by", row.closed_by),
            ("data_digest", _digest(row.data)), ("pdf_digest", _digest(row.pdf)),
        ]  # fmt: skip
        return found if data is None else [*found, ("number", data["number"]), ("cohort_id", data["cohort_id"])]

    def faults(self, journal_whole: bool) -> list[tuple[Any, str]]:
        """List what is wrong as (number, what) in the order of the chain, once the journal was read too."""
        for number, (_digest_of, previous, whole) in self._rows.items():
            if whole and previous not in self._seals:
                self._fault(number, "Le procès-verbal qui le précédait manque.")
        for number in rules.absent({str(key) for key, row in self._rows.items() if row[2]} | self._meant):
            self._fault(number, "Ce numéro manque dans la suite de l'année.")
        self._against_the_journal(journal_whole)
        order = {number: place for place, number in enumerate(self._rows)}
        found = sorted(self._faults.items(), key=lambda item: order.get(item[0], len(order)))
        return [(number, told[0]) for number, told in found]

    def _against_the_journal(self, journal_whole: bool) -> None:
        for number, (data_digest, entry) in self._told.items():
            if number not in self._rows:
                if number not in self._meant:
                    self._faults[number] = [GONE % {"entry": entry}]
            elif self._rows[number][0] != data_digest and number not in self._faults:
                self._fault(number, OTHER % {"entry": entry})
        for number in self._rows.keys() - self._told.keys() - self._faults.keys() if journal_whole else ():
            self._fault(number, "Aucune entrée du journal ne dit que ce procès-verbal a été scellé.")


COLUMN = "La colonne %(column)s a changé."
CHANGED = "Le sceau (seal) a changé, ou l'une des colonnes qu'il couvre (place, deliberation_id, sealed_by, sealed_at)."
HOLE = "Sa place ne suit pas celle du procès-verbal qu'il suit : %(last)s manque."
CORRECTS = "La délibération enregistrée dit qu'il remplace %(stored)s, les données scellées disent %(sealed)s."
GONE = "Ce procès-verbal manque : l'entrée %(entry)s du journal dit qu'il a été scellé."
OTHER = "L'entrée %(entry)s du journal dit qu'il a été scellé avec d'autres données."


def _read(row: Sequence[Any]) -> _Row:
    sealed = dict(zip(SEALED, row, strict=False))
    data, pdf, previous, stored, former, closed_by = row[len(SEALED) :]
    return _Row(sealed, data, bytes(pdf) if isinstance(pdf, memoryview) else pdf, previous, stored, former, closed_by)


def _data(row: _Row) -> dict[str, Any] | None:
    """Return what the data of a row say of themselves, None where they cannot be read."""
    try:
        data = json.loads(row.data)
        heads = (data["journal"], data["journal"]["general"])
        return {
            "number": str(data["number"]), "cohort_id": data["cohort"]["id"], "supersedes": data["supersedes"],
            "heads": [(head["entry"], head["seal"]) for head in heads],
        }  # fmt: skip
    except (TypeError, ValueError, LookupError):
        return None


def _contents(row: _Row) -> Iterator[str]:
    """Say which of the data and the PDF are not those of their digests, in a row whose seal is right."""
    if not isinstance(row.data, str) or _digest(row.data) != row.sealed["data_digest"]:
        yield COLUMN % {"column": "data"}
    if not isinstance(row.pdf, bytes) or _digest(row.pdf) != row.sealed["pdf_digest"]:
        yield COLUMN % {"column": "pdf"}


def _seal(sealed: dict[str, Any], previous: Any) -> str | None:
    """Return the seal of these columns, None where they hold what can be no value at all."""
    try:
        return seal(previous, list(sealed.values()))
    except (TypeError, ValueError):
        return None


def _digest(value: Any) -> str | None:
    try:
        return digest(value) if isinstance(value, str | bytes) else None
    except ValueError:
        return None
