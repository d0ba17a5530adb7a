"""The OAuth exchange of service accounts, and the account this server hands out."""

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from localsheets.books.store import Store
from localsheets.errors import unauthenticated

Json = dict[str, Any]
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EMAIL = "passerelle@localsheets.example"
LIFETIME = 3600
SKEW = 300
# Clients write one of these in their assertions, whatever address they send them to.
GOOGLE_ADDRESSES = {
    "https://oauth2.googleapis.com/token",
    "https://www.googleapis.com/oauth2/v4/token",
    "https://www.googleapis.com/oauth2/v3/token",
    "https://accounts.google.com/o/oauth2/token",
}
SCOPES = ("https://www.googleapis.com/auth/", "https://spreadsheets.google.com/feeds", "openid", "email", "profile")
TIMES = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)


class Refused(Exception):
    """Carry the two words of an OAuth error answer."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.body = {"error": error, "error_description": description}


class Tokens:
    """Exchange signed assertions for access tokens, and know whose they are."""

    def __init__(self, store: Store, public_key: bytes | None = None) -> None:
        self.store = store
        self.lock = threading.Lock()
        self.key = serialization.load_pem_public_key(public_key) if public_key else None
        self.known = {name.removeprefix("token:"): json.loads(text) for name, text in store.facts("token:").items()}

    def exchange(self, grant: str | None, assertion: str | None, addresses: Iterable[str] = ()) -> Json:
        """Answer an access token to a good assertion; `addresses` are those of this exchange, other than Google's."""
        if grant != GRANT:
            raise Refused("unsupported_grant_type", f"Invalid grant_type: {grant}")
        claims = self._claims(assertion or "", {*GOOGLE_ADDRESSES, *addresses})
        token = "ya29." + secrets.token_urlsafe(48)
        entry = {"email": claims["iss"], "until": time.time() + LIFETIME, "scopes": claims["scope"].split()}
        with self.lock:
            self.known[token] = entry
        self.store.remember(f"token:{token}", json.dumps(entry))
        return {"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"}

    def _claims(self, assertion: str, addresses: set[str]) -> Json:
        parts = assertion.split(".")
        try:
            header, claims = (json.loads(_decoded(part)) for part in parts[:2])
            signature = _decoded(parts[2])
        except (ValueError, IndexError):
            raise Refused("invalid_grant", "Invalid JWT: Failed to parse the assertion.") from None
        if len(parts) != 3 or not isinstance(claims, dict) or not isinstance(header, dict) or not signature:
            raise Refused("invalid_grant", "Invalid JWT: Failed to parse the assertion.")
        if header.get("alg") != "RS256":
            raise Refused("invalid_grant", "Invalid JWT: the assertion is not signed with RS256.")
        _check_claims(claims, addresses)
        self._check(signature, f"{parts[0]}.{parts[1]}".encode())
        return claims

    def _check(self, signature: bytes, signed: bytes) -> None:
        if not isinstance(self.key, rsa.RSAPublicKey):
            return
        try:
            self.key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise Refused("invalid_grant", "Invalid JWT Signature.") from None

    def email(self, header: str | None) -> str:
        """Return whose token an Authorization header bears, or refuse with Google's 401."""
        return str(self.bearer(header)["email"])

    def bearer(self, header: str | None) -> Json:
        """Return the `email` and `scopes` of the token that an Authorization header bears; 401 for a bad one.

        `scopes` is None for a token given before scopes were kept, which may do everything.
        """
        word, _, token = (header or "").partition(" ")
        entry = self.known.get(token) if word == "Bearer" else None
        if entry is None or entry["until"] < time.time():
            raise unauthenticated()
        return {"email": str(entry["email"]), "scopes": entry.get("scopes")}

    def revoke(self, token: str | None) -> Json:
        """Make a token worthless at once, even after a new start."""
        with self.lock:
            entry = self.known.pop(token or "", None)
        if entry is None or entry["until"] < time.time():
            raise Refused("invalid_token", "Token expired or revoked")
        self.store.remember(f"token:{token}", json.dumps(entry | {"until": 0}))
        return {}

    def info(self, token: str | None) -> Json:
        """Say what a token is good for."""
        entry = self.known.get(token or "")
        if entry is None or entry["until"] < time.time():
            raise Refused("invalid_token", "Invalid Value")
        left = int(entry["until"] - time.time())
        return {
            "scope": " ".join(entry.get("scopes") or []),
            "exp": str(int(entry["until"])),
            "expires_in": str(left),
            "email": entry["email"],
            "email_verified": "true",
            "access_type": "online",
        }

    def account(self, server: str) -> Json:
        """Return a service account file that unmodified clients connect with."""
        with self.lock:
            kept = self.store.fact("service-account")
            account = json.loads(kept) if kept else new_account()
            if not kept:
                self.store.remember("service-account", json.dumps(account))
        return account | {"token_uri": f"{server}/token"}


def _check_claims(claims: Json, addresses: set[str]) -> None:
    for name in ("iss", "aud", "scope"):
        if not isinstance(claims.get(name), str) or not claims[name]:
            raise Refused("invalid_grant", f"Invalid JWT: the claim {name} is required.")
    now, begins, ends = time.time(), claims.get("iat"), claims.get("exp")
    if not all(isinstance(moment, (int, float)) and not isinstance(moment, bool) for moment in (begins, ends)):
        raise Refused("invalid_grant", TIMES)
    if ends < now - SKEW or begins > now + SKEW or not begins < ends <= begins + LIFETIME:
        raise Refused("invalid_grant", TIMES)
    if claims["aud"] not in addresses:
        raise Refused("invalid_grant", "Invalid JWT: the audience is not the address of the token exchange.")
    if not all(scope.startswith(SCOPES) for scope in claims["scope"].split()):
        raise Refused("invalid_scope", f"Invalid OAuth scope or ID token audience provided: {claims['scope']}")


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def new_account() -> Json:
    """Make a service account with a fresh RSA key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "type": "service_account",
        "project_id": "localsheets",
        "private_key_id": secrets.token_hex(20),
        "private_key": pem.decode(),
        "client_email": EMAIL,
        "client_id": str(secrets.randbelow(10**21)).zfill(21),
    }
