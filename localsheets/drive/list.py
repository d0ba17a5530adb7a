"""files.list: what an account sees, searched, sorted, a page at a time."""

import re
from collections.abc import Callable
from typing import Any

from localsheets.drive.errors import out_of_range, refusal
from localsheets.drive.pages import page
from localsheets.drive.query import Seen, parse
from localsheets.drive.sharing import FOLDER, listed_for
from localsheets.errors import drive_invalid, missing
from localsheets.sheets.call import Call

Json = dict[str, Any]
CORPORA = ("user", "domain", "drive", "allDrives")
KEYS: dict[str, Callable[[Json], Any]] = {
    "createdTime": lambda file: file["createdTime"],
    "folder": lambda file: file["mimeType"] != FOLDER,
    "modifiedByMeTime": lambda file: file.get("modifiedByMeTime", ""),
    "modifiedTime": lambda file: file["modifiedTime"],
    "name": lambda file: file["name"].lower(),
    "name_natural": lambda file: natural(file["name"]),
    "quotaBytesUsed": lambda file: int(file["quotaBytesUsed"]),
    "recency": lambda file: file["modifiedTime"],
    "sharedWithMeTime": lambda file: file.get("sharedWithMeTime", ""),
    "starred": lambda file: not file["starred"],
    "viewedByMeTime": lambda file: file.get("viewedByMeTime", ""),
}


def listing(call: Call) -> Json:
    """List the files that an account sees, the last modified first unless `orderBy` says otherwise."""
    _check(call)
    text, order = call.query.get("q") or "", call.query.get("orderBy") or ""
    test = parse(text)
    seen = [Seen(call.shelf, book, call.actor) for book in call.shelf.all() if listed_for(call.shelf, book, call.actor)]
    found = [each.json for each in seen if test(each)]
    for key, descending in reversed(_order(order)):
        found.sort(key=KEYS[key], reverse=descending)
    question = f"{call.actor}\n{text}\n{order}"
    shown, following = page(found, page_size(call, 100, 1000), call.query.get("pageToken"), question)
    return {"kind": "drive#fileList", "incompleteSearch": False} | following | {"files": shown}


def _check(call: Call) -> None:
    corpora = call.query.get("corpora") or "user"
    if unknown := set(corpora.split(",")) - set(CORPORA):
        raise drive_invalid(f"Invalid value '{sorted(unknown)[0]}'.", "corpora")
    if call.query.get("driveId"):
        message = f"Shared drive not found: {call.query['driveId']}"
        raise refusal(404, "notFound", message, "driveId")
    if corpora == "drive":
        raise refusal(400, "required", "Required parameter: driveId", "driveId")
    check_spaces(call)


def check_spaces(call: Call) -> None:
    """Refuse a space that does not exist, at Google or here."""
    spaces = call.query.get("spaces") or "drive"
    if unknown := set(spaces.split(",")) - {"drive", "appDataFolder", "photos"}:
        raise drive_invalid(f"Invalid value '{sorted(unknown)[0]}'.", "spaces")
    if spaces != "drive":
        raise missing(f"the space {spaces}")


def page_size(call: Call, usual: int, most: int) -> int:
    """Read `pageSize`; 400 outside 1 to the most that the method gives."""
    text = call.query.get("pageSize") or str(usual)
    if not re.fullmatch(r"-?\d{1,9}", text) or not 1 <= int(text) <= most:
        raise out_of_range("pageSize", text, 1, most)
    return int(text)


def _order(text: str) -> list[tuple[str, bool]]:
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, way = part.partition(" ")
        if name not in KEYS or way.strip() not in ("", "asc", "desc"):
            raise drive_invalid("Invalid Value", "orderBy")
        found.append((name, way.strip() == "desc"))
    return found


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return what sorts names as people count: file 2 before file 10."""
    parts = re.findall(r"\d+|\D+", name.lower())
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
