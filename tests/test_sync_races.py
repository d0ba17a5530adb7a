"""A click in the very middle of a cycle's planning: nothing is lost, whichever cell it is on."""

import threading

import pytest

from store import between, people
from store.db import connection
from sync import cycle
from tests.sync_bench import PAGE, Bench


@pytest.fixture
def clicking(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Return what a person will save, once each, between the plan of a cycle and the transaction that applies it."""
    bench.calm()
    clicks: list[dict[str, str]] = []
    planned = cycle._plan_ahead

    def then_a_click(*given: object) -> object:
        found = planned(*given)
        while clicks:
            _from_another_connection(bench.cohort.participants[0], clicks.pop())
        return found

    monkeypatch.setattr(cycle, "_plan_ahead", then_a_click)
    return clicks


def _from_another_connection(participant: str, values: dict[str, str]) -> None:
    def save() -> None:
        with connection():
            people.change(PAGE, participant, values)

    thread = threading.Thread(target=save)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def phones(bench: Bench) -> tuple[str, object, str]:
    key = bench.cohort.participants[0]
    row = people.snapshot(bench.cohort.id)[key]
    return row["phone"], bench.cell("Participants", key, "Téléphone"), row["employer"]


def test_a_click_on_the_cell_that_the_sheet_moved_is_a_conflict(bench: Bench, clicking: list[dict[str, str]]) -> None:
    bench.type("Participants", bench.cohort.participants[0], "Téléphone", "'0711111111")
    clicking.append({"phone": "0722222222"})
    bench.cycle()
    bench.cycle()
    found = between.conflicts()
    assert [(one.local, one.remote) for one in found] == [("0722222222", "0711111111")]
    assert phones(bench)[:2] == ("0722222222", "0711111111")


def test_a_click_on_another_cell_of_the_row_goes_with_what_the_sheet_moved(
    bench: Bench, clicking: list[dict[str, str]]
) -> None:
    bench.type("Participants", bench.cohort.participants[0], "Téléphone", "'0711111111")
    clicking.append({"employer": "La Fabrique"})
    bench.calm()
    assert between.conflicts() == []
    assert phones(bench) == ("0711111111", "0711111111", "La Fabrique")
    assert bench.cell("Participants", bench.cohort.participants[0], "Structure") == "La Fabrique"
