"""batchUpdate requests about groups of rows and columns."""

from typing import Any

from localsheets.books import masks
from localsheets.books.groups import DEEPEST, depths, ends, folded, groups_of
from localsheets.books.model import Book, Sheet
from localsheets.books.protections import check_tab
from localsheets.books.ranges import bare_zero, dimension_range, size_of
from localsheets.errors import invalid
from localsheets.requests.fields import field_mask

Json = dict[str, Any]
NAMES = {"ROWS": "rowGroups", "COLUMNS": "columnGroups"}
CONTROLS = {"ROWS": "rowGroupControlAfter", "COLUMNS": "columnGroupControlAfter"}


def add_dimension_group(book: Book, given: Json) -> Json:
    """Group rows or columns, one level deeper than they are."""
    sheet, axis, start, end = _span(book, given.get("range"))
    target = book.edit(sheet.sheet_id)
    check_tab(target.forbidden)
    known = depths(target.annotations.get(NAMES[axis], []))
    for index in range(start, end):
        known[index] = known.get(index, 0) + 1
    if max(known.values()) > DEEPEST:
        raise invalid(f"You can't have more than {DEEPEST} levels of groups.")
    target.grid[CONTROLS[axis]] = True
    return _regroup(target, axis, known)


def delete_dimension_group(book: Book, given: Json) -> Json:
    """Make rows or columns one level shallower; where they end up out of any group, the group is gone."""
    sheet, axis, start, end = _span(book, given.get("range"))
    target = book.edit(sheet.sheet_id)
    check_tab(target.forbidden)
    known = depths(target.annotations.get(NAMES[axis], []))
    if not any(known.get(index) for index in range(start, end)):
        raise invalid("Cannot delete a dimension group: there is no group over the specified range.")
    for index in range(start, end):
        known[index] = known.get(index, 0) - 1
    return _regroup(target, axis, {index: depth for index, depth in known.items() if depth > 0})


def _span(book: Book, given: Json | None) -> tuple[Sheet, str, int, int]:
    sheet, axis, start, end = dimension_range(book, given)
    size = size_of(sheet, axis)
    if end > size:
        raise invalid(f"range.endIndex[{end}] is after last {axis.lower()[:-1]} in grid[{size}]")
    return sheet, axis, start, end


def _regroup(target: Sheet, axis: str, known: dict[int, int]) -> Json:
    span = {"sheetId": target.sheet_id, "dimension": axis}
    old = target.annotations.get(NAMES[axis], [])
    groups = groups_of(known, span, folded(old))
    target.annotations[NAMES[axis]] = groups
    return {"dimensionGroups": bare_zero(groups)} if groups else {}


def update_dimension_group(book: Book, given: Json) -> Json:
    """Fold or unfold a group; its lines are hidden or shown with it."""
    mask = field_mask(given.get("fields"), "DimensionGroup")
    wanted = given.get("dimensionGroup") or {}
    if mask.keys() - {"collapsed", masks.ALL}:
        raise invalid("Only the field 'collapsed' of a dimension group can be updated.")
    sheet, axis, start, end = _span(book, wanted.get("range"))
    target = book.edit(sheet.sheet_id)
    depth, collapsed = wanted.get("depth", 0), bool(wanted.get("collapsed"))
    groups = target.annotations.get(NAMES[axis], [])
    if not any(ends(group) == (start, end) and group["depth"] == depth for group in groups):
        raise invalid(f"There is no dimension group over [{start}, {end}) with depth {depth}.")
    target.annotations[NAMES[axis]] = [
        _folded(group, collapsed) if ends(group) == (start, end) and group["depth"] == depth else group
        for group in groups
    ]
    sizes = target.sizes[axis]
    for index in range(start, end):
        size = {name: value for name, value in sizes.get(index, {}).items() if name != "hiddenByUser"}
        size |= {"hiddenByUser": True} if collapsed else {}
        if size:
            sizes[index] = size
        else:
            sizes.pop(index, None)
    return {}


def _folded(group: Json, collapsed: bool) -> Json:
    kept = {name: value for name, value in group.items() if name != "collapsed"}
    return kept | ({"collapsed": True} if collapsed else {})
