"""What is not communicable stays in the jury's book, what was signed never changes, whatever happens to the books."""

import json
from collections.abc import Iterator

import pytest

from store import agreement, between, calendar, journal, jury, people, rosters
from store.models import Decision, Grade
from sync.book import OutcomeUnknown
from sync.worksheets import PUT_BACK
from tests.signing import sign
from tests.sync_bench import PAGE, Bench, differences, sheet_side

#: Grades that nothing else holds.
CANARIES = ("13.37", "3.33", "17.77")
SECRET = (*CANARIES, "13,37", "3,33", "17,77", "ajourn", "admis", "Proposition", "défaillant")


@pytest.fixture
def bodies(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Keep the address and the body of all that is sent to Google."""
    session, sent = bench.sheets.sheets.http.session, []
    real = session.request

    def request(method: str, url: str, *args: object, **kwargs: object) -> object:
        sent.append((url, json.dumps([args, {k: v for k, v in kwargs.items() if k != "timeout"}], ensure_ascii=False)))
        return real(method, url, *args, **kwargs)

    monkeypatch.setattr(session, "request", request)
    return sent


def test_no_unpublished_jury_value_leaves_for_an_unrestricted_book(
    bench: Bench, bodies: list[tuple[str, str]]
) -> None:
    """Not in any body, nor in the hidden tab: through births, conflicts, refusals, repairs and lost answers."""
    first, second = bench.cohort.participants[:2]
    bench.calm(bench.jury)
    for key in bench.cohort.participants:
        jury.change(PAGE, key, {"grade-RSV206": CANARIES[0], "grade-RSV207": CANARIES[1], "decision": "adjourned"})
    jury.change(PAGE, first, {"decision": "admitted"})
    people.create(PAGE, bench.cohort.id, {"last_name": "Nouveau", "first_name": "Ada"})
    bench.calm(bench.jury)
    bench.type("Jury", first, "RSV206", CANARIES[2].replace(".", ","), bench.jury)
    jury.change(PAGE, first, {"grade-RSV206": "9.99"})
    bench.type("Jury", second, "RSV206", "25", bench.jury)
    for hook in ("before_write", "after_write"):
        people.change(PAGE, first, {"phone": f"07{hook[0]}"[:2] + "11111111"})
        rosters.mark(PAGE, second, bench.cohort.half_days[0], "absent", None)
        setattr(bench.sheets, hook, lambda book: (_ for _ in ()).throw(OutcomeUnknown("silence")))
        with pytest.raises(OutcomeUnknown):
            bench.cycle()
            bench.cycle()
        rosters.mark(PAGE, second, bench.cohort.half_days[0], "present", None)
        people.change(PAGE, first, {"phone": f"06000000{len(bodies) % 90 + 10}"})
    bench.sheets.before_write = lambda book: bench.staff_do({"do": "sort", "tab": "Participants", "column": "Prénom"})
    people.change(PAGE, first, {"phone": "0799999999"})
    bench.calm(most=10)
    bench.calm(bench.jury)
    assert len(between.conflicts()) == 1
    told = [body for url, body in bodies if bench.staff in url]
    assert len(told) > 8
    assert not [word for word in SECRET for body in told if word in body]
    whole = json.dumps(bench.whole(), ensure_ascii=False)
    assert not [word for word in SECRET if word in whole]
    assert any(CANARIES[0] in body for url, body in bodies if bench.jury in url)


def test_a_tab_of_the_jury_in_a_book_of_everybody_is_neither_read_nor_written(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    jury.change(PAGE, first, {"grade-RSV206": "13.37"})
    sheet_id = bench.tabs(bench.jury)["Jury"].sheet_id
    headers = ["ID", "Nom", "Prénom", "Heures d'absence", "RSV206", "RSV207", "Note de validation", "Décision"]
    cells = [{"userEnteredValue": {"stringValue": text}} for text in headers]
    start = {"sheetId": sheet_id + 500, "rowIndex": 0, "columnIndex": 0}
    bench.sheets.sheets.write(bench.staff, [
        {"addSheet": {"properties": {"sheetId": sheet_id + 500, "title": "Jury"}}},
        {"updateCells": {"start": start, "rows": [{"values": cells}], "fields": "userEnteredValue"}},
    ])  # fmt: skip
    agreement.bind_tab(bench.staff, bench.cohort.id, "jury", sheet_id + 500, "Jury")
    people.change(PAGE, first, {"phone": "0711111111"})
    report = bench.cycle()
    [why] = report.paused
    assert "réservé au jury" in why
    assert report.pushed == 1
    assert bench.tabs()["Jury"].last_row == 1
    assert "13.37" not in json.dumps(bench.whole())


def signed_cohort(bench: Bench) -> tuple[str, str, dict[str, dict[str, str]]]:
    """Sign the decision of one of two candidates; return both and what is in force."""
    first, second = bench.cohort.participants[:2]
    for key in (first, second):
        jury.change(PAGE, key, {"grade-RSV206": "12", "grade-RSV207": "13.5", "grade-paper": "14"})
    jury.change(PAGE, first, {"decision": "admitted"})
    bench.calm(bench.jury)
    assert sign(PAGE, bench.cohort.id) == 1
    assert Decision.get(Decision.enrolment == first).signed_at is not None
    bench.calm(bench.jury)
    return first, second, jury.snapshot(bench.cohort.id)


def test_signed_records_never_change(bench: Bench) -> None:
    """Typed over, emptied, deleted, sorted apart, restored to last week: the dossier stays, and its row comes back."""
    before_signing = bench.revision(bench.jury)
    first, second, in_force = signed_cohort(bench)
    kept = {name: in_force[first][name] for name in ("grade-RSV206", "grade-RSV207", "grade-paper", "decision")}
    book = bench.jury
    acts = [
        {"do": "edit", "tab": "Jury", "row_where": {"ID": first}, "column": "RSV206", "value": "19"},
        {"do": "clear", "tab": "Jury", "range": "E2:H2"},
        {"do": "edit", "tab": "Jury", "row_where": {"ID": first}, "column": "Décision", "value": "ajourné"},
        {"do": "edit", "tab": "Jury", "row_where": {"ID": first}, "column": "RSV207", "value": "refusé"},
        {"do": "clear", "tab": "Jury", "range": "A2"},
        {"do": "delete_rows", "tab": "Jury", "row_where": {"ID": first}},
    ]
    for number, act in enumerate(acts):
        bench.staff_do(act, book=book)
        bench.type("Jury", second, "RSV206", str(number), book)
        bench.calm(book)
        now = jury.snapshot(bench.cohort.id)
        assert {name: now[first][name] for name in kept} == kept, act
        assert now[second]["grade-RSV206"] == str(number)
        assert [d for d in differences(bench, book) if d[1] == first and d[2] != "grade-RSV207"] == []
    bench.staff_do({"do": "restore", "revision": before_signing}, book=book)
    bench.calm(book)
    now = jury.snapshot(bench.cohort.id)
    assert {name: now[first][name] for name in kept} == kept
    assert sheet_side(bench, "Jury", book)[first]["RSV206"] == "12"
    told = [row for row in journal.entries(bench.cohort.id) if row[1] == PUT_BACK.name]
    assert ("grade-RSV206", "19", "12") in {(row[5], row[6], row[7]) for row in told if row[4] == first}
    assert (Grade.select().where(Grade.enrolment == first).count(), between.conflicts()) == (3, [])


def test_a_person_in_signed_minutes_is_not_withdrawn_by_a_row_deleted(bench: Bench) -> None:
    first, second, in_force = signed_cohort(bench)
    bench.staff_do(
        {"do": "delete_rows", "tab": "Participants", "row_where": {"ID": first}},
        {"do": "delete_rows", "tab": "Participants", "row_where": {"ID": second}},
    )
    bench.calm()
    assert first in people.snapshot(bench.cohort.id)
    assert second not in people.snapshot(bench.cohort.id)
    assert jury.snapshot(bench.cohort.id)[first]["decision"] == in_force[first]["decision"]
    assert bench.ids("Participants").count(first) == 1
    assert any(row[1] == PUT_BACK.name and row[4] == first for row in journal.entries(bench.cohort.id))
    assert bench.cycle().writes == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_typed_under_a_half_day_taken_out_is_listed(bench: Bench) -> None:
    first, day = bench.cohort.participants[0], bench.cohort.half_days[1]
    calendar.remove(PAGE, day)
    bench.calm()
    bench.type("Présences", first, "20/01/2025 14h", "A")
    bench.calm()
    [told] = between.refusals()
    assert (told[8], told[10], "retirée du calendrier" in told[11]) == ("E2", "A", True)
    calendar.restore(PAGE, day)
    bench.calm()
    assert (rosters.snapshot(bench.cohort.id)[first][day], between.refusals()) == ("A", [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_tab_may_bear_the_name_of_the_hidden_one(bench: Bench) -> None:
    bench.staff_do({"do": "delete_tab", "tab": "_passerelle"}, {"do": "add_tab", "to": "_Passerelle"})
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0711111111"})
    bench.calm()
    assert differences(bench) == []
    assert bench.tabs()["_Passerelle"].last_row == 0
