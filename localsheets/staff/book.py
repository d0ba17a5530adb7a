"""What a person does to a whole book: the bin, who it is shared with, an older version."""

import re
import unicodedata
from typing import Any

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.drive.sharing import permission_id
from localsheets.errors import ApiError
from localsheets.staff.places import Undone

Json = dict[str, Any]


def trash(book: Book, _: Json) -> None:
    """Put the book in the bin."""
    book.drive["trashed"] = True


def untrash(book: Book, _: Json) -> None:
    """Take the book out of the bin."""
    book.drive["trashed"] = False


def unshare(book: Book, action: Json) -> None:
    """Take an account's access away; a book that the account owns becomes the person's first."""
    account = action["account"]
    kept = [entry for entry in book.drive["permissions"] if entry.get("emailAddress") != account]
    if book.drive["owner"] == account:
        book.drive["owner"] = _address(book.actor)
    elif len(kept) == len(book.drive["permissions"]):
        raise Undone(f"Le classeur n’est pas partagé avec {account}.")
    book.drive["permissions"] = kept


def reshare(book: Book, action: Json) -> None:
    """Give an account access, as a writer by default, whatever it had before."""
    account = action["account"]
    if book.drive["owner"] == account:
        raise Undone(f"Le classeur appartient à {account}.")
    entry = {"kind": "drive#permission", "type": "user", "role": action.get("role", "writer"), "emailAddress": account}
    entry["id"] = permission_id(entry)
    others = [other for other in book.drive["permissions"] if other.get("emailAddress") != account]
    book.drive["permissions"] = [*others, entry]


def _address(name: str) -> str:
    if "@" in name:
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '.', plain).strip('.') or 'staff'}@localsheets.example"


def restore(shelf: Shelf, by: str, book_id: str, action: Json) -> Book:
    """Make an older version the current one: a revision, or so many revisions ago."""
    now = shelf.get(book_id).revision
    revision = action["revision"] if "revision" in action else now - action.get("back", 1)
    if not 1 <= revision < now:
        raise Undone(f"Le classeur n’a pas de version {revision} plus ancienne que la sienne ({now}).")
    try:
        return shelf.restore(book_id, revision, by)
    except ApiError as refused:
        raise Undone(f"La version {revision} ne revient pas ({refused.message}).") from None
