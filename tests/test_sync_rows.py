"""Rows and columns that come, go and move in a real stand-in for Google, on both engines."""

import pytest

from store import agreement, between, calendar, journal, people, rosters, tutoring
from store.models import Enrolment
from sync import applying
from tests.sync_bench import PAGE, Bench
from tests.test_pages_people import limit

ORDINARY = {"Nom": "Germain", "Prénom": "Sophie", "Téléphone": "0611111111"}


def enrolled(bench: Bench) -> dict[str, dict[str, str]]:
    return people.snapshot(bench.cohort.id)


def delete_row(bench: Bench, title: str, key: str) -> None:
    sheet_id, row, _ = bench.place(title, key, "ID")
    bench.act({"type": "deleteRows", "sheetId": sheet_id, "at": row, "count": 1})


# -- births ------------------------------------------------------------------------------------


def test_a_row_typed_in_the_sheet_is_born_after_two_equal_reads(bench: Bench) -> None:
    bench.append("Participants", ORDINARY)
    first = bench.cycle()
    assert (first.created, first.writes, first.again) == (0, 0, True)
    second = bench.cycle()
    assert (second.created, second.reads, second.writes) == (1, 1, 1)
    key = next(key for key, row in enrolled(bench).items() if row["last_name"] == "Germain")
    for title in ("Participants", "Présences"):
        assert bench.ids(title)[-1] == key
        assert bench.cell(title, key, "Nom") == "Germain"
    paper = next(paper for paper, owner in tutoring.owners(bench.cohort.id).items() if owner == key)
    assert bench.cell("Notes", paper, "Prénom") == "Sophie"
    bench.cycle(bench.jury)
    assert bench.cell("Jury", key, "Nom", bench.jury) == "Germain"
    assert (bench.cycle().writes, bench.cycle(bench.jury).writes) == (0, 0)
    assert len(enrolled(bench)) == 7


def test_a_row_still_being_typed_waits(bench: Bench) -> None:
    row = bench.append("Participants", {"Nom": "Germain"})
    assert [bench.cycle().created for _ in range(3)] == [0, 0, 0]
    bench.put(1000, row, 2, [["So"]])
    assert bench.cycle().created == 0
    bench.put(1000, row, 2, [["Sophie"]])
    assert [bench.cycle().created for _ in range(2)] == [0, 1]


def test_a_half_day_typed_in_the_sheet_gets_its_column(bench: Bench) -> None:
    bench.append("Séances", {"Module": "1 · Histoire", "Date": "03/03/2025", "Début": "9:30", "Fin": "12:30",
                             "Type": "cours"})  # fmt: skip
    bench.calm()
    [key] = set(calendar.snapshot(bench.cohort.id)) - set(bench.cohort.half_days)
    assert bench.cell("Séances", key, "Modalité") == "présentiel"
    first = bench.cohort.participants[0]
    bench.type("Présences", first, "03/03/2025 9h30", "A")
    bench.calm()
    assert rosters.snapshot(bench.cohort.id)[first][key] == "A"


def test_a_row_that_the_rules_refuse_is_listed_steadily_until_it_is_mended(bench: Bench) -> None:
    row = bench.append("Séances", {"Date": "03/03/2025", "Début": "12:30", "Fin": "9:30", "Type": "cours"})
    reports = [bench.cycle() for _ in range(5)]
    assert [report.refused for report in reports][1:] == [1, 1, 1, 1]
    assert not reports[-1].again
    version = people.version(bench.cohort.id)
    bench.cycle()
    assert people.version(bench.cohort.id) == version
    bench.put(bench.tabs()["Séances"].sheet_id, row, 5, [["15:30"]])
    bench.calm()
    assert len(calendar.snapshot(bench.cohort.id)) == 5
    assert between.refusals() == []


def test_a_person_enrolled_in_the_intranet_gets_a_row_in_every_tab(bench: Bench) -> None:
    key = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy",
                                                "fees_paid_on": "2025-02-01"})  # fmt: skip
    rosters.mark(PAGE, bench.cohort.participants[0], bench.cohort.half_days[0], "absent", None)
    report = bench.cycle()
    assert (report.reads, report.writes) == (1, 1)
    assert bench.cell("Participants", key, "Frais réglés le") == 45689
    assert bench.ids("Présences")[-1] == key
    assert bench.cycle().writes == 0
    whole = bench.whole()["sheets"][0]["data"][0]["rowData"]
    shown = whole[7]["values"][7]
    assert shown["userEnteredFormat"]["numberFormat"]["type"] == "DATE"
    assert whole[7]["values"][4]["userEnteredFormat"]["numberFormat"]["type"] == "TEXT"


def test_two_rows_alike_are_two_people(bench: Bench) -> None:
    bench.append("Participants", ORDINARY)
    bench.cycle()
    bench.append("Participants", ORDINARY)
    assert [bench.cycle().created for _ in range(3)] == [1, 1, 0]
    assert len(enrolled(bench)) == 8


def test_a_row_typed_in_a_tab_that_follows_is_refused_with_what_to_do(bench: Bench) -> None:
    bench.append("Présences", {"Nom": "Germain", "Prénom": "Sophie"})
    report = bench.cycle()
    assert (report.created, report.refused) == (0, 1)
    assert "Participants" in between.refusals()[0][11]


# -- ids -----------------------------------------------------------------------------------------


def test_an_id_cleared_or_edited_by_hand_is_written_back_in_every_tab(bench: Bench) -> None:
    titles = ("Participants", "Présences", "Notes", "Séances")
    before = {title: bench.ids(title) for title in titles}
    for title in titles:
        for row, text in enumerate(("", "P-NIMPORTE", "2")):
            bench.type(title, before[title][row], "ID", text)
    counts = (len(enrolled(bench)), len(calendar.snapshot(bench.cohort.id)))
    bench.calm()
    assert {title: bench.ids(title) for title in titles} == before
    assert (len(enrolled(bench)), len(calendar.snapshot(bench.cohort.id))) == counts


def test_an_id_changed_for_another_row_s_is_written_back(bench: Bench) -> None:
    before = bench.ids("Participants")
    bench.type("Participants", before[1], "ID", before[3])
    bench.calm()
    assert bench.ids("Participants") == before
    assert len(enrolled(bench)) == 6


def copy_row(bench: Bench, key: str, changed: dict[str, str]) -> int:
    tab = bench.tabs()["Participants"]
    _, row, _ = bench.place("Participants", key, "ID", tab=tab)
    headers = ["ID", "Nom", "Prénom", "Courriel", "Téléphone"]
    texts = [changed.get(h, tab.raw(row, i).get("stringValue", "")) for i, h in enumerate(headers)]
    bench.put(tab.sheet_id, tab.last_row, 0, [texts])
    return tab.last_row


def test_a_row_copied_with_its_id_then_renamed_is_somebody_else(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    copy_row(bench, first, {"Nom": "Germain", "Prénom": "Sophie"})
    bench.calm()
    assert len(enrolled(bench)) == 7
    assert enrolled(bench)[first]["last_name"] == "Arnaud"
    assert len(set(bench.ids("Participants"))) == 7


def test_a_row_copied_with_its_id_and_left_alike_creates_nobody(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    copy_row(bench, first, {})
    bench.calm()
    assert len(enrolled(bench)) == 6
    [found] = between.refusals()
    assert (found[8], found[10]) == ("A8", first)
    assert "copie" in found[11]


def test_a_copy_stays_one_when_the_intranet_renames_the_person(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    copy_row(bench, first, {})
    bench.calm()
    people.change(PAGE, first, {"last_name": "Germain"})
    bench.calm()
    assert len(enrolled(bench)) == 6
    assert "copie" in between.refusals()[0].reason


def test_copies_that_became_other_people_are_born_a_few_at_a_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BIRTHS", 1)
    for number, name in enumerate(("Germain", "Noether", "Hypatie")):
        copy_row(bench, bench.cohort.participants[number], {"Nom": name})
    bench.calm()
    assert len(enrolled(bench)) == 9
    assert between.refusals() == []


def test_every_row_is_found_again_after_a_sort(bench: Bench) -> None:
    bench.act({"type": "sort", "sheetId": 1000, "column": 2, "descending": True, "headerRows": 1})
    report = bench.cycle()
    assert (report.writes, report.pulled, report.created) == (0, 0, 0)
    people.change(PAGE, bench.cohort.participants[2], {"phone": "0788888888"})
    bench.cycle()
    assert bench.cell("Participants", bench.cohort.participants[2], "Téléphone") == "0788888888"


# -- headers and columns --------------------------------------------------------------------------


def test_headers_renamed_columns_moved_and_inserted_and_tabs_renamed_change_nothing(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    bench.type("Participants", "ID", "Téléphone", "Tél. portable")
    bench.act(
        {"type": "insertColumns", "sheetId": 1000, "at": 1, "count": 2},
        {"type": "insertRows", "sheetId": 1000, "at": 0, "count": 3},
        {"type": "renameSheet", "sheetId": 1000, "title": "Inscrits d'automne"},
    )
    move = {"source": {"sheetId": 1000, "dimension": "COLUMNS", "startIndex": 6, "endIndex": 7}, "destinationIndex": 1}
    bench.sheets.sheets.write(bench.staff, [{"moveDimension": move}])
    report = bench.cycle()
    assert (report.writes, report.pulled, report.paused, report.conflicts) == (0, 0, [], 0)
    people.change(PAGE, first, {"phone": "0788888888", "email": "x@exemple.fr"})
    bench.append("Inscrits d'automne", {"Nom": "Germain", "Prénom": "Sophie", "Tél. portable": "0699999999"})
    bench.calm()
    assert bench.cell("Inscrits d'automne", first, "Tél. portable") == "0788888888"
    assert bench.cell("Inscrits d'automne", first, "Courriel") == "x@exemple.fr"
    assert [row["phone"] for row in enrolled(bench).values()][-1] == "0699999999"
    assert "Inscrits d'automne" in [tab.title for tab in agreement.tabs(bench.staff)]


def test_a_mapped_column_deleted_pauses_its_tab_alone(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    sheet_id, _, column = bench.place("Participants", first, "Téléphone")
    bench.act({"type": "deleteColumns", "sheetId": sheet_id, "at": column, "count": 1})
    bench.type("Présences", first, "20/01/2025 9h30", "A")
    report = bench.cycle()
    assert report.pulled == 1
    [why] = report.paused
    assert "Participants" in why
    assert "« Téléphone »" in why
    assert enrolled(bench)[first]["phone"] == "0612345670"
    [state] = [s for s in agreement.states() if s["book"] == bench.staff]
    assert "Téléphone" in state["paused"][0]
    bench.undo()
    bench.undo()
    bench.calm()
    assert [s["paused"] for s in agreement.states()] == [[]]


@pytest.mark.parametrize("header", ["Téléphone", "ID"])
def test_a_header_cleared_pauses_the_tab_rather_than_empties_the_column(bench: Bench, header: str) -> None:
    bench.type("Participants", "ID", header, "")
    report = bench.cycle()
    assert (report.pulled, report.writes, report.created, len(report.paused)) == (0, 0, 0, 1)


def test_a_column_cut_and_pasted_elsewhere_is_followed(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    tab = bench.tabs()["Participants"]
    area = {"sheetId": 1000, "startRowIndex": 0, "endRowIndex": tab.last_row, "startColumnIndex": 4,
            "endColumnIndex": 5}  # fmt: skip
    target = {"sheetId": 1000, "rowIndex": 0, "columnIndex": 20}
    cut = {"cutPaste": {"source": area, "destination": target, "pasteType": "PASTE_NORMAL"}}
    bench.sheets.sheets.write(bench.staff, [cut])
    report = bench.cycle()
    assert (report.pulled, report.writes, report.paused) == (0, 0, [])
    assert enrolled(bench)[first]["phone"] == "0612345670"


def test_a_tab_deleted_pauses_and_the_others_go_on(bench: Bench) -> None:
    bench.act({"type": "deleteSheet", "sheetId": 1002})
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0788888888"})
    report = bench.cycle()
    assert report.pushed == 1
    assert "disparu" in report.paused[0]


# -- rows that go --------------------------------------------------------------------------------


def test_a_row_deleted_is_withdrawn_after_two_reads_and_comes_back_with_undo(bench: Bench) -> None:
    gone = bench.cohort.participants[2]
    rosters.mark(PAGE, gone, bench.cohort.half_days[0], "present", None)
    bench.calm()
    delete_row(bench, "Participants", gone)
    first = bench.cycle()
    assert (first.removed, first.again, gone in enrolled(bench)) == (0, True, True)
    assert bench.cycle().removed == 1
    assert gone not in enrolled(bench)
    assert Enrolment.get_by_id(gone).deleted_at is not None
    bench.calm()
    bench.undo()
    bench.calm()
    assert gone in enrolled(bench)
    assert rosters.snapshot(bench.cohort.id)[gone][bench.cohort.half_days[0]] == "P"
    assert len(enrolled(bench)) == 6


def test_a_row_deleted_then_brought_back_in_the_intranet_returns_to_the_sheet(bench: Bench) -> None:
    gone = bench.cohort.participants[2]
    delete_row(bench, "Participants", gone)
    bench.calm()
    people.restore(PAGE, gone)
    bench.calm()
    assert gone in enrolled(bench)
    assert bench.ids("Participants").count(gone) == 1
    delete_row(bench, "Participants", gone)
    assert [bench.cycle().removed for _ in range(2)] == [0, 1]


def test_a_person_withdrawn_in_the_intranet_whose_row_is_tidied_away_can_be_restored(bench: Bench) -> None:
    gone = bench.cohort.participants[2]
    people.remove(PAGE, gone)
    bench.calm()
    assert gone not in enrolled(bench)
    delete_row(bench, "Participants", gone)
    bench.calm()
    people.restore(PAGE, gone)
    bench.calm()
    assert gone in enrolled(bench)
    assert gone in bench.ids("Participants")


def test_an_edit_of_a_withdrawn_row_brings_it_back(bench: Bench) -> None:
    gone = bench.cohort.participants[2]
    people.remove(PAGE, gone)
    bench.calm()
    bench.type("Participants", gone, "Téléphone", "0700000000")
    bench.calm()
    assert enrolled(bench)[gone]["phone"] == "0700000000"


def test_an_edit_of_a_withdrawn_row_of_a_full_cohort_brings_it_back_on_the_waiting_list(bench: Bench) -> None:
    gone = bench.cohort.participants[2]
    people.remove(PAGE, gone)
    bench.calm()
    limit(bench.cohort.id, 5)
    bench.type("Participants", gone, "Téléphone", "0700000000")
    bench.calm()
    assert (enrolled(bench)[gone]["phone"], enrolled(bench)[gone]["waiting"]) == ("0700000000", "oui")
    assert bench.cell("Participants", gone, "Liste d'attente") == "oui"
    assert people.apart(bench.cohort.id) == {gone}
    assert (bench.cycle().writes, between.conflicts(bench.cohort.id)) == (0, [])


def test_an_edit_in_the_intranet_beats_a_deletion_in_the_sheet(bench: Bench) -> None:
    gone = bench.cohort.participants[2]
    delete_row(bench, "Participants", gone)
    people.change(PAGE, gone, {"phone": "0700000000"})
    bench.calm()
    assert gone in enrolled(bench)
    assert bench.cell("Participants", gone, "Téléphone") == "0700000000"


def test_a_row_deleted_in_a_tab_that_follows_comes_back(bench: Bench) -> None:
    gone = bench.cohort.participants[2]
    rosters.mark(PAGE, gone, bench.cohort.half_days[0], "present", None)
    bench.calm()
    delete_row(bench, "Présences", gone)
    bench.calm()
    assert bench.cell("Présences", gone, "20/01/2025 9h30") == "P"


def clear(bench: Bench, rows: int, first: int, columns: int) -> None:
    """Empty the rows below the header, from one column on."""
    bench.put(1000, 1, first, [[""] * columns for _ in range(rows)])


def test_four_rows_missing_at_once_pause_the_tab_until_a_person_confirms(bench: Bench) -> None:
    bench.act({"type": "deleteRows", "sheetId": 1000, "at": 1, "count": 4})
    for _ in range(3):
        report = bench.cycle()
        assert (report.removed, report.writes, len(enrolled(bench))) == (0, 0, 6)
    assert "4 lignes sur 6" in report.paused[0]
    [tab] = [tab for tab in agreement.tabs(bench.staff) if tab.paused]
    agreement.confirm(tab.id)
    report = bench.cycle()
    assert (report.removed, report.paused) == (4, [])
    assert set(enrolled(bench)) == set(bench.cohort.participants[4:])


def test_a_mass_deletion_undone_leaves_no_trace(bench: Bench) -> None:
    bench.act({"type": "deleteRows", "sheetId": 1000, "at": 1, "count": 5})
    bench.cycle()
    bench.undo()
    bench.calm()
    assert len(enrolled(bench)) == 6
    assert [s["paused"] for s in agreement.states()] == [[]]


@pytest.mark.parametrize("first", [0, 1])
def test_an_emptied_tab_pauses_ids_kept_or_not(bench: Bench, first: int) -> None:
    clear(bench, 6, first, 8 - first)
    before = enrolled(bench)
    for _ in range(3):
        report = bench.cycle()
        assert (report.pulled, report.writes, len(report.paused)) == (0, 0, 1)
    assert enrolled(bench) == before


def test_a_tab_whose_every_cell_is_gone_pauses(bench: Bench) -> None:
    bench.put(1000, 0, 0, [[""] * 16 for _ in range(7)])
    report = bench.cycle()
    assert "en-têtes" in report.paused[0]
    assert len(enrolled(bench)) == 6


# -- the matrix ------------------------------------------------------------------------------------


def test_a_new_half_day_of_the_intranet_gets_a_column_with_its_marks(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    keys = [
        calendar.create(PAGE, bench.cohort.id, {"day": day, "start": "09:00", "end": "12:00", "kind": "course"})
        for day in ("2025-03-03", "2025-03-04")
    ]
    rosters.mark(PAGE, first, keys[1], "absent", None)
    rosters.mark(PAGE, first, bench.cohort.half_days[0], "present", None)
    report = bench.cycle()
    assert (report.reads, report.writes, report.again) == (1, 1, True)
    bench.calm()
    assert bench.cell("Présences", first, "04/03/2025 9h") == "A"
    assert bench.cell("Présences", first, "03/03/2025 9h") is None
    headers = bench.headers("Présences")
    assert headers[3:9] == [
        "20/01/2025 9h30", "20/01/2025 14h", "14/02/2025 9h", "14/02/2025 14h", "03/03/2025 9h", "04/03/2025 9h",
    ]  # fmt: skip
    assert headers[9:11] == ["Absences", "Remarques"]


def test_new_columns_and_new_rows_travel_in_one_write_even_with_the_ids_on_the_right(bench: Bench) -> None:
    sheet_id = bench.tabs()["Présences"].sheet_id
    source = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    free = [{"updateSheetProperties": {"properties": {"sheetId": sheet_id, "gridProperties": {"frozenColumnCount": 0}},
                                       "fields": "gridProperties.frozenColumnCount"}}]  # fmt: skip
    bench.sheets.sheets.write(bench.staff, free)
    bench.sheets.sheets.write(bench.staff, [{"moveDimension": {"source": source, "destinationIndex": 20}}])
    bench.calm()
    first = bench.cohort.participants[0]
    calendar.create(PAGE, bench.cohort.id, {"day": "2025-03-03", "start": "09:00", "end": "12:00", "kind": "course"})
    key = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    rosters.mark(PAGE, first, bench.cohort.half_days[0], "present", None)
    report = bench.cycle()
    assert (report.reads, report.writes) == (1, 1)
    bench.calm()
    assert bench.cell("Présences", first, "20/01/2025 9h30") == "P"
    assert bench.cell("Présences", key, "Nom") == "Noether"
    assert bench.cell("Présences", key, "03/03/2025 9h") is None


def test_a_moved_half_day_renames_its_header_unless_staff_renamed_it(bench: Bench) -> None:
    first, second = bench.cohort.half_days[:2]
    bench.type("Présences", "ID", "20/01/2025 14h", "Visite")
    bench.calm()
    calendar.change(PAGE, first, {"day": "2025-01-21"})
    calendar.change(PAGE, second, {"day": "2025-01-21"})
    bench.calm()
    headers = bench.headers("Présences")
    assert headers[3:5] == ["21/01/2025 9h30", "Visite"]
    moved = [entry[3:8] for entry in journal.entries(bench.cohort.id) if entry[5] == "day"]
    assert ("half_day", first, "day", "2025-01-20", "2025-01-21") in moved


def test_two_half_days_that_exchange_their_dates_keep_their_own_marks(bench: Bench) -> None:
    who = bench.cohort.participants[0]
    first, third = bench.cohort.half_days[0], bench.cohort.half_days[2]
    rosters.mark(PAGE, who, first, "absent", None)
    bench.calm()
    calendar.change(PAGE, first, {"day": "2025-02-14", "start": "09:00", "end": "12:30"})
    calendar.change(PAGE, third, {"day": "2025-01-20", "start": "09:30", "end": "12:30"})
    bench.calm()
    assert rosters.snapshot(bench.cohort.id)[who][first] == "A"
    assert bench.cell("Présences", who, "14/02/2025 9h") == "A"
    assert bench.cell("Présences", who, "20/01/2025 9h30") is None


# -- the hidden tab --------------------------------------------------------------------------------


def test_the_hidden_tab_is_made_again_when_it_was_deleted(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    for phone in ("0788888888", "0799999999"):
        hidden = bench.tabs()["_passerelle"]
        bench.act({"type": "deleteSheet", "sheetId": hidden.sheet_id})
        people.change(PAGE, first, {"phone": phone})
        assert bench.cycle().pushed == 1
        assert bench.cell("Participants", first, "Téléphone") == phone
    hidden = next(s for s in bench.whole()["sheets"] if s["properties"]["title"] == "_passerelle")
    assert hidden["properties"]["hidden"] is True
