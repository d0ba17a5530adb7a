"""spreadsheets.values: reading and writing plain values in A1 ranges."""

from typing import Any

from msgspec.structs import replace

from localsheets.a1 import Area, Closed, letters, written
from localsheets.errors import ApiError, invalid, invalid_field
from localsheets.formulas import calculator
from localsheets.locales import locale_of
from localsheets.model import Book, Cell, Sheet
from localsheets.ranges import a1_range
from localsheets.rendering import is_date_format, is_text_format
from localsheets.values import parse_entered, plain

Json = dict[str, Any]
RENDERS = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
INPUTS = ("RAW", "USER_ENTERED")
DATES = ("SERIAL_NUMBER", "FORMATTED_STRING")
DIMENSIONS = ("ROWS", "COLUMNS")


def choice(given: Any, allowed: tuple[str, ...], name: str, default: str | None = None) -> str:
    """Return an enumerated option, or refuse a word that is none of them."""
    if given is None and default is not None:
        return default
    if given not in allowed:
        if given is None or str(given).endswith("_UNSPECIFIED"):
            raise invalid(f"'{name}' is required but not specified")
        raise invalid_field(name, f"Invalid value at '{name}' (TYPE_ENUM), \"{given}\"")
    return str(given)


def read(book: Book, text: str, options: Json) -> Json:
    """Return the ValueRange of one range; trailing blanks are left out, rows are ragged."""
    render = choice(options.get("valueRenderOption"), RENDERS, "value_render_option", "FORMATTED_VALUE")
    dates = choice(options.get("dateTimeRenderOption"), DATES, "date_time_render_option", "SERIAL_NUMBER")
    dimension = choice(options.get("majorDimension"), DIMENSIONS, "major_dimension", "ROWS")
    sheet, area = a1_range(book, text)
    closed = _visible(sheet, area)
    lines = value_lines(book, sheet, closed, render, dates)
    if dimension == "COLUMNS":
        lines = _transposed(lines)
    lines = trimmed(lines)
    answer: Json = {"range": written(sheet.title, closed), "majorDimension": dimension}
    return answer | ({"values": lines} if lines else {})


def _visible(sheet: Sheet, area: Area) -> Closed:
    """Cut a range at the grid's end; one that starts beyond it is refused."""
    if area.top >= sheet.row_count or area.left >= sheet.column_count:
        sheet.resolve(area)
    return area.within(sheet.row_count, sheet.column_count)


def value_lines(book: Book, sheet: Sheet, area: Closed, render: str, dates: str) -> list[list[Any]]:
    """Return the values of an area as rendered, blank ones as empty texts."""
    last = max((row for row in sheet.rows if row < area.bottom), default=-1) + 1
    lines = []
    for row in range(area.top, max(last, area.top)):
        known = sheet.rows.get(row, {})
        end = max((column for column in known if column < area.right), default=area.left - 1) + 1
        lines.append([_rendered(book, sheet, row, column, render, dates) for column in range(area.left, end)])
    return lines


def _rendered(book: Book, sheet: Sheet, row: int, column: int, render: str, dates: str) -> Any:
    cell = sheet.cell(row, column)
    if not cell.entered:
        return ""
    values = calculator(book)
    if render == "FORMULA" and cell.formula is not None:
        return cell.formula
    value = values.value(sheet, row, column)
    is_date = is_date_format((cell.format or {}).get("numberFormat"))
    if render == "FORMATTED_VALUE" or (is_date and dates == "FORMATTED_STRING"):
        return values.text(sheet, row, column)
    return value


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
    """Return a list of lists of scalars, or refuse as Google's JSON reader does."""
    if values is None:
        return []
    if not isinstance(values, list):
        raise _not_a_list(values, where)
    for index, line in enumerate(values):
        if not isinstance(line, list):
            raise _not_a_list(line, f"{where}[{index}]")
        for place, value in enumerate(line):
            if isinstance(value, (dict, list)):
                raise invalid(f"Invalid {where}[{index}][{place}]: {_kind(value)}")
    return values


def _not_a_list(value: Any, where: str) -> ApiError:
    shown = f'"{value}"' if isinstance(value, str) else value
    text = f"Invalid value at '{where}' (type.googleapis.com/google.protobuf.ListValue), {shown}"
    return invalid_field(where, text)


def _kind(value: Any) -> str:
    return "struct_value" if isinstance(value, dict) else "list_value"


def write(book: Book, text: str, body: Json, option: Any) -> tuple[Sheet, Closed, Json]:
    """Write a ValueRange; returns the tab, the area written and the answer."""
    how = choice(option, INPUTS, "valueInputOption")
    lines = oriented(body)
    sheet, area = a1_range(book, text)
    if body.get("range") and a1_range(book, body["range"]) != (sheet, area):
        raise invalid(f"Requested writing within range [{text}], but request body has range {body['range']}")
    closed = _target(sheet, area, lines, text)
    count = fill(book, sheet.sheet_id, closed, lines, how)
    answer: Json = {"spreadsheetId": book.book_id, "updatedRange": written(sheet.title, closed)}
    if count:
        rows, columns = len(lines), max(len(line) for line in lines)
        answer |= {"updatedRows": rows, "updatedColumns": columns, "updatedCells": count}
    return book.sheets[sheet.sheet_id], closed, answer


def oriented(body: Json) -> list[list[Any]]:
    """Return the values of a ValueRange as rows."""
    lines = check_values(body.get("values"), "data.values")
    if choice(body.get("majorDimension"), DIMENSIONS, "data.major_dimension", "ROWS") == "ROWS":
        return lines
    width = max((len(line) for line in lines), default=0)
    return [[line[at] if at < len(line) else None for line in lines] for at in range(width)]


def _target(sheet: Sheet, area: Area, lines: list[list[Any]], text: str) -> Closed:
    """Return where values land: from a single cell they spread, a range they must not leave."""
    sheet.resolve(area)
    height, width = len(lines), max((len(line) for line in lines), default=0)
    limit = area.within(sheet.row_count, sheet.column_count)
    single = area.bottom == area.top + 1 and area.right == area.left + 1
    if not single and height > limit.height:
        raise invalid(f"Requested writing within range [{text}], but tried writing to row [{limit.bottom + 1}]")
    if not single and width > limit.width:
        raise invalid(f"Requested writing within range [{text}], but tried writing to column [{letters(limit.right)}]")
    spread = Area(area.top, area.left, area.top + max(height, 1), area.left + max(width, 1))
    return sheet.resolve(spread)


def fill(book: Book, sheet_id: int, area: Closed, lines: list[list[Any]], how: str) -> int:
    """Write rows of plain values into an area and return how many cells were written.

    None leaves a cell as it is, an empty text clears its value.
    """
    target, count = book.edit(sheet_id), 0
    for down, line in enumerate(lines):
        for across, value in enumerate(line):
            if value is None:
                continue
            count += 1
            row, column = area.top + down, area.left + across
            old = target.cell(row, column)
            new = entered_cell(book, old, value, how)
            if new != old:
                target.put(row, column, new)
    return count


def entered_cell(book: Book, old: Cell, value: Any, how: str) -> Cell:
    """Return the cell that a plain value makes of the old one."""
    if isinstance(value, bool):
        return replace(old, entered={"boolValue": value})
    if isinstance(value, (int, float)):
        return replace(old, entered={"numberValue": plain(value)})
    if how == "RAW":
        return replace(old, entered={"stringValue": value} if value else None)
    return typed_cell(book, old, value)


def typed_cell(book: Book, old: Cell, text: str) -> Cell:
    """Return the cell that a person's typing makes: a text column keeps texts as they are."""
    given = (old.format or {}).get("numberFormat")
    if is_text_format(given):
        return replace(old, entered={"stringValue": text.removeprefix("'")} if text else None)
    value, brought = parse_entered(text, locale_of(book.locale), book.today())
    if brought is None or (given and is_date_format(brought) == is_date_format(given)):
        return replace(old, entered=value)
    return replace(old, entered=value, format=(old.format or {}) | {"numberFormat": brought})


def clear(book: Book, text: str) -> str:
    """Clear the values of a range, formats stay; returns the range as Google writes it."""
    sheet, area = a1_range(book, text)
    closed = sheet.resolve(area)
    target = book.edit(sheet.sheet_id)
    for row, column, cell in list(target.cells(closed)):
        if cell.entered:
            target.put(row, column, cell.emptied())
    return written(sheet.title, closed)
