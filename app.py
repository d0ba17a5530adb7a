"""Make the application: a list of parts, nothing else."""

import importlib
import sys

from flask import Flask

import blueprints
from settings import ROOT, Settings
from store import db


class UnsafeStart(SystemExit):
    """Refuse to start, saying in French why and what to do.

    The exit code is the one by which gunicorn knows that trying again is of no use.
    """

    def __init__(self, refusals: list[str]) -> None:
        self.text = "Passerelle ne démarre pas.\n- " + "\n- ".join(refusals)
        print(self.text, file=sys.stderr, flush=True)
        super().__init__(3)

    def __str__(self) -> str:
        return self.text


def create_app(settings: Settings | None = None, serving: bool | None = None) -> Flask:
    """Make the application for these settings; `serving` means pages, not a command."""
    settings = settings or Settings.from_environ()
    if serving is None:
        serving = not blueprints.run_from_command_line()
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
    app.config.from_mapping(blueprints.configuration(settings))
    db.connect(settings.database_url)
    blueprints.register(app)
    if not serving:
        # Only commands talk to Google: its client would weigh on the web process for nothing.
        importlib.import_module("commands").register(app)
    return app
