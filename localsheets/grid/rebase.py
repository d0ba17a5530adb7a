"""Brings what a person did on an older state of a book onto the book as it is now.

Someone may insert or delete lines between what a page shows and what its person does on it, all the more
when the page was away for a while: what was typed goes with its row and its column.
"""

from typing import Any

from localsheets.books.model import Book
from localsheets.grid.actions import Impossible
from localsheets.grid.follow import STAYS, Map, columns_map, place, rows_map
from localsheets.grid.past import moves

Json = dict[str, Any]
GONE = "La ligne ou la colonne a été supprimée entre-temps : rien n’a été écrit."
MOVED = "Des lignes ou des colonnes ont bougé entre-temps : recommencez."
LINES = {"insertRows": "rows", "deleteRows": "rows", "insertColumns": "columns", "deleteColumns": "columns"}


def others_moved(entries: list[Json], who: str) -> bool:
    """Tell whether others moved lines since; refuse when the page itself did so too in between."""
    theirs = [entry for entry in entries if moves(entry) and _who(entry) != who]
    if theirs and len(theirs) != sum(moves(entry) for entry in entries):
        raise Impossible(MOVED)
    return bool(theirs)


def _who(entry: Json) -> str:
    return str((entry["request"] if isinstance(entry["request"], dict) else {}).get("who") or "")


def rebased(old: Book, now: Book, actions: list[Json]) -> list[Json]:
    """Return actions on an older state as actions on the book as it is now."""
    result: list[Json] = []
    if len(actions) > 1 and any(_splits(old, action) for action in actions):
        raise Impossible(MOVED)
    for action in actions:
        sheet_id = action.get("sheetId") if isinstance(action, dict) else None
        before, after = (book.sheets.get(sheet_id) if isinstance(sheet_id, int) else None for book in (old, now))
        if before is None or after is None or before is after:
            result.append(action)
            continue
        maps = {"rows": rows_map(before, after), "columns": columns_map(before, after)}
        result += [action] if maps == {"rows": STAYS, "columns": STAYS} else _moved(action, maps)
    return result


def _splits(book: Book, action: Any) -> bool:
    """Tell whether an action moves lines under the following ones of its step; new lines at the end do not."""
    if not isinstance(action, dict) or action.get("type") in ("set", "renameSheet", "deleteSheet", "addSheet"):
        return False
    sheet = book.sheets.get(action.get("sheetId", -1))
    sizes = {"insertRows": sheet and sheet.row_count, "insertColumns": sheet and sheet.column_count}
    return action.get("at") is None or action["at"] != sizes.get(action.get("type", ""))


def _moved(action: Json, maps: dict[str, Map]) -> list[Json]:
    kind = action.get("type")
    if kind == "requests":
        return [action | {"requests": _shifted(action["requests"], action["sheetId"], maps)}]
    if kind == "set":
        return _set(action, maps)
    if kind in ("renameSheet", "deleteSheet", "addSheet"):
        return [action]
    if kind not in LINES:
        raise Impossible(MOVED)
    at, count = action["at"], action["count"] if kind.startswith("delete") else 1
    places = [place(maps[LINES[kind]], at + index) for index in range(count)]
    if None in places or any(found != places[0] + index for index, found in enumerate(places)):  # type: ignore[operator]
        raise Impossible(MOVED)
    return [action | {"at": places[0]}]


SPANS = (
    ("startRowIndex", "endRowIndex", "rows"),
    ("startColumnIndex", "endColumnIndex", "columns"),
    ("rowIndex", None, "rows"),
    ("columnIndex", None, "columns"),
)


def _shifted(value: Any, sheet_id: int, maps: dict[str, Map]) -> Any:
    """Return the requests of an action with every range of one tab where it stands now."""
    if isinstance(value, list):
        return [_shifted(item, sheet_id, maps) for item in value]
    if not isinstance(value, dict):
        return value
    result = {name: _shifted(item, sheet_id, maps) for name, item in value.items()}
    if value.get("sheetId", 0) != sheet_id:
        return result
    spans = [*SPANS, ("startIndex", "endIndex", str(value["dimension"]).lower())] if "dimension" in value else SPANS
    for start, end, axis in spans:
        if start in value:
            result |= _shifted_span(value, start, end, maps[axis])
    return result


def _shifted_span(value: Json, start: str, end: str | None, known: Map) -> Json:
    last = value.get(end, value[start] + 1) - 1 if end else value[start]
    places = [place(known, value[start]), place(known, last)]
    if None in places or places[1] - places[0] != last - value[start]:  # type: ignore[operator]
        raise Impossible(MOVED)
    moved = {start: places[0]}
    return moved | ({end: places[1] + 1} if end in value else {})  # type: ignore[operator]


def _set(action: Json, maps: dict[str, Map]) -> list[Json]:
    """Write each cell where its row and its column stand now."""
    cells = []
    for down, line in enumerate(action["values"]):
        for across, text in enumerate(line):
            if text is None:
                continue
            row, column = place(maps["rows"], action["row"] + down), place(maps["columns"], action["column"] + across)
            if row is None or column is None:
                raise Impossible(GONE)
            cells.append(action | {"row": row, "column": column, "values": [[text]]})
    return cells
