"""Comments on files: what they say, what they quote, where they are anchored, whether they are resolved."""

import html
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from localsheets.books.model import Book
from localsheets.drive.errors import bad_request, insufficient_rights, thing_not_found
from localsheets.drive.json import seen_file, user
from localsheets.drive.list import page_size
from localsheets.drive.pages import page
from localsheets.errors import drive_invalid, missing
from localsheets.sheets.call import Call

Json = dict[str, Any]
TAKEN = {"content", "anchor", "quotedFileContent"}


def shown(comment: Json, actor: str, deleted: bool = False) -> Json:
    """Return a comment as the API shows it to an account, the replies that were deleted left out unless asked for."""
    replies = [reply_json(reply, actor) for reply in comment["replies"] if deleted or not reply["deleted"]]
    found: Json = {"kind": "drive#comment"} | {name: comment[name] for name in comment if name != "replies"}
    found["author"] = _author(comment, actor)
    if comment["deleted"]:
        found.pop("quotedFileContent", None)
    else:
        found["htmlContent"] = html.escape(comment["content"], quote=False).replace("\n", "<br>")
        found.setdefault("resolved", False)
    return found | {"replies": replies}


def reply_json(reply: Json, actor: str) -> Json:
    """Return a reply as the API shows it to an account."""
    found = {"kind": "drive#reply"} | reply | {"author": _author(reply, actor)}
    if "content" in reply:
        found["htmlContent"] = html.escape(reply["content"], quote=False).replace("\n", "<br>")
    return found


def _author(thing: Json, actor: str) -> Json:
    found = user(thing["author"], actor)
    return {name: found[name] for name in ("kind", "displayName", "me")}


def find(book: Book, comment_id: str, deleted: bool = False) -> Json:
    """Return a comment of a file, or refuse with Drive's 404."""
    for comment in book.drive.get("comments", []):
        if comment["id"] == comment_id and (deleted or not comment["deleted"]):
            return comment
    raise thing_not_found("Comment", comment_id)


def listing(call: Call, file_id: str) -> Json:
    """List the comments of a file, the last modified first."""
    book, deleted = seen_file(call, file_id), call.flag("includeDeleted")
    since = call.query.get("startModifiedTime")
    found = [comment for comment in book.drive.get("comments", []) if deleted or not comment["deleted"]]
    if since:
        found = [comment for comment in found if datetime.fromisoformat(comment["modifiedTime"]) >= _moment(since)]
    found.sort(key=lambda comment: comment["modifiedTime"], reverse=True)
    token = call.query.get("pageToken")
    kept, following = page(found, page_size(call, 20, 100), token, f"comments {file_id} {deleted} {since}")
    comments = [shown(comment, call.actor, deleted) for comment in kept]
    return {"kind": "drive#commentList"} | following | {"comments": comments}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise drive_invalid("Invalid Value", "startModifiedTime") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def create(call: Call, file_id: str) -> Json:
    """Leave a comment on a file."""
    seen_file(call, file_id, "commenter")
    check_body(call.body, TAKEN | {"kind"}, "commenting")
    comment = new_entry(call, {name: call.body[name] for name in TAKEN if name in call.body}) | {"replies": []}
    with call.shelf.change(file_id, call.actor, "comments.create", call.body) as draft:
        draft.drive["comments"] = [*draft.drive.get("comments", []), comment]
    return shown(comment, call.actor)


def new_entry(call: Call, given: Json) -> Json:
    """Return a new comment or reply of the account that calls."""
    moment = call.shelf.clock()
    own = {"id": "AAAA" + token_urlsafe(5), "createdTime": moment, "modifiedTime": moment}
    return own | {"author": call.actor, "deleted": False} | given


def check_body(body: Json, taken: set[str], doing: str) -> None:
    """Refuse a body without content, or with what is not kept here."""
    if unknown := body.keys() - taken:
        raise missing(f"{doing} with {', '.join(sorted(unknown))}")
    if not body.get("content") and "action" not in body:
        raise bad_request("Content is required.", "required")


def get(call: Call, file_id: str, comment_id: str) -> Json:
    """Return one comment."""
    deleted = call.flag("includeDeleted")
    return shown(find(seen_file(call, file_id), comment_id, deleted), call.actor, deleted)


def update(call: Call, file_id: str, comment_id: str) -> Json:
    """Rewrite a comment; only its author may."""
    comment = find(seen_file(call, file_id, "commenter"), comment_id)
    check_author(call, comment)
    check_body(call.body, {"content", "kind", "id"}, "rewriting a comment")
    with call.shelf.change(file_id, call.actor, "comments.update", call.body) as draft:
        rewritten = find(draft, comment_id)
        rewritten |= {"content": call.body["content"], "modifiedTime": call.shelf.clock()}
    return shown(rewritten, call.actor)


def delete(call: Call, file_id: str, comment_id: str) -> None:
    """Delete a comment: its author may, and the owner of the file."""
    book = seen_file(call, file_id, "commenter")
    comment = find(book, comment_id)
    if book.drive["owner"].lower() != call.actor.lower():
        check_author(call, comment)
    with call.shelf.change(file_id, call.actor, "comments.delete", {"id": comment_id}) as draft:
        gone = find(draft, comment_id)
        gone.pop("content")
        gone |= {"deleted": True, "modifiedTime": call.shelf.clock()}


def check_author(call: Call, thing: Json) -> None:
    """Refuse whoever did not write a comment or a reply."""
    if thing["author"].lower() != call.actor.lower():
        raise insufficient_rights()
