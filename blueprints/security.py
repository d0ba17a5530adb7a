"""Headers that every answer carries, and the connection to the store that every request uses."""

import gzip

from flask import Flask, Response, abort, request

from documents.papers_read import MOST_BYTES
from store import db

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        "manifest-src 'self'",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
#: Below this a compressed answer is hardly smaller; the level is the one after which time doubles.
GZIP_FROM, GZIP_LEVEL = 1_400, 4


def set_up(app: Flask) -> None:
    """Open the store before each request and dress each answer."""
    app.before_request(_make_room)
    app.before_request(_refuse_null)
    app.before_request(_open)
    app.teardown_request(_close)
    app.after_request(_dress)


def _make_room() -> None:
    """Let the route of a paper take a file larger than any form, before anything of it is read."""
    if request.endpoint == "paper_files.upload":
        request.max_content_length = MOST_BYTES


def _refuse_null() -> None:
    """Stop at a NUL character wherever it hides: nobody types one, and PostgreSQL stores none."""
    texts = [request.path, *request.args.keys(), *request.args.values()]
    if request.method == "POST":
        texts += [*request.form.keys(), *request.form.values()]
    if any("\0" in text for text in texts):
        abort(400)


def _open() -> None:
    if request.endpoint != "home.healthz":
        db.database.connect(reuse_if_open=True)


def _close(error: BaseException | None) -> None:
    # SQLite keeps its connection for the thread's next request; the pool takes PostgreSQL's back.
    if db.is_postgresql() and not db.database.is_closed():
        db.database.close()


def _dress(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return _compress(response)


def _compress(response: Response) -> Response:
    if (
        response.direct_passthrough
        or response.mimetype not in ("text/html", "application/json")
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or "Content-Encoding" in response.headers
    ):
        return response
    body = response.get_data()
    if len(body) >= GZIP_FROM:
        response.set_data(gzip.compress(body, GZIP_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
