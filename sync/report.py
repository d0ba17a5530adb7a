"""What one cycle of one book did."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Report:
    """What one cycle did."""

    book: str
    reads: int = 0
    writes: int = 0
    pulled: int = 0
    pushed: int = 0
    created: int = 0
    removed: int = 0
    conflicts: int = 0
    refused: int = 0
    paused: list[str] = field(default_factory=list)
    epoch: int = 0
    #: How many values and rows each tab was sent, by its sheetId.
    sent: dict[int, int] = field(default_factory=dict)
    #: Whether another cycle should follow at once: something was put back, or waits for a second read.
    again: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)
