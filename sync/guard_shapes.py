"""What a guarded write is made of, and what it turned out to have done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SCRATCH_TITLE = "_passerelle"
VALUE = "userEnteredValue"


@dataclass(frozen=True)
class Touch:
    """One cell to write, and everything that tells whether it is still the right one."""

    sheet_id: int
    row: int
    column: int
    value: Mapping[str, Any]
    #: What the cell held when it was read, as text.
    seen: str
    #: What other cells of the row held when it was read: {column: text}. The id, as a rule.
    witness: Mapping[str, str]
    #: Which agreement this write settles: tab kind, record, field, canonical value. A repair settles none: it has
    #: no tab kind, and only knows whose value it puts back.
    kind: str = ""
    key: str = ""
    field: str = ""
    canonical: str = ""


@dataclass(frozen=True)
class NewRow:
    """A row inserted below the others, where it can cover nothing, and the agreement that it settles."""

    sheet_id: int
    row: int
    cells: Mapping[str, Mapping[str, Any]]
    #: How Google is to show the numbers of some columns: {column: numberFormat}.
    formats: Mapping[str, Mapping[str, Any]]
    kind: str
    key: str
    agreed: Mapping[str, str]


@dataclass(frozen=True)
class NewColumn:
    """A new column of a matrix: where, its header, the field it holds."""

    sheet_id: int
    column: int
    header_row: int
    header: str
    field: str


@dataclass
class Write:
    """One batch: what it writes and where the copies of what it covers go."""

    nonce: str
    scratch_id: int
    touches: list[Touch] = field(default_factory=list)
    new_rows: list[NewRow] = field(default_factory=list)
    new_columns: list[NewColumn] = field(default_factory=list)
    #: Column of the hidden tab that holds the nonce; the copies follow. What stands before are the copies of writes
    #: whose outcome is not known yet.
    origin: int = 0
    #: Where each column is copied: "sheet_id:column" to a column of the hidden tab.
    copies: dict[str, int] = field(default_factory=dict)
    #: Rows copied, and the grid's size, by sheet.
    heights: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, list[int]] = field(default_factory=dict)
    id_columns: dict[str, int] = field(default_factory=dict)
    #: What stood above each column when it was read: "sheet_id:column" to the texts that name it.
    headers: dict[str, list[str]] = field(default_factory=dict)
    #: The field that each column is marked for, the same way.
    marks: dict[str, str] = field(default_factory=dict)
    #: Whether this write only puts back what an earlier one covered.
    repair: bool = False
    #: Nonces of the writes of unknown outcome that have no effect any more once this one has its own; and
    #: those whose mark can go.
    cancels: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    #: Whether Google refused that another write cancels this one.
    doubted: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the write as plain JSON values, to be kept until its outcome is known."""
        plain = dict(vars(self))
        for name in ("touches", "new_rows", "new_columns"):
            plain[name] = [dict(vars(item)) for item in plain[name]]
        return plain

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> "Write":
        """Read back a write kept as JSON."""
        plain = dict(body)
        plain["touches"] = [Touch(**touch) for touch in body["touches"]]
        plain["new_rows"] = [NewRow(**row) for row in body["new_rows"]]
        plain["new_columns"] = [NewColumn(**column) for column in body["new_columns"]]
        return cls(**plain)

    @property
    def width(self) -> int:
        """Return the columns of the hidden tab that this write takes."""
        return len(self.copies) + 1

    @property
    def sheet_ids(self) -> list[int]:
        """List the tabs whose cells or rows this write changes."""
        return sorted({touch.sheet_id for touch in self.touches} | {row.sheet_id for row in self.new_rows})

    def without(self, sheet_id: int, nonce: str) -> "Write":
        """Return the same write but for one tab, still to be laid out."""
        return Write(
            nonce, self.scratch_id,
            [touch for touch in self.touches if touch.sheet_id != sheet_id],
            [row for row in self.new_rows if row.sheet_id != sheet_id],
            [column for column in self.new_columns if column.sheet_id != sheet_id],
            id_columns={sheet: place for sheet, place in self.id_columns.items() if int(sheet) != sheet_id},
            cancels=self.cancels, served=self.served,
        )  # fmt: skip

    def shifted(self, sheet_id: int, column: int) -> int:
        """Return where a column stands once the new columns of this write are inserted."""
        added = [new for new in self.new_columns if new.sheet_id == sheet_id and new.column <= column]
        return column + len(added)


@dataclass(frozen=True)
class Repair:
    """Something a write covered by accident: the value to put back, and the row it belongs to."""

    sheet_id: int
    column: int
    #: Where it was covered, and the id that row carried.
    row: int
    id: str
    value: Mapping[str, Any]
    written: Mapping[str, Any]
    #: The record and the field that were to be written.
    key: str = ""
    field: str = ""


@dataclass(frozen=True)
class Covered:
    """A value that a write covered and that cannot be put back, though it is known."""

    sheet_id: int
    #: The id of the row where it stood, and that of the record that was to be written, should the first be nobody's.
    rows: tuple[str, ...]
    field: str
    value: Mapping[str, Any]


@dataclass
class Outcome:
    """What a write really did."""

    landed: list[Touch] = field(default_factory=list)
    appended: list[NewRow] = field(default_factory=list)
    #: New rows whose columns moved before they arrived: their cells are to be emptied, and sent again.
    misplaced: list[NewRow] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    #: The copy is not this write's own: it did not happen, or not yet.
    unknown: bool = False
    #: The copy is not aligned with the tab (a filter hid rows): only a new read can tell.
    misaligned: bool = False
