"""Several cohorts in one book, several books of one cohort, sheets as staff made them, what may not be written."""

import pytest

from rules.full_names import LAST_FIRST
from store import agreement, between, calendar, jury, people, rosters
from store.db import database
from store.errors import Refused
from store.journal import entries
from store.models import AgreedRow, Book, Tab
from sync import guard
from sync.dress import SCRATCH_ID, create_book
from sync.layout import ID
from sync.worksheets import WORKSHEETS
from tests.signing import sign
from tests.sync_bench import PAGE, Bench, make_cohort


def person(bench: Bench, place: int, field: str) -> str:
    return people.snapshot(bench.cohort.id)[bench.cohort.participants[place]][field]


# -- several cohorts in one book, several books of one cohort -------------------------------------


def second_cohort(bench: Bench) -> object:
    """Bind a second cohort to two new tabs of the same book, each with its header line only."""
    other = make_cohort("TEST-2026", 3)
    tabs = {"participants": (2001, "Inscrits 2026"), "attendance": (2002, "Présences 2026")}
    headers = {
        "participants": ["ID", "Nom", "Prénom", "Courriel", "Téléphone"],
        "attendance": ["ID", "Nom", "Prénom", *calendar.headers(other.id).values()],
    }
    batch = []
    for kind, (sheet_id, title) in tabs.items():
        line = [{guard.VALUE: {"stringValue": text}} for text in headers[kind]]
        batch += [
            {"addSheet": {"properties": {"sheetId": sheet_id, "title": title}}},
            {"updateCells": {"start": {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": 0},
                             "rows": [{"values": line}], "fields": guard.VALUE}},
            guard.column_metadata(sheet_id, 0, ID),
        ]  # fmt: skip
    bench.sheets.sheets.write(bench.staff, batch)
    for kind, (sheet_id, title) in tabs.items():
        agreement.bind_tab(bench.staff, other.id, kind, sheet_id, title)
    bench.calm()
    return other


def test_one_book_serves_two_cohorts(bench: Bench) -> None:
    other = second_cohort(bench)
    assert bench.ids("Inscrits 2026") == other.participants
    assert bench.ids("Participants") == bench.cohort.participants
    bench.type("Inscrits 2026", other.participants[0], "Téléphone", "07 99 99 99 99")
    bench.type("Participants", bench.cohort.participants[0], "Téléphone", "0788888888")
    people.change(PAGE, other.participants[1], {"phone": "0777777777"})
    rosters.mark(PAGE, other.participants[2], other.half_days[1], "absent", None)
    report = bench.cycle()
    assert (report.reads, report.writes, report.pulled, report.pushed) == (1, 1, 2, 2)
    bench.calm()
    assert people.snapshot(other.id)[other.participants[0]]["phone"] == "0799999999"
    assert person(bench, 0, "phone") == "0788888888"
    assert bench.cell("Inscrits 2026", other.participants[1], "Téléphone") == "0777777777"
    assert bench.cell("Présences 2026", other.participants[2], "20/01/2025 14h") == "A"


def test_a_change_of_either_cohort_makes_their_book_pending(bench: Bench) -> None:
    other = second_cohort(bench)
    assert not agreement.states()[0]["pending"]
    people.change(PAGE, other.participants[0], {"phone": "0777777777"})
    assert agreement.states()[0]["pending"]
    bench.calm()
    assert not agreement.states()[0]["pending"]


def test_a_row_pasted_in_another_cohort_s_tab_is_somebody_new_there(bench: Bench) -> None:
    other = second_cohort(bench)
    bench.append("Inscrits 2026", {"ID": bench.cohort.participants[0], "Nom": "Arnaud", "Prénom": "Inès"})
    bench.calm()
    assert len(people.snapshot(other.id)) == 4
    assert len(people.snapshot(bench.cohort.id)) == 6
    assert len(set(bench.ids("Inscrits 2026"))) == 4
    assert not set(bench.ids("Inscrits 2026")) & set(bench.cohort.participants)


def test_a_cohort_in_two_books_is_the_same_in_both(bench: Bench) -> None:
    second = create_book(bench.sheets, bench.cohort.id, bench.cohort.code, "staff")
    bench.calm(second)
    first = bench.cohort.participants[0]
    bench.type("Participants", first, "Téléphone", "0799999999")
    bench.cycle()
    bench.calm(second)
    assert bench.cell("Participants", first, "Téléphone", book=second) == "0799999999"
    bench.type("Participants", first, "Téléphone", "0788888888", book=second)
    bench.cycle(second)
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0788888888"
    assert between.conflicts() == []


def test_a_row_deleted_in_one_of_two_books_leaves_both_and_comes_back_from_neither(bench: Bench) -> None:
    second = create_book(bench.sheets, bench.cohort.id, bench.cohort.code, "staff")
    bench.calm(second)
    bench.staff_do({"do": "delete_rows", "tab": "Participants", "row_where": {"ID": bench.cohort.participants[0]}})
    bench.calm()
    bench.calm(second)
    bench.calm()
    assert bench.cohort.participants[0] not in people.snapshot(bench.cohort.id)
    # The other book keeps the line, as for anyone withdrawn: it may hold staff's own remarks.
    assert bench.cohort.participants[0] in bench.ids("Participants", book=second)


# -- spreadsheets as staff made them ---------------------------------------------------------------


def adopted(bench: Bench) -> str:
    """Bind a tab that staff made: a title above, their own headers, both names in one cell."""
    lines = [
        ["Liste de la promotion"], [],
        ["Stagiaire", "Tél. portable", "Âge", "ID"],
        ["DURAND Paul", "0611111111", "31"],
        ["LE GOFF Anne Marie", "0622222222", "45"],
    ]  # fmt: skip
    values = [
        {"values": [{guard.VALUE: {"stringValue": text}} if text else {} for text in line]} for line in lines
    ]
    body = {
        "properties": {"title": "À nous", "locale": "fr_FR"},
        "sheets": [{"properties": {"sheetId": 5, "title": "Promo"}, "data": [{"rowData": values}]}],
    }
    book = bench.sheets.create(body)["spreadsheetId"]
    marks = [guard.column_metadata(5, column, name) for column, name in ((0, "full_name"), (1, "phone"), (3, ID))]
    bench.sheets.sheets.write(book, [guard.scratch_tab(SCRATCH_ID), *marks])
    agreement.bind(book, bench.cohort.id, "staff", "À nous", SCRATCH_ID, {})
    mapping = {"headers": {"full_name": "Stagiaire", "phone": "Tél. portable"}, "name_order": LAST_FIRST}
    agreement.bind_tab(book, bench.cohort.id, "participants", 5, "Promo", mapping)
    return book


def test_both_names_in_one_cell_are_born_changed_and_written_as_one(bench: Bench) -> None:
    book = adopted(bench)
    bench.calm(book)
    found = {(row["last_name"], row["first_name"]): key for key, row in people.snapshot(bench.cohort.id).items()}
    assert ("DURAND", "Paul") in found
    key = found["LE GOFF", "Anne Marie"]
    people.change(PAGE, key, {"first_name": "Anne"})
    bench.calm(book)
    assert bench.cell("Promo", key, "Stagiaire", book=book) == "LE GOFF Anne"
    bench.type("Promo", key, "Stagiaire", "LE GOFF Annie", book=book)
    bench.calm(book)
    assert people.snapshot(bench.cohort.id)[key]["first_name"] == "Annie"
    # Those whom only the intranet had are written below, under the headers of the staff.
    assert bench.cell("Promo", bench.cohort.participants[0], "Stagiaire", book=book) == "Arnaud Inès"
    assert between.conflicts() == []


def test_one_word_where_two_names_are_wanted_is_refused_with_what_is_missing(bench: Bench) -> None:
    book = adopted(bench)
    bench.calm(book)
    key = next(k for k, row in people.snapshot(bench.cohort.id).items() if row["last_name"] == "DURAND")
    bench.type("Promo", key, "Stagiaire", "DURAND", book=book)
    bench.calm(book)
    [row] = between.refusals()
    assert (row[8], row[10]) == ("A4", "DURAND")
    assert "un nom et un prénom sont attendus" in row[11]
    assert people.snapshot(bench.cohort.id)[key]["first_name"] == "Paul"


def test_a_record_whose_names_part_elsewhere_is_still_changed_by_its_one_cell(bench: Bench) -> None:
    book = adopted(bench)
    key = people.create(PAGE, bench.cohort.id, {"last_name": "Martin Durand", "first_name": "Eva"})
    bench.calm(book)
    assert bench.cell("Promo", key, "Stagiaire", book=book) == "Martin Durand Eva"
    bench.type("Promo", key, "Stagiaire", "MARTIN DURAND Eva", book=book)
    bench.calm(book)
    row = people.snapshot(bench.cohort.id)[key]
    assert (row["last_name"], row["first_name"]) == ("MARTIN DURAND", "Eva")


def test_columns_that_staff_do_not_keep_are_left_alone(bench: Bench) -> None:
    book = adopted(bench)
    bench.calm(book)
    assert bench.headers("Promo", book) == ["Stagiaire", "Tél. portable", "Âge", "ID"]
    assert [bench.tabs(book)["Promo"].text(row, 2) for row in (3, 4)] == ["31", "45"]


# -- what may not be written -----------------------------------------------------------------------


def test_a_protected_cell_is_listed_and_the_others_still_go(bench: Bench) -> None:
    first, second = bench.cohort.participants[:2]
    area = {"tab": "Participants", "row_where": {"ID": first}, "column": "Téléphone"}
    bench.give_away()
    bench.staff_do({"do": "protect", **area, "editors": ["chef@localsheets.example"]})
    people.change(PAGE, first, {"phone": "0799999999"})
    people.change(PAGE, second, {"phone": "0788888888"})
    report = bench.cycle()
    assert (report.pushed, report.refused) == (1, 1)
    assert bench.cell("Participants", second, "Téléphone") == "0788888888"
    assert bench.cell("Participants", first, "Téléphone") == "0612345670"
    [row] = between.refusals()
    assert (row[6], row[7]) == (first, "phone")
    assert "protégée" in row[11]
    bench.staff_do({"do": "unprotect", "tab": "Participants"})
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0799999999"
    assert between.refusals() == []


def test_a_tab_protected_whole_still_gives_what_is_typed_in_it(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    bench.give_away()
    bench.staff_do({"do": "protect", "tab": "Participants", "editors": ["chef@localsheets.example"]})
    bench.type("Participants", first, "Téléphone", "0799999999")
    people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    report = bench.cycle()
    assert (report.pulled, report.refused) == (1, 1)
    assert person(bench, 0, "phone") == "0799999999"
    # The tabs that are not protected have the newcomer already.
    assert len(bench.ids("Présences")) == 7
    assert len(bench.ids("Participants")) == 6


def test_what_was_signed_is_put_back_and_told(bench: Bench) -> None:
    first, second = bench.cohort.participants[:2]
    for key in (first, second):
        jury.change(PAGE, key, {"grade-RSV206": "12"})
    jury.change(PAGE, first, {"decision": "admitted"})
    book = bench.jury
    assert sign(PAGE, bench.cohort.id) == 1
    with pytest.raises(Refused, match="scellé par un procès-verbal"):
        jury.change(PAGE, first, {"grade-RSV206": "9"})
    bench.type("Jury", first, "RSV206", "19", book=book)
    bench.type("Jury", second, "RSV206", "13", book=book)
    bench.calm(book)
    dossiers = jury.snapshot(bench.cohort.id)
    assert (dossiers[first]["grade-RSV206"], dossiers[second]["grade-RSV206"]) == ("12", "13")
    assert bench.cell("Jury", first, "RSV206", book=book) == 12
    told = [row for row in entries(bench.cohort.id) if row[3:6] == ("dossier", first, "grade-RSV206")][0]
    assert ("remise en place" in told[1], told[6], told[7]) == (True, "19", "12")
    assert between.conflicts() == between.refusals() == []


def test_a_tab_unbound_while_its_write_travels_moves_no_agreement(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0799999999"})

    def unbind(_book: str) -> None:
        Tab.delete().where((Tab.book == bench.staff) & (Tab.kind == "participants")).execute()

    bench.sheets.after_write = unbind
    bench.cycle()
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0799999999"
    assert Book.select().count() == 1
    assert not AgreedRow.select().join(Tab).where(Tab.kind == "participants").exists()
    assert not database.in_transaction()


def test_the_tabs_said_to_follow_are_those_that_own_no_rows() -> None:
    assert {kind for kind, sheet in WORKSHEETS.items() if not sheet.owns_rows} == agreement.FOLLOWING
