"""Downloads of docs.google.com: the addresses of its own menu, of `exportLinks` and of google-spreadsheet."""

from urllib.parse import quote

from flask import Flask, Response, render_template, request

from localsheets.books.model import Book, Sheet
from localsheets.books.shelf import Shelf
from localsheets.drive.export import WRITERS, separated
from localsheets.drive.json import EXPORTS
from localsheets.drive.sharing import SPREADSHEET, allows, mime_type, role_of
from localsheets.errors import invalid, missing
from localsheets.serving.token import Tokens

TYPES = {word: kind for kind, word in EXPORTS.items()}
MARKS = {"csv": ",", "tsv": "\t"}
ELSEWHERE = ("pdf", "ods", "zip", "html")
READ = {"id", "format", "exportFormat", "gid"}
UNKNOWN = "Ce classeur n’existe pas, ou n’est pas partagé avec ce compte."
NO_TAB = "Cette feuille n’existe pas dans le classeur."


def register(app: Flask, shelf: Shelf, tokens: Tokens) -> None:
    """Add the two addresses; a person without token stands for the owner, as on the grid page."""

    def download(book_id: str | None = None) -> Response:
        authorization = request.headers.get("Authorization")
        actor = tokens.email(authorization) if authorization else "grille"
        seen = request.environ.get("localsheets.shelf", shelf)
        return _download(seen, book_id or request.args.get("id", ""), actor)

    app.add_url_rule("/spreadsheets/d/<book_id>/export", view_func=download)
    app.add_url_rule("/spreadsheets/export", view_func=download, endpoint="download_by_id")


def _download(shelf: Shelf, book_id: str, actor: str) -> Response:
    book = shelf.known.get(book_id)
    role = role_of(shelf, book, actor) if book else None
    if book is None or role is None or mime_type(book) != SPREADSHEET or request.args.get("id", book_id) != book_id:
        return Response(render_template("unknown.html", message=UNKNOWN), 404)
    if book.drive.get("copyRequiresWriterPermission") and not allows(role, "writer"):
        return Response(render_template("unknown.html", message=UNKNOWN), 403)
    if unknown := request.args.keys() - READ:
        raise missing(f"downloads with {', '.join(sorted(unknown))}")
    word = request.args.get("format") or request.args.get("exportFormat") or "xlsx"
    if word in ELSEWHERE:
        raise missing(f"downloads as {word}")
    if word not in TYPES:
        raise invalid(f"Invalid export format: {word}")
    book, gid = shelf.get(book_id), request.args.get("gid")
    if word not in MARKS and gid is not None:
        raise missing(f"downloads of one sheet as {word}")
    sheet = _sheet(book, gid)
    if sheet is None:
        return Response(render_template("unknown.html", message=NO_TAB), 400)
    content = separated(book, MARKS[word], sheet) if word in MARKS else WRITERS[TYPES[word]](book)
    name = f"{book.title} - {sheet.title}.{word}" if word in MARKS else f"{book.title}.{word}"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, headers=headers, content_type=TYPES[word])


def _sheet(book: Book, gid: str | None) -> Sheet | None:
    """Return the tab asked for, the first one when none is; None for one that the book does not have."""
    if gid is None:
        return book.in_order()[0]
    return book.sheets.get(int(gid)) if gid.isdigit() else None
