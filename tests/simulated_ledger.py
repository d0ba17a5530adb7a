"""Who typed what, on which side, having read what: the two ledgers that the invariants are read from.

Edits of the sheet are not declared by who makes them: they are what differs between the tab before and after
somebody acted, whatever they did (typing, pasting, deleting, taking back, restoring an old version).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tests.simulated_views import Row, View

#: A cell as everybody calls it: kind of tab, id of the row ('' for a row without one), field.
Place = tuple[str, str, str]
#: Somebody who types over a cell has read all that it showed in so many seconds: nobody sees half a second.
EYES = 4.0


@dataclass(frozen=True)
class Edit:
    """A value that somebody put in a cell."""

    at: float
    side: str
    place: Place
    value: str


@dataclass(frozen=True)
class Gone:
    """A row that somebody deleted in the sheet: what it held, and all that it had shown them."""

    at: float
    held: Mapping[str, str]
    seen: Mapping[str, frozenset[str]]


@dataclass
class Ledger:
    """Everything that people did, on both sides, in order."""

    edits: list[Edit] = field(default_factory=list)
    #: Values that somebody typed over after having read them: {(kind, field, value): [(moment, row)]}.
    overwritten: dict[tuple[str, str, str], list[tuple[float, str]]] = field(default_factory=dict)
    gone: dict[tuple[str, str], Gone] = field(default_factory=dict)
    #: What staff hold beside the columns of the sync, by tab; and beside which row.
    own: dict[str, Counter] = field(default_factory=dict)
    beside: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Rows whose id somebody touched: what was typed in them is looked for anywhere in the tab.
    disturbed: set[tuple[str, str]] = field(default_factory=set)
    _shown: dict[Place, list[tuple[float, str]]] = field(default_factory=dict)

    # -- beginning ---------------------------------------------------------------------------------

    def begin(self, views: Mapping[str, View], at: float) -> None:
        """Count what the tabs hold at the start as typed by somebody then."""
        for kind, seen in views.items():
            self.own[kind] = Counter(seen.own)
            self.beside[kind] = _beside(seen)
            for key, row in seen.alone.items():
                for name, value in row.cells.items():
                    self.edits.append(Edit(at, "start", (kind, key, name), value))
                    self._shown[kind, key, name] = [(at, value)]

    # -- the spreadsheet ---------------------------------------------------------------------------

    def wrote(self, kind: str, before: View, after: View, at: float) -> None:
        """Note what cells show once the sync wrote in a tab: nobody typed that."""
        for key, row in after.alone.items():
            self._shows(kind, key, before.alone.get(key), row, at)

    def showed(self, place: Place, before: float = float("inf")) -> set[str]:
        """Return everything that a cell showed before a moment."""
        return {value for at, value in self._shown.get(place, ()) if at < before}

    def acted(self, kind: str, before: View, after: View, at: float) -> None:
        """Note what a person did in a tab, from what it was before and is after."""
        self._note_own(kind, before, after)
        if before.header < 0 or after.header < 0:
            return
        named = before.columns.keys() & after.columns.keys()
        for name in before.columns.keys() - named:
            self._column_left(kind, name, before, at)
        for key in before.alone.keys() & after.alone.keys():
            self._typed(kind, key, before.alone[key], after.alone[key], named, at)
        for key in before.by_id.keys() - after.by_id.keys() - {""}:
            self._left(kind, key, before.by_id[key][0], after, at)
        for key in after.by_id.keys() - before.by_id.keys() - {""}:
            self._came(kind, key, before, after, at)
        for key in before.by_id.keys() | after.by_id.keys():
            if key and max(len(view.by_id.get(key, ())) for view in (before, after)) > 1:
                self.disturbed.add((kind, key))
        self._floating(kind, before, after, named, at)

    def _typed(self, kind: str, key: str, before: Row, after: Row, named: set[str], at: float) -> None:
        for name in named & (before.cells.keys() | after.cells.keys()):
            old, new = before.cells.get(name, ""), after.cells.get(name, "")
            if old != new:
                self._over(kind, key, name, old, at)
                self.edits.append(Edit(at, "sheet", (kind, key, name), new))
        self._shows(kind, key, before, after, at)

    def _shows(self, kind: str, key: str, before: Row | None, after: Row, at: float) -> None:
        old = before.cells if before else {}
        for name in old.keys() | after.cells.keys():
            new = after.cells.get(name, "")
            if old.get(name, "") != new:
                self._shown.setdefault((kind, key, name), []).append((at, new))

    def _over(self, kind: str, key: str, name: str, old: str, at: float) -> None:
        """Note that somebody typed over a cell: they had read what it showed in the last moments."""
        for value in {old} | self._read(kind, key, name, at):
            self.overwritten.setdefault((kind, name, value), []).append((at, key))

    def _read(self, kind: str, key: str, name: str, at: float) -> set[str]:
        """Return what a cell showed in the last moments: the value that it had then, and all since."""
        found: set[str] = set()
        for moment, value in reversed(self._shown.get((kind, key, name), ())):
            found.add(value)
            if moment < at - EYES:
                break
        return found

    def _left(self, kind: str, key: str, row: Row, after: View, at: float) -> None:
        """Note a row that is no more: deleted, or only without its id."""
        self.disturbed.add((kind, key))
        if _still_there(row, after):
            for name, value in row.cells.items():
                if not after.values[name, value]:
                    self.overwritten.setdefault((kind, name, value), []).append((at, key))
            return
        # A cell that was emptied just before had been read too.
        names = row.cells.keys() | {name for sheet, line, name in self._shown if (sheet, line) == (kind, key)}
        seen = {name: frozenset({row.cells.get(name, "")} | self._read(kind, key, name, at)) for name in names}
        self.gone[kind, key] = Gone(at, row.cells, seen)
        for name, values in seen.items():
            for value in values:
                self.overwritten.setdefault((kind, name, value), []).append((at, key))

    def _column_left(self, kind: str, name: str, before: View, at: float) -> None:
        """Note a column that is no more: whoever took it away had read it."""
        for row in before.rows:
            if name in row.cells:
                self.overwritten.setdefault((kind, name, row.cells[name]), []).append((at, row.id))

    def _came(self, kind: str, key: str, before: View, after: View, at: float) -> None:
        """Note a row whose id appeared: one that was deleted is back, or another row bears that id now."""
        self.disturbed.add((kind, key))
        was = self.gone.pop((kind, key), None)
        self._shows(kind, key, None, after.by_id[key][0], at)
        for name, value in after.by_id[key][0].cells.items():
            new = before.values[name, value] < after.values[name, value]
            if new and (was is None or value not in was.seen.get(name, ())):
                self.edits.append(Edit(at, "sheet", (kind, "", name), value))

    def _floating(self, kind: str, before: View, after: View, named: set[str], at: float) -> None:
        """Note what came and went in rows that have no id of their own."""
        old, new = (_loose(view) for view in (before, after))
        for (name, value), count in (new - old).items():
            if name in named and before.values[name, value] < after.values[name, value]:
                self.edits += [Edit(at, "sheet", (kind, "", name), value)] * count
        for name, value in old - new:
            if name in named and before.values[name, value] > after.values[name, value]:
                self.overwritten.setdefault((kind, name, value), []).append((at, ""))

    def _note_own(self, kind: str, before: View, after: View) -> None:
        own = self.own.setdefault(kind, Counter())
        own.update(after.own)
        own.subtract(before.own)
        was, now = _beside(before), _beside(after)
        beside = self.beside.setdefault(kind, {})
        for text in was.keys() | now.keys():
            if was.get(text) != now.get(text):
                beside.pop(text, None)
                if text in now:
                    beside[text] = now[text]

    # -- the intranet ------------------------------------------------------------------------------

    def changed(self, kind: str, key: str, seen: Mapping[str, str], changes: Mapping[str, str], at: float) -> None:
        """Note what a page changed, and what its author had read there."""
        for name, value in changes.items():
            self.overwritten.setdefault((kind, name, seen.get(name, "")), []).append((at, key))
            self.edits.append(Edit(at, "page", (kind, key, name), value))

    def chose(self, kind: str, key: str, name: str, loser: str, at: float) -> None:
        """Note that somebody who had read both sides of a conflict left one."""
        self.overwritten.setdefault((kind, name, loser), []).append((at, key))

    # -- the question ------------------------------------------------------------------------------

    @cached_property
    def _first(self) -> dict[tuple[Place, str], float]:
        """Return when each value was first in each cell."""
        return {(edit.place, edit.value): edit.at for edit in reversed(self.edits)}

    @cached_property
    def _filled(self) -> set[Place]:
        """Return the cells that were not blank at the start."""
        return {edit.place for edit in self.edits if edit.side == "start"}

    def superseded(self, edit: Edit) -> bool:
        """Tell whether somebody who had read a value typed over it since.

        Putting an old value back (by taking a step back, or by hand) is no newer than when it was first there.
        """
        kind, key, name = edit.place
        found = self.overwritten.get((kind, name, edit.value), ())
        # A cell that was blank at the start was so before anybody typed in it.
        blank = not edit.value and edit.place not in self._filled
        first = 0.0 if blank else self._first[edit.place, edit.value]
        return any(at >= first and (row == key or self._anybody(kind, key, row)) for at, row in found)

    def _anybody(self, kind: str, *keys: str) -> bool:
        """Tell whether one of these ids may have stood for another: blank, or touched by somebody."""
        return any(not key or (kind, key) in self.disturbed for key in keys)


def _still_there(row: Row, after: View) -> bool:
    """Tell whether a row that lost its id still stands in the tab: by what staff wrote beside it, or by what it is."""
    marks = [text for text in row.own if text != "="]
    if marks:
        return any(after.own[text] for text in marks)
    name = {"last_name", "first_name", "day", "start"} & row.cells.keys()
    return any(all(other.cells.get(field) == row.cells[field] for field in name) for other in after.rows)


def _loose(view: View) -> Counter:
    """Count the values of the rows that have no id, or share one."""
    loose = [row for row in view.rows if row.id not in view.alone]
    return Counter((name, value) for row in loose for name, value in row.cells.items() if value)


def _beside(view: View) -> dict[str, str]:
    """Say beside which id each of the staff's own texts stands."""
    texts = Counter(text for row in view.rows for text in row.own if text != "=")
    return {text: row.id for row in view.rows for text in row.own if texts[text] == 1 and text != "="}
