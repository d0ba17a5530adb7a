"""Make the application: a list of parts, nothing else."""

import importlib
import os
import sys

from flask import Flask

from settings import ROOT, Settings
from store import db
from store.logs import set_up_logs


class UnsafeStart(SystemExit):
    """Refuse to start, saying in French why and what to do.

    The exit code is, unless told, the one by which gunicorn knows that trying again is of no use.
    """

    def __init__(self, refusals: list[str], code: int = 3) -> None:
        self.text = "Passerelle ne démarre pas.\n- " + "\n- ".join(refusals)
        print(self.text, file=sys.stderr, flush=True)
        super().__init__(code)

    def __str__(self) -> str:
        return self.text


def create_app(settings: Settings | None = None, serving: bool | None = None) -> Flask:
    """Make the application for these settings; `serving` means pages, not a command."""
    if serving is None:
        serving = not run_from_command_line()
    app = _start(settings or Settings.from_environ(), serving)
    importlib.import_module("blueprints").register(app)
    if not serving:
        # Only commands talk to Google: its client would weigh on the web process for nothing.
        importlib.import_module("commands").register(app)
    return app


def create_worker(settings: Settings | None = None) -> Flask:
    """Make what the worker runs in: every command, and no page, which would weigh on it for nothing."""
    app = _start(settings or Settings.from_environ(), serving=False)
    importlib.import_module("commands").register(app)
    return app


def run_from_command_line() -> bool:
    """Tell whether a `flask …` command is running rather than a web server."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true"


def _start(settings: Settings, serving: bool) -> Flask:
    """Refuse an unsafe start; else open the logs and the store."""
    refusals = settings.refusals(serving)
    if refusals:
        raise UnsafeStart(refusals)
    if settings.sentry_dsn:
        # Loaded on demand: it costs memory that most installations do not want to spend.
        # What a page held and what was typed in it may be the jury's: a report says where a crash is, nothing else.
        importlib.import_module("sentry_sdk").init(
            settings.sentry_dsn, send_default_pii=False, include_local_variables=False, max_request_body_size="never"
        )
    app = Flask("passerelle", root_path=str(ROOT))
    app.config["SETTINGS"] = settings
    set_up_logs(settings.log_format)
    try:
        db.connect(settings.database_url)
    except db.NoFolder as error:
        raise UnsafeStart([str(error)], 3 if serving else 1) from error
    return app
