"""A damaged key, a Google out of reach, and what the commands print of it."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import settings_for

from app import create_app
from settings import ServiceAccountError, Settings
from store import agreement, leases, people, schedule
from sync import commands, pace, worker
from tests.sync_bench import PAGE, Bench

Damage = Callable[[dict], str]
#: How a pasted key is damaged, and what the trouble must tell in French.
DAMAGES: dict[str, tuple[Damage, str]] = {
    "missing": (lambda info: "", "manque"),
    "cut short": (lambda info: json.dumps(info)[:-40], "JSON lisible"),
    "not an object": (lambda info: json.dumps([[info]]), "objet JSON"),
    "another kind of key": (lambda info: json.dumps({"web": {"client_id": "x"}}), "client_email"),
    "key cut": (lambda info: json.dumps(info | {"private_key": info["private_key"][:200]}), "tronquée"),
    "key garbled": (lambda info: json.dumps(info | {"private_key": _garbled(info["private_key"])}), "abîmée"),
}


def _garbled(key: str) -> str:
    lines = key.splitlines()
    return "\n".join([lines[0], "A" * 64, lines[-1], ""])


def settings_of(bench: Bench, url: str) -> Settings:
    return settings_for(url, bench.url)


def attempt(settings: Settings) -> str:
    [state] = agreement.states()
    report, trouble = worker.attempt(state, lambda: worker.connect(settings))
    assert (report is None) == bool(trouble)
    return trouble


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_key_says_in_french_what_to_do(bench: Bench, database_url: str, name: str) -> None:
    damage, expected = DAMAGES[name]
    good = settings_of(bench, database_url)
    bad = replace(good, service_account_json=damage(json.loads(good.service_account_json)))
    assert expected in attempt(bad)
    [state] = agreement.states()
    assert expected in state["trouble"]
    assert state["failures"] == 1
    assert state["retry_at"] > 0
    assert attempt(good) == ""
    assert agreement.states()[0]["trouble"] == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_literal_backslash_n_in_the_key_are_repaired(bench: Bench, database_url: str) -> None:
    good = settings_of(bench, database_url)
    info = json.loads(good.service_account_json)
    flat = json.dumps(info | {"private_key": info["private_key"].replace("\n", "\\n")})
    raw = good.service_account_json.replace("\\n", "\n")
    for text in (flat, raw):
        assert attempt(replace(good, service_account_json=text)) == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_that_google_refuses_is_told_from_a_damaged_one(bench: Bench, database_url: str) -> None:
    good = settings_of(bench, database_url)
    info = json.loads(good.service_account_json)
    wrong = json.dumps(info | {"token_uri": f"{bench.url}/nowhere"})
    assert "compte de service" in attempt(replace(good, service_account_json=wrong))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", ["sheets", "token"])
def test_google_out_of_reach_says_that_nothing_is_lost(
    bench: Bench, database_url: str, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda seconds: None)
    good = settings_of(bench, database_url)
    nowhere = "http://127.0.0.1:9"
    info = json.loads(good.service_account_json) | {"token_uri": f"{nowhere}/token"}
    bad = replace(good, sheets_api_root=nowhere) if where == "sheets" else replace(
        good, service_account_json=json.dumps(info)
    )  # fmt: skip
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0711111111"})
    assert "rien n'est perdu" in attempt(bad)
    assert attempt(good) == ""
    assert bench.cell("Participants", bench.cohort.participants[0], "Téléphone") == "0711111111"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_trouble_is_not_hammered_at_even_when_somebody_asked(bench: Bench, database_url: str) -> None:
    bad = replace(settings_of(bench, database_url), service_account_json="")
    agreement.ask(bench.staff)
    attempt(bad)
    agreement.failed(bench.staff, "Encore.", 200)
    [state] = agreement.states()
    assert next_try(bench.staff) == pytest.approx(state["retry_at"] - leases.clock(), abs=1)
    agreement.ask(bench.staff)
    assert next_try(bench.staff) <= min(pace.ASK_AGAIN, state["retry_at"] - leases.clock() + 1)


def next_try(book: str) -> float:
    """Return in how many seconds a book may be tried again."""
    moment, [fact] = schedule.facts()
    look = pace.Look(book, began_at=fact["began_at"], asked_at=fact["asked_at"], retry_at=fact["retry_at"])
    return pace.ready_at(look) - moment


def test_an_empty_environment_variable_is_told_by_name() -> None:
    with pytest.raises(ServiceAccountError, match="GOOGLE_SERVICE_ACCOUNT_JSON manque"):
        Settings.from_environ({}).service_account()


# -- commands --------------------------------------------------------------------------------------

KEYS = {"book", "reads", "writes", "pulled", "pushed", "created", "removed", "conflicts", "refused", "paused",
        "epoch", "seconds"}  # fmt: skip


@pytest.fixture
def run(bench: Bench, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Run a `flask sync …` command with the settings of this test; a damaged key on request."""

    def command(*args: str, key: str | None = None):
        settings = settings_of(bench, database_url)
        if key is not None:
            settings = replace(settings, service_account_json=key)
        monkeypatch.setattr(commands, "_settings", lambda: settings)
        return create_app(settings, serving=False).test_cli_runner().invoke(args=["sync", *args])

    return command


def test_sync_once_prints_one_object_for_each_book(bench: Bench, run: Callable) -> None:
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0711111111"})
    books = {bench.staff, bench.jury}
    result = run("once", "--json")
    assert result.exit_code == 0, result.output
    objects = [json.loads(line) for line in result.output.splitlines()]
    assert {item["book"] for item in objects} == books
    assert all(set(item) == KEYS for item in objects)
    staff = next(item for item in objects if item["book"] == bench.staff)
    assert (staff["reads"], staff["writes"], staff["pushed"]) == (1, 1, 1)
    [only] = run("once", "--book", bench.staff, "--json").output.splitlines()
    assert (json.loads(only)["reads"], json.loads(only)["writes"]) == (1, 0)
    assert "0 envoyées" in run("once").output


def test_sync_once_says_when_a_book_could_not_be_read(run: Callable) -> None:
    result = run("once", "--json", key="{")
    assert result.exit_code == 1
    assert "JSON lisible" in json.loads(result.output.splitlines()[-1])["error"]


def test_sync_once_refuses_bad_arguments(run: Callable) -> None:
    result = run("once", "--book", "inconnu")
    assert result.exit_code == 2
    assert "inconnu" in result.output
    assert run("once", "--nope").exit_code == 2


def test_sync_status_tells_age_pending_pauses_and_trouble(bench: Bench, run: Callable) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.type("Participants", first, "Téléphone", "0722222222")
    bench.act({"type": "deleteSheet", "sheetId": 1002})
    bench.cycle()
    people.change(PAGE, first, {"employer": "Scop"})
    result = run("status", "--json")
    assert result.exit_code == 0
    [status] = [json.loads(line) for line in result.output.splitlines()]
    assert (status["book"], status["cohort"], status["audience"]) == (bench.staff, bench.cohort.code, "staff")
    assert (status["conflicts"], status["refusals"], status["pending"], status["trouble"]) == (1, 0, True, "")
    assert 0 <= status["age"] < 60
    assert len(status["paused"]) == 1
    sentence = run("status").output
    assert "modifications en attente" in sentence
    assert "1 conflits" in sentence
