"""What planning takes and gives: the cells and rows of both sides, and everything there is to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Row = Mapping[str, str]
Table = Mapping[str, Row]

#: Who wins a cell that both sides moved: nobody (a person chooses), or one side, declared.
BOTH, COMPUTED, SHEET_WINS, INTRANET_WINS = "both", "computed", "sheet wins", "intranet wins"


@dataclass(frozen=True)
class Cell:
    """What a sheet cell holds: its canonical text, or why it has none."""

    value: str
    #: Why the rules refuse it, in French; '' when they do not.
    refusal: str = ""
    #: A formula is read, never overwritten.
    formula: bool = False
    #: As typed, for the list of refusals.
    typed: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One row of a tab: where it is today, the id it carries, and its mapped cells."""

    index: int
    id: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Columns:
    """How a tab's fields merge: the policy of each, which are required, which recognise a row."""

    policies: Mapping[str, str]
    required: frozenset[str] = frozenset()
    #: Fields that together recognise a row that lost its id.
    keys: tuple[str, ...] = ()
    #: Whether rows are born and deleted in this tab, or only follow another tab's.
    owns_rows: bool = False


@dataclass(frozen=True)
class Push:
    """Write one cell of the sheet: the value, and what the cell held when it was read."""

    row: str
    index: int
    field: str
    value: str
    seen: str
    #: The person's value that is put back by this write, when the column belongs to the intranet.
    put_back: bool = False


@dataclass(frozen=True)
class Clash:
    """A cell that both sides moved to different values."""

    row: str
    index: int
    field: str
    base: str
    local: str
    remote: str


@dataclass(frozen=True)
class Turned:
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
    #: Whether the next read alone would let a row be born or deleted.
    ripening: bool = False
    #: Rows agreed on that the sheet no longer has: {id: complete reads without it}.
    missing: dict[str, int] = field(default_factory=dict)
    deletions: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    #: Why the whole tab waits for a person; nothing else is planned then.
    paused: str = ""
    #: Where each known row is: {id: index}.
    where: dict[str, int] = field(default_factory=dict)

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
    """What the intranet knows of one tab."""

    local: Table
    base: Table
    #: Rows withdrawn: not expected in the sheet, brought back by an edit there.
    removed: frozenset[str] = frozenset()
    #: Complete reads in which each row was already missing.
    missing: Mapping[str, int] = field(default_factory=dict)
    #: Contents of the rows without id that the last read saw.
    waiting: Iterable[Row] = ()
    #: A person has confirmed that what disappeared at once is to be deleted.
    confirmed: bool = False
