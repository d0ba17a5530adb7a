"""The OAuth exchange of service accounts, and the account this server hands out."""

import base64
import json
import secrets
import threading
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from localsheets.errors import unauthenticated
from localsheets.store import Store

Json = dict[str, Any]
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EMAIL = "passerelle@localsheets.example"
LIFETIME = 3600


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

    def exchange(self, grant: str | None, assertion: str | None) -> Json:
        """Answer an access token to a well-formed assertion that has not expired."""
        if grant != GRANT:
            raise Refused("unsupported_grant_type", f"Invalid grant_type: {grant}")
        claims = self._claims(assertion or "")
        token = "ya29." + secrets.token_urlsafe(48)
        entry = {"email": claims["iss"], "until": time.time() + LIFETIME}
        with self.lock:
            self.known[token] = entry
        self.store.remember(f"token:{token}", json.dumps(entry))
        return {"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"}

    def _claims(self, assertion: str) -> Json:
        parts = assertion.split(".")
        try:
            header, claims = (json.loads(_decoded(part)) for part in parts[:2])
            signature = _decoded(parts[2])
        except (ValueError, IndexError):
            raise Refused("invalid_grant", "The assertion is not a JSON web token.") from None
        if len(parts) != 3 or not isinstance(claims, dict) or header.get("alg") != "RS256" or not signature:
            raise Refused("invalid_grant", "The assertion is not signed with RS256.")
        for name in ("iss", "aud", "scope", "exp"):
            if not claims.get(name):
                raise Refused("invalid_grant", f"The assertion lacks {name}.")
        if not isinstance(claims["exp"], (int, float)) or claims["exp"] < time.time():
            raise Refused("invalid_grant", "Invalid JWT: the assertion has expired.")
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
        word, _, token = (header or "").partition(" ")
        entry = self.known.get(token) if word == "Bearer" else None
        if entry is None or entry["until"] < time.time():
            raise unauthenticated()
        return str(entry["email"])

    def account(self, server: str) -> Json:
        """Return a service account file that unmodified clients connect with."""
        with self.lock:
            kept = self.store.fact("service-account")
            account = json.loads(kept) if kept else new_account()
            if not kept:
                self.store.remember("service-account", json.dumps(account))
        return account | {"token_uri": f"{server}/token"}


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
