"""Books, tabs and cells in memory.

A book that was answered is never altered: a change works on a fork, which copies only what it touches,
and replaces the book when it is stored. Readers therefore need no lock.
"""

import copy
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from dataclasses import replace as copied
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec.structs import replace

from localsheets.books.a1 import Area, Closed, named
from localsheets.books.protections import Guard, forbidden, protected_cell
from localsheets.errors import invalid
from localsheets.formulas.syntax import translate

Json = dict[str, Any]


class Cell(msgspec.Struct, array_like=True, gc=False):
    """Hold what was entered in a cell, its format, note and validation rule.

    Never altered once it is in a tab: states of a book share their cells. A msgspec structure, since a paste
    makes, compares and stores a hundred thousand of them; in JSON it is the list of its fields.
    """

    entered: Json | None = None
    format: Json | None = None
    note: str | None = None
    validation: Json | None = None
    # Formats of parts of a text, with the text they were given for: see `textruns`.
    runs: Json | None = None

    def is_empty(self) -> bool:
        """Tell whether nothing at all would be lost by forgetting the cell."""
        return self == EMPTY

    @property
    def formula(self) -> str | None:
        """Return the formula as entered, None when there is none."""
        return (self.entered or {}).get("formulaValue")

    def holding(self, entered: Json | None) -> "Cell":
        """Return the cell with another value; all else stays."""
        return replace(self, entered=entered)

    def emptied(self) -> "Cell":
        """Return the cell as clearing its value leaves it."""
        return replace(self, entered=None)

    def moved(self, down: int, across: int) -> "Cell":
        """Return the cell as a copy placed elsewhere: a formula's relative references follow."""
        if self.formula is None:
            return self
        return replace(self, entered={"formulaValue": translate(self.formula, down, across)})


EMPTY = Cell()
SHAPES = itertools.count(1)


@dataclass
class Sheet:
    """Hold one tab: sparse rows of cells, and what is attached to it.

    `annotations` maps the names used by the API (merges, protectedRanges, basicFilter,
    conditionalFormats, rowGroups, columnGroups, borders) to their JSON.
    `sizes` maps ROWS and COLUMNS to {index: dimension properties}.
    """

    sheet_id: int
    title: str
    row_count: int = 1000
    column_count: int = 26
    properties: Json = field(default_factory=dict)
    grid: Json = field(default_factory=dict)
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    sizes: dict[str, dict[int, Json]] = field(default_factory=lambda: {"ROWS": {}, "COLUMNS": {}})
    annotations: Json = field(default_factory=dict)
    metadata: list[Json] = field(default_factory=list)
    revision: int = 0
    # Changes whenever lines move: positions remembered under another shape mean nothing.
    shape: int = 0
    # Where the store keeps the lines (`places.Places`); it alone reads and writes this.
    places: Any = field(default=None, compare=False, repr=False)
    fresh: set[int] = field(default_factory=set, compare=False, repr=False)
    forbidden: list[Guard] = field(default_factory=list, compare=False, repr=False)

    def fork(self) -> "Sheet":
        """Copy the tab for a change; the lines of cells are shared until written."""
        return copied(
            self,
            properties=copy.deepcopy(self.properties),
            grid=dict(self.grid),
            rows=dict(self.rows),
            sizes=copy.deepcopy(self.sizes),
            annotations=copy.deepcopy(self.annotations),
            metadata=copy.deepcopy(self.metadata),
            fresh=set(),
        )

    @property
    def hidden(self) -> bool:
        """Tell whether the tab is hidden."""
        return bool(self.properties.get("hidden"))

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell, the empty one when nothing was ever put there."""
        line = self.rows.get(row)
        return line.get(column, EMPTY) if line else EMPTY

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Replace a cell; an empty one is forgotten, a protected one is refused."""
        if self.forbidden and any(guard.has(row, column) for guard in self.forbidden):
            raise protected_cell()
        if row not in self.fresh:
            self.rows[row] = dict(self.rows.get(row, ()))
            self.fresh.add(row)
        line = self.rows.setdefault(row, {})
        if cell.is_empty():
            line.pop(column, None)
        else:
            line[column] = cell
        if not line:
            del self.rows[row]
            self.fresh.discard(row)

    def put_line(self, row: int, cells: dict[int, Cell]) -> None:
        """Replace several cells of one line at once, as `put` does each."""
        if self.forbidden and any(guard.has(row, column) for guard in self.forbidden for column in cells):
            raise protected_cell()
        line = {**self.rows.get(row, {}), **cells}
        kept = {column: cell for column, cell in line.items() if not cell.is_empty()}
        if kept:
            self.rows[row] = kept
            self.fresh.add(row)
        else:
            self.rows.pop(row, None)
            self.fresh.discard(row)

    def replace_rows(self, rows: dict[int, dict[int, Cell]]) -> None:
        """Put whole lines in place after a change of structure."""
        self.rows = {row: line for row, line in rows.items() if line}
        self.fresh = set()

    def cells(self, area: Closed | None = None) -> Iterator[tuple[int, int, Cell]]:
        """Yield (row, column, cell) of the known cells of an area, in order."""
        for row in sorted(self.rows):
            if area is not None and not area.top <= row < area.bottom:
                continue
            line = self.rows[row]
            for column in sorted(line):
                if area is None or area.left <= column < area.right:
                    yield row, column, line[column]

    def reshape(self) -> None:
        """Mark that lines of the tab are not where they were."""
        self.shape = next(SHAPES)

    def last_row(self) -> int:
        """Return the number of rows up to the last one that holds a value."""
        filled = (row for row, line in self.rows.items() if any(cell.entered for cell in line.values()))
        return max(filled, default=-1) + 1

    def whole(self) -> Closed:
        """Return the range that covers the whole grid."""
        return Closed(0, 0, self.row_count, self.column_count)

    def resolve(self, area: Area) -> Closed:
        """Close a range on this grid, or refuse one that lies outside it."""
        if area.exceeds(self.row_count, self.column_count):
            raise invalid(
                f"Range ({named(self.title, area)}) exceeds grid limits. "
                f"Max rows: {self.row_count}, max columns: {self.column_count}"
            )
        return area.within(self.row_count, self.column_count)


@dataclass
class Book:
    """Hold one spreadsheet with its tabs in order, and what Drive says of it."""

    book_id: str
    properties: Json
    drive: Json
    order: list[int] = field(default_factory=list)
    sheets: dict[int, Sheet] = field(default_factory=dict)
    named_ranges: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    revision: int = 0
    actor: str = ""
    owned: set[int] = field(default_factory=set, compare=False, repr=False)
    memo: Json = field(default_factory=dict, compare=False, repr=False)

    def fork(self) -> "Book":
        """Copy the book for a change; tabs are shared until asked for with `edit`."""
        return copied(
            self,
            properties=copy.deepcopy(self.properties),
            drive=copy.deepcopy(self.drive),
            order=list(self.order),
            sheets=dict(self.sheets),
            named_ranges=copy.deepcopy(self.named_ranges),
            metadata=copy.deepcopy(self.metadata),
            owned=set(),
            memo={},
        )

    @property
    def locale(self) -> str:
        """Return the locale in which values are typed and shown."""
        return str(self.properties["locale"])

    @property
    def title(self) -> str:
        """Return the title of the book."""
        return str(self.properties["title"])

    def sheet(self, sheet_id: int) -> Sheet:
        """Return a tab to read, or refuse an unknown id."""
        if sheet_id not in self.sheets:
            raise invalid(f"No grid with id: {sheet_id}")
        return self.sheets[sheet_id]

    def edit(self, sheet_id: int) -> Sheet:
        """Return a tab to write, copied once per change; forgets computed values."""
        sheet = self.sheet(sheet_id)
        self.memo.clear()
        if sheet_id not in self.owned:
            sheet = self.sheets[sheet_id] = sheet.fork()
            self.owned.add(sheet_id)
        sheet.forbidden = forbidden(sheet.annotations, self.actor, self.drive.get("owner", ""))
        return sheet

    def add(self, sheet: Sheet, index: int | None = None) -> None:
        """Insert a new tab at an index, at the end by default."""
        self.memo.clear()
        self.sheets[sheet.sheet_id] = sheet
        self.owned.add(sheet.sheet_id)
        self.order.insert(len(self.order) if index is None else index, sheet.sheet_id)

    def remove(self, sheet_id: int) -> None:
        """Forget a tab."""
        self.memo.clear()
        self.order.remove(sheet_id)
        del self.sheets[sheet_id]

    def in_order(self) -> list[Sheet]:
        """List the tabs as people see them, from left to right."""
        return [self.sheets[sheet_id] for sheet_id in self.order]

    def titles(self) -> dict[str, int]:
        """Map each tab's title to its id."""
        return {sheet.title: sheet.sheet_id for sheet in self.in_order()}

    def today(self) -> date:
        """Return the date where the book is, for dates typed without a year; looked up once a second."""
        moment = time.monotonic()
        if moment > self.memo.get("day", (None, 0.0))[1]:
            try:
                zone: tzinfo = ZoneInfo(self.properties["timeZone"])
            except (ZoneInfoNotFoundError, ValueError):
                zone = UTC
            self.memo["day"] = datetime.now(zone).date(), moment + 1
        return self.memo["day"][0]

    def new_id(self) -> int:
        """Draw an id that no tab of the book has."""
        drawn = random.randint(1, 2**31 - 1)
        return drawn if drawn not in self.sheets else self.new_id()
