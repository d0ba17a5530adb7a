"""batchUpdate requests about tabs and the book itself."""

import copy
from dataclasses import replace
from typing import Any

from localsheets import masks
from localsheets.answers import sheet_properties
from localsheets.colors import with_styles
from localsheets.errors import invalid
from localsheets.formula_syntax import Ref
from localsheets.locales import locale_of
from localsheets.model import Book, Sheet
from localsheets.structure import Deleted, restructure, rewrite_formulas

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
BOOK = ("title", "locale", "timeZone", "autoRecalc")


def add_sheet(book: Book, given: Json) -> Json:
    """Add a tab and answer its properties."""
    wanted = given.get("properties") or {}
    sheet = new_sheet(book, wanted)
    book.add(sheet, _index(book, wanted.get("index")))
    return {"properties": sheet_properties(book, sheet)}


def new_sheet(book: Book, wanted: Json) -> Sheet:
    """Make a tab that fits in a book: its id and its title must be free."""
    if wanted.get("sheetType", "GRID") != "GRID":
        raise invalid(f"Cannot add a sheet of type {wanted['sheetType']}.")
    sheet_id = wanted.get("sheetId")
    sheet_id = book.new_id() if sheet_id is None else sheet_id
    if sheet_id in book.sheets or sheet_id < 0:
        raise invalid(f"Sheet with id {sheet_id} already exists. Please enter another id.")
    title = wanted.get("title") or _free_title(book)
    check_title(book, title)
    grid = wanted.get("gridProperties") or {}
    sheet = Sheet(sheet_id, title, grid.get("rowCount", 1000), grid.get("columnCount", 26))
    _check_size(sheet)
    sheet.grid = {name: grid[name] for name in GRID[2:] if name in grid}
    sheet.properties = with_styles({name: wanted[name] for name in PLAIN if name in wanted})
    return sheet


def _free_title(book: Book) -> str:
    prefix, taken, number = locale_of(book.locale).tab_prefix, book.titles(), len(book.order) + 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def check_title(book: Book, title: str, but: int | None = None) -> None:
    """Refuse an empty title, or one that another tab has."""
    if not title or len(title) > 100:
        raise invalid("A sheet name must have between 1 and 100 characters.")
    for other, sheet_id in book.titles().items():
        if other.lower() == title.lower() and sheet_id != but:
            raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _check_size(sheet: Sheet) -> None:
    if sheet.row_count < 1 or sheet.column_count < 1 or sheet.row_count * sheet.column_count > 10_000_000:
        raise invalid("gridProperties: the grid must have between 1 and 10000000 cells.")


def _index(book: Book, wanted: int | None) -> int:
    size = len(book.order)
    if wanted is None:
        return size
    if not 0 <= wanted <= size:
        raise invalid(f"Sheet index {wanted} is out of range; there are {size} sheets.")
    return wanted


def delete_sheet(book: Book, given: Json) -> Json:
    """Delete a tab, never the last visible one; formulas that read it show #REF!."""
    sheet = book.sheet(given.get("sheetId", 0))
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
    source = book.sheet(given.get("sourceSheetId", 0))
    prefix = locale_of(book.locale).copy_prefix
    wanted = {"sheetId": given.get("newSheetId"), "title": given.get("newSheetName")}
    wanted["title"] = wanted["title"] or _copy_title(book, prefix + source.title)
    made = new_sheet(book, wanted)
    copied = replace(source.fork(), sheet_id=made.sheet_id, title=made.title, metadata=[])
    copied.annotations = _renumbered(copied.annotations, source.sheet_id, made.sheet_id)
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
    wanted = given.get("properties") or {}
    mask = masks.parse(given.get("fields") or "")
    sheet = book.edit(wanted.get("sheetId", 0))
    names = ("title", "index", "gridProperties", *PLAIN, "sheetId", "sheetType")
    if unknown := mask.keys() - {*names, masks.ALL}:
        raise invalid(f"Invalid field: {', '.join(sorted(unknown))}")
    if masks.below(mask, "title") is not None and "title" in wanted:
        rename(book, sheet.sheet_id, wanted["title"])
    plain = {name: inner for name in PLAIN if (inner := masks.below(mask, name)) is not None}
    if plain and (masks.ALL not in mask or wanted.keys() & set(PLAIN)):
        sheet.properties = with_styles(_paired(masks.overlay(sheet.properties, wanted, plain), plain))
    if all(other.hidden for other in book.in_order()):
        raise invalid("You can't hide all the sheets in a document.")
    grid_mask = masks.below(mask, "gridProperties")
    if grid_mask is not None and ("gridProperties" in wanted or masks.ALL not in mask):
        _update_grid(book, sheet, wanted.get("gridProperties") or {}, grid_mask)
    if "index" in mask and "index" in wanted:
        _reorder(book, sheet.sheet_id, wanted["index"])
    return {}


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
    if unknown := mask.keys() - {*GRID, masks.ALL}:
        raise invalid(f"Invalid field: gridProperties.{', '.join(sorted(unknown))}")
    current = {"rowCount": sheet.row_count, "columnCount": sheet.column_count} | sheet.grid
    grid = masks.overlay(current, wanted, mask)
    rows, columns = grid.pop("rowCount", 0), grid.pop("columnCount", 0)
    if rows < 1 or columns < 1:
        raise invalid("gridProperties: rowCount and columnCount must be positive.")
    for axis, size, count in (("ROWS", sheet.row_count, rows), ("COLUMNS", sheet.column_count, columns)):
        if count < size:
            restructure(book, sheet.sheet_id, axis, Deleted(count, size))
    sheet.row_count, sheet.column_count = rows, columns
    sheet.grid = {name: value for name, value in grid.items() if value}
    if sheet.grid.get("frozenRowCount", 0) >= rows or sheet.grid.get("frozenColumnCount", 0) >= columns:
        raise invalid("You can't freeze all visible rows or columns on the sheet.")
    _check_size(sheet)


def _reorder(book: Book, sheet_id: int, index: int) -> None:
    """Move a tab before the one that had the index before the move."""
    index = _index(book, index)
    old = book.order.index(sheet_id)
    book.order.remove(sheet_id)
    book.order.insert(index - 1 if index > old else index, sheet_id)


def update_spreadsheet_properties(book: Book, given: Json) -> Json:
    """Change the masked properties of the book."""
    mask = masks.parse(given.get("fields") or "")
    if unknown := mask.keys() - {*BOOK, masks.ALL}:
        raise invalid(f"Invalid field: {', '.join(sorted(unknown))}")
    wanted = {name: value for name, value in (given.get("properties") or {}).items() if name in BOOK}
    chosen = wanted.keys() if masks.ALL in mask else mask.keys()
    for name in chosen:
        if not wanted.get(name):
            raise invalid(f"properties.{name} must be given.")
        book.properties[name] = copy.copy(wanted[name])
    locale_of(book.locale)
    for sheet_id in book.order if "locale" in chosen else []:
        book.edit(sheet_id)
    book.memo.clear()
    return {}
