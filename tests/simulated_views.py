"""What a person sees in a tab: the rows by their ids, the columns that the sync owns, and what is the staff's own.

Read straight from localsheets' model, by nothing of the sync: these are the eyes of the invariants.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from localsheets.books.model import Book, Sheet
from localsheets.formulas.calculator import calculator
from localsheets.formulas.values import ErrorValue
from rules.message import Refused
from rules.values import TYPES, Type, fold

KEY = "passerelle"
#: A header is looked for in the first rows.
TOP = 30

Fields = Mapping[str, Type]


@dataclass(frozen=True)
class Row:
    """One row under the header: where it is, its id, its mapped cells, and what staff put beside them."""

    index: int
    id: str
    #: Canonical texts; what no rule takes is kept as typed after a "!".
    cells: Mapping[str, str]
    formulas: frozenset[str]
    own: tuple[str, ...]


@dataclass
class View:
    """One tab as it is; `header` is -1 when its ids cannot be found any more."""

    kind: str
    header: int
    columns: dict[str, int]
    labels: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    #: What staff hold outside the rows: above the header, in it, and in columns of their own.
    own: Counter = field(default_factory=Counter)

    @cached_property
    def by_id(self) -> dict[str, list[Row]]:
        """Return the rows of each id."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.id, []).append(row)
        return found

    @cached_property
    def alone(self) -> dict[str, Row]:
        """Return the rows whose id no other row bears."""
        return {key: rows[0] for key, rows in self.by_id.items() if key and len(rows) == 1}

    @cached_property
    def values(self) -> Counter:
        """Count the values of each field, whatever the row."""
        return Counter((name, value) for row in self.rows for name, value in row.cells.items() if value)


def view(kind: str, book: Book, sheet: Sheet, types: Fields) -> View:
    """Look at a tab."""
    columns = {
        entry["metadataValue"]: entry["location"]["dimensionRange"]["startIndex"]
        for entry in sheet.metadata
        if entry["metadataKey"] == KEY and "dimensionRange" in entry["location"]
    }
    header = _header(sheet, columns)
    found = View(kind, header, columns, {})
    if header >= 0:
        found.labels = {name: _text(book, sheet, header, place) for name, place in columns.items()}
        # A mark whose header was emptied stands for nothing.
        found.columns = {name: place for name, place in columns.items() if found.labels[name]}
    owned = {place: name for name, place in found.columns.items()}
    for index in sorted(sheet.rows):
        if header < 0 or index <= header:
            places = () if index == header else sheet.rows[index]
            found.own.update(_own(book, sheet, index, places, {}))
            if index == header:
                found.own.update(_own(book, sheet, index, sheet.rows[index], owned))
        else:
            found.rows += _row(book, sheet, index, owned, types)
    for row in found.rows:
        found.own.update(row.own)
    return found


def _header(sheet: Sheet, columns: Mapping[str, int]) -> int:
    place = columns.get("id")
    if place is None:
        return -1
    for row in range(TOP):
        if fold(str((sheet.cell(row, place).entered or {}).get("stringValue", ""))) == "id":
            return row
    return -1


def _row(book: Book, sheet: Sheet, index: int, owned: Mapping[int, str], types: Fields) -> list[Row]:
    cells, formulas, key = {}, set(), ""
    for place, name in owned.items():
        cell = sheet.cell(index, place)
        if cell.entered is None:
            continue
        value = calculator(book).value(sheet, index, place) if cell.formula else next(iter(cell.entered.values()))
        if name == "id":
            key = _plain(value).strip()
            continue
        cells[name] = canonical(types.get(name, TYPES["attendance"]), value)
        if cell.formula:
            formulas.add(name)
    own = tuple(_own(book, sheet, index, sheet.rows[index], owned))
    cells = {name: text for name, text in cells.items() if text}
    return [Row(index, key, cells, frozenset(formulas), own)] if key or cells or own else []


def _own(book: Book, sheet: Sheet, index: int, places: Any, owned: Mapping[int, str]) -> list[str]:
    """List what a line holds outside the columns of the sync: texts, and that there is a formula."""
    found = []
    for place in places:
        entered = sheet.cell(index, place).entered
        if entered is not None and place not in owned:
            found.append("=" if "formulaValue" in entered else _plain(next(iter(entered.values()))))
    return found


def canonical(kind: Type, value: Any) -> str:
    """Return the canonical text of a cell, or what it shows after a "!" when the rules do not take it."""
    if isinstance(value, ErrorValue):
        return f"!{value}"
    return _canonical(kind, type(value), value)


@lru_cache(maxsize=50_000)
def _canonical(kind: Type, sort: type, value: Any) -> str:
    try:
        return kind.parse(value)
    except Refused:
        return f"!{_plain(value)}"


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _text(book: Book, sheet: Sheet, row: int, column: int) -> str:
    return _plain(calculator(book).value(sheet, row, column)).strip()
