"""spreadsheets.sheets.copyTo: a tab copied into its own book or another."""

from dataclasses import replace
from typing import Any

from localsheets.books.model import Book, Sheet
from localsheets.errors import invalid, invalid_field
from localsheets.requests.fields import new_number
from localsheets.sheets.answers import sheet_properties
from localsheets.sheets.call import Call
from localsheets.texts.locales import locale_of

Json = dict[str, Any]
# What a copied tab holds under an id of its own.
NUMBERED = ("filterViewId", "bandedRangeId", "slicerId", "objectId")


def copy_to(call: Call, book_id: str, sheet_id: str) -> Json:
    """Copy a tab to the end of a book, and return the copy's properties; protections do not come along."""
    if not sheet_id.isdigit():
        raise invalid_field("sheet_id", f"Invalid value at 'sheet_id' (TYPE_INT32), \"{sheet_id}\"")
    source = call.shelf.get(book_id).sheet(int(sheet_id))
    target = call.body.get("destinationSpreadsheetId")
    if not target:
        raise invalid("destinationSpreadsheetId is required.")
    request = {"spreadsheetId": book_id, "sheetId": source.sheet_id, "body": call.body}
    with call.shelf.change(target, call.actor, "sheets.copyTo", request) as draft:
        copied = copied_sheet(draft, source)
        draft.add(copied)
        return sheet_properties(draft, copied)


def copied_sheet(book: Book, source: Sheet) -> Sheet:
    """Return the copy of a tab for a book: cells, sizes and notes on it, with ids and a title that are free there."""
    number = book.new_id()
    title = _free(book, locale_of(book.locale).copy_prefix + source.title)
    copied = replace(source.fork(), sheet_id=number, title=title, metadata=[])
    copied.annotations = {
        name: _renumbered(value, number) for name, value in copied.annotations.items() if name != "protectedRanges"
    }
    copied.properties.pop("hidden", None)
    return copied


def _free(book: Book, title: str) -> str:
    taken = {known.casefold() for known in book.titles()}
    free, number = title, 2
    while free.casefold() in taken:
        free, number = f"{title} {number}", number + 1
    return free


def _renumbered(given: Any, sheet_id: int) -> Any:
    if isinstance(given, list):
        return [_renumbered(item, sheet_id) for item in given]
    if not isinstance(given, dict):
        return given
    return {
        name: sheet_id if name == "sheetId" else new_number() if name in NUMBERED else _renumbered(value, sheet_id)
        for name, value in given.items()
    }
