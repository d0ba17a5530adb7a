"""Channels of Drive: who is told, at which address, of the changes of a file or of all files.

Google wants https addresses; this stand-in also takes http ones on the machine it runs on.
"""

import time
from typing import Any
from urllib.parse import urlsplit

from localsheets.drive.changes import since
from localsheets.drive.errors import bad_request, refusal
from localsheets.drive.json import seen_file
from localsheets.drive.sharing import account_id
from localsheets.errors import missing
from localsheets.sheets.call import Call

Json = dict[str, Any]
USUAL_LIFE, FILE_LIFE, CHANGES_LIFE = 3600, 86_400, 604_800
LOOPBACK = ("127.0.0.1", "localhost", "::1")
TAKEN = {"kind", "id", "type", "address", "token", "expiration", "payload", "resourceId", "resourceUri"}
ROOT = "https://www.googleapis.com/drive/v3"


def watch_file(call: Call, file_id: str) -> Json:
    """Open a channel that tells of the changes of one file."""
    seen_file(call, file_id)
    uri = f"{ROOT}/files/{file_id}?alt=json&null"
    return _open(call, {"file": file_id, "resourceUri": uri}, FILE_LIFE)


def watch_changes(call: Call) -> Json:
    """Open a channel that tells of the changes of every file that the account sees."""
    start = since(call) + 1
    uri = f"{ROOT}/changes?alt=json&pageToken={start}"
    return _open(call, {"file": None, "resourceUri": uri}, CHANGES_LIFE)


def _open(call: Call, watched: Json, longest: int) -> Json:
    body = call.body
    if unknown := body.keys() - TAKEN:
        raise missing(f"channels with {', '.join(sorted(unknown))}")
    for name in ("id", "address"):
        if not body.get(name):
            raise refusal(400, "required", "Required", f"entity.{name}", "other")
    if body.get("type") not in ("web_hook", "webhook"):
        raise bad_request("Unknown channel type", "channelTypeUnknown")
    if len(body["id"]) > 64:
        raise bad_request("Channel id too long", "channelIdTooLong")
    _check_address(body["address"])
    resource = account_id(f"{watched['file'] or 'changes ' + call.actor}")
    entry = watched | {
        "id": body["id"],
        "actor": call.actor,
        "address": body["address"],
        "token": body.get("token"),
        "resourceId": resource,
        "expiration": _expiration(body.get("expiration"), longest),
    }
    call.shelf.pusher.open(entry)
    given = {"token": entry["token"]} if entry["token"] is not None else {}
    return {
        "kind": "api#channel",
        "id": entry["id"],
        "resourceId": resource,
        "resourceUri": entry["resourceUri"],
        **given,
        "expiration": str(entry["expiration"]),
    }


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise bad_request(f"WebHook callback must be HTTPS: {address}", "push.webhookUrlNotHttps")


def _expiration(given: str | None, longest: int) -> int:
    now = int(time.time() * 1000)
    if given is None:
        return now + USUAL_LIFE * 1000
    if not str(given).isdigit() or int(given) <= now:
        raise bad_request("Invalid channel expiration", "invalid")
    return min(int(given), now + longest * 1000)


def stop(call: Call) -> None:
    """Close a channel; whoever opened it may."""
    channel_id, resource = call.body.get("id"), call.body.get("resourceId")
    for name, value in (("id", channel_id), ("resourceId", resource)):
        if not value:
            raise refusal(400, "required", "Required", f"entity.{name}", "other")
    if not call.shelf.pusher.close_channel(channel_id, resource, call.actor):
        raise refusal(404, "notFound", f"Channel '{channel_id}' not found for project 'localsheets'")
