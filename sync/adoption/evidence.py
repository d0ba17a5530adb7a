"""What the values of a column say: how many of them are what its header promises."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.footers import sums_up
from rules.message import Refused
from rules.value_texts import as_text
from rules.values import Type, fold
from sync.adoption.grid import Grid, Value

#: Types that a value can contradict, and what staff call their values. Any text is a text: it proves nothing.
PROVING = {
    "email": "des adresses électroniques", "phone": "des numéros de téléphone", "date": "des dates",
    "time": "des heures", "integer": "des nombres entiers", "decimal": "des nombres", "grade": "des notes",
    "attendance": "des présences (P, R 15, A…)", "link": "des liens", "choice": "dans la liste",
}  # fmt: skip
#: Types that a value proves even where the header says nothing.
TELLING = ("email", "link")
#: Fewer values than this prove nothing.
FEWEST = 3
SAMPLES = 3
#: Rows looked at: enough to be sure, whatever the length of the tab.
MOST_ROWS = 400


@dataclass(frozen=True)
class Proof:
    """How many of a column's values are of a type."""

    good: int
    total: int

    @property
    def share(self) -> float:
        """Return the part of the values that are of the type; 1 when there is none."""
        return self.good / self.total if self.total else 1.0

    @property
    def counts(self) -> bool:
        """Tell whether there are enough values to prove anything."""
        return self.total >= FEWEST


def body(grid: Grid, header_row: int) -> list[int]:
    """List the rows below a header that hold something, those that only sum others up left out."""
    rows = range(header_row + 1, min(grid.height, header_row + 1 + MOST_ROWS))
    return [row for row in rows if any(map(as_text, grid.values[row])) and not sums_up(first_text(grid, row))]


def first_text(grid: Grid, row: int) -> str:
    """Return the first text of a row that has letters: a name, or the « Total » of a last row."""
    texts = (as_text(value) for value in grid.values[row] if isinstance(value, str))
    return next((text for text in texts if any(letter.isalpha() for letter in text)), "")


def values(grid: Grid, rows: Iterable[int], column: int) -> list[Value]:
    """Return what a column holds in some rows, blanks left out."""
    return [value for row in rows if as_text(value := grid.value(row, column))]


def samples(found: Sequence[Value]) -> tuple[str, ...]:
    """Return a few different values as texts."""
    return tuple(dict.fromkeys(as_text(value)[:40] for value in found))[:SAMPLES]


def proof(found: Sequence[Value], kind: Type) -> Proof:
    """Count the values that a type reads."""
    # 1 and True are one key to Python: a box to tick is counted apart.
    counted = Counter((type(value), value) for value in found)
    return Proof(sum(count for (_, value), count in counted.items() if _reads(kind, value)), len(found))


def _reads(kind: Type, value: Value) -> bool:
    try:
        return bool(kind.parse(value))
    except Refused:
        return False


def told(found: Proof, kind: Type) -> str:
    """Return what a proof says, in French; '' when it says nothing."""
    if kind.name not in PROVING or not found.total:
        return ""
    return f"{found.good} valeur{'s' if found.good > 1 else ''} sur {found.total} : {PROVING[kind.name]}"


def folded(text: str) -> str:
    """Return a name without accents, case or hyphens, to compare two spellings of it."""
    return fold(text).replace("-", " ")
