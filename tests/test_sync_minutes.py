"""Sealed values and the sheet: whatever is typed over one is put back, and staff read who typed what over what."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from blueprints import journal_lines
from store import journal, jury, minutes, outcomes, verification
from store.models import Decision, Deliberation, Grade
from store.models.base import now
from sync.worksheets import PUT_BACK
from tests.deliberated import PROVIDER, SEALED_AT, held, printed
from tests.pages import make_app
from tests.sync_bench import PAGE, Bench, sheet_side

GRADES = {"grade-RSV206": "9", "grade-RSV207": "13.5", "grade-paper": "14"}


@pytest.fixture
def sealed(bench: Bench) -> str:
    """Seal the dossier of the first candidate, whose resit has a grade; return the number of the minutes."""
    for key in bench.cohort.participants[:2]:
        jury.change(PAGE, key, {**GRADES, "resit-RSV206": "10,5"})
    bench.calm(bench.jury)
    number = minutes.seal(PAGE, held(bench.cohort, bench.cohort.participants[0]), PROVIDER, printed, SEALED_AT)
    bench.calm(bench.jury)
    return number


def test_grades_resits_and_the_decision_typed_over_are_put_back_and_told(
    bench: Bench, sealed: str, database_url: str
) -> None:
    first, second = bench.cohort.participants[:2]
    kept, text = jury.snapshot(bench.cohort.id)[first], minutes.text(sealed)
    headers = {**jury.headers(bench.cohort.id), **jury.resit_headers(bench.cohort.id)}
    typed = {"decision": "ajourné"}
    typed = {field: typed.get(field, str(3 + place)) for place, field in enumerate(headers)}
    typed.pop("resit-RSV207")
    before = sheet_side(bench, "Jury", bench.jury)[first]
    for field, value in typed.items():
        bench.type("Jury", first, headers[field], value, bench.jury)
    # An empty cell typed in, and a full one emptied.
    bench.type("Jury", first, headers["resit-RSV207"], "17", bench.jury)
    bench.type("Jury", second, "RSV206", "7", bench.jury)
    bench.calm(bench.jury)
    bench.type("Jury", first, headers["grade-RSV206"], "", bench.jury)
    bench.calm(bench.jury)
    assert jury.snapshot(bench.cohort.id)[first] == kept
    assert sheet_side(bench, "Jury", bench.jury)[first] == before
    assert jury.snapshot(bench.cohort.id)[second]["grade-RSV206"] == "7"
    assert minutes.text(sealed) == text
    assert verification.verify().broken == []
    entries = [row for row in journal.entries(bench.cohort.id) if row[1] == PUT_BACK.name and row[4] == first]
    assert {row[5] for row in entries} == set(headers)
    with make_app(database_url).test_request_context():
        lines = {(line.about, line.field, line.before, line.after) for line in journal_lines.readable(entries, True)}
        hidden = journal_lines.readable(entries, False)
    assert hidden == []
    name = next(iter({about for about, *_rest in lines}))
    assert name.startswith("Arnaud Inès")
    assert (name, "Note RSV206", "3", "9") in lines or (name, "RSV206", "3", "9") in lines
    assert any((field, after) == ("Décision", "admis·e") for _name, field, _before, after in lines)


@pytest.mark.parametrize(
    "act",
    [
        lambda: Grade.update(value="19").where(Grade.work == "RSV206"),
        lambda: Decision.update(decision="resit"),
        lambda: Deliberation.update(place="Ailleurs", order_number="2"),
    ],
)  # fmt: skip
def test_sealed_data_stay_whatever_happens_to_the_rows_they_came_from(
    bench: Bench, sealed: str, act: Callable
) -> None:
    text, pdf = minutes.text(sealed), minutes.pdf(sealed)
    act().execute()
    bench.calm(bench.jury)
    assert (minutes.text(sealed), minutes.pdf(sealed)) == (text, pdf)
    assert verification.verify().broken == []


def test_a_sealed_line_deleted_in_the_sheet_is_put_back_and_told_once(
    bench: Bench, sealed: str, database_url: str
) -> None:
    first, second = bench.cohort.participants[:2]
    for key in (first, second):
        bench.staff_do({"do": "delete_rows", "tab": "Jury", "row_where": {"ID": key}}, book=bench.jury)
        bench.calm(bench.jury)
        assert bench.ids("Jury", bench.jury).count(key) == 1
    told = [row for row in journal.entries(bench.cohort.id) if row[1] == PUT_BACK.name]
    # The dossier that is not sealed only follows the list of participants.
    assert [(row[3], row[4], row[5]) for row in told] == [("dossier", first, journal.ROW)]
    with make_app(database_url).test_request_context():
        [line] = journal_lines.readable(told, True)
        assert (line.field, line.before, line.after) == ("Ligne de la feuille", "supprimée", "remise en place")
    since = now() - timedelta(hours=1)
    assert [(one.kind, one.put_back) for one in outcomes.tallies(since, ["jury"])] == [("jury", 1)]
    bench.cycle(bench.jury)
    assert [one.put_back for one in outcomes.tallies(since, ["jury"])] == [1]


def test_a_new_book_shows_grades_as_staff_write_them(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    jury.change(PAGE, first, {"grade-RSV206": "13", "grade-RSV207": "14.5", "grade-paper": "12.25"})
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{bench.jury}"
    mask = {"fields": "sheets(data(rowData(values(formattedValue))))", "includeGridData": "true"}
    [header, line, *_rest] = [
        [cell.get("formattedValue", "") for cell in row.get("values", ())]
        for row in bench.sheets.sheets.http.request("get", url, params=mask).json()["sheets"][0]["data"][0]["rowData"]
    ]
    shown = dict(zip(header, line, strict=False))
    assert (shown["RSV206"], shown["RSV207"]) == ("13,00", "14,50")
    assert "12,25" in line
    assert not [text for text in line if text.endswith(",")]
