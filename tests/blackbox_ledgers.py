"""Both ledgers of a round: every state each spreadsheet went through, and the store's journal.

localsheets keeps each change of a book with its author; older states are rebuilt from that. A cell is
followed by the id of its row and its header, wherever staff moved it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localsheets.books.history import undo
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.shelf import Shelf
from localsheets.books.store import Store
from rules.message import Refused
from rules.values import Type
from store.models import JournalEntry
from store.records import OF_TAB
from sync.plan import COMPUTED
from sync.worksheets import WORKSHEETS

#: A value of the journal or of a book: (kind of record, id, field).
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Mapped:
    """A column that is synced."""

    field: str
    type: Type
    computed: bool


@dataclass
class State:
    """One tab at one moment: its rows by id, then by header; and the ids that stand twice."""

    rows: dict[str, dict[str, Cell]] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    #: Rows that say something and have no id.
    nameless: list[dict[str, Cell]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)


@dataclass
class Step:
    """A book after one change: who made it, and its tabs by title."""

    revision: int
    actor: str
    kind: str
    tabs: dict[str, State]


def columns(cohort_id: int) -> dict[str, dict[str, Mapped]]:
    """Return what is synced: {tab: {header: column}}."""
    return {
        sheet.title: {c.header: Mapped(c.field, c.type, c.policy == COMPUTED) for c in sheet.columns(cohort_id)}
        for sheet in WORKSHEETS.values()
    }


KINDS = {sheet.title: OF_TAB[kind] for kind, sheet in WORKSHEETS.items()}


def entered(cell: Cell) -> Any:
    """Return what was entered in a cell, bare; None when it is blank."""
    return next(iter(cell.entered.values())) if cell.entered else None


def canonical(mapped: Mapped, cell: Cell) -> str:
    """Return the canonical text of a cell; what the rules refuse is returned as typed, marked so."""
    raw = entered(cell)
    if raw is None:
        return ""
    try:
        return mapped.type.parse(raw)
    except Refused:
        return f"refused: {raw}"


class Books:
    """The data file of localsheets, read once its server has stopped."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)
        self.shelf = Shelf(self.store)

    def steps(self, book_id: str, since: int) -> list[Step]:
        """Return every state of a book from a revision on, oldest first."""
        draft = self.shelf.get(book_id).fork()
        found = []
        for entry in self.store.log(book_id, since - 1, latest_first=True):
            found.append(Step(entry["revision"], entry["actor"], entry["kind"], _tabs(draft)))
            if entry["before"]:
                undo(draft, entry["before"], entry["after"])
        return found[::-1]

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()


def _tabs(book: Book) -> dict[str, State]:
    return {sheet.title: _state(sheet) for sheet in book.sheets.values()}


def _state(sheet: Sheet) -> State:
    lines = {row: {column: cell for column, cell in line.items() if not cell.is_empty()}
             for row, line in sorted(sheet.rows.items())}  # fmt: skip
    top = next((row for row, line in lines.items() if any(entered(cell) == "ID" for cell in line.values())), None)
    if top is None:
        return State(nameless=[{str(column): cell for column, cell in line.items()} for line in lines.values()])
    headers = {column: str(entered(cell)) for column, cell in lines[top].items() if entered(cell)}
    state = State(headers=[headers[column] for column in sorted(headers)])
    for row, line in lines.items():
        if row == top:
            continue
        cells = {headers.get(column, f"column {column}"): cell for column, cell in line.items()}
        key = entered(cells.pop("ID", Cell()))
        if key is None:
            if any(entered(cell) is not None and cell.formula is None for cell in cells.values()):
                state.nameless.append(cells)
        elif key in state.rows:
            state.twice.append(str(key))
        else:
            state.rows[str(key)] = cells
    return state


@dataclass(frozen=True)
class Put:
    """A value that came into a cell of a book, and who put it there: '' for what was agreed on before the round."""

    revision: int
    actor: str
    text: str


def histories(steps: list[Step], synced: dict[str, dict[str, Mapped]]) -> dict[Place, list[Put]]:
    """Return what each synced cell of a book held, one after the other; a row that is away holds nothing new."""
    found: dict[Place, list[Put]] = defaultdict(list)
    for number, step in enumerate(steps):
        # What a book held at first was agreed on: nobody put it there in this round.
        actor = step.actor if number else ""
        for title, key, header, cell in _cells(step):
            mapped = synced.get(title, {}).get(header)
            if mapped is None or mapped.computed or cell.formula is not None:
                continue
            past, text = found[KINDS[title], key, mapped.field], canonical(mapped, cell)
            if not past or past[-1].text != text:
                past.append(Put(step.revision, actor, text))
    return dict(found)


def _cells(step: Step) -> Iterator[tuple[str, str, str, Cell]]:
    for title, state in step.tabs.items():
        for key, cells in state.rows.items():
            for header in state.headers:
                if header != "ID":
                    yield title, key, header, cells.get(header, Cell())


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    id: int
    door: str
    author: str
    before: str
    after: str


def journal() -> dict[Place, list[Entry]]:
    """Return the store's journal by value, oldest first."""
    found: dict[Place, list[Entry]] = defaultdict(list)
    for entry in JournalEntry.select().order_by(JournalEntry.id):
        line = Entry(entry.id, entry.door, entry.author, entry.before, entry.after)
        found[entry.kind, entry.object_id, entry.field].append(line)
    return dict(found)


def story(steps: list[Step]) -> Iterator[str]:
    """Tell each change of a book, for whoever looks for what went wrong."""
    for before, after in zip(steps, steps[1:], strict=False):
        yield f"{after.revision} {after.actor} {after.kind}"
        for title in before.tabs.keys() | after.tabs.keys():
            old, new = before.tabs.get(title, State()), after.tabs.get(title, State())
            for key in old.rows.keys() | new.rows.keys():
                was, now = ({name: entered(c) for name, c in side.rows.get(key, {}).items()} for side in (old, new))
                changed = {name: (was.get(name), now.get(name)) for name in was.keys() | now.keys()}
                changed = {name: both for name, both in changed.items() if both[0] != both[1]}
                gone = " (gone)" if key not in new.rows else " (new)" if key not in old.rows else ""
                if changed or gone:
                    yield f"    {title} {key}{gone}: {changed}"
            if (old.twice, len(old.nameless)) != (new.twice, len(new.nameless)):
                nameless = [list(map(entered, cells.values())) for cells in new.nameless]
                yield f"    {title}: twice {new.twice}, without id {nameless}"
