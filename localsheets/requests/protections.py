"""batchUpdate requests about protected ranges."""

import re
from typing import Any

from localsheets.books import masks
from localsheets.books.model import Book, Sheet
from localsheets.books.protections import may_edit, protected_cell
from localsheets.books.ranges import bare_zero, open_range
from localsheets.errors import invalid, missing
from localsheets.requests.fields import field_mask, free_number, trimmed
from localsheets.requests.names import named_range

Json = dict[str, Any]
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
LIMITS = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")


def add_protected_range(book: Book, given: Json) -> Json:
    """Protect a range, a named range or a whole tab; the one who asks is among its editors."""
    wanted = trimmed(given.get("protectedRange") or {})
    wanted.pop("requestingUserCanEdit", None)
    wanted["range"] = _place(book, wanted)
    _check(book, wanted)
    taken = {entry["protectedRangeId"] for sheet in book.in_order() for entry in _entries(sheet)}
    number = free_number(wanted.get("protectedRangeId"), taken, "protected range")
    wanted = {"protectedRangeId": number} | wanted
    reply = bare_zero(wanted | {"requestingUserCanEdit": True})
    if not wanted.get("warningOnly"):
        wanted["editors"] = _editors(book, wanted.get("editors") or {}, {book.actor})
    target = book.edit(wanted["range"]["sheetId"])
    target.annotations.setdefault("protectedRanges", []).append(wanted)
    return {"protectedRange": reply}


def _entries(sheet: Sheet) -> list[Json]:
    entries: list[Json] = sheet.annotations.get("protectedRanges", [])
    return entries


def _place(book: Book, wanted: Json) -> Json:
    if "tableId" in wanted:
        raise missing("protections of tables")
    if "namedRangeId" in wanted:
        if wanted.get("range"):
            raise invalid("Only one of range or namedRangeId may be set on a ProtectedRange.")
        place: Json = named_range(book, wanted["namedRangeId"])["range"]
        return place
    return open_range(book, wanted.get("range"))


def _check(book: Book, wanted: Json) -> None:
    """Refuse editors of a mere warning or without an address, and exceptions to less than a tab; close the latter."""
    for one in [one for kind in ("users", "groups") for one in (wanted.get("editors") or {}).get(kind, [])]:
        if not ADDRESS.fullmatch(one):
            raise invalid(f"Invalid email address: {one}")
    if wanted.get("warningOnly") and "editors" in wanted:
        raise invalid("ProtectedRange is warningOnly. Editors cannot be set on it.")
    exceptions = wanted.get("unprotectedRanges")
    if not exceptions:
        return
    if not wanted["range"].keys().isdisjoint(LIMITS):
        raise invalid("Unprotected ranges are only supported on protected sheets.")
    places = [open_range(book, {"sheetId": wanted["range"]["sheetId"]} | given) for given in exceptions]
    if any(place["sheetId"] != wanted["range"]["sheetId"] for place in places):
        raise invalid("Unprotected ranges must be on the protected sheet.")
    wanted["unprotectedRanges"] = places


def _editors(book: Book, given: Json, also: set[str]) -> Json:
    editors = dict(given)
    editors["users"] = sorted({*editors.get("users", []), book.drive.get("owner", ""), *also} - {""})
    return {name: value for name, value in editors.items() if value}


def _protected(book: Book, number: Any) -> tuple[Sheet, Json]:
    """Return a protection that the caller may change, and its tab."""
    for sheet in book.in_order():
        for entry in _entries(sheet):
            if entry["protectedRangeId"] == number:
                if not may_edit(entry, book.actor, book.drive.get("owner", "")):
                    raise protected_cell()
                return sheet, entry
    raise invalid(f"No protected range with ID: {number}")


def update_protected_range(book: Book, given: Json) -> Json:
    """Change the masked fields of a protection."""
    mask = field_mask(given.get("fields"), "ProtectedRange")
    wanted = trimmed(given.get("protectedRange") or {})
    sheet, entry = _protected(book, wanted.get("protectedRangeId"))
    new = masks.overlay(entry, wanted, {name: inner for name, inner in mask.items() if name != "protectedRangeId"})
    new.pop("requestingUserCanEdit", None)
    new = {"protectedRangeId": entry["protectedRangeId"]} | new
    if masks.ALL in mask and {"range", "namedRangeId"} <= wanted.keys():
        raise invalid("Only one of range or namedRangeId may be set on a ProtectedRange.")
    if masks.below(mask, "range") is not None and "range" in wanted:
        new["range"] = open_range(book, wanted["range"])
        new.pop("namedRangeId", None)
    elif masks.below(mask, "namedRangeId") is not None and "namedRangeId" in wanted:
        new["range"] = _place(book, {"namedRangeId": wanted["namedRangeId"]})
    if new.get("range") is None or new["range"].get("sheetId") != sheet.sheet_id:
        raise invalid("A protected range must stay on its sheet.")
    if new.get("warningOnly") and masks.below(mask, "editors") is None:
        new.pop("editors", None)
    _check(book, new)
    if not new.get("warningOnly"):
        new["editors"] = _editors(book, new.get("editors") or {}, set())
    _replace(book, sheet, entry, [new])
    return {}


def delete_protected_range(book: Book, given: Json) -> Json:
    """Remove a protection."""
    sheet, entry = _protected(book, given.get("protectedRangeId"))
    _replace(book, sheet, entry, [])
    return {}


def _replace(book: Book, sheet: Sheet, old: Json, new: list[Json]) -> None:
    number = old["protectedRangeId"]
    entries = [new if entry["protectedRangeId"] == number else [entry] for entry in _entries(sheet)]
    book.edit(sheet.sheet_id).annotations["protectedRanges"] = [entry for part in entries for entry in part]
