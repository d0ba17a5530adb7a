"""spreadsheets.values: reading and writing plain values in A1 ranges."""

import json
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from localsheets.books.a1 import Area, Closed, letters, written
from localsheets.books.lines import MOST_CHARACTERS, check_area, check_length, own_line, set_cell, set_value, settle
from localsheets.books.model import EMPTY, Book, Cell, Sheet
from localsheets.books.ranges import a1_range, visible
from localsheets.errors import ApiError, invalid, invalid_field
from localsheets.formulas.calculator import Calculator, calculator
from localsheets.formulas.values import ErrorValue
from localsheets.sheets.options import DIMENSION
from localsheets.texts.locales import locale_of
from localsheets.texts.rendering import general, is_date_format, is_text_format
from localsheets.texts.typed import parse_entered, plain

Json = dict[str, Any]
CONTAINERS = {dict, list}


@dataclass(frozen=True, slots=True)
class Rendering:
    """Say how values are shown: computed or as entered, dates as numbers or texts, by rows or columns."""

    render: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"
    dimension: str = "ROWS"


def read(book: Book, text: str, rendering: Rendering) -> Json:
    """Return the ValueRange of one range."""
    sheet, area = a1_range(book, text)
    return value_range(book, sheet, visible(sheet, area), rendering)


def value_range(book: Book, sheet: Sheet, area: Closed, rendering: Rendering) -> Json:
    """Return the ValueRange of a rectangle; trailing blanks are left out, rows are ragged, an empty one is #REF!."""
    if not area.height or not area.width:
        return {"range": "#REF!", "majorDimension": rendering.dimension}
    lines = value_lines(book, sheet, area, rendering.render, rendering.dates)
    if rendering.dimension == "COLUMNS":
        lines = _transposed(lines)
    lines = trimmed(lines)
    answer: Json = {"range": written(sheet.title, area), "majorDimension": rendering.dimension}
    return answer | ({"values": lines} if lines else {})


def value_lines(book: Book, sheet: Sheet, area: Closed, render: str, dates: str) -> list[list[Any]]:
    """Return the values of an area as rendered, blank ones as empty texts."""
    values = calculator(book)
    spread = values.spread_over(sheet)
    last = max((row for row in (*sheet.rows, *spread) if row < area.bottom), default=-1) + 1
    lines, formatted = [], render == "FORMATTED_VALUE"
    for row in range(area.top, max(last, area.top)):
        held = sheet.rows.get(row, {})
        known = held | spread[row] if row in spread else held
        end = max((column for column in known if column < area.right), default=area.left - 1) + 1
        line: list[Any] = []
        for column in range(area.left, end):
            cell = held.get(column)
            # Most cells hold a text or a number without a format: they are told at once.
            kind, value = next(iter(cell.entered.items())) if cell and cell.entered and not cell.format else ("", None)
            if kind == "stringValue":
                line.append(value)
            elif kind == "numberValue":
                whole = type(value) is int and abs(value) < 10**15
                line.append(value if not formatted else str(value) if whole else general(value, values.locale))
            else:
                line.append(_rendered(values, sheet, row, column, render, dates) if column in known else "")
        lines.append(line)
    return lines


def _rendered(values: Calculator, sheet: Sheet, row: int, column: int, render: str, dates: str) -> Any:
    cell = sheet.cell(row, column)
    if not cell.entered and (render == "FORMULA" or not values.spills.any):
        return ""
    if render == "FORMATTED_VALUE":
        return values.text(sheet, row, column)
    if render == "FORMULA" and cell.formula is not None:
        return cell.formula
    value = values.value(sheet, row, column)
    if isinstance(value, ErrorValue):
        return str(value) if render == "FORMULA" or not value.message else f"{value} ({value.message})"
    if dates == "FORMATTED_STRING" and is_date_format(values.number_format(sheet, row, column)):
        return values.text(sheet, row, column)
    return "" if value is None else value


def trimmed(lines: list[list[Any]]) -> list[list[Any]]:
    """Drop trailing blanks of each line, then trailing empty lines."""
    for line in lines:
        while line and line[-1] == "" and isinstance(line[-1], str):
            line.pop()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _transposed(lines: list[list[Any]]) -> list[list[Any]]:
    width = max((len(line) for line in lines), default=0)
    return [[line[at] if at < len(line) else "" for line in lines] for at in range(width)]


def check_values(values: Any, where: str) -> list[list[Any]]:
    """Return a list of lists of scalars, or refuse as Google's JSON reader does; `where` ends in `values`."""
    if values is None:
        return []
    if not isinstance(values, list):
        raise _not_a_list(values, where)
    for index, line in enumerate(values):
        if not isinstance(line, list):
            raise _not_a_list(line, f"{where}[{index}]")
        if CONTAINERS.isdisjoint(map(type, line)):
            continue
        for place, value in enumerate(line):
            if isinstance(value, (dict, list)):
                raise invalid(f"Invalid values[{index}][{place}]: {_message_text(value)}")
    return values


def _not_a_list(value: Any, where: str) -> ApiError:
    shown = f'"{value}"' if isinstance(value, str) else json.dumps(value)
    text = f"Invalid value at '{where}' (type.googleapis.com/google.protobuf.ListValue), {shown}"
    return invalid_field(where, text)


def _message_text(value: Any, indent: str = "") -> str:
    """Write a JSON value as the text of a protobuf Value, which is how Google quotes it."""
    if isinstance(value, dict):
        inner = [f"fields {{\n{indent}    key: {json.dumps(name)}\n" for name in value]
        parts = [
            f"{indent}  {start}{indent}    value {{\n{indent}      {_message_text(item, indent + '      ')}"
            f"{indent}    }}\n{indent}  }}\n"
            for start, item in zip(inner, value.values(), strict=True)
        ]
        return f"struct_value {{\n{''.join(parts)}{indent}}}\n"
    if isinstance(value, list):
        parts = [
            f"{indent}  values {{\n{indent}    {_message_text(item, indent + '    ')}{indent}  }}\n" for item in value
        ]
        return f"list_value {{\n{''.join(parts)}{indent}}}\n"
    if value is None:
        return "null_value: NULL_VALUE\n"
    kind = "bool_value" if isinstance(value, bool) else "string_value" if isinstance(value, str) else "number_value"
    return f"{kind}: {json.dumps(value)}\n"


def write(book: Book, text: str, body: Json, how: str, where: str = "data") -> tuple[Sheet, Closed, Json]:
    """Write a ValueRange; returns the tab, the area written and the answer."""
    lines = oriented(body, where)
    sheet, area = a1_range(book, text)
    if body.get("range") and a1_range(book, body["range"]) != (sheet, area):
        raise invalid(f"Requested writing within range [{text}], but request body has range {body['range']}")
    return write_lines(book, sheet, area, lines, how, text)


def write_lines(
    book: Book, sheet: Sheet, area: Area, lines: list[list[Any]], how: str, text: str
) -> tuple[Sheet, Closed, Json]:
    """Write rows of values into a range, which a refusal calls `text`; returns as `write` does."""
    closed = _target(sheet, area, lines, text)
    fill(book, sheet.sheet_id, closed, lines, how)
    answer: Json = {"spreadsheetId": book.book_id, "updatedRange": written(sheet.title, closed)}
    return book.sheets[sheet.sheet_id], closed, answer | counted(lines)


def counted(lines: list[list[Any]]) -> Json:
    """Count the rows, columns and cells that values change; nulls change nothing, zeros are left out."""
    rows, cells, full = 0, 0, 0
    columns: set[int] = set()
    for line in lines:
        blanks = line.count(None)
        rows += len(line) > blanks
        cells += len(line) - blanks
        if blanks:
            columns |= {at for at, value in enumerate(line) if value is not None}
        else:
            full = max(full, len(line))
    columns |= set(range(full))
    counts = {"updatedRows": rows, "updatedColumns": len(columns), "updatedCells": cells}
    return {name: count for name, count in counts.items() if count}


def oriented(body: Json, where: str = "data") -> list[list[Any]]:
    """Return the values of a ValueRange as rows."""
    lines = check_values(body.get("values"), f"{where}.values")
    if DIMENSION.read(body.get("majorDimension"), f"{where}.major_dimension") == "ROWS":
        return lines
    width = max((len(line) for line in lines), default=0)
    return [[line[at] if at < len(line) else None for line in lines] for at in range(width)]


def _target(sheet: Sheet, area: Area, lines: list[list[Any]], text: str) -> Closed:
    """Return where values land: from a single cell they spread over the grid, a range they must not leave."""
    limit = sheet.resolve(area)
    if area.bottom == area.top + 1 and area.right == area.left + 1:
        limit = Closed(area.top, area.left, sheet.row_count, sheet.column_count)
    height, width = len(lines), max((len(line) for line in lines), default=0)
    if height > limit.height:
        raise invalid(f"Requested writing within range [{text}], but tried writing to row [{limit.bottom + 1}]")
    if width > limit.width:
        raise invalid(f"Requested writing within range [{text}], but tried writing to column [{letters(limit.right)}]")
    return Closed(limit.top, limit.left, limit.top + max(height, 1), limit.left + max(width, 1))


def fill(book: Book, sheet_id: int, area: Closed, lines: list[list[Any]], how: str) -> None:
    """Write rows of plain values into an area.

    None leaves a cell as it is, an empty text clears its value.
    """
    target, typed, locale, today = book.edit(sheet_id), how != "RAW", locale_of(book.locale), book.today()
    check_area(target, area)
    for row, values in enumerate(lines, area.top):
        line = own_line(target, row)
        for column, value in enumerate(values, area.left):
            kind = type(value)
            if kind is str and len(value) > MOST_CHARACTERS:
                check_length(value)
            if kind is str and typed:
                old = line.get(column, EMPTY)
                entered, brought = parse_entered(value, locale, today) if old.format is None else (None, {})
                if brought is None:
                    set_value(line, column, entered)
                else:
                    set_cell(line, column, typed_cell(book, old, value))
            elif kind is str:
                set_value(line, column, {"stringValue": value} if value else None)
            elif kind is int or kind is float:
                set_value(line, column, {"numberValue": value if kind is int else plain(value)})
            elif kind is bool:
                set_value(line, column, {"boolValue": value})
        settle(target, row)


def typed_cell(book: Book, old: Cell, text: str) -> Cell:
    """Return the cell that a person's typing makes: a text column keeps texts as they are."""
    check_length(text)
    given = old.format.get("numberFormat") if old.format else None
    if given and is_text_format(given):
        return replace(old, entered={"stringValue": text.removeprefix("'")} if text else None)
    value, brought = parse_entered(text, locale_of(book.locale), book.today())
    if brought is None and old is EMPTY:
        return Cell(value)
    if brought is None or (given and is_date_format(brought) == is_date_format(given)):
        return replace(old, entered=value)
    return replace(old, entered=value, format=(old.format or {}) | {"numberFormat": brought})


def clear(book: Book, text: str) -> str:
    """Clear the values of a range, formats stay; returns the range as Google writes it."""
    sheet, area = a1_range(book, text)
    return clear_area(book, sheet, visible(sheet, area))


def clear_area(book: Book, sheet: Sheet, area: Closed) -> str:
    """Clear the values of a rectangle and return it as Google writes it."""
    target = book.edit(sheet.sheet_id)
    for row, column, cell in list(target.cells(area)):
        if cell.entered:
            target.put(row, column, cell.emptied())
    return written(sheet.title, area)
