"""`flask sync bind`: what it prints, what it writes, how it ends."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app import create_app
from store import adoptions, agreement, bindings, people
from sync import bind_command
from tests.conftest import settings_for
from tests.messy_books import JURY, TITLES, TWO_LINES, Desk
from tests.sync_bench import Cohort


@pytest.fixture
def desk(cohort: Cohort, _sheets_hub: tuple[Any, Any]) -> Desk:
    server, sheets = _sheets_hub
    return Desk(server.url, cohort, sheets)


@pytest.fixture
def run(desk: Desk, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable:
    settings = settings_for(database_url, desk.url)
    monkeypatch.setattr(bind_command.Settings, "from_environ", lambda: settings)

    def command(*args: str):
        return create_app(settings, serving=False).test_cli_runner().invoke(args=["sync", "bind", *args])

    return command


def test_a_dry_run_prints_the_mapping_and_the_changes_and_writes_nothing(desk: Desk, run: Callable) -> None:
    book = desk.make(TITLES)
    before, version = desk.whole(book), people.version(desk.cohort.id)
    result = run(f"https://docs.google.com/spreadsheets/d/{book}/edit#gid=1", desk.cohort.code, "--dry-run")
    assert result.exit_code == 0, result.output
    for words in (
        "Onglet « Liste stagiaires » : Participants", "« Prénon » ressemble à « Prénom »",
        "1 création dans l'intranet :", "GERMAIN Sophie", "1 conflit :", "« Région » n'est pas dans la liste",
        "Onglet « Notes de frais » : laissé de côté", "Rien n'a été écrit (--dry-run).",
    ):  # fmt: skip
        assert words in result.output, words
    assert desk.whole(book) == before
    assert (adoptions.listed(), agreement.states()) == ([], [])
    assert people.version(desk.cohort.id) == version


def test_one_object_says_it_all(desk: Desk, run: Callable) -> None:
    book = desk.make(TWO_LINES)
    result = run(book, desk.cohort.code, "--dry-run", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert (found["book"], found["cohort"], found["dry_run"], found["bound"]) == (book, desk.cohort.code, True, False)
    [tab] = found["tabs"]
    assert (tab["kind"], tab["header_row"], tab["name_order"]) == ("attendance", 3, "last_first")
    columns = {column["column"]: (column["header"], column["field"]) for column in tab["columns"]}
    assert columns["C"] == ("AM 20/01", desk.cohort.half_days[0])
    assert found["counts"]["changed"] == len(found["lines"]["changed"]) == 18
    assert found["problems"] == []


def test_without_dry_run_the_book_is_bound_at_once_and_the_journal_says_by_whom(desk: Desk, run: Callable) -> None:
    book = desk.make(TITLES)
    result = run(book, desk.cohort.code)
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith("Relié.")
    assert set(desk.bound(book)) == {"Liste stagiaires"}
    desk.calm(book)
    assert len(people.snapshot(desk.cohort.id)) == 7
    again = json.loads(run(book, desk.cohort.code, "--json").output)
    assert (again["bound"], again["counts"]["created"]) == (True, 0)
    assert len(bindings.adopted(book, desk.cohort.id)) == 1


def test_a_book_of_the_jury_has_to_be_said_so(desk: Desk, run: Callable) -> None:
    book = desk.make(JURY)
    result = run(book, desk.cohort.code, "--json")
    assert result.exit_code == 1
    assert json.loads(result.output)["problems"][0].startswith("Aucun onglet n'est choisi")
    assert "(/synchronisation/connecter/)" in run(book, desk.cohort.code, "--dry-run").output
    assert adoptions.listed() == []
    assert run(book, desk.cohort.code, "--jury").exit_code == 0
    assert agreement.book(book).audience == "jury"


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_book_that_cannot_be_read_is_said_with_the_address_to_share_with(
    desk: Desk, run: Callable, options: tuple[str, ...]
) -> None:
    result = run("1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms", desk.cohort.code, *options)
    assert result.exit_code == 1
    assert desk.sheets.account in result.output
    told = run("1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms", desk.cohort.code, "--json", *options)
    assert desk.sheets.account in json.loads(told.output)["error"]
    assert adoptions.listed() == []


@pytest.mark.parametrize(
    ("book", "cohort", "told"),
    [
        ("bonjour", "TEST-2025", "pas le lien d'un classeur"),
        ("https://drive.google.com/drive/folders/1BxiMVs0XRA5nFMdKvBdBZjgmUU", "TEST-2025", "dossier de Drive"),
        ("1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms", "INCONNUE", "pas de promotion « INCONNUE »"),
    ],
)
def test_bad_arguments_end_with_2(run: Callable, book: str, cohort: str, told: str) -> None:
    result = run(book, cohort)
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())
