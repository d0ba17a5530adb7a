"""What tests share: both databases, a filled cohort, a stand-in for Google Sheets."""

import json
import logging
import os
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest

import tests.planted  # noqa: F401 - a bug planted on purpose stands before anything of ours is imported
from localsheets import server as localsheets_server
from localsheets.server import serve
from settings import Settings
from store import db
from store.demonstration import load
from store.models import TABLES, JournalEntry
from sync import dress, freshness
from sync.book import Sheets
from tests.held_to_discovery import Held
from tests.sync_bench import Bench, Cohort, Watched, make_cohort
from tests.unguarded import unguarded

pytest_plugins = ["tests.side_by_side", "tests.served"]
ENGINES = ("sqlite", "postgresql")
#: Where the tests may create databases of their own; a machine without it fails by name, never silently.
POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
SECRET = "a-secret-key-for-tests-that-is-long-enough"


@pytest.fixture(scope="session", autouse=True)
def _held_to_discovery() -> Iterator[None]:
    """Hold every stand-in of this run to Google's discovery documents."""
    plain = localsheets_server.create_app

    def create_app(*arguments: object, **options: object) -> object:
        app = plain(*arguments, **options)  # type: ignore[arg-type]
        app.wsgi_app = Held(app.wsgi_app)  # type: ignore[method-assign]
        return app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(localsheets_server, "create_app", create_app)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test whose calls, or their answers, the discovery documents do not know."""
    try:
        yield
    finally:
        # What the fixtures of the test asked counts too, so nothing is forgotten before it.
        wrong, Held.wrong[:] = list(Held.wrong), []
    assert not wrong, "\n".join(dict.fromkeys(wrong))


@pytest.fixture(scope="session", autouse=True)
def _no_power_cut() -> Iterator[None]:
    """Have no commit of this process wait for the disk: what outlives a crash is tested on processes of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(db.SQLITE_PRAGMAS, "synchronous", "off")
        yield


@contextmanager
def postgresql_database(name: str) -> Iterator[str]:
    """Make a database that outlives no power cut, give its address, and drop it at the end."""
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    try:
        yield POSTGRESQL.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _postgresql_url() -> Iterator[str]:
    """Make a database for this run and migrate it: each test only empties it."""
    with postgresql_database(f"passerelle_test_{os.getpid()}") as url:
        db.connect(url)
        db.upgrade()
        db.database.close_all()
        yield url


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file, copied for each test: cheaper than migrating each time."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite"
    db.connect(f"sqlite:///{path}")
    db.upgrade()
    db.database.close()
    return path


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give an empty, migrated store on each engine, bound to the models."""
    if request.param == "sqlite":
        path = tmp_path / "store.sqlite"
        path.write_bytes(request.getfixturevalue("_migrated").read_bytes())
        url = f"sqlite:///{path}"
        db.connect(url)
    else:
        url = request.getfixturevalue("_postgresql_url")
        db.connect(url)
        _empty()
    with db.connection():
        yield url
    if db.is_postgresql():
        db.database.close_all()
    elif not db.database.is_closed():
        db.database.close()


def _empty() -> None:
    """Empty every table in one call; deleting a few rows is much quicker than truncating dozens of tables.

    But for the journal: in the room that deleted rows leave, new ones would not stand in the order they were written.
    """
    others = [table._meta.table_name for table in reversed(TABLES) if table is not JournalEntry]
    with db.connection(), unguarded(), db.database.atomic():
        db.execute(";".join(["TRUNCATE journal_entry", *(f'DELETE FROM "{name}"' for name in others)]))  # noqa: S608


@pytest.fixture
def filled(database_url: str) -> str:
    """Give the store with the demonstration in it."""
    load.load()
    return database_url


@pytest.fixture
def sheets_server(tmp_path: Path) -> Iterator[object]:
    """Run a stand-in for Google Sheets for one test."""
    server = serve(port=0, data=tmp_path / "sheets.sqlite")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _sheets_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[object, Sheets]]:
    """Run one stand-in for every test of the sync, each with books of its own, and open one connection."""
    server = serve(port=0, data=tmp_path_factory.mktemp("hub") / "sheets.sqlite")
    settings = settings_for("sqlite:///unused", server.url)
    yield server, Sheets(settings.service_account(), settings.sheets_api_root, settings.drive_api_root)
    server.stop()


@pytest.fixture
def cohort(database_url: str) -> Cohort:
    """Give the store with one small cohort in it."""
    return make_cohort()


@pytest.fixture
def bench(cohort: Cohort, _sheets_hub: tuple[object, Sheets], monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Bind a small cohort to its two books, both in agreement."""
    server, sheets = _sheets_hub
    monkeypatch.setattr(dress, "ROWS", 30)
    # An older version that somebody restores is believed at once: `test_sync_freshness` has it as it is.
    monkeypatch.setattr(freshness, "PATIENCE", 0.0)
    return Bench(server.url, cohort, Watched(sheets)).bind()


@pytest.fixture
def settings(database_url: str, sheets_server: object) -> Settings:
    """Give settings that point at the store and the stand-in of this test."""
    return settings_for(database_url, sheets_server.url)


def settings_for(database_url: str, sheets_url: str) -> Settings:
    """Return settings that point at a store and at a running stand-in."""
    with urllib.request.urlopen(f"{sheets_url}/service-account.json") as answer:  # noqa: S310
        account = json.dumps(json.load(answer))
    return Settings(
        database_url=database_url,
        secret_key=SECRET,
        service_account_json=account,
        sheets_api_root=sheets_url,
        drive_api_root=f"{sheets_url}/drive",
    )


@pytest.fixture(autouse=True)
def _no_leftover_threads() -> Iterator[None]:
    """Fail a test that leaves a non-daemon thread of its own running."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.daemon and t.is_alive()]
    assert not left, left


@pytest.fixture
def count_queries() -> Callable[[int], AbstractContextManager[None]]:
    """Give a context that fails when its block sends more queries than allowed."""
    log = logging.getLogger("peewee")

    @contextmanager
    def counting(most: int) -> Iterator[None]:
        seen: list[str] = []
        handler = logging.Handler()
        # What the pool says of its connections is no query.
        handler.addFilter(lambda record: record.name == "peewee")
        handler.emit = lambda record: seen.append(str(record.msg))  # type: ignore[method-assign]
        level = log.level
        log.setLevel(logging.DEBUG)
        log.addHandler(handler)
        try:
            yield
        finally:
            log.removeHandler(handler)
            log.setLevel(level)
        assert len(seen) <= most, "\n".join(seen)

    return counting
