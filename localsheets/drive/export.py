"""files.export: a book as an Excel file, or its first tab as text."""

import csv
import io
from collections.abc import Callable

from flask import Response

from localsheets.books.model import Book, Sheet
from localsheets.drive.errors import bad_request, refusal, required
from localsheets.drive.json import seen_file
from localsheets.drive.sharing import SPREADSHEET, allows, mime_type, role_of
from localsheets.drive.xlsx import workbook_bytes
from localsheets.errors import missing
from localsheets.sheets.call import Call
from localsheets.sheets.values_api import value_lines

OTHERS = (
    "application/pdf",
    "application/zip",
    "application/x-vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)


def export(call: Call, file_id: str) -> Response:
    """Return a book in another format; 501 for those that exist at Google alone."""
    book = seen_file(call, file_id)
    wanted = call.query.get("mimeType")
    if not wanted:
        raise required("mimeType")
    if mime_type(book) != SPREADSHEET:
        raise refusal(403, "fileNotExportable", "Export only supports Docs Editors files.")
    role = role_of(call.shelf, book, call.actor)
    if book.drive.get("copyRequiresWriterPermission") and not allows(role, "writer"):
        raise refusal(403, "cannotExportFile", "This file cannot be exported by the user.")
    if wanted in OTHERS:
        raise missing(f"exports as {wanted}")
    if wanted not in WRITERS:
        raise bad_request("The requested conversion is not supported.")
    return Response(WRITERS[wanted](book), content_type=wanted)


def separated(book: Book, mark: str, tab: Sheet | None = None) -> bytes:
    """Return a tab, the first one unless given, as people see it: lines of texts with a mark between."""
    sheet = tab or book.in_order()[0]
    lines = value_lines(book, sheet, sheet.whole(), "FORMATTED_VALUE", "SERIAL_NUMBER")
    while lines and not any(lines[-1]):
        lines.pop()
    width = max((at + 1 for line in lines for at, text in enumerate(line) if text != ""), default=0)
    padded = [[*line, *[""] * (width - len(line))][:width] for line in lines]
    if mark == "\t":
        texts = ["\t".join(str(text).translate(BLANKS) for text in line) for line in padded]
        return "\r\n".join(texts).encode()
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(padded)
    return file.getvalue().removesuffix("\r\n").encode()


# Text between tabs has no quotes: what would break a line becomes a blank.
BLANKS = str.maketrans("\t\n\r", "   ")
WRITERS: dict[str, Callable[[Book], bytes]] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": workbook_bytes,
    "text/csv": lambda book: separated(book, ","),
    "text/tab-separated-values": lambda book: separated(book, "\t"),
}
