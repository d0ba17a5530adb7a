"""Which developer metadata a data filter selects."""

from typing import Any

from localsheets.books.a1 import Closed
from localsheets.books.model import Book
from localsheets.books.ranges import a1_range, dimension_range, grid_range, sheet_of
from localsheets.errors import invalid

Json = dict[str, Any]
STRATEGIES = ("EXACT_LOCATION", "INTERSECTING_LOCATION")
UNSPECIFIED = "DEVELOPER_METADATA_LOCATION_MATCHING_STRATEGY_UNSPECIFIED"
KINDS = {"developerMetadataLookup", "a1Range", "gridRange"}
PLAIN = ("metadataId", "metadataKey", "metadataValue", "visibility")
# A place in a book: a tab's id and a rectangle of it.
Place = tuple[int, Closed]


def every(book: Book) -> list[Json]:
    """List all developer metadata of a book."""
    return [*book.metadata, *(entry for sheet in book.in_order() for entry in sheet.metadata)]


def selected(book: Book, filters: Any) -> list[Json]:
    """List the developer metadata that any of the data filters selects."""
    if not filters:
        raise invalid("At least one data filter must be specified.")
    return [entry for entry in every(book) if any(matches(book, entry, given) for given in filters)]


def matches(book: Book, entry: Json, given: Json) -> bool:
    """Tell whether a data filter selects an entry: by lookup, or by what lies on a range."""
    check_one(given)
    if "developerMetadataLookup" in given:
        return _looked_up(book, entry, given["developerMetadataLookup"])
    if "a1Range" in given:
        sheet, area = a1_range(book, given["a1Range"])
        return _meets(book, entry, (sheet.sheet_id, sheet.resolve(area)))
    if "gridRange" in given:
        sheet, closed = grid_range(book, given["gridRange"])
        return _meets(book, entry, (sheet.sheet_id, closed))
    raise invalid("One of developerMetadataLookup, a1Range or gridRange must be specified in a data filter.")


def check_one(given: Json) -> None:
    """Refuse a data filter that selects in two ways at once."""
    if len(given.keys() & KINDS) > 1:
        raise invalid("Only one of developerMetadataLookup, a1Range or gridRange may be specified in a data filter.")


def _looked_up(book: Book, entry: Json, lookup: Json) -> bool:
    location, strategy = lookup.get("metadataLocation"), lookup.get("locationMatchingStrategy", UNSPECIFIED)
    if strategy not in (*STRATEGIES, UNSPECIFIED):
        raise invalid(f"Invalid locationMatchingStrategy: {strategy}")
    if strategy != UNSPECIFIED and location is None:
        raise invalid("A locationMatchingStrategy was specified without a metadataLocation.")
    kind = lookup.get("locationType", "DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED")
    if not kind.endswith("_UNSPECIFIED") and entry["location"]["locationType"] != kind:
        return False
    if any(lookup[name] != entry.get(name) for name in PLAIN if lookup.get(name)):
        return False
    return location is None or _located(book, entry, location, strategy)


def _located(book: Book, entry: Json, location: Json, strategy: str) -> bool:
    if location.get("spreadsheet"):
        if strategy == "INTERSECTING_LOCATION":
            raise invalid(
                "DeveloperMetadataLookup.spreadsheet is true, but "
                "locationMatchingStrategy was specified as INTERSECTING."
            )
        return bool(entry["location"].get("spreadsheet"))
    place = place_of(book, location)
    if strategy == "EXACT_LOCATION":
        mine = entry["location"]
        return place_of(book, mine) == place and ("dimensionRange" in mine) == ("dimensionRange" in location)
    return _meets(book, entry, place)


def _meets(book: Book, entry: Json, place: Place | None) -> bool:
    mine = place_of(book, entry["location"])
    return mine is not None and place is not None and mine[0] == place[0] and mine[1].meets(place[1])


def place_of(book: Book, location: Json) -> Place | None:
    """Return the tab and the rectangle of a location; None for the whole book."""
    if location.get("spreadsheet"):
        return None
    if "dimensionRange" in location:
        sheet, axis, start, end = dimension_range(book, location["dimensionRange"])
        if axis == "ROWS":
            return sheet.sheet_id, Closed(start, 0, end, sheet.column_count)
        return sheet.sheet_id, Closed(0, start, sheet.row_count, end)
    sheet = sheet_of(book, location.get("sheetId"))
    return sheet.sheet_id, sheet.whole()
