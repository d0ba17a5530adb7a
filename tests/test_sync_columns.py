"""Columns that came later: a tab dressed before them goes on, one dressed since carries them both ways."""

from dataclasses import replace

import pytest

from store import agreement, people
from sync import worksheets
from sync.worksheets import WORKSHEETS
from tests.sync_bench import PAGE, Bench

LATER = {"tariff", "arrived_on", "acknowledged_on", "agreement_on", "committed_on", "waiting"}


@pytest.fixture
def _before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dress the tab Participants as it was before its later columns."""

    def fewer(cohort_id: int) -> list[worksheets.Column]:
        return [column for column in worksheets.participant_columns(cohort_id) if column.field not in LATER]

    monkeypatch.setitem(WORKSHEETS, "participants", replace(WORKSHEETS["participants"], columns=fewer))


def test_an_older_tab_goes_on_without_the_later_columns(
    _before: None, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = replace(WORKSHEETS["participants"], columns=worksheets.participant_columns)
    monkeypatch.setitem(WORKSHEETS, "participants", now)
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"agreement_on": "2025-01-06", "employer": "Scop Épi"})
    bench.calm()
    assert not agreement.states()[0]["paused"]
    assert bench.headers("Participants") == [
        "ID", "Nom", "Prénom", "Courriel", "Téléphone", "Structure", "Financement", "Frais réglés le", "Remarques",
    ]  # fmt: skip
    assert bench.cell("Participants", first, "Structure") == "Scop Épi"
    assert people.snapshot(bench.cohort.id)[first]["agreement_on"] == "2025-01-06"
    bench.type("Participants", second, "Structure", "Ville")
    bench.calm()
    assert people.snapshot(bench.cohort.id)[second]["employer"] == "Ville"
    assert not agreement.states()[0]["paused"]


def test_the_later_columns_go_both_ways(bench: Bench) -> None:
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"agreement_on": "2025-01-06", "tariff": "1 725 €"})
    bench.calm()
    assert bench.cell("Participants", first, "Convention le") == 45663
    assert bench.cell("Participants", first, "Tarif") == "1 725 €"
    bench.type("Participants", second, "Engagement le", "07/01/2025")
    bench.calm()
    assert people.snapshot(bench.cohort.id)[second]["committed_on"] == "2025-01-07"


def test_the_waiting_list_is_typed_in_the_sheet(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    bench.type("Participants", first, "Liste d'attente", "oui")
    bench.calm()
    assert people.apart(bench.cohort.id) == {first}
    assert not agreement.states()[0]["paused"]
    assert not agreement.states()[0]["trouble"]
    bench.type("Participants", first, "Liste d'attente", "")
    bench.calm()
    assert people.apart(bench.cohort.id) == set()
    assert not agreement.states()[0]["paused"]
    assert bench.ids("Présences") == bench.ids("Participants")
