"""batchUpdate requests about tabs and the book itself."""

import copy
from dataclasses import replace
from typing import Any

from localsheets.books import masks
from localsheets.books.colors import with_styles
from localsheets.books.defaults import check_time_zone
from localsheets.books.model import Book, Sheet
from localsheets.books.protections import check_tab
from localsheets.books.ranges import sheet_of
from localsheets.books.structure import ENDS, FROZEN, Deleted, restructure, rewrite_formulas
from localsheets.errors import invalid, missing
from localsheets.formulas.syntax import Ref
from localsheets.requests.dimensions import check_size
from localsheets.requests.fields import field_mask, new_number
from localsheets.sheets.answers import sheet_properties
from localsheets.texts.locales import locale_of

Json = dict[str, Any]
PLAIN = ("hidden", "tabColor", "tabColorStyle", "rightToLeft")
GRID = (
    "rowCount",
    "columnCount",
    "frozenRowCount",
    "frozenColumnCount",
    "hideGridlines",
    "rowGroupControlAfter",
    "columnGroupControlAfter",
)
OWN_IDS = {"protectedRanges": "protectedRangeId", "bandedRanges": "bandedRangeId", "filterViews": "filterViewId"}
SETTABLE = {"sheetId", "title", "index", "sheetType", "gridProperties", *PLAIN}
BOOK = ("title", "locale", "timeZone", "autoRecalc")


def add_sheet(book: Book, given: Json) -> Json:
    """Add a tab and answer its properties."""
    wanted = given.get("properties") or {}
    sheet = new_sheet(book, wanted)
    book.add(sheet, _index(book, wanted.get("index")))
    check_size(book, sheet)
    return {"properties": sheet_properties(book, sheet)}


def new_sheet(book: Book, wanted: Json) -> Sheet:
    """Make a tab that fits in a book: its id and its title must be free."""
    if wanted.get("sheetType", "GRID") != "GRID":
        raise invalid(f"Cannot add a sheet of type {wanted['sheetType']}.")
    sheet_id = wanted.get("sheetId")
    sheet_id = book.new_id() if sheet_id is None else sheet_id
    if sheet_id in book.sheets:
        raise invalid(f"Sheet with id {sheet_id} already exists. Please enter another id.")
    if sheet_id < 0:
        raise invalid(f"sheetId[{sheet_id}] must not be negative")
    title = wanted.get("title") or _free_title(book)
    check_title(book, title)
    grid = wanted.get("gridProperties") or {}
    if unknown := wanted.keys() - SETTABLE:
        raise missing(f"a sheet with {', '.join(sorted(unknown))}")
    sheet = Sheet(sheet_id, title, grid.get("rowCount", 1000), grid.get("columnCount", 26))
    sheet.grid = {name: grid[name] for name in GRID[2:] if name in grid}
    _check_grid(sheet)
    sheet.properties = with_styles({name: wanted[name] for name in PLAIN if name in wanted})
    return sheet


def _free_title(book: Book) -> str:
    prefix, taken, number = locale_of(book.locale).tab_prefix, book.titles(), len(book.order) + 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def check_title(book: Book, title: str, but: int | None = None) -> None:
    """Refuse an empty title, or one that another tab has."""
    if not title:
        raise invalid("The sheet name cannot be empty.")
    if len(title) > 100:
        raise invalid("The sheet name cannot be longer than 100 characters.")
    for other, sheet_id in book.titles().items():
        if other.lower() == title.lower() and sheet_id != but:
            raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _check_grid(sheet: Sheet) -> None:
    if sheet.row_count < 1 or sheet.column_count < 1:
        raise invalid("gridProperties: rowCount and columnCount must be positive.")
    for noun, axis, size in (("rows", "ROWS", sheet.row_count), ("columns", "COLUMNS", sheet.column_count)):
        frozen = sheet.grid.get(FROZEN[axis], 0)
        if frozen < 0 or frozen >= size:
            raise invalid(f"You can't freeze all visible {noun} on the sheet.")
        for merge in sheet.annotations.get("merges", []) if frozen else []:
            start, end = (merge[name] for name in ENDS[axis])
            if start < frozen < end:
                raise invalid(f"Sorry, you can't freeze {noun} which contain only part of a merged cell.")


def _index(book: Book, wanted: int | None) -> int:
    size = len(book.order)
    if wanted is None:
        return size
    if not 0 <= wanted <= size:
        raise invalid(f"Sheet index {wanted} is out of range; there are {size} sheets.")
    return wanted


def delete_sheet(book: Book, given: Json) -> Json:
    """Delete a tab, never the last visible one; formulas that read it show #REF!."""
    sheet = sheet_of(book, given.get("sheetId"))
    check_tab(book.edit(sheet.sheet_id).forbidden, any_part=True)
    sheet = book.sheets[sheet.sheet_id]
    others = [other for other in book.in_order() if other is not sheet]
    if not others:
        raise invalid("You can't remove all the sheets in a document.")
    if all(other.hidden for other in others):
        raise invalid("You can't remove all the visible sheets in a document.")
    rewrite_formulas(book, sheet.sheet_id, lambda ref: None if ref.title else ref, sheet.title)
    book.named_ranges = [named for named in book.named_ranges if named["range"].get("sheetId", 0) != sheet.sheet_id]
    book.remove(sheet.sheet_id)
    return {}


def duplicate_sheet(book: Book, given: Json) -> Json:
    """Copy a tab with all that it holds, developer metadata aside, under a new id."""
    source = sheet_of(book, given.get("sourceSheetId"))
    prefix = locale_of(book.locale).copy_prefix
    wanted = {"sheetId": given.get("newSheetId"), "title": given.get("newSheetName")}
    wanted["title"] = wanted["title"] or _copy_title(book, prefix + source.title)
    made = new_sheet(book, wanted)
    copied = replace(source.fork(), sheet_id=made.sheet_id, title=made.title, metadata=[])
    copied.annotations = _renumbered(copied.annotations, source.sheet_id, made.sheet_id)
    for name, field in OWN_IDS.items():
        for entry in copied.annotations.get(name, []):
            entry[field] = new_number()
    copied.properties.pop("hidden", None)
    book.add(copied, _index(book, given.get("insertSheetIndex", 0)))
    return {"properties": sheet_properties(book, copied)}


def _copy_title(book: Book, title: str) -> str:
    number, taken = 2, book.titles()
    free = title
    while free in taken:
        free = f"{title} {number}"
        number += 1
    return free


def _renumbered(given: Any, old: int, new: int) -> Any:
    if isinstance(given, list):
        return [_renumbered(item, old, new) for item in given]
    if not isinstance(given, dict):
        return given
    return {
        name: new if name == "sheetId" and value == old else _renumbered(value, old, new)
        for name, value in given.items()
    }


def update_sheet_properties(book: Book, given: Json) -> Json:
    """Change the masked properties of a tab."""
    mask = field_mask(given.get("fields"), "SheetProperties")
    wanted = given.get("properties") or {}
    sheet = book.edit(sheet_of(book, wanted.get("sheetId")).sheet_id)
    check_tab(sheet.forbidden)
    named = wanted.keys() if masks.ALL in mask else mask.keys()
    if refused := named & {"sheetType", "dataSourceSheetProperties"} - _as_it_is(mask, wanted):
        raise invalid(f"Field cannot be updated: {', '.join(sorted(refused))}")
    if masks.below(mask, "title") is not None and (masks.ALL not in mask or "title" in wanted):
        rename(book, sheet.sheet_id, wanted.get("title", ""))
    plain = {name: inner for name in PLAIN if (inner := masks.below(mask, name)) is not None}
    if plain and (masks.ALL not in mask or wanted.keys() & set(PLAIN)):
        sheet.properties = with_styles(_paired(masks.overlay(sheet.properties, wanted, plain), plain))
    if all(other.hidden for other in book.in_order()):
        raise invalid("You can't hide all the sheets in a document.")
    grid_mask = masks.below(mask, "gridProperties")
    if grid_mask is not None and ("gridProperties" in wanted or masks.ALL not in mask):
        _update_grid(book, sheet, wanted.get("gridProperties") or {}, grid_mask)
    if masks.below(mask, "index") is not None and (masks.ALL not in mask or "index" in wanted):
        _reorder(book, sheet.sheet_id, wanted.get("index", 0))
    return {}


def _as_it_is(mask: masks.Mask, wanted: Json) -> set[str]:
    """Return what properties written back whole may say again."""
    return {"sheetType"} if masks.ALL in mask and wanted.get("sheetType", "GRID") == "GRID" else set()


def _paired(properties: Json, mask: masks.Mask) -> Json:
    """Drop the other writing of a tab colour when one of the two is set or cleared."""
    for name, twin in (("tabColor", "tabColorStyle"), ("tabColorStyle", "tabColor")):
        if name in mask and twin not in mask:
            properties.pop(twin, None)
    return properties


def rename(book: Book, sheet_id: int, title: str) -> None:
    """Give a tab another title; formulas that call it follow."""
    check_title(book, title, sheet_id)
    sheet = book.edit(sheet_id)

    def renamed(ref: Ref) -> Ref | None:
        return replace(ref, title=title) if ref.title else ref

    rewrite_formulas(book, sheet_id, renamed, sheet.title)
    sheet.title = title


def _update_grid(book: Book, sheet: Sheet, wanted: Json, mask: masks.Mask) -> None:
    current = {"rowCount": sheet.row_count, "columnCount": sheet.column_count} | sheet.grid
    # Without a name of its own in the mask, a size that is not given stays.
    grid = masks.overlay(current, current | wanted if masks.ALL in mask else wanted, mask)
    rows, columns = grid.pop("rowCount", 0), grid.pop("columnCount", 0)
    if rows < 1 or columns < 1:
        raise invalid("gridProperties: rowCount and columnCount must be positive.")
    sheet.grid = {name: value for name, value in grid.items() if value}
    for axis, size, count in (("ROWS", sheet.row_count, rows), ("COLUMNS", sheet.column_count, columns)):
        if count < size:
            frozen = sheet.grid.get(FROZEN[axis], 0)
            if frozen and frozen >= count:
                raise invalid(f"Sorry, it is not possible to delete all non-frozen {axis.lower()}.")
            restructure(book, sheet.sheet_id, axis, Deleted(count, size))
    sheet.row_count, sheet.column_count = rows, columns
    _check_grid(sheet)
    check_size(book, sheet)


def _reorder(book: Book, sheet_id: int, index: int) -> None:
    """Move a tab before the one that had the index before the move."""
    index = _index(book, index)
    old = book.order.index(sheet_id)
    book.order.remove(sheet_id)
    book.order.insert(index - 1 if index > old else index, sheet_id)


def update_spreadsheet_properties(book: Book, given: Json) -> Json:
    """Change the masked properties of the book."""
    mask = field_mask(given.get("fields"), "SpreadsheetProperties")
    unknown = mask.keys() - {*BOOK, masks.ALL}
    if masks.ALL in mask:
        # What is written back as it was read asks for nothing.
        properties = given.get("properties") or {}
        unknown = {name for name in properties.keys() - {*BOOK} if properties[name] != book.properties.get(name)}
    if unknown:
        raise missing(f"updating {', '.join(sorted(unknown))} of a spreadsheet")
    wanted = {name: value for name, value in (given.get("properties") or {}).items() if name in BOOK}
    chosen = wanted.keys() if masks.ALL in mask else mask.keys()
    for name in chosen:
        if not wanted.get(name):
            raise invalid(f"properties.{name} must be given.")
        book.properties[name] = copy.copy(wanted[name])
    locale_of(book.locale)
    check_time_zone(book.properties["timeZone"])
    for sheet_id in book.order if "locale" in chosen else []:
        book.edit(sheet_id)
    book.memo.clear()
    return {}
