"""The batchUpdate request that draws borders."""

from typing import Any

from msgspec.structs import replace

from localsheets.books.a1 import Closed
from localsheets.books.colors import with_styles
from localsheets.books.lines import check_area, own_line, set_cell, settle
from localsheets.books.model import EMPTY, Book, Cell
from localsheets.books.ranges import grid_range

Json = dict[str, Any]
INNER = {"top": "innerHorizontal", "bottom": "innerHorizontal", "left": "innerVertical", "right": "innerVertical"}
WIDTHS = {"DOTTED": 1, "DASHED": 1, "SOLID": 1, "SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}
BLACK: Json = {"color": {}, "colorStyle": {"rgbColor": {}}}


def update_borders(book: Book, given: Json) -> Json:
    """Keep the borders asked for on the cells of a range; the style NONE takes them away."""
    sheet, area = grid_range(book, given.get("range"))
    target = book.edit(sheet.sheet_id)
    check_area(target, area)
    wanted = {name: _border(given[name]) for name in (*INNER, *INNER.values()) if name in given}
    for row in range(area.top, area.bottom):
        line = own_line(target, row)
        for column in range(area.left, area.right):
            sides = _sides(wanted, row, column, area)
            if sides:
                set_cell(line, column, _bordered(line.get(column, EMPTY), sides))
        settle(target, row)
    return {}


def _border(given: Json) -> Json | None:
    """Return a border as Google answers it, with its width and both writings of its colour; None for no border."""
    style = given.get("style", "STYLE_UNSPECIFIED")
    if style == "NONE":
        return None
    known = WIDTHS.get(style)
    return {"style": style} | ({"width": known} if known else {}) | (BLACK | _color(given))


def _color(given: Json) -> Json:
    return with_styles({name: given[name] for name in ("color", "colorStyle") if given.get(name) is not None})


def _sides(wanted: Json, row: int, column: int, area: Closed) -> Json:
    at_edge = {
        "top": row == area.top,
        "bottom": row == area.bottom - 1,
        "left": column == area.left,
        "right": column == area.right - 1,
    }
    names = {side: side if outer else INNER[side] for side, outer in at_edge.items()}
    return {side: wanted[name] for side, name in names.items() if name in wanted}


def _bordered(cell: Cell, sides: Json) -> Cell:
    borders = ((cell.format or {}).get("borders") or {}) | sides
    kept = {side: border for side, border in borders.items() if border is not None}
    rest = {name: value for name, value in (cell.format or {}).items() if name != "borders"}
    return replace(cell, format=(rest | {"borders": kept} if kept else rest) or None)
