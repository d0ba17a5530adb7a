"""`flask backup`, `restore` and `digests`: files, standard input and output, what they print, what they refuse."""

import gzip
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

import commands
from settings import ROOT
from store import backup, db, people
from store.models import JournalEntry
from tests.copies import copied
from tests.pages import AUTHOR, make_app
from tests.sync_bench import Cohort
from tests.unguarded import unguarded


@pytest.fixture
def app(database_url: str) -> Flask:
    app = make_app(database_url)
    commands.register(app)
    return app


def run(app: Flask, *arguments: str, **more: object) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments), **more)


def total(text: str) -> str:
    return next(line.split()[-1] for line in text.splitlines() if line.startswith("total"))


def test_the_same_digests_are_printed_by_all_three(app: Flask, cohort: Cohort, tmp_path: Path) -> None:
    file = tmp_path / "copie"
    made, shown = run(app, "backup", str(file)), run(app, "digests")
    back = run(app, "restore", str(file), "--replace")
    assert (made.exit_code, shown.exit_code, back.exit_code) == (0, 0, 0), back.output
    assert made.output == shown.output == back.output
    assert total(made.output) == backup.total(backup.digests())
    assert [line.split()[:2] for line in made.output.splitlines() if line.startswith("participant")] == [
        ["participant", "6"]
    ]


def test_a_copy_is_its_owner_s_alone_and_never_replaces_another_unless_told(
    app: Flask, cohort: Cohort, tmp_path: Path
) -> None:
    file = tmp_path / "copie"
    assert run(app, "backup", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    people.change(AUTHOR, cohort.participants[0], {"phone": "0799999999"})
    refused = run(app, "backup", str(file))
    assert (refused.exit_code, "existe déjà" in refused.output, file.read_bytes()) == (1, True, before)
    assert run(app, "backup", "--overwrite", str(file)).exit_code == 0
    assert file.read_bytes() != before
    assert [path.name for path in tmp_path.iterdir() if "copie" in path.name] == ["copie"]


def test_a_copy_that_fails_leaves_no_file(
    app: Flask, cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_tables", full)
    result = run(app, "backup", str(tmp_path / "copie"))
    assert (result.exit_code, "le disque est plein. Rien n'a été écrit." in result.output) == (1, True)
    assert not [path.name for path in tmp_path.iterdir() if "copie" in path.name]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("backup", "{}/absent/copie"), "/absent : ce dossier n'existe pas"),
        (("backup", "{}"), "n'est pas un fichier"), (("backup", "--overwrite", "{}"), "n'est pas un fichier"),
        (("backup", "--overwrite", "{}/pipe"), "n'est pas un fichier"),
        (("restore", "{}/absente"), "absente : ce fichier ou son dossier n'existe pas"),
        (("restore", "{}"), "c'est un dossier"), (("restore", "{}/ours/copie"), "n'est pas un dossier"),
        (("restore", "{}/turning"), "Too many levels"),
    ],
)  # fmt: skip
def test_a_place_that_is_no_file_is_said(app: Flask, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "ours").write_text("ours")
    (tmp_path / "turning").symlink_to(tmp_path / "turning")
    result = run(app, *(argument.format(tmp_path) for argument in arguments))
    assert (result.exit_code, words in result.output) == (1, True), result.output
    assert "Rien n'a été écrit" in result.output.replace("rien", "Rien")
    assert "Traceback" not in result.output
    # What was there still is what it was.
    assert (tmp_path.is_dir(), (tmp_path / "pipe").is_fifo(), (tmp_path / "ours").read_text()) == (True, True, "ours")


def test_a_full_store_a_damaged_copy_and_one_that_is_only_checked(app: Flask, cohort: Cohort, tmp_path: Path) -> None:
    copy, before = copied(), backup.digests()
    (tmp_path / "copie").write_bytes(copy)
    (tmp_path / "coupée").write_bytes(copy[: len(copy) // 2])
    refused = run(app, "restore", str(tmp_path / "copie"))
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    cut = run(app, "restore", "--replace", str(tmp_path / "coupée"))
    assert (cut.exit_code, "coupée à la ligne" in cut.output) == (1, True)
    assert run(app, "restore", "--check", str(tmp_path / "coupée")).exit_code == 1
    checked = run(app, "restore", "--check", str(tmp_path / "copie"))
    assert (checked.exit_code, total(checked.output)) == (0, backup.total(before))
    assert backup.digests() == before


def test_a_copy_of_a_store_that_was_tampered_with_says_so(app: Flask, cohort: Cohort, tmp_path: Path) -> None:
    with unguarded():
        db.execute("UPDATE journal_entry SET author = 'x' WHERE id = (SELECT MIN(id) FROM journal_entry)")
    assert run(app, "backup", str(tmp_path / "copie")).exit_code == 0
    result = run(app, "restore", "--replace", str(tmp_path / "copie"))
    assert result.exit_code == 0
    assert "1 ligne(s)" in result.stderr
    assert "minutes verify" in result.stderr
    assert JournalEntry.select().where(JournalEntry.author == "x").count() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_help_is_in_french(app: Flask) -> None:
    for name, words in (("backup", "Copie toute la base"), ("restore", "base vide"), ("digests", "empreinte")):
        assert words in " ".join(run(app, name, "--help").output.split())


def test_a_copy_goes_through_standard_output_and_input(tmp_path: Path, database_url: str, cohort: Cohort) -> None:
    base = {**os.environ, "DATABASE_URL": database_url}
    command = [sys.executable, "-m", "flask", "--app", "app"]
    made = subprocess.run([*command, "backup", "-"], cwd=ROOT, env=base, capture_output=True, check=True)
    assert gzip.decompress(made.stdout).startswith(b'{"copy":"Passerelle"')
    other = base | {"DATABASE_URL": f"sqlite:///{tmp_path / 'other.sqlite'}"}
    back = subprocess.run(
        [*command, "restore", "-"], cwd=ROOT, env=other, input=made.stdout, capture_output=True, check=True
    )
    assert total(back.stdout.decode()) == total(made.stderr.decode())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_that_another_program_hands_over_is_read_like_a_file(
    app: Flask, cohort: Cohort, tmp_path: Path
) -> None:
    copy, pipe = copied(), tmp_path / "pipe"
    os.mkfifo(pipe)
    giving = threading.Thread(target=pipe.write_bytes, args=(copy,))
    giving.start()
    result = run(app, "restore", "--check", str(pipe))
    giving.join()
    assert (result.exit_code, total(result.output)) == (0, backup.total(backup.digests())), result.output


def test_every_command_is_in_the_readme(app: Flask) -> None:
    readme = (ROOT / "README.md").read_text()
    for name, command in app.cli.commands.items():
        for sub in getattr(command, "commands", {"": None}):
            if name not in ("run", "shell", "routes"):
                assert f"`{name} {sub}".rstrip() in readme, (name, sub)
