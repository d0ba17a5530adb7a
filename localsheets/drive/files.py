"""Files of Drive: spreadsheets and folders, made, described, changed, copied and removed."""

from typing import Any

from localsheets.books.defaults import new_properties
from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.drive.errors import bad_request, insufficient_rights, refusal
from localsheets.drive.json import EXPORTS, file_json, seen_file, user
from localsheets.drive.sharing import FOLDER, SPREADSHEET, allows, mime_type, role_of, root_id
from localsheets.errors import file_not_found, missing
from localsheets.sheets.call import Call
from localsheets.texts.locales import locale_of

Json = dict[str, Any]
MADE = {
    "kind",
    "name",
    "mimeType",
    "parents",
    "description",
    "properties",
    "appProperties",
    "starred",
    "writersCanShare",
    "copyRequiresWriterPermission",
}
CHANGED = MADE - {"kind", "mimeType", "parents"} | {"trashed"}
# What the account that sees a file says of it, and of nobody else's file.
OWN = {"starred"}


def create(call: Call) -> Json:
    """Create an empty spreadsheet or a folder; other kinds of files do not exist here."""
    return _shown(call, new_file(call))


def new_file(call: Call) -> Book:
    """Put a new file on the shelf as the body describes it."""
    body = call.body
    if body.get("mimeType") not in (SPREADSHEET, FOLDER):
        raise missing(f"files of type {body.get('mimeType')}")
    if unknown := body.keys() - MADE:
        raise missing(f"creating a file with {', '.join(sorted(unknown))}")
    folder = body["mimeType"] == FOLDER
    properties = new_properties({"title": body.get("name") or "Untitled"})
    draft = Book("", properties, _facts(call, body) | ({"mimeType": FOLDER} if folder else {}))
    return call.shelf.create(call.actor, draft, body)


def _facts(call: Call, body: Json) -> Json:
    names = ("description", "properties", "appProperties", "writersCanShare", "copyRequiresWriterPermission")
    found = {name: body[name] for name in names if name in body}
    if body.get("starred"):
        found["starredBy"] = [call.actor]
    parents = check_parents(call, body.get("parents") or [])
    return found | ({"parents": parents} if parents else {})


def check_parents(call: Call, parents: list[str]) -> list[str]:
    """Return the folder that a file is put in, none for the account's root; 404 or 403 for a wrong one."""
    if len(parents) > 1:
        raise bad_request("A file cannot be in more than one folder.", "multipleParentsNotSupported")
    for parent_id in parents:
        if parent_id in ("root", root_id(call.actor)):
            return []
        parent = seen_file(call, parent_id)
        if mime_type(parent) != FOLDER:
            raise refusal(403, "parentNotAFolder", "The specified parent is not a folder.")
        if not allows(role_of(call.shelf, parent, call.actor), "writer"):
            raise insufficient_rights()
    return list(parents)


def _shown(call: Call, book: Book) -> Json:
    return file_json(call.shelf, book, call.actor)


def get(call: Call, file_id: str) -> Json:
    """Return a file, trashed or not; `root` is the account's own top folder."""
    if file_id in ("root", root_id(call.actor)):
        return _root(call)
    return _shown(call, seen_file(call, file_id))


def _root(call: Call) -> Json:
    return {
        "kind": "drive#file",
        "id": root_id(call.actor),
        "name": "My Drive",
        "mimeType": FOLDER,
        "trashed": False,
        "starred": False,
        "spaces": ["drive"],
        "ownedByMe": True,
        "shared": False,
        "owners": [user(call.actor, call.actor)],
        "webViewLink": f"https://drive.google.com/drive/folders/{root_id(call.actor)}",
    }


def copy(call: Call, file_id: str) -> Json:
    """Copy a book whole, under a new id, without its comments and without those it was shared with."""
    source = seen_file(call, file_id)
    if unknown := call.body.keys() - MADE:
        raise missing(f"copying a file with {', '.join(sorted(unknown))}")
    if call.flag("copyComments"):
        raise missing("copying the comments (copyComments)")
    kept_back = source.drive.get("copyRequiresWriterPermission")
    may = not kept_back or allows(role_of(call.shelf, source, call.actor), "writer")
    if not may or mime_type(source) == FOLDER or call.body.get("mimeType", SPREADSHEET) != SPREADSHEET:
        raise refusal(403, "cannotCopyFile", "This file cannot be copied by the user.")
    draft = source.fork()
    draft.sheets = {sheet_id: sheet.fork() for sheet_id, sheet in source.sheets.items()}
    prefix = locale_of(source.locale).copy_prefix
    draft.properties["title"] = call.body.get("name") or prefix + source.title
    kept = {name: source.drive[name] for name in ("description", "properties") if name in source.drive}
    draft.drive = kept | _facts(call, call.body)
    return _shown(call, call.shelf.create(call.actor, draft, {"copyOf": file_id, **call.body}))


def update(call: Call, file_id: str) -> Json:
    """Rename, describe, star, move, trash or restore a file."""
    book, body = seen_file(call, file_id), call.body
    moved = [call.query.get(name) for name in ("addParents", "removeParents")]
    role = role_of(call.shelf, book, call.actor)
    if unknown := body.keys() - CHANGED - {"kind", "mimeType"}:
        raise missing(f"updating a file's {', '.join(sorted(unknown))}")
    if body.get("mimeType", mime_type(book)) != mime_type(book):
        raise missing("changing the type of a file")
    if (body.keys() - OWN or any(moved)) and not allows(role, "writer"):
        raise insufficient_rights()
    if "trashed" in body and body["trashed"] != bool(book.drive.get("trashed")) and role != "owner":
        raise insufficient_rights()
    _settle(call, book, moved)
    return _shown(call, call.shelf.get(file_id))


def _settle(call: Call, book: Book, moved: list[str | None]) -> None:
    body = call.body
    added = check_parents(call, moved[0].split(",")) if moved[0] else None
    kind = "star" if body and not body.keys() - OWN and not any(moved) else "files.update"
    request = body | {name: text for name, text in zip(("addParents", "removeParents"), moved, strict=True) if text}
    if not request:
        return
    with call.shelf.change(book.book_id, call.actor, kind, request) as draft:
        if body.get("name"):
            draft.properties["title"] = body["name"]
        for name in CHANGED & body.keys() - {"name", "trashed", "starred"}:
            draft.drive[name] = body[name]
        if "starred" in body:
            others = [name for name in draft.drive.get("starredBy", []) if name != call.actor]
            draft.drive["starredBy"] = others + [call.actor] * body["starred"]
        if "trashed" in body:
            draft.drive["trashed"] = body["trashed"]
            draft.drive |= {"trashedTime": call.shelf.clock(), "trashingUser": call.actor}
        if any(moved):
            _move(call.shelf, draft, added, moved[1])


def _move(shelf: Shelf, draft: Book, added: list[str] | None, removed: str | None) -> None:
    own = root_id(draft.drive["owner"])
    before = draft.drive.get("parents") or []
    gone = set((removed or "").replace("root", own).split(",")) - {""}
    if unknown := gone - {*before, *([] if before else [own])}:
        raise refusal(404, "notFound", f"File not found: {sorted(unknown)[0]}.", "removeParents")
    # A file is in one folder: a new one takes the place of the old.
    after = [parent for parent in before if parent not in gone] if added is None else added
    for parent in after:
        if draft.book_id in {parent, *above(shelf, parent)}:
            raise refusal(403, "cyclicMembership", "A folder cannot be put in itself.")
    draft.drive["parents"] = after


def above(shelf: Shelf, file_id: str) -> set[str]:
    """Return the folders that hold a file, at any height."""
    found: set[str] = set()
    waiting = [file_id]
    while waiting:
        book = shelf.known.get(waiting.pop())
        new = set(book.drive.get("parents") or []) - found if book else set()
        found |= new
        waiting += new
    return found


def delete(call: Call, file_id: str) -> None:
    """Delete a file for good, a folder with all that its owner has in it."""
    book = seen_file(call, file_id, "owner")
    for inner in list(call.shelf.known.values()):
        if file_id in above(call.shelf, inner.book_id) and inner.drive["owner"] == book.drive["owner"]:
            call.shelf.delete(inner.book_id, call.actor)
    call.shelf.delete(file_id, call.actor)


def empty_trash(call: Call) -> None:
    """Delete for good what the account has in its bin."""
    if call.query.get("driveId"):
        raise file_not_found(call.query["driveId"])
    for book in list(call.shelf.known.values()):
        if book.drive.get("trashed") and book.drive["owner"] == call.actor:
            call.shelf.delete(book.book_id, call.actor)


def about(call: Call) -> Json:
    """Say who is calling, and which formats go in and out."""
    return {
        "kind": "drive#about",
        "user": user(call.actor, call.actor),
        "storageQuota": {"limit": "16106127360", "usage": "0", "usageInDrive": "0", "usageInDriveTrash": "0"},
        "importFormats": {"text/csv": [SPREADSHEET], "text/tab-separated-values": [SPREADSHEET]},
        "exportFormats": {SPREADSHEET: list(EXPORTS)},
        "maxImportSizes": {SPREADSHEET: "104857600"},
        "maxUploadSize": "5242880000000",
        "appInstalled": False,
        "folderColorPalette": [],
        "canCreateDrives": False,
        "canCreateTeamDrives": False,
        "driveThemes": [],
        "teamDriveThemes": [],
    }
