"""Replies to comments, which may also resolve or reopen them."""

from typing import Any

from localsheets.drive.comments import check_author, check_body, find, new_entry, reply_json
from localsheets.drive.errors import bad_request, thing_not_found
from localsheets.drive.json import seen_file
from localsheets.drive.list import page_size
from localsheets.drive.pages import page
from localsheets.sheets.call import Call

Json = dict[str, Any]


def find_reply(comment: Json, reply_id: str, deleted: bool = False) -> Json:
    """Return a reply to a comment, or refuse with Drive's 404."""
    for reply in comment["replies"]:
        if reply["id"] == reply_id and (deleted or not reply["deleted"]):
            return reply
    raise thing_not_found("Reply", reply_id)


def listing(call: Call, file_id: str, comment_id: str) -> Json:
    """List the replies to a comment, oldest first."""
    deleted = call.flag("includeDeleted")
    comment = find(seen_file(call, file_id), comment_id, deleted)
    found = [reply for reply in comment["replies"] if deleted or not reply["deleted"]]
    question = f"replies {file_id} {comment_id} {deleted}"
    kept, following = page(found, page_size(call, 20, 100), call.query.get("pageToken"), question)
    replies = [reply_json(reply, call.actor) for reply in kept]
    return {"kind": "drive#replyList"} | following | {"replies": replies}


def create(call: Call, file_id: str, comment_id: str) -> Json:
    """Reply to a comment; the action `resolve` or `reopen` settles it or opens it again."""
    find(seen_file(call, file_id, "commenter"), comment_id)
    action = call.body.get("action")
    if action not in (None, "resolve", "reopen"):
        raise bad_request("Invalid Value", "invalid")
    check_body(call.body, {"content", "action", "kind"}, "replying")
    reply = new_entry(call, {name: call.body[name] for name in ("content", "action") if name in call.body})
    with call.shelf.change(file_id, call.actor, "replies.create", call.body) as draft:
        comment = find(draft, comment_id)
        comment["replies"] = [*comment["replies"], reply]
        comment["modifiedTime"] = reply["modifiedTime"]
        if action:
            comment["resolved"] = action == "resolve"
    return reply_json(reply, call.actor)


def get(call: Call, file_id: str, comment_id: str, reply_id: str) -> Json:
    """Return one reply."""
    deleted = call.flag("includeDeleted")
    comment = find(seen_file(call, file_id), comment_id, deleted)
    return reply_json(find_reply(comment, reply_id, deleted), call.actor)


def update(call: Call, file_id: str, comment_id: str, reply_id: str) -> Json:
    """Rewrite a reply; only its author may."""
    reply = find_reply(find(seen_file(call, file_id, "commenter"), comment_id), reply_id)
    check_author(call, reply)
    check_body(call.body, {"content", "kind", "id"}, "rewriting a reply")
    with call.shelf.change(file_id, call.actor, "replies.update", call.body) as draft:
        rewritten = find_reply(find(draft, comment_id), reply_id)
        rewritten |= {"content": call.body["content"], "modifiedTime": call.shelf.clock()}
    return reply_json(rewritten, call.actor)


def delete(call: Call, file_id: str, comment_id: str, reply_id: str) -> None:
    """Delete a reply; only its author may."""
    reply = find_reply(find(seen_file(call, file_id, "commenter"), comment_id), reply_id)
    check_author(call, reply)
    with call.shelf.change(file_id, call.actor, "replies.delete", {"id": reply_id}) as draft:
        gone = find_reply(find(draft, comment_id), reply_id)
        gone.pop("content", None)
        gone |= {"deleted": True, "modifiedTime": call.shelf.clock()}
