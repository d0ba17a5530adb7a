"""Developer metadata: notes for programs on the book, a tab, a row or a column."""

from collections.abc import Callable
from typing import Any

from localsheets.books import masks
from localsheets.books.model import Book
from localsheets.books.ranges import bare_zero, dimension_range, sheet_of, size_of
from localsheets.errors import invalid
from localsheets.requests.fields import field_mask, new_number
from localsheets.sheets.metadata_lookup import every, selected

Json = dict[str, Any]
VISIBILITIES = ("DOCUMENT", "PROJECT")
MOST_LETTERS = 30_000


def create_developer_metadata(book: Book, given: Json) -> Json:
    """Attach a key and a value to the book, a tab, one row or one column."""
    wanted = given.get("developerMetadata") or {}
    number = wanted.get("metadataId") or new_number()
    if any(entry["metadataId"] == number for entry in every(book)):
        raise invalid(
            f"Cannot add developer metadata with ID [{number}] because developer metadata with that ID already exists."
        )
    entry: Json = {"metadataId": number, "metadataKey": wanted.get("metadataKey")}
    if wanted.get("metadataValue"):
        entry["metadataValue"] = wanted["metadataValue"]
    entry["location"] = _located(book, wanted.get("location"))
    entry["visibility"] = wanted.get("visibility")
    _check(entry)
    _keep(book, entry)
    return {"developerMetadata": bare_zero(entry)}


def _check(entry: Json) -> None:
    if not entry.get("metadataKey"):
        raise invalid("Developer metadata must always have a key specified.")
    if entry.get("visibility") not in VISIBILITIES:
        raise invalid("Developer metadata must always have visibility specified.")


def _keep(book: Book, entry: Json) -> None:
    """Put an entry where it belongs; a tab, and the book itself, hold at most 30,000 letters of keys and values."""
    place = _tab(entry)
    entries = book.metadata if place is None else book.edit(place).metadata
    entries.append(entry)
    if sum(len(other["metadataKey"]) + len(other.get("metadataValue", "")) for other in entries) > MOST_LETTERS:
        raise invalid(f"Developer metadata is limited to {MOST_LETTERS} characters per sheet and per spreadsheet.")


def _tab(entry: Json) -> int | None:
    location = entry["location"]
    if location.get("spreadsheet"):
        return None
    span = location.get("dimensionRange") or location
    return int(span.get("sheetId", 0))


def _located(book: Book, location: Json | None) -> Json:
    """Return a location as it is kept, with its type."""
    if not location or not location.keys() & {"spreadsheet", "sheetId", "dimensionRange"}:
        raise invalid("Developer metadata must always have a location specified.")
    if len(location.keys() & {"spreadsheet", "sheetId", "dimensionRange"}) > 1:
        raise invalid("Only one of spreadsheet, sheetId or dimensionRange may be set in a location.")
    if location.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "dimensionRange" in location:
        sheet, axis, start, end = dimension_range(book, location["dimensionRange"])
        if end - start != 1:
            raise invalid("DimensionRange must represent a single row or column.")
        if end > size_of(sheet, axis):
            raise invalid(f"range.endIndex[{end}] is after last {axis[:-1].lower()} in grid[{size_of(sheet, axis)}]")
        span = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": start, "endIndex": end}
        return {"locationType": axis.removesuffix("S"), "dimensionRange": span}
    return {"locationType": "SHEET", "sheetId": sheet_of(book, location.get("sheetId")).sheet_id}


def update_developer_metadata(book: Book, given: Json) -> Json:
    """Change the masked fields of the metadata that filters select, their location included."""
    mask = field_mask(given.get("fields"), "DeveloperMetadata")
    wanted = dict(given.get("developerMetadata") or {})
    if masks.ALL not in mask and "metadataId" in mask:
        raise invalid("The metadataId of developer metadata cannot be updated.")
    if masks.below(mask, "location") is not None and (masks.ALL not in mask or "location" in wanted):
        wanted["location"] = _located(book, wanted.get("location"))
    chosen = selected(book, given.get("dataFilters"))
    if any(wanted.get("metadataId", entry["metadataId"]) != entry["metadataId"] for entry in chosen):
        raise invalid("The metadataId of developer metadata cannot be updated.")
    changed = [_changed(entry, wanted, mask) for entry in chosen]
    gone = {entry["metadataId"] for entry in chosen}
    _replace(book, lambda entry: None if entry["metadataId"] in gone else entry)
    for entry in changed:
        _keep(book, entry)
    return {"developerMetadata": bare_zero(changed)} if changed else {}


def _changed(entry: Json, wanted: Json, mask: masks.Mask) -> Json:
    new = dict(entry)
    for name in ("metadataKey", "metadataValue", "location", "visibility"):
        if masks.below(mask, name) is None or (masks.ALL in mask and name not in wanted):
            continue
        if wanted.get(name):
            new[name] = wanted[name]
        else:
            new.pop(name, None)
    _check(new)
    return new


def delete_developer_metadata(book: Book, given: Json) -> Json:
    """Delete the metadata that a filter selects."""
    chosen = selected(book, [given["dataFilter"]] if given.get("dataFilter") else None)
    gone = {entry["metadataId"] for entry in chosen}
    _replace(book, lambda entry: None if entry["metadataId"] in gone else entry)
    return {"deletedDeveloperMetadata": bare_zero(chosen)} if chosen else {}


def _replace(book: Book, change: Callable[[Json], Json | None]) -> None:
    book.metadata = [kept for entry in book.metadata if (kept := change(entry)) is not None]
    for sheet_id in list(book.order):
        old = book.sheets[sheet_id].metadata
        new = [kept for entry in old if (kept := change(entry)) is not None]
        if len(new) != len(old):
            book.edit(sheet_id).metadata = new
