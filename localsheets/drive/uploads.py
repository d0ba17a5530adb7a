"""Uploads to Drive: texts in columns that become a spreadsheet, new or in the place of what one held."""

import csv
import email
import email.policy
import io
import json
import re
from typing import Any

from localsheets.books import masks
from localsheets.books.model import Book, Sheet
from localsheets.drive.errors import bad_request, refusal
from localsheets.drive.files import new_file
from localsheets.drive.json import file_json, seen_file
from localsheets.drive.sharing import SPREADSHEET, mime_type
from localsheets.errors import missing
from localsheets.schema.messages import schema
from localsheets.sheets.call import Call
from localsheets.sheets.values_api import fill

Json = dict[str, Any]
MARKS = {"text/csv": ",", "text/tab-separated-values": "\t"}
USUAL = "kind,id,name,mimeType"
LEAST_ROWS, LEAST_COLUMNS = 1000, 26


def answer(call: Call, method: str, path: str, kind: str) -> Json:
    """Carry out an upload, its path given after /upload/drive; `kind` is the type of the body."""
    given, kind, content = _parts(call, kind)
    plain = kind.partition(";")[0].strip().lower()
    match = re.fullmatch(r"/(v2|v3)/files(?:/(?P<file_id>[^/]+))?", path)
    if match is None or (match[1], method) not in (("v3", "POST"), ("v3", "PATCH"), ("v2", "PUT"), ("v2", "POST")):
        raise missing(f"{method} /upload/drive{path}")
    if (match["file_id"] is None) != (method == "POST"):
        raise missing(f"{method} /upload/drive{path}")
    if plain not in MARKS:
        raise missing(f"uploads of {plain or 'no type'}")
    call.body = given
    lines = list(csv.reader(io.StringIO(_decoded(content)), delimiter=MARKS[plain]))
    book = _replaced(call, match["file_id"], lines) if match["file_id"] else _made(call, match[1], lines)
    if match[1] == "v2":
        return _second(book)
    text = call.query.get("fields")
    return masks.prune(file_json(call.shelf, book, call.actor), masks.parse(text or USUAL))


def _parts(call: Call, kind: str) -> tuple[Json, str, bytes]:
    way = call.query.get("uploadType")
    if way == "media":
        return {}, kind, call.text
    if way != "multipart":
        raise missing(f"uploads of uploadType={way}")
    message = email.message_from_bytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + call.text, policy=email.policy.HTTP
    )
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if len(parts) != 2:
        raise bad_request("Bad multipart: a description and a content are needed.")
    try:
        described = json.loads(parts[0].get_payload(decode=True))
    except ValueError:
        raise bad_request("Parse Error", "parseError") from None
    return schema("drive.v3").checked(described, "File"), parts[1].get_content_type(), parts[1].get_payload(decode=True)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise bad_request("The content is not UTF-8.") from None


def _made(call: Call, version: str, lines: list[list[str]]) -> Book:
    wants = call.query.get("convert", "").lower() == "true" if version == "v2" else False
    if version == "v2" and wants:
        call.body.setdefault("mimeType", SPREADSHEET)
    if call.body.get("mimeType") != SPREADSHEET:
        raise missing("files that are kept as they are, unconverted")
    book = new_file(call)
    return _written(call, book, lines)


def _replaced(call: Call, file_id: str, lines: list[list[str]]) -> Book:
    book = seen_file(call, file_id, "writer")
    if mime_type(book) != SPREADSHEET:
        raise refusal(403, "fieldNotWritable", "The content of this file cannot be replaced.")
    if call.body.keys() - {"mimeType", "kind"}:
        raise missing("an upload that changes a file's description")
    return _written(call, book, lines)


def _written(call: Call, book: Book, lines: list[list[str]]) -> Book:
    rows = max(len(lines), LEAST_ROWS)
    width = max((len(line) for line in lines), default=0)
    request = {"rows": len(lines), "columns": width}
    with call.shelf.change(book.book_id, call.actor, "files.upload", request) as draft:
        first = draft.in_order()[0]
        # The first tab alone stays, with nothing of what it held.
        for sheet in draft.in_order()[1:]:
            draft.remove(sheet.sheet_id)
        draft.named_ranges = []
        fresh = Sheet(first.sheet_id, first.title, rows, max(width, LEAST_COLUMNS))
        fresh.reshape()
        draft.sheets[first.sheet_id] = fresh
        draft.owned.add(first.sheet_id)
        draft.memo.clear()
        if width:
            fill(draft, first.sheet_id, fresh.whole(), lines, "USER_ENTERED")
    return draft


def _second(book: Book) -> Json:
    return {
        "kind": "drive#file",
        "id": book.book_id,
        "title": book.title,
        "mimeType": SPREADSHEET,
        "createdDate": book.drive["createdTime"],
        "modifiedDate": book.drive["modifiedTime"],
        "version": str(book.revision),
        "alternateLink": f"https://docs.google.com/spreadsheets/d/{book.book_id}/edit?usp=drivesdk",
    }
