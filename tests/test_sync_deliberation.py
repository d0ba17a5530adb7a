"""The tab Jury while a jury sits: first decisions are taken there too, changed ones are refused and listed."""

from store import between, candidates, deliberations, jury
from store.models import Decision
from tests.jury_sessions import AUTHOR, PROVIDER, TODAY, everybody_there, opened, passing
from tests.sync_bench import Bench

PAPER = "Note de validation"


def test_a_first_decision_typed_in_the_sheet_is_of_the_open_session(bench: Bench) -> None:
    key, book = opened(bench.cohort), bench.jury
    bench.type("Jury", bench.cohort.participants[0], "Décision", "admis·e", book)
    bench.calm(book)
    assert Decision.get().deliberation_id == key
    assert candidates.lines(bench.cohort.id, key, TODAY)[0].taken


def test_a_decision_changed_in_the_sheet_while_the_jury_sits_is_refused_and_listed(bench: Bench) -> None:
    who, book = bench.cohort.participants[0], bench.jury
    key = opened(bench.cohort)
    candidates.decide(AUTHOR, key, who, {"decision": "admitted"})
    bench.calm(book)
    bench.type("Jury", who, "Décision", "rattrapage", book)
    bench.cycle(book)
    assert jury.held([who])[who]["decision"] == "admitted"
    listed = between.refusals(audiences=("staff", "jury"))
    assert [(one.row, one.field) for one in listed] == [(who, "decision")]
    assert "demande un motif" in str(listed[0].reason)


def test_a_sealed_decision_edited_in_the_sheet_is_put_back_until_a_correction_opens(bench: Bench) -> None:
    who, book = bench.cohort.participants[0], bench.jury
    passing(bench.cohort)
    key = opened(bench.cohort)
    everybody_there(key)
    for one in bench.cohort.participants:
        candidates.decide(AUTHOR, key, one, {"decision": "admitted"})
    deliberations.close(AUTHOR, key, PROVIDER, lambda data: b"%PDF")
    bench.calm(book)
    bench.type("Jury", who, PAPER, "8", book)
    bench.calm(book)
    assert bench.cell("Jury", who, PAPER, book) == 14.5
    later = deliberations.supersede(AUTHOR, key, "Note mal recopiée.", [who])
    deliberations.change(AUTHOR, later, {"held_on": "2025-07-01"})
    deliberations.open_session(AUTHOR, later)
    bench.calm(book)
    bench.type("Jury", who, PAPER, "8", book)
    bench.calm(book)
    assert jury.held([who])[who]["grade-paper"] == "8"
    deliberations.abandon(AUTHOR, later)
    bench.calm(book)
    assert bench.cell("Jury", who, PAPER, book) == 14.5
