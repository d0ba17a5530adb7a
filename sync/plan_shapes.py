"""What planning takes and gives: the cells and rows of both sides, and everything there is to do.

Rows are tuples of canonical texts, all in the order of one list of fields: two of them are compared
in one step, so that the thousands of rows that nobody touched cost next to nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import NamedTuple

#: The canonical text of each field, '' for a blank one; None where that side does not know the field.
Row = tuple[str | None, ...]
#: The rows of one side by their id.
Table = Mapping[str, Row]

#: Who wins a cell that both sides moved: nobody (a person chooses), or one side, declared.
BOTH, COMPUTED, SHEET_WINS, INTRANET_WINS = "both", "computed", "sheet wins", "intranet wins"


class Cell(NamedTuple):
    """What a sheet cell holds: its canonical text, or why it has none."""

    value: str
    #: Why the rules refuse it, in French; '' when they do not.
    refusal: str = ""
    #: A formula is read, never overwritten.
    formula: bool = False
    #: As typed, for the list of refusals.
    typed: str = ""


class SheetRow(NamedTuple):
    """One row of a tab, apart from the others: where it is today, the id it carries, and its mapped cells."""

    index: int
    id: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """The rows of a tab as they were read, side by side: the n-th of each list is of one row."""

    fields: tuple[str, ...]
    #: Where each row is today, from the top of the tab.
    indexes: Sequence[int] = ()
    ids: Sequence[str] = ()
    texts: Sequence[tuple[str, ...]] = ()
    #: The cells that are more than their text (formulas, refused values): {row index: {field: cell}}.
    odd: Mapping[int, Mapping[str, Cell]] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: tuple[str, ...], rows: Iterable[SheetRow]) -> "Sheet":
        """Lay rows side by side."""
        found = list(rows)
        return cls(
            fields,
            [row.index for row in found],
            [row.id for row in found],
            [tuple(row.cells[name].value if name in row.cells else "" for name in fields) for row in found],
            {row.index: odd for row in found if (odd := _odd(row.cells))},
        )

    def row(self, position: int) -> SheetRow:
        """Return the row at a position of the lists, with its cells by field."""
        index = self.indexes[position]
        odd = self.odd.get(index, {})
        texts = zip(self.fields, self.texts[position], strict=True)
        cells = {name: odd.get(name) or Cell(text) for name, text in texts}
        return SheetRow(index, self.ids[position], cells)


def _odd(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {name: cell for name, cell in cells.items() if cell.refusal or cell.formula}


def tabulate(fields: tuple[str, ...], rows: Mapping[str, Mapping[str, str]]) -> dict[str, Row]:
    """Return rows kept by field as tuples in the order of `fields`, None where a row does not have one.

    Equal texts become one object, on whichever side they are: comparing them costs nothing, and
    three tables take hardly more memory than one.
    """
    return {intern(key): _shared(tuple(map(row.get, fields))) for key, row in rows.items()}


def _shared(row: Row) -> Row:
    return tuple(None if text is None else intern(text) for text in row)


@dataclass(frozen=True)
class Columns:
    """How a tab's fields merge: the policy of each, which are required, which recognise a row."""

    policies: Mapping[str, str]
    required: frozenset[str] = frozenset()
    #: Fields that together recognise a row that lost its id.
    keys: tuple[str, ...] = ()
    #: Whether rows are born and deleted in this tab, or only follow another tab's.
    owns_rows: bool = False


class Push(NamedTuple):
    """Write one cell of the sheet: the value, and what the cell held when it was read."""

    row: str
    index: int
    field: str
    value: str
    seen: str
    #: The person's value that is put back by this write, when the column belongs to the intranet.
    put_back: bool = False


class Clash(NamedTuple):
    """A cell that both sides moved to different values."""

    row: str
    index: int
    field: str
    #: None where both sides never agreed on anything: '' is an agreement that it is blank.
    base: str | None
    local: str
    remote: str


class Turned(NamedTuple):
    """A value of the sheet that the rules refuse, or that may not be changed there."""

    row: str
    index: int
    field: str
    typed: str
    reason: str


@dataclass
class Plan:
    """Everything one cycle has to do in one tab."""

    pulls: dict[str, dict[str, str]] = field(default_factory=dict)
    pushes: list[Push] = field(default_factory=list)
    agreed: dict[str, dict[str, str]] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    refused: list[Turned] = field(default_factory=list)
    #: Records that the sheet has never had.
    appends: list[str] = field(default_factory=list)
    #: Ids to write in rows that lost theirs: {row index: id}.
    ids: dict[int, str] = field(default_factory=dict)
    #: Rows typed in the sheet, ready to become records.
    births: list[SheetRow] = field(default_factory=list)
    #: Rows typed in the sheet that are not complete yet, or wait for a second identical read.
    waiting: list[SheetRow] = field(default_factory=list)
    #: Rows that bear the id of another row and do not wait for a second read: the next lets none of them be born.
    copies: list[SheetRow] = field(default_factory=list)
    #: Rows that bear the id of another row and are told apart from it: the next read takes none of them for it.
    apart: list[SheetRow] = field(default_factory=list)
    #: Whether the next read alone would let a row be born or deleted.
    ripening: bool = False
    #: Rows agreed on that the sheet no longer has: {id: complete reads without it}.
    missing: dict[str, int] = field(default_factory=dict)
    deletions: list[str] = field(default_factory=list)
    #: Records whose deletion in the sheet is not carried out: their rows are written again.
    kept: list[str] = field(default_factory=list)
    #: Signed rows that the sheet deleted, or that lost their id there: they are written again.
    put_back: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    #: Why the whole tab waits for a person; nothing else is planned then.
    paused: str = ""
    #: The position of each record's row in the lists of the sheet, and where each position is in the tab.
    known: dict[str, int] = field(default_factory=dict)
    indexes: Sequence[int] = ()

    def where(self, key: str) -> int:
        """Return where the row of a record is, from the top of the tab."""
        return self.indexes[self.known[key]]

    @property
    def changes_rows(self) -> bool:
        """Tell whether the intranet has to change."""
        return bool(self.pulls or self.births or self.deletions or self.restored)

    @property
    def writes(self) -> bool:
        """Tell whether the sheet has to change."""
        return bool(self.pushes or self.appends or self.ids)


@dataclass(frozen=True)
class Side:
    """What the intranet knows of one tab, its rows in the order of the sheet's fields."""

    local: Table
    base: Table
    #: Rows withdrawn: not expected in the sheet, brought back by an edit there.
    removed: frozenset[str] = frozenset()
    #: Complete reads in which each row was already missing.
    missing: Mapping[str, int] = field(default_factory=dict)
    #: Contents of the rows without id that the last read saw.
    waiting: Iterable[Row] = ()
    #: The copies that the last read saw: the id that each bears, and what it holds.
    copies: Collection[tuple[str, Row]] = ()
    #: The rows that the last read told apart from the one whose id they bear: that id, and what each held.
    apart: Collection[tuple[str, Row]] = ()
    #: A person has confirmed that what disappeared at once is to be deleted.
    confirmed: bool = False
    #: Rows that were signed: the sheet changes nothing of them any more.
    signed: frozenset[str] = frozenset()
