"""`flask backup`, `flask restore`, `flask digests`: a copy of the whole store, on either engine."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO

import click

from store import backup, backup_reading, db, restore, verification
from store.backup import Told
from store.errors import Refused
from store.file_troubles import trouble

#: In place of a file: standard output, or standard input.
STANDARD = "-"
EXISTS = "{} existe déjà : rien n'a été écrit. Donnez un autre nom, ou ajoutez --overwrite pour le remplacer."
NO_FILE = (
    "{} n'est pas un fichier : rien n'a été écrit. Donnez le nom d'un fichier, ou « - » pour la sortie standard."
)
NO_FOLDER = "{} : ce dossier n'existe pas. Rien n'a été écrit."
#: Of minutes that a restore makes go, those named; the others are counted.
NAMED = 20


@click.command("backup", help=(
    "Copie toute la base, telle qu'elle est à un instant, dans FILE (« - » : la sortie standard), pendant que "
    "l'intranet et la synchronisation continuent. La copie, comprimée, est reprise par « restore » sur SQLite comme "
    "sur PostgreSQL. Affiche les lignes et l'empreinte de chaque table."
))  # fmt: skip
@click.argument("file")
@click.option("--overwrite", is_flag=True, help="Remplace FILE s'il existe déjà.")
def backup_command(file: str, overwrite: bool) -> None:
    """Copy the store into a file and print the digest of each table."""
    with _plain_refusals():
        if file == STANDARD:
            _print(backup.write(sys.stdout.buffer), err=True)
            sys.stdout.buffer.flush()
            return
        target = Path(file)
        if not target.parent.is_dir():
            raise click.ClickException(NO_FOLDER.format(target.parent))
        # A folder or a device is never replaced by a file.
        if target.exists() and not target.is_file():
            raise click.ClickException(NO_FILE.format(file))
        if target.exists() and not overwrite:
            raise click.ClickException(EXISTS.format(file))
        with _beside(target, overwrite) as out:
            told = backup.write(out)
    _print(told)


@click.command("restore", help=(
    "Remet dans une base vide ce que contient la copie FILE (« - » : l'entrée standard), faite par « backup » sur l'un "
    "ou l'autre moteur. La copie est vérifiée en entier avant que rien ne soit écrit ; tout est remis, ou rien. "
    "Affiche les lignes et l'empreinte de chaque table : ce sont celles qu'affichait « backup »."
))  # fmt: skip
@click.argument("file")
@click.option("--replace", is_flag=True, help="Efface d'abord tout ce que contient la base.")
@click.option("--check", is_flag=True, help="Vérifie seulement la copie : la base n'est ni lue ni changée.")
def restore_command(file: str, replace: bool, check: bool) -> None:
    """Put a copy back into an empty store and print the digest of each table."""
    with _plain_refusals(), _opened(file) as source:
        copy = backup_reading.verified(source)
        gone = [] if check else restore.restore(copy, replace)
        broken = 0 if check else _broken()
    _print(copy.told)
    if gone:
        more = f" … et {len(gone) - NAMED} autres" if len(gone) > NAMED else ""
        click.echo(f"Procès-verbaux que la copie ne contient pas : {', '.join(gone[:NAMED])}{more}.", err=True)
    if broken:
        click.echo(
            f"La copie a été reprise telle quelle, avec {broken} ligne(s) qui n'étaient déjà plus ce qui a été scellé "
            "quand elle a été faite : « flask --app app minutes verify » les nomme.", err=True,
        )  # fmt: skip


@click.command("digests", help=(
    "Affiche les lignes et l'empreinte de chaque table, telles que « backup » les donnerait maintenant : deux bases "
    "qui ont les mêmes contiennent la même chose."
))  # fmt: skip
def digests_command() -> None:
    """Print the digest of each table of the store."""
    with _plain_refusals():
        told = backup.digests()
    _print(told)


backup_commands = (backup_command, restore_command, digests_command)


def _broken() -> int:
    with db.connection():
        return len(verification.verify().broken)


def _print(told: Told, err: bool = False) -> None:
    """Print a line for each table: its name, its rows, its digest; the last line is for all of them."""
    lines = [*told.items(), ("total", [sum(rows for rows, _ in told.values()), backup.total(told)])]
    width = max(len(name) for name, _ in lines)
    for name, (rows, digest) in lines:
        click.echo(f"{name:<{width}}  {rows:>8}  {digest}", err=err)


@contextmanager
def _plain_refusals() -> Iterator[None]:
    """Turn what is refused, and files that cannot be read or written, into a sentence and exit code 1."""
    try:
        yield
    except Refused as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        place = f"{error.filename} : " if error.filename else ""
        raise click.ClickException(f"{place}{trouble(error)}. Rien n'a été écrit.") from error


@contextmanager
def _beside(target: Path, overwrite: bool) -> Iterator[BinaryIO]:
    """Give a file of another name, that only its owner reads, and give it its own once it is whole and on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if overwrite:
            part.replace(target)
        else:
            _name(part, target)
        folder = os.open(target.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _name(part: Path, target: Path) -> None:
    """Give a file its name unless another has taken it meanwhile."""
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise click.ClickException(EXISTS.format(target)) from error


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """Open a copy so that it can be read twice: what comes through a pipe is first put in a file without a name."""
    with nullcontext(sys.stdin.buffer) if file == STANDARD else Path(file).open("rb") as given:
        if file != STANDARD and Path(file).is_file():
            yield given
            return
        with tempfile.TemporaryFile() as source:
            shutil.copyfileobj(given, source)
            yield source
