"""Developer metadata: notes for programs on the book, a tab, a row or a column."""

from collections.abc import Callable
from typing import Any

from localsheets import masks
from localsheets.errors import invalid, missing
from localsheets.model import Book
from localsheets.ranges import bare_zero, dimension_range, size_of
from localsheets.requests_notes import new_number

Json = dict[str, Any]
VISIBILITIES = ("DOCUMENT", "PROJECT")


def create_developer_metadata(book: Book, given: Json) -> Json:
    """Attach a key and a value to the book, a tab, one row or one column."""
    wanted = given.get("developerMetadata") or {}
    number = wanted.get("metadataId") or new_number()
    if any(entry["metadataId"] == number for entry in every(book)):
        raise invalid(f"Developer metadata with ID {number} already exists.")
    if not wanted.get("metadataKey") or wanted.get("visibility") not in VISIBILITIES:
        raise invalid("Developer metadata needs a metadataKey and a visibility.")
    entry = {"metadataId": number, "metadataKey": wanted["metadataKey"]}
    if "metadataValue" in wanted:
        entry["metadataValue"] = wanted["metadataValue"]
    location = wanted.get("location") or {}
    entry["location"], place = _located(book, location)
    entry["visibility"] = wanted["visibility"]
    (book.metadata if place is None else book.edit(place).metadata).append(entry)
    return {"developerMetadata": bare_zero(entry)}


def every(book: Book) -> list[Json]:
    """List all developer metadata of a book."""
    return [*book.metadata, *(entry for sheet in book.in_order() for entry in sheet.metadata)]


def _located(book: Book, location: Json) -> tuple[Json, int | None]:
    if location.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}, None
    if "dimensionRange" in location:
        sheet, axis, start, end = dimension_range(book, location["dimensionRange"])
        if end - start != 1 or end > size_of(sheet, axis):
            raise invalid("Developer metadata may be on one row or one column inside the grid.")
        span = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": start, "endIndex": end}
        return {"locationType": axis.removesuffix("S"), "dimensionRange": span}, sheet.sheet_id
    if "sheetId" in location:
        sheet = book.sheet(location["sheetId"])
        return {"locationType": "SHEET", "sheetId": sheet.sheet_id}, sheet.sheet_id
    raise invalid("Developer metadata needs a location.")


def _selected(book: Book, filters: Any) -> list[Json]:
    if not filters:
        raise invalid("Must specify at least one data filter.")
    return [entry for entry in every(book) if any(_matches(entry, given) for given in filters)]


def _matches(entry: Json, given: Json) -> bool:
    lookup = given.get("developerMetadataLookup")
    if lookup is None or "metadataLocation" in lookup:
        raise missing("data filters by range or by location")
    checks = {
        "metadataId": entry["metadataId"],
        "metadataKey": entry["metadataKey"],
        "metadataValue": entry.get("metadataValue"),
        "visibility": entry["visibility"],
        "locationType": entry["location"]["locationType"],
    }
    return all(checks.get(name) == value for name, value in lookup.items())


def update_developer_metadata(book: Book, given: Json) -> Json:
    """Change the masked fields of the metadata that filters select."""
    mask = masks.parse(given.get("fields") or "")
    if "location" in mask or "metadataId" in mask:
        raise missing("moving or renumbering developer metadata")
    wanted = given.get("developerMetadata") or {}
    chosen = {entry["metadataId"] for entry in _selected(book, given.get("dataFilters"))}
    kept = {name: inner for name, inner in mask.items() if name != masks.ALL} or {
        name: {masks.ALL: {}} for name in ("metadataKey", "metadataValue", "visibility") if name in wanted
    }

    def changed(entry: Json) -> Json:
        return masks.overlay(entry, wanted, kept) if entry["metadataId"] in chosen else entry

    _replace(book, changed)
    return {"developerMetadata": [bare_zero(entry) for entry in every(book) if entry["metadataId"] in chosen]}


def delete_developer_metadata(book: Book, given: Json) -> Json:
    """Delete the metadata that a filter selects."""
    chosen = _selected(book, [given["dataFilter"]] if given.get("dataFilter") else None)
    gone = {entry["metadataId"] for entry in chosen}
    _replace(book, lambda entry: None if entry["metadataId"] in gone else entry)
    return {"deletedDeveloperMetadata": [bare_zero(entry) for entry in chosen]}


def _replace(book: Book, change: Callable[[Json], Json | None]) -> None:
    book.metadata = [kept for entry in book.metadata if (kept := change(entry)) is not None]
    for sheet_id in list(book.order):
        if book.sheets[sheet_id].metadata:
            sheet = book.edit(sheet_id)
            sheet.metadata = [kept for entry in sheet.metadata if (kept := change(entry)) is not None]
