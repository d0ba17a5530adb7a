"""What a request is called in a schedule of faults: its method of the API, its book, its account."""

import base64
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

READS = (
    "spreadsheets.get",
    "spreadsheets.getByDataFilter",
    "values.get",
    "values.batchGet",
    "values.batchGetByDataFilter",
    "developerMetadata.get",
    "developerMetadata.search",
    "drive.files.get",
    "drive.files.list",
    "drive.files.export",
    "drive.files.listLabels",
    "drive.permissions.get",
    "drive.permissions.list",
    "drive.comments.get",
    "drive.comments.list",
    "drive.replies.get",
    "drive.replies.list",
    "drive.revisions.get",
    "drive.revisions.list",
    "drive.changes.list",
    "drive.changes.getStartPageToken",
    "drive.about.get",
)
WRITES = (
    "spreadsheets.create",
    "spreadsheets.batchUpdate",
    "values.update",
    "values.batchUpdate",
    "values.batchUpdateByDataFilter",
    "values.append",
    "values.clear",
    "values.batchClear",
    "values.batchClearByDataFilter",
    "sheets.copyTo",
    "drive.files.create",
    "drive.files.update",
    "drive.files.copy",
    "drive.files.delete",
    "drive.files.emptyTrash",
    "drive.permissions.create",
    "drive.permissions.update",
    "drive.permissions.delete",
    "drive.comments.create",
    "drive.comments.update",
    "drive.comments.delete",
    "drive.replies.create",
    "drive.replies.update",
    "drive.replies.delete",
    "drive.revisions.update",
    "drive.revisions.delete",
)
# Neither a reading nor a writing of a book.
OTHERS = (
    "token",
    "drive.files.watch",
    "drive.changes.watch",
    "drive.channels.stop",
    "drive.files.generateIds",
    "other",
)
GROUPS = ("reads", "writes", "sheets", "drive")
KINDS = frozenset((*READS, *WRITES, *OTHERS))

_BOOK = r"/(?P<book>[^/:]+)"
_SHEETS = [
    ("POST", "", "spreadsheets.create"),
    ("POST", rf"{_BOOK}:(?P<verb>getByDataFilter|batchUpdate)", "spreadsheets"),
    ("GET", _BOOK, "spreadsheets.get"),
    ("GET", rf"{_BOOK}/values:(?P<verb>batchGet)", "values"),
    ("POST", rf"{_BOOK}/values:(?P<verb>batch(?:Get|Update|Clear)ByDataFilter|batchUpdate|batchClear)", "values"),
    ("POST", rf"{_BOOK}/values/.+:(?P<verb>append|clear)", "values"),
    ("GET", rf"{_BOOK}/values/.+", "values.get"),
    ("PUT", rf"{_BOOK}/values/.+", "values.update"),
    ("POST", rf"{_BOOK}/sheets/[^/]+:(?P<verb>copyTo)", "sheets"),
    ("POST", rf"{_BOOK}/developerMetadata:(?P<verb>search)", "developerMetadata"),
    ("GET", rf"{_BOOK}/developerMetadata/[^/]+", "developerMetadata.get"),
]
_VERBS = {"PATCH": "update", "PUT": "update", "DELETE": "delete"}
_DRIVE = [
    ("GET", "/about", "drive.about.get"),
    ("GET", "/changes", "drive.changes.list"),
    ("GET", "/changes/startPageToken", "drive.changes.getStartPageToken"),
    ("POST", "/changes/watch", "drive.changes.watch"),
    ("POST", "/channels/stop", "drive.channels.stop"),
    ("GET", "/files/generateIds", "drive.files.generateIds"),
    ("DELETE", "/files/trash", "drive.files.emptyTrash"),
]
_FILES = re.compile(r"/files(?:/(?P<book>[^/]+)(?:/(?P<rest>.+))?)?")
_ON_A_FILE = {"copy": "copy", "watch": "watch", "export": "export", "listLabels": "listLabels"}
_COLLECTION = re.compile(
    r"(?P<what>permissions|comments|revisions)(?:/(?P<id>[^/]+)(?P<replies>/replies(?P<one>/.+)?)?)?"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what a schedule may look at in a request; `title` is the book's, empty when unknown."""

    kind: str
    book: str = ""
    account: str = ""
    title: str = ""

    @property
    def reads(self) -> bool:
        """Tell whether the request reads a book, or the list of books."""
        return self.kind in READS

    @property
    def writes(self) -> bool:
        """Tell whether the request is meant to change a book."""
        return self.kind in WRITES

    def is_of(self, kind: str) -> bool:
        """Tell whether the request is of a kind or of a group of kinds."""
        groups = {
            "reads": self.reads,
            "writes": self.writes,
            "drive": self.kind.startswith("drive."),
            "sheets": self.kind not in OTHERS and not self.kind.startswith("drive."),
        }
        return groups.get(kind, self.kind == kind)


def kind_of(method: str, path: str) -> tuple[str, str] | None:
    """Return the kind and the book of a request, None when it is no call of the API."""
    if path == "/token":
        return "token", ""
    if path == "/v4/spreadsheets" or path.startswith("/v4/spreadsheets/"):
        return _listed(_SHEETS, method, path.removeprefix("/v4/spreadsheets")) or ("other", "")
    for root in ("/upload/drive/v3", "/drive/v3"):
        if path.startswith(f"{root}/"):
            rest = path.removeprefix(root)
            return _listed(_DRIVE, method, rest) or _file(method, rest) or ("other", "")
    return None


def _listed(table: list[tuple[str, str, str]], method: str, path: str) -> tuple[str, str] | None:
    for known, pattern, kind in table:
        match = re.fullmatch(pattern, path, re.DOTALL) if known == method else None
        if match:
            found = match.groupdict()
            return (f"{kind}.{found['verb']}" if found.get("verb") else kind), found.get("book", "")
    return None


def _file(method: str, path: str) -> tuple[str, str] | None:
    match = _FILES.fullmatch(path)
    if match is None:
        return None
    book, rest = match["book"] or "", match["rest"]
    if rest is None:
        return f"drive.files.{_verb(method, bool(book))}", book
    if rest in _ON_A_FILE:
        return f"drive.files.{_ON_A_FILE[rest]}", book
    inner = _COLLECTION.fullmatch(rest)
    if inner is None:
        return None
    if inner["replies"]:
        return f"drive.replies.{_verb(method, bool(inner['one']))}", book
    return f"drive.{inner['what']}.{_verb(method, bool(inner['id']))}", book


def _verb(method: str, one: bool) -> str:
    if method == "GET":
        return "get" if one else "list"
    return _VERBS.get(method, "create")


def issuer(body: bytes) -> str:
    """Return who signed the assertion of a token request, unverified; empty when it cannot be read."""
    assertion = parse_qs(body.decode("latin-1")).get("assertion", [""])[0]
    parts = unquote(assertion).split(".")
    if len(parts) != 3:
        return ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return ""
    return str(claims.get("iss", "")) if isinstance(claims, dict) else ""
