"""Every call that tests make of the stand-in is held to the discovery documents, both ways."""

import gzip
import json
import threading
from collections.abc import Callable, Iterable
from email import message_from_bytes
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from tests.discovery import method_of, wrong_exchange

Environ = dict[str, Any]
PREFIXES = ("/v4/", "/drive/v3/", "/upload/drive/v3/")
#: A fault that spoils an answer on purpose says so to the tests.
SPOILT = "localsheets.spoilt"


class Held:
    """Wrap a WSGI application; what breaks the documents is kept until a test asks."""

    wrong: list[str] = []
    lock = threading.Lock()

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as the application does, and look at what passed."""
        if not environ["PATH_INFO"].startswith(PREFIXES):
            return self.app(environ, start_response)
        sent = _sent(environ)
        begun: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            begun[:] = [status, headers]
            return start_response(status, headers, *more)

        parts = self.app(environ, start)
        if environ.get(SPOILT):
            return parts
        data = b"".join(parts)
        close = getattr(parts, "close", None)
        if close:
            close()
        if begun[0].startswith("2"):
            self._look(environ, sent, dict(begun[1]), data)
        return [data]

    def _look(self, environ: Environ, sent: bytes, headers: dict[str, str], data: bytes) -> None:
        verb, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode()
        query = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        try:
            body, answer = _read_body(environ.get("CONTENT_TYPE", ""), sent), _read(headers, data)
        except ValueError as error:
            wrong: str | None = f"{verb} {path}: not JSON: {error}"
        else:
            wrong = _wrong(verb, path, query, body, answer)
        if wrong:
            with self.lock:
                Held.wrong.append(wrong)


def _wrong(verb: str, path: str, query: list[tuple[str, str]], body: Any, answer: Any) -> str | None:
    method = method_of(verb, path)
    if method and method.download and isinstance(answer, bytes):
        return method.wrong_query(query)
    return wrong_exchange(verb, path, query, body, answer)


def _sent(environ: Environ) -> bytes:
    """Read the body of a request, and put it back for the application."""
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        sent: bytes = environ["wsgi.input"].read()
    else:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(sent)
    return sent


def _read_body(content_type: str, sent: bytes) -> Any:
    """Return the JSON of a body; of a file sent with its description, the description."""
    if content_type.startswith("multipart/"):
        whole = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + sent)
        sent = whole.get_payload()[0].get_payload(decode=True)  # type: ignore[index, union-attr, assignment]
    elif sent and content_type and "json" not in content_type:
        return None
    return json.loads(sent) if sent.strip() else None


def _read(headers: dict[str, str], data: bytes) -> Any:
    """Return the JSON of an answer, its bytes when it is a file, None when it is empty."""
    if headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    if not data:
        return None
    return json.loads(data) if "json" in headers.get("Content-Type", "json") else data
