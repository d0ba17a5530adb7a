"""The page where a person shares a book with an address, as staff do with the account of the intranet."""

from flask import Flask, Response, redirect, render_template, request

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.drive.permissions import new_entry, put
from localsheets.drive.sharing import permissions
from localsheets.errors import ApiError
from localsheets.serving.token import EMAIL

ACTOR = "grille"
ROLES = {
    "owner": "Propriétaire",
    "organizer": "Gestionnaire",
    "fileOrganizer": "Gestionnaire de contenu",
    "writer": "Éditeur",
    "commenter": "Commentateur",
    "reader": "Lecteur",
}
CHOICES = ("writer", "commenter", "reader")
UNKNOWN = "Ce classeur n’existe pas ou a été supprimé."
BAD_ADDRESS = "Cette adresse n’est pas valable : écrivez-la comme nom@domaine.fr."


def register(app: Flask, shelf: Shelf) -> None:
    """Add `/spreadsheets/d/<id>/share`: a list, a form to add someone, a button to take someone away."""

    def share(book_id: str) -> Response:
        book = shelf.known.get(book_id)
        if book is None:
            return Response(render_template("unknown.html", message=UNKNOWN), 404)
        if request.method == "GET":
            return _page(shelf, book)
        error = _changed(shelf, book)
        return _page(shelf, book, error) if error else redirect(request.path, 303)  # type: ignore[return-value]

    app.add_url_rule("/spreadsheets/d/<book_id>/share", view_func=share, methods=["GET", "POST"])


def _changed(shelf: Shelf, book: Book) -> str:
    form = request.form
    if form.get("remove"):
        with shelf.change(book.book_id, ACTOR, "permissions.delete", {"id": form["remove"]}) as draft:
            kept = [entry for entry in draft.drive["permissions"] if entry["id"] != form["remove"]]
            draft.drive["permissions"] = kept
        return ""
    body = {"type": "user", "role": form.get("role"), "emailAddress": (form.get("address") or "").strip()}
    if body["role"] not in CHOICES:
        return "Choisissez ce que la personne peut faire."
    try:
        entry = new_entry(body)
    except ApiError:
        return BAD_ADDRESS
    with shelf.change(book.book_id, ACTOR, "permissions.create", body) as draft:
        put(draft, entry, shelf.clock())
    return ""


def _page(shelf: Shelf, book: Book, error: str = "") -> Response:
    own = {entry["id"] for entry in book.drive["permissions"]}
    people = [
        {
            "id": entry["id"],
            "who": entry.get("emailAddress") or entry.get("domain") or "Toute personne ayant le lien",
            "role": ROLES[entry["role"]],
            "removable": entry["id"] in own,
        }
        for entry in permissions(shelf, book)
    ]
    page = render_template(
        "share.html",
        book=book,
        people=people,
        choices=[(role, ROLES[role]) for role in CHOICES],
        account=EMAIL,
        error=error,
        address=request.form.get("address", ""),
    )
    return Response(page, 400 if error else 200)
