"""Which cells bench/calls.py has changed, what staff type meanwhile, and what is left of each afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bench.calls_books import OWN, REMARKS, TABS, Held, Json, held, letters, texts
from store import db
from store.rosters import types as half_days_of
from sync.plan import COMPUTED
from sync.worksheets import WORKSHEETS

Book = dict[str, list[list[Held]]]
#: What the changed cells of each tab shall say, by number and by turn, so that each turn changes them.
CHANGED: dict[str, Callable[[int, int], str]] = {
    "participants": lambda number, turn: f"07{turn}{number:07}",
    "half_days": lambda number, turn: f"Salle {turn}.{number}",
    "attendance": lambda number, turn: "A" if turn == 1 else "P",
    "papers": lambda number, turn: f"Titre {turn}.{number}",
    "jury": lambda number, turn: str(10 * (turn - 1) + number % 9 + 1),
}
#: What staff type: beside a changed cell, in the same row; and in a changed cell itself.
TYPED = {
    "participants": ("Tapé ici", "0699999999"),
    "half_days": ("Mme Tapée", "Salle tapée"),
    "attendance": ("V", "V"),
    "papers": ("Question tapée", "Titre tapé"),
    "jury": ("9", "8"),
}
REMARK = "tapé entre-temps"


@dataclass(frozen=True)
class Place:
    """A cell of a book, counted from 0."""

    book: str
    title: str
    row: int
    column: int


@dataclass(frozen=True)
class Change:
    """A cell to change, as the store names it and as the book does."""

    kind: str
    key: str
    field: str
    place: Place
    value: str


@dataclass
class Kept:
    """What is left of a book: how many of how many."""

    delivered: tuple[int, int]
    formulas: tuple[int, int]
    own: tuple[int, int]
    #: Cells that nobody meant to change, and that changed.
    altered: int
    typed: tuple[int, int]


@dataclass
class Cells:
    """The changes of one turn in one book, or in the two of ours."""

    changes: list[Change] = field(default_factory=list)
    typed: list[tuple[Place, str]] = field(default_factory=list)
    #: Columns that the intranet computes from what changed, as (title, column): they follow.
    computed: set[tuple[str, int]] = field(default_factory=set)

    def verbs(self) -> list[list[str]]:
        """Return the changes as our verbs take them."""
        return [[change.kind, change.key, change.field, change.value] for change in self.changes]

    def tabs(self, headers: Mapping[str, list[str]]) -> list[Json]:
        """Return the changes as a tool takes them, tab by tab, by the id of the row and the header of the column."""
        found: dict[str, Json] = {}
        for change in self.changes:
            header = headers[change.kind]
            tab = found.setdefault(change.kind, {"title": change.place.title, "header": header, "changes": []})
            tab["changes"].append([change.key, header[change.place.column], change.value])
        return list(found.values())

    def typing(self) -> dict[str, dict[str, list[Json]]]:
        """Return what staff type as actions: {book: {title: actions}}."""
        found: dict[str, dict[str, list[Json]]] = {}
        for place, value in self.typed:
            cell = f"{letters(place.column)}{place.row + 1}"
            action = {"do": "edit", "tab": place.title, "cell": cell, "value": value}
            found.setdefault(place.book, {}).setdefault(place.title, []).append(action)
        return found

    def read(self, url: str) -> dict[str, Book]:
        """Read the books that the changes are in, whole."""
        return {book: held(url, book) for book in sorted({change.place.book for change in self.changes})}


def choose(
    url: str, cohort: int, books: Mapping[str, str], counts: Mapping[str, int], turn: int, copy: str = ""
) -> Cells:
    """Choose the cells of a turn, spread over the rows of each tab; in a copy they stand where ours do."""
    chosen = Cells()
    for kind, count in counts.items():
        title, ours = WORKSHEETS[kind].title, books[WORKSHEETS[kind].audience]
        header, *rows = texts(url, ours, title)
        with db.connection():
            columns = WORKSHEETS[kind].columns(cohort)
            fields = TABS[kind] if kind != "attendance" else list(half_days_of(cohort))[:2]
        places = {column.field: header.index(column.header) for column in columns}
        if not copy:
            chosen.computed |= {(title, places[c.field]) for c in columns if c.policy == COMPUTED}
        wanted = [number * len(rows) // count for number in range(count)]
        book = copy or ours
        for number, row in enumerate(wanted):
            place = Place(book, title, row + 1, places[fields[0]])
            chosen.changes.append(Change(kind, rows[row][0], fields[0], place, CHANGED[kind](number, turn)))
        beside, same = TYPED[kind]
        chosen.typed += [
            (Place(book, title, wanted[0] + 1, places[fields[1]]), beside),
            (Place(book, title, wanted[-1] + 1, places[fields[0]]), same),
            (Place(book, title, wanted[0] + 1, header.index(REMARKS)), REMARK),
        ]
    return chosen


def compare(before: Mapping[str, Book], after: Mapping[str, Book], cells: Cells) -> Kept:
    """Look at every cell of the tabs concerned, before and after."""
    wanted = {change.place: change.value for change in cells.changes}
    typed = dict(cells.typed)
    formulas, own, altered = [], [], 0
    for place, was in _cells(before, {(change.place.book, change.place.title) for change in cells.changes}):
        same = _at(after, place) == was
        header = before[place.book][place.title][0][place.column][0]
        if was[0].startswith("="):
            formulas.append(same)
        elif was[0] and header in OWN:
            own.append(same or place in typed)
        elif place not in wanted and place not in typed and (place.title, place.column) not in cells.computed:
            altered += not same
    return Kept(
        (sum(_at(after, place)[0] == value for place, value in wanted.items()), len(wanted)),
        (sum(formulas), len(formulas)), (sum(own), len(own)), altered,
        (sum(_at(after, place)[0] == value for place, value in typed.items()), len(typed)),
    )  # fmt: skip


def _cells(books: Mapping[str, Book], tabs: set[tuple[str, str]]) -> list[tuple[Place, Held]]:
    return [
        (Place(book, title, row, column), cell)
        for book, title in sorted(tabs)
        for row, line in enumerate(books[book][title])
        for column, cell in enumerate(line)
    ]


def _at(books: Mapping[str, Book], place: Place) -> Held:
    rows = books[place.book].get(place.title, [])
    line = rows[place.row] if place.row < len(rows) else []
    return line[place.column] if place.column < len(line) else ("", False)
