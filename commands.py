"""Every `flask …` command that is not about one layer alone: database, demonstration, accounts."""

import functools
import re
import sys
from collections.abc import Callable

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from peewee import InterfaceError, OperationalError, ProgrammingError

from backup_commands import backup_commands
from minutes_commands import minutes_commands
from settings import ServiceAccountError, Settings
from store import accounts, agreement, db, people
from store.demonstration import load
from store.errors import Refused
from store.file_troubles import trouble
from store.journal import Author
from sync.book import BookTrouble, Sheets
from sync.commands import sync_commands
from sync.dress import create_book

db_commands = AppGroup("db", help="Migrate the database.")
users_commands = AppGroup("users", help="Manage accounts.")
AUTHOR = Author("Ligne de commande", "command")
#: What PostgreSQL says of a table or a column that a migration is to bring.
_MISSING = re.compile(r"\b(relation|column)\b.* does not exist")
#: Why a store does not answer, found in what its engine says, as staff read it.
_REASONS = {
    "unable to open": "ce fichier ne s'ouvre pas", "readonly database": "ce fichier ne peut pas être modifié",
    "not a database": "ce fichier n'est pas une base SQLite",
    "Connection refused": "rien ne répond à cette adresse", "resolve host": "cette machine est inconnue",
    "translate host": "cette machine est inconnue", "timeout": "rien n'a répondu à temps",
    "password": "l'utilisateur ou son mot de passe est refusé",
    "does not exist": "cette base ou cet utilisateur n'existe pas",
}  # fmt: skip


def register(app: Flask) -> None:
    """Add every command to the application, each saying in words when the store does not answer."""
    for group in (db_commands, users_commands, minutes_commands, sync_commands):
        for command in group.commands.values():
            command.callback = _plainly(command.callback)
        app.cli.add_command(group)
    for command in (demo_command, *backup_commands):
        command.callback = _plainly(command.callback)
        app.cli.add_command(command)


def _plainly(callback: Callable[..., object]) -> Callable[..., object]:
    """Turn a store that is away or behind into a sentence and exit code 1."""
    if getattr(callback, "plainly", False):
        return callback

    @functools.wraps(callback)
    def run(*arguments: object, **options: object) -> object:
        try:
            return callback(*arguments, **options)
        except (OperationalError, ProgrammingError, InterfaceError, OSError) as error:
            told = _store_trouble(error)
            if not told:
                raise
            raise click.ClickException(told) from error

    run.plainly = True  # type: ignore[attr-defined]
    return run


def _store_trouble(error: Exception) -> str:
    """Say what is wrong with the store, and where; '' when it is something else, which nobody should take for that."""
    text = str(error)
    if isinstance(error, OSError):
        return f"{error.filename} : {trouble(error)}. Vérifiez DATABASE_URL." if _of_store(error.filename) else ""
    if "no such table" in text or "no such column" in text or _MISSING.search(text):
        return "La base n'est pas à jour : lancez d'abord « flask --app app db upgrade »."
    if isinstance(error, ProgrammingError) or "syntax error" in text or "no such" in text:
        return ""
    why = next((said for words, said in _REASONS.items() if words in text), text.strip().splitlines()[0])
    return f"La base de données {_place()} ne répond pas ({why}). Vérifiez DATABASE_URL."


def _place() -> str:
    """Say where the store is, without the password."""
    store = db.database.obj
    if not db.is_postgresql():
        return store.database
    given = store.connect_params
    return f"« {store.database} » ({given.get('host') or 'cette machine'}, port {given.get('port') or 5432})"


def _of_store(path: str | None) -> bool:
    """Tell whether a file is that of the store, or one that lies beside it: SQLite's own, the lock of migrations."""
    return bool(path) and not db.is_postgresql() and str(path).startswith(db.database.obj.database)


@db_commands.command("upgrade")
def upgrade_command() -> None:
    """Apply the missing migrations, under a lock."""
    done = db.upgrade()
    click.echo(f"Base à jour : {len(done)} migration(s) appliquée(s)." if done else "Base déjà à jour.")


@db_commands.command("status")
@click.pass_context
def status_command(context: click.Context) -> None:
    """Exit 1 when a migration is pending."""
    with db.connection():
        pending = db.pending()
    click.echo("En attente : " + ", ".join(pending) if pending else "Base à jour.")
    context.exit(1 if pending else 0)


@click.command("demo")
def demo_command() -> None:
    """Load the five programmes with invented participants, and one spreadsheet for each audience."""
    try:
        with db.connection():
            if not load.loaded():
                load.load()
                click.echo("Cinq promotions chargées.")
        made = _make_books(current_app.config["SETTINGS"])
    except (Refused, BookTrouble, ServiceAccountError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{made} classeur(s) créé(s)." if made else "Les classeurs existent déjà.")


def _make_books(settings: Settings) -> int:
    """Create the spreadsheets that are missing: a run cut short is completed by the next."""
    with db.connection():
        bound = {(state["cohort"], state["audience"]) for state in agreement.states()}
        wanted = [
            (cohort_id, code, audience)
            for cohort_id, code, *_ in people.cohorts()
            for audience in ("staff", "jury")
            if (code, audience) not in bound
        ]
    if wanted:
        sheets = Sheets(settings.service_account(), settings.sheets_api_root, settings.drive_api_root)
        for cohort_id, code, audience in wanted:
            create_book(sheets, cohort_id, code, audience)
    return len(wanted)


@users_commands.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", required=True, help=", ".join(accounts.ROLES))
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user_command(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Create an account; print a single-use invitation link unless a password is given."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    try:
        with db.connection():
            token = accounts.add(AUTHOR, email, name, role, password)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    if token:
        click.echo(f"Lien d'invitation, valable 7 jours, une seule fois : {_link(token)}")
    else:
        click.echo(f"Compte {email} créé.")


def _link(token: str) -> str:
    settings = current_app.config["SETTINGS"]
    root = f"https://{settings.hosts[0]}" if settings.hosts else f"http://127.0.0.1:{settings.port}"
    return f"{root}/invitation/{token}"
