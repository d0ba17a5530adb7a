"""Every setting, what an unsafe start is refused for, and the service account in all its states of repair."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from peewee import OperationalError, ProgrammingError

import commands
from app import UnsafeStart, create_app, create_worker
from settings import ROOT, ServiceAccountError, Settings
from tests.conftest import POSTGRESQL

GOOD_KEY = "k" * 40
ACCOUNT = {
    "client_email": "passerelle@exemple.iam.gserviceaccount.com",
    "private_key": "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n",
    "token_uri": "https://oauth2.googleapis.com/token",
}


def test_every_setting_is_in_the_example_file_and_nothing_else() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    documented = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    read = {item.metadata["env"] for item in Settings.__dataclass_fields__.values() if item.metadata}
    assert documented == read


def test_defaults_are_the_embedded_store_and_google() -> None:
    settings = Settings.from_environ({})
    assert settings.database_url.startswith("sqlite:////")
    assert settings.sheets_api_root == "https://sheets.googleapis.com"
    assert settings.drive_api_root == "https://www.googleapis.com/drive"
    assert not settings.secure
    assert not settings.on_platform


@pytest.mark.parametrize("name", ["DATABASE_URL", "SCALINGO_POSTGRESQL_URL", "POSTGRESQL_ADDON_URI"])
def test_the_store_is_found_under_the_name_each_platform_gives(name: str) -> None:
    settings = Settings.from_environ({name: "postgres://u:p@h/d"})
    assert settings.database_url == "postgres://u:p@h/d"
    assert settings.postgresql


@pytest.mark.parametrize(
    ("environ", "serving", "words"),
    [
        ({}, True, "SECRET_KEY manque"),
        ({"SECRET_KEY": "short"}, True, "SECRET_KEY est trop courte"),
        ({"SECRET_KEY": GOOD_KEY, "DYNO": "web.1"}, True, "PostgreSQL"),
        ({"SECRET_KEY": GOOD_KEY, "DYNO": "web.1", "DATABASE_URL": "postgres://h/d"}, True, "TRUSTED_HOSTS manque"),
        ({"CONTAINER": "worker-1"}, False, "PostgreSQL"),
        ({"SECRET_KEY": GOOD_KEY, "LOG_FORMAT": "xml"}, True, "LOG_FORMAT"),
    ],
)
def test_an_unsafe_start_is_refused_in_words(environ: dict[str, str], serving: bool, words: str) -> None:
    settings = Settings.from_environ(environ)
    assert words in " ".join(settings.refusals(serving))
    with pytest.raises(UnsafeStart, match=words):
        create_app(settings, serving=serving)


@pytest.mark.parametrize(
    ("environ", "serving"),
    [
        ({}, False),
        ({"SECRET_KEY": GOOD_KEY}, True),
        ({"SECRET_KEY": GOOD_KEY, "DYNO": "web.1", "DATABASE_URL": "postgres://h/d", "TRUSTED_HOSTS": "a.fr"}, True),
    ],
)
def test_a_safe_start_is_not(environ: dict[str, str], serving: bool) -> None:
    assert Settings.from_environ(environ).refusals(serving) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "GOOGLE_SERVICE_ACCOUNT_JSON manque"),
        ("{not json", "n'est pas du JSON lisible"),
        ("[]", "doit être un objet JSON"),
        (json.dumps({"type": "service_account"}), "client_email"),
        (json.dumps({**ACCOUNT, "private_key": "-----BEGIN PRIVATE KEY-----\nabc"}), "tronquée"),
        (json.dumps({k: v for k, v in ACCOUNT.items() if k != "token_uri"}), "token_uri"),
    ],
)
def test_a_damaged_service_account_says_what_to_do(text: str, words: str) -> None:
    with pytest.raises(ServiceAccountError, match=words):
        Settings(service_account_json=text).service_account()


def test_line_breaks_that_a_platform_flattened_are_repaired() -> None:
    flattened = json.dumps({**ACCOUNT, "private_key": ACCOUNT["private_key"].replace("\n", "\\n")})
    assert Settings(service_account_json=flattened).service_account()["private_key"] == ACCOUNT["private_key"]


def test_the_procfile_names_the_four_processes() -> None:
    lines = (Path(ROOT) / "Procfile").read_text().splitlines()
    assert [line.split(":")[0] for line in lines] == ["web", "worker", "release", "postdeploy"]


def test_each_process_loads_what_it_needs_and_no_more() -> None:
    """Memory is what a small platform sells: pages do not carry Google's client, nor the worker the pages."""
    heavy = "{'authlib', 'blueprints', 'commands', 'gspread', 'faker', 'joserfc', 'typst', 'highspy', 'wtforms'}"
    for made, expected in (
        ("create_app", ["blueprints", "wtforms"]),
        ("create_worker", ["commands", "gspread"]),
    ):
        program = f"import sys, app; app.{made}(); print(*sorted({heavy} & set(sys.modules)))"
        environ = {**os.environ, "SECRET_KEY": GOOD_KEY, "DATABASE_URL": "sqlite:///:memory:"}
        environ |= {"GOOGLE_OIDC_CLIENT_ID": "id", "GOOGLE_OIDC_CLIENT_SECRET": "secret"}
        environ.pop("FLASK_RUN_FROM_CLI", None)
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == expected


def test_links_to_a_cell_open_google_or_what_stands_in_for_it() -> None:
    google, local = Settings(), Settings(sheets_api_root="http://127.0.0.1:8090")
    assert google.book_address("abc") == "https://docs.google.com/spreadsheets/d/abc/edit"
    assert google.book_address("abc", 7, "B3") == "https://docs.google.com/spreadsheets/d/abc/edit#gid=7&range=B3"
    assert local.book_address("abc", 0) == "http://127.0.0.1:8090/spreadsheets/d/abc/edit#gid=0"


@pytest.mark.parametrize("more", [{}, {"SECRET_KEY": "short"}, {"SECRET_KEY": GOOD_KEY, "DYNO": "web.1"}])
def test_the_web_process_stops_for_good_and_says_why(tmp_path: Path, more: dict[str, str]) -> None:
    environ = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "DATABASE_URL")}
    environ |= {"VAR": str(tmp_path), "PORT": "0", "HOST": "127.0.0.1", **more}
    command = [sys.executable, "-m", "gunicorn", "app:create_app()"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 3
    assert done.stderr.count("Passerelle ne démarre pas") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environ", "arguments", "words"),
    [
        ({"DATABASE_URL": "mysql://h/d"}, ["db", "status"], "DATABASE_URL commence par « mysql »"),
        ({}, ["sync", "status"], "db upgrade"),
        ({}, ["users", "add", "a@exemple.fr", "--name", "A", "--role", "reader"], "db upgrade"),
        ({"DATABASE_URL": "postgresql://postgres@127.0.0.1:1/x"}, ["sync", "status"],
         "« x » (127.0.0.1, port 1) ne répond pas (rien ne répond à cette adresse). Vérifiez DATABASE_URL."),
        ({"DATABASE_URL": "postgresql://u:le-secret@127.0.0.1:1/x"}, ["users", "add", "a@b.fr", "--name", "A", "--role",
         "admin"], "(rien ne répond à cette adresse)"),
        ({"DATABASE_URL": "postgresql://postgres@nulle-part.invalid/x"}, ["db", "status"], "machine est inconnue"),
        ({"DATABASE_URL": POSTGRESQL.rsplit("/", 1)[0] + "/jamais_creee"}, ["demo"],
         "cette base ou cet utilisateur n'existe pas"),
    ],  # fmt: skip
)
def test_a_command_without_its_store_says_so_in_words(
    tmp_path: Path, environ: dict[str, str], arguments: list[str], words: str
) -> None:
    base = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"VAR": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=base | environ, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 3)
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "le-secret" not in done.stderr


@pytest.mark.parametrize("arguments", [["db", "upgrade"], ["sync", "status"], ["minutes", "verify"], ["demo"]])
@pytest.mark.parametrize(
    ("place", "words"),
    [
        # In place of the folder, or above it, stands a file; or the folder is there, and in place of the file, another.
        ("file/x.db", "le dossier {0}/file ne peut pas être créé : ce n'est pas un dossier."),
        ("file/in/x.db", "le dossier {0}/file/in ne peut pas être créé : ce n'est pas un dossier."),
        ("folder", "{0}/folder"),
    ],
)
def test_a_folder_that_cannot_hold_the_store_is_named_in_one_sentence(
    tmp_path: Path, place: str, words: str, arguments: list[str]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.migration").mkdir()
    environ = os.environ | {"VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / place}"}
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert words.format(tmp_path) in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_web_process_stops_for_good_without_a_folder_for_its_store(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnsafeStart, match="file ne peut pas être créé") as refused:
        create_app(Settings(database_url=f"sqlite:///{tmp_path}/file/x.db", secret_key=GOOD_KEY), serving=True)
    assert refused.value.code == 3


@pytest.mark.parametrize(
    "error",
    [OperationalError('near "SELEC": syntax error'), OperationalError("no such function: f"),
     ProgrammingError('syntax error at or near "SELEC"'), ConnectionError("Google"), FileNotFoundError(2, "x", "/y")],
)  # fmt: skip
def test_what_is_not_the_store_is_not_taken_for_it(tmp_path: Path, error: Exception) -> None:
    app = create_worker(Settings(database_url=f"sqlite:///{tmp_path}/x.db"))

    @click.command("broken")
    def broken() -> None:
        raise error

    broken.callback = commands._plainly(broken.callback)
    app.cli.add_command(broken)
    assert app.test_cli_runner().invoke(args=["broken"]).exception is error


@pytest.mark.parametrize("text", ['relation "cohort" does not exist', "column t1.place does not exist"])
def test_a_store_that_is_behind_is_told_from_one_that_is_away(text: str) -> None:
    assert "db upgrade" in commands._store_trouble(ProgrammingError(text))


# -- several service accounts, and where Google reaches us ------------------------------------------


def test_one_account_or_a_list_of_them() -> None:
    second = ACCOUNT | {"client_email": "deux@exemple.iam.gserviceaccount.com"}
    one, two = (Settings(service_account_json=json.dumps(given)) for given in (ACCOUNT, [ACCOUNT, second]))
    assert [info["client_email"] for info in one.service_accounts()] == [ACCOUNT["client_email"]]
    assert [info["client_email"] for info in two.service_accounts()] == [
        ACCOUNT["client_email"], second["client_email"],
    ]  # fmt: skip
    assert two.service_account() == one.service_account() == ACCOUNT
    assert two.service_account(second["client_email"]) == second


def test_an_account_that_is_not_there_is_named_with_what_to_do() -> None:
    with pytest.raises(ServiceAccountError, match=r"perdu@exemple\.fr.*ajoutez-y sa clé"):
        Settings(service_account_json=json.dumps([ACCOUNT])).service_account("perdu@exemple.fr")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([ACCOUNT, 3], r"compte n° 2.*objet JSON"),
        ([ACCOUNT, {k: v for k, v in ACCOUNT.items() if k != "private_key"}], r"compte n° 2.*private_key"),
        ([ACCOUNT | {"private_key": "-----BEGIN"}], r"compte n° 1.*tronquée"),
        ([ACCOUNT, ACCOUNT], "deux fois le compte passerelle@exemple"),
        ([], "objet JSON"),
        ([[ACCOUNT]], "objet JSON"),
    ],
)
def test_a_damaged_list_says_which_account(given: list, words: str) -> None:
    with pytest.raises(ServiceAccountError, match=words):
        Settings(service_account_json=json.dumps(given)).service_accounts()


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, ""),
        ({"TRUSTED_HOSTS": "a.exemple.fr, b.exemple.fr"}, "https://a.exemple.fr"),
        ({"TRUSTED_HOSTS": "a.exemple.fr", "PUBLIC_URL": "https://b.exemple.fr/"}, "https://b.exemple.fr"),
        ({"PUBLIC_URL": "http://127.0.0.1:8000"}, "http://127.0.0.1:8000"),
    ],
)
def test_where_google_reaches_us(environ: dict[str, str], address: str) -> None:
    assert Settings.from_environ(environ).public_address == address


@pytest.mark.parametrize("given", ["passerelle.exemple.fr", "ftp://a.fr", "javascript:alert(1)"])
def test_a_public_address_that_is_none_is_refused(given: str) -> None:
    assert "PUBLIC_URL" in " ".join(Settings.from_environ({"PUBLIC_URL": given}).refusals(serving=False))
    assert not Settings.from_environ({"PUBLIC_URL": "https://a.fr"}).refusals(serving=False)
