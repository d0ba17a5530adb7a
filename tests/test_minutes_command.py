"""`flask minutes verify`: counts and 0 when nothing changed, the rows that did and 1 otherwise."""

import pytest
from click.testing import Result
from flask import Flask

import commands
from minutes_commands import NAMED
from store import db
from store.models import JournalEntry, Minutes
from tests.deliberated import graded, sealed
from tests.pages import make_app
from tests.sync_bench import Cohort
from tests.tampering import write
from tests.unguarded import unguarded


@pytest.fixture
def app(database_url: str) -> Flask:
    app = make_app(database_url)
    commands.register(app)
    return app


def run(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["minutes", "verify"])


def test_a_store_as_it_was_sealed_is_counted(app: Flask, cohort: Cohort) -> None:
    sealed(graded(cohort))
    result = run(app)
    count = JournalEntry.select().count()
    assert (result.exit_code, result.output) == (
        0, f"Procès-verbaux : 1, entrées du journal : {count}, promotions : 1. Tout est tel qu'il a été scellé.\n"
    )  # fmt: skip


def test_what_changed_is_named_by_table_key_and_column(app: Flask, cohort: Cohort) -> None:
    number = sealed(graded(cohort))
    text = Minutes.get_by_id(number).data
    with unguarded():
        write("minutes", number, "data", text.replace("Arnaud", "Arnaut"))
    result = run(app)
    assert result.exit_code == 1
    assert result.output.endswith(f"minutes {number} : La colonne data a changé.\n")
    assert "Lignes qui ne sont plus ce qui a été scellé : 1." in result.output


def test_many_rows_are_named_up_to_twenty_and_the_others_counted(app: Flask, cohort: Cohort) -> None:
    graded(cohort)
    with unguarded():
        db.execute("UPDATE journal_entry SET author = 'x'")
    count = JournalEntry.select().count()
    result = run(app)
    assert result.exit_code == 1
    assert result.output.count("journal_entry ") == NAMED
    assert f"ce qui a été scellé : {count}." in result.output
    assert result.output.endswith(f"… et {count - NAMED} autres.\n")


def test_an_empty_store_is_whole_and_one_that_is_behind_says_what_to_do(app: Flask) -> None:
    assert run(app).exit_code == 0
    db.execute("ALTER TABLE minutes RENAME TO minutes_away")
    try:
        result = run(app)
        assert (result.exit_code, "flask --app app db upgrade" in result.output) == (1, True)
    finally:
        db.execute("ALTER TABLE minutes_away RENAME TO minutes")
