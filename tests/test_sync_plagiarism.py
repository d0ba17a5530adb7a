"""A grade of plagiarism typed in the sheet: refused until a named person reported it, then taken; nothing lost."""

from store import between, following_reports, jury, tutoring
from tests.pages import AUTHOR
from tests.sync_bench import Bench

HEADER = "Note de validation"


def test_plagiarism_typed_in_the_sheet_waits_for_a_report(bench: Bench) -> None:
    who, book = bench.cohort.participants[0], bench.jury
    bench.type("Jury", who, HEADER, "PLAG", book)
    bench.type("Jury", who, "RSV206", "14", book)
    report = bench.cycle(book)
    # The other cell of the line goes its way.
    assert (report.pulled, report.refused) == (1, 1)
    assert jury.held([who])[who] == {"grade-RSV206": "14"}
    (listed,) = between.refusals(bench.cohort.id)
    assert (listed.typed, listed.label) == ("PLAG", f"Arnaud Inès · {HEADER}")
    assert "indiquez d'abord qui l'a constaté et pourquoi" in listed.reason
    bench.calm(book)
    assert bench.cell("Jury", who, HEADER, book) == "PLAG"
    assert len(between.refusals(bench.cohort.id)) == 1
    following_reports.report(AUTHOR, tutoring.beside(who)[1], "E. Bucolo", "Trois pages d'un mémoire de 2019")
    bench.calm(book)
    assert jury.held([who])[who]["grade-paper"] == "PLAG"
    assert between.refusals(bench.cohort.id) == []
    assert "plagiat signalé par E. Bucolo" in str(bench.cell("Jury", who, "Proposition", book))


def test_what_is_typed_instead_is_taken_and_the_refusal_goes(bench: Bench) -> None:
    who, book = bench.cohort.participants[0], bench.jury
    bench.type("Jury", who, HEADER, "plagiat", book)
    assert bench.cycle(book).refused == 1
    bench.type("Jury", who, HEADER, "12", book)
    bench.calm(book)
    assert jury.held([who])[who]["grade-paper"] == "12"
    assert between.refusals(bench.cohort.id) == []
