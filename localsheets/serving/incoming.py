"""What an HTTP request says, before any method looks at it: its real method, its query, its JSON body."""

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from flask import Request
from werkzeug.datastructures import MultiDict

from localsheets.errors import ApiError, invalid, no_credentials, root_not_a_message, unknown_parameters

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
CONTEXT = 20
COMPLAINTS = {
    "Expecting property name enclosed in double quotes": "Expected an object key or }.",
    "Expecting ':' delimiter": "Expected : between key:value pair.",
    "Unterminated string starting at": "Closing quote expected in string.",
    "Extra data": "Parsing terminated before end of input.",
}


@dataclass(slots=True)
class Incoming:
    """Hold a request as Google reads it: clients may send a long GET as a POST that says so."""

    method: str
    query: MultiDict[str, str]
    text: bytes
    body: Json
    authorization: str


def read(request: Request, uploads: bool = False) -> Incoming:
    """Read a request; 400 for a body that is no JSON object or a form, 401 or 403 without a token.

    The body of an upload is left as it is.
    """
    override = request.headers.get("X-HTTP-Method-Override", "").upper()
    method = override if override and request.method == "POST" else request.method
    query = MultiDict(request.args.items(multi=True))
    data = _unpacked(request)
    if request.mimetype == FORM and data.strip():
        # A form is read as more of the query: right for an overridden GET, a mistake for a JSON body.
        given = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)
        if override != "GET":
            raise unknown_parameters([name for name, _ in given] or [data.decode("utf-8", "replace")])
        query.update(given)
        data = b""
    return Incoming(method, query, data, {} if uploads else parsed(data), _authorization(request, query))


def _authorization(request: Request, query: MultiDict[str, str]) -> str:
    header = request.headers.get("Authorization")
    token = query.get("access_token") or query.get("oauth_token")
    if header is None and token is None:
        raise no_credentials(request.method)
    return header if header is not None else f"Bearer {token}"


def _unpacked(request: Request) -> bytes:
    data = request.get_data()
    if request.headers.get("Content-Encoding", "").lower() != "gzip":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise invalid("Request contains an invalid argument.") from None


def parsed(data: bytes) -> Json:
    """Return the JSON object of a body, an empty one for an empty body."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        return {}
    try:
        body = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        body = _by_the_book(data.decode("utf-8", "replace"))
    if not isinstance(body, dict):
        raise root_not_a_message()
    return body


def _by_the_book(text: str) -> Any:
    """Parse what the fast parser refused, for Google's words on what is wrong and where."""
    try:
        return json.loads(text, parse_constant=_no_constant, strict=False)
    except json.JSONDecodeError as refused:
        raise _not_json(refused.msg, text, refused.pos) from None
    except (ValueError, RecursionError):
        raise _not_json("", text, 0) from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _not_json(complaint: str, text: str, at: int) -> ApiError:
    ended = at >= len(text.rstrip())
    expected = COMPLAINTS.get(complaint, "Expected a value." if ended else "Unexpected token.")
    if complaint == "Expecting ',' delimiter":
        inside = "[" if text.rfind("[", 0, at) > text.rfind("{", 0, at) else "{"
        expected = f"Expected , or {']' if inside == '[' else '}'} after {'array' if inside == '[' else 'key:value'} "
        expected += "value." if inside == "[" else "pair."
    if ended and complaint != "Unterminated string starting at":
        expected = f"Unexpected end of string. {expected}"
    start = max(0, at - CONTEXT)
    around = text[start : at + CONTEXT]
    return invalid(f"Invalid JSON payload received. {expected}\n{around}\n{' ' * (at - start)}^")
