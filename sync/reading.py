"""Read the rows of a tab: the id of each and the canonical text of its mapped cells, or why it has none."""

from collections.abc import Mapping
from itertools import compress

from rules.message import Refused
from rules.values import TYPES, Type
from sync.answers import Cell as Read
from sync.answers import Value
from sync.cells import Tab, bare, text_of
from sync.plan import Cell, Sheet, SheetRow
from sync.worksheets import Column

#: How Google shows the errors of formulas.
ERRORS = {
    "ERROR": "#ERROR!", "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!",
    "NAME": "#NAME?", "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "Loading...",
}  # fmt: skip
IN_ERROR = "La formule donne une erreur : corrigez-la ou remplacez-la par une valeur."
#: A book is read again every few seconds with nearly the same values: what each comes to is kept, up to
#: this many for each type.
KEPT = 100_000
_kept: dict[str, dict[str | float, str]] = {}

Odd = dict[int, dict[str, Cell]]
_BLANK = Read()


def rows(tab: Tab, columns: list[Column], id_field: str) -> Sheet:
    """Read the rows below the header that hold an id or a value; blank ones are left out."""
    placed = [(column, tab.columns[column.field]) for column in columns if column.field in tab.columns]
    first = tab.header_row + 1
    lines = tab.grid[first:]
    odd: Odd = {}
    ids = [text.strip() for text in _texts(tab, lines, tab.columns[id_field])]
    texts = [_column(tab, lines, column, place, odd) for column, place in placed]
    whole = list(zip(*texts, strict=True)) if texts else [()] * len(lines)
    indexes = range(first, first + len(lines))
    held = [bool(key) or any(row) or at in odd for at, key, row in zip(indexes, ids, whole, strict=True)]
    return Sheet(
        tuple(column.field for column, _ in placed),
        list(compress(indexes, held)),
        list(compress(ids, held)),
        list(compress(whole, held)),
        odd,
    )


def _texts(tab: Tab, lines: list[list[Read]], place: int) -> list[str]:
    first = tab.header_row + 1
    return [tab.text(index, place) for index in range(first, first + len(lines))]


def _column(tab: Tab, lines: list[list[Read]], column: Column, place: int, odd: Odd) -> list[str]:
    """Return the canonical text of each cell of a column; cells that are more than that go to `odd`."""
    known = _known(column.type)
    found = []
    for index, line in enumerate(lines, start=tab.header_row + 1):
        cell = line[place] if place < len(line) else _BLANK
        value, entered = cell.effectiveValue, cell.userEnteredValue
        if value is None:
            found.append("")
            continue
        plainly = value.stringValue if value.stringValue is not None else value.numberValue
        text = None if plainly is None else known.get(plainly)
        if text is None or (entered is not None and entered.formulaValue is not None):
            read = _cell(value, entered is not None and entered.formulaValue is not None, column.type, known)
            text = read.value
            if read.refusal or read.formula:
                odd.setdefault(index, {})[column.field] = read
        found.append(text)
    return found


def _known(kind: Type) -> dict[str | float, str]:
    """Return the values of a type met before; those of a choice, made anew for each cohort, are not kept."""
    if TYPES.get(kind.name) is not kind:
        return {}
    known = _kept.setdefault(kind.name, {})
    if len(known) > KEPT:
        known.clear()
    return known


def _cell(value: Value, formula: bool, kind: Type, known: dict[str | float, str]) -> Cell:
    if value.errorValue is not None:
        typed = ERRORS.get(value.errorValue.type, "#ERROR!")
        return Cell(typed, IN_ERROR, formula, typed)
    given = bare(value)
    try:
        text = kind.parse(given)
    except Refused as error:
        typed = text_of(given)
        return Cell(typed, str(error), formula, typed)
    if not isinstance(given, bool) and given is not None:
        # 1 and True are one key to Python: only what is not a box to tick is kept.
        known[given] = text
    return Cell(text, formula=formula)


def header_cells(tab: Tab, fields: Mapping[str, str]) -> Sheet:
    """Read the headers of the matrix columns as one more row, so that they merge like any cell."""
    places = {name: tab.columns[name] for name in fields if name in tab.columns}
    top = tab.header_row
    cells = {
        name: Cell(tab.text(top, column).strip(), formula=tab.formula(top, column)) for name, column in places.items()
    }
    return Sheet.of(tuple(places), [SheetRow(top, "#", cells)])
