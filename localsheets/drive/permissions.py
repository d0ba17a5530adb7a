"""Permissions of Drive: who a file is shared with, and as what."""

from datetime import UTC, datetime
from typing import Any

from localsheets.books.model import Book
from localsheets.drive.errors import bad_request, insufficient_rights, out_of_range, refusal, thing_not_found
from localsheets.drive.json import seen_file
from localsheets.drive.pages import page
from localsheets.drive.sharing import (
    RANKS,
    account_id,
    allows,
    display_name,
    permission_id,
    permissions,
    role_of,
)
from localsheets.errors import missing
from localsheets.sheets.call import Call

Json = dict[str, Any]
TYPES = ("user", "group", "domain", "anyone")
TAKEN = {"kind", "id", "type", "role", "emailAddress", "domain", "allowFileDiscovery", "expirationTime"}
OWNER = "The owner of a file cannot be removed."


def create(call: Call, file_id: str) -> Json:
    """Share a file with someone."""
    book, body = _shareable(call, file_id), call.body
    entry = new_entry(body)
    if entry["role"] == "owner":
        return transfer(call, book, entry)
    _check_mail(call)
    with call.shelf.change(book.book_id, call.actor, "permissions.create", body) as draft:
        put(draft, entry, call.shelf.clock())
    return next(found for found in permissions(call.shelf, draft) if found["id"] == entry["id"])


def _shareable(call: Call, file_id: str) -> Book:
    book = seen_file(call, file_id)
    role = role_of(call.shelf, book, call.actor)
    if role != "owner" and not (allows(role, "writer") and book.drive.get("writersCanShare", True)):
        raise insufficient_rights()
    return book


def new_entry(body: Json) -> Json:
    """Return a permission as a body describes it; 400 for one that makes no sense."""
    kind, role = body.get("type"), body.get("role")
    if not kind:
        raise refusal(400, "required", "The permission type field is required.", "permission.type", "other")
    if not role:
        raise refusal(400, "required", "The permission role field is required.", "permission.role", "other")
    if unknown := body.keys() - TAKEN:
        raise missing(f"permissions with {', '.join(sorted(unknown))}")
    if kind not in TYPES:
        raise bad_request("The specified type is invalid or not supported.", "invalid")
    _check_role(kind, role)
    entry = {"kind": "drive#permission", "type": kind, "role": role} | _who(kind, body)
    if kind in ("domain", "anyone"):
        entry["allowFileDiscovery"] = bool(body.get("allowFileDiscovery"))
    if "expirationTime" in body:
        entry["expirationTime"] = expiration(kind, role, body["expirationTime"])
    return {"id": permission_id(entry)} | entry


def _who(kind: str, body: Json) -> Json:
    if kind == "domain":
        if not body.get("domain"):
            raise refusal(400, "required", "The domain field is required.", "permission.domain", "other")
        return {"domain": body["domain"], "displayName": body["domain"]}
    if kind == "anyone":
        return {}
    address = body.get("emailAddress") or ""
    if address.count("@") != 1 or address.startswith("@") or "." not in address.partition("@")[2] or " " in address:
        message = "The specified emailAddress is invalid or not applicable for the given permission type."
        raise refusal(400, "invalid", message, "permission.emailAddress", "other")
    return {"emailAddress": address, "displayName": display_name(address), "deleted": False, "pendingOwner": False}


def _check_role(kind: str, role: str) -> None:
    if role not in RANKS:
        raise bad_request("The specified role is invalid or not supported.", "invalid")
    if role in ("organizer", "fileOrganizer"):
        message = "The specified role is only valid for items that are in a shared drive."
        raise refusal(403, "invalidRoleForItem", message)
    if role == "owner" and kind != "user":
        raise refusal(403, "invalidSharingRequest", "Only a user can be the owner of a file.")


def expiration(kind: str, role: str, text: str) -> str:
    """Return the moment when a permission ends; it must come, within a year, for a user or a group."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f'Invalid value for: Invalid format: "{text}"', "invalid") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    left = (moment - datetime.now(UTC)).total_seconds()
    if kind not in ("user", "group") or role == "owner" or not 0 < left < 366 * 86400:
        raise refusal(403, "expirationDateNotAllowed", "Expiration dates cannot be set on this item.")
    return text


def _check_mail(call: Call) -> None:
    if len(call.query.get("emailMessage") or "") > 2048:
        raise bad_request("The email message is too long.", "invalid")


def put(draft: Book, entry: Json, moment: str) -> None:
    """Add a permission to a file, in the place of the one that its holder had; the higher role stays the owner's."""
    if entry["id"] == account_id(draft.drive["owner"]):
        return
    others = [other for other in draft.drive["permissions"] if other["id"] != entry["id"]]
    draft.drive["permissions"] = [*others, entry]
    draft.drive["sharedTime"] = draft.drive.get("sharedTime", {}) | {entry["id"]: moment}


def transfer(call: Call, book: Book, entry: Json) -> Json:
    """Give a file to another owner; the present one becomes a writer."""
    if not call.flag("transferOwnership"):
        message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise refusal(403, "forbidden", message, "transferOwnership")
    if entry["id"] == account_id(book.drive["owner"]):
        return permissions(call.shelf, book)[0]
    _check_transfer(call, book, entry)
    former = book.drive["owner"]
    with call.shelf.change(book.book_id, call.actor, "permissions.transfer", call.body) as draft:
        draft.drive["owner"] = entry["emailAddress"]
        draft.drive["permissions"] = [other for other in draft.drive["permissions"] if other["id"] != entry["id"]]
        put(draft, new_entry({"type": "user", "role": "writer", "emailAddress": former}), call.shelf.clock())
        if call.query.get("moveToNewOwnersRoot") and call.flag("moveToNewOwnersRoot"):
            draft.drive["parents"] = []
    return permissions(call.shelf, draft)[0]


def _check_transfer(call: Call, book: Book, entry: Json) -> None:
    address = entry["emailAddress"]
    if entry.get("pendingOwner") and address.lower() == call.actor.lower():
        return
    if role_of(call.shelf, book, call.actor) != "owner":
        raise insufficient_rights()
    notify = call.query.get("sendNotificationEmail")
    if notify is not None and not call.flag("sendNotificationEmail"):
        raise refusal(403, "forbidden", "sendNotificationEmail must be true when ownership is transferred.")
    # Only within an organisation does a file change hands without its new owner's consent.
    if address.rpartition("@")[2].lower() != book.drive["owner"].rpartition("@")[2].lower():
        message = "Consent is required to transfer ownership of a file to another user."
        raise refusal(403, "consentRequiredForOwnershipTransfer", message)


def listing(call: Call, file_id: str) -> Json:
    """List who a file is shared with; a reader may not know."""
    book = seen_file(call, file_id)
    if not allows(role_of(call.shelf, book, call.actor), "writer"):
        raise insufficient_rights()
    found = permissions(call.shelf, book)
    size = call.query.get("pageSize")
    if size and not (size.isdigit() and 1 <= int(size) <= 100):
        raise out_of_range("pageSize", size, 1, 100)
    shown, following = page(found, int(size or len(found)), call.query.get("pageToken"), f"permissions {file_id}")
    return {"kind": "drive#permissionList"} | following | {"permissions": shown}


def get(call: Call, file_id: str, permission_id: str) -> Json:
    """Return one permission."""
    return _known(call, seen_file(call, file_id, "writer"), permission_id)


def _known(call: Call, book: Book, permission_id: str) -> Json:
    for entry in permissions(call.shelf, book):
        if entry["id"] == permission_id:
            return entry
    raise thing_not_found("Permission", permission_id)


def update(call: Call, file_id: str, permission_id: str) -> Json:
    """Change the role or the end of a permission; a pending owner accepts by taking the role of owner."""
    body = call.body
    old = _known(call, seen_file(call, file_id), permission_id)
    accepts = body.get("role") == "owner" and old.get("pendingOwner") and permission_id == account_id(call.actor)
    book = seen_file(call, file_id) if accepts else _shareable(call, file_id)
    if unknown := body.keys() - {"role", "expirationTime", "pendingOwner", "kind", "id"}:
        message = f"The resource body includes fields which are not directly writable: {', '.join(sorted(unknown))}"
        raise refusal(403, "fieldNotWritable", message)
    role = body.get("role", old["role"])
    _check_role(old["type"], role)
    if old["role"] == "owner" and role != "owner":
        raise refusal(403, "forbidden", OWNER)
    if role == "owner":
        return transfer(call, book, old) if old["role"] != "owner" else old
    entry = old | {"role": role} | _pending(call, book, old, role)
    if "expirationTime" in body:
        entry["expirationTime"] = expiration(old["type"], role, body["expirationTime"])
    if call.flag("removeExpiration"):
        entry.pop("expirationTime", None)
    with call.shelf.change(file_id, call.actor, "permissions.update", {"id": permission_id} | body) as draft:
        draft.drive["permissions"] = [
            entry if other["id"] == permission_id else other for other in draft.drive["permissions"]
        ]
    return _known(call, draft, permission_id)


def _pending(call: Call, book: Book, old: Json, role: str) -> Json:
    if "pendingOwner" not in call.body:
        return {}
    wanted = call.body["pendingOwner"]
    if wanted and role_of(call.shelf, book, call.actor) != "owner":
        raise insufficient_rights()
    if wanted and (old["type"], role) != ("user", "writer"):
        message = "The target user cannot be a pending owner on this file."
        raise refusal(403, "targetUserCannotBePendingOwnerOnFile", message)
    return {"pendingOwner": wanted}


def delete(call: Call, file_id: str, permission_id: str) -> None:
    """Stop sharing a file with someone; an account may always leave a file that it does not own."""
    book = seen_file(call, file_id)
    if permission_id != account_id(call.actor):
        book = _shareable(call, file_id)
    entry = _known(call, book, permission_id)
    if entry["role"] == "owner":
        raise refusal(403, "insufficientFilePermissions", OWNER)
    kept = [other for other in book.drive["permissions"] if other["id"] != permission_id]
    if len(kept) == len(book.drive["permissions"]):
        raise refusal(403, "cannotRemoveInheritedPermission", "Cannot delete a permission inherited from a folder.")
    with call.shelf.change(file_id, call.actor, "permissions.delete", {"id": permission_id}) as draft:
        draft.drive["permissions"] = [other for other in draft.drive["permissions"] if other["id"] != permission_id]
