"""The HTTP server: routes, answers, latency, start and stop."""

import gzip
import re
import threading
import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from localsheets import errors
from localsheets.books.shelf import Shelf
from localsheets.books.store import Store
from localsheets.drive import download, sharing_page
from localsheets.drive import routes as drive
from localsheets.drive import uploads as drive_uploads
from localsheets.drive.push import Pusher
from localsheets.errors import ApiError, missing
from localsheets.faults import control as faults_control
from localsheets.faults.schedule import Schedule, schedule_of
from localsheets.grid import pages as grid
from localsheets.serving import accounts_http, control, incoming
from localsheets.serving.answers_http import json_answer
from localsheets.serving.gate import Gate
from localsheets.serving.quotas import Limits, Quotas
from localsheets.serving.token import Tokens
from localsheets.sheets import routes as api
from localsheets.sheets.call import Call

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
WORTH_PACKING = 1024


class QuietHandler(WSGIRequestHandler):
    """Serve HTTP/1.1 with kept connections, without a line of log per request."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Prepare a connection; an idle client must not wait for Nagle's algorithm."""
        super().setup()
        self.connection.setsockopt(6, 1, True)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing of each request."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Close a connection that the client, or a fault, broke."""
        self.close_connection = True


def create_app(
    shelf: Shelf, tokens: Tokens, latency_ms: int, faults: Schedule | None, quotas: Quotas, pusher: Pusher
) -> Flask:
    """Assemble the routes of the stand-in."""
    app = Flask("localsheets", root_path=str(Path(__file__).parent))
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    app.register_error_handler(ApiError, _refused)
    app.register_error_handler(HTTPException, _unknown)
    app.after_request(_pack)
    _add_api(app, shelf, tokens, latency_ms / 2000, Gate(quotas))
    accounts_http.register(app, tokens)
    control.register(app, quotas, pusher)
    sharing_page.register(app, shelf)
    download.register(app, shelf, tokens)
    app.add_template_filter(day_and_hour)
    grid.register(app, shelf)
    app.extensions["faults"] = faults_control.register(app, shelf, tokens, faults)
    return app


def _add_api(app: Flask, shelf: Shelf, tokens: Tokens, pause: float, gate: Gate) -> None:
    def call(path: str, answering: Any, name: str, uploads: bool = False) -> Response:
        came = incoming.read(request, uploads)
        bearer = tokens.bearer(came.authorization)
        time.sleep(pause)
        seen = request.environ.get("localsheets.shelf", shelf)
        gate.admit(name, seen, bearer, came.method, path, came.body)
        given = answering(Call(seen, bearer["email"], came.query, came.body, came.text), came.method, path)
        time.sleep(pause)
        if isinstance(given, Response):
            return given
        return Response(status=204) if given is None else json_answer(given)

    def sheets(path: str = "") -> Response:
        return call(f"/{_bare(path)}" if path else "", api.answer, "sheets")

    def files(path: str) -> Response:
        return call(f"/{_bare(path)}", drive.answer, "drive")

    def upload(path: str) -> Response:
        return call(f"/{path}", partial(drive_uploads.answer, kind=request.content_type or ""), "drive", uploads=True)

    app.add_url_rule("/v4/spreadsheets", view_func=sheets, methods=METHODS)
    app.add_url_rule("/v4/spreadsheets/<path:path>", view_func=sheets, methods=METHODS)
    app.add_url_rule("/drive/v3/<path:path>", view_func=files, methods=METHODS)
    app.add_url_rule("/upload/drive/<path:path>", view_func=upload, methods=METHODS)


def _refused(error: ApiError) -> Response:
    in_sheets = request.path.startswith("/v4/")
    body = errors.in_sheets(error, request.args.get("$.xgafv")) if in_sheets else error.body()
    return json_answer(body, error.code)


def _unknown(error: HTTPException) -> Response:
    if error.code in (404, 405):
        refused = missing(f"{request.method} {request.path}")
        return json_answer(refused.body(), refused.code)
    return json_answer({"error": {"code": error.code, "message": error.description}}, error.code or 500)


def _pack(response: Response) -> Response:
    if "gzip" not in request.headers.get("Accept-Encoding", "") or response.direct_passthrough:
        return response
    data = response.get_data()
    if len(data) > WORTH_PACKING and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(data, compresslevel=1))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
    return response


def _bare(path: str) -> str:
    """Leave out a slash before a verb or at the end: google-spreadsheet writes ID/:batchUpdate, and Google takes it."""
    return re.sub(r"^([^/]+|files/[^/]+)/(?=:|$)", r"\1", path)


def day_and_hour(moment: str) -> str:
    """Write a moment of Drive as 14/02/2025 09:30."""
    return datetime.fromisoformat(moment).strftime("%d/%m/%Y %H:%M")


class Running:
    """Hold a server that listens, in a thread of its own."""

    def __init__(self, host: str, port: int, store: Store, app: Flask, pusher: Pusher) -> None:
        self.store = store
        self.pusher = pusher
        self.faults = app.extensions["faults"]
        self.app = app
        self.server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
        self.server.daemon_threads = True  # type: ignore[attr-defined]
        self.port = self.server.server_port
        self.url = f"http://{host}:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Stop listening and close the data file."""
        self.faults.stop()
        self.app.extensions["stopping"]()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.pusher.stop()
        self.store.close()


def serve(
    port: int = 0,
    data: str | Path = "localsheets.db",
    latency_ms: int = 0,
    host: str = "127.0.0.1",
    public_key: bytes | None = None,
    faults: Schedule | dict[str, Any] | str | Path | None = None,
    quotas: int | Limits | None = None,
    push_delay: float = 0.0,
) -> Running:
    """Start the stand-in on a port (0 takes a free one) with a data file, and return it running.

    `faults` is a schedule, as JSON or the path of a file; `BadSchedule` says in French what is wrong with it.
    `quotas` is how many reads, and as many writes, an account has in a minute: without it nothing is counted.
    `push_delay` is how many seconds late notifications leave.
    """
    schedule = schedule_of(faults)
    store = Store(data)
    tokens, shelf = Tokens(store, public_key), Shelf(store)
    pusher = Pusher(shelf, push_delay)
    return Running(host, port, store, create_app(shelf, tokens, latency_ms, schedule, Quotas(quotas), pusher), pusher)
