"""The HTTP server: routes, answers, latency, start and stop."""

import gzip
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from localsheets import api, drive, errors, faults_control, grid, incoming
from localsheets.answers_http import json_answer
from localsheets.call import Call
from localsheets.errors import ApiError, missing
from localsheets.faults_schedule import Schedule, schedule_of
from localsheets.shelf import Shelf
from localsheets.store import Store
from localsheets.token import Refused, Tokens

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


def create_app(shelf: Shelf, tokens: Tokens, latency_ms: int = 0, faults: Schedule | None = None) -> Flask:
    """Assemble the routes of the stand-in."""
    app = Flask("localsheets", root_path=str(Path(__file__).parent))
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    app.register_error_handler(ApiError, _refused)
    app.register_error_handler(Refused, lambda error: json_answer(error.body, 400))
    app.register_error_handler(HTTPException, _unknown)
    app.after_request(_pack)
    _add_api(app, shelf, tokens, latency_ms / 2000)
    app.add_template_filter(day_and_hour)
    grid.register(app, shelf)
    app.extensions["faults"] = faults_control.register(app, shelf, tokens, faults)
    return app


def _add_api(app: Flask, shelf: Shelf, tokens: Tokens, pause: float) -> None:
    def call(path: str, answering: Any) -> Response:
        came = incoming.read(request)
        actor = tokens.email(came.authorization)
        time.sleep(pause)
        seen = request.environ.get("localsheets.shelf", shelf)
        given = answering(Call(seen, actor, came.query, came.body, came.text), came.method, path)
        time.sleep(pause)
        return Response(status=204) if given is None else json_answer(given)

    def sheets(path: str = "") -> Response:
        return call(f"/{path}" if path else "", api.answer)

    def files(path: str) -> Response:
        return call(f"/{path}", drive.answer)

    def token() -> Response:
        return json_answer(tokens.exchange(request.form.get("grant_type"), request.form.get("assertion")))

    def account() -> Response:
        return json_answer(tokens.account(request.host_url.rstrip("/")))

    app.add_url_rule("/v4/spreadsheets", view_func=sheets, methods=METHODS)
    app.add_url_rule("/v4/spreadsheets/<path:path>", view_func=sheets, methods=METHODS)
    app.add_url_rule("/drive/v3/<path:path>", view_func=files, methods=METHODS)
    app.add_url_rule("/token", view_func=token, methods=["POST"])
    app.add_url_rule("/service-account.json", view_func=account)


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


def day_and_hour(moment: str) -> str:
    """Write a moment of Drive as 14/02/2025 09:30."""
    return datetime.fromisoformat(moment).strftime("%d/%m/%Y %H:%M")


class Running:
    """Hold a server that listens, in a thread of its own."""

    def __init__(self, host: str, port: int, store: Store, app: Flask) -> None:
        self.store = store
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
        self.store.close()


def serve(
    port: int = 0,
    data: str | Path = "localsheets.db",
    latency_ms: int = 0,
    host: str = "127.0.0.1",
    public_key: bytes | None = None,
    faults: Schedule | dict[str, Any] | str | Path | None = None,
) -> Running:
    """Start the stand-in on a port (0 takes a free one) with a data file, and return it running.

    `faults` is a schedule, as JSON or the path of a file; `BadSchedule` says in French what is wrong with it.
    """
    schedule = schedule_of(faults)
    store = Store(data)
    tokens = Tokens(store, public_key)
    return Running(host, port, store, create_app(Shelf(store), tokens, latency_ms, schedule))
