"""Signing in with Google: who comes in, who does not, and what is said when the provider is away or lies."""

import json
import logging
import re
import threading
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread
from werkzeug.serving import make_server

import identity
from blueprints import google
from settings import GOOGLE_ISSUER, ROOT, Settings
from store import accounts, verification
from store.models import JournalEntry, LoginAttempt, User
from tests.pages import AUTHOR, PASSWORD, add_account, csrf, make_app, sign_in

#: The provider of the tests is made with names that Authlib will not have any more one day.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")
EMAIL, SECRET = "camille@lecnam.net", "the-secret-of-the-client"


def known(subject: str, email: str = EMAIL, **more: object) -> Known:
    return Known(sub=subject, claims={"email": email, "email_verified": True} | more)


PEOPLE = (
    known("camille"), known("another"), known("camille-renamed", "camille.nom@lecnam.net"), known("stranger", "x@y.fr"),
    known("capitals", "Camille@LeCnam.net"), known("unproved", email_verified=False),
    known("text", email_verified="true"), known("inside", hd="lecnam.net"),
    known("outside", hd="evil.test"), known("no-address", email=None),
)  # fmt: skip


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with run_server_in_thread(require_nonce=True, user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


def make(database_url: str, issuer: str, **more: str) -> Flask:
    given = {"oidc_client_id": "us", "oidc_client_secret": SECRET, "oidc_issuer": issuer} | more
    return make_app(database_url, **given)


@pytest.fixture
def app(database_url: str, provider: str) -> Flask:
    return make(database_url, provider)


@pytest.fixture
def account(database_url: str) -> int:
    """Invite somebody, who has not chosen a password."""
    accounts.add(AUTHOR, EMAIL, "Camille Google", "coordinator")
    return User.get(User.email == EMAIL).id


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """Listen to what the product logs, which goes to standard output alone."""
    monkeypatch.setattr(google, "log", logging.getLogger("heard"))
    return caplog


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def answer_of(url: str, **form: str) -> str:
    """Answer the provider's page as a person would; return the address to which it sends the browser back."""
    try:
        urllib.request.build_opener(_Stay).open(url, urlencode(form).encode())
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"]
    raise AssertionError("no redirection")


def asked(client: FlaskClient, target: str = "") -> str:
    answer = client.get("/connexion/google", query_string={"suite": target})
    assert answer.status_code in (302, 303), answer.text
    return answer.location


def come_back(client: FlaskClient, subject: str, target: str = ""):
    back = urlsplit(answer_of(asked(client, target), sub=subject))
    return client.get(f"{back.path}?{back.query}")


# -- who comes in --------------------------------------------------------------------------------------


def test_the_button_is_there_once_it_is_set_up_and_asks_with_all_that_protects(app: Flask, provider: str) -> None:
    client = app.test_client()
    page = client.get("/connexion?suite=/promotions/").text
    assert 'href="/connexion/google?suite=/promotions/"' in page
    assert "password" in page
    query = {name: value[0] for name, value in parse_qs(urlsplit(asked(client)).query).items()}
    assert query["redirect_uri"] == "http://localhost/connexion/google/retour"
    assert (query["response_type"], query["scope"]) == ("code", "openid email")
    assert query["code_challenge_method"] == "S256"
    assert all(len(query[name]) >= 20 for name in ("code_challenge", "state", "nonce"))
    assert "hd" not in query


def test_without_the_settings_there_is_no_button_and_no_page(database_url: str) -> None:
    app = make_app(database_url)
    client = app.test_client()
    assert "Google" not in client.get("/connexion").text
    assert client.get("/connexion/google").status_code == 404
    assert client.get("/connexion/google/retour").status_code == 404


def test_somebody_invited_comes_in_without_a_password_and_goes_where_they_were_going(
    app: Flask, provider: str, account: int
) -> None:
    client = app.test_client()
    assert come_back(client, "camille", "/promotions/?a=1").location == "/promotions/?a=1"
    assert "Camille Google" in client.get("/").text
    assert User.get_by_id(account).google_subject == f"{provider} camille"
    entry = JournalEntry.select().order_by(JournalEntry.id.desc()).get()
    assert (entry.kind, entry.field, entry.after, entry.author) == ("account", "google", "linked", "Camille Google")
    assert verification.verify().broken == []
    # The second time is no change.
    count = JournalEntry.select().count()
    assert come_back(app.test_client(), "camille").location == "/"
    assert JournalEntry.select().count() == count
    lines = re.sub(r"<[^>]+>", " ", sign_in(app, "admin").get("/journal/").text)
    assert "Compte Google" in lines


@pytest.mark.parametrize("target", ["//evil.test", "https://evil.test/", "/\\evil.test"])
def test_coming_back_never_leaves_the_site(app: Flask, account: int, target: str) -> None:
    assert come_back(app.test_client(), "camille", target).location == "/"


def test_letters_of_an_address_may_be_capitals(app: Flask, account: int) -> None:
    assert come_back(app.test_client(), "capitals").status_code == 303


def test_the_session_is_another_once_signed_in(app: Flask, account: int) -> None:
    client = app.test_client()
    client.get("/connexion")
    with client.session_transaction() as session:
        session["planted"] = "before"
    come_back(client, "camille")
    with client.session_transaction() as session:
        assert "planted" not in session
        assert not [name for name in session if "google" in name]


def test_somebody_who_is_signed_in_is_not_sent_to_sign_in_again(app: Flask, account: int) -> None:
    assert sign_in(app, "reader").get("/connexion/google?suite=/promotions/").location == "/promotions/"


def test_an_address_too_long_for_the_session_is_left_rather_than_the_sign_in(app: Flask, account: int) -> None:
    client, target = app.test_client(), "/promotions/?a=" + "b" * 4_000
    assert come_back(client, "camille", target).location == "/"
    assert come_back(app.test_client(), "camille", "/promotions/?a=" + "b" * 900).location.endswith("bb")


def test_behind_a_proxy_the_way_back_is_the_address_that_people_know(
    database_url: str, provider: str, account: int
) -> None:
    app = make(database_url, provider, trusted_hosts="passerelle.example.fr")
    client = app.test_client()
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "passerelle.example.fr", "X-Forwarded-For": "9.9.9.9"}
    ours = {"base_url": "http://127.0.0.1:8000", "headers": proxied}
    there = client.get("/connexion/google", **ours)
    assert "__Host-passerelle=" in there.headers["Set-Cookie"]
    assert parse_qs(urlsplit(there.location).query)["redirect_uri"] == [
        "https://passerelle.example.fr/connexion/google/retour"
    ]
    back = urlsplit(answer_of(there.location, sub="stranger"))
    cookie = there.headers["Set-Cookie"].partition(";")[0]
    page = app.test_client(use_cookies=False).get(
        f"{back.path}?{back.query}", base_url="http://127.0.0.1:8000", headers={**proxied, "Cookie": cookie}
    )
    assert (page.status_code, "Aucun compte" in page.text) == (403, True)
    assert LoginAttempt.get().address == "9.9.9.9"


def test_a_password_still_works_beside(app: Flask, account: int) -> None:
    come_back(app.test_client(), "camille")
    email = add_account("reader")
    client = app.test_client()
    token = csrf(client.get("/connexion").text)
    answer = client.post("/connexion", data={"csrf_token": token, "email": email, "password": PASSWORD})
    assert answer.status_code == 303


# -- who does not --------------------------------------------------------------------------------------


def refused(client: FlaskClient, subject: str, words: str) -> None:
    page = come_back(client, subject)
    assert page.status_code == 403
    assert words in page.text
    assert 'name="password"' in page.text
    assert client.get("/").status_code == 303


def test_somebody_without_an_account_gets_none(app: Flask, account: int) -> None:
    count = User.select().count()
    refused(app.test_client(), "stranger", "Aucun compte n&#39;est ouvert pour x@y.fr")
    assert User.select().count() == count


def test_an_account_that_was_closed_stays_closed_linked_or_not(app: Flask, account: int) -> None:
    User.update(active=False).execute()
    refused(app.test_client(), "camille", "Aucun compte")
    assert User.get_by_id(account).google_subject is None
    User.update(active=True).execute()
    client = app.test_client()
    assert come_back(client, "camille").status_code == 303
    User.update(active=False).execute()
    assert client.get("/").status_code == 303
    refused(app.test_client(), "camille", "Aucun compte")


def test_an_address_given_to_somebody_else_opens_nothing_and_a_new_address_changes_nothing(
    app: Flask, provider: str, account: int
) -> None:
    assert come_back(app.test_client(), "camille").status_code == 303
    refused(app.test_client(), "another", "lié à un autre compte Google")
    User.update(google_subject=f"{provider} camille-renamed").execute()
    assert come_back(app.test_client(), "camille-renamed").status_code == 303


@pytest.mark.parametrize("subject", ["unproved", "text", "no-address"])
def test_an_address_that_is_not_proved_opens_nothing(app: Flask, account: int, subject: str) -> None:
    refused(app.test_client(), subject, "ne garantit pas")


def test_only_the_domain_of_the_settings_comes_in(database_url: str, provider: str, account: int) -> None:
    app = make(database_url, provider, oidc_domain="LeCnam.net")
    assert "hd=lecnam.net" in asked(app.test_client())
    for subject in ("outside", "camille"):
        refused(app.test_client(), subject, "Seuls les comptes Google de LeCnam.net")
    assert come_back(app.test_client(), "inside").status_code == 303


def test_too_many_refusals_from_one_place_wait(app: Flask, account: int) -> None:
    for _ in range(accounts.ADDRESS_LIMIT):
        LoginAttempt.insert(account="x", address="127.0.0.1").execute()
    refused(app.test_client(), "camille", "Trop d&#39;essais")


def test_a_refusal_counts_and_closes_nobody_s_password(app: Flask, account: int) -> None:
    come_back(app.test_client(), "camille")
    refused(app.test_client(), "another", "lié à un autre")
    assert [(one.account, one.address) for one in LoginAttempt.select()] == [(f"google:{EMAIL}", "127.0.0.1")]


# -- answers that are none -----------------------------------------------------------------------------


def test_giving_up_leads_back_to_the_form(app: Flask, account: int) -> None:
    client = app.test_client()
    back = urlsplit(answer_of(asked(client), action="deny"))
    page = client.get(f"{back.path}?{back.query}")
    assert (page.status_code, "abandonnée" in page.text, 'name="password"' in page.text) == (403, True, True)


def test_an_answer_serves_once_in_the_window_that_asked(app: Flask, account: int) -> None:
    client = app.test_client()
    back = urlsplit(answer_of(asked(client), sub="camille"))
    address = f"{back.path}?{back.query}"
    stolen = app.test_client().get(address)
    assert (stolen.status_code, "recommencez" in stolen.text) == (403, True)
    assert client.get(address).status_code == 303
    again = client.get(address)
    assert (again.status_code, "recommencez" in again.text) == (403, True)
    assert "recommencez" in app.test_client().get("/connexion/google/retour?code=1").text


def test_what_comes_back_without_a_question_is_not_listened_to(
    app: Flask, account: int, logged: pytest.LogCaptureFixture
) -> None:
    for error, words in (("access_denied", "abandonnée"), ("anything", "recommencez")):
        page = app.test_client().get("/connexion/google/retour", query_string={"error": error, "state": "made-up"})
        assert (page.status_code, words in page.text) == (403, True)
    assert logged.text == ""
    # In a window that asked, what is said stays on its line of the log, and is the end of that question.
    client = app.test_client()
    state = parse_qs(urlsplit(asked(client)).query)["state"][0]
    said = {"error": "odd", "error_description": "one\ntwo", "state": state}
    assert client.get("/connexion/google/retour", query_string=said).status_code == 503
    said_in_the_log = [record.getMessage() for record in logged.records if record.name == "heard"]
    assert said_in_the_log == [r"google sign-in: 'odd: one\ntwo'"]
    assert "recommencez" in client.get("/connexion/google/retour", query_string=said).text


def test_the_page_that_says_no_may_be_read_in_english(app: Flask, account: int) -> None:
    client = app.test_client()
    page = come_back(client, "stranger")
    data = {"csrf_token": csrf(page.text), "lang": "en", "suite": re.search(r'"suite" value="(/[^"]+)', page.text)[1]}
    answer = client.post("/langue", data=data, follow_redirects=True)
    assert (answer.status_code, answer.request.path, "Sign in with Google" in answer.text) == (200, "/connexion", True)


def test_questions_without_an_answer_do_not_fill_the_session(app: Flask) -> None:
    client = app.test_client()
    for _ in range(15):
        asked(client)
    with client.session_transaction() as session:
        assert len([name for name in session if name.startswith("_state_google_")]) == 1


def test_a_token_for_another_question_is_refused(app: Flask, account: int) -> None:
    client = app.test_client()
    back = urlsplit(answer_of(asked(client), sub="camille"))
    with client.session_transaction() as session:
        name = next(name for name in session if name.startswith("_state_google_"))
        session[name] = {**session[name], "data": session[name]["data"] | {"nonce": "another"}}
    page = client.get(f"{back.path}?{back.query}")
    assert (page.status_code, "ne répond pas comme il faut" in page.text) == (503, True)
    assert client.get("/").status_code == 303


def test_a_token_that_is_over_is_refused(database_url: str, account: int) -> None:
    with run_server_in_thread(user_claims=PEOPLE, access_token_max_age=timedelta(seconds=-600)) as server:
        app = make(database_url, f"http://localhost:{server.server_port}")
        page = come_back(app.test_client(), "camille")
    assert (page.status_code, "ne répond pas comme il faut" in page.text) == (503, True)


KEY = RSAKey.generate_key(2048, {"kid": "ours"})


@contextmanager
def handing_out(made: list[str]) -> Iterator[str]:
    """Serve a provider whose every token is the last one made; signed by whom it likes, saying what it likes."""

    def answer(environ: dict, start: object) -> list[bytes]:
        root = f"http://{environ['HTTP_HOST']}"
        said = {
            "/keys": {"keys": [KEY.as_dict(private=False)]},
            "/token": {"access_token": "opaque-token", "token_type": "Bearer", "id_token": made[-1] if made else ""},
        }.get(environ["PATH_INFO"])
        said = said or {
            "issuer": root, "authorization_endpoint": f"{root}/ask", "token_endpoint": f"{root}/token",
            "jwks_uri": f"{root}/keys", "id_token_signing_alg_values_supported": ["RS256"],
        }  # fmt: skip
        start("200 OK", [("Content-Type", "application/json")])  # type: ignore[operator]
        return [json.dumps(said).encode()]

    with served(answer) as issuer:
        yield issuer


SECRET_KEY = OctKey.import_key(SECRET)
UNSIGNED = "."


@pytest.mark.parametrize(
    ("claims", "key", "good"),
    [
        ({}, KEY, True), ({"aud": ["us"]}, KEY, True), ({"aud": ["them", "us"], "azp": "us"}, KEY, True),
        ({"aud": "them"}, KEY, False), ({"aud": "them", "azp": "us"}, KEY, False),
        ({"aud": ["us"], "azp": "them"}, KEY, False), ({"aud": None}, KEY, False),
        ({"iss": "https://evil.test"}, KEY, False), ({"iss": None}, KEY, False),
        ({"nonce": "another"}, KEY, False), ({"nonce": None}, KEY, False),
        ({"exp": 1_000}, KEY, False), ({"exp": None}, KEY, False), ({"iat": 9_999_999_999}, KEY, False),
        ({"sub": None}, KEY, False), ({"sub": ""}, KEY, False), ({"sub": "s" * 300}, KEY, False),
        ({}, RSAKey.generate_key(2048, {"kid": "ours"}), False), ({}, SECRET_KEY, False), ({}, UNSIGNED, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_token_that_is_not_for_this_question_opens_nothing(
    database_url: str, account: int, claims: dict, key: object, good: bool, logged: pytest.LogCaptureFixture
) -> None:
    made: list[str] = []
    with handing_out(made) as issuer:
        client = make(database_url, issuer).test_client()
        query = {name: value[0] for name, value in parse_qs(urlsplit(asked(client)).query).items()}
        now = int(time.time())
        said = {"iss": issuer, "aud": "us", "sub": "1", "iat": now, "exp": now + 60, "nonce": query["nonce"]}
        said |= {"email": EMAIL, "email_verified": True} | claims
        made.append(signed({name: value for name, value in said.items() if value is not None}, key))
        page = client.get("/connexion/google/retour", query_string={"code": "the-code", "state": query["state"]})
    if good:
        assert page.status_code == 303
        assert User.get_by_id(account).google_subject == f"{issuer} 1"
        return
    assert (page.status_code, "ne répond pas comme il faut" in page.text) == (503, True)
    assert User.get_by_id(account).google_subject is None
    assert client.get("/").status_code == 303
    # Why is in the log, without what would open anything.
    assert "google sign-in: " in logged.text
    assert not [it for it in (made[-1], "the-code", "opaque-token", SECRET, query["state"]) if it in logged.text]


def signed(claims: dict, key: object) -> str:
    """Return a token with these claims, signed with this key, or by nobody."""
    if key is UNSIGNED:
        _, body, _ = signed(claims, KEY).split(".")
        return ".".join((urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("="), body, ""))
    return jwt.encode({"alg": "HS256" if key is SECRET_KEY else "RS256", "kid": "ours"}, claims, key)


def test_the_same_number_at_another_provider_is_somebody_else(database_url: str, provider: str, account: int) -> None:
    assert come_back(make(database_url, provider).test_client(), "camille").status_code == 303
    with run_server_in_thread(user_claims=[known("camille", "x@y.fr")]) as server:
        app = make(database_url, f"http://localhost:{server.server_port}")
        refused(app.test_client(), "camille", "Aucun compte")


def test_a_provider_that_is_slow_is_not_waited_for(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()

    def answer(_environ: dict, start: object) -> list[bytes]:
        done.wait(60)
        start("200 OK", [])  # type: ignore[operator]
        return [b"{}"]

    monkeypatch.setattr(identity, "PATIENCE", 0.2)
    with served(answer) as issuer:
        began = time.monotonic()
        page = make(database_url, issuer).test_client().get("/connexion/google")
        done.set()
    assert (page.status_code, 'name="password"' in page.text) == (503, True)
    assert time.monotonic() - began < 30


def test_however_many_wait_for_the_provider_the_other_pages_have_threads_left(
    app: Flask, account: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = re.search(r"^threads = (\d+)", (ROOT / "gunicorn.conf.py").read_text(), re.MULTILINE)[1]
    assert int(threads) // 2 >= identity.MOST_WAITING
    monkeypatch.setattr(identity, "TURN", 0.01)
    monkeypatch.setattr(identity, "WAITING", BoundedSemaphore(1))
    asked(app.test_client())
    known = app.extensions[google.PROVIDER]
    with identity.WAITING:
        page = app.test_client().get("/connexion/google")
        assert (page.status_code, 'name="password"' in page.text) == (503, True)
    # Nothing was wrong with what the provider said of itself: nobody has to ask it again.
    assert app.extensions.get(google.PROVIDER) is known
    # Each gives its turn back, whatever became of it.
    refused(app.test_client(), "unproved", "ne garantit pas")
    assert come_back(app.test_client(), "camille").status_code == 303


@contextmanager
def served(answer: Callable) -> Iterator[str]:
    """Serve a WSGI application; give its address."""
    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def saying(body: bytes, status: str = "200 OK") -> Iterator[str]:
    """Serve one same answer to whatever is asked."""

    def answer(_environ: dict, start: object) -> list[bytes]:
        start(status, [("Content-Type", "application/json")])  # type: ignore[operator]
        return [body]

    with served(answer) as address:
        yield address


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", "500 Oops"), (b"<html>", "200 OK"), (b"{}", "200 OK"), (b"[]", "200 OK"), (b"null", "200 OK"),
        (b'{"authorization_endpoint": 3}', "200 OK"),
    ],
)
def test_a_provider_that_talks_nonsense_leaves_the_password_form(database_url: str, body: bytes, status: str) -> None:
    with saying(body, status) as issuer:
        app = make(database_url, issuer)
        for _ in range(2):
            page = app.test_client().get("/connexion/google?suite=/journal/")
            assert (page.status_code, "connectez-vous avec votre mot de passe" in page.text) == (503, True)
            assert 'name="suite" value="/journal/"' in page.text


def test_a_provider_that_is_away_is_asked_again_once_it_is_back(database_url: str, account: int) -> None:
    with saying(b"") as issuer:
        port = int(issuer.rpartition(":")[2])
    app = make(database_url, f"http://localhost:{port}")
    page = app.test_client().get("/connexion/google")
    assert (page.status_code, "ne répond pas comme il faut" in page.text) == (503, True)
    with run_server_in_thread(port=port, user_claims=PEOPLE):
        assert come_back(app.test_client(), "camille").status_code == 303


def test_a_token_that_another_one_signed_is_refused(database_url: str, provider: str, account: int) -> None:
    said = json.load(urllib.request.urlopen(f"{provider}/.well-known/openid-configuration"))
    with saying(json.dumps({"keys": []}).encode()) as keys:
        with saying(json.dumps(said | {"jwks_uri": keys}).encode()) as issuer:
            page = come_back(make(database_url, issuer).test_client(), "camille")
            assert (page.status_code, "ne répond pas comme il faut" in page.text) == (503, True)
        # Signed by the provider, and yet not by the issuer of the settings.
        with saying(json.dumps(said).encode()) as issuer:
            page = come_back(make(database_url, issuer).test_client(), "camille")
            assert (page.status_code, "ne répond pas comme il faut" in page.text) == (503, True)
    assert User.get_by_id(account).google_subject is None


@pytest.mark.parametrize(
    ("claims", "domain", "why"),
    [
        ({"email": EMAIL, "hd": "lecnam.net"}, "", ""), ({"email": "c@gmail.com"}, "", ""),
        ({"email": EMAIL, "hd": "lecnam.net"}, "lecnam.net", ""),
        # Google checked this address one day, and does not host it: it may be somebody else's by now.
        ({"email": EMAIL}, "", "unproved"), ({"email": "c@gmail.com.evil.test"}, "", "unproved"),
        ({"email": "c@gmail.com"}, "lecnam.net", "elsewhere"),
        ({"email": EMAIL, "hd": ["lecnam.net"]}, "lecnam.net", "elsewhere"),
        ({"email": EMAIL, "hd": "lecnam.net", "email_verified": False}, "lecnam.net", "unproved"),
    ],
)  # fmt: skip
def test_of_google_an_address_is_believed_only_where_google_hosts_it(claims: dict, domain: str, why: str) -> None:
    provider = identity.Provider(Settings(oidc_client_id="id", oidc_client_secret="secret", oidc_domain=domain))
    claims = {"sub": "1", "email_verified": True} | claims
    if not why:
        assert provider.proved(claims) == identity.Identity(f"{GOOGLE_ISSUER} 1", claims["email"])
        return
    with pytest.raises(identity.Refused, match=why):
        provider.proved(claims)


# -- the accounts --------------------------------------------------------------------------------------


def test_the_administration_unlinks_and_another_google_account_may_come(app: Flask, account: int) -> None:
    person, admin = app.test_client(), sign_in(app, "admin")
    assert "Délier de Google" not in admin.get("/comptes/").text
    come_back(person, "camille")
    page = admin.get("/comptes/").text
    assert f'action="/comptes/{account}/delier-google"' in page
    for role in ("coordinator", "reader"):
        other = sign_in(app, role)
        data = {"csrf_token": csrf(other.get("/").text)}
        assert other.post(f"/comptes/{account}/delier-google", data=data).status_code == 403
    data = {"csrf_token": csrf(page)}
    assert admin.post(f"/comptes/{account}/delier-google", data=data).location == "/comptes/"
    assert person.get("/").status_code == 303
    assert admin.post(f"/comptes/{account}/delier-google", data=data).status_code == 404
    assert admin.post("/comptes/99999/delier-google", data=data).status_code == 404
    assert come_back(app.test_client(), "another").status_code == 303
    assert verification.verify().broken == []


# -- the settings --------------------------------------------------------------------------------------

GOOD = {"SECRET_KEY": "k" * 40, "GOOGLE_OIDC_CLIENT_ID": "id", "GOOGLE_OIDC_CLIENT_SECRET": "secret"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"GOOGLE_OIDC_CLIENT_ID": ""}, "GOOGLE_OIDC_CLIENT_ID manque"),
        ({"GOOGLE_OIDC_CLIENT_SECRET": ""}, "GOOGLE_OIDC_CLIENT_SECRET manque"),
        ({"GOOGLE_OIDC_CLIENT_ID": "", "GOOGLE_OIDC_CLIENT_SECRET": "", "GOOGLE_OIDC_DOMAIN": "a.fr"}, "manquent"),
        ({"GOOGLE_OIDC_ISSUER": "accounts.google.com"}, "GOOGLE_OIDC_ISSUER vaut"),
        ({"GOOGLE_OIDC_ISSUER": "http://accounts.google.com"}, "GOOGLE_OIDC_ISSUER vaut"),
        ({"GOOGLE_OIDC_DOMAIN": "@lecnam.net"}, "GOOGLE_OIDC_DOMAIN vaut"),
        ({"GOOGLE_OIDC_DOMAIN": "a.fr,b.fr"}, "GOOGLE_OIDC_DOMAIN vaut"),
        ({"GOOGLE_OIDC_DOMAIN": "lecnam"}, "GOOGLE_OIDC_DOMAIN vaut"),
    ],
)
def test_half_a_set_up_is_refused_with_the_reason(more: dict[str, str], words: str) -> None:
    assert words in " ".join(Settings.from_environ(GOOD | more).refusals(serving=True))


def test_a_whole_set_up_is_not() -> None:
    for more in ({}, {"GOOGLE_OIDC_DOMAIN": "lecnam.net"}, {"GOOGLE_OIDC_ISSUER": "http://localhost:9400"}):
        settings = Settings.from_environ(GOOD | more)
        assert (settings.refusals(serving=True), settings.google_sign_in) == ([], True)
    assert Settings.from_environ({}).oidc_issuer == GOOGLE_ISSUER
