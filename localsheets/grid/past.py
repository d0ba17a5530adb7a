"""What each person may undo and redo, read from the log: it survives a restart."""

from collections import OrderedDict
from typing import Any

from localsheets.books.history import undo
from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.grid.actions import Impossible, apply
from localsheets.grid.history import Place, Step, sorts

Json = dict[str, Any]
KINDS = ("actions", "undo", "redo")
KEPT_STEPS = 200
MOVING = {"moved", "row_count", "column_count"}


def person_of(entry: Json) -> str:
    """Return who did what an entry of the log says: a page's person, or else the name it was done under."""
    request = entry["request"] if isinstance(entry["request"], dict) else {}
    return str(request.get("who") or "").partition(".")[0] or str(entry["actor"])


class Past:
    """Find and travel the steps of people; the latest are kept in memory, older ones rebuilt from the log."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.steps: OrderedDict[tuple[str, int], Step] = OrderedDict()

    def keep(self, book_id: str, revision: int, step: Step) -> None:
        """Remember a step that was just done."""
        self.steps[book_id, revision] = step
        while len(self.steps) > KEPT_STEPS:
            self.steps.popitem(last=False)

    def undo(self, draft: Book, person: str) -> tuple[int, list[Place]]:
        """Take back, on a fork of the book, the last step of a person; returns its revision and the cells left."""
        revision = self._last_done(draft.book_id, person)
        if revision is None:
            raise Impossible("Il n’y a rien à annuler.")
        return revision, self._step(draft, revision, undone=False).undo(draft)

    def redo(self, draft: Book, person: str) -> tuple[int, list[Place]]:
        """Do again the step that a person last took back; returns its revision and the cells left."""
        revision = self._last_undone(draft.book_id, person)
        if revision is None:
            raise Impossible("Il n’y a rien à rétablir.")
        return revision, self._step(draft, revision, undone=True).redo(draft)

    def _entries(self, book_id: str, person: str) -> list[Json]:
        """List what a person did, the latest first."""
        entries = self.shelf.store.steps(book_id, KINDS)
        return [entry for entry in entries if person_of(entry) == person]

    def _last_done(self, book_id: str, person: str) -> int | None:
        undone: set[int] = set()
        for entry in self._entries(book_id, person):
            revision = _subject(entry)
            if entry["kind"] == "undo":
                undone.add(revision)
            elif revision not in undone:
                return revision
        return None

    def _last_undone(self, book_id: str, person: str) -> int | None:
        redone: set[int] = set()
        for entry in self._entries(book_id, person):
            if entry["kind"] == "actions":
                return None
            revision = _subject(entry)
            if entry["kind"] == "redo":
                redone.add(revision)
            elif revision not in redone:
                return revision
            else:
                redone.discard(revision)
        return None

    def _step(self, draft: Book, revision: int, undone: bool) -> Step:
        known = self.steps.get((draft.book_id, revision))
        return known or self._rebuilt(draft, revision, undone)

    def _rebuilt(self, draft: Book, revision: int, undone: bool) -> Step:
        """Rebuild a step of an earlier run; refused once someone moved lines since."""
        book_id = draft.book_id
        later = self.shelf.store.log(book_id, revision)
        own, moved = {revision} if undone else set(), _net_moves(later)
        if moved - own or any(entry["before"] is None for entry in later):
            raise Impossible("Des lignes, des colonnes ou un onglet ont bougé depuis : rien n’a été changé.")
        (entry,) = self.shelf.store.log(book_id, revision - 1, until=revision)
        after = self.shelf.at(book_id, revision)
        before = after.fork()
        undo(before, entry["before"], entry["after"])
        before.owned = set()
        actions = entry["request"].get("actions")
        lines = apply(before.fork(), actions)
        origin, target = (before, after) if undone else (after, before)
        for sheet_id, sheet in origin.sheets.items():
            if sheet_id not in draft.sheets:
                continue
            sheet.shape = draft.sheets[sheet_id].shape
            if sheet_id in target.sheets and not moves(entry):
                target.sheets[sheet_id].shape = sheet.shape
        step = Step(before, after, lines, sorts(actions))
        self.keep(book_id, revision, step)
        return step


def _subject(entry: Json) -> int:
    """Return the revision of the step that an entry did, took back or did again."""
    return int(entry["revision"] if entry["kind"] == "actions" else entry["request"]["of"])


def _net_moves(entries: list[Json]) -> set[int]:
    """List the changes of lines that stand, oldest entries first: one that was taken back does not count."""
    standing: set[int] = set()
    for entry in entries:
        if moves(entry):
            standing ^= {_subject(entry) if entry["kind"] in KINDS else entry["revision"]}
    return standing


def moves(entry: Json) -> bool:
    """Tell whether an entry of the log moved lines, or brought or took a tab."""
    after, before = ((entry[half] or {}).get("sheets") or {} for half in ("after", "before"))
    return any(
        after.get(sheet_id) is None or before.get(sheet_id) is None or not MOVING.isdisjoint(after[sheet_id])
        for sheet_id in {*after, *before}
    )
