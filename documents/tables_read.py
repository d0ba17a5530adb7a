"""Rows of a file that staff send: xlsx, ods or csv. Formulas are never run: what they last gave is read."""

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from rules.message import Refused

Cell = str | int | float | bool | None
Rows = list[list[Cell]]
#: What one file may hold: a promotion has thirty people, a whole service a few hundred.
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 500_000, 2_000, 60
#: A small file may unfold into a huge one.
MOST_UNFOLDED = 30_000_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ";,\t|"
_EMPTY = "Ce fichier ne contient aucune ligne."


def read(name: str, content: bytes, wanted: Callable[[Rows], bool] = bool) -> Rows:
    """Return the rows of the first sheet that is wanted, else of the first that holds any.

    Of a text, each encoding and each separator that it may have is tried in the same way.
    Raises Refused, in French, for anything unreadable.
    """
    if not content:
        raise Refused("Choisissez un fichier xlsx, ods ou csv qui n'est pas vide.")
    if len(content) > MOST_BYTES:
        raise Refused(
            "Ce fichier pèse %(size)s ko ; %(most)s ko au plus sont possibles. Gardez-en seulement la liste.",
            size=len(content) // 1000, most=MOST_BYTES // 1000,
        )  # fmt: skip
    tables = _sheets(content) if content[:2] == b"PK" else _texts(name, content)
    rows: Rows = []
    for table in filter(None, map(_trimmed, tables)):
        rows = rows or table
        if wanted(table):
            rows = table
            break
    if not rows:
        raise Refused(_EMPTY)
    if len(rows) > MOST_ROWS:
        raise Refused("Ce fichier a %(rows)s lignes ; %(most)s au plus sont possibles.", rows=len(rows), most=MOST_ROWS)
    return rows


def _trimmed(rows: Rows) -> Rows:
    """Return rows without the blank ones at their end, nor what stands too far right."""
    last = max((place for place, row in enumerate(rows, start=1) if any(map(_says, row))), default=0)
    return [row[:MOST_COLUMNS] for row in rows[:last]]


def _says(cell: Cell) -> bool:
    """Tell whether a cell says anything; separators alone are a blank line read with another one."""
    return cell is not None and bool(str(cell).strip(" \t\r\n" + _SEPARATORS))


def _sheets(content: bytes) -> Iterator[Rows]:
    unreadable = Refused("Ce fichier n'a pas pu être lu : enregistrez-le de nouveau en xlsx, ods ou csv.")
    try:
        with ZipFile(BytesIO(content)) as folded:
            if sum(part.file_size for part in folded.infolist()) > MOST_UNFOLDED:
                raise Refused("Ce fichier est trop gros une fois ouvert : gardez-en seulement la liste.")
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for title in book.sheet_names:
            yield [[_plain(cell) for cell in row]
                   for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False)]
    except PasswordError:
        raise Refused("Ce fichier est protégé par un mot de passe : enregistrez-le sans, puis recommencez.") from None
    except (BadZipFile, CalamineError, OSError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise unreadable from None


def _plain(cell: object) -> Cell:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell if isinstance(cell, str | int | float | bool) else None


def _texts(name: str, content: bytes) -> Iterator[Rows]:
    other = name.lower().rpartition(".")[2] in ("xls", "doc", "docx", "pdf", "numbers") or b"\0" in content[:2000]
    if other and content[:2] not in _UTF_16:
        raise Refused("Ce fichier n'est ni xlsx, ni ods, ni csv : enregistrez-le dans un de ces formats.")
    for text in dict.fromkeys(_decoded(content)):
        first = next((line for line in text.splitlines() if line.strip()), "")
        # A title above the headers may hold any of them: the likeliest comes first, and no other is left out.
        for separator in sorted(_SEPARATORS, key=first.count, reverse=True):
            try:
                yield [list(row) for row in csv.reader(StringIO(text, newline=""), delimiter=separator)]
            except csv.Error:
                raise Refused(
                    "Ce fichier csv n'a pas pu être lu : un guillemet n'est sans doute pas refermé."
                ) from None


def _decoded(content: bytes) -> Iterator[str]:
    """Give what a text may say: UTF-8, with or without its mark, UTF-16 with it, else what Windows, then Macs write."""
    if content[:2] in _UTF_16:
        yield content.decode("utf-16", errors="replace")
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield content.decode("cp1252", errors="replace")
        yield content.decode("mac_roman")
        return
    yield text
    # UTF-8 that a program took for what Windows writes, and wrote again: « PrÃ©nom ».
    with suppress(UnicodeError):
        yield text.encode("cp1252").decode()
