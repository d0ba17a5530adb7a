"""A store put back from a copy, in front of a spreadsheet that went on: the next cycles lose nothing."""

import pytest

from store import agreement, between, calendar, intents, jury, leases, people, rosters, tutoring, verification
from sync.book import OutcomeUnknown
from tests.copies import copied, put_back
from tests.deliberated import graded, sealed
from tests.sync_bench import PAGE, Bench, differences


@pytest.fixture
def first(bench: Bench) -> str:
    return bench.cohort.participants[0]


def phones(bench: Bench) -> list[str]:
    return [row["phone"] for row in people.snapshot(bench.cohort.id).values()]


def test_what_both_sides_had_agreed_on_since_comes_back_from_the_sheet(bench: Bench, first: str) -> None:
    copy = copied()
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.type("Participants", bench.cohort.participants[1], "Téléphone", "0722222222")
    rosters.mark(PAGE, first, bench.cohort.half_days[0], "late", "15")
    bench.calm()
    put_back(copy, replace=True)
    assert "0711111111" not in phones(bench)
    bench.calm()
    assert {"0711111111", "0722222222"} < set(phones(bench))
    assert rosters.snapshot(bench.cohort.id)[first][bench.cohort.half_days[0]] == "R 15"
    assert (between.conflicts(), differences(bench)) == ([], [])
    assert verification.verify().broken == []


def test_a_change_on_its_way_then_is_a_conflict_and_covers_nothing(bench: Bench, first: str) -> None:
    before = people.snapshot(bench.cohort.id)[first]["phone"]
    people.change(PAGE, first, {"phone": "0711111111"})
    copy = copied()
    bench.calm()
    # Somebody who had read the new number put the old one back: that is what is true now.
    bench.type("Participants", first, "Téléphone", before)
    bench.calm()
    assert people.snapshot(bench.cohort.id)[first]["phone"] == before
    put_back(copy, replace=True)
    bench.calm()
    bench.calm()
    found = between.conflicts()
    assert [(one.field, one.local, one.remote) for one in found] == [("phone", "0711111111", before)]
    assert bench.cell("Participants", first, "Téléphone") == before
    assert not agreement.restored(bench.staff)


def test_without_a_restore_a_change_on_its_way_simply_travels(bench: Bench, first: str) -> None:
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0711111111"
    assert between.conflicts() == []


def test_a_store_that_moves_to_another_database_sends_what_the_sheet_leaves_blank(bench: Bench, first: str) -> None:
    rosters.mark(PAGE, first, bench.cohort.half_days[0], "present", None)
    put_back(copied(), replace=True)
    bench.calm()
    assert bench.cell("Présences", first, "20/01/2025 9h30") == "P"
    assert (between.conflicts(), differences(bench)) == ([], [])


def test_rows_born_since_come_back_under_their_own_ids_with_all_that_the_tabs_hold_of_them(bench: Bench) -> None:
    copy = copied()
    someone = people.create(PAGE, bench.cohort.id, {"last_name": "Garnier", "first_name": "Lou", "phone": "0733333333"})
    day = calendar.create(
        PAGE, bench.cohort.id, {"module": "1", "day": "2025-03-03", "start": "09:00", "end": "12:00", "kind": "course"}
    )
    bench.calm()
    rosters.mark(PAGE, someone, day, "present", None)
    paper = next(key for key, owner in tutoring.owners(bench.cohort.id).items() if owner == someone)
    tutoring.assign(PAGE, paper, "Denis Morel")
    bench.calm()
    put_back(copy, replace=True)
    assert someone not in people.snapshot(bench.cohort.id)
    bench.calm(most=10)
    assert people.snapshot(bench.cohort.id)[someone]["phone"] == "0733333333"
    assert calendar.snapshot(bench.cohort.id)[day]["day"] == "2025-03-03"
    assert rosters.snapshot(bench.cohort.id)[someone][day] == "P"
    again = next(key for key, owner in tutoring.owners(bench.cohort.id).items() if owner == someone)
    assert tutoring.snapshot(bench.cohort.id)[again]["tutor"] == "Denis Morel"
    assert (between.conflicts(), between.refusals(), differences(bench)) == ([], [], [])
    assert bench.ids("Participants").count(someone) == bench.ids("Présences").count(someone) == 1


def test_a_row_deleted_since_in_the_sheet_is_withdrawn_again_after_two_reads(bench: Bench, first: str) -> None:
    copy = copied()
    sheet_id, row, _ = bench.place("Participants", first, "ID")
    bench.act({"type": "deleteRows", "sheetId": sheet_id, "at": row, "count": 1})
    bench.calm()
    bench.calm()
    assert first not in people.snapshot(bench.cohort.id)
    put_back(copy, replace=True)
    bench.cycle()
    assert first in people.snapshot(bench.cohort.id)
    bench.calm()
    assert first in people.removed(bench.cohort.id)


def test_a_write_cut_short_before_the_copy_is_settled_by_the_hidden_tab(bench: Bench, first: str) -> None:
    people.change(PAGE, first, {"phone": "0711111111"})
    # Somebody types in the very half second between the read and the write, whose answer is then lost.
    bench.sheets.before_write = lambda book: bench.type("Participants", first, "Téléphone", "0788888888")
    real = bench.sheets.sheets.write

    def lost(*arguments: object) -> object:
        bench.sheets.sheets.write = real
        real(*arguments)
        raise OutcomeUnknown("lost")

    bench.sheets.sheets.write = lost
    with pytest.raises(OutcomeUnknown):
        bench.cycle()
    assert intents.unsettled(bench.staff)
    put_back(copied(), replace=True)
    bench.calm()
    values = {people.snapshot(bench.cohort.id)[first]["phone"], bench.cell("Participants", first, "Téléphone")}
    listed = {value for one in between.conflicts() for value in (one.local, one.remote)}
    assert {"0711111111", "0788888888"} <= values | listed


def test_a_worker_that_went_on_through_the_restore_writes_nothing(bench: Bench, first: str) -> None:
    copy = copied()
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.sheets.before_write = lambda book: put_back(copy, replace=True)
    with pytest.raises(leases.LeaseLost):
        bench.cycle()
    bench.calm()
    assert differences(bench) == []


def test_sealed_minutes_and_the_tab_of_the_jury_agree_after_a_restore(bench: Bench) -> None:
    graded(bench.cohort)
    bench.calm(bench.jury)
    sealed(bench.cohort)
    bench.calm(bench.jury)
    copy = copied()
    bench.type("Jury", bench.cohort.participants[0], "RSV206", "3", bench.jury)
    put_back(copy, replace=True)
    bench.calm(bench.jury)
    assert jury.snapshot(bench.cohort.id)[bench.cohort.participants[0]]["grade-RSV206"] == "12.5"
    assert differences(bench, bench.jury) == []
    assert verification.verify().broken == []


@pytest.mark.parametrize("given", ["", "P-1", "X-ABCDEFGH", "P-ABCDEFG0", "P-ABCDEFGHJ", "S-ABCDEFGH", "ABCDEFGH"])
def test_a_new_row_keeps_no_id_that_is_not_of_our_making(bench: Bench, given: str) -> None:
    key = people.create(PAGE, bench.cohort.id, {"last_name": "Garnier", "first_name": "Lou"}, wanted=given)
    assert key != given
    assert key in people.snapshot(bench.cohort.id)


def test_a_new_row_never_takes_the_id_of_another_record(bench: Bench, first: str) -> None:
    people.remove(PAGE, first)
    for wanted in (first, bench.cohort.participants[1]):
        assert people.create(PAGE, bench.cohort.id, {"last_name": "A", "first_name": "B"}, wanted=wanted) != wanted
