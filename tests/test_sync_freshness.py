"""A read that is older than our last write changes nothing; an older version that somebody restored is heeded."""

from collections.abc import Callable

import pytest

from store import between, intents, leases, people
from sync import freshness
from sync.book import OutcomeUnknown, Unreachable
from tests.sync_bench import PAGE, Bench


@pytest.fixture(autouse=True)
def _patient(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "PATIENCE", 10.0)


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let time pass on the clock of the database."""
    clock = leases.clock
    monkeypatch.setattr(leases, "clock", lambda: clock() + seconds)


def stale(bench: Bench) -> Callable[[], None]:
    """Return what makes the next read show the book as it is now."""
    real = bench.sheets.sheets.read
    old = real(bench.staff)

    def again(book: str) -> object:
        bench.sheets.sheets.read = real
        return old

    return lambda: setattr(bench.sheets.sheets, "read", again)


def test_a_read_of_before_our_last_write_is_left_alone(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.cycle()
    read_old = stale(bench)
    people.change(PAGE, first, {"phone": "0733333333"})
    bench.cycle()
    read_old()
    try:
        bench.cycle()
    except Unreachable as error:
        assert "avant la dernière écriture" in str(error)
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0733333333"
    bench.calm()
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0733333333"
    assert bench.cell("Participants", first, "Téléphone") == "0733333333"
    assert between.conflicts() == []


def test_reads_that_disagree_for_a_moment_are_doubted_anew_each_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.cycle()
    read_old = stale(bench)
    people.change(PAGE, first, {"phone": "0733333333"})
    bench.cycle()
    for _ in range(2):
        read_old()
        with pytest.raises(Unreachable):
            bench.cycle()
        bench.cycle()
        later(monkeypatch, 11)
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0733333333"


def test_an_older_version_that_somebody_restored_is_heeded_after_a_moment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.calm()
    revision = bench.revision()
    people.change(PAGE, first, {"phone": "0733333333"})
    bench.calm()
    bench.staff_do({"do": "restore", "revision": revision})
    for _ in range(2):
        with pytest.raises(Unreachable):
            bench.cycle()
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0733333333"
    later(monkeypatch, 11)
    bench.calm()
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0711111111"
    assert bench.cell("Participants", first, "Téléphone") == "0711111111"
    people.change(PAGE, first, {"phone": "0744444444"})
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0744444444"


def test_a_write_without_an_answer_is_no_old_state(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.cycle()
    people.change(PAGE, first, {"phone": "0733333333"})

    def silence(book: str) -> None:
        raise OutcomeUnknown("silence")

    bench.sheets.after_write = silence
    with pytest.raises(OutcomeUnknown):
        bench.cycle()
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0733333333"
    assert intents.unsettled(bench.staff) == []
