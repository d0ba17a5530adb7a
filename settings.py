"""Every setting of the product: its environment variable, its default, what an unsafe start is refused for."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
GOOGLE_SHEETS = "https://sheets.googleapis.com"
GOOGLE_PAGES = "https://docs.google.com"
GOOGLE_ISSUER = "https://accounts.google.com"
GOOGLE_DRIVE = "https://www.googleapis.com/drive"
#: Variables that Heroku, Scalingo, Clever Cloud and Dokku set in every container.
PLATFORM_MARKS = ("DYNO", "CONTAINER", "CC_DEPLOYMENT_ID", "DOKKU_APP_TYPE")
#: Names under which platforms give the address of their PostgreSQL, in order of preference.
DATABASE_NAMES = ("DATABASE_URL", "SCALINGO_POSTGRESQL_URL", "POSTGRESQL_ADDON_URI")


def _env(name: str, default: str = "") -> str:
    return field(default=default, metadata={"env": name})


@dataclass(frozen=True)
class Settings:
    """Hold the settings of one process, read once at its start."""

    database_url: str = _env("DATABASE_URL")
    secret_key: str = _env("SECRET_KEY")
    port: str = _env("PORT", "8000")
    sheets_port: str = _env("SHEETS_PORT", "8090")
    var: str = _env("VAR", "var")
    service_account_json: str = _env("GOOGLE_SERVICE_ACCOUNT_JSON")
    sheets_api_root: str = _env("SHEETS_API_ROOT", GOOGLE_SHEETS)
    drive_api_root: str = _env("DRIVE_API_ROOT", GOOGLE_DRIVE)
    oidc_client_id: str = _env("GOOGLE_OIDC_CLIENT_ID")
    oidc_client_secret: str = _env("GOOGLE_OIDC_CLIENT_SECRET")
    oidc_issuer: str = _env("GOOGLE_OIDC_ISSUER", GOOGLE_ISSUER)
    oidc_domain: str = _env("GOOGLE_OIDC_DOMAIN")
    trusted_hosts: str = _env("TRUSTED_HOSTS")
    public_url: str = _env("PUBLIC_URL")
    provider_name: str = _env("PROVIDER_NAME", "Conservatoire national des arts et métiers (Cnam)")
    provider_address: str = _env("PROVIDER_ADDRESS", "292 rue Saint-Martin, 75003 Paris")
    provider_town: str = _env("PROVIDER_TOWN", "Paris")
    provider_activity_number: str = _env("PROVIDER_ACTIVITY_NUMBER")
    provider_signatory: str = _env("PROVIDER_SIGNATORY")
    log_format: str = _env("LOG_FORMAT", "text")
    sentry_dsn: str = _env("SENTRY_DSN")
    on_platform: bool = False

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from environment variables; blank counts as absent."""
        environ = os.environ if environ is None else environ
        given = {}
        for item in fields(cls):
            name = item.metadata.get("env")
            if name and environ.get(name, "").strip():
                given[item.name] = environ[name].strip()
        url = next((environ[name].strip() for name in DATABASE_NAMES if environ.get(name, "").strip()), "")
        if not url:
            url = "sqlite:///" + str(_absolute(given.get("var", "var")) / "passerelle.sqlite")
        on_platform = any(environ.get(mark) for mark in PLATFORM_MARKS)
        return cls(**{**given, "database_url": url, "on_platform": on_platform})

    @property
    def hosts(self) -> list[str]:
        """List the host names this installation answers to; empty means any."""
        return [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]

    @property
    def secure(self) -> bool:
        """Tell whether people reach this installation through HTTPS: cookies are then marked so."""
        return bool(self.hosts)

    @property
    def google_sign_in(self) -> bool:
        """Tell whether people may sign in with Google."""
        return bool(self.oidc_client_id and self.oidc_client_secret)

    @property
    def public_address(self) -> str:
        """Return the address by which Google reaches this installation, without a final slash; '' when it cannot."""
        return self.public_url.rstrip("/") or (f"https://{self.hosts[0]}" if self.hosts else "")

    @property
    def provider(self) -> dict[str, str]:
        """Return how papers name the training provider: its name, where it is, its number, who signs for it."""
        parts = ("name", "address", "town", "activity_number", "signatory")
        return {part: getattr(self, f"provider_{part}") for part in parts}

    @property
    def postgresql(self) -> bool:
        """Tell whether the store is PostgreSQL rather than the embedded SQLite."""
        return self.database_url.startswith(("postgres://", "postgresql://"))

    def refusals(self, serving: bool) -> list[str]:
        """List, in French, why this start is unsafe; `serving` means pages, not a command."""
        found = []
        if not self.postgresql and not self.database_url.startswith("sqlite:///"):
            scheme = self.database_url.split(":")[0]
            found.append(f"DATABASE_URL commence par « {scheme} » : il faut postgresql://… ou sqlite:///fichier.")
        if serving and not self.secret_key:
            found.append(
                "SECRET_KEY manque : sans elle, les connexions ne peuvent pas être protégées. Donnez-lui une "
                'longue valeur tirée au hasard, par exemple celle que donne la commande : python -c "import '
                'secrets; print(secrets.token_urlsafe(48))"'
            )
        elif serving and len(self.secret_key) < 32:
            found.append("SECRET_KEY est trop courte : il faut au moins 32 caractères tirés au hasard.")
        if self.on_platform and not self.postgresql:
            found.append(
                "Aucune base PostgreSQL : le disque d'un hébergement de ce type est effacé à chaque "
                "déploiement, et vos données avec. Ajoutez une base PostgreSQL et donnez son adresse dans "
                "DATABASE_URL."
            )
        if serving and self.on_platform and not self.hosts:
            found.append(
                "TRUSTED_HOSTS manque : donnez le ou les noms sous lesquels le service est joint, par exemple "
                "passerelle.exemple.fr."
            )
        if self.public_url and urlsplit(self.public_url).scheme not in ("http", "https"):
            found.append(
                f"PUBLIC_URL vaut « {self.public_url} » : il faut une adresse entière, par exemple "
                "https://passerelle.exemple.fr."
            )
        found += self._google_refusals()
        if self.log_format not in ("text", "json"):
            found.append(f"LOG_FORMAT vaut « {self.log_format} » : les valeurs possibles sont text et json.")
        return found

    def _google_refusals(self) -> list[str]:
        """List, in French, what is wrong with the four settings of signing in with Google."""
        found = []
        both = {
            "GOOGLE_OIDC_CLIENT_ID": self.oidc_client_id, "GOOGLE_OIDC_CLIENT_SECRET": self.oidc_client_secret,
        }  # fmt: skip
        missing = [name for name, value in both.items() if not value]
        if len(missing) == 1 or (missing and self.oidc_domain):
            found.append(
                f"{' et '.join(missing)} manque{'nt' if missing[1:] else ''} : la connexion avec Google demande "
                "GOOGLE_OIDC_CLIENT_ID et GOOGLE_OIDC_CLIENT_SECRET (console Google Cloud, « Identifiants », « ID "
                "client OAuth »). Donnez les deux, ou aucun des réglages GOOGLE_OIDC_."
            )
        issuer = urlsplit(self.oidc_issuer)
        local = issuer.hostname in ("localhost", "127.0.0.1")
        if not issuer.netloc or issuer.query or issuer.scheme != "https" and not (issuer.scheme == "http" and local):
            found.append(
                f"GOOGLE_OIDC_ISSUER vaut « {self.oidc_issuer} » : il faut une adresse entière en https://, "
                f"par exemple {GOOGLE_ISSUER}."
            )
        if self.oidc_domain and ("." not in self.oidc_domain or set("@/: ,*") & set(self.oidc_domain)):
            found.append(
                f"GOOGLE_OIDC_DOMAIN vaut « {self.oidc_domain} » : il faut un seul nom de domaine, par exemple "
                "lecnam.net."
            )
        return found

    def service_accounts(self) -> list[dict]:
        """Read the service accounts, one or a list of them; raise ServiceAccountError saying in French what is damaged.

        Each has its own quota: a second one makes twice as many calls possible.
        """
        if not self.service_account_json:
            raise ServiceAccountError(
                "GOOGLE_SERVICE_ACCOUNT_JSON manque : collez-y tout le contenu du fichier JSON de la clé du "
                "compte de service (console Google Cloud, « Comptes de service », « Clés »)."
            )
        try:
            given = json.loads(self.service_account_json, strict=False)
        except ValueError as error:
            raise ServiceAccountError(
                f"GOOGLE_SERVICE_ACCOUNT_JSON n'est pas du JSON lisible ({error}). Collez le fichier entier, "
                "de la première accolade à la dernière, sans le modifier."
            ) from error
        if isinstance(given, list) and given:
            return _apart([_checked_account(info, f" (compte n° {n})") for n, info in enumerate(given, start=1)])
        return [_checked_account(given)]

    def service_account(self, address: str = "") -> dict:
        """Return the service account with this address, by default the first; raise ServiceAccountError without it."""
        accounts = self.service_accounts()
        found = next((info for info in accounts if address in ("", info["client_email"])), None)
        if found is None:
            raise ServiceAccountError(
                f"Le compte de service {address}, avec lequel ce classeur est partagé, n'est pas dans "
                "GOOGLE_SERVICE_ACCOUNT_JSON : ajoutez-y sa clé, ou partagez le classeur avec "
                f"{accounts[0]['client_email']} et reliez-le de nouveau."
            )
        return found

    def book_address(self, book_id: str, sheet_id: int | None = None, cell: str = "") -> str:
        """Return where people open a spreadsheet, a tab or a cell of it: Google, or what stands in for it."""
        root = GOOGLE_PAGES if self.sheets_api_root == GOOGLE_SHEETS else self.sheets_api_root.rstrip("/")
        place = "" if sheet_id is None else f"#gid={sheet_id}" + (f"&range={cell}" if cell else "")
        return f"{root}/spreadsheets/d/{book_id}/edit{place}"

    def key(self) -> str:
        """Return the secret key, or one that lasts as long as this process, enough for a command."""
        return self.secret_key or secrets.token_urlsafe(48)


class ServiceAccountError(ValueError):
    """Say why the service account of the environment cannot be used."""


def _checked_account(info: object, which: str = "") -> dict:
    if not isinstance(info, dict):
        raise ServiceAccountError(
            f"GOOGLE_SERVICE_ACCOUNT_JSON{which} doit être un objet JSON : {{ … }}, ou une liste de tels objets : "
            "[ { … }, { … } ]."
        )
    for name in ("client_email", "private_key", "token_uri"):
        if not isinstance(info.get(name), str) or not info[name]:
            raise ServiceAccountError(
                f"GOOGLE_SERVICE_ACCOUNT_JSON{which} n'a pas de « {name} » : ce n'est pas le fichier d'une clé de "
                "compte de service. Créez une clé JSON dans la console Google Cloud et collez-la entière."
            )
    # Platforms that take one-line values turn line breaks into a literal backslash and n.
    key = info["private_key"].replace("\\n", "\n")
    if "-----BEGIN" not in key or "-----END" not in key:
        raise ServiceAccountError(
            f"La clé privée de GOOGLE_SERVICE_ACCOUNT_JSON{which} est tronquée : elle doit aller de « -----BEGIN » à "
            "« -----END ». Collez de nouveau le fichier entier."
        )
    return {**info, "private_key": key}


def _apart(accounts: list[dict]) -> list[dict]:
    addresses = [info["client_email"] for info in accounts]
    twice = next((address for address in addresses if addresses.count(address) > 1), None)
    if twice:
        raise ServiceAccountError(
            f"GOOGLE_SERVICE_ACCOUNT_JSON contient deux fois le compte {twice} : gardez une seule de ses clés."
        )
    return accounts


def _absolute(path: str) -> Path:
    return (ROOT / path).resolve()
