"""The application beside a bare Flask route, on the same server: what the page times are compared with."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import create_app

bare = Flask("bare")


@bare.get("/")
def hello() -> str:
    """Answer as little as a Flask route can."""
    return "ok"


application = DispatcherMiddleware(create_app(serving=True), {"/bare": bare})
