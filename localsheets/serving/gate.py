"""What stands between a token and a call of Sheets: its scopes, the quotas, and who the book is shared with."""

import re
from typing import Any

from localsheets.books.shelf import Shelf
from localsheets.drive.sharing import SPREADSHEET, allows, mime_type, role_of
from localsheets.errors import ApiError
from localsheets.serving.quotas import Quotas

Json = dict[str, Any]
AUTH = "https://www.googleapis.com/auth/"
WRITING = {AUTH + "spreadsheets", AUTH + "drive", AUTH + "drive.file"}
READING = WRITING | {AUTH + "spreadsheets.readonly", AUTH + "drive.readonly"}
METADATA = {AUTH + "drive.metadata", AUTH + "drive.metadata.readonly"}
# POST calls that change nothing.
ASKING = re.compile(r"/[^/:]+(:getByDataFilter|/values:batchGetByDataFilter|/developerMetadata:search)")
COPYING = re.compile(r"/[^/:]+/sheets/[^/:]+:copyTo")
METADATA_PATHS = re.compile(r"/(about|changes(/.*)?|channels/stop|files(/[^/]+(/watch|/permissions(/[^/]+)?)?)?)")


class Gate:
    """Refuse calls before they do anything."""

    def __init__(self, quotas: Quotas) -> None:
        self.quotas = quotas

    def admit(self, api: str, shelf: Shelf, bearer: Json, method: str, path: str, body: Json) -> None:
        """Let a call of `sheets` or `drive` through, or refuse it: 403 scopes, 429 quotas, 403 not shared."""
        if api == "drive":
            _check_drive_scopes(bearer["scopes"], method, path)
            self.quotas.spend_drive(bearer["email"])
            return
        writes = is_write(method, path)
        _check_scopes(bearer["scopes"], WRITING if writes else READING)
        self.quotas.spend(bearer["email"], writes)
        check_shared(shelf, bearer["email"], path, writes, body)


def is_write(method: str, path: str) -> bool:
    """Tell whether a call of Sheets counts as a write request."""
    return method != "GET" and not ASKING.fullmatch(path)


def _check_drive_scopes(scopes: list[str] | None, method: str, path: str) -> None:
    allowed = {AUTH + "drive", AUTH + "drive.file"}
    if method == "GET":
        allowed |= {AUTH + "drive.readonly"} | (METADATA if METADATA_PATHS.fullmatch(path) else set())
    elif re.fullmatch("/files/[^/]+", path) and method == "PATCH":
        allowed |= {AUTH + "drive.metadata"}
    elif re.fullmatch("/(files/[^/]+|changes)/watch|/channels/stop", path):
        allowed |= {AUTH + "drive.readonly"} | METADATA
    _check_scopes(scopes, allowed)


def _check_scopes(scopes: list[str] | None, allowed: set[str]) -> None:
    if scopes is None or allowed.intersection(scopes):
        return
    raise ApiError(
        403,
        "PERMISSION_DENIED",
        "Request had insufficient authentication scopes.",
        errors=[{"message": "Insufficient Permission", "domain": "global", "reason": "insufficientPermissions"}],
    )


def check_shared(shelf: Shelf, actor: str, path: str, writes: bool, body: Json) -> None:
    """Refuse a call of Sheets on a book that is not shared with the account, or not for writing.

    An id that nobody has is left to the call itself, which answers 404.
    """
    match = re.match(r"/([^/:]+)", path)
    if match is None:
        return
    copying = bool(COPYING.fullmatch(path))
    _check_role(shelf, actor, match[1], "writer" if writes and not copying else "reader")
    if copying and isinstance(body.get("destinationSpreadsheetId"), str):
        _check_role(shelf, actor, body["destinationSpreadsheetId"], "writer")


def _check_role(shelf: Shelf, actor: str, book_id: str, wanted: str) -> None:
    book = shelf.known.get(book_id)
    if book is None:
        return
    if not allows(role_of(shelf, book, actor), wanted):
        raise ApiError(403, "PERMISSION_DENIED", "The caller does not have permission")
    if mime_type(book) != SPREADSHEET:
        raise ApiError(400, "FAILED_PRECONDITION", "This operation is not supported for this document")
