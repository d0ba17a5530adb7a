"""The routes of Drive v3: books as files, and who they are shared with."""

import re
import secrets
from collections.abc import Callable
from typing import Any

from localsheets import masks
from localsheets.call import Call
from localsheets.defaults import new_properties
from localsheets.errors import ApiError, drive_invalid, file_not_found, missing
from localsheets.locales import locale_of
from localsheets.model import Book

Json = dict[str, Any]
MIME = "application/vnd.google-apps.spreadsheet"
USUAL = "kind,id,name,mimeType"
ROLES = ("owner", "organizer", "fileOrganizer", "writer", "commenter", "reader")
WORD = r"\"[^\"]*\"|'(?:[^'\\]|\\.)*'|true|false"
CLAUSE = re.compile(rf"\s*(name|mimeType|trashed)\s*(=|!=|contains)\s*({WORD})\s*")


def answer(call: Call, method: str, path: str) -> Json | None:
    """Carry out a Drive call, its path given after /drive/v3; None means 204, 501 an unknown one."""
    call.body = {name: value for name, value in call.body.items() if value is not None}
    for known_method, pattern, function in ROUTES:
        match = re.fullmatch(pattern, path)
        if match and known_method == method:
            return function(call, **match.groupdict())
    raise missing(f"{method} /drive/v3{path}")


def _book(call: Call, file_id: str) -> Book:
    try:
        return call.shelf.get(file_id)
    except ApiError:
        raise file_not_found(file_id) from None


def file_json(book: Book) -> Json:
    """Return all that is known of a book as a Drive file."""
    drive = book.drive
    return {
        "kind": "drive#file",
        "id": book.book_id,
        "name": book.title,
        "mimeType": MIME,
        "trashed": bool(drive.get("trashed")),
        "version": str(book.revision),
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{book.book_id}/edit",
        "createdTime": drive["createdTime"],
        "modifiedTime": drive["modifiedTime"],
        "owners": [{"kind": "drive#user", "emailAddress": drive["owner"]}],
        "lastModifyingUser": {"kind": "drive#user", "emailAddress": drive["lastModifyingUser"]},
        "permissions": permissions(book),
    }


def permissions(book: Book) -> list[Json]:
    """List who may do what: the owner first."""
    owner = {
        "kind": "drive#permission",
        "id": "owner",
        "type": "user",
        "role": "owner",
        "emailAddress": book.drive["owner"],
    }
    return [owner, *book.drive["permissions"]]


def _file(call: Call, book: Book) -> Json:
    return masks.prune(file_json(book), call.mask() or masks.parse(USUAL))


def create(call: Call) -> Json:
    """Create an empty spreadsheet; other kinds of files do not exist here."""
    if call.body.get("mimeType") != MIME:
        raise missing(f"files of type {call.body.get('mimeType')}")
    if unknown := call.body.keys() - {"name", "mimeType", "parents"}:
        raise missing(f"creating a file with {', '.join(sorted(unknown))}")
    if call.body.get("parents"):
        raise missing("folders (parents)")
    properties = new_properties({"title": call.body.get("name") or "Untitled"})
    return _file(call, call.shelf.create(call.actor, Book("", properties, {}), call.body))


def copy(call: Call, file_id: str) -> Json:
    """Copy a book whole, under a new id."""
    source = _book(call, file_id)
    if unknown := call.body.keys() - {"name", "mimeType"}:
        raise missing(f"copying a file with {', '.join(sorted(unknown))}")
    draft = source.fork()
    draft.sheets = {sheet_id: sheet.fork() for sheet_id, sheet in source.sheets.items()}
    prefix = locale_of(source.locale).copy_prefix
    draft.properties["title"] = call.body.get("name") or prefix + source.title
    return _file(call, call.shelf.create(call.actor, draft, {"copyOf": file_id, **call.body}))


def get(call: Call, file_id: str) -> Json:
    """Return a file, trashed or not."""
    return _file(call, _book(call, file_id))


def update(call: Call, file_id: str) -> Json:
    """Rename, trash or restore a file."""
    _book(call, file_id)
    if unknown := call.body.keys() - {"name", "trashed"}:
        raise missing(f"updating a file's {', '.join(sorted(unknown))}")
    with call.shelf.change(file_id, call.actor, "files.update", call.body) as draft:
        if call.body.get("name"):
            draft.properties["title"] = call.body["name"]
        if "trashed" in call.body:
            draft.drive["trashed"] = bool(call.body["trashed"])
    return _file(call, draft)


def delete(call: Call, file_id: str) -> None:
    """Delete a file for good."""
    _book(call, file_id)
    call.shelf.delete(file_id, call.actor)


def listing(call: Call) -> Json:
    """List files, the last modified first, a page at a time."""
    keep = _query(call.query.get("q") or "")
    found = [file_json(book) for book in call.shelf.all()]
    kept = [entry for entry in found if all(test(entry) for test in keep)]
    size, start = call.number("pageSize", 100), call.number("pageToken", 0)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(kept):
        answer["nextPageToken"] = str(start + size)
    answer["files"] = kept[start : start + size]
    usual = masks.parse(f"kind,incompleteSearch,nextPageToken,files({USUAL})")
    return masks.prune(answer, call.mask() or usual)


def _query(text: str) -> list[Callable[[Json], bool]]:
    tests, at = [], 0
    while at < len(text):
        match = CLAUSE.match(text, at)
        if match is None:
            raise missing(f"the file search {text[at:]}")
        tests.append(_test(*match.groups()))
        at = match.end()
        if at < len(text) and not text.startswith("and ", at):
            raise drive_invalid("Invalid Value", "q")
        at += len("and ") if at < len(text) else 0
    return tests


def _test(name: str, operator: str, given: str) -> Callable[[Json], bool]:
    wanted = given == "true" if given in ("true", "false") else re.sub(r"\\(.)", r"\1", given[1:-1])

    def test(entry: Json) -> bool:
        if operator == "contains":
            return str(wanted).lower() in str(entry[name]).lower()
        return (entry[name] == wanted) == (operator == "=")

    return test


def share(call: Call, file_id: str) -> Json:
    """Share a file with someone."""
    book, body = _book(call, file_id), call.body
    if body.get("role") not in ROLES or body.get("type") not in ("user", "group", "domain", "anyone"):
        raise drive_invalid("The permission type or role field is required.", "permission")
    kept = {name: body[name] for name in ("type", "role", "emailAddress", "domain") if name in body}
    entry = {"kind": "drive#permission", "id": str(secrets.randbelow(10**20))} | kept
    with call.shelf.change(book.book_id, call.actor, "permissions.create", body) as draft:
        draft.drive["permissions"].append(entry)
    usual = masks.parse("kind,id,type,role")
    return masks.prune(entry, call.mask() or usual)


def shared(call: Call, file_id: str) -> Json:
    """List who a file is shared with."""
    answer = {"kind": "drive#permissionList", "permissions": permissions(_book(call, file_id))}
    return masks.prune(answer, call.mask() or masks.parse("kind,permissions(kind,id,type,role)"))


def unshare(call: Call, file_id: str, permission_id: str) -> None:
    """Stop sharing a file with someone."""
    book = _book(call, file_id)
    if permission_id not in {entry["id"] for entry in book.drive["permissions"]}:
        raise ApiError(404, "", f"Permission not found: {permission_id}.")
    with call.shelf.change(file_id, call.actor, "permissions.delete", {"id": permission_id}) as draft:
        kept = [entry for entry in draft.drive["permissions"] if entry["id"] != permission_id]
        draft.drive["permissions"] = kept


def comments(call: Call, file_id: str) -> Json:
    """List the comments of a file: nobody can leave any here."""
    _book(call, file_id)
    return masks.prune({"kind": "drive#commentList", "comments": []}, call.mask() or {"*": {}})


FILE = r"/files/(?P<file_id>[^/]+)"
ROUTES: list[tuple[str, str, Callable[..., Json | None]]] = [
    ("POST", "/files", create),
    ("GET", "/files", listing),
    ("GET", FILE, get),
    ("PATCH", FILE, update),
    ("DELETE", FILE, delete),
    ("POST", rf"{FILE}/copy", copy),
    ("GET", rf"{FILE}/comments", comments),
    ("POST", rf"{FILE}/permissions", share),
    ("GET", rf"{FILE}/permissions", shared),
    ("DELETE", rf"{FILE}/permissions/(?P<permission_id>[^/]+)", unshare),
]
