"""What inserting, deleting and moving lines does to positions and spans."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inserted:
    """Make room for `count` lines before line `at`."""

    at: int
    count: int

    def point(self, index: int) -> int | None:
        """Return where a line goes, None when it is gone."""
        return index + self.count if index >= self.at else index

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a half-open span goes, None when nothing of it is left."""
        return start + self.count * (start >= self.at), end + self.count * (end > self.at)


@dataclass(frozen=True, slots=True)
class Deleted:
    """Take away the lines of a half-open span."""

    start: int
    end: int

    def point(self, index: int) -> int | None:
        """Return where a line goes, None when it is gone."""
        if index < self.start:
            return index
        return None if index < self.end else index - (self.end - self.start)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a half-open span goes, None when nothing of it is left."""
        first, last = (self._before(edge) for edge in (start, end))
        return (first, last) if last > first else None

    def _before(self, edge: int) -> int:
        return edge - max(0, min(edge, self.end) - self.start)


@dataclass(frozen=True, slots=True)
class Moved:
    """Move the lines of a half-open span before line `to`, as numbered before the move."""

    start: int
    end: int
    to: int

    def point(self, index: int) -> int | None:
        """Return where a line goes, None when it is gone."""
        count = self.end - self.start
        if self.start <= index < self.end:
            return index + self._landing() - self.start
        if self.end <= index < self.to:
            return index - count
        return index + count if self.to <= index < self.start else index

    def _landing(self) -> int:
        return self.to - (self.end - self.start) if self.to > self.start else self.to

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a half-open span goes, None when nothing of it is left."""
        if self.start <= start and end <= self.end:
            offset = self._landing() - self.start
            return start + offset, end + offset
        if start <= self.start and self.end <= end and start <= self.to <= end:
            return start, end
        shrunk = Deleted(self.start, self.end).span(start, end)
        if shrunk is None:
            return None
        return Inserted(self._landing(), self.end - self.start).span(*shrunk)


Change = Inserted | Deleted | Moved
