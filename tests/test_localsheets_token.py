"""The token exchange takes good assertions alone, and tokens do what their scopes say."""

import time
from collections.abc import Iterator

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from google.auth import crypt, jwt
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

from localsheets.server import Running, serve
from localsheets.serving.token import new_account
from tests.localsheets_client import Plain, credentials

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUTH = "https://www.googleapis.com/auth/"
ACCOUNT = new_account()
SIGNER = crypt.RSASigner.from_string(ACCOUNT["private_key"])


def _public(account: dict[str, str]) -> bytes:
    private = serialization.load_pem_private_key(account["private_key"].encode(), None)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.PEM, form)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("token") / "books.db", public_key=_public(ACCOUNT))
    yield running
    running.stop()


def _exchange(server: Running, signer: crypt.RSASigner = SIGNER, **changed: object) -> requests.Response:
    now = int(time.time())
    claims = {
        "iss": "a@p.example",
        "aud": f"{server.url}/token",
        "scope": AUTH + "drive",
        "iat": now,
        "exp": now + 3600,
    }
    claims = {name: value for name, value in (claims | changed).items() if value is not None}
    assertion = jwt.encode(signer, claims)
    form = {"grant_type": GRANT, "assertion": assertion}
    return requests.post(f"{server.url}/token", data=form, timeout=5)


@pytest.mark.parametrize("audience", [None, "https://oauth2.googleapis.com/token"], ids=["own", "google"])
def test_a_good_assertion_gets_a_token(server: Running, audience: str | None) -> None:
    answer = _exchange(server, **({"aud": audience} if audience else {}))
    assert (answer.status_code, answer.json()["expires_in"], answer.json()["token_type"]) == (200, 3600, "Bearer")


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"exp": int(time.time()) - 4000, "iat": int(time.time()) - 7000}, "invalid_grant", "short-lived"),
        ({"iat": int(time.time()) + 4000, "exp": int(time.time()) + 7000}, "invalid_grant", "short-lived"),
        ({"exp": int(time.time()) + 9000}, "invalid_grant", "short-lived"),
        ({"iat": None}, "invalid_grant", "short-lived"),
        ({"exp": True}, "invalid_grant", "short-lived"),
        ({"aud": "https://autre.example/token"}, "invalid_grant", "audience"),
        ({"iss": None}, "invalid_grant", "iss"),
        ({"scope": ["a"]}, "invalid_grant", "scope"),
        ({"scope": "everything"}, "invalid_scope", "everything"),
    ],
    ids=["expired", "future", "too long", "no iat", "no number", "audience", "no iss", "scope list", "unknown scope"],
)
def test_a_bad_claim_gets_none(server: Running, changed: dict[str, object], error: str, words: str) -> None:
    answer = _exchange(server, **changed)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert words in answer.json()["error_description"]


def test_another_key_gets_none(server: Running) -> None:
    answer = _exchange(server, crypt.RSASigner.from_string(new_account()["private_key"]))
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "invalid_grant", "error_description": "Invalid JWT Signature."},
    )


@pytest.mark.parametrize("assertion", ["", "a.b", "a.b.c", "é.é.é", "e30.W10.YQ", "bnVsbA.e30.YQ"])
def test_what_is_no_assertion_gets_none(server: Running, assertion: str) -> None:
    form = {"grant_type": GRANT, "assertion": assertion}
    answer = requests.post(f"{server.url}/token", data=form, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("scopes") / "books.db")
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("spreadsheets", (200, 200, 403, 403)),
        ("spreadsheets.readonly", (200, 403, 403, 403)),
        ("drive", (200, 200, 200, 200)),
        ("drive.readonly", (200, 403, 200, 403)),
        ("drive.metadata.readonly", (403, 403, 200, 403)),
    ],
)
def test_a_token_does_what_its_scopes_say(open_server: Running, scope: str, expected: tuple[int, ...]) -> None:
    client = Plain(open_server.url)
    client.create()
    account = requests.get(f"{open_server.url}/service-account.json", timeout=5).json()
    found = Credentials.from_service_account_info(account, scopes=[AUTH + scope])
    found.refresh(Request())
    client.session.headers["Authorization"] = f"Bearer {found.token}"
    file = f"/drive/v3/files/{client.book}"
    answers = [
        client.call("GET", f"/v4/spreadsheets/{client.book}/values/A1"),
        client.write("A1", [["a"]]),
        client.call("GET", file),
        client.call("PATCH", file, {"name": "Autre"}),
    ]
    assert tuple(answer.status_code for answer in answers) == expected
    for answer in answers:
        if answer.status_code == 403:
            assert answer.json()["error"]["message"] == "Request had insufficient authentication scopes."


def test_a_revoked_token_is_worth_nothing(open_server: Running) -> None:
    token = credentials(open_server.url).token
    info = requests.get(f"{open_server.url}/tokeninfo", params={"access_token": token}, timeout=5).json()
    assert (info["email"], int(info["expires_in"]) > 3500) == ("passerelle@localsheets.example", True)
    assert requests.post(f"{open_server.url}/revoke", data={"token": token}, timeout=5).json() == {}
    refused = requests.get(f"{open_server.url}/drive/v3/files", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    assert (refused.status_code, refused.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert requests.post(f"{open_server.url}/revoke", data={"token": token}, timeout=5).status_code == 400
