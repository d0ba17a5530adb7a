"""Rows of a file that staff send: xlsx, ods or csv. Formulas are never run: what they last gave is read."""

import csv
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from rules.message import Refused

Cell = str | int | float | bool | None
#: What one file may hold: a promotion has thirty people, a whole service a few hundred.
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 500_000, 2_000, 60
#: A small file may unfold into a huge one.
MOST_UNFOLDED = 30_000_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_EMPTY = "Ce fichier ne contient aucune ligne."


def read(name: str, content: bytes) -> list[list[Cell]]:
    """Return the rows of the first sheet that holds any; raise Refused, in French, for anything unreadable."""
    if not content:
        raise Refused("Choisissez un fichier xlsx, ods ou csv qui n'est pas vide.")
    if len(content) > MOST_BYTES:
        raise Refused(
            "Ce fichier pèse %(size)s ko ; %(most)s ko au plus sont possibles. Gardez-en seulement la liste.",
            size=len(content) // 1000, most=MOST_BYTES // 1000,
        )  # fmt: skip
    rows = _workbook(content) if content[:2] == b"PK" else _text(name, content)
    while rows and not any(cell not in (None, "") for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Refused(_EMPTY)
    if len(rows) > MOST_ROWS:
        raise Refused("Ce fichier a %(rows)s lignes ; %(most)s au plus sont possibles.", rows=len(rows), most=MOST_ROWS)
    return [row[:MOST_COLUMNS] for row in rows]


def _workbook(content: bytes) -> list[list[Cell]]:
    unreadable = Refused("Ce fichier n'a pas pu être lu : enregistrez-le de nouveau en xlsx, ods ou csv.")
    try:
        with ZipFile(BytesIO(content)) as folded:
            if sum(part.file_size for part in folded.infolist()) > MOST_UNFOLDED:
                raise Refused("Ce fichier est trop gros une fois ouvert : gardez-en seulement la liste.")
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for title in book.sheet_names:
            found = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            if any(cell not in (None, "") for row in found for cell in row):
                return [[_plain(cell) for cell in row] for row in found]
    except PasswordError:
        raise Refused("Ce fichier est protégé par un mot de passe : enregistrez-le sans, puis recommencez.") from None
    except (BadZipFile, CalamineError, OSError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise unreadable from None
    raise Refused(_EMPTY)


def _plain(cell: object) -> Cell:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell if isinstance(cell, str | int | float | bool) else None


def _text(name: str, content: bytes) -> list[list[Cell]]:
    other = name.lower().rpartition(".")[2] in ("xls", "doc", "docx", "pdf", "numbers") or b"\0" in content[:2000]
    if other and content[:2] not in _UTF_16:
        raise Refused("Ce fichier n'est ni xlsx, ni ods, ni csv : enregistrez-le dans un de ces formats.")
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    try:
        found = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise Refused("Ce fichier csv n'a pas pu être lu : un guillemet n'est sans doute pas refermé.") from None
    return [list(row) for row in found]


def _decoded(content: bytes) -> str:
    """Read UTF-8, with or without its mark, UTF-16 with it, else what Excel writes in France."""
    if content[:2] in _UTF_16:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
