"""A list to download as xlsx, ods or csv: text cells only, so that nothing that people typed is ever run."""

import csv
from collections.abc import Sequence
from io import StringIO

from documents import registers

Lines = Sequence[Sequence[str]]
#: How each kind of file is announced to a browser.
TYPES = {
    **{kind: announced for kind, (_write, announced) in registers.FORMATS.items()},
    "csv": "text/csv; charset=utf-8",
}
#: What a spreadsheet takes for the beginning of a formula in a text file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(kind: str, title: str, header: Sequence[str], lines: Lines) -> bytes:
    """Return the file of a list: its header, then its lines."""
    if kind == "csv":
        return _csv(header, lines)
    write, _type = registers.FORMATS[kind]
    return write([_table(title, header, lines)])


def _table(title: str, header: Sequence[str], lines: Lines) -> registers.Table:
    """Return a list as a table of texts, each column as wide as what it holds."""
    columns = [_column(name, [line[place] for line in lines]) for place, name in enumerate(header)]
    return registers.Table(title, columns, lines)


def _column(name: str, values: Sequence[str]) -> registers.Column:
    return registers.Column(name, width=min(40, max(map(len, (name, *values))) + 2))


def _csv(header: Sequence[str], lines: Lines) -> bytes:
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
