"""batchUpdate requests about merges and named ranges."""

import re
from typing import Any

from localsheets.books import masks
from localsheets.books.a1 import Closed
from localsheets.books.lines import check_area
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import bare_zero, closed_of, grid_range, open_range, stored_range
from localsheets.errors import invalid, missing
from localsheets.requests.fields import field_mask, new_number

Json = dict[str, Any]
NAME = re.compile(r"[A-Za-z_\u00c0-\uffff][\w.\u00c0-\uffff]{0,249}")
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr]\d*[Cc]\d*|true|false", re.IGNORECASE)
PART_OF_MERGE = "You must select all cells in a merged range to merge or unmerge them."


def merge_cells(book: Book, given: Json) -> Json:
    """Merge the cells of a range; only the first value of each merge is kept."""
    sheet, area = grid_range(book, given.get("range"))
    kind = given.get("mergeType", "MERGE_ALL")
    pieces = {
        "MERGE_ALL": [area],
        "MERGE_ROWS": [Closed(row, area.left, row + 1, area.right) for row in range(area.top, area.bottom)],
        "MERGE_COLUMNS": [Closed(area.top, column, area.bottom, column + 1) for column in range(area.left, area.right)],
    }.get(kind)
    if pieces is None:
        raise invalid(f"Invalid mergeType: {kind}")
    target = book.edit(sheet.sheet_id)
    check_area(target, area)
    for piece in pieces:
        _check_piece(target, piece)
        _merge(target, piece)
    return {}


def _check_piece(target: Sheet, piece: Closed) -> None:
    rows, columns = target.grid.get("frozenRowCount", 0), target.grid.get("frozenColumnCount", 0)
    if piece.top < rows < piece.bottom:
        raise invalid("You can't merge frozen and non-frozen rows.")
    if piece.left < columns < piece.right:
        raise invalid("You can't merge frozen and non-frozen columns.")
    basic = target.annotations.get("basicFilter")
    if basic is not None:
        area = closed_of(basic["range"])
        if piece.meets(area) and not (area.covers(piece) or piece.covers(area)):
            raise invalid("You can't merge cells that cross the borders of an existing filter.")


def _merge(target: Sheet, piece: Closed) -> None:
    kept = []
    for entry in target.annotations.get("merges", []):
        other = closed_of(entry)
        if not piece.meets(other):
            kept.append(entry)
        elif not piece.covers(other):
            raise invalid(PART_OF_MERGE)
    filled = [(row, column, cell) for row, column, cell in target.cells(piece) if cell.entered]
    for row, column, cell in filled[1:] if filled else []:
        target.put(row, column, cell.emptied())
    if filled and filled[0][:2] != (piece.top, piece.left):
        row, column, cell = filled[0]
        target.put(row, column, cell.emptied())
        target.put(piece.top, piece.left, cell)
    single = piece.height == 1 and piece.width == 1
    target.annotations["merges"] = kept if single else [*kept, stored_range(target, piece)]


def unmerge_cells(book: Book, given: Json) -> Json:
    """Undo the merges that lie in a range."""
    sheet, area = grid_range(book, given.get("range"))
    target = book.edit(sheet.sheet_id)
    check_area(target, area)
    merges = target.annotations.get("merges", [])
    if any(area.meets(closed_of(entry)) and not area.covers(closed_of(entry)) for entry in merges):
        raise invalid(PART_OF_MERGE)
    target.annotations["merges"] = [entry for entry in merges if not area.meets(closed_of(entry))]
    return {}


def add_named_range(book: Book, given: Json) -> Json:
    """Name a range."""
    wanted = given.get("namedRange") or {}
    stored = open_range(book, wanted.get("range"))
    name = wanted.get("name", "")
    _check_name(book, name, None)
    number = wanted.get("namedRangeId") or str(new_number())
    if any(other["namedRangeId"] == number for other in book.named_ranges):
        raise invalid(f"Cannot add named range with ID [{number}] because a named range with that ID already exists.")
    kept = {"namedRangeId": number, "name": name, "range": stored}
    book.named_ranges.append(kept)
    book.memo.clear()
    return {"namedRange": bare_zero(kept)}


def _check_name(book: Book, name: str, own: str | None) -> None:
    if not NAME.fullmatch(name) or LIKE_A_CELL.fullmatch(name):
        raise invalid(f"The name [{name}] is not a valid named range name.")
    for other in book.named_ranges:
        if other["name"].lower() == name.lower() and other["namedRangeId"] != own:
            raise invalid(f"Cannot add named range with name {name}, a named range with that name already exists.")


def named_range(book: Book, number: Any) -> Json:
    """Return a stored named range, or refuse an unknown id."""
    for named in book.named_ranges:
        if named["namedRangeId"] == number:
            return named
    raise invalid(f"No named range with ID: {number}")


def update_named_range(book: Book, given: Json) -> Json:
    """Change the masked fields of a named range; protections of it follow."""
    mask = field_mask(given.get("fields"), "NamedRange")
    wanted = given.get("namedRange") or {}
    old = named_range(book, wanted.get("namedRangeId"))
    new = dict(old)
    if masks.below(mask, "name") is not None:
        _check_name(book, wanted.get("name", ""), old["namedRangeId"])
        new["name"] = wanted["name"]
    if masks.below(mask, "range") is not None:
        new["range"] = open_range(book, wanted.get("range"))
    book.named_ranges = [new if named is old else named for named in book.named_ranges]
    _follow_protections(book, new)
    book.memo.clear()
    return {}


def _follow_protections(book: Book, named: Json) -> None:
    """Move the protections that are backed by a named range to where it is now."""
    for sheet_id in book.order:
        for place, entry in enumerate(book.sheets[sheet_id].annotations.get("protectedRanges", [])):
            if entry.get("namedRangeId") != named["namedRangeId"]:
                continue
            if named["range"]["sheetId"] != sheet_id:
                raise missing("moving a protected named range to another sheet")
            entries = book.edit(sheet_id).annotations["protectedRanges"]
            entries[place] = entry | {"range": named["range"]}


def delete_named_range(book: Book, given: Json) -> Json:
    """Forget a range's name."""
    gone = named_range(book, given.get("namedRangeId"))
    book.named_ranges = [named for named in book.named_ranges if named is not gone]
    book.memo.clear()
    return {}
