"""Read the rows of a tab: the id of each and the canonical text of its mapped cells, or why it has none."""

from collections.abc import Container, Mapping, Sequence
from itertools import compress
from sys import intern

from rules.message import Refused
from rules.values import TYPES, Type
from sync.answers import NOTHING, Value
from sync.answers import Cell as Read
from sync.cells import BLANK, Tab, bare, text_of
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


def rows(tab: Tab, columns: list[Column], id_field: str, known: Container[str] = frozenset()) -> Sheet:
    """Read the rows below the header that hold an id or a value; blank ones are left out.

    A row above the header counts only if it bears a known id: a sort that took the header along left it there.
    """
    placed = [(column, tab.columns[column.field]) for column in columns if column.field in tab.columns]
    indexes = _indexes(tab, tab.columns[id_field], known)
    lines = [tab.grid[index] for index in indexes]
    odd: Odd = {}
    ids = _ids(lines, tab.columns[id_field])
    texts = [_column(indexes, lines, column, place, odd) for column, place in placed]
    whole = list(zip(*texts, strict=True)) if texts else [()] * len(lines)
    held = [bool(key) or any(row) or at in odd for at, key, row in zip(indexes, ids, whole, strict=True)]
    return Sheet(
        tuple(column.field for column, _ in placed),
        list(compress(indexes, held)),
        list(compress(ids, held)),
        list(compress(whole, held)),
        odd,
    )


def _indexes(tab: Tab, ids: int, known: Container[str]) -> Sequence[int]:
    below = range(tab.header_row + 1, tab.last_row)
    above = [index for index in range(tab.header_row) if tab.text(index, ids).strip() in known]
    return [*above, *below] if above else below


def _ids(lines: list[list[Read]], place: int) -> list[str]:
    values = [cell.effectiveValue for cell in _cells(lines, place)]
    return [intern((v.stringValue if v.stringValue is not None else text_of(bare(v))).strip()) for v in values]


def _cells(lines: list[list[Read]], place: int) -> list[Read]:
    return [line[place] if place < len(line) else BLANK for line in lines]


def _column(indexes: Sequence[int], lines: list[list[Read]], column: Column, place: int, odd: Odd) -> list[str]:
    """Return the canonical text of each cell of a column; cells that are more than that go to `odd`.

    Most values were met before, so that one look-up each is all that they take.
    """
    known, cells = _known(column.type), _cells(lines, place)
    values = [cell.effectiveValue for cell in cells]
    plainly = [v.numberValue if v.stringValue is None else v.stringValue for v in values]
    formulas = {at for at, cell in enumerate(cells) if cell.userEnteredValue.formulaValue is not None}
    texts = ["" if value is NOTHING else known.get(key) for key, value in zip(plainly, values, strict=True)]
    for at in [at for at, text in enumerate(texts) if text is None or at in formulas]:
        # What the column itself has taught a few cells above counts too.
        text = None if at in formulas else known.get(plainly[at])
        texts[at] = _read(indexes[at], column, values[at], at in formulas, known, odd) if text is None else text
    return texts


def _read(
    index: int, column: Column, value: Value, formula: bool, known: dict[str | float, str], odd: Odd
) -> str:
    read = _cell(value, formula, column.type, known)
    if read.refusal or read.formula:
        odd.setdefault(index, {})[column.field] = read
    return read.value


def _known(kind: Type) -> dict[str | float, str]:
    """Return the values of a type met before; those of a choice, made anew for each cohort, are not kept."""
    if TYPES.get(kind.name) is not kind:
        return {}
    known = _kept.setdefault(kind.name, {})
    if len(known) > KEPT:
        known.clear()
    return known


def forget() -> None:
    """Forget the values met before: what a process that has just started does."""
    _kept.clear()


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
    # Texts are shared with the other side and the base: those that are equal are then one object.
    text = intern(text)
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
