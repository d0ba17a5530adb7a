"""batchUpdate requests about what is attached to a tab: protections, metadata, filters, merges, names."""

import random
from typing import Any

from localsheets import masks
from localsheets.a1 import Closed
from localsheets.errors import invalid, missing
from localsheets.filters import apply_filter
from localsheets.model import Book, Sheet
from localsheets.ranges import bare_zero, closed_of, dimension_range, grid_range, range_json

Json = dict[str, Any]


def stored_range(sheet: Sheet, area: Closed) -> Json:
    """Write a rectangle with the id of its tab, as it is kept."""
    return {"sheetId": sheet.sheet_id} | range_json(sheet.sheet_id, area)


def new_number() -> int:
    return random.randint(1, 2**31 - 1)


def add_protected_range(book: Book, given: Json) -> Json:
    """Protect a range; the one who asks is among its editors."""
    wanted = dict(given.get("protectedRange") or {})
    if "namedRangeId" in wanted or "unprotectedRanges" in wanted:
        raise missing("protections of named ranges or with exceptions")
    sheet, area = grid_range(book, wanted.get("range"))
    target = book.edit(sheet.sheet_id)
    entries = target.annotations.setdefault("protectedRanges", [])
    wanted["protectedRangeId"] = wanted.get("protectedRangeId") or new_number()
    if any(entry["protectedRangeId"] == wanted["protectedRangeId"] for entry in entries):
        raise invalid(f"protectedRangeId {wanted['protectedRangeId']} already exists.")
    wanted = _given(wanted)
    wanted.pop("requestingUserCanEdit", None)
    reply = wanted | {"range": range_json(sheet.sheet_id, area), "requestingUserCanEdit": True}
    wanted["range"] = stored_range(sheet, area)
    if not wanted.get("warningOnly"):
        editors = dict(wanted.get("editors") or {})
        editors["users"] = sorted({*editors.get("users", []), book.drive["owner"], book.actor} - {""})
        wanted["editors"] = {name: value for name, value in editors.items() if value}
    entries.append(wanted)
    return {"protectedRange": reply}


def _given(message: Json) -> Json:
    """Leave out of a message, and of its inner ones, what equals a default."""
    inner = {name: _given(value) if isinstance(value, dict) else value for name, value in message.items()}
    return {name: value for name, value in inner.items() if value not in (False, "", [])}


def _protected(book: Book, number: Any) -> tuple[Sheet, Json]:
    for sheet in book.in_order():
        for entry in sheet.annotations.get("protectedRanges", []):
            if entry["protectedRangeId"] == number:
                return sheet, entry
    raise invalid(f"No protected range with ID: {number}")


def update_protected_range(book: Book, given: Json) -> Json:
    """Change the masked fields of a protection."""
    wanted = dict(given.get("protectedRange") or {})
    sheet, _ = _protected(book, wanted.get("protectedRangeId"))
    target = book.edit(sheet.sheet_id)
    mask = masks.parse(given.get("fields") or "")
    if masks.below(mask, "range") is not None and "range" in wanted:
        wanted["range"] = stored_range(sheet, grid_range(book, wanted["range"])[1])
    target.annotations["protectedRanges"] = [
        masks.overlay(entry, wanted, mask | {"protectedRangeId": {masks.ALL: {}}})
        if entry["protectedRangeId"] == wanted["protectedRangeId"]
        else entry
        for entry in target.annotations["protectedRanges"]
    ]
    return {}


def delete_protected_range(book: Book, given: Json) -> Json:
    """Remove a protection."""
    sheet, entry = _protected(book, given.get("protectedRangeId"))
    target = book.edit(sheet.sheet_id)
    target.annotations["protectedRanges"] = [
        other
        for other in target.annotations["protectedRanges"]
        if other["protectedRangeId"] != entry["protectedRangeId"]
    ]
    return {}


def set_basic_filter(book: Book, given: Json) -> Json:
    """Keep a tab's filter."""
    wanted = dict(given.get("filter") or {})
    sheet, area = grid_range(book, wanted.get("range"))
    wanted["range"] = stored_range(sheet, area)
    book.edit(sheet.sheet_id).annotations["basicFilter"] = wanted
    apply_filter(book, sheet.sheet_id)
    return {}


def clear_basic_filter(book: Book, given: Json) -> Json:
    """Remove a tab's filter."""
    sheet = book.edit(given.get("sheetId", 0))
    sheet.annotations.pop("basicFilter", None)
    apply_filter(book, sheet.sheet_id)
    return {}


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
    for piece in pieces:
        _merge(target, piece)
    return {}


def _merge(target: Sheet, piece: Closed) -> None:
    kept = []
    for entry in target.annotations.get("merges", []):
        other = closed_of(entry)
        if not piece.meets(other):
            kept.append(entry)
        elif not piece.covers(other):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    filled = [(row, column, cell) for row, column, cell in target.cells(piece) if cell.entered]
    for row, column, cell in filled[1:] if filled else []:
        target.put(row, column, cell.emptied())
    if filled and filled[0][:2] != (piece.top, piece.left):
        row, column, cell = filled[0]
        target.put(row, column, cell.emptied())
        target.put(piece.top, piece.left, cell)
    target.annotations["merges"] = [*kept, stored_range(target, piece)]


def unmerge_cells(book: Book, given: Json) -> Json:
    """Undo the merges that lie in a range."""
    sheet, area = grid_range(book, given.get("range"))
    target = book.edit(sheet.sheet_id)
    merges = target.annotations.get("merges", [])
    if any(area.meets(closed_of(entry)) and not area.covers(closed_of(entry)) for entry in merges):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    target.annotations["merges"] = [entry for entry in merges if not area.meets(closed_of(entry))]
    return {}


def add_conditional_format_rule(book: Book, given: Json) -> Json:
    """Keep a conditional format rule at its place among the others."""
    rule = dict(given.get("rule") or {})
    places = [grid_range(book, wanted) for wanted in rule.get("ranges", [])]
    if not places or len({sheet.sheet_id for sheet, _ in places}) != 1:
        raise invalid("A rule needs ranges, all on one sheet.")
    rule["ranges"] = [stored_range(sheet, area) for sheet, area in places]
    rules = book.edit(places[0][0].sheet_id).annotations.setdefault("conditionalFormats", [])
    index = given.get("index", 0)
    if not 0 <= index <= len(rules):
        raise invalid(f"index {index} is out of range")
    rules.insert(index, rule)
    return {}


def add_named_range(book: Book, given: Json) -> Json:
    """Name a range."""
    wanted = dict(given.get("namedRange") or {})
    sheet, area = grid_range(book, wanted.get("range"))
    if any(other["name"].lower() == wanted.get("name", "").lower() for other in book.named_ranges):
        raise invalid(f'A named range with the name "{wanted["name"]}" already exists.')
    if not wanted.get("name"):
        raise invalid("A named range needs a name.")
    number = wanted.get("namedRangeId") or str(new_number())
    kept = {"namedRangeId": number, "name": wanted["name"], "range": stored_range(sheet, area)}
    book.named_ranges.append(kept)
    book.memo.clear()
    return {"namedRange": kept | {"range": range_json(sheet.sheet_id, area)}}


def delete_named_range(book: Book, given: Json) -> Json:
    """Forget a range's name."""
    number = given.get("namedRangeId")
    kept = [named for named in book.named_ranges if named["namedRangeId"] != number]
    if len(kept) == len(book.named_ranges):
        raise invalid(f"No named range with ID: {number}")
    book.named_ranges = kept
    book.memo.clear()
    return {}


def add_dimension_group(book: Book, given: Json) -> Json:
    """Group rows or columns, one level deep."""
    sheet, axis, start, end = dimension_range(book, given.get("range"))
    name = _groups_name(axis)
    groups = book.edit(sheet.sheet_id).annotations.setdefault(name, [])
    span = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": start, "endIndex": end}
    for group in groups:
        other = group["range"]
        if other["startIndex"] < end and start < other["endIndex"]:
            raise missing("nested or overlapping dimension groups")
    groups.append({"range": span, "depth": 1})
    control = "rowGroupControlAfter" if axis == "ROWS" else "columnGroupControlAfter"
    book.edit(sheet.sheet_id).grid[control] = True
    return {_groups_name(axis, "dimensionGroups"): bare_zero(groups)}


def delete_dimension_group(book: Book, given: Json) -> Json:
    """Undo a group of rows or columns."""
    sheet, axis, start, end = dimension_range(book, given.get("range"))
    annotations = book.edit(sheet.sheet_id).annotations
    groups = annotations.get(_groups_name(axis), [])
    kept = [group for group in groups if _span(group) != (start, end)]
    if len(kept) == len(groups):
        raise missing("deleting a part of a dimension group")
    annotations[_groups_name(axis)] = kept
    return {"dimensionGroups": bare_zero(kept)} if kept else {}


def _groups_name(axis: str, name: str | None = None) -> str:
    return name or ("rowGroups" if axis == "ROWS" else "columnGroups")


def _span(group: Json) -> tuple[int, int]:
    return group["range"]["startIndex"], group["range"]["endIndex"]
