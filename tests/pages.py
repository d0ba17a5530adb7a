"""What the tests of pages share: the application, people who sign in, and a look at the forms of a page."""

import re
from dataclasses import replace
from functools import cache
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash

from app import create_app
from settings import Settings
from store import accounts, db
from store.journal import Author

SECRET = "a-secret-key-for-tests-that-is-long-enough"
PASSWORD = "un mot de passe assez long"
HTMX = {"HX-Request": "true"}
AUTHOR = Author("Tests", "command")
#: Hashing a password is slow on purpose: the accounts of the tests have a quick one.
HASH = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1")


def new_app(database_url: str, **more: str) -> Flask:
    """Make an application over the store of a test."""
    return create_app(Settings(database_url=database_url, secret_key=SECRET, **more), serving=True)


def make_app(database_url: str, **more: str) -> Flask:
    """Return the application over the store of a test, its configuration as new.

    One is made for each group of settings and serves test after test: compiling its routes and its templates takes
    longer than most tests.
    """
    app, config = _made(**more)
    app.config.clear()
    app.config.update(config, SETTINGS=replace(config["SETTINGS"], database_url=database_url))
    db.connect(database_url)
    return app


@cache
def _made(**more: str) -> tuple[Flask, dict[str, Any]]:
    app = new_app("sqlite:///", **more)
    return app, dict(app.config)


def add_account(role: str, email: str = "") -> str:
    """Create an account of this role and return its address."""
    email = email or f"{role}@exemple.fr"
    accounts.add(AUTHOR, email, role.capitalize(), role)
    accounts.User.update(password_hash=HASH).where(accounts.User.email == email).execute()
    return email


def sign_in(app: Flask, role: str) -> FlaskClient:
    """Return a client signed in as somebody of this role, made when there is none yet."""
    email = f"{role}@exemple.fr"
    if not accounts.exists(email):
        add_account(role)
    client = app.test_client()
    token = csrf(client.get("/connexion").text)
    answer = client.post("/connexion", data={"csrf_token": token, "email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def csrf(html: str) -> str:
    """Return the CSRF token of a page."""
    return re.search(r'name="csrf_token" value="([^"]+)"', html)[1]


def fields(html: str, mark: str) -> dict[str, str]:
    """Return the hidden and text fields of the element that carries a mark such as data-participant="…"."""
    part = html[html.index(mark) :]
    part = part[: part.index("</form>")]
    found = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', part)
    return {name: unescape(value) for name, value in found if name != "status"}


def plain(text: str) -> str:
    """Return a text with plain spaces, whatever keeps its lines from breaking."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
