"""The only module that imports gspread: read a book, write to it, and say in French what went wrong.

gspread's own conveniences are left aside on purpose: its retrying client repeats writes blindly, its
records lose leading zeros and decimal commas, its cells are parsed by Google. Its low-level client
is used with ids, time limits, and retries for reads only.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import gspread
import msgspec
import requests
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient
from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from sync import answers

SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")
#: Seconds to connect, then to wait for an answer: Google itself cuts a request after 180 s.
TIMEOUT = (5.0, 60.0)
READ_ATTEMPTS = 3
CELL = "values(userEnteredValue,effectiveValue)"
SHEET = "properties(sheetId,title,index,hidden,gridProperties(rowCount,columnCount))"
READ_MASK = (
    f"spreadsheetId,properties(title,locale,timeZone),sheets({SHEET},data(startRow,startColumn,"
    f"rowData({CELL}),columnMetadata(developerMetadata(metadataKey,metadataValue))),"
    "protectedRanges(range,unprotectedRanges,warningOnly,requestingUserCanEdit),merges)"
)
#: What adoption reads besides: merged cells, hidden tabs, and which marks an earlier binding left.
SURVEY_MASK = READ_MASK.replace("metadataKey,", "metadataId,metadataKey,").replace(
    "merges)", "merges,basicFilter,filterViews)"
)
ABOUT = {"fields": "id,name,mimeType,trashed,capabilities(canEdit)", "supportsAllDrives": "true"}
REPLY_MASK = (
    f"spreadsheetId,replies,updatedSpreadsheet(sheets({SHEET},data(startRow,startColumn,rowData({CELL}))))"
)
DRIVE_STOP = "https://www.googleapis.com/drive/v3/channels/stop"
GOOGLE_HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com/drive")


class BookTrouble(Exception):
    """A book could not be read or written; the message tells staff in French what to do."""


class Throttled(BookTrouble):
    """Google asks to slow down: nothing was done."""


class Rejected(BookTrouble):
    """Google refused the request as it is: nothing was done."""

    #: Which request of the batch it was about; None when it does not say.
    request: int | None = None


class Unreachable(BookTrouble):
    """No answer to a read: nothing is known, nothing was done."""


class OutcomeUnknown(BookTrouble):
    """A write got no clear answer: it may have been applied. To be settled by a read, never repeated."""


class _Client(HTTPClient):
    """Send gspread's requests to the addresses of the settings, within time limits."""

    roots: tuple[str, str] = GOOGLE_HOSTS
    account = ""

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """Send one request within the time limits; raise BookTrouble on any answer that is not a success."""
        for google, ours in zip(GOOGLE_HOSTS, self.roots, strict=True):
            if endpoint.startswith(google):
                endpoint = ours + endpoint.removeprefix(google)
        call = dict(zip(("params", "data", "json", "files", "headers"), args, strict=False)) | kwargs
        reading = method.lower() == "get"
        try:
            response = self.session.request(method, endpoint, timeout=TIMEOUT, **call)
        except GoogleAuthError as error:
            raise _refused_key(error, self.account) from error
        except requests.ConnectTimeout as error:
            raise Unreachable(_NO_ANSWER) from error
        except requests.RequestException as error:
            raise (Unreachable if reading else OutcomeUnknown)(_NO_ANSWER) from error
        if not response.ok:
            raise _trouble(response, reading, self.account)
        return response


_NO_ANSWER = (
    "Google ne répond pas : rien n'est perdu, les modifications attendent et partiront d'elles-mêmes. "
    "Si cela dure, vérifiez l'accès du serveur à Internet."
)

_CHANGED = (
    "Le classeur a changé pendant l'écriture, ou une protection l'empêche : rien n'est perdu, la synchronisation "
    "réessaie d'elle-même."
)
#: How Google says which request of a batch is wrong, whatever the language of the rest.
_PLACE = re.compile(r"requests\[(\d+)\]")


def _refused_key(error: Exception, account: str) -> BookTrouble:
    text = str(error)
    if "Connection" in text or "Max retries" in text or "timed out" in text:
        return Unreachable(_NO_ANSWER)
    return BookTrouble(
        f"Google refuse la clé du compte de service {account} : elle a peut-être été supprimée. Créez une "
        "nouvelle clé JSON et remplacez GOOGLE_SERVICE_ACCOUNT_JSON."
    )


def _trouble(response: requests.Response, reading: bool, account: str) -> BookTrouble:
    """Turn a refusal of Google into ours; the status is read from the answer, the body may be HTML."""
    status, said = response.status_code, _said(response)
    if status == 429:
        return Throttled("Google demande de ralentir : la synchronisation reprend d'elle-même dans un instant.")
    if status == 404:
        return Rejected(
            f"Classeur introuvable : il a été supprimé, ou il n'est pas partagé avec {account}. "
            "Ouvrez-le dans Google Sheets et partagez-le avec cette adresse, en modification."
        )
    if status == 403:
        return Rejected(
            f"Accès refusé : partagez le classeur avec {account}, avec le droit « Éditeur »."
        )
    if status == 401:
        return BookTrouble(
            "Google ne reconnaît pas le compte de service : vérifiez GOOGLE_SERVICE_ACCOUNT_JSON."
        )
    if status >= 500:
        text = f"Google est en difficulté (erreur {status}) : la synchronisation réessaie d'elle-même."
        return (Unreachable if reading else OutcomeUnknown)(text)
    refused = f"Google refuse la demande ({status}) : {said}"
    if reading:
        return Rejected(refused)
    error = Rejected(f"{_CHANGED} {refused}")
    place = _PLACE.search(said)
    error.request = int(place[1]) if place else None
    return error


def _said(response: requests.Response) -> str:
    try:
        return str(msgspec.json.decode(response.content)["error"]["message"])[:300]
    except (msgspec.DecodeError, KeyError, TypeError):
        return response.text[:120]


class Sheets:
    """One connection to Google Sheets: one for each thread."""

    def __init__(self, account: Mapping[str, Any], sheets_root: str, drive_root: str) -> None:
        try:
            credentials = Credentials.from_service_account_info(dict(account), scopes=SCOPES)
        except (ValueError, GoogleAuthError) as error:
            raise BookTrouble(
                "La clé privée de GOOGLE_SERVICE_ACCOUNT_JSON est abîmée : collez de nouveau le fichier entier."
            ) from error
        self.account = str(account.get("client_email", ""))
        self.client = gspread.Client(auth=credentials, http_client=_Client)
        http = self.client.http_client
        http.roots = (sheets_root.rstrip("/"), drive_root.rstrip("/"))
        http.account = self.account
        self.http = http
        self.reads = self.writes = 0
        #: Called with "reads" or "writes" before each call, each attempt of a read included.
        self.before_call: Callable[[str], None] = lambda kind: None

    def read(self, book_id: str) -> answers.Book:
        """Return every tab of a book, masked to entered and effective values; one call."""
        params = {"fields": READ_MASK, "prettyPrint": "false"}
        return self._get(SPREADSHEET_URL % book_id, params)

    def survey(self, book_id: str) -> answers.Book:
        """Return every tab of a book as `read` does, with its merged cells and the ids of its marks; one call."""
        return self._get(SPREADSHEET_URL % book_id, {"fields": SURVEY_MASK, "prettyPrint": "false"})

    def about(self, book_id: str) -> dict[str, Any]:
        """Return what Drive says of a file: its kind, whether it is in the bin, whether we may edit it; one call."""
        response = self.http.request("get", f"{DRIVE_FILES_API_V3_URL}/{book_id}", params=dict(ABOUT))
        with _whole(Unreachable):
            return msgspec.json.decode(response.content)

    def _get(self, url: str, params: Mapping[str, Any]) -> answers.Book:
        attempts = Retrying(
            retry=retry_if_exception_type(Unreachable),
            stop=stop_after_attempt(READ_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.3, max=3),
            reraise=True,
        )
        return attempts(self._get_once, url, params)

    def _get_once(self, url: str, params: Mapping[str, Any]) -> answers.Book:
        self.before_call("reads")
        self.reads += 1
        response = self.http.request("get", url, params=dict(params))
        with _whole(Unreachable):
            return answers.book(response.content)

    def write(self, book_id: str, batch: list[dict[str, Any]], ranges: list[str] | None = None) -> answers.Reply:
        """Apply a batch, all or nothing, and return the book after it, masked to `ranges`; one call."""
        body: dict[str, Any] = {"requests": batch}
        params = {"prettyPrint": "false"}
        if ranges:
            body |= {"includeSpreadsheetInResponse": True, "responseRanges": ranges}
            params["fields"] = REPLY_MASK
        self.before_call("writes")
        self.writes += 1
        response = self.http.request("post", SPREADSHEET_BATCH_UPDATE_URL % book_id, params=params, json=body)
        with _whole(OutcomeUnknown):
            return answers.reply(response.content)

    def create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create a spreadsheet from a full resource (properties, tabs, data) and return it without data."""
        self.before_call("writes")
        self.writes += 1
        params = {"fields": "spreadsheetId,properties(title),sheets(properties)"}
        url = SPREADSHEET_URL.rsplit("/", 1)[0]
        response = self.http.request("post", url, params=params, json=dict(body))
        with _whole(OutcomeUnknown):
            return msgspec.json.decode(response.content)

    def watch(self, book_id: str, channel_id: str, token: str, address: str, until: int) -> dict[str, Any]:
        """Have Drive post to an address when a book moves, until an instant in ms; return what it calls the channel."""
        body = {"id": channel_id, "type": "web_hook", "address": address, "token": token, "expiration": str(until)}
        url, params = f"{DRIVE_FILES_API_V3_URL}/{book_id}/watch", {"supportsAllDrives": "true"}
        response = self.http.request("post", url, params=params, json=body)
        with _whole(OutcomeUnknown):
            return msgspec.json.decode(response.content)

    def stop_watching(self, channel_id: str, resource: str) -> None:
        """Have Drive forget a channel; one that it no longer knows is forgotten already."""
        with suppress(Rejected):
            self.http.request("post", DRIVE_STOP, json={"id": channel_id, "resourceId": resource})


@contextmanager
def _whole(trouble: type[BookTrouble]) -> Iterator[None]:
    """Turn an answer cut short, or that is not Google's, into a trouble."""
    try:
        yield
    except msgspec.MsgspecError as error:
        raise trouble("La réponse de Google est tronquée : la synchronisation réessaie d'elle-même.") from error
