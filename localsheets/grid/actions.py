"""What a person does on the grid page."""

from collections.abc import Callable
from typing import Any

from localsheets.books.a1 import Closed
from localsheets.books.model import Book, Sheet
from localsheets.books.ranges import size_of
from localsheets.books.structure import FROZEN, Deleted, Inserted, Moved, restructure
from localsheets.grid.requests import Lines, carry_out, is_offered
from localsheets.requests.dimensions import insert
from localsheets.requests.moving import sort_rows
from localsheets.requests.sheets import delete_sheet, new_sheet, rename
from localsheets.sheets.values_api import typed_cell

Json = dict[str, Any]
MOST_TITLE = 200
MOST_CELLS = 10_000_000


class Impossible(Exception):
    """Say in French why an action cannot be done."""


def apply(book: Book, actions: Any) -> list[Lines]:
    """Carry out actions on a fork of a book; returns the changes of lines, in order."""
    if not isinstance(actions, list) or not actions:
        raise Impossible("Aucune action n’a été demandée.")
    done: list[Lines] = []
    for action in actions:
        function = ACTIONS.get(action.get("type")) if isinstance(action, dict) else None
        if function is None:
            raise Impossible("Cette action n’existe pas.")
        change = function(book, action)
        if isinstance(change, list):
            done += change
        elif change is not None:
            done.append(change)
    return done


def _sheet(book: Book, action: Json) -> Sheet:
    sheet = book.sheets.get(action.get("sheetId", -1))
    if sheet is None:
        raise Impossible("Cet onglet n’existe plus.")
    return sheet


def _number(action: Json, name: str, least: int, most: int) -> int:
    value = action.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Impossible("L’emplacement demandé est hors de la grille.")
    return value


def _set(book: Book, action: Json) -> None:
    """Type texts into cells; the grid grows when a paste goes beyond it."""
    sheet = _sheet(book, action)
    row, column = _number(action, "row", 0, 10**6), _number(action, "column", 0, 18277)
    lines = action.get("values")
    if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
        raise Impossible("Les valeurs à écrire sont illisibles.")
    target = book.edit(sheet.sheet_id)
    target.row_count = max(target.row_count, row + len(lines))
    target.column_count = max(target.column_count, column + max((len(line) for line in lines), default=0))
    if target.row_count * target.column_count > MOST_CELLS:
        raise Impossible("L’onglet dépasserait dix millions de cellules.")
    for down, line in enumerate(lines):
        for across, text in enumerate(line):
            if text is None:
                continue
            if not isinstance(text, str):
                raise Impossible("Les valeurs à écrire sont illisibles.")
            old = target.cell(row + down, column + across)
            new = typed_cell(book, old, text)
            if new != old:
                target.put(row + down, column + across, new)


def _insert(axis: str) -> Callable[[Book, Json], Lines]:
    def inserted(book: Book, action: Json) -> Lines:
        sheet = _sheet(book, action)
        at = _number(action, "at", 0, size_of(sheet, axis))
        count = _number(action, "count", 1, 50_000)
        # A line under the header looks like the data below it, any other like the one above.
        before = at > sheet.grid.get(FROZEN[axis], 0) or at == size_of(sheet, axis)
        insert(book, sheet.sheet_id, axis, at, count, before)
        return sheet.sheet_id, axis, Inserted(at, count)

    return inserted


def _delete(axis: str) -> Callable[[Book, Json], Lines]:
    noun = "lignes" if axis == "ROWS" else "colonnes"

    def deleted(book: Book, action: Json) -> Lines:
        sheet = _sheet(book, action)
        size = size_of(sheet, axis)
        at = _number(action, "at", 0, size - 1)
        count = _number(action, "count", 1, size - at)
        if size - count <= sheet.grid.get(FROZEN[axis], 0) - max(0, sheet.grid.get(FROZEN[axis], 0) - at):
            raise Impossible(f"Il est impossible de supprimer toutes les {noun}.")
        change = Deleted(at, at + count)
        restructure(book, sheet.sheet_id, axis, change)
        return sheet.sheet_id, axis, change

    return deleted


def _move(book: Book, action: Json) -> Lines | None:
    sheet = _sheet(book, action)
    start = _number(action, "from", 0, sheet.row_count - 1)
    end = start + _number(action, "count", 1, sheet.row_count - start)
    to = _number(action, "to", 0, sheet.row_count)
    frozen = sheet.grid.get("frozenRowCount", 0)
    if start <= to <= end:
        return None
    if start < frozen < end:
        raise Impossible("Les lignes figées ne se déplacent pas avec les autres.")
    change = Moved(start, end, to)
    restructure(book, sheet.sheet_id, "ROWS", change)
    return sheet.sheet_id, "ROWS", change


def _sort(book: Book, action: Json) -> None:
    sheet = _sheet(book, action)
    column = _number(action, "column", 0, sheet.column_count - 1)
    header = _number(action, "headerRows", 0, sheet.row_count)
    area = Closed(header, 0, max(header, sheet.last_row()), sheet.column_count)
    sort_rows(book, sheet, area, [(column, bool(action.get("descending")))])


def _title(book: Book, action: Json, but: int | None = None) -> str:
    title = str(action.get("title") or "").strip()
    if not title or len(title) > 100:
        raise Impossible("Le nom d’un onglet compte de 1 à 100 caractères.")
    for other, sheet_id in book.titles().items():
        if other.lower() == title.lower() and sheet_id != but:
            raise Impossible(f"Un onglet s’appelle déjà « {other} ».")
    return title


def _rename_book(book: Book, action: Json) -> None:
    title = str(action.get("title") or "").strip()
    if not title or len(title) > MOST_TITLE:
        raise Impossible(f"Le titre d’un classeur compte de 1 à {MOST_TITLE} caractères.")
    book.properties = book.properties | {"title": title}


def _add_sheet(book: Book, action: Json) -> None:
    book.add(new_sheet(book, {"title": _title(book, action)}))


def _rename_sheet(book: Book, action: Json) -> None:
    sheet = _sheet(book, action)
    rename(book, sheet.sheet_id, _title(book, action, sheet.sheet_id))


def _delete_sheet(book: Book, action: Json) -> None:
    sheet = _sheet(book, action)
    if not any(other is not sheet and not other.hidden for other in book.in_order()):
        raise Impossible("Un classeur garde au moins un onglet visible.")
    delete_sheet(book, {"sheetId": sheet.sheet_id})


def _requests(book: Book, action: Json) -> list[Lines]:
    given = action.get("requests")
    if not isinstance(given, list) or not all(is_offered(request) for request in given):
        raise Impossible("Cette action n’existe pas.")
    return carry_out(book, given)


ACTIONS: dict[Any, Callable[[Book, Json], Lines | list[Lines] | None]] = {
    "set": _set,
    "insertRows": _insert("ROWS"),
    "insertColumns": _insert("COLUMNS"),
    "deleteRows": _delete("ROWS"),
    "deleteColumns": _delete("COLUMNS"),
    "moveRows": _move,
    "sort": _sort,
    "addSheet": _add_sheet,
    "renameBook": _rename_book,
    "renameSheet": _rename_sheet,
    "deleteSheet": _delete_sheet,
    "requests": _requests,
}
