"""The schema: what the migrations make is what the models say, once, however many processes start at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from store import db
from store.models import TABLES, Conflict, Outcome
from tests.conftest import postgresql_database

ROOT = Path(__file__).resolve().parent.parent


def test_the_migrations_make_what_the_models_say(database_url: str) -> None:
    difference = diff_models(db.database.obj, TABLES)
    assert not difference, difference


def test_nothing_is_pending_and_a_second_upgrade_does_nothing(database_url: str) -> None:
    assert db.pending() == []
    assert db.upgrade() == []


@pytest.fixture
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fresh.sqlite'}"
        return
    with postgresql_database(f"passerelle_fresh_{os.getpid()}") as url:
        yield url


@pytest.mark.parametrize("fresh_url", ["sqlite", "postgresql"], indirect=True)
def test_several_processes_may_migrate_at_once(fresh_url: str) -> None:
    environ = {**os.environ, "DATABASE_URL": fresh_url}
    command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    running = [subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE) for _ in range(3)]
    outputs = [process.communicate(timeout=60)[0].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sum("appliquée" in text for text in outputs) == 1, outputs
    status = subprocess.run([*command[:-1], "status"], cwd=ROOT, env=environ, check=False)
    assert status.returncode == 0


def test_status_says_what_is_pending_with_exit_code_1(tmp_path: Path) -> None:
    environ = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite'}"}
    command = [sys.executable, "-m", "flask", "--app", "app", "db", "status"]
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "0001_first_tables" in done.stdout


def _bind_a_book_of_then(audience: str) -> None:
    """Bind a book of a cohort as the tables were then: those of today have more columns."""
    db.execute("INSERT INTO programme (id, title) VALUES (1, 'Avant')")
    db.execute(
        "INSERT INTO cohort (id, programme_id, code, title, period, rule_set, expected_totals, notes, version) "
        "VALUES (1, 1, 'AVANT-2025', 'Avant', '', '{}', '{}', '', 1)"
    )
    db.execute(
        "INSERT INTO book (id, cohort_id, audience, title, lease_owner, lease_until, epoch, seen_version, "
        "failures, retry_at, trouble, account) VALUES ('b', 1, ?, 'Suivi', '', 0, 0, -1, 0, 0, '', '')",
        audience,
    )


@pytest.mark.parametrize("fresh_url", ["sqlite", "postgresql"], indirect=True)
def test_what_cycles_did_before_is_kept_and_outlives_its_book(fresh_url: str) -> None:
    db.connect(fresh_url)
    last = "0006_signals_and_lasting_outcomes"
    with db.connection():
        runner = Runner(db.database.obj, str(db.MIGRATIONS))
        runner.up("0005_adoptions")
        _bind_a_book_of_then("jury")
        Outcome.insert(book="b", cohort=1, kind="jury", title="Jury", pulled=3).execute()
        runner.up(last)
        db.execute("DELETE FROM book")
        assert db.rows("SELECT book_id, audience, pulled FROM outcome") == [("b", "jury", 3)]
        runner.down(last)
        runner.up(last)
        assert db.rows("SELECT book_id FROM outcome") == []
    if db.is_postgresql():
        db.database.close_all()


@pytest.mark.parametrize("fresh_url", ["sqlite", "postgresql"], indirect=True)
def test_a_conflict_that_was_never_agreed_on_survives_going_back(fresh_url: str) -> None:
    db.connect(fresh_url)
    last = "0007_conflicts_never_agreed_on"
    with db.connection():
        runner = Runner(db.database.obj, str(db.MIGRATIONS))
        runner.up(last)
        _bind_a_book_of_then("staff")
        db.execute(
            "INSERT INTO tab (id, book_id, cohort_id, kind, sheet_id, title, paused, pause, waiting, mapping, "
            "seen_version) VALUES (1, 'b', 1, 'participants', 12, 'Participants', '', '', '[]', '', -1)"
        )
        Conflict.insert(tab=1, row="P-1", field="phone", address="B2", base=None, local="1", remote="2").execute()
        runner.down(last)
        assert db.rows("SELECT base, local, remote FROM conflict") == [("", "1", "2")]
        runner.up(last)
        assert db.rows("SELECT base, local, remote FROM conflict") == [("", "1", "2")]
    if db.is_postgresql():
        db.database.close_all()
