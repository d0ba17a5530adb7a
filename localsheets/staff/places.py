"""Where a staff action takes place: by tab and address, or by the row whose column holds a value."""

from typing import Any

from localsheets.books.a1 import Area, Closed, column_number, parse_area
from localsheets.books.model import Book, Sheet
from localsheets.formulas.calculator import calculator

Json = dict[str, Any]
HEADER_SEARCH = 20


class Undone(Exception):
    """Say in French why an action cannot be done."""


def tab_of(book: Book, action: Json) -> Sheet:
    """Return the tab of an action, by `tab_id` or by its title of the moment; the first one by default."""
    if "tab_id" in action:
        if action["tab_id"] not in book.sheets:
            raise Undone(f"L’onglet {action['tab_id']} n’existe pas.")
        return book.sheets[action["tab_id"]]
    if "tab" not in action:
        return book.in_order()[0]
    titles = book.titles()
    if action["tab"] not in titles:
        raise Undone(f"L’onglet « {action['tab']} » n’existe pas.")
    return book.sheets[titles[action["tab"]]]


def header_place(book: Book, sheet: Sheet, name: str, header_row: int | None = None) -> tuple[int, int] | None:
    """Return the row and column of a header, looked for in the first rows or in the one given (from 1)."""
    rows = range(HEADER_SEARCH) if header_row is None else [header_row - 1]
    shown = calculator(book)
    for row in rows:
        for column in sorted(sheet.rows.get(row, {})):
            if shown.text(sheet, row, column).strip() == name:
                return row, column
    return None


def column_of(book: Book, sheet: Sheet, name: str, header_row: int | None = None) -> int:
    """Return the column under a header, or the one with these letters when no header is called so."""
    found = header_place(book, sheet, name, header_row)
    if found is not None:
        return found[1]
    if not (name.isascii() and name.isalpha() and len(name) <= 3 and name.isupper()):
        raise Undone(f"Aucune colonne ne s’appelle « {name} ».")
    column = column_number(name)
    if column >= sheet.column_count:
        raise Undone(f"La colonne {name} est hors de la grille.")
    return column


def row_of(book: Book, sheet: Sheet, action: Json) -> int:
    """Return the row of an action: `row` counts from 1, `row_where` says what some columns show."""
    if "row" in action:
        if action["row"] > sheet.row_count:
            raise Undone(f"La ligne {action['row']} est hors de la grille.")
        return int(action["row"]) - 1
    wanted = _wanted(book, sheet, action)
    shown = calculator(book)
    for row in sorted(sheet.rows):
        if all(shown.text(sheet, row, column).strip() == value for column, value in wanted.items()):
            return row
    listed = ", ".join(f"{name} = {value}" for name, value in action["row_where"].items())
    raise Undone(f"Aucune ligne n’a {listed}.")


def _wanted(book: Book, sheet: Sheet, action: Json) -> dict[int, str]:
    if "row_where" not in action:
        raise Undone("L’action ne dit pas sur quelle ligne.")
    header_row = action.get("header_row")
    return {column_of(book, sheet, name, header_row): str(value).strip() for name, value in action["row_where"].items()}


def cell_of(book: Book, sheet: Sheet, action: Json) -> tuple[int, int]:
    """Return the row and column of an action: `cell`, or a row and `column`."""
    if "cell" in action:
        area = _area(action["cell"])
        return area.top, area.left
    if "column" not in action:
        raise Undone("L’action ne dit pas dans quelle colonne.")
    row = row_of(book, sheet, action)
    return row, column_of(book, sheet, action["column"], action.get("header_row"))


def area_of(book: Book, sheet: Sheet, action: Json) -> Closed:
    """Return the rectangle of an action: `range` or `cell`, a row, a column, where both cross, or the whole tab."""
    if "range" in action or "cell" in action:
        area = _area(action.get("range") or action["cell"])
        if area.exceeds(sheet.row_count, sheet.column_count):
            raise Undone(f"« {action.get('range') or action['cell']} » est hors de la grille.")
        return area.within(sheet.row_count, sheet.column_count)
    top, bottom, left, right = 0, sheet.row_count, 0, sheet.column_count
    if "row" in action or "row_where" in action:
        top = row_of(book, sheet, action)
        bottom = min(top + action.get("count", 1), sheet.row_count)
    if "column" in action:
        left = column_of(book, sheet, action["column"], action.get("header_row"))
        right = left + 1
    return Closed(top, left, bottom, right)


def _area(text: str) -> Area:
    area = parse_area(text)
    if area is None:
        raise Undone(f"« {text} » n’est pas une adresse.")
    return area
