"""What people do in the spreadsheet of a simulation: by localsheets' own functions, on whatever the tab is by then.

Each act is given plain numbers, read modulo what there is: a script from which steps were taken away still means
something. An act that cannot be done (nothing to take back, a deleted tab) does nothing.
"""

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from localsheets.books.model import Book, Sheet
from localsheets.grid.actions import Impossible, apply
from localsheets.grid.history import sorts
from localsheets.grid.requests import carry_out
from tests.simulated_values import token, wrong
from tests.simulated_views import Row, View

if TYPE_CHECKING:
    from tests.simulated_world import World

Json = dict[str, Any]
#: What a person knows of the tab they act in.
Desk = tuple["World", str, View, Sheet]
Act = Callable[..., None]
ACTS: dict[str, Act] = {}


def act(function: Act) -> Act:
    """Name what people can do."""
    ACTS[function.__name__] = function
    return function


def perform(world: "World", name: str, kind: str, *numbers: int) -> bool:
    """Do one act in a tab; False when it could not be done."""
    place = world.places[kind]
    seen, sheet = world.view(kind), world.google.book(place.book).sheets.get(place.sheet_id)
    if sheet is None and name not in ("take_back", "restore_version"):
        return False
    return world.act(place.book, lambda draft: ACTS[name](draft, (world, kind, seen, sheet), *numbers))


def _do(draft: Book, desk: Desk, action: Json) -> None:
    """Do what the grid page offers."""
    desk[0].doing.lines += apply(draft, [action])
    desk[0].doing.sorts |= sorts([action])


def _ask(draft: Book, desk: Desk, given: Json) -> None:
    """Do what a menu does, by a request of the API."""
    desk[0].doing.lines += carry_out(draft, [given])


def _row(desk: Desk, number: int) -> Row:
    rows = desk[2].rows
    if not rows:
        raise Impossible("La feuille est vide.")
    return rows[number % len(rows)]


def _name(desk: Desk, number: int) -> str:
    """Choose a column of the sync; most are typed in by anybody, the computed ones by mistake."""
    names = sorted(desk[2].columns.keys() - {"id"})
    if not names:
        raise Impossible("Il n'y a pas de colonne.")
    return names[number % len(names)]


def _put(draft: Book, desk: Desk, row: int, column: int, *texts: str | None) -> None:
    place = {"sheetId": desk[3].sheet_id, "row": row, "column": column}
    _do(draft, desk, {"type": "set", "values": [list(texts)]} | place)


# -- cells ---------------------------------------------------------------------------------------


@act
def type_in(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Type a new value in a cell."""
    field = _name(desk, name)
    _put(draft, desk, _row(desk, row).index, desk[2].columns[field], token(field, number))


@act
def clear(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Empty a cell."""
    _put(draft, desk, _row(desk, row).index, desk[2].columns[_name(desk, name)], "")


@act
def mistype(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Type what the rules refuse."""
    field = _name(desk, name)
    _put(draft, desk, _row(desk, row).index, desk[2].columns[field], wrong(field) or token(field, number))


@act
def respell(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Type the same value otherwise: decomposed, between spaces."""
    found, field = _row(desk, row), _name(desk, name)
    old = desk[3].cell(found.index, desk[2].columns[field]).entered or {}
    if "stringValue" in old:
        text = unicodedata.normalize("NFD", old["stringValue"])
        _put(draft, desk, found.index, desk[2].columns[field], f" {text}\u00a0")


@act
def agree(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Type what the intranet holds already."""
    world, kind, seen, _ = desk
    found, field = _row(desk, row), _name(desk, name)
    value = world.local(kind).get(found.id, {}).get(field)
    if value and field not in ("proposal", "hours_absent"):
        _put(draft, desk, found.index, seen.columns[field], world.shown(kind, field, value))


@act
def formula(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Put a formula in a cell of the sync."""
    field = _name(desk, name)
    text = token(field, number)
    cell = {"userEnteredValue": {"formulaValue": f'="{text}"&""'}}
    start = {"sheetId": desk[3].sheet_id, "rowIndex": _row(desk, row).index, "columnIndex": desk[2].columns[field]}
    _ask(draft, desk, {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})


@act
def paste(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Paste a block of values over neighbouring cells of two rows."""
    places = sorted((place, field) for field, place in desk[2].columns.items() if field != "id")
    at = name % len(places)
    block = [(place, field) for place, field in places[at : at + 3] if place - places[at][0] < 3]
    for down in range(2):
        texts: list[str | None] = [None] * 3
        for place, field in block:
            texts[place - block[0][0]] = token(field, number + down)
        _put(draft, desk, _row(desk, row + down).index, block[0][0], *texts)


@act
def remark(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Write beside a row, in the staff's own column."""
    own = [at for at in range(desk[3].column_count) if at not in desk[2].columns.values()]
    _put(draft, desk, _row(desk, row).index, own[name % min(3, len(own))], f"à voir {number}")


@act
def dress(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Colour a cell and leave a note on it."""
    found, place = _row(desk, row), desk[2].columns[_name(desk, name)]
    area = {"sheetId": desk[3].sheet_id, "startRowIndex": found.index, "endRowIndex": found.index + 1,
            "startColumnIndex": place, "endColumnIndex": place + 1}  # fmt: skip
    cell = {"note": f"note {number}", "userEnteredFormat": {"backgroundColor": {"red": 1}}}
    _ask(draft, desk, {"repeatCell": {"range": area, "cell": cell, "fields": "note,userEnteredFormat.backgroundColor"}})


# -- rows ----------------------------------------------------------------------------------------


@act
def sort(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Sort all rows by a column."""
    column = desk[2].columns[_name(desk, name)]
    top = max(0, desk[2].header) + 1
    _do(draft, desk, {"type": "sort", "sheetId": desk[3].sheet_id, "column": column, "headerRows": top,
                      "descending": bool(number % 2)})  # fmt: skip


@act
def insert_rows(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Insert blank rows."""
    at = _row(desk, row).index if desk[2].rows else 1
    _do(draft, desk, {"type": "insertRows", "sheetId": desk[3].sheet_id, "at": at, "count": number % 2 + 1})


@act
def insert_above(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Insert a line above the header, and write a title in it."""
    _do(draft, desk, {"type": "insertRows", "sheetId": desk[3].sheet_id, "at": 0, "count": 1})


@act
def delete_row(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Delete a row."""
    _do(draft, desk, {"type": "deleteRows", "sheetId": desk[3].sheet_id, "at": _row(desk, row).index, "count": 1})


@act
def delete_many(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Delete all rows but one or two."""
    rows = desk[2].rows[number % 2 + 1 :]
    if rows:
        count = rows[-1].index + 1 - rows[0].index
        _do(draft, desk, {"type": "deleteRows", "sheetId": desk[3].sheet_id, "at": rows[0].index, "count": count})


@act
def move_row(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Carry a row elsewhere."""
    to = _row(desk, number).index
    _do(draft, desk, {"type": "moveRows", "sheetId": desk[3].sheet_id, "from": _row(desk, row).index, "count": 1,
                      "to": to})  # fmt: skip


@act
def copy_row(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Copy a row with its id under the last one, and sometimes rename it."""
    found, last = _row(desk, row), desk[2].rows[-1].index + 1
    if last >= desk[3].row_count:
        raise Impossible("La grille est pleine.")
    width = {"sheetId": desk[3].sheet_id, "startColumnIndex": 0, "endColumnIndex": desk[3].column_count}
    source = width | {"startRowIndex": found.index, "endRowIndex": found.index + 1}
    target = width | {"startRowIndex": last, "endRowIndex": last + 1}
    copied = {"source": source, "destination": target, "pasteType": "PASTE_NORMAL"}
    _ask(draft, desk, {"copyPaste": copied})
    if number % 2 and "last_name" in desk[2].columns:
        texts = [[token("last_name", number)]]
        place = {"sheetId": desk[3].sheet_id, "row": last, "column": desk[2].columns["last_name"], "values": texts}
        _do(draft, desk, {"type": "set"} | place)


@act
def clear_id(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Empty the id of a row."""
    _put(draft, desk, _row(desk, row).index, desk[2].columns["id"], "")


@act
def edit_id(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Type another id over that of a row: another row's, or nobody's."""
    other = _row(desk, number).id if number % 2 else f"P-{number}"
    _put(draft, desk, _row(desk, row).index, desk[2].columns["id"], other)


@act
def add_row(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Type a new row without id, whole or only begun."""
    last = max((found.index for found in desk[2].rows), default=desk[2].header) + 1 + number % 2
    wanted = _NEW.get(desk[1], ("last_name", "first_name"))
    for field in wanted[: 1 if name % 4 == 0 else None]:
        if field in desk[2].columns:
            text = _AT.get(field) or token(field, number)
            _put(draft, desk, last, desk[2].columns[field], text)


_NEW = {"participants": ("last_name", "first_name", "phone", "employer"),
        "half_days": ("kind", "day", "start", "end", "module", "place")}  # fmt: skip
_AT = {"start": "9:00", "end": "12:00"}


@act
def finish_row(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Fill what a row without id lacks."""
    loose = [found for found in desk[2].rows if not found.id]
    if loose:
        found = loose[row % len(loose)]
        for field in _NEW.get(desk[1], ()):
            if field in desk[2].columns and field not in found.cells:
                _put(draft, desk, found.index, desk[2].columns[field], _AT.get(field) or token(field, number))


@act
def empty_row(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Empty all cells of a row but its id."""
    found = _row(desk, row)
    for field, place in desk[2].columns.items():
        if field != "id" and field in found.cells:
            _put(draft, desk, found.index, place, "")


@act
def hide_rows(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Hide a row, or show it again."""
    index = _row(desk, row).index
    span = {"sheetId": desk[3].sheet_id, "dimension": "ROWS", "startIndex": index, "endIndex": index + 1}
    hidden = {"range": span, "properties": {"hiddenByUser": bool(number % 2)}, "fields": "hiddenByUser"}
    _ask(draft, desk, {"updateDimensionProperties": hidden})


@act
def set_filter(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Put a filter on the tab, or take it away."""
    if number % 3 == 0:
        _ask(draft, desk, {"clearBasicFilter": {"sheetId": desk[3].sheet_id}})
        return
    column = desk[2].columns[_name(desk, name)]
    area = {"sheetId": desk[3].sheet_id, "startRowIndex": max(0, desk[2].header), "startColumnIndex": 0,
            "endRowIndex": max(2, desk[3].last_row()), "endColumnIndex": desk[3].column_count}  # fmt: skip
    shown = _row(desk, row).cells.get(_name(desk, name), "")
    hidden = {"range": area, "criteria": {str(column): {"hiddenValues": [shown]}}}
    _ask(draft, desk, {"setBasicFilter": {"filter": hidden}})


# -- columns, tabs, the whole book ---------------------------------------------------------------


@act
def insert_column(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Insert a column of their own."""
    at = desk[2].columns[_name(desk, name)] if number % 3 else 0
    _do(draft, desk, {"type": "insertColumns", "sheetId": desk[3].sheet_id, "at": at, "count": 1})


@act
def move_column(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Carry a column elsewhere."""
    start, to = desk[2].columns[_name(desk, name)], desk[2].columns[_name(desk, number)]
    if not start <= to <= start + 1:
        span = {"sheetId": desk[3].sheet_id, "dimension": "COLUMNS", "startIndex": start, "endIndex": start + 1}
        _ask(draft, desk, {"moveDimension": {"source": span, "destinationIndex": to}})


@act
def rename_header(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Type another name over a header."""
    _put(draft, desk, max(0, desk[2].header), desk[2].columns[_name(desk, name)], f"Titre {number}")


@act
def delete_column(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Delete a column of the sync."""
    at = desk[2].columns[_name(desk, name)]
    _do(draft, desk, {"type": "deleteColumns", "sheetId": desk[3].sheet_id, "at": at, "count": 1})


@act
def rename_tab(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Give the tab another title."""
    _do(draft, desk, {"type": "renameSheet", "sheetId": desk[3].sheet_id, "title": f"Onglet d'ici n° {number}"})


@act
def delete_tab(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Delete the tab, or the hidden one of the sync."""
    hidden = [sheet.sheet_id for sheet in draft.in_order() if sheet.hidden]
    gone = hidden[0] if hidden and number % 2 else desk[3].sheet_id
    _do(draft, desk, {"type": "deleteSheet", "sheetId": gone})


@act
def duplicate_tab(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Duplicate the tab."""
    given = {"sourceSheetId": desk[3].sheet_id, "insertSheetIndex": 0, "newSheetName": f"Copie {number}"}
    _ask(draft, desk, {"duplicateSheet": given})


@act
def take_back(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Take the last step back."""
    steps = [step for step in desk[0].steps if step.after.book_id == draft.book_id]
    if not steps:
        raise Impossible("Il n’y a rien à annuler.")
    desk[0].steps.remove(steps[-1])
    steps[-1].undo(draft)
    desk[0].doing.again = False


@act
def restore_version(draft: Book, desk: Desk, row: int, name: int, number: int) -> None:
    """Make an older version of the whole book the current one."""
    states = desk[0].google.past[draft.book_id]
    old = states[max(0, len(states) - 2 - number % 4)]
    draft.order, draft.sheets, draft.properties = list(old.order), dict(old.sheets), dict(old.properties)
    draft.memo.clear()
    desk[0].doing.again = False
