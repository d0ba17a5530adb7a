"""The first page: the books, what may be done with each, and how programs reach the stand-in. Plain forms."""

from typing import Any

from flask import Flask, Response, redirect, render_template, request

from localsheets.books.defaults import new_properties
from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.drive.permissions import new_entry, put
from localsheets.drive.sharing import is_spreadsheet
from localsheets.errors import ApiError
from localsheets.grid.people import ACTOR
from localsheets.serving.token import EMAIL
from localsheets.texts.locales import locale_of

Json = dict[str, Any]
#: The account that owns the books made on this page: a person's, as in real life.
OWNER = "proprietaire@localsheets.example"
LOCALES = {"fr_FR": "français (1 234,5)", "en_US": "anglais, États-Unis (1,234.5)", "en_GB": "anglais (1,234.5)"}
LONGEST_TITLE = 200


def register(app: Flask, shelf: Shelf) -> None:
    """Add the page and its forms to the server."""
    pages = Index(shelf)
    app.add_url_rule("/", view_func=pages.show, endpoint="index")
    app.add_url_rule("/books", view_func=pages.create, methods=["POST"])
    app.add_url_rule("/books/<book_id>/copy", view_func=pages.copy, methods=["POST"])
    app.add_url_rule("/books/<book_id>/trash", view_func=pages.trash, methods=["POST"])
    app.add_url_rule("/books/<book_id>/untrash", view_func=pages.untrash, methods=["POST"])


class Index:
    """Answer the first page and its forms."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def show(self) -> str:
        """List the books, those of the trash apart."""
        books = [book for book in self.shelf.all() if is_spreadsheet(book)]
        listed = [_row(book) for book in books if not book.drive.get("trashed")]
        trashed = [_row(book) for book in books if book.drive.get("trashed")]
        root = request.host_url.rstrip("/")
        return render_template(
            "index.html", books=listed, trashed=trashed, locales=LOCALES, root=root, account=EMAIL, owner=OWNER
        )

    def create(self) -> Any:
        """Make a book, shared with the service account so that programs reach it, and open it."""
        title = " ".join(request.form.get("title", "").split())[:LONGEST_TITLE] or "Sans titre"
        locale = request.form.get("locale", "")
        asked = {"title": title, "locale": locale if locale in LOCALES else "fr_FR"}
        return self._made(Book("", new_properties(asked), {}), {"properties": asked})

    def copy(self, book_id: str) -> Any:
        """Make a copy of a book, and open it."""
        source = self._known(book_id)
        if source is None:
            return _gone()
        draft = source.fork()
        draft.sheets = {sheet_id: sheet.fork() for sheet_id, sheet in source.sheets.items()}
        draft.properties["title"] = locale_of(source.locale).copy_prefix + source.title
        draft.drive = {}
        return self._made(draft, {"copyOf": book_id})

    def _made(self, draft: Book, asked: Json) -> Any:
        book = self.shelf.create(ACTOR, draft, asked)
        sharing = {"type": "user", "role": "writer", "emailAddress": EMAIL}
        with self.shelf.change(book.book_id, ACTOR, "permissions.create", sharing) as own:
            own.drive["owner"] = OWNER
            put(own, new_entry(sharing), self.shelf.clock())
        return redirect(f"/spreadsheets/d/{book.book_id}/edit", 303)

    def trash(self, book_id: str) -> Any:
        """Put a book in the trash."""
        return self._trashed(book_id, True)

    def untrash(self, book_id: str) -> Any:
        """Take a book out of the trash."""
        return self._trashed(book_id, False)

    def _trashed(self, book_id: str, trashed: bool) -> Any:
        if self._known(book_id) is None:
            return _gone()
        with self.shelf.change(book_id, ACTOR, "files.update", {"trashed": trashed}) as draft:
            draft.drive["trashed"] = trashed
        return redirect("/", 303)

    def _known(self, book_id: str) -> Book | None:
        try:
            book = self.shelf.get(book_id)
        except ApiError:
            return None
        return book if is_spreadsheet(book) else None


def _gone() -> Response:
    message = "Ce classeur n’existe pas ou a été supprimé."
    return Response(render_template("unknown.html", message=message), 404)


def _row(book: Book) -> Json:
    entries = book.drive["permissions"]
    others = [entry.get("emailAddress") or entry.get("domain") or "toute personne" for entry in entries]
    by = book.drive.get("lastModifyingUser", "")
    return {
        "id": book.book_id,
        "title": book.title,
        "tabs": [sheet.title for sheet in book.in_order() if not sheet.hidden],
        "at": book.drive["modifiedTime"],
        "by": "cette page" if by == ACTOR else by,
        "owner": book.drive["owner"],
        "shared": others,
    }
