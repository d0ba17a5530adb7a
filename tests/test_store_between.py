"""Choices between both sides, as the store carries them: what travels, what is kept of what was given up."""

import threading

import pytest

from store import agreement, between, calendar, db, journal, people, records, rosters, totals
from store.errors import Changed, Refused
from store.journal import SETTLED
from tests.books import JURY, STAFF, bind_both, conflict, tab_of
from tests.sync_bench import PAGE, Cohort


@pytest.fixture
def books(cohort: Cohort) -> Cohort:
    bind_both(cohort)
    people.change(PAGE, cohort.participants[0], {"funding": "opco"})
    return cohort


def listed(tab: int, *places: tuple[str, str, str, str]) -> list[int]:
    """List conflicts (row, field, local, remote) in a tab and return them in this order."""
    between.list_conflicts(tab, [
        {"row": row, "field": field, "address": "B2", "label": field, "base": "", "local": local, "remote": remote}
        for row, field, local, remote in places
    ])  # fmt: skip
    found = {(row.row, row.field): row.id for row in between.conflicts()}
    return [found[row, field] for row, field, _local, _remote in places]


@pytest.mark.parametrize(("side", "kept", "given_up"), [("intranet", "opco", "cpf"), ("sheet", "cpf", "opco")])
def test_a_choice_keeps_in_the_journal_what_was_given_up(books: Cohort, side: str, kept: str, given_up: str) -> None:
    version = people.version(books.id)
    between.settle(PAGE, conflict("participants"), side, ("opco", "cpf"))
    assert agreement.base(tab_of(STAFF)).rows[books.participants[0]] == {"funding": given_up}
    _at, author, door, kind, _row, field, before, after = journal.entries(books.id, 1)[0]
    assert (author, door, kind, field, before, after) == (PAGE.name, SETTLED, "enrolment", "funding", given_up, kept)
    assert people.version(books.id) > version
    assert next(state for state in agreement.states() if state["book"] == STAFF)["asked_at"] is not None


def test_a_choice_made_on_values_read_before_is_not_carried(books: Cohort) -> None:
    for seen in (("opco", "employer"), ("individual", "cpf")):
        with pytest.raises(Changed):
            between.settle(PAGE, conflict("participants"), "sheet", seen)
        with pytest.raises(Changed):
            between.settle_with(PAGE, conflict("participants"), "cpf", seen)
    assert conflict("participants") is not None
    assert agreement.base(tab_of(STAFF)).rows == {}


def test_a_refused_third_value_leaves_everything_as_it_was(books: Cohort) -> None:
    before = len(journal.entries(books.id))
    with pytest.raises(Refused):
        between.settle_with(PAGE, conflict("participants"), "mécénat")
    assert (conflict("participants") is not None, len(journal.entries(books.id))) == (True, before)


def test_a_third_value_equal_to_one_of_both_is_that_side(books: Cohort) -> None:
    row = books.participants[0]
    between.settle_with(PAGE, conflict("participants"), "CPF")
    assert people.snapshot(books.id)[row]["funding"] == "cpf"
    assert agreement.base(tab_of(STAFF)).rows[row] == {"funding": "cpf"}
    assert [entry[2] for entry in journal.entries(books.id, 1)] == ["page"], "nothing was given up"


def test_a_third_mark_may_be_blank(books: Cohort) -> None:
    row, half_day = books.participants[1], books.half_days[0]
    rosters.mark(PAGE, row, half_day, "late", "15")
    agreement.bind("book-more", books.id, "staff", "Classeur", 9, {"attendance": (21, "Présences")})
    [key] = listed(tab_of("book-more"), (row, half_day, "R 15", "A"))
    between.settle_with(PAGE, key, "")
    assert rosters.snapshot(books.id)[row][half_day] == ""
    assert agreement.base(tab_of("book-more")).rows[row] == {half_day: "A"}


def test_many_settled_at_once_ask_for_few_statements(books: Cohort, count_queries) -> None:
    places = [(row, field, "ici", "là") for row in books.participants for field in ("phone", "email", "employer")]
    keys = listed(tab_of(STAFF), *places)
    # Each entry of the journal asks for the end of its chain, is written, and becomes that end.
    with count_queries(4 + 3 * len(keys) + 2 * len(books.participants) + 4):
        left = between.settle_all(PAGE, "sheet", dict.fromkeys(keys, ("ici", "là")) | {999_999: ("", "")})
    assert left == {999_999}
    assert len(agreement.base(tab_of(STAFF)).rows) == len(books.participants)
    assert [row.kind for row in between.conflicts()] == ["jury"]


def test_a_chosen_date_is_not_one_the_half_day_was_moved_from(books: Cohort) -> None:
    half_day = books.half_days[0]
    calendar.change(PAGE, half_day, {"day": "2025-01-21"})
    agreement.bind("book-more", books.id, "staff", "Classeur", 9, {"half_days": (21, "Séances")})
    [key] = listed(tab_of("book-more"), (half_day, "day", "2025-01-21", "2025-01-25"))
    between.settle(PAGE, key, "intranet")
    assert totals.former_days(books.id) == {half_day: "2025-01-20"}


def test_two_people_who_settle_the_same_conflicts_at_once_settle_each_once(books: Cohort) -> None:
    keys = listed(tab_of(STAFF), *((row, "phone", "ici", "là") for row in books.participants))
    left: list[set[int]] = []

    def settle(side: str) -> None:
        with db.connection():
            left.append(between.settle_all(PAGE, side, dict.fromkeys(keys, ("ici", "là"))))

    threads = [threading.Thread(target=settle, args=(side,)) for side in between.SIDES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, left)) == [0, len(keys)]
    chosen = [entry for entry in journal.entries(books.id) if entry[2] == SETTLED]
    assert len(chosen) == len(keys)
    assert len({entry[7] for entry in chosen}) == 1


@pytest.mark.parametrize("kind", sorted(records.OF_TAB.values()))
def test_every_record_says_what_it_holds_in_the_texts_of_the_merge(books: Cohort, kind: str) -> None:
    rosters.mark(PAGE, books.participants[0], books.half_days[0], "left_early", "30")
    records.RECORDS["dossier"].change(PAGE, books.participants[0], {"grade-RSV206": "12,50", "decision": "admis"})
    record, snapshots = records.RECORDS[kind], {
        "enrolment": people.snapshot, "half_day": calendar.snapshot, "mark": rosters.snapshot,
        "paper": records.tutoring.snapshot, "dossier": records.jury.snapshot,
    }  # fmt: skip
    snapshot = snapshots[kind](books.id)
    held = record.held(snapshot)
    fields = set(record.types(books.id))
    for row, values in snapshot.items():
        wanted = {name: text for name, text in values.items() if name in fields and text}
        assert {name: text for name, text in held.get(row, {}).items() if text} == wanted
        assert records.place(kind, row) == (books.id, None)
    assert held
    assert records.place(kind, "P-UNKNOWN1") is None
    assert records.place("nothing", "P-UNKNOWN1") is None


def test_conflicts_of_the_jury_are_asked_apart(books: Cohort) -> None:
    assert {row.book for row in between.conflicts(audiences=("staff",))} == {STAFF}
    assert {row.book for row in between.refusals(audiences=("jury",))} == {JURY}
