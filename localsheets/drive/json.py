"""A file as Drive describes it to one account."""

from typing import Any

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.drive.errors import insufficient_rights
from localsheets.drive.sharing import (
    FOLDER,
    SPREADSHEET,
    account_id,
    allows,
    capabilities,
    display_name,
    mime_type,
    permissions,
    role_of,
    root_id,
)
from localsheets.errors import file_not_found
from localsheets.sheets.call import Call

Json = dict[str, Any]
EXPORTS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}


def seen_file(call: Call, file_id: str, wanted: str = "reader") -> Book:
    """Return a file that the account may see, or refuse: 404 when not shared with it, 403 when its role is too low."""
    book = call.shelf.known.get(file_id)
    role = role_of(call.shelf, book, call.actor) if book else None
    if book is None or role is None:
        raise file_not_found(file_id)
    if not allows(role, wanted):
        raise insufficient_rights()
    return call.shelf.get(file_id)


def user(address: str, actor: str) -> Json:
    """Describe a person; a name without @ has no address."""
    found = {"kind": "drive#user", "displayName": display_name(address), "me": address.lower() == actor.lower()}
    return found | ({"permissionId": account_id(address), "emailAddress": address} if "@" in address else {})


def file_json(shelf: Shelf, book: Book, actor: str) -> Json:
    """Return all that an account may know of a file that it sees."""
    drive, role = book.drive, role_of(shelf, book, actor) or "reader"
    shared = permissions(shelf, book)
    found: Json = {
        "kind": "drive#file",
        "id": book.book_id,
        "name": book.title,
        "mimeType": mime_type(book),
        "starred": actor in drive.get("starredBy", []),
        "trashed": trashed(shelf, book),
        "explicitlyTrashed": bool(drive.get("trashed")),
        "spaces": ["drive"],
        "version": str(book.revision),
        "webViewLink": _web_link(book),
        "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{mime_type(book)}",
        "hasThumbnail": False,
        "thumbnailVersion": "0",
        "viewedByMe": False,
        "createdTime": drive["createdTime"],
        "modifiedTime": drive["modifiedTime"],
        "modifiedByMe": drive["lastModifyingUser"] == actor,
        "owners": [user(drive["owner"], actor)],
        "lastModifyingUser": user(drive["lastModifyingUser"], actor),
        "shared": len(shared) > 1,
        "ownedByMe": drive["owner"].lower() == actor.lower(),
        "capabilities": capabilities(book, role),
        "viewersCanCopyContent": not drive.get("copyRequiresWriterPermission"),
        "copyRequiresWriterPermission": bool(drive.get("copyRequiresWriterPermission")),
        "writersCanShare": drive.get("writersCanShare", True),
        "quotaBytesUsed": "0" if mime_type(book) == FOLDER else "1024",
        "isAppAuthorized": True,
        "linkShareMetadata": {"securityUpdateEligible": False, "securityUpdateEnabled": True},
        "inheritedPermissionsDisabled": False,
    }
    return found | _optional(shelf, book, actor, role, shared)


def _optional(shelf: Shelf, book: Book, actor: str, role: str, shared: list[Json]) -> Json:
    drive = book.drive
    found: Json = {name: drive[name] for name in ("description", "properties", "appProperties") if drive.get(name)}
    if parents := seen_parents(shelf, book, actor):
        found["parents"] = parents
    if allows(role, "writer"):
        found |= {"permissions": shared, "permissionIds": [entry["id"] for entry in shared]}
    if drive["lastModifyingUser"] == actor:
        found["modifiedByMeTime"] = drive["modifiedTime"]
    for entry in drive["permissions"]:
        if str(entry.get("emailAddress", "")).lower() == actor.lower() and "sharedTime" in drive:
            found["sharedWithMeTime"] = drive["sharedTime"].get(entry["id"], drive["createdTime"])
    if drive.get("trashed") and "trashedTime" in drive:
        found |= {"trashedTime": drive["trashedTime"], "trashingUser": user(drive["trashingUser"], actor)}
    if mime_type(book) == SPREADSHEET:
        address = f"https://docs.google.com/spreadsheets/export?id={book.book_id}&exportFormat="
        found["exportLinks"] = {mime: address + word for mime, word in EXPORTS.items()}
    return found


def _web_link(book: Book) -> str:
    if mime_type(book) == FOLDER:
        return f"https://drive.google.com/drive/folders/{book.book_id}"
    return f"https://docs.google.com/spreadsheets/d/{book.book_id}/edit?usp=drivesdk"


def seen_parents(shelf: Shelf, book: Book, actor: str) -> list[str]:
    """Return the folders of a file that an account sees: its owner's root when it is in none."""
    parents = book.drive.get("parents") or [root_id(book.drive["owner"])]
    own = root_id(book.drive["owner"])
    owns = book.drive["owner"].lower() == actor.lower() or "@" not in actor
    return [
        parent
        for parent in parents
        if (parent == own and owns) or (parent in shelf.known and role_of(shelf, shelf.known[parent], actor))
    ]


def trashed(shelf: Shelf, book: Book, depth: int = 0) -> bool:
    """Tell whether a file is in the bin, by itself or with one of its folders."""
    if book.drive.get("trashed"):
        return True
    above = [shelf.known[parent] for parent in book.drive.get("parents") or [] if parent in shelf.known]
    return depth < 50 and any(trashed(shelf, parent, depth + 1) for parent in above)
