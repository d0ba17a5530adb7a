"""Changes of Drive: what happened to the files that an account sees, after a token.

A token is the number of a change of the log, which all books share.
"""

from typing import Any

from localsheets.drive.errors import required
from localsheets.drive.json import file_json
from localsheets.drive.list import check_spaces, page_size
from localsheets.drive.sharing import names, role_of
from localsheets.errors import drive_invalid
from localsheets.sheets.call import Call

Json = dict[str, Any]


def start_page_token(call: Call) -> Json:
    """Return the token that lists what happens from now on."""
    return {"kind": "drive#startPageToken", "startPageToken": str(call.shelf.store.last_change() + 1)}


def since(call: Call) -> int:
    """Read the token of a list of changes; 400 for a missing or impossible one."""
    text = call.query.get("pageToken")
    if not text:
        raise required("pageToken")
    if not text.isdigit() or not 1 <= int(text) <= call.shelf.store.last_change() + 1:
        raise drive_invalid("Invalid Value", "pageToken")
    return int(text) - 1


def listing(call: Call) -> Json:
    """List the files that changed after a token, each once, at its last change."""
    check_spaces(call)
    start, last, size = since(call), call.shelf.store.last_change(), page_size(call, 100, 1000)
    removed = call.query.get("includeRemoved") is None or call.flag("includeRemoved")
    latest = {book_id: (number, moment) for number, book_id, moment, _ in call.shelf.store.changes(start, last)}
    found: list[tuple[int, Json]] = []
    for book_id, (number, moment) in sorted(latest.items(), key=lambda entry: entry[1]):
        change = _change(call, book_id, moment, start)
        if change is not None and (removed or not change["removed"]):
            found.append((number, change))
    answer: Json = {"kind": "drive#changeList"}
    if len(found) > size:
        answer["nextPageToken"] = str(found[size - 1][0] + 1)
    else:
        answer["newStartPageToken"] = str(last + 1)
    return answer | {"changes": [change for _, change in found[:size]]}


def _change(call: Call, book_id: str, moment: str, start: int) -> Json | None:
    book = call.shelf.known.get(book_id)
    seen = book is not None and role_of(call.shelf, book, call.actor) is not None
    # What was never shared with an account never shows: only what it may have lost does.
    if not seen and not _was_seen(call, book_id, start):
        return None
    change: Json = {
        "kind": "drive#change",
        "changeType": "file",
        "type": "file",
        "time": moment,
        "fileId": book_id,
        "removed": not seen,
    }
    return change | ({"file": file_json(call.shelf, book, call.actor)} if book is not None and seen else {})


def _was_seen(call: Call, book_id: str, start: int) -> bool:
    for drive in call.shelf.store.drive_before(book_id, start):
        entries = [{"type": "user", "emailAddress": drive["owner"]}, *drive["permissions"]]
        if any(names(entry, call.actor) for entry in entries):
            return True
    return False
