"""What the tests of the stand-in share: a gspread client and plain requests that talk to it."""

from typing import Any

import gspread
import httplib2
import requests
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
Json = dict[str, Any]


def credentials(url: str, email: str | None = None) -> Credentials:
    """Return credentials that exchanged a real signed assertion with the server."""
    account = requests.get(f"{url}/service-account.json", timeout=5).json()
    account |= {"client_email": email} if email else {}
    found = Credentials.from_service_account_info(account, scopes=SCOPES)
    found.refresh(Request())
    return found


def gspread_client(url: str) -> gspread.Client:
    """Return an unmodified gspread client, its two hosts replaced."""

    class Local(HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> requests.Response:
            endpoint = endpoint.replace("https://sheets.googleapis.com", url)
            endpoint = endpoint.replace("https://www.googleapis.com", url)
            return super().request(method, endpoint, *args, **options)

    return gspread.Client(credentials(url), http_client=Local)


class Elsewhere(httplib2.Http):
    """Send to another place what is meant for Google."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def request(self, uri: str, *args: Any, **options: Any) -> Any:
        for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
            uri = uri.replace(host, self.url)
        return super().request(uri, *args, **options)


class Plain:
    """Call the server with plain requests, and remember one book."""

    def __init__(self, url: str, email: str | None = None, book: str = "") -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {credentials(url, email).token}"
        self.book = book

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """Send a request and return the answer, whatever its status."""
        return self.session.request(method, self.url + path, json=body, params=query, timeout=10)

    def create(self, title: str = "Essai", locale: str = "en_US", sheets: list[Json] | None = None) -> Json:
        """Create a book and make it the one that the other calls are about."""
        body: Json = {"properties": {"title": title, "locale": locale}}
        body |= {"sheets": sheets} if sheets else {}
        answer = self.call("POST", "/v4/spreadsheets", body).json()
        self.book = answer["spreadsheetId"]
        return answer

    def share(self, email: str, role: str = "writer", kind: str = "user") -> Json:
        """Share the book with an address."""
        body = {"type": kind, "role": role, "emailAddress": email}
        return self.call("POST", f"/drive/v3/files/{self.book}/permissions", body).json()

    def batch(self, *kinds: Json, fields: str | None = None, **more: Any) -> requests.Response:
        """Send a batchUpdate."""
        query = {"fields": fields} if fields else {}
        return self.call(
            "POST", f"/v4/spreadsheets/{self.book}:batchUpdate", {"requests": list(kinds), **more}, **query
        )

    def write(self, cells: str, values: list[list[Any]], how: str = "USER_ENTERED") -> requests.Response:
        """Write plain values."""
        path = f"/v4/spreadsheets/{self.book}/values/{cells}"
        return self.call("PUT", path, {"values": values}, valueInputOption=how)

    def read(self, cells: str, render: str = "FORMATTED_VALUE", **query: Any) -> list[list[Any]]:
        """Read plain values; nothing there is an empty list."""
        path = f"/v4/spreadsheets/{self.book}/values/{cells}"
        return self.call("GET", path, valueRenderOption=render, **query).json().get("values", [])

    def get(self, **query: Any) -> Json:
        """Get the book."""
        return self.call("GET", f"/v4/spreadsheets/{self.book}", **query).json()

    def page(self, path: str, body: Any = None) -> requests.Response:
        """Post to the private API of the grid page, as a browser without token does."""
        address = f"{self.url}/spreadsheets/d/{self.book}/{path}"
        return requests.post(address, json=body if body is not None else {}, timeout=10)

    def act(self, *actions: Json) -> requests.Response:
        """Do actions on the grid page."""
        return self.page("actions", {"actions": list(actions)})

    def state(self, since: int | None = None) -> requests.Response:
        """Ask for what the grid page shows."""
        query = {} if since is None else {"since": since}
        return requests.get(f"{self.url}/spreadsheets/d/{self.book}/state", params=query, timeout=10)


def cells(*values: Any) -> Json:
    """Return a RowData of typed values: numbers, booleans, texts, None for a blank."""
    return {"values": [_cell(value) for value in values]}


def _cell(value: Any) -> Json:
    if value is None:
        return {}
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}


def area(top: int, left: int, bottom: int, right: int, sheet_id: int = 0) -> Json:
    """Return a GridRange."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def lines(dimension: str, start: int, end: int, sheet_id: int = 0) -> Json:
    """Return a DimensionRange."""
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}
