"""Push, from end to end: the worker's channel, a cell typed in the stand-in for Drive, a hint in the store."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import requests
from conftest import settings_for
from flask import Flask
from werkzeug.serving import make_server

from app import create_app
from settings import Settings
from store import bindings, channels, db, schedule
from store.models import Book, Channel, Tab
from sync import watching, worker
from sync.accounts import Accounts, connect
from tests.sync_bench import Bench


class Web:
    """The web process, as Google reaches it."""

    def __init__(self, app: Flask) -> None:
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def web(bench: Bench, database_url: str) -> Iterator[Web]:
    running = Web(create_app(settings_for(database_url, bench.url), serving=True))
    yield running
    running.stop()


@pytest.fixture
def settings(bench: Bench, database_url: str, web: Web) -> Settings:
    return replace(settings_for(database_url, bench.url), public_url=web.address)


def keep(settings: Settings) -> None:
    watching.keep(settings.public_address, Accounts(settings).connection)


def opened(bench: Bench) -> list[dict]:
    """List the channels that the stand-in for Drive keeps for a book."""
    shown = requests.get(f"{bench.url}/_control/push", timeout=5).json()["channels"]
    return [channel for channel in shown if channel["file"] == bench.staff]


def eventually(true: Callable[[], object], within: float = 10.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "too long"
        time.sleep(0.05)


def type_something(bench: Bench, text: str) -> None:
    bench.type("Participants", bench.cohort.participants[0], "Téléphone", text)


def test_a_cell_typed_in_the_book_is_hinted_at_and_read(bench: Bench, settings: Settings) -> None:
    keep(settings)
    [channel] = opened(bench)
    assert channel["address"] == f"{settings.public_url}{watching.PATH}"
    assert 0.9 * watching.LIFE < channel["expiration"] / 1000 - time.time() <= watching.LIFE
    assert schedule.signals(bench.staff)[1] is None, "what greets a channel is no news"
    type_something(bench, "0711111111")
    eventually(lambda: schedule.signals(bench.staff)[1])
    fact = next(fact for fact in schedule.facts()[1] if fact["book"] == bench.staff)
    assert fact["hinted_at"] > fact["began_at"], "hinted at since its last read"
    bench.cycle()
    fact = next(fact for fact in schedule.facts()[1] if fact["book"] == bench.staff)
    assert fact["hinted_at"] < fact["began_at"]


def test_a_channel_is_kept_renewed_before_its_end_and_stopped_with_its_book(bench: Bench, settings: Settings) -> None:
    keep(settings)
    keep(settings)
    assert len(opened(bench)) == 1, "one is enough while it lasts"
    db.execute("UPDATE channel SET until = until - ?", watching.LIFE - channels.RENEW + 60)
    keep(settings)
    assert len(opened(bench)) == 2, "the next is open before the first ends"
    type_something(bench, "0722222222")
    eventually(lambda: schedule.signals(bench.staff)[1])
    Tab.update(mapping='{"headers": {}}').execute()
    bindings.unbind(bench.staff, bench.cohort.id)
    assert not Book.select().exists()
    keep(settings)
    assert opened(bench) == []
    assert not Channel.select().exists()


def test_a_forged_notification_changes_nothing(bench: Bench, settings: Settings) -> None:
    keep(settings)
    [(key, resource)] = db.rows("SELECT id, resource FROM channel")
    headers = {"X-Goog-Channel-ID": key, "X-Goog-Resource-ID": resource, "X-Goog-Resource-State": "update"}
    for token in ({}, {"X-Goog-Channel-Token": "deviné"}):
        answer = requests.post(f"{settings.public_url}{watching.PATH}", headers={**headers, **token}, timeout=5)
        assert (answer.status_code, answer.content) == (204, b"")
    assert schedule.signals(bench.staff)[1] is None


def test_without_a_public_address_nothing_is_opened(bench: Bench, settings: Settings) -> None:
    assert replace(settings, public_url="").public_address == ""
    keep(replace(settings, public_url=""))
    assert opened(bench) == []
    assert not Channel.select().exists()


def test_a_refusal_of_drive_is_tried_again_later_and_the_book_is_read_all_the_same(
    bench: Bench, settings: Settings
) -> None:
    keep(replace(settings, public_url="http://ailleurs.example"))
    assert opened(bench) == []
    [until] = [row[0] for row in db.rows("SELECT until FROM channel")]
    assert until - time.time() == pytest.approx(watching.AGAIN, abs=60)
    keep(settings)
    assert opened(bench) == [], "not before its time"
    assert bench.cycle() is not None
    db.execute("UPDATE channel SET until = 0")
    keep(settings)
    assert len(opened(bench)) == 1


def test_a_channel_that_drive_has_forgotten_is_stopped_without_a_word(bench: Bench, settings: Settings) -> None:
    connect(settings).stop_watching("inconnu", "inconnu")


def test_the_worker_opens_the_channels_by_itself_and_reads_what_is_typed(
    bench: Bench, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = worker.Worker(settings)
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    try:
        eventually(lambda: opened(bench))
        type_something(bench, "0733333333")
        phone = "SELECT phone FROM participant WHERE phone = '0733333333'"
        eventually(lambda: db.rows(phone))
        assert schedule.signals(bench.staff)[1] is not None
    finally:
        one.stop()
        thread.join(20)
    assert not thread.is_alive()


# -- several accounts -------------------------------------------------------------------------------


def test_each_book_is_read_with_the_account_it_is_shared_with(bench: Bench, settings: Settings) -> None:
    first = settings.service_account()
    second = first | {"client_email": "autre@passerelle.exemple"}
    both = replace(settings, service_account_json=json.dumps([first, second]))
    assert [info["client_email"] for info in both.service_accounts()] == [
        first["client_email"], "autre@passerelle.exemple",
    ]  # fmt: skip
    accounts = Accounts(both)
    assert accounts.address("") == first["client_email"]
    assert accounts.connection("").account == first["client_email"]
    assert accounts.connection("autre@passerelle.exemple").account == "autre@passerelle.exemple"
    assert accounts.connection("autre@passerelle.exemple") is accounts.connection("autre@passerelle.exemple")
    assert accounts.connection(first["client_email"]).read(bench.staff)
