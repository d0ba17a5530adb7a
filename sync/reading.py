"""Read the rows of a tab: the id of each and the canonical text of its mapped cells, or why it has none."""

from collections.abc import Container, Mapping, Sequence
from itertools import chain, compress
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
    grid = _Flat(lines, 1 + max(tab.columns.values()))
    ids = [intern((key if isinstance(key, str) else text_of(bare(value))).strip())
           for key, value in zip(*grid.column(tab.columns[id_field]), strict=True)]  # fmt: skip
    texts = [_column(indexes, grid, column, place, odd) for column, place in placed]
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


class _Flat:
    """The cells of some rows, one row after the other as they lie in memory, which is read once and in order."""

    def __init__(self, lines: list[list[Read]], least: int) -> None:
        self.width = width = max(max(map(len, lines), default=0), least)
        whole = (line if len(line) == width else line + [BLANK] * (width - len(line)) for line in lines)
        cells = list(chain.from_iterable(whole))
        self.values = [cell.effectiveValue for cell in cells]
        #: The text or the number of each; None for what is neither.
        self.plainly = [v.numberValue if v.stringValue is None else v.stringValue for v in self.values]
        self.formulas: dict[int, set[int]] = {}
        for at in [at for at, cell in enumerate(cells) if cell.userEnteredValue.formulaValue is not None]:
            self.formulas.setdefault(at % width, set()).add(at // width)

    def column(self, place: int) -> tuple[list[str | float | None], list[Value]]:
        """Return what the cells of a column hold."""
        return self.plainly[place :: self.width], self.values[place :: self.width]


def _column(indexes: Sequence[int], grid: _Flat, column: Column, place: int, odd: Odd) -> list[str]:
    """Return the canonical text of each cell of a column; cells that are more than that go to `odd`.

    Most values were met before, so that one look-up each is all that they take.
    """
    known, formulas = _known(column.type), grid.formulas.get(place, set())
    plainly, values = grid.column(place)
    texts = list(map(known.get, plainly))
    for at in [at for at, text in enumerate(texts) if text is None]:
        # What the column itself has taught a few cells above counts too.
        texts[at] = "" if values[at] is NOTHING else known.get(plainly[at]) or _learnt(plainly[at], column.type, known)
    for at in sorted({at for at, text in enumerate(texts) if text is None} | formulas):
        texts[at] = _read(indexes[at], column, values[at], at in formulas, known, odd)
    return texts


def _learnt(given: str | float | None, kind: Type, known: dict[str | float, str]) -> str | None:
    """Return the canonical text of a text or a number that was never met; None when it takes a closer look."""
    if given is None:
        return None
    try:
        # Texts are shared with the other side and the base: those that are equal are then one object.
        text = known[given] = intern(kind.parse(given))
    except Refused:
        return None
    return text


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
