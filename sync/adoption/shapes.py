"""What a proposal is made of: tabs, the ways each may be read, and their columns. Plain values, kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

#: A choice below this is not made, only named as a possibility.
ENOUGH = 75
#: Two possibilities closer than this to each other cannot be told apart.
CLOSE = 5


@dataclass
class Guess:
    """What one column of a tab may hold; field is '' when nothing is chosen for it."""

    column: int
    #: As people see it, both lines of a two-line header together.
    header: str
    #: The text of the one cell by which the sync finds the column again.
    text: str
    field: str = ""
    score: int = 0
    reason: str = ""
    #: Fields that a person may have to choose among.
    others: tuple[str, ...] = ()
    #: A few of its values, as text.
    samples: tuple[str, ...] = ()
    #: Whether its header looks like that of a half-day.
    matrix: bool = False
    #: Whether it is a half-day whose tab ticks who was there.
    ticks: bool = False


@dataclass
class Reading:
    """One tab read as one kind: where its headers are, and its columns from left to right."""

    kind: str
    header_row: int
    header_lines: int
    score: float
    columns: list[Guess]
    name_order: str = ""
    order_reason: str = ""
    #: Why the tab cannot be adopted as this kind, in French; '' when it can.
    trouble: str = ""


@dataclass
class TabGuess:
    """What one tab of a book may be; kind is '' when it is proposed to leave it alone."""

    sheet_id: int
    title: str
    kind: str = ""
    reason: str = ""
    #: Whether it is bound already, to another promotion or as we dressed it.
    taken: bool = False
    #: What a person has to look at, in French.
    doubts: list[str] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)


@dataclass
class Proposal:
    """Everything proposed for one book."""

    title: str
    tabs: list[TabGuess]

    def as_dict(self) -> dict[str, Any]:
        """Return the proposal as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> "Proposal":
        """Read back a proposal kept as JSON."""
        return cls(body["title"], [_tab(tab) for tab in body["tabs"]])


def _tab(body: Mapping[str, Any]) -> TabGuess:
    return TabGuess(**{**body, "readings": {kind: _reading(one) for kind, one in body["readings"].items()}})


def _reading(body: Mapping[str, Any]) -> Reading:
    columns = [Guess(**{**c, "others": tuple(c["others"]), "samples": tuple(c["samples"])}) for c in body["columns"]]
    return Reading(**{**body, "columns": columns})
