"""What a person does to rows, columns and tabs, on a fork of the book."""

from typing import Any

from localsheets.books.a1 import Closed
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import closed_of, range_json, size_of
from localsheets.requests import kinds as requests
from localsheets.staff.places import Undone, area_of, column_of, row_of, tab_of

Json = dict[str, Any]


def _run(book: Book, kind: str, given: Json) -> None:
    requests.run(book, [{kind: given}])


def _line(book: Book, sheet: Sheet, axis: str, action: Json) -> int:
    if axis == "ROWS":
        return row_of(book, sheet, action)
    return column_of(book, sheet, action["column"], action.get("header_row"))


def _span(sheet: Sheet, axis: str, start: int, count: int) -> Json:
    if start + count > size_of(sheet, axis):
        raise Undone("Ces lignes ou ces colonnes sont hors de la grille.")
    return {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": start, "endIndex": start + count}


def _insert(book: Book, axis: str, action: Json) -> None:
    sheet = tab_of(book, action)
    at = _line(book, sheet, axis, action) + bool(action.get("after"))
    span = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": at, "endIndex": at + action.get("count", 1)}
    _run(book, "insertDimension", {"range": span, "inheritFromBefore": bool(action.get("after"))})


def insert_rows(book: Book, action: Json) -> None:
    """Insert empty rows above a row, or below it."""
    _insert(book, "ROWS", action)


def insert_columns(book: Book, action: Json) -> None:
    """Insert empty columns left of a column, or right of it."""
    _insert(book, "COLUMNS", action)


def _delete(book: Book, axis: str, action: Json) -> None:
    sheet = tab_of(book, action)
    span = _span(sheet, axis, _line(book, sheet, axis, action), action.get("count", 1))
    _run(book, "deleteDimension", {"range": span})


def delete_rows(book: Book, action: Json) -> None:
    """Delete rows."""
    _delete(book, "ROWS", action)


def delete_columns(book: Book, action: Json) -> None:
    """Delete columns."""
    _delete(book, "COLUMNS", action)


def _move(book: Book, axis: str, action: Json, before: int) -> None:
    sheet = tab_of(book, action)
    span = _span(sheet, axis, _line(book, sheet, axis, action), action.get("count", 1))
    if span["startIndex"] <= before <= span["endIndex"]:
        return
    _run(book, "moveDimension", {"source": span, "destinationIndex": before})


def move_rows(book: Book, action: Json) -> None:
    """Move rows before another one, or after the last filled one."""
    sheet = tab_of(book, action)
    _move(book, "ROWS", action, action["before"] - 1 if "before" in action else sheet.last_row())


def move_columns(book: Book, action: Json) -> None:
    """Move columns before another one, or after the last of the grid."""
    sheet = tab_of(book, action)
    last = sheet.column_count
    before = column_of(book, sheet, action["before"], action.get("header_row")) if "before" in action else last
    _move(book, "COLUMNS", action, before)


def _hide(book: Book, axis: str, action: Json, hidden: bool) -> None:
    sheet = tab_of(book, action)
    span = _span(sheet, axis, _line(book, sheet, axis, action), action.get("count", 1))
    wanted = {"range": span, "properties": {"hiddenByUser": hidden}, "fields": "hiddenByUser"}
    _run(book, "updateDimensionProperties", wanted)


def hide_rows(book: Book, action: Json) -> None:
    """Hide rows."""
    _hide(book, "ROWS", action, hidden=True)


def show_rows(book: Book, action: Json) -> None:
    """Show hidden rows again."""
    _hide(book, "ROWS", action, hidden=False)


def hide_columns(book: Book, action: Json) -> None:
    """Hide columns."""
    _hide(book, "COLUMNS", action, hidden=True)


def show_columns(book: Book, action: Json) -> None:
    """Show hidden columns again."""
    _hide(book, "COLUMNS", action, hidden=False)


def _range(sheet: Sheet, area: Closed) -> Json:
    return {"sheetId": sheet.sheet_id} | range_json(sheet.sheet_id, area)


def set_filter(book: Book, action: Json) -> None:
    """Put a filter on a range, the filled part by default, hiding the rows whose column shows some values."""
    sheet = tab_of(book, action)
    area = Closed(0, 0, max(1, sheet.last_row()), sheet.column_count)
    area = area_of(book, sheet, {"range": action["range"]}) if "range" in action else area
    wanted: Json = {"range": _range(sheet, area)}
    if "column" in action:
        column = column_of(book, sheet, action["column"], action.get("header_row"))
        wanted["criteria"] = {str(column): {"hiddenValues": [str(value) for value in action.get("hide", [])]}}
    _run(book, "setBasicFilter", {"filter": wanted})


def clear_filter(book: Book, action: Json) -> None:
    """Take the filter away."""
    _run(book, "clearBasicFilter", {"sheetId": tab_of(book, action).sheet_id})


def merge(book: Book, action: Json) -> None:
    """Merge cells into one."""
    sheet = tab_of(book, action)
    given = {"range": _range(sheet, area_of(book, sheet, action)), "mergeType": "MERGE_ALL"}
    _run(book, "mergeCells", given)


def unmerge(book: Book, action: Json) -> None:
    """Split merged cells."""
    sheet = tab_of(book, action)
    _run(book, "unmergeCells", {"range": _range(sheet, area_of(book, sheet, action))})


def protect(book: Book, action: Json) -> None:
    """Protect cells from all but the owner and the editors named."""
    sheet = tab_of(book, action)
    wanted: Json = {"range": _range(sheet, area_of(book, sheet, action)), "description": action.get("text", "")}
    if action.get("warning_only"):
        wanted["warningOnly"] = True
    else:
        wanted["editors"] = {"users": list(action.get("editors", []))}
    _run(book, "addProtectedRange", {"protectedRange": wanted})


def unprotect(book: Book, action: Json) -> None:
    """Lift the protections that touch a range."""
    sheet = tab_of(book, action)
    area = area_of(book, sheet, action)
    entries = sheet.annotations.get("protectedRanges", [])
    touched = [entry["protectedRangeId"] for entry in entries if _touches(sheet, entry, area)]
    if not touched:
        raise Undone("Aucune protection ne couvre cet endroit.")
    for number in touched:
        _run(book, "deleteProtectedRange", {"protectedRangeId": number})


def _touches(sheet: Sheet, entry: Json, area: Closed) -> bool:
    whole = range_json(sheet.sheet_id, sheet.whole())
    return closed_of(whole | entry.get("range", {})).meets(area)


def rename_tab(book: Book, action: Json) -> None:
    """Give a tab another title."""
    properties = {"sheetId": tab_of(book, action).sheet_id, "title": action["to"]}
    _run(book, "updateSheetProperties", {"properties": properties, "fields": "title"})


def add_tab(book: Book, action: Json) -> None:
    """Add an empty tab at the end."""
    _run(book, "addSheet", {"properties": {"title": action["to"]}})


def delete_tab(book: Book, action: Json) -> None:
    """Delete a tab."""
    _run(book, "deleteSheet", {"sheetId": tab_of(book, action).sheet_id})


def duplicate_tab(book: Book, action: Json) -> None:
    """Duplicate a tab beside itself, under a new id."""
    sheet = tab_of(book, action)
    given: Json = {"sourceSheetId": sheet.sheet_id, "insertSheetIndex": book.order.index(sheet.sheet_id) + 1}
    _run(book, "duplicateSheet", given | ({"newSheetName": action["to"]} if "to" in action else {}))


def change_locale(book: Book, action: Json) -> None:
    """Change the locale in which values are typed and shown."""
    given = {"properties": {"locale": action["to"]}, "fields": "locale"}
    _run(book, "updateSpreadsheetProperties", given)


def run_requests(book: Book, action: Json) -> None:
    """Carry out batchUpdate requests as a person's doing."""
    requests.run(book, action["requests"])
