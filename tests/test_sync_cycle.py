"""One cycle after another against a real stand-in for Google, on both engines: cells."""

import json

import pytest

from store import agreement, between, calendar, journal, jury, people, rosters, tutoring
from tests.sync_bench import PAGE, Bench


def paper_of(bench: Bench, number: int = 0) -> str:
    owners = tutoring.owners(bench.cohort.id)
    return next(paper for paper, owner in owners.items() if owner == bench.cohort.participants[number])


# -- what travels ------------------------------------------------------------------------------


def test_an_idle_cycle_costs_one_read(bench: Bench) -> None:
    for book in (bench.jury, bench.staff):
        report = bench.cycle(book)
        assert (report.reads, report.writes, report.pulled, report.pushed) == (1, 0, 0, 0)


def test_a_cell_typed_in_each_tab_is_pulled(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    day = bench.cohort.half_days[0]
    paper = paper_of(bench)
    bench.type("Participants", first, "Téléphone", "0712345678")
    bench.type("Séances", day, "Lieu", "30.1.05")
    bench.type("Séances", bench.cohort.half_days[1], "Date", "21/01/2025")
    bench.type("Présences", first, "20/01/2025 9h30", "r 15")
    bench.type("Notes", paper, "Tuteur", "Claire Fontaine")
    bench.type("Jury", first, "RSV206", "14,5", bench.jury)
    report = bench.cycle()
    assert report.reads == 1
    bench.cycle(bench.jury)
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0712345678"
    assert calendar.snapshot(bench.cohort.id)[bench.cohort.half_days[1]]["day"] == "2025-01-21"
    assert rosters.snapshot(bench.cohort.id)[first][day] == "R 15"
    assert tutoring.snapshot(bench.cohort.id)[paper]["tutor"] == "Claire Fontaine"
    assert jury.snapshot(bench.cohort.id)[first]["grade-RSV206"] == "14.5"


def test_a_change_of_the_intranet_is_pushed_in_each_tab(bench: Bench) -> None:
    first, day, paper = bench.cohort.participants[0], bench.cohort.half_days[0], paper_of(bench)
    assert bench.cell("Jury", first, "RSV206", bench.jury) is None
    people.change(PAGE, first, {"phone": "012345678", "fees_paid_on": "2025-01-20"})
    calendar.change(PAGE, day, {"place": "30.1.5", "start": "09:00"})
    rosters.mark(PAGE, first, day, "late", "15")
    tutoring.assign(PAGE, paper, "Denis Morel")
    jury.change(PAGE, first, {"grade-RSV206": "14.5", "grade-paper": "ABS"})
    report = bench.cycle()
    assert (report.reads, report.writes) == (1, 1)
    report = bench.cycle(bench.jury)
    assert (report.reads, report.writes) == (1, 1)
    assert bench.cell("Participants", first, "Téléphone") == "012345678"
    assert bench.cell("Participants", first, "Frais réglés le") == 45677
    assert bench.cell("Séances", day, "Début") == 0.375
    assert bench.cell("Présences", first, "20/01/2025 9h") == "R 15"
    assert bench.cell("Notes", paper, "Tuteur") == "Denis Morel"
    assert bench.cell("Jury", first, "RSV206", bench.jury) == 14.5
    assert bench.cell("Jury", first, "Note de validation", bench.jury) == "ABS"
    for book in (bench.staff, bench.jury):
        report = bench.cycle(book)
        assert (report.reads, report.writes, report.again) == (1, 0, False)


def test_both_sides_may_change_different_cells_of_one_row(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0799999999"})
    bench.type("Participants", first, "Courriel", "ines@exemple.fr")
    report = bench.cycle()
    assert (report.reads, report.writes, report.pulled, report.pushed) == (1, 1, 1, 1)
    row = people.snapshot(bench.cohort.id)[first]
    assert (row["phone"], row["email"]) == ("0799999999", "ines@exemple.fr")
    assert bench.cell("Participants", first, "Téléphone") == "0799999999"
    assert bench.cell("Participants", first, "Courriel") == "ines@exemple.fr"
    assert (bench.cycle().writes, between.conflicts()) == (0, [])


def test_what_was_agreed_of_a_row_outlives_a_change_of_one_of_its_cells(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0799999999"})
    bench.calm()
    people.change(PAGE, first, {"email": "ines@exemple.fr"})
    bench.type("Participants", first, "Téléphone", "0788888888")
    bench.calm()
    assert between.conflicts() == []
    assert bench.cell("Participants", first, "Courriel") == "ines@exemple.fr"
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0788888888"


def test_the_third_cycle_writes_nothing(bench: Bench) -> None:
    for key in bench.cohort.participants:
        for day in bench.cohort.half_days:
            rosters.mark(PAGE, key, day, "present", None)
    writes = [bench.cycle().writes for _ in range(3)]
    assert writes == [1, 0, 0]


def test_a_cleared_cell_travels_both_ways(bench: Bench) -> None:
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"phone": ""})
    bench.type("Participants", second, "Téléphone", "")
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") is None
    assert people.snapshot(bench.cohort.id)[second]["phone"] == ""


@pytest.mark.parametrize("hook", ["after_read", "before_write", "after_write"])
def test_a_click_while_a_call_is_on_its_way_is_sent_too(bench: Bench, hook: str) -> None:
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"phone": "0711111111"})
    setattr(bench.sheets, hook, lambda book: people.change(PAGE, second, {"phone": "0722222222"}))
    bench.cycle()
    assert agreement.states()[0]["pending"] == (hook != "after_read")
    bench.calm()
    assert bench.cell("Participants", second, "Téléphone") == "0722222222"
    assert not agreement.states()[0]["pending"]


# -- conflicts ---------------------------------------------------------------------------------


def make_conflict(bench: Bench) -> str:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.type("Participants", first, "Téléphone", "0722222222")
    assert bench.cycle().conflicts == 1
    return first


def test_a_conflict_alters_neither_side_and_shows_all_three_values(bench: Bench) -> None:
    first = make_conflict(bench)
    for _ in range(2):
        [found] = between.conflicts(bench.cohort.id)
        assert found[6:8] == (first, "phone")
        assert found[10:13] == ("0612345670", "0711111111", "0722222222")
        assert found[8] == "E2"
        assert people.snapshot(bench.cohort.id)[first]["phone"] == "0711111111"
        assert bench.cell("Participants", first, "Téléphone") == "0722222222"
        assert bench.cycle().writes == 0


@pytest.mark.parametrize(("side", "kept"), [("intranet", "0711111111"), ("sheet", "0722222222")])
def test_a_conflict_is_settled_on_the_side_chosen(bench: Bench, side: str, kept: str) -> None:
    first = make_conflict(bench)
    between.settle(PAGE, between.conflicts()[0][0], side)
    bench.calm()
    assert between.conflicts() == []
    assert people.snapshot(bench.cohort.id)[first]["phone"] == kept
    assert bench.cell("Participants", first, "Téléphone") == kept


def test_both_sides_moving_to_the_same_value_is_no_conflict(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.type("Participants", first, "Téléphone", "0711111111")
    report = bench.cycle()
    assert (report.writes, report.conflicts) == (0, 0)
    people.change(PAGE, first, {"phone": "0733333333"})
    assert bench.cycle().pushed == 1


# -- refusals ----------------------------------------------------------------------------------


def test_a_refused_value_stays_in_the_sheet_and_is_listed(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    jury.change(PAGE, first, {"grade-RSV206": "12"})
    bench.calm(bench.jury)
    bench.type("Jury", first, "RSV206", "25", bench.jury)
    for _ in range(2):
        report = bench.cycle(bench.jury)
        assert (report.refused, report.writes) == (1, 0)
    [found] = between.refusals()
    assert found[8] == "E2"
    assert found[10] == "25"
    assert "0 à 20" in found[11]
    assert jury.snapshot(bench.cohort.id)[first]["grade-RSV206"] == "12"
    assert bench.cell("Jury", first, "RSV206", bench.jury) == 25
    bench.type("Jury", first, "RSV206", "15", bench.jury)
    bench.calm(bench.jury)
    assert between.refusals() == []
    assert jury.snapshot(bench.cohort.id)[first]["grade-RSV206"] == "15"


def test_a_value_that_only_the_store_can_refuse_is_listed_too(bench: Bench) -> None:
    first, day = bench.cohort.participants[0], bench.cohort.half_days[0]
    bench.type("Présences", first, "20/01/2025 9h30", "R 500")
    bench.type("Séances", day, "Fin", "8:00")
    bench.type("Participants", first, "Nom", "")
    assert bench.cycle().refused == 3
    assert bench.cycle().refused == 3
    reasons = {row[7]: row[11] for row in between.refusals()}
    assert "dépasse la durée" in reasons[day]
    assert "après son début" in reasons["end"]
    assert "obligatoire" in reasons["last_name"]
    assert calendar.snapshot(bench.cohort.id)[day]["end"] == "12:30"
    assert people.snapshot(bench.cohort.id)[first]["last_name"] == "Arnaud"


def test_one_bad_cell_does_not_stop_the_rest_of_its_row(bench: Bench) -> None:
    first, second = bench.cohort.participants[:2]
    bench.type("Participants", first, "Frais réglés le", "bientôt")
    bench.type("Participants", first, "Structure", "Scop Grand Large")
    bench.type("Participants", second, "Structure", "Emmaüs")
    report = bench.cycle()
    assert (report.pulled, report.refused) == (2, 1)
    assert people.snapshot(bench.cohort.id)[first]["employer"] == "Scop Grand Large"


def test_a_cell_that_only_the_store_refuses_does_not_stop_the_rest_of_its_row(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    bench.type("Participants", first, "Nom", "")
    bench.type("Participants", first, "Structure", "Scop Grand Large")
    bench.type("Participants", first, "Courriel", "ines@exemple.fr")
    report = bench.cycle()
    assert (report.pulled, report.refused) == (2, 1)
    row = people.snapshot(bench.cohort.id)[first]
    assert (row["last_name"], row["employer"], row["email"]) == ("Arnaud", "Scop Grand Large", "ines@exemple.fr")


# -- formulas and computed columns --------------------------------------------------------------


def test_a_formula_in_a_mapped_cell_is_read_and_never_overwritten(bench: Bench) -> None:
    paper = paper_of(bench)
    bench.type("Notes", paper, "Pages", "=15+3")
    assert bench.cycle().pulled == 1
    assert tutoring.snapshot(bench.cohort.id)[paper]["pages"] == "18"
    tutoring.change(PAGE, paper, {"pages": "20"})
    report = bench.cycle()
    assert (report.writes, report.refused) == (0, 1)
    assert "formule" in between.refusals()[0][11]
    assert between.refusals()[0][10] == "18"
    assert bench.cell("Notes", paper, "Pages") == 18


def test_a_formula_in_error_is_refused_with_a_reason(bench: Bench) -> None:
    paper = paper_of(bench)
    tutoring.change(PAGE, paper, {"pages": "20"})
    bench.calm()
    bench.type("Notes", paper, "Pages", "=1/0")
    assert bench.cycle().refused == 1
    assert "erreur" in between.refusals()[0][11]
    assert tutoring.snapshot(bench.cohort.id)[paper]["pages"] == "20"


def test_an_edit_of_a_computed_column_is_put_back_and_journalled(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    bench.type("Présences", first, "Nom", "Autre")
    bench.type("Jury", first, "Heures d'absence", "99", bench.jury)
    assert bench.cycle().pushed == 1
    assert bench.cycle(bench.jury).pushed == 1
    assert bench.cell("Présences", first, "Nom") == "Arnaud"
    assert bench.cell("Jury", first, "Heures d'absence", bench.jury) == 0
    kept = [entry[3:8] for entry in journal.entries(bench.cohort.id)]
    assert ("enrolment", first, "last_name", "Autre", "Arnaud") in kept
    assert ("dossier", first, "hours_absent", "99", "0") in kept
    assert people.snapshot(bench.cohort.id)[first]["last_name"] == "Arnaud"


# -- what belongs to staff -----------------------------------------------------------------------


def decorate(bench: Bench) -> None:
    first, second = bench.cohort.participants[:2]
    bench.type("Participants", first, "Remarques", "à rappeler")
    bench.type("Participants", second, "Remarques", "=LEN(B3)")
    _, row, column = bench.place("Présences", second, "Remarques")
    sheet_id = bench.place("Présences", second, "Remarques")[0]
    bench.put(sheet_id, row + 30, column + 1, [["Total", "=COUNTIF(D2:D7;\"P\")"]])
    red = {"red": 1.0, "green": 0.2, "blue": 0.2}
    area = {"sheetId": sheet_id, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 5}
    cell = {"userEnteredFormat": {"backgroundColor": red, "textFormat": {"italic": True}}}
    fields = "userEnteredFormat(backgroundColor,textFormat)"
    bench.sheets.sheets.write(
        bench.staff, [{"repeatCell": {"range": area, "cell": cell, "fields": fields}}]
    )


def without(book: dict, cells: set[tuple[str, int, int]]) -> dict:
    """Return a whole book with the values of some cells taken out, and our hidden tab."""
    kept = {}
    for sheet in book["sheets"]:
        title = sheet["properties"]["title"]
        if title == "_passerelle":
            continue
        rows = sheet["data"][0].get("rowData", [])
        for index, row in enumerate(rows):
            for column, cell in enumerate(row.get("values", [])):
                if (title, index, column) in cells:
                    cell.pop("userEnteredValue", None)
        kept[title] = sheet
    return kept


def test_what_staff_own_is_untouched(bench: Bench) -> None:
    decorate(bench)
    bench.calm()
    first, second = bench.cohort.participants[:2]
    before = bench.whole()
    people.change(PAGE, first, {"phone": "0799999999"})
    rosters.mark(PAGE, second, bench.cohort.half_days[1], "absent", None)
    bench.type("Participants", second, "Courriel", "theo@exemple.fr")
    bench.calm()
    owned = {("Participants", 1, 4), ("Participants", 2, 3), ("Présences", 2, 4)}
    after = bench.whole()
    assert without(before, owned) == without(after, owned)


# -- French values --------------------------------------------------------------------------------


def test_french_values_are_the_same_after_three_round_trips(bench: Bench) -> None:
    first, day = bench.cohort.participants[0], bench.cohort.half_days[0]
    grades = ["14,5", "9,75", "0,5", "", "20", "0"]
    for key, text in zip(bench.cohort.participants, grades, strict=True):
        bench.type("Jury", key, "RSV206", text, bench.jury)
    bench.type("Participants", first, "Téléphone", "012345678")
    bench.type("Participants", first, "Frais réglés le", "20/01/2025")
    bench.type("Séances", day, "Lieu", "21.2.31")
    bench.type("Séances", day, "Début", "9:15")
    seen = []
    for _ in range(3):
        bench.calm()
        bench.calm(bench.jury)
        dossiers = jury.snapshot(bench.cohort.id)
        seen.append(
            (
                [dossiers[key]["grade-RSV206"] for key in bench.cohort.participants],
                [bench.cell("Jury", key, "RSV206", bench.jury) for key in bench.cohort.participants],
                people.snapshot(bench.cohort.id)[first],
                bench.cell("Participants", first, "Téléphone"),
                bench.cell("Participants", first, "Frais réglés le"),
                bench.cell("Séances", day, "Lieu"),
                bench.cell("Séances", day, "Début"),
                calendar.snapshot(bench.cohort.id)[day],
            )
        )
        people.change(PAGE, first, {"employer": f"Structure {len(seen)}"})
        seen[-1][2].pop("employer")
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == ["14.5", "9.75", "0.5", "", "20", "0"]
    assert seen[0][1] == [14.5, 9.75, 0.5, None, 20, 0]
    assert seen[0][3:7] == ("012345678", 45677, "21.2.31", 0.385416666666666667)
    assert seen[0][7]["start"] == "09:15"


# -- what is sent --------------------------------------------------------------------------------


def test_every_write_is_typed(bench: Bench) -> None:
    """Send no text for Google to parse: what looks like a formula stays a text."""
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"employer": '=IMPORTXML("http://x";"//a")', "phone": "+33612345678"})
    people.create(PAGE, bench.cohort.id, {"last_name": "Nouvelle", "first_name": "=1+1 Ada"})
    bench.calm()
    bench.calm(bench.jury)
    sent = json.dumps(bench.sheets.batches)
    assert "formulaValue" not in sent
    assert "USER_ENTERED" not in sent
    assert bench.cell("Participants", first, "Structure") == '=IMPORTXML("http://x";"//a")'


def test_no_unpublished_value_of_the_jury_reaches_the_staff_book(bench: Bench) -> None:
    canary = "13.37"
    bench.cycle(bench.jury)
    for key in bench.cohort.participants:
        jury.change(PAGE, key, {"grade-RSV206": canary, "grade-RSV207": "3.33", "decision": "adjourned"})
    people.create(PAGE, bench.cohort.id, {"last_name": "Nouveau", "first_name": "Ada"})
    bench.type("Jury", bench.cohort.participants[0], "RSV206", "13,38", bench.jury)
    bench.calm(bench.jury)
    bench.calm()
    sent = {book: json.dumps([b for where, b in bench.sheets.batches if where == book], ensure_ascii=False)
            for book in (bench.staff, bench.jury)}  # fmt: skip
    for word in ("13.37", "13.38", "3.33", "ajourn", "Proposition", "défaillant"):
        assert word not in sent[bench.staff]
    assert "13.37" in sent[bench.jury]
    assert "13.37" not in json.dumps(bench.whole())
