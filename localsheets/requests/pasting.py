"""What each kind of paste takes along: parts of cells, merges, conditional formats."""

from dataclasses import dataclass
from typing import Any

from localsheets.books.a1 import Closed
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.protections import rectangle
from localsheets.books.ranges import closed_of, stored_range
from localsheets.errors import invalid

Json = dict[str, Any]
Block = list[list[Cell]]
PART_OF_MERGE = "You must select all cells in a merged range to merge or unmerge them."


@dataclass(frozen=True, slots=True)
class Placing:
    """Hold where a block comes from and where it goes, repeated over an area, perhaps transposed."""

    sheet: Sheet
    source: Closed
    target: Sheet
    area: Closed
    height: int
    width: int
    transposed: bool

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """Return which cell of the block, counted from its corner, lands in a cell."""
        down, across = (row - self.area.top) % self.height, (column - self.area.left) % self.width
        return (across, down) if self.transposed else (down, across)

    def landings(self, part: Closed) -> list[Closed]:
        """Return where a rectangle of the source lands, once for each repetition."""
        rows = (part.top - self.source.top, part.bottom - self.source.top)
        columns = (part.left - self.source.left, part.right - self.source.left)
        (top, bottom), (left, right) = (columns, rows) if self.transposed else (rows, columns)
        return [
            Closed(down + top, across + left, down + bottom, across + right)
            for down in range(self.area.top, self.area.bottom, self.height)
            for across in range(self.area.left, self.area.right, self.width)
        ]


def pasted(old: Cell, new: Cell, kind: str) -> Cell:
    """Return a cell after another was pasted on it."""
    if kind == "PASTE_NORMAL":
        return new
    if kind in ("PASTE_VALUES", "PASTE_FORMULA"):
        return Cell(new.entered, old.format, old.note, old.validation)
    if kind == "PASTE_FORMAT":
        return Cell(old.entered, new.format, old.note, old.validation, old.runs)
    if kind == "PASTE_DATA_VALIDATION":
        return Cell(old.entered, old.format, old.note, new.validation, old.runs)
    if kind == "PASTE_CONDITIONAL_FORMATTING":
        return old
    kept = {name: value for name, value in (new.format or {}).items() if name != "borders"}
    own = {name: value for name, value in (old.format or {}).items() if name == "borders"}
    return Cell(new.entered, (kept | own) or None, new.note, new.validation, new.runs)


def copied_merges(placing: Placing) -> list[Json]:
    """Return the merges that a copy of the source brings to the target."""
    inside = [
        closed_of(merge)
        for merge in placing.sheet.annotations.get("merges", [])
        if placing.source.covers(closed_of(merge))
    ]
    return [stored_range(placing.target, spot) for merge in inside for spot in placing.landings(merge)]


def drop_merges(target: Sheet, area: Closed) -> None:
    """Undo the merges that a paste covers; one that it covers in part refuses the paste."""
    merges = target.annotations.get("merges", [])
    if any(area.meets(closed_of(merge)) and not area.covers(closed_of(merge)) for merge in merges):
        raise invalid(PART_OF_MERGE)
    if merges:
        target.annotations["merges"] = [merge for merge in merges if not area.meets(closed_of(merge))]


def copied_rules(placing: Placing) -> None:
    """Extend the conditional formats of the source to where it is pasted."""
    same = placing.sheet.sheet_id == placing.target.sheet_id
    rules = placing.target.annotations.setdefault("conditionalFormats", [])
    for place, rule in enumerate(list(placing.sheet.annotations.get("conditionalFormats", []))):
        parts = [part for given in rule["ranges"] if (part := common(rectangle(given), placing.source))]
        spots = [stored_range(placing.target, spot) for part in parts for spot in placing.landings(part)]
        if spots and same:
            kept = [given for given in rule["ranges"] if given not in spots]
            rules[place] = rule | {"ranges": [*kept, *spots]}
        elif spots:
            rules.append(rule | {"ranges": spots})


def common(one: Closed, two: Closed) -> Closed | None:
    """Return the rectangle that two share, None when they share no cell."""
    if not one.meets(two):
        return None
    top, left = max(one.top, two.top), max(one.left, two.left)
    return Closed(top, left, min(one.bottom, two.bottom), min(one.right, two.right))


def cut_attached(book: Book, placing: Placing) -> None:
    """Move merges and names that lie in a cut range along with it."""
    merges = copied_merges(placing)
    source, origin = placing.source, placing.sheet
    torn = [merge for merge in origin.annotations.get("merges", []) if source.meets(closed_of(merge))]
    if any(not source.covers(closed_of(merge)) for merge in torn):
        raise invalid(PART_OF_MERGE)
    origin.annotations["merges"] = [merge for merge in origin.annotations.get("merges", []) if merge not in torn]
    drop_merges(placing.target, placing.area)
    placing.target.annotations["merges"] = [*placing.target.annotations.get("merges", []), *merges]
    book.named_ranges = [
        named | {"range": stored_range(placing.target, placing.landings(rectangle(named["range"]))[0])}
        if named["range"].get("sheetId", 0) == origin.sheet_id and source.covers(rectangle(named["range"]))
        else named
        for named in book.named_ranges
    ]
