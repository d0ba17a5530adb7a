"""What a recording holds: kinds of calls, who recorded, and the files that stood there before."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
#: Who owns what the recorder may not read.
STRANGER = "stranger@example.com"
ADDRESS = re.compile(r"[\w.-]+@[\w.-]+\.gserviceaccount\.com")
#: Kinds of calls: method, pattern of the path after the version, name in the discovery documents.
KINDS = [
    ("POST", r"/spreadsheets", "spreadsheets.create"),
    ("GET", r"/spreadsheets/[^/:]+", "spreadsheets.get"),
    ("POST", r"/spreadsheets/[^/:]+:(\w+)", "spreadsheets.{}"),
    ("POST", r"/spreadsheets/[^/]+/sheets/[^/:]+:(\w+)", "spreadsheets.sheets.{}"),
    ("GET", r"/spreadsheets/[^/]+/developerMetadata/[^/:]+", "spreadsheets.developerMetadata.get"),
    ("POST", r"/spreadsheets/[^/]+/developerMetadata:(\w+)", "spreadsheets.developerMetadata.{}"),
    ("GET|POST", r"/spreadsheets/[^/]+/values:(\w+)", "spreadsheets.values.{}"),
    ("POST", r"/spreadsheets/[^/]+/values/.*:(append|clear)", "spreadsheets.values.{}"),
    ("GET", r"/spreadsheets/[^/]+/values/.*", "spreadsheets.values.get"),
    ("PUT", r"/spreadsheets/[^/]+/values/.*", "spreadsheets.values.update"),
    ("GET|POST", r"/files/[^/]+/(copy|export|watch)", "files.{}"),
]
VERBS = {"GET": "get", "POST": "create", "PATCH": "update", "PUT": "update", "DELETE": "delete"}


def kind_of(method: str, uri: str) -> str:
    """Name a call as the discovery documents do: spreadsheets.values.get, files.list…"""
    path = re.sub(r".*?/v\d(?=/)", "", urlsplit(uri).path)
    for known, pattern, name in KINDS:
        match = re.fullmatch(pattern, path)
        if match and method in known.split("|"):
            return name.format(*match.groups())
    parts = path.strip("/").split("/")
    verb = "list" if method == "GET" and len(parts) % 2 else VERBS.get(method, method.lower())
    return ".".join([*parts[::2], verb])


def recorder_of(recordings: list[list[Json]]) -> str:
    """Find the address of the account that recorded: the service account that answers name most often."""
    answers = json.dumps([pair["answer"] for interactions in recordings for pair in interactions])
    named = Counter(ADDRESS.findall(answers)).most_common(1)
    return named[0][0] if named else "recorder@example.com"


@dataclass
class File:
    """A file that stood in the account before the recording began."""

    file_id: str
    name: str
    created: str
    #: Whose it is; the recorder's when empty.
    account: str = ""


def scenery(interactions: list[Json]) -> dict[int, list[File]]:
    """Find the files that a recording meets without having made them, by the call they must precede.

    A recorder's account holds files from before. Nothing but their names and their order is taken
    from the answers: each is made empty through the API, and what is then read of it is compared
    like anything else. A file that may not be read belongs to another account.
    """
    made, moments = _made(interactions)
    found: dict[str, tuple[int, File]] = {}
    for index, pair in enumerate(interactions):
        for file in _met(pair):
            if file.file_id in made or file.file_id in found:
                continue
            later = [at for one, at in made.items() if at <= index and moments.get(one, "") > file.created]
            found[file.file_id] = (min(later, default=index) if file.created else 0, file)
    placed: dict[int, list[File]] = {}
    for at, file in sorted(found.values(), key=lambda entry: entry[1].created):
        placed.setdefault(at, []).append(file)
    return placed


def _made(interactions: list[Json]) -> tuple[dict[str, int], dict[str, str]]:
    made: dict[str, int] = {}
    moments: dict[str, str] = {}
    for index, pair in enumerate(interactions):
        answer = pair["answer"] if isinstance(pair["answer"], dict) else {}
        file_id = answer.get("id") or answer.get("spreadsheetId")
        if kind_of(pair["method"], pair["uri"]) in ("files.create", "files.copy", "spreadsheets.create") and file_id:
            made[file_id] = index
        for one in [answer, *answer.get("files", [])]:
            if "createdTime" in one and "id" in one:
                moments.setdefault(one["id"], one["createdTime"])
    return made, moments


def _met(pair: Json) -> Iterator[File]:
    answer = pair["answer"] if isinstance(pair["answer"], dict) else {}
    for one in answer.get("files", []):
        yield File(one["id"], one.get("name", ""), one.get("createdTime", ""))
    match = re.search(r"/(?:spreadsheets|files)/([\w-]{25,})", pair["uri"])
    if match and pair["status"] == 403:
        yield File(match[1], "", "", STRANGER)
    elif match and pair["status"] < 300:
        name = answer.get("name") or answer.get("properties", {}).get("title", "")
        yield File(match[1], name, answer.get("createdTime", ""))
