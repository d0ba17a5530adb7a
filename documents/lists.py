"""A list to download as xlsx, ods or csv: text cells only, so that nothing that people typed is ever run."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

import xlsxwriter
from odfdo import Cell, Document, Row, Table

Lines = Sequence[Sequence[str]]
#: How each kind of file is announced to a browser.
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
#: What a spreadsheet takes for the beginning of a formula in a text file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(kind: str, title: str, header: Sequence[str], lines: Lines) -> bytes:
    """Return the file of a list: its header, then its lines."""
    return {"xlsx": _xlsx, "ods": _ods, "csv": _csv}[kind](title, header, lines)


def _xlsx(title: str, header: Sequence[str], lines: Lines) -> bytes:
    file = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(file, options) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            widest = max([len(name), *(len(line[column]) for line in lines)])
            sheet.set_column(column, column, min(40, widest + 2), text)
            sheet.write_string(0, column, name, bold)
        for row, line in enumerate(lines, start=1):
            for column, value in enumerate(line):
                sheet.write_string(row, column, value, text)
    return file.getvalue()


def _ods(title: str, header: Sequence[str], lines: Lines) -> bytes:
    document = Document("spreadsheet")
    document.body.clear()
    table = Table(title)
    for line in (header, *lines):
        row = Row()
        for value in line:
            row.append_cell(Cell(value, cell_type="string"), clone=False)
        table.append_row(row, clone=False)
    document.body.append(table)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _csv(title: str, header: Sequence[str], lines: Lines) -> bytes:
    """Write what Excel opens in France: semicolons, UTF-8 with its mark; the start of a formula becomes a text."""
    file = StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_neutral(value) for value in line] for line in lines)
    return file.getvalue().encode("utf-8-sig")


def _neutral(value: str) -> str:
    # A phone such as +33 6… is no formula once nothing but digits and spaces follows its sign.
    if value.startswith(_FORMULA) and not value[1:].replace(" ", "").isdigit():
        return f"'{value}"
    return value
