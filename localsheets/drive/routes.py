"""The routes of Drive v3: which function answers which call, and what all calls have in common."""

import re
from collections.abc import Callable
from typing import Any

from flask import Response

from localsheets.books import masks
from localsheets.drive import changes, comments, export, files, permissions, replies, watch
from localsheets.drive import list as drive_list
from localsheets.drive.errors import refusal, required
from localsheets.errors import ApiError, missing, unknown_parameters
from localsheets.schema.messages import schema
from localsheets.sheets.call import Call

Json = dict[str, Any]
FILE_FIELDS = "kind,id,name,mimeType"
PERMISSION_FIELDS = "kind,id,type,role"

# Said of shared drives, these were recorded as accepted by methods that do not list them.
EVERYWHERE = {"supportsAllDrives", "supportsTeamDrives", "includeItemsFromAllDrives", "includeTeamDriveItems"}
# What stands for something that files do not have here; the flags only when they are set.
UNKEPT = ("includeLabels", "includePermissionsForView", "corpus")
UNKEPT_FLAGS = ("keepRevisionForever", "useContentAsIndexableText", "useDomainAdminAccess", "restrictToMyDrive")
# gspread sends this field of Drive v2, which v3 leaves aside without a word.
LEFT_ASIDE = {"permissions.create": {"withLink"}}


def answer(call: Call, method: str, path: str) -> Json | Response | None:
    """Carry out a Drive call, its path given after /drive/v3; None means 204, 501 an unknown one."""
    for known_method, pattern, function, name, usual in ROUTES:
        match = re.fullmatch(pattern, path)
        if match is None or known_method != method:
            continue
        _check_query(call, name)
        _check_body(call, name)
        mask = _mask(call, name, usual)
        reply = function(call, **match.groupdict())
        return masks.prune(reply, mask) if isinstance(reply, dict) and mask is not None else reply
    raise missing(f"{method} /drive/v3{path}")


def _check_query(call: Call, name: str) -> None:
    drive = schema("drive.v3")
    known = drive.methods[name]["parameters"] | drive.parameters
    unknown = [given for given in call.query if given not in known and given not in EVERYWHERE]
    if unknown:
        raise unknown_parameters(unknown)
    for given in call.query:
        if known.get(given, "boolean") == "boolean" and call.query[given]:
            call.flag(given)
    for given in (*UNKEPT, *UNKEPT_FLAGS):
        if call.query.get(given) and (given in UNKEPT or call.flag(given)):
            raise missing(f"the parameter {given}")
    if call.query.get("callback"):
        raise missing("answers called through a callback")
    if call.query.get("teamDriveId") or (call.query.get("driveId") and name.startswith("changes.")):
        drive_id = call.query.get("teamDriveId") or call.query["driveId"]
        raise refusal(404, "notFound", f"Shared drive not found: {drive_id}", "driveId")
    if (call.query.get("alt") or "json") != "json" and name != "files.export":
        raise missing(f"answers as alt={call.query['alt']}")


def _check_body(call: Call, name: str) -> None:
    kind = schema("drive.v3").methods[name].get("request")
    body = {field: value for field, value in call.body.items() if field not in LEFT_ASIDE.get(name, ())}
    if kind:
        call.body = schema("drive.v3").checked(body, kind)


def _mask(call: Call, name: str, usual: str | None) -> masks.Mask | None:
    text = call.query.get("fields")
    if not text:
        if usual == "":
            raise required("fields")
        return masks.parse(usual) if usual else None
    try:
        mask = masks.parse(text)
        schema("drive.v3").check_mask(mask, schema("drive.v3").methods[name].get("response", ""))
    except ApiError:
        raise refusal(400, "invalidParameter", f"Invalid field selection {text}", "fields") from None
    return mask


def generate_ids(call: Call) -> Json:
    """Return ids: files cannot be created with an id of one's own here."""
    raise missing("ids generated before their files")


FILE = r"/files/(?P<file_id>[^/]+)"
PERMISSION = rf"{FILE}/permissions/(?P<permission_id>[^/]+)"
COMMENT = rf"{FILE}/comments/(?P<comment_id>[^/]+)"
REPLY = rf"{COMMENT}/replies/(?P<reply_id>[^/]+)"
# Method, path, function, name in the discovery document, and what is answered when `fields` does not say:
# None everything, an empty text that `fields` must say.
ROUTES: list[tuple[str, str, Callable[..., Any], str, str | None]] = [
    ("GET", "/about", files.about, "about.get", ""),
    ("POST", "/files", files.create, "files.create", FILE_FIELDS),
    ("GET", "/files", drive_list.listing, "files.list", f"kind,incompleteSearch,nextPageToken,files({FILE_FIELDS})"),
    ("GET", "/files/generateIds", generate_ids, "files.generateIds", None),
    ("DELETE", "/files/trash", files.empty_trash, "files.emptyTrash", None),
    ("GET", FILE, files.get, "files.get", FILE_FIELDS),
    ("PATCH", FILE, files.update, "files.update", FILE_FIELDS),
    ("DELETE", FILE, files.delete, "files.delete", None),
    ("POST", rf"{FILE}/copy", files.copy, "files.copy", FILE_FIELDS),
    ("GET", rf"{FILE}/export", export.export, "files.export", None),
    ("POST", rf"{FILE}/watch", watch.watch_file, "files.watch", None),
    ("GET", rf"{FILE}/comments", comments.listing, "comments.list", ""),
    ("POST", rf"{FILE}/comments", comments.create, "comments.create", ""),
    ("GET", COMMENT, comments.get, "comments.get", ""),
    ("PATCH", COMMENT, comments.update, "comments.update", ""),
    ("DELETE", COMMENT, comments.delete, "comments.delete", None),
    ("GET", rf"{COMMENT}/replies", replies.listing, "replies.list", ""),
    ("POST", rf"{COMMENT}/replies", replies.create, "replies.create", ""),
    ("GET", REPLY, replies.get, "replies.get", ""),
    ("PATCH", REPLY, replies.update, "replies.update", ""),
    ("DELETE", REPLY, replies.delete, "replies.delete", None),
    ("POST", rf"{FILE}/permissions", permissions.create, "permissions.create", PERMISSION_FIELDS),
    (
        "GET",
        rf"{FILE}/permissions",
        permissions.listing,
        "permissions.list",
        f"kind,nextPageToken,permissions({PERMISSION_FIELDS})",
    ),
    ("GET", PERMISSION, permissions.get, "permissions.get", PERMISSION_FIELDS),
    ("PATCH", PERMISSION, permissions.update, "permissions.update", PERMISSION_FIELDS),
    ("DELETE", PERMISSION, permissions.delete, "permissions.delete", None),
    ("GET", "/changes/startPageToken", changes.start_page_token, "changes.getStartPageToken", None),
    (
        "GET",
        "/changes",
        changes.listing,
        "changes.list",
        f"kind,nextPageToken,newStartPageToken,changes(kind,changeType,time,removed,fileId,file({FILE_FIELDS}))",
    ),
    ("POST", "/changes/watch", watch.watch_changes, "changes.watch", None),
    ("POST", "/channels/stop", watch.stop, "channels.stop", None),
]
