"""Tables to download, as xlsx or ods. What people typed is always written as text: it never becomes a formula."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from documents import engines

#: What a column holds: words, a whole number, minutes shown as hours, a date.
TEXT, NUMBER, HOURS, DAY = "text", "number", "hours", "day"
Value = str | int | date | None


@dataclass(frozen=True)
class Column:
    """One column: its header, what it holds, and how many letters wide it is."""

    header: str
    kind: str = TEXT
    width: int = 14


@dataclass(frozen=True)
class Table:
    """One sheet of a file; `total` is its last line, () where it has none."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value] = ()


def xlsx(tables: Sequence[Table]) -> bytes:
    """Return an Excel file of these tables."""
    file = BytesIO()
    # None of its guesses: a text that begins like a formula, a number or an address stays a text.
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with engines.xlsxwriter().Workbook(file, options) as book:
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E3F1E7", "text_wrap": True, "valign": "top"}),
            TEXT: book.add_format({"num_format": "@"}), NUMBER: book.add_format({"num_format": "0"}),
            HOURS: book.add_format({"num_format": "0.00"}), DAY: book.add_format({"num_format": "dd/mm/yyyy"}),
        }  # fmt: skip
        for table in tables:
            _xlsx_sheet(book.add_worksheet(_tab(table.title)), table, formats)
    return file.getvalue()


def _tab(title: str) -> str:
    """Return a title that a tab may bear: 31 letters, none of []:*?/\\."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in title)[:31]


def _xlsx_sheet(sheet: object, table: Table, formats: Mapping[str, object]) -> None:
    sheet.freeze_panes(1, 0)  # type: ignore[attr-defined]
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)  # type: ignore[attr-defined]
        sheet.write_string(0, place, column.header, formats["head"])  # type: ignore[attr-defined]
    for number, row in enumerate(_lines(table), start=1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _xlsx_cell(sheet, number, place, value, column.kind, formats)


def _lines(table: Table) -> list[Sequence[Value]]:
    return [*table.rows, *([table.total] if table.total else [])]


def _xlsx_cell(sheet: object, row: int, place: int, value: Value, kind: str, formats: Mapping[str, object]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, place, value, formats[TEXT])  # type: ignore[attr-defined]
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, formats[DAY])  # type: ignore[attr-defined]
    else:
        sheet.write_number(row, place, value / 60 if kind == HOURS else value, formats[kind])  # type: ignore[attr-defined]


def ods(tables: Sequence[Table]) -> bytes:
    """Return an OpenDocument file of these tables."""
    odfdo = engines.odfdo()
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    bold = document.insert_style(odfdo.Style("table-cell", name="head", area="text", bold=True), automatic=True)
    for table in tables:
        document.body.append(_ods_sheet(table, bold))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _ods_sheet(table: Table, bold: str) -> object:
    odfdo = engines.odfdo()
    sheet = odfdo.Table(_tab(table.title))
    head = odfdo.Row()
    head.extend_cells(_text_cell(column.header, bold) for column in table.columns)
    sheet.append_row(head)
    for values in _lines(table):
        row = odfdo.Row()
        row.extend_cells(_ods_cell(value, column.kind) for column, value in zip(table.columns, values, strict=True))
        sheet.append_row(row)
    return sheet


def _text_cell(text: str, style: str | None = None) -> object:
    return engines.odfdo().Cell(text, text=text, cell_type="string", style=style)


def _ods_cell(value: Value, kind: str) -> object:
    if value is None or value == "":
        return engines.odfdo().Cell()
    if isinstance(value, str):
        return _text_cell(value)
    if isinstance(value, date):
        return engines.odfdo().Cell(value, text=value.strftime("%d/%m/%Y"), cell_type="date")
    number = value / 60 if kind == HOURS else value
    return engines.odfdo().Cell(number, text=f"{number:g}".replace(".", ","), cell_type="float")


#: How a file of each extension is made, and what browsers call it.
FORMATS: Mapping[str, tuple[Callable[[Sequence[Table]], bytes], str]] = {
    "xlsx": (xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (ods, "application/vnd.oasis.opendocument.spreadsheet"),
}
