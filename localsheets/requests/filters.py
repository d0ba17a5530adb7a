"""batchUpdate requests about the filter of a tab and its filter views."""

from typing import Any

from localsheets.books import masks
from localsheets.books.a1 import Closed
from localsheets.books.conditions import FILTERS, condition
from localsheets.books.filters import apply_filter, shown_filters
from localsheets.books.model import Book, Sheet
from localsheets.books.protections import check_tab
from localsheets.books.ranges import bare_zero, closed_of, grid_range, sheet_of, stored_range
from localsheets.errors import invalid, missing
from localsheets.requests.fields import field_mask, free_number, trimmed
from localsheets.requests.moving import sort_rows
from localsheets.requests.names import named_range
from localsheets.texts.locales import locale_of

Json = dict[str, Any]


def set_basic_filter(book: Book, given: Json) -> Json:
    """Set a tab's filter: rows are sorted as it asks, and those it leaves out are hidden."""
    wanted = trimmed(given.get("filter") or {})
    if "tableId" in wanted:
        raise missing("filters of tables")
    sheet, area = grid_range(book, wanted.get("range"))
    wanted = _described(wanted, stored_range(sheet, area), area)
    target = book.edit(sheet.sheet_id)
    check_tab(target.forbidden)
    below = Closed(area.top + 1, area.left, area.bottom, area.right)
    if wanted.get("sortSpecs") and below.height:
        sort_rows(book, sheet, below, [(spec["dimensionIndex"], _descending(spec)) for spec in wanted["sortSpecs"]])
    book.edit(sheet.sheet_id).annotations["basicFilter"] = wanted
    apply_filter(book, sheet.sheet_id)
    return {}


def _descending(spec: Json) -> bool:
    return bool(spec.get("sortOrder") == "DESCENDING")


def _described(wanted: Json, place: Json, area: Closed) -> Json:
    """Return a filter as it is kept: its range closed, its criteria in both of their writings."""
    criteria = {int(column): given for column, given in (wanted.get("criteria") or {}).items()}
    for spec in wanted.get("filterSpecs") or []:
        if "dataSourceColumnReference" in spec:
            raise missing("filters of data sources")
        criteria[spec.get("columnIndex", 0)] = spec.get("filterCriteria") or {}
    result = {name: value for name, value in wanted.items() if name not in ("criteria", "filterSpecs", "sortSpecs")}
    result["range"] = place
    if wanted.get("sortSpecs"):
        result["sortSpecs"] = [_sort_spec(spec, area) for spec in wanted["sortSpecs"]]
    if criteria:
        kept = {column: _criterion(column, criteria[column], area) for column in sorted(criteria)}
        result["criteria"] = {str(column): given for column, given in kept.items()}
        result["filterSpecs"] = [{"columnIndex": column, "filterCriteria": given} for column, given in kept.items()]
    return result


def _criterion(column: int, given: Json, area: Closed) -> Json:
    if not area.left <= column < area.right:
        raise invalid(f"Filter column {column} is outside of the range of the filter.")
    if given.get("visibleBackgroundColor") or given.get("visibleBackgroundColorStyle"):
        raise missing("filtering by colour")
    if given.get("visibleForegroundColor") or given.get("visibleForegroundColorStyle"):
        raise missing("filtering by colour")
    if "condition" in given:
        return given | {"condition": condition(given["condition"], FILTERS)}
    return given


def _sort_spec(spec: Json, area: Closed) -> Json:
    if spec.keys() - {"dimensionIndex", "sortOrder"}:
        raise missing("sorting by colour or by a data source column")
    column = spec.get("dimensionIndex", 0)
    if not area.left <= column < area.right:
        raise invalid(f"Sort column {column} is outside of the range of the filter.")
    return {"dimensionIndex": column} | spec


def clear_basic_filter(book: Book, given: Json) -> Json:
    """Remove a tab's filter; the rows it hid are seen again."""
    target = book.edit(sheet_of(book, given.get("sheetId")).sheet_id)
    check_tab(target.forbidden)
    target.annotations.pop("basicFilter", None)
    apply_filter(book, target.sheet_id)
    return {}


def _views(sheet: Sheet) -> list[Json]:
    views: list[Json] = sheet.annotations.get("filterViews", [])
    return views


def _view(book: Book, number: Any) -> tuple[Sheet, Json]:
    for sheet in book.in_order():
        for view in _views(sheet):
            if view["filterViewId"] == number:
                return sheet, view
    raise invalid(f"No filter view with ID: {number}")


def _placed(book: Book, wanted: Json) -> tuple[Sheet, Json]:
    """Return the tab of a filter view and the view as it is kept."""
    if "tableId" in wanted:
        raise missing("filter views of tables")
    place = wanted.get("range")
    if "namedRangeId" in wanted:
        place = named_range(book, wanted["namedRangeId"])["range"]
    sheet, area = grid_range(book, place)
    return sheet, _described(wanted, stored_range(sheet, area), area)


def _numbers(book: Book) -> set[int]:
    return {view["filterViewId"] for sheet in book.in_order() for view in _views(sheet)}


def add_filter_view(book: Book, given: Json) -> Json:
    """Add a filter view; what people see of the tab does not change."""
    sheet, wanted = _placed(book, trimmed(given.get("filter") or {}))
    number = free_number(wanted.get("filterViewId"), _numbers(book), "filter view")
    title = wanted.get("title") or f"Filter {len(_views(sheet)) + 1}"
    view = {"filterViewId": number, "title": title} | wanted
    book.edit(sheet.sheet_id).annotations.setdefault("filterViews", []).append(view)
    return {"filter": bare_zero(shown_filters(view))}


def duplicate_filter_view(book: Book, given: Json) -> Json:
    """Add a copy of a filter view."""
    sheet, view = _view(book, given.get("filterId"))
    prefix = locale_of(book.locale).copy_prefix
    copied = view | {"filterViewId": free_number(None, _numbers(book), "filter view"), "title": prefix + view["title"]}
    book.edit(sheet.sheet_id).annotations["filterViews"].append(copied)
    return {"filter": bare_zero(shown_filters(copied))}


def update_filter_view(book: Book, given: Json) -> Json:
    """Change the masked fields of a filter view."""
    mask = field_mask(given.get("fields"), "FilterView")
    wanted = trimmed(given.get("filter") or {})
    sheet, old = _view(book, wanted.get("filterViewId"))
    base = {name: value for name, value in old.items() if name != "filterSpecs"}
    if masks.below(mask, "filterSpecs") is not None or masks.below(mask, "criteria") is not None:
        base.pop("criteria", None)
    new = masks.overlay(base, wanted, {name: inner for name, inner in mask.items() if name != "filterViewId"})
    place, kept = _placed(book, new)
    if place.sheet_id != sheet.sheet_id:
        raise invalid("A filter view must stay on its sheet.")
    kept = {"filterViewId": old["filterViewId"], "title": old["title"]} | kept
    views = [kept if view is old else view for view in _views(sheet)]
    book.edit(sheet.sheet_id).annotations["filterViews"] = views
    return {}


def delete_filter_view(book: Book, given: Json) -> Json:
    """Delete a filter view."""
    sheet, gone = _view(book, given.get("filterId"))
    views = [view for view in _views(sheet) if view is not gone]
    book.edit(sheet.sheet_id).annotations["filterViews"] = views
    return {}


def filter_area(sheet: Sheet) -> Closed | None:
    """Return the rectangle of a tab's filter, if it has one."""
    basic = sheet.annotations.get("basicFilter")
    return closed_of(basic["range"]) if basic else None
