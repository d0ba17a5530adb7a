"""Columns that came later: a tab dressed before them goes on, one dressed since carries them both ways."""

from dataclasses import replace

import pytest

from rules.rule_set import PAPER_KINDS
from rules.unit_texts import RESERVED
from rules.values import fold
from store import agreement, between, jury, people, rule_sets
from store.models.base import now
from sync import worksheets
from sync.worksheets import WORKSHEETS
from tests.sync_bench import PAGE, Bench, differences

LATER = {"tariff", "arrived_on", "acknowledged_on", "agreement_on", "committed_on", "waiting", "result"}


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


ONE, TWO = "RSV206 ; Économie sociale ; 8", "RSV206 ; Économie sociale ; 8\nRSV207 ; Enquête ; 4"


def units(bench: Bench, lines: str) -> None:
    """Change the units of the promotion, as the form of its rule set does."""
    assert rule_sets.change(PAGE, bench.cohort.id, {"units": lines}, {}, "Essai", {}, now().date()) == 1


def paused(bench: Bench) -> list[str]:
    return [state["title"] for state in agreement.states() if state["paused"]]


def test_a_unit_added_waits_for_its_column_and_then_goes_both_ways(bench: Bench) -> None:
    (first, second), book = bench.cohort.participants[:2], bench.jury
    jury.change(PAGE, first, {"grade-RSV206": "12"})
    bench.calm(book)
    units(bench, f"UE-0 ; Projet ; 2\n{TWO}")
    jury.change(PAGE, first, {"grade-UE-0": "15", "grade-RSV207": "9"})
    bench.type("Jury", second, "RSV206", "8,5", book)
    bench.calm(book)
    held = jury.snapshot(bench.cohort.id)
    assert (held[first]["grade-UE-0"], held[second]["grade-RSV206"], paused(bench)) == ("15", "8.5", [])
    assert (bench.cell("Jury", first, "RSV206", book), bench.cell("Jury", first, "RSV207", book)) == (12, 9)
    assert "UE-0" not in bench.headers("Jury", book)
    tab = bench.tabs(book)["Jury"]
    _, top, _ = bench.place("Jury", "ID", "ID", book, tab)
    bench.put(tab.sheet_id, top, len(bench.headers("Jury", book)), [["UE-0", "UE-0 (rattrapage)"]], book)
    bench.calm(book)
    assert bench.cell("Jury", first, "UE-0", book) == 15
    bench.type("Jury", second, "UE-0", "7", book)
    bench.calm(book)
    assert jury.snapshot(bench.cohort.id)[second]["grade-UE-0"] == "7"
    assert (paused(bench), differences(bench, book), between.refusals()) == ([], [], [])


def test_a_unit_taken_out_leaves_its_column_to_the_staff(bench: Bench) -> None:
    (first, second), book = bench.cohort.participants[:2], bench.jury
    jury.change(PAGE, first, {"grade-RSV206": "12", "grade-RSV207": "14"})
    bench.calm(book)
    jury.change(PAGE, first, {"grade-RSV207": ""})
    bench.calm(book)
    units(bench, ONE)
    bench.type("Jury", second, "RSV207", "13", book)
    bench.type("Jury", second, "RSV206", "11", book)
    jury.change(PAGE, first, {"grade-RSV206": "12.5"})
    bench.calm(book)
    held = jury.snapshot(bench.cohort.id)
    assert (held[second]["grade-RSV206"], paused(bench), differences(bench, book)) == ("11", [], [])
    assert bench.cell("Jury", first, "RSV206", book) == 12.5
    assert bench.cell("Jury", second, "RSV207", book) == 13, "what somebody typed is not ours to clear"
    units(bench, TWO)
    bench.calm(book)
    assert jury.snapshot(bench.cohort.id)[second]["grade-RSV207"] == "13", "back, it is read again"
    assert (paused(bench), differences(bench, book)) == ([], [])


def test_what_was_refused_or_in_conflict_under_a_unit_goes_with_it(bench: Bench) -> None:
    (first, second), book = bench.cohort.participants[:2], bench.jury
    jury.change(PAGE, first, {"grade-RSV207": "14"})
    bench.calm(book)
    jury.change(PAGE, first, {"grade-RSV207": ""})
    bench.type("Jury", first, "RSV207", "15", book)
    bench.type("Jury", second, "RSV207", "beaucoup", book)
    bench.calm(book)
    assert (len(between.conflicts()), len(between.refusals())) == (1, 1)
    units(bench, ONE)
    bench.calm(book)
    assert (paused(bench), between.conflicts(), between.refusals()) == ([], [], [])
    assert bench.cell("Jury", first, "RSV207", book) == 15
    units(bench, TWO)
    bench.calm(book)
    assert (len(between.conflicts()), len(between.refusals())) == (1, 1), "nothing of it was forgotten"


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_no_unit_is_called_as_another_column_of_the_jury(bench: Bench, kind: str) -> None:
    rule_sets.change(PAGE, bench.cohort.id, {"paper_kind": kind}, {}, "Essai", {}, now().date())
    columns = {column.field: fold(column.header) for column in worksheets.jury_columns(bench.cohort.id)}
    words = {header for name, header in columns.items() if "RSV" not in name} | {"id", jury.PAPER}
    assert {word for word in words if word.isalpha()} <= RESERVED
