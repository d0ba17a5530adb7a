"""Ask an OpenID Connect provider, Google unless told otherwise, who somebody is. What they may do is not its to say.

Authlib carries the protocol: PKCE, state and nonce, signatures, issuer, audience and times.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from threading import BoundedSemaphore
from typing import Any

from settings import GOOGLE_ISSUER, Settings

#: Seconds that a page waits for each answer of the provider.
PATIENCE = 5
#: How many pages wait for it at once: the others are served whatever it does, since threads are counted.
MOST_WAITING = 12
WAITING = BoundedSemaphore(MOST_WAITING)
#: Seconds after which one more page gives up.
TURN = 1
#: How Authlib names what it keeps of a question in the session.
NAME = "google"
ASKED = f"_state_{NAME}_"
#: Google answers with either.
ISSUERS = {GOOGLE_ISSUER: [GOOGLE_ISSUER, "accounts.google.com"]}
#: Domains whose addresses are Google's own to vouch for, beside those of its Workspaces.
GOOGLE_MAIL = ("gmail.com", "googlemail.com")


class Unreachable(Exception):
    """The provider does not answer, or answers what is no answer."""


class Busy(Unreachable):
    """Enough pages wait for the provider already."""


class Refused(Exception):
    """The provider, or the person there, did not say who they are; or not in a way that holds. `why` is one of WHY."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


#: The person gave up; the answer is of no question of ours; the address is not proved; the domain is another.
WHY = ("given_up", "unasked", "unproved", "elsewhere")
#: What the store has room for; Google's are 49 letters long.
MOST_LETTERS = 255


@dataclass(frozen=True)
class Identity:
    """Who somebody is: for good, by their number at this provider, and by which proved address today."""

    subject: str
    email: str


class Provider:
    """One provider, as the settings have it; what it says of itself is asked once."""

    def __init__(self, settings: Settings) -> None:
        self.issuer, self.domain = settings.oidc_issuer.rstrip("/"), settings.oidc_domain.lower()
        # Loaded for the first person who asks: most installations have no use for it.
        flask_client = import_module("authlib.integrations.flask_client")
        self._app = flask_client.FlaskOAuth2App(
            flask_client.FlaskIntegration(NAME), NAME, client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": PATIENCE},
        )  # fmt: skip

    def ask(self, back: str) -> Any:
        """Return the answer that sends the browser there, to come back to this address; raise Unreachable."""
        more = {"hd": self.domain} if self.domain else {}
        with _told():
            # The account is chosen there each time: the machine may be shared.
            return self._app.authorize_redirect(back, prompt="select_account", **more)

    def identity(self) -> Identity:
        """Return who the request that comes back from there says; raise Unreachable or Refused."""
        issuers = ISSUERS.get(self.issuer, [self.issuer, f"{self.issuer}/"])
        # Authlib alone would take a token that is for somebody else, as long as it says that we asked for it.
        ours = {"iss": {"essential": True, "values": issuers}, "aud": {"essential": True, "value": self._app.client_id}}
        required = {name: {"essential": True} for name in ("sub", "exp", "iat", "nonce")}
        with _told():
            claims = self._app.authorize_access_token(claims_options=ours | required)["userinfo"]
        return self.proved(claims)

    def proved(self, claims: Mapping[str, Any]) -> Identity:
        """Return who these claims, checked already, say that somebody is; raise Refused for an address not proved."""
        email, workspace = claims.get("email"), claims.get("hd")
        if self.domain and (not isinstance(workspace, str) or workspace.lower() != self.domain):
            raise Refused("elsewhere")
        # An address that Google does not host was checked once: since then it may have gone to somebody else.
        vouched = self.issuer != GOOGLE_ISSUER or workspace or str(email).lower().rpartition("@")[2] in GOOGLE_MAIL
        if not isinstance(email, str) or claims.get("email_verified") is not True or not vouched:
            raise Refused("unproved")
        # Another provider has other people under the same numbers.
        subject = f"{self.issuer} {claims['sub']}"
        if len(subject) > MOST_LETTERS:
            raise Unreachable("a subject without end")
        return Identity(subject, email)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the protocol raises into Refused or Unreachable."""
    base = import_module("authlib.integrations.base_client")
    network, jose = import_module("requests"), import_module("joserfc.errors")
    nonsense = (ValueError, KeyError, TypeError, AttributeError, RuntimeError)
    if not WAITING.acquire(timeout=TURN):
        raise Busy("enough pages wait for it")
    try:
        yield
    except base.OAuthError as error:
        raise (Refused("given_up") if error.error == "access_denied" else Unreachable(str(error))) from error
    except (network.RequestException, jose.JoseError, *nonsense) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    finally:
        WAITING.release()
