"""What people do in the half second between our read and our write is never lost, whatever it is."""

from collections.abc import Callable

import pytest

from store import agreement, between, calendar, people, rosters
from sync.book import OutcomeUnknown
from tests.sync_bench import PAGE, Bench, sheet_side

Act = Callable[[Bench], None]


def sort(bench: Bench) -> None:
    bench.act({"type": "sort", "sheetId": 1000, "column": 2, "descending": True, "headerRows": 1})


def insert_row(bench: Bench) -> None:
    bench.act({"type": "insertRows", "sheetId": 1000, "at": 1, "count": 1})


def insert_rows_above_the_header(bench: Bench) -> None:
    bench.act({"type": "insertRows", "sheetId": 1000, "at": 0, "count": 2})


def move_row(bench: Bench) -> None:
    bench.act({"type": "moveRows", "sheetId": 1000, "from": 1, "count": 2, "to": 6})


def insert_column_before_the_id(bench: Bench) -> None:
    bench.act({"type": "insertColumns", "sheetId": 1000, "at": 0, "count": 1})


def insert_column_inside(bench: Bench) -> None:
    bench.act({"type": "insertColumns", "sheetId": 1000, "at": 5, "count": 1})


def insert_column_just_before(bench: Bench) -> None:
    bench.act({"type": "insertColumns", "sheetId": 1000, "at": 4, "count": 1})


def delete_row(bench: Bench) -> None:
    bench.act({"type": "deleteRows", "sheetId": 1000, "at": 2, "count": 1})


MOVES = [sort, insert_row, insert_rows_above_the_header, move_row, insert_column_before_the_id,
         insert_column_inside, insert_column_just_before]  # fmt: skip


def named(function: Act) -> str:
    return function.__name__


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("move", MOVES, ids=named)
def test_lines_moved_exactly_between_read_and_write_cost_nobody_anything(bench: Bench, move: Act) -> None:
    before = sheet_side(bench)
    wanted = {}
    for number, key in enumerate(bench.cohort.participants):
        if number % 2:
            people.change(PAGE, key, {"phone": f"070000000{number}", "employer": f"Structure {number}"})
            wanted[key] = {"Téléphone": f"070000000{number}", "Structure": f"Structure {number}"}
    bench.sheets.before_write = lambda book: move(bench)
    bench.cycle()
    bench.calm()
    expected = {key: {**before[key], **wanted.get(key, {})} for key in before}
    assert sheet_side(bench) == expected
    snapshot = people.snapshot(bench.cohort.id)
    for key, row in expected.items():
        assert snapshot[key]["phone"] == row["Téléphone"]
        assert snapshot[key]["last_name"] == row["Nom"]
        assert snapshot[key]["email"] == row["Courriel"]
    assert between.conflicts() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("move", MOVES, ids=named)
def test_a_new_row_sent_while_lines_move_arrives_once_and_in_its_columns(bench: Bench, move: Act) -> None:
    before = sheet_side(bench)
    key = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy", "phone": "0755555555"})
    bench.sheets.before_write = lambda book: move(bench)
    bench.cycle()
    bench.calm()
    assert sheet_side(bench) == before | {key: {"Nom": "Noether", "Prénom": "Emmy", "Téléphone": "0755555555"}}
    assert people.snapshot(bench.cohort.id)[key]["phone"] == "0755555555"
    assert len(people.snapshot(bench.cohort.id)) == 7
    assert between.conflicts() == []


def test_a_row_deleted_between_read_and_write(bench: Bench) -> None:
    before = sheet_side(bench)
    gone = bench.cohort.participants[1]
    for number, key in enumerate(bench.cohort.participants):
        if key != gone:
            people.change(PAGE, key, {"employer": f"Structure {number}"})
    bench.sheets.before_write = lambda book: delete_row(bench)
    bench.cycle()
    bench.calm()
    assert gone not in people.snapshot(bench.cohort.id)
    after = sheet_side(bench)
    assert {key: row | {"Structure": ""} for key, row in after.items()} == {
        key: row | {"Structure": ""} for key, row in before.items() if key != gone
    }
    assert {row["Structure"] for row in after.values()} == {f"Structure {n}" for n in (0, 2, 3, 4, 5)}


def test_a_person_s_edit_exactly_between_becomes_a_conflict(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.sheets.before_write = lambda book: bench.type("Participants", first, "Téléphone", "0722222222")
    report = bench.cycle()
    assert (report.writes, report.again) == (2, True)
    assert bench.cell("Participants", first, "Téléphone") == "0722222222"
    bench.calm()
    [found] = between.conflicts()
    assert found[10:13] == ("0612345670", "0711111111", "0722222222")
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0711111111"


def test_a_cell_cleared_exactly_between_becomes_a_conflict_too(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.sheets.before_write = lambda book: bench.type("Participants", first, "Téléphone", "")
    bench.cycle()
    assert bench.cell("Participants", first, "Téléphone") is None
    bench.calm()
    assert between.conflicts()[0][12] == ""


def test_a_row_typed_exactly_where_a_new_one_goes_is_kept(bench: Bench) -> None:
    key = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    bench.sheets.before_write = lambda book: bench.append("Participants", {"Nom": "Germain", "Prénom": "Sophie"})
    bench.cycle()
    bench.calm()
    names = [row["last_name"] for row in people.snapshot(bench.cohort.id).values()]
    assert names[-2:] == ["Noether", "Germain"]
    assert sheet_side(bench)[key] == {"Nom": "Noether", "Prénom": "Emmy"}
    assert len(sheet_side(bench)) == 8


def test_an_id_never_stays_on_a_row_that_moved(bench: Bench) -> None:
    bench.append("Participants", {"Nom": "Germain", "Prénom": "Sophie"})
    bench.cycle()
    before = sheet_side(bench)
    bench.sheets.before_write = lambda book: sort(bench)
    assert bench.cycle().created == 1
    bench.calm()
    [key] = set(people.snapshot(bench.cohort.id)) - set(bench.cohort.participants)
    after = sheet_side(bench)
    assert after.pop(key) == {"Nom": "Germain", "Prénom": "Sophie"}
    assert after == {k: v for k, v in before.items() if k in after}
    assert len(after) == 6


def test_marks_of_a_matrix_land_on_their_own_rows_and_columns(bench: Bench) -> None:
    """Blank cells look alike everywhere: a column inserted among them must still be noticed."""
    sheet_id = bench.tabs()["Présences"].sheet_id
    for number, key in enumerate(bench.cohort.participants):
        rosters.mark(PAGE, key, bench.cohort.half_days[number % 4], "absent", None)
    bench.sheets.before_write = lambda book: bench.act(
        {"type": "insertColumns", "sheetId": sheet_id, "at": 4, "count": 1},
        {"type": "sort", "sheetId": sheet_id, "column": 2, "descending": True, "headerRows": 1},
    )
    bench.cycle()
    bench.calm()
    headers = ["20/01/2025 9h30", "20/01/2025 14h", "14/02/2025 9h", "14/02/2025 14h"]
    snapshot = rosters.snapshot(bench.cohort.id)
    for number, key in enumerate(bench.cohort.participants):
        wanted = ["A" if place == number % 4 else "" for place in range(4)]
        assert [snapshot[key][day] for day in bench.cohort.half_days] == wanted
        row = sheet_side(bench, "Présences")[key]
        assert [row.get(header, "") for header in headers] == wanted
    tab = bench.tabs()["Présences"]
    assert all(not tab.raw(row, 4) for row in range(tab.last_row))


def test_a_header_moved_with_its_half_day_while_columns_move(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    sheet_id = bench.tabs()["Présences"].sheet_id
    calendar.change(PAGE, bench.cohort.half_days[0], {"day": "2025-01-21"})
    rosters.mark(PAGE, first, bench.cohort.half_days[0], "absent", None)
    bench.sheets.before_write = lambda book: bench.act(
        {"type": "insertColumns", "sheetId": sheet_id, "at": 3, "count": 1}
    )
    bench.cycle()
    bench.calm()
    assert bench.cell("Présences", first, "21/01/2025 9h30") == "A"
    assert rosters.snapshot(bench.cohort.id)[first][bench.cohort.half_days[0]] == "A"


def test_a_book_that_never_rests_loses_nothing(bench: Bench) -> None:
    """Sort before every write: each repair lands wrong too, until the sheet rests."""
    before = sheet_side(bench)
    for number, key in enumerate(bench.cohort.participants):
        people.change(PAGE, key, {"phone": f"070000000{number}"})
    columns = iter((2, 1) * 4)

    def shake(book: str) -> None:
        bench.act({"type": "sort", "sheetId": 1000, "column": next(columns), "descending": True, "headerRows": 1})
        bench.sheets.before_write = shake

    bench.sheets.before_write = shake
    with pytest.raises(OutcomeUnknown):
        for _ in range(2):
            bench.cycle()
    bench.sheets.before_write = None
    bench.calm()
    phones = {key: f"070000000{number}" for number, key in enumerate(bench.cohort.participants)}
    assert sheet_side(bench) == {key: row | {"Téléphone": phones[key]} for key, row in before.items()}
    assert {key: row["phone"] for key, row in people.snapshot(bench.cohort.id).items()} == phones
    assert between.conflicts() == []


def test_the_hidden_tab_deleted_exactly_between_only_delays(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    hidden = bench.tabs()["_passerelle"].sheet_id
    bench.sheets.before_write = lambda book: bench.act({"type": "deleteSheet", "sheetId": hidden})
    with pytest.raises(Exception, match="Google refuse la demande"):
        bench.cycle()
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0711111111"


def test_a_click_while_the_write_travels_goes_with_the_next_cycle(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.sheets.after_write = lambda book: people.change(PAGE, first, {"phone": "0722222222"})
    bench.cycle()
    [state] = [state for state in agreement.states() if state["book"] == bench.staff]
    assert state["pending"]
    assert bench.cell("Participants", first, "Téléphone") == "0711111111"
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0722222222"
    assert between.conflicts() == []


def test_a_third_value_typed_on_the_page_goes_to_the_sheet(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.type("Participants", first, "Téléphone", "0722222222")
    bench.cycle()
    [found] = between.conflicts()
    assert (found.author, found.local, found.remote) == (PAGE.name, "0711111111", "0722222222")
    between.settle_with(PAGE, found.id, "0733333333", (found.local, found.remote))
    bench.calm()
    assert between.conflicts() == []
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0733333333"
    assert bench.cell("Participants", first, "Téléphone") == "0733333333"


def test_a_third_value_the_sheet_moved_from_meanwhile_is_a_conflict_again(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.type("Participants", first, "Téléphone", "0722222222")
    bench.cycle()
    between.settle_with(PAGE, between.conflicts()[0].id, "0733333333")
    bench.type("Participants", first, "Téléphone", "0744444444")
    bench.cycle()
    [found] = between.conflicts()
    assert (found.base, found.local, found.remote) == ("0722222222", "0733333333", "0744444444")
    assert bench.cell("Participants", first, "Téléphone") == "0744444444"
