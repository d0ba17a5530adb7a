"""How the grid page shows a cell and what is attached to a tab, as short JSON."""

import json
from typing import Any
from zlib import crc32

from localsheets.books.a1 import Closed, quoted
from localsheets.books.colors import hexadecimal
from localsheets.books.filters import criteria
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.ranges import a1_range, closed_of
from localsheets.errors import ApiError
from localsheets.formulas.calculator import calculator, named_area
from localsheets.grid.painted import bands, painted

Json = dict[str, Any]
SIDES = ("top", "right", "bottom", "left")
WIDTHS = {"SOLID_MEDIUM": "2px solid", "SOLID_THICK": "3px solid", "DOTTED": "1px dotted", "DASHED": "1px dashed"}
DOUBLE = "3px double"
MARKS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s"}
SIDEWAYS = {"LEFT": "l", "CENTER": "c", "RIGHT": "r"}
UPRIGHT = {"TOP": "t", "MIDDLE": "m"}


def cell_look(cell: Cell) -> Json:
    """Return how a cell looks: marks, colours, sides, number pattern, note and rule, each only when there is one."""
    given: Json = cell.format or {}
    text = given.get("textFormat", {})
    look: Json = {short: True for name, short in MARKS.items() if text.get(name)}
    if "backgroundColor" in given and (color := hexadecimal(given["backgroundColor"])) != "#ffffff":
        look["bg"] = color
    if "foregroundColor" in text:
        look["fg"] = hexadecimal(text["foregroundColor"])
    if text.get("fontSize", 10) != 10:
        look["z"] = text["fontSize"]
    if sideways := SIDEWAYS.get(given.get("horizontalAlignment", "")):
        look["h"] = sideways
    if upright := UPRIGHT.get(given.get("verticalAlignment", "")):
        look["v"] = upright
    if given.get("wrapStrategy") in ("WRAP", "CLIP"):
        look["w"] = given["wrapStrategy"] == "WRAP"
    if "numberFormat" in given:
        number = given["numberFormat"]
        look["p"] = [number.get("type", ""), number.get("pattern", "")]
    if given.get("borders"):
        look["o"] = [_line(given["borders"].get(side)) for side in SIDES]
    if cell.note:
        look["m"] = cell.note
    if cell.validation:
        look["r"] = rule_key(cell.validation)
    return look


def _line(border: Json | None) -> str | None:
    if not border or border.get("style", "NONE") == "NONE":
        return None
    width = DOUBLE if border["style"] == "DOUBLE" else WIDTHS.get(border["style"], "1px solid")
    return f"{width} {hexadecimal(border.get('color', {}))}"


def rule_key(rule: Json) -> str:
    """Name a validation rule by what it says, so that unchanged rows may keep naming it."""
    return f"{crc32(json.dumps(rule, sort_keys=True).encode()):08x}"


def sheet_look(book: Book, sheet: Sheet) -> Json:
    """Return what a tab carries beside its cells: merges, hidden lines, sizes, filter, rules, colour."""
    sizes = sheet.sizes
    look: Json = {
        "merges": [_edges(closed_of(entry)) for entry in sheet.annotations.get("merges", [])],
        "hiddenRows": _marked(sizes["ROWS"], "hiddenByUser"),
        "filteredRows": _marked(sizes["ROWS"], "hiddenByFilter"),
        "hiddenColumns": _marked(sizes["COLUMNS"], "hiddenByUser"),
        "rowHeights": {str(at): size["pixelSize"] for at, size in sizes["ROWS"].items() if "pixelSize" in size},
        "filter": _filter(sheet.annotations.get("basicFilter")),
        "rules": _rules(book, sheet),
        "color": hexadecimal(sheet.properties["tabColor"]) if sheet.properties.get("tabColor") else None,
    }
    look["bands"] = bands(sheet)
    look["painted"] = painted(book, sheet)
    if sheet.grid.get("hideGridlines"):
        look["bare"] = True
    return look


def _edges(area: Closed) -> list[int]:
    """Write a rectangle as its first and last row and column, both included: top, left, bottom, right."""
    return [area.top, area.left, area.bottom - 1, area.right - 1]


def _marked(sizes: dict[int, Json], mark: str) -> list[int]:
    return sorted(at for at, size in sizes.items() if size.get(mark))


def _filter(given: Json | None) -> Json | None:
    if given is None:
        return None
    wanted = {str(column): entry for column, entry in criteria(given).items() if entry}
    return {"area": _edges(closed_of(given["range"])), "criteria": wanted}


def _rules(book: Book, sheet: Sheet) -> Json:
    found: Json = {}
    for line in sheet.rows.values():
        for cell in line.values():
            if cell.validation and (key := rule_key(cell.validation)) not in found:
                found[key] = _rule(book, sheet, cell.validation)
    return found


def _rule(book: Book, sheet: Sheet, rule: Json) -> Json:
    condition = rule.get("condition", {})
    operands = [str(value.get("userEnteredValue", "")) for value in condition.get("values", [])]
    kind = condition.get("type", "")
    written: Json = {"kind": kind, "strict": bool(rule.get("strict")), "values": operands}
    if rule.get("inputMessage"):
        written["message"] = rule["inputMessage"]
    if kind == "ONE_OF_RANGE" and operands:
        written["values"] = _texts(book, sheet, operands[0])
    return written


def _texts(book: Book, sheet: Sheet, reference: str) -> list[str]:
    """List the different texts shown in a range written as =Tab!A2:A9; a range that is gone gives none."""
    text = reference.removeprefix("=")
    try:
        other, area = a1_range(book, text if "!" in text else f"{quoted(sheet.title)}!{text}")
        places = other.cells(other.resolve(area))
    except ApiError:
        return []
    values = calculator(book)
    return list(dict.fromkeys(values.text(other, row, column) for row, column, cell in places if cell.entered))


def names(book: Book) -> list[Json]:
    """List the named ranges, where a person may go by name."""
    found = []
    for named in book.named_ranges:
        sheet, area = named_area(named["range"], book)
        found.append({"name": named["name"], "sheetId": sheet.sheet_id, "area": _edges(area)})
    return found


def protections(sheet: Sheet) -> list[Json]:
    """List the protected ranges, half-open, open sides closed."""
    return [_protected(entry, sheet) for entry in sheet.annotations.get("protectedRanges", [])]


def _protected(entry: Json, sheet: Sheet) -> Json:
    given = entry.get("range", {})
    return {
        "id": entry["protectedRangeId"],
        "about": entry.get("description", ""),
        "warns": bool(entry.get("warningOnly")),
        "startRow": given.get("startRowIndex", 0),
        "endRow": given.get("endRowIndex", sheet.row_count),
        "startColumn": given.get("startColumnIndex", 0),
        "endColumn": given.get("endColumnIndex", sheet.column_count),
    }
