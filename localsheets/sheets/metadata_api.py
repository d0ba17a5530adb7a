"""spreadsheets.developerMetadata: looking up the notes that programs left in a book."""

from typing import Any

from localsheets.books.ranges import bare_zero
from localsheets.errors import invalid, invalid_field, not_found
from localsheets.sheets.call import Call
from localsheets.sheets.metadata_lookup import every, matches
from localsheets.sheets.values_filtered import echo

Json = dict[str, Any]


def get(call: Call, book_id: str, number: str) -> Json:
    """Return the metadata with an id, or 404."""
    book = call.shelf.get(book_id)
    if not number.lstrip("+-").isdigit():
        raise invalid_field("metadata_id", f"Invalid value at 'metadata_id' (TYPE_INT32), \"{number}\"")
    for entry in every(book):
        if entry["metadataId"] == int(number):
            return bare_zero(entry)
    raise not_found()


def search(call: Call, book_id: str) -> Json:
    """Return the metadata that filters select, each with the filters that selected it."""
    book = call.shelf.get(book_id)
    filters = call.body.get("dataFilters") or []
    if not filters:
        raise invalid("Must specify at least one dataFilter.")
    found = []
    for entry in every(book):
        by = [echo(given) for given in filters if matches(book, entry, given)]
        if by:
            found.append({"developerMetadata": bare_zero(entry), "dataFilters": by})
    return {"matchedDeveloperMetadata": found} if found else {}
