"""Who may do what with a file: roles, what folders hand down, and what each role allows.

A file's facts hold its owner's address and a list of permissions. A name without @ is a person at the
grid or one of the staff: they stand for the owner.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf

Json = dict[str, Any]
RANKS = {"reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 5, "owner": 6}
FOLDER = "application/vnd.google-apps.folder"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"


def account_id(address: str) -> str:
    """Return the number that stands for an address in permission ids, the same each time."""
    return str(int(hashlib.sha256(address.lower().encode()).hexdigest(), 16) % 10**20).zfill(20)


def root_id(address: str) -> str:
    """Return the id of an account's own root folder."""
    return f"0A{hashlib.sha256(address.lower().encode()).hexdigest()[:14]}Uk9PVA"


def mime_type(book: Book) -> str:
    """Return the type of a file: a spreadsheet unless it says otherwise."""
    return str(book.drive.get("mimeType", SPREADSHEET))


def is_spreadsheet(book: Book) -> bool:
    """Tell a spreadsheet from a folder."""
    return mime_type(book) == SPREADSHEET


def permission_id(entry: Json) -> str:
    """Return the id of a new permission, as stable as what it names."""
    if entry["type"] == "anyone":
        return "anyone" if entry.get("allowFileDiscovery") else "anyoneWithLink"
    if entry["type"] == "domain":
        return account_id(entry["domain"]) + "k"
    return account_id(entry["emailAddress"])


def owner_permission(book: Book) -> Json:
    """Return the permission of the owner, which is no entry of the list."""
    address = book.drive["owner"]
    return {
        "kind": "drive#permission",
        "id": account_id(address),
        "type": "user",
        "role": "owner",
        "emailAddress": address,
        "displayName": display_name(address),
        "deleted": False,
        "pendingOwner": False,
    }


def display_name(address: str) -> str:
    """Return what people see instead of an address."""
    return address.partition("@")[0]


def permissions(shelf: Shelf, book: Book) -> list[Json]:
    """List who may do what: the owner first, then the book's own entries, then what its folders hand down."""
    found = {entry["id"]: entry for entry in reversed(handed_down(shelf, book, set()))}
    own = [entry for entry in book.drive["permissions"] if not _expired(entry)]
    for entry in own:
        above = found.pop(entry["id"], None)
        found[entry["id"]] = above if above and RANKS[above["role"]] > RANKS[entry["role"]] else entry
    first = owner_permission(book)
    found.pop(first["id"], None)
    return [first, *reversed(found.values())]


def handed_down(shelf: Shelf, book: Book, seen: set[str]) -> list[Json]:
    """List the permissions that a file has from the folders it is in, the owner of a folder as a writer."""
    found: list[Json] = []
    for parent_id in book.drive.get("parents") or []:
        parent = shelf.known.get(parent_id)
        if parent is None or parent_id in seen:
            continue
        seen.add(parent_id)
        found += handed_down(shelf, parent, seen)
        found.append(owner_permission(parent) | {"role": "writer"})
        found += [entry for entry in parent.drive["permissions"] if not _expired(entry)]
    return found


def _expired(entry: Json) -> bool:
    until = entry.get("expirationTime")
    return until is not None and datetime.fromisoformat(until) < datetime.now(UTC)


def names(entry: Json, actor: str) -> bool:
    """Tell whether a permission is given to an account; a group is everyone at its domain."""
    kind, actor = entry["type"], actor.lower()
    domain = actor.rpartition("@")[2]
    if kind == "anyone":
        return True
    if kind == "domain":
        return domain == str(entry.get("domain", "")).lower()
    address = str(entry.get("emailAddress", "")).lower()
    return address == actor or (kind == "group" and domain == address.rpartition("@")[2])


def role_of(shelf: Shelf, book: Book, actor: str) -> str | None:
    """Return the highest role that an account has on a file, None when it is not shared with it."""
    if "@" not in actor or book.drive["owner"].lower() == actor.lower():
        return "owner"
    given = [*book.drive["permissions"], *(handed_down(shelf, book, set()) if book.drive.get("parents") else [])]
    roles = [entry["role"] for entry in given if names(entry, actor) and not _expired(entry)]
    return max(roles, key=RANKS.__getitem__, default=None)


def listed_for(shelf: Shelf, book: Book, actor: str) -> bool:
    """Tell whether a file is in an account's lists; a link alone does not put it there."""
    if "@" not in actor or book.drive["owner"].lower() == actor.lower():
        return True
    return any(
        names(entry, actor) and (entry["type"] in ("user", "group") or bool(entry.get("allowFileDiscovery")))
        for entry in permissions(shelf, book)
    )


def allows(role: str | None, wanted: str) -> bool:
    """Tell whether a role is at least another one."""
    return role is not None and RANKS[role] >= RANKS[wanted]


def capabilities(book: Book, role: str) -> Json:
    """Return what a role may do with a file, as Drive lists it."""
    writes, comments, owns = allows(role, "writer"), allows(role, "commenter"), role == "owner"
    folder = mime_type(book) == FOLDER
    shares = owns or (writes and book.drive.get("writersCanShare", True))
    copies = not folder and (writes or not book.drive.get("copyRequiresWriterPermission"))
    return {
        "canAcceptOwnership": False,
        "canAddChildren": folder and writes,
        "canAddFolderFromAnotherDrive": False,
        "canAddMyDriveParent": False,
        "canChangeCopyRequiresWriterPermission": writes,
        "canChangeViewersCanCopyContent": writes,
        "canComment": comments and not folder,
        "canCopy": copies,
        "canDelete": owns,
        "canDownload": copies,
        "canEdit": writes,
        "canListChildren": folder,
        "canModifyContent": writes,
        "canMoveChildrenWithinDrive": folder and writes,
        "canMoveItemIntoTeamDrive": owns,
        "canMoveItemOutOfDrive": owns,
        "canMoveItemWithinDrive": writes,
        "canReadRevisions": writes and not folder,
        "canRemoveChildren": folder and writes,
        "canRemoveMyDriveParent": writes,
        "canRename": writes,
        "canShare": shares,
        "canTrash": owns,
        "canUntrash": owns,
    }
